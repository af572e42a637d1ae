// What is known about a link, a corridor or a country in the answer on show.

import { shownPeriod } from './pictures.js';

/** A function from the id of anything in a case to its name; unknown ids stay as they are. */
export function namer(info) {
  const names = new Map();
  for (const list of [info.network.nodes, info.network.links, info.corridors, info.countries, info.goods, info.demand, info.supply]) {
    for (const { id, name } of list ?? []) if (!names.has(id)) names.set(id, name);
  }
  return (id) => names.get(id) ?? id;
}

/** "link:cpc_rus" -> {kind, id, name, links (ids)}, or null where nothing of that name is in the case. */
export function pickedThing(info, pick) {
  const [kind, id] = [pick.slice(0, pick.indexOf(':')), pick.slice(pick.indexOf(':') + 1)];
  if (kind === 'link') {
    const link = info.network.links.find((one) => one.id === id);
    return link ? { kind, id, name: link.name, links: [id] } : null;
  }
  if (kind === 'corridor') {
    const corridor = info.corridors.find((one) => one.id === id);
    return corridor ? { kind, id, name: corridor.name, links: corridor.links } : null;
  }
  if (kind === 'country') {
    const country = info.countries.find((one) => one.id === id);
    if (!country) return null;
    return { kind, id, name: country.name, links: info.network.links.filter((link) => crosses(link, id)).map((link) => link.id) };
  }
  return null;
}

function crosses(link, country) {
  return link.crosses?.includes(country) || link.controlled_by === country;
}

/** Flow, capacity and state of a link on each side of an answer: {base, changed}, changed null where nothing was changed. */
export function carried(map, link, period) {
  if (!map) return { base: null, changed: null };
  const at = shownPeriod(map, period);
  const side = (views) => {
    const view = views?.find((one) => one.id === at) ?? views?.find((one) => one.id === 'whole');
    if (!view) return null;
    const capacity = view.capacity?.[link.id];
    return { flow: view.flows[link.id] ?? 0, capacity: capacity === undefined ? link.capacity : capacity, isClosed: view.closed?.includes(link.id) ?? false };
  };
  return { base: side(map.base), changed: side(map.changed) };
}

/** By how much the price is higher at a link's end than at its start, where both are known: [{good, unit, base, changed, ends, isUnique}], `ends` being the two prices on show. */
export function pricesOver(prices, link) {
  return link.goods.flatMap((good) => {
    const [from, to] = [link.from, link.to].map((node) => prices.find((row) => row.node === node && row.good === good));
    const gap = (side) => (isKnown(from?.[side]) && isKnown(to?.[side]) ? to[side] - from[side] : null);
    if (gap('base') === null) return [];
    const ends = [from, to].map((one) => (gap('changed') === null ? one.base : one.changed));
    return [{ good, unit: from.unit, base: gap('base'), changed: gap('changed'), ends, isUnique: from.unique !== false && to.unique !== false }];
  });
}

function isKnown(value) {
  return value !== null && value !== undefined;
}

/** Things of a case that a search finds, of one group of goods: [{pick, name, what}], corridors first. */
export function findable(info, groupName) {
  const goods = new Set(info.groups.find((one) => one.name === groupName)?.goods ?? []);
  const links = info.network.links.filter((link) => link.goods.some((good) => goods.has(good)));
  const own = new Set(links.map((link) => link.id));
  const corridors = info.corridors.filter((one) => one.links.some((id) => own.has(id)));
  const countries = info.countries.filter(({ id }) => links.some((link) => crosses(link, id)));
  return [
    ...corridors.map(({ id, name }) => ({ pick: `corridor:${id}`, name, what: 'corridor' })),
    ...countries.map(({ id, name }) => ({ pick: `country:${id}`, name, what: 'country' })),
    ...links.map(({ id, name, mode }) => ({ pick: `link:${id}`, name, what: mode })),
  ];
}

/** Those of some things whose name holds all words of a search, best first: names that begin with it, then the rest. */
export function search(things, words) {
  const parts = fold(words).split(/\s+/).filter(Boolean);
  if (!parts.length) return things;
  const found = things.filter(({ name }) => parts.every((part) => fold(name).includes(part)));
  const rank = ({ name }) => (fold(name).startsWith(parts[0]) ? 0 : 1);
  return found.map((thing, i) => ({ thing, i })).sort((a, b) => rank(a.thing) - rank(b.thing) || a.i - b.i).map(({ thing }) => thing);
}

function fold(text) {
  return text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
