// MySQL and MariaDB against the memory they may use: the machine's, or their service's limit.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { evidence, makeFinding, ramBytes } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

const mysqlNames = /^(mysqld|mariadbd)/;

export function mysqlGroup(picture: Picture) {
  return picture.facts.processGroups?.find((g) => mysqlNames.test(g.name));
}

/** The memory that the database can get: RAM, or the limit of its control group when that is smaller. */
export function mysqlMemory(picture: Picture): { bytes: number; limited: boolean } | undefined {
  const ram = ramBytes(picture);
  const path = mysqlGroup(picture)?.cgroup;
  const limits = (picture.facts.cgroups ?? [])
    .filter(
      (c) =>
        c.memoryLimit &&
        ((path && c.path.endsWith(path)) || /^(mysql|mysqld|mariadb)\.service$/.test(c.unit ?? '')),
    )
    .map((c) => c.memoryLimit!);
  const limit = limits.length ? Math.min(...limits) : undefined;
  if (limit !== undefined && (ram === undefined || limit < ram)) return { bytes: limit, limited: true };
  return ram === undefined ? undefined : { bytes: ram, limited: false };
}

/** A variable of the database's settings as a number; '8G' and '8589934592' are the same. */
export function settingNumber(value: string | number | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number') return value;
  const match = /^\s*([\d.]+)\s*([kmgtKMGT]?)(?:i?[bB])?\s*$/.exec(value);
  if (!match) return undefined;
  const power = ['', 'k', 'm', 'g', 't'].indexOf(match[2]!.toLowerCase());
  return Number(match[1]) * 1024 ** power;
}

/** Pool > 80 % of memory (MY: 50 to 75 %; MariaDB KB: 70 to 80 % on a dedicated host), critical over 100 %. Latent until a live symptom needs it. */
export const mysqlBufferPool: Rule = {
  id: 'db.mysql_bufferpool_gt_ram',
  find(picture): Finding[] {
    const pool = settingNumber(picture.facts.mysql?.['innodb_buffer_pool_size']);
    const memory = mysqlMemory(picture);
    if (!pool || !memory) return [];
    const group = mysqlGroup(picture);
    const share = (100 * pool) / memory.bytes;
    const othersRss = (picture.facts.processGroups ?? [])
      .filter((g) => !mysqlNames.test(g.name))
      .reduce((sum, g) => sum + g.rss, 0);
    const crowded = !memory.limited && pool > 0.5 * memory.bytes && pool + othersRss > 1.05 * memory.bytes;
    if (share <= 80 && !crowded) return [];
    const name = group?.name ?? 'mysqld';
    return [
      makeFinding(picture, 'db.mysql_bufferpool_gt_ram', {
        subject: { kind: 'process', name },
        // A setting holds since the database started, not since it was read.
        since: group?.startedAt ?? picture.from,
        severity: share > 100 ? 'critical' : 'warning',
        latent: true,
        confidence: share > 100 ? 0.95 : 0.8,
        summary: `The InnoDB buffer pool of ${name} is ${formatBytes(pool)}, that is ${formatPercent(share)} of ${
          memory.limited ? "its service's memory limit" : 'the RAM'
        } (${formatBytes(memory.bytes)}).`,
        evidence: [
          evidence(
            'InnoDB buffer pool',
            pool,
            'bytes',
            'facts.mysql.innodb_buffer_pool_size',
            '50 to 75 % of RAM',
          ),
          evidence(
            memory.limited ? 'memory limit of the service' : 'RAM',
            memory.bytes,
            'bytes',
            memory.limited ? 'facts.cgroups.memoryLimit' : 'mem.total',
          ),
          ...(group
            ? [evidence(`resident memory of ${name}`, group.rss, 'bytes', `proc.group.rss{${name}}`)]
            : []),
        ],
      }),
    ];
  },
};
