// Edges that begin with memory: who took it, what its lack leads to.
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import type { Finding } from '#core/diagnosis.ts';
import { ramBytes } from '#worker/rules/finding.ts';
import { held, type Edge } from './edge.ts';
import {
  day,
  edge,
  hour,
  implied,
  lately,
  memoryLow,
  memoryOfCause,
  minute,
  notCollected,
  sameServiceOf,
  stepOf,
  swapTraffic,
} from './edgeTests.ts';
import { processesOf } from './entities.ts';
import { memoryOf, memoryShares } from './shares.ts';

const stalls = (words: string) => implied(words);

/** Whether memory.critical was found because next to none is left (its clear bound), not by stalls alone. */
const isExhausted = (critical: Finding) =>
  critical.evidence.some(({ source, value }) => source === 'mem.available_percent' && Number(value) < 6);

/** The database holds most of the memory, and its setting lets it. */
const configuredMemory = (least: number) => memoryOfCause(least);

export const memoryEdges: Edge[] = [
  // Who takes the memory
  edge('mem.leak', 'mem.time_to_exhaust', 'strong', day, memoryOfCause(0.4)),
  edge('mem.leak', 'mem.low', 'strong', 7 * day, memoryOfCause(0.4)),
  // The kernel kills whom its score names, which need not be the one that grew.
  edge('mem.leak', 'mem.oom_kill', 'strong', 7 * day, (context) => {
    const { cause, effect } = context;
    return cause.subject.name === effect.subject.name
      ? held(`The process that grew, ${cause.subject.name}, is the one that was killed.`)
      : memoryOfCause(0.4)(context);
  }),
  edge(
    'mem.leak',
    'mem.cgroup_oom',
    'strong',
    7 * day,
    sameServiceOf(
      ({ cause, effect }) => `${cause.subject.name} grew until ${effect.subject.name} reached its limit.`,
    ),
  ),
  edge(
    'mem.leak',
    'mem.cgroup_near_limit',
    'strong',
    7 * day,
    sameServiceOf(
      ({ cause, effect }) => `${cause.subject.name} grows inside the limit of ${effect.subject.name}.`,
    ),
  ),
  edge('mem.time_to_exhaust', 'mem.low', 'weak', day, implied('The decline had been seen before.')),
  edge('mem.slab_leak', 'mem.low', 'strong', 7 * day, ({ picture, effect }) => {
    const ram = ramBytes(picture) ?? 1;
    const slab = picture.latest('mem.slab_unreclaimable') ?? 0;
    const first = memoryShares(picture, effect.since)[0];
    if (slab < 0.2 * ram) return `the kernel holds only ${formatPercent((100 * slab) / ram)} of the RAM`;
    return first && first.share > 0.6
      ? `${first.name} explains ${formatPercent(100 * first.share)} of it`
      : held(
          `The kernel's own objects hold ${formatBytes(slab)} that no program can get.`,
          slab / (0.4 * ram),
        );
  }),
  edge('mem.hugepages_waste', 'mem.low', 'strong', 7 * day, ({ picture }) => {
    const free = picture.latest('mem.hugepages_free') ?? 0;
    const ram = ramBytes(picture) ?? 1;
    const missing = Math.max(0, 0.15 * ram - (picture.latest('mem.available') ?? 0));
    return free >= missing
      ? held(
          `${formatBytes(free)} reserved as huge pages would be enough for the ${formatBytes(missing)} that are missing.`,
        )
      : `huge pages hold ${formatBytes(free)}, less than what is missing`;
  }),
  edge('mem.tmpfs_full', 'mem.low', 'strong', day, ({ picture, effect }) => {
    const shmem = picture.latest('mem.shmem') ?? 0;
    const ram = ramBytes(picture) ?? 1;
    const step = stepOf(picture, 'mem.shmem', '', effect.since);
    const available = stepOf(picture, 'mem.available', '', effect.since);
    const grown =
      step && available && available.before > available.now
        ? (step.now - step.before) / (available.before - available.now)
        : undefined;
    const first = memoryShares(picture, effect.since).find((s) => s.share > 0.6);
    if (grown !== undefined && grown >= 0.5)
      return held(
        `Files in memory grew by ${formatBytes(step!.now - step!.before)}, ${formatPercent(100 * Math.min(1, grown))} of the memory that went.`,
        grown,
      );
    if (shmem > 0.35 * ram && !first)
      return held(`Files in memory hold ${formatBytes(shmem)} of ${formatBytes(ram)}.`, 0.8);
    return `files in memory hold ${formatBytes(shmem)}, too little to explain it`;
  }),
  edge('virt.balloon', 'mem.low', 'strong', minute, ({ picture, cause, effect }) =>
    Math.abs(cause.since - effect.since) <= 600 || cause.since <= picture.from
      ? held('The memory that the hypervisor took back is what is missing.')
      : 'the two did not happen at the same time',
  ),
  edge(
    'db.mysql_bufferpool_gt_ram',
    'mem.low',
    'strong',
    10 * day,
    ({ picture, cause, effect, matchEntities }) => {
      const name = cause.subject.name;
      const ram = ramBytes(picture) ?? 1;
      const used = memoryOf(picture, name, picture.at);
      if (used < 0.4 * ram && matchEntities)
        return `${name} holds ${formatBytes(used)}, less than half of the RAM`;
      const share = memoryShares(picture, effect.since).find((s) => s.name === name)?.share ?? 0;
      return held(
        `${name} holds ${formatBytes(used)}${used > ram ? ', in part in swap' : ''}: ${formatPercent((100 * used) / ram)} of the RAM, and its pool may still grow.`,
        share / 0.6,
      );
    },
  ),
  edge(
    'db.mysql_bufferpool_gt_ram',
    'mem.swap_thrash',
    'strong',
    10 * day,
    ({ picture, cause, matchEntities }) => {
      const group = picture.facts.processGroups?.find((g) => g.name === cause.subject.name);
      const swap = group?.swap ?? 0;
      const whole = (group?.rss ?? 0) + swap;
      return (swap > 0.05 * whole && swap > 32 * 1024 ** 2) || !matchEntities
        ? held(
            `${formatBytes(swap)} of ${cause.subject.name} lie in swap, because its pool does not fit.`,
            0.6 + swap / Math.max(1, whole),
          )
        : `${swap > 0 ? `only ${formatBytes(swap)}` : 'nothing'} of ${cause.subject.name} is in swap`;
    },
  ),
  edge('db.mysql_bufferpool_gt_ram', 'mem.time_to_exhaust', 'strong', 10 * day, configuredMemory(0.4)),
  edge('db.mysql_bufferpool_gt_ram', 'mem.oom_kill', 'strong', 10 * day, ({ effect }) =>
    /mysqld|mariadbd/.test(effect.subject.name)
      ? held('The killed process is the database itself.')
      : `the killed process is ${effect.subject.name}, not the database`,
  ),
  edge(
    'db.mysql_bufferpool_gt_ram',
    'mem.cgroup_near_limit',
    'strong',
    10 * day,
    sameServiceOf('The pool is larger than what the limit of its service leaves.'),
  ),
  edge('db.mysql_bufferpool_gt_ram', 'mem.cgroup_oom', 'strong', 10 * day, ({ picture, cause, effect }) =>
    /mysql|mariadb/.test(effect.subject.name) ||
    effect.evidence.some((e) => /mysqld|mariadbd/.test(String(e.value))) ||
    processesOf(picture, effect.subject).has(cause.subject.name)
      ? held('The pool is larger than the limit of its service.')
      : `${effect.subject.name} is not the database`,
  ),
  edge('db.mysql_worst_case_mem', 'mem.low', 'medium', hour, ({ picture, cause, effect }) => {
    const step = stepOf(picture, 'db.mysql.connections_percent', '', effect.since);
    if (step && step.now < 1.3 * step.before) return 'the number of connections did not rise';
    const share = memoryShares(picture, effect.since).find((s) => s.name === cause.subject.name)?.share ?? 0;
    return share >= 0.4
      ? held(
          `${cause.subject.name} accounts for ${formatPercent(100 * share)} of the memory in question, with buffers for each connection.`,
          share / 0.6,
        )
      : `${cause.subject.name} accounts for only ${formatPercent(100 * share)} of it`;
  }),
  edge('db.pg_memory_config', 'mem.low', 'strong', 10 * day, configuredMemory(0.4)),
  edge('db.pg_memory_config', 'mem.time_to_exhaust', 'strong', 10 * day, configuredMemory(0.4)),
  edge('db.pg_memory_config', 'mem.oom_kill', 'strong', 10 * day, ({ effect, cause }) =>
    effect.subject.name === cause.subject.name
      ? held('The killed process is the database itself.')
      : `the killed process is ${effect.subject.name}`,
  ),
  edge('db.redis_no_maxmemory', 'mem.low', 'strong', 10 * day, configuredMemory(0.4)),
  edge('db.redis_no_maxmemory', 'mem.time_to_exhaust', 'strong', 10 * day, configuredMemory(0.4)),
  edge('db.redis_no_maxmemory', 'mem.oom_kill', 'strong', 10 * day, ({ effect, cause }) =>
    effect.subject.name === cause.subject.name
      ? held('The killed process is Redis itself.')
      : `the killed process is ${effect.subject.name}`,
  ),
  edge('db.redis_no_maxmemory', 'mem.leak', 'strong', 10 * day, ({ cause, effect }) =>
    cause.subject.name === effect.subject.name
      ? held('Nothing bounds what Redis keeps, so it grows.')
      : `${effect.subject.name} is not Redis`,
  ),
  ...(['db.redis_no_maxmemory', 'db.pg_memory_config', 'web.phpfpm_overcommit'] as const).flatMap((cause) =>
    (['mem.cgroup_near_limit', 'mem.cgroup_oom'] as const).map((effect) =>
      edge(
        cause,
        effect,
        'strong',
        10 * day,
        sameServiceOf(
          ({ cause: c }) => `${c.subject.name} may take more than the limit of its service leaves.`,
        ),
      ),
    ),
  ),
  edge('web.phpfpm_overcommit', 'mem.low', 'strong', hour, memoryOfCause(0.4)),
  // Memory can be gone before it was low for three reports.
  ...(['mem.leak', 'web.phpfpm_overcommit', 'db.pg_memory_config', 'db.redis_no_maxmemory'] as const).map(
    (cause) => edge(cause, 'mem.critical', 'strong', day, memoryOfCause(0.4)),
  ),
  edge('web.phpfpm_overcommit', 'mem.time_to_exhaust', 'strong', hour, memoryOfCause(0.4)),
  edge('web.phpfpm_overcommit', 'mem.oom_kill', 'strong', hour, (context) => {
    const { cause, effect } = context;
    return effect.subject.name === cause.subject.name
      ? held('The killed process is one of its children.')
      : memoryOfCause(0.4)(context);
  }),
  edge('svc.traffic_surge', 'mem.low', 'medium', 10 * minute, ({ picture, effect }) => {
    const web = picture
      .subjects('proc.group.count')
      .filter((s) => /^(php-fpm|apache2|httpd|nginx|node|gunicorn|uwsgi)/.test(s));
    const grown = web
      .map((s) => ({ s, step: stepOf(picture, 'proc.group.count', s, effect.since) }))
      .find(({ step }) => step && step.now > 1.3 * step.before);
    return grown
      ? held(
          `With the requests the number of ${grown.s} processes rose from ${formatCount(grown.step!.before)} to ${formatCount(grown.step!.now)}.`,
        )
      : 'the number of web processes did not rise';
  }),
  ...(['db.pg_memory_config', 'db.mysql_bufferpool_gt_ram', 'web.phpfpm_overcommit'] as const).map((cause) =>
    edge(cause, 'mem.leak', 'strong', 10 * day, ({ cause: c, effect }) =>
      c.subject.name === effect.subject.name
        ? held(`Its settings let ${c.subject.name} grow this far.`)
        : `${effect.subject.name} is another program`,
    ),
  ),
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
    stalls('Each page that comes back from swap is waited for.'),
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
  edge('mem.thp_latency', 'svc.http_slow', 'weak', 0, implied('compaction for huge pages can stall it.')),
  // Limits of a service
  // Foreseen, not caused: the kill is what happened, and it is the root as long as nothing made the service grow.
  edge(
    'mem.cgroup_near_limit',
    'mem.cgroup_oom',
    'weak',
    10 * minute,
    sameServiceOf('It was close to its limit before.'),
  ),
  edge('mem.cgroup_near_limit', 'mem.swap_thrash', 'strong', 10 * minute, ({ picture, cause, effect }) => {
    const available = lately(picture, 'mem.available_percent', '', effect.since) ?? 0;
    return available > 15
      ? held(
          `The server has ${formatPercent(available)} of its memory left; only ${cause.subject.name} is at its limit, so its pages go to swap.`,
        )
      : 'the whole server is short of memory, not only this service';
  }),
  edge('mem.cgroup_near_limit', 'mem.pressure', 'strong', 10 * minute, ({ picture, effect }) => {
    const available = lately(picture, 'mem.available_percent', '', effect.since) ?? 0;
    return available > 15
      ? held('Its tasks wait for memory inside their own limit, while the server has enough.')
      : 'the whole server is short of memory';
  }),
  edge(
    'mem.cgroup_oom',
    'svc.restart_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, systemd starts it again.'),
  ),
  edge(
    'mem.cgroup_oom',
    'svc.unit_failed',
    'deterministic',
    2 * minute,
    sameServiceOf('Its main process was killed by its own limit.'),
  ),
  edge('mem.cgroup_oom', 'proc.vanished', 'deterministic', 2 * minute, ({ picture, cause, effect }) =>
    cause.evidence.some((e) => String(e.value).includes(effect.subject.name)) ||
    cause.subject.name === effect.subject.name ||
    processesOf(picture, cause.subject).has(effect.subject.name)
      ? held(`The process that was killed is ${effect.subject.name}.`)
      : 'the killed process is another one',
  ),
  edge(
    'mem.cgroup_oom',
    'svc.container_unhealthy',
    'deterministic',
    2 * minute,
    sameServiceOf('The container was killed by its own memory limit.'),
  ),
  edge(
    'mem.cgroup_oom',
    'svc.container_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, it is started again.'),
  ),
  // Kills
  edge('mem.oom_kill', 'proc.vanished', 'deterministic', minute, ({ cause, effect, matchEntities }) =>
    cause.subject.name === effect.subject.name || !matchEntities
      ? held(`The process that the kernel killed is ${effect.subject.name}.`)
      : `the killed process is ${cause.subject.name}`,
  ),
  edge('mem.oom_kill', 'svc.unit_failed', 'deterministic', minute, (context) => {
    const { picture, effect } = context;
    const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
    if (unit?.result === 'oom-kill')
      return held(`systemd recorded "oom-kill" as the result of ${effect.subject.name}.`);
    return sameServiceOf('Its main process is the one that was killed.')(context);
  }),
  edge(
    'mem.oom_kill',
    'svc.restart_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, systemd starts it again.'),
  ),
  edge('mem.oom_kill', 'db.mysql_down', 'deterministic', minute, ({ cause }) =>
    /mysqld|mariadbd/.test(cause.subject.name)
      ? held('The killed process is the database.')
      : `the killed process is ${cause.subject.name}`,
  ),
  edge('db.oom_score', 'db.mysql_down', 'contributing', 0, notCollected('the OOM score of processes')),
  edge('mem.ecc_corrected', 'mem.ecc_uncorrected', 'medium', 7 * day, ({ cause, effect }) =>
    cause.subject.name.split('/')[0] === effect.subject.name.split('/')[0]
      ? held('Corrected errors of the same memory came before.')
      : 'it is other memory',
  ),
  edge(
    'mem.ecc_uncorrected',
    'sys.crash',
    'strong',
    minute,
    implied('An error of memory that cannot be corrected stops the kernel.'),
  ),
];
