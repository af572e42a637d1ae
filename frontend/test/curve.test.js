import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToBox, distance, lengthOf, pointAt, pointsAlong, sideBySide, smooth, smoothAside } from '../src/layout/curve.js';

const corner = [[0, 0], [100, 0], [100, 100]];

test('a smooth line passes through its points and stays near them', () => {
  const line = smooth(corner);
  for (const knot of corner) assert.ok(line.some((point) => distance(point, knot) < 1e-9), String(knot));
  assert.ok(lengthOf(line) > 195 && lengthOf(line) < 215);
  for (const [x, y] of line) assert.ok(x > -1 && x < 115 && y > -15 && y < 101);
});

test('two points, or points on one spot, make no trouble', () => {
  assert.deepEqual(smooth([[0, 0], [5, 5]]), [[0, 0], [5, 5]]);
  assert.deepEqual(smooth([[1, 1], [1, 1]]), [[1, 1]]);
  assert.ok(smooth([[0, 0], [0, 0], [10, 0], [10, 0], [20, 5]]).flat().every(Number.isFinite));
  assert.deepEqual(pointAt([[3, 4]], 0.5), { x: 3, y: 4, angle: 0 });
});

test('a place along a line', () => {
  assert.deepEqual(pointAt(corner, 0.25), { x: 50, y: 0, angle: 0 });
  assert.deepEqual(pointAt(corner, 0.75), { x: 100, y: 50, angle: Math.PI / 2 });
});

test('lanes side by side fill the common width and do not overlap', () => {
  const widths = [10, 4, 2];
  const centres = sideBySide(widths, 2);
  assert.deepEqual(centres, [-5, 4, 9]);
  assert.equal(centres[0] - widths[0] / 2, -(centres[2] + widths[2] / 2));
});

test('a line aside runs beside the first; reversed, with the opposite distance, it is the same lane', () => {
  const lane = smoothAside([[0, 0], [100, 0]], [5]);
  assert.deepEqual(lane, [[0, 5], [100, 5]]);
  assert.deepEqual(smoothAside([[100, 0], [0, 0]], [-5]).reverse(), lane);
});

test('a line passes over from one distance to the next without a jump', () => {
  const line = smoothAside([[0, 0], [100, 0], [200, 0]], [0, 8]);
  const at = (x) => line.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best))[1];
  assert.ok(Math.abs(at(50)) < 1e-9 && Math.abs(at(100) - 4) < 0.5 && Math.abs(at(150) - 8) < 1e-9);
  for (let i = 1; i < line.length; i += 1) assert.ok(Math.abs(line[i][1] - line[i - 1][1]) < 1.5);
});

test('a line is cut to a box, with the numbers of the stretches that remain', () => {
  const line = [[-50, 5], [-20, 5], [5, 5], [8, 5], [30, 5], [60, 5]];
  assert.deepEqual(cutToBox(line, [0, 0, 10, 10]), { points: [[0, 5], [5, 5], [8, 5], [10, 5]], first: 1, last: 4 });
  assert.deepEqual(cutToBox([[1, 1], [9, 9]], [0, 0, 10, 10]), { points: [[1, 1], [9, 9]], first: 0, last: 1 });
});

test('points along a line are those that pointAt finds, one by one', () => {
  const line = smooth(corner);
  pointsAlong(line, 17).forEach(({ x, y }, i) => {
    const one = pointAt(line, i / 17);
    assert.ok(Math.hypot(one.x - x, one.y - y) < 1e-6, `${i}: ${x},${y} and ${one.x},${one.y}`);
  });
  assert.equal(pointsAlong([[3, 4]], 1)[0].x, 3);
});
