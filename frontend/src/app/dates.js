// Days as words. A range is [start, end): its last day is the one before `end`.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAY = 24 * 3600 * 1000;

/** "2024-03-01" -> "1 Mar 2024". */
export function dayWords(day) {
  const { year, month, date } = parts(day);
  return `${date}\u00a0${MONTHS[month]}\u00a0${year}`;
}

/** A range as a reader says it: "2024", "March 2024", "Mar to May 2024", "1 Mar to 14 Apr 2024". */
export function spanWords(start, end) {
  const [first, last] = [parts(start), parts(previous(end))];
  const isWhole = first.date === 1 && parts(end).date === 1;
  if (!isWhole) return first.year === last.year ? `${first.date}\u00a0${MONTHS[first.month]} to ${dayWords(previous(end))}` : `${dayWords(start)} to ${dayWords(previous(end))}`;
  if (first.year === last.year && first.month === 0 && last.month === 11) return String(first.year);
  if (first.year === last.year && first.month === last.month) return `${LONG[first.month]} ${first.year}`;
  if (first.year === last.year) return `${MONTHS[first.month]} to ${MONTHS[last.month]} ${first.year}`;
  return `${MONTHS[first.month]} ${first.year} to ${MONTHS[last.month]} ${last.year}`;
}

/** A period "a/b" as [start, end]. */
export function periodDays(period) {
  return period.split('/');
}

/** A short name for a period on an axis: "Mar" where it begins a month, else "14 Mar". */
export function tickWords(day) {
  const { month, date } = parts(day);
  return date === 1 ? MONTHS[month] : `${date} ${MONTHS[month]}`;
}

/** Rows of a timeline by what they are to the days that are solved: [{title, rows}], empty lists left out. */
export function byTime(rows, { start, end }) {
  const isDuring = (row) => (row.start ?? '') < end && (row.end ? row.end > start : row.open || (row.start ?? '') >= start);
  const isLater = (row) => (row.start ?? '') >= end;
  const day = (row) => row.start ?? '';
  const rising = (a, b) => (day(a) < day(b) ? -1 : 1);
  return [
    { title: `In force or begun ${spanWords(start, end).replace(/^(?=\d{4}$)/, 'in ')}`, rows: rows.filter((row) => isDuring(row) && !isLater(row)).sort(rising) },
    { title: 'Later', rows: rows.filter(isLater).sort(rising) },
    { title: 'Earlier, the last first', rows: rows.filter((row) => !isDuring(row) && !isLater(row)).sort((a, b) => rising(b, a)) },
  ].filter((part) => part.rows.length);
}

function previous(day) {
  return new Date(Date.parse(day) - DAY).toISOString().slice(0, 10);
}

function parts(day) {
  const [year, month, date] = day.split('-').map(Number);
  return { year, month: month - 1, date };
}
