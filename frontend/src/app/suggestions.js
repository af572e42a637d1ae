// What to try first: the case's own scenarios for the goods on show.

import { html } from '../dom.js';

const MOST = 5;

/** A list of scenarios as buttons, with a word on how else to begin. */
export function chosenScenarios(session, state) {
  const own = state.info.scenarios.filter((one) => !one.groups || one.groups.includes(state.group));
  const told = own.sort((a, b) => Number(b.headline ?? false) - Number(a.headline ?? false)).slice(0, MOST);
  return html(
    'div',
    { class: 'suggestions' },
    html('h2', {}, 'What if…'),
    told.length
      ? html('ul', {}, told.map((one) => html('li', {}, html('button', { type: 'button', title: one.note, onclick: () => session.change({ scenario: one.id, isScenarioOn: true }) }, one.name))))
      : null,
    html('p', { class: 'muted' }, 'Or click a line or a country on the map to close, halve, widen or ban it.'),
  );
}
