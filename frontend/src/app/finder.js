// Find a corridor, country or link by name: a text field with a list (ARIA combobox), for those who don't know the map.

import { html, uniqueId } from '../dom.js';
import { search } from './facts.js';

const MOST = 40;

/** The finder. `things()` gives what can be found: [{pick, name, what}]; `choose(pick)` is told of a choice. */
export function finder(things, choose) {
  const id = uniqueId('found');
  const list = html('ul', { role: 'listbox', id, class: 'finder-list', 'aria-label': 'Found', hidden: true });
  const field = html('input', {
    type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false',
    placeholder: 'Find a corridor, country or link', 'aria-label': 'Find a corridor, country or link',
  });
  let found = [];
  let at = -1;

  const mark = (next) => {
    at = next;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
    if (at >= 0) {
      field.setAttribute('aria-activedescendant', `${id}-${at}`);
      list.children[at].scrollIntoView({ block: 'nearest' });
    } else field.removeAttribute('aria-activedescendant');
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    mark(-1);
  };
  const take = (i) => {
    if (!found[i]) return;
    field.value = '';
    close();
    choose(found[i].pick);
  };
  const open = () => {
    found = search(things(), field.value).slice(0, MOST);
    const items = found.map(({ name, what }, i) =>
      html('li', { role: 'option', id: `${id}-${i}`, 'aria-selected': 'false', onpointerdown: (event) => { event.preventDefault(); take(i); } }, html('span', {}, name), html('span', { class: 'muted' }, what)),
    );
    list.replaceChildren(...(items.length ? items : [html('li', { role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true', class: 'muted' }, 'Nothing of that name.')]));
    list.hidden = false;
    field.setAttribute('aria-expanded', 'true');
    mark(found.length && field.value ? 0 : -1);
  };
  field.addEventListener('input', open);
  field.addEventListener('click', open);
  field.addEventListener('blur', close);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) {
      // A browser would empty the field by itself, and tell of it as of typing.
      field.value = '';
      close();
      event.stopPropagation();
      event.preventDefault();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden) open();
      const count = found.length;
      if (count) mark(event.key === 'ArrowDown' ? (at + 1) % count : (at + count - 1 + (at < 0 ? 1 : 0)) % count);
      event.preventDefault();
    } else if (event.key === 'Enter') {
      take(Math.max(at, 0));
      event.preventDefault();
    }
  });
  return html('div', { class: 'finder' }, field, list);
}
