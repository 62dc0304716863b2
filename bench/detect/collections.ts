// Series made after what is known of public collections and of servers: what is measured, how often, how it swings with day and week, what is missing,
// and what goes wrong. Each tells from where to where it is out of order. No recorded value is in here.
import { bell, daylike, disturb, list, moments, turn, type Collection, type Span } from './made.ts';

export const collections: readonly Collection[] = [
  {
    // Slow, seldom at rest; off for maintenance, then it overheats, then it fails.
    name: 'temperature of a machine',
    step: 300,
    rows: 16_000,
    make(c, { rows }) {
      const [slow, fast] = [c.drift(0.9992), c.drift(0.98)];
      const grain = c.between(0.3, 1.2);
      const made = list(rows, () => 85 + 6 * slow() + 3 * fast() + grain * c.normal());
      const [off, hot, failed] = [0.35, 0.6, 0.85].map((p) =>
        Math.floor(rows * (p + c.between(-0.04, 0.04))),
      );
      const long = Math.floor(c.between(100, 300));
      disturb(
        made,
        off!,
        long,
        (v, i) => 20 + (v - 20) * Math.min(1, Math.exp(-i / 15) + Math.exp((i - long) / 20)),
      );
      disturb(made, hot!, 250, (v, i) => v + 15 * Math.min(1, i / 80, (250 - i) / 40));
      disturb(
        made,
        failed!,
        200,
        (v, i) => v - (v - 15) * Math.min(1, i / 30, (200 - i) / 30) + 2 * c.normal(),
      );
      return made;
    },
  },
  {
    // Little to do, in whole steps of the meter; a backup each night; a release changes the level.
    name: 'CPU of a cloud server',
    step: 300,
    rows: 4032,
    make(c, { rows, clock }) {
      const grain = c.pick([0.002, 0.066, 0.4]);
      const [base, backup] = [grain * c.between(20, 60), c.between(1, 5)];
      const made = list(rows, (i) => {
        const { hour } = clock(i);
        const nightly = hour >= backup && hour < backup + 0.4 ? grain * 25 : 0;
        return base + nightly + grain * (2 * c.normal() + (c.uniform() < 0.01 ? c.between(5, 15) : 0));
      });
      const [a, b, d] = moments(c, rows, 3, 600);
      disturb(made, a!, c.pick([1, 3, 12]), (v) => v + grain * c.between(50, 200));
      disturb(made, b ?? rows, c.pick([24, 60]), (v) => v + grain * c.between(12, 25));
      turn(made, d ?? rows, 36, (v) => v + grain * 12);
      made.values = made.values.map((v) => Math.round(v / grain) * grain);
      return made;
    },
  },
  {
    name: 'latency of requests',
    step: 60,
    rows: 10_080,
    make(c, { rows, clock }) {
      const noise = c.drift(0.8);
      const sigma = c.between(0.08, 0.25);
      const made = list(
        rows,
        (i) =>
          80 *
          (1 + 0.25 * daylike(clock(i).hour)) *
          Math.exp(sigma * (0.6 * noise() + 0.8 * c.normal())) *
          (c.uniform() < 0.003 ? c.pareto(2) + 0.5 : 1),
      );
      const [a, b, d] = moments(c, rows, 3, 1500);
      disturb(made, a!, c.pick([5, 20]), (v) => v * c.between(3, 6));
      disturb(made, b ?? rows, c.pick([60, 180]), (v) => v * c.between(1.7, 2.2));
      turn(made, d ?? rows, 120, (v) => v * 1.6);
      return made;
    },
  },
  {
    // By half hours and by the clock of a town, which is put forward one Sunday; feasts and a storm.
    name: 'taxis of a town',
    step: 1800,
    rows: 8064,
    make(c, { rows, clock }) {
      const mood = c.drift(0.97);
      const summer = 48 * 7 * Math.floor(c.between(8, 12)) - 44;
      const made = list(rows, (i) => {
        const { hour, weekend } = clock(i + (i >= summer ? 2 : 0));
        const shape = weekend
          ? 0.9 * bell(hour, 0.5, 2.5) + 0.9 * bell(hour, 19, 5) + 0.3 * bell(hour, 12, 3)
          : 0.8 * bell(hour, 8.5, 1.8) +
            bell(hour, 19, 3.5) +
            0.4 * bell(hour, 13, 3) +
            0.2 * bell(hour, 0, 1.5);
        return Math.round((1800 + 15_000 * shape) * (1 + 0.04 * mood()) * (1 + 0.02 * c.normal()));
      });
      for (const at of moments(c, rows, 5, 800)) {
        const from = at - (at % 48);
        const kind = c.pick(['feast', 'storm', 'marathon', 'silent']);
        if (kind === 'feast') disturb(made, from + 12, 36, (v) => v * c.between(0.5, 0.6));
        if (kind === 'storm') disturb(made, from + 16, 40, (v) => v * 0.1);
        if (kind === 'marathon') disturb(made, from + 16, 12, (v) => v * 1.5 + 3000);
        if (kind === 'silent') disturb(made, from + 34, 8, (v) => v * 0.3);
      }
      return made;
    },
  },
  {
    name: 'clicks on advertisements',
    step: 3600,
    rows: 1640,
    make(c, { rows, clock }) {
      const sigma = c.between(0.15, 0.4);
      const noise = c.drift(0.5);
      const made = list(
        rows,
        (i) =>
          0.08 *
          (1 + 0.25 * daylike(clock(i).hour)) *
          Math.exp(sigma * noise()) *
          (c.uniform() < 0.005 ? 1.9 : 1),
      );
      for (const at of moments(c, rows, c.pick([1, 2, 3]), 200))
        disturb(made, at, c.pick([1, 2, 5]), (v) => v * c.between(3, 7));
      return made;
    },
  },
  {
    name: 'messages about a company',
    step: 300,
    rows: 12_000,
    make(c, { rows, clock }) {
      const mean = c.pick([2, 10, 40]);
      let echo = 0;
      const rates = list(rows, (i) => {
        if (c.uniform() < 0.004) echo += c.pareto(1.6);
        echo *= 0.85;
        const { hour, weekend } = clock(i);
        return mean * (1 + 0.5 * daylike(hour)) * (weekend ? 0.7 : 1) * (1 + 0.7 * echo);
      });
      for (const at of moments(c, rows, 3, 2500))
        disturb(rates, at, 60, (v, i) => v + mean * c.between(12, 30) * 0.95 ** i);
      return { values: rates.values.map((r) => c.poisson(r * c.lognormal(0.25))), spans: rates.spans };
    },
  },
  {
    // Key figures of a large site: day and week, rows that are missing, spikes, falls and steps.
    name: 'key figure with gaps',
    step: 300,
    rows: 8064,
    make(c, { rows, clock }) {
      const noise = c.drift(0.9);
      const [mean, grain] = [c.between(100, 2000), c.between(0.015, 0.05)];
      const made = list(rows, (i) => {
        const { hour, weekend } = clock(i);
        return (
          mean *
          (1 + 0.6 * daylike(hour) * (weekend ? 0.6 : 1)) *
          (1 + grain * (0.7 * noise() + 0.7 * c.normal()))
        );
      });
      for (const at of moments(c, rows, 6, 500)) {
        const kind = c.pick(['spike', 'dip', 'step', 'ramp']);
        if (kind === 'spike') disturb(made, at, c.pick([1, 2, 4]), (v) => v + mean * c.between(0.5, 1.2));
        if (kind === 'dip') disturb(made, at, c.pick([2, 8]), (v) => v * c.between(0.2, 0.6));
        if (kind === 'step') disturb(made, at, c.pick([30, 80]), (v) => v + 0.4 * mean);
        if (kind === 'ramp') disturb(made, at, 60, (v, i) => v + (0.9 * mean * i) / 60);
      }
      const gaps = moments(c, rows, 4, 900).map((at): Span => [at + 200, at + 200 + c.pick([3, 12, 150])]);
      return {
        ...made,
        gaps: gaps.filter(([a, b]) => made.spans.every((s) => b < s[0] - 10 || a > s[1] + 10)),
      };
    },
  },
  {
    // Fifteen days: what only weekends have shown by then has been seen once. All that is wrong is wrong in the second week.
    name: 'second week of an office',
    step: 300,
    rows: 4320,
    make(c, { rows, clock }) {
      const shift = c.pick([0, 2, 4]) * 288;
      const noise = c.drift(0.8);
      const height = c.between(20, 60);
      const flat = c.uniform() < 0.5;
      const made = list(rows, (i) => {
        const { hour, weekend } = clock(i + shift);
        const work = flat
          ? hour >= 8 && hour < 18
            ? 1
            : 0
          : Math.max(0, bell(hour, 11, 3) + bell(hour, 15.5, 3));
        return 8 + height * work * (weekend ? 0.08 : 1) + 0.04 * height * noise() + 0.6 * c.normal();
      });
      for (const at of c.moments(4, 7.5 * 288, rows - 100, 350)) {
        const kind = c.pick(['spike', 'step', 'missing', 'night']);
        const day = at - ((at + shift) % 288);
        if (kind === 'spike') disturb(made, at, c.pick([1, 3]), (v) => v + height * c.between(0.8, 1.5));
        if (kind === 'step') disturb(made, at, 60, (v) => v + 0.5 * height);
        if (kind === 'missing') {
          const { weekend } = clock(day + 10 + shift);
          if (!weekend) disturb(made, day + 108, 96, () => 8 + 0.6 * c.normal());
        }
        if (kind === 'night') disturb(made, day + 24, 24, (v) => v + 0.6 * height);
      }
      made.values = made.values.map((v) => Math.max(0, v));
      return made;
    },
  },
  {
    name: 'gauge of a server',
    step: 60,
    rows: 14_400,
    make(c, { rows, clock }) {
      const [slow, fast] = [c.drift(0.995), c.drift(0.7)];
      const grain = c.between(0.5, 2);
      const batch = c.between(0, 23);
      const made = list(rows, (i) => {
        const { hour } = clock(i);
        const job = hour >= batch && hour < batch + 0.5 ? 18 : 0;
        return 25 + 8 * daylike(hour) + job + grain * (1.5 * slow() + fast());
      });
      for (const at of moments(c, rows, 5, 1500)) {
        const kind = c.pick(['spike', 'plateau', 'leak', 'drop', 'shake']);
        if (kind === 'spike') disturb(made, at, c.pick([2, 6]), (v) => v + c.between(25, 50));
        if (kind === 'plateau') disturb(made, at, c.pick([45, 240]), (v) => v + 10 * grain);
        if (kind === 'leak') disturb(made, at, 400, (v, i) => v + (14 * grain * i) / 400);
        if (kind === 'drop') disturb(made, at, c.pick([10, 60]), (v) => v * 0.15);
        if (kind === 'shake') disturb(made, at, 120, (v) => v + 5 * grain * c.normal());
      }
      made.values = made.values.map((v) => Math.min(100, Math.max(0, v)));
      return made;
    },
  },
  {
    // A channel of a probe in space: rows are numbered, commands come in no rhythm.
    name: 'telemetry',
    step: 60,
    rows: 8000,
    make(c, { rows }) {
      let on = 0;
      let left = 0;
      const height = c.between(0.5, 2);
      const every = Math.floor(c.between(60, 200));
      const made = list(rows, (i) => {
        if (left-- <= 0) {
          on = 1 - on;
          left = Math.floor(c.between(20, 120));
        }
        return height * on + 0.4 * Math.sin((2 * Math.PI * i) / every) + 0.03 * c.normal();
      });
      for (const at of moments(c, rows, 3, 1200)) {
        const kind = c.pick(['frozen', 'high', 'fast', 'weak']);
        const first = made.values[at]!;
        if (kind === 'frozen') disturb(made, at, 300, () => first);
        if (kind === 'high') disturb(made, at, c.pick([5, 60]), (v) => v + 1.2 * height);
        if (kind === 'fast') disturb(made, at, 200, (v, i) => v + 0.5 * Math.sin(i * 1.3));
        if (kind === 'weak') disturb(made, at, 300, (v) => 0.2 * v);
      }
      return { ...made, numbered: true };
    },
  },
  {
    name: 'trend and waves, numbered',
    step: 3600,
    rows: 1680,
    make(c, { rows }) {
      const [trend, a, b] = [c.between(-1, 3), c.between(80, 250), c.between(10, 60)];
      const noise = c.between(4, 15);
      const made = list(
        rows,
        (i) =>
          1500 +
          trend * i +
          a * Math.sin((2 * Math.PI * i) / 24) +
          b * Math.sin((2 * Math.PI * i) / 168) +
          noise * c.normal(),
      );
      const [x, y, z, w] = moments(c, rows, 4, 150);
      for (const at of [x!, y ?? rows])
        if (at < rows) disturb(made, at, 1, (v) => v + c.pick([-1, 1]) * a * c.between(1.2, 2.5));
      if (z !== undefined) turn(made, z, 48, (v) => v + 1.5 * a);
      if (w !== undefined) disturb(made, w, 24, (v) => v + 4 * noise * c.normal());
      return { ...made, numbered: true };
    },
  },
  {
    // Quarters of an hour over ten weeks: five days like each other and two others; a feast is a Sunday on a weekday.
    name: 'power of a building',
    step: 900,
    rows: 6720,
    make(c, { rows, clock }) {
      const noise = c.drift(0.85);
      const work = (hour: number) => Math.max(0, Math.min(1, (hour - 6) / 2.5, (19 - hour) / 2));
      const made = list(rows, (i) => {
        const { hour, weekend } = clock(i);
        return 700 + 1000 * work(hour) * (weekend ? 0.1 : 1) + 35 * noise() + 20 * c.normal();
      });
      for (const at of moments(c, rows, 4, 700)) {
        const from = at - (at % 96);
        const { weekend } = clock(from + 10);
        if (weekend) disturb(made, from, 96, (v, i) => v + 900 * work((i / 4) % 24));
        else disturb(made, from + 26, 50, (v, i) => v - 900 * work(6.5 + i / 4));
      }
      return made;
    },
  },
  {
    name: 'rare errors',
    step: 60,
    rows: 10_080,
    make(c, { rows, clock }) {
      const mean = c.pick([0.02, 0.1, 0.6]);
      const rates = list(rows, (i) => mean * (1 + 0.5 * daylike(clock(i).hour)));
      for (const at of moments(c, rows, 3, 1500))
        disturb(rates, at, c.pick([10, 40]), () => c.between(4, 12) * (0.5 + mean));
      return { values: rates.values.map((r) => c.poisson(r)), spans: rates.spans };
    },
  },
  {
    name: 'slowest hundredth',
    step: 300,
    rows: 6048,
    make(c, { rows, clock }) {
      const sigma = c.between(0.25, 0.5);
      const made = list(
        rows,
        (i) =>
          200 *
          (1 + 0.4 * daylike(clock(i).hour)) *
          c.lognormal(sigma) *
          (c.uniform() < 0.012 ? c.pareto(1.4) : 1),
      );
      for (const at of moments(c, rows, 3, 1000))
        disturb(made, at, c.pick([12, 36]), (v) => v * c.between(2.5, 4));
      return made;
    },
  },
  {
    name: 'sensor that sticks',
    step: 60,
    rows: 6000,
    make(c, { rows }) {
      const slow = c.drift(0.99);
      const grain = c.between(0.2, 1);
      const made = list(rows, () => 40 + 3 * slow() + grain * c.normal());
      for (const at of moments(c, rows, 3, 900)) {
        const held = made.values[at - 1]!;
        const kind = c.pick(['stuck', 'zero', 'dull']);
        if (kind === 'stuck') disturb(made, at, c.pick([60, 200]), () => held);
        if (kind === 'zero') disturb(made, at, c.pick([3, 60]), () => 0);
        if (kind === 'dull') disturb(made, at, 200, (v) => held + 0.1 * (v - held));
      }
      return made;
    },
  },
  {
    // A job each day or hour; it does not run, runs at another time, or does not end.
    name: 'job that is missed',
    step: 300,
    rows: 6048,
    make(c, { rows }) {
      const every = c.pick([12, 72, 288, 288]);
      const [long, height] = [c.pick([2, 4, 8]), c.between(20, 60)];
      const quiet = () => 5 + 0.8 * Math.abs(c.normal());
      const made = list(rows, (i) => quiet() + (i % every < long ? height * c.between(0.85, 1.1) : 0));
      for (const at of moments(c, rows, 3, 1200)) {
        const from = at - (at % every);
        const kind = c.pick(['missed', 'late', 'endless']);
        if (kind === 'missed') disturb(made, from, Math.max(24, every === 288 ? long : every * 3), quiet);
        if (kind === 'late') disturb(made, from + Math.floor(every / 2), long, () => quiet() + height);
        if (kind === 'endless') disturb(made, from + long, 40, () => quiet() + height * c.between(0.85, 1.1));
      }
      return made;
    },
  },
  {
    name: 'spread that changes',
    step: 60,
    rows: 7200,
    make(c, { rows }) {
      const noise = c.drift(c.pick([0, 0.5]));
      const made = list(rows, () => 100 + 4 * noise());
      const [a, b, d] = moments(c, rows, 3, 1300);
      disturb(made, a!, c.pick([40, 150]), (v) => 100 + (v - 100) * c.between(2.5, 4));
      disturb(made, b ?? rows, 150, (v) => 100 + 0.25 * (v - 100));
      turn(made, d ?? rows, 120, (v) => 100 + 2.5 * (v - 100));
      return made;
    },
  },
  {
    // A raw counter that starts anew with its program, which is usual; it stands still, or runs.
    name: 'counter that starts anew',
    step: 60,
    rows: 7200,
    make(c, { rows, clock }) {
      const rates = list(rows, (i) => 100 * (1 + 0.5 * daylike(clock(i).hour)) * c.lognormal(0.2));
      const [a, b] = moments(c, rows, 2, 2000);
      disturb(rates, a!, 60, () => 0);
      disturb(rates, b ?? rows, 40, (v) => v * 6);
      const restarts = new Set(c.moments(8, 100, rows, 300));
      let sum = 0;
      const values = rates.values.map((rate, i) => (sum = Math.round(restarts.has(i) ? rate : sum + rate)));
      return { values, spans: rates.spans };
    },
  },
  {
    // Nothing is wrong: people by day and week, a campaign's good day, a slow walk, a release that changes a little.
    name: 'quiet: people',
    step: 300,
    rows: 8064,
    make(c, { rows, clock }) {
      const [noise, slow] = [c.drift(0.8), c.drift(0.999)];
      const mean = c.between(20, 400);
      return list(rows, (i) => {
        const { hour, weekend, day } = clock(i);
        const good = day % 9 === 5 ? 1.15 : 1;
        return c.poisson(
          mean *
            good *
            (1 + 0.55 * daylike(hour)) *
            (weekend ? 0.65 : 1) *
            Math.exp(0.1 * noise() + 0.08 * slow()),
        );
      });
    },
  },
  {
    // Nothing is wrong: backups, jobs of the hour, a heavy weekend job, traffic in bursts.
    name: 'quiet: server',
    step: 60,
    rows: 20_160,
    make(c, { rows, clock }) {
      const [slow, fast] = [c.drift(0.99), c.drift(0.6)];
      const backup = Math.floor(c.between(0, 6));
      const tail = c.between(0.3, 0.7);
      return list(rows, (i) => {
        const { hour, weekday } = clock(i);
        const minute = i % 60;
        return (
          4 +
          2 * (1 + daylike(hour)) +
          (hour >= backup && hour < backup + 0.6 ? 25 + 4 * c.normal() : 0) +
          (minute < 2 ? 6 : 0) +
          (weekday === 6 && hour >= 3 && hour < 5 ? 30 : 0) +
          0.8 * slow() +
          0.6 * fast() +
          (c.uniform() < 0.02 ? 3 * c.lognormal(tail) : 0)
        );
      });
    },
  },
];
