// Maps of one network side by side: before, after, and what changed, under one zoom.

import { html, nothing, onWidth } from '../dom.js';
import { digitsFor } from '../layout/format.js';
import { CAPTION } from '../map/basemap.js';
import { linkCard } from '../map/card.js';
import { mapLegend } from '../map/legend.js';
import { regionPoints, viewsOf } from '../map/network.js';
import { panelModel, worldOf } from '../map/model.js';
import { mapPanel } from '../map/panel.js';
import { regionAspect } from '../map/projection.js';
import { numbers } from './numbers.js';

const SETTLE = 160;
const GAP = 20;

/** Draw a "maps" block into `node`. `world` is the base map's topology. */
export function maps(node, block, { world }) {
  if (!block.links.length) {
    node.append(nothing());
    return;
  }
  const views = viewsOf(block);
  const values = views.flatMap((view) => Object.values(view.flows));
  const digits = digitsFor(values.map((value) => Math.round(value * 1e6) / 1e6));
  const names = new Map(block.nodes.map((place) => [place.id, place.name]));
  const card = linkCard(views, names, digits);
  const grid = html('div', { class: 'map-grid' });
  const legend = html('div');
  const shared = { x: 0, y: 0, k: 1 };
  let panels = [];
  let settling = 0;
  let waiting = 0;

  const draw = (isMoving) => panels.forEach((panel) => panel.show(shared, isMoving));
  const onZoom = (next, byReader) => {
    Object.assign(shared, next);
    card.hide();
    cancelAnimationFrame(waiting);
    clearTimeout(settling);
    waiting = requestAnimationFrame(() => draw(byReader));
    if (byReader) settling = setTimeout(() => draw(false), SETTLE);
  };
  const onPick = (mark, frame, point, isChosen) => {
    if (mark) card.show(mark.link, frame, point, isChosen);
    else card.hideUnlessPinned();
  };

  onWidth(grid, (width) => {
    card.hide();
    const points = regionPoints(block);
    const aspect = regionAspect(points);
    const sizes = panelWidths(views, width).map((panelWidth) => ({ width: panelWidth, height: Math.round(panelWidth * aspect) }));
    const models = new Map();
    panels = views.map((view, i) => {
      const size = sizes[i];
      if (!models.has(size.width)) models.set(size.width, panelModel(block, views, size, points, worldOf(world), { digits, names }));
      return mapPanel(view, models.get(size.width), { onZoom, onPick });
    });
    grid.replaceChildren(...panels.map((panel) => panel.figure));
    sizes.forEach((size, i) => { panels[i].figure.style.width = `${size.width}px`; });
    const model = models.get(sizes[0].width);
    legend.replaceChildren(mapLegend(model.lines, views, model.style));
    draw(false);
  });

  const button = (label, text, act) => html('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
  const tools = html(
    'div',
    { class: 'map-tools' },
    button('Enlarge the map', '+', () => panels[0].zoomBy(1.6)),
    button('Reduce the map', '−', () => panels[0].zoomBy(1 / 1.6)),
    button('Whole region', 'Whole region', () => panels[0].reset()),
    html('span', { class: 'muted hint' }, 'Drag to move; Ctrl or ⌘ and wheel to zoom. Point at a link, or Tab and arrow keys, then Enter.'),
  );
  node.append(tools, grid, legend, html('p', { class: 'caption' }, CAPTION), numbers('Flows as a table', () => flowTable(block, views, names)));
  card.listen(node);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(false));
}

// Two maps stand side by side where each still has room for names; of three, the difference gets the whole width below.
function panelWidths(views, width) {
  const half = Math.floor((width - GAP) / 2);
  const third = Math.floor((width - 2 * GAP) / 3);
  if (views.length === 1 || half < 400) return views.map(() => width);
  if (views.length === 2) return views.map(() => half);
  if (third >= 480) return views.map(() => third);
  return views.map((_, i) => (i === views.length - 1 && views.length % 2 ? width : half));
}

function flowTable(block, views, names) {
  const columns = [
    { key: 'link', label: 'Link' }, { key: 'from', label: 'From' }, { key: 'to', label: 'To' }, { key: 'mode', label: 'Mode' },
    { key: 'capacity', label: 'Capacity', numeric: true },
    ...views.map((view) => ({ key: `view ${view.id}`, label: view.title, numeric: true })),
    { key: 'unit', label: 'Unit' },
  ];
  const rows = block.links.map((link) => {
    const row = { link: link.name, from: names.get(link.from), to: names.get(link.to), mode: link.mode, unit: link.unit };
    row.capacity = link.capacity ?? { value: null, why: 'not known' };
    for (const view of views) row[`view ${view.id}`] = view.flows[link.id] ?? 0;
    return row;
  });
  return { columns, rows };
}
