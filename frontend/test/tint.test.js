import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRONGEST, tintOf } from '../src/layout/tint.js';

test('a tint is in proportion, of either sign, and strongest at the largest', () => {
  assert.equal(tintOf(200, 200), STRONGEST);
  assert.equal(tintOf(-100, 200), STRONGEST / 2);
  assert.equal(tintOf(300, 200), STRONGEST);
});

test('nothing has no tint, and next to nothing has some', () => {
  assert.equal(tintOf(0, 200), 0);
  assert.equal(tintOf(null, 200), 0);
  assert.equal(tintOf(0, 0), 0);
  assert.ok(tintOf(0.001, 200) > 0);
});
