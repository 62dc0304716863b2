import { expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

const arrays = (body: string) => read({ 'cat /proc/mdstat': body }).facts.md;

it('reads arrays in every state', () => {
  const snapshot = read({
    'cat /proc/mdstat': `Personalities : [raid1] [raid6] [raid5] [raid4] [raid10]
md0 : active raid1 sdb1[1] sda1[0]
      1953382464 blocks super 1.2 [2/2] [UU]
      bitmap: 3/15 pages [12KB], 65536KB chunk

md1 : active raid5 sde1[4](F) sdd1[2] sdc1[1] sdb2[0]
      5860147200 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/3] [UUU_]
      [=>...................]  recovery =  8.5% (83384320/976630272) finish=120.5min speed=123456K/sec

md2 : inactive sdf1[0](S)
      976630488 blocks super 1.2

md3 : active (auto-read-only) raid10 sdj1[3] sdi1[2] sdh1[1] sdg1[0]
      1953260544 blocks super 1.2 512K chunks 2 near-copies [4/4] [UUUU]
      \tresync=PENDING

md4 : active raid0 sdl1[1] sdk1[0]
      3906764800 blocks super 1.2 512k chunks

unused devices: <none>`,
    'grep -r . /sys/block':
      '/sys/block/md0/md/mismatch_cnt:256\n/sys/block/md0/md/sync_action:check\n/sys/block/md1/md/degraded:1',
  });
  expect(snapshot.facts.md).toEqual([
    {
      name: 'md0',
      level: 'raid1',
      state: 'active',
      slots: 2,
      active: 2,
      failed: [],
      members: ['sdb1', 'sda1'],
      action: 'check',
      mismatches: 256,
    },
    {
      name: 'md1',
      level: 'raid5',
      state: 'active',
      slots: 4,
      active: 3,
      failed: ['sde1'],
      members: ['sde1', 'sdd1', 'sdc1', 'sdb2'],
      action: 'recovery',
      actionPercent: 8.5,
      speed: 123_456 * 1024,
    },
    { name: 'md2', level: '', state: 'inactive', slots: 1, active: 0, failed: [], members: ['sdf1'] },
    {
      name: 'md3',
      level: 'raid10',
      state: 'active (auto-read-only)',
      slots: 4,
      active: 4,
      failed: [],
      members: ['sdj1', 'sdi1', 'sdh1', 'sdg1'],
      action: 'resync pending',
    },
    {
      name: 'md4',
      level: 'raid0',
      state: 'active',
      slots: 2,
      active: 2,
      failed: [],
      members: ['sdl1', 'sdk1'],
    },
  ]);
  expect(value(snapshot, 'md.progress', 'md1')).toBe(8.5);
});

it('no array is no fact and no complaint', () => {
  expect(arrays('Personalities : \nunused devices: <none>')).toBeUndefined();
  expect(complaints(read({ 'cat /proc/mdstat': 'something else' }))).toHaveLength(1);
});
