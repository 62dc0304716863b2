// Tables of the metrics of a system of services into which one fault is put: who calls whom, what it costs, how slowness goes back to the
// caller, what a monitoring system makes of it. Made after the public descriptions of RCAEval, BARO and CIRCA; no recorded value is in here.
import { chance, type Chance } from '../detect/chance.ts';

export const faults = ['cpu', 'mem', 'disk', 'delay', 'loss', 'socket'] as const;
export type Fault = (typeof faults)[number];

export interface Case {
  fault: Fault;
  times: number[];
  columns: Map<string, number[]>;
  /** The moment that the ranking is told. */
  at: number;
  /** Name of the column that is the cause, and of its service. */
  cause: string;
  service: string;
}

export interface Shape {
  services: [fewest: number, most: number];
  /** Seconds from row to row. */
  steps: readonly number[];
  /** Minutes before and after the fault. */
  minutes: readonly number[];
  /** Seconds by which the told moment is late (or, below zero, early). */
  late: readonly number[];
  /** How columns are named. */
  names: (service: string, metric: string) => string;
}

const words =
  'cart order user pay ship mail ad rate stock search review price route seat food config auth gift news geo'.split(
    ' ',
  );

interface Service {
  name: string;
  calls: { to: number; share: number }[];
  cost: number;
  idle: number;
  own: number;
  memory: number;
  disk: number;
  sockets: number;
  busy: () => number;
  jitter: () => number;
  sawtooth: number;
  stateful: boolean;
  /** Size of the noise of each gauge. */
  noise: { cpu: number; latency: number; memory: number };
}

function servicesOf(c: Chance, count: number): Service[] {
  return Array.from({ length: count }, (_, i) => ({
    name:
      i === 0
        ? 'front'
        : `${words[i % words.length]}${i >= words.length ? Math.floor(i / words.length) : ''}`,
    calls:
      i === count - 1
        ? []
        : c
            .moments(Math.min(count - 1 - i, c.pick([0, 1, 1, 2, 3])) || (i === 0 ? 1 : 0), i + 1, count, 1)
            .map((to) => ({ to, share: c.between(0.2, 1.2) })),
    cost: c.between(0.0005, 0.004),
    idle: c.between(0.002, 0.05),
    own: c.between(0.001, 0.02),
    memory: c.lognormal(0.8) * 1e8,
    disk: c.uniform() < 0.5 ? 0 : c.lognormal(1) * 1e4,
    sockets: c.between(5, 60),
    busy: c.drift(0.8),
    jitter: c.drift(0.5),
    sawtooth: c.uniform() < 0.25 ? c.between(20, 120) : 0,
    stateful: c.uniform() < 0.35,
    noise: { cpu: c.between(0.02, 0.15), latency: c.between(0.05, 0.25), memory: c.between(0.001, 0.01) },
  }));
}

/** What a fault does to its service, `since` seconds after it began. */
function harm(c: Chance, fault: Fault) {
  const strength = c.between(0.5, 1);
  const slow = c.between(10, 90);
  return (since: number) => {
    const grown = since < 0 ? 0 : 1 - Math.exp(-since / slow);
    const on = since < 0 ? 0 : 1;
    const of = (kind: Fault, by: number) => (fault === kind ? by * strength : 0);
    return {
      cpu:
        of('cpu', 0.9) * Math.min(1, on * (0.6 + 0.4 * grown)) + of('mem', 0.15) * on + of('disk', 0.12) * on,
      memory: of('mem', 4) * grown + of('disk', 0.05) * grown,
      disk: of('disk', 6e6) * on,
      sockets: of('socket', 300) * grown,
      slower:
        1 + of('cpu', 1.5) * on + of('mem', 0.5) * grown + of('disk', 0.8) * on + of('socket', 0.4) * grown,
      delay: of('delay', 0.25) * on,
      loss: of('loss', 0.15) * on,
    };
  };
}

/** Values as a scraper shows them: means over a window, held until the next look. */
function scraped(c: Chance, values: number[], step: number): number[] {
  const hold = Math.max(1, Math.round(c.pick([1, 5, 15]) / step));
  const window = Math.max(1, Math.round(c.pick([1, 15, 30]) / step));
  let sum = 0;
  const means = values.map((v, i) => {
    sum += v - (i >= window ? values[i - window]! : 0);
    return sum / Math.min(i + 1, window);
  });
  return means.map((_, i) => means[i - (i % hold)]!);
}

export function makeCase(seed: number, shape: Shape): Case {
  const c = chance(seed);
  const fault = c.pick(faults);
  const step = c.pick(shape.steps);
  const rows = Math.floor((c.pick(shape.minutes) * 60) / step);
  const count = Math.floor(c.between(shape.services[0], shape.services[1] + 1));
  const services = servicesOf(c, count);
  // A fault is put where it is felt: somewhere that is called.
  const called = services
    .map((_, i) => i)
    .filter((i) => i === 0 || services.some((s) => s.calls.some((k) => k.to === i)));
  const victim = c.pick(called);
  const harmed = harm(c, fault);
  const begin = 1_690_000_000 + seed * 100_000;
  const onset = begin + rows * step;
  const raw = new Map<string, number[]>();
  const put = (name: string, value: number) => {
    const list = raw.get(name);
    if (list) list.push(value);
    else raw.set(name, [value]);
  };
  const crowd = c.drift(0.98);
  const flutter = c.drift(0.6);
  const wave = c.between(300, 4000);
  let patience = 1;
  let totals = services.map(() => 0);
  for (let row = 0; row < 2 * rows; row++) {
    const at = begin + row * step;
    const now = harmed(at - onset);
    const base =
      60 * (1 + 0.15 * Math.sin((row * step) / wave) + 0.1 * crowd() + 0.05 * flutter()) * patience;
    const load = services.map((_, i) => (i === 0 ? base : 0));
    services.forEach((s, i) => s.calls.forEach(({ to, share }) => (load[to]! += share * load[i]!)));
    const latency = services.map(() => 0);
    const failing = services.map(() => 0);
    for (let i = count - 1; i >= 0; i--) {
      const s = services[i]!;
      const hit = i === victim ? now : harmed(-1);
      const own =
        s.own * hit.slower * (1 + s.noise.latency * s.jitter()) +
        hit.delay +
        hit.loss * 0.6 * c.lognormal(0.8);
      const below = s.calls.reduce((sum, k) => sum + Math.min(1, k.share) * latency[k.to]!, 0);
      latency[i] = Math.max(1e-4, own + below);
      failing[i] = Math.min(0.9, hit.loss * 0.5 + s.calls.reduce((sum, k) => sum + 0.6 * failing[k.to]!, 0));
      const use = s.idle + s.cost * load[i]! * (1 + s.noise.cpu * s.busy());
      const gauge = shape.names.bind(undefined, s.name);
      put(gauge('cpu'), Math.max(0, use + hit.cpu));
      const teeth = s.sawtooth ? 0.2 * ((row / s.sawtooth) % 1) : 0;
      put(
        gauge('mem'),
        s.memory * (1 + teeth + hit.memory + s.noise.memory * c.normal() + 0.01 * (row / rows)),
      );
      put(gauge('latency-50'), latency[i]! * (1 + 0.05 * c.normal()));
      put(gauge('latency-90'), latency[i]! * 1.8 * c.lognormal(0.1));
      put(gauge('workload'), Math.max(0, load[i]! * (1 + 0.03 * c.normal())));
      put(gauge('error'), c.poisson(load[i]! * step * (0.0004 + failing[i]!)) / step);
      put(
        gauge('diskio'),
        s.disk * (c.uniform() < 0.1 ? c.lognormal(0.8) * 5 : c.lognormal(0.3)) + hit.disk * c.lognormal(0.2),
      );
      put(
        gauge('socket'),
        Math.round(s.sockets + load[i]! * latency[i]! * 2 + 0.5 * c.normal() + hit.sockets),
      );
      totals[i]! += Math.round(load[i]! * step);
      if (s.stateful) put(gauge('requests_total'), totals[i]!);
    }
    // Who waits longer asks less.
    patience +=
      0.2 *
      (Math.min(1, (0.15 + services[0]!.own) / (0.1 + latency[0]!)) ** 0.4 * (1 - 0.5 * failing[0]!) -
        patience);
  }
  totals = [];
  const columns = new Map<string, number[]>();
  for (const [name, values] of raw) columns.set(name, /total/.test(name) ? values : scraped(c, values, step));
  disturb(c, columns, rows);
  const { name: service } = services[victim]!;
  const shown = {
    cpu: 'cpu',
    mem: 'mem',
    disk: 'diskio',
    delay: 'latency-90',
    loss: 'latency-90',
    socket: 'socket',
  }[fault];
  return {
    fault,
    times: Array.from({ length: 2 * rows }, (_, i) => begin + i * step),
    columns,
    at: onset + c.pick(shape.late),
    cause: shape.names(service, shown),
    service,
  };
}

/** What else is in such tables: columns that never move or are empty, heavy tails, slow drifts, gaps, and things that happen by chance. */
function disturb(c: Chance, columns: Map<string, number[]>, rows: number): void {
  const n = 2 * rows;
  const names = [...columns.keys()];
  for (let k = 0; k < 3; k++) {
    columns.set(
      `node${k}_constant`,
      Array.from({ length: n }, () => 4),
    );
    columns.set(
      `node${k}_empty`,
      Array.from({ length: n }, () => Number.NaN),
    );
    columns.set(
      `node${k}_gc_pause`,
      Array.from({ length: n }, () => (c.uniform() < 0.05 ? c.pareto(1.3) : 0)),
    );
    const walk = c.drift(0.999);
    columns.set(
      `node${k}_temperature`,
      Array.from({ length: n }, () => 50 + 5 * walk() + 0.1 * c.normal()),
    );
    let seen = 0;
    columns.set(
      `node${k}_rx_bytes_total`,
      Array.from({ length: n }, () => (seen += Math.round(1e5 * c.lognormal(0.5)))),
    );
  }
  for (let k = 0; k < 3; k++) {
    const values = columns.get(c.pick(names))!;
    const from = Math.floor(c.between(0, n));
    const size = c.between(0.2, 0.6);
    for (let i = from; i < Math.min(n, from + rows / 8); i++) values[i]! *= 1 + size;
  }
  for (const name of names)
    if (c.uniform() < 0.05)
      columns.set(
        name,
        columns.get(name)!.map((v) => (c.uniform() < 0.1 ? Number.NaN : v)),
      );
}
