// Wide tables of servers: hours or days of all that is measured, most of it beside the point, one column in which a fault begins, and columns that
// follow it some rows later. What moves at this hour on every day is in there, and what never moves, has gaps, grows or jumps without a reason.
import { chance, type Chance } from '../detect/chance.ts';

export interface Wide {
  times: number[];
  columns: Map<string, number[]>;
  /** The moment that is told, minutes off. */
  at: number;
  /** The column that departed first, how it did, and those that followed. */
  cause: string;
  fault: WideFault;
  symptoms: string[];
}

export const wideFaults = ['step', 'fall', 'ramp', 'spread', 'burst', 'stop'] as const;
export type WideFault = (typeof wideFaults)[number];

interface Column {
  value: (i: number) => number;
  /** The usual size of its noise. */
  size: number;
  counter?: true;
}

const day = 86_400;

export function makeWide(seed: number): Wide {
  const c = chance(seed);
  const step = c.pick([30, 60, 60, 300]);
  const before = c.pick([3 / 24, 1, 2, 5, 8]) * day;
  const rows = Math.floor(before / step);
  const more = Math.floor((c.pick([1, 3, 6]) * 3600) / step);
  const begin = 1_690_000_000 + seed * 100_000;
  const onset = begin + rows * step;
  const hourOf = (i: number) => (((begin + i * step) % day) + day) % day;
  const count = Math.floor(20 * 10 ** c.uniform());
  const kinds = [
    'noise',
    'noise',
    'walk',
    'day',
    'day',
    'hourly',
    'counter',
    'few',
    'tail',
    'percent',
  ] as const;
  const columns = new Map<string, Column>();
  for (let k = 0; k < count; k++)
    columns.set(`c${k}`, columnOf(c, k < 4 ? 'noise' : c.pick(kinds), hourOf, step));
  // Moves at this very hour on every day, as a rule within some minutes.
  const daily = Math.max(1, Math.floor(count / 20));
  for (let k = 0; k < daily; k++) columns.set(`every_day${k}`, everyDay(c, hourOf, onset % day));

  const names = [...columns.keys()].filter((name) => name.startsWith('c'));
  const steady = names.filter((name) => Number.isFinite(columns.get(name)!.size));
  const cause = c.pick(steady);
  const fault = c.pick(wideFaults);
  const strength = c.between(5, 15);
  const symptoms = c
    .moments(Math.min(steady.length - 1, Math.floor(c.between(3, 11))), 0, steady.length, 1)
    .map((at) => steady[at]!)
    .filter((name) => name !== cause);
  const harmed = new Map<string, (value: number, i: number) => number>();
  harmed.set(cause, harm(c, fault, strength * columns.get(cause)!.size, rows, step));
  for (const name of symptoms) {
    const lag = Math.ceil((c.pick([1, 2, 5, 10]) * 60) / step) + 1;
    const size = strength * columns.get(name)!.size * c.between(0.4, 1.3);
    harmed.set(name, harm(c, c.pick(['step', 'step', 'fall', 'ramp']), size, rows + lag, step));
  }
  const made = new Map<string, number[]>();
  for (const [name, column] of columns) {
    const change = harmed.get(name);
    let sum = 0;
    made.set(
      name,
      Array.from({ length: rows + more }, (_, i) => {
        const value = change ? change(column.value(i), i) : column.value(i);
        return Number((column.counter ? (sum += Math.max(0, value)) : value).toPrecision(7));
      }),
    );
  }
  for (let k = 0; k < Math.max(2, count / 15); k++)
    made.set(
      `constant${k}`,
      Array.from({ length: rows + more }, () => k),
    );
  for (const [name, values] of made)
    if (name !== cause && c.uniform() < 0.12) made.set(name, withGaps(c, values));
  return {
    times: Array.from({ length: rows + more }, (_, i) => begin + i * step),
    columns: new Map([...made].sort(([a], [b]) => (a < b ? -1 : 1))),
    at: onset + c.pick([0, 0, -120, 120, 300]),
    cause,
    fault,
    symptoms,
  };
}

function columnOf(c: Chance, kind: string, hourOf: (i: number) => number, step: number): Column {
  const unit = 10 ** c.between(-2, 6);
  const noise = c.drift(c.pick([0, 0.5, 0.9]));
  if (kind === 'noise') {
    const base = c.pick([1, 5, 30, 200]);
    return { value: () => unit * (base + noise()), size: unit };
  }
  if (kind === 'walk') {
    const walk = c.drift(0.9995);
    return { value: () => unit * (40 + 6 * walk() + 0.2 * noise()), size: 2 * unit };
  }
  if (kind === 'day') {
    const peak = c.between(0, day);
    return {
      value: (i) => unit * (30 + 10 * Math.sin((2 * Math.PI * (hourOf(i) - peak)) / day) + noise()),
      size: unit,
    };
  }
  if (kind === 'hourly') {
    const from = c.between(0, 3000);
    return {
      value: (i) =>
        unit * (5 + 0.5 * noise() + (hourOf(i) % 3600 >= from && hourOf(i) % 3600 < from + 300 ? 10 : 0)),
      size: 2 * unit,
    };
  }
  if (kind === 'counter') {
    const rate = c.between(5, 500);
    return {
      value: () => Math.round(step * rate * (1 + 0.1 * noise())),
      size: 0.1 * step * rate,
      counter: true,
    };
  }
  if (kind === 'few') {
    const mean = c.between(0.05, 2);
    return { value: () => c.poisson(mean), size: Math.sqrt(mean) + 0.5 };
  }
  if (kind === 'tail') {
    return { value: () => unit * c.lognormal(0.6) * (c.uniform() < 0.01 ? c.pareto(1.3) : 1), size: unit };
  }
  // Parts of a hundred that lie at their upper end.
  return { value: () => Math.min(100, 97 + 1.2 * noise()), size: Number.NaN };
}

function everyDay(c: Chance, hourOf: (i: number) => number, hour: number): Column {
  const unit = 10 ** c.between(-2, 6);
  const long = c.between(900, 7200);
  const early = c.between(-120, 60);
  return {
    value: (i) => {
      const since = (hourOf(i) - hour - early + 2 * day) % day;
      return unit * (5 + 0.5 * c.normal() + (since < long ? 40 : 0));
    },
    size: unit,
  };
}

/** What a fault makes of a value, from row `from` on. */
function harm(c: Chance, fault: WideFault, size: number, from: number, step: number) {
  const slow = Math.ceil(c.between(300, 1200) / step);
  let held: number | undefined;
  return (value: number, i: number): number => {
    if (i < from) return value;
    if (fault === 'step') return value + size;
    if (fault === 'fall') return value - size;
    if (fault === 'ramp') return value + 1.3 * size * Math.min(1, (i - from + 1) / slow);
    if (fault === 'spread') return value + 0.7 * size * c.normal();
    if (fault === 'burst')
      return value + ((i - from) % Math.max(2, Math.floor(240 / step)) === 0 ? 2 * size : 0);
    held ??= value;
    return held * 0.02;
  };
}

function withGaps(c: Chance, values: number[]): number[] {
  const single = c.uniform() < 0.5;
  const at = Math.floor(c.between(0, values.length));
  const long = values.length * c.between(0.02, 0.1);
  return values.map((v, i) => ((single ? c.uniform() < 0.15 : i >= at && i < at + long) ? Number.NaN : v));
}
