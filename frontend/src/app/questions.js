// The questions that go beyond one map: each a form, answered in the same sentences as on the command line.

import { hidden, html } from '../dom.js';
import { drawBlock } from '../blocks.js';
import { typeset } from '../layout/format.js';
import { Fault, run } from './api.js';
import { namer } from './facts.js';
import { copyButton } from './takeaway.js';

const VERBS = {
  share: { name: 'How dependent?', what: 'Which share of a trade crosses a country, takes a corridor, or is with a partner.' },
  stress: { name: 'What hurts most?', what: 'Which closures together cost a country most, and whether that is proven.' },
  bargain: { name: 'Who has the hold?', what: 'What each transit state is worth to all, and the toll it could take.' },
  retaliate: { name: 'Ban and counter-ban?', what: 'Two countries can each ban goods: who is hurt more, and where it settles.' },
  invest: { name: 'What to build?', what: 'The cheapest plan that brings a dependence below a share by a year; it can take a minute or two.' },
  rivalry: { name: 'Sell as one?', what: 'What sellers of a good gain by selling it as one in place of as rivals, and what buyers pay for it.' },
};

const kept = { verb: 'share', answers: new Map(), running: null };

/** The tab of questions. */
export function questionsTab(session, state, context) {
  const node = html('div', { class: 'questions' });
  const verbs = state.info.verbs?.filter((verb) => verb in VERBS) ?? [];
  const place = html('div', { class: 'question-place' });
  const result = html('div', { class: 'question-answer', 'aria-live': 'polite' });
  const choose = (verb) => {
    kept.verb = verb;
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(verbs[i] === verb)));
    place.replaceChildren(html('p', { class: 'muted' }, VERBS[verb].what), presets(verb), form(verb));
    drawAnswer(result, kept.answers.get(answerKey(state, verb)), context);
  };
  const buttons = verbs.map((verb) => html('button', { type: 'button', onclick: () => choose(verb) }, VERBS[verb].name));
  const start = (verb, told) => {
    kept.running?.cancel();
    const cancel = html('button', { type: 'button', onclick: () => kept.running?.cancel() }, 'Cancel');
    const words = html('span', {}, 'Asking…');
    result.replaceChildren(html('p', { class: 'progress' }, html('span', { class: 'spinner', 'aria-hidden': 'true' }), words, cancel));
    const extra = measures(state);
    const started = run({ verb, case: state.caseId, arguments: { ...told, ...(verb === 'retaliate' ? {} : extra) } }, ({ message, elapsed }) => {
      words.textContent = elapsed > 2 ? `${message}, ${Math.round(elapsed)} s` : message;
    });
    kept.running = started;
    started.done.then(
      (found) => {
        kept.answers.set(answerKey(state, verb), found);
        if (kept.running === started && kept.verb === verb) drawAnswer(result, found, context);
      },
      (fault) => {
        if (kept.running === started) result.replaceChildren(html('div', { class: 'fault', role: 'alert' }, html('p', {}, fault instanceof Fault ? fault.message : `The page failed: ${fault.message}`), faultList(fault)));
      },
    );
  };
  const presets = (verb) => {
    const own = state.info.questions.filter((one) => one.verb === verb && (!one.groups.length || one.groups.includes(state.group)));
    if (!own.length) return '';
    return html('ul', { class: 'presets' }, own.map((one) => html('li', {}, html('button', { type: 'button', onclick: () => start(verb, one.arguments) }, one.label))));
  };
  const form = (verb) => {
    const fields = FORMS[verb](state);
    const node_ = html('form', { class: 'question-form', 'aria-label': VERBS[verb].name }, fields.map((field) => field.node), html('button', { type: 'submit', class: 'primary' }, 'Ask'));
    node_.addEventListener('submit', (event) => {
      event.preventDefault();
      const told = Object.assign({}, ...fields.map((field) => field.read()));
      start(verb, told);
    });
    return node_;
  };
  node.append(html('h2', { class: 'block-title' }, 'Ask more'), html('div', { class: 'question-verbs', role: 'group', 'aria-label': 'Question' }, buttons), place, result);
  choose(verbs.includes(kept.verb) ? kept.verb : verbs[0]);
  return node;
}

function answerKey(state, verb) {
  return `${state.caseId} ${state.group} ${verb}`;
}

// What is switched on counts for the questions too.
function measures({ scenario, isScenarioOn, items }) {
  const on = items.filter((item) => item.on).map((item) => item.text);
  return { ...(scenario && isScenarioOn ? { scenario } : {}), ...(on.length ? { with: on } : {}) };
}

function faultList(fault) {
  return fault.faults?.length ? html('ul', {}, fault.faults.map((one) => html('li', {}, one.message ?? String(one)))) : '';
}

function drawAnswer(node, found, context) {
  if (!found) {
    node.replaceChildren();
    return;
  }
  const { page } = found;
  const blocks = Array.isArray(page.blocks) ? page.blocks : Object.values(page.blocks ?? {}).flat();
  node.replaceChildren(
    html('p', { class: 'answer-text' }, typeset(page.sentence)),
    ...(page.lines?.length ? [html('ul', { class: 'answer-lines' }, page.lines.map((line) => html('li', {}, typeset(line))))] : []),
    html('p', { class: 'copies' }, hidden('Take away: '), copyButton('Copy command', page.command), copyButton('Copy Python', page.python)),
    ...blocks.map((block) => drawBlock(block, context, 3)),
  );
}

/* Fields: {node, read()}; read gives the arguments that the field stands for. */

function choice(label, name, options, chosen) {
  const input = html('select', {}, options.map(([value, words]) => html('option', { value, selected: value === chosen }, words)));
  return { node: html('label', {}, label, input), read: () => (input.value ? { [name]: input.value } : {}), input };
}

function many(label, name, options, chosen, asText = false) {
  const boxes = options.map(([value, words]) => {
    const box = html('input', { type: 'checkbox', value, checked: chosen.includes(value) });
    return { box, node: html('label', { class: 'check' }, box, words) };
  });
  const node = html('fieldset', {}, html('legend', {}, label), boxes.map((one) => one.node));
  const read = () => {
    const values = boxes.filter((one) => one.box.checked).map((one) => one.box.value);
    return { [name]: asText ? values.join(',') : values };
  };
  return { node, read };
}

function number(label, name, value, { min, max, step = 1 }) {
  const input = html('input', { type: 'number', value, min, max, step, required: true });
  return { node: html('label', {}, label, input), read: () => ({ [name]: Number(input.value) }) };
}

function goodsOf(state) {
  const nameOf = namer(state.info);
  return state.info.groups.find((one) => one.name === state.group).goods.map((id) => [id, nameOf(id)]);
}

function countries(state) {
  return state.info.countries.map(({ id, name }) => [id, name]);
}

/** The way a share is asked about: one choice of country or corridor, under the word chosen. */
function way(state, ways = [['through', 'crosses'], ['partner', 'is with'], ['touching', 'crosses or is with'], ['via', 'takes corridor']]) {
  const own = asked(state, 'how');
  const how = choice('that', 'how', ways, ways.some(([value]) => value === own) ? own : 'through');
  const places = countries(state);
  const goods = new Set(goodsOf(state).map(([id]) => id));
  const corridors = state.info.corridors.filter((one) => one.goods.some((good) => goods.has(good))).map(({ id, name }) => [id, name]);
  const what = html('select', { 'aria-label': 'Which country or corridor' });
  const fill = () => what.replaceChildren(...(how.input.value === 'via' ? corridors : places).map(([value, words]) => html('option', { value, selected: value === 'RUS' }, words)));
  how.input.addEventListener('change', fill);
  fill();
  return { node: html('span', { class: 'field-pair' }, how.node, what), read: () => ({ [how.input.value]: what.value }) };
}

// What the case's own question about this group asks, as a first choice.
function asked(state, name) {
  const own = state.info.questions.find((one) => one.groups.includes(state.group))?.arguments ?? {};
  return name === 'how' ? ['through', 'partner', 'touching', 'via'].find((key) => own[key]) : own[name];
}

const FORMS = {
  share: (state) => [
    choice('Good', 'good', goodsOf(state), asked(state, 'good')),
    choice('of', 'of', countries(state), asked(state, 'of') ?? state.info.home),
    choice('its', 'direction', [['exports', 'exports'], ['imports', 'imports']], asked(state, 'direction') ?? 'exports'),
    way(state),
  ],
  stress: (state) => [
    choice('Good', 'good', goodsOf(state), asked(state, 'good')),
    choice('Who loses', 'for', countries(state), asked(state, 'of') ?? state.info.home),
    number('Closures at once, at most', 'k', 1, { min: 1, max: 4 }),
    choice('Of', 'over', [['corridors', 'corridors and border links'], ['countries', 'countries'], ['links', 'links']], 'corridors'),
    choice('Loss of', 'loss', [['exports', 'exports'], ['unserved', 'supply at home'], ['gains', 'gains'], ['objective', 'all gains together']], asked(state, 'direction') === 'imports' ? 'unserved' : 'exports'),
  ],
  bargain: (state) => [
    choice('Good', 'good', goodsOf(state), asked(state, 'good')),
    many('Players', 'players', countries(state), [...new Set([state.info.home, 'RUS', ...crossed(state)])].slice(0, 4)),
    choice('Outsiders', 'outsiders', [['absent', 'withhold what they hold'], ['compete', 'trade over their own']], 'absent'),
    choice('Contracts', 'contracts', [['bind', 'bind'], ['void', 'are void']], 'bind'),
  ],
  retaliate: (state) => [
    choice('One side', 'a', countries(state), state.info.home),
    choice('Other side', 'b', countries(state), 'RUS'),
    many('Goods', 'goods', goodsOf(state), goodsOf(state).slice(0, 2).map(([id]) => id)),
  ].map((field, i, all) => (i === 0 ? { ...field, read: () => ({ between: [all[0].input.value, all[1].input.value] }) } : i === 1 ? { ...field, read: () => ({}) } : field)),
  invest: (state) => {
    const years = state.info.calendar.planning.map((year) => [String(year), String(year)]);
    const by = choice('from', 'by', years, years[Math.floor((years.length - 1) / 2)]?.[0]);
    const most = number('Share at most, %', 'max_share', 60, { min: 0, max: 100 });
    return [
      choice('Good', 'good', goodsOf(state), asked(state, 'good')),
      choice('of', 'of', countries(state), asked(state, 'of') ?? state.info.home),
      choice('its', 'direction', [['exports', 'exports'], ['imports', 'imports']], asked(state, 'direction') ?? 'exports'),
      way(state, [['through', 'crosses'], ['partner', 'is with']]),
      { ...most, read: () => ({ max_share: most.read().max_share / 100 }) },
      { ...by, read: () => ({ by: Number(by.input.value) }) },
      choice('Paid by', 'payer', [['', 'nobody named'], ...countries(state)], ''),
    ];
  },
  rivalry: (state) => {
    const sellers = sellersOf(state);
    return [
      choice('Good', 'good', goodsOf(state), asked(state, 'good')),
      many('Sellers', 'sellers', sellers, [...new Set([state.info.home, 'RUS'])].filter((id) => sellers.some(([seller]) => seller === id))),
      choice('Power of each over the price', 'theta', [['1', 'full (Cournot rivals)'], ['0.5', 'half'], ['0.25', 'a quarter']], '1'),
    ].map((field, i) => (i === 2 ? { ...field, read: () => ({ theta: Number(field.input.value) }) } : field));
  },
};

// Countries that produce a good on show.
function sellersOf(state) {
  const goods = new Set(goodsOf(state).map(([id]) => id));
  const where = new Map(state.info.network.nodes.map((node) => [node.id, node.country]));
  const found = new Set(state.info.supply.filter((one) => goods.has(one.good)).map((one) => where.get(one.node)));
  return countries(state).filter(([id]) => found.has(id));
}

// Countries that the goods on show cross, those with most links first.
function crossed(state) {
  const goods = new Set(goodsOf(state).map(([id]) => id));
  const counts = new Map();
  for (const link of state.info.network.links) {
    if (link.goods.some((good) => goods.has(good)) && link.controlled_by) counts.set(link.controlled_by, (counts.get(link.controlled_by) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([country]) => country);
}
