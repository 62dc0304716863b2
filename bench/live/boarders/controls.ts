// Busy, and well.
import { join } from 'node:path';
import type { LiveScenario } from '../liveScenario.ts';
import { mariadb, sql } from '../memory.ts';
import {
  gunicorn,
  nameServer,
  nginx,
  own,
  postgres,
  proxy,
  psql,
  visitors,
  asPostgres,
  pgBin,
} from '../programs.ts';
import { site } from './network.ts';
import { script } from './processes.ts';

export const controlBoarders: LiveScenario[] = [
  {
    slug: 'restic-of-the-night',
    name: 'restic makes the backup of the night at low priority, and ends well',
    kind: 'control',
    prepare: (lab) =>
      void lab.host([
        'sh',
        '-c',
        `mkdir ${lab.directory}/data; cd ${lab.directory}/data; for i in $(seq 1 40); do head -c 5000000 /dev/urandom > f$i; done; RESTIC_PASSWORD=x restic -q --no-cache -r ${lab.directory}/repository init`,
      ]),
    inject: (lab) =>
      void lab.start([
        'nice',
        '-n',
        '15',
        'env',
        'RESTIC_PASSWORD=x',
        'restic',
        '-q',
        '--no-cache',
        '-r',
        `${lab.directory}/repository`,
        'backup',
        `${lab.directory}/data`,
      ]),
    roots: [],
  },
  {
    slug: 'varnish-takes-new-rules',
    name: 'Varnish serves visitors from its cache, and is given new rules while they come',
    kind: 'control',
    prepare(lab) {
      nginx(
        lab,
        'worker_processes 1; error_log /var/log/nginx/error.log error; events { worker_connections 512; } http { access_log off; server { listen 127.0.0.1:8080; location / { return 200 "ok"; } } }',
      );
      lab.start([
        'varnishd',
        '-F',
        '-j',
        'none',
        '-T',
        '127.0.0.1:6082',
        '-a',
        ':80',
        '-b',
        '127.0.0.1:8080',
        '-s',
        'malloc,16m',
        '-n',
        join(lab.directory, 'varnish'),
      ]);
      lab.host(['sleep', '6']);
      visitors(lab, 12);
    },
    inject: (lab) =>
      void lab.run(
        [
          'sh',
          '-c',
          `printf 'vcl 4.1; backend d { .host = "127.0.0.1"; .port = "8080"; }' > ${lab.directory}/n.vcl; varnishadm -n ${lab.directory}/varnish vcl.load n ${lab.directory}/n.vcl; varnishadm -n ${lab.directory}/varnish vcl.use n`,
        ],
        { mayFail: true },
      ),
    watch: [{ ...site, about: { process: 'varnishd', port: 80 } }],
    roots: [],
  },
  {
    slug: 'names-by-the-hundred',
    name: 'dnsmasq answers some hundred lookups a second of a crawler that has room for them',
    kind: 'control',
    prepare(lab) {
      lab.start(nameServer);
      script(lab, 'resolv.conf', 'nameserver 127.0.0.1\n');
      lab.host(['sleep', '1']);
    },
    inject: (lab) =>
      void lab.start([
        '/usr/bin/python3',
        script(
          lab,
          'crawler.py',
          `import socket, time
i = 0
while True:
    i += 1
    socket.gethostbyname('host%d.example.org' % i)
    time.sleep(0.004)
`,
        ),
      ]),
    roots: [],
  },
  {
    slug: 'vacuum-and-dump',
    name: 'PostgreSQL is vacuumed in full, analysed, and dumped through gzip',
    kind: 'control',
    prepare(lab) {
      postgres(lab);
      lab.run([
        ...asPostgres,
        `${pgBin}/pgbench`,
        '-q',
        '-i',
        '-s',
        '4',
        '-h',
        '/run/postgresql',
        'postgres',
      ]);
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `${psql('-c', "'vacuum full analyze'").join(' ')}; ${asPostgres.join(' ')} pg_dump -h /run/postgresql postgres | nice gzip > ${lab.directory}/dump.gz`,
      ]),
    roots: [],
  },
  {
    slug: 'memcached-forgets-the-oldest',
    name: 'memcached is full and forgets what is oldest, as it should',
    kind: 'control',
    prepare(lab) {
      lab.start(['memcached', '-u', 'nobody', '-l', '127.0.0.1', '-m', '16']);
      lab.host(['sleep', '1']);
    },
    inject: (lab) =>
      void lab.perl(
        'shop-worker',
        `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:11211'); my $v = 'x' x 10000; my $i = 0; while (1) { $i++; print $s "set k$i 0 0 10000\\r\\n$v\\r\\n"; sysread $s, my $b, 99; select undef, undef, undef, 0.01 }`,
      ),
    roots: [],
  },
  {
    slug: 'workers-are-replaced',
    name: 'gunicorn is told to load its program again: new workers take over, visitors see nothing of it',
    kind: 'control',
    prepare(lab) {
      lab.start([...gunicorn(lab, 'time.sleep(0.01)'), '--pid', `${lab.directory}/g.pid`]);
      lab.host(['sleep', '1']);
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 6);
    },
    inject: () => undefined,
    each: (lab, report) =>
      void (report % 2 === 0 && lab.run(['sh', '-c', `kill -HUP $(cat ${lab.directory}/g.pid)`])),
    watch: [site],
    roots: [],
  },
  {
    slug: 'index-is-built',
    name: 'MariaDB builds two new indexes of a table of some hundred thousand rows, beside readers',
    kind: 'control',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '128M', 'mariadb.service');
      sql(
        lab,
        'create database shop; use shop; create table o (a int auto_increment primary key, b int, c varchar(80)) engine=innodb; insert into o (b, c) select seq % 977, md5(seq) from seq_1_to_400000',
      );
      lab.start([
        'sh',
        '-c',
        "while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock -e 'select * from shop.o where a = 77'; sleep 0.3; done",
      ]);
    },
    inject: (lab) => void sql(lab, 'alter table shop.o add index (b), add index (c)'),
    roots: [],
  },
  {
    slug: 'tests-of-a-program',
    name: 'The tests of a program run: many small files come and go, and some ten short processes a second',
    kind: 'control',
    inject: (lab) =>
      void lab.start([
        '/usr/bin/python3',
        script(
          lab,
          'tests.py',
          `import os, subprocess, time, tempfile
end = time.time() + 30
while time.time() < end:
    with tempfile.TemporaryDirectory() as folder:
        for i in range(40):
            open(os.path.join(folder, str(i)), 'w').write('x' * 500)
        subprocess.run(['/bin/true'])
        sum(i * i for i in range(100000))
    time.sleep(0.06)
`,
        ),
      ]),
    roots: [],
  },
];
