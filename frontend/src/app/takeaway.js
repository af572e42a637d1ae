// Take away: the address, the command, the Python lines, the map as a picture, the measures and the report as files.

import { html } from '../dom.js';
import { Fault, faultFrom } from './api.js';
import { mapPng, mapSvg } from './picture.js';

/** A menu of everything that can be taken away. `stage()` gives the map as drawn; `say(words)` tells how it went. */
export function takeawayMenu(session, stage, say) {
  const page = () => session.store.get().answer?.page;
  const runId = () => session.store.get().answer?.run;
  const item = (words, hint, act) => html('li', {}, html('button', { type: 'button', onclick: async () => {
    try {
      await act();
    } catch (fault) {
      say(fault instanceof Fault ? fault.message : `That failed: ${fault.message}`);
    }
  } }, html('span', {}, words), html('span', { class: 'muted' }, hint)));
  const copied = async (text, what) => say((await copyText(text)) ? `${what} copied.` : 'The browser refuses the clipboard.');
  const list = html(
    'ul',
    {},
    item('Copy link', 'shows the same to whoever opens it', () => copied(location.href, 'Link')),
    item('Copy command', 'the same answer on the command line', () => page() && copied(page().command, 'Command')),
    item('Copy Python', 'the same answer in a notebook', () => page() && copied(page().python, 'Python lines')),
    item('Map as SVG', 'to edit and to print', async () => saveText(mapSvg(stage(), told()), name('svg'), 'image/svg+xml')),
    item('Map as PNG', 'to paste', async () => saveBlob(await mapPng(stage(), told()), name('png'))),
    item('Report', 'one HTML file with everything', () => saveFrom(`/api/runs/${runId()}/report`, name('html'))),
    item('Measures', 'rows of instruments.csv', () => saveFrom(`/api/runs/${runId()}/scenario`, name('csv'))),
  );
  const menu = html('details', { class: 'menu takeaway' }, html('summary', {}, 'Take away'), list);
  const told = () => ({ title: session.store.get().info.case.title, sentence: page()?.sentence ?? '' });
  const name = (ending) => `${session.store.get().info.case.name}-${slug(session.store.get())}.${ending}`;
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.firstChild.focus();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', (event) => { if (!menu.contains(event.target)) menu.open = false; });
  list.addEventListener('click', (event) => { if (event.target.closest('button')) menu.open = false; });
  return menu;
}

function slug({ group, scenario, items }) {
  const words = [group, scenario, ...items.filter((item) => item.on).map((item) => item.text.split(':').slice(0, 2).join('-'))].filter(Boolean).join('-');
  return words.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'base';
}

/** A button that copies a text and says so. */
export function copyButton(words, text) {
  const button = html('button', { type: 'button' }, words);
  button.addEventListener('click', async () => {
    button.textContent = (await copyText(text)) ? 'Copied' : 'Not allowed';
    setTimeout(() => { button.textContent = words; }, 1600);
  });
  return button;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without the clipboard's leave the text is selected in a field and copied from there.
    const field = html('textarea', { 'aria-hidden': 'true', class: 'visually-hidden' });
    field.value = text;
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}

async function saveFrom(address, name) {
  const response = await fetch(address);
  if (!response.ok) throw await faultFrom(response);
  saveBlob(await response.blob(), name);
}

function saveText(text, name, type) {
  saveBlob(new Blob([text], { type }), name);
}

function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = html('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
