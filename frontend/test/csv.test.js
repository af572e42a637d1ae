import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortRows, toCsv } from '../src/layout/csv.js';

test('quotes, units, absent values and evidence', () => {
  const columns = [{ key: 'name', label: 'Link' }, { key: 'capacity', label: 'Capacity', unit: 'Mt/yr' }];
  const rows = [
    { name: 'CPC, "whole"', capacity: { value: 83, source: ['cpc_2025', 'calc'], basis: 'derived' } },
    { name: 'rail', capacity: { value: null, why: 'not known' } },
    { name: 'two\nlines', capacity: -1.5 },
  ];
  assert.equal(
    toCsv({ columns, rows }),
    'Link,Capacity (Mt/yr),Capacity: basis,Capacity: source,Capacity: why\r\n' +
      '"CPC, ""whole""",83,derived,cpc_2025; calc,\r\nrail,,,,not known\r\n"two\nlines",-1.5,,,\r\n',
  );
});

test('a text is never a formula', () => {
  const csv = toCsv({ columns: [{ key: 'a', label: 'A' }], rows: [{ a: '=HYPERLINK("x")' }, { a: '@sum' }, { a: -3 }] });
  assert.equal(csv, 'A\r\n"\'=HYPERLINK(""x"")"\r\n\'@sum\r\n-3\r\n');
});

test('rows sort by number and by word; absent ones stay last', () => {
  const rows = [{ v: 10 }, { v: { value: null } }, { v: 9 }, { v: { value: 100 } }];
  const values = (sorted) => sorted.map((row) => (typeof row.v === 'object' ? row.v.value : row.v));
  assert.deepEqual(values(sortRows(rows, 'v', false)), [9, 10, 100, null]);
  assert.deepEqual(values(sortRows(rows, 'v', true)), [100, 10, 9, null]);
  assert.deepEqual(sortRows([{ v: 'b10' }, { v: 'b9' }], 'v', false).map((row) => row.v), ['b9', 'b10']);
});
