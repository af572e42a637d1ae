// What each pair of two sides' choices brings: one grid of coloured figures for each view, all on one scale about zero.

import { html, onWidth } from '../dom.js';
import { digitsFor, formatChange, formatNumber } from '../layout/format.js';
import { STRONGEST, tintOf } from '../layout/tint.js';
import { hideTip, showTip } from '../tip.js';
import { numbers } from './numbers.js';

/** Draw a "matrix" block into `node`. */
export function matrix(node, block, { level }) {
  const values = block.views.flatMap((view) => view.cells.flat().map((cell) => cell.value));
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  const digits = block.digits ?? digitsFor(values);
  const told = { block, largest, digits };
  const panels = block.views.map((view) => panel(view, told, level));
  const frame = html('div', { class: 'matrix-grid' }, panels);
  onWidth(frame, (width) => node.classList.toggle('is-narrow', width < 560));
  node.append(key(told), frame, ...[beaten(block.down, block.rows), beaten(block.across, block.columns)].filter(Boolean), numbers('Figures as a table', () => pairs(block)));
}

function panel(view, allTold, level) {
  const { block } = allTold;
  const shares = view.cells.flat().map((cell) => cell.share);
  // Two figures of the largest share, and as many decimals of the others.
  const told = { ...allTold, shareDigits: Math.max(0, digitsFor(shares) - 1) };
  const heads = block.columns.map((column) => html('th', { scope: 'col' }, choice(column)));
  const rows = block.rows.map((row, i) =>
    html('tr', {}, html('th', { scope: 'row' }, choice(row)), block.columns.map((column, j) => cellOf(view, i, j, told))),
  );
  const table = html(
    'table',
    { class: 'matrix' },
    html(
      'thead',
      {},
      html('tr', {}, html('td', { class: 'corner', rowspan: 2 }, `${block.down} ↓`), html('th', { scope: 'colgroup', class: 'across', colspan: block.columns.length }, `${block.across} →`)),
      html('tr', {}, heads),
    ),
    html('tbody', {}, rows),
  );
  return html(
    'div',
    { class: 'matrix-panel' },
    html(`h${level}`, { class: 'matrix-title' }, view.title),
    html('div', { class: 'matrix-scroll', tabindex: 0, role: 'group', 'aria-label': view.title }, table),
  );
}

// A choice that another one of the same side beats says so below its name; by which one, below the matrices.
function choice({ label, dominated }) {
  return [label, dominated ? html('span', { class: 'dominated' }, dominated.word) : null];
}

function beaten(side, choices) {
  const kinds = new Map();
  for (const { label, dominated } of choices) {
    if (!dominated) continue;
    const kind = `${dominated.word} than “${dominated.than}”`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), `“${label}”`]);
  }
  if (!kinds.size) return null;
  const told = [...kinds].map(([kind, labels]) => `${kind}: ${labels.join(', ')}`);
  return html('p', { class: 'caption' }, `${side}, whatever the other does: ${told.join('; ')}.`);
}

function cellOf(view, i, j, { block, largest, digits, shareDigits }) {
  const cell = view.cells[i][j];
  if (cell.value === null) return html('td', { class: 'cell absent' }, cell.why ?? '–');
  const figure = formatChange(cell.value, digits);
  const isNothing = !/[1-9]/.test(figure);
  const side = isNothing ? 'same' : cell.value > 0 ? 'more' : 'less';
  const td = html(
    'td',
    { class: `cell ${side}${cell.marked ? ' marked' : ''}` },
    html('span', { class: 'value' }, figure),
    typeof cell.share === 'number' ? html('span', { class: 'share' }, shareWords(cell.share, shareDigits)) : null,
    cell.marked ? html('span', { class: 'stable' }, block.mark.short) : null,
  );
  td.style.setProperty('--tint', `${isNothing ? 0 : tintOf(cell.value, largest)}%`);
  const lines = [`${block.down} ${block.rows[i].label}, ${block.across} ${block.columns[j].label}`, `${view.title}: ${figure} ${block.unit}`];
  for (const part of cell.parts ?? []) lines.push(`${part.role}: ${formatChange(part.value, digits)}`);
  if (typeof cell.share === 'number') lines.push(`${formatChange(cell.share)} ${block.share_of ?? ''}`.trim());
  td.addEventListener('pointermove', (event) => showTip(lines, event.clientX, event.clientY));
  td.addEventListener('pointerleave', hideTip);
  return td;
}

function shareWords(share, digits) {
  return `${formatChange(share, digits)}\u00a0%`;
}

function key({ block, largest, digits }) {
  const end = formatNumber(largest, digits);
  const scale = html(
    'li',
    { class: 'matrix-scale' },
    html('span', {}, `\u2212${end}`),
    html('i', { class: 'ramp', 'aria-hidden': 'true' }),
    html('span', {}, `+${end} ${block.unit}`),
  );
  scale.style.setProperty('--strongest', `${STRONGEST}%`);
  const items = [largest > 0 ? scale : null];
  if (block.share_of) items.push(html('li', { class: 'share-key' }, `Second line: ${block.share_of}`));
  if (block.mark) items.push(html('li', {}, html('i', { class: 'swatch framed', 'aria-hidden': 'true' }), `${block.mark.short}: ${block.mark.words}`));
  return html('ul', { class: 'swatches', 'aria-label': 'Key' }, items);
}

function pairs(block) {
  const roles = [...new Set(block.views.flatMap((view) => view.cells.flat().flatMap((cell) => (cell.parts ?? []).map((part) => part.role))))];
  const columns = [{ key: 'down', label: block.down }, { key: 'across', label: block.across }];
  for (const view of block.views) {
    columns.push({ key: `${view.id} value`, label: view.title, unit: block.unit, numeric: true, digits: block.digits });
    if (block.share_of) columns.push({ key: `${view.id} share`, label: view.title, unit: block.share_of, numeric: true });
    for (const role of roles) columns.push({ key: `${view.id} ${role}`, label: `${view.title}, ${role}`, unit: block.unit, numeric: true, digits: block.digits });
  }
  if (block.mark) columns.push({ key: 'mark', label: 'Mark' });
  const rows = block.rows.flatMap((row, i) =>
    block.columns.map((column, j) => {
      const told = { down: row.label, across: column.label, mark: '' };
      for (const view of block.views) {
        const cell = view.cells[i][j];
        told[`${view.id} value`] = cell.value === null ? { value: null, why: cell.why } : cell.value;
        told[`${view.id} share`] = cell.share ?? null;
        for (const part of cell.parts ?? []) told[`${view.id} ${part.role}`] = part.value;
        if (cell.marked) told.mark = block.mark.short;
      }
      return told;
    }),
  );
  return { columns, rows };
}
