import { expect, test } from 'vitest';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { presenceOf, residentsOf, residentsSchema } from './residents.ts';

const at = 1_760_000_000;
const nobody = residentsSchema.parse({});
const group = (name: string, more: Partial<ProcessGroup> = {}): ProcessGroup => ({
  name,
  count: 1,
  rss: 1e7,
  threads: 1,
  cpuSeconds: 1,
  users: ['root'],
  pids: [1],
  states: {},
  startedAt: at - 3600,
  ...more,
});
const shop: Facts = {
  processGroups: [
    group('node', { cgroup: '/system.slice/shop.service' }),
    group('bash'),
    group('kworker', { rss: 0 }),
  ],
  listeners: [
    { protocol: 'tcp', address: '127.0.0.1', port: 3000, process: 'node' },
    { protocol: 'tcp', address: '127.0.0.1', port: 40_000, process: 'node' },
  ],
  containers: [
    {
      id: '0123456789ab',
      name: 'web',
      image: 'web',
      state: 'running',
      restarts: 0,
      ports: ['0.0.0.0:8080-8081->80-81/tcp', '0.0.0.0:53->53/udp'],
    },
  ],
};
const gone: Facts = {
  processGroups: [group('bash')],
  listeners: [],
  containers: [{ ...shop.containers![0]!, state: 'exited', ports: [] }],
};

test('a service that is gone keeps its unit and its ports, and a container those that it published', () => {
  const before = residentsOf(nobody, shop, at);
  expect(Object.keys(before.programs)).toEqual(['node']);
  const after = residentsOf(before, gone, at + 120, at + 60);
  const { seen, served, published } = presenceOf(after, gone, at + 120);
  expect(seen.get('node')).toMatchObject({
    first: at,
    last: at + 60,
    group: { cgroup: '/system.slice/shop.service' },
  });
  expect([...served.get('node')!]).toEqual([3000]);
  expect([...published]).toEqual([
    [8080, 'web'],
    [8081, 'web'],
  ]);
});

test('the same report twice changes nothing, and what comes back is there again', () => {
  const before = residentsOf(nobody, shop, at);
  expect(residentsOf(before, shop, at)).toEqual(before);
  const after = residentsOf(before, gone, at + 120, at + 60);
  expect(residentsOf(after, gone, at + 180, at + 120)).toEqual(after);
  const again = residentsOf(after, shop, at + 240, at + 180);
  expect(again.programs['node']).toMatchObject({ first: at });
  expect(again.programs['node']).not.toHaveProperty('last');
});

test('what is gone for a week, a container that was removed, and the names of every object are forgotten', () => {
  const before = residentsOf(nobody, shop, at);
  const week = 7 * 86_400 + 120;
  const after = residentsOf(before, gone, at + 120, at + 60);
  const later = { processGroups: [group('sh', { startedAt: at + week })], containers: [] };
  expect(residentsOf(after, later, at + week)).toEqual(nobody);
  expect(residentsOf(before, { processGroups: [] }, at + 120)).toEqual(before);
  expect(residentsOf(nobody, { processGroups: [group('constructor')] }, at).programs).toEqual({});
});

test('it is bounded, however many programs come and go', () => {
  let all = nobody;
  for (let i = 0; i < 400; i++) {
    const one = group(`p${i}`, { cgroup: '/system.slice/x.service' });
    all = residentsOf(all, { processGroups: [one] }, at + 60 * i, at + 60 * (i - 1));
  }
  expect(Object.keys(all.programs).length).toBeLessThanOrEqual(51);
  expect(residentsSchema.parse(JSON.parse(JSON.stringify(all)))).toEqual(all);
});

test('what comes back after a longer break begins anew, so that a nightly job never lasts', () => {
  const job: Facts = { processGroups: [group('restic', { cgroup: '/system.slice/backup.service' })] };
  const other: Facts = { processGroups: [group('sshd')] };
  const night = (before: typeof nobody, start: number) => {
    const during = residentsOf(before, job, start, start - 60);
    return residentsOf(during, other, start + 60, start);
  };
  const first = night(nobody, at);
  expect(first.programs['restic']).toMatchObject({ first: at, last: at });
  const second = night(first, at + 86_400);
  expect(second.programs['restic']).toMatchObject({ first: at + 86_400, last: at + 86_400 });
  // A restart that one report missed is no break.
  const restarted = residentsOf(first, job, at + 300, at + 240);
  expect(restarted.programs['restic']).toMatchObject({ first: at });
});
