// What a link carries: a small card beside the place where the reader pointed.

import { formatChange, formatNumber, formatPercent } from '../layout/format.js';
import { html } from '../dom.js';
import { capacityIn, stateIn } from './network.js';

/** A card for one block of maps. `show(link, frame, point, isPinned)`, `hide()`; Escape and its button close it. */
export function linkCard(views, names, digits) {
  const body = html('div', { class: 'card-body' });
  const close = html('button', { type: 'button', class: 'card-close', 'aria-label': 'Close details', onclick: () => leave() }, '×');
  const card = html('div', { class: 'map-card', role: 'status', hidden: true }, close, body);
  let cameFrom = null;
  let isPinned = false;

  const hide = () => {
    card.hidden = true;
    isPinned = false;
  };
  const leave = () => {
    hide();
    cameFrom?.focus();
  };
  const show = (link, frame, point, pin) => {
    if (isPinned && !pin) return;
    isPinned = pin;
    cameFrom = pin ? document.activeElement : null;
    close.hidden = !pin;
    body.replaceChildren(...content(link, views, names, digits));
    frame.append(card);
    card.hidden = false;
    const [width, height] = [card.offsetWidth, card.offsetHeight];
    const [roomX, roomY] = [frame.clientWidth - width - 8, frame.clientHeight - height - 8];
    const right = point.x + 16;
    const left = right > roomX ? point.x - width - 16 : right;
    card.style.left = `${Math.max(8, Math.min(roomX, left))}px`;
    card.style.top = `${Math.max(8, Math.min(roomY, point.y + 12))}px`;
    card.classList.toggle('is-passing', !pin);
  };
  return {
    show,
    hide,
    hideUnlessPinned: () => isPinned || hide(),
    listen: (block) => block.addEventListener('keydown', (event) => event.key === 'Escape' && !card.hidden && leave()),
  };
}

function content(link, views, names, digits) {
  const rows = views.map((view) => html('tr', {}, html('th', { scope: 'row' }, view.title), ...cells(link, view, digits)));
  const facts = [link.mode, link.carries ?? link.good, link.status === 'open' ? null : link.status].filter(Boolean).join(' · ');
  const corridors = link.corridors?.length ? html('p', {}, `Corridor: ${link.corridors.join(', ')}`) : null;
  return [
    html('strong', {}, link.name),
    html('p', {}, `${names.get(link.from)} → ${names.get(link.to)}`),
    html('p', { class: 'muted' }, facts),
    html('table', {}, html('tbody', {}, rows)),
    corridors,
  ].filter(Boolean);
}

function cells(link, view, digits) {
  const flow = view.flows[link.id] ?? 0;
  if (view.isDifference) return [html('td', {}, `${formatChange(flow, digits)} ${link.unit}`), html('td')];
  if (stateIn(view, link) === 'closed') return [html('td', {}, 'closed'), html('td')];
  const capacity = capacityIn(view, link);
  const share = capacity === null ? 'capacity not known' : `of ${formatNumber(capacity, digits)}`;
  const used = capacity ? ` (${formatPercent(flow / capacity)})` : '';
  return [html('td', {}, `${formatNumber(flow, digits)} ${link.unit}`), html('td', {}, share + used)];
}
