// Flows through fixed columns: from where, by which way, to whom.

import { ellipsis, html, nothing, onWidth, svg, textWidth } from '../dom.js';
import { digitsFor, formatNumber } from '../layout/format.js';
import { spread } from '../layout/labels.js';
import { layoutSankey, lumpSmall, orderNodes, sankeyScale } from '../layout/sankey.js';
import { hideTip, showTip } from '../tip.js';
import { colourAt } from './legend.js';
import { numbers } from './numbers.js';

const [NODE, LINE, PADDING, HEAD, SIZE] = [10, 15, 5, 26, 12];
const [NARROW, LEAST_WIDTH] = [720, 600];
/** Most nodes of a column: what else there is, is told as one. */
const MOST = { narrow: 12, wide: 24 };

/** Draw a "sankey" block into `node`: one diagram, or one per view at the same scale; narrower than `leastWidth` it scrolls. */
export function sankey(node, block, { leastWidth = LEAST_WIDTH } = {}) {
  const views = block.views ?? [{ id: 'all', title: null, links: block.links }];
  const digits = digitsFor(views.flatMap((view) => view.links.map((link) => link.value)));
  // A trickle that would read as zero is told in the table only.
  const least = 0.5 * 10 ** -digits;
  const seen = views.map((view) => ({ ...view, links: view.links.filter((link) => link.value >= least) }));
  if (!seen.some((view) => view.links.length)) {
    node.append(nothing());
    return;
  }
  const grid = html('div', { class: 'chart-grid scrolls', tabindex: 0, role: 'group', 'aria-label': block.title ?? 'Flows' });
  onWidth(grid, (width) => {
    const isBeside = views.length > 1 && width >= 860;
    grid.classList.toggle('beside', isBeside);
    const room = isBeside ? Math.floor((width - 28) / 2) : width;
    // On a narrow page a name and its figure take two lines, and on a phone the diagram scrolls inside its frame.
    const each = Math.max(leastWidth, room);
    const isNarrow = each < NARROW;
    const slot = isNarrow ? 2 * LINE : LINE;
    const lumped = lumpSmall(block.nodes, seen.map((view) => view.links), isNarrow ? MOST.narrow : MOST.wide, (count) => `${count} others`);
    const shown = seen.map((view, i) => ({ ...view, links: lumped.views[i] }));
    const columns = orderNodes(lumped.nodes, lumped.views.flat(), block.columns.length);
    const height = Math.max(200, Math.min(640, Math.max(...columns.map((ids) => ids.length)) * (slot + 21)));
    const scale = Math.min(...shown.map((view) => sankeyScale(columns, view.links, height, slot, PADDING)));
    const plan = { block: { ...block, nodes: lumped.nodes }, columns, digits, colours: middleColours(columns), slot, height, scale };
    grid.replaceChildren(...shown.map((view) => diagram(view, each, plan)));
  });
  node.append(grid, numbers('Flows as a table', () => linkTable(block, views)));
}

function diagram(view, width, { block, columns, slot, height, scale, digits, colours }) {
  const labels = new Map(block.nodes.map((node) => [node.id, node.label]));
  const places = columns.map((_, column) => placeOf(column, columns.length, slot > LINE));
  const { nodes, links } = layoutSankey(columns, view.links, { width, height, nodeWidth: NODE, scale, slot, padding: PADDING, at: places });
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
  const widest = Math.max(0, ...nodes.filter((node) => node.column === last - 1).map((node) => textWidth(`${labels.get(node.id)}  ${formatNumber(node.value, digits)}`, SIZE, 500)));
  columns.forEach((_, column) => {
    const inColumn = nodes.filter((node) => node.column === column);
    const gap = (column === last ? 1 - (places[last - 1] ?? 0) : places[column + 1] - places[column]) * (width - NODE);
    body.append(...columnLabels(inColumn, column, last, gap, { labels: shortened(inColumn, labels), digits, slot, height, widest }));
  });
  const heads = block.columns.map((title, column) => {
    const [x, anchor] = column === 0 ? [0, 'start'] : column === last ? [width, 'end'] : [places[column] * (width - NODE) + NODE / 2, 'middle'];
    return svg('text', { class: 'column-head', x, y: 12, 'text-anchor': anchor }, title);
  });
  picture.append(...heads, body);
  return html('div', { class: 'chart' }, view.title ? html('h4', {}, view.title) : null, picture);
}

// On a narrow page the columns before the last move to the left: the last gap holds the names of two columns.
function placeOf(column, count, isNarrow) {
  const even = column / Math.max(1, count - 1);
  return isNarrow && column > 0 && column < count - 1 ? even * 0.8 : even;
}

const OFTEN = 3;

// "Final users, Almaty", "Final users, Astana", ...: what several names of a column begin or end with is said by none of them.
function shortened(nodes, labels) {
  const parts = new Map(nodes.map(({ id }) => [id, labels.get(id).split(', ')]));
  const isOften = (word, at) => [...parts.values()].filter((words) => words.length > 1 && words.at(at) === word).length >= OFTEN;
  const short = (words) => {
    const rest = words.length > 1 && isOften(words[0], 0) ? words.slice(1) : words;
    return (rest.length > 1 && isOften(rest.at(-1), -1) ? rest.slice(0, -1) : rest).join(', ');
  };
  return new Map([...parts].map(([id, words]) => [id, short(words)]));
}

// Names stand right of their bar, in the last column left of it. The last two columns share a gap: the one before the
// last takes what it needs, up to half.
function labelRoom(column, last, gap, widest) {
  const free = gap - NODE - 12;
  if (column < last - 1) return free;
  const before = Math.min(widest + 8, free / 2);
  return column === last ? free - before - 6 : before;
}

function columnLabels(nodes, column, last, gap, { labels, digits, slot, height, widest }) {
  const isLast = column === last;
  const room = labelRoom(column, last, gap, widest);
  const sorted = [...nodes].sort((a, b) => a.y - b.y);
  const middles = spread(sorted.map((node) => node.y + node.height / 2), slot, slot / 2, height - slot / 2);
  return sorted.map((node, i) => {
    const figure = formatNumber(node.value, digits);
    const isTwoLines = slot > LINE;
    const beside = room - textWidth(`  ${figure}`, SIZE, 600);
    const [name, rest] = isTwoLines ? inTwoLines(labels.get(node.id), room, beside) : [ellipsis(labels.get(node.id), SIZE, beside), ''];
    const x = isLast ? node.x - 6 : node.x + NODE + 6;
    const value = svg('tspan', { class: 'value', ...(isTwoLines && !rest ? { x, dy: 14 } : { dx: 5 }) }, figure);
    return svg(
      'text',
      { x, y: middles[i] + (isTwoLines ? -3 : 4), class: 'node-label', 'text-anchor': isLast ? 'end' : 'start' },
      name,
      rest ? svg('tspan', { x, dy: 14 }, rest) : null,
      value,
    );
  });
}

// A name on one line, with its figure on the next; or on two, if the second has room for what is left beside the figure.
function inTwoLines(name, room, beside) {
  if (textWidth(name, SIZE) <= room) return [name, ''];
  const words = name.split(' ');
  let count = 1;
  while (count < words.length && textWidth(words.slice(0, count + 1).join(' '), SIZE) <= room) count += 1;
  const first = words.slice(0, count).join(' ');
  return [ellipsis(first, SIZE, room), ellipsis(words.slice(count).join(' '), SIZE, beside)];
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
