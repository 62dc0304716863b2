// Edges from a disk that is full, read-only or slow to the services that write to it.
import type { Facts } from '#core/facts.ts';
import { formatBytes, formatCount, formatDuration } from '#core/format.ts';
import { filesystemOf } from '#worker/rules/filesystems.ts';
import { landsBeside } from '#worker/rules/mounts.ts';
import { dataOf, isNamedFor } from '#worker/rules/unitData.ts';
import { held, type Edge, type EdgeContext, type EdgeTest } from './edge.ts';
import { day, edge, minute, pathOnMount } from './evidence.ts';

const mysqlData = (f: Facts) => [String(f.mysql?.['datadir'] ?? '/var/lib/mysql'), '/tmp'];

const redisData = (f: Facts) => [String(f.redis?.['dir'] ?? '/var/lib/redis')];

/** Where the unit that failed keeps its data, and where all of them write. */
const unitPaths = (_f: Facts, { effect }: EdgeContext) => [
  ...dataOf(effect.subject.name),
  '/var/lib',
  '/var/log',
  '/var',
  '/tmp',
  '/',
];

const servicesOn = (what: 'space' | 'inodes') =>
  pathOnMount(
    unitPaths,
    (_p, mount) =>
      what === 'space'
        ? `Services write to ${mount}, which has no space.`
        : `Services make files on ${mount}, which has no inodes left.`,
    0.8,
  );

const webPaths = (f: Facts) => [
  '/var/lib/php/sessions',
  '/tmp',
  ...(f.virtualHosts ?? []).flatMap((h) => (h.root ? [h.root] : [])),
  '/var/www',
  '/var/log',
];

/** Proxies, resolvers and clocks that keep no data: a filesystem of data that is full does not end them. */
const withoutData =
  /^(haproxy|nginx|envoy|traefik|varnishd?|keepalived|unbound|dnsmasq|systemd-\w+|named|chronyd?|ntpd|ntp|sshd?|crond?)(@.*)?(\.service)?$/;

/**
 * Where a service keeps its data is not always known: what ends within a quarter of an hour after a filesystem of data takes no more
 * writes is probably one that writes there (OWN).
 */
const orSoonAfter =
  (known: EdgeTest, stopped: (context: EdgeContext) => number | undefined): EdgeTest =>
  (context) => {
    const found = known(context);
    const at = stopped(context);
    const mount = context.cause.subject.name;
    const unit = context.effect.subject.name;
    if (typeof found !== 'string' || at === undefined || /^\/(boot|efi|run|dev|media|snap)\b/.test(mount))
      return found;
    if (withoutData.test(unit)) return `${unit} keeps no data on ${mount}`;
    const gap = context.effect.since - at;
    return gap >= -minute && gap <= 15 * minute
      ? held(
          `${mount} takes no more writes, and ${unit} ended ${formatDuration(Math.max(0, gap))} later.`,
          0.5,
        )
      : found;
  };

const stoppedWriting = ({ cause }: EdgeContext) => cause.since;

/** When nothing was left. */
const ranOut = ({ picture, cause, effect }: EdgeContext): number | undefined => {
  const mount = cause.subject.name;
  const fs = picture.facts.filesystems?.find((f) => f.mount === mount);
  const inodes = cause.id === 'disk.inodes_full';
  const points = picture.series(inodes ? 'fs.inodes_used_percent' : 'fs.available', mount);
  const isOut = (value: number) => (inodes ? value > 99 : value < leastSpace(fs?.size ?? 0));
  const before = points.findLastIndex(([at, value]) => at <= effect.since && !isOut(value));
  // Full since before the first report: when that was, nobody knows.
  return before < 0 ? undefined : points[before + 1]?.[0];
};

/** Below this hardly a write succeeds. */
const leastSpace = (size: number) => Math.max(128 * 1024 ** 2, 0.015 * size);

/** A filesystem that is nearly full still takes writes: what it breaks needs it to be full. */
const outOfSpace =
  (test: EdgeTest): EdgeTest =>
  (context) => {
    const mount = context.cause.subject.name;
    const fs = context.picture.facts.filesystems?.find((f) => f.mount === mount);
    if (!fs) return test(context);
    const inodes = context.cause.id === 'disk.inodes_full';
    const left = inodes ? (fs.inodesFree ?? 0) : fs.available;
    const low = inodes ? left < 0.01 * (fs.inodes ?? 0) : left < leastSpace(fs.size);
    return low
      ? test(context)
      : `${mount} still has ${inodes ? `${formatCount(left)} inodes` : formatBytes(left)} free`;
  };

/** What is not mounted is missed by the unit that is named for it; and by what failed at the same start, perhaps. */
const missesMount: EdgeTest = ({ picture, cause, effect, matchEntities }) => {
  const unit = effect.subject.name;
  const mount = cause.subject.name;
  if (!matchEntities) return held(`${mount} is not mounted.`);
  if (isNamedFor(mount, unit)) return held(`Its data lies on ${mount}, which is not mounted.`);
  const boot = picture.uptime === undefined ? undefined : picture.at - picture.uptime;
  const at = picture.facts.units?.find((u) => u.name === unit)?.changedAt ?? effect.since;
  return boot !== undefined && at >= boot - 60 && at <= boot + 10 * minute
    ? held(`${unit} failed at the start of the server at which ${mount} was not mounted.`, 0.85)
    : `${mount} is not known to be where ${unit} keeps its data`;
};

/** Where systemd tells of units, the unit that failed says more than its process that is gone. */
const withoutUnits =
  (test: EdgeTest): EdgeTest =>
  (context) =>
    (context.picture.facts.units ?? []).length === 0 ? test(context) : 'systemd tells of its unit';

export const fullDiskEdges: Edge[] = [
  edge(
    'disk.readonly',
    'proc.vanished',
    'strong',
    10 * minute,
    withoutUnits(
      orSoonAfter(
        pathOnMount(unitPaths, (_p, mount) => `It cannot write to ${mount}.`, 0.8),
        stoppedWriting,
      ),
    ),
  ),
  ...(['disk.full', 'disk.inodes_full'] as const).map((cause) =>
    edge(
      cause,
      'proc.vanished',
      'strong',
      10 * minute,
      withoutUnits(outOfSpace(orSoonAfter(servicesOn(cause === 'disk.full' ? 'space' : 'inodes'), ranOut))),
    ),
  ),
  edge('disk.mount_missing', 'svc.unit_failed', 'strong', 10 * minute, missesMount),
  edge('disk.mount_missing', 'svc.restart_loop', 'strong', 10 * minute, missesMount),
  // What is written to the folder of a mount that is not there takes the space of the filesystem that has the folder.
  ...(['disk.full', 'disk.fill_forecast'] as const).map((effect) =>
    edge('disk.mount_missing', effect, 'strong', day, ({ picture, cause, effect: full, matchEntities }) => {
      const mount = cause.subject.name;
      const written = landsBeside(picture, mount);
      if (matchEntities && filesystemOf(picture, mount)?.mount !== full.subject.name)
        return `${mount} would not lie on ${full.subject.name}`;
      return written > 0
        ? held(
            `A backup writes ${formatBytes(written)}/s to ${full.subject.name}, where the folder ${mount} lies while nothing is mounted there.`,
          )
        : `nothing is known to be written to ${mount}`;
    }),
  ),
  edge('disk.mount_missing', 'db.mysql_down', 'strong', 10 * minute, ({ picture, cause }) => {
    const [data] = mysqlData(picture.facts);
    const mount = cause.subject.name;
    return `${data}/`.startsWith(`${mount}/`)
      ? held(`Its data (${data}) lies on ${mount}, which is not mounted.`)
      : `${data} does not lie on ${mount}`;
  }),
  edge(
    'disk.readonly',
    'svc.unit_failed',
    'strong',
    10 * minute,
    orSoonAfter(
      pathOnMount(unitPaths, (_p, mount) => `It cannot write to ${mount}.`, 0.8),
      stoppedWriting,
    ),
  ),
  edge(
    'disk.readonly',
    'db.mysql_down',
    'strong',
    2 * minute,
    pathOnMount(mysqlData, (path, mount) => `Its data (${path}) lies on ${mount}, which cannot be written.`),
  ),
  edge(
    'disk.readonly',
    'svc.http_5xx',
    'strong',
    5 * minute,
    pathOnMount(webPaths, (path, mount) => `Pages write to ${path} on ${mount}.`, 0.8),
  ),
  edge(
    'disk.full',
    'db.mysql_down',
    'strong',
    2 * minute,
    outOfSpace(
      pathOnMount(mysqlData, (path, mount) => `Its data (${path}) lies on ${mount}, which has no space.`),
    ),
  ),
  edge(
    'disk.full',
    'svc.unit_failed',
    'strong',
    10 * minute,
    outOfSpace(orSoonAfter(servicesOn('space'), ranOut)),
  ),
  edge(
    'disk.full',
    'svc.restart_loop',
    'strong',
    10 * minute,
    outOfSpace(orSoonAfter(servicesOn('space'), ranOut)),
  ),
  edge(
    'disk.full',
    'svc.container_unhealthy',
    'strong',
    10 * minute,
    outOfSpace(
      pathOnMount(
        () => ['/var/lib/docker', '/var/lib/containers'],
        (path, mount) => `Containers write to ${path} on ${mount}, which has no space.`,
        0.8,
      ),
    ),
  ),
  edge(
    'disk.full',
    'backup.stale',
    'strong',
    2 * day,
    outOfSpace(
      pathOnMount(
        (f) => (f.backups ?? []).flatMap((b) => (b.path ? [b.path] : [])).concat('/var/backups'),
        (path, mount) => `Backups go to ${path} on ${mount}.`,
      ),
    ),
  ),
  edge(
    'disk.full',
    'db.redis_bgsave',
    'strong',
    10 * minute,
    outOfSpace((context) => {
      const { facts } = context.picture;
      const known = pathOnMount(redisData, (path, mount) => `Redis writes to ${path} on ${mount}.`)(context);
      const mount = context.cause.subject.name;
      // Where it saves to may stand on its command line, which nobody reads.
      return typeof known === 'string' &&
        facts.redis?.['dir'] === undefined &&
        !/^\/(boot|run|dev|var\/log)\b/.test(mount)
        ? held(`Redis does not say where it saves to; ${mount} has no space.`, 0.6)
        : known;
    }),
  ),
  edge(
    'disk.full',
    'sys.update_broken',
    'strong',
    day,
    outOfSpace(
      pathOnMount(
        () => ['/var/lib/dpkg', '/var/cache', '/boot', '/usr'],
        (path, mount) => `Packages are written to ${path} on ${mount}.`,
      ),
    ),
  ),
  edge(
    'disk.full',
    'svc.http_5xx',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(webPaths, (path, mount) => `Pages write to ${path} on ${mount}, which has no space.`, 0.8),
    ),
  ),
  edge(
    'disk.inodes_full',
    'svc.http_5xx',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(
        webPaths,
        (path, mount) => `Pages make files in ${path} on ${mount}, which has no inodes left.`,
        0.8,
      ),
    ),
  ),
  edge(
    'disk.inodes_full',
    'svc.unit_failed',
    'strong',
    10 * minute,
    outOfSpace(orSoonAfter(servicesOn('inodes'), ranOut)),
  ),
  edge(
    'disk.inodes_full',
    'db.mysql_down',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(
        mysqlData,
        (path, mount) => `Its data (${path}) lies on ${mount}, which has no inodes left.`,
      ),
    ),
  ),
];
