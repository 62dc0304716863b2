// Edges of disks that fail or are slow, and of servers of files.
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { disksOf, shareDisk } from '#worker/diagnose/entities.ts';
import { ioShares } from '#worker/diagnose/shares.ts';
import { filesystemOf } from '#worker/rules/filesystems.ts';
import { waitsForServer } from '#worker/rules/mounts.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { isNamedFor } from '#worker/rules/unitData.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import {
  diskBytes,
  edge,
  implied,
  lately,
  minute,
  sameDisk,
  sameServiceOf,
  sameSubject,
  whileGauge,
} from './evidence.ts';

/** I/O pressure confirms that tasks wait; where the kernel has none, the finding itself must do. */
const ioPressure =
  (least: number, words: (p: string | undefined) => string): EdgeTest =>
  ({ picture, effect }) => {
    const some = lately(picture, 'io.pressure.some', '', effect.since);
    if (some === undefined) return held(words(undefined), 0.8);
    return some > least
      ? held(words(formatPercent(some)))
      : `tasks wait for disks only ${formatPercent(some)} of the time`;
  };

/** The device of the cause is the one that carries the traffic while tasks wait. */
const busyDevice: EdgeTest = (context) => {
  const { picture, cause, effect } = context;
  const mine = diskBytes(picture, effect.since, cause.subject.name);
  const all = diskBytes(picture, effect.since);
  const share = all > 0 ? Math.min(1, mine / all) : 1;
  const pressure = ioPressure(
    10,
    (p) =>
      `${p === undefined ? '' : `Tasks wait ${p} of the time, and `}${cause.subject.name} is the disk that is behind${all > 0 ? ` (${formatBytes(mine)}/s)` : ''}.`,
  )(context);
  return typeof pressure === 'string'
    ? pressure
    : { ...pressure, share: pressure.share * Math.max(0.6, share) };
};

/** A filesystem that is named for the database, or where every package puts its data. */
function mysqlFolder({ facts }: Picture): string {
  const own = facts.filesystems?.find(({ mount }) => isNamedFor(mount, 'mariadb.service'));
  return own?.mount ?? '/var/lib/mysql';
}

/** The data of MySQL lie on the disk, or it moves most of what the disk carries. */
const mysqlLiesThere: EdgeTest = (context) => {
  const { picture, cause, effect } = context;
  const known = picture.facts.mysql?.['datadir'];
  const dir = known === undefined ? mysqlFolder(picture) : String(known);
  const mount = filesystemOf(picture, dir)?.mount;
  if (!context.matchEntities || (mount && shareDisk(picture, { kind: 'mount', name: mount }, cause.subject)))
    return held(`Its data (${dir}) lies on ${cause.subject.name}.`);
  // Where nobody says where its data lies, what it moves on that disk does.
  const share = ioShares(picture, effect.since, new Set([cause.subject.name]))
    .filter((s) => /^(mysqld|mariadbd)$/.test(s.name))
    .reduce((sum, s) => sum + s.share, 0);
  return known === undefined && share >= 0.4
    ? held(`It moves ${formatPercent(100 * share)} of what ${cause.subject.name} carries.`, 0.8)
    : `its data (${dir}) lies elsewhere`;
};

/** The tasks that hang are about as many as the requests that wait on the disk. */
const waitInLine: EdgeTest = ({ picture, cause, effect }) => {
  const stuck = (picture.facts.processGroups ?? []).filter((g) => (g.states['D'] ?? 0) > 0);
  if (stuck.length > 0 && stuck.every(waitsForServer)) return 'the tasks that hang wait for a file server';
  const queue = lately(picture, 'disk.queue', cause.subject.name, effect.since) ?? 0;
  const tasks = lately(picture, 'proc.uninterruptible', '', effect.since) ?? 1;
  return queue >= 0.5 * tasks
    ? held(
        `${formatCount(queue)} requests wait in line on ${cause.subject.name}, and ${formatCount(tasks)} tasks wait for them.`,
        0.9,
      )
    : `only ${formatCount(queue)} requests wait on ${cause.subject.name}, ${formatCount(tasks)} tasks hang`;
};

export const diskEdges: Edge[] = [
  // Disks
  edge(
    'disk.errors',
    'disk.readonly',
    'deterministic',
    minute,
    sameDisk(
      ({ cause, effect }) =>
        `After errors of ${cause.subject.name} the kernel makes ${effect.subject.name} read-only to save it.`,
    ),
  ),
  edge(
    'disk.errors',
    'disk.fs_errors',
    'strong',
    5 * minute,
    sameDisk(({ cause, effect }) => `${effect.subject.name} lies on ${cause.subject.name}.`),
  ),
  edge(
    'disk.fs_errors',
    'disk.readonly',
    'strong',
    5 * minute,
    sameSubject('After errors of the filesystem the kernel makes it read-only.'),
  ),
  edge('disk.errors', 'disk.latency', 'strong', 5 * minute, sameSubject('Commands that fail are repeated.')),
  edge(
    'disk.errors',
    'proc.dstate',
    'strong',
    5 * minute,
    implied(({ cause }) => `Tasks wait for ${cause.subject.name}, which does not answer.`, 0.8),
  ),
  edge('disk.saturated', 'disk.latency', 'strong', minute, (context) => {
    const { picture, cause, effect } = context;
    if (
      context.matchEntities &&
      cause.subject.name !== effect.subject.name &&
      !disksOf(picture, effect.subject).has(cause.subject.name)
    )
      return `it is ${cause.subject.name}, not ${effect.subject.name}`;
    const queue = lately(picture, 'disk.queue', cause.subject.name, effect.since) ?? 0;
    return queue > 1
      ? held(
          `${formatCount(queue)} requests wait in line on ${cause.subject.name}, and each waits for those before it.`,
        )
      : `only ${formatCount(queue)} requests wait`;
  }),
  edge('disk.saturated', 'cpu.iowait', 'strong', 2 * minute, busyDevice),
  edge('disk.latency', 'cpu.iowait', 'strong', 2 * minute, busyDevice),
  edge(
    'disk.cloud_throttle',
    'disk.latency',
    'strong',
    5 * minute,
    sameSubject('The volume gives no more than its cap, so requests queue.'),
  ),
  edge(
    'disk.cloud_throttle',
    'disk.saturated',
    'strong',
    5 * minute,
    sameSubject('The volume gives no more than its cap, so requests queue.'),
  ),
  edge(
    'disk.fsync_stall',
    'cpu.iowait',
    'medium',
    3 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge(
    'disk.fsync_stall',
    'disk.latency',
    'medium',
    3 * minute,
    implied('What piled up is written at once.'),
  ),
  edge(
    'disk.latency',
    'svc.http_slow',
    'medium',
    3 * minute,
    ioPressure(20, (p) => `Tasks wait for the disk${p === undefined ? '' : ` ${p} of the time`}.`),
  ),
  edge('disk.latency', 'db.mysql_slow', 'strong', 3 * minute, mysqlLiesThere),
  // Many requests may wait before a single one takes long enough to be called slow.
  edge('disk.saturated', 'db.mysql_slow', 'medium', 3 * minute, mysqlLiesThere),
  edge('disk.latency', 'web.phpfpm_children', 'medium', 5 * minute, ({ picture }) =>
    (picture.facts.processGroups ?? []).some((g) => /^php/.test(g.name) && (g.states['D'] ?? 0) > 0)
      ? held('Its children wait for the disk.')
      : 'its children do not wait for a disk',
  ),
  edge(
    'disk.cgroup_throttled',
    'svc.http_slow',
    'strong',
    2 * minute,
    sameServiceOf('It waits for its own I/O limit, while the disks are idle.'),
  ),
  edge(
    'disk.cgroup_throttled',
    'cpu.iowait',
    'strong',
    2 * minute,
    implied('Its tasks wait for their own I/O limit; the disks are idle.'),
  ),
  edge('disk.latency', 'proc.dstate', 'strong', 5 * minute, (context) => {
    const { picture, cause, effect } = context;
    const wait = lately(picture, 'disk.await', cause.subject.name, effect.since) ?? 0;
    return wait > 500
      ? held(`Tasks wait for ${cause.subject.name}, which takes ${formatValue(wait, 'ms')} for an answer.`)
      : waitInLine(context);
  }),
  edge('disk.saturated', 'proc.dstate', 'strong', 5 * minute, waitInLine),
  edge('disk.nfs_stall', 'proc.dstate', 'strong', 2 * minute, ({ picture }) => {
    const stuck = (picture.facts.processGroups ?? []).filter((g) => (g.states['D'] ?? 0) > 0);
    const nfs = stuck.filter(waitsForServer);
    if (nfs.length > 0) return held(`${nfs[0]!.name} waits in ${Object.keys(nfs[0]!.waitChannels!)[0]}.`);
    return stuck.every((g) => !g.waitChannels)
      ? held('Tasks hang since the file server does not answer.', 0.8)
      : 'the tasks that hang wait for something else';
  }),
  edge(
    'disk.nfs_stall',
    'cpu.load_high',
    'strong',
    5 * minute,
    whileGauge(
      'proc.uninterruptible',
      (v) => v >= 2,
      (v) => `${formatCount(v)} tasks wait for the file server, and each counts in the load.`,
      'tasks in state D',
    ),
  ),
  edge(
    'net.gateway_down',
    'disk.nfs_stall',
    'strong',
    2 * minute,
    implied('The file server is reached through that gateway.', 0.7),
  ),
  edge('net.link_down', 'disk.nfs_stall', 'strong', 5 * minute, ({ picture, cause, effect }) => {
    const nic = cause.subject.name;
    const others = (picture.facts.interfaces ?? []).filter(
      (i) => i.name !== nic && i.kind !== 'loopback' && i.operstate === 'up',
    );
    const server = picture.facts.filesystems?.find((f) => f.mount === effect.subject.name)?.source ?? '';
    const address = /(\d+\.\d+\.\d+)\.\d+/.exec(server || effect.subject.name)?.[1];
    const near = others.find((i) => address && i.addresses.some((a) => a.address.startsWith(`${address}.`)));
    return near
      ? `the file server is reached over ${near.name}`
      : held(`The file server answers no more since ${nic} has no link.`, others.length > 0 ? 0.7 : 0.9);
  }),
  edge(
    'sys.logrotate_failed',
    'svc.unit_failed',
    'deterministic',
    0,
    sameSubject('It is the unit that rotates the logs.'),
  ),
];
