// MySQL, PostgreSQL, Redis, php-fpm: from their files, and from the servers themselves.
import { describe, expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

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
/etc/postfix/main.cf:myhostname = mail.example.org`,
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
  expect(facts.mail?.hostname).toBe('mail.example.org');
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
version\t10.11.6-MariaDB-0+deb12u1
*************************** 1. row ***************************
                Slave_IO_State: Waiting for master to send event
              Slave_IO_Running: Yes
             Slave_SQL_Running: No
                    Last_Error: Error 'Duplicate entry' on query
         Seconds_Behind_Master: 91`;

  it('status, variables and replica', () => {
    const report = (uptime: number, n: number) => ({
      'cat /proc/uptime': `${uptime}.00 1`,
      mysql: status(n),
    });
    const snapshot = read(report(1010, 20), read(report(1000, 10)));
    expect(snapshot.facts.mysql).toMatchObject({
      version: '10.11.6-MariaDB-0+deb12u1',
      innodb_buffer_pool_size: 134_217_728,
      max_connections: 150,
      slave_io_running: 'Yes',
      slave_sql_running: 'No',
      seconds_behind_master: 91,
    });
    expect(value(snapshot, 'db.mysql.connections_percent')).toBe(80);
    expect(value(snapshot, 'db.mysql.running')).toBe(7);
    expect(value(snapshot, 'db.mysql.replica_lag')).toBe(91);
    expect(value(snapshot, 'db.mysql.queries')).toBe(100);
    expect(value(snapshot, 'db.mysql.slow_queries')).toBe(1);
    expect(value(snapshot, 'db.mysql.buffer_miss_percent')).toBe(2);
  });

  it('a server that does not let root in', () => {
    expect(complaints(read({ mysql: '=!= exit 1' }))).toEqual(['mysql: The command ended with exit code 1.']);
  });
});

it('PostgreSQL: sessions, settings, transaction ids, slots', () => {
  const snapshot = read({
    psql: `active|3|00:00:01.5
idle|80|
idle in transaction|7|1 day 00:20:00.25
|5|
max_connections|100|
shared_buffers|16384|8kB
work_mem|4096|kB
postgres|1072241824
template1|812
standby1|f
standby2|t`,
  });
  expect(snapshot.facts.postgresql).toMatchObject({
    max_connections: 100,
    shared_buffers: 2 ** 27,
    work_mem: 2 ** 22,
    inactive_slots: 1,
  });
  expect(value(snapshot, 'db.postgresql.connections_percent')).toBe(95);
  expect(value(snapshot, 'db.postgresql.idle_tx_seconds')).toBe(86_400 + 1200.25);
  expect(value(snapshot, 'db.postgresql.xid_percent')).toBeCloseTo(50, 1);
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
