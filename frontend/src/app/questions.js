// The questions that go beyond one map: each a form, answered in the same sentences as on the command line.

import { hidden, html } from '../dom.js';
import { drawBlock } from '../blocks.js';
import { capital, typeset } from '../layout/format.js';
import { Fault, run } from './api.js';
import { fieldsOf } from './forms.js';
import { copyButton } from './takeaway.js';
import { sentences } from './words.js';

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
    const fields = fieldsOf(verb, state);
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
  const [first, ...others] = sentences(page.sentence);
  node.replaceChildren(
    html('p', { class: 'answer-text' }, typeset(first)),
    ...others.map((line) => html('p', { class: 'answer-line' }, typeset(line))),
    ...(page.lines?.length ? [html('ul', { class: 'answer-lines' }, page.lines.map((line) => html('li', {}, typeset(capital(line)))))] : []),
    html('p', { class: 'copies' }, hidden('Take away: '), copyButton('Copy command', page.command), copyButton('Copy Python', page.python)),
    ...blocks.map((block) => drawBlock(block, context, 3)),
  );
}
