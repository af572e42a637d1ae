// How strong a colour stands behind a figure: in proportion to it, and never so strong that the figure is hard to read.

/** Per cent of colour behind the largest figure: ink keeps a contrast of 4.5 on it, in the light and in the dark. */
export const STRONGEST = 50;
const FAINTEST = 5;

/** Per cent of colour for a value, of either sign; what is not zero never looks like zero. */
export function tintOf(value, largest) {
  const size = Math.abs(value ?? 0);
  if (!(size > 0) || !(largest > 0)) return 0;
  return Math.max(FAINTEST, Math.round((STRONGEST * Math.min(1, size / largest)) * 10) / 10);
}
