// The case's links as lines on paper: which way they run, which lie side by side, how much they carry in each view.

import { cutToBox, distance, lengthOf, sideBySide, smoothAside } from '../layout/curve.js';

const STUB = 38;
const TOO_SHORT = 5;

/** Beyond this arc, in degrees, from the middle of all places, one may be left outside of the map; if it is FARTHER away than the next. */
const [FAR, FARTHER, MOST_FAR] = [45, 1.5, 0.2];

/**
 * Degrees that the map has to show: places of links and the points between them. Ways to the world market may leave it, and
 * so may ways to a few places on another continent, which would shrink all others.
 */
export function regionPoints({ nodes, links }) {
  const used = new Set(links.flatMap((link) => [link.from, link.to]));
  const places = nodes.filter((node) => node.kind !== 'world' && used.has(node.id));
  const near = new Set(nearPlaces(places).map((node) => node.id));
  const between = links.filter((link) => near.has(link.from) && near.has(link.to));
  return [...places.filter((node) => near.has(node.id)).map((node) => [node.lon, node.lat]), ...between.flatMap((link) => link.path ?? [])];
}

function nearPlaces(places) {
  const spots = places.map(({ lon, lat }) => onSphere(lon, lat));
  const sum = [0, 1, 2].map((axis) => spots.reduce((total, spot) => total + spot[axis], 0));
  const middle = sum.map((part) => part / (Math.hypot(...sum) || 1));
  const away = spots.map((spot) => (Math.acos(Math.min(1, Math.max(-1, spot[0] * middle[0] + spot[1] * middle[1] + spot[2] * middle[2]))) * 180) / Math.PI);
  const order = places.map((_, i) => i).sort((a, b) => away[a] - away[b]);
  const least = Math.ceil(places.length * (1 - MOST_FAR));
  const cut = order.findIndex((i, rank) => rank >= Math.max(1, least) && away[i] > FAR && away[i] > FARTHER * away[order[rank - 1]]);
  return (cut < 0 ? order : order.slice(0, cut)).map((i) => places[i]);
}

function onSphere(lon, lat) {
  const [east, north] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
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

/** A name short enough for a map: without what stands in brackets or after a stroke, a comma or "and". */
export function shortName(name) {
  return name.split(/\s*[(/,;]|\s+and\s+/)[0].trim() || name;
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
 * Lines in pixels under one projection: [{link, points, courses, stub?, beyond?}]. `courses` names each stretch between two
 * points, {key, isReversed}: lines that share a key run along the same stretch. A link to or from the world market that
 * has no points of its own is a `stub`, a short arrow at its terminal. Links too short to draw at this size are left out.
 * `beyond` {from, to} tells which ends lie outside of a frame of `size`; a line is cut where no reader can move the map to.
 */
export function linesOf({ nodes, links }, projection, size) {
  const isOutside = ([x, y]) => x < 0 || y < 0 || x > size.width || y > size.height;
  const box = [-0.6 * size.width, -0.6 * size.height, 1.6 * size.width, 1.6 * size.height];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const degrees = (id) => (byId.get(id).kind === 'world' ? null : [byId.get(id).lon, byId.get(id).lat]);
  const place = (id) => degrees(id) && projection(degrees(id));
  const lines = [];
  for (const link of links) {
    const ends = [degrees(link.from), degrees(link.to)];
    if (!ends[0] && !ends[1]) continue;
    if (!link.path?.length && !(ends[0] && ends[1])) {
      lines.push({ link, ...stubOf(link, byId, links, place) });
      continue;
    }
    const way = [ends[0], ...(link.path ?? []), ends[1]].filter(Boolean);
    const whole = way.map(projection);
    const { points, first, last } = cutToBox(whole, box);
    const beyond = { from: isOutside(whole[0]), to: isOutside(whole.at(-1)) };
    if (lengthOf(points) >= TOO_SHORT) lines.push({ link, points, courses: coursesOf(way).slice(first, last), beyond });
  }
  return lines;
}

/**
 * The lines of one view under a zoom transform: Map link id -> points in pixels. Where several run along one stretch they
 * lie side by side, in the order of the links, and pass smoothly from one stretch to the next.
 */
export function laneLines(lines, transform, widthOf, gap = 2) {
  const sharers = new Map();
  for (const line of lines) {
    for (const { key } of line.courses) sharers.set(key, (sharers.get(key) ?? new Set()).add(line));
  }
  const shifts = new Map();
  for (const [key, group] of sharers) {
    const members = [...group];
    const aside = sideBySide(members.map((line) => widthOf(line.link)), gap);
    shifts.set(key, new Map(members.map((line, i) => [line, aside[i]])));
  }
  const lanes = new Map();
  for (const line of lines) {
    // A line that runs against its stretch has its right hand on the other side, so its shift changes sign.
    const aside = line.courses.map(({ key, isReversed }) => shifts.get(key).get(line) * (isReversed ? -1 : 1));
    lanes.set(line.link.id, smoothAside(onScreen(line, transform), aside));
  }
  return lanes;
}

function coursesOf(way) {
  const names = way.map(([lon, lat]) => `${lon.toFixed(2)} ${lat.toFixed(2)}`);
  return names.slice(1).map((name, i) => {
    const isReversed = names[i] > name;
    return { key: isReversed ? `${name}|${names[i]}` : `${names[i]}|${name}`, isReversed };
  });
}

function stubOf(link, byId, links, place) {
  const isLeaving = byId.get(link.from).kind !== 'world';
  const [terminal, world] = isLeaving ? [link.from, link.to] : [link.to, link.from];
  const market = shortName(byId.get(world).name);
  const direction = awayFromOthers(terminal, links, place);
  return {
    points: [place(terminal)],
    courses: [{ key: `${terminal}|world`, isReversed: !isLeaving }],
    stub: { direction, isLeaving, terminal, market },
  };
}

function onScreen({ points, stub }, { x, y, k }) {
  const moved = points.map(([px, py]) => [px * k + x, py * k + y]);
  if (!stub) return moved;
  // A stub keeps its length when the map is enlarged: it leads to no place.
  const [near] = moved;
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
