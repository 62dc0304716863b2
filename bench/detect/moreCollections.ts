// More series, of kinds that collections.ts has not: counters, two loads, limits, jobs that stay away, noise that grows with the level, rows that come
// when they come. Written before any detector was run on them. No recorded value is in here.
import type { Chance } from './chance.ts';
import { bell, daylike, disturb, list, moments, turn, type Collection, type Made } from './made.ts';

/** What a counter shows of growths: it begins anew at these rows, or where its 32 bits are full. */
function counted(growths: Made, restarts: ReadonlySet<number>, start: number, full = Infinity): Made {
  let sum = start;
  const values = growths.values.map((growth, i) => {
    sum = restarts.has(i) ? Math.round(growth) : sum + Math.max(0, Math.round(growth));
    if (sum >= full) sum -= full;
    return sum;
  });
  return { values, spans: growths.spans, exact: true };
}

/** Turns between two states, which last some rows each: 0 and 1. */
function states(c: Chance, low: readonly [number, number], high: readonly [number, number]): () => number {
  let on = 0;
  let left = 0;
  return () => {
    if (left-- <= 0) {
      on = 1 - on;
      left = Math.floor(c.between(...(on ? high : low)));
    }
    return on;
  };
}

const atMost = (most: number, made: Made): Made => ({
  ...made,
  values: made.values.map((v) => Math.min(most, Math.max(0, v))),
});

export const moreCollections: readonly Collection[] = [
  {
    // Bytes that a card has sent: by day, in bursts; it begins anew with the machine, or is full at 32 bits.
    name: 'counter of bytes',
    step: 60,
    rows: 10_080,
    make(c, { rows, clock }) {
      const noise = c.drift(0.7);
      const rate = c.lognormal(1.2) * 3e6;
      const growths = list(rows, (i) => rate * (1 + 0.6 * daylike(clock(i).hour)) * Math.exp(0.25 * noise()));
      const [a, b, d] = moments(c, rows, 3, 1600);
      disturb(growths, a!, c.pick([15, 60]), () => 0);
      disturb(growths, b ?? rows, c.pick([10, 90]), (v) => v * c.between(4, 8));
      disturb(growths, d ?? rows, 180, (v) => 0.3 * v);
      const restarts = new Set(c.moments(c.pick([0, 1, 3]), 100, rows, 300));
      return counted(growths, restarts, Math.floor(c.uniform() * 2e9), c.pick([2 ** 32, Infinity]));
    },
  },
  {
    // Seconds of work of a processor, requests, errors: most of the time little is added, or nothing.
    name: 'counter of few events',
    step: 60,
    rows: 10_080,
    make(c, { rows, clock }) {
      const mean = c.pick([0.05, 0.5, 3]);
      const rates = list(rows, (i) => mean * (1 + 0.5 * daylike(clock(i).hour)));
      for (const at of moments(c, rows, 3, 1500))
        disturb(rates, at, c.pick([15, 40]), () => c.between(5, 12) * (0.5 + mean));
      const growths = { values: rates.values.map((r) => c.poisson(r)), spans: rates.spans };
      return counted(growths, new Set(c.moments(2, 100, rows, 300)), c.pick([0, 31_337]));
    },
  },
  {
    // A trickle that never stops: then it does, or swells.
    name: 'counts near zero',
    step: 300,
    rows: 6048,
    make(c, { rows }) {
      const mean = c.between(1.5, 6);
      const rates = list(rows, () => mean);
      const [a, b, d] = moments(c, rows, 3, 900);
      disturb(rates, a!, 36, () => 0);
      disturb(rates, b ?? rows, c.pick([6, 24]), (v) => v * c.between(3.5, 6));
      disturb(rates, d ?? rows, 2, (v) => v * c.between(5, 9));
      return { values: rates.values.map((r) => c.poisson(r)), spans: rates.spans };
    },
  },
  {
    // Idle or at work, no day in it; then it hangs between the two, goes beyond, or flutters.
    name: 'two loads',
    step: 60,
    rows: 8640,
    make(c, { rows }) {
      const [idle, busy] = [c.between(3, 15), c.between(45, 70)];
      const state = states(c, [15, 120], [10, 60]);
      const made = list(rows, () => (state() ? busy : idle) + 1.5 * c.normal());
      const [a, b, d] = moments(c, rows, 3, 1400);
      disturb(made, a!, c.pick([45, 90]), () => (idle + busy) / 2 + 1.5 * c.normal());
      disturb(made, b ?? rows, c.pick([8, 40]), () => busy * 1.35 + 1.5 * c.normal());
      disturb(made, d ?? rows, 90, (_, i) => (i % 3 === 0 ? busy : idle) + 1.5 * c.normal());
      return made;
    },
  },
  {
    // It grows all the time, by day more than by night; then it grows ten times as fast, jumps, or goes back.
    name: 'drift under a day',
    step: 300,
    rows: 8064,
    make(c, { rows, clock }) {
      const noise = c.drift(0.9);
      const swing = c.between(5, 12);
      const slope = (c.pick([-1, 1, 1]) * swing * c.between(2, 5)) / rows;
      const made = list(
        rows,
        (i) => 200 + slope * i + swing * daylike(clock(i).hour) + 0.06 * swing * (noise() + c.normal()),
      );
      const [a, b, d] = moments(c, rows, 3, 1300);
      disturb(made, a!, c.pick([36, 96]), (v, i) => v + swing * Math.min(1.2, i / 30));
      disturb(made, b ?? rows, 3, (v) => v - swing * c.between(1, 2));
      turn(made, d ?? rows, 48, (v) => v + swing * c.between(0.8, 1.5));
      return made;
    },
  },
  {
    // Parts of a hundred that come near the limit at noon; then they lie at it, at noon too long or at night.
    name: 'at its limit',
    step: 60,
    rows: 11_520,
    make(c, { rows, clock }) {
      const noise = c.drift(0.9);
      const top = c.between(65, 92);
      const made = list(
        rows,
        (i) => 12 + (top - 12) * bell(clock(i).hour, 13, 3.5) + 2.5 * noise() + c.normal(),
      );
      for (const at of moments(c, rows, 3, 1500)) {
        const kind = c.pick(['pinned', 'pinned', 'zero']);
        if (kind === 'pinned') disturb(made, at, c.pick([20, 60, 180]), () => 130);
        else disturb(made, at, c.pick([10, 30]), () => -10);
      }
      return atMost(100, made);
    },
  },
  {
    // A peak each night, or on each day of work: once it does not come, once half of it, once it goes on.
    name: 'peak that stays away',
    step: 300,
    rows: 8064,
    make(c, { rows, clock }) {
      const onlyWork = c.uniform() < 0.4;
      const [at, long] = [c.between(0, 22), c.between(0.4, 2.5)];
      const height = c.between(25, 60);
      const noise = c.drift(0.6);
      const calm = () => 10 + 1.2 * noise();
      const runs = (i: number) => {
        const { hour, weekend } = clock(i);
        return hour >= at && hour < at + long && !(onlyWork && weekend);
      };
      const made = list(rows, (i) => calm() + (runs(i) ? height * c.between(0.85, 1.15) : 0));
      const from = Math.round((at * 3600) / 300);
      const rowsLong = Math.round(long * 12);
      const days = c.moments(3, 8, 26, 3).filter((day) => !(onlyWork && day % 7 >= 5));
      days.forEach((day, k) => {
        const first = day * 288 + from;
        if (k % 3 === 0) disturb(made, first, rowsLong + 1, calm);
        if (k % 3 === 1) disturb(made, first, rowsLong, (v) => 10 + (v - 10) * 0.35);
        if (k % 3 === 2) disturb(made, first + rowsLong + 1, 3 * rowsLong, () => calm() + height);
      });
      return made;
    },
  },
  {
    // By day ten times as much as by night, and as much more of noise; what is wrong at night is small beside a day.
    name: 'noise as large as the level',
    step: 300,
    rows: 6048,
    make(c, { rows, clock }) {
      const noise = c.drift(0.6);
      const sigma = c.between(0.12, 0.25);
      const made = list(rows, (i) => 500 * Math.exp(1.15 * daylike(clock(i).hour) + sigma * noise()));
      for (const at of moments(c, rows, 4, 700)) {
        const kind = c.pick(['night', 'spike', 'half']);
        const night = at - (at % 288) + 24;
        if (kind === 'night') disturb(made, night, c.pick([12, 30]), (v) => v * c.between(3, 4.5));
        if (kind === 'spike') disturb(made, at, c.pick([1, 4]), (v) => v * c.between(3, 5));
        if (kind === 'half') disturb(made, at, c.pick([12, 36]), (v) => v * c.between(0.3, 0.4));
      }
      return made;
    },
  },
  {
    // What goes wrong ends slowly: a jump, and hours until it is as before.
    name: 'long recovery',
    step: 60,
    rows: 8640,
    make(c, { rows }) {
      const [slow, noise] = [c.drift(0.998), c.drift(0.5)];
      const made = list(rows, () => 60 + 4 * slow() + 1.5 * noise());
      for (const at of moments(c, rows, 4, 1200)) {
        const [size, long] = [c.between(15, 50) * c.pick([-1, 1, 1]), c.between(60, 300)];
        disturb(made, at, Math.round(2 * long), (v, i) => v + size * Math.exp(-i / long));
      }
      return made;
    },
  },
  {
    // Speeds on a road, answers to a probe: rows come when they come, some stay away for hours.
    name: 'rows that come when they come',
    step: 400,
    rows: 5000,
    make(c, { rows }) {
      let at = 0;
      const seconds = Array.from({ length: rows }, () => {
        at +=
          c.uniform() < 0.003 ? c.between(3600, 30_000) : 300 * c.pick([1, 1, 1, 2]) * c.between(0.8, 1.3);
        return Math.round(at);
      });
      const noise = c.drift(0.6);
      const hourOf = (i: number) => (seconds[i]! % 86_400) / 3600;
      const made = list(rows, (i) => {
        const rush = bell(hourOf(i), 8, 1.2) + 0.8 * bell(hourOf(i), 17.5, 1.5);
        return 70 - 18 * rush + 3 * noise() + (c.uniform() < 0.01 ? c.between(-12, 8) : 0);
      });
      for (const start of moments(c, rows, 4, 600)) {
        const kind = c.pick(['queue', 'short', 'empty']);
        if (kind === 'queue') disturb(made, start, c.pick([12, 30]), (v) => v * c.between(0.35, 0.5));
        if (kind === 'short') disturb(made, start, 2, (v) => v * 0.2);
        if (kind === 'empty') disturb(made, start, 10, (v) => v + 25);
      }
      return { ...made, seconds };
    },
  },
  {
    // A day with a clear swing; on one day or two there is none, or it comes hours late.
    name: 'swing that is missing',
    step: 600,
    rows: 4320,
    make(c, { rows, clock }) {
      const noise = c.drift(0.8);
      const swing = c.between(20, 60);
      const late = new Set<number>();
      const days = c.moments(3, 9, 28, 4);
      if (c.uniform() < 0.5 && days[2] !== undefined) late.add(days[2]);
      const made = list(rows, (i) => {
        const { hour, day } = clock(i);
        return 100 + swing * daylike(hour - (late.has(day) ? 6 : 0)) + 0.1 * swing * noise();
      });
      for (const day of days)
        disturb(made, day * 144, 144, (v) => (late.has(day) ? v : 100 + 0.1 * swing * noise()));
      return made;
    },
  },
  {
    // Copies of a program, threads, users that are signed in: whole numbers that hardly change.
    name: 'whole numbers that hardly change',
    step: 60,
    rows: 10_080,
    make(c, { rows }) {
      let level = Math.floor(c.between(4, 20));
      const base = level;
      const made = list(rows, () => {
        if (c.uniform() < 0.004) level = Math.max(base - 2, Math.min(base + 2, level + c.pick([-1, 1])));
        return level;
      });
      const [a, b, d] = moments(c, rows, 3, 1600);
      disturb(made, a!, c.pick([3, 30]), () => 0);
      disturb(made, b ?? rows, 60, (v, i) => (i % 4 < 2 ? v : Math.max(0, v - 4)));
      disturb(made, d ?? rows, c.pick([10, 60]), (v) => v * 2 + 5);
      return made;
    },
  },
  {
    // Scaled to 0..1, at zero for long, with peaks of all heights every few minutes; then the peaks go on, or are far higher.
    name: 'peaks over nothing',
    step: 60,
    rows: 12_000,
    make(c, { rows }) {
      const every = Math.floor(c.between(5, 30));
      const height = c.between(0.02, 0.1);
      const made = list(rows, (i) => (i % every === 0 ? height * c.lognormal(0.4) : 0.002 * c.poisson(0.3)));
      for (const at of moments(c, rows, 4, 1500)) {
        const kind = c.pick(['higher', 'on', 'none']);
        if (kind === 'higher') disturb(made, at, 2, () => height * c.between(6, 10));
        if (kind === 'on') disturb(made, at, c.pick([20, 60]), () => height * c.lognormal(0.2));
        if (kind === 'none') disturb(made, at, 12 * every, () => 0.002 * c.poisson(0.3));
      }
      return atMost(1, made);
    },
  },
  {
    // Nothing is wrong: a counter by day, with a machine that is started anew.
    name: 'quiet: counter',
    step: 60,
    rows: 20_160,
    make(c, { rows, clock }) {
      const noise = c.drift(0.7);
      const growths = list(rows, (i) => {
        const { hour, weekend } = clock(i);
        return 4000 * (1 + 0.6 * daylike(hour)) * (weekend ? 0.6 : 1) * Math.exp(0.2 * noise());
      });
      return counted(growths, new Set(c.moments(3, 100, rows, 2000)), 1e6);
    },
  },
  {
    // Nothing is wrong: two loads, a full backup each Sunday, memory that is swept.
    name: 'quiet: a week of jobs',
    step: 300,
    rows: 8064,
    make(c, { rows, clock }) {
      const state = states(c, [10, 90], [5, 20]);
      const noise = c.drift(0.5);
      const [sunday, every] = [c.between(0, 20), Math.floor(c.between(20, 90))];
      return list(rows, (i) => {
        const { hour, weekday } = clock(i);
        const full = weekday === 6 && hour >= sunday && hour < sunday + 3 ? 30 : 0;
        return 20 + 15 * state() + full + (8 * (i % every)) / every + 1.5 * noise();
      });
    },
  },
];
