// The server's answers. Every failure becomes a Fault with words for the reader.

/** What went wrong, in words; `faults` lists what is wrong with a case, by file, row and column. */
export class Fault extends Error {
  constructor(message, { kind = 'error', faults = [], status = 0 } = {}) {
    super(message);
    Object.assign(this, { kind, faults, status });
  }
}

/** JSON from an address of the server. */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Fault('The server of this page does not answer. Is `corridor serve` still running?', { kind: 'offline' });
  }
  if (!response.ok) throw await faultFrom(response);
  return response.status === 204 ? null : response.json();
}

/** The fault that an answer other than 2xx tells. */
export async function faultFrom(response) {
  return faultOf(await response.json().catch(() => null), response.status);
}

function faultOf(body, status) {
  const told = body?.error ?? {};
  return new Fault(told.message ?? `The server answered ${status}.`, { kind: told.kind, faults: told.faults ?? [], status });
}

export function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

export function query(path, parts) {
  const told = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return `${path}?${new URLSearchParams(told)}`;
}

/**
 * Start a run and follow it. Returns {done, cancel}: `done` is a promise of {run, answer, page}, refused with a Fault or,
 * after `cancel()`, with a Fault of kind "cancelled". `onProgress({phase, message, elapsed})` is told how it goes.
 */
export function run(question, onProgress) {
  let id = null;
  let source = null;
  let isCancelled = false;
  const drop = () => ask(`/api/runs/${id}`, { method: 'DELETE' }).catch(() => null);
  const cancelled = () => new Fault('Cancelled.', { kind: 'cancelled' });
  const follow = async () => {
    const started = await post('/api/runs', question);
    id = started.run;
    if (isCancelled) {
      drop();
      throw cancelled();
    }
    await new Promise((resolve, reject) => {
      source = new EventSource(`/api/runs/${id}/events`);
      const end = (act) => (event) => {
        source.close();
        act(event);
      };
      source.addEventListener('progress', (event) => onProgress(JSON.parse(event.data)));
      source.addEventListener('done', end(resolve));
      source.addEventListener('cancelled', end(() => reject(cancelled())));
      source.addEventListener('failed', end((event) => reject(faultOf(JSON.parse(event.data), 0))));
      // The browser tries again by itself after a short break; a server that stays away is told.
      let breaks = 0;
      source.onerror = () => {
        breaks += 1;
        if (source.readyState !== EventSource.CLOSED && breaks < 4) return;
        source.close();
        reject(new Fault('The connection to the server broke.', { kind: 'offline' }));
      };
    });
    const { answer, page } = await ask(`/api/runs/${id}`);
    return { run: id, answer, page };
  };
  return {
    done: follow(),
    cancel: () => {
      isCancelled = true;
      if (id) drop();
    },
  };
}
