// One map: a canvas of land under an SVG of links, redrawn in screen pixels so that line widths and names keep their size.

import { select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { formatChange, formatNumber, formatPercent } from '../layout/format.js';
import { html, svg, uniqueId } from '../dom.js';
import { countryAt, paintWorld } from './basemap.js';
import { linkMark } from './marks.js';
import { nameElements } from './names.js';
import { capacityIn, laneLines } from './network.js';

const LARGEST_ZOOM = 16;
// How far what is drawn may be moved, enlarged or reduced before it is drawn anew, and how much is drawn beyond the frame for that.
const [SHIFT, ENLARGED, REDUCED, MARGIN] = [0.2, 2.4, 1.5, 0.25];

/**
 * A panel for one view. `model` has what all panels of a block share: {block, lines, paths, size, style, digits, nodeAt, heading?: tag of the title}.
 * `onZoom(shared)` is told of the reader's zooming as {x, y, k} in frame widths and heights; `onPick(mark, frame,
 * point, isChosen)` of a link pointed at, or chosen by click or key; of null when the pointer has left it; `onGround(country,
 * point)` of a click beside all links, with the country's ISO code or null. With `isWheelFree` the wheel alone zooms: for a
 * page that doesn't scroll. Returns {figure, show(shared, isMoving), zoomBy(factor), reset(), highlight(ids), focus(id)}.
 */
export function mapPanel(view, model, { onZoom, onPick, onGround = null, isWheelFree = false }) {
  const { size, style } = model;
  const titleId = uniqueId('map');
  const canvas = html('canvas', { 'aria-hidden': 'true' });
  const picture = svg('svg', { viewBox: `0 0 ${size.width} ${size.height}`, width: size.width, height: size.height, role: 'group', 'aria-labelledby': titleId });
  const [linkLayer, placeLayer, nameLayer] = ['links', 'places', 'names'].map((name) => svg('g', { class: name }));
  placeLayer.setAttribute('aria-hidden', 'true');
  nameLayer.setAttribute('aria-hidden', 'true');
  picture.append(linkLayer, placeLayer, nameLayer);
  const sheet = html('div', { class: 'map-sheet' }, canvas, picture);
  const hold = html('div', { class: 'map-hold' }, sheet);
  const frame = html('div', { class: 'map-frame' }, hold);
  frame.style.height = `${size.height}px`;
  const figure = html('div', { class: 'map-panel' }, html(model.heading ?? 'h4', { id: titleId, class: 'map-title' }, view.title), frame);

  const marks = model.lines.map((line) => {
    const good = style.hasGoods && line.link.good !== style.mainGood ? line.link.good : null;
    return { ...linkMark(line, view, style), view, isChange: view.isDifference, good };
  });
  // Wide lines lie under thin ones, so that none is hidden.
  marks.sort((a, b) => b.width - a.width);
  linkLayer.append(...marks.map((mark) => mark.group));
  makeKeys(marks, view, style, model.digits, onPick, frame);

  const places = model.nodeAt.map((place) => ({ ...place, dot: svg('circle', { r: 2.6 }) }));
  placeLayer.append(...places.map((place) => place.dot));

  let shown = zoomIdentity;
  let drawn = null;
  const show = (shared, isMoving = false) => {
    const transform = zoomIdentity.translate(shared.x * size.width, shared.y * size.height).scale(shared.k);
    shown = transform;
    hold.__zoom = transform; // d3-zoom keeps its state here; setting it keeps panels together without an event
    if (isMoving && isNear(drawn, transform, size)) {
      // A picture that only moves is moved as it is; drawing it anew takes longer than a frame.
      const k = transform.k / drawn.k;
      sheet.style.transform = `translate(${transform.x - drawn.x * k}px, ${transform.y - drawn.y * k}px) scale(${k})`;
      return;
    }
    drawn = transform;
    sheet.style.transform = '';
    paintWorld(canvas, model.paths, size, transform, model.density, document.documentElement.hasAttribute('data-print') ? 0 : MARGIN);
    const lanes = laneLines(model.lines, transform, (link) => style.laneWidth(view, link));
    for (const mark of marks) mark.draw(lanes.get(mark.link.id));
    const seen = [];
    for (const place of places) {
      const [x, y] = transform.apply(place.point);
      place.dot.setAttribute('cx', x.toFixed(1));
      place.dot.setAttribute('cy', y.toFixed(1));
      if (x > 0 && y > 0 && x < size.width && y < size.height) seen.push({ ...place, x, y });
    }
    nameLayer.replaceChildren(
      ...nameElements({ marks, lanes, places: seen, names: style.names, size, paths: model.paths, transform, digits: model.digits, isMoving, taken: model.taken }),
    );
  };

  const behaviour = zoom()
    .scaleExtent([1, LARGEST_ZOOM])
    .translateExtent([[-size.width * 0.3, -size.height * 0.3], [size.width * 1.3, size.height * 1.3]])
    .filter(isWheelFree ? isFreeGesture : isZoomGesture)
    .on('zoom', ({ transform, sourceEvent }) => {
      onZoom({ x: transform.x / size.width, y: transform.y / size.height, k: transform.k }, Boolean(sourceEvent));
    });
  select(hold).call(behaviour).on('dblclick.zoom', null);
  if (onGround) {
    picture.addEventListener('click', (event) => {
      if (event.target.closest('.link')) return;
      const outer = frame.getBoundingClientRect();
      const point = { x: event.clientX - outer.x, y: event.clientY - outer.y };
      onGround(countryAt(model.paths, shown, point), point);
    });
  }
  return {
    figure,
    show,
    highlight: (ids) => marks.forEach((mark) => mark.group.classList.toggle('is-picked', ids.has(mark.link.id))),
    focus: (id) => marks.find((mark) => mark.link.id === id)?.group.focus(),
    zoomBy: (factor) => select(hold).call(behaviour.scaleBy, factor),
    reset: () => select(hold).call(behaviour.transform, zoomIdentity),
  };
}

// Whether one transform can stand for another by moving and stretching the picture.
function isNear(drawn, { x, y, k }, { width, height }) {
  if (!drawn) return false;
  const stretch = k / drawn.k;
  if (stretch > ENLARGED || stretch < 1 / REDUCED) return false;
  const middle = (at, of, extent) => Math.abs(at + (extent / 2 - of) * stretch - extent / 2) < SHIFT * Math.max(1, stretch) * extent;
  return middle(x, drawn.x, width) && middle(y, drawn.y, height);
}

/** One line about a link, for screen readers: name, ends, flow, capacity, state. */
export function describe(link, view, names, digits) {
  const flow = view.flows[link.id] ?? 0;
  const way = `${link.name}, ${names.get(link.from)} to ${names.get(link.to)}`;
  if (view.isDifference) return `${way}: ${formatChange(flow, digits)} ${link.unit}`;
  if (view.closed.has(link.id)) return `${way}: closed`;
  const capacity = capacityIn(view, link);
  const used = capacity ? `, ${formatPercent(flow / capacity)} of ${formatNumber(capacity, digits)}` : '';
  const status = link.status === 'open' ? '' : `, ${link.status}`;
  return `${way}: ${formatNumber(flow, digits)} ${link.unit}${used}${status}`;
}

// The links are one stop of the Tab key; arrow keys go from link to link, the largest flow first.
function makeKeys(marks, view, style, digits, onPick, frame) {
  const order = [...marks].sort((a, b) => Math.abs(b.flow) - Math.abs(a.flow));
  const centre = (mark) => {
    const box = mark.group.querySelector('.hit').getBoundingClientRect();
    const outer = frame.getBoundingClientRect();
    return { x: box.x + box.width / 2 - outer.x, y: box.y + box.height / 2 - outer.y };
  };
  order.forEach((mark, i) => {
    const { group, link } = mark;
    group.setAttribute('tabindex', i === 0 ? 0 : -1);
    group.setAttribute('role', 'button');
    group.setAttribute('aria-label', describe(link, view, style.names, digits));
    group.dataset.link = link.id;
    const pointed = (event) => {
      const outer = frame.getBoundingClientRect();
      return { x: event.clientX - outer.x, y: event.clientY - outer.y };
    };
    group.addEventListener('click', (event) => onPick(mark, frame, pointed(event), true));
    group.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && onPick(mark, frame, pointed(event), false));
    group.addEventListener('pointerleave', () => onPick(null, frame, null, false));
    group.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') onPick(mark, frame, centre(mark), true);
      else if (!moveFocus(event.key, i, order)) return;
      event.preventDefault();
    });
  });
}

function moveFocus(key, i, order) {
  const steps = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: order.length - 1 };
  const next = order[(steps[key] + order.length) % order.length];
  if (!next) return false;
  order[i].group.setAttribute('tabindex', -1);
  next.group.setAttribute('tabindex', 0);
  next.group.focus();
  return true;
}

// A page scrolls with the wheel and one finger; the map zooms with Ctrl or Cmd and wheel, two fingers, or its buttons.
function isZoomGesture(event) {
  if (event.type === 'wheel') return event.ctrlKey || event.metaKey;
  if (event.type.startsWith('touch')) return event.touches.length > 1;
  return !event.button && !event.ctrlKey;
}

function isFreeGesture(event) {
  return !event.button && (!event.ctrlKey || event.type === 'wheel');
}
