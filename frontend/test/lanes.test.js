import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisSpan, groupRows, jointLabel, packLanes, placeRow } from '../src/layout/lanes.js';

const row = (start, end, rest = {}) => ({ name: 'abcdefghij', start, end, announced: null, open: false, ...rest });
const solved = { start: '2024-01-01', end: '2025-01-01' };

// A day a pixel, ten pixels a letter would be too wide: five a letter.
const begin = Date.parse('2024-01-01');
const plan = {
  span: [begin, begin + 400 * 864e5], left: 0, right: 400,
  x: (time) => (time - begin) / 864e5,
  widthOf: (text) => 5 * text.length,
  fit: (text, width) => text.slice(0, Math.floor(width / 5)),
};

test('the axis holds what is near the calendar, and always the calendar', () => {
  const [low, high] = axisSpan([row('1991-12-21', null), row('2041-01-01', null)], solved);
  assert.ok(low < Date.parse('2021-01-03') && low > Date.parse('2020-10-01'));
  assert.ok(high > Date.parse('2026-12-31') && high < Date.parse('2027-04-01'));
  const near = axisSpan([row('2024-03-01', '2024-04-01')], solved);
  assert.ok(near[0] < Date.parse(solved.start) && near[1] > Date.parse(solved.end));
  const bare = axisSpan([row('2024-03-01', null)]);
  assert.ok(bare[0] < bare[1]);
});

test('a bar runs from its first day to the day it no longer holds, its name above it', () => {
  const placed = placeRow(row('2024-01-11', '2024-04-10'), plan);
  assert.equal(placed.kind, 'bar');
  assert.deepEqual([placed.from, placed.to, placed.textAt], [10, 100, 10]);
  assert.deepEqual(placed.extent, [10, 100]);
  assert.deepEqual(placed.cut, { start: false, end: false });
});

test('what has no end is a point, or open to the edge; what began before is cut', () => {
  assert.equal(placeRow(row('2024-02-01', null), plan).kind, 'point');
  const open = placeRow(row('2020-01-01', null, { open: true }), plan);
  assert.deepEqual([open.kind, open.from, open.to], ['bar', 0, 400]);
  assert.deepEqual(open.cut, { start: true, end: true });
  assert.deepEqual(placeRow(row(null, '2024-01-31'), plan).cut, { start: true, end: false });
});

test('what lies beside the axis is an arrow with its year', () => {
  const before = placeRow(row('1991-12-21', null), plan);
  assert.deepEqual([before.kind, before.text], ['before', '1991: abcdefghij']);
  const after = placeRow(row('2041-01-01', null), plan);
  assert.equal(after.kind, 'after');
  assert.ok(after.textAt + 5 * after.text.length <= 400);
});

test('a name never leaves the frame nor lies on its own announcement', () => {
  const late = placeRow(row('2025-01-25', null, { announced: '2024-12-01' }), plan);
  assert.ok(late.textAt + 50 <= late.announced);
  assert.ok(late.extent[0] <= late.textAt && late.extent[1] >= late.from);
  const long = placeRow(row('2025-01-25', '2025-01-30', { name: 'x'.repeat(200) }), plan);
  assert.ok(long.textAt >= 0 && long.textAt + 5 * long.text.length <= 400);
});

test('lanes: neighbours keep their distance, whatever the order', () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const extents = Array.from({ length: 200 }, () => {
    const low = random() * 900;
    return [low, low + random() * 200];
  });
  const lanes = packLanes(extents, 10);
  extents.forEach(([low, high], i) => extents.slice(0, i).forEach(([from, to], j) => {
    if (lanes[i] === lanes[j]) assert.ok(high + 10 <= from || to + 10 <= low);
  }));
  assert.deepEqual(packLanes([[0, 10], [5, 20], [30, 40]], 10), [0, 1, 0]);
});

test('labels: one or two names in any order, then several, then none', () => {
  const rows = [['B', 'A'], ['A', 'B'], ['A'], [], ['A', 'B', 'C'], ['B'], ['B']].map((countries) => ({ countries }));
  const groups = groupRows(rows, (one) => jointLabel(one.countries, 'Several', 'None'));
  assert.deepEqual(groups.map((group) => [group.label, group.rows.length]), [['B', 2], ['A', 1], ['A and B', 2], ['Several', 1], ['None', 1]]);
});
