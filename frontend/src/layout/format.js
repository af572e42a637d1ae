// Numbers as a reader wants them: grouped by thin spaces, a true minus sign, no more digits than are needed.

const MINUS = '\u2212';
const GROUP = '\u202f';

/** A number with a fixed count of decimals. Zero never has a sign. */
export function formatNumber(value, digits) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const fixed = Math.abs(value).toFixed(digits ?? digitsFor([value]));
  const [whole, fraction] = fixed.split('.');
  // Four figures stay together, so that years and small thousands read as one word.
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, GROUP) : whole;
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return value < 0 && Number(fixed) !== 0 ? MINUS + text : text;
}

/** A change: always with its sign, except zero. */
export function formatChange(value, digits) {
  const text = formatNumber(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Prose in which a number never parts from its unit at the end of a line, and a minus is one. */
export function typeset(text) {
  return text.replace(/(^|[ (])-(?=\d)/g, `$1${MINUS}`).replace(/(\d) (?=%|[A-Za-z$€]{1,4}(?:[/.,;:)\s]|$))/g, '$1\u00a0');
}

/** A name as it stands within a sentence: "Natural gas" -> "natural gas", "CPC" and "LPG" as they are. */
export function inSentence(name) {
  return /^\p{Lu}\p{Ll}/u.test(name) ? name[0].toLowerCase() + name.slice(1) : name;
}

/** A line that begins with a capital. */
export function capital(text) {
  return text && text[0].toUpperCase() + text.slice(1);
}

/** A share as a percentage. */
export function formatPercent(share, digits = 0) {
  return `${formatNumber(share * 100, digits)}\u00a0%`;
}

/** Decimals with which the largest of some values shows three significant figures; the same for all, so that they align. */
export function digitsFor(values) {
  let largest = 0;
  for (const value of values) {
    if (typeof value === 'number' && Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0 || values.every((value) => value === null || Number.isInteger(value))) return 0;
  if (largest >= 1000) return 0;
  return Math.min(6, Math.max(1, 2 - Math.floor(Math.log10(largest))));
}
