// Backups: what runs now, is slow, is old, has shrunk.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatDuration } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

/** Programs that copy data away. tar and rsync count while they move bytes. */
export const backupTools =
  /^(rsync|borg|borgmatic|restic|kopia|duplicity|rdiff-backup|mysqldump|mariadb-dump|mariabackup|xtrabackup|pg_dump|pg_dumpall|pg_basebackup|tar|vzdump|proxmox-backup.*|veeamagent|timeshift|rsnapshot|barman|pgbackrest|wal-g|mongodump|mydumper|bacula-fd|bareos-fd|bacula-sd|bareos-sd|rest-server|duplicati|rclone|zfs_send)$/;
const resident = /^(bacula-[fs]d|bareos-[fs]d|rest-server|duplicati)$/;

/** A backup program runs and moves data, or takes CPU. Info: it explains busy disks. */
export const backupRunning: Rule = {
  id: 'job.backup_running',
  find(picture): Finding[] {
    const limits = limitsOf('job.backup_running');
    return (picture.facts.processGroups ?? [])
      .filter((g) => backupTools.test(g.name))
      .filter((g) => {
        const bytes = (g.readBytes ?? 0) + (g.writeBytes ?? 0);
        const cpu = g.cpuPercent ?? 0;
        const known = g.readBytes !== undefined || g.writeBytes !== undefined;
        return (
          bytes > limits.bytes ||
          cpu > limits.cpu ||
          (g.states['D'] ?? 0) > 0 ||
          (!known && !resident.test(g.name) && cpu > 0.5)
        );
      })
      .map((g) =>
        makeFinding(picture, 'job.backup_running', {
          subject: { kind: 'process', name: g.name },
          since: firstSeen(picture, g.name, g.startedAt),
          severity: 'info',
          confidence: 0.95,
          summary: `${g.name} is copying data now${g.startedAt ? `, for ${formatDuration(Math.max(0, picture.at - g.startedAt))}` : ''}.`,
          evidence: [
            evidence(`processes named ${g.name}`, g.count, 'count', 'facts.processGroups'),
            ...(g.readBytes === undefined
              ? []
              : [evidence('reads', g.readBytes, 'bytes/s', `proc.group.read_bytes{${g.name}}`)]),
            ...(g.writeBytes === undefined
              ? []
              : [evidence('writes', g.writeBytes, 'bytes/s', `proc.group.write_bytes{${g.name}}`)]),
            ...(g.cpuPercent === undefined
              ? []
              : [evidence('CPU', g.cpuPercent, 'percent', `proc.group.cpu{${g.name}}`)]),
          ],
        }),
      );
  },
};

function firstSeen(picture: Picture, name: string, startedAt: number | undefined): number | undefined {
  if (startedAt !== undefined && !resident.test(name)) return startedAt;
  return picture.series('proc.group.cpu', name)[0]?.[0];
}

/** A backup that runs for so long that it meets the working day. */
const slow = limitsOf('backup.slow');
export const backupSlow: Rule = {
  id: 'backup.slow',
  find: (picture) =>
    (picture.facts.processGroups ?? [])
      .filter(
        (g) =>
          backupTools.test(g.name) &&
          !resident.test(g.name) &&
          g.startedAt !== undefined &&
          picture.at - g.startedAt > slow.long,
      )
      .filter((g) => g.cpuSeconds > slow.cpu)
      .map((g) =>
        makeFinding(picture, 'backup.slow', {
          subject: { kind: 'process', name: g.name },
          // It has kept its disks busy for as long as it has run.
          since: g.startedAt!,
          severity: 'info',
          summary: `${g.name} has been copying for ${formatDuration(picture.at - g.startedAt!)}.`,
          evidence: [
            evidence(
              'started',
              g.startedAt!,
              'epoch',
              'facts.processGroups.startedAt',
              `less than ${formatDuration(slow.long)} ago`,
            ),
          ],
        }),
      ),
};

/** The last good run is older than its period and a part of it; without a known schedule a day is the period. */
export const backupStale: Rule = {
  id: 'backup.stale',
  find(picture): Finding[] {
    const { periods, least, byHand: longAgo } = limitsOf('backup.stale');
    const found = (picture.facts.backups ?? []).flatMap((b) => {
      if (b.lastSuccessAt === undefined) return [];
      const timer = picture.facts.timers?.find(
        (t) => t.name.includes(b.tool) || t.unit.includes(b.tool) || t.name.includes(b.name),
      );
      const period =
        timer?.lastAt && timer.nextAt
          ? Math.max(least, timer.nextAt - timer.lastAt)
          : Math.max(least, b.period ?? 0);
      const age = picture.now - b.lastSuccessAt;
      if (age <= periods * period) return [];
      // A file in a backup folder is a backup only when something makes it again and again.
      const scheduled =
        timer !== undefined || picture.facts.cronJobs?.some((j) => mentions(j.command, b)) === true;
      const byHand =
        !scheduled && /^(file|archive|dump|log|vzdump|barman|pgbackrest|duplicity)$/.test(b.tool);
      if (byHand && age > longAgo) return [];
      return [
        makeFinding(picture, 'backup.stale', {
          subject: { kind: 'job', name: `${b.tool} ${b.name}`.trim() },
          since: b.lastSuccessAt + Math.round(periods * period),
          // Files of even dates tell of a schedule that nobody sees.
          severity: byHand && !b.period ? 'info' : scheduled ? 'critical' : 'warning',
          confidence: scheduled ? 0.95 : 0.8,
          summary: `The last good backup of ${b.name || b.tool} is ${formatDuration(age)} old.`,
          evidence: [
            evidence(
              'last good run',
              b.lastSuccessAt,
              'epoch',
              'facts.backups.lastSuccessAt',
              `within ${formatDuration(periods * period)}`,
            ),
          ],
        }),
      ];
    });
    return [...found, ...missedHeartbeats(picture, 'backup.stale')];
  },
};

/** Jobs that report in by heartbeat and did not: of backups, by their name, or of the others. */
export function missedHeartbeats(picture: Picture, id: 'backup.stale' | 'svc.timer_missed'): Finding[] {
  return picture.monitors
    .filter((m) => m.kind === 'heartbeat' && m.state === 'down')
    .filter((m) => /back|borg|restic|dump|snapshot/i.test(m.name) === (id === 'backup.stale'))
    .map((m) =>
      makeFinding(picture, id, {
        subject: { kind: 'job', name: m.name },
        since: m.since,
        summary: `${m.name} did not report in: ${m.summary || 'it is overdue'}.`,
        evidence: [evidence(m.name, m.code, '', `monitor heartbeat ${m.target}`, 'a sign of life in time')],
      }),
    );
}

/** The newest dump or archive has much less than those before it. */
export const backupShrunk: Rule = {
  id: 'backup.shrunk',
  find: (picture) =>
    (picture.facts.backups ?? []).flatMap((b) => {
      const { sizes } = b;
      const { share, least } = limitsOf('backup.shrunk');
      if (!sizes || sizes.usual < least || sizes.last >= (share / 100) * sizes.usual) return [];
      return [
        makeFinding(picture, 'backup.shrunk', {
          subject: { kind: 'job', name: `${b.tool} ${b.name}`.trim() },
          since: sizes.at,
          confidence: 0.9,
          summary: `The newest backup ${sizes.path} has ${formatBytes(sizes.last)}; those before it have ${formatBytes(sizes.usual)} and more.`,
          evidence: [
            evidence(
              `size of ${sizes.path}`,
              sizes.last,
              'bytes',
              'facts.backups.sizes',
              `about ${formatBytes(sizes.usual)}`,
            ),
          ],
        }),
      ];
    }),
};

function mentions(command: string, backup: { tool: string; name: string; path?: string }): boolean {
  const folder = backup.path?.replace(/\/[^/]*$/, '');
  return (
    command.includes(backup.tool) ||
    (folder !== undefined && folder.length > 4 && command.includes(folder)) ||
    /backup|dump|borg|restic/i.test(command)
  );
}
