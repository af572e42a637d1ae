import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromAddress, isChanged, PLAIN, toAddress } from '../src/app/address.js';
import { byTime, dayWords, spanWords, tickWords } from '../src/app/dates.js';
import { findable, pickedThing, pricesOver, search } from '../src/app/facts.js';
import { whereItWent } from '../src/app/figures.js';
import { begin, record, redo, undo } from '../src/app/history.js';
import { instrumentDates, instrumentWords, parseInstrument, writeInstrument } from '../src/app/instruments.js';
import { networkOf, periodsOf, shownPeriod, viewsFor } from '../src/app/pictures.js';
import { prepare } from '../src/app/prepare.js';
import { createStore } from '../src/app/store.js';
import { sentences, shortGroup } from '../src/app/words.js';

const TEXTS = [
  'closure:cpc', 'closure:cpc:2024-03-01:2024-06-01', 'closure:cpc::2024-06-01', 'derating:cpc_moorings:2024-03-01:capacity=32Mt/yr',
  'transit_ban:crude:2024-03-01:2024-06-01:origin=KAZ,AZE:through=RUS', 'capacity:aktau_baku:add=5Mt/yr',
];

test('an instrument reads and writes as the same text', () => {
  for (const text of TEXTS) assert.equal(writeInstrument(parseInstrument(text)), text);
  assert.deepEqual(parseInstrument(TEXTS[2]), { kind: 'closure', target: 'cpc', start: '', end: '2024-06-01', options: {} });
  assert.deepEqual(parseInstrument(TEXTS[4]).options, { origin: 'KAZ,AZE', through: 'RUS' });
});

test('instruments in words', () => {
  const names = new Map([['cpc', 'CPC'], ['crude', 'Crude oil'], ['KAZ', 'Kazakhstan'], ['AZE', 'Azerbaijan'], ['RUS', 'Russia']]);
  const nameOf = (id) => names.get(id) ?? id;
  assert.equal(instrumentWords(TEXTS[1], nameOf), 'CPC closed');
  assert.equal(instrumentWords(TEXTS[4], nameOf), 'Crude oil from Kazakhstan, Azerbaijan banned through Russia');
  assert.equal(instrumentWords('derating:cpc:availability=0.5', nameOf), 'CPC at 50\u00a0%');
  assert.equal(instrumentDates(TEXTS[1]), 'Mar to May 2024');
  assert.equal(instrumentDates(TEXTS[0]), '');
  assert.equal(instrumentDates(TEXTS[2]), 'until 1\u00a0Jun\u00a02024');
});

test('days and spans, whose last day is the one before their end', () => {
  assert.equal(dayWords('2024-03-01'), '1\u00a0Mar\u00a02024');
  assert.equal(spanWords('2024-01-01', '2025-01-01'), '2024');
  assert.equal(spanWords('2024-02-01', '2024-03-01'), 'February 2024');
  assert.equal(spanWords('2023-11-01', '2024-03-01'), 'Nov 2023 to Feb 2024');
  assert.equal(spanWords('2024-03-05', '2024-04-01'), '5\u00a0Mar to 31\u00a0Mar\u00a02024');
  assert.equal(tickWords('2024-08-28'), '28 Aug');
});

test('the address tells the state, and only what is not as always', () => {
  assert.equal(toAddress(PLAIN), '#');
  const state = {
    ...PLAIN, caseId: '0123456789abcdef0123456789abcdef', group: 'Crude oil', scenario: 'cpc_closed', isScenarioOn: false, look: 'all', tab: 'gains', period: '2024-03-01/2024-04-01',
    pick: 'corridor:cpc', goods: ['crude'], items: [{ text: TEXTS[1], on: true }, { text: TEXTS[4], on: false }],
  };
  assert.deepEqual(fromAddress(toAddress(state)), state);
  assert.match(toAddress(state), /with=closure:cpc:2024-03-01:2024-06-01/);
  assert.match(toAddress(state), /^#case=0123456789abcdef0123456789abcdef&/, 'a case that was brought is named');
  assert.deepEqual(fromAddress('#case=../x&look=upside&nonsense=1'), { ...PLAIN, items: [], goods: [] });
  assert.equal(isChanged(state), true);
  assert.equal(isChanged({ ...state, items: [state.items[1]] }), false, 'what is switched off changes nothing');
});

test('undo and redo', () => {
  let history = begin({ items: [] });
  history = record(record(history, { items: [1] }), { items: [1] });
  history = record(history, { items: [1, 2] });
  assert.deepEqual(undo(history).now, { items: [1] }, 'the same entry twice is one step');
  assert.deepEqual(undo(undo(undo(history))).now, { items: [] });
  assert.deepEqual(redo(undo(history)), history);
  assert.deepEqual(record(undo(history), { items: [3] }).future, [], 'a new step forgets what was undone');
});

test('watchers are told of their part only', () => {
  const store = createStore({ a: 1, b: 1 });
  const told = [];
  const stop = store.watch(({ a }) => [a], ([a]) => told.push(a));
  store.set({ b: 2 });
  store.set({ a: 2 });
  stop();
  store.set({ a: 3 });
  assert.deepEqual(told, [1, 2]);
});

const link = (id, goods, from, to, more = {}) => ({ id, name: `Line ${id}`, goods, from, to, mode: 'pipeline', crosses: ['RUS'], controlled_by: 'RUS', ...more });
const INFO = prepare({
  groups: [{ name: 'Oil', goods: ['crude'] }, { name: 'Gas', goods: ['gas'] }],
  goods: [{ id: 'crude', name: 'Crude' }, { id: 'gas', name: 'Gas' }],
  countries: [{ id: 'KAZ', name: 'Kazakhstan' }, { id: 'RUS', name: 'Russia' }],
  corridors: [{ id: 'west', name: 'Western way', links: ['a'], goods: ['crude'] }],
  network: { nodes: [{ id: 'n', name: 'N' }, { id: 'm', name: 'M' }, { id: 'o', name: 'O' }], links: [link('a', ['crude'], 'n', 'm'), link('b', ['gas'], 'm', 'o')] },
  questions: [{ verb: 'share', arguments: { good: 'crude', of: 'KAZ' } }],
  scenarios: [{ id: 'base', name: 'Base' }, { id: 'shut', name: 'Shut', goods: ['gas'] }],
});

test('what belongs to which group', () => {
  assert.equal(INFO.home, 'KAZ');
  assert.deepEqual(INFO.scenarios.map(({ id, groups }) => [id, groups]), [['shut', ['Gas']]]);
  assert.deepEqual(INFO.questions[0].groups, ['Oil']);
  assert.deepEqual(networkOf(INFO, 'Oil').links.map(({ id }) => id), ['a']);
  assert.deepEqual(networkOf(INFO, 'Oil').nodes.map(({ id }) => id), ['n', 'm']);
});

test('what is picked and found', () => {
  assert.deepEqual(pickedThing(INFO, 'corridor:west').links, ['a']);
  assert.deepEqual(pickedThing(INFO, 'country:RUS').links, ['a', 'b']);
  assert.equal(pickedThing(INFO, 'link:none'), null);
  assert.deepEqual(findable(INFO, 'Oil').map(({ pick }) => pick), ['corridor:west', 'country:RUS', 'link:a']);
  const things = [{ name: 'Line to Türkiye' }, { name: 'Turkish line' }, { name: 'Other' }];
  assert.deepEqual(search(things, 'tur').map(({ name }) => name), ['Turkish line', 'Line to Türkiye']);
  assert.deepEqual(search(things, 'line TURK').length, 2, 'words in any order and case, without accents');
});

test('the price over a link is what its end is dearer than its start', () => {
  const at = (node, base, changed) => ({ node, good: 'crude', unit: 'USD/t', base, changed });
  const [row] = pricesOver([at('n', 500, 100), at('m', 560, 600)], INFO.network.links[0]);
  assert.deepEqual(row, { good: 'crude', unit: 'USD/t', base: 60, changed: 500, ends: [100, 600], isUnique: true });
  assert.deepEqual(pricesOver([at('n', null, 1), at('m', 560, 1)], INFO.network.links[0]), []);
});

const view = (id, title, flows = {}) => ({ id, title, flows });
const MAP = {
  base: [view('whole', '2024'), view('window', 'March'), view('2024-01-01/2024-03-01', 'Start'), view('2024-03-01/2025-01-01', 'Rest')],
  changed: [view('whole', '2024'), view('window', 'March'), view('2024-03-01/2024-04-01', 'March'), view('2024-04-01/2025-01-01', 'Later')],
};

test('which views the map shows', () => {
  assert.equal(shownPeriod(MAP, ''), 'window');
  assert.equal(shownPeriod({ base: MAP.base, changed: null }, ''), 'whole');
  assert.equal(shownPeriod(MAP, 'nonsense'), 'window');
  assert.deepEqual(periodsOf(MAP), ['2024-03-01/2024-04-01', '2024-04-01/2025-01-01']);
  assert.deepEqual(viewsFor(MAP, 'all', '').views.map(({ title }) => title), ['Before, March', 'After, March']);
  assert.equal(viewsFor(MAP, 'change', '').differences, true);
  // A period that only the changed side has: the base's own period around its first day.
  assert.equal(viewsFor(MAP, 'before', '2024-04-01/2025-01-01').views[0].title, 'Before, Rest');
});

test('what became of a drop, as bars that add up', () => {
  const row = (period, drop, rerouted, output_lost, domestic) => ({ period, good: 'Crude', drop, rerouted, output_lost, domestic, stock_change: 0, losses: 0 });
  const [bars] = whereItWent({ columns: [{ key: 'drop', unit: 'Mt' }], rows: [row('January', 0.001, 0, 0.001, 0), row('March', 5, 1, 3.5, 0.5)] });
  assert.deepEqual(bars.roles, ['Rerouted', 'Not produced', 'Used at home']);
  assert.equal(bars.rows.length, 1, 'months without a drop are left out');
  const { good, ...nameless } = row('March', 5, 5, 0, 0);
  assert.equal(whereItWent({ columns: [], rows: [nameless] })[0].title, 'Where it went', 'a table of one good does not name it');
  assert.equal(good, 'Crude');
  assert.equal(bars.rows[0].parts.reduce((sum, { value }) => sum + value, 0), bars.rows[0].total);
});

test('sentences and short names', () => {
  assert.deepEqual(sentences('Of 1.5 Mt, 2 are lost. Russia gains. 5 % remain.'), ['Of 1.5 Mt, 2 are lost.', 'Russia gains. 5 % remain.']);
  assert.equal(shortGroup('Grain and farm goods'), 'Grain and farm goods');
  assert.equal(shortGroup('Uranium, fertiliser, tyres and other goods'), 'Uranium and more');
});

test('the dark that is chosen is the dark of the system', async () => {
  const read = (name) => readFile(new URL(`../src/${name}`, import.meta.url), 'utf8');
  const colours = (text, after) => text.slice(text.indexOf(after)).match(/\{([^{}]*)\}/)[1].match(/--[\w-]+: [^;]+/g);
  const [system, chosen] = [colours(await read('style.css'), ':root:not([data-print]) {'), colours(await read('app/app.css'), ':root[data-theme="dark"]')];
  assert.ok(system.length > 30);
  assert.deepEqual(chosen, system);
});

test('events stand by what they are to the days that are solved', () => {
  const row = (name, start, end = null, open = false) => ({ name, start, end, open });
  const rows = [row('before', '2020-01-01'), row('ends within', '2023-05-01', '2024-02-01'), row('open', '2019-01-01', null, true), row('within', '2024-06-01'), row('after', '2025-01-01'), row('over', '2021-01-01', '2022-01-01')];
  const parts = byTime(rows, { start: '2024-01-01', end: '2025-01-01' });
  assert.deepEqual(parts.map((part) => part.rows.map((one) => one.name)), [['open', 'ends within', 'within'], ['after'], ['over', 'before']]);
  assert.equal(parts[0].title, 'In force or begun in 2024');
});
