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

/** Colour of the i-th of several things; from the ninth on the same colours come again, paler. */
export function colourAt(i) {
  const colour = `var(--c${(i % 8) + 1})`;
  return i < 8 ? colour : `color-mix(in srgb, ${colour} 55%, var(--paper))`;
}
