// Figures of an answer as the page's own pictures.

import { inSentence } from '../layout/format.js';

/** Roles of what becomes of the goods that lost their way, in the order of a bar. */
const BECOMES = [
  ['rerouted', 'Rerouted'], ['output_lost', 'Not produced'], ['stock_change', 'Into stock'], ['domestic', 'Used at home'], ['losses', 'Lost on the way'],
];
const LEAST = 5e-3;

/**
 * The report's table of changes -> bars by period of what became of the drop, one block for each good (a table of one good
 * doesn't name it); periods without a drop are left out.
 */
export function whereItWent(block) {
  const goods = [...new Set(block.rows.map((row) => row.good))];
  return goods.flatMap((good) => {
    const rows = block.rows.filter((row) => row.good === good && Math.abs(value(row.drop)) > LEAST);
    if (!rows.length) return [];
    const roles = BECOMES.filter(([key]) => rows.some((row) => Math.abs(value(row[key])) > LEAST));
    return [{
      type: 'bars',
      title: good ? `Where it went: ${inSentence(good)}` : 'Where it went',
      note: 'What could not pass the closed way, and what became of it. The parts add up to what lost its way.',
      unit: block.columns.find((column) => column.key === 'drop')?.unit ?? '',
      roles: roles.map(([, words]) => words),
      rows: rows.map((row) => ({ label: row.period, parts: roles.map(([key, words]) => ({ role: words, value: value(row[key]) })), total: value(row.drop) })),
    }];
  });
}

function value(cell) {
  return (cell !== null && typeof cell === 'object' ? cell.value : cell) ?? 0;
}

const MOST_PLACES = 16;

/**
 * An answer's prices -> [{title, unit, rows}] for dumbbells, one for each good and unit: where anything changed, the places
 * whose price changes most; else all from dear to cheap. `nameOf` gives names of nodes and goods.
 */
export function pricePictures(prices, goods, nameOf) {
  return goods.flatMap((good) => {
    const known = prices.filter((row) => row.good === good && row.base !== null && row.base !== undefined);
    if (!known.length) return [];
    const isChanged = known.some((row) => (row.changed ?? null) !== null);
    const size = (row) => (isChanged ? Math.abs((row.changed ?? row.base) - row.base) : row.base);
    const rows = [...known].sort((a, b) => size(b) - size(a)).slice(0, MOST_PLACES);
    const total = known.length > rows.length ? `, ${rows.length} of ${known.length} places` : '';
    return [{
      title: `${isChanged ? 'Price before and after' : 'Price'} by place: ${inSentence(nameOf(good))}${total}`,
      unit: rows[0].unit,
      rows: rows.map((row) => ({ label: nameOf(row.node), before: row.base, after: isChanged ? row.changed ?? null : null, isUnique: row.unique !== false })),
    }];
  });
}
