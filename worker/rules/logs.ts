// Logs that grow: the journal and files that nothing rotates.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { filesystemOf } from './filesystems.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { within } from './series.ts';

/** /var/log holds a part of its filesystem, or the journal is large. */
export const sysJournal: Rule = {
  id: 'sys.journal_big',
  find(picture): Finding[] {
    const logs = picture.facts.logs;
    const limits = limitsOf('sys.journal_big');
    if (!logs) return [];
    const total = Math.max(logs.varLogBytes ?? 0, logs.journalBytes ?? 0);
    const fs = filesystemOf(picture, '/var/log');
    const share = fs && fs.size > 0 ? (100 * total) / fs.size : 0;
    const journal = (logs.journalBytes ?? 0) > limits.journal;
    // A filesystem of its own for logs is there to be filled with logs.
    const heavy = share > limits.share && total > limits.least && fs?.mount !== '/var/log';
    if (!journal && !heavy) return [];
    const largest = logs.largest?.[0];
    return [
      makeFinding(picture, 'sys.journal_big', {
        subject: { kind: 'file', name: largest?.path ?? '/var/log' },
        severity: 'info',
        summary: `Logs take ${formatBytes(total)}${fs ? `, ${formatPercent(share)} of ${fs.mount}` : ''}${
          largest ? `; the largest is ${largest.path} (${formatBytes(largest.size)})` : ''
        }.`,
        evidence: [
          evidence(
            '/var/log',
            logs.varLogBytes ?? total,
            'bytes',
            'facts.logs.varLogBytes',
            `below ${formatPercent(limits.share)} of its filesystem`,
          ),
          ...(logs.journalBytes === undefined
            ? []
            : [
                evidence(
                  'journal',
                  logs.journalBytes,
                  'bytes',
                  'facts.logs.journalBytes',
                  `below ${formatBytes(limits.journal)}`,
                ),
              ]),
          ...(largest
            ? [
                evidence(
                  'largest log',
                  `${largest.path} (${formatBytes(largest.size)})`,
                  '',
                  'facts.logs.largest',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

/** What its filesystem lost within a day is more than half of a log: it is being flooded, and no rotation would have been due. */
function writtenToday(picture: Picture, { path, size }: { path: string; size: number }): boolean {
  const mount = filesystemOf(picture, path)?.mount;
  const free = mount
    ? within(
        picture.series('fs.available', mount),
        picture.at - limitsOf('sys.logrotate_failed').window,
        picture.at,
      )
    : [];
  return free.length > 1 && free[0]![1] - free.at(-1)![1] > 0.5 * size;
}

/** logrotate.service failed, or a large log file that is no journal and did not come within a day. */
export const sysLogrotate: Rule = {
  id: 'sys.logrotate_failed',
  find(picture): Finding[] {
    const limit = limitsOf('sys.logrotate_failed').size;
    const unit = picture.facts.units?.find((u) => u.name === 'logrotate.service' && u.active === 'failed');
    const largest = picture.facts.logs?.largest?.find(
      (f) => f.size > limit && !/\/journal\//.test(f.path) && !writtenToday(picture, f),
    );
    if (!unit && !largest) return [];
    return [
      makeFinding(picture, 'sys.logrotate_failed', {
        subject: unit ? { kind: 'unit', name: unit.name } : { kind: 'file', name: largest!.path },
        since: unit?.changedAt ?? picture.at,
        summary: unit
          ? `logrotate has failed: logs are not rotated${largest ? `, and ${largest.path} has ${formatBytes(largest.size)}` : ''}.`
          : `${largest!.path} has ${formatBytes(largest!.size)}: it is not rotated.`,
        evidence: [
          ...(unit
            ? [
                evidence(
                  'state of logrotate.service',
                  unit.active,
                  '',
                  'facts.units.active',
                  'inactive (success)',
                ),
              ]
            : []),
          ...(largest
            ? [
                evidence(
                  `size of ${largest.path}`,
                  largest.size,
                  'bytes',
                  'facts.logs.largest',
                  `below ${formatBytes(limit)}`,
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};
