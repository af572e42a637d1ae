// What is assumed: a drawer with every figure of the goods on show that no source stands behind.

import { drawBlock } from '../blocks.js';
import { disclosure, open } from '../disclosure.js';
import { html } from '../dom.js';
import { ask, query } from './api.js';
import { namer } from './facts.js';

let isOpen = false;

/** A drawer that asks the server when it is opened. */
export function assumedTab(state, context) {
  const fill = async (body) => {
    body.append(html('p', { class: 'muted' }, 'Reading…'));
    try {
      const told = await ask(query('/api/assumed', { case: state.caseId, group: state.group }));
      body.replaceChildren(drawBlock(readable(told.table, state.info), context, 3));
    } catch (fault) {
      body.replaceChildren(html('p', {}, fault.message));
    }
  };
  const drawer = disclosure('What is assumed', fill, { class: 'assumed-drawer' });
  // Drawn anew with the next answer, it stands as the reader left it.
  if (isOpen) open(drawer);
  drawer.addEventListener('toggle', () => { isOpen = drawer.open; });
  return drawer;
}

// The table with names before ids: which figure, its range and why come first, where it stands in the case's files last.
function readable(table, info) {
  const nameOf = namer(info);
  const column = (key) => table.columns.find((one) => one.key === key);
  return {
    ...table,
    title: undefined,
    collapsed: false,
    columns: [{ key: 'figure', label: 'Figure' }, column('low'), column('high'), column('reason'), column('table'), column('id')].filter(Boolean),
    rows: table.rows.map((row) => ({ ...row, figure: `${nameOf(row.id)}: ${row.column.replaceAll('_', ' ')}` })),
  };
}
