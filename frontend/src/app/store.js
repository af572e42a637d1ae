// The page's state in one place: plain objects that are replaced, never changed, and those who watch parts of them.

/** A store of one object. `watch(select, tell)` calls `tell(part)` now and whenever what `select(state)` gives is another. */
export function createStore(first) {
  let state = first;
  const watchers = new Set();
  const set = (patch) => {
    state = { ...state, ...patch };
    // One part that cannot draw itself must not keep the others from what is new.
    for (const look of [...watchers]) {
      try {
        look();
      } catch (fault) {
        reportError(fault);
      }
    }
  };
  const watch = (select, tell) => {
    let seen;
    let isFirst = true;
    const look = () => {
      const part = select(state);
      if (!isFirst && same(part, seen)) return;
      [seen, isFirst] = [part, false];
      tell(part, state);
    };
    watchers.add(look);
    look();
    return () => watchers.delete(look);
  };
  return { get: () => state, set, watch };
}

// Lists are the same if their members are: a selector may gather several parts.
function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => Object.is(one, b[i]));
  return Object.is(a, b);
}
