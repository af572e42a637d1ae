// The words on a map: places, volumes and countries, placed in one pass in this order of importance.

import { around, placeLabels } from '../layout/labels.js';
import { formatChange, formatNumber } from '../layout/format.js';
import { cutToBox, lengthOf, pointAt, pointsAlong } from '../layout/curve.js';
import { svg, textWidth } from '../dom.js';
import { countryPlaces } from './basemap.js';
import { shortName } from './network.js';

const PLACE = { size: 11.5, height: 14 };
const VOLUME = { size: 11, height: 14, weight: 600 };
const COUNTRY = { size: 10.5, height: 13, spacing: 1.1 };

/**
 * Text elements for a panel, clear of the boxes that are `taken`. `marks` are its links as drawn, `lanes` their lines, `places` [{node, x, y, importance}].
 * Countries are left out while the map moves (`isMoving`), because finding room for them takes longer than a frame.
 */
export function nameElements({ marks, lanes, places, names, size, paths, transform, digits, isMoving, taken = [] }) {
  const obstacles = [...places.map(({ x, y }) => ({ x, y, weight: 5 })), ...linePoints(marks, lanes)];
  const labels = [...placeNames(places, size), ...volumes(marks, lanes, size, digits), ...marketNames(marks, lanes), ...farNames(marks, lanes, names, size)];
  if (!isMoving) labels.push(...countries(paths, size, transform));
  const texts = new Map(labels.map((label) => [label.id, label]));
  return placeLabels(labels, size, obstacles, taken).map(({ id, x, y, width, height }) => {
    const { text, kind, lines } = texts.get(id);
    const [middle, base] = [(x + width / 2).toFixed(1), y + height - 3.2];
    if (!lines) return svg('text', { class: kind, x: middle, y: base.toFixed(1) }, text);
    const at = (i) => (base - (lines.length - 1 - i) * PLACE.height).toFixed(1);
    return svg('text', { class: kind }, lines.map((line, i) => svg('tspan', { x: middle, y: at(i) }, i < lines.length - 1 ? `${line} ` : line)));
  });
}

function placeNames(places, size) {
  // A small map names fewer places: the busiest.
  const most = Math.max(8, Math.round((size.width * size.height) / 4600));
  const busiest = [...places].sort((a, b) => b.importance - a.importance).slice(0, most);
  const texts = busiest.map(({ node }) => node.label ?? shortName(node.name));
  // Two parts of one place (a station and its terminal) need the name once.
  const isFirst = (_, i) => texts.indexOf(texts[i]) === i;
  return busiest.map((place, i) => ({ ...place, text: texts[i] })).filter(isFirst).map(({ node, text, x, y, importance, reach }) => {
    const lines = inLines(text);
    const width = Math.max(...lines.map((line) => textWidth(line, PLACE.size))) + 2;
    const height = lines.length * PLACE.height;
    const candidates = [...around(x, y, width, height, 6), ...around(x, y, width, height, 8 + reach)];
    return { id: `place ${node.id}`, kind: 'place', text, lines: lines.length > 1 ? lines : null, width, height, priority: 1e6 + importance, limit: 26, candidates };
  });
}

const [LONG, MAIN] = [22, 3];

// A long name takes two lines, parted where they are most alike.
function inLines(text) {
  if (text.length <= LONG) return [text];
  const parts = [...text.matchAll(/ /g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)]);
  const longer = ([one, other]) => Math.max(one.length, other.length);
  return parts.length ? parts.reduce((best, one) => (longer(one) < longer(best) ? one : best)) : [text];
}

function volumes(marks, lanes, size, digits) {
  const labels = [];
  const write = (mark) => (mark.isChange ? formatChange(mark.flow, digits) : formatNumber(mark.flow, digits));
  const most = Math.round((size.width * size.height) / 26000) + 3;
  const largest = marks.filter((mark) => mark.width > 0).sort((a, b) => Math.abs(b.flow) - Math.abs(a.flow));
  // The figures that tell the story stand before any name; those of a line in series are one figure.
  const first = new Set();
  for (const mark of largest.slice(0, most)) {
    const line = lanes.get(mark.link.id);
    const text = mark.good ? `${write(mark)} ${mark.good}` : write(mark);
    const width = textWidth(text, VOLUME.size, VOLUME.weight) + 8;
    if (!/[1-9]/.test(text) || lengthOf(line) < 30) continue;
    const candidates = [0.5, 0.36, 0.64, 0.24, 0.76].flatMap((fraction) => beside(pointAt(line, fraction), mark.width, width));
    const isFirst = first.size < MAIN && !first.has(text);
    if (isFirst) first.add(text);
    const priority = (isFirst ? 2e6 : 1e3) + Math.abs(mark.flow);
    labels.push({ id: `volume ${mark.link.id}`, kind: 'volume', text, width, height: VOLUME.height, priority, limit: 4, candidates });
  }
  return labels;
}

// "World market" at the tip of the short arrows that lead there, once for each terminal.
function marketNames(marks, lanes) {
  const labels = new Map();
  for (const { link, stub, width: lineWidth } of marks) {
    if (!stub || lineWidth === 0) continue;
    const line = lanes.get(link.id);
    const [x, y] = stub.isLeaving ? line.at(-1) : line[0];
    const text = `${stub.isLeaving ? 'to' : 'from'} ${stub.market}`;
    const width = textWidth(text, PLACE.size) + 2;
    const candidates = around(x, y, width, PLACE.height, 9 + lineWidth / 2);
    labels.set(stub.terminal, { id: `market ${link.id}`, kind: 'market', text, width, height: PLACE.height, priority: 900, limit: 4, candidates });
  }
  return [...labels.values()];
}

// Where a way leaves the map for a place that lies outside of it: the name of that place, once each way, beside the widest line.
function farNames(marks, lanes, names, size) {
  const edge = [4, 4, size.width - 4, size.height - 4];
  const isInside = ([x, y]) => x >= edge[0] && y >= edge[1] && x <= edge[2] && y <= edge[3];
  const labels = new Map();
  for (const mark of [...marks].sort((a, b) => a.width - b.width)) {
    if (!mark.beyond || !mark.width) continue;
    for (const end of ['from', 'to']) {
      const line = end === 'to' ? [...lanes.get(mark.link.id)].reverse() : lanes.get(mark.link.id);
      if (!mark.beyond[end] || isInside(line[0]) || !line.some(isInside)) continue;
      const id = mark.link[end];
      const text = `${end} ${shortName(names.get(id))}`;
      const width = textWidth(text, PLACE.size) + 2;
      const candidates = inwards(cutToBox(line, edge).points, size, width, 6 + mark.width / 2);
      labels.set(`${end} ${id}`, { id: `far ${mark.link.id} ${end}`, kind: 'market', text, width, height: PLACE.height, priority: 2e3, limit: 14, candidates });
    }
  }
  return [...labels.values()];
}

// Places for a word around the first stretch of a line that comes in from the edge, pushed into the frame.
function inwards(line, size, width, gap) {
  const length = lengthOf(line) || 1;
  return [4, 16, 30, 46, 64, 84].flatMap((far, i) => {
    const { x, y } = pointAt(line, Math.min(1, far / length));
    return around(x, y, width, PLACE.height, gap).map((place) => ({
      x: Math.max(3, Math.min(size.width - width - 3, place.x)),
      y: Math.max(3, Math.min(size.height - PLACE.height - 3, place.y)),
      cost: place.cost / 2 + i * 0.3,
    }));
  });
}

// Left and right of the line, just clear of it.
function beside({ x, y, angle }, lineWidth, width) {
  const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
  const clear = lineWidth / 2 + 4 + (Math.abs(nx) * width + Math.abs(ny) * VOLUME.height) / 2;
  return [1, -1].map((side) => ({
    x: x + nx * clear * side - width / 2,
    y: y + ny * clear * side - VOLUME.height / 2,
  }));
}

function countries(paths, size, transform) {
  const home = paths.countries.find((country) => country.path === paths.home)?.name;
  const labels = [];
  for (const [name, spots] of countryPlaces(paths, size, transform)) {
    const text = name.toUpperCase();
    const width = textWidth(text, COUNTRY.size, 400, COUNTRY.spacing);
    // Half the name may reach over the border, no more: else it would seem to name the neighbour.
    const fitting = spots.filter(({ depth }) => depth * 3 > width);
    if (!fitting.length) continue;
    const candidates = fitting.map(({ x, y, depth }) => ({ x: x - width / 2, y: y - COUNTRY.height / 2, cost: 3 / (1 + depth) }));
    labels.push({ id: `country ${name}`, kind: name === home ? 'country home' : 'country', text, width, height: COUNTRY.height, priority: spots[0].depth, limit: 4, margin: 9, candidates });
  }
  return labels;
}

function linePoints(marks, lanes) {
  const points = [];
  for (const mark of marks) {
    const line = lanes.get(mark.link.id);
    const count = Math.max(1, Math.min(80, Math.ceil(lengthOf(line) / 7)));
    const weight = mark.state === 'closed' || mark.width > 0 ? 1 + Math.min(2, mark.width / 5) : 0.5;
    for (const { x, y } of pointsAlong(line, count)) points.push({ x, y, weight });
    if (mark.state === 'closed') points.push(...crossPoints(pointAt(line, 0.5)));
  }
  return points;
}

// The cross on a closed link is a mark of its own, which no word may cover.
function crossPoints({ x, y }) {
  return [[0, 0], [7, 0], [-7, 0], [0, 7], [0, -7]].map(([dx, dy]) => ({ x: x + dx, y: y + dy, weight: 5 }));
}
