// Where the figures come from, with licences.

import { html } from '../dom.js';

/** Draw a "sources" block into `node`. Addresses are links that are followed only when clicked. */
export function sources(node, block) {
  const rows = block.rows.map((source) =>
    html(
      'tr',
      {},
      html('th', { scope: 'row' }, html('code', {}, source.key)),
      html('td', {}, title(source), source.publisher ? html('div', { class: 'muted' }, source.publisher) : null),
      html('td', { class: 'nowrap' }, source.date || '–'),
      html('td', {}, source.licence || html('span', { class: 'absent' }, 'not stated')),
    ),
  );
  const heads = ['Key', 'Source', 'Date', 'Licence'].map((head) => html('th', { scope: 'col' }, head));
  const table = html('table', { class: 'data sources' }, html('thead', {}, html('tr', {}, heads)), html('tbody', {}, rows));
  node.append(html('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': block.title ?? 'Sources' }, table));
}

// Only web addresses become links: anything else, such as "javascript:", stays text.
function title(source) {
  if (!/^https?:\/\//i.test(source.url ?? '')) return html('div', {}, source.title);
  const address = html('div', { class: 'address', 'aria-hidden': 'true' }, source.url);
  return html('div', {}, html('a', { href: source.url, rel: 'noreferrer noopener', target: '_blank' }, source.title), address);
}
