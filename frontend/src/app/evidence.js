// Where a figure comes from: a card beside the figure, opened by click, Enter or a short rest of the pointer.

import { html, uniqueId } from '../dom.js';
import { ask, query } from './api.js';

const REST = 350;
let card = null;
let cameFrom = null;
const known = new Map();

/** A figure that tells where it comes from; `asked` is {case, table, id, column}. */
export function figure(words, asked) {
  const node = html('button', { type: 'button', class: 'figure', 'aria-haspopup': 'dialog', title: 'Where does this come from?' }, words);
  let waiting = 0;
  node.addEventListener('click', () => {
    clearTimeout(waiting);
    openEvidence(node, asked, true);
  });
  node.addEventListener('pointerenter', (event) => {
    if (event.pointerType === 'mouse') waiting = setTimeout(() => openEvidence(node, asked, false), REST);
  });
  node.addEventListener('pointerleave', () => {
    clearTimeout(waiting);
    if (card?.dataset.held === 'no') closeEvidence();
  });
  return node;
}

/** Show the evidence of a figure beside `node`; when `isHeld`, the card takes the focus and stays until closed. */
export async function openEvidence(node, asked, isHeld) {
  const key = JSON.stringify(asked);
  if (!known.has(key)) known.set(key, ask(query('/api/evidence', asked)).catch((fault) => ({ fault: fault.message })));
  showCard(node, evidenceBody(await known.get(key)), isHeld);
}

/** Show sources, by key, that a table's figure names. */
export function openSources(node, sources, words) {
  showCard(node, [html('h3', {}, 'Sources'), words ? html('p', {}, words) : null, sourceList(sources)].filter(Boolean), true);
}

/** A card of anything that stands behind a figure; it takes the focus. */
export function openCard(node, body) {
  showCard(node, body, true);
}

function showCard(from, body, isHeld) {
  // A figure on the card itself: the next card stands where this one stood.
  const node = card?.contains(from) ? cameFrom : from;
  closeEvidence();
  const title = uniqueId('evidence');
  const close = html('button', { type: 'button', class: 'card-close', 'aria-label': 'Close the source', onclick: () => closeEvidence(true) }, '×');
  card = html('div', { class: 'evidence-card', role: 'dialog', 'aria-labelledby': title, tabindex: -1 }, close, body);
  card.querySelector('h3').id = title;
  card.dataset.held = isHeld ? 'yes' : 'no';
  cameFrom = node;
  document.body.append(card);
  const [at, width, height] = [node.getBoundingClientRect(), card.offsetWidth, card.offsetHeight];
  const below = at.bottom + 6 + height <= innerHeight ? at.bottom + 6 : Math.max(8, at.top - height - 6);
  // Beside the card that the figure stands on where there is room: what is explained stays in sight.
  const host = node.closest('.pick-card')?.getBoundingClientRect();
  const isBeside = host && host.right + width + 16 <= innerWidth;
  const [left, top] = isBeside ? [host.right + 8, at.top - 24] : [at.left, below];
  card.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, left))}px`;
  card.style.top = `${Math.max(8, Math.min(innerHeight - height - 8, top))}px`;
  if (isHeld) card.focus();
}

export function closeEvidence(isByReader = false) {
  if (!card) return false;
  card.remove();
  card = null;
  if (isByReader) cameFrom?.focus();
  return true;
}

document.addEventListener('keydown', (event) => event.key === 'Escape' && closeEvidence(true) && event.stopPropagation(), true);
document.addEventListener('pointerdown', (event) => card && !card.contains(event.target) && closeEvidence());

function evidenceBody(told) {
  if (told.fault) return [html('h3', {}, 'Source'), html('p', {}, told.fault)];
  // Values are told as they are written in the case.
  const range = told.low || told.high ? `${told.low ?? '?'} to ${told.high ?? '?'}` : null;
  const value = told.value ?? 'not known';
  return [
    html('h3', {}, `${value}${told.unit && told.value !== null ? ` ${told.unit}` : ''}`),
    html(
      'p',
      { class: 'evidence-basis' },
      html('span', { class: `basis ${told.basis ?? 'none'}` }, told.basis ?? 'no basis told'),
      told.confidence ? ` ${told.confidence} confidence` : '',
      range ? `, between ${range}` : '',
    ),
    told.reason ? html('p', {}, told.reason) : null,
    told.sources?.length ? sourceList(told.sources) : html('p', { class: 'muted' }, told.basis === 'assumed' ? 'Assumed: no source stands behind it.' : 'No source is told.'),
  ].filter(Boolean);
}

function sourceList(sources) {
  return html(
    'ul',
    { class: 'evidence-sources' },
    sources.map((source) =>
      html(
        'li',
        {},
        /^https?:\/\//i.test(source.url ?? '') ? html('a', { href: source.url, rel: 'noreferrer noopener', target: '_blank' }, source.title) : source.title,
        html('span', { class: 'muted' }, [source.publisher, source.date, source.licence].filter(Boolean).map((part) => ` · ${part}`).join('')),
      ),
    ),
  );
}
