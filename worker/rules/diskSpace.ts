// Space on filesystems. A percentage alone is no alarm: a tenth of 8 TB is plenty, so an absolute bound must agree.
import type { Finding } from '#core/diagnosis.ts';
import { findingKey } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { storageFilesystems } from './filesystems.ts';
import { evidence, makeFinding, needed } from './finding.ts';
import type { Rule } from './rule.ts';
import { currentRun } from './series.ts';

const GiB = 1024 ** 3;
/** Only a filesystem with less free space than this can be full (ND: 5 GiB, ZBX: 10 GiB and 5 GiB; OWN: 20 GiB). */
export const roomyBytes = 20 * GiB;

/** Free < 10 % warns (APA; ZBX), < 3 % is critical (NM), and only under 20 GiB; cleared at 13 %. */
export const diskFull: Rule = {
  id: 'disk.full',
  find(picture, state): Finding[] {
    const bound = { raise: 10, clear: 13, critical: 3, ...state.overrides['disk.full'] };
    return storageFilesystems(picture).flatMap((fs) => {
      const room = fs.used + fs.available;
      if (room <= 0) return [];
      const free = (100 * fs.available) / room;
      const subject = { kind: 'mount', name: fs.mount } as const;
      const active = state.active.has(findingKey({ id: 'disk.full', subject }));
      if (fs.available > roomyBytes || free >= bound.clear) return [];
      const series = picture.series('fs.used_percent', fs.mount);
      const exhausted = free < 1;
      const run = currentRun(
        series.length > 0 ? series : [[picture.at, 100 - free]],
        (used) => used > 100 - bound.raise,
        (used) => used > 100 - bound.clear,
        exhausted ? 1 : Math.min(needed(picture, 3), Math.max(1, series.length)),
        active,
      );
      if (!run) return [];
      return [
        makeFinding(picture, 'disk.full', {
          subject,
          since: run.since,
          severity: free < bound.critical ? 'critical' : 'warning',
          summary: `${fs.mount} is ${formatPercent(100 - free)} full: ${formatBytes(fs.available)} of ${formatBytes(room)} are free.`,
          evidence: [
            evidence(
              `space used on ${fs.mount}`,
              100 - free,
              'percent',
              `fs.used_percent{${fs.mount}}`,
              'below 87 %',
            ),
            evidence(
              `space free on ${fs.mount}`,
              fs.available,
              'bytes',
              `fs.available{${fs.mount}}`,
              `above ${formatBytes(Math.min(roomyBytes, room * 0.1))}`,
            ),
          ],
        }),
      ];
    });
  },
};
