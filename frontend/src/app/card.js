// The card of what the reader chose on the map: what it carries, who holds it, and what can be done with it.

import { html } from '../dom.js';
import { digitsFor, formatChange, formatNumber, formatPercent, inSentence } from '../layout/format.js';
import { shortName } from '../map/network.js';
import { behindFlow, behindPrice, computedFigure } from './computed.js';
import { carried, namer, pickedThing, pricesOver } from './facts.js';
import { figure } from './evidence.js';
import { shownPeriod } from './pictures.js';
import { parseInstrument, writeInstrument } from './instruments.js';

/** The card for `state.pick`, or null where nothing is chosen. `session` does what its buttons say. */
export function pickCard(session, state) {
  const thing = state.pick && state.info ? pickedThing(state.info, state.pick) : null;
  if (!thing) return null;
  const nameOf = namer(state.info);
  const links = thing.links.map((id) => state.info.network.links.find((link) => link.id === id)).filter(Boolean);
  const close = html('button', { type: 'button', class: 'card-close', 'aria-label': 'Close details', onclick: () => session.change({ pick: '' }) }, '×');
  const body = { link: linkBody, corridor: corridorBody, country: countryBody }[thing.kind](session, state, thing, links, nameOf);
  return html(
    'section',
    { class: 'pick-card', 'aria-labelledby': 'pick-title' },
    close,
    html('p', { class: 'pick-kind' }, { link: 'Link', corridor: 'Corridor', country: 'Country' }[thing.kind]),
    html('h2', { id: 'pick-title', tabindex: -1 }, thing.name),
    body,
  );
}

function linkBody(session, state, thing, [link], nameOf) {
  const map = state.answer?.page.map;
  const evidence = (column) => ({ case: state.caseId, table: 'links', id: link.id, column });
  const sides = carried(map, link, state.period);
  const prices = pricesOver(state.answer?.page.prices ?? [], link);
  const corridors = state.info.corridors.filter((one) => one.links.includes(link.id));
  return [
    html('p', {}, `${nameOf(link.from)} → ${nameOf(link.to)}`),
    html('p', { class: 'muted' }, [link.mode, link.goods.map(nameOf).join(', '), link.status === 'open' ? '' : link.status].filter(Boolean).join(' · ')),
    usage(state, link, sides),
    actions(session, state, { target: link.id, name: link.name, links: [link] }),
    facts([
      ['Capacity', link.capacity === null ? 'not known' : figure(`${formatNumber(link.capacity)} ${link.unit}`, evidence('capacity'))],
      ['Can be stopped by', link.controlled_by ? nameOf(link.controlled_by) : null],
      ['Crosses', link.crosses?.length ? link.crosses.map(nameOf).join(', ') : null],
      ['Owners', owners(link, nameOf, 'equity')],
      ['Rights to use it', owners(link, nameOf, 'capacity')],
      ['Tariff', money(link.tariff, link, evidence('tariff'))],
      ['Transit fee', money(link.transit_fee, link, evidence('transit_fee'))],
      ['Cost of carriage', money(link.resource_cost, link, evidence('resource_cost'))],
      ...prices.map((row) => [`Price over it, ${inSentence(nameOf(row.good))}`, priceOf(state, link, row, nameOf)]),
    ]),
    corridors.length ? html('p', { class: 'pick-more' }, 'Part of ', corridors.map((one, i) => [i ? ', ' : '', linkTo(session, `corridor:${one.id}`, one.name)]).flat()) : null,
  ];
}

function corridorBody(session, state, thing, links, nameOf) {
  const corridor = state.info.corridors.find((one) => one.id === thing.id);
  const map = state.answer?.page.map;
  const screen = links.find((link) => link.id === corridor.screen) ?? links[0];
  const sides = screen ? carried(map, screen, state.period) : {};
  const holders = [...new Set(links.map((link) => link.controlled_by).filter(Boolean))].map(nameOf);
  return [
    html('p', { class: 'muted' }, corridor.goods.map(nameOf).join(', ')),
    screen ? usage(state, screen, sides) : null,
    actions(session, state, { target: corridor.id, name: corridor.name, links }),
    streams(state, corridor.name),
    facts([
      ['Can be stopped by', holders.join(', ')],
      ['Crosses', corridor.countries.map(nameOf).join(', ')],
    ]),
    links.length > 1
      ? html('details', { class: 'pick-links' }, html('summary', {}, `Its ${links.length} links`), html('ul', {}, links.map((link) => html('li', {}, linkTo(session, `link:${link.id}`, link.name)))))
      : null,
  ];
}

function countryBody(session, state, thing, links, nameOf) {
  const map = state.answer?.page.map;
  const group = state.info.groups.find((one) => one.name === state.group);
  const rows = links
    .filter((link) => link.goods.some((good) => group.goods.includes(good)))
    .map((link) => ({ link, flow: carried(map, link, state.period).base?.flow ?? 0, after: carried(map, link, state.period).changed?.flow ?? null }))
    .sort((a, b) => b.flow - a.flow);
  const held = rows.filter(({ link }) => link.controlled_by === thing.id);
  return [
    html('p', {}, rows.length ? `${rows.length} links cross or end in ${thing.name}; it can stop ${held.length} of them.` : `Nothing on this map crosses ${thing.name}.`),
    html(
      'ul',
      { class: 'pick-flows' },
      rows.slice(0, 8).map(({ link, flow, after }) => html('li', {}, linkTo(session, `link:${link.id}`, link.name), html('span', {}, flowWords(flow, after, link.unit)))),
    ),
    bans(session, state, nameOf, thing.id),
  ];
}

function flowWords(flow, after, unit) {
  const digits = digitsFor([flow, after]);
  const then = after === null || Math.abs(after - flow) < 0.5 * 10 ** -digits ? '' : ` → ${formatNumber(after, digits)}`;
  return `${formatNumber(flow, digits)}${then} ${unit}`;
}

// Flow over capacity as a bar, before and after, with the figures in words.
function usage(state, link, { base, changed }) {
  if (!base) return html('p', { class: 'muted' }, 'Flows appear when the case is solved.');
  const digits = digitsFor([base.flow, changed?.flow, base.capacity]);
  const most = Math.max(base.capacity ?? 0, changed?.capacity ?? 0, base.flow, changed?.flow ?? 0) || 1;
  const row = (label, side) => {
    const bar = html('span', { class: 'usage-bar', 'aria-hidden': 'true' }, html('i', { class: 'usage-room' }), html('i', { class: 'usage-flow' }));
    bar.firstChild.style.width = `${(100 * (side.capacity ?? 0)) / most}%`;
    bar.lastChild.style.width = `${(100 * side.flow) / most}%`;
    const used = side.capacity ? ` of ${formatNumber(side.capacity, digits)}, ${formatPercent(side.flow / side.capacity)}` : '';
    const flow = `${formatNumber(side.flow, digits)} ${link.unit}`;
    const which = changed ? (side === base ? ', before the measures' : ', with the measures') : '';
    const words = side.isClosed ? 'closed' : [computedFigure(flow, () => behindFlow(state, link, { words: flow, side: which, period: periodWords(state) })), used];
    return html('div', { class: side.isClosed ? 'usage is-closed' : 'usage' }, html('span', { class: 'usage-label' }, label), bar, html('span', { class: 'usage-words' }, words));
  };
  const rows = changed ? [row('Before', base), row('After', changed)] : [row('Carries', base)];
  if (changed && Math.abs(changed.flow - base.flow) > 1e-6) {
    rows.push(html('p', { class: 'usage-change' }, `${formatChange(changed.flow - base.flow, digits)} ${link.unit}`));
  }
  return html('div', { class: 'usages' }, rows);
}

// The days that the figures of the card are about, as the map says them.
function periodWords(state) {
  const { map } = state.answer.page;
  const at = shownPeriod(map, state.period);
  return (map.changed ?? map.base).find((view) => view.id === at)?.title ?? '';
}

// For whom a corridor carries: its neighbours in the Sankey of the answer, origins before it and destinations behind it.
function streams(state, name) {
  const blocks = [state.answer?.page.blocks.sankey ?? []].flat();
  for (const block of blocks) {
    const node = block.nodes.find((one) => one.label === name);
    if (!node) continue;
    const labels = new Map(block.nodes.map((one) => [one.id, one.label]));
    const links = block.links ?? block.views[0].links;
    const list = (found, other) => {
      const sums = new Map();
      for (const link of found) sums.set(labels.get(link[other]), (sums.get(labels.get(link[other])) ?? 0) + link.value);
      return [...sums].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([label, value]) => `${shortName(label)} ${formatNumber(value, 1)}`).join(', ');
    };
    return facts([
      [`From (${block.unit})`, list(links.filter((link) => link.target === node.id), 'source')],
      [`To (${block.unit})`, list(links.filter((link) => link.source === node.id), 'target')],
    ]);
  }
  return null;
}

function facts(rows) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return html('dl', { class: 'pick-facts' }, told.map(([term, value]) => html('div', {}, html('dt', {}, term), html('dd', {}, value))));
}

// The largest holders; the rest in number.
function owners(link, nameOf, role) {
  const told = (link.owner ?? []).filter((one) => (one.role ?? 'equity') === role).sort((a, b) => b.share - a.share);
  if (!told.length) return null;
  const words = told.slice(0, 3).map(({ party, country, share }) => `${party}${country && !party.includes('(') ? ` (${nameOf(country).replace(/^The /, '')})` : ''}${share ? ` ${formatPercent(share)}` : ''}`);
  return words.join(', ') + (told.length > 3 ? `, and ${told.length - 3} more` : '');
}

function money(value, link, evidence) {
  if (value === null || value === undefined || value === 0) return null;
  return figure(`${formatNumber(value, 1)} ${link.cost_unit ?? ''}`, evidence);
}

function priceOf(state, link, row, nameOf) {
  const words = priceWords(row);
  return computedFigure(words, () => behindPrice(state, link, row, words, nameOf));
}

function priceWords({ base, changed, unit, isUnique }) {
  const after = changed === null || Math.abs(changed - base) < 0.05 ? '' : ` → ${formatChange(changed, 1)}`;
  return `${formatChange(base, 1)}${after} ${unit}${isUnique ? '' : ' (not the only price that fits)'}`;
}

function linkTo(session, pick, words) {
  return html('button', { type: 'button', class: 'as-link', onclick: () => session.change({ pick }) }, words);
}

// Dates, and what to do between them. Blank dates are open: the whole time that is solved.
function actions(session, state, { target, name, links }) {
  const { calendar } = state.info;
  const mine = state.items.filter((item) => parseInstrument(item.text).target === target);
  const [first, last] = datesOf(state, mine.at(-1));
  const start = dateField('From', first, calendar);
  const end = dateField('Until before', last, calendar);
  const act = (kind, options = {}) => {
    const [from, to] = [start.value === calendar.start ? '' : start.value, end.value === calendar.end ? '' : end.value];
    session.addItem(writeInstrument({ kind, target, start: from, end: to, options }));
  };
  const amount = html('input', { type: 'number', min: 0, step: 'any', value: suggested(links), 'aria-label': `Capacity to add, ${links[0]?.unit ?? ''}`, class: 'amount' });
  return html(
    'div',
    { class: 'pick-actions' },
    html('div', { class: 'pick-dates' }, start.node, end.node),
    html(
      'div',
      { class: 'pick-buttons' },
      html('button', { type: 'button', class: 'primary', onclick: () => act('closure'), 'aria-label': `Close ${name}` }, 'Close'),
      html('button', { type: 'button', onclick: () => act('derating', { availability: 0.5 }), 'aria-label': `Halve ${name}` }, 'Halve'),
      html('span', { class: 'add' }, html('button', { type: 'button', onclick: () => Number(amount.value) > 0 && act('capacity', { add: `${amount.value}${links[0]?.unit ?? ''}` }) }, 'Add'), amount, html('span', { class: 'muted' }, links[0]?.unit ?? '')),
    ),
    mine.length
      ? html('p', { class: 'pick-mine' }, html('button', { type: 'button', onclick: () => session.change({ items: state.items.filter((item) => !mine.includes(item)) }) }, mine.length > 1 ? 'Take your measures back' : 'Take your measure back'))
      : null,
    bansOver(session, state, links),
  );
}

// The dates of the measure that is there already, else the period on show, else all.
function datesOf(state, item) {
  const own = item ? parseInstrument(item.text) : null;
  if (own?.start || own?.end) return [own.start || state.info.calendar.start, own.end || state.info.calendar.end];
  if (state.period.includes('/')) return state.period.split('/');
  return [state.info.calendar.start, state.info.calendar.end];
}

function dateField(label, value, { start, end }) {
  const input = html('input', { type: 'date', value, min: start, max: end });
  return { node: html('label', {}, label, input), get value() { return input.value; } };
}

function suggested(links) {
  const capacity = links[0]?.capacity;
  return capacity ? Number((capacity * 0.5).toPrecision(1)) : 1;
}

// A ban by origin on what crosses the country that holds the link.
function bansOver(session, state, links) {
  const holder = links.map((link) => link.controlled_by).find(Boolean);
  if (!holder) return null;
  return bans(session, state, namer(state.info), holder, [...new Set(links.flatMap((link) => link.goods))]);
}

function bans(session, state, nameOf, country, goods = null) {
  const group = state.info.groups.find((one) => one.name === state.group);
  const choices = goods ?? group?.goods ?? [];
  if (!choices.length) return null;
  const origins = state.info.countries.map(({ id }) => id).filter((id) => id !== country);
  const good = select('Good', choices, nameOf);
  const origin = select('From', origins, nameOf, state.info.home && state.info.home !== country ? state.info.home : origins[0]);
  const what = html('select', { 'aria-label': 'Which ban' }, [['transit_ban', `may not cross ${nameOf(country)}`], ['ban', `may not be sold in ${nameOf(country)}`]].map(([value, words]) => html('option', { value }, words)));
  const calendar = state.info.calendar;
  const [first, last] = datesOf(state);
  const impose = () => {
    const options = what.value === 'transit_ban' ? { origin: origin.value, through: country } : { origin: origin.value, destination: country };
    const [start, end] = [first === calendar.start ? '' : first, last === calendar.end ? '' : last];
    session.addItem(writeInstrument({ kind: what.value, target: good.value, start, end, options }));
  };
  return html(
    'details',
    { class: 'pick-ban' },
    html('summary', {}, `Ban goods by origin in ${nameOf(country)}`),
    html('div', { class: 'pick-form' }, labelled('Good', good), labelled('of', origin), what, html('button', { type: 'button', onclick: impose }, 'Ban')),
  );
}

function labelled(words, field) {
  field.removeAttribute('aria-label');
  return html('label', {}, words, field);
}

function select(label, ids, nameOf, chosen) {
  return html('select', { 'aria-label': label }, ids.map((id) => html('option', { value: id, selected: id === chosen }, nameOf(id))));
}
