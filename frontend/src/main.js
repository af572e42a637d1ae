// Entry of the report: reads the document that the page carries, and draws it.

import { drawPage } from './page.js';
import { preparePrinting } from './print.js';
import './style.css';

function carried(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}

drawPage(document.getElementById('page'), carried('document'), { world: carried('world') });
preparePrinting();
document.documentElement.dataset.ready = 'true';
