// Small helpers that make elements. Text always goes in as text nodes, so data can never become markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element: attributes by name, listeners as `onclick`, children as elements or text. */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element, in the same way. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Text that only screen readers get. */
export function hidden(text) {
  return html('span', { class: 'visually-hidden' }, text);
}

/** What stands where a block has no content. */
export function nothing() {
  return html('p', { class: 'muted' }, 'Nothing to show.');
}

let count = 0;

/** An id that no other element of the page has. */
export function uniqueId(stem) {
  count += 1;
  return `${stem}-${count}`;
}

const context = document.createElement('canvas').getContext('2d');
const widths = new Map();

/** Width of a text in pixels, in the page's own sans-serif font. */
export function textWidth(text, size, weight = 400, spacing = 0) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    const family = getComputedStyle(document.body).fontFamily;
    context.font = `${weight} ${size}px ${family}`;
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key) + spacing * text.length;
}

/** Cut a text to a width, with an ellipsis where something is left out. */
export function ellipsis(text, size, width, weight = 400) {
  if (textWidth(text, size, weight) <= width) return text;
  let kept = text;
  while (kept.length > 1 && textWidth(`${kept}…`, size, weight) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** Value of a CSS custom property on the page. */
export function cssVariable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Call `draw(width)` now and whenever the element's width changes; `draw` may make the element higher, never wider. */
export function onWidth(node, draw) {
  let drawn = 0;
  const redraw = () => {
    const width = Math.floor(node.clientWidth);
    if (width > 0 && width !== drawn) {
      drawn = width;
      draw(width);
    }
  };
  new ResizeObserver(redraw).observe(node);
  node.addEventListener('corridor:redraw', () => {
    drawn = 0;
    redraw();
  });
  requestAnimationFrame(redraw);
}

/** Draw everything inside an element that depends on its width now, not when the browser next looks. */
export function redrawIn(root) {
  for (const node of root.querySelectorAll('.map-grid, .chart-grid, .matrix-grid, .chart')) {
    node.dispatchEvent(new CustomEvent('corridor:redraw'));
  }
}
