// Where a metric is explained: the problems that name it, other articles that write about it, or the one that this table names.
import type { MetricName } from '#core/metrics.ts';
import type { KnownArticle } from './knowledge.ts';

/** Metrics that no problem is measured by → slug of the article that explains them. */
export const metricPlaces: Readonly<Partial<Record<MetricName, string>>> = {
  'agent.bytes': 'problems/monitoring-agent-silent',
  'agent.duration': 'problems/monitoring-agent-silent',
  'cgroup.io_bytes': 'files/sys-fs-cgroup',
  'cgroup.memory_pressure': 'concepts/cgroups-v2',
  'cpu.idle': 'concepts/cpu-time-accounting',
  'cpu.irq': 'problems/runaway-interrupts',
  'cpu.nice': 'concepts/cpu-time-accounting',
  'db.class.running': 'problems/database-connections-exhausted',
  'db.class.waiting': 'problems/mysql-deadlocks-lock-waits',
  'db.mysql.disk_temp_tables': 'problems/mysql-slow-queries',
  'db.mysql.full_scans': 'problems/mysql-slow-queries',
  'db.mysql.row_lock_current': 'problems/mysql-deadlocks-lock-waits',
  'db.mysql.rows_scanned': 'problems/mysql-slow-queries',
  'db.mysql.rows_sent': 'problems/mysql-slow-queries',
  'db.mysql.sort_merges': 'problems/mysql-slow-queries',
  'db.mysql.statements': 'problems/mysql-slow-queries',
  'db.postgresql.deadlocks': 'problems/postgresql-locks',
  'db.postgresql.rollbacks': 'problems/postgresql-locks',
  'db.postgresql.rows_fetched': 'problems/postgresql-long-transactions',
  'db.postgresql.rows_read': 'problems/postgresql-long-transactions',
  'db.postgresql.temp_bytes': 'problems/postgresql-long-transactions',
  'db.redis.command': 'problems/single-core-saturated',
  'mail.queue': 'problems/mail-queue-growing',
  'mem.cached': 'concepts/memory-accounting',
  'mem.free': 'concepts/memory-accounting',
  'net.no_route': 'problems/gateway-unreachable',
  'net.nfs_retransmit_percent': 'problems/nfs-mount-hangs',
  'net.tcp.ports': 'problems/port-exhaustion-time-wait',
  'net.tx_packets': 'files/proc-net',
  'net.wireguard_age': 'problems/wireguard-no-handshake',
  'sys.entropy': 'problems/entropy-or-rng-stall',
  'web.failed': 'problems/website-5xx-errors',
};

/** Slugs of the articles that explain each metric, the problems that are measured by it first, at most four. */
export function articlesOfMetrics(
  names: readonly MetricName[],
  articles: readonly Pick<KnownArticle, 'slug' | 'data' | 'body'>[],
): Map<MetricName, string[]> {
  return new Map(
    names.map((name) => {
      const problems = articles.filter(
        ({ data }) => data.kind === 'problem' && data.metrics.some((metric) => metric === name),
      );
      const others = articles.filter(({ body }) => body.includes(`\`${name}\``));
      const slugs = [...problems, ...others].map(({ slug }) => slug);
      return [name, [...new Set([...slugs, metricPlaces[name] ?? ''])].filter(Boolean).slice(0, 4)];
    }),
  );
}
