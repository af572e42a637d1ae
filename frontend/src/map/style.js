// How the links of a block of maps are drawn: colours, and widths in proportion to flow.

import { widthScale } from '../layout/scale.js';
import { capacityIn } from './network.js';

/** Style for maps of one size: widths are in proportion within a unit; colour tells goods where there are several, else modes. */
export function mapStyle(block, views, size, names) {
  // Where goods of several units share a map, each has a scale of its own, and none should fill the page.
  const units = new Set(block.links.map((link) => link.unit)).size;
  const widest = Math.max(7, Math.min(20, size.width / 42)) / (units > 1 ? 1.5 : 1);
  const flows = views.filter((view) => !view.isDifference);
  const changes = views.filter((view) => view.isDifference);
  // An arrow to the world market can stand for all that a country sells: it must not thin what crosses the map.
  const isStub = stubs(block);
  const others = new Set(block.links.filter((link) => !isStub(link)).map((link) => link.unit));
  const scaled = block.links.filter((link) => !isStub(link) || !others.has(link.unit));
  const largest = largestByUnit(scaled, flows, (view, link) => Math.max(view.flows[link.id] ?? 0, usedCapacity(view, link)));
  const largestChange = largestByUnit(block.links, changes, (view, link) => Math.abs(view.flows[link.id] ?? 0));
  const scales = new Map([...largest].map(([unit, value]) => [unit, widthScale(value, widest)]));
  const changeScales = new Map([...largestChange].map(([unit, value]) => [unit, widthScale(value, widest * 0.8)]));
  const goods = [...new Set(block.links.map((link) => link.good))];

  const flowWidth = (view, link) => (view.isDifference ? changeScales : scales).get(link.unit)(view.flows[link.id]);
  const capacityWidth = (link, capacity) => scales.get(link.unit)(capacity ?? 0);
  const laneWidth = (view, link) => {
    const flow = flowWidth(view, link);
    return view.isDifference ? flow : Math.max(2, flow, capacityWidth(link, capacityIn(view, link)));
  };
  const touching = (id) => block.links.filter((link) => link.from === id || link.to === id);
  return {
    names,
    largest,
    hasGoods: goods.length > 1,
    mainGood: mainOf(block.links),
    colourOf: (link) => (goods.length > 1 ? `--c${(goods.indexOf(link.good) % 8) + 1}` : `--mode-${modeGroup(link.mode)}`),
    flowWidth,
    capacityWidth,
    laneWidth,
    isCut: (view, link) => (view.flows[link.id] ?? 0) > 1.02 * largest.get(link.unit),
    widthOfValue: (unit, value) => scales.get(unit)(value),
    reach: (id) => Math.max(0, ...touching(id).map((link) => laneWidth(flows[0], link) / 2)),
  };
}

function stubs({ nodes, links }) {
  const world = new Set(nodes.filter((node) => node.kind === 'world').map((node) => node.id));
  const found = new Set(links.filter((link) => !link.path?.length && (world.has(link.from) || world.has(link.to))));
  return (link) => found.has(link);
}

// The good that most links carry needs no word beside its figures, if it is the rule.
function mainOf(links) {
  const counts = new Map();
  for (const { good } of links) counts.set(good, (counts.get(good) ?? 0) + 1);
  const [good, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
  return count > 0.6 * links.length ? good : null;
}

function largestByUnit(links, views, valueOf) {
  const largest = new Map();
  for (const link of links) {
    const values = views.map((view) => valueOf(view, link));
    largest.set(link.unit, Math.max(largest.get(link.unit) ?? 0, ...values));
  }
  return largest;
}

// Capacity counts for the scale only where it is used at all, so that one vast idle link doesn't thin all others.
function usedCapacity(view, link) {
  return view.flows[link.id] ? capacityIn(view, link) ?? 0 : 0;
}

function modeGroup(mode) {
  return ['sea', 'rail', 'road', 'power'].includes(mode) ? mode : 'pipeline';
}
