// Families that no parameter was chosen on: other machines, other rhythms, other faults than those of families.ts.
import { during, ofDay, type Family } from './families.ts';

const after = (n: number) => Math.floor(n * 0.25);

/** A server's gauge by the minute, 0..1 as monitoring scales it, with batch hours; faults last minutes to hours (as in the Server Machine Dataset). */
const serverGauge: Family = (c) => {
  const n = 14_400;
  const noise = c.drift(0.95);
  const grain = c.between(0.01, 0.03);
  const base = c.between(0.1, 0.4);
  const batch = Math.floor(c.between(60, 600));
  const values = Array.from(
    { length: n },
    (_, i) =>
      base +
      0.12 * ofDay(i, 60) +
      grain * noise() +
      0.4 * grain * c.normal() +
      (i % 1440 >= batch && i % 1440 < batch + 25 ? 0.15 : 0),
  );
  const anomalies = c.moments(4, after(n), n - 400, 1500);
  for (const at of anomalies) {
    const kind = c.pick(['spike', 'plateau', 'drop', 'shake']);
    if (kind === 'spike') during(values, at, c.pick([2, 5]), (v) => v + c.between(0.2, 0.5));
    if (kind === 'plateau') during(values, at, c.pick([40, 200]), (v) => v + c.between(0.12, 0.2));
    if (kind === 'drop') during(values, at, c.pick([10, 90]), (v) => v * 0.2);
    if (kind === 'shake') during(values, at, 120, (v) => v + 5 * grain * c.normal());
  }
  return { step: 60, values: values.map((v) => Math.min(1, Math.max(0, v))), anomalies };
};

/** Web traffic by the hour with a weekly rhythm and growth (as in the real part of Yahoo S5); rows are numbered, there is no clock. */
const hourlyTraffic: Family = (c) => {
  const n = 1430;
  const growth = c.between(-0.2, 0.6);
  const mean = c.between(50, 5000);
  const sigma = c.between(0.05, 0.2);
  const values = Array.from(
    { length: n },
    (_, i) =>
      mean *
      (1 + (growth * i) / n) *
      (1 + 0.5 * ofDay(i, 3600)) *
      (Math.floor(i / 24) % 7 >= 5 ? 0.8 : 1) *
      c.lognormal(sigma),
  );
  const anomalies = c.moments(c.pick([1, 2, 3]), after(n), n - 30, 150);
  for (const at of anomalies) {
    const kind = c.pick(['spike', 'gap', 'level']);
    if (kind === 'spike') during(values, at, c.pick([1, 2]), (v) => v + mean * c.between(1.5, 4));
    if (kind === 'gap') during(values, at, c.pick([2, 6]), () => mean * 0.02);
    if (kind === 'level') during(values, at, 60, (v) => v * 1.7);
  }
  return { step: 1, times: values.map((_, i) => i + 1), values, anomalies };
};

/** Sums of waves with a trend, outliers, and a new amplitude from some moment on (as in the synthetic parts of Yahoo S5). */
const waves: Family = (c) => {
  const n = 1680;
  const trend = c.between(-2, 2);
  const [a, b] = [c.between(100, 300), c.between(20, 100)];
  const noise = c.between(3, 12);
  let amplitude = 1;
  const anomalies = c.moments(3, after(n), n - 40, 200);
  const values = Array.from({ length: n }, (_, i) => {
    if (i === anomalies[2]) amplitude = 1.8;
    const outlier = i === anomalies[0] || i === anomalies[1] ? c.pick([-1, 1]) * c.between(2, 3) * a : 0;
    const wave = a * Math.sin((2 * Math.PI * i) / 24) + b * Math.sin((2 * Math.PI * i) / 168);
    return 1000 + trend * i + amplitude * wave + noise * c.normal() + outlier;
  });
  return { step: 3600, values, anomalies };
};

/** Memory of a program that is swept again and again; then it leaks, or is swept no more. */
const sawtooth: Family = (c) => {
  const n = 4032;
  const every = Math.floor(c.between(15, 60));
  const anomalies = c.moments(2, after(n), n - 300, 900);
  const from = anomalies[0]!;
  let used = 200;
  const values = Array.from({ length: n }, (_, i) => {
    used += c.between(5, 12);
    const broken = i > (anomalies[1] ?? n) && i < (anomalies[1] ?? n) + 4 * every;
    if (!broken && i % every === 0) used = 200 + c.between(0, 20);
    return used + (i > from && i < from + 500 ? (i - from) * 1.6 : 0);
  });
  return { step: 60, values, anomalies };
};

/** The slowest hundredth of answers: heavy tails all the time, then it is slow for real. */
const slowest: Family = (c) => {
  const n = 4032;
  const sigma = c.between(0.2, 0.5);
  const values = Array.from(
    { length: n },
    (_, i) => 120 * (1 + 0.3 * ofDay(i, 300)) * c.lognormal(sigma) * (c.uniform() < 0.01 ? c.pareto(1.5) : 1),
  );
  const anomalies = c.moments(3, after(n), n - 100, 500);
  for (const at of anomalies) during(values, at, c.pick([6, 24, 72]), (v) => v * c.between(2.2, 4));
  return { step: 300, values, anomalies };
};

/** A queue that is mostly empty; now and then it is not, and once it does not empty any more. */
const queue: Family = (c) => {
  const n = 8640;
  const load = c.between(0.5, 0.8);
  const anomalies = c.moments(2, after(n), n - 300, 2000);
  let waiting = 0;
  const values = Array.from({ length: n }, (_, i) => {
    const stuck = anomalies.some((at) => i >= at && i < at + 80);
    waiting = Math.max(0, waiting + c.poisson(10 * load * (1 + 0.3 * ofDay(i, 300))) - (stuck ? 4 : 10));
    return waiting;
  });
  return { step: 300, values, anomalies };
};

/** A disk that fills and is cleaned at night; then something writes, or nobody cleans. */
const filling: Family = (c) => {
  const n = 4032;
  const anomalies = c.moments(2, after(n), n - 350, 900);
  let used = 40;
  const values = Array.from({ length: n }, (_, i) => {
    used += 0.02 * c.between(0, 2) + (i >= anomalies[0]! && i < anomalies[0]! + 15 ? 1.5 : 0);
    const lazy = anomalies[1] !== undefined && i > anomalies[1] && i < anomalies[1] + 288;
    if (i % 288 === 40 && !lazy) used = 40 + c.between(0, 0.4);
    return used;
  });
  return { step: 300, values, anomalies };
};

export const others: readonly [name: string, count: number, family: Family][] = [
  ['server gauge', 10, serverGauge],
  ['hourly traffic', 10, hourlyTraffic],
  ['waves', 6, waves],
  ['sawtooth', 4, sawtooth],
  ['slowest answers', 6, slowest],
  ['queue', 4, queue],
  ['filling disk', 4, filling],
];
