// What happened and what is in force, on an axis of time: bars from day to day, points for single days, in lanes.

import { scaleUtc } from 'd3-scale';
import { ellipsis, html, onWidth, svg, textWidth } from '../dom.js';
import { axisSpan, groupRows, jointLabel, packLanes, placeRow } from '../layout/lanes.js';
import { hideTip, showTip } from '../tip.js';
import { numbers } from './numbers.js';

const [LANE, BAR, SIZE, GAP, AXIS, LEAST, SCROLLBAR] = [30, 8, 12, 14, 24, 700, 16];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WAYS = [
  { key: 'country', name: 'By country', labelOf: (row) => jointLabel(row.countries, 'Several countries', 'No country told') },
  { key: 'good', name: 'By good', labelOf: (row) => jointLabel(row.goods, 'Several goods', 'No good told') },
];

/** Draw a "timeline" block into `node`. */
export function timeline(node, block) {
  const ways = WAYS.filter((way) => groupRows(block.rows, way.labelOf).length > 1);
  let way = ways[0] ?? WAYS[0];
  const scroller = html('div', { class: 'timeline-scroll', tabindex: 0, role: 'group', 'aria-label': `${block.title ?? 'Events and measures'}, drawn; the table below holds the same` });
  const frame = html('div', { class: 'chart timeline-chart' }, scroller);
  let drawn = 0;
  const draw = (width) => {
    drawn = width;
    const { canvas, begin } = picture(block, way, width);
    scroller.replaceChildren(canvas);
    // Where the picture is wider than the page, it opens at the span that the answers are about.
    if (canvas.offsetWidth > width) scroller.scrollLeft = begin - 24;
  };
  onWidth(frame, draw);
  if (ways.length > 1) node.append(choice(ways, way, (chosen) => { way = chosen; if (drawn) draw(drawn); }));
  node.append(key(block), frame, numbers(`All ${block.rows.length} as a table`, () => rowTable(block)));
}

function choice(ways, first, choose) {
  const buttons = ways.map((way) => html('button', { type: 'button', 'aria-pressed': String(way === first) }, way.name));
  buttons.forEach((button, i) => button.addEventListener('click', () => {
    buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
    choose(ways[i]);
  }));
  return html('div', { class: 'timeline-tools', role: 'group', 'aria-label': 'Grouped' }, buttons);
}

function key(block) {
  const sample = (...marks) => svg('svg', { class: 'sample', width: 26, height: 12, 'aria-hidden': 'true' }, marks);
  const bar = (name) => svg('rect', { class: `span ${name}`, x: 1, y: 2, width: 24, height: BAR });
  const items = [
    [block.rows.some((row) => row.models.length), sample(bar('modelled')), 'in the model'],
    [block.rows.some((row) => !row.models.length), sample(bar('told')), 'on record only'],
    [block.rows.some((row) => !row.end && !row.open), sample(diamond(13, 6, 'told')), 'a single day, or no end told'],
    [block.rows.some((row) => row.announced), sample(svg('line', { class: 'known', x1: 5, x2: 20, y1: 6, y2: 6 }), flag(5, 6)), 'announced before'],
    [block.solved, html('i', { class: 'swatch solved', 'aria-hidden': 'true' }), block.solved?.label],
  ];
  return html('ul', { class: 'swatches', 'aria-label': 'Key' }, items.filter(([is]) => is).map(([, mark, words]) => html('li', {}, mark, words)));
}

function picture(block, way, room) {
  const isPaper = document.documentElement.hasAttribute('data-print');
  const width = isPaper ? room : Math.max(room - SCROLLBAR, LEAST);
  const span = axisSpan(block.rows, block.solved);
  const [left, right] = [8, width - 8];
  const plan = {
    span, left, right, width, block,
    x: scaleUtc(span, [left, right]),
    widthOf: (text) => textWidth(text, SIZE),
    fit: (text, most) => ellipsis(text, SIZE, most),
  };
  const groups = groupRows(block.rows, way.labelOf);
  const body = groups.map((group) => html('div', { class: 'timeline-group' }, html('div', { class: 'timeline-label' }, html('span', {}, group.label)), lanes(group, plan)));
  const canvas = html('div', { class: 'timeline-canvas' }, html('div', { class: 'timeline-axis' }, axis(plan)), body);
  canvas.style.width = `${width}px`;
  return { canvas, begin: plan.x(block.solved ? Date.parse(block.solved.start) : span[0]) };
}

function axis({ x, width }) {
  const root = svg('svg', { width, height: AXIS, viewBox: `0 0 ${width} ${AXIS}`, 'aria-hidden': 'true' });
  for (const { time, words } of ticks(x, width)) {
    root.append(svg('line', { class: 'grid', x1: x(time), x2: x(time), y1: AXIS - 6, y2: AXIS }));
    const [low, high] = [textWidth(words, SIZE) / 2, width - textWidth(words, SIZE) / 2];
    root.append(svg('text', { class: 'tick', x: Math.max(low, Math.min(high, x(time))), y: 13, 'text-anchor': 'middle' }, words));
  }
  return root;
}

function ticks(x, width) {
  return x.ticks(Math.max(2, Math.floor(width / 110))).map((time) => {
    const year = time.getUTCFullYear();
    const isYear = time.getUTCMonth() === 0 && time.getUTCDate() === 1;
    const day = time.getUTCDate() === 1 ? '' : `${time.getUTCDate()} `;
    return { time, words: isYear ? String(year) : `${day}${MONTHS[time.getUTCMonth()]} ${year}` };
  });
}

function lanes(group, plan) {
  const { x, width, block } = plan;
  const placed = group.rows.map((row) => ({ row, ...placeRow(row, plan) }));
  const lane = packLanes(placed.map((one) => one.extent), GAP);
  const height = (Math.max(...lane) + 1) * LANE + 6;
  const label = `${group.label}: ${group.rows.map((row) => row.name).join('; ')}`;
  const root = svg('svg', { class: 'lanes', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
  if (block.solved) {
    const [from, to] = [x(Date.parse(block.solved.start)), x(Date.parse(block.solved.end))];
    root.append(svg('rect', { class: 'solved', x: from, y: 0, width: to - from, height }));
  }
  for (const { time } of ticks(x, width)) root.append(svg('line', { class: 'grid', x1: x(time), x2: x(time), y1: 0, y2: height }));
  placed.forEach((one, i) => root.append(mark(one, lane[i] * LANE + 4, plan)));
  return root;
}

function mark(one, top, { left, right }) {
  const { row, kind, from, to, announced, cut, text, textAt } = one;
  const state = row.models.length ? 'modelled' : 'told';
  const [baseline, middle] = [top + 11, top + 20];
  const node = svg('g', { class: `happening ${state}`, 'data-row': row.id });
  const level = kind === 'bar' ? middle : baseline - 4;
  if (announced !== null) {
    node.append(svg('line', { class: 'known', x1: announced, x2: kind === 'bar' ? from : from - 6, y1: level, y2: level }), flag(announced, level));
  }
  if (kind === 'bar') {
    const [low, high] = [cut.start ? left + 6 : from, cut.end ? right - 6 : to];
    node.append(svg('rect', { class: `span ${state}`, x: low, y: middle - BAR / 2, width: Math.max(3, high - low), height: BAR }));
    if (cut.start) node.append(arrow(left, middle, -1));
    if (cut.end) node.append(arrow(right, middle, 1));
  } else if (kind === 'point') node.append(diamond(from, level, state));
  else node.append(arrow(from, level, kind === 'before' ? -1 : 1));
  node.append(svg('text', { x: textAt, y: baseline }, text));
  const [low, high] = one.extent;
  node.append(svg('rect', { class: 'pane', x: low, y: top, width: high - low, height: LANE - 4 }));
  node.addEventListener('pointermove', (event) => showTip(words(row), event.clientX, event.clientY));
  node.addEventListener('pointerleave', hideTip);
  return node;
}

function diamond(x, y, state) {
  return svg('path', { class: `span ${state}`, d: `M${x},${y - 5}L${x + 5},${y}L${x},${y + 5}L${x - 5},${y}Z` });
}

function flag(x, y) {
  return svg('circle', { class: 'flag', cx: x, cy: y, r: 3 });
}

function arrow(x, y, way) {
  return svg('path', { class: 'beyond', d: `M${x},${y}L${x - 6 * way},${y - 5}L${x - 6 * way},${y + 5}Z` });
}

function words(row) {
  return [
    html('strong', {}, row.name),
    days(row),
    row.announced ? `Announced ${row.announced}` : null,
    [row.countries.join(', '), row.goods.join(', ')].filter(Boolean).join(' – ') || null,
    row.models.length ? `In the model: ${row.models.join('; ')}` : 'On record only: no instrument models it',
    row.verdict ? `Claim: ${row.claim}. Found: ${row.verdict}` : null,
    row.source.length ? `Source: ${row.source.join(', ')}` : null,
    row.note ?? null,
  ].filter(Boolean);
}

function days(row) {
  if (!row.start) return `Until before ${row.end}`;
  if (row.end) return `${row.start} until before ${row.end}`;
  return row.open ? `From ${row.start}, open` : row.start;
}

function rowTable(block) {
  const isTold = (name) => block.rows.some((row) => row[name]);
  const columns = [
    { key: 'name', label: 'What' }, { key: 'start', label: 'From' }, { key: 'end', label: 'Until before' }, { key: 'announced', label: 'Announced' },
    { key: 'countries', label: 'Countries' }, { key: 'goods', label: 'Goods' }, { key: 'models', label: 'Modelled by' },
    ...(isTold('claim') ? [{ key: 'claim', label: 'Claim' }, { key: 'verdict', label: 'What the evidence says' }] : []),
    { key: 'source', label: 'Sources' },
    ...(isTold('note') ? [{ key: 'note', label: 'Note' }] : []),
  ];
  const rows = block.rows.map((row) => ({
    name: row.name,
    start: row.start ?? absent('since ever'),
    end: row.end ?? absent(row.open ? 'open' : 'no end told'),
    announced: row.announced ?? '',
    countries: row.countries.join('; '),
    goods: row.goods.join('; '),
    models: row.models.length ? row.models.join('; ') : absent('on record only'),
    claim: row.claim ?? '',
    verdict: row.verdict ?? '',
    source: { value: row.source.join('; ') || null, why: 'none told', basis: row.basis, confidence: row.confidence },
    note: row.note ?? '',
  }));
  return { title: 'Events and measures', columns, rows };
}

function absent(why) {
  return { value: null, why };
}
