// The table of contents: sections, and groups with theirs, marked by what is being read.

import { hidden, html } from './dom.js';

/** The contents of arranged sections; follow them with `followReading` once the sections are on the page. */
export function tableOfContents(entries) {
  const list = html('ol', {}, entries.flatMap(({ section, groups }) => (groups ? groups.map(groupEntry) : [sectionEntry(section)])));
  const details = html('details', { class: 'contents-fold' }, html('summary', {}, 'Contents'), list);
  // On a wide page the list always stands open beside the text; on a narrow one it folds away after a choice.
  const wide = matchMedia('(min-width: 68rem)');
  const follow = () => { details.open = wide.matches; };
  wide.addEventListener('change', follow);
  follow();
  list.addEventListener('click', (event) => { if (event.target.closest('a')) details.open = wide.matches; });
  return html('nav', { class: 'contents', 'aria-label': 'Contents' }, details);
}

function sectionEntry(section) {
  return html('li', {}, html('a', { href: `#${section.id}` }, section.title, section.group ? hidden(`, ${section.group}`) : null));
}

// Sections of several groups have the same names: who only hears the link is told the group too.
function groupEntry(group) {
  return html(
    'li',
    { class: 'contents-group' },
    html('a', { href: `#${group.id}`, class: 'contents-group-name' }, group.name),
    html('ol', {}, group.sections.map(sectionEntry)),
  );
}

/** Mark the section that is being read, and keep its entry in view. */
export function followReading(contents, sections) {
  const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  const list = contents.querySelector('ol');
  const inView = new Set();
  let marked = null;
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) inView[entry.isIntersecting ? 'add' : 'delete'](entry.target);
    const first = sections.find((section) => inView.has(section));
    if (!first || first === marked) return;
    marked = first;
    for (const [id, link] of links) {
      if (id === first.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    keepInView(list, links.get(first.id));
  }, { rootMargin: '-80px 0px -55% 0px' });
  sections.forEach((section) => observer.observe(section));
}

function keepInView(list, link) {
  if (!link || !list.clientHeight) return;
  const [frame, box] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top + 12;
  else if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom + 12;
}
