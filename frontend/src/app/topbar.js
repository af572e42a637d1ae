// Groups of goods as the page's main choice, and the goods within a group as a filter of the map.

import { html } from '../dom.js';
import { namer } from './facts.js';
import { shortGroup } from './words.js';

/** Buttons for the groups of goods, the one on show marked. */
export function groupTabs(session, state) {
  return html(
    'ul',
    {},
    state.info.groups.map(({ name }) =>
      html('li', {}, html('button', { type: 'button', 'aria-current': name === state.group ? 'true' : null, title: name, onclick: () => session.change({ group: name, goods: [], pick: '', period: '' }) }, shortGroup(name) || 'All goods')),
    ),
  );
}

/** Which of a group's goods the map shows; nothing where the group has one good. */
export function goodsFilter(session, state) {
  const goods = state.info.groups.find((one) => one.name === state.group)?.goods ?? [];
  const carried = goods.filter((good) => state.info.network.links.some((link) => link.goods.includes(good)));
  if (carried.length < 2) return [];
  const nameOf = namer(state.info);
  const menu = html(
    'select',
    { 'aria-label': 'Good shown on the map' },
    html('option', { value: '' }, 'All goods'),
    carried.map((good) => html('option', { value: good, selected: state.goods[0] === good }, nameOf(good))),
  );
  menu.addEventListener('change', () => session.change({ goods: menu.value ? [menu.value] : [] }));
  return [menu];
}
