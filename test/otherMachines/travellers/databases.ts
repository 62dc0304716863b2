// Databases: settings that do not fit the server, who holds whom, replicas and what they leave behind.
import { from, grown, server, swapping, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { debian12, jammy, leap, noble, rhel9 } from '../systems.ts';
import { ended, mysql, oomKill, postgres, redis } from '../tools.ts';

const ioThread = (errno: number) =>
  [
    ['Slave_IO_Running', 'No'],
    ['Slave_SQL_Running', 'Yes'],
    ['Last_Errno', 0],
    ['Seconds_Behind_Master', 'NULL'],
    ['Last_IO_Errno', errno],
    ['Last_SQL_Errno', 0],
    ['SQL_Delay', 0],
  ]
    .map(([key, value]) => `${String(key).padStart(30)}: ${value}`)
    .join('\n');

export const databaseTravellers: readonly Case[] = [
  {
    name: 'a virtual server was made smaller and MySQL kept the pool of the larger one',
    kind: 'fault',
    reports: 10,
    onset: 4,
    host() {
      const h = server(jammy, 'wms-db', { cores: 4, ram: 8, disk: 'vda' });
      h.disk('vdb', {});
      h.swap = 8 * GB;
      h.swapDevice = 'vdb1';
      h.serve('mysql', {
        name: 'mysqld',
        cpu: 35,
        rss: 6_300_000,
        swap: 200_000,
        threads: 60,
        uid: 112,
        cgroup: '/system.slice/mysql.service',
        age: 11_000,
      });
      h.uptime = 11_200;
      h.listening.push({ port: 3306, address: '127.0.0.1', program: 'mysqld' });
      h.available = 1.2 * GB;
      h.cached = 0.7 * GB;
      return h;
    },
    minute(h, i) {
      mysql(
        h,
        '8.0.39-0ubuntu0.22.04.1',
        { Uptime: 11_000 + i * 60 },
        { innodb_buffer_pool_size: 12_884_901_888, max_connections: 200 },
      );
      if (!from(i, 4)) return;
      h.available = 0.31 * GB;
      h.cached = 0.25 * GB;
      h.swapUsed = Math.min(6 * GB, 0.4 * GB + grown(i, 4, 0.6 * GB));
      const db = h.named('mysqld')[0]!;
      db.swap = h.swapUsed * 0.92;
      db.rss = 7_100_000;
      swapping(h, 2600, 'vdb');
    },
    roots: [{ problem: 'db.mysql_bufferpool_gt_ram', subject: ['mysql', 'mysqld'] }],
    chain: ['db.mysql_bufferpool_gt_ram>mem.swap_thrash', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'half of the memory for PostgreSQL, and a quarter gigabyte for each sort: the report run is killed',
    kind: 'fault',
    reports: 9,
    onset: 4,
    host() {
      const h = server(rhel9, 'dwh-ol1', { cores: 16, ram: 32, disk: 'sda' });
      h.swap = 0;
      h.serve('postgresql', {
        name: 'postgres',
        cpu: 2,
        rss: 300_000,
        uid: 26,
        cgroup: '/system.slice/postgresql.service',
      });
      for (let n = 0; n < 12; n++)
        h.run({
          name: 'postgres',
          cpu: 20,
          rss: 450_000,
          uid: 26,
          cgroup: '/system.slice/postgresql.service',
        });
      h.listening.push({ port: 5432, address: '127.0.0.1', program: 'postgres' });
      h.available = 9 * GB;
      h.shmem = 12 * GB;
      return h;
    },
    minute(h, i) {
      postgres(h, { max: 300, states: [`active|${i < 4 ? 9 : 48}|00:04:11.2`, 'idle|31|'] });
      h.more.set(
        'psql',
        h.more
          .get('psql')!
          .replace('shared_buffers|524288|8kB', 'shared_buffers|2097152|8kB')
          .replace('work_mem|8192|kB', 'work_mem|262144|kB'),
      );
      if (!from(i, 4)) return;
      if (i === 4)
        for (let n = 0; n < 36; n++)
          h.run({
            name: 'postgres',
            cpu: 25,
            rss: 470_000,
            uid: 26,
            age: 0,
            cgroup: '/system.slice/postgresql.service',
          });
      h.available = i === 6 ? 0.4 * GB : 0.9 * GB;
      h.cached = 0.9 * GB;
      h.psi.memory = 28;
      h.psi.memoryFull = 12;
      h.majors = 600;
      if (i === 6) oomKill(h, 'postgres', 90_121, 4_800_000);
    },
    roots: [{ problem: 'db.pg_memory_config', subject: ['postgres'] }],
    chain: ['db.pg_memory_config>mem.low', 'mem.low>mem.oom_kill'],
  },
  {
    name: 'a forgotten session of nine days: dead rows and old transaction ids pile up behind it',
    kind: 'fault',
    reports: 3,
    host() {
      const h = server(debian12, 'pg-erp', { cores: 8, ram: 64, disk: 'nvme0n1' });
      h.serve('postgresql@15-main', {
        name: 'postgres',
        cpu: 60,
        rss: 17_000_000,
        uid: 107,
        cgroup: '/system.slice/system-postgresql.slice/postgresql@15-main.service',
      });
      h.listening.push({ port: 5432, address: '127.0.0.1', program: 'postgres' });
      return h;
    },
    minute(h, i) {
      postgres(h, {
        age: 1_204_118_220 + i * 90_000,
        max: 200,
        states: ['active|4|00:00:01.12', 'idle|51|', 'idle in transaction|1|9 days 03:12:44.180221'],
      });
      h.more.set('psql -l', 'rows|billing|ledger_entry|48211902|31022877\nrows|billing|session|11002|902115');
    },
    roots: [{ problem: 'db.pg_idle_tx', subject: ['postgres'] }],
    chain: ['db.pg_idle_tx>db.pg_bloat'],
  },
  {
    name: 'the source has thrown its logs away, and a MariaDB replica asks for them in vain',
    kind: 'fault',
    reports: 6,
    onset: 3,
    installed: true,
    host() {
      const h = server(leap, 'sofia-rep', { cores: 4, ram: 16, disk: 'vda' });
      h.serve('mariadb', { name: 'mariadbd', cpu: 8, rss: 5_000_000, threads: 40, uid: 60 });
      h.listening.push({ port: 3306, program: 'mariadbd', address: '10.20.0.17' });
      return h;
    },
    minute(h, i) {
      mysql(
        h,
        '10.11.9-MariaDB-log',
        {},
        {},
        from(i, 3)
          ? ioThread(1236)
          : ioThread(0).replace('IO_Running: No', 'IO_Running: Yes').replace('NULL', '0'),
      );
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: ['mysql', 'mariadb', 'sofia-rep'] }],
  },
  {
    name: 'a feature flag store in Redis never forgets a key, and the small server begins to swap',
    kind: 'fault',
    reports: 12,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'flagd', { cores: 2, ram: 4, disk: 'vda' });
      h.swap = 2 * GB;
      h.swapDevice = 'vda3';
      h.serve('redis-server', { name: 'redis-server', cpu: 6, rss: 1_500_000, threads: 5, uid: 110 });
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      h.serve('unleash', { name: 'node', cpu: 5, rss: 240_000, threads: 11, uid: 1002 });
      h.available = 1.7 * GB;
      h.cached = 0.9 * GB;
      return h;
    },
    minute(h, i) {
      const more = grown(i, 3, 330_000);
      const r = h.named('redis-server')[0]!;
      r.rss = Math.min(3_350_000, 1_500_000 + more);
      r.swap = Math.max(0, 1_500_000 + more - 3_350_000);
      redis(h, {
        used_memory: Math.round((r.rss + r.swap) * 1010),
        used_memory_rss: Math.round(r.rss * 1024),
        maxmemory: 0,
        maxmemory_policy: 'noeviction',
      });
      h.available = Math.max(0.12 * GB, 1.7 * GB - more);
      h.cached = Math.max(0.1 * GB, 0.9 * GB - more / 2);
      h.swapUsed = r.swap * 1.1;
      if (i >= 9) swapping(h, 900, 'vda');
    },
    roots: [{ problem: 'db.redis_no_maxmemory', subject: ['redis'] }],
    chain: ['db.redis_no_maxmemory>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'a connection pool of an import tool is never closed: MariaDB is full and idle',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'pim-sql', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('mariadb', { name: 'mariadbd', cpu: 4, rss: 5_200_000, threads: 60, uid: 105 });
      h.listening.push({ port: 3306, program: 'mariadbd', address: '10.20.0.17' });
      return h;
    },
    minute(h, i) {
      const connected = Math.min(149, 40 + grown(i, 3, 36));
      mysql(
        h,
        '10.6.18-MariaDB',
        { Threads_connected: connected, Threads_running: 1, Max_used_connections: Math.max(61, connected) },
        { max_connections: 150 },
      );
      h.tcp.established = connected + 20;
    },
    roots: [{ problem: 'db.mysql_connections', subject: ['mysql', 'mariadb'] }],
  },
  {
    name: 'log collectors leak until the kernel takes MongoDB, the largest of all',
    kind: 'fault',
    reports: 14,
    step: 900,
    onset: 2,
    host() {
      const h = server(noble, 'mdb-shard2', { cores: 4, ram: 16, disk: 'nvme0n1' });
      h.swap = 0;
      h.serve('mongod', { name: 'mongod', cpu: 30, rss: 7_300_000, threads: 120, uid: 113 });
      h.listening.push({ port: 27017, address: '127.0.0.1', program: 'mongod' });
      h.serve('fluent-bit', { name: 'fluent-bit', cpu: 4, rss: 160_000, threads: 9 });
      h.available = 7.1 * GB;
      h.cached = 5 * GB;
      return h;
    },
    minute(h, i) {
      const more = Math.min(6_900_000, grown(i, 2, 640_000));
      h.named('fluent-bit')[0]!.rss = 160_000 + more;
      h.available = Math.max(0.2 * GB, 7.1 * GB - more);
      h.cached = Math.max(0.3 * GB, 5 * GB - more);
      if (i === 12) {
        oomKill(h, 'mongod', h.named('mongod')[0]!.pid, 7_290_000);
        h.stop('mongod');
        ended(h, 'mongod', { Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9', since: '30' });
        h.available = 7 * GB;
      }
      if (i === 13) h.available = 6.9 * GB;
    },
    roots: [{ problem: 'mem.leak', subject: ['fluent-bit'] }],
    chain: ['mem.leak>mem.oom_kill', 'mem.oom_kill>svc.unit_failed'],
  },
];
