// A table that can be sorted, searched and taken away, in which every figure can tell where it comes from.

import { disclosure } from '../disclosure.js';
import { hidden, html, nothing } from '../dom.js';
import { plain, sortRows, toCsv } from '../layout/csv.js';
import { digitsFor, formatNumber } from '../layout/format.js';
import { explain } from '../tip.js';

const SEARCHABLE = 25;
const SHORT = 24;

/** Draw a "table" block into `node`. */
export function table(node, block) {
  if (!block.rows.length) {
    node.append(nothing());
    return;
  }
  if (!block.collapsed) {
    fill(node, block);
    return;
  }
  const count = `Show ${block.rows.length} ${block.rows.length === 1 ? 'row' : 'rows'}`;
  const summary = html('span', {}, count, hidden(` of ${block.caption ?? block.title ?? 'the table'}`));
  node.append(disclosure(summary, (body) => fill(body, block)));
}

function fill(node, block) {
  const columns = block.columns.map((column) => ({
    ...column,
    digits: column.digits ?? digitsFor(block.rows.map((row) => plain(row[column.key]))),
  }));
  const state = { key: null, isDescending: false, words: '' };
  const body = html('tbody');
  const status = html('span', { class: 'muted', role: 'status' });
  const heads = columns.map((column) => headCell(column, () => sortBy(column)));

  const draw = () => {
    const found = state.words ? block.rows.filter((row) => matches(row, columns, state.words)) : block.rows;
    const rows = state.key === null ? found : sortRows(found, state.key, state.isDescending);
    body.replaceChildren(...rows.map((row) => bodyRow(row, columns)));
    status.textContent = state.words ? `${found.length} of ${block.rows.length} rows` : '';
    columns.forEach((column, i) => {
      const order = state.isDescending ? 'descending' : 'ascending';
      heads[i].setAttribute('aria-sort', state.key === column.key ? order : 'none');
    });
  };
  const sortBy = (column) => {
    // Numbers start with the largest, words with A.
    const first = Boolean(column.numeric);
    state.isDescending = state.key === column.key ? !state.isDescending : first;
    state.key = column.key;
    draw();
  };

  const name = block.caption ?? block.title ?? 'Table';
  const tools = html('div', { class: 'table-tools' });
  if (block.rows.length > SEARCHABLE) tools.append(searchField(name, (words) => { state.words = words; draw(); }), status);
  tools.append(html('button', { type: 'button', onclick: () => download(name, toCsv(block)) }, 'Download CSV', hidden(` of ${name}`)));
  const caption = block.caption && !block.collapsed ? html('caption', {}, block.caption) : null;
  const scroller = html(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': name },
    html('table', { class: 'data' }, caption, html('thead', {}, html('tr', {}, heads)), body),
  );
  node.append(scroller, tools);
  if (block.rows.some((row) => columns.some(({ key }) => row[key]?.basis === 'assumed'))) {
    tools.before(html('p', { class: 'caption' }, html('span', { class: 'assumed' }, 'a'), ' = assumed: our judgement, not read in a source.'));
  }
  draw();
}

function headCell(column, sort) {
  const unit = column.unit ? html('span', { class: 'unit' }, column.unit) : null;
  const button = html('button', { type: 'button', onclick: sort }, column.label);
  return html('th', { scope: 'col', class: column.numeric ? 'numeric' : null, 'aria-sort': 'none' }, button, unit);
}

function bodyRow(row, columns) {
  return html('tr', { class: row.total === true ? 'total' : null }, columns.map((column) => bodyCell(row[column.key], column)));
}

function bodyCell(cell, column) {
  const value = plain(cell);
  const text = column.numeric && typeof value === 'number' ? formatNumber(value, column.digits) : value === null ? '' : String(value);
  // Dates and short names stay on one line; a narrow page scrolls the table instead.
  const attributes = { class: column.numeric ? 'numeric' : text.length <= SHORT ? 'nowrap' : null };
  const isRich = cell !== null && typeof cell === 'object';
  if (value === null) return html('td', { class: column.numeric ? 'absent right' : 'absent' }, isRich && cell.why ? cell.why : '–');
  const lines = isRich ? evidence(cell, column) : [];
  if (!lines.length) return html('td', attributes, text);
  const mark = cell.basis === 'assumed' ? [html('sup', { class: 'assumed', 'aria-hidden': 'true' }, 'a'), hidden(', assumed')] : [];
  const figure = html('button', { type: 'button', class: 'figure' }, text, ...mark);
  explain(figure, () => lines);
  // A page that knows more of the sources than their keys, such as the app, may show them.
  if (cell.source?.length) figure.addEventListener('click', () => figure.dispatchEvent(new CustomEvent('corridor:sources', { bubbles: true, detail: { keys: cell.source, words: lines[0] } })));
  return html('td', attributes, figure);
}

function evidence(cell, column) {
  const lines = [];
  const number = (value) => formatNumber(value, column.digits);
  if (isNumber(cell.low) || isNumber(cell.high)) lines.push(`Range ${number(cell.low)} to ${number(cell.high)} ${column.unit ?? ''}`.trim());
  const trust = [cell.basis, cell.confidence && `confidence ${cell.confidence}`].filter(Boolean).join(', ');
  if (trust) lines.push(trust[0].toUpperCase() + trust.slice(1));
  if (cell.source?.length) lines.push(`Source: ${cell.source.join(', ')}`);
  if (cell.note) lines.push(cell.note);
  return lines;
}

function isNumber(value) {
  return typeof value === 'number';
}

function matches(row, columns, words) {
  const text = columns.map(({ key }) => plain(row[key]) ?? '').join(' ').toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function searchField(name, search) {
  let waiting = 0;
  const field = html('input', { type: 'search', placeholder: 'Find rows', 'aria-label': `Find rows in ${name}` });
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search(field.value.trim()), 120);
  });
  return field;
}

function download(name, text) {
  const stem = name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '') || 'table';
  // The byte order mark tells spreadsheets that the text is UTF-8.
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = html('a', { href: address, download: `${stem}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
