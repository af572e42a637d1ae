// The map as a picture of its own: the land as paths, the links as they are drawn, every colour written out.

import { geoPath } from 'd3-geo';
import { cssVariable, svg, textWidth } from '../dom.js';
import { CAPTION } from '../map/basemap.js';
import { worldOf } from '../map/model.js';

const STYLES = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity',
  'font-family', 'font-size', 'font-weight', 'font-style', 'letter-spacing', 'text-anchor', 'paint-order',
];
const [PAD, LINE, FOOT] = [16, 22, 22];
let count = 0;

/** Text of an SVG file. `stage` is what mapStage().current() gives, with the world's topology; `told` {title, sentence}. */
export function mapSvg(stage, told) {
  const { width, height, node } = compose(stage, told);
  node.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(node)}`.replace('<svg ', `<svg data-size="${width}x${height}" `);
}

/** A PNG of the same, at twice the size. */
export async function mapPng(stage, told) {
  const { width, height } = compose(stage, told);
  const address = URL.createObjectURL(new Blob([mapSvg(stage, told)], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function compose({ panels, model, shared, world }, { title, sentence }) {
  const { width: panelWidth, height: panelHeight } = model.size;
  const columns = Math.min(model.size.columns, panels.length);
  const width = panelWidth * columns;
  const lines = wrap(sentence, width - 2 * PAD, 15);
  const top = PAD + 24 + lines.length * LINE + 8;
  const height = top + panelHeight * Math.ceil(panels.length / columns) + FOOT;
  const family = getComputedStyle(document.body).fontFamily;
  const ink = cssVariable('--ink');
  const write = (x, y, size, weight, words, colour = ink) =>
    svg('text', { x, y, 'font-family': family, 'font-size': size, 'font-weight': weight, fill: colour }, words);
  const root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height });
  root.append(svg('title', {}, title), svg('rect', { width, height, fill: cssVariable('--paper') }), write(PAD, PAD + 14, 16, 700, title));
  lines.forEach((line, i) => root.append(write(PAD, PAD + 24 + (i + 0.8) * LINE, 15, 400, line)));
  panels.forEach((panel, i) => {
    const [x, y] = [(i % columns) * panelWidth, top + Math.floor(i / columns) * panelHeight];
    const id = `frame-${(count += 1)}`;
    root.append(svg('clipPath', { id }, svg('rect', { width: panelWidth, height: panelHeight })));
    const frame = svg('g', { transform: `translate(${x},${y})`, 'clip-path': `url(#${id})` });
    frame.append(land(model, shared, worldOf(world)));
    const source = panel.figure.querySelector('svg');
    for (const layer of source.children) frame.append(copyOf(layer));
    frame.append(write(10, 20, 13, 600, panel.figure.querySelector('.map-title').textContent));
    root.append(frame);
  });
  root.append(write(PAD, height - 7, 11, 400, `${CAPTION} Made with Corridor.`, cssVariable('--ink-soft')));
  return { width, height, node: root };
}

function land(model, shared, world) {
  const { width, height } = model.size;
  const { x, y, k } = { x: shared.x * width, y: shared.y * height, k: shared.k };
  const draw = geoPath(model.projection).digits(1);
  const group = svg('g', { transform: `translate(${x},${y}) scale(${k})` });
  const path = (shape, attributes) => {
    const d = draw(shape);
    if (d) group.append(svg('path', { d, fill: 'none', ...attributes }));
  };
  path(world.land, { fill: cssVariable('--land') });
  for (const shape of world.countries) if (model.own.has(shape.properties.a3)) path(shape, { fill: cssVariable('--land-own') });
  for (const shape of world.countries) if (shape.properties.a3 === model.home) path(shape, { fill: cssVariable('--land-home') });
  path(world.land, { stroke: cssVariable('--coast'), 'stroke-width': 0.8 / k });
  for (const shape of world.solid) path(shape, { stroke: cssVariable('--border'), 'stroke-width': 0.9 / k });
  for (const shape of world.dashed) path(shape, { stroke: cssVariable('--border'), 'stroke-width': 1 / k, 'stroke-dasharray': `${3 / k} ${3 / k}` });
  return svg('g', {}, svg('rect', { width, height, fill: cssVariable('--sea') }), group);
}

// A layer with its styles as attributes; areas that only catch the pointer are left out.
function copyOf(node) {
  const copy = node.cloneNode(false);
  for (const name of ['class', 'style', 'tabindex', 'role', 'aria-label', 'aria-hidden', 'data-link']) copy.removeAttribute(name);
  if (node.nodeName !== 'g') {
    const style = getComputedStyle(node);
    for (const name of STYLES) copy.setAttribute(name, style.getPropertyValue(name));
  }
  for (const child of node.children) if (!child.classList.contains('hit')) copy.append(copyOf(child));
  if (!node.children.length && node.textContent) copy.textContent = node.textContent;
  return copy;
}

function wrap(text, width, size) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const next = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && textWidth(next, size) > width) lines.push(word);
    else lines[lines.length - 1] = next;
  }
  return lines.filter(Boolean);
}
