// Answers in words, first and large, each with the command that gives the same answer.

import { hidden, html } from '../dom.js';
import { formatNumber, typeset } from '../layout/format.js';

/** Draw an "answers" block into `node`; those of a group lead to the sections behind its tab. */
export function answers(node, block, { level, groupId }) {
  const tab = groupId.get(block.group);
  if (tab) node.closest('.block').querySelector('.block-title')?.replaceChildren(html('a', { href: `#${tab}` }, block.title));
  for (const item of block.items) {
    node.append(
      html(
        'div',
        { class: 'answer' },
        html(`h${level}`, { class: 'question' }, item.question),
        html('p', { class: 'answer-text' }, typeset(item.answer)),
        item.range ? rangeLine(item.range) : null,
        item.detail?.length ? html('div', { class: 'detail' }, item.detail.map((sentence) => html('p', {}, typeset(sentence)))) : null,
        commandLine(item.command),
        tab ? html('p', { class: 'more' }, html('a', { href: `#${item.section ?? tab}` }, 'Maps, tables and sources', hidden(` of: ${item.question}`))) : null,
      ),
    );
  }
}

function rangeLine({ low, high, unit, digits, reason }) {
  const span = `${formatNumber(low, digits)} to ${formatNumber(high, digits)}${unit ? `\u00a0${unit}` : ''}`;
  return html('p', { class: 'range' }, html('span', { class: 'range-word' }, 'Range'), ` ${span}`, reason ? html('span', { class: 'muted' }, ` – ${reason}`) : null);
}

function commandLine(command) {
  const code = html('code', { tabindex: 0, role: 'group', 'aria-label': 'Command' }, command);
  const button = html('button', { type: 'button', 'aria-label': `Copy the command ${command}` }, 'Copy');
  button.addEventListener('click', async () => {
    button.textContent = (await copy(command, code)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 1600);
  });
  return html('div', { class: 'command' }, code, button);
}

// A page opened from disk may be refused the clipboard; then the command is selected, ready for Ctrl+C.
async function copy(text, node) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return false;
  }
}
