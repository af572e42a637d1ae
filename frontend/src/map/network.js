// The case's links as lines on paper: which way they run, which lie side by side, how much they carry in each view.

import { distance, lengthOf, offset, sideBySide, smooth } from '../layout/curve.js';

const STUB = 38;
const TOO_SHORT = 5;

/** Degrees that the map has to show: places of links, and points that links are drawn through; not the world market. */
export function regionPoints({ nodes, links }) {
  const used = new Set(links.flatMap((link) => [link.from, link.to]));
  const places = nodes.filter((node) => node.kind !== 'world' && used.has(node.id)).map((node) => [node.lon, node.lat]);
  return [...places, ...links.flatMap((link) => link.path ?? [])];
}

/** Views with a title each; with `differences`, the change between the first and the last view comes after them. */
export function viewsOf(block) {
  const views = block.views.map((view) => ({ ...view, isDifference: false, closed: new Set(view.closed ?? []) }));
  if (!block.differences || views.length < 2) return views;
  const [before, after] = [views[0], views.at(-1)];
  const flows = {};
  for (const { id } of block.links) {
    const change = (after.flows[id] ?? 0) - (before.flows[id] ?? 0);
    if (Math.abs(change) > 1e-9) flows[id] = change;
  }
  return [...views, { id: 'difference', title: 'Difference', flows, closed: after.closed, capacity: {}, isDifference: true }];
}

/** Capacity of a link in a view; null where it is not known. */
export function capacityIn(view, link) {
  const changed = view.capacity?.[link.id];
  return changed === undefined ? link.capacity ?? null : changed;
}

/** How a link stands in a view: 'flowing', 'idle', 'closed' or 'planned'. */
export function stateIn(view, link) {
  if (view.closed.has(link.id) || (link.status === 'closed' && !view.flows[link.id])) return 'closed';
  if (Math.abs(view.flows[link.id] ?? 0) > 1e-9) return 'flowing';
  return link.status === 'planned' ? 'planned' : 'idle';
}

/**
 * Lines in pixels under one projection. Returns [{link, key, isReversed, points}] or, for a link to or from the world
 * market without points of its own, [{link, key, isReversed, stub}]: a short arrow at its terminal. Lines with the same
 * key lie on the same course; reversed ones run against it. Links too short to draw at this size are left out.
 */
export function courses({ nodes, links }, projection) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const place = (id) => (byId.get(id).kind === 'world' ? null : projection([byId.get(id).lon, byId.get(id).lat]));
  const lines = [];
  for (const link of links) {
    const [start, end] = [place(link.from), place(link.to)];
    if (!start && !end) continue;
    const through = (link.path ?? []).map(projection);
    if (!through.length && !(start && end)) {
      const terminal = start ? link.from : link.to;
      const direction = awayFromOthers(terminal, links, place);
      const market = byId.get(start ? link.to : link.from).name.toLowerCase();
      const stub = { at: start ?? end, direction, isLeaving: Boolean(start), terminal, market };
      lines.push({ link, stub, key: `${terminal}|world`, isReversed: !start });
      continue;
    }
    const points = [start, ...through, end].filter(Boolean);
    if (lengthOf(points) < TOO_SHORT) continue;
    const isReversed = link.from > link.to;
    const way = (link.path ?? []).map(([lon, lat]) => `${lon.toFixed(1)} ${lat.toFixed(1)}`);
    const key = [...[link.from, link.to].sort(), ...(isReversed ? way.reverse() : way)].join('|');
    lines.push({ link, points, key, isReversed });
  }
  return lines;
}

/** The lines of one view under a zoom transform, moved apart where they share a course: Map link id -> points in pixels. */
export function laneLines(lines, transform, widthOf, gap = 2) {
  const groups = new Map();
  for (const line of lines) groups.set(line.key, [...(groups.get(line.key) ?? []), line]);
  const lanes = new Map();
  for (const group of groups.values()) {
    const shifts = sideBySide(group.map((line) => widthOf(line.link)), gap);
    group.forEach((line, i) => {
      // A reversed line has its right hand on the other side, so its shift changes sign to stay in its own lane.
      lanes.set(line.link.id, offset(onScreen(line, transform), line.isReversed ? -shifts[i] : shifts[i]));
    });
  }
  return lanes;
}

function onScreen({ points, stub }, { x, y, k }) {
  const move = ([px, py]) => [px * k + x, py * k + y];
  if (points) return smooth(points.map(move));
  // A stub keeps its length when the map is enlarged: it leads to no place.
  const near = move(stub.at);
  const far = [near[0] + stub.direction[0] * STUB, near[1] + stub.direction[1] * STUB];
  return stub.isLeaving ? [near, far] : [far, near];
}

// Direction in which a terminal has no other links; towards the lower left where they come from all sides.
function awayFromOthers(terminal, links, place) {
  const here = place(terminal);
  let [dx, dy] = [0, 0];
  for (const { from, to } of links) {
    const other = from === terminal ? to : to === terminal ? from : null;
    const there = other && place(other);
    const length = there ? distance(here, there) : 0;
    if (length < TOO_SHORT) continue;
    dx += (here[0] - there[0]) / length;
    dy += (here[1] - there[1]) / length;
  }
  const length = Math.hypot(dx, dy);
  return length > 0.05 ? [dx / length, dy / length] : [-0.6, 0.8];
}
