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
