// The map of the app: fills its place, keeps its zoom, and shows one picture or three side by side.

import { html } from '../dom.js';
import { digitsFor } from '../layout/format.js';
import { CAPTION } from '../map/basemap.js';
import { linkCard } from '../map/card.js';
import { mapLegend } from '../map/legend.js';
import { panelModel, worldOf } from '../map/model.js';
import { regionPoints, viewsOf } from '../map/network.js';
import { mapPanel } from '../map/panel.js';

const SETTLE = 140;
const GAP = 2;
const STACKED = 620;
const BARE = { flows: {}, closed: [], capacity: {}, id: 'bare', title: 'Capacities' };

/**
 * The stage. `onPick(pick)` is told what the reader chose: "link:ID", "country:ISO3", or '' for nothing.
 * Returns {node, show({nodes, links, views, differences, scale, looks}), highlight(ids), focus(id), redraw(), current()}.
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
  const key = html('details', { class: 'stage-key', open: true }, html('summary', {}, 'Legend'), legend, html('p', { class: 'caption' }, CAPTION));
  const node = html('div', { class: 'stage' }, grid, tools, key);
  const shared = { x: 0, y: 0, k: 1 };
  let panels = [];
  let told = null;
  let model = null;
  let card = null;
  let picked = new Set();
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
    const [width, height] = [node.clientWidth, node.clientHeight];
    if (!told || !width || !height) return;
    const views = viewsOf({ links: told.links, views: told.views.length ? told.views : [BARE], differences: told.differences });
    const shown = told.look === 'change' ? views.slice(-1) : views;
    const scale = told.scale.length ? told.scale : views;
    const sizes = arrangement(shown.length, width, height);
    const values = scale.flatMap((view) => Object.values(view.flows));
    const digits = digitsFor(values.map((value) => Math.round(value * 1e6) / 1e6));
    const names = new Map(told.nodes.map((place) => [place.id, place.name]));
    const points = regionPoints(told);
    const block = { nodes: told.nodes, links: told.links };
    const room = shown.length === 1 && width > STACKED ? { left: 0, top: 34, right: 30, bottom: 70 } : undefined;
    model = panelModel(block, [...scale, ...views.filter((view) => view.isDifference)], sizes, points, worldOf(world), { digits, names, room });
    card = linkCard(views, names, digits);
    card.listen(node);
    panels = shown.map((view) =>
      mapPanel(view, model, { onZoom, onPick: choose, onGround: (country) => onPick(country ? `country:${country}` : ''), isWheelFree: true }),
    );
    grid.replaceChildren(...panels.map((panel) => panel.figure));
    grid.classList.toggle('is-stacked', sizes.isStacked);
    for (const { figure } of panels) figure.style.width = `${sizes.width}px`;
    legend.replaceChildren(mapLegend(model.lines, shown, model.style));
    draw(false);
    panels.forEach((panel) => panel.highlight(picked));
  };

  let size = '';
  new ResizeObserver(() => {
    const now = `${node.clientWidth} ${node.clientHeight}`;
    if (now === size) return;
    size = now;
    build();
  }).observe(node);

  return {
    node,
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

// Panels beside each other where the frame is wide, one below the other where it is narrow.
function arrangement(count, width, height) {
  const isStacked = count > 1 && width < STACKED;
  const each = isStacked ? { width, height: Math.max(240, Math.floor((height - GAP * (count - 1)) / count)) } : { width: Math.floor((width - GAP * (count - 1)) / count), height };
  return { ...each, isStacked };
}
