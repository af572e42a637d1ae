// What is assumed: a drawer with every figure of the goods on show that no source stands behind.

import { drawBlock } from '../blocks.js';
import { disclosure } from '../disclosure.js';
import { html } from '../dom.js';
import { ask, query } from './api.js';

/** A closed drawer that asks the server when it is opened. */
export function assumedTab(state, context) {
  const fill = async (body) => {
    body.append(html('p', { class: 'muted' }, 'Reading…'));
    try {
      const told = await ask(query('/api/assumed', { case: state.caseId, group: state.group }));
      body.replaceChildren(drawBlock({ ...told.table, title: undefined, collapsed: false }, context, 3));
    } catch (fault) {
      body.replaceChildren(html('p', {}, fault.message));
    }
  };
  return disclosure('What is assumed', fill, { class: 'assumed-drawer' });
}
