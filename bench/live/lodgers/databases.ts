// Databases: MariaDB, PostgreSQL, Redis.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { keepSql, mariadb, sql } from '../memory.ts';
import { asPostgres, own, pgBin, postgres, psql, redis } from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';

/** A cluster of PostgreSQL in `data`, and the words that start it. */
function cluster(lab: Lab, data: string, ...settings: string[]): readonly string[] {
  own(lab, '/run/postgresql');
  lab.run([
    'sh',
    '-c',
    `chmod 711 ${lab.directory}; mkdir -p ${data}; chown postgres: ${data} /run/postgresql; chmod 700 ${data}`,
  ]);
  lab.run([...asPostgres, `${pgBin}/initdb`, '-D', data, '-A', 'trust', '--no-sync']);
  return [
    '/usr/bin/setpriv',
    ...asPostgres.slice(1),
    `${pgBin}/postgres`,
    '-D',
    data,
    '-k',
    '/run/postgresql',
    ...['listen_addresses=127.0.0.1', ...settings].flatMap((s) => ['-c', s]),
  ];
}

/** Rows of a shop: 600,000 orders. */
const orders = (lab: Lab, rows = 600_000) =>
  void lab.run(
    psql(
      '-c',
      `create table orders as select i as id, md5(i::text) as token, repeat('x', 60) as note from generate_series(1, ${rows}) i`,
    ),
  );

export const databaseLodgers: LiveScenario[] = [
  {
    slug: 'redis-keys',
    name: 'A new dashboard asks Redis for KEYS * of two million keys, again and again; all others wait',
    kind: 'fault',
    prepare(lab) {
      redis(lab, '--save', '', '--enable-debug-command', 'yes');
      lab.run(['redis-cli', 'debug', 'populate', '2000000']);
      lab.perl(
        'shop-worker',
        `use IO::Socket::INET; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); if ($s) { for (1..50) { print $s "GET key:1\\r\\n"; sysread $s, my $b, 999; select undef, undef, undef, 0.05 } } else { sleep 1 } }`,
      );
    },
    inject(lab) {
      for (let i = 0; i < 2; i++)
        lab.start([
          'sh',
          '-c',
          "while :; do redis-cli eval \"return #redis.call('keys', '*:19*99')\" 0; done",
        ]);
    },
    roots: [{ problem: ['cpu.one_core_pinned', 'proc.runaway', 'cpu.saturated'], subject: 'redis' }],
  },
  {
    slug: 'saving-child-killed',
    name: 'Redis saves while much is written, needs the copies as well, and is killed at the limit of its unit',
    kind: 'fault',
    after: 9,
    prepare(lab) {
      lab.limit('redis-server.service', { memory: 150 * MiB });
      own(lab, '/run/redis');
      lab.start(
        [
          'redis-server',
          '--port',
          '6379',
          '--bind',
          '127.0.0.1',
          '--dir',
          lab.directory,
          '--save',
          '',
          '--enable-debug-command',
          'yes',
          '--rdb-key-save-delay',
          '200',
          '--stop-writes-on-bgsave-error',
          'no',
          '--oom-score-adj',
          'yes',
          '--oom-score-adj-values',
          '0',
          '0',
          '800',
        ],
        { unit: 'redis-server.service' },
      );
      lab.host(['sleep', '1']);
      lab.run(['redis-cli', 'debug', 'populate', '20000', 'key', '4000']);
    },
    inject(lab) {
      lab.start([
        'redis-benchmark',
        '-q',
        '-r',
        '20000',
        '-n',
        '100000000',
        '-d',
        '4000',
        '-t',
        'set',
        '-c',
        '4',
      ]);
      lab.start(['sh', '-c', 'while :; do redis-cli bgsave; sleep 4; done']);
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit', 'db.redis_no_maxmemory'],
        subject: ['redis-server.service', 'redis'],
      },
    ],
  },
  {
    slug: 'sorts-outgrow-group',
    name: 'A report asks PostgreSQL for sorts of 400 MB each, where its unit may have 220 MB',
    kind: 'fault',
    prepare(lab) {
      lab.limit('postgresql.service', { memory: 220 * MiB });
      const start = cluster(lab, join(lab.directory, 'pg'), 'fsync=off', 'shared_buffers=32MB');
      lab.start(start, { unit: 'postgresql.service' });
      lab.host(['sleep', '4']);
      orders(lab);
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `while :; do ${psql('-c', '"set work_mem=\'600MB\'; set max_parallel_workers_per_gather=0; select count(*) from (select a.token || b.note as t from orders a join orders b using (id) order by 1 offset 0) q"').join(' ')}; sleep 2; done`,
      ]),
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit', 'db.pg_memory_config'],
        subject: ['postgres', 'postgresql.service'],
      },
    ],
  },
  {
    slug: 'dump-beside-the-database',
    name: 'Somebody writes a dump beside PostgreSQL on its small volume: no space for WAL, PANIC, and it does not come back',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      lab.fileSystem('/srv/pg', 260);
      const command = cluster(lab, '/srv/pg/data', 'shared_buffers=32MB');
      runUnit(lab, { name: 'postgresql.service', command, restartSeconds: 3 });
      lab.host(['sleep', '4']);
      lab.run(psql('-c', 'create table t (a int, b text)'));
    },
    inject(lab) {
      lab.start(['sh', '-c', 'cat /dev/zero > /srv/pg/shop.sql; sleep 600']);
      lab.start([
        'sh',
        '-c',
        `while :; do ${psql('-c', '"insert into t select i, repeat(md5(i::text), 40) from generate_series(1, 8000) i"').join(' ')}; sleep 0.5; done`,
      ]);
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/srv/pg' }],
  },
  {
    slug: 'cluster-damaged',
    name: 'Somebody tidied up in the data folder of PostgreSQL: it ends at each start, and systemd tries again and again',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      const command = cluster(lab, join(lab.directory, 'pg'), 'fsync=off');
      runUnit(lab, { name: 'postgresql.service', command, restartSeconds: 2 });
      lab.host(['sleep', '4']);
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        `rm -rf ${lab.directory}/pg/pg_wal/0* ${lab.directory}/pg/global/pg_control; pkill -INT -o -x postgres`,
      ]),
    roots: [
      {
        problem: ['svc.restart_loop', 'svc.unit_failed'],
        subject: ['postgresql.service', 'postgresql', 'postgres'],
      },
    ],
  },
  {
    slug: 'shop-without-database',
    name: 'MariaDB is killed and stays away; the program that needs it ends with 1 at each of its starts',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      own(lab, '/run/mysqld');
      mariadb(lab, '64M', 'mariadb.service');
      writeFileSync(
        join(lab.directory, 'shop.pl'),
        `use IO::Socket::INET; $0 = 'shop-api'; while (1) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:3306', Timeout => 2) or exit 1; sysread $s, my $b, 99; sleep 1 }`,
      );
      runUnit(lab, {
        name: 'shop-api.service',
        command: ['/usr/bin/perl', join(lab.directory, 'shop.pl')],
        restartSeconds: 1,
      });
    },
    inject: (lab) => void lab.run(['pkill', '-9', '-x', 'mariadbd']),
    roots: [{ problem: ['db.mysql_down', 'proc.vanished'], subject: ['mariadb', 'mysql'] }],
  },
  {
    slug: 'general-log-left-on',
    name: 'The general log of MariaDB was left on after a search for an error, and fills the volume of the logs',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      lab.fileSystem('/var/log/mysql', 160);
      mariadb(lab, '64M', 'mariadb.service');
      sql(lab, 'create database shop; create table shop.t (a int primary key, b longtext) engine=innodb');
    },
    inject(lab) {
      sql(lab, "set global general_log_file = '/var/log/mysql/general.log'; set global general_log = on");
      lab.start([
        'sh',
        '-c',
        `perl -e 'print "select length(\\"" . ("x" x 500000) . "\\");\\n"' > ${lab.directory}/q.sql; while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop < ${lab.directory}/q.sql; sleep 0.05; done`,
      ]);
    },
    roots: [
      {
        problem: ['disk.full', 'disk.fill_forecast', 'sys.logrotate_failed'],
        subject: ['/var/log/mysql'],
      },
    ],
  },
  {
    slug: 'index-dropped',
    name: 'Somebody dropped an index: each lookup of PostgreSQL reads the whole table, from six sessions',
    kind: 'fault',
    prepare(lab) {
      postgres(lab, 'max_parallel_workers_per_gather=0');
      orders(lab, 3_000_000);
      lab.run(psql('-c', 'create index orders_token on orders (token)'));
      writeFileSync(
        join(lab.directory, 'q.sql'),
        '\\set n random(1, 1000)\nselect id from orders where token = md5(:n::text);\n\\sleep 100 ms\n',
        { mode: 0o644 },
      );
      lab.start([
        ...asPostgres,
        'pgbench',
        '-n',
        '-h',
        '/run/postgresql',
        '-c',
        '6',
        '-T',
        '600',
        '-f',
        join(lab.directory, 'q.sql'),
        'postgres',
      ]);
    },
    inject: (lab) => void lab.run(psql('-c', 'drop index orders_token')),
    // The program that burns the CPU, or the statements in it.
    roots: [
      {
        problem: ['proc.runaway', 'cpu.saturated', 'db.pg_slow', 'db.pg_seq_scan', 'cpu.one_core_pinned'],
        subject: ['postgres', 'postgresql', 'select orders', 'SELECT orders'],
      },
    ],
  },
  {
    slug: 'connections-of-a-pool',
    name: 'A pool of MariaDB clients sleeps in a transaction that holds rows; the shop waits for them one after the other',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '64M', 'mariadb.service');
      sql(
        lab,
        'create database shop; use shop; create table stock (id int primary key, n int) engine=innodb; insert into stock select seq, 9 from seq_1_to_200',
      );
      for (let i = 0; i < 3; i++)
        lab.start([
          'sh',
          '-c',
          `while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e 'update stock set n = n - 1 where id = ${i + 1}'; sleep 0.3; done`,
        ]);
    },
    inject: (lab) =>
      void keepSql(lab, 'use shop; begin; select * from stock for update; select sleep(300); commit'),
    roots: [{ problem: 'db.mysql_locks', subject: ['mysql', 'mariadb'] }],
  },
];
