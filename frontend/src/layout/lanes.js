// A timeline's bars and names in lanes, so that nothing lies over anything else. Times are milliseconds, places pixels.

const YEAR = 365.25 * 24 * 3600 * 1000;
const [BEFORE, AFTER] = [3 * YEAR, 2 * YEAR];

/** Rows under the label that `labelOf` gives them: the fullest label first, those of several things and of none last. */
export function groupRows(rows, labelOf) {
  const found = new Map();
  for (const row of rows) {
    const { label, rank } = labelOf(row);
    if (!found.has(label)) found.set(label, { label, rank, rows: [] });
    found.get(label).rows.push(row);
  }
  return [...found.values()].sort((a, b) => a.rank - b.rank || b.rows.length - a.rows.length || (a.label < b.label ? -1 : 1));
}

/** The label of a list of names: one or two names in full, more as `many`, none as `none`; `rank` puts the last two last. */
export function jointLabel(names, many, none) {
  const told = [...new Set(names)].sort();
  if (!told.length) return { label: none, rank: 3 };
  if (told.length > 2) return { label: many, rank: 2 };
  return { label: told.join(' and '), rank: told.length - 1 };
}

/** The axis: all dates, but no more than three years before and two after what is solved. */
export function axisSpan(rows, solved) {
  const dates = rows.flatMap((row) => [row.start, row.end, row.announced]).filter(Boolean).map((day) => Date.parse(day));
  const [first, last] = [Math.min(...dates), Math.max(...dates)];
  const margin = (low, high) => Math.max((high - low) * 0.02, YEAR / 24);
  if (!solved) return [first - margin(first, last), last + margin(first, last)];
  const [from, to] = [Date.parse(solved.start), Date.parse(solved.end)];
  const low = Math.min(from, Math.max(first, from - BEFORE));
  const high = Math.max(to, Math.min(last, to + AFTER));
  return [low - margin(low, high), high + margin(low, high)];
}

/**
 * Where a row's mark and name stand between `left` and `right`: {kind, from, to, announced, text, textAt, extent, cut}.
 *
 * `x(time)` is the place on the axis, `widthOf(text)` the width of a name, `fit(text, width)` cuts one. What lies wholly
 * beside the axis is an arrow at its edge with the year before its name. `extent` [low, high] is all that it covers.
 */
export function placeRow(row, { x, span, left, right, widthOf, fit }) {
  const at = (day) => Date.parse(day);
  const start = row.start ? at(row.start) : -Infinity;
  const isPoint = row.end === null && !row.open;
  const end = row.end ? at(row.end) : row.open ? Infinity : start;
  const beside = end < span[0] ? 'before' : start > span[1] ? 'after' : null;
  if (beside) {
    const year = (beside === 'before' ? row.end ?? row.start : row.start).slice(0, 4);
    return named({ kind: beside, from: beside === 'before' ? left : right, to: beside === 'before' ? left : right }, `${year}: ${row.name}`);
  }
  const inside = (time) => Math.max(left, Math.min(right, x(time)));
  const from = start === -Infinity ? left : inside(start);
  const to = end === Infinity ? right : inside(end);
  const announced = row.announced && at(row.announced) >= span[0] && at(row.announced) <= span[1] ? x(at(row.announced)) : null;
  if (isPoint) return named({ kind: 'point', from, to: from, announced }, row.name);
  const cut = { start: start < span[0], end: end > span[1] };
  return named({ kind: 'bar', from, to: Math.max(to, Math.min(right, from + 3)), announced, cut }, row.name);

  function named(mark, whole) {
    const isBar = mark.kind === 'bar';
    const gap = isBar ? 0 : 9;
    const text = fit(whole, right - left - gap);
    const width = widthOf(text);
    const after = mark.from + gap;
    // To the right of where it begins; where that has no room, to the left of a point, or up to the edge over a bar.
    const before = Math.min(mark.from, mark.announced ?? mark.from) - gap - width;
    const textAt = after + width <= right ? after : isBar ? right - width : Math.max(left, before);
    const covered = [mark.from - (isBar ? 0 : 7), mark.to + (isBar ? 0 : 7), textAt, textAt + width];
    if (mark.announced !== null && mark.announced !== undefined) covered.push(mark.announced - 4, mark.announced + 4);
    return { announced: null, cut: { start: false, end: false }, ...mark, text, textAt, extent: [Math.min(...covered), Math.max(...covered)] };
  }
}

/** The first free lane for each extent [low, high], in the order given; neighbours in a lane keep `gap` between them. */
export function packLanes(extents, gap) {
  const lanes = [];
  return extents.map(([low, high]) => {
    let lane = lanes.findIndex((taken) => taken.every(([from, to]) => high + gap <= from || to + gap <= low));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane].push([low, high]);
    return lane;
  });
}
