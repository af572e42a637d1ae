// What the page knows and does: the case, the question, the answer on show, and the run that is under way.

import { ask, Fault, query, run } from './api.js';
import { fromAddress, isChanged, PLAIN, questionOf, toAddress } from './address.js';
import * as past from './history.js';
import { prepare } from './prepare.js';
import { createStore } from './store.js';

const KEPT = 40;
const QUESTION = ['scenario', 'isScenarioOn', 'items'];

/**
 * The session of a page. `store` holds the state that the address tells (see address.js) and, beside it:
 * info (the case), history, lost (why the case of a link is not here), answer {key, question, run, page, answer}, status {phase, message, elapsed, fault, isRunning}.
 */
export function createSession() {
  const store = createStore({ ...fromAddress(location.hash), info: null, history: null, answer: null, status: { isRunning: false } });
  const answers = new Map();
  let current = null;
  // What a link asked of a case that is not here.
  let pending = null;

  const change = (patch) => {
    const { history } = store.get();
    const isQuestion = QUESTION.some((key) => key in patch);
    store.set(patch);
    if (isQuestion && history) store.set({ history: past.record(history, questionOf(store.get())) });
    keepAddress();
    refresh();
  };

  const keepAddress = () => history.replaceState(null, '', toAddress(store.get()));

  const step = (move) => {
    const next = move(store.get().history);
    if (next === store.get().history) return;
    store.set({ ...next.now, history: next });
    keepAddress();
    refresh();
  };

  // Solve what is asked unless it is answered already; the last answer stays until the new one is there.
  const refresh = () => {
    const state = store.get();
    if (!state.info) return;
    const question = questionFor(state);
    const key = JSON.stringify(question);
    if (current?.key === key) return;
    current?.cancel();
    current = null;
    if (answers.has(key)) {
      store.set({ answer: answers.get(key), status: { isRunning: false } });
      return;
    }
    store.set({ status: { isRunning: true, message: 'Solving', elapsed: 0 } });
    const started = run(question, (told) => current?.key === key && store.set({ status: { isRunning: true, ...told } }));
    current = { key, cancel: started.cancel };
    started.done.then(
      (found) => {
        const told = { key, question, ...found, answer: essence(found.answer) };
        answers.set(key, told);
        if (answers.size > KEPT) answers.delete(answers.keys().next().value);
        if (current?.key !== key) return;
        current = null;
        store.set({ answer: told, status: { isRunning: false } });
        },
      (fault) => {
        if (current?.key !== key) return;
        current = null;
        const isKnown = fault instanceof Fault;
        store.set({ status: { isRunning: false, fault: isKnown ? fault : new Fault(`The page failed: ${fault.message}`) } });
      },
    );
  };

  const cancel = () => {
    current?.cancel();
    current = null;
    store.set({ status: { isRunning: false, fault: new Fault('Cancelled. What you see is the last answer.', { kind: 'cancelled' }) } });
  };

  const open = async (caseId, told) => {
    const info = prepare(await ask(query('/api/case', { case: caseId })));
    answers.clear();
    const group = info.groups.some((one) => one.name === told.group) ? told.group : info.groups[0]?.name ?? '';
    store.set({ ...told, group, info, caseId, answer: null, status: { isRunning: false } });
    store.set({ history: past.begin(questionOf(store.get())) });
    keepAddress();
    refresh();
  };

  // The state of the address. Where its case is gone the page's own is shown, and `lost` says what to do.
  const openLink = async () => {
    const told = fromAddress(location.hash);
    try {
      await open(told.caseId, told);
    } catch (fault) {
      if (fault.status !== 404 || told.caseId === PLAIN.caseId) throw fault;
      await open(PLAIN.caseId, fromAddress(''));
      pending = told;
      store.set({ lost: fault });
    }
  };

  // A case that was brought. It is asked what a link asked of it when it was gone.
  const openBrought = async (caseId) => {
    await open(caseId, pending ?? fromAddress(''));
    pending = null;
  };

  window.addEventListener('hashchange', () => {
    const { info, caseId } = store.get();
    if (!info || location.hash === toAddress(store.get())) return;
    const told = fromAddress(location.hash);
    if (told.caseId !== caseId) {
      openLink().catch((fault) => store.set({ lost: fault }));
      return;
    }
    change({ ...told, group: info.groups.some((one) => one.name === told.group) ? told.group : store.get().group });
  });

  return {
    store,
    openLink,
    openBrought,
    cancel,
    change,
    again: () => refresh(),
    undo: () => step(past.undo),
    redo: () => step(past.redo),
    addItem: (text) => {
      const rest = store.get().items.filter((item) => item.text !== text);
      change({ items: [...rest, { text, on: true }] });
    },
    removeItem: (text) => change({ items: store.get().items.filter((item) => item.text !== text) }),
    replaceItem: (old, text) => change({ items: store.get().items.map((item) => (item.text === old ? { ...item, text } : item)) }),
    toggleItem: (text) => change({ items: store.get().items.map((item) => (item.text === text ? { ...item, on: !item.on } : item)) }),
  };
}

// An answer's tables are large; the page keeps what it shows beside the page made of them.
function essence(answer) {
  const { certificate, warnings, assumed } = answer ?? {};
  return { certificate, warnings, assumed };
}

/** What the server is asked for a state: the base as it is, or what the measures change against it. */
export function questionFor({ caseId, group, scenario, isScenarioOn, items }) {
  // A case without groups has one that has no name.
  const told = group ? { group } : {};
  if (!isChanged({ scenario, isScenarioOn, items })) return { verb: 'solve', case: caseId, arguments: told };
  if (scenario && isScenarioOn) told.scenario = scenario;
  const on = items.filter((item) => item.on).map((item) => item.text);
  if (on.length) told.with = on;
  return { verb: 'compare', case: caseId, arguments: told };
}
