import { expect, it } from 'vitest';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { handmade, startOfTests, type Values } from '#worker/picture/handmade.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const ram = 8 * GiB;

/** The first minute at which a rule found something, from a minute on, of one program that grows on a machine of 8 GiB with 2 GiB in use besides. */
function told(
  id: string,
  rss: (minute: number) => number,
  {
    name = 'app',
    minutes = 120,
    from = 0,
    startedAt = (_minute: number): number => startOfTests - 86_400 * 30,
    cpu = (_minute: number): number => 20,
    facts = {} as Facts,
  } = {},
): number | undefined {
  const group = (i: number): ProcessGroup => ({
    name,
    count: 1,
    rss: rss(i),
    threads: 1,
    cpuSeconds: 10,
    users: [],
    pids: [1],
    states: {},
    startedAt: startedAt(i),
  });
  const series: Record<string, Values> = {
    'mem.total': ram,
    [`proc.group.rss{${name}}`]: rss,
    [`proc.group.count{${name}}`]: 1,
    [`proc.group.cpu{${name}}`]: cpu,
    'mem.available': (i) => ram - 2 * GiB - rss(i),
    'mem.available_percent': (i) => (100 * (ram - 2 * GiB - rss(i))) / ram,
  };
  const snapshots = handmade({
    reports: minutes,
    series,
    facts: (i) => ({ ...facts, processGroups: [group(i)] }),
  });
  const steps = [...replaySteps(snapshots)];
  const at = steps.findIndex((s, i) => i >= from && s.findings.some((f) => f.id === id));
  return at < 0 ? undefined : at;
}

const flatThen =
  (flat: number, each: number, most = 5.9 * GiB) =>
  (i: number) =>
    300 * MiB + Math.min(most, Math.max(0, i - flat) * each) + (i % 3) * 2 * MiB;

it('tells a leak when it goes to eat what is left, after minutes as after hours of calm', () => {
  const soon = told('mem.leak', flatThen(10, 60 * MiB))!;
  const late = told('mem.leak', flatThen(300, 60 * MiB), { minutes: 400 })!;
  expect(soon).toBeGreaterThan(10);
  expect(soon).toBeLessThanOrEqual(35);
  expect(late).toBeGreaterThan(300);
  expect(late).toBeLessThanOrEqual(325);
});

it('dates a leak from when the growth began, not from when the reports did', () => {
  const snapshots = handmade({
    reports: 340,
    series: {
      'mem.total': ram,
      'mem.available_percent': (i) => 70 - Math.max(0, i - 300) * 0.7,
      'proc.group.rss{app}': flatThen(300, 60 * MiB),
    },
    facts: (i) => ({
      processGroups: [
        {
          name: 'app',
          count: 1,
          rss: flatThen(300, 60 * MiB)(i),
          threads: 1,
          cpuSeconds: 1,
          users: [],
          pids: [1],
          states: {},
        },
      ],
    }),
  });
  const leak = [...replaySteps(snapshots)].at(-1)!.findings.find((f) => f.id === 'mem.leak')!;
  expect(leak.since).toBeGreaterThan(startOfTests + 299 * 60);
  expect(leak.since).toBeLessThan(startOfTests + 306 * 60);
});

it('finds slow growth that hours prove, while there is memory enough', () => {
  expect(told('mem.leak', (i) => 400 * MiB + i * 3 * MiB, { minutes: 361 })).toBeGreaterThan(300);
  // A heap of Java fills up to its limit first.
  expect(told('mem.leak', (i) => 400 * MiB + i * 3 * MiB, { minutes: 361, name: 'java' })).toBeUndefined();
  expect(told('mem.leak', flatThen(10, 60 * MiB), { name: 'java' })).toBeLessThanOrEqual(50);
});

it.each([
  ['fills and stops', flatThen(10, 60 * MiB, 800 * MiB)],
  ['comes and goes as before', (i: number) => 300 * MiB + (i % 30) * 60 * MiB],
  ['jumps once', (i: number) => (i < 20 ? 300 * MiB : 2.5 * GiB)],
  ['slows down as a cache does', (i: number) => 300 * MiB + 2.5 * GiB * (1 - Math.exp(-i / 15))],
])('does not call it a leak when memory %s', (_what, rss) => {
  expect(told('mem.leak', rss, { minutes: 200 })).toBeUndefined();
  expect(told('mem.time_to_exhaust', rss, { minutes: 200 })).toBeUndefined();
});

const pool = (bytes: number): Facts => ({ mysql: { innodb_buffer_pool_size: bytes } });

it('foresees within five reports what no setting bounds, and says nothing of a pool that fits', () => {
  const fills = (most: number) => flatThen(30, 260 * MiB, most);
  const large = { name: 'mariadbd', minutes: 60, facts: pool(12 * GiB) };
  const foreseen = told('mem.time_to_exhaust', fills(6 * GiB), large);
  expect(foreseen).toBeGreaterThan(30);
  expect(foreseen).toBeLessThanOrEqual(35);
  const fits = { name: 'mariadbd', minutes: 60, facts: pool(3 * GiB) };
  expect(told('mem.time_to_exhaust', fills(3 * GiB), fits)).toBeUndefined();
  expect(told('mem.leak', fills(3 * GiB), fits)).toBeUndefined();
});

/** Grows by 20 MiB a minute, and starts anew every so many minutes. */
const sawTooth = (period: number) => (i: number) => 400 * MiB + (i % period) * 20 * MiB;

it('tells growth that a restart ends every time once, and not again as long as there was enough for it', () => {
  const startedAt = (i: number) => startOfTests + 60 * (i - (i % 150));
  const restarted = { minutes: 440, startedAt };
  expect(told('mem.leak', sawTooth(150), restarted)).toBeGreaterThan(30);
  expect(told('mem.leak', sawTooth(150), { ...restarted, from: 150 })).toBeUndefined();
  // The same, with nearly nothing left each time.
  const tight = (i: number) => 2 * GiB + (i % 150) * 26 * MiB;
  expect(told('mem.leak', tight, { ...restarted, from: 160 })).toBeDefined();
});

it('does not call it a leak when a program does more work', () => {
  const rss = flatThen(60, 40 * MiB, 2 * GiB);
  const minutes = 115;
  expect(told('mem.leak', rss, { minutes })).toBeDefined();
  expect(told('mem.leak', rss, { minutes, cpu: (i) => (i < 60 ? 12 : 12 + (i - 60)) })).toBeUndefined();
});

it('does not foresee the end of memory for a heap that was as full before and was collected', () => {
  const heap = (i: number) => 1.2 * GiB + ((i % 180) / 180) * 3.4 * GiB;
  expect(told('mem.time_to_exhaust', heap, { minutes: 180 })).toBeDefined();
  const steps = told('mem.time_to_exhaust', (i) => heap(i + 90), { minutes: 90 + 180 });
  expect(steps === undefined || steps < 90).toBe(true);
});

it('lets the queues of RabbitMQ fill up to where it makes producers wait, and no further', () => {
  const facts: Facts = {
    listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 5672, process: 'beam.smp' }],
  };
  const fills = (most: number) => flatThen(30, 34 * MiB, most);
  const broker = { name: 'beam.smp', minutes: 160, facts };
  expect(told('mem.leak', fills(2 * GiB), broker)).toBeUndefined();
  expect(told('mem.leak', fills(5 * GiB), broker)).toBeDefined();
  expect(told('mem.leak', fills(2 * GiB), { ...broker, facts: {} })).toBeDefined();
});

it('does not foresee the end of memory hours before it for whoever sits before the machine', () => {
  const opens = (i: number) => 1 * GiB + i * 24 * MiB;
  const foreseen = (beside: string) => {
    const group = (name: string, rss: number): ProcessGroup => ({
      name,
      count: 1,
      rss,
      threads: 1,
      cpuSeconds: 10,
      users: [],
      pids: [1],
      states: {},
      cgroup: 'user.slice/user-1000.slice/app.slice',
    });
    const left = (i: number) => ram - 3 * GiB - opens(i);
    const snapshots = handmade({
      reports: 150,
      series: {
        'mem.total': ram,
        'mem.available': left,
        'mem.available_percent': (i) => (100 * left(i)) / ram,
        'proc.group.rss{app}': opens,
      },
      facts: (i) => ({ processGroups: [group(beside, 100 * MiB), group('app', opens(i))] }),
    });
    const first = [...replaySteps(snapshots)].findIndex(({ findings }) =>
      findings.some(({ id }) => id === 'mem.time_to_exhaust'),
    );
    return first < 0 ? undefined : left(first) / (24 * MiB);
  };
  // Minutes that were left when it was told.
  expect(foreseen('sshd')).toBeGreaterThan(90);
  expect(foreseen('gnome-shell')).toBeLessThanOrEqual(61);
});
