import { expect, it } from 'vitest';
import { read, twice, value } from './sections.fixture.ts';

it('reads paging a second, and OOM kills since boot', () => {
  const body = (n: number) =>
    `pswpin ${n}\npswpout ${2 * n}\npgmajfault ${n}\npgscan_direct ${n}\npgscan_direct_throttle 99\nworkingset_refault_file ${n}\ncompact_stall 5\noom_kill 3`;
  const snapshot = read(twice('cat /proc/vmstat', body(100), body(300), 2));
  expect(value(snapshot, 'mem.swap_in')).toBe(100);
  expect(value(snapshot, 'mem.swap_out')).toBe(200);
  expect(value(snapshot, 'mem.scan_direct')).toBe(100);
  expect(value(snapshot, 'mem.refaults')).toBe(100);
  expect(value(snapshot, 'mem.compact_stalls')).toBe(0);
  expect(value(snapshot, 'mem.oom_kills')).toBe(3);
});

it('adds up the zones that kernels before 4.8 count apart', () => {
  const body = (n: number) =>
    `pswpin 0\npgscan_direct_dma ${n}\npgscan_direct_dma32 ${n}\npgscan_direct_normal ${n}\npgscan_direct_movable 0\nworkingset_refault ${n}`;
  const snapshot = read(twice('cat /proc/vmstat', body(0), body(10)));
  expect(value(snapshot, 'mem.scan_direct')).toBe(30);
  expect(value(snapshot, 'mem.refaults')).toBe(10);
  expect(value(snapshot, 'mem.oom_kills')).toBeUndefined();
});

it('takes the wrap at 2^32 of a 32-bit kernel for what it is, and a reset of a 64-bit one', () => {
  const sections = (space: string) => ({
    ...twice('cat /proc/vmstat', 'pswpin 4294967290', 'pswpin 94'),
    'cat /proc/meminfo': `MemTotal: 1000 kB\nVmallocTotal: ${space} kB`,
  });
  expect(value(read(sections('122880')), 'mem.swap_in')).toBe(100);
  expect(value(read(sections('34359738367')), 'mem.swap_in')).toBeUndefined();
});
