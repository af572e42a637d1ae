// A value before and after, one row for each place: a hollow dot, a full one, and the line between them.

import { scaleLinear } from 'd3-scale';
import { ellipsis, html, onWidth, svg, textWidth } from '../dom.js';
import { digitsFor, formatChange, formatNumber } from '../layout/format.js';
import { swatches } from './legend.js';

const [SIZE, FOOT] = [12.5, 24];
/** Narrower than this, names stand over their line: beside it they would be cut. */
const NARROW = 560;

/** Draw rows [{label, before, after (null: nothing changed), isUnique}] of one unit into `node`. */
export function dumbbells(node, { rows, unit, title }) {
  const isChanged = rows.some((row) => row.after !== null);
  const isOpen = rows.some((row) => !row.isUnique);
  const chart = html('div', { class: 'chart' });
  onWidth(chart, (width) => chart.replaceChildren(picture(rows, unit, title, width, isChanged)));
  const key = isChanged ? [{ label: 'Before', colour: 'var(--ink-soft)', kind: 'ring' }, { label: 'After', colour: 'var(--c2)', kind: 'dot' }] : [{ label: 'Price', colour: 'var(--c1)', kind: 'dot' }];
  node.append(swatches(key), chart);
  if (isOpen) node.append(html('p', { class: 'note' }, '* Not the only price that fits: the model leaves this one open.'));
}

function picture(rows, unit, title, width, isChanged) {
  const values = rows.flatMap((row) => [row.before, row.after]).filter((value) => value !== null);
  const digits = digitsFor(values);
  const words = (row) => (row.after === null ? formatNumber(row.before, digits) : formatChange(row.after - row.before, digits));
  const isNarrow = width < NARROW;
  const [ROW, MIDDLE] = isNarrow ? [36, 25] : [24, 12];
  const labels = isNarrow ? 0 : Math.min(width * 0.42, Math.max(...rows.map((row) => textWidth(row.label, SIZE))) + 12);
  const figures = Math.max(...rows.map((row) => textWidth(words(row), SIZE, 600))) + 12;
  const x = scaleLinear([Math.min(0, ...values), Math.max(...values, 1e-9)], [labels + 6, width - figures - 8]).nice(4);
  const height = rows.length * ROW + FOOT;
  const name = `${title}: ${rows.map((row) => `${row.label} ${formatNumber(row.before, digits)}${row.after === null ? '' : ` to ${formatNumber(row.after, digits)}`}`).join('; ')}`;
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': name });
  const ticks = x.ticks(Math.max(2, Math.floor((width - labels - figures) / 70)));
  for (const tick of ticks) {
    root.append(svg('line', { class: tick === 0 ? 'zero' : 'grid', x1: x(tick), x2: x(tick), y1: 0, y2: height - FOOT }));
    root.append(svg('text', { class: 'tick', x: x(tick), y: height - FOOT + 14, 'text-anchor': 'middle' }, formatNumber(tick, digitsFor(ticks))));
  }
  root.append(svg('text', { class: 'tick', x: width, y: height - FOOT + 14, 'text-anchor': 'end' }, unit));
  rows.forEach((row, i) => {
    const y = i * ROW + MIDDLE;
    const label = `${row.label}${row.isUnique ? '' : ' *'}`;
    const place = isNarrow ? { x: 0, y: y - 11 } : { x: labels, y: y + 4, 'text-anchor': 'end' };
    root.append(svg('text', { class: 'row-label', ...place }, ellipsis(label, SIZE, isNarrow ? width : labels)));
    if (row.after !== null) root.append(svg('line', { class: 'dumbbell-line', x1: x(row.before), x2: x(row.after), y1: y, y2: y }));
    root.append(svg('circle', { class: isChanged ? 'dumbbell-before' : 'dumbbell-only', cx: x(row.before), cy: y, r: 4.2 }));
    if (row.after !== null) root.append(svg('circle', { class: 'dumbbell-after', cx: x(row.after), cy: y, r: 4.6 }));
    root.append(svg('text', { class: 'row-total', x: width, y: y + 4, 'text-anchor': 'end' }, words(row)));
  });
  return root;
}
