// Where labels stand on a map: one pass for all of them, so that none covers another and none leaves the frame.

/**
 * Choose a place for each label, the most important first; a label without a free place is left out.
 *
 * labels: [{id, width, height, priority, limit?, margin?, candidates: [{x, y, cost?}]}], x and y being the upper left corner.
 * frame: {width, height}. obstacles: [{x, y, weight}]: points better not covered (lines, dots).
 * taken: boxes {x, y, width, height} that no label may touch. Returns [{id, x, y, width, height}]. `limit` is the weight of obstacles a label may cover at
 * most; obstacles within `margin` around it count a quarter, so that it stands clear of them where it can.
 */
export function placeLabels(labels, frame, obstacles = [], taken = []) {
  const placed = [...taken];
  const cells = byCell(obstacles);
  const ordered = [...labels].sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
  for (const label of ordered) {
    let best = null;
    let least = label.limit ?? Infinity;
    for (const { x, y, cost = 0 } of label.candidates) {
      const box = { id: label.id, x, y, width: label.width, height: label.height };
      if (cost > least || !inside(box, frame) || placed.some((other) => overlap(box, other))) continue;
      const weight = cost + covered(box, cells, label.margin ?? 0);
      if (weight < least || (best === null && weight <= least)) {
        best = box;
        least = weight;
      }
    }
    if (best) placed.push(best);
  }
  return placed.slice(taken.length);
}

/** Eight places around a dot, the most readable first: right, left, above, below, then the corners. */
export function around(x, y, width, height, gap) {
  const [near, corner] = [gap, gap * 0.7];
  return [
    [x + near, y - height / 2],
    [x - near - width, y - height / 2],
    [x - width / 2, y - near - height],
    [x - width / 2, y + near],
    [x + corner, y - corner - height],
    [x + corner, y + corner],
    [x - corner - width, y - corner - height],
    [x - corner - width, y + corner],
  ].map(([left, top], rank) => ({ x: left, y: top, cost: rank * 0.4 }));
}

/** Move marks on an axis apart so that neighbours keep a distance, within [low, high] where there is room. */
export function spread(positions, gap, low, high) {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
  const moved = [...positions];
  order.forEach((i, rank) => {
    moved[i] = Math.max(moved[i], rank === 0 ? low : moved[order[rank - 1]] + gap);
  });
  for (let rank = order.length - 1; rank >= 0; rank -= 1) {
    const ceiling = rank === order.length - 1 ? high : moved[order[rank + 1]] - gap;
    moved[order[rank]] = Math.min(moved[order[rank]], ceiling);
  }
  return moved;
}

export function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside(box, frame) {
  return box.x >= 2 && box.y >= 2 && box.x + box.width <= frame.width - 2 && box.y + box.height <= frame.height - 2;
}

const CELL = 40;

// Obstacles by the square they lie in: a label looks only at those around it, which keeps a map of many lines quick.
function byCell(obstacles) {
  const cells = new Map();
  for (const one of obstacles) {
    const key = cellKey(Math.floor(one.x / CELL), Math.floor(one.y / CELL));
    const list = cells.get(key);
    if (list) list.push(one);
    else cells.set(key, [one]);
  }
  return cells;
}

function cellKey(column, row) {
  return column * 65536 + row;
}

function covered(box, cells, margin) {
  const [left, right] = [box.x - margin, box.x + box.width + margin].map((x) => Math.floor(x / CELL));
  const [top, bottom] = [box.y - margin, box.y + box.height + margin].map((y) => Math.floor(y / CELL));
  let weight = 0;
  for (let column = left; column <= right; column += 1) {
    for (let row = top; row <= bottom; row += 1) {
      for (const { x, y, weight: heavy } of cells.get(cellKey(column, row)) ?? []) {
        const outside = Math.max(box.x - x, x - box.x - box.width, box.y - y, y - box.y - box.height);
        if (outside < 0) weight += heavy;
        else if (outside < margin) weight += heavy / 4;
      }
    }
  }
  return weight;
}
