// Edges of backups: what they take while they run.
import { formatBytes } from '#core/format.ts';
import { type Edge, type EdgeContext, held } from './edge.ts';
import { cpuOfCause, edge, hour, ioOfCause, minute, stepOf } from './evidence.ts';

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

const running: Edge[] = [
  edge('job.backup_running', 'disk.saturated', 'strong', 2 * minute, ioOfCause(0.4, withHelpers)),
  edge('job.backup_running', 'disk.latency', 'strong', 2 * minute, ioOfCause(0.4, withHelpers)),
  edge('job.backup_running', 'cpu.iowait', 'strong', 2 * minute, ioOfCause(0.4, withHelpers)),
  edge('job.backup_running', 'disk.fsync_stall', 'strong', 5 * minute, ioOfCause(0.4, withHelpers)),
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
  edge('job.backup_running', 'cpu.saturated', 'medium', 2 * minute, cpuOfCause(0.4, withHelpers)),
];

/** A backup that runs for too long is the same one, and keeps the same things busy. */
export const backupEdges: Edge[] = [
  ...running,
  ...running.map((one): Edge => ({ ...one, cause: 'backup.slow' })),
];
