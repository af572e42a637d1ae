// What happened and what is in force, as a list: a narrow panel has no room for an axis of years with names on it.

import { drawBlock } from '../blocks.js';
import { hidden, html, onWidth, redrawIn } from '../dom.js';
import { capital, typeset } from '../layout/format.js';
import { byTime, dayWords, spanWords } from './dates.js';

const ROOM = 640;

/** The events of a group of goods: a list, or the report's picture of them where the panel is wide. `block` is its timeline. */
export function eventsTab(block, context) {
  const title = 'What happened, and what is in force';
  const body = html('div', { class: 'chart-grid' });
  onWidth(body, (width) => {
    if (width < ROOM) body.replaceChildren(...eventLists(block));
    else {
      body.replaceChildren(drawBlock({ ...block, title: undefined }, context, 3));
      redrawIn(body);
    }
  });
  return html('div', { class: 'block' }, html('h2', { class: 'block-title' }, title), body);
}

function eventLists({ rows, solved, note }) {
  const parts = solved ? byTime(rows, solved) : [{ title: 'All', rows }];
  return [
    html('div', {}, parts.map((part, i) => [html('details', { class: 'events', open: i === 0 }, html('summary', {}, `${part.title} (${part.rows.length})`), html('ul', {}, part.rows.map(eventItem)))]).flat()),
    note ? html('p', { class: 'note' }, note) : '',
  ];
}

function eventItem(row) {
  const isModelled = row.models.length > 0;
  const about = [row.countries.join(', '), row.goods.join(', ')].filter(Boolean).join(' · ');
  return html(
    'li',
    { class: isModelled ? 'is-modelled' : null },
    html('span', { class: 'event-days' }, daysOf(row), isModelled ? hidden(', in the model') : ''),
    html('strong', {}, typeset(row.name)),
    about ? html('span', { class: 'muted' }, about) : null,
    row.announced ? html('span', { class: 'muted' }, `Announced ${dayWords(row.announced)}`) : null,
    row.verdict ? html('span', { class: 'muted' }, `Claim: ${row.claim}. Found: ${row.verdict}.`) : null,
    row.note ? html('span', { class: 'muted' }, typeset(capital(row.note))) : null,
  );
}

function daysOf({ start, end, open }) {
  if (start && end) return spanWords(start, end);
  if (start) return open ? `From ${dayWords(start)}` : dayWords(start);
  return end ? `Until ${dayWords(end)}` : 'Always';
}
