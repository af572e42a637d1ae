// Signed stacked bars that add up to a total: gains and losses by role, one row for each country or party.

import { scaleLinear } from 'd3-scale';
import { html, nothing, onWidth, svg, textWidth } from '../dom.js';
import { digitsFor, formatChange, formatNumber } from '../layout/format.js';
import { hideTip, showTip } from '../tip.js';
import { colourAt, swatches } from './legend.js';
import { numbers } from './numbers.js';

const [BAR, ROW, NARROW_ROW, SIZE] = [20, 32, 48, 12];

/** Draw a "bars" block into `node`. */
export function bars(node, block) {
  if (!block.rows.length) {
    node.append(nothing());
    return;
  }
  const digits = digitsFor(block.rows.map((row) => row.total));
  const chart = html('div', { class: 'chart' });
  onWidth(chart, (width) => chart.replaceChildren(picture(block, width, digits)));
  const roles = block.roles.map((role, i) => ({ label: role, colour: colourAt(i) }));
  // A bar of one part is its own total.
  const total = roles.length > 1 ? [{ label: 'Total', colour: 'var(--ink)', kind: 'diamond' }] : [];
  node.append(
    swatches([...roles, ...total]),
    chart,
    numbers('Figures as a table', () => roleTable(block)),
  );
}

function picture(block, width, digits) {
  const longest = Math.max(...block.rows.map((row) => textWidth(row.label, SIZE + 1))) + 16;
  // Names stand above their bars where they would take too much from them.
  const isNarrow = width < 560 || longest > width * 0.3;
  const rowHeight = isNarrow ? NARROW_ROW : ROW;
  const labelWidth = isNarrow ? 0 : longest;
  const say = block.signed === false ? formatNumber : formatChange;
  const totalWidth = Math.max(...block.rows.map((row) => textWidth(say(row.total, digits), SIZE + 1, 600))) + 14;
  const ends = block.rows.map((row) => sums(row.parts));
  const domain = [Math.min(0, ...ends.map((end) => end.negative)), Math.max(0, ...ends.map((end) => end.positive))];
  const x = scaleLinear(domain[0] === domain[1] ? [0, 1] : domain, [labelWidth + 8, width - totalWidth - 8]);
  const height = block.rows.length * rowHeight + 28;
  const name = `Bars in ${block.unit}: ${block.rows.map((row) => `${row.label} ${say(row.total, digits)}`).join('; ')}`;
  const root = svg('svg', { class: 'bars', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': name });
  const bottom = height - 24;
  const unitWidth = textWidth(block.unit, SIZE) + 8;
  const tickDigits = digitsFor(x.ticks(width < 560 ? 4 : 7));
  for (const tick of x.ticks(width < 560 ? 4 : 7)) {
    root.append(svg('line', { class: tick === 0 ? 'zero' : 'grid', x1: x(tick), x2: x(tick), y1: 0, y2: bottom }));
    if (x(tick) + 14 > width - unitWidth) continue;
    root.append(svg('text', { class: 'tick', x: x(tick), y: bottom + 15, 'text-anchor': 'middle' }, say(tick, tickDigits)));
  }
  root.append(svg('text', { class: 'tick', x: width, y: bottom + 15, 'text-anchor': 'end' }, block.unit));
  block.rows.forEach((row, i) => root.append(...rowMarks(row, i * rowHeight, { block, x, width, rowHeight, isNarrow, labelWidth, digits, say })));
  return root;
}

function rowMarks(row, top, { block, x, width, rowHeight, isNarrow, labelWidth, digits, say }) {
  const marks = [];
  const barTop = isNarrow ? top + 20 : top + (rowHeight - BAR) / 2;
  const middle = barTop + BAR / 2;
  marks.push(svg('text', { class: 'row-label', x: isNarrow ? 0 : labelWidth, y: isNarrow ? top + 14 : middle + 4, 'text-anchor': isNarrow ? 'start' : 'end' }, row.label));
  let [positive, negative] = [0, 0];
  for (const part of row.parts) {
    if (!part.value) continue;
    const from = part.value > 0 ? positive : negative;
    const to = from + part.value;
    if (part.value > 0) positive = to;
    else negative = to;
    const [left, right] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
    const rect = svg('rect', { class: 'part', x: left, y: barTop, width: Math.max(0.5, right - left - 1), height: BAR });
    rect.style.fill = colourAt(block.roles.indexOf(part.role));
    const words = `${row.label}, ${part.role}: ${say(part.value, digits)} ${block.unit}`;
    rect.addEventListener('pointermove', (event) => showTip([words], event.clientX, event.clientY));
    rect.addEventListener('pointerleave', hideTip);
    marks.push(rect);
    const figure = say(part.value, digits);
    const half = textWidth(figure, 11) / 2 + 4;
    // Written where it fits inside, and where the mark of the total doesn't stand on it.
    const isFree = (place) => place - half > left && place + half < right && Math.abs(x(row.total) - place) > half + 6;
    const centre = [0.5, 0.3, 0.7].map((share) => left + (right - left) * share).find(isFree);
    if (centre !== undefined && block.roles.length > 1) {
      marks.push(svg('text', { class: 'on-colour', x: centre, y: middle + 4, 'text-anchor': 'middle' }, figure));
    }
  }
  const at = x(row.total);
  if (block.roles.length > 1) marks.push(svg('path', { class: 'total-mark', d: `M${at},${middle - 7}L${at + 6},${middle}L${at},${middle + 7}L${at - 6},${middle}Z` }));
  marks.push(svg('text', { class: 'row-total', x: width, y: middle + 4, 'text-anchor': 'end' }, say(row.total, digits)));
  return marks;
}

function sums(parts) {
  const total = (test) => parts.filter((part) => test(part.value)).reduce((sum, part) => sum + part.value, 0);
  return { positive: total((value) => value > 0), negative: total((value) => value < 0) };
}

function roleTable(block) {
  const columns = [
    { key: 'label', label: 'Who' },
    ...block.roles.map((role) => ({ key: `role ${role}`, label: role, unit: block.unit, numeric: true })),
    { key: 'sum', label: 'Total', unit: block.unit, numeric: true },
  ];
  const rows = block.rows.map((row) => {
    const cells = { label: row.label, sum: row.total };
    for (const part of row.parts) cells[`role ${part.role}`] = (cells[`role ${part.role}`] ?? 0) + part.value;
    return cells;
  });
  return { columns, rows };
}
