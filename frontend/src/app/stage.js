// The map of the app: fills its place, keeps its zoom, and shows one picture or three side by side.

import { html, textWidth } from '../dom.js';
import { digitsFor } from '../layout/format.js';
import { CAPTION } from '../map/basemap.js';
import { linkCard } from '../map/card.js';
import { mapLegend } from '../map/legend.js';
import { panelModel, worldOf } from '../map/model.js';
import { regionPoints, viewsOf } from '../map/network.js';
import { mapPanel } from '../map/panel.js';
import { regionAspect } from '../map/projection.js';

const SETTLE = 140;
const GAP = 2;
const STACKED = 620;
const BARE = { flows: {}, closed: [], capacity: {}, id: 'bare', title: 'Capacities' };

/**
 * The stage. `onPick(pick)` is told what the reader chose: "link:ID", "country:ISO3", or '' for nothing.
 * Returns {node, frame, show({nodes, links, views, differences, scale, looks}), highlight(ids), focus(id), redraw(), current()}.
 */
export function mapStage({ world, onPick }) {
  const grid = html('div', { class: 'stage-grid' });
  const legend = html('div', { class: 'stage-legend' });
  const button = (label, text, act) => html('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
  const tools = html(
    'div',
    { class: 'stage-zoom', role: 'group', 'aria-label': 'Zoom' },
    button('Enlarge the map', '+', () => panels[0]?.zoomBy(1.6)),
    button('Reduce the map', '−', () => panels[0]?.zoomBy(1 / 1.6)),
    button('Whole region', '⤢', () => panels[0]?.reset()),
  );
  const frame = html('div', { class: 'stage-frame' }, grid, tools);
  const key = html('div', { class: 'stage-key', tabindex: 0, role: 'group', 'aria-label': 'Legend and boundaries' }, legend, html('p', { class: 'caption' }, CAPTION));
  const node = html('div', { class: 'stage' }, frame, key);
  const shared = { x: 0, y: 0, k: 1 };
  let panels = [];
  let told = null;
  let model = null;
  let card = null;
  let picked = new Set();
  let size = '';
  let [waiting, settling] = [0, 0];

  const draw = (isMoving) => panels.forEach((panel) => panel.show(shared, isMoving));
  const onZoom = (next, byReader) => {
    Object.assign(shared, next);
    card?.hide();
    cancelAnimationFrame(waiting);
    clearTimeout(settling);
    waiting = requestAnimationFrame(() => draw(byReader));
    if (byReader) settling = setTimeout(() => draw(false), SETTLE);
  };
  const choose = (mark, frame, point, isChosen) => {
    if (isChosen) {
      card.hide();
      onPick(`link:${mark.link.id}`);
    } else if (mark) card.show(mark.link, frame, point, false);
    else card.hide();
  };

  const build = () => {
    if (!told || !frame.clientWidth || !frame.clientHeight) return;
    const views = viewsOf({ links: told.links, views: told.views.length ? told.views : [BARE], differences: told.differences });
    const shown = told.look === 'change' ? views.slice(-1) : views;
    const scale = told.scale.length ? told.scale : views;
    const aspect = regionAspect(regionPoints(told));
    // Three panels in two rows leave a place free, which the legend takes. Whether they do is asked of the whole stage, whose
    // size the legend's place does not change: else one would follow the other forever.
    const isFree = shown.length % arrangement(shown.length, node.clientWidth, node.clientHeight, aspect).columns > 0;
    if (isFree) key.remove();
    else node.append(key);
    const [width, height] = [frame.clientWidth, frame.clientHeight];
    size = `${width} ${height}`;
    const sizes = arrangement(shown.length, width, height, aspect);
    // On a phone the pictures stand one below the other and the page scrolls, not the stage.
    node.classList.toggle('is-stacked', shown.length > 1 && sizes.columns === 1);
    const values = scale.flatMap((view) => Object.values(view.flows));
    const digits = digitsFor(values.map((value) => Math.round(value * 1e6) / 1e6));
    const names = new Map(told.nodes.map((place) => [place.id, place.name]));
    const points = regionPoints(told);
    const block = { nodes: told.nodes, links: told.links, home: told.home };
    const room = shown.length === 1 && width > STACKED ? { left: 0, top: 30, right: 24, bottom: 0 } : undefined;
    model = panelModel(block, [...scale, ...views.filter((view) => view.isDifference)], sizes, points, worldOf(world), { digits, names, room });
    model.heading = 'h3';
    model.taken = covered(shown, model.size);
    card = linkCard(views, names, digits);
    card.listen(node);
    panels = shown.map((view) =>
      mapPanel(view, model, { onZoom, onPick: choose, onGround: (country) => onPick(country ? `country:${country}` : ''), isWheelFree: true }),
    );
    grid.replaceChildren(...panels.map((panel) => panel.figure), ...(isFree ? [key] : []));
    grid.classList.toggle('is-many', shown.length > 1);
    grid.style.gridTemplateColumns = `repeat(${sizes.columns}, ${sizes.width}px)`;
    // The legend is of all links, not only of those long enough to be drawn at this size: its height must not follow the map's.
    legend.replaceChildren(mapLegend(told.links.map((link) => ({ link })), shown, model.style));
    draw(false);
    panels.forEach((panel) => panel.highlight(picked));
  };

  new ResizeObserver(() => {
    const now = `${frame.clientWidth} ${frame.clientHeight}`;
    if (now !== size) build();
  }).observe(frame);

  return {
    node,
    frame,
    show: (next) => {
      // Another region starts without zoom; another picture of the same region keeps it.
      if (told && told.region !== next.region) Object.assign(shared, { x: 0, y: 0, k: 1 });
      told = next;
      build();
    },
    highlight: (ids) => {
      picked = ids;
      panels.forEach((panel) => panel.highlight(ids));
    },
    focus: (id) => panels[0]?.focus(id),
    redraw: () => draw(false),
    current: () => ({ panels, model, shared, told, legend }),
  };
}

// What lies over the map in its corners: the title, the buttons of the zoom, and the choice of pictures.
function covered(views, { width, height }) {
  const title = Math.max(...views.map((view) => textWidth(view.title, 14, 600))) + 34;
  return [{ x: 0, y: height - 46, width: title, height: 46 }, { x: width - 52, y: height - 120, width: 52, height: 120 }, { x: width - 296, y: 0, width: 296, height: 44 }];
}

// As many panels beside each other as make the region largest; on a narrow page one below the other, which then scrolls.
function arrangement(count, width, height, aspect) {
  if (count > 1 && width < STACKED) return { columns: 1, width, height: Math.max(240, Math.floor(width * aspect)) };
  const tried = Array.from({ length: count }, (_, i) => {
    const [columns, rows] = [i + 1, Math.ceil(count / (i + 1))];
    const each = { columns, width: Math.floor((width - GAP * (columns - 1)) / columns), height: Math.floor((height - GAP * (rows - 1)) / rows) };
    return { ...each, reach: Math.min(each.width, each.height / aspect) };
  });
  return tried.reduce((best, one) => (one.reach > best.reach ? one : best));
}
