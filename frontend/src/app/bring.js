// Bring in: another case, as a folder or a zip, by drag and drop or by a file dialog. It goes to this machine's server only.

import { html } from '../dom.js';
import { ask, Fault, post } from './api.js';

const TABLE = /\.(csv|toml|md|json)$/i;

/** Makes the page take a case that is dropped on it. Returns the button that opens a file dialog. */
export function bringIn(session, dialogHost) {
  const drop = html('div', { class: 'drop', hidden: true, 'aria-hidden': 'true' }, html('p', {}, 'Drop a case folder or its zip here'));
  document.body.append(drop);
  const field = html('input', { type: 'file', accept: '.zip', hidden: true, 'aria-label': 'A case as a zip' });
  const button = html('button', { type: 'button', class: 'case-open', onclick: () => field.click() }, 'Open a case');
  field.addEventListener('change', () => field.files[0] && take(() => ({ zip: field.files[0] })));
  dialogHost.append(field);

  const isFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  let depth = 0;
  window.addEventListener('dragenter', (event) => {
    if (!isFiles(event)) return;
    depth += 1;
    drop.hidden = false;
  });
  window.addEventListener('dragleave', () => {
    depth -= 1;
    if (depth <= 0) drop.hidden = true;
  });
  window.addEventListener('dragover', (event) => isFiles(event) && event.preventDefault());
  window.addEventListener('drop', (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    // Entries have to be taken while the event lasts.
    const items = [...event.dataTransfer.items].map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
    take(() => gather(items));
  });

  async function take(read) {
    try {
      const { zip, files } = await read();
      const told = zip
        ? await ask('/api/cases', { method: 'POST', headers: { 'Content-Type': 'application/zip' }, body: zip })
        : await post('/api/cases', { files });
      await session.openBrought(told.case);
    } catch (fault) {
      faultDialog(fault instanceof Fault ? fault : new Fault(`That could not be read: ${fault.message}`));
    }
    field.value = '';
  }
  return button;
}

async function gather(items) {
  const { entry, file } = items[0] ?? {};
  if (!entry?.isDirectory) {
    if (items.length === 1 && /\.zip$/i.test(file?.name ?? '')) return { zip: file };
    const files = {};
    for (const { file: one } of items) if (one && TABLE.test(one.name)) files[one.name] = await one.text();
    if (!Object.keys(files).length) throw new Fault('A case is a folder of CSV tables with a case.toml, or a zip of it.');
    return { files };
  }
  const files = {};
  await walk(entry, '', files);
  return { files };
}

async function walk(folder, path, files) {
  const reader = folder.createReader();
  for (;;) {
    // A folder is read in batches; an empty one is the last.
    const batch = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!batch.length) return;
    for (const entry of batch) {
      if (entry.isDirectory) await walk(entry, `${path}${entry.name}/`, files);
      else if (TABLE.test(entry.name)) files[`${path}${entry.name}`] = await new Promise((resolve, reject) => { entry.file((file) => resolve(file.text()), reject); });
    }
  }
}

/** What is wrong with a case: every fault with its file, row and column. */
export function faultDialog(fault, title = 'This case cannot be opened', back = 'Back to the last case') {
  const rows = (fault.faults ?? []).map((one) =>
    html('tr', {}, html('td', {}, one.file ?? ''), html('td', { class: 'numeric' }, one.row ?? ''), html('td', {}, one.column ?? ''), html('td', {}, one.message ?? String(one), one.remedy ? html('div', { class: 'muted' }, one.remedy) : null)),
  );
  const heads = ['File', 'Row', 'Column', 'What is wrong'].map((head) => html('th', { scope: 'col' }, head));
  const dialog = html(
    'dialog',
    { class: 'faults', 'aria-labelledby': 'faults-title' },
    html('h2', { id: 'faults-title' }, title),
    html('p', {}, fault.message),
    rows.length ? html('div', { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': 'Faults' }, html('table', { class: 'data' }, html('thead', {}, html('tr', {}, heads)), html('tbody', {}, rows))) : null,
    html('form', { method: 'dialog' }, html('button', { type: 'submit', class: 'primary' }, back)),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
