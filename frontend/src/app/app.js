// Entry of the app: reads the case from its server, and keeps map, words, chips and time in step with one state.

import { html } from '../dom.js';
import { ask, Fault } from './api.js';
import { bringIn, faultDialog } from './bring.js';
import { pickCard } from './card.js';
import { chipRow, scenarioMenu } from './chips.js';
import { closeEvidence } from './evidence.js';
import { findable, pickedThing } from './facts.js';
import { finder } from './finder.js';
import { keepFocus } from './focus.js';
import { answerPanel } from './panel.js';
import { allViews, LOOKS, networkOf, viewsFor } from './pictures.js';
import { createSession } from './session.js';
import { mapStage } from './stage.js';
import { takeawayMenu } from './takeaway.js';
import { themeButton } from './theme.js';
import { timeBar } from './timebar.js';
import { goodsFilter, groupTabs } from './topbar.js';
import './app.css';

const session = createSession();
const { store } = session;
const page = document.getElementById('page');

async function start() {
  const world = ask('/static/world.json');
  const opened = session.openLink();
  build(await world);
  await opened;
  // From here on the reader can act: the case is read, the map is drawn.
  performance.mark('usable');
  document.documentElement.dataset.ready = 'true';
}

function build(world) {
  const context = { world, groupId: new Map(), leastWidth: 380 };
  const stage = mapStage({ world, onPick: (pick) => session.change({ pick }) });
  const said = html('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  const say = (words) => {
    said.textContent = words;
    setTimeout(() => { if (said.textContent === words) said.textContent = ''; }, 4000);
  };

  const title = html('span', { class: 'case-title' });
  const groups = html('nav', { class: 'group-tabs', 'aria-label': 'Goods' });
  const undo = html('button', { type: 'button', class: 'icon', 'aria-label': 'Undo', title: 'Undo (Ctrl+Z)', onclick: session.undo }, '↶');
  const redo = html('button', { type: 'button', class: 'icon', 'aria-label': 'Redo', title: 'Redo (Ctrl+Shift+Z)', onclick: session.redo }, '↷');
  const tools = html('div', { class: 'top-tools' }, undo, redo, takeawayMenu(session, () => ({ ...stage.current(), world }), say));
  tools.append(bringIn(session, tools), themeButton(() => stage.redraw()));
  const top = html('header', { class: 'top' }, html('h1', {}, html('span', { class: 'brand' }, 'Corridor'), title), groups, tools);

  const scenarios = html('div', { class: 'question-scenario' });
  const chips = html('div', { class: 'chips', role: 'group', 'aria-label': 'Measures' });
  const status = html('div', { class: 'solving', role: 'status' });
  const looks = html('div', { class: 'looks', role: 'group', 'aria-label': 'Which picture' });
  const filter = html('div', { class: 'goods-filter' });
  const card = html('div', { class: 'card-place' });
  const find = finder(() => findable(store.get().info, store.get().group), (pick) => {
    session.change({ pick });
    card.querySelector('h2')?.focus();
  });
  const question = html('section', { class: 'question-bar', 'aria-labelledby': 'what-if' }, html('h2', { id: 'what-if' }, 'What if'), find, scenarios, chips, status);
  const right = html('div', { class: 'over-map-right' }, looks, filter);
  stage.frame.append(right);
  const middle = html('section', { class: 'middle', id: 'map', 'aria-label': 'Map' }, card, stage.node);
  const panel = answerPanel(session, context);
  const main = html('main', { id: 'main' }, middle, panel);
  page.replaceChildren(html('a', { class: 'skip', href: '#main', onclick: skip(find) }, 'Skip to the map'), top, question, main, timeBar(session), said);

  store.watch(({ info, group }) => [info, group], () => {
    const state = store.get();
    if (!state.info) return;
    title.textContent = state.info.case.title;
    title.title = state.info.case.title;
    document.title = `${state.info.case.title} – Corridor`;
    keepFocus(groups, () => groups.replaceChildren(groupTabs(session, state)));
  });
  store.watch(({ info, group, goods }) => [info, group, goods], () => {
    if (store.get().info) keepFocus(filter, () => filter.replaceChildren(...goodsFilter(session, store.get())));
  });
  store.watch(({ lost }) => [lost], ([lost]) => lost && faultDialog(lost, 'The case of this link is not here', 'Go on'));
  store.watch(({ info, history }) => [info, history], () => {
    const { history } = store.get();
    // Not `disabled`: a button that has just been used up would lose the focus.
    undo.setAttribute('aria-disabled', String(!history?.past.length));
    redo.setAttribute('aria-disabled', String(!history?.future.length));
  });
  store.watch(({ info, scenario, isScenarioOn, items, group }) => [info, scenario, isScenarioOn, items, group], () => {
    const state = store.get();
    if (!state.info) return;
    keepFocus(chips, () => chips.replaceChildren(...chipRow(session, state)), find.querySelector('input'));
    keepFocus(scenarios, () => scenarios.replaceChildren(scenarioMenu(session, state)));
  });
  store.watch(({ status: told }) => [told], ([told]) => keepFocus(status, () => drawStatus(status, told, session), panel.querySelector('.answer-words')));
  store.watch(({ info, group, goods, answer, look, period }) => [info, group, goods, answer, look, period], () => drawMap(stage, looks));
  let shown = store.get().pick;
  store.watch(({ info, pick, answer, period, items, group }) => [info, pick, answer, period, items, group], () => {
    const state = store.get();
    if (!state.info) return;
    const hadFocus = card.contains(document.activeElement);
    const next = pickCard(session, state);
    middle.classList.toggle('has-card', Boolean(next));
    keepFocus(card, () => card.replaceChildren(...(next ? [next] : [])), next?.querySelector('h2'));
    if (hadFocus && !next) find.querySelector('input').focus();
    if (next && state.pick !== shown) reveal(card);
    shown = state.pick;
    stage.highlight(new Set(state.pick ? pickedThing(state.info, state.pick)?.links : []));
  });
}

function drawMap(stage, looks) {
  const state = store.get();
  if (!state.info) return;
  const isOwn = state.answer && (state.answer.question.arguments.group ?? '') === state.group && state.answer.question.case === state.caseId;
  const map = isOwn ? state.answer.page.map : null;
  const isCompared = Boolean(map?.changed);
  const look = state.look || 'after';
  keepFocus(looks, () => looks.replaceChildren(
    ...(isCompared ? LOOKS.map(([id, words]) => html('button', { type: 'button', 'aria-pressed': String(look === id), onclick: () => session.change({ look: id === 'after' ? '' : id }) }, words)) : []),
  ));
  const network = networkOf(state.info, state.group, state.goods);
  stage.show({ ...network, ...viewsFor(map, look, state.period), scale: allViews(map), look: isCompared ? look : 'after', home: state.info.home, region: `${state.caseId} ${state.group}` });
}

function drawStatus(node, status, { cancel }) {
  node.classList.toggle('is-running', status.isRunning);
  if (!status.isRunning) {
    node.replaceChildren();
    return;
  }
  const words = status.phase === 'words' ? 'Drawing the answer' : status.message ?? 'Solving';
  const seconds = status.elapsed > 1.5 ? ` ${Math.round(status.elapsed)} s` : '';
  if (node.firstChild) node.querySelector('.solving-words').textContent = `${words}…${seconds}`;
  else {
    node.replaceChildren(
      html('span', { class: 'spinner', 'aria-hidden': 'true' }),
      html('span', { class: 'solving-words' }, `${words}…${seconds}`),
      html('button', { type: 'button', onclick: cancel }, 'Cancel'),
    );
  }
}

// Where the page is one column the card stands below the map: the page moves until its upper part is seen.
function reveal(card) {
  const beyond = card.getBoundingClientRect().top - innerHeight * 0.55;
  if (beyond > 0) scrollBy({ top: beyond, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

function skip(find) {
  return (event) => {
    event.preventDefault();
    find.querySelector('input').focus();
  };
}

// A menu or form that hangs from its button closes when the reader turns to something else.
function openMenu() {
  return document.querySelector('.menu[open], .chip-dates[open]');
}

document.addEventListener('pointerdown', (event) => {
  const menu = openMenu();
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  // An empty field has nothing of its own to undo.
  const isTyping = event.target.matches?.('input:not([type=range]):not([type=checkbox]), textarea, select') && event.target.value !== '';
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !isTyping) {
    event.preventDefault();
    if (event.shiftKey) session.redo();
    else session.undo();
  } else if (event.key === 'Escape' && openMenu()) {
    const menu = openMenu();
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (event.key === 'Escape' && !closeEvidence(true) && store.get().pick && !isTyping) session.change({ pick: '' });
});

start().catch((fault) => {
  page.replaceChildren(html('div', { class: 'fault page-fault', role: 'alert' }, html('h1', {}, 'Corridor'), html('p', {}, fault instanceof Fault ? fault.message : `The page failed: ${fault.message}`), html('button', { type: 'button', onclick: () => location.reload() }, 'Try again')));
  document.documentElement.dataset.ready = 'true';
});
