// /proc/vmstat: paging. Old kernels count direct reclaim and refaults under other names.
import type { MetricName } from '#core/metrics.ts';
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { is32Bit, pageSizeOf } from './meminfo.ts';

const names: Partial<Record<string, MetricName>> = {
  pswpin: 'mem.swap_in',
  pswpout: 'mem.swap_out',
  pgmajfault: 'mem.major_faults',
  compact_stall: 'mem.compact_stalls',
  workingset_refault_file: 'mem.refaults',
  // Before 5.9.
  workingset_refault: 'mem.refaults',
};

/**
 * The lines that are read, a dozen of two hundred. Direct scans are counted in total, or by zone before 4.8;
 * `pgscan_direct_throttle` counts something else.
 */
const wanted =
  /^(pswpin|pswpout|pgmajfault|compact_stall|workingset_refault(?:_file)?|pgscan_direct(?:_(?:dma|dma32|normal|high|movable))?|oom_kill|balloon_(?:in|de)flate) (.*)$/gm;

export const vmstat: Collector = {
  section: 'cat /proc/vmstat',
  parse({ body }, report) {
    const wrap = is32Bit(report) ? { wrap: 2 ** 32 } : {};
    const sums = new Map<MetricName, number>();
    const samples: Sample[] = [];
    const balloon = { inflate: 0, deflate: 0 };
    for (const [, name = '', text] of body.matchAll(wanted)) {
      const metric = names[name] ?? (name.startsWith('pgscan_direct') ? 'mem.scan_direct' : undefined);
      const value = Number(text);
      if (!Number.isFinite(value)) continue;
      if (metric) sums.set(metric, (sums.get(metric) ?? 0) + value);
      else if (name === 'oom_kill') samples.push({ metric: 'mem.oom_kills', subject: '', value });
      else if (name === 'balloon_inflate') balloon.inflate = value;
      else if (name === 'balloon_deflate') balloon.deflate = value;
    }
    if (sums.size === 0) throw new ParseError('None of the known counters is there.');
    if (balloon.inflate > 0) {
      const pages = Math.max(0, balloon.inflate - balloon.deflate);
      samples.push({ metric: 'mem.balloon', subject: '', value: pages * pageSizeOf(report) });
    }
    const counters: Counter[] = [...sums].map(([metric, value]) => ({ metric, subject: '', value, ...wrap }));
    return { counters, samples };
  },
};
