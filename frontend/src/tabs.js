// Groups of sections behind tabs. The address names the open tab or a section in it, so that a link leads to either.

import { html, redrawIn } from './dom.js';
import { tabAfter } from './layout/groups.js';

/** A tab bar with a panel for each group: [{name, id, body}], `body` being what the panel holds. */
export function tabbed(groups, label) {
  const tabs = groups.map((group) =>
    html('button', { type: 'button', role: 'tab', id: `${group.id}-tab`, 'aria-controls': group.id }, group.name),
  );
  const panels = groups.map((group) =>
    html(
      'div',
      { role: 'tabpanel', class: 'group', id: group.id, 'aria-labelledby': `${group.id}-tab`, tabindex: 0 },
      html('h2', { class: 'group-title' }, group.name),
      group.body,
    ),
  );
  const bar = html('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, tabs);
  const region = html('div', { class: 'groups' }, bar, panels);

  const drawn = new Set();
  const select = (chosen) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
      panels[i].hidden = i !== chosen;
    });
    // What was hidden had no width. It is drawn before anything scrolls: pictures that grow later would push the target away.
    if (!drawn.has(chosen) && region.isConnected) {
      drawn.add(chosen);
      redrawIn(panels[chosen]);
    }
    // The bar scrolls sideways where the names have no room; the page itself must not move.
    const [box, frame] = [tabs[chosen].getBoundingClientRect(), bar.getBoundingClientRect()];
    if (box.left < frame.left) bar.scrollLeft -= frame.left - box.left + 24;
    else if (box.right > frame.right) bar.scrollLeft += box.right - frame.right + 24;
  };
  const choose = (chosen) => {
    const isBelow = region.getBoundingClientRect().top < 0;
    select(chosen);
    history.replaceState(null, '', `#${groups[chosen].id}`);
    // A reader deep in one group starts the other at its beginning.
    if (isBelow) region.scrollIntoView();
  };
  tabs.forEach((tab, i) => tab.addEventListener('click', () => choose(i)));
  bar.addEventListener('keydown', (event) => {
    const next = tabAfter(event.key, tabs.indexOf(event.target), tabs.length);
    if (next === null || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    tabs[next].focus({ preventScroll: true });
    choose(next);
  });
  select(0);

  // A link to a group or to anything in one opens its tab before the page moves there.
  const follow = () => {
    const target = document.getElementById(decoded(location.hash.slice(1)));
    const at = panels.findIndex((panel) => panel.contains(target));
    if (at < 0) return;
    select(at);
    (target === panels[at] ? region : target).scrollIntoView();
  };
  window.addEventListener('hashchange', follow);
  return { node: region, follow };
}

function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
