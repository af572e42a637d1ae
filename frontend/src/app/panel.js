// The right panel: the answer in words first, then what backs it, behind tabs.

import { hidden, html, redrawIn } from '../dom.js';
import { drawBlock } from '../blocks.js';
import { dumbbells } from '../components/dumbbells.js';
import { capital, formatNumber, typeset } from '../layout/format.js';
import { tabAfter } from '../layout/groups.js';
import { isChanged } from './address.js';
import { assumedTab } from './assumed.js';
import { behindAnswer, computedFigure } from './computed.js';
import { eventsTab } from './events.js';
import { openSources } from './evidence.js';
import { namer } from './facts.js';
import { keepFocus } from './focus.js';
import { pricePictures, whereItWent } from './figures.js';
import { questionsTab } from './questions.js';
import { chosenScenarios } from './suggestions.js';
import { sentences } from './words.js';

/** Tabs with the names of the answer's blocks that each shows. */
const TABS = [
  ['change', 'Change', ['routes', 'when', 'changes']],
  ['gains', 'Gains', ['gains', 'parties', 'accounting']],
  ['prices', 'Prices', ['prices', 'netback']],
  ['routes', 'Routes', ['sankey']],
  ['events', 'Events', []],
  ['questions', 'Questions', []],
  ['trust', 'Trust', ['certificate', 'open', 'binding', 'ledger', 'emergencies', 'reconciliation', 'adjustments', 'wedges', 'sources']],
];

const AS_IT_IS = { change: 'As it is' };

/** The panel. Returns its node; it follows the session's store by itself. */
export function answerPanel(session, context) {
  const { store } = session;
  const words = html('div', { class: 'answer-words', role: 'region', 'aria-live': 'polite', 'aria-label': 'Answer', tabindex: -1 });
  const bar = html('div', { class: 'tabs', role: 'tablist', 'aria-label': 'What backs the answer' });
  const body = html('div', { class: 'panel-body', role: 'tabpanel', id: 'panel-body', tabindex: 0 });
  const buttons = TABS.map(([id, name], i) => {
    const button = html('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': 'panel-body' }, name);
    button.addEventListener('click', () => session.change({ tab: id }));
    button.addEventListener('keydown', (event) => {
      const next = tabAfter(event.key, i, TABS.length);
      if (next === null || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      session.change({ tab: TABS[next][0] });
      buttons[next].focus();
    });
    return button;
  });
  bar.append(...buttons);
  body.addEventListener('corridor:sources', ({ target, detail }) => {
    const rows = [store.get().answer?.page.blocks.sources ?? []].flat().flatMap((block) => block.rows);
    openSources(target, rows.filter((source) => detail.keys.includes(source.key)), detail.words);
  });
  const bigger = html('button', { type: 'button', class: 'panel-wide', 'aria-pressed': 'false', 'aria-label': 'Wide panel', title: 'Wide panel' }, '⇤');
  const node = html('aside', { class: 'panel', 'aria-label': 'Answer and what backs it', tabindex: -1 }, words, html('div', { class: 'tab-bar' }, bar, bigger), body);
  bigger.addEventListener('click', () => {
    const isWide = node.parentNode.classList.toggle('is-wide');
    bigger.setAttribute('aria-pressed', String(isWide));
    bigger.textContent = isWide ? '⇥' : '⇤';
  });

  store.watch(({ answer, status, info, group }) => [answer, status.isRunning && !answer, status.fault, info, group, status.phase === 'words' ? status.message : null], () => keepFocus(words, () => drawWords(words, store.get(), session), words));
  store.watch(({ answer, tab, info, group }) => [answer, tab, info, group], () => {
    const state = store.get();
    buttons.forEach((button, i) => {
      const isChosen = TABS[i][0] === state.tab;
      button.setAttribute('aria-selected', String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
      if (TABS[i][0] in AS_IT_IS) button.textContent = state.answer && !state.answer.page.map?.changed ? AS_IT_IS[TABS[i][0]] : TABS[i][1];
    });
    body.setAttribute('aria-labelledby', `tab-${state.tab}`);
    if (state.info) keepFocus(body, () => drawTab(body, state, session, context), body);
  });
  return node;
}

function drawWords(node, state, session) {
  const { answer, status, info } = state;
  if (!info) {
    node.replaceChildren(html('p', { class: 'muted' }, 'Reading the case…'));
    return;
  }
  const parts = [];
  if (status.fault) parts.push(faultNote(status.fault, session));
  if (status.isRunning && status.phase === 'words') {
    parts.push(html('p', { class: 'answer-text' }, typeset(sentences(status.message)[0])), html('p', { class: 'answer-line' }, typeset(sentences(status.message).slice(1).join(' '))));
  } else if (answer && groupOf(answer) === state.group) {
    const { page } = answer;
    const [first, ...others] = sentences(page.sentence);
    parts.push(html('p', { class: 'answer-text' }, typeset(first)));
    for (const line of others) parts.push(html('p', { class: 'answer-line' }, typeset(line)));
    // The first line of a comparison tells what became of the share that the goods are asked about.
    const [share, ...rest] = page.map?.changed ? page.lines : [null, ...(page.lines ?? [])];
    if (share) parts.push(html('p', { class: 'answer-line' }, typeset(share)));
    if (rest.length) parts.push(html('details', { class: 'answer-more' }, html('summary', {}, `${rest.length} more ${rest.length === 1 ? 'remark' : 'remarks'}`), html('ul', {}, rest.map((line) => html('li', {}, typeset(capital(line)))))));
    parts.push(badges(answer, session));
  } else if (!status.fault) {
    parts.push(html('p', { class: 'answer-text muted' }, `Solving ${state.group.toLowerCase()} as it is…`));
  }
  if (!isChanged(state)) parts.push(chosenScenarios(session, state));
  node.replaceChildren(...parts.filter(Boolean));
}

function groupOf(answer) {
  return answer.question.arguments.group ?? '';
}

function faultNote(fault, session) {
  const list = fault.faults?.length ? html('ul', {}, fault.faults.slice(0, 20).map((one) => html('li', {}, typeof one === 'string' ? one : one.message ?? JSON.stringify(one)))) : null;
  const again = fault.kind === 'cancelled' || fault.kind === 'offline' || fault.status === 429;
  return html(
    'div',
    { class: 'fault', role: 'alert' },
    html('p', {}, fault.message),
    list,
    again ? html('button', { type: 'button', onclick: () => session.again() }, 'Solve again') : null,
  );
}

// The certificate and warnings in a word each; both lead to what stands behind them.
function badges(answer, session) {
  const { certificate, warnings = [], assumed = [] } = answer.answer ?? {};
  const items = [];
  const lead = (words, kind, tab = 'trust') => html('button', { type: 'button', class: `badge ${kind}`, onclick: () => session.change({ tab }) }, words);
  if (certificate) items.push(lead(certificate.passed ? '✓ Certificate passed' : '✗ No certificate', certificate.passed ? 'good' : 'bad'));
  if (assumed.length) items.push(lead(`${formatNumber(assumed.length)} assumed figures`, 'plain'));
  if (warnings.length) items.push(lead(`${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`, 'warn'));
  return items.length ? html('p', { class: 'badges' }, hidden('How far to trust this: '), items) : null;
}

function drawTab(node, state, session, context) {
  const { tab, answer } = state;
  const [, name, wanted] = TABS.find(([id]) => id === tab) ?? TABS[0];
  if (tab === 'questions') {
    node.replaceChildren(questionsTab(session, state, context));
    return;
  }
  if (tab === 'events') {
    const block = state.info.timeline?.[state.group];
    node.replaceChildren(block ? eventsTab(block, context) : html('p', { class: 'muted' }, 'The case tells of no events for these goods.'));
    return;
  }
  if (!answer || groupOf(answer) !== state.group) {
    node.replaceChildren(html('p', { class: 'muted' }, 'The figures appear when the answer is there.'));
    return;
  }
  const blocks = wanted.flatMap((word) => blocksOf(answer, word));
  const extra = tab === 'change' && !answer.page.map?.changed ? asItIs(answer) : [];
  const shown = [...extra, ...blocks].map((block) => drawBlock({ ...block, collapsed: tab === 'trust' && block.rows?.length > 12 ? true : block.collapsed }, context, 2));
  if (tab === 'trust') shown.unshift(assumedTab(state, context));
  if (tab === 'prices') shown.unshift(...priceBlocks(state));
  if (shown.length && tab !== 'trust') shown.push(html('p', { class: 'note' }, 'These figures are worked out, not read in a source: ', computedFigure('how', () => behindAnswer(state)), '.'));
  node.replaceChildren(...(shown.length ? shown : [html('p', { class: 'muted' }, `${name}: nothing to show for this answer.`)]));
  redrawIn(node);
}

function priceBlocks({ answer, info, group }) {
  const goods = info.groups.find((one) => one.name === group)?.goods ?? [];
  return pricePictures(answer.page.prices ?? [], goods, namer(info)).map((told) => {
    const node = html('div', { class: 'block' }, html('h2', { class: 'block-title' }, told.title));
    dumbbells(node, told);
    return node;
  });
}

// Without measures the first tab shows what is: the routes.
function asItIs(answer) {
  return ['sankey', 'prices'].flatMap((word) => blocksOf(answer, word));
}

// Of the months of a change the page draws bars first; their table is one click away.
function blocksOf(answer, word) {
  const blocks = [answer.page.blocks[word] ?? []].flat();
  return word === 'changes' ? blocks.flatMap((block) => [...whereItWent(block), { ...block, collapsed: true }]) : blocks;
}
