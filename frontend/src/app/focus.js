// The focus survives a redraw: it goes to what stands where the focused thing stood, by its name.

const TAKES_FOCUS = 'a[href], button, input, select, summary, [tabindex]';

/** Redraw inside `node`. If the focus was in it, it goes to the successor of what had it, else to `otherwise`, else to the first thing that takes it. */
export function keepFocus(node, redraw, otherwise = null) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  const name = focused && nameOf(focused);
  redraw();
  if (!focused || focused.isConnected) return;
  const next = [...node.querySelectorAll(TAKES_FOCUS)].find((one) => nameOf(one) === name && !one.disabled);
  (next ?? otherwise ?? node.querySelector(TAKES_FOCUS))?.focus({ preventScroll: true });
}

function nameOf(node) {
  return `${node.nodeName} ${node.getAttribute('aria-label') ?? node.textContent}`;
}
