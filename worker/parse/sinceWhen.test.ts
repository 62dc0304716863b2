import { expect, test } from 'vitest';
import type { Facts, Filesystem, NetInterface } from '#core/facts.ts';
import { notRead, sinceWhen } from './sinceWhen.ts';

const mount = (more: Partial<Filesystem> = {}): Facts => ({
  filesystems: [
    {
      source: '/dev/sda1',
      mount: '/srv',
      type: 'ext4',
      options: [],
      readOnly: false,
      size: 1,
      used: 0,
      available: 1,
      ...more,
    },
  ],
});
const nic = (speed: number): Facts => ({
  interfaces: [{ name: 'eth0', kind: 'physical', up: true, speed, addresses: [] } satisfies NetInterface],
});
const neighbour = (state: string): Facts => ({
  neighbours: [{ address: '192.0.2.1', device: 'eth0', state }],
});

/** Reports a minute apart, each read after the one before. */
function course(...reports: Facts[]): Facts {
  let before: Facts | undefined;
  reports.forEach((facts, i) => {
    sinceWhen(facts, before, i * 60, 60);
    before = facts;
  });
  return before!;
}

test('a mount is read-only since it could last be written, and not when nobody saw that', () => {
  const ro = () => mount({ readOnly: true });
  expect(course(mount(), ro(), ro()).filesystems![0]!.readOnlySince).toBe(60);
  expect(course(ro(), ro()).filesystems![0]).not.toHaveProperty('readOnlySince');
  expect(course(mount(), ro(), mount()).filesystems![0]).not.toHaveProperty('readOnlySince');
});

test('errors have a time when there are more of them than before', () => {
  expect(course(mount({ errors: 2 }), mount({ errors: 3 })).filesystems![0]!.errorsAt).toBe(60);
  expect(course(mount({ errors: 2 }), mount({ errors: 2 })).filesystems![0]).not.toHaveProperty('errorsAt');
  const btrfs = (errors: number): Facts => ({ btrfs: [{ mount: '/', errors }] });
  expect(course(btrfs(0), btrfs(4), btrfs(4)).btrfs![0]!.errorsAt).toBe(60);
  expect(course(btrfs(4), btrfs(4)).btrfs![0]).not.toHaveProperty('errorsAt');
});

test('a neighbour fails since the first report in a row that showed it', () => {
  const failed = () => neighbour('FAILED');
  expect(course(neighbour('REACHABLE'), failed(), failed()).neighbours![0]!.failingSince).toBe(60);
  expect(course(failed(), neighbour('STALE'), failed()).neighbours![0]!.failingSince).toBe(120);
});

test('questions wait without an answer since as many waited as came in within a second', () => {
  const asked = (received: number, count: number): Facts => ({
    lookups: { received, waiting: count ? [{ address: '192.0.2.53', count }] : [] },
  });
  const of = (...reports: Facts[]) => course(...reports).lookups!.unanswered;
  expect(of(asked(10, 0), asked(10, 1), asked(20, 2))).toEqual({ since: 60, reports: 2 });
  // Between two of them nobody waits, and nothing has come in.
  expect(of(asked(10, 1), asked(10, 1), asked(10, 0), asked(10, 1))).toEqual({ since: 60, reports: 2 });
  expect(of(asked(10, 1), asked(10, 1), asked(30, 0))).toBeUndefined();
  // Many ask, and each has its answer within some milliseconds.
  expect(of(asked(0, 3), asked(12_000, 3))).toBeUndefined();
});

test('the default route that was there is known, and since when it is not', () => {
  const route: NonNullable<Facts['routes']>[number] = {
    destination: 'default',
    device: 'eth0',
    family: 4,
    gateway: '192.0.2.1',
  };
  const local = { destination: '192.0.2.0/24', device: 'eth0', family: 4 } as const;
  const found = { gateway: '192.0.2.1', device: 'eth0' };
  expect(course({ routes: [route] }, {}).defaultRoute).toEqual(found);
  expect(course({ routes: [route] }, {}, { routes: [local] }, {}).defaultRoute).toEqual({
    ...found,
    lostAt: 120,
  });
  expect(course({ routes: [route] }, { routes: [local] }, { routes: [route] }).defaultRoute).toEqual(found);
  expect(course({ routes: [local] }, {})).not.toHaveProperty('defaultRoute');
});

test('a link keeps its highest speed', () => {
  expect(course(nic(1000), nic(100), nic(100)).interfaces![0]!.fastest).toBe(1000);
});

test('what an hourly run could not read is known until a run asks for it again', () => {
  const failed = { section: 'df -PTk /mnt', reason: 'exit 124', kind: 'failed' as const };
  const before: Facts = { agent: { version: '1', missing: [failed] } };
  const asked = (rhythm: string, ...sections: string[]) => notRead([], before, { rhythm, sections });
  expect(asked('minute', 'df -PTk')).toEqual([failed]);
  expect(asked('hourly', 'df -PTk /mnt')).toEqual([]);
  expect(asked('daily')).toEqual([]);
});
