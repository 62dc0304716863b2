// Edges of drives and arrays.
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { shareDisk } from '#worker/diagnose/entities.ts';
import { wasWork } from '#worker/diagnose/planned.ts';
import { wholeDisk } from '#worker/rules/blockDevices.ts';
import { lostWith } from '#worker/rules/raid.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import {
  day,
  diskBytes,
  edge,
  hour,
  implied,
  lately,
  minute,
  sameDisk,
  sameSubject,
  stepOf,
} from './evidence.ts';

/** A name under /dev/disk/by-id that belongs to no other drive that is known, on the same kind of bus: it may be this one. */
function mayBe(picture: Picture, device: string, id: string): boolean {
  const bus = /^nvme/.test(device) ? /^nvme-(eui|uuid|nvme)\./ : /^(wwn|scsi|dm-uuid)-/;
  const mounted = picture.facts.blockDevices?.some((d) => d.name.startsWith(device) && d.mounts.length > 0);
  return bus.test(id) && !mounted;
}

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
  const [only, ...others] = pool?.ill ?? [];
  if (!ill && matchEntities && only && others.length === 0 && mayBe(picture, device, only.name))
    return {
      ...held(`${only.name} is ${only.state} in ${effect.subject.name}, and ${device} is in trouble.`),
      share: 0.8,
    };
  return ill || !matchEntities
    ? held(
        `${device} is ${ill ? `the ${ill.name} that is ${ill.state} in ${effect.subject.name}` : 'a disk'}.`,
      )
    : `${device} is none of the disks that are missing in ${effect.subject.name}`;
};

/** A disk that answers slowly without much to do is busy with its own errors. */
const busyWithErrors = (words: string): EdgeTest => {
  const tests = sameDiskWhile(busyFor(words));
  // The driver of a controller speaks for every disk behind it.
  return (context) =>
    controller.test(context.cause.subject.name) ? busyFor(words)(context) : tests(context);
};

const controller = /^(megaraid_sas|mpt\dsas|smartpqi|aacraid|hpsa)/;

const busyFor =
  (words: string): EdgeTest =>
  (context) => {
    const { picture, effect } = context;
    const each = (metric: 'disk.reads' | 'disk.writes') =>
      lately(picture, metric, effect.subject.name, effect.since) ?? 0;
    const requests = each('disk.reads') + each('disk.writes');
    return requests < 100
      ? held(`${words} ${formatCount(requests)} requests a second keep it busy.`)
      : `it carries ${formatCount(requests)} requests a second`;
  };

function sameDiskWhile(test: EdgeTest): EdgeTest {
  const together = sameDisk('');
  return (context) => {
    const same = together(context);
    return typeof same === 'string' ? same : test(context);
  };
}

/** A check or rebuild keeps the disks of its array busy, and may go on with what a backup began. */
const resyncEdges: Edge[] = [
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
].map((one) => ({
  ...one,
  joins: ({ picture, effect }) => wasWork(picture, effect.subject, effect.since),
}));

export const driveEdges: Edge[] = [
  ...resyncEdges,
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
];
