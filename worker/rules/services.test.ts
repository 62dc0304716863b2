import { describe, expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { handmade, startOfTests } from '#worker/picture/handmade.ts';
import { group, memory, monitor, root, testCases } from './sickAndHealthy.fixture.ts';

const startedAgain = [300, 360, 420, 480].map((at) => ({
  kind: 'unit.restarted',
  at: startOfTests + at,
  subject: 'a.service',
  text: 'a.service was restarted',
}));

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const day = 86_400;

const smallPg = {
  ...root,
  source: '/dev/sdb1',
  mount: '/srv/pg',
  size: GiB,
  used: GiB / 2,
  available: GiB / 2,
};
const slot = { data_directory: '/srv/pg/main', inactive_slots: 1, inactive_slot: 'standby2' };
const staticPool = {
  processGroups: [group('php-fpm8.2', { count: 5 })],
  phpFpm: [{ pool: 'www', maxChildren: 4, manager: 'static', listen: '127.0.0.1:9000' }],
};
const phpPort = { protocol: 'tcp' as const, address: '127.0.0.1', port: 9000, backlog: 4096 };

/** A program of a user, of months, that goes after four reports where no port has a name; `open`: the TCP ports then. */
const withoutNames = (gone: boolean, open: number[]) => (i: number) => ({
  processGroups: [
    group('sshd'),
    ...(gone && i > 3
      ? []
      : [group('gitea', { users: ['git'], startedAt: startOfTests - 90 * day, rss: 200 * MiB })]),
  ],
  users: [{ name: 'git', uid: 1000, gid: 1000, home: '/home/git', shell: '/bin/bash' }],
  listeners: (i > 3 ? open : [22, 3000]).map((port) => ({
    protocol: 'tcp' as const,
    address: '0.0.0.0',
    port,
  })),
});

/** A program without a port, every five minutes for a day and an hour. */
const present = (when: (report: number) => boolean) => ({
  reports: 300,
  step: 300,
  facts: (i: number) => ({
    processGroups: [group('sshd'), ...(when(i) ? [group('worker')] : [])],
    listeners: [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 22, process: 'sshd' }],
  }),
});

const everyMinute = (when: (report: number) => boolean) => ({
  ...present(when),
  reports: 4304,
  step: 60,
  series: { 'mem.available': 1e9, 'proc.group.count{worker}': (i: number) => (when(i) ? 1 : undefined) },
});

const apacheComplaint = {
  kind: 'web.config_invalid',
  at: 1_760_000_000,
  subject: 'apache2',
  text: 'Syntax error on line 3 of /etc/httpd/conf/httpd.conf',
};

describe('rules of services and databases', () => {
  testCases([
    // Who waits for a lock that no statement holds waits for a transaction that nobody ends; behind one that works it is that one's work.
    [
      'db.pg_idle_tx',
      'postgresql',
      {
        series: {
          'db.class.waiting{postgresql UPDATE stock}': 12,
          'db.class.running{postgresql UPDATE stock}': 12,
          'db.postgresql.idle_tx_seconds': 0,
        },
      },
      {
        series: {
          'db.class.waiting{postgresql UPDATE stock}': 12,
          'db.class.running{postgresql UPDATE stock}': 13,
          'db.postgresql.idle_tx_seconds': 0,
        },
      },
    ],
    [
      'db.pg_idle_tx',
      'postgresql',
      {
        series: {
          'db.class.waiting{postgresql UPDATE stock}': 4,
          'db.class.running{postgresql UPDATE stock}': 4,
          'db.class.running{postgresql SELECT stock, held open}': 1,
          'db.postgresql.idle_tx_seconds': (i) => 30 + 60 * i,
        },
      },
      {
        series: {
          'db.class.waiting{postgresql UPDATE stock}': 4,
          'db.class.running{postgresql UPDATE stock}': 4,
          'db.class.running{postgresql SELECT stock, held open}': 1,
          'db.postgresql.idle_tx_seconds': 1,
        },
      },
    ],
    [
      'db.mysql_locks',
      'mysql',
      { series: { 'db.mysql.row_lock_waits': 0.2, 'db.mysql.row_lock_current': (i) => (i < 5 ? 0 : 12) } },
      { series: { 'db.mysql.row_lock_waits': 0.2, 'db.mysql.row_lock_current': (i) => (i % 4 ? 0 : 1) } },
    ],
    // A small filesystem is full before the slot keeps a gigabyte.
    [
      'db.pg_slot',
      'postgresql',
      { facts: { filesystems: [smallPg], postgresql: { ...slot, inactive_slot_bytes: 300 * MiB } } },
      { facts: { filesystems: [smallPg], postgresql: { ...slot, inactive_slot_bytes: 100 * MiB } } },
    ],
    // A static pool, of which no log tells that it is full.
    [
      'web.phpfpm_children',
      'php-fpm',
      { facts: { ...staticPool, listeners: [{ ...phpPort, queue: 5 }] } },
      { facts: (i) => ({ ...staticPool, listeners: [{ ...phpPort, queue: i % 2 ? 5 : 0 }] }) },
    ],
    [
      'proc.vanished',
      'gitea',
      { facts: withoutNames(true, [22]) },
      { facts: withoutNames(true, [22, 3000]) },
    ],
    ['proc.vanished', 'gitea', { facts: withoutNames(true, [22]) }, { facts: withoutNames(false, [22]) }],
    // Gone at the end: after a day without a break, or after the last of many jobs.
    ['proc.vanished', 'worker', present((i) => i < 290), present((i) => i % 12 < 3 && i < 290)],
    // A job of every five minutes, over days: what is older than one is known more coarsely.
    ['proc.vanished', 'worker', everyMinute((i) => i < 4300), everyMinute((i) => i % 5 < 2)],
    [
      'svc.unit_failed',
      'a.service',
      { facts: { units: [{ name: 'a.service', active: 'failed', sub: 'failed' }] } },
      { facts: { units: [{ name: 'a.service', active: 'inactive', sub: 'dead' }] } },
    ],
    [
      'svc.restart_loop',
      'a.service',
      {
        series: { 'unit.restarts{a.service}': (i) => i * 3 },
        facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] },
      },
      {
        series: { 'unit.restarts{a.service}': (i) => (i > 5 ? 1 : 0) },
        facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] },
      },
    ],
    // Seen in the list of each minute alone, which does not count; a job that is started anew each minute ends well.
    [
      'svc.restart_loop',
      'a.service',
      {
        facts: (i) => ({
          units: [{ name: 'a.service', active: 'activating', sub: i < 5 ? 'start' : 'auto-restart' }],
        }),
      },
      {
        facts: {
          units: [{ name: 'a.service', active: 'activating', sub: 'auto-restart', result: 'success' }],
        },
      },
    ],
    // systemd of CentOS 7 does not count: its starts do, where it ended by itself; those by hand are no loop.
    [
      'svc.restart_loop',
      'a.service',
      {
        facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] },
        events: startedAgain.map((e) => ({ ...e, data: { byItself: true } })),
      },
      { facts: { units: [{ name: 'a.service', active: 'active', sub: 'running' }] }, events: startedAgain },
    ],
    [
      'svc.timer_missed',
      'b.timer',
      {
        facts: {
          timers: [
            {
              name: 'b.timer',
              unit: 'b.service',
              lastAt: startOfTests - 3 * day,
              nextAt: startOfTests - 2 * day,
            },
          ],
        },
      },
      {
        facts: {
          timers: [
            { name: 'b.timer', unit: 'b.service', lastAt: startOfTests - 3600, nextAt: startOfTests + day },
          ],
        },
      },
    ],
    [
      'svc.timer_missed',
      'copy.timer',
      {
        facts: {
          timers: [{ name: 'copy.timer', unit: 'copy.service', lastAt: startOfTests - 9 * day }],
          units: [{ name: 'copy.service', active: 'activating', sub: 'start' }],
        },
      },
      {
        facts: {
          timers: [{ name: 'copy.timer', unit: 'copy.service', lastAt: startOfTests - 9 * day }],
          units: [{ name: 'copy.service', active: 'active', sub: 'running' }],
        },
      },
    ],
    [
      'svc.container_unhealthy',
      'api',
      {
        facts: {
          containers: [
            { id: '1', name: 'api', image: 'x', state: 'running', health: 'unhealthy', restarts: 0 },
          ],
        },
      },
      {
        facts: {
          containers: [{ id: '1', name: 'api', image: 'x', state: 'exited', exitCode: 143, restarts: 0 }],
        },
      },
    ],
    [
      'svc.container_loop',
      'api',
      { facts: { containers: [{ id: '1', name: 'api', image: 'x', state: 'restarting', restarts: 9 }] } },
      { facts: { containers: [{ id: '1', name: 'api', image: 'x', state: 'running', restarts: 1 }] } },
    ],
    [
      'web.config_invalid',
      'nginx',
      {
        events: [
          {
            kind: 'web.config_invalid',
            at: 1_760_000_000,
            subject: 'nginx',
            text: 'unknown directive "liste" in /etc/nginx/nginx.conf:3',
          },
        ],
      },
      { facts: { webConfig: [{ server: 'nginx' }] } },
    ],
    [
      // Red Hat's httpd complains as Apache does; its files lie elsewhere, and changing them mends it.
      'web.config_invalid',
      'httpd',
      { facts: { processGroups: [group('httpd', { startedAt: 1_759_000_000 })] }, events: [apacheComplaint] },
      {
        facts: { processGroups: [group('httpd', { startedAt: 1_759_000_000 })] },
        events: [
          apacheComplaint,
          {
            kind: 'config.changed',
            at: 1_760_000_120,
            subject: '/etc/httpd/conf/httpd.conf',
            text: 'changed',
          },
        ],
      },
    ],
    [
      'db.mysql_worst_case_mem',
      'mysqld',
      {
        series: memory,
        facts: {
          mysql: {
            innodb_buffer_pool_size: 4 * GiB,
            max_connections: 1000,
            sort_buffer_size: 8 * MiB,
            join_buffer_size: 2 * MiB,
          },
        },
      },
      {
        series: memory,
        facts: {
          mysql: {
            innodb_buffer_pool_size: 4 * GiB,
            max_connections: 100,
            sort_buffer_size: 2 * MiB,
            join_buffer_size: 256 * 1024,
          },
        },
      },
    ],
    [
      'db.mysql_repl_broken',
      'mysql',
      { facts: { mysql: { slave_io_running: 'No', slave_sql_running: 'Yes' } } },
      { facts: { mysql: { slave_io_running: 'Yes', slave_sql_running: 'Yes' } } },
    ],
    [
      'db.redis_bgsave',
      'redis',
      { facts: { redis: { rdb_last_bgsave_status: 'err' } } },
      { facts: { redis: { rdb_last_bgsave_status: 'ok' } } },
    ],
    [
      'svc.timer_missed',
      'shop',
      {},
      {},
      [monitor({ kind: 'heartbeat', state: 'down', code: 'heartbeat-missed' })],
      [monitor({ kind: 'heartbeat', state: 'up' })],
    ],
  ]);
});

describe('how a unit failed', () => {
  it.each([
    [
      { result: 'exit-code', exitStatus: 203, exitCode: 'exited' },
      'exit-code, exit 203: its program cannot be executed',
    ],
    [{ result: 'exit-code', exitStatus: 217 }, 'exit-code, exit 217: its User is unknown'],
    [{ result: 'signal', exitStatus: 9, exitCode: 'killed' }, 'signal, exit 137, killed'],
    [{ result: 'exit-code', exitStatus: 137, exitCode: 'exited' }, 'exit-code, exit 137, killed'],
    [{ result: 'exit-code', exitStatus: 255, exitCode: 'exited' }, 'exit-code, exit 255'],
  ])('%o', (how, words) => {
    const { findings } = replay(
      handmade({ facts: { units: [{ name: 'a.service', active: 'failed', sub: 'failed', ...how }] } }),
    );
    expect(findings.find((f) => f.id === 'svc.unit_failed')!.summary).toBe(
      `a.service has failed (${words}).`,
    );
  });
});
