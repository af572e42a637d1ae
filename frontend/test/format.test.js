import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitsFor, formatChange, formatNumber, formatPercent, typeset } from '../src/layout/format.js';

test('numbers', () => {
  assert.equal(formatNumber(62.35, 1), '62.4');
  assert.equal(formatNumber(-62.4, 1), '\u221262.4');
  assert.equal(formatNumber(1234, 0), '1234');
  assert.equal(formatNumber(12345.678, 1), '12\u202f345.7');
  assert.equal(formatNumber(1234567, 0), '1\u202f234\u202f567');
  assert.equal(formatNumber(0.25, 2), '0.25');
});

test('zero has no sign, and what is absent is a dash', () => {
  assert.equal(formatNumber(-0.0004, 2), '0.00');
  assert.equal(formatChange(0, 1), '0.0');
  assert.equal(formatChange(0.01, 1), '0.0');
  assert.equal(formatChange(3.14, 1), '+3.1');
  assert.equal(formatChange(-3.14, 1), '\u22123.1');
  for (const absent of [null, undefined, NaN, Infinity]) assert.equal(formatNumber(absent), '–');
});

test('a column has as many decimals as its largest value needs', () => {
  assert.equal(digitsFor([62.4, 1.53]), 1);
  assert.equal(digitsFor([3, 12, null]), 0);
  assert.equal(digitsFor([4120.5]), 0);
  assert.equal(digitsFor([0.0316, 0.9]), 3);
  assert.equal(digitsFor([0.0316]), 4);
  assert.equal(digitsFor([]), 0);
});

test('percent', () => assert.equal(formatPercent(0.9462, 1), '94.6\u00a0%'));

test('a number stays with its unit', () => {
  assert.equal(typeset('94.6 % of 9.1 Mt, or 12 Mt/yr, in 2024 only'), '94.6\u00a0% of 9.1\u00a0Mt, or 12\u00a0Mt/yr, in 2024\u00a0only');
  assert.equal(typeset('5 fields shut'), '5 fields shut');
});
