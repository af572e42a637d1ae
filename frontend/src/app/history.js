// Undo and redo: what was asked before, and what was undone.

/** A history that begins with one entry. Entries are compared as JSON. */
export function begin(entry) {
  return { past: [], now: entry, future: [] };
}

const MOST = 100;

/** The history after another entry; an entry equal to the present one changes nothing. */
export function record(history, entry) {
  if (JSON.stringify(entry) === JSON.stringify(history.now)) return history;
  return { past: [...history.past, history.now].slice(-MOST), now: entry, future: [] };
}

/** One step back, or the same history where there is none. */
export function undo({ past, now, future }) {
  if (!past.length) return { past, now, future };
  return { past: past.slice(0, -1), now: past.at(-1), future: [now, ...future] };
}

/** One step forward, or the same history where nothing was undone. */
export function redo({ past, now, future }) {
  if (!future.length) return { past, now, future };
  return { past: [...past, now], now: future[0], future: future.slice(1) };
}
