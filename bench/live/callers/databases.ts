// Databases: MariaDB, PostgreSQL, Redis.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../lab.ts';
import type { LiveScenario } from '../liveScenario.ts';
import { keepSql, mariadb, sql } from '../memory.ts';
import { asPostgres, emptyMariadb, own, pgBin, postgres, psql, redis } from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';

/** A second MariaDB on port 3307, from which the first one, a replica, is fed. */
function replicated(lab: Lab): void {
  own(lab, '/run/mysqld');
  mariadb(lab, '32M', 'mariadb.service', ['--server-id=2']);
  const data = join(lab.directory, 'primary');
  emptyMariadb(lab, data);
  lab.start([
    'mariadbd',
    '--no-defaults',
    '--user=root',
    `--datadir=${data}`,
    `--socket=${data}/p.sock`,
    '--port=3307',
    '--bind-address=127.0.0.1',
    '--server-id=1',
    `--log-bin=${data}/binlog`,
    '--innodb-flush-log-at-trx-commit=0',
    `--pid-file=${data}/pid`,
  ]);
  for (let i = 0; i < 60; i++) {
    if (onPrimary(lab, 'select 1', true)) break;
    lab.host(['sleep', '0.5']);
  }
  onPrimary(
    lab,
    "create user r@'127.0.0.1' identified by 'r'; grant replication slave on *.* to r@'127.0.0.1'",
  );
  sql(
    lab,
    "change master to master_host='127.0.0.1', master_port=3307, master_user='r', master_password='r', master_log_file='binlog.000001', master_log_pos=4, master_connect_retry=5; start slave",
  );
  onPrimary(
    lab,
    'create database shop; create table shop.t (a int primary key, b varchar(99)) engine=innodb',
  );
  lab.host(['sleep', '2']);
}

const onPrimary = (lab: Lab, statement: string, mayFail = false) =>
  lab.run(['mysql', '--no-defaults', '-S', join(lab.directory, 'primary/p.sock'), '-e', statement], {
    mayFail,
  });

export const databaseCallers: LiveScenario[] = [
  {
    slug: 'mariadb-misspelt-setting',
    name: 'A misspelt setting in my.cnf: MariaDB ends at each start',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      own(lab, '/run/mysqld');
      const data = join(lab.directory, 'mysql');
      emptyMariadb(lab, data);
      mkdirSync(join(lab.directory, 'etc'));
      writeFileSync(
        join(lab.directory, 'etc/my.cnf'),
        `[mysqld]\nuser = root\ndatadir = ${data}\nsocket = /run/mysqld/mysqld.sock\nbind-address = 127.0.0.1\npid-file = ${data}/pid\ninnodb_buffer_pool_size = 64M\n`,
      );
      lab.over(join(lab.directory, 'etc'), '/etc/mysql');
      runUnit(lab, {
        name: 'mariadb.service',
        command: ['/usr/sbin/mariadbd', '--defaults-file=/etc/mysql/my.cnf'],
        restartSeconds: 2,
      });
      lab.host(['sleep', '5']);
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        `echo innodb_bufer_pool_size = 128M >> ${lab.directory}/etc/my.cnf; pkill -x mariadbd`,
      ]),
    roots: [
      {
        problem: ['svc.restart_loop', 'change.config'],
        subject: ['mariadb.service', 'mariadb', '/etc/mysql/my.cnf'],
      },
    ],
  },
  {
    slug: 'binlogs-fill-disk',
    name: 'Binary logs fill the filesystem that they lie on',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      lab.fileSystem('/srv/binlog', 260);
      mariadb(lab, '64M', 'mariadb.service', [
        '--log-bin=/srv/binlog/mysql-bin',
        '--max-binlog-size=20M',
        '--max-allowed-packet=64M',
      ]);
      sql(lab, 'create database shop; create table shop.t (a int primary key, b longblob) engine=innodb');
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'i=0; while [ $i -lt 200 ]; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e "set binlog_format=row; replace into t values (1, repeat(md5(rand()), 130000))"; i=$((i + 1)); sleep 0.2; done',
      ]),
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/srv/binlog' }],
  },
  {
    slug: 'replica-duplicate-key',
    name: 'A row that somebody wrote on the replica stops the replication',
    kind: 'fault',
    prepare: replicated,
    inject(lab) {
      sql(lab, "insert into shop.t values (7, 'by hand')");
      onPrimary(lab, "insert into shop.t values (7, 'x')");
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: ['mysql', 'mariadb'] }],
  },
  {
    slug: 'replica-behind',
    name: 'A backup on the replica holds a lock on all tables, and the replica falls behind',
    kind: 'fault',
    after: 12,
    prepare: replicated,
    inject(lab) {
      keepSql(lab, 'flush tables with read lock; select sleep(600)');
      lab.start([
        'sh',
        '-c',
        `i=100; while :; do i=$((i + 1)); mysql --no-defaults -S ${lab.directory}/primary/p.sock shop -e "insert into t values ($i, 'x')"; sleep 1; done`,
      ]);
    },
    roots: [{ problem: 'db.mysql_repl_lag', subject: ['mysql', 'mariadb'] }],
  },
  {
    slug: 'table-change-blocked',
    name: 'A change of a table waits for a long query, and all others wait behind the change',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '64M', 'mariadb.service', ['--max-connections=60']);
      sql(
        lab,
        'create database shop; use shop; create table t (a int) engine=innodb; insert into t values (1)',
      );
    },
    inject(lab) {
      keepSql(lab, 'select sleep(600), a from shop.t');
      lab.host(['sleep', '1']);
      keepSql(lab, 'alter table shop.t add column b int');
      lab.host(['sleep', '1']);
      for (let i = 0; i < 52; i++) keepSql(lab, 'select * from shop.t');
    },
    roots: [{ problem: ['db.mysql_connections', 'db.mysql_locks'], subject: ['mysql', 'mariadb'] }],
  },
  {
    slug: 'slot-keeps-wal',
    name: 'The slot of a standby that is gone keeps the WAL until the filesystem is full',
    kind: 'fault',
    prepare(lab) {
      lab.fileSystem('/srv/pg', 900);
      own(lab, '/run/postgresql');
      lab.run(['sh', '-c', `mkdir /srv/pg/main; chown postgres: /srv/pg/main /run/postgresql`]);
      lab.run([...asPostgres, `${pgBin}/initdb`, '-D', '/srv/pg/main', '-A', 'trust', '--no-sync']);
      lab.start([
        ...asPostgres,
        `${pgBin}/postgres`,
        '-D',
        '/srv/pg/main',
        '-k',
        '/run/postgresql',
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'fsync=off',
        '-c',
        'max_wal_size=64MB',
      ]);
      lab.host(['sleep', '4']);
      lab.run(psql('-c', "select pg_create_physical_replication_slot('standby2', true)"));
    },
    inject: () => undefined,
    each: (lab, report) =>
      void lab.run(
        psql(
          '-c',
          `select count(pg_logical_emit_message(false, 'x', repeat(md5(g::text), 31000))) from generate_series(1, ${report < 7 ? 95 : 20}) g; checkpoint`,
        ),
        { mayFail: true },
      ),
    roots: [{ problem: 'db.pg_slot', subject: ['standby2', 'postgres'] }],
  },
  {
    slug: 'table-locked',
    name: 'A session locked a table and went idle; everybody else waits for it',
    kind: 'fault',
    prepare(lab) {
      postgres(lab, 'max_connections=30');
      lab.run(psql('-c', 'create table orders (id int)'));
    },
    inject(lab) {
      lab.start(['sh', '-c', `(echo 'begin; lock table orders;'; sleep 600) | ${psql().join(' ')}`]);
      lab.host(['sleep', '1']);
      for (let i = 0; i < 25; i++) lab.start(psql('-c', 'select count(*) from orders'));
    },
    roots: [{ problem: ['db.pg_idle_tx', 'db.pg_connections'], subject: ['postgres', 'web1'] }],
  },
  {
    slug: 'redis-takes-no-more',
    name: 'Redis is at maxmemory, may evict nothing, and refuses to write',
    kind: 'fault',
    prepare: (lab) => redis(lab, '--maxmemory', '24mb', '--maxmemory-policy', 'noeviction', '--save', ''),
    inject: (lab) =>
      void lab.perl(
        'importer',
        `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); my $n = 0; while (1) { for (1..200) { $n++; print $s "SET cart:$n " . ('x' x 2000) . "\\r\\n"; sysread $s, my $b, 100 } select undef, undef, undef, 0.2 }`,
      ),
    roots: [{ problem: 'db.redis_maxmemory', subject: 'redis' }],
  },
  {
    slug: 'redis-folder-of-root',
    name: 'The folder that Redis saves to belongs to somebody else since a restore',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/redis');
      lab.run([
        'sh',
        '-c',
        `chmod 711 ${lab.directory}; mkdir -m 755 ${lab.directory}/data; chown redis: ${lab.directory}/data`,
      ]);
      lab.start([
        'setpriv',
        '--reuid',
        'redis',
        '--regid',
        'redis',
        '--clear-groups',
        'redis-server',
        '--port',
        '6379',
        '--bind',
        '127.0.0.1',
        '--dir',
        `${lab.directory}/data`,
        '--save',
        '3 1',
      ]);
      lab.host(['sleep', '1']);
    },
    inject(lab) {
      lab.run(['chown', 'root:', `${lab.directory}/data`]);
      lab.start(['sh', '-c', 'while :; do redis-cli incr visits; sleep 1; done']);
    },
    roots: [{ problem: 'db.redis_bgsave', subject: 'redis' }],
  },
  {
    slug: 'redis-open-to-all',
    name: 'Redis listens on every address and asks for no password',
    kind: 'fault',
    after: 5,
    prepare(lab) {
      own(lab, '/run/redis');
      mkdirSync(join(lab.directory, 'redis'));
      writeFileSync(
        join(lab.directory, 'redis/redis.conf'),
        `bind 0.0.0.0\nprotected-mode no\nport 6379\ndir ${lab.directory}\nsave ""\n`,
      );
      lab.over(join(lab.directory, 'redis'), '/etc/redis');
    },
    inject: (lab) => void lab.start(['redis-server', '/etc/redis/redis.conf']),
    roots: [{ problem: ['sec.redis_noauth', 'sec.db_exposed'], subject: ['redis', '6379', '0.0.0.0:6379'] }],
  },
];
