import { expect, it } from 'vitest';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { handmade, startOfTests, type Values } from '#worker/picture/handmade.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const ram = 8 * GiB;

/** The minutes at which a rule first found something, of one program that grows on a machine of 8 GiB with 2 GiB in use besides. */
function told(
  id: string,
  rss: (minute: number) => number,
  { name = 'app', minutes = 120, startedAt = startOfTests - 86_400 * 30, facts = {} as Facts } = {},
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
    startedAt,
  });
  const series: Record<string, Values> = {
    'mem.total': ram,
    [`proc.group.rss{${name}}`]: rss,
    [`proc.group.count{${name}}`]: 1,
    'mem.available': (i) => ram - 2 * GiB - rss(i),
    'mem.available_percent': (i) => (100 * (ram - 2 * GiB - rss(i))) / ram,
  };
  const snapshots = handmade({
    reports: minutes,
    series,
    facts: (i) => ({ ...facts, processGroups: [group(i)] }),
  });
  const steps = [...replaySteps(snapshots)];
  const at = steps.findIndex((s) => s.findings.some((f) => f.id === id));
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
