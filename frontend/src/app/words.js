// An answer in words: its first sentence is said large, the rest small.

/** "A 1.5 Mt b. C d." -> ["A 1.5 Mt b.", "C d."]: sentences end at a full stop before a space and a capital. */
export function sentences(text) {
  return text.split(/(?<=[.!?]) (?=[A-Z])/).filter(Boolean);
}

/** A name that fits a tab: whole where it is short, else up to the first comma. */
export function shortGroup(name, most = 26) {
  if (name.length <= most) return name;
  const cut = name.split(/[,;(]/)[0].trim();
  return cut.length < name.length ? `${cut} and more` : name;
}
