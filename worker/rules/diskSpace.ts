// Space on filesystems. A percentage alone is no alarm: a tenth of 8 TB is plenty, so an absolute bound must agree.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { findingKey } from '#core/diagnosis.ts';
import { formatBytes, formatDuration, formatPercent } from '#core/format.ts';
import { between, cameBackFromHere, fallToNothing, forecast } from '#worker/series/forecast.ts';
import { backupTools } from './backups.ts';
import { boundOf, isCritical } from './boundOf.ts';
import { filesystemOf, storageFilesystems } from './filesystems.ts';
import { evidence, makeFinding, needed } from './finding.ts';
import type { Picture, Point, Rule } from './rule.ts';
import { change, currentRun, within } from './series.ts';

/** Only a filesystem with less free space than this can be full. */
export const roomyBytes = limitsOf('disk.full').roomy;

/** Little is free, by percent and by bytes. */
export const diskFull: Rule = {
  id: 'disk.full',
  find(picture, state): Finding[] {
    const bound = boundOf(state, 'disk.full');
    return storageFilesystems(picture).flatMap((fs) => {
      const room = fs.used + fs.available;
      if (room <= 0) return [];
      const free = (100 * fs.available) / room;
      const subject = { kind: 'mount', name: fs.mount } as const;
      const active = state.active.has(findingKey({ id: 'disk.full', subject }));
      // Who sets a bound of his own means it, however large the filesystem is.
      const roomy = !bound.own && fs.available > roomyBytes;
      const { scarce, enough } = limitsOf('disk.full');
      if ((roomy && free >= (active ? enough : scarce)) || free >= bound.clear) return [];
      const series = picture.series('fs.used_percent', fs.mount);
      // What was foreseen needs no more waiting.
      const certain =
        free < limitsOf('disk.full').last ||
        state.active.has(findingKey({ id: 'disk.fill_forecast', subject }))
          ? 1
          : bound.samples;
      const run = currentRun(
        series.length > 0 ? series : [[picture.at, 100 - free]],
        (used) => used > 100 - bound.raise,
        (used) => used > 100 - bound.clear,
        Math.min(needed(picture, certain), Math.max(1, series.length)),
        active,
      );
      if (!run) return [];
      return [
        makeFinding(picture, 'disk.full', {
          subject,
          since: run.since,
          // What is left of a large one still lasts a while.
          severity: isCritical(bound, free) && !roomy ? 'critical' : 'warning',
          bound,
          summary: `${fs.mount} is ${formatPercent(100 - free)} full: ${formatBytes(fs.available)} of ${formatBytes(room)} are free.`,
          evidence: [
            evidence(
              `space used on ${fs.mount}`,
              100 - free,
              'percent',
              `fs.used_percent{${fs.mount}}`,
              `below ${formatPercent(100 - bound.clear)}`,
            ),
            evidence(
              `space free on ${fs.mount}`,
              fs.available,
              'bytes',
              `fs.available{${fs.mount}}`,
              `above ${formatBytes(roomy ? (room * enough) / 100 : Math.min(roomyBytes, (room * bound.raise) / 100))}`,
            ),
          ],
        }),
      ];
    });
  },
};

const hour = 3600;

/**
 * Theil–Sen predicts that it will be full. A longer history must not say "never", nor that it came back from there before. Who has not been
 * watched for a day has shown no rhythm yet: beyond the next hours it is believed no further ahead than it was watched and only while it goes
 * on, or, when little is free and the line is straight, than twice its length. A run that has just begun is told by itself once little is
 * free. Told until the filesystem is full: then disk.full takes over.
 */
export const diskFillForecast: Rule = {
  id: 'disk.fill_forecast',
  find(picture): Finding[] {
    const limits = limitsOf('disk.fill_forecast');
    return storageFilesystems(picture).flatMap((fs) => {
      const free = (100 * fs.available) / (fs.used + fs.available);
      // A size that an earlier report told says nothing of where it goes.
      if (free >= limits.free || picture.latest('fs.available', fs.mount) === undefined) return [];
      const least = Math.max(0.01 * fs.size, 64 * 1024 ** 2);
      const [, most] = picture.extent('fs.available', fs.mount) ?? [0, 0];
      if (most - fs.available < least) return [];
      const series = picture.series('fs.available', fs.mount);
      const points = within(series, picture.at - limits.reach, picture.at);
      const f = fallToNothing(points, free < limits.sudden, limits.ahead);
      if (!f || f.used < least) return [];
      const doubted =
        cameBackFromHere(series, Math.min(0.1 * (fs.used + fs.available), roomyBytes)) ||
        (series.length > 3 * points.length && forecast(series, 0)?.latest === Infinity);
      if (doubted && f.expected > limits.soon) return [];
      // What a backup writes ends with it.
      if (f.expected > limits.soon && isWrittenByBackup(picture, -f.slope)) return [];
      const watched = picture.at - series[0]![0];
      // A straight line into what is already short needs less proof.
      const straight = free < limits.sudden && f.latest <= limits.spread * f.earliest;
      const believed = Math.max(limits.near, goesOn(points) ? watched : 0, straight ? 2 * f.span : 0);
      if (watched < limits.rhythm && f.expected > believed) return [];
      return [
        makeFinding(picture, 'disk.fill_forecast', {
          subject: { kind: 'mount', name: fs.mount },
          severity: f.expected < limits.soon && free < limits.little ? 'critical' : 'warning',
          confidence: f.span >= hour ? 0.9 : 0.75,
          summary: `${fs.mount} will be full in ${formatDuration(f.expected)} at this pace; ${formatBytes(fs.available)} are free.`,
          evidence: [
            evidence(`space free on ${fs.mount}`, fs.available, 'bytes', `fs.available{${fs.mount}}`),
            evidence(
              'change',
              `${formatBytes(f.slope * hour)} an hour`,
              '',
              `fs.available{${fs.mount}}`,
              'steady',
            ),
            evidence('full in', between(f), '', `fs.available{${fs.mount}}`),
          ],
        }),
      ];
    });
  },
};

/** Whether the last twelfth of a fall brought at least half of its share: a job that filled for hours and has ended says nothing of tomorrow. */
function goesOn(points: readonly Point[]): boolean {
  const [[from, first], [to, last]] = [points[0]!, points.at(-1)!];
  const lately = -(change(points, to - (to - from) / 12, to) ?? 0);
  return lately >= (first - last) / 24;
}

function isWrittenByBackup(picture: Picture, rate: number): boolean {
  return (picture.facts.processGroups ?? []).some(
    ({ name, writeBytes = 0 }) => backupTools.test(name) && writeBytes >= 0.5 * rate,
  );
}

/** As for space. */
export const diskInodeForecast: Rule = {
  id: 'disk.inode_forecast',
  find(picture): Finding[] {
    const limits = limitsOf('disk.inode_forecast');
    return storageFilesystems(picture).flatMap((fs) => {
      const points = within(
        picture.series('fs.inodes_used_percent', fs.mount),
        picture.at - limits.reach,
        picture.at,
      );
      const used = picture.latest('fs.inodes_used_percent', fs.mount);
      if (used === undefined || used < limits.used) return [];
      const f = fallToNothing(
        points.map(([at, value]) => [at, 100 - value] as const),
        used > limits.sudden,
        limits.ahead,
      );
      if (!f || f.used < 1) return [];
      return [
        makeFinding(picture, 'disk.inode_forecast', {
          subject: { kind: 'mount', name: fs.mount },
          summary: `${fs.mount} will run out of inodes in ${formatDuration(f.expected)} at this pace; ${formatPercent(used)} are used.`,
          evidence: [
            evidence(
              'inodes used',
              used,
              'percent',
              `fs.inodes_used_percent{${fs.mount}}`,
              `below ${formatPercent(limits.used)}, or steady`,
            ),
            evidence('gone in', between(f), '', `fs.inodes_used_percent{${fs.mount}}`),
          ],
        }),
      ];
    });
  },
};

/** Deleted files that are still open hold a part of a filesystem. */
export const diskDeletedOpen: Rule = {
  id: 'disk.deleted_open',
  find(picture): Finding[] {
    const byMount = new Map<
      string,
      { total: number; byProcess: Map<string, number>; largest: { path: string; size: number } }
    >();
    for (const file of picture.facts.deletedFiles ?? []) {
      const mount = mountOf(picture, file);
      if (mount === undefined) continue;
      const entry = byMount.get(mount) ?? { total: 0, byProcess: new Map(), largest: file };
      entry.total += file.size;
      entry.byProcess.set(file.process, (entry.byProcess.get(file.process) ?? 0) + file.size);
      if (file.size > entry.largest.size) entry.largest = file;
      byMount.set(mount, entry);
    }
    return [...byMount].flatMap(([mount, { total, byProcess, largest }]) => {
      const fs = picture.facts.filesystems?.find((f) => f.mount === mount);
      const { bytes, share, least } = limitsOf('disk.deleted_open');
      if (!fs || (total <= bytes && total <= (share / 100) * fs.size) || total < least) return [];
      const [holder] = [...byProcess].sort((a, b) => b[1] - a[1])[0]!;
      return [
        makeFinding(picture, 'disk.deleted_open', {
          subject: { kind: 'process', name: holder },
          since: picture.at,
          severity: 'warning',
          summary: `${holder} holds deleted files of ${formatBytes(total)} open on ${mount}: the space is not free until it closes them.`,
          evidence: [
            evidence(
              'space of deleted files that are still open',
              total,
              'bytes',
              'facts.deletedFiles',
              'near 0',
            ),
            evidence(
              'largest of them',
              `${largest.path} (${formatBytes(largest.size)})`,
              '',
              'facts.deletedFiles',
            ),
            evidence('filesystem', mount, '', 'facts.deletedFiles.mount'),
          ],
        }),
      ];
    });
  },
};

/** The filesystem of a deleted file. Files of memory (tmpfs, memfd, shared memory) hold no disk. */
export function mountOf(picture: Picture, file: { path: string; mount?: string }): string | undefined {
  if (/^\/(dev\/(shm|zero)|memfd:|SYSV|anon_|\[)/.test(file.path) || file.path.startsWith('/memfd'))
    return undefined;
  const fs = file.mount
    ? picture.facts.filesystems?.find((f) => f.mount === file.mount)
    : filesystemOf(picture, file.path);
  return fs && fs.type !== 'tmpfs' ? fs.mount : undefined;
}
