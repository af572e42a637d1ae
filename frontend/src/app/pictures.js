// Which views of an answer the map shows: before, after, the change, or all three, in a period.

import { inSentence } from '../layout/format.js';

/** Ways to look at a comparison, with the words of their buttons. */
export const LOOKS = [['after', 'After'], ['before', 'Before'], ['change', 'Change'], ['all', 'All three']];

/** The links and places of a group of goods; `goods` (ids) narrows them further where it is not empty. */
export function networkOf(info, groupName, goods = []) {
  const group = info.groups.find((one) => one.name === groupName);
  const wanted = new Set(goods.length ? goods : group?.goods ?? []);
  const nameOf = new Map(info.goods.map((good) => [good.id, good.name]));
  const links = info.network.links.filter((link) => link.goods.some((good) => wanted.has(good))).map((link) => {
    const own = link.goods.filter((good) => wanted.has(good));
    const good = inSentence((nameOf.get(own[0]) ?? link.good).split(/\s*[,(]/)[0]);
    return { ...link, good, carries: own.length > 1 ? `${good} and ${own.length - 1} more` : good };
  });
  const used = new Set(links.flatMap((link) => [link.from, link.to]));
  return { links, nodes: info.network.nodes.filter((node) => used.has(node.id)) };
}

/** Periods that the answer has pictures of, in order, as "start/end". */
export function periodsOf(map) {
  return (map?.changed ?? map?.base ?? []).map((view) => view.id).filter((id) => id.includes('/'));
}

/** The period that is shown when `period` is asked for: '' is the days of the measures, where there are any. */
export function shownPeriod(map, period) {
  const has = (id) => (map?.changed ?? map?.base ?? []).some((view) => view.id === id);
  if (period && has(period)) return period;
  return map?.changed && has('window') ? 'window' : 'whole';
}

/** Views for the map: [{id, title, flows, closed, capacity}], and whether the change between them is one of them. */
export function viewsFor(map, look, period) {
  if (!map) return { views: [], differences: false };
  const at = shownPeriod(map, period);
  const pick = (views) => views.find((view) => view.id === at) ?? overlapping(views, at) ?? views.find((view) => view.id === 'whole');
  const base = pick(map.base);
  if (!map.changed) return { views: [{ ...base, id: 'base' }], differences: false };
  const changed = pick(map.changed);
  const before = { ...base, id: 'before', title: `Before, ${base.title}` };
  const after = { ...changed, id: 'after', title: `After, ${changed.title}` };
  if (look === 'before') return { views: [before], differences: false };
  if (look === 'change' || look === 'all') return { views: [before, after], differences: true };
  return { views: [after], differences: false };
}

/** All views of an answer, which set the scale of widths together: a line means the same in every month. */
export function allViews(map) {
  return map ? [...map.base, ...(map.changed ?? [])].map((view, i) => ({ ...view, id: `scale ${i}`, closed: new Set(view.closed ?? []), isDifference: false })) : [];
}

// A period of one side that the other side doesn't cut out: the one that holds its first day.
function overlapping(views, period) {
  const [start] = period.split('/');
  return views.find(({ id }) => id.includes('/') && id.split('/')[0] <= start && start < id.split('/')[1]);
}
