// Databases: MariaDB, PostgreSQL, Redis.
import { join } from 'node:path';
import type { LiveScenario } from '../liveScenario.ts';
import { keepSql, mariadb, sql } from '../memory.ts';
import {
  ahead,
  asPostgres,
  emptyMariadb,
  nginx,
  own,
  pgBin,
  postgres,
  proxy,
  psql,
  redis,
  visitors,
} from '../programs.ts';
import { runUnit, serviceManager } from '../serviceManager.ts';
import { script } from './processes.ts';

export const databaseBoarders: LiveScenario[] = [
  {
    slug: 'tablespace-cut-off',
    name: 'A restore left the system tablespace of MariaDB cut off: it ends at each start',
    kind: 'fault',
    prepare(lab) {
      serviceManager(lab);
      own(lab, '/run/mysqld');
      const data = join(lab.directory, 'mysql');
      emptyMariadb(lab, data);
      runUnit(lab, {
        name: 'mariadb.service',
        command: [
          '/usr/sbin/mariadbd',
          '--no-defaults',
          '--user=root',
          `--datadir=${data}`,
          '--socket=/run/mysqld/mysqld.sock',
          '--bind-address=127.0.0.1',
          '--innodb-buffer-pool-size=32M',
        ],
        restartSeconds: 1,
      });
      lab.host(['sleep', '4']);
    },
    inject: (lab) =>
      void lab.run([
        'sh',
        '-c',
        `pkill -9 -x mariadbd; truncate -s 1M ${lab.directory}/mysql/ibdata1; rm -f ${lab.directory}/mysql/ib_logfile0`,
      ]),
    roots: [
      {
        problem: ['svc.restart_loop', 'svc.unit_failed', 'db.mysql_down'],
        subject: ['mariadb', 'port 3306'],
      },
    ],
  },
  {
    slug: 'postgres-was-stopped',
    name: 'Somebody stopped PostgreSQL; the Python program behind nginx finds no database and answers 500',
    kind: 'fault',
    prepare(lab) {
      postgres(lab);
      const file = script(
        lab,
        'shop.py',
        `import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            socket.create_connection(('127.0.0.1', 5432), 2).close()
            self.send_response(200)
        except OSError:
            self.send_response(500)
        self.end_headers()
    def log_message(self, *words):
        pass
ThreadingHTTPServer(('127.0.0.1', 8000), Page).serve_forever()
`,
      );
      lab.start(['/usr/bin/python3', file]);
      lab.host(['sleep', '1']);
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 4);
    },
    inject: (lab) =>
      void lab.run([
        ...asPostgres,
        `${pgBin}/pg_ctl`,
        'stop',
        '-D',
        join(lab.directory, 'pg'),
        '-m',
        'immediate',
      ]),
    roots: [{ problem: ['proc.vanished', 'db.pg_down'], subject: ['postgres', 'port 5432'] }],
  },
  {
    slug: 'append-only-file-without-room',
    name: 'The append-only file of Redis fills the small volume on which it lies; Redis takes no more writes',
    kind: 'fault',
    prepare(lab) {
      lab.fileSystem('/var/lib/redis', 28);
      redis(lab, '--save', '', '--dir', '/var/lib/redis', '--appendonly', 'yes', '--appendfsync', 'everysec');
      lab.run(['redis-cli', 'config', 'set', 'auto-aof-rewrite-percentage', '0']);
    },
    inject: (lab) =>
      void lab.perl(
        'shop-worker',
        `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:6379'); my $v = 'x' x 90000; while (1) { my $k = int rand 50; print $s "*3\\r\\n\\$3\\r\\nSET\\r\\n\\$" . length("k$k") . "\\r\\nk$k\\r\\n\\$90000\\r\\n$v\\r\\n"; sysread $s, my $b, 999; select undef, undef, undef, 0.005 }`,
      ),
    roots: [{ problem: 'disk.full', subject: '/var/lib/redis' }],
  },
  {
    slug: 'lua-script-without-end',
    name: 'A Lua script in Redis runs in an endless loop; Redis answers BUSY to everybody',
    kind: 'fault',
    prepare(lab) {
      redis(lab, '--save', '');
      ahead(lab, 'redis-server');
      lab.start(['sh', '-c', 'while :; do timeout 2 redis-cli incr visits; sleep 0.5; done']);
    },
    inject: (lab) => void lab.start(['redis-cli', 'eval', 'while true do end', '0']),
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'redis-server' }],
  },
  {
    slug: 'prepared-and-forgotten',
    name: 'A transaction was prepared for a commit in two phases and forgotten; twelve sessions wait for its rows',
    kind: 'fault',
    prepare(lab) {
      postgres(lab, 'max_prepared_transactions=5');
      lab.run(psql('-c', 'create table stock as select i as id, 5 as n from generate_series(1, 100) i'));
    },
    inject(lab) {
      lab.run(psql('-c', "begin; update stock set n = n - 1; prepare transaction 'order-77'"));
      for (let i = 0; i < 12; i++) lab.start(psql('-c', `update stock set n = n - 1 where id = ${i + 1}`));
    },
    roots: [
      {
        problem: ['db.pg_locks', 'db.pg_idle_tx', 'db.pg_prepared'],
        subject: ['postgres', 'port 5432', 'order-77', 'stock'],
      },
    ],
  },
  {
    slug: 'all-sessions-asleep',
    name: 'A pool of PHP keeps 46 of the 50 connections of MariaDB and uses none of them',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '32M', 'mariadb.service', ['--max-connections=50']);
      sql(lab, "create user shop@'127.0.0.1' identified by 'shop'");
    },
    inject: (lab) =>
      void lab.start([
        '/usr/bin/python3',
        script(
          lab,
          'pool.py',
          `import pymysql, time
kept = [pymysql.connect(host='127.0.0.1', user='shop', password='shop') for i in range(46)]
time.sleep(900)
`,
        ),
      ]),
    roots: [
      { problem: 'db.mysql_connections', subject: ['mariadb', 'mysql', 'port 3306', 'python3', 'pool'] },
    ],
  },
  {
    slug: 'joins-of-a-report',
    name: 'A report joins a table with itself without an index in three sessions of MariaDB for minutes',
    kind: 'fault',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '64M', 'mariadb.service');
      sql(
        lab,
        'create database shop; use shop; create table shop.o (a int, b int) engine=innodb; insert into shop.o select seq, seq % 977 from seq_1_to_60000',
      );
    },
    inject(lab) {
      ahead(lab, 'mariadbd');
      for (let i = 0; i < 3; i++)
        keepSql(lab, 'select count(*) from shop.o x join shop.o y on x.b * 2 = y.b + 1 and x.a <> y.a');
    },
    roots: [
      {
        problem: ['db.mysql_slow', 'proc.runaway', 'cpu.saturated'],
        subject: ['mariadb', 'mysql', 'port 3306', 'web1'],
      },
    ],
  },
];
