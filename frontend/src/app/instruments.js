// Instruments as text, KIND:TARGET[:START[:END]][:KEY=VALUE...], as parts, and in words.

import { dayWords, spanWords } from './dates.js';

/** Text -> {kind, target, start, end, options}; dates are '' where they are open. */
export function parseInstrument(text) {
  const [kind, target = '', ...rest] = text.split(':');
  const first = rest.findIndex((part) => part.includes('='));
  const [start = '', end = ''] = first < 0 ? rest : rest.slice(0, first);
  const options = Object.fromEntries(
    (first < 0 ? [] : rest.slice(first)).map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  return { kind, target, start, end, options };
}

/** Parts -> text; open dates and empty options are left out. */
export function writeInstrument({ kind, target, start = '', end = '', options = {} }) {
  const dates = end ? [start, end] : start ? [start] : [];
  const told = Object.entries(options).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return [kind, target, ...dates, ...told.map(([key, value]) => `${key}=${value}`)].join(':');
}

/** What an instrument does in words, as a chip says it. `nameOf(id)` gives the name of a link, corridor, good or country. */
export function instrumentWords(text, nameOf) {
  const { kind, target, options } = parseInstrument(text);
  const name = nameOf(target);
  const list = (value) => (value ?? '').split(',').filter(Boolean).map(nameOf).join(', ');
  const whose = [options.origin ? `from ${list(options.origin)}` : '', options.destination ? `to ${list(options.destination)}` : ''];
  const route = whose.filter(Boolean).join(' ');
  const words = {
    closure: `${name} closed`,
    derating: `${name} ${options.availability ? `at ${percent(options.availability)}` : `at most ${options.capacity ?? '?'}`}`,
    outage: `${name} ${options.availability ? `at ${percent(options.availability)}` : 'out'}`,
    capacity: `${name} ${options.add ? `+${options.add}` : `raised to ${options.capacity ?? '?'}`}`,
    ban: `${name} ${route} banned`,
    transit_ban: `${name} ${route} banned through ${list(options.through)}`,
    quota: `${name}: at most ${options.max ?? '?'} ${route}`,
    tariff: `${name} ${route}: duty ${options.rate ?? options.ad_valorem ?? ''}`,
    fee: `${name}: fee ${options.rate ?? ''}`,
    subsidy: `${name}: paid ${options.rate ?? ''}`,
    agreement: `${name}: at least ${options.min ?? '?'}`,
  };
  return (words[kind] ?? `${kind.replaceAll('_', ' ')} ${name}`).replace(/ +/g, ' ').trim();
}

/** When it holds: "1 Mar to 31 May 2024", as a reader counts days; '' where it always does. */
export function instrumentDates(text) {
  const { start, end } = parseInstrument(text);
  if (start && end) return spanWords(start, end);
  if (start) return `from ${dayWords(start)}`;
  return end ? `until ${dayWords(end)}` : '';
}

function percent(share) {
  return `${Math.round(Number(share) * 1000) / 10}\u00a0%`;
}
