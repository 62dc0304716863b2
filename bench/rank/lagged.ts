// Tables in which the cause is hard to tell from what follows it: effects on both sides of it and larger than it, a cause that is small and first,
// columns that move together, columns that jump all the time, columns that are looked at more seldom than others, and gauges that are full.
// Written before any ranking was run on them. No recorded value is in here.
import { chance, type Chance } from '../detect/chance.ts';

export const laggedKinds = ['both ways', 'small', 'groups', 'jumper', 'seldom', 'full'] as const;
export type LaggedKind = (typeof laggedKinds)[number];

export interface Lagged {
  times: number[];
  columns: Map<string, number[]>;
  at: number;
  cause: string;
  kind: LaggedKind;
}

type Value = (i: number) => number;

/** What a table is made of: when the fault begins, in rows, and what is between two rows. */
interface Frame {
  step: number;
  rows: number;
  onset: number;
}

export function makeLagged(seed: number, kind: LaggedKind): Lagged {
  const c = chance(seed);
  const step = kind === 'seldom' ? c.pick([10, 15]) : c.pick([5, 15, 60]);
  const onset = Math.floor((c.pick([20, 60, 180]) * 60) / step) + 40;
  const frame = { step, onset, rows: onset + Math.floor((c.pick([15, 30, 60]) * 60) / step) + 20 };
  const made = makers[kind](c, frame);
  for (let k = Math.floor(c.between(10, 50)); k > 0; k--) made.push(beside(c));
  // The cause is the first that was made; where it stands among the names says nothing.
  const places = shuffled(
    c,
    made.map((_, i) => i),
  );
  const names = places.map((place) => `m${String(place).padStart(3, '0')}`);
  const columns = names.map(
    (name, k) =>
      [name, Array.from({ length: frame.rows }, (_, i) => Number(made[k]!(i).toPrecision(7)))] as const,
  );
  const begin = 1_690_000_000 + seed * 100_000;
  return {
    times: Array.from({ length: frame.rows }, (_, i) => begin + i * step),
    columns: new Map(columns.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    at: begin + onset * step + c.pick([0, 0, step, -step, 60, -60]),
    cause: names[0]!,
    kind,
  };
}

type Made = Value[];

const makers: Record<LaggedKind, (c: Chance, frame: Frame) => Made> = {
  /** A chain of services: who is called does less, who calls waits longer, some rows later each; often more visibly than the cause. */
  'both ways'(c, { onset, step }) {
    const lag = Math.max(1, Math.round(c.pick([10, 30, 90]) / step));
    const cause = gauge(c);
    const made: Made = [moved(cause, onset, c.between(5, 12), 0)];
    for (let hop = 1; hop <= 4; hop++) {
      for (const sign of [1, -1]) {
        const effect = gauge(c);
        made.push(moved(effect, onset + hop * lag, sign * c.between(4, 25), lag));
      }
    }
    return made;
  },
  /** The cause goes a few of its deviations away and stays; what follows goes far. */
  small(c, { onset, step }) {
    const made: Made = [moved(gauge(c), onset, c.between(4, 6), 0)];
    for (let k = 0; k < 6; k++) {
      const later = Math.max(1, Math.round(c.between(15, 240) / step));
      made.push(moved(gauge(c), onset + later, c.pick([-1, 1, 1]) * c.between(15, 60), 0));
    }
    return made;
  },
  /** Columns go up and down together, and a crowd comes at about this time; one column leaves its group, and few follow it. */
  groups(c, { onset, step, rows }) {
    const made: Made = [];
    const crowd = onset + Math.round(c.between(-120, 240) / step);
    for (let g = 0; g < 4; g++) {
      const drift = c.drift(0.97);
      const shared = Array.from({ length: rows }, () => drift());
      const lift = g === 0 ? 0 : c.between(0, 2.5);
      for (let k = 0; k < 8; k++) {
        const { unit, base } = gauge(c);
        const [weight, own] = [c.between(0.6, 1.4), c.between(0.2, 0.4)];
        const value = (i: number) =>
          unit * (base + weight * (shared[i]! + (i >= crowd ? lift : 0)) + own * c.normal());
        const leaves = g === 0 && k === 0 ? c.between(4, 7) : 0;
        const follows = g === 0 && k > 0 && k < 3 ? c.between(1.5, 4) : 0;
        const later = onset + Math.round(90 / step);
        made.push((i) => value(i) + unit * ((i >= onset ? leaves : 0) + (i >= later ? follows : 0)));
      }
    }
    return made;
  },
  /** Columns that jump every few minutes, always, and far; the cause does not, but for now. */
  jumper(c, { onset, step }) {
    const made: Made = [moved(gauge(c), onset, c.between(6, 12), Math.round(60 / step))];
    for (let k = 0; k < 3; k++)
      made.push(moved(gauge(c), onset + Math.round(120 / step), c.between(3, 10), 0));
    for (let k = 0; k < 6; k++) {
      const { unit, base } = gauge(c);
      const size = c.between(20, 200);
      const rest = (c.between(4, 30) * 60) / step;
      let left = rest * c.uniform();
      let on = 0;
      made.push(() => {
        if (left-- <= 0) {
          on = on > 0 ? 0 : size * c.between(0.7, 1.3);
          left = rest * c.between(0.3, 1.7);
        }
        return unit * (base + on + c.normal());
      });
    }
    return made;
  },
  /** Each column is looked at every so many rows: between them its value is held, or there is none. */
  seldom(c, { onset, step }) {
    const made: Made = [moved(gauge(c), onset, c.between(6, 14), Math.round(30 / step))];
    for (let k = 0; k < 6; k++) {
      const later = Math.round(c.between(60, 300) / step);
      made.push(moved(gauge(c), onset + later, c.pick([-1, 1]) * c.between(5, 20), 0));
    }
    for (let k = 0; k < 12; k++) made.push(beside(c));
    return made.map((value) => looked(c, value, step));
  },
  /** A gauge of a hundred parts is full; queues and answers then grow without end, and errors come. */
  full(c, { onset, step }) {
    const [level, noise] = [c.between(45, 85), c.drift(0.6)];
    const spread = c.between(2, 6);
    const slow = Math.max(1, Math.round(c.between(5, 60) / step));
    const made: Made = [
      (i) =>
        Math.min(
          100,
          Math.max(0, level + spread * noise() + (i >= onset ? 70 * Math.min(1, (i - onset + 1) / slow) : 0)),
        ),
    ];
    for (let k = 0; k < 4; k++) {
      const { unit } = gauge(c);
      const later = onset + Math.round(c.between(20, 150) / step);
      const growth = c.between(0.02, 0.3) * step;
      made.push(
        (i) => unit * (c.poisson(1.5) + (i >= later ? growth * (i - later + 1) * c.lognormal(0.1) : 0)),
      );
    }
    for (let k = 0; k < 3; k++) {
      const later = onset + Math.round(c.between(20, 90) / step);
      made.push(moved(gauge(c), later, c.between(8, 30), Math.round(60 / step)));
    }
    made.push((i) => c.poisson(i >= onset + Math.round(60 / step) ? 8 : 0.05));
    for (let k = 0; k < 3; k++) {
      const other = c.drift(0.6);
      made.push(() => Math.min(100, 96 + 4 * other()));
    }
    return made;
  },
};

interface Gauge {
  unit: number;
  base: number;
  noise: () => number;
}

function gauge(c: Chance): Gauge {
  return {
    unit: 10 ** c.between(-3, 5),
    base: c.pick([3, 10, 50, 300]),
    noise: c.drift(c.pick([0, 0.5, 0.8])),
  };
}

/** Goes `size` of its deviations away from a row on, within so many rows. */
function moved({ unit, base, noise }: Gauge, from: number, size: number, within: number): Value {
  return (i) => unit * (base + noise() + (i >= from ? size * Math.min(1, (i - from + 1) / (within + 1)) : 0));
}

/** Something that has no part in it. */
function beside(c: Chance): Value {
  const { unit, base, noise } = gauge(c);
  const kind = c.pick(['noise', 'noise', 'walk', 'tail', 'few', 'constant', 'wave'] as const);
  const walk = c.drift(0.998);
  const long = c.between(60, 600);
  const mean = c.between(0.05, 3);
  return {
    noise: () => unit * (base + noise()),
    walk: () => unit * (base + 5 * walk() + 0.3 * noise()),
    tail: () => unit * c.lognormal(0.5) * (c.uniform() < 0.01 ? c.pareto(1.3) : 1),
    few: () => c.poisson(mean),
    constant: () => base,
    wave: (i: number) => unit * (base + 4 * Math.sin((2 * Math.PI * i) / long) + 0.5 * noise()),
  }[kind];
}

/** As one sees it who looks only every so many seconds, and sometimes not for minutes. */
function looked(c: Chance, value: Value, step: number): Value {
  const every = Math.max(1, Math.round(c.pick([1, 15, 30, 60, 60]) / step));
  const phase = Math.floor(c.between(0, every));
  const holds = c.uniform() < 0.5;
  const away = c.uniform() < 0.3 ? c.between(0.001, 0.005) : 0;
  let missing = 0;
  let held = Number.NaN;
  return (i) => {
    const now = value(i);
    if (c.uniform() < away) missing = Math.round(180 / step);
    if (missing > 0) missing--;
    else if (i % every === phase) return (held = now);
    return holds ? held : Number.NaN;
  };
}

function shuffled<T>(c: Chance, list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(c.between(0, i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}
