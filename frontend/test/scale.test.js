import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisDomain, roundBelow, widthScale } from '../src/layout/scale.js';
import { areaPath, linePath, stackSteps } from '../src/layout/steps.js';

test('width is in proportion, nothing is nothing, and a trickle can be seen', () => {
  const width = widthScale(80, 20);
  assert.equal(width(80), 20);
  assert.equal(width(40), 10);
  assert.equal(width(-40), 10);
  assert.equal(width(0), 0);
  assert.equal(width(0.01), 1.25);
  assert.equal(width(800), 20);
  assert.equal(widthScale(0, 20)(5), 0);
});

test('round numbers for a legend', () => {
  assert.deepEqual([62.4, 50, 49, 0.3, 1999, 0].map(roundBelow), [50, 50, 20, 0.2, 1000, 0]);
});

test('stacks start at zero; lines far from zero need not', () => {
  assert.deepEqual(axisDomain([500, 600], true), [0, 600]);
  const [low, high] = axisDomain([500, 600], false);
  assert.ok(low > 400 && low < 500 && high > 600);
  assert.deepEqual(axisDomain([-5, 10], false), [-5, 10]);
  assert.deepEqual(axisDomain([null], false), [0, 1]);
});

test('stacked steps add up, negatives downwards, absent values adding nothing', () => {
  assert.deepEqual(stackSteps([[1, -2], [3, null], [2, -1]]), [[[0, 1], [-2, 0]], [[1, 4], [0, 0]], [[4, 6], [-3, -2]]]);
});

test('a line of steps is broken where a value is absent', () => {
  const steps = [[0, 10], [10, 20], [20, 30]];
  assert.equal(linePath(steps, [1, null, 3], (value) => value), 'M0.0,1.0L10.0,1.0M20.0,3.0L30.0,3.0');
  assert.equal(areaPath(steps.slice(0, 1), [[0, 2]], (value) => value), 'M0.0,2.0L10.0,2.0L10.0,0.0L0.0,0.0Z');
});
