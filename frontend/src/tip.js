// One tooltip for the page, shown on hover and on focus.

import { html, uniqueId } from './dom.js';

let tip = null;

function element() {
  tip ??= html('div', { class: 'tip', role: 'tooltip', id: uniqueId('tip'), hidden: true });
  if (!tip.isConnected) document.body.append(tip);
  return tip;
}

/** Show lines of text at a point of the window. */
export function showTip(lines, x, y) {
  const node = element();
  node.replaceChildren(...lines.map((line) => (typeof line === 'string' ? html('div', {}, line) : line)));
  node.hidden = false;
  const left = Math.min(x + 14, window.innerWidth - node.offsetWidth - 8);
  const below = y + 18;
  const top = below + node.offsetHeight > window.innerHeight - 8 ? y - node.offsetHeight - 12 : below;
  node.style.left = `${Math.max(8, left)}px`;
  node.style.top = `${Math.max(8, top)}px`;
}

export function hideTip() {
  if (tip) tip.hidden = true;
}

/** Tell `lines()` about a focusable element whenever it is hovered or focused. Escape hides it. */
export function explain(node, lines) {
  const atNode = () => {
    const box = node.getBoundingClientRect();
    showTip(lines(), box.left, box.bottom - 12);
    node.setAttribute('aria-describedby', element().id);
  };
  const leave = () => {
    hideTip();
    node.removeAttribute('aria-describedby');
  };
  node.addEventListener('pointerenter', atNode);
  node.addEventListener('focus', atNode);
  node.addEventListener('pointerleave', leave);
  node.addEventListener('blur', leave);
  node.addEventListener('keydown', (event) => event.key === 'Escape' && leave());
}
