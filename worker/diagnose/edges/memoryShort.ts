// Edges of what the lack of memory leads to.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { type Edge, held } from './edge.ts';
import { edge, implied, lately, memoryLow, minute, stepOf, swapTraffic, whileGauge } from './evidence.ts';

/** Whether memory.critical was found because next to none is left (its clear bound), not by stalls alone. */
const isExhausted = (critical: Finding) =>
  critical.evidence.some(({ source, value }) => source === 'mem.available_percent' && Number(value) < 6);

export const memoryShortEdges: Edge[] = [
  // What the lack of memory leads to
  edge(
    'mem.low',
    'mem.swap_thrash',
    'strong',
    10 * minute,
    memoryLow(15, (low) => `With ${low} of memory available the kernel moves pages to swap and back.`),
  ),
  edge(
    'mem.low',
    'mem.pressure',
    'strong',
    5 * minute,
    memoryLow(15, (low) => `With ${low} available, tasks must wait until the kernel has freed memory.`),
  ),
  edge(
    'mem.low',
    'mem.critical',
    'deterministic',
    10 * minute,
    implied('It is the same memory, further down.'),
  ),
  edge(
    'mem.low',
    'mem.oom_kill',
    'strong',
    5 * minute,
    memoryLow(
      12,
      (low) =>
        `Available memory had fallen to ${low}; the kernel then kills the process that frees the most.`,
    ),
  ),
  edge(
    'mem.critical',
    'mem.oom_kill',
    'strong',
    5 * minute,
    implied('When reclaim frees nothing, the kernel kills.'),
  ),
  edge('mem.low', 'db.redis_bgsave', 'strong', 10 * minute, ({ picture }) =>
    picture.facts.memory?.overcommit === 0
      ? held(
          'To save, Redis forks; without overcommit the kernel refuses the copy when memory is short.',
          0.8,
        )
      : 'vm.overcommit_memory lets Redis fork',
  ),
  edge('mem.low', 'disk.latency', 'medium', 30 * minute, ({ picture, effect }) => {
    const cached = stepOf(picture, 'mem.cached', '', effect.since);
    const reads =
      effect.subject.kind === 'device'
        ? stepOf(picture, 'disk.read_bytes', effect.subject.name, effect.since)
        : undefined;
    return cached && cached.now < 0.5 * cached.before && reads && reads.now > 2 * reads.before
      ? held(
          `The page cache shrank from ${formatBytes(cached.before)} to ${formatBytes(cached.now)}, so files are read from the disk again.`,
        )
      : 'the page cache did not shrink while reads rose';
  }),
  edge('mem.low', 'cpu.system_high', 'medium', 10 * minute, ({ picture, effect }) => {
    const scans = lately(picture, 'mem.scan_direct', '', effect.since) ?? 0;
    return scans > 500
      ? held(`Tasks scan ${formatCount(scans)} pages a second for memory that can be freed.`)
      : 'tasks do not search for memory';
  }),
  edge('mem.no_swap', 'mem.oom_kill', 'contributing', 0, implied('without swap a short peak is deadly.')),
  edge(
    'mem.overcommit',
    'mem.oom_kill',
    'contributing',
    0,
    implied('more memory was promised than can be backed.'),
  ),
  edge(
    'mem.swap_thrash',
    'mem.pressure',
    'strong',
    5 * minute,
    implied('Each page that comes back from swap is waited for.'),
  ),
  edge(
    'mem.swap_thrash',
    'mem.critical',
    'strong',
    5 * minute,
    implied(({ effect }) =>
      isExhausted(effect)
        ? 'Pages are moved to swap, and memory is short all the same.'
        : 'All tasks wait for pages from swap.',
    ),
  ),
  edge(
    'mem.pressure',
    'mem.critical',
    'strong',
    5 * minute,
    implied(({ effect }) =>
      isExhausted(effect) ? 'It is the same shortage, further on.' : 'The same stalls, of all tasks at once.',
    ),
  ),
  edge('mem.swap_thrash', 'cpu.iowait', 'strong', 2 * minute, swapTraffic(0.3)),
  edge('mem.swap_thrash', 'disk.saturated', 'strong', 2 * minute, swapTraffic(0.3)),
  edge('mem.swap_thrash', 'disk.latency', 'strong', 2 * minute, swapTraffic(0.3)),
  edge('mem.swap_thrash', 'proc.dstate', 'medium', 5 * minute, ({ picture }) => {
    const stuck = (picture.facts.processGroups ?? []).filter((g) => (g.states['D'] ?? 0) > 0);
    const swapped = stuck.filter(
      (g) => (g.swap ?? 0) > 0 || Object.keys(g.waitChannels ?? {}).some((w) => /swap|folio|page/.test(w)),
    );
    return swapped.length > 0
      ? held(`${swapped[0]!.name} hangs and has ${formatBytes(swapped[0]!.swap ?? 0)} in swap.`)
      : 'the tasks that hang have nothing in swap';
  }),
  edge('mem.swap_thrash', 'svc.http_slow', 'strong', 5 * minute, ({ picture, effect }) => {
    const pressure = lately(picture, 'mem.pressure.some', '', effect.since);
    return pressure === undefined || pressure > 10
      ? held(
          `Requests wait for pages from swap${pressure === undefined ? '' : ` (tasks stall ${formatPercent(pressure)} of the time)`}.`,
          pressure === undefined ? 0.7 : 1,
        )
      : `tasks wait for memory only ${formatPercent(pressure)} of the time`;
  }),
  edge(
    'mem.swap_thrash',
    'cpu.system_high',
    'medium',
    5 * minute,
    implied('The kernel works to find pages that it can move out.'),
  ),
  edge(
    'mem.thp_latency',
    'cpu.system_high',
    'strong',
    2 * minute,
    whileGauge(
      'mem.compact_stalls',
      (rate) => rate > limitsOf('mem.thp_latency').stalls,
      (rate) =>
        `Tasks stall ${formatValue(rate, '/s')} while the kernel moves pages to make room for huge ones.`,
      'the rate of stalls on compaction',
    ),
  ),
  edge('mem.thp_latency', 'svc.http_slow', 'weak', 0, implied('compaction for huge pages can stall it.')),
];
