// Series made to look like the families of the Numenta Anomaly Benchmark, from its public descriptions: what kind of thing was measured, how often,
// for how long, and what went wrong. No recorded value is in here. Each is a story with a seed; much that is odd is not labelled, as in life.
import type { Chance } from './chance.ts';
import { chance } from './chance.ts';
import { windowsAround, type Labelled } from './nab.ts';

/** Values of a family, and where its anomalies are. `step` is in seconds; irregular families bring their own times. */
export interface Story {
  step: number;
  values: number[];
  anomalies: number[];
  times?: number[];
}

export type Family = (c: Chance) => Story;

/** 2014-03-03 00:00 UTC, a Monday. */
const begin = 1_393_804_800;

export function labelled(name: string, seed: number, family: Family): Labelled {
  const { step, values, anomalies, times } = family(chance(seed));
  return {
    name: `${name} ${seed}`,
    values: values.map((v) => Number(v.toPrecision(6))),
    times: times ?? values.map((_, i) => begin + i * step),
    windows: windowsAround(anomalies, values.length),
  };
}

/** -1..1 over a day, highest in the afternoon. */
export function ofDay(i: number, step: number): number {
  const hour = ((i * step) % 86_400) / 3600;
  return Math.sin(((hour - 9) / 24) * 2 * Math.PI);
}

function isWeekend(i: number, step: number): boolean {
  return Math.floor((i * step) / 86_400) % 7 >= 5;
}

/** Adds something to `length` values from `at` on. */
export function during(
  values: number[],
  at: number,
  length: number,
  change: (v: number, i: number) => number,
): void {
  for (let i = at; i < Math.min(values.length, at + length); i++) values[i] = change(values[i]!, i - at);
}

const fortnight = 4032;
const after = (n: number, part = 0.22) => Math.floor(n * part);

/** A cloud machine that does little: whole steps of its meter, now and then a small job. */
const quietCpu: Family = (c) => {
  const level = c.pick([0.08, 0.13, 1.8, 2.4]);
  const grain = level * c.between(0.03, 0.12);
  const busy = c.between(1 / 500, 1 / 120);
  const job = c.between(3, 9);
  const values = Array.from(
    { length: fortnight },
    () =>
      level +
      grain * Math.round(0.8 * c.normal()) +
      (c.uniform() < busy ? grain * job * c.lognormal(0.35) : 0),
  );
  const anomalies = c.moments(c.pick([1, 2, 2, 3]), after(fortnight), fortnight - 150, 500);
  for (const at of anomalies) {
    const kind = c.pick(['spike', 'burst', 'shift', 'jobs']);
    if (kind === 'spike')
      during(values, at, c.pick([1, 1, 2]), (v) => v + level * c.between(4, 20) + grain * 20);
    if (kind === 'burst') during(values, at, 30, (v) => v + (level + grain * 6) * c.lognormal(0.5));
    if (kind === 'shift') during(values, at, fortnight, (v) => v + grain * 5);
    if (kind === 'jobs') during(values, at, 60, (v) => v + (c.uniform() < 0.3 ? grain * job : 0));
  }
  return { step: 300, values, anomalies };
};

/** A busy machine: a level with memory; it steps, falls or trembles. */
const busyCpu: Family = (c) => {
  const level = c.between(30, 92);
  const noise = c.drift(c.between(0.3, 0.9));
  const size = c.between(1, 4);
  const dips = c.between(1 / 900, 1 / 250);
  const values = Array.from(
    { length: fortnight },
    () => level + size * noise() - (c.uniform() < dips ? size * c.between(3, 7) : 0),
  );
  const anomalies = c.moments(c.pick([1, 2, 2]), after(fortnight), fortnight - 150, 600);
  for (const at of anomalies) {
    const kind = c.pick(['shift', 'fall', 'spread', 'dip']);
    const sign = c.pick([1, -1]);
    if (kind === 'shift') during(values, at, fortnight, (v) => v + sign * size * c.between(3, 4));
    if (kind === 'fall') during(values, at, c.pick([3, 12, 40]), (v) => v * c.between(0.3, 0.6));
    if (kind === 'spread') during(values, at, 100, (v) => v + size * 3 * c.normal());
    if (kind === 'dip') during(values, at, 3, (v) => v - size * 11);
  }
  return { step: 300, values: values.map((v) => Math.min(100, Math.max(0, v))), anomalies };
};

/** A machine with jobs at fixed hours. Something runs at another time, longer, or not at all. */
const jobsCpu: Family = (c) => {
  const every = c.pick([12, 36, 72, 144, 288]);
  const long = c.pick([1, 3, 6]);
  const height = c.between(8, 50);
  const size = c.between(0.3, 1.5);
  const base = c.between(2, 12);
  const values = Array.from(
    { length: fortnight },
    (_, i) => base + size * Math.abs(c.normal()) + (i % every < long ? height * c.between(0.8, 1.1) : 0),
  );
  const anomalies = c.moments(c.pick([1, 2]), after(fortnight), fortnight - 300, 700);
  for (const at of anomalies) {
    const kind = c.pick(['long', 'taller', 'missing', 'level']);
    if (kind === 'long') during(values, at, 40, (v) => Math.max(v, base + height * c.between(0.8, 1.1)));
    if (kind === 'taller') during(values, at, 2, () => base + height * 1.9);
    if (kind === 'missing')
      during(values, at, Math.max(100, 3 * every), () => base + size * Math.abs(c.normal()));
    if (kind === 'level') during(values, at, 300, (v) => v + 0.4 * height);
  }
  return { step: 300, values, anomalies };
};

/** Bytes written or received: nothing for long, then bursts of every size. */
const bursts: Family = (c) => {
  const rate = c.between(0.02, 0.15);
  const sigma = c.between(0.6, 1.1);
  const base = c.pick([0, 4e4, 4e5]);
  const unit = c.pick([2e5, 2e6]);
  let left = 0;
  let height = 0;
  const values = Array.from({ length: fortnight }, () => {
    if (left === 0 && c.uniform() < rate / 3) {
      left = 1 + Math.floor(-Math.log(1 - c.uniform()) * 3);
      height = unit * c.lognormal(sigma);
    }
    if (left > 0) left--;
    return base * c.lognormal(0.1) + (left > 0 ? height * c.lognormal(0.2) : 0);
  });
  const anomalies = c.moments(c.pick([1, 2, 3]), after(fortnight), fortnight - 120, 500);
  for (const at of anomalies) {
    const kind = c.pick(['burst', 'burst', 'long', 'silence']);
    if (kind === 'burst') during(values, at, 3, (v) => v + unit * Math.exp(3.2 * sigma) * c.between(1, 3));
    if (kind === 'long') during(values, at, 60, (v) => v + unit * 1.5 * c.lognormal(0.3));
    if (kind === 'silence') during(values, at, 120, () => base * 0.3);
  }
  return { step: 300, values: values.map(Math.round), anomalies };
};

/** Requests at a load balancer: people, by day. */
const requests: Family = (c) => {
  const mean = c.between(15, 120);
  const noise = c.drift(0.7);
  const values = Array.from({ length: fortnight }, (_, i) =>
    c.poisson(
      Math.max(
        1,
        mean *
          (1 + 0.7 * ofDay(i, 300)) *
          Math.exp(0.25 * noise()) *
          (c.uniform() < 0.004 ? c.between(1.5, 2.5) : 1),
      ),
    ),
  );
  const anomalies = c.moments(2, after(fortnight), fortnight - 100, 700);
  for (const at of anomalies) {
    const kind = c.pick(['spike', 'crowd', 'gone']);
    if (kind === 'spike') during(values, at, 2, (v) => Math.round(v + mean * c.between(3.5, 6)));
    if (kind === 'crowd') during(values, at, 24, (v) => Math.round(v * 2 + mean));
    if (kind === 'gone') during(values, at, 20, () => 0);
  }
  return { step: 300, values, anomalies };
};

/** Average CPU of a group that grows and shrinks with its load; then it is set up wrongly. */
const scalingGroup: Family = (c) => {
  const n = c.pick([4621, 18_050]);
  let machines = 4;
  const noise = c.drift(0.8);
  let shifted = 1;
  const anomalies = c.moments(n > 10_000 ? 1 : 2, after(n, 0.3), n - 600, 1500);
  const values = Array.from({ length: n }, (_, i) => {
    if (anomalies.includes(i)) shifted *= c.pick([1.45, 0.6]);
    const load = 180 * (1 + 0.5 * ofDay(i, 300)) * (1 + 0.06 * noise());
    const use = load / machines;
    if (use > 55 && i % 3 === 0) machines++;
    if (use < 32 && machines > 2 && i % 9 === 0) machines--;
    return Math.min(100, (use + 2 * c.normal()) * shifted);
  });
  return { step: 300, values, anomalies };
};

/** The load of a database: a step of mode, small spikes. */
const database: Family = (c) => {
  const level = c.between(6, 20);
  const grain = c.between(0.3, 0.9);
  const noise = c.drift(0.6);
  const values = Array.from(
    { length: fortnight },
    (_, i) =>
      level +
      grain * noise() +
      (i % 288 < 2 ? 4 * grain : 0) +
      (c.uniform() < 0.003 ? c.between(4, 10) * grain : 0),
  );
  const anomalies = c.moments(2, after(fortnight), fortnight - 150, 700);
  during(values, anomalies[0]!, c.pick([4, 40]), (v) => v + grain * c.between(12, 25));
  during(values, anomalies[1] ?? fortnight, fortnight, (v) => v + grain * 5);
  return { step: 300, values, anomalies };
};

/** What a click costs, by the hour: a market that is noisy at all times. */
const advertising: Family = (c) => {
  const n = c.pick([1538, 1624, 1643]);
  const sigma = c.between(0.2, 0.4);
  const noise = c.drift(0.6);
  const values = Array.from(
    { length: n },
    (_, i) =>
      c.between(0.9, 1.1) *
      Math.exp(sigma * noise()) *
      (1 + 0.25 * ofDay(i, 3600)) *
      (c.uniform() < 0.004 ? c.between(1.6, 2.6) : 1),
  );
  const anomalies = c.moments(c.pick([0, 1, 2, 3, 4]), after(n), n - 20, 150);
  for (const at of anomalies) during(values, at, c.pick([1, 1, 2, 4]), (v) => v * c.between(2, 5));
  return { step: 3600, values: values.map((v) => v * 0.1), anomalies };
};

/** The air of an office, hour by hour: slow, and seldom out of its ways. */
const ambient: Family = (c) => {
  const n = 7267;
  const season = c.drift(0.9995);
  const weather = c.drift(0.97);
  const values = Array.from(
    { length: n },
    (_, i) =>
      71 +
      2.2 * season() +
      1.3 * weather() +
      1.1 * ofDay(i, 3600) * (isWeekend(i, 3600) ? 0.4 : 1) +
      0.5 * c.normal(),
  );
  const anomalies = c.moments(2, after(n, 0.3), n - 200, 1500);
  during(values, anomalies[0]!, 90, (v, i) => v - 9 * Math.sin((Math.PI * i) / 90));
  during(values, anomalies[1] ?? n, 60, (v) => v + c.pick([-1, 1]) * c.between(3, 6));
  return { step: 3600, values, anomalies };
};

/** A part of a large machine: switched off, then a failure that announces itself and one that ends it. */
const machine: Family = (c) => {
  const n = 22_695;
  const wander = c.drift(0.9985);
  const slow = c.drift(0.99);
  const values = Array.from({ length: n }, () => 86 + 7 * wander() + 3 * slow() + 1.1 * c.normal());
  const anomalies = [0.28, 0.52, 0.78, 0.93].map((p) => Math.floor(n * p + c.between(-600, 600)));
  const fall = (at: number, long: number, to: number) =>
    during(values, at, long, (v, i) => v - (v - to) * Math.sin((Math.PI * i) / long) ** 0.5);
  fall(anomalies[0]!, 300, 20);
  during(values, anomalies[1]!, 400, (v, i) => v - 22 * Math.sin((Math.PI * i) / 400) + 3 * c.normal());
  during(
    values,
    anomalies[2]!,
    250,
    (v, i) => v + 14 * Math.sin((Math.PI * i) / 250) - (i % 20 < 3 ? 25 : 0),
  );
  fall(anomalies[3]!, 350, 3);
  return { step: 300, values, anomalies };
};

/** Passengers of a city by half hours: a week like the other, but for feasts and storms. */
const passengers: Family = (c) => {
  const n = 10_320;
  const mood = c.drift(0.98);
  const values = Array.from({ length: n }, (_, i) => {
    const hour = ((i * 1800) % 86_400) / 3600;
    const weekend = isWeekend(i, 1800);
    const morning = weekend ? 0 : Math.exp(-(((hour - 8.5) / 2) ** 2));
    const evening = Math.exp(-(((hour - 19.5) / 3.5) ** 2)) * (weekend ? 0.9 : 1.1);
    const night = weekend
      ? 0.9 * Math.exp(-(((hour - 1) / 2.2) ** 2))
      : 0.25 * Math.exp(-(((hour - 0.5) / 1.5) ** 2));
    const noon = 0.55 * Math.exp(-(((hour - 13.5) / 3.5) ** 2));
    return Math.max(
      50,
      (2500 + 17_000 * (morning + evening + night + noon) * 0.75) * (1 + 0.05 * mood()) + 350 * c.normal(),
    );
  });
  const anomalies = c.moments(5, after(n, 0.25), n - 100, 600);
  anomalies.forEach((at, k) => {
    const from = at - (at % 48);
    if (k % 5 === 0) during(values, from + 2, 8, (v) => v * 1.5 + 8000);
    if (k % 5 === 1 || k % 5 === 2) during(values, from + 10, 38, (v) => v * c.between(0.45, 0.6));
    if (k % 5 === 3) during(values, from, 16, (v) => v * 1.35 + 3000);
    if (k % 5 === 4) during(values, from + 8, 40, (v) => Math.max(30, v * 0.12));
  });
  return { step: 1800, values, anomalies: anomalies.map((at) => at - (at % 48) + 20) };
};

/** The answer time of a server, then its end. */
const failing: Family = (c) => {
  const noise = c.drift(0.5);
  const values = Array.from(
    { length: fortnight },
    () => 45 + 1.6 * noise() + (c.uniform() < 0.002 ? c.between(5, 9) : 0),
  );
  const anomalies = [0.45, 0.62, 0.97].map((p) => Math.floor(fortnight * (p + c.between(-0.03, 0.02))));
  during(values, anomalies[0]!, 5, (v) => v + c.between(12, 30));
  during(values, anomalies[1]!, 30, (v) => v - c.between(5, 8));
  during(values, anomalies[2]!, 200, (v) => v * c.between(1.2, 2.2) * (c.uniform() < 0.2 ? 0.1 : 1));
  return { step: 300, values, anomalies };
};

/** How a person types: the hand changes, not the amount. */
const typing: Family = (c) => {
  const n = c.pick([1882, 5315]);
  const sigma = c.between(0.25, 0.5);
  const values = Array.from({ length: n }, () => 0.1 * c.lognormal(sigma));
  const anomalies = c.moments(2, after(n, 0.35), n - 200, n / 4);
  for (const at of anomalies)
    during(values, at, Math.floor(n / 14), (v) => v * c.lognormal(0.5) * c.pick([1.5, 2.6, 0.5]));
  return { step: 300, values, anomalies };
};

/** Sensors of a road: irregular, silent at night, a queue every morning. */
const road =
  (kind: 'speed' | 'occupancy' | 'travel time'): Family =>
  (c) => {
    const n = c.pick([1127, 2162, 2380, 2500]);
    const times: number[] = [];
    for (let at = begin; times.length < n; at += c.pick([300, 300, 300, 600, 900, 1200])) {
      const hour = (at % 86_400) / 3600;
      if (hour > 4 || c.uniform() < 0.4) times.push(at);
    }
    const noise = c.drift(0.6);
    const queue = times.map((at) => {
      const hour = (at % 86_400) / 3600;
      const day = Math.floor((at - begin) / 86_400) % 7 >= 5 ? 0.3 : 1;
      return Math.max(
        0,
        day * (Math.exp(-(((hour - 8) / 1.3) ** 2)) + Math.exp(-(((hour - 17) / 1.6) ** 2))) + 0.1 * noise(),
      );
    });
    const anomalies = c.moments(c.pick([1, 2, 2, 4]), after(n), n - 60, 250);
    for (const at of anomalies) during(queue, at, c.pick([6, 15, 30]), (v) => v + c.between(1.2, 2.2));
    const values = queue.map((q) => {
      if (kind === 'speed')
        return Math.round(Math.max(15, 72 - 14 * q + 4 * c.normal() - (c.uniform() < 0.006 ? 12 : 0)));
      if (kind === 'occupancy')
        return Math.max(0, 5 + 9 * q * c.lognormal(0.35) + 2 * c.normal() + (c.uniform() < 0.006 ? 10 : 0));
      return Math.round(
        Math.max(20, (120 + 90 * q) * c.lognormal(0.3) * (c.uniform() < 0.01 ? c.between(2, 5) : 1)),
      );
    });
    return { step: 300, times, values, anomalies };
  };

/** How often a company is spoken of: crowds that talk about what others talk about. */
const tweets: Family = (c) => {
  const n = 15_850;
  const mean = c.pick([1, 4, 12, 40]);
  const power = c.between(1.2, 1.9);
  let excited = 0;
  const rates = Array.from({ length: n }, (_, i) => {
    if (c.uniform() < 0.006) excited += c.pareto(power);
    excited *= 0.8;
    return mean * (1 + 0.6 * ofDay(i, 300)) * (isWeekend(i, 300) ? 0.7 : 1) * (1 + excited);
  });
  const anomalies = c.moments(c.pick([2, 3, 4, 4]), after(n, 0.2), n - 200, 1500);
  for (const at of anomalies) {
    const height = mean * 5 * c.pareto(1.5);
    during(rates, at, 120, (v, i) => v + height * 0.93 ** i);
  }
  return { step: 300, values: rates.map((r) => c.poisson(r * c.lognormal(0.3))), anomalies };
};

/** The artificial days of the benchmark: a square wave with noise, and one day that is other. */
const artificial =
  (kind: 'jumpsup' | 'jumpsdown' | 'flatmiddle' | 'nojump' | 'spikes' | 'density'): Family =>
  (c) => {
    const n = fortnight;
    const day = 10 * 288 + 0;
    if (kind === 'density') {
      const at = Math.floor(n * 0.72);
      const values = Array.from({ length: n }, (_, i) =>
        c.uniform() < (i > at && i < at + 300 ? 0.12 : 0.015) ? 20 : 0,
      );
      return { step: 300, values, anomalies: [at + 100] };
    }
    if (kind === 'spikes') {
      const values = Array.from({ length: n }, () => (c.uniform() < 0.06 ? c.between(0.5, 2) : 0));
      const at = Math.floor(n * 0.7);
      during(values, at, 10, () => c.between(2.2, 3.2));
      return { step: 300, values, anomalies: [at] };
    }
    const values = Array.from({ length: n }, (_, i) => {
      const hour = ((i * 300) % 86_400) / 3600;
      return (hour >= 9 && hour < 18 ? 80 : 40) + c.between(-8, 8);
    });
    const noon = day + 108;
    if (kind === 'jumpsup') during(values, noon + 20, 60, (v) => v + 80);
    if (kind === 'jumpsdown') during(values, noon - 80, 60, (v) => v - 22);
    if (kind === 'flatmiddle') during(values, noon, 108, (v) => v - 40 + c.between(-8, 8) * 0.1);
    if (kind === 'nojump') during(values, noon, 108, (v) => v - 40);
    return { step: 300, values, anomalies: [noon + 20] };
  };

const calm =
  (kind: 'no noise' | 'square' | 'small noise' | 'flat' | 'noisy'): Family =>
  (c) => ({
    step: 300,
    anomalies: [],
    values: Array.from({ length: fortnight }, (_, i) => {
      const hour = ((i * 300) % 86_400) / 3600;
      const high = hour >= 9 && hour < 18;
      if (kind === 'flat') return 45;
      if (kind === 'noisy') return c.between(20, 70);
      if (kind === 'square') return high ? 80 : 20;
      return (
        40 +
        40 * Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) +
        (kind === 'small noise' ? c.between(-2, 2) : 0)
      );
    }),
  });

/** Families in the proportions of the benchmark: 58 files. */
export const families: readonly [name: string, count: number, family: Family][] = [
  ['quiet cpu', 4, quietCpu],
  ['busy cpu', 3, busyCpu],
  ['jobs cpu', 2, jobsCpu],
  ['bursts', 4, bursts],
  ['requests', 1, requests],
  ['scaling group', 2, scalingGroup],
  ['database', 2, database],
  ['advertising', 6, advertising],
  ['ambient', 1, ambient],
  ['machine', 1, machine],
  ['passengers', 1, passengers],
  ['failing', 1, failing],
  ['typing', 2, typing],
  ['road speed', 3, road('speed')],
  ['road occupancy', 2, road('occupancy')],
  ['travel time', 2, road('travel time')],
  ['tweets', 10, tweets],
  ['jumps up', 1, artificial('jumpsup')],
  ['jumps down', 1, artificial('jumpsdown')],
  ['flat middle', 1, artificial('flatmiddle')],
  ['no jump', 1, artificial('nojump')],
  ['spikes', 1, artificial('spikes')],
  ['spike density', 1, artificial('density')],
  ['no noise', 1, calm('no noise')],
  ['square wave', 1, calm('square')],
  ['small noise', 1, calm('small noise')],
  ['flat line', 1, calm('flat')],
  ['noisy', 1, calm('noisy')],
];
