import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, tabAfter } from '../src/layout/groups.js';

const section = (id, group) => ({ id, title: id, ...(group ? { group } : {}) });

test('sections of a group stand together where the first of any group stands', () => {
  const entries = arrange([section('short'), section('a', 'Oil'), section('b', 'Gas'), section('c', 'Oil'), section('rest')]);
  assert.deepEqual(entries.map((entry) => entry.section?.id ?? entry.groups.map((group) => group.name)), ['short', ['Oil', 'Gas'], 'rest']);
  assert.deepEqual(entries[1].groups[0].sections.map((one) => one.id), ['a', 'c']);
});

test('no groups, or one alone, need no tabs', () => {
  for (const group of [undefined, 'Oil']) {
    const entries = arrange([section('short'), section('a', group), section('b', group)]);
    assert.deepEqual(entries.map((entry) => entry.section.id), ['short', 'a', 'b']);
  }
});

test('addresses of tabs are words, and nobody else has them', () => {
  const names = ['Électricité & coal', 'Food', 'food!', '石油'];
  const entries = arrange([section('group-food', 'Food'), ...names.map((name, i) => section(`s${i}`, name))]);
  const ids = entries[0].groups.map((group) => group.id);
  assert.deepEqual(ids, ['group-food-2', 'group-e-lectricite-coal', 'group-food-3', 'group-other']);
  assert.equal(new Set(ids).size, ids.length);
});

test('keys move along the tabs, around the ends', () => {
  assert.equal(tabAfter('ArrowRight', 2, 3), 0);
  assert.equal(tabAfter('ArrowLeft', 0, 3), 2);
  assert.equal(tabAfter('Home', 2, 3), 0);
  assert.equal(tabAfter('End', 0, 3), 2);
  assert.equal(tabAfter('Enter', 0, 3), null);
});
