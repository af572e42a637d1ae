// Geometry of drawn lines, in pixels. A line is an array of [x, y] points.

/** Length of a line. */
export function lengthOf(points) {
  let length = 0;
  for (let i = 1; i < points.length; i += 1) length += distance(points[i - 1], points[i]);
  return length;
}

/** Point, and direction in radians, at a fraction of a line's length. */
export function pointAt(points, fraction) {
  let left = lengthOf(points) * fraction;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const step = distance(a, b);
    if (step > 0 && (left <= step || i === points.length - 1)) {
      const t = Math.min(1, left / step);
      return { x: a[0] + (b[0] - a[0]) * t, y: a[1] + (b[1] - a[1]) * t, angle: Math.atan2(b[1] - a[1], b[0] - a[0]) };
    }
    left -= step;
  }
  return { x: points[0][0], y: points[0][1], angle: 0 };
}

/** Points at even steps along a line, `count` + 1 of them, its ends included; in one walk, as long lines have many points. */
export function pointsAlong(points, count) {
  const found = [];
  const step = lengthOf(points) / count || 1;
  let [passed, i] = [0, 1];
  for (let n = 0; n <= count; n += 1) {
    while (i < points.length - 1 && passed + distance(points[i - 1], points[i]) < n * step) {
      passed += distance(points[i - 1], points[i]);
      i += 1;
    }
    const [a, b] = [points[i - 1], points[i] ?? points[i - 1]];
    const share = Math.min(1, (n * step - passed) / (distance(a, b) || 1));
    found.push({ x: a[0] + (b[0] - a[0]) * share, y: a[1] + (b[1] - a[1]) * share });
  }
  return found;
}

/** A smooth line through points: centripetal Catmull-Rom (Yuksel et al. 2011), which makes neither loops nor cusps. */
export function smooth(points, spacing = 6) {
  return smoothAside(points, points.slice(1).map(() => 0), spacing);
}

/**
 * A smooth line beside points: `aside[i]` is the distance from the stretch between points i and i + 1, to the right hand
 * where it is positive. Between stretches of different distance the line passes over gradually.
 */
export function smoothAside(points, aside, spacing = 6) {
  const kept = points.map((_, i) => i).filter((i) => i === 0 || distance(points[i], points[i - 1]) > 1e-6);
  const knots = kept.map((i) => points[i]);
  const shifts = kept.slice(1).map((i) => aside[i - 1]);
  const isPlain = shifts.every((shift) => shift === shifts[0]);
  if (knots.length < 2) return knots;
  const line = [knots[0]];
  const by = [shifts[0]];
  for (let i = 0; i < knots.length - 1; i += 1) {
    const [p1, p2] = [knots[i], knots[i + 1]];
    const p0 = knots[i - 1] ?? mirror(p2, p1);
    const p3 = knots[i + 2] ?? mirror(p1, p2);
    // Two points alone are joined by a straight line, which needs no points between.
    const steps = knots.length === 2 && isPlain ? 1 : Math.max(1, Math.min(40, Math.ceil(distance(p1, p2) / spacing)));
    for (let step = 1; step <= steps; step += 1) {
      line.push(catmullRom(p0, p1, p2, p3, step / steps));
      by.push(shiftWithin(shifts, i, step / steps));
    }
  }
  return moveAside(line, by);
}

// Halfway to the neighbour's distance at the ends of a stretch, its own distance from a quarter to three quarters.
function shiftWithin(shifts, i, t) {
  const own = shifts[i];
  const other = t < 0.5 ? shifts[i - 1] ?? own : shifts[i + 1] ?? own;
  const nearEnd = Math.max(0, 1 - 4 * Math.min(t, 1 - t));
  return own + ((other - own) / 2) * nearEnd;
}

function moveAside(line, by) {
  if (by.every((shift) => shift === 0)) return line;
  return line.map((point, i) => {
    const before = line[Math.max(0, i - 1)];
    const after = line[Math.min(line.length - 1, i + 1)];
    const length = distance(before, after) || 1;
    return [point[0] - ((after[1] - before[1]) / length) * by[i], point[1] + ((after[0] - before[0]) / length) * by[i]];
  });
}

/** Offsets of lines that lie side by side, centred on the common course. */
export function sideBySide(widths, gap) {
  const total = widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
  let at = -total / 2;
  return widths.map((width) => {
    const centre = at + width / 2;
    at += width + gap;
    return centre;
  });
}

/**
 * What of a line lies between its first and its last point inside a box [left, top, right, bottom], and a stretch beyond it up to
 * the box's edge: {points, first, last}, first and last being the stretches that remain. A line without a point inside stays whole.
 */
export function cutToBox(points, [left, top, right, bottom]) {
  const isInside = ([x, y]) => x >= left && x <= right && y >= top && y <= bottom;
  const inside = points.map((_, i) => i).filter((i) => isInside(points[i]));
  if (!inside.length) return { points, first: 0, last: points.length - 1 };
  const [first, last] = [Math.max(0, inside[0] - 1), Math.min(points.length - 1, inside.at(-1) + 1)];
  const kept = points.slice(first, last + 1);
  const towards = (from, to) => {
    const shares = [[left, 0], [right, 0], [top, 1], [bottom, 1]].map(([edge, axis]) => (edge - from[axis]) / (to[axis] - from[axis]));
    const share = Math.min(1, ...shares.filter((one) => one > 0));
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  };
  if (!isInside(kept[0])) kept[0] = towards(kept[1], kept[0]);
  if (!isInside(kept.at(-1))) kept[kept.length - 1] = towards(kept.at(-2), kept.at(-1));
  return { points: kept, first, last };
}

/** The line as the `d` of an SVG path. */
export function toPath(points) {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('');
}

export function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function mirror(point, centre) {
  return [2 * centre[0] - point[0], 2 * centre[1] - point[1]];
}

function catmullRom(p0, p1, p2, p3, t) {
  const t1 = Math.sqrt(distance(p0, p1));
  const t2 = t1 + Math.sqrt(distance(p1, p2));
  const t3 = t2 + Math.sqrt(distance(p2, p3));
  const at = t1 + (t2 - t1) * t;
  const a1 = blend(p0, p1, 0, t1, at);
  const a2 = blend(p1, p2, t1, t2, at);
  const a3 = blend(p2, p3, t2, t3, at);
  return blend(blend(a1, a2, 0, t2, at), blend(a2, a3, t1, t3, at), t1, t2, at);
}

function blend(a, b, from, to, at) {
  const weight = to === from ? 0 : (at - from) / (to - from);
  return [a[0] + (b[0] - a[0]) * weight, a[1] + (b[1] - a[1]) * weight];
}
