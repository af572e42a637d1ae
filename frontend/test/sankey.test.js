import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutSankey, lumpSmall, orderNodes, sankeyScale, throughput } from '../src/layout/sankey.js';

const nodes = [
  { id: 'a', column: 0 }, { id: 'b', column: 0 }, { id: 'r', column: 1 }, { id: 's', column: 1 }, { id: 'm', column: 2 }, { id: 'n', column: 2 },
];
const links = [
  { source: 'a', target: 'r', value: 30 }, { source: 'a', target: 's', value: 1 }, { source: 'b', target: 's', value: 9 },
  { source: 'r', target: 'm', value: 30 }, { source: 's', target: 'n', value: 10 },
];

function layout(height = 200) {
  const columns = orderNodes(nodes, links, 3);
  const scale = sankeyScale(columns, links, height, 15, 5);
  return layoutSankey(columns, links, { width: 300, height, nodeWidth: 10, scale, slot: 15, padding: 5 });
}

test('the order follows the flows, so that ribbons do not cross', () => {
  assert.deepEqual(orderNodes(nodes, links, 3), [['a', 'b'], ['r', 's'], ['m', 'n']]);
});

test('a node is as high as what passes it, in every column at one scale', () => {
  const placed = layout();
  const scale = placed.nodes.find((node) => node.id === 'r').height / 30;
  for (const node of placed.nodes) assert.ok(Math.abs(node.height - throughput(node.id, links) * scale) < 1e-9, node.id);
});

test('all fits the height and nodes of a column keep apart', () => {
  const placed = layout(120);
  for (const column of [0, 1, 2]) {
    const stack = placed.nodes.filter((node) => node.column === column).sort((p, q) => p.y - q.y);
    assert.ok(stack[0].y >= -1e-6 && stack.at(-1).y + stack.at(-1).height <= 120 + 1e-6);
    for (let i = 1; i < stack.length; i += 1) assert.ok(stack[i].y >= stack[i - 1].y + stack[i - 1].height + 5 - 1e-6);
  }
});

test('ribbons fill the edges of their nodes without gap or overlap', () => {
  const placed = layout();
  for (const node of placed.nodes) {
    for (const [end, at] of [['source', 'y0'], ['target', 'y1']]) {
      const edges = placed.links.filter((link) => link[end] === node.id).map((link) => [link[at] - link.width / 2, link[at] + link.width / 2]);
      if (!edges.length) continue;
      edges.sort((p, q) => p[0] - q[0]);
      assert.ok(Math.abs(edges[0][0] - node.y) < 1e-9, node.id);
      for (let i = 1; i < edges.length; i += 1) assert.ok(Math.abs(edges[i][0] - edges[i - 1][1]) < 1e-9, node.id);
    }
  }
});

test('a flow that runs back in the real world makes no cycle: columns are given', () => {
  const back = [...links, { source: 'b', target: 'r', value: 2 }, { source: 'r', target: 'n', value: 2 }];
  const columns = orderNodes(nodes, back, 3);
  assert.equal(layoutSankey(columns, back, { width: 300, height: 200, nodeWidth: 10, scale: 1, slot: 15, padding: 5 }).links.length, 7);
});

test('no flow, no scale, no node', () => {
  assert.equal(sankeyScale([['a']], [], 100, 15, 5), 0);
  assert.deepEqual(layoutSankey([['a']], [], { width: 10, height: 10, nodeWidth: 1, scale: 0, slot: 1, padding: 1 }), { nodes: [], links: [] });
});

test('small nodes become one, the last of its column, and no flow is lost', () => {
  const many = Array.from({ length: 9 }, (_, i) => ({ id: `f${i}`, column: 0 }));
  const flows = many.map(({ id }, i) => ({ source: id, target: i % 2 ? 'm' : 'n', value: i + 1 }));
  const whole = [...many, { id: 'm', column: 1 }, { id: 'n', column: 1 }];
  const { nodes: left, views: [few] } = lumpSmall(whole, [flows], 4, (count) => `${count} others`);
  assert.deepEqual(left.filter((node) => node.column === 0).map((node) => node.label ?? node.id), ['f6', 'f7', 'f8', '6 others']);
  assert.equal(few.reduce((sum, flow) => sum + flow.value, 0), 45);
  assert.equal(few.filter((flow) => flow.source === 'others of column 0').length, 2, 'one ribbon to each market');
  assert.equal(orderNodes(left, few, 2)[0].at(-1), 'others of column 0');
  assert.equal(lumpSmall(whole, [flows], 9, String).nodes.length, 11, 'few enough stay as they are');
});
