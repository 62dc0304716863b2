// Files that lie in memory.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { evidence, makeFinding, newest, ramBytes, serverSubject } from './finding.ts';
import { gauge, now } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { within } from './series.ts';

/** tmpfs and shared memory hold much of the RAM beyond what databases share, or /dev/shm, /run or another tmpfs is nearly full. */
export const memTmpfs: Rule = {
  id: 'mem.tmpfs_full',
  find(picture, state): Finding[] {
    const ram = ramBytes(picture);
    const limits = limitsOf('mem.tmpfs_full');
    const full = (picture.facts.filesystems ?? [])
      .filter((f) => f.type === 'tmpfs' && f.size >= limits.least && !f.readOnly)
      .flatMap((f) => {
        const subject = { kind: 'mount', name: f.mount } as const;
        const used = newest(picture, 'fs.used_percent', f.mount) ?? (100 * f.used) / f.size;
        const run = gauge(picture, state, {
          id: 'mem.tmpfs_full',
          entity: subject,
          points: now(picture, used),
        });
        return run ? [{ f, subject, bound: run.bound }] : [];
      });
    const found = full.map(({ f, subject, bound }) =>
      makeFinding(picture, 'mem.tmpfs_full', {
        subject,
        since: firstOver(picture, f.mount, bound.raise),
        bound,
        summary: `${f.mount}, which lies in memory, is ${formatPercent((100 * f.used) / f.size)} full (${formatBytes(f.used)}).`,
        evidence: [
          evidence(
            `space used on ${f.mount}`,
            (100 * f.used) / f.size,
            'percent',
            `fs.used_percent{${f.mount}}`,
            normalOf(bound),
          ),
          evidence(`memory held by ${f.mount}`, f.used, 'bytes', 'facts.filesystems.used'),
        ],
      }),
    );
    const shmem = picture.latest('mem.shmem');
    const sharers = (picture.facts.processGroups ?? []).some((g) =>
      /^(postgres|oracle|hana|db2)/.test(g.name),
    );
    if (found.length > 0 || !ram || shmem === undefined || sharers || shmem <= (limits.share / 100) * ram)
      return found;
    const largest = (picture.facts.filesystems ?? [])
      .filter((f) => f.type === 'tmpfs')
      .sort((a, b) => b.used - a.used)[0];
    return [
      makeFinding(picture, 'mem.tmpfs_full', {
        subject:
          largest && largest.used > 0.5 * shmem
            ? { kind: 'mount', name: largest.mount }
            : serverSubject(picture),
        since: within(picture.series('mem.shmem'), picture.from, picture.at).find(
          ([, v]) => v > (limits.share / 100) * ram,
        )?.[0],
        summary: `Files in memory (tmpfs) and shared memory hold ${formatBytes(shmem)}, ${formatPercent((100 * shmem) / ram)} of the RAM.`,
        evidence: [
          evidence(
            'shared memory and tmpfs',
            shmem,
            'bytes',
            'mem.shmem',
            `below ${formatPercent(limits.share)} of RAM`,
          ),
          ...(largest
            ? [evidence(`held by ${largest.mount}`, largest.used, 'bytes', 'facts.filesystems.used')]
            : []),
        ],
      }),
    ];
  },
};

function firstOver(picture: Picture, mount: string, raise: number): number | undefined {
  const points = picture.series('fs.used_percent', mount);
  let since: number | undefined;
  for (let i = points.length - 1; i >= 0 && points[i]![1] > raise; i--) since = points[i]![0];
  return since;
}
