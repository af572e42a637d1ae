// How one link is drawn in one view. Goods and modes differ by colour and by pattern; states by line and by sign.

import { lengthOf, pointAt, toPath } from '../layout/curve.js';
import { svg } from '../dom.js';
import { capacityIn, stateIn } from './network.js';

/** Dash of the core line by mode; a solid core also carries a mark of its own for rail (ties along the middle). */
const MODE_DASH = { sea: [10, 3], road: [5, 2], transfer: [2, 2], power: [12, 2, 2, 2] };

/** Dash for a mode at a width: dashes of a wide line are longer, so that it doesn't fall into blocks. */
export function modeDash(mode, width) {
  const longer = Math.max(1, width / 5);
  return MODE_DASH[mode]?.map((length, i) => (i % 2 ? length : Math.round(length * longer))).join(' ') ?? null;
}

const SPACING = 130;

/** Elements of a line (see network.js) in a view: made once, redrawn by `draw(points)` after every move of the map. */
export function linkMark({ link, stub, beyond }, view, style) {
  const state = stateIn(view, link);
  const flow = view.flows[link.id] ?? 0;
  const width = style.flowWidth(view, link);
  const group = svg('g', { class: `link ${view.isDifference ? changeClass(flow) : state}` });
  const hit = svg('path', { class: 'hit' });
  const casing = svg('path', { class: 'casing' });
  const core = svg('path', { class: 'core' });
  const over = svg('path', { class: 'over' });
  const signs = svg('g', { class: 'signs' });
  group.append(hit, casing, core, over, signs);
  const colour = style.colourOf(link);
  if (!view.isDifference) group.style.setProperty('--link', `var(${colour})`);
  hit.style.strokeWidth = Math.max(14, width);

  const isChange = view.isDifference && Math.abs(flow) > 0;
  const isFlowing = !view.isDifference && state === 'flowing';
  if (!view.isDifference && (state === 'flowing' || state === 'idle')) {
    const capacity = capacityIn(view, link);
    casing.style.strokeWidth = capacity === null ? 0 : Math.max(style.capacityWidth(link, capacity), width > 0 ? width : 2.5);
  } else {
    casing.remove();
  }
  if (isFlowing || isChange) core.style.strokeWidth = width;
  const dash = modeDash(link.mode, width);
  if (isFlowing && dash) core.style.strokeDasharray = dash;
  // Rail: pale ties along the middle of a wide line, gaps in a thin one. Less flow: a hollow line. Both read without colour.
  if (isFlowing && link.mode === 'rail') {
    if (width >= 3.5) Object.assign(over.style, { strokeWidth: width * 0.4, strokeDasharray: '5 5' });
    else core.style.strokeDasharray = '5 2.5';
  }
  if (isChange && flow < 0) {
    if (width >= 4) over.style.strokeWidth = width - 2.6;
    else core.style.strokeDasharray = '4 2.5';
  }
  if (!over.style.strokeWidth) over.remove();

  const draw = (points) => {
    const d = toPath(points);
    for (const path of [hit, casing, core, over]) path.setAttribute('d', d);
    signs.replaceChildren();
    if (state === 'closed') signs.append(cross(pointAt(points, 0.5)));
    if (!isFlowing) return;
    if (stub && style.isCut(view, link)) signs.append(cut(pointAt(points, 0.5), width));
    if (stub?.isLeaving) signs.append(tip(pointAt(points, 1), width));
    else for (const fraction of arrowPlaces(points)) signs.append(arrow(pointAt(points, fraction), width));
  };
  return { link, stub, beyond, group, flow, width, state, draw };
}

/** Elements for a legend: a short piece of line in a given manner. */
export function sample(classes, { width = 0, casing = 0, dash = null, over = null, colour = null, sign = null } = {}) {
  const picture = svg('svg', { width: 44, height: 18, viewBox: '0 0 44 18', 'aria-hidden': 'true', class: 'sample' });
  const group = svg('g', { class: `link ${classes}` });
  if (colour) group.style.setProperty('--link', `var(${colour})`);
  const line = (name, thickness, pattern) => {
    const path = svg('path', { class: name, d: 'M2,9H42' });
    path.style.strokeWidth = thickness;
    if (pattern) path.style.strokeDasharray = pattern;
    return path;
  };
  if (casing) group.append(line('casing', casing));
  group.append(width ? line('core', width, dash) : svg('path', { class: 'core', d: 'M2,9H42' }));
  if (over) group.append(line('over', over.width, over.dash));
  if (sign === 'cross') group.append(cross({ x: 22, y: 9 }));
  if (sign === 'cut') group.append(cut({ x: 22, y: 9, angle: 0 }, width));
  if (sign === 'arrow') group.append(arrow({ x: 22, y: 9, angle: 0 }, width));
  picture.append(group);
  return picture;
}

function changeClass(change) {
  if (Math.abs(change) < 1e-9) return 'same';
  return change > 0 ? 'more' : 'less';
}

function arrowPlaces(points) {
  const length = lengthOf(points);
  if (length < 24) return [];
  const count = Math.max(1, Math.round(length / SPACING));
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count);
}

// On a wide line a pale chevron inside it; on a thin one a solid head wider than the line, so that nothing is cut.
function arrow(place, width) {
  if (width >= 7) {
    const size = Math.min(5, width * 0.28);
    return svg('path', { class: 'chevron', d: `M${-size * 0.6},${-size}L${size * 0.6},0L${-size * 0.6},${size}`, transform: turned(place) });
  }
  const half = Math.max(3.4, width * 0.5 + 2);
  return svg('path', { class: 'head', d: `M${-half},${-half}L${half * 1.1},0L${-half},${half}Z`, transform: turned(place) });
}

// The head of an arrow that leads off the network: it stands beyond the end of the line.
function tip(place, width) {
  const half = width * 0.5 + 3.5;
  return svg('path', { class: 'head', d: `M-0.5,${-half}L${half * 1.3},0L-0.5,${half}Z`, transform: turned(place) });
}

// Two strokes across an arrow to or from the market that carries more than its width tells, as an axis is broken.
function cut(place, width) {
  const half = width / 2 + 2.5;
  const stroke = (at) => `M${at - 2.5},${half}L${at + 2.5},${-half}`;
  return svg('path', { class: 'cut', d: stroke(-3) + stroke(3), transform: turned(place) });
}

function turned({ x, y, angle }) {
  return `translate(${x.toFixed(1)},${y.toFixed(1)}) rotate(${((angle * 180) / Math.PI).toFixed(1)})`;
}

function cross({ x, y }) {
  return svg(
    'g',
    { class: 'cross', transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` },
    svg('circle', { r: 6 }),
    svg('path', { d: 'M-2.6,-2.6L2.6,2.6M2.6,-2.6L-2.6,2.6' }),
  );
}
