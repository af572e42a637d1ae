// The measures of the question as chips: on or off, with their dates, to take away again; and the case's own scenarios.

import { html } from '../dom.js';
import { spanWords } from './dates.js';
import { namer } from './facts.js';
import { instrumentDates, instrumentWords, parseInstrument, writeInstrument } from './instruments.js';

/** The row of chips for a state. */
export function chipRow(session, state) {
  const { info } = state;
  if (!info) return [];
  const nameOf = namer(info);
  const scenario = info.scenarios.find((one) => one.id === state.scenario);
  const chips = [];
  if (scenario) {
    chips.push(
      chip({
        words: scenario.name, dates: '', isOn: state.isScenarioOn, hint: scenario.note,
        toggle: () => session.change({ isScenarioOn: !state.isScenarioOn }),
        remove: () => session.change({ scenario: '', isScenarioOn: true }),
      }),
    );
  }
  for (const { text, on } of state.items) {
    chips.push(
      chip({
        words: instrumentWords(text, nameOf), dates: instrumentDates(text) || `all of ${spanWords(info.calendar.start, info.calendar.end)}`, isOn: on, hint: text,
        toggle: () => session.toggleItem(text),
        remove: () => session.removeItem(text),
        edit: (start, end) => session.replaceItem(text, writeInstrument({ ...parseInstrument(text), start, end })),
        span: parseInstrument(text),
        calendar: info.calendar,
      }),
    );
  }
  if (!chips.length) chips.push(html('span', { class: 'muted chips-none' }, 'Nothing yet: choose something on the map, or a scenario.'));
  return chips;
}

function chip({ words, dates, isOn, hint, toggle, remove, edit, span, calendar }) {
  const body = html(
    'button',
    { type: 'button', class: 'chip-body', 'aria-pressed': String(isOn), title: `${isOn ? 'In force. Click to switch off' : 'Switched off. Click to switch on'}${hint ? `\n${hint}` : ''}`, onclick: toggle },
    html('i', { class: 'chip-mark', 'aria-hidden': 'true' }),
    html('span', { class: 'chip-words' }, words),
  );
  const node = html('span', { class: `chip ${isOn ? 'is-on' : 'is-off'}` }, body);
  if (edit) node.append(datesEditor(words, dates, span, calendar, edit));
  node.append(html('button', { type: 'button', class: 'chip-remove', 'aria-label': `Remove: ${words}`, onclick: remove }, '×'));
  return node;
}

// The dates of a chip open a small form in which they can be changed.
function datesEditor(words, dates, span, calendar, edit) {
  const from = html('input', { type: 'date', value: span.start, min: calendar.start, max: calendar.end });
  const until = html('input', { type: 'date', value: span.end, min: calendar.start, max: calendar.end });
  const form = html(
    'form',
    { class: 'chip-form' },
    html('label', {}, 'From', from),
    html('label', {}, 'Until before', until),
    html('button', { type: 'submit' }, 'Set dates'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    edit(from.value, until.value);
  });
  return html('details', { class: 'chip-dates' }, html('summary', { 'aria-label': `Dates of ${words}: ${dates}` }, dates), form);
}

/** A menu of the case's scenarios; those of the group on show come first. */
export function scenarioMenu(session, state) {
  const { info } = state;
  const isOwn = (one) => !one.groups || one.groups.includes(state.group);
  const option = (one) => html('option', { value: one.id, selected: one.id === state.scenario }, one.name);
  const [own, others] = [info.scenarios.filter(isOwn), info.scenarios.filter((one) => !isOwn(one))];
  const menu = html(
    'select',
    { class: 'scenario-menu', 'aria-label': 'Scenario' },
    html('option', { value: '' }, 'No scenario'),
    own.length ? html('optgroup', { label: state.group || 'Of this case' }, own.map(option)) : null,
    others.length ? html('optgroup', { label: 'Other goods' }, others.map(option)) : null,
  );
  menu.value = state.scenario;
  menu.addEventListener('change', () => {
    const chosen = info.scenarios.find((one) => one.id === menu.value);
    const group = chosen?.groups?.length && !chosen.groups.includes(state.group) ? { group: chosen.groups[0], goods: [], pick: '' } : {};
    session.change({ scenario: menu.value, isScenarioOn: true, ...group });
  });
  return menu;
}
