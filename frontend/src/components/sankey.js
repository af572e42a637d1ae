// Flows through fixed columns: from where, by which way, to whom.

import { ellipsis, html, onWidth, svg, textWidth } from '../dom.js';
import { digitsFor, formatNumber } from '../layout/format.js';
import { spread } from '../layout/labels.js';
import { layoutSankey, orderNodes, sankeyScale } from '../layout/sankey.js';
import { hideTip, showTip } from '../tip.js';
import { colourAt } from './legend.js';
import { numbers } from './numbers.js';

const [NODE, SLOT, PADDING, HEAD, SIZE] = [10, 15, 5, 26, 12];

/** Draw a "sankey" block into `node`: one diagram, or one per view at the same scale. */
export function sankey(node, block) {
  const views = block.views ?? [{ id: 'all', title: null, links: block.links }];
  const all = views.flatMap((view) => view.links);
  const columns = orderNodes(block.nodes, all, block.columns.length);
  const fullest = Math.max(...columns.map((ids) => ids.length));
  const height = Math.max(200, Math.min(560, fullest * 36));
  const scale = Math.min(...views.map((view) => sankeyScale(columns, view.links, height, SLOT, PADDING)));
  const plan = { block, columns, height, scale, digits: digitsFor(all.map((link) => link.value)), colours: middleColours(columns) };
  const grid = html('div', { class: 'chart-grid' });
  onWidth(grid, (width) => {
    const isBeside = views.length > 1 && width >= 860;
    grid.classList.toggle('beside', isBeside);
    const each = isBeside ? Math.floor((width - 28) / 2) : width;
    grid.replaceChildren(...views.map((view) => diagram(view, each, plan)));
  });
  node.append(grid, numbers('Flows as a table', () => linkTable(block, views)));
}

function diagram(view, width, { block, columns, height, scale, digits, colours }) {
  const labels = new Map(block.nodes.map((node) => [node.id, node.label]));
  const { nodes, links } = layoutSankey(columns, view.links, { width, height, nodeWidth: NODE, scale, slot: SLOT, padding: PADDING });
  const at = new Map(nodes.map((node) => [node.id, node]));
  const total = nodes.filter((node) => node.column === 0).reduce((sum, node) => sum + node.value, 0);
  const name = `${view.title ? `${view.title}: ` : ''}flows from ${block.columns.join(' to ')}, ${formatNumber(total, digits)} ${block.unit} in all`;
  const picture = svg('svg', { class: 'sankey', viewBox: `0 0 ${width} ${height + HEAD}`, width, height: height + HEAD, role: 'img', 'aria-label': name });
  const body = svg('g', { transform: `translate(0,${HEAD})` });
  const ribbons = svg('g', { class: 'ribbons' });
  for (const link of [...links].sort((a, b) => b.width - a.width)) {
    const ribbon = svg('path', { d: ribbonPath(link, at), 'stroke-width': Math.max(1, link.width) });
    ribbon.style.stroke = colours.get(link.source) ?? colours.get(link.target) ?? 'var(--ink-soft)';
    const words = `${labels.get(link.source)} → ${labels.get(link.target)}: ${formatNumber(link.value, digits)} ${block.unit}`;
    ribbon.addEventListener('pointermove', (event) => showTip([words], event.clientX, event.clientY));
    ribbon.addEventListener('pointerleave', hideTip);
    ribbons.append(ribbon);
  }
  body.append(ribbons);
  const last = columns.length - 1;
  for (const node of nodes) {
    const bar = svg('rect', { x: node.x, y: node.y, width: NODE, height: Math.max(1, node.height), class: 'bar' });
    if (colours.has(node.id)) bar.style.fill = colours.get(node.id);
    body.append(bar);
  }
  const room = (width - NODE) / Math.max(1, last);
  columns.forEach((_, column) => body.append(...columnLabels(nodes.filter((node) => node.column === column), column, last, room, { labels, digits, height })));
  const heads = block.columns.map((title, column) => {
    const [x, anchor] = column === 0 ? [0, 'start'] : column === last ? [width, 'end'] : [(column * (width - NODE)) / last + NODE / 2, 'middle'];
    return svg('text', { class: 'column-head', x, y: 12, 'text-anchor': anchor }, title);
  });
  picture.append(...heads, body);
  return html('div', { class: 'chart' }, view.title ? html('h4', {}, view.title) : null, picture);
}

// Names stand right of their bar, in the last column left of it; two columns that share a gap get half of it each.
function columnLabels(nodes, column, last, gap, { labels, digits, height }) {
  const isLast = column === last;
  const shares = column === last || column === last - 1;
  const room = gap * (shares ? 0.5 : 0.9) - NODE - 10;
  const sorted = [...nodes].sort((a, b) => a.y - b.y);
  const middles = spread(sorted.map((node) => node.y + node.height / 2), SLOT, SLOT / 2, height - SLOT / 2);
  return sorted.map((node, i) => {
    const figure = formatNumber(node.value, digits);
    const name = ellipsis(labels.get(node.id), SIZE, room - textWidth(`  ${figure}`, SIZE, 600));
    const x = isLast ? node.x - 6 : node.x + NODE + 6;
    return svg(
      'text',
      { x, y: middles[i] + 4, class: 'node-label', 'text-anchor': isLast ? 'end' : 'start' },
      name,
      svg('tspan', { class: 'value', dx: 5 }, figure),
    );
  });
}

function ribbonPath(link, at) {
  const [x0, x1] = [at.get(link.source).x + NODE, at.get(link.target).x];
  const middle = (x0 + x1) / 2;
  return `M${x0},${link.y0}C${middle},${link.y0} ${middle},${link.y1} ${x1},${link.y1}`;
}

// The middle column gives the colours: it is the way that the reader wants to tell apart.
function middleColours(columns) {
  const middle = columns[Math.floor(columns.length / 2)];
  return new Map(middle.map((id, i) => [id, colourAt(i)]));
}

function linkTable(block, views) {
  const labels = new Map(block.nodes.map((node) => [node.id, node.label]));
  const rows = new Map();
  for (const view of views) {
    for (const link of view.links) {
      const key = `${link.source}|${link.target}`;
      if (!rows.has(key)) rows.set(key, { from: labels.get(link.source), to: labels.get(link.target) });
      rows.get(key)[view.id] = link.value;
    }
  }
  const columns = [
    { key: 'from', label: 'From' }, { key: 'to', label: 'To' },
    ...views.map((view) => ({ key: view.id, label: view.title ?? 'Flow', numeric: true, unit: block.unit })),
  ];
  return { columns, rows: [...rows.values()] };
}
