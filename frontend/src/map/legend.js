// The legend of a block of maps: below the maps, so that it covers nothing, and only what the maps show.

import { formatNumber } from '../layout/format.js';
import { roundBelow } from '../layout/scale.js';
import { html } from '../dom.js';
import { modeDash, sample } from './marks.js';
import { stateIn } from './network.js';

const MODE_WORDS = {
  pipeline: 'Pipeline', sea: 'Sea', rail: 'Rail', road: 'Road', power: 'Power line', transfer: 'Hand-over', port: 'Port', mooring: 'Mooring',
};

/** A list of samples with words. `style` is the one the maps are drawn with. */
export function mapLegend(lines, views, style) {
  const items = [];
  const add = (picture, words) => items.push(html('li', {}, picture, html('span', {}, words)));
  const drawn = lines.map((line) => line.link);
  const flows = views.filter((view) => !view.isDifference);
  const has = (state) => drawn.some((link) => flows.some((view) => stateIn(view, link) === state));

  const seen = new Set();
  for (const link of drawn) {
    const key = `${style.colourOf(link)} ${modeDash(link.mode, 5) ?? ''} ${link.mode === 'rail'}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const mode = MODE_WORDS[link.mode] ?? link.mode;
    const over = link.mode === 'rail' ? { width: 2, dash: '5 5' } : null;
    const words = style.hasGoods ? `${link.good}, ${mode.toLowerCase()}` : mode;
    add(sample('flowing', { width: 5, colour: style.colourOf(link), dash: modeDash(link.mode, 5), over }), words);
  }
  for (const [unit, largest] of style.largest) {
    if (!(largest > 0)) continue;
    const value = roundBelow(largest * 0.6);
    const width = style.widthOfValue(unit, value);
    add(sample('flowing', { width, colour: '--ink-soft', sign: 'arrow' }), `${formatNumber(value)} ${unit}: width = flow`);
  }
  add(sample('flowing', { width: 4, casing: 12, colour: '--ink-soft' }), 'Pale casing = capacity');
  if (lines.some(({ link }) => flows.some((view) => style.isCut(view, link)))) {
    add(sample('flowing', { width: 8, colour: '--ink-soft', sign: 'cut' }), 'Broken: more than drawn');
  }
  if (has('closed')) add(sample('closed', { sign: 'cross' }), 'Closed');
  if (has('planned')) add(sample('planned'), 'Planned');
  if (views.some((view) => view.isDifference)) {
    add(sample('more', { width: 5 }), 'More than before');
    add(sample('less', { width: 6, over: { width: 3.4 } }), 'Less than before (hollow)');
  }
  return html('ul', { class: 'map-legend', 'aria-label': 'Legend' }, items);
}
