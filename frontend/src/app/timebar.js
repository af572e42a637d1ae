// The bottom of the page: periods on an axis, with the question's measures, the case's own and events on it; drag to a month; play.

import { scaleUtc } from 'd3-scale';
import { ellipsis, html, svg, textWidth } from '../dom.js';
import { packLanes, placeRow } from '../layout/lanes.js';
import { hideTip, showTip } from '../tip.js';
import { dayWords, periodDays, spanWords, tickWords } from './dates.js';
import { namer } from './facts.js';
import { instrumentWords, parseInstrument } from './instruments.js';
import { periodsOf, shownPeriod } from './pictures.js';

const STEP = 900;
const [ROW, BAR, SIZE, PAD] = [17, 7, 11.5, 10];
/** Height of the axis with the rows that it shows without being scrolled, as app.css has it. */
const AXIS = 88;

/** The time bar; it follows the session's store by itself. */
export function timeBar(session) {
  const { store } = session;
  const title = html('strong', { class: 'time-title' });
  const play = html('button', { type: 'button', class: 'time-play', 'aria-label': 'Play month by month', 'aria-pressed': 'false' }, '▶');
  const whole = html('button', { type: 'button' });
  const window = html('button', { type: 'button' }, 'While in force');
  const slider = html('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Period shown' });
  const axis = html('div', { class: 'time-axis', tabindex: 0, role: 'group', 'aria-label': 'Measures and events on the axis of time' });
  const node = html(
    'section',
    { class: 'timebar', 'aria-label': 'Time' },
    html('div', { class: 'time-tools' }, play, whole, window, title),
    html('div', { class: 'time-body' }, axis, slider),
  );

  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = '▶';
    play.setAttribute('aria-pressed', 'false');
  };
  const periods = () => periodsOf(store.get().answer?.page.map);
  const goTo = (period) => session.change({ period });
  play.addEventListener('click', () => {
    if (timer) return stop();
    const list = periods();
    if (!list.length) return undefined;
    const next = () => {
      const at = list.indexOf(store.get().period);
      if (at === list.length - 1) return stop();
      return goTo(list[at + 1]);
    };
    if (list.indexOf(store.get().period) === list.length - 1) goTo(list[0]);
    else next();
    timer = setInterval(next, STEP);
    play.textContent = '❚❚';
    return play.setAttribute('aria-pressed', 'true');
  });
  whole.addEventListener('click', () => { stop(); goTo('whole'); });
  window.addEventListener('click', () => { stop(); goTo('window'); });
  slider.addEventListener('input', () => { stop(); goTo(periods()[Number(slider.value)]); });

  const draw = () => {
    const state = store.get();
    const { info, answer } = state;
    if (!info) return;
    const map = answer?.page.map;
    const list = periods();
    const shown = map ? shownPeriod(map, state.period) : 'whole';
    const at = list.indexOf(shown);
    const span = at >= 0 ? periodDays(shown) : null;
    title.textContent = span ? spanWords(...span) : shown === 'window' ? titleOf(map, 'window') : spanWords(info.calendar.start, info.calendar.end);
    whole.textContent = `All of ${spanWords(info.calendar.start, info.calendar.end)}`;
    whole.setAttribute('aria-pressed', String(shown === 'whole'));
    window.setAttribute('aria-pressed', String(shown === 'window'));
    window.hidden = !map?.changed;
    play.disabled = list.length < 2;
    slider.max = Math.max(0, list.length - 1);
    slider.disabled = list.length < 2;
    slider.value = Math.max(0, at);
    slider.classList.toggle('is-idle', at < 0);
    // The thumb stands in the middle of its period.
    const inset = list.length ? Math.max(0, axis.clientWidth / (2 * list.length) - 8) : 0;
    slider.style.marginInline = `${inset}px`;
    slider.style.width = `calc(100% - ${2 * inset}px)`;
    slider.setAttribute('aria-valuetext', title.textContent);
    const picture = axisPicture(state, list, shown, axis.clientWidth);
    const below = Math.round((Number(picture.getAttribute('height')) - 4 - AXIS) / ROW);
    axis.replaceChildren(picture, ...(below > 0 ? [html('span', { class: 'time-more', 'aria-hidden': 'true' }, `▾ ${below} more`)] : []));
  };
  store.watch(({ info, answer, period, items, scenario, isScenarioOn, group }) => [info, answer, period, items, scenario, isScenarioOn, group], draw);
  new ResizeObserver(draw).observe(axis);

  // A press on the axis, or a drag along it, goes to the period there.
  const drag = (event) => {
    const box = axis.getBoundingClientRect();
    const time = scaleOf(store.get().info.calendar, box.width).invert(event.clientX - box.left);
    const day = new Date(time).toISOString().slice(0, 10);
    const found = periods().find((period) => periodDays(period)[0] <= day && day < periodDays(period)[1]);
    if (found && found !== store.get().period) goTo(found);
  };
  axis.addEventListener('pointerdown', (event) => {
    if (event.button || !periods().length) return;
    stop();
    axis.setPointerCapture(event.pointerId);
    drag(event);
  });
  axis.addEventListener('pointermove', (event) => axis.hasPointerCapture(event.pointerId) && drag(event));
  return node;
}

function titleOf(map, id) {
  return (map.changed ?? map.base).find((view) => view.id === id)?.title ?? '';
}

function scaleOf({ start, end }, width) {
  return scaleUtc([Date.parse(start), Date.parse(end)], [PAD, Math.max(PAD + 10, width - PAD)]);
}

function axisPicture(state, periods, shown, width) {
  const { info } = state;
  const x = scaleOf(info.calendar, width);
  const at = (day) => x(Date.parse(day));
  const rows = [...measuresOf(state), ...happenings(info.timeline?.[state.group]?.rows ?? [], info.calendar)];
  const plan = { x: (time) => x(time), span: x.domain().map(Number), left: PAD, right: width - PAD, widthOf: (text) => textWidth(text, SIZE), fit: (text, most) => ellipsis(text, SIZE, Math.min(most, 420)) };
  const placed = rows.map((row) => ({ row, ...placeRow(row, plan) }));
  const lanes = packLanes(placed.map((one) => one.extent), 10);
  const top = 20;
  const height = top + Math.max(1, ...lanes.map((lane) => lane + 1)) * ROW + 4;
  const root = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Measures and events: ${rows.map((row) => row.name).join('; ') || 'none'}` });
  const days = shown === 'window' ? windowDays(state) : shown === 'whole' ? null : periodDays(shown);
  if (days) root.append(svg('rect', { class: 'time-now', x: at(days[0]), y: 0, width: Math.max(2, at(days[1]) - at(days[0])), height }));
  const starts = periods.length ? periods.map((period) => periodDays(period)[0]) : [info.calendar.start];
  let free = -Infinity;
  for (const day of [...starts, info.calendar.end]) {
    root.append(svg('line', { class: 'grid', x1: at(day), x2: at(day), y1: 0, y2: height }));
    const words = tickWords(day);
    if (day === info.calendar.end || at(day) < free || at(day) + textWidth(words, SIZE) + 4 > width) continue;
    root.append(svg('text', { class: 'tick', x: at(day) + 4, y: 12 }, words));
    free = at(day) + textWidth(words, SIZE) + 12;
  }
  placed.forEach((one, i) => root.append(rowMark(one, top + lanes[i] * ROW)));
  return root;
}

// What the question adds: its own row each, first and in colour.
function measuresOf(state) {
  const nameOf = namer(state.info);
  const scenario = state.isScenarioOn ? state.info.scenarios.find((one) => one.id === state.scenario) : null;
  const rows = (scenario?.instruments ?? []).map((text) => ({ text, name: state.info.instruments.find((one) => one.text === text)?.name }));
  const own = [...rows, ...state.items.filter((item) => item.on)];
  return own.map(({ text, name }) => {
    const { start, end, options } = parseInstrument(text);
    return { name: name ?? instrumentWords(text, nameOf), start: start || state.info.calendar.start, end: end || state.info.calendar.end, open: !end, announced: options.announced ?? null, isMine: true, words: [] };
  });
}

// What began within the calendar and is about these goods; the rest is under Events.
function happenings(rows, { start, end }) {
  const isInside = (row) => row.goods.length > 0 && (row.start ?? '') >= start && (row.start ?? '') < end;
  return rows.filter(isInside).map((row) => ({ ...row, end: row.end && row.end > row.start ? row.end : null, open: false, isMine: false }));
}

// First and last day of the measures in force, within the calendar; null where there are none.
function windowDays(state) {
  const own = measuresOf(state);
  if (!own.length) return null;
  const { start, end } = state.info.calendar;
  const first = own.map((row) => row.start).sort()[0];
  const last = own.map((row) => row.end).sort().at(-1);
  return [first > start ? first : start, last < end ? last : end];
}

function rowMark({ row, kind, from, to, text, textAt, announced }, top) {
  const middle = top + ROW / 2;
  const isBar = kind === 'bar';
  const node = svg('g', { class: `time-row ${row.isMine ? 'is-mine' : row.what ?? ''}` });
  if (announced !== null) node.append(svg('circle', { class: 'flag', cx: announced, cy: middle, r: 3 }));
  if (isBar) node.append(svg('rect', { class: 'time-bar', x: from, y: middle - BAR, width: Math.max(3, to - from), height: BAR * 2, rx: 2 }));
  else node.append(svg('path', { class: 'time-dot', d: `M${from},${middle - 4}L${from + 4},${middle}L${from},${middle + 4}L${from - 4},${middle}Z` }));
  node.append(svg('text', { x: isBar ? textAt + 4 : textAt, y: middle + 4 }, text));
  const dates = row.end ? spanWords(row.start, row.end) : row.start ? dayWords(row.start) : '';
  node.addEventListener('pointermove', (event) => showTip([html('strong', {}, row.name), dates, row.announced ? `Announced ${dayWords(row.announced)}` : null, row.note ?? null].filter(Boolean), event.clientX, event.clientY));
  node.addEventListener('pointerleave', hideTip);
  return node;
}
