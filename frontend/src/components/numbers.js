// The numbers behind a picture, as a table that opens below it.

import { disclosure } from '../disclosure.js';
import { table } from './table.js';

/** A closed part that holds a table; `make()` returns {columns, rows} when it is opened. */
export function numbers(summary, make) {
  return disclosure(summary, (body) => table(body, { title: summary, ...make() }), { class: 'numbers' });
}
