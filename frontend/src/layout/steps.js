// Steps of period averages, as lines and as stacked areas. A step is [left, right] in pixels.

/** Stack values: for each series, for each period, [low, high]; absent values add nothing. Negatives stack downwards. */
export function stackSteps(series) {
  const count = series[0]?.length ?? 0;
  const [above, below] = [new Array(count).fill(0), new Array(count).fill(0)];
  return series.map((values) =>
    values.map((value, i) => {
      const tower = (value ?? 0) < 0 ? below : above;
      const from = tower[i];
      tower[i] += value ?? 0;
      return [Math.min(from, tower[i]), Math.max(from, tower[i])];
    }),
  );
}

/** Path of one stacked layer. */
export function areaPath(steps, layer, y) {
  const point = (px, value) => `${px.toFixed(1)},${y(value).toFixed(1)}`;
  const upper = steps.flatMap(([left, right], i) => [point(left, layer[i][1]), point(right, layer[i][1])]);
  const lower = steps.flatMap(([left, right], i) => [point(left, layer[i][0]), point(right, layer[i][0])]);
  return `M${[...upper, ...lower.reverse()].join('L')}Z`;
}

/** Path of one line of steps, broken where a value is absent. */
export function linePath(steps, values, y) {
  let path = '';
  let isDrawing = false;
  steps.forEach(([left, right], i) => {
    const value = values[i];
    if (value === null || value === undefined) {
      isDrawing = false;
      return;
    }
    const height = y(value).toFixed(1);
    path += `${isDrawing ? 'L' : 'M'}${left.toFixed(1)},${height}L${right.toFixed(1)},${height}`;
    isDrawing = true;
  });
  return path;
}
