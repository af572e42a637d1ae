// On paper everything is shown: closed parts are opened, and pictures are drawn anew in the width and colours of paper.

import { open } from './disclosure.js';
import { redrawIn } from './dom.js';

let opened = [];

/** Prepare the page for the printer whenever the browser is about to print, and put it back afterwards. */
export function preparePrinting() {
  window.addEventListener('beforeprint', onPaper);
  window.addEventListener('afterprint', onScreen);
}

function onPaper() {
  if (document.documentElement.hasAttribute('data-print')) return;
  document.documentElement.setAttribute('data-print', '');
  opened = [...document.querySelectorAll('main details:not([open])')];
  opened.forEach(open);
  redrawIn(document);
}

function onScreen() {
  document.documentElement.removeAttribute('data-print');
  for (const details of opened) details.open = false;
  opened = [];
  redrawIn(document);
}
