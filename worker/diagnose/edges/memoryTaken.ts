// Edges of what takes the memory.
import { formatBytes, formatCount, formatPercent } from '#core/format.ts';
import { processesOf } from '#worker/diagnose/entities.ts';
import { memoryOf, memoryShares } from '#worker/diagnose/shares.ts';
import { ramBytes } from '#worker/rules/finding.ts';
import { type Edge, held } from './edge.ts';
import { day, edge, hour, implied, memoryOfCause, minute, sameServiceOf, stepOf } from './evidence.ts';

export const memoryTakenEdges: Edge[] = [
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
      const shares = memoryShares(picture, effect.since);
      const grown = shares.find((s) => s.name === name)?.share ?? 0;
      // It holds nearly all there is since before these reports, and nobody else has grown.
      const full = used > 0.75 * ram && !shares.some((s) => s.name !== name && s.share > 0.3);
      const share = full ? Math.max(grown, Math.min(1, used / ram)) : grown;
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
  edge('db.mysql_bufferpool_gt_ram', 'mem.time_to_exhaust', 'strong', 10 * day, memoryOfCause(0.4)),
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
  edge('db.pg_memory_config', 'mem.low', 'strong', 10 * day, memoryOfCause(0.4)),
  edge('db.pg_memory_config', 'mem.time_to_exhaust', 'strong', 10 * day, memoryOfCause(0.4)),
  edge('db.pg_memory_config', 'mem.oom_kill', 'strong', 10 * day, ({ effect, cause }) =>
    effect.subject.name === cause.subject.name
      ? held('The killed process is the database itself.')
      : `the killed process is ${effect.subject.name}`,
  ),
  edge('db.redis_no_maxmemory', 'mem.low', 'strong', 10 * day, memoryOfCause(0.4)),
  edge('db.redis_no_maxmemory', 'mem.time_to_exhaust', 'strong', 10 * day, memoryOfCause(0.4)),
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
];
