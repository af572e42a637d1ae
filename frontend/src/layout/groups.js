// Which sections stand together behind tabs, and the addresses of the tabs.

/**
 * Sections in the order of the page: [{section}] and, where the first section of a group stands, {groups: [{name, id, sections}]}.
 *
 * One group alone needs no tab: its sections stand on the page like all others.
 */
export function arrange(sections) {
  const names = [...new Set(sections.map((section) => section.group).filter(Boolean))];
  if (names.length < 2) return sections.map((section) => ({ section }));
  const taken = new Set(sections.map((section) => section.id));
  const groups = names.map((name) => ({
    name,
    id: freeId(name, taken),
    sections: sections.filter((section) => section.group === name),
  }));
  const first = sections.findIndex((section) => section.group);
  const entries = sections.flatMap((section, i) => (i === first ? [{ groups }] : section.group ? [] : [{ section }]));
  return entries;
}

// What a link can hold: "Electricity and coal" is group-electricity-and-coal.
function freeId(name, taken) {
  const stem = name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'other';
  let id = `group-${stem}`;
  for (let count = 2; taken.has(id); count += 1) id = `group-${stem}-${count}`;
  taken.add(id);
  return id;
}

/** The tab that a key leads to from tab `at` of `count`; null for any other key. The ends are joined. */
export function tabAfter(key, at, count) {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at + count - 1) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}
