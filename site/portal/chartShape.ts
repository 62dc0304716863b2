// The shapes of charts: from values on a grid of time to SVG paths. Pure. The drawing is `width` by `height` units and is stretched
// to its place; lines keep their thickness (vector-effect).

export const width = 1000;
export const height = 100;

export type Values = readonly (number | null)[];

/** A gap of up to this many missing points is drawn through: reports do not come on the dot. */
const bridged = 2;

interface Point {
  x: number;
  y: number;
}

/** Runs of neighbouring values; what lies between two runs was not measured. */
function runs(values: Values): number[][] {
  const all: number[][] = [];
  let last = -Infinity;
  values.forEach((value, index) => {
    if (value === null) return;
    if (index - last > bridged + 1) all.push([]);
    all.at(-1)!.push(index);
    last = index;
  });
  return all;
}

const xOf = (index: number, points: number) => (points < 2 ? width : (index / (points - 1)) * width);
const yOf = (value: number, top: number) => height - (Math.min(Math.max(value, 0), top) / top) * height;
const write = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;

/** A line through the values; a value on its own becomes a dot (with round line caps). */
export function linePath(values: Values, top: number): string {
  return runs(values)
    .map((run) => {
      const points = run.map((index) => ({ x: xOf(index, values.length), y: yOf(values[index]!, top) }));
      return points.length === 1 ? `M${write(points[0]!)}h0` : `M${points.map(write).join('L')}`;
    })
    .join('');
}

/** The area between two lines of values on the same grid; where either is missing there is none. */
export function areaPath(low: Values, high: Values, top: number): string {
  const both = high.map((value, index) => (value === null || low[index] == null ? null : value));
  return runs(both)
    .filter((run) => run.length > 1)
    .map((run) => {
      const upper = run.map((index) => write({ x: xOf(index, high.length), y: yOf(high[index]!, top) }));
      const lower = run.map((index) => write({ x: xOf(index, high.length), y: yOf(low[index]!, top) }));
      return `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
    })
    .join('');
}

/** Each layer's lower and upper edge. A layer without a value there counts as 0; without any value there is a gap. */
export function stack(layers: readonly Values[]): { low: Values; high: Values }[] {
  const points = layers[0]?.length ?? 0;
  const edge: (number | null)[] = Array.from({ length: points }, (_, index) =>
    layers.some((layer) => layer[index] != null) ? 0 : null,
  );
  return layers.map((layer) => {
    const low = [...edge];
    layer.forEach((value, index) => {
      if (edge[index] !== null) edge[index] = edge[index]! + (value ?? 0);
    });
    return { low, high: [...edge] };
  });
}

/** The end of an axis that holds `most`: 1, 2 or 5 times a power of ten, or a power of two for bytes. */
export function axisEnd(most: number, binary: boolean): number {
  if (!(most > 0)) return 1;
  if (binary) return 2 ** Math.ceil(Math.log2(most));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= most * 0.999)!;
}

/** Round moments within a range, about four of them, in the zone that `offsetSeconds` (east positive) tells. */
export function timeTicks(start: number, end: number, offsetSeconds: number): number[] {
  const steps = [300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  const step = steps.find((each) => (end - start) / each <= 6) ?? 604_800;
  const first = Math.ceil((start + offsetSeconds) / step) * step - offsetSeconds;
  const ticks: number[] = [];
  for (let at = first; at <= end; at += step) ticks.push(at);
  return ticks;
}
