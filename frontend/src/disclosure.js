// Parts that open on demand. Their content is made when first opened, or when the page is printed.

import { html } from './dom.js';

const makers = new WeakMap();

/** A closed part with a summary; `fill(body)` makes its content. */
export function disclosure(summary, fill, attributes = {}) {
  const body = html('div', { class: 'disclosed' });
  const details = html('details', attributes, html('summary', {}, summary), body);
  makers.set(details, () => fill(body));
  details.addEventListener('toggle', () => details.open && make(details));
  return details;
}

/** Open a part now, with its content. */
export function open(details) {
  make(details);
  details.open = true;
}

function make(details) {
  makers.get(details)?.();
  makers.delete(details);
}
