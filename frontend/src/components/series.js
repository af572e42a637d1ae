// What changes over time: averages of periods, so drawn as steps, stacked or as lines.

import { scaleLinear, scaleUtc } from 'd3-scale';
import { ellipsis, html, nothing, onWidth, svg, textWidth } from '../dom.js';
import { digitsFor, formatNumber } from '../layout/format.js';
import { spread } from '../layout/labels.js';
import { axisDomain } from '../layout/scale.js';
import { linePath, stackSteps, areaPath } from '../layout/steps.js';
import { hideTip, showTip } from '../tip.js';
import { colourAt, swatches } from './legend.js';
import { numbers } from './numbers.js';

const [HEIGHT, BOTTOM, LABEL_GAP, SIZE] = [250, 24, 15, 12];

/** Draw a "series" block into `node`. Stacked groups (before, after) stand side by side; lines of groups share a frame. */
export function series(node, block) {
  if (!block.series.length) {
    node.append(nothing());
    return;
  }
  const names = [...new Set(block.series.map((one) => one.name))];
  const groups = [...new Set(block.series.map((one) => one.group ?? null))];
  const panels = block.stacked ? groups.map((group) => block.series.filter((one) => (one.group ?? null) === group)) : [block.series];
  const plan = {
    block,
    colourOf: (one) => colourAt(names.indexOf(one.name)),
    // The last group is what the page is about: solid. Those before it are dashed.
    isDashed: (one) => groups.length > 1 && (one.group ?? null) !== groups.at(-1),
    domain: commonDomain(block, panels),
    digits: digitsFor(block.series.flatMap((one) => one.values)),
  };
  const grid = html('div', { class: 'chart-grid' });
  onWidth(grid, (width) => {
    const isBeside = panels.length > 1 && width >= 860;
    grid.classList.toggle('beside', isBeside);
    const each = isBeside ? Math.floor((width - 28) / 2) : width;
    grid.replaceChildren(...panels.map((panel, i) => frame(panel, panels.length > 1 ? groups[i] : null, each, plan)));
  });
  node.append(key(block, names, groups, plan), grid, numbers('Figures as a table', () => periodTable(block)));
}

function key(block, names, groups, plan) {
  const items = names.map((name, i) => ({ label: name, colour: colourAt(i), kind: block.stacked ? 'area' : 'line' }));
  if (!block.stacked && groups.length > 1) {
    groups.forEach((group, i) => items.push({ label: group, colour: 'var(--ink-soft)', kind: i < groups.length - 1 ? 'dashed' : 'line' }));
  }
  for (const label of new Set((block.marks ?? []).map((mark) => mark.label))) items.push({ label, colour: 'var(--mark)', kind: 'band' });
  if (block.reference) items.push({ label: block.reference.name, colour: 'var(--ink)', kind: 'dashed' });
  return swatches(items);
}

function frame(panel, title, width, { block, colourOf, isDashed, domain, digits }) {
  const ends = block.periods.map((period) => [Date.parse(period.start), Date.parse(period.end)]);
  const withNames = width >= 620;
  const ticksOf = scaleLinear(domain, [HEIGHT - BOTTOM, 16]);
  const ticks = ticksOf.ticks(5);
  const tickDigits = digitsFor(ticks);
  const left = Math.max(...ticks.map((tick) => textWidth(formatNumber(tick, tickDigits), SIZE))) + 10;
  const shown = block.stacked ? panel : panel.filter((one) => !isDashed(one));
  const right = withNames ? Math.min(width * 0.25, Math.max(...shown.map((one) => textWidth(one.name, SIZE, 600))) + 14) : 6;
  const x = scaleUtc([ends[0][0], ends.at(-1)[1]], [left, width - right]);
  const y = ticksOf;
  const root = svg('svg', { class: 'series', viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': describe(panel, title, block) });
  let free = left;
  for (const mark of [...(block.marks ?? [])].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const band = markBand(mark, x, free);
    root.append(...band.nodes);
    free = band.free;
  }
  for (const tick of ticks) {
    root.append(svg('line', { class: tick === 0 ? 'zero' : 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
    root.append(svg('text', { class: 'tick', x: left - 7, y: y(tick) + 4, 'text-anchor': 'end' }, formatNumber(tick, tickDigits)));
  }
  root.append(svg('text', { class: 'tick', x: 0, y: 10 }, block.unit));
  root.append(...timeTicks(block, ends, x));

  const steps = ends.map(([start, end]) => [x(start), x(end)]);
  const layers = block.stacked ? stackSteps(panel.map((one) => one.values)) : null;
  panel.forEach((one, i) => {
    if (layers) {
      const area = svg('path', { class: 'area', d: areaPath(steps, layers[i], y) });
      area.style.fill = colourOf(one);
      root.append(area);
    } else {
      const line = svg('path', { class: `line${isDashed(one) ? ' dashed' : ''}`, d: linePath(steps, one.values, y) });
      line.style.stroke = colourOf(one);
      root.append(line);
    }
  });
  if (block.reference) {
    const values = block.reference.values;
    root.append(svg('path', { class: 'reference', d: linePath(steps, values, y) }));
  }
  if (withNames) root.append(...endNames(shown, layers, { panel, x: width - right + 6, room: right - 12, y, colourOf }));
  root.append(pointerLayer(panel, { block, steps, left, right: width - right, digits }));
  return html('div', { class: 'chart' }, title ? html('h4', {}, title) : null, root);
}

// Names at the end of their line or layer, moved apart; a line joins what had to move.
function endNames(shown, layers, { panel, x, room, y, colourOf }) {
  const ends = shown.map((one) => {
    if (layers) {
      const [low, high] = layers[panel.indexOf(one)].at(-1);
      return y((low + high) / 2);
    }
    const last = one.values.findLast((value) => value !== null);
    return last === undefined ? HEIGHT / 2 : y(last);
  });
  const places = spread(ends, LABEL_GAP, 20, HEIGHT - BOTTOM - 4);
  return shown.map((one, i) => {
    const name = svg('text', { class: 'end-name', x: x + 4, y: places[i] + 4 }, ellipsis(one.name, SIZE, room, 600));
    name.style.fill = colourOf(one);
    return svg('g', {}, svg('line', { class: 'leader', x1: x - 4, x2: x + 2, y1: ends[i], y2: places[i] }), name);
  });
}

// A shaded span, with its name above it where that has room beside the names before it; `free` is where they end.
function markBand(mark, x, free) {
  const [from, to] = [Date.parse(mark.start), mark.end ? Date.parse(mark.end) : x.domain()[1]];
  const [left, right] = [x(Math.max(from, x.domain()[0])), x(Math.min(to, x.domain()[1]))];
  const band = svg('rect', { class: 'band', x: left, y: 16, width: Math.max(1, right - left), height: HEIGHT - BOTTOM - 16 });
  const [width, middle] = [textWidth(mark.label, SIZE), (left + right) / 2];
  if (width > right - left || middle - width / 2 < free) return { nodes: [band], free };
  const name = svg('text', { class: 'band-name', x: middle, y: 11, 'text-anchor': 'middle' }, mark.label);
  return { nodes: [band, name], free: middle + width / 2 + 8 };
}

// Labels of periods under their middle, as many as have room: periods can be of different lengths.
function timeTicks(block, ends, x) {
  const widest = Math.max(...block.periods.map((period) => textWidth(period.label, SIZE))) + 12;
  const step = Math.max(1, Math.ceil((widest * ends.length) / (x.range()[1] - x.range()[0])));
  const marks = [];
  let free = -Infinity;
  block.periods.forEach((period, i) => {
    const middle = (x(ends[i][0]) + x(ends[i][1])) / 2;
    const half = textWidth(period.label, SIZE) / 2;
    if (i % step || middle - half < free) return;
    free = middle + half + 10;
    marks.push(svg('text', { class: 'tick', x: middle, y: HEIGHT - 6, 'text-anchor': 'middle' }, period.label));
  });
  return marks;
}

function pointerLayer(panel, { block, steps, left, right, digits }) {
  const rule = svg('line', { class: 'rule', y1: 16, y2: HEIGHT - BOTTOM, visibility: 'hidden' });
  const pane = svg('rect', { class: 'pane', x: left, y: 0, width: Math.max(0, right - left), height: HEIGHT - BOTTOM });
  pane.addEventListener('pointermove', (event) => {
    const at = event.offsetX;
    const i = steps.findIndex(([from, to]) => at >= from && at < to);
    if (i < 0) return;
    const middle = (steps[i][0] + steps[i][1]) / 2;
    rule.setAttribute('x1', middle);
    rule.setAttribute('x2', middle);
    rule.setAttribute('visibility', 'visible');
    const word = (one) => `${one.group && !block.stacked ? `${one.name}, ${one.group}` : one.name}: ${formatNumber(one.values[i], digits)}`;
    showTip([html('strong', {}, `${block.periods[i].label} (${block.unit})`), ...panel.map(word)], event.clientX, event.clientY);
  });
  pane.addEventListener('pointerleave', () => {
    rule.setAttribute('visibility', 'hidden');
    hideTip();
  });
  return svg('g', {}, rule, pane);
}

function commonDomain(block, panels) {
  const values = block.stacked
    ? panels.flatMap((panel) => stackSteps(panel.map((one) => one.values)).flatMap((layer) => layer.flat()))
    : block.series.flatMap((one) => one.values);
  const reference = block.reference?.values ?? [];
  return axisDomain([...values, ...reference], block.stacked);
}

function describe(panel, title, block) {
  const span = `${block.periods[0].label} to ${block.periods.at(-1).label}`;
  return `${title ? `${title}: ` : ''}${panel.map((one) => one.name).join(', ')} in ${block.unit}, ${span}; figures in the table below`;
}

function periodTable(block) {
  const columns = [
    { key: 'period', label: 'Period' },
    ...block.series.map((one, i) => ({ key: `s${i}`, label: one.group ? `${one.name}, ${one.group}` : one.name, unit: block.unit, numeric: true })),
  ];
  const rows = block.periods.map((period, at) => {
    const row = { period: period.label };
    block.series.forEach((one, i) => { row[`s${i}`] = one.values[at]; });
    return row;
  });
  return { columns, rows };
}
