// Small keys of colour and pattern for charts.

import { html } from '../dom.js';

/** A list of swatches with words; items: [{label, colour, kind}], kind being 'area', 'line', 'dashed' or 'band'. */
export function swatches(items) {
  const entry = ({ label, colour, kind = 'area' }) => {
    const swatch = html('i', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
    swatch.style.setProperty('--swatch', colour);
    return html('li', {}, swatch, label);
  };
  return html('ul', { class: 'swatches', 'aria-label': 'Key' }, items.map(entry));
}

/** Colour of the i-th of several things. */
export function colourAt(i) {
  return `var(--c${(i % 8) + 1})`;
}
