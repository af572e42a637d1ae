// What the maps of one block share at one size: projection, land, lines, places and the manner of drawing.

import { projectWorld, readWorld } from './basemap.js';
import { linesOf } from './network.js';
import { fitProjection } from './projection.js';
import { mapStyle } from './style.js';

const worlds = new WeakMap();

/** The base map of a topology, read once for a page. */
export function worldOf(topology) {
  if (!worlds.has(topology)) worlds.set(topology, readWorld(topology));
  return worlds.get(topology);
}

/**
 * What all panels of one size share. `views` sets the scale of widths, so that it stays the same whichever of them is shown;
 * `points` are the degrees that the frame holds, `room` what stays free at its edges, in pixels.
 */
export function panelModel(block, views, size, points, world, { digits, names, room }) {
  const projection = fitProjection(points, size.width, size.height, room);
  const own = new Set(block.nodes.map((node) => node.country));
  const used = new Map();
  for (const link of block.links) {
    const flow = Math.max(0, ...views.filter((view) => !view.isDifference).map((view) => view.flows[link.id] ?? 0));
    for (const id of [link.from, link.to]) used.set(id, (used.get(id) ?? 0) + flow);
  }
  const style = mapStyle(block, views, size, names);
  const nodeAt = block.nodes
    .filter((node) => node.kind !== 'world' && used.has(node.id))
    .map((node) => ({ node, point: projection([node.lon, node.lat]), importance: used.get(node.id), reach: style.reach(node.id) }));
  return {
    block,
    size,
    projection,
    own,
    style,
    digits,
    lines: linesOf(block, projection, size),
    home: block.home ?? null,
    paths: projected(world, projection, own, block.home, `${size.width} ${size.height} ${JSON.stringify(room ?? null)} ${points.join()} ${[...own].join()}`),
    nodeAt: separate(nodeAt),
    density: document.documentElement.hasAttribute('data-print') ? 3 : Math.max(1, window.devicePixelRatio || 1),
  };
}

// Maps of one report mostly show one region at one size: the land is projected once for all of them.
function projected(world, projection, own, home, key) {
  if (!world.projected) world.projected = new Map();
  if (!world.projected.has(key)) world.projected.set(key, projectWorld(world, projection, own, home));
  return world.projected.get(key);
}

// Of places on the same spot (a port and its berths), the busiest stands for all.
function separate(places) {
  const kept = [];
  for (const place of [...places].sort((a, b) => b.importance - a.importance)) {
    if (kept.every((other) => Math.hypot(other.point[0] - place.point[0], other.point[1] - place.point[1]) > 2.5)) kept.push(place);
  }
  return kept;
}
