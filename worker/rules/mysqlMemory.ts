// MySQL and MariaDB against the memory they may use: the machine's, or their service's limit.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { serviceMemory, type ServiceMemory } from './serviceMemory.ts';
import { numberOf, settingOf } from './settings.ts';

const mysqlNames = /^(mysqld|mariadbd)/;

export function mysqlGroup(picture: Picture) {
  return picture.facts.processGroups?.find((g) => mysqlNames.test(g.name));
}

/** Its program; one that was killed keeps the name under which it ran. */
function nameOf(picture: Picture): string {
  const seen = [...(picture.seen?.keys() ?? [])].find((name) => mysqlNames.test(name));
  const version = String(settingOf(picture.facts.mysql, 'version') ?? '');
  return mysqlGroup(picture)?.name ?? seen ?? (/maria/i.test(version) ? 'mariadbd' : 'mysqld');
}

/** The memory that the database can get: RAM, or the limit of its control group when that is smaller. */
export function mysqlMemory(picture: Picture): ServiceMemory | undefined {
  return serviceMemory(picture, mysqlGroup(picture), /^(mysql|mysqld|mariadb)\.service$/);
}

/** The pool against the memory that the database can get. Latent until a live symptom needs it. */
export const mysqlBufferPool: Rule = {
  id: 'db.mysql_bufferpool_gt_ram',
  find(picture): Finding[] {
    const pool = numberOf(picture.facts.mysql, 'innodb_buffer_pool_size');
    const memory = mysqlMemory(picture);
    if (!pool || !memory) return [];
    const group = mysqlGroup(picture);
    const share = (100 * pool) / memory.bytes;
    const limits = limitsOf('db.mysql_bufferpool_gt_ram');
    const othersRss = (picture.facts.processGroups ?? [])
      .filter((g) => !mysqlNames.test(g.name))
      .reduce((sum, g) => sum + g.rss, 0);
    const crowded =
      !memory.limited &&
      pool > (limits.half / 100) * memory.bytes &&
      pool + othersRss > (limits.together / 100) * memory.bytes;
    if (share <= limits.share && !crowded) return [];
    const name = nameOf(picture);
    return [
      makeFinding(picture, 'db.mysql_bufferpool_gt_ram', {
        subject: { kind: 'process', name },
        // A setting holds since the database started, not since it was read.
        since: group?.startedAt ?? picture.from,
        severity: share > limits.grave ? 'critical' : 'warning',
        latent: true,
        confidence: share > limits.grave ? 0.95 : 0.8,
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

/** Buffers that every connection may take, by their variables. */
const perConnection = [
  'sort_buffer_size',
  'join_buffer_size',
  'read_buffer_size',
  'read_rnd_buffer_size',
  'thread_stack',
  'binlog_cache_size',
];

/** Pool + max_connections × buffers of a connection against the memory. Latent: it bites when connections come. */
export const mysqlWorstCase: Rule = {
  id: 'db.mysql_worst_case_mem',
  find(picture): Finding[] {
    const settings = picture.facts.mysql;
    const pool = numberOf(settings, 'innodb_buffer_pool_size') ?? 0;
    const connections = numberOf(settings, 'max_connections');
    const memory = mysqlMemory(picture);
    if (!connections || !memory) return [];
    const each = perConnection.reduce((sum, name) => sum + (numberOf(settings, name) ?? 0), 0);
    const worst = pool + (numberOf(settings, 'key_buffer_size') ?? 0) + connections * each;
    // A pool that does not fit alone is another problem, and says so itself.
    const limits = limitsOf('db.mysql_worst_case_mem');
    const percent = memory.bytes / 100;
    if (each === 0 || worst <= limits.whole * percent || pool > limits.pool * percent) return [];
    const group = mysqlGroup(picture);
    return [
      makeFinding(picture, 'db.mysql_worst_case_mem', {
        subject: { kind: 'process', name: nameOf(picture) },
        since: group?.startedAt ?? picture.from,
        latent: true,
        confidence: 0.8,
        summary: `With all ${connections} connections in use, MySQL may take ${formatBytes(worst)}; ${formatBytes(memory.bytes)} exist.`,
        evidence: [
          evidence('InnoDB buffer pool', pool, 'bytes', 'facts.mysql.innodb_buffer_pool_size'),
          evidence('max_connections', connections, 'count', 'facts.mysql.max_connections'),
          evidence(
            'buffers of a connection',
            each,
            'bytes',
            'facts.mysql',
            `below ${formatBytes(Math.max(0, memory.bytes - pool) / connections)}`,
          ),
        ],
      }),
    ];
  },
};
