// Paragraphs.

import { html } from '../dom.js';
import { typeset } from '../layout/format.js';

/** Draw a "text" block into `node`. */
export function text(node, block) {
  node.append(html('div', { class: 'prose' }, block.paragraphs.map((paragraph) => html('p', {}, typeset(paragraph)))));
}
