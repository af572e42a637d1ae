// How wide a flow is drawn, and what a legend of widths shows.

/** Width in pixels of a flow: in proportion, but never too thin to see. */
export function widthScale(largest, widest, thinnest = 1.25) {
  return (value) => {
    const size = Math.abs(value ?? 0);
    if (size < 1e-9 || largest <= 0) return 0;
    return Math.max(thinnest, Math.min(widest, (size / largest) * widest));
  };
}

/** The largest "round" number (1, 2 or 5 times a power of ten) that does not exceed a value. */
export function roundBelow(value) {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** Lowest and highest value of an axis: from zero, unless all values lie far from it and are drawn as lines. */
export function axisDomain(values, fromZero) {
  const known = values.filter((value) => typeof value === 'number' && Number.isFinite(value));
  if (!known.length) return [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (fromZero || low <= high * 0.5) return [Math.min(0, low), Math.max(0, high) || 1];
  const margin = (high - low || Math.abs(high) * 0.1 || 1) * 0.12;
  return [low - margin, high + margin];
}
