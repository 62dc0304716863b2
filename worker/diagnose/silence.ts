// The number behind the silence of a rule: what is said of a usual cause that does not hold here. Nothing is said where no report tells it.
import { formatBytes, formatCount, formatDuration, formatPercent, formatValue } from '#core/format.ts';
import { metric, type MetricName } from '#core/metrics.ts';
import { backupTools } from '#worker/rules/backups.ts';
import { ramBytes } from '#worker/rules/finding.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { median, within } from '#worker/rules/series.ts';
import { numberOf } from '#worker/rules/settings.ts';
import { groupCpu } from './shares.ts';

type Silence = (picture: Picture) => string | undefined;

const hour = 3600;

export const silence: Record<string, Silence> = {
  // CPU and programs
  'cpu.saturated': (p) => number(p, 'cpu.busy', 'CPU busy'),
  'cpu.iowait': (p) => number(p, 'cpu.iowait', 'iowait'),
  'proc.runaway': (p) => {
    const [busiest] = (p.facts.processGroups ?? [])
      .map(({ name }) => ({ name, cpu: groupCpu(p, name, p.at - 600) }))
      .sort((a, b) => b.cpu - a.cpu);
    return busiest && busiest.cpu > 0 && busiest.cpu < 80
      ? `the busiest program, ${busiest.name}, takes ${formatPercent(busiest.cpu)} of a core`
      : undefined;
  },
  'proc.fork_storm': (p) => number(p, 'cpu.forks', 'processes created'),
  // Memory
  'mem.swap_thrash': (p) => number(p, 'mem.swap_in', 'read back from swap'),
  'mem.oom_kill': (p) =>
    logIsRead(p) && !p.events.some((e) => e.kind === 'kernel.oom_kill')
      ? 'the kernel log tells of no kill for lack of memory'
      : undefined,
  'mem.cgroup_oom': (p) =>
    logIsRead(p) && (p.facts.cgroups ?? []).length > 0 && !p.events.some((e) => e.kind === 'kernel.oom_kill')
      ? 'no control group has lost a process to its memory limit'
      : undefined,
  'mem.leak': leastGrowth,
  'mem.tmpfs_full': (p) => number(p, 'mem.shmem', 'files in memory and shared memory'),
  'mem.hugepages_waste': (p) => number(p, 'mem.hugepages_free', 'huge pages that nobody uses'),
  'mem.slab_leak': (p) => ofRam(p, 'mem.slab_unreclaimable', "the kernel's own objects"),
  'virt.balloon': (p) => {
    const totals = p.series('mem.total').map(([, value]) => value);
    const now = totals.at(-1);
    return now !== undefined && totals.length >= 3 && Math.max(...totals) - now < 0.02 * now
      ? `the server has had its ${formatBytes(now)} of memory all the time`
      : undefined;
  },
  'db.mysql_bufferpool_gt_ram': (p) =>
    share(p, numberOf(p.facts.mysql, 'innodb_buffer_pool_size'), 'the InnoDB buffer pool'),
  'db.redis_no_maxmemory': (p) =>
    share(p, numberOf(p.facts.redis, 'maxmemory') || undefined, 'what Redis may take'),
  'web.phpfpm_overcommit': (p) => {
    const children = (p.facts.phpFpm ?? []).reduce((sum, pool) => sum + pool.maxChildren, 0);
    const group = p.facts.processGroups?.find((g) => /^php-fpm/.test(g.name));
    const ram = ramBytes(p);
    if (!children || !group || group.count < 2 || !ram) return undefined;
    const each = (group.rss + (group.swap ?? 0)) / group.count;
    return `all ${formatCount(children)} PHP children of ${formatBytes(each)} each would take ${formatPercent((100 * children * each) / ram)} of the RAM`;
  },
  // Disks
  'disk.full': (p) => {
    const fullest = (p.facts.filesystems ?? [])
      .filter((f) => f.used + f.available > 0 && !f.readOnly)
      .map((f) => ({ mount: f.mount, used: (100 * f.used) / (f.used + f.available) }))
      .sort((a, b) => b.used - a.used)[0];
    return (
      fullest && `the fullest filesystem, ${fullest.mount}, is ${formatValue(fullest.used, 'percent')} full`
    );
  },
  'disk.deleted_open': (p) =>
    p.facts.deletedFiles &&
    `deleted files that are still open hold ${formatBytes(p.facts.deletedFiles.reduce((sum, f) => sum + f.size, 0))}`,
  'sys.journal_big': (p) =>
    p.facts.logs?.journalBytes === undefined
      ? undefined
      : `the journal holds ${formatBytes(p.facts.logs.journalBytes)}`,
  'disk.saturated': (p) =>
    worst(p, 'disk.busy', (disk, value, size) =>
      size < 80 ? `the busiest disk, ${disk}, is busy ${value} of the time` : undefined,
    ),
  'disk.latency': (p) =>
    worst(p, 'disk.await', (disk, value, size) =>
      size < 25 ? `the slowest disk, ${disk}, answers in ${value}` : undefined,
    ),
  'disk.errors': (p) =>
    logIsRead(p) && !p.events.some((e) => /^kernel\.(io_error|disk_reset)$/.test(e.kind))
      ? 'the kernel log tells of no error of a disk'
      : undefined,
  'disk.readonly': (p) =>
    (p.facts.filesystems ?? []).length > 0 ? 'every filesystem that should be writable is' : undefined,
  'smart.failed': (p) => healthy(p, (p.facts.smart ?? []).filter((d) => d.passed === true).length),
  'smart.pending': (p) => {
    const known = (p.facts.smart ?? []).filter((d) => d.attributes[197] !== undefined);
    return known.length > 0 && known.every((d) => d.attributes[197]!.raw === 0)
      ? `no sector waits to be reallocated on ${known.map((d) => d.device).join(', ')}`
      : undefined;
  },
  'raid.degraded': wholeArrays,
  'raid.disk_failed': wholeArrays,
  'raid.resync': (p) =>
    (p.facts.md ?? []).length > 0 && p.facts.md!.every((a) => !a.action || a.action === 'idle')
      ? 'no array is being checked or rebuilt'
      : undefined,
  'job.backup_running': ({ facts: { processGroups = [] } }) =>
    processGroups.length > 0 && !processGroups.some(({ name }) => backupTools.test(name))
      ? 'no program that makes backups is at work'
      : undefined,
  // Network
  'net.link_down': (p) => {
    const links = (p.facts.interfaces ?? []).filter((i) => i.kind === 'physical');
    return links.length > 0 && links.every((i) => i.up)
      ? `${links.map((i) => i.name).join(', ')} ${links.length === 1 ? 'has' : 'have'} a link`
      : undefined;
  },
  'net.errors': (p) =>
    worst(p, 'net.errors', (name, value, size) =>
      size === 0
        ? 'no interface has frames with errors'
        : `${name} has most of the frames with errors, ${value}`,
    ),
  'net.drops': (p) =>
    worst(p, 'net.drops', (name, value, size) =>
      size === 0 ? 'no interface drops packets' : `${name} drops the most packets, ${value}`,
    ),
  'net.gateway_down': (p) => {
    const gateway = p.facts.routes?.find((r) => /^(default|0\.0\.0\.0\/0)$/.test(r.destination))?.gateway;
    const state = p.facts.neighbours?.find((n) => n.address === gateway)?.state;
    return gateway && state && /REACHABLE|STALE|DELAY|PERMANENT/i.test(state)
      ? `the gateway ${gateway} answers (neighbour entry ${state})`
      : undefined;
  },
  // Services and changes
  'svc.unit_failed': (p) =>
    (p.facts.units ?? []).length > 0 && p.facts.units!.every((u) => u.active !== 'failed')
      ? 'no unit has failed'
      : undefined,
  'svc.traffic_surge': (p) => {
    const requests = p.series('web.requests').map(([, value]) => value);
    const usual = median(requests.slice(0, -3));
    const now = median(requests.slice(-3));
    return usual === undefined || now === undefined || requests.length < 8 || now > 1.5 * usual
      ? undefined
      : `${formatCount(now)} requests a second come in; usual are ${formatCount(usual)}`;
  },
  'change.package': (p) => unchanged(p, 'package', /^packages?\.(?!reboot|broken)/),
  'change.config': (p) => unchanged(p, 'configuration file', /^config\./),
};

function number(picture: Picture, name: MetricName, what: string): string | undefined {
  const value = picture.latest(name);
  return value === undefined ? undefined : `${what}: ${formatValue(value, metric(name).unit)}`;
}

/** The highest newest value of a series that there is one of for each disk or interface. */
function worst(
  picture: Picture,
  name: MetricName,
  words: (subject: string, value: string, size: number) => string | undefined,
): string | undefined {
  const values = picture
    .subjects(name)
    .filter((subject) => !/^(lo|loop\d+|ram\d+|fd\d+|sr\d+)$/.test(subject))
    .flatMap((subject) => {
      const value = picture.latest(name, subject);
      return value === undefined ? [] : [{ subject, value }];
    })
    .sort((a, b) => b.value - a.value);
  const [first] = values;
  return first && words(first.subject, formatValue(first.value, metric(name).unit), first.value);
}

function ofRam(picture: Picture, name: MetricName, what: string): string | undefined {
  return share(picture, picture.latest(name), what);
}

function share(picture: Picture, bytes: number | undefined, what: string): string | undefined {
  const ram = ramBytes(picture);
  return bytes === undefined || !ram
    ? undefined
    : `${what}: ${formatBytes(bytes)}, ${formatPercent((100 * bytes) / ram)} of the RAM`;
}

/** Whoever may not read the kernel log cannot say what is not in it. */
function logIsRead(picture: Picture): boolean {
  const { euid, missing = [] } = picture.facts.agent ?? {};
  return (euid === undefined || euid === 0) && !missing.some(({ section }) => /^dmesg/.test(section));
}

/** The program that grew most in the last hours, where even that is little. */
function leastGrowth(picture: Picture): string | undefined {
  const ram = ramBytes(picture);
  const first = (picture.times ?? []).find((at) => at >= picture.at - 6 * hour);
  if (!ram || first === undefined || picture.at - first < 600) return undefined;
  const grown = (picture.facts.processGroups ?? []).flatMap(({ name }) => {
    const points = within(picture.series('proc.group.rss', name), first, picture.at);
    return points.length < 5 ? [] : [{ name, bytes: points.at(-1)![1] - points[0]![1] }];
  });
  const [most] = grown.sort((a, b) => b.bytes - a.bytes);
  return most && most.bytes < 0.05 * ram
    ? most.bytes > 0
      ? `no program grows much: the most is ${formatBytes(most.bytes)} more for ${most.name} in ${formatDuration(picture.at - first)}`
      : `no program has grown in ${formatDuration(picture.at - first)}`
    : undefined;
}

function healthy(picture: Picture, passed: number): string | undefined {
  const drives = (picture.facts.smart ?? []).filter((d) => !d.standby);
  return drives.length > 0 && passed === drives.length
    ? `${drives.map((d) => d.device).join(', ')} ${drives.length === 1 ? 'says' : 'say'} of ${drives.length === 1 ? 'itself' : 'themselves'} that all is well (SMART)`
    : undefined;
}

function wholeArrays(picture: Picture): string | undefined {
  const arrays = picture.facts.md ?? [];
  return arrays.length > 0 && arrays.every((a) => a.active === a.slots && a.failed.length === 0)
    ? `all members work in ${arrays.map((a) => a.name).join(', ')}`
    : undefined;
}

/** Only where a report said what was changed at all: one that looks at the logs comes hourly. */
function unchanged(picture: Picture, what: string, kind: RegExp): string | undefined {
  const isKnown = what === 'package' ? picture.facts.packages?.manager : picture.facts.configHashes;
  const changed = picture.events.some((e) => kind.test(e.kind) && e.at >= picture.at - 2 * hour);
  return isKnown && !changed ? `no ${what} was changed in the two hours before` : undefined;
}
