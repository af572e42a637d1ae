// The forms of the questions that go beyond one map: fields as {node, read()}, read() giving the arguments a field stands for.

import { html } from '../dom.js';
import { namer } from './facts.js';

const WAYS = [['through', 'crosses'], ['partner', 'is with'], ['touching', 'crosses or is with'], ['via', 'takes corridor']];
const DIRECTIONS = [['exports', 'exports'], ['imports', 'imports']];
const MOST_PLAYERS = 4;

/** The fields of a verb's form, filled as the case's own question asks; without one, with what the goods on show suggest. */
export function fieldsOf(verb, state) {
  return FORMS[verb](state, asker(verb, state));
}

const FORMS = {
  share: (state, told) => [
    choice('Good', 'good', goodsOf(state), told('good')),
    choice('of', 'of', countries(state), told('of') ?? state.info.home),
    choice('its', 'direction', DIRECTIONS, told('direction') ?? 'exports'),
    ...way(state, told, WAYS),
  ],
  stress: (state, told) => [
    choice('Good', 'good', goodsOf(state), told('good')),
    choice('Who loses', 'for', countries(state), told('for') ?? told('of') ?? state.info.home),
    number('Closures at most', 'k', told('k') ?? 1, { min: 1, max: 4 }),
    choice('Of', 'over', [['corridors', 'corridors, borders'], ['countries', 'countries'], ['links', 'links']], told('over') ?? 'corridors'),
    choice('Loss of', 'loss', [['exports', 'exports'], ['unserved', 'supply at home'], ['gains', 'gains'], ['objective', 'all gains together']], told('loss') ?? (told('direction') === 'imports' ? 'unserved' : 'exports')),
  ],
  bargain: (state, told) => [
    choice('Good', 'good', goodsOf(state), told('good')),
    many('Players', 'players', touched(state), told('players') ?? [...new Set([state.info.home, ...crossed(state)])].slice(0, MOST_PLAYERS)),
    choice('Outsiders', 'outsiders', [['absent', 'withhold what they hold'], ['compete', 'trade over their own']], told('outsiders') ?? 'absent'),
    choice('Contracts', 'contracts', [['bind', 'bind'], ['void', 'are void']], told('contracts') ?? 'bind'),
  ],
  retaliate: (state, told) => {
    const [one, other] = told('between') ?? [state.info.home, crossed(state).find((id) => id !== state.info.home)];
    const [a, b] = [choice('One side', 'a', touched(state), one), choice('Other side', 'b', touched(state), other)];
    return [
      { node: a.node, read: () => ({ between: [a.input.value, b.input.value] }) },
      { node: b.node, read: () => ({}) },
      many('Goods', 'goods', goodsOf(state), told('goods') ?? goodsOf(state).slice(0, 1).map(([id]) => id)),
    ];
  },
  invest: (state, told) => {
    const years = state.info.calendar.planning.map((year) => [String(year), String(year)]);
    const by = choice('From', 'by', years, String(told('by') ?? years[Math.floor((years.length - 1) / 2)]?.[0]));
    const most = number('Share at most, %', 'max_share', 100 * (told('max_share') ?? 0.6), { min: 0, max: 100 });
    return [
      choice('Good', 'good', goodsOf(state), told('good')),
      choice('of', 'of', countries(state), told('of') ?? state.info.home),
      choice('its', 'direction', DIRECTIONS, told('direction') ?? 'exports'),
      ...way(state, told, WAYS.slice(0, 2)),
      { ...most, read: () => ({ max_share: most.read().max_share / 100 }) },
      { ...by, read: () => ({ by: Number(by.input.value) }) },
      choice('Paid by', 'payer', [['', 'nobody named'], ...countries(state)], told('payer') ?? ''),
    ];
  },
  rivalry: (state, told) => {
    const sellers = sellersOf(state);
    const power = choice('Power of each over the price', 'theta', [['1', 'full (Cournot rivals)'], ['0.5', 'half'], ['0.25', 'a quarter']], String(told('theta') ?? 1));
    return [
      choice('Good', 'good', goodsOf(state), told('good')),
      many('Sellers', 'sellers', sellers, told('sellers') ?? sellers.slice(0, 2).map(([id]) => id)),
      { ...power, read: () => ({ theta: Number(power.input.value) }) },
    ];
  },
};

// What the case's own question of this verb, or else any of this group, says of an argument.
function asker(verb, state) {
  const own = state.info.questions.filter((one) => one.groups.includes(state.group));
  const exact = own.find((one) => one.verb === verb)?.arguments;
  const near = own[0]?.arguments ?? {};
  return (name) => (exact ? exact[name] : near[name]);
}

function choice(label, name, options, chosen) {
  const input = html('select', {}, options.map(([value, words]) => html('option', { value, selected: value === chosen }, words)));
  return { node: html('label', {}, label, input), read: () => (input.value ? { [name]: input.value } : {}), input };
}

function many(label, name, options, chosen) {
  // What is chosen comes first: a long list scrolls.
  const sorted = [...options].sort((a, b) => Number(chosen.includes(b[0])) - Number(chosen.includes(a[0])));
  const boxes = sorted.map(([value, words]) => {
    const box = html('input', { type: 'checkbox', value, checked: chosen.includes(value) });
    return { box, node: html('label', { class: 'check' }, box, words) };
  });
  const node = html('fieldset', {}, html('legend', {}, label), boxes.map((one) => one.node));
  return { node, read: () => ({ [name]: boxes.filter((one) => one.box.checked).map((one) => one.box.value) }) };
}

function number(label, name, value, { min, max, step = 1 }) {
  const input = html('input', { type: 'number', value, min, max, step, required: true });
  return { node: html('label', {}, label, input), read: () => ({ [name]: Number(input.value) }) };
}

// The way a share is asked about: how, and then the country or corridor that this word is about.
function way(state, told, ways) {
  const own = ways.find(([key]) => told(key))?.[0];
  const how = choice('that', 'how', ways, own ?? 'through');
  const goods = new Set(goodsOf(state).map(([id]) => id));
  const corridors = state.info.corridors.filter((one) => one.goods.some((good) => goods.has(good))).map(({ id, name }) => [id, name]);
  const first = told(own) ?? crossed(state).find((id) => id !== state.info.home);
  const what = html('select');
  const fill = () => what.replaceChildren(...(how.input.value === 'via' ? corridors : touched(state)).map(([value, words]) => html('option', { value, selected: value === first }, words)));
  how.input.addEventListener('change', fill);
  fill();
  return [{ node: how.node, read: () => ({}) }, { node: html('label', {}, 'country or corridor', what), read: () => ({ [how.input.value]: what.value }) }];
}

function goodsOf(state) {
  const nameOf = namer(state.info);
  return state.info.groups.find((one) => one.name === state.group).goods.map((id) => [id, nameOf(id)]);
}

function countries(state) {
  return state.info.countries.map(({ id, name }) => [id, name]);
}

// Countries that the goods on show come from, cross or go to; all where nobody touches them.
function touched(state) {
  const where = new Map(state.info.network.nodes.map((node) => [node.id, node.country]));
  const found = new Set(linksOf(state).flatMap((link) => [where.get(link.from), where.get(link.to), link.controlled_by, ...(link.crosses ?? [])]));
  const own = countries(state).filter(([id]) => found.has(id));
  return own.length ? own : countries(state);
}

// Countries that produce a good on show, the case's own first, then those that most links are held by.
function sellersOf(state) {
  const goods = new Set(goodsOf(state).map(([id]) => id));
  const where = new Map(state.info.network.nodes.map((node) => [node.id, node.country]));
  const found = new Set(state.info.supply.filter((one) => goods.has(one.good)).map((one) => where.get(one.node)));
  const order = [state.info.home, ...crossed(state)];
  const rank = ([id]) => (order.includes(id) ? order.indexOf(id) : order.length);
  return countries(state).filter(([id]) => found.has(id)).sort((a, b) => rank(a) - rank(b));
}

// Countries that hold links of the goods on show, those with most links first.
function crossed(state) {
  const counts = new Map();
  for (const { controlled_by: holder } of linksOf(state)) if (holder) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([country]) => country);
}

function linksOf(state) {
  const goods = new Set(goodsOf(state).map(([id]) => id));
  return state.info.network.links.filter((link) => link.goods.some((good) => goods.has(good)));
}
