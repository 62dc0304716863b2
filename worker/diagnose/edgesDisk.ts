// Edges of drives, arrays, backups and space.
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { storageFilesystems, wholeDisk } from '#worker/rules/filesystems.ts';
import { lostWith } from '#worker/rules/raid.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import {
  cpuOfCause,
  day,
  diskBytes,
  edge,
  hour,
  implied,
  ioOfCause,
  lately,
  minute,
  notCollected,
  pathOnMount,
  sameDisk,
  sameServiceOf,
  sameSubject,
  stepOf,
  whileGauge,
} from './edgeTests.ts';
import { disksOf, shareDisk } from './entities.ts';

const packers = /^(gzip|pigz|xz|zstd|bzip2|lz4|7z)$/;

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

/**
 * The WAL that a slot keeps lies where the data directory is. Where nobody said which that is: in one of its usual places, or on the
 * only filesystem that holds as much as the slot keeps.
 */
const walOnMount: EdgeTest = (context) => {
  const { picture, effect } = context;
  const told = picture.facts.postgresql?.['data_directory'];
  const kept = Number(picture.facts.postgresql?.['inactive_slot_bytes'] ?? 0);
  const roomy = storageFilesystems(picture).filter((fs) => kept > 10 ** 9 && fs.used >= kept);
  if (told === undefined && roomy.length === 1 && roomy[0]!.mount === effect.subject.name)
    return held(
      `The slot keeps ${formatBytes(kept)} of WAL, and no filesystem but ${effect.subject.name} holds as much.`,
    );
  const paths = told === undefined ? ['/var/lib/postgresql', '/var/lib/pgsql', '/var/lib/postgres'] : [told];
  return pathOnMount(
    () => paths.map(String),
    (path, mount) => `The WAL that is kept lies in ${path} on ${mount}.`,
    0.8,
  )(context);
};

/** A disk that is out of its pool is named there by device, or by an id that ends with its serial number. */
const illDiskOfPool: EdgeTest = ({ picture, cause, effect, matchEntities }) => {
  const device = cause.subject.name;
  const serial = picture.facts.smart
    ?.find((d) => d.device === device || d.device.replace(/n\d+$/, '') === device)
    ?.serial?.replace(/^.*[-_ ]/, '');
  const pool = picture.facts.zfs?.find((z) => z.name === effect.subject.name);
  const ill = pool?.ill?.find(
    (d) => wholeDisk(d.name) === device || (serial && serial.length >= 6 && d.name.includes(serial)),
  );
  return ill || !matchEntities
    ? held(
        `${device} is ${ill ? `the ${ill.name} that is ${ill.state} in ${effect.subject.name}` : 'a disk'}.`,
      )
    : `${device} is none of the disks that are missing in ${effect.subject.name}`;
};

/** A disk that answers slowly without much to do is busy with its own errors. */
const busyWithErrors = (words: string): EdgeTest =>
  sameDiskWhile((context) => {
    const { picture, effect } = context;
    const each = (metric: 'disk.reads' | 'disk.writes') =>
      lately(picture, metric, effect.subject.name, effect.since) ?? 0;
    const requests = each('disk.reads') + each('disk.writes');
    return requests < 100
      ? held(`${words} ${formatCount(requests)} requests a second keep it busy.`)
      : `it carries ${formatCount(requests)} requests a second`;
  });

function sameDiskWhile(test: EdgeTest): EdgeTest {
  const together = sameDisk('');
  return (context) => {
    const same = together(context);
    return typeof same === 'string' ? same : test(context);
  };
}

export const diskEdges: Edge[] = [
  // Backups and rebuilds
  edge('job.backup_running', 'disk.saturated', 'strong', 2 * minute, ioOfCause(0.4)),
  edge('job.backup_running', 'disk.latency', 'strong', 2 * minute, ioOfCause(0.4)),
  edge('job.backup_running', 'cpu.iowait', 'strong', 2 * minute, ioOfCause(0.4)),
  edge('job.backup_running', 'disk.fsync_stall', 'strong', 5 * minute, ioOfCause(0.4)),
  edge('job.backup_running', 'net.saturated', 'strong', 2 * minute, ({ picture, cause, effect }) => {
    const step = stepOf(picture, 'net.tx_bytes', effect.subject.name, effect.since);
    return /^(rsync|borg|restic|rclone|duplicity|kopia|bacula|bareos)/.test(cause.subject.name) &&
      Math.abs(cause.since - effect.since) < 600 &&
      (!step || step.now > 2 * step.before)
      ? held(
          `What ${effect.subject.name} sends rose with the start of ${cause.subject.name}${step ? `, from ${formatBytes(step.before)}/s to ${formatBytes(step.now)}/s` : ''}.`,
        )
      : `${effect.subject.name} was not filled by the start of ${cause.subject.name}`;
  }),
  edge('job.backup_running', 'disk.full', 'strong', hour, ({ picture, cause, effect }) => {
    const step = stepOf(picture, 'fs.available', effect.subject.name, cause.since);
    const writes = picture.facts.processGroups?.find((g) => g.name === cause.subject.name)?.writeBytes ?? 0;
    const taken = step ? step.before - (picture.latest('fs.available', effect.subject.name) ?? step.now) : 0;
    return step && taken > 0.3 * step.before && writes > 1024 ** 2
      ? held(
          `Since ${cause.subject.name} began, ${effect.subject.name} has lost ${formatBytes(taken)}, and it writes ${formatBytes(writes)}/s.`,
        )
      : `${effect.subject.name} did not fill since ${cause.subject.name} began`;
  }),
  edge(
    'job.backup_running',
    'cpu.saturated',
    'medium',
    2 * minute,
    cpuOfCause(
      0.4,
      ({ picture, cause }) =>
        new Set([
          cause.subject.name,
          ...(picture.facts.processGroups ?? []).map((g) => g.name).filter((n) => packers.test(n)),
        ]),
    ),
  ),
  edge('raid.resync', 'disk.saturated', 'strong', 2 * minute, (context) => {
    const { picture, cause, effect } = context;
    const speed = picture.facts.md?.find((a) => a.name === cause.subject.name)?.speed;
    const carried = diskBytes(picture, effect.since, effect.subject.name);
    if (context.matchEntities && !shareDisk(picture, cause.subject, effect.subject))
      return `${effect.subject.name} is not part of ${cause.subject.name}`;
    const share = speed && carried > 0 ? speed / carried : 0.8;
    return share >= 0.4
      ? held(
          `${cause.subject.name} moves ${speed ? `${formatBytes(speed)}/s` : 'data'} over ${effect.subject.name} for its ${cause.evidence[0]?.value ?? 'check'}.`,
          share / 0.6,
        )
      : `it makes only ${formatPercent(100 * share)} of the traffic`;
  }),
  edge(
    'raid.resync',
    'disk.latency',
    'strong',
    5 * minute,
    sameDisk(
      ({ cause, effect }) =>
        `${effect.subject.name} also serves the ${cause.evidence[0]?.value ?? 'check'} of ${cause.subject.name}.`,
    ),
  ),
  edge(
    'raid.resync',
    'cpu.iowait',
    'strong',
    5 * minute,
    implied('The disks of the array are busy with it.', 0.7),
  ),
  edge('raid.degraded', 'raid.resync', 'deterministic', 5 * minute, (context) => {
    const { picture, cause, effect, matchEntities } = context;
    const own = cause.subject.name === effect.subject.name;
    const rebuilds = /^(recover|resync)/.test(String(effect.evidence[0]?.value));
    return !matchEntities || own || (rebuilds && shareDisk(picture, cause.subject, effect.subject))
      ? held('A new member is being filled.')
      : `it is of ${cause.subject.name}, not of ${effect.subject.name}`;
  }),
  edge(
    'raid.degraded',
    'raid.no_spare_risk',
    'deterministic',
    0,
    sameDisk('With a disk missing, the ones that are left must not fail.'),
  ),
  edge(
    'raid.disk_failed',
    'raid.degraded',
    'deterministic',
    0,
    ({ picture, cause, effect, matchEntities }) => {
      const array = picture.facts.md?.find((a) => a.name === effect.subject.name);
      return !matchEntities || (array && lostWith(picture, array, cause.subject.name))
        ? held(`${cause.subject.name} is a member of ${effect.subject.name}.`)
        : `${cause.subject.name} is no member of ${effect.subject.name}`;
    },
  ),
  // Drives
  edge('smart.failed', 'smart.combo', 'deterministic', 0, sameSubject('It is the same drive.')),
  edge(
    'smart.nvme_critical',
    'smart.failed',
    'deterministic',
    0,
    sameSubject('The verdict of an NVMe drive is its critical warning.'),
  ),
  ...(['smart.nvme_spare', 'smart.ssd_wear', 'smart.nvme_media'] as const).map((sign) =>
    edge('smart.failed', sign, 'deterministic', 0, sameSubject('It is one of the signs of the same drive.')),
  ),
  edge(
    'smart.nvme_critical',
    'smart.nvme_spare',
    'deterministic',
    0,
    sameSubject('It is one of the signs of the same drive.'),
  ),
  edge(
    'disk.errors',
    'raid.disk_failed',
    'strong',
    day,
    sameDisk(({ cause }) => `After errors of ${cause.subject.name} the kernel took it out of its array.`),
  ),
  ...(['smart.reallocated', 'smart.pending', 'smart.uncorrectable', 'smart.timeout'] as const).flatMap(
    (sign) => [
      edge('smart.combo', sign, 'deterministic', 0, sameSubject('It is one of the signs of the same drive.')),
      edge(
        'smart.failed',
        sign,
        'deterministic',
        0,
        sameSubject('It is one of the signs of the same drive.'),
      ),
    ],
  ),
  edge(
    'smart.combo',
    'raid.disk_failed',
    'strong',
    30 * day,
    sameDisk(
      ({ cause }) => `${cause.subject.name} showed several predictors of failure before it dropped out.`,
    ),
  ),
  edge(
    'smart.failed',
    'raid.disk_failed',
    'strong',
    30 * day,
    sameDisk(({ cause }) => `${cause.subject.name} itself said that it was failing.`),
  ),
  edge(
    'smart.pending',
    'raid.disk_failed',
    'strong',
    30 * day,
    sameDisk(({ cause }) => `${cause.subject.name} had sectors that it could not read.`),
  ),
  edge(
    'smart.combo',
    'disk.errors',
    'strong',
    30 * day,
    sameDisk('The drive fails, and its answers are errors.'),
  ),
  edge(
    'smart.pending',
    'disk.errors',
    'strong',
    day,
    sameDisk(({ cause }) => `Sectors of ${cause.subject.name} cannot be read, so reading them fails.`),
  ),
  edge(
    'smart.pending',
    'disk.latency',
    'medium',
    day,
    sameDisk(({ cause }) => `${cause.subject.name} tries again and again to read its bad sectors.`),
  ),
  edge('smart.combo', 'disk.latency', 'medium', day, sameDisk('A failing drive repeats its reads.')),
  ...(['smart.failed', 'smart.combo', 'smart.pending', 'disk.errors'] as const).map((cause) =>
    edge(cause, 'disk.saturated', 'strong', day, busyWithErrors('A failing drive repeats its requests:')),
  ),
  edge('smart.failed', 'disk.errors', 'strong', 30 * day, sameDisk('The drive says itself that it fails.')),
  edge('smart.timeout', 'disk.errors', 'medium', hour, sameDisk('Its commands time out.')),
  edge('smart.crc', 'disk.errors', 'medium', hour, sameDisk('Its transfers arrive damaged: the cable.')),
  ...(['smart.failed', 'smart.combo', 'smart.pending', 'smart.uncorrectable', 'disk.errors'] as const).map(
    (cause) => edge(cause, 'disk.zfs_degraded', 'strong', 30 * day, illDiskOfPool),
  ),
  ...(['disk.latency', 'disk.saturated'] as const).map((slow) =>
    edge('raid.bbu', slow, 'strong', 10 * minute, ({ picture, effect }) => {
      const write = stepOf(picture, 'disk.write_await', effect.subject.name, effect.since);
      const read = stepOf(picture, 'disk.read_await', effect.subject.name, effect.since);
      if (!write || write.now <= 2 * write.before) return 'writes did not become slower';
      const slower = `Writes went from ${formatValue(write.before, 'ms')} to ${formatValue(write.now, 'ms')}`;
      if (!read || read.now < 1.5 * read.before)
        return held(`${slower} while reads stayed: the controller writes without its cache.`);
      // Reads wait behind the writes; where those are most of the work, they are what is slow.
      const rate = (metric: 'disk.reads' | 'disk.writes') =>
        lately(picture, metric, effect.subject.name, effect.since) ?? 0;
      return rate('disk.writes') > 2 * rate('disk.reads')
        ? held(`${slower}, and most requests are writes: the controller writes without its cache.`, 0.8)
        : 'reads became slower as well';
    }),
  ),
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
  edge('disk.latency', 'db.mysql_slow', 'strong', 3 * minute, (context) => {
    const { picture, cause } = context;
    const dir = String(picture.facts.mysql?.['datadir'] ?? '/var/lib/mysql');
    const mount = (picture.facts.filesystems ?? [])
      .filter((f) => dir.startsWith(f.mount))
      .sort((a, b) => b.mount.length - a.mount.length)[0];
    return !context.matchEntities ||
      (mount && shareDisk(picture, { kind: 'mount', name: mount.mount }, cause.subject))
      ? held(`Its data (${dir}) lies on ${cause.subject.name}.`)
      : `its data (${dir}) lies elsewhere`;
  }),
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
  edge('disk.latency', 'proc.dstate', 'strong', 5 * minute, ({ picture, cause, effect }) => {
    const wait = lately(picture, 'disk.await', cause.subject.name, effect.since) ?? 0;
    return wait > 500
      ? held(`Tasks wait for ${cause.subject.name}, which takes ${formatValue(wait, 'ms')} for an answer.`)
      : `${cause.subject.name} answers within ${formatValue(wait, 'ms')}`;
  }),
  edge('disk.nfs_stall', 'proc.dstate', 'strong', 2 * minute, ({ picture }) => {
    const stuck = (picture.facts.processGroups ?? []).filter((g) => (g.states['D'] ?? 0) > 0);
    const nfs = stuck.filter((g) =>
      Object.keys(g.waitChannels ?? {}).some((w) => /nfs|rpc|cifs|ceph/.test(w)),
    );
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
  // Space
  ...(['disk.full', 'disk.fill_forecast'] as const).flatMap((effect) => [
    edge(
      'sys.logrotate_failed',
      effect,
      'strong',
      30 * day,
      pathOnMount(
        ({ logs }, { cause }) => [
          cause.subject.name.startsWith('/')
            ? cause.subject.name
            : (logs?.largest?.find((f) => !/\/journal\//.test(f.path))?.path ?? '/var/log'),
        ],
        (path, mount) => `${path} grows on ${mount} and is not rotated.`,
      ),
    ),
    edge('sys.journal_big', effect, 'strong', 30 * day, ({ picture, effect: full }) => {
      const fs = picture.facts.filesystems?.find((f) => f.mount === full.subject.name);
      const logs = Math.max(picture.facts.logs?.varLogBytes ?? 0, picture.facts.logs?.journalBytes ?? 0);
      const here = (picture.facts.filesystems ?? [])
        .filter((f) => '/var/log/'.startsWith(f.mount === '/' ? '/' : `${f.mount}/`))
        .sort((a, b) => b.mount.length - a.mount.length)[0];
      return fs && here?.mount === fs.mount && logs >= 0.3 * fs.used
        ? held(`Logs hold ${formatBytes(logs)} of the ${formatBytes(fs.used)} used on ${fs.mount}.`)
        : 'logs hold less than a third of what is used there';
    }),
    edge('disk.deleted_open', effect, 'strong', day, ({ picture, cause, effect: full, matchEntities }) => {
      const held0 = (picture.facts.deletedFiles ?? [])
        .filter((f) => f.mount === full.subject.name && f.process === cause.subject.name)
        .reduce((s, f) => s + f.size, 0);
      const fs = picture.facts.filesystems?.find((f) => f.mount === full.subject.name);
      const shortage = fs ? Math.max(0, 0.13 * (fs.used + fs.available) - fs.available) : 0;
      return (held0 > 0 && held0 >= 0.5 * shortage) || !matchEntities
        ? held(
            `${cause.subject.name} holds ${formatBytes(held0)} of deleted files on ${full.subject.name}: du does not show them, df counts them.`,
          )
        : `deleted files hold ${formatBytes(held0)} there, too little`;
    }),
    edge('db.pg_slot', effect, 'strong', 7 * day, walOnMount),
  ]),
  edge('disk.fill_forecast', 'disk.full', 'weak', day, sameSubject('The growth had been seen before.')),
  edge(
    'disk.inode_forecast',
    'disk.inodes_full',
    'weak',
    day,
    sameSubject('The growth had been seen before.'),
  ),
  edge(
    'mail.queue',
    'disk.inodes_full',
    'strong',
    day,
    pathOnMount(
      () => ['/var/spool'],
      (path, mount) => `Every message in ${path} is a file on ${mount}.`,
    ),
  ),
  edge('mail.spam_source', 'mail.queue', 'strong', hour, notCollected('the sender of the messages')),
];
