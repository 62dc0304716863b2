// Files that lie in memory.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { evidence, makeFinding, newest, ramBytes, serverSubject } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { within } from './series.ts';

/** tmpfs and shared memory > 20 % of RAM beyond what databases share, or /dev/shm, /run or another tmpfs > 80 % full (OWN). */
export const memTmpfs: Rule = {
  id: 'mem.tmpfs_full',
  find(picture): Finding[] {
    const ram = ramBytes(picture);
    const full = (picture.facts.filesystems ?? [])
      .filter((f) => f.type === 'tmpfs' && f.size >= 4 * 1024 ** 2 && !f.readOnly)
      .filter((f) => (newest(picture, 'fs.used_percent', f.mount) ?? (100 * f.used) / f.size) > 80);
    const found = full.map((f) =>
      makeFinding(picture, 'mem.tmpfs_full', {
        subject: { kind: 'mount', name: f.mount },
        since: firstOver(picture, f.mount),
        summary: `${f.mount}, which lies in memory, is ${formatPercent((100 * f.used) / f.size)} full (${formatBytes(f.used)}).`,
        evidence: [
          evidence(
            `space used on ${f.mount}`,
            (100 * f.used) / f.size,
            'percent',
            `fs.used_percent{${f.mount}}`,
            'below 80 %',
          ),
          evidence(`memory held by ${f.mount}`, f.used, 'bytes', 'facts.filesystems.used'),
        ],
      }),
    );
    const shmem = picture.latest('mem.shmem');
    const sharers = (picture.facts.processGroups ?? []).some((g) =>
      /^(postgres|oracle|hana|db2)/.test(g.name),
    );
    if (found.length > 0 || !ram || shmem === undefined || sharers || shmem <= 0.2 * ram) return found;
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
          ([, v]) => v > 0.2 * ram,
        )?.[0],
        summary: `Files in memory (tmpfs) and shared memory hold ${formatBytes(shmem)}, ${formatPercent((100 * shmem) / ram)} of the RAM.`,
        evidence: [
          evidence('shared memory and tmpfs', shmem, 'bytes', 'mem.shmem', 'below 20 % of RAM'),
          ...(largest
            ? [evidence(`held by ${largest.mount}`, largest.used, 'bytes', 'facts.filesystems.used')]
            : []),
        ],
      }),
    ];
  },
};

function firstOver(picture: Picture, mount: string): number | undefined {
  const points = picture.series('fs.used_percent', mount);
  let since: number | undefined;
  for (let i = points.length - 1; i >= 0 && points[i]![1] > 80; i--) since = points[i]![0];
  return since;
}
