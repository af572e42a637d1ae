import assert from 'node:assert/strict';
import { test } from 'node:test';
import { around, overlap, placeLabels, spread } from '../src/layout/labels.js';

const frame = { width: 400, height: 300 };

function label(id, x, y, priority, more = {}) {
  return { id, width: 60, height: 14, priority, candidates: around(x, y, 60, 14, 6), ...more };
}

test('a label alone stands right of its dot', () => {
  const [box] = placeLabels([label('a', 200, 150, 1)], frame);
  assert.deepEqual([box.x, box.y], [206, 143]);
});

test('no label over another, none outside, however dense the dots', () => {
  // A fixed sequence of places, denser than there is room for.
  const labels = Array.from({ length: 120 }, (_, i) => label(`l${i}`, (i * 37) % 400, (i * 53) % 300, i));
  const placed = placeLabels(labels, frame);
  assert.ok(placed.length > 30, `only ${placed.length} placed`);
  placed.forEach((a, i) => placed.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b), `${a.id} over ${b.id}`)));
  for (const box of placed) {
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 400 && box.y + box.height <= 300, `${box.id} outside`);
  }
});

test('the more important label wins the only place', () => {
  const only = [{ x: 100, y: 100 }];
  const labels = [label('country', 0, 0, 1, { candidates: only }), label('place', 0, 0, 9, { candidates: only })];
  assert.deepEqual(placeLabels(labels, frame).map((box) => box.id), ['place']);
});

test('a label keeps off lines where it can, and is left out where it would cover more than its limit', () => {
  const line = Array.from({ length: 12 }, (_, i) => ({ x: 206 + i * 5, y: 150, weight: 1 }));
  const [box] = placeLabels([label('a', 200, 150, 1)], frame, line);
  assert.notDeepEqual([box.x, box.y], [206, 143]);
  const fixed = label('b', 0, 0, 1, { candidates: [{ x: 206, y: 143 }], limit: 3 });
  assert.deepEqual(placeLabels([fixed], frame, line), []);
});

test('spread keeps order, distance and bounds', () => {
  const moved = spread([50, 52, 51, 200], 15, 10, 205);
  const sorted = [...moved].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i += 1) assert.ok(sorted[i] - sorted[i - 1] >= 15 - 1e-9);
  assert.ok(moved[0] < moved[2] && moved[2] < moved[1] && moved[1] < moved[3]);
  assert.deepEqual(spread([199, 203], 15, 10, 205), [190, 205]);
});
