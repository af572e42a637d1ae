// The blocks of reports and of the app's answers, drawn by the same components.

import { html } from './dom.js';
import { answers } from './components/answers.js';
import { bars } from './components/bars.js';
import { maps } from './components/maps.js';
import { matrix } from './components/matrix.js';
import { sankey } from './components/sankey.js';
import { series } from './components/series.js';
import { sources } from './components/sources.js';
import { table } from './components/table.js';
import { text } from './components/text.js';
import { timeline } from './components/timeline.js';

const COMPONENTS = { answers, bars, maps, matrix, sankey, series, sources, table, text, timeline };

/** A block with its title as a heading of a level. `context` is what components may need beside their block: {world, groupId}. */
export function drawBlock(block, context, level) {
  const node = html('div', { class: `block ${block.type}` });
  if (block.title) node.append(html(`h${level}`, { class: 'block-title' }, block.title));
  const body = html('div', { class: 'block-body' });
  node.append(body);
  COMPONENTS[block.type](body, block, { ...context, level: block.title ? level + 1 : level });
  if (block.note) node.append(html('p', { class: 'note' }, block.note));
  return node;
}
