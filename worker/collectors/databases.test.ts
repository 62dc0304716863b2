// MySQL, PostgreSQL, Redis, php-fpm: from their files, and from the servers themselves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, `${name}.fixture.txt`), 'utf8').trimEnd();

it('settings from files, of the server and not of its clients', () => {
  const { facts } = read({
    'grep -r . /etc': `/etc/mysql/mariadb.conf.d/50-server.cnf:[client]
/etc/mysql/mariadb.conf.d/50-server.cnf:port = 3307
/etc/mysql/mariadb.conf.d/50-server.cnf:[mysqld]
/etc/mysql/mariadb.conf.d/50-server.cnf:innodb_buffer_pool_size = 12G
/etc/mysql/mariadb.conf.d/50-server.cnf:max_connections=500
/etc/mysql/mariadb.conf.d/50-server.cnf:bind-address            = 127.0.0.1
/etc/postgresql/15/main/postgresql.conf:port = 5432\t\t\t\t# (change requires restart)
/etc/postgresql/15/main/postgresql.conf:listen_addresses = '*'
/etc/postgresql/15/main/postgresql.conf:shared_buffers = 128MB\t\t\t# min 128kB
/etc/redis/redis.conf:bind 127.0.0.1 -::1
/etc/redis/redis.conf:requirepass ***
/etc/redis/redis.conf:maxmemory 2gb
/etc/php/8.2/fpm/pool.d/www.conf:[www]
/etc/php/8.2/fpm/pool.d/www.conf:listen = /run/php/php8.2-fpm.sock
/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic
/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 5
/etc/php/8.2/fpm/pool.d/www.conf:[api]
/etc/php/8.2/fpm/pool.d/www.conf:pm = static
/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 40
/etc/postfix/main.cf:myhostname = mail.example.org
/etc/postfix/main.cf:relayhost = [smtp.example.com]:587
/etc/postfix/main.cf:mydestination = $myhostname, example.org, localhost.$mydomain, localhost
/etc/postfix/main.cf:virtual_mailbox_domains = hash:/etc/postfix/domains, example.net
/etc/bind/named.conf.default-zones:zone "." {
/etc/bind/named.conf.default-zones:\ttype hint;
/etc/bind/named.conf.local:zone "Example.org." {
/etc/bind/named.conf.local:\ttype master;
/etc/bind/named.conf.local:zone "corp.example" { type forward; forwarders { 192.0.2.1; }; };
/etc/named.conf:zone "2.0.192.in-addr.arpa" IN { type slave; masters { 192.0.2.1; }; };`,
  });
  expect(facts.mysql).toEqual({
    innodb_buffer_pool_size: 12 * 2 ** 30,
    max_connections: 500,
    bind_address: '127.0.0.1',
  });
  expect(facts.postgresql).toEqual({ port: 5432, listen_addresses: '*', shared_buffers: 2 ** 27 });
  expect(facts.redis).toEqual({ bind: '127.0.0.1 -::1', requirepass: 'yes', maxmemory: 2 ** 31 });
  expect(facts.phpFpm).toEqual([
    { pool: 'www', maxChildren: 5, manager: 'dynamic', listen: '/run/php/php8.2-fpm.sock' },
    { pool: 'api', maxChildren: 40, manager: 'static' },
  ]);
  expect(facts.mail).toMatchObject({
    hostname: 'mail.example.org',
    domains: ['mail.example.org', 'example.org', 'localhost.example.org', 'example.net'],
    relay: '[smtp.example.com]:587',
  });
  expect(facts.dnsZones).toEqual([
    { name: 'example.org', source: '/etc/bind/named.conf.local' },
    { name: '2.0.192.in-addr.arpa', source: '/etc/named.conf' },
  ]);
});

describe('MySQL', () => {
  const status = (n: number) => `Uptime\t${1000 + n}
Questions\t${n * 100}
Slow_queries\t${n}
Innodb_row_lock_waits\t${n * 2}
Innodb_buffer_pool_reads\t${n}
Innodb_buffer_pool_read_requests\t${n * 50}
Threads_connected\t120
Threads_running\t7
max_connections\t150
innodb_buffer_pool_size\t134217728
version\t10.11.6-MariaDB-0+deb12u1`;

  it('status and variables', () => {
    const report = (uptime: number, n: number) => ({
      'cat /proc/uptime': `${uptime}.00 1`,
      mysql: status(n),
    });
    const snapshot = read(report(1010, 20), read(report(1000, 10)));
    expect(snapshot.facts.mysql).toMatchObject({
      version: '10.11.6-MariaDB-0+deb12u1',
      innodb_buffer_pool_size: 134_217_728,
      max_connections: 150,
    });
    expect(value(snapshot, 'db.mysql.connections_percent')).toBe(80);
    expect(value(snapshot, 'db.mysql.running')).toBe(7);
    expect(value(snapshot, 'db.mysql.queries')).toBe(100);
    expect(value(snapshot, 'db.mysql.slow_queries')).toBe(1);
    expect(value(snapshot, 'db.mysql.buffer_miss_percent')).toBe(2);
  });

  // Recorded: two MariaDB 10.11 of Debian 12, asked by the agent itself.
  it.each([
    ['ok', { slave_io_running: 'Yes', slave_sql_running: 'Yes', last_sql_errno: 0 }, 0],
    ['broken', { slave_io_running: 'Yes', slave_sql_running: 'No', last_sql_errno: 1062 }, undefined],
    ['lag', { slave_io_running: 'Yes', slave_sql_running: 'Yes', last_sql_errno: 0 }, 35],
  ])('a replica: %s', (name, state, lag) => {
    const snapshot = read({ mysql: fixture(`mysql.replica-${name}`) });
    expect(snapshot.facts.mysql).toMatchObject({ version: '10.11.19-MariaDB-0+deb12u1', ...state });
    expect(value(snapshot, 'db.mysql.replica_lag')).toBe(lag);
    expect(value(snapshot, 'db.mysql.connections_percent')).toBeGreaterThan(0);
    expect(complaints(snapshot)).toEqual([]);
  });

  it('of several sources the worst, and what exceeds a delay that is wanted', () => {
    const snapshot = read({
      mysql: `   Replica_IO_Running: Yes
  Replica_SQL_Running: Yes
Seconds_Behind_Source: 10
            SQL_Delay: 0
   Replica_IO_Running: Connecting
        Last_IO_Errno: 2003
  Replica_SQL_Running: Yes
Seconds_Behind_Source: 3700
Variable_name\tValue
Uptime\t77`,
    });
    expect(snapshot.facts.mysql).toMatchObject({
      replica_io_running: 'Connecting',
      replica_sql_running: 'Yes',
      last_io_errno: 2003,
    });
    expect(value(snapshot, 'db.mysql.replica_lag')).toBe(3700);
    const delayed = read({ mysql: 'Uptime\t9\nSeconds_Behind_Master: 3605\nSQL_Delay: 3600' });
    expect(value(delayed, 'db.mysql.replica_lag')).toBe(5);
  });

  it('a server that does not let root in', () => {
    expect(complaints(read({ mysql: '=!= exit 1' }))).toEqual(['mysql: The command ended with exit code 1.']);
  });
});

// Recorded: PostgreSQL 15 of Debian 12 with a slot that nobody reads and dead rows, asked by the agent itself.
it('PostgreSQL: sessions, settings, transaction ids, slots, dead rows', () => {
  const snapshot = read({
    psql: fixture('postgresql.debian12'),
    'psql -l': fixture('postgresql.tables'),
  });
  expect(snapshot.facts.postgresql).toMatchObject({
    max_connections: 20,
    shared_buffers: 2 ** 27,
    work_mem: 2 ** 22,
    inactive_slots: 1,
    inactive_slot_bytes: 1_329_854_696,
    inactive_slot: 'gone',
    worst_table: 'shop.orders',
    n_live_tup: 200_000,
    n_dead_tup: 60_000,
  });
  expect(value(snapshot, 'db.postgresql.connections_percent')).toBe(85);
  expect(value(snapshot, 'db.postgresql.idle_tx_seconds')).toBeCloseTo(2.8, 1);
  expect(value(snapshot, 'db.postgresql.xid_percent')).toBeLessThan(0.01);
  expect(complaints(snapshot)).toEqual([]);
  const long = read({
    psql: 'active|3|00:00:01.5\nidle in transaction|7|1 day 00:20:00.25\npostgres|1072241824',
  });
  expect(value(long, 'db.postgresql.idle_tx_seconds')).toBe(86_400 + 1200.25);
  expect(value(long, 'db.postgresql.xid_percent')).toBeCloseTo(50, 1);
});

it('databases of PostgreSQL without a table are no fault of the report', () => {
  expect(complaints(read({ psql: 'active|1|00:00:00.1', 'psql -l': '' }))).toEqual([]);
  expect(complaints(read({ psql: '' }))).toEqual([
    'psql: Not understood. No row is one of those that were asked for.',
  ]);
});

it('the tables of PostgreSQL alone say nothing of sessions', () => {
  const { samples } = read({ 'psql -l': fixture('postgresql.tables') });
  expect(samples.filter(({ metric }) => metric.startsWith('db.'))).toEqual([]);
});

it('what a file says of a database stands until the next hour', () => {
  const hourly = read({
    'redis-cli info': 'used_memory:900\nmaxmemory:0',
    'grep -r . /etc': '/etc/redis/redis.conf:bind 0.0.0.0\n/etc/redis/redis.conf:protected-mode no',
  });
  const minute = read({ 'redis-cli info': 'used_memory:901\nmaxmemory:0' }, hourly);
  expect(minute.facts.redis).toEqual({
    requirepass: 'no',
    bind: '0.0.0.0',
    'protected-mode': 'no',
    used_memory: 901,
    maxmemory: 0,
  });
});

it('Redis: memory against its limit, failed saves, a password that is asked for', () => {
  const snapshot = read({
    'redis-cli':
      '# Memory\r\nused_memory:900\r\nmaxmemory:1000\r\nmaxmemory_policy:allkeys-lru\r\n# Persistence\r\nrdb_last_bgsave_status:err\r\nrejected_connections:5\r\nredis_version:7.0.15',
  });
  expect(value(snapshot, 'db.redis.memory_percent')).toBe(90);
  expect(snapshot.facts.redis).toEqual({
    used_memory: 900,
    maxmemory: 1000,
    maxmemory_policy: 'allkeys-lru',
    rdb_last_bgsave_status: 'err',
    redis_version: '7.0.15',
  });
  expect(complaints(read({ 'redis-cli': 'NOAUTH Authentication required.' }))).toEqual([
    'redis-cli: Not understood. Redis asks for a password.',
  ]);
});

/** Two reports a minute apart. */
const later = (name: string, section: (n: number) => string) =>
  read(
    { 'cat /proc/uptime': '160.00 1', [name]: section(1) },
    read({ 'cat /proc/uptime': '100.00 1', [name]: section(0) }),
  );

it('MySQL: statements by kind, what they read, and what runs by verb and table', () => {
  const section = (more: number) =>
    [
      `Com_select\t${100 + 60 * more}`,
      `Com_update\t${50 + 20 * more}`,
      `Com_update_multi\t${10 * more}`,
      `Handler_read_rnd_next\t${1000 + 120_000 * more}`,
      `Rows_sent\t${10 + 60 * more}`,
      `Select_scan\t${2 * more}`,
      `Select_full_join\t${4 * more}`,
      'Uptime\t500',
      'now\t3\tSending_data\tSELECT\tFROM  `shop` . `orders`',
      'now\t3\tSending_data\t(\\nSELECT\tFROM\\n\\tstock',
      'now\t9\tUpdating_LOCK_WAIT\tupdate\tupdate cart',
      'now\t9\tUpdating_LOCK_WAIT\tUPDATE\tUPDATE cart',
      'now\t0\t\t\t',
      'now\t0\tinit\tNULL\tNULL',
    ].join('\n');
  const snapshot = later('mysql', section);
  const all = (metric: string) =>
    Object.fromEntries(
      snapshot.samples.filter((s) => s.metric === metric).map((s) => [s.subject, Math.round(s.value)]),
    );
  expect(all('db.class.running')).toEqual({
    'mysql SELECT shop.orders': 1,
    'mysql SELECT stock': 1,
    'mysql UPDATE cart': 2,
    'mysql other statements': 2,
  });
  expect(all('db.class.waiting')).toEqual({ 'mysql UPDATE cart': 2 });
  expect(all('db.mysql.statements')).toEqual({ SELECT: 1, UPDATE: 1 });
  expect(all('db.mysql.rows_scanned')).toEqual({ '': 2000 });
  expect(complaints(snapshot)).toEqual([]);
});

it('PostgreSQL: counters of each database, what runs, and what a session holds open', () => {
  const section = (n: number) =>
    [
      `shop|100|${n}|${60_000 * n}|3|${6_000_000 * n}|0`,
      'now|5|activeLock|UPDATE|"cart"',
      'now|5|active|\n'.trimEnd(),
      'now|61|idle in transactionClient|update|public.stock',
      'active|2|00:00:01',
    ].join('\n');
  const snapshot = later('psql', section);
  const all = (metric: string) =>
    Object.fromEntries(
      snapshot.samples.filter((s) => s.metric === metric).map((s) => [s.subject, Math.round(s.value)]),
    );
  expect(all('db.class.running')).toEqual({
    'postgresql UPDATE cart': 1,
    'postgresql UPDATE public.stock, held open': 1,
  });
  expect(all('db.class.waiting')).toEqual({ 'postgresql UPDATE cart': 1 });
  expect(all('db.postgresql.rows_read')).toEqual({ shop: 1000 });
  expect(all('db.postgresql.temp_bytes')).toEqual({ shop: 100_000 });
  expect(value(snapshot, 'db.postgresql.xid_percent')).toBeGreaterThan(0);
});

it('Redis: the time of each command', () => {
  const section = (n: number) =>
    `used_memory:900\nmaxmemory:1000\ncmdstat_get:calls=1,usec=${600_000 * n},usec_per_call=1.00\ncmdstat_config|get:calls=2,usec=7`;
  const snapshot = later('redis-cli', section);
  expect(
    snapshot.samples
      .filter((s) => s.metric === 'db.redis.command')
      .map((s) => [s.subject, Math.round(s.value)]),
  ).toEqual([
    ['GET', 1],
    ['CONFIG|GET', 0],
  ]);
});
