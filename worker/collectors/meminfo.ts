// /proc/meminfo: how much memory there is and what it is used for. https://docs.kernel.org/filesystems/proc.html#meminfo
import type { MetricName } from '#core/metrics.ts';
import type { Report } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { fileOf, numberIn, sectionOf } from './lookup.ts';

const plain: Partial<Record<string, MetricName>> = {
  MemTotal: 'mem.total',
  MemFree: 'mem.free',
  Cached: 'mem.cached',
  AnonPages: 'mem.anon',
  Shmem: 'mem.shmem',
  SUnreclaim: 'mem.slab_unreclaimable',
  SReclaimable: 'mem.slab_reclaimable',
  Committed_AS: 'mem.committed',
  CommitLimit: 'mem.commit_limit',
  HardwareCorrupted: 'mem.hardware_corrupted',
  SwapTotal: 'mem.swap_total',
  Balloon: 'mem.balloon',
};

export const meminfo: Collector = {
  section: 'cat /proc/meminfo',
  with: [
    'cat /proc/spl/kstat/zfs/arcstats',
    /^cat \/proc\/sys\/vm\/(overcommit_memory|swappiness)$/,
    'cat /sys/kernel/mm/transparent_hugepage/enabled',
  ],
  parse(_section, report) {
    const values = read(sectionOf(report, 'cat /proc/meminfo')?.body ?? '');
    const total = values.get('MemTotal');
    if (total === undefined) throw new ParseError('MemTotal is missing.');
    const bytes = (name: string) => values.get(name) ?? 0;
    const samples: Sample[] = [];
    const add = (metric: MetricName, value: number) => samples.push({ metric, subject: '', value });
    for (const [name, metric] of Object.entries(plain)) {
      const value = values.get(name);
      if (value !== undefined && metric !== undefined) add(metric, value);
    }
    // Kernels before 3.14 do not estimate it; free plus what can be dropped comes near, and is wrong by the low watermark.
    const estimate =
      values.get('MemAvailable') ??
      bytes('MemFree') +
        Math.max(0, bytes('Cached') + bytes('Buffers') + bytes('SReclaimable') - bytes('Shmem'));
    const available = Math.min(total, estimate + givenBack(report, bytes));
    add('mem.available', available);
    if (total > 0) add('mem.available_percent', (100 * available) / total);
    add('mem.dirty', bytes('Dirty') + bytes('Writeback'));
    const hugepage = bytes('Hugepagesize');
    add('mem.hugepages_total', bytes('HugePages_Total') * hugepage);
    add('mem.hugepages_free', bytes('HugePages_Free') * hugepage);
    const swap = bytes('SwapTotal');
    add('mem.swap_used', swap - bytes('SwapFree'));
    if (swap > 0) add('mem.swap_used_percent', (100 * (swap - bytes('SwapFree'))) / swap);

    const overcommit = numberIn(report, '/proc/sys/vm/overcommit_memory');
    const swappiness = numberIn(report, '/proc/sys/vm/swappiness');
    const thp = /\[(\w+)\]/.exec(fileOf(report, '/sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1];
    return {
      samples,
      facts: {
        memory: {
          total,
          swapTotal: swap,
          ...(overcommit === undefined ? {} : { overcommit }),
          ...(swappiness === undefined ? {} : { swappiness }),
          ...(thp === undefined ? {} : { thp }),
          ...(hugepage > 0 ? { hugepageSize: hugepage } : {}),
        },
      },
    };
  },
};

/**
 * What the cache of ZFS gives back when programs need it: its size less its minimum. The kernel does not count it as available, nor
 * anywhere else: where nobody says its size, it is what is used and stands in no line, less the usual minimum of 1/32 of the memory.
 * A container, whose memory lxcfs tells, has no part of it: the cache that it sees is the host's.
 * https://openzfs.github.io/openzfs-docs/Performance%20and%20Tuning/Module%20Parameters.html#zfs-arc-min
 */
function givenBack(report: Report, bytes: (name: string) => number): number {
  const mounts = fileOf(report, '/proc/mounts') ?? '';
  if (/^lxcfs \/proc\/meminfo /m.test(mounts)) return 0;
  const text = fileOf(report, '/proc/spl/kstat/zfs/arcstats')?.slice(0, 20_000);
  if (text !== undefined) {
    const row = (name: string) =>
      Number(new RegExp(`^${name} +\\d+ +(\\d{1,18})$`, 'm').exec(text)?.[1] ?? 0);
    return Math.max(0, row('size') - row('c_min'));
  }
  if (!/^\S+ \S+ zfs /m.test(mounts)) return 0;
  const counted = ['MemFree', 'Buffers', 'Cached', 'SwapCached', 'AnonPages', 'SReclaimable', 'SUnreclaim']
    .concat('KernelStack', 'PageTables', 'Percpu')
    .reduce((sum, name) => sum + bytes(name), bytes('HugePages_Total') * bytes('Hugepagesize'));
  return Math.max(0, bytes('MemTotal') * (31 / 32) - counted);
}

/** Bytes by name; lines without a unit (HugePages_Total) stay counts. */
function read(body: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of body.split('\n')) {
    const found = /^([\w()]+): *(\d{1,20})( kB)?$/.exec(line.trimEnd());
    if (found) values.set(found[1]!, Number(found[2]) * (found[3] ? 1024 : 1));
  }
  return values;
}

/** Bytes of a page: the two files count the same free memory, one in kB and one in pages. 4096 when they do not tell. */
export function pageSizeOf(report: Report): number {
  const free = kilobytes(report, /^MemFree: *(\d{1,18}) kB/m);
  const pages = /^nr_free_pages (\d{1,18})$/m.exec(sectionOf(report, 'cat /proc/vmstat', 1)?.body ?? '')?.[1];
  if (!free || !pages) return 4096;
  const ratio = (free * 1024) / Number(pages);
  return [4096, 16384, 65536].find((size) => ratio > size / 2 && ratio < size * 2) ?? 4096;
}

/** Whether this is a 32-bit kernel, whose counters wrap at 2^32: its address space for vmalloc is below 4 GiB. */
export function is32Bit(report: Report): boolean {
  const space = kilobytes(report, /^VmallocTotal: *(\d{1,18}) kB/m);
  return space !== undefined && space > 0 && space < 2 ** 22;
}

function kilobytes(report: Report, line: RegExp): number | undefined {
  const found = line.exec(sectionOf(report, 'cat /proc/meminfo')?.body ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}
