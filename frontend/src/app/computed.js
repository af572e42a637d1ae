// Where a figure comes from that no source holds: what was solved, what it rests on, what binds it, and whether it is proved.

import { html } from '../dom.js';
import { digitsFor, formatNumber, inSentence } from '../layout/format.js';
import { figure, openCard } from './evidence.js';
import { copyButton } from './takeaway.js';

/** A figure that the model worked out; `tell()` gives what the card says of it (see `computedBody`). */
export function computedFigure(words, tell) {
  const node = html('button', { type: 'button', class: 'figure', 'aria-haspopup': 'dialog', title: 'How was this worked out?' }, words);
  node.addEventListener('click', () => openCard(node, computedBody(tell())));
  return node;
}

/** What stands behind what a link carries on one side of the answer. */
export function behindFlow(state, link, { words, side, period }) {
  const { page } = state.answer;
  return {
    title: words,
    what: `What ${link.name} carries, ${period}${side}.`,
    facts: [...full(page, link), ...wedge(page, link)],
    inputs: inputsOf(state, link),
    state,
  };
}

/** What stands behind the price of a good over a link: {good, unit, from, to, isUnique}, from and to as [name, price]. */
export function behindPrice(state, link, row, words, nameOf) {
  const digits = digitsFor([row.ends[0], row.ends[1]]);
  const [from, to] = [link.from, link.to].map(nameOf);
  return {
    title: words,
    what: `The price of ${inSentence(nameOf(row.good))} at ${to}, ${formatNumber(row.ends[1], digits)}, less that at ${from}, ${formatNumber(row.ends[0], digits)} ${row.unit}${row.changed === null ? '' : ', with the measures'}.`,
    facts: [row.isUnique ? null : 'These are not the only prices that fit: the model leaves a range open.', ...full(state.answer.page, link)].filter(Boolean),
    inputs: inputsOf(state, link),
    state,
  };
}

/** What stands behind all figures of an answer. */
export function behindAnswer(state) {
  return { title: 'Worked out, not read', what: 'Every flow, price and gain of this answer.', facts: [], inputs: [], state };
}

function computedBody({ title, what, facts, inputs, state }) {
  const { page, question } = state.answer;
  const { passed, gap, imbalance, threshold } = page.certificate ?? {};
  const exact = (value) => value.toExponential(value < 1e-3 ? 1 : 2).replace('-', '\u2212').replace('.0e', 'e');
  return [
    html('h3', {}, title),
    html('p', {}, html('span', { class: 'basis' }, 'computed'), ` ${what}`),
    html('p', {}, `Solved with every other flow and price of these goods at once: nobody gains by sending a unit another way${question.verb === 'compare' ? ', without the measures and with them' : ''}.`),
    ...facts.map((fact) => html('p', {}, fact)),
    passed === undefined ? null : html('p', {}, passed ? `Certificate passed: balances hold to ${exact(imbalance)}, the gap is ${exact(gap)}; each must be below ${exact(threshold)}.` : 'It has no passing certificate.'),
    inputs.length ? html('p', {}, 'It rests on ', inputs.flatMap((input, i) => [i ? ', ' : '', input]), '.') : null,
    html('p', { class: 'copies' }, copyButton('Copy command', page.command), copyButton('Copy Python', page.python)),
  ].filter(Boolean);
}

function rowsOf(page, word) {
  return [page.blocks[word] ?? []].flat().flatMap((block) => block.rows ?? []);
}

function full(page, link) {
  return rowsOf(page, 'binding').filter((row) => row.what === link.name).map((row) => `It is full in ${row.periods} of the periods; one more unit would be worth ${formatNumber(row.rent, digitsFor([row.rent]))} ${row.unit}.`);
}

function wedge(page, link) {
  const found = rowsOf(page, 'wedges').filter((row) => row.link === link.name && Math.abs(row.wedge) > 0.05);
  return found.map((row) => `What was observed says that it costs ${formatNumber(row.wedge, 1)} ${link.cost_unit ?? ''} more than is known of it; the calibration adds that.`);
}

// The case's own figures of a link, each with its source behind it.
function inputsOf(state, link) {
  const told = [['capacity', 'capacity', link.unit], ['tariff', 'tariff', link.cost_unit], ['transit_fee', 'transit fee', link.cost_unit], ['resource_cost', 'cost of carriage', link.cost_unit]];
  return told
    .filter(([column]) => link[column])
    .map(([column, words, unit]) => figure(`${words} ${formatNumber(link[column])} ${unit ?? ''}`.trim(), { case: state.caseId, table: 'links', id: link.id, column }));
}
