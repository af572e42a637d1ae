// A Sankey diagram with fixed columns. Columns are given, not found, so that flows that run back make no cycle.

/** Order of the nodes in each column: by size, then swept towards the mean place of what they are linked to. */
export function orderNodes(nodes, links, columnCount) {
  const size = new Map(nodes.map((node) => [node.id, throughput(node.id, links)]));
  const columns = Array.from({ length: columnCount }, (_, column) =>
    nodes.filter((node) => node.column === column).sort((a, b) => size.get(b.id) - size.get(a.id)).map((node) => node.id),
  );
  const rank = new Map();
  const remember = () => columns.forEach((ids) => ids.forEach((id, i) => rank.set(id, (i + 0.5) / ids.length)));
  remember();
  for (let sweep = 0; sweep < 6; sweep += 1) {
    for (const ids of sweep % 2 ? [...columns].reverse() : columns) {
      const mean = new Map(ids.map((id) => [id, meanRank(id, links, rank)]));
      ids.sort((a, b) => mean.get(a) - mean.get(b));
      remember();
    }
  }
  const isRest = new Set(nodes.filter((node) => node.isRest).map((node) => node.id));
  return columns.map((ids) => [...ids.filter((id) => !isRest.has(id)), ...ids.filter((id) => isRest.has(id))]);
}

/**
 * The same flows with at most `most` nodes in a column: those through which least passes become one node, `others(count)` by
 * name, the last of its column. `views` are lists of links. Returns {nodes, views}.
 */
export function lumpSmall(nodes, views, most, others) {
  const links = views.flat();
  const size = new Map(nodes.map((node) => [node.id, throughput(node.id, links)]));
  const into = new Map();
  const kept = [];
  for (const column of new Set(nodes.map((node) => node.column))) {
    const used = nodes.filter((node) => node.column === column && size.get(node.id) > 0).sort((a, b) => size.get(b.id) - size.get(a.id));
    const small = used.length > most ? used.slice(most - 1) : [];
    kept.push(...nodes.filter((node) => node.column === column && !small.includes(node)));
    if (!small.length) continue;
    const id = `others of column ${column}`;
    kept.push({ id, column, label: others(small.length), isRest: true });
    for (const node of small) into.set(node.id, id);
  }
  return { nodes: kept, views: views.map((list) => joined(list, into)) };
}

function joined(links, into) {
  const sums = new Map();
  for (const link of links) {
    const [source, target] = [into.get(link.source) ?? link.source, into.get(link.target) ?? link.target];
    const key = `${source}|${target}`;
    sums.set(key, { ...link, source, target, value: link.value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}

/** Pixels per unit of flow with which the fullest column fits a height, each node taking at least `slot` pixels. */
export function sankeyScale(columns, links, height, slot, padding) {
  let scale = Infinity;
  for (const ids of columns) {
    const values = ids.map((id) => throughput(id, links)).filter((value) => value > 0);
    const room = height - padding * (values.length - 1);
    if (!values.length) continue;
    let [low, high] = [0, room / values.reduce((sum, value) => sum + value, 0)];
    for (let i = 0; i < 40; i += 1) {
      const middle = (low + high) / 2;
      const taken = values.reduce((sum, value) => sum + Math.max(slot, value * middle), 0);
      if (taken <= room) low = middle;
      else high = middle;
    }
    scale = Math.min(scale, low);
  }
  return Number.isFinite(scale) ? scale : 0;
}

/**
 * Place nodes and links. Returns {nodes: [{id, x, y, height, value}], links: [{source, target, value, y0, y1, width}]}:
 * `at` are the places of the columns as shares of the width, if they are not evenly spaced. A link runs from the right edge of its source at y0 to the left edge of its target at y1 (centres of the ribbon).
 */
export function layoutSankey(columns, links, { width, height, nodeWidth, scale, slot, padding, at = null }) {
  const nodes = new Map();
  columns.forEach((ids, column) => {
    const used = ids.map((id) => ({ id, value: throughput(id, links) })).filter((node) => node.value > 0);
    const taken = used.reduce((sum, node) => sum + Math.max(slot, node.value * scale), 0) + padding * (used.length - 1);
    const x = columns.length > 1 ? (at?.[column] ?? column / (columns.length - 1)) * (width - nodeWidth) : 0;
    let y = Math.max(0, (height - taken) / 2);
    for (const { id, value } of used) {
      const tall = value * scale;
      const room = Math.max(slot, tall);
      nodes.set(id, { id, column, x, y: y + (room - tall) / 2, height: tall, value, out: 0, in: 0 });
      y += room + padding;
    }
  });
  const placed = links.filter((link) => link.value > 0).map((link) => ({ ...link, width: link.value * scale }));
  // Ribbons leave a node in the order of the places they go to, so that they don't cross without need.
  placed.sort((a, b) => nodes.get(a.target).y - nodes.get(b.target).y);
  for (const link of placed) {
    const from = nodes.get(link.source);
    link.y0 = from.y + from.out + link.width / 2;
    from.out += link.width;
  }
  placed.sort((a, b) => nodes.get(a.source).y - nodes.get(b.source).y);
  for (const link of placed) {
    const to = nodes.get(link.target);
    link.y1 = to.y + to.in + link.width / 2;
    to.in += link.width;
  }
  return { nodes: [...nodes.values()], links: placed };
}

/** What passes a node: the larger of what comes in and what goes out. */
export function throughput(id, links) {
  let [inward, outward] = [0, 0];
  for (const link of links) {
    if (link.target === id) inward += link.value;
    if (link.source === id) outward += link.value;
  }
  return Math.max(inward, outward);
}

function meanRank(id, links, rank) {
  let [sum, weight] = [0, 0];
  for (const link of links) {
    const other = link.source === id ? link.target : link.target === id ? link.source : null;
    if (other === null || !rank.has(other)) continue;
    sum += rank.get(other) * link.value;
    weight += link.value;
  }
  return weight > 0 ? sum / weight : rank.get(id);
}
