// What the page shows, as the part of its address after #: a link shows the same to whoever opens it.

/** What the page shows when its address says nothing. */
export const PLAIN = { caseId: 'default', group: '', scenario: '', isScenarioOn: true, items: [], look: '', tab: 'change', period: '', pick: '', goods: [] };

const CASE = /^[\w-]{1,64}$/;
const LOOKS = new Set(['', 'before', 'after', 'change', 'all']);

/** State -> "#group=Crude+oil&with=closure:cpc..."; what is as always is left out. */
export function toAddress(state) {
  const words = new URLSearchParams();
  if (state.caseId !== PLAIN.caseId) words.set('case', state.caseId);
  if (state.group) words.set('group', state.group);
  if (state.scenario) words.set(state.isScenarioOn ? 'scenario' : 'scenario-off', state.scenario);
  for (const { text, on } of state.items) words.append(on ? 'with' : 'off', text);
  for (const key of ['look', 'tab', 'period', 'pick']) if (state[key] !== PLAIN[key]) words.set(key, state[key]);
  if (state.goods.length) words.set('goods', state.goods.join(','));
  // Colons, commas and slashes may stand as they are after #, and make the address readable.
  const text = words.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3D', '=');
  return text ? `#${text}` : '#';
}

/** The state that an address tells of; what can't be read is as always. */
export function fromAddress(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const state = { ...PLAIN, items: [], goods: [] };
  for (const [key, value] of words) {
    if (key === 'with' || key === 'off') state.items.push({ text: value, on: key === 'with' });
    else if (key === 'scenario' || key === 'scenario-off') [state.scenario, state.isScenarioOn] = [value, key === 'scenario'];
    else if (key === 'goods') state.goods = value.split(',').filter(Boolean);
    else if (key === 'case' && CASE.test(value)) state.caseId = value;
    else if (key === 'look' && !LOOKS.has(value)) continue;
    else if (['group', 'look', 'tab', 'period', 'pick'].includes(key)) state[key] = value;
  }
  return state;
}

/** The part of the state that undo and redo are about: what is asked. */
export function questionOf({ scenario, isScenarioOn, items }) {
  return { scenario, isScenarioOn, items };
}

/** Whether anything is asked that changes the base. */
export function isChanged({ scenario, isScenarioOn, items }) {
  return Boolean(scenario && isScenarioOn) || items.some((item) => item.on);
}
