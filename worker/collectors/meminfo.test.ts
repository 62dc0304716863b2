import { describe, expect, it } from 'vitest';
import { read, value } from './sections.fixture.ts';

const meminfo = `MemTotal:        1000000 kB
MemFree:          100000 kB
MemAvailable:     400000 kB
Buffers:           10000 kB
Cached:           250000 kB
SwapTotal:        500000 kB
SwapFree:         375000 kB
Dirty:              1000 kB
Writeback:           500 kB
AnonPages:        300000 kB
Shmem:             20000 kB
SReclaimable:      40000 kB
SUnreclaim:        30000 kB
HugePages_Total:     100
HugePages_Free:       90
Hugepagesize:       2048 kB`;

describe('/proc/meminfo', () => {
  it('gives bytes and shares', () => {
    const snapshot = read({
      'cat /proc/meminfo': meminfo,
      'grep -r . /proc/sys/vm': '/proc/sys/vm/overcommit_memory:2\n/proc/sys/vm/swappiness:10',
      'grep -r . /sys/kernel/mm': '/sys/kernel/mm/transparent_hugepage/enabled:[always] madvise never',
    });
    expect(value(snapshot, 'mem.available_percent')).toBe(40);
    expect(value(snapshot, 'mem.swap_used_percent')).toBe(25);
    expect(value(snapshot, 'mem.swap_used')).toBe(125_000 * 1024);
    expect(value(snapshot, 'mem.dirty')).toBe(1500 * 1024);
    expect(value(snapshot, 'mem.hugepages_free')).toBe(90 * 2048 * 1024);
    expect(snapshot.facts.memory).toEqual({
      total: 1_024_000_000,
      swapTotal: 512_000_000,
      overcommit: 2,
      swappiness: 10,
      thp: 'always',
      hugepageSize: 2 ** 21,
    });
    expect(snapshot.partial).toEqual([]);
  });

  it('estimates what is available on kernels before 3.14: free and what can be dropped', () => {
    const old = meminfo.replace(/^MemAvailable.*\n/m, '');
    expect(value(read({ 'cat /proc/meminfo': old }), 'mem.available')).toBe(
      (100_000 + 250_000 + 10_000 + 40_000 - 20_000) * 1024,
    );
  });

  it('has no share of swap where there is none', () => {
    const none = meminfo
      .replace('SwapTotal:        500000', 'SwapTotal:             0')
      .replace('375000', '0');
    const snapshot = read({ 'cat /proc/meminfo': none });
    expect(value(snapshot, 'mem.swap_used_percent')).toBeUndefined();
    expect(value(snapshot, 'mem.swap_total')).toBe(0);
  });

  it('counts what the cache of ZFS gives back, by its own word or by what no line holds', () => {
    const warm = meminfo.replace(/MemAvailable: +\d+/, 'MemAvailable:  120000');
    const stats = (size: number) =>
      `13 1 0x01\nsize                            4    ${size}\nc_min   4    32000000`;
    const told = (size: number) =>
      value(
        read({ 'cat /proc/meminfo': warm, 'cat /proc/spl/kstat/zfs/arcstats': stats(size) }),
        'mem.available',
      );
    expect(told(132_000_000)).toBe(120_000 * 1024 + 100_000_000);
    expect(told(30_000_000)).toBe(120_000 * 1024);
    const mounted = (type: string) =>
      value(
        read({ 'cat /proc/meminfo': warm, 'cat /proc/mounts': `rpool/ROOT / ${type} rw 0 0` }),
        'mem.available',
      );
    expect(mounted('zfs')).toBeGreaterThan(mounted('ext4')!);
    expect(mounted('ext4')).toBe(120_000 * 1024);
  });

  it('counts nothing of the cache of the host in a container', () => {
    const snapshot = read({
      'cat /proc/meminfo': meminfo.replace(/MemAvailable: +\d+/, 'MemAvailable:  120000'),
      'cat /proc/spl/kstat/zfs/arcstats': 'size 4 132000000\nc_min 4 32000000',
      'cat /proc/mounts': 'rpool/data / zfs rw 0 0\nlxcfs /proc/meminfo fuse.lxcfs rw 0 0',
    });
    expect(value(snapshot, 'mem.available')).toBe(120_000 * 1024);
  });
});
