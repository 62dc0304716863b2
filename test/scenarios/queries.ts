// Scenarios of databases that a class of statements makes busy: which one is known.
import { from, MiB, overload, type Machine, type Scenario } from './scenario.ts';

interface Statement {
  /** How many run at the look, and how many of them wait for a lock. */
  running: number;
  waiting?: number;
  verb: string;
  table: string;
}

/** Counters of a database since it started; a scenario adds to them minute by minute. */
class Counts {
  #sums = new Map<string, number>();
  add(rates: Record<string, number>, seconds: number, jitter: () => number): void {
    for (const [name, rate] of Object.entries(rates))
      this.#sums.set(name, (this.#sums.get(name) ?? 1_000_000) + Math.round(rate * seconds * jitter()));
  }
  lines(separator: string): string[] {
    return [...this.#sums].map(([name, value]) => `${name}${separator}${value}`);
  }
}

const kept = new WeakMap<Machine, Counts>();
function countsOf(m: Machine): Counts {
  const counts = kept.get(m) ?? new Counts();
  kept.set(m, counts);
  return counts;
}

const usual: Record<string, number> = {
  Questions: 220,
  Com_select: 160,
  Com_insert: 12,
  Com_update: 18,
  Com_delete: 2,
  Com_commit: 25,
  Handler_read_rnd_next: 900,
  Rows_sent: 600,
  Select_scan: 2,
  Slow_queries: 0.01,
};

/** What the agent's section `mysql` says after a minute at these rates. */
export function mysql(
  m: Machine,
  rates: Record<string, number>,
  statements: readonly Statement[],
  connected = 12,
): void {
  const counts = countsOf(m);
  counts.add({ ...usual, ...rates }, 60, () => m.jitter(0.05));
  const running = statements.reduce((sum, s) => sum + s.running, 0);
  const waiting = statements.reduce((sum, s) => sum + (s.waiting ?? 0), 0);
  m.sections.set(
    'mysql',
    [
      ...counts.lines('\t'),
      `Innodb_row_lock_current_waits\t${waiting}`,
      `Threads_connected\t${connected}`,
      `Threads_running\t${running + 1}`,
      `Uptime\t${Math.round(900_000 + m.now)}`,
      'max_connections\t151',
      'version\t10.11.6-MariaDB',
      ...rows(statements, '\t', 'Updating_LOCK_WAIT', 'Sending_data', (t) => `from ${t}`),
    ].join('\n'),
  );
}

/** What the agent's section `psql` says. */
function postgres(
  m: Machine,
  statements: readonly Statement[],
  sessions: Record<string, number>,
  held: string[] = [],
): void {
  const counts = countsOf(m);
  counts.add({ rollbacks: 0.1, read: 4000, fetched: 3000, temp: 0, deadlocks: 0 }, 60, () => m.jitter(0.05));
  m.sections.set(
    'psql',
    [
      `shop|2100|${counts
        .lines('=')
        .map((l) => l.split('=')[1])
        .join('|')}`,
      'max_connections|100|',
      ...Object.entries(sessions).map(([state, n]) => `${state}|${n}|00:00:01.2`),
      ...rows(statements, '|', 'activeLock', 'active', (t) => t),
      ...held,
    ].join('\n'),
  );
}

function rows(
  statements: readonly Statement[],
  separator: string,
  waits: string,
  works: string,
  table: (name: string) => string,
): string[] {
  return statements.flatMap(({ running, waiting = 0, verb, table: name }) =>
    Array.from({ length: running }, (_, i) =>
      ['now', '3', i < waiting ? waits : works, verb, table(name)].join(separator),
    ),
  );
}

const pages: Statement = { running: 1, verb: 'select', table: 'products' };
const busy = (m: Machine, i: number, onset: number, cpu = 185) =>
  m.run('mariadbd', { cpu: from(i, onset, cpu, 12) });

export const queryScenarios: readonly (Scenario & { query: string })[] = [
  {
    name: 'A report without an index keeps MariaDB busy',
    kind: 'fault',
    reports: 30,
    onset: 18,
    minute(m, i) {
      busy(m, i, 18);
      const bad = i >= 18;
      mysql(
        m,
        bad ? { Handler_read_rnd_next: 2_800_000, Rows_sent: 300, Select_scan: 6, Slow_queries: 2.5 } : {},
        bad
          ? [
              { ...pages, running: 3 },
              { running: 7, verb: 'SELECT', table: '`shop`.`orders`' },
              { running: 1, verb: 'insert', table: 'visits' },
            ]
          : [pages],
      );
      m.psi.cpu = from(i, 18, 60, 0);
    },
    roots: [{ problem: 'db.mysql_slow', subject: 'mysql' }],
    query: 'SELECT shop.orders',
  },
  {
    name: 'Updates of one table wait for each other',
    kind: 'fault',
    reports: 26,
    onset: 16,
    minute(m, i) {
      const bad = i >= 16;
      mysql(
        m,
        {},
        bad
          ? [
              pages,
              { running: 9, waiting: 8, verb: 'update', table: 'cart' },
              { running: 3, waiting: 3, verb: 'delete', table: 'cart' },
            ]
          : [pages],
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: 'mysql' }],
    query: 'UPDATE cart',
  },
  {
    name: 'A lock takes the connections of MariaDB',
    kind: 'fault',
    reports: 26,
    onset: 16,
    minute(m, i) {
      const bad = i >= 16;
      mysql(
        m,
        {},
        bad ? [pages, { running: 120, waiting: 119, verb: 'UPDATE', table: 'stock' }] : [pages],
        bad ? 146 : 14,
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: 'mysql' }],
    query: 'UPDATE stock',
  },
  {
    name: 'Ten times as many deletes, each of them quick',
    kind: 'fault',
    reports: 30,
    onset: 18,
    minute(m, i) {
      busy(m, i, 18);
      mysql(m, i >= 18 ? { Com_delete: 2400, Questions: 2600, Slow_queries: 1.5 } : {}, [pages]);
      m.psi.cpu = from(i, 18, 60, 0);
    },
    roots: [{ problem: 'db.mysql_slow', subject: 'mysql' }],
    query: 'DELETE',
  },
  {
    name: 'Statements of MariaDB write without end to the disk',
    kind: 'fault',
    reports: 30,
    onset: 18,
    minute(m, i) {
      const bad = i >= 18;
      m.run('mariadbd', { cpu: 14, write: from(i, 18, 90e6, 0.1e6), read: 0.1e6 });
      if (bad) overload(m, 'sda', { write: 92e6 });
      mysql(
        m,
        bad ? { Com_insert: 900, Questions: 1100 } : {},
        bad ? [pages, { running: 9, verb: 'insert', table: 'audit_log' }] : [pages],
      );
    },
    roots: [
      {
        problem: ['disk.saturated', 'disk.latency', 'cpu.iowait', 'proc.runaway'],
        subject: ['sda', 'mariadbd'],
      },
    ],
    query: 'INSERT audit_log',
  },
  {
    name: 'PostgreSQL computes one statement on all cores',
    kind: 'fault',
    reports: 30,
    onset: 18,
    setup(m) {
      m.stop('mariadbd');
      m.run('postgres', { cpu: 8, rss: 300 * MiB, count: 12, uid: 107 });
    },
    minute(m, i) {
      const bad = i >= 18;
      m.run('postgres', { cpu: from(i, 18, 190, 8) });
      m.psi.cpu = from(i, 18, 60, 0);
      const slow = { running: 4, verb: 'SELECT', table: '"events"' };
      postgres(m, bad ? [pages, slow] : [pages], { active: bad ? 5 : 1, idle: 9 });
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: ['postgres', 'web1'] }],
    query: 'SELECT events',
  },
  {
    name: 'Sessions of PostgreSQL queue behind a lock until none is left',
    kind: 'fault',
    reports: 26,
    onset: 16,
    setup(m) {
      m.stop('mariadbd');
      m.run('postgres', { cpu: 8, rss: 300 * MiB, count: 12, uid: 107 });
    },
    minute(m, i) {
      const bad = i >= 16;
      postgres(m, bad ? [pages, { running: 85, waiting: 85, verb: 'UPDATE', table: 'invoices' }] : [pages], {
        active: bad ? 86 : 1,
        idle: 10,
      });
    },
    roots: [{ problem: 'db.pg_connections', subject: 'postgresql' }],
    query: 'UPDATE invoices',
  },
  {
    name: 'KEYS takes the one core of Redis',
    kind: 'fault',
    reports: 30,
    onset: 18,
    setup: (m) => m.run('redis-server', { cpu: 4, rss: 200 * MiB, uid: 110 }),
    minute(m, i) {
      m.run('redis-server', { cpu: from(i, 18, 98, 4) });
      const counts = countsOf(m);
      counts.add({ get: 18_000, set: 9000, keys: from(i, 18, 920_000, 200) }, 60, () => m.jitter(0.02));
      m.sections.set(
        'redis-cli',
        [
          'used_memory:180000000\nmaxmemory:1000000000',
          ...counts.lines(' ').map((line) => {
            const [name, usec] = line.split(' ');
            return `cmdstat_${name}:calls=5000,usec=${usec},usec_per_call=3.00,rejected_calls=0,failed_calls=0`;
          }),
        ].join('\n'),
      );
    },
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'redis-server' }],
    query: 'KEYS',
  },
];

/** The dump of every night, at its hour: MariaDB is busy with one class of statements, and nothing is wrong. */
export const nightlyDump: Scenario = {
  name: 'The nightly dump of the database',
  kind: 'control',
  reports: 72,
  step: 3600,
  onset: 49,
  minute(m, i) {
    const night = i % 24 === 2;
    if (night) m.run('mysqldump', { cpu: 12, rss: 30 * MiB, write: 9e6 });
    else m.stop('mysqldump');
    m.run('mariadbd', { cpu: night ? 45 : 6, read: night ? 20e6 : 0.1e6 });
    mysql(
      m,
      night ? { Handler_read_rnd_next: 400_000, Rows_sent: 380_000, Select_scan: 3 } : {},
      night ? [pages, { running: 1, verb: 'SELECT', table: 'orders' }] : [pages],
    );
  },
  roots: [],
};
