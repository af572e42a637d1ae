import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, laneLines, regionPoints, stateIn, viewsOf } from '../src/map/network.js';
import { fitProjection, regionAspect } from '../src/map/projection.js';

const place = (id, lon, lat, kind = 'port') => ({ id, name: id, country: 'KAZ', lon, lat, kind });
const link = (id, from, to, more = {}) => ({ id, name: id, from, to, mode: 'sea', good: 'crude', status: 'open', path: [], capacity: 5, unit: 'Mt/yr', ...more });
const network = {
  nodes: [place('a', 50, 45), place('b', 60, 47), place('m', 0, 0, 'world')],
  links: [link('out', 'a', 'b'), link('back', 'b', 'a'), link('sale', 'b', 'm'), link('point', 'a', 'a')],
  views: [{ id: 'one', title: 'One', flows: { out: 4, sale: 4 } }, { id: 'two', title: 'Two', flows: { out: 1, sale: 1 }, closed: ['back'] }],
};
const flat = ([lon, lat]) => [lon * 10, -lat * 10];
const SIZE = { width: 1000, height: 1000 };
const still = { x: 0, y: 0, k: 1 };

test('the world market is no place on the map', () => {
  assert.deepEqual(regionPoints(network), [[50, 45], [60, 47]]);
});

test('one place on another continent does not shrink the map of all others', () => {
  const sellers = [place('w', 17, 52), place('r', 37, 56), place('k', 76, 44), place('i', 51, 35), place('t', 69, 38)];
  const far = { nodes: [...sellers, place('us', -87, 30)], links: [...sellers, { id: 'us' }].map(({ id }) => link(`from_${id}`, id, 'k', { path: [[id.length, 1]] })) };
  const points = regionPoints(far);
  assert.ok(points.some(([lon]) => lon === 17) && !points.some(([lon]) => lon === -87), String(points));
  assert.equal(points.length, 10, 'nor do the points of its way');
  const wide = { nodes: [place('a', -100, 40), place('b', 0, 50), place('c', 100, 30)], links: [link('ab', 'a', 'b'), link('bc', 'b', 'c')] };
  assert.equal(regionPoints(wide).length, 3, 'a case that spans the world keeps it');
});

test('a line that leads off the map is cut where no reader can see its end', () => {
  const off = { nodes: [place('a', 50, -45), place('b', 60, -47), place('far', 900, -45)], links: [link('near', 'a', 'b'), link('away', 'a', 'far', { path: [[55, -45]] })] };
  const [near, away] = linesOf(off, flat, SIZE);
  assert.deepEqual(near.beyond, { from: false, to: false });
  assert.deepEqual(away.beyond, { from: false, to: true });
  assert.deepEqual(away.points.at(-1), [1600, 450]);
  assert.equal(away.courses.length, away.points.length - 1);
});

test('a link to the world market is a short arrow away from the other links; a link of no length is left out', () => {
  const lines = linesOf(network, flat, SIZE);
  assert.deepEqual(lines.map((line) => line.link.id), ['out', 'back', 'sale']);
  const points = laneLines(lines, { x: 0, y: 0, k: 3 }, () => 2).get('sale');
  assert.equal(points.length, 2);
  assert.ok(points[1][0] > points[0][0], 'leads east, as the other links come from the west');
  assert.ok(Math.abs(Math.hypot(points[1][0] - points[0][0], points[1][1] - points[0][1]) - 38) < 1e-6, 'keeps its length');
});

test('links there and back run side by side, each in its own lane', () => {
  const lanes = laneLines(linesOf(network, flat, SIZE), still, () => 6, 2);
  const [out, back] = [lanes.get('out'), lanes.get('back')];
  const gap = Math.hypot(out[0][0] - back[1][0], out[0][1] - back[1][1]);
  assert.ok(Math.abs(gap - 8) < 1e-6, `${gap} instead of width 6 and gap 2`);
});

test('links that share a stretch lie side by side there, and pass over to their own way', () => {
  const strait = [[55, 44], [56, 43]];
  const shared = { ...network, nodes: [...network.nodes, place('c', 52, 47)], links: [link('p', 'a', 'b', { path: strait }), link('q', 'c', 'b', { path: strait })] };
  const lanes = laneLines(linesOf(shared, flat, SIZE), still, () => 6, 2);
  const near = (points, [x, y]) => Math.min(...points.map((point) => Math.hypot(point[0] - x, point[1] - y)));
  const middle = flat([55.5, 43.5]);
  // Each lies 4 from the common course: half its width and half the gap, on its own side.
  assert.ok(Math.abs(near(lanes.get('p'), middle) - 4) < 1.5, 'p');
  assert.ok(Math.abs(near(lanes.get('q'), middle) - 4) < 1.5, 'q');
  assert.ok(near(lanes.get('p'), flat(strait[0])) > 1 && near(lanes.get('q'), flat(strait[1])) > 3, 'aside at the corners too');
});

test('the difference is the last view less the first, and its sign is kept', () => {
  const views = viewsOf({ ...network, differences: true });
  assert.equal(views.length, 3);
  assert.deepEqual(views[2].flows, { out: -3, sale: -3 });
});

test('how a link stands', () => {
  const [one, two] = viewsOf(network);
  assert.equal(stateIn(one, network.links[0]), 'flowing');
  assert.equal(stateIn(one, network.links[1]), 'idle');
  assert.equal(stateIn(two, network.links[1]), 'closed');
  assert.equal(stateIn(one, link('new', 'a', 'b', { status: 'planned' })), 'planned');
});

test('the region is fitted into the frame, also across the antimeridian and for one place alone', () => {
  for (const points of [[[50, 45], [60, 47]], [[178, 52], [-175, 55]], [[10, 50]], [[-70, -30], [-60, -10]], [[-150, 60], [140, -35], [0, 50]]]) {
    const projection = fitProjection(points, 600, 400);
    for (const [x, y] of points.map(projection)) assert.ok(x >= 0 && x <= 600 && y >= 0 && y <= 400, `${points}: ${x},${y}`);
    const aspect = regionAspect(points);
    assert.ok(aspect >= 0.5 && aspect <= 1);
  }
});
