// Edges of backups: what they take while they run.
import { formatBytes, formatPercent } from '#core/format.ts';
import { arrayTraffic, wasWork } from '#worker/diagnose/planned.ts';
import { type Edge, type EdgeContext, type EdgeTest, held } from './edge.ts';
import { cpuOfCause, edge, hour, ioOfCause, lately, minute, stepOf } from './evidence.ts';

const packers = /^(gzip|pigz|xz|zstd|bzip2|lz4|lzop|7z)$/;

/** A dump asks the server of its database, which does the reading. */
const dumped: readonly (readonly [tool: RegExp, server: RegExp])[] = [
  [/^pg_(dump|dumpall|basebackup)$/, /^(postgres|postmaster)$/],
  [/^(mysqldump|mariadb-dump|mydumper)$/, /^(mysqld|mariadbd)$/],
  [/^mongodump$/, /^mongod$/],
];

/** Many backups hand their data to a packer, which then does the writing and the computing. */
const withHelpers = ({ picture, cause }: EdgeContext) => {
  const server = dumped.find(([tool]) => tool.test(cause.subject.name))?.[1];
  return new Set([
    cause.subject.name,
    ...(picture.facts.processGroups ?? [])
      .map((g) => g.name)
      .filter((n) => packers.test(n) || server?.test(n)),
  ]);
};

/** Beside it an array may be checked: both are work, and keep the disk busy together. */
const ioOfBackup = ioOfCause(0.4, withHelpers, ({ picture, effect }) =>
  arrayTraffic(picture, effect.subject),
);

const sends = /^(rsync|borg|restic|rclone|duplicity|kopia|bacula|bareos)/;

/**
 * The link is full of what a backup sends, which rose with its start, or of what it receives and writes. What it reads bounds what it can
 * send.
 */
const fillsLink: EdgeTest = ({ picture, cause, effect }) => {
  const name = effect.subject.name;
  const group = picture.facts.processGroups?.find((g) => g.name === cause.subject.name);
  const of = (metric: 'net.rx_bytes' | 'net.tx_bytes') => lately(picture, metric, name, effect.since) ?? 0;
  const [received, sent] = [of('net.rx_bytes'), of('net.tx_bytes')];
  const moved = (metric: 'proc.group.read_bytes' | 'proc.group.write_bytes', now = 0) =>
    lately(picture, metric, cause.subject.name, effect.since) ?? now;
  const none = `${name} was not filled by ${cause.subject.name}`;
  if (received > sent) {
    const written = moved('proc.group.write_bytes', group?.writeBytes);
    return written >= 0.4 * received
      ? held(
          `${cause.subject.name} writes ${formatBytes(written)}/s, ${formatPercent(Math.min(100, (100 * written) / received))} of what ${name} receives.`,
          written / received / 0.6,
        )
      : none;
  }
  if (!sends.test(cause.subject.name)) return none;
  const began = Math.abs(cause.since - effect.since) < 600;
  const read = moved('proc.group.read_bytes', group?.readBytes);
  const step = stepOf(picture, 'net.tx_bytes', name, began ? effect.since : cause.since);
  return (began || read >= 0.4 * sent) && (!step || step.now > 2 * step.before)
    ? held(
        `What ${name} sends rose with the start of ${cause.subject.name}${step ? `, from ${formatBytes(step.before)}/s to ${formatBytes(step.now)}/s` : ''}.`,
      )
    : none;
};

/** A disk that one piece of work made busy stays so under the next. */
const joins: Edge['joins'] = ({ picture, effect }) => wasWork(picture, effect.subject, effect.since);

const running: Edge[] = [
  { ...edge('job.backup_running', 'disk.saturated', 'strong', 2 * minute, ioOfBackup), joins },
  { ...edge('job.backup_running', 'disk.latency', 'strong', 2 * minute, ioOfBackup), joins },
  { ...edge('job.backup_running', 'cpu.iowait', 'strong', 2 * minute, ioOfBackup), joins },
  { ...edge('job.backup_running', 'disk.fsync_stall', 'strong', 5 * minute, ioOfBackup), joins },
  edge('job.backup_running', 'net.saturated', 'strong', 2 * minute, fillsLink),
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
  edge('job.backup_running', 'cpu.saturated', 'medium', 2 * minute, cpuOfCause(0.4, withHelpers)),
];

/** A backup that runs for too long is the same one, and keeps the same things busy. */
export const backupEdges: Edge[] = [
  ...running,
  ...running.map((one): Edge => ({ ...one, cause: 'backup.slow' })),
];
