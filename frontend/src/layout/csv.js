// Tables as comma-separated text (RFC 4180).

/** Plain value of a cell, which may be an object that carries its evidence. */
export function plain(cell) {
  return cell !== null && typeof cell === 'object' ? cell.value : cell ?? null;
}

/** Text of a table, with the source, basis and range of figures in columns of their own where any cell has them. */
export function toCsv({ columns, rows }) {
  const wide = columns.flatMap((column) => [
    { title: column.unit ? `${column.label} (${column.unit})` : column.label, get: (row) => plain(row[column.key]) },
    ...['low', 'high', 'basis', 'confidence', 'source', 'why', 'note']
      .filter((part) => rows.some((row) => row[column.key]?.[part] !== undefined && row[column.key]?.[part] !== null))
      .map((part) => ({ title: `${column.label}: ${part}`, get: (row) => row[column.key]?.[part] ?? null })),
  ]);
  const lines = [wide.map(({ title }) => field(title)), ...rows.map((row) => wide.map(({ get }) => field(get(row))))];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

// A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers keep their sign.
function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = Array.isArray(value) ? value.join('; ') : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows in the order of a column; absent values come last whichever way it runs. */
export function sortRows(rows, key, isDescending) {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [plain(a[key]), plain(b[key])];
    if (x === null || y === null) return (x === null) - (y === null);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true });
  });
}
