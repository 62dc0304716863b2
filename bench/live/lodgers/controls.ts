// Busy, and well.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address } from '../lab.ts';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { mariadb, sql } from '../memory.ts';
import { logs, nginx, own, visitors } from '../programs.ts';

export const controlLodgers: LiveScenario[] = [
  {
    slug: 'gcc-for-half-a-minute',
    name: 'gcc builds a program of many files for half a minute',
    kind: 'control',
    inject(lab) {
      writeFileSync(
        join(lab.directory, 'p.c'),
        `#include <stdio.h>\n#include <stdlib.h>\n#include <math.h>\n${Array.from({ length: 400 }, (_, i) => `double f${i}(double x){ for (int k = 0; k < 9; k++) x = sin(x) * ${i} + cos(x * k); return x; }`).join('\n')}\nint main(){ return 0; }\n`,
      );
      lab.start([
        'sh',
        '-c',
        `end=$(($(date +%s) + 28)); while [ $(date +%s) -lt $end ]; do gcc -O2 -c ${lab.directory}/p.c -o ${lab.directory}/p1.o & gcc -O2 -c ${lab.directory}/p.c -o ${lab.directory}/p2.o; wait; done`,
      ]);
    },
    roots: [],
  },
  {
    slug: 'rsync-of-a-folder',
    name: 'rsync copies a few thousand files and half a gigabyte into another folder',
    kind: 'control',
    prepare: (lab) =>
      void lab.host([
        'sh',
        '-c',
        `mkdir ${lab.directory}/from; cd ${lab.directory}/from; for i in $(seq 1 2000); do echo $i > s$i; done; for i in 1 2 3 4 5; do head -c 90000000 /dev/zero > b$i; done`,
      ]),
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `cd ${lab.directory}; for i in 1 2 3; do rsync -a from/ to$i/; rm -r to$i; done`,
      ]),
    roots: [],
  },
  {
    slug: 'database-imported',
    name: 'A dump of some ten megabytes is read into MariaDB',
    kind: 'control',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '128M', 'mariadb.service');
      sql(
        lab,
        'create database shop; create table shop.t (a int auto_increment primary key, b varchar(200), key (b)) engine=innodb',
      );
      writeFileSync(
        join(lab.directory, 'dump.sql'),
        Array.from(
          { length: 120 },
          (_, i) =>
            `insert into t (b) values ${Array.from({ length: 800 }, (_, k) => `('${((i * 800 + k) * 7919).toString(36).padEnd(90, 'q')}')`).join(',')};`,
        ).join('\n'),
      );
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `mysql --no-defaults -S /run/mysqld/mysqld.sock shop < ${lab.directory}/dump.sql; sleep 600`,
      ]),
    roots: [],
  },
  {
    slug: 'logs-moved-with-a-restart',
    name: 'The logs of nginx are moved and packed, and nginx opens new ones, twice',
    kind: 'control',
    prepare(lab) {
      nginx(
        lab,
        'events {} error_log /var/log/nginx/error.log; http { access_log /var/log/nginx/access.log; server { listen 80; location / { return 200 "ok"; } } }',
      );
      lab.run(['sh', '-c', 'yes "192.0.2.9 - - GET /" | head -c 30000000 >> /var/log/nginx/access.log']);
      visitors(lab, 4);
    },
    inject: () => undefined,
    each(lab, report) {
      if (report === 1 || report === 4)
        lab.run([
          'sh',
          '-c',
          `cd /var/log/nginx; mv access.log access.log.${report}; mv error.log error.log.${report}; kill -USR1 $(cat ${lab.directory}/n.pid); gzip -1 access.log.${report}`,
        ]);
    },
    roots: [],
  },
  {
    slug: 'short-lived-processes',
    name: 'A container of shell scripts starts some twenty short processes a second, as it always did',
    kind: 'control',
    prepare(lab) {
      lab.limit('checks.service', { pids: 200, memory: 200 * MiB });
      lab.start(['sh', '-c', 'while :; do for i in 1 2 3 4; do date > /dev/null; done; sleep 0.2; done'], {
        unit: 'checks.service',
      });
    },
    inject: () => undefined,
    roots: [],
  },
  {
    slug: 'checksums-of-an-archive',
    name: 'sha256sum reads some hundred megabytes of an archive on its own filesystem, and the page cache is full of it',
    kind: 'control',
    prepare(lab) {
      lab.fileSystem('/srv/archive', 700);
      lab.run(['sh', '-c', 'for i in 1 2 3 4; do head -c 100000000 /dev/zero > /srv/archive/$i; done; sync']);
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'for i in 1 2 3 4 5; do nice sha256sum /srv/archive/* > /dev/null; sleep 2; done; sleep 600',
      ]),
    roots: [],
  },
  {
    slug: 'benchmark-with-room',
    name: 'stress-ng works within a unit that has room: a third of a core of the half that it may have, and half of its memory',
    kind: 'control',
    prepare: (lab) => lab.limit('bench.service', { memory: 200 * MiB, cpuCores: 0.6, pids: 100 }),
    inject: (lab) =>
      void lab.start(
        [
          'stress-ng',
          '-q',
          '--cpu',
          '1',
          '--cpu-load',
          '30',
          '--cpu-load-slice',
          '20',
          '--vm',
          '1',
          '--vm-bytes',
          '90m',
          '--vm-hang',
          '30',
          '-t',
          '200',
        ],
        {
          unit: 'bench.service',
        },
      ),
    roots: [],
  },
  {
    slug: 'idle-connections',
    name: 'Six hundred clients of a chat hold a connection each, and say nothing',
    kind: 'control',
    prepare(lab) {
      writeFileSync(
        join(lab.directory, 'chat.py'),
        "import asyncio, resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\nasync def h(r, w):\n    await r.read(10)\n    w.close()\nasync def main():\n    s = await asyncio.start_server(h, '0.0.0.0', 6667, backlog=512)\n    await s.serve_forever()\nasyncio.run(main())\n",
      );
      lab.start(['/usr/bin/python3', join(lab.directory, 'chat.py')]);
      lab.host(['sleep', '1']);
    },
    inject: (lab) =>
      void lab.perl(
        'clients',
        `use IO::Socket::INET; my @s; for (1..600) { my $s = IO::Socket::INET->new(PeerAddr => '${address}:6667', Timeout => 3); push @s, $s if $s } sleep 900`,
        { inClient: true },
      ),
    roots: [],
  },
  {
    slug: 'uploads-come-and-go',
    name: 'A web server under steady load, with uploads that come and are replaced on a filesystem that is half full',
    kind: 'control',
    prepare(lab) {
      logs(lab, 'nginx');
      lab.fileSystem('/srv/www', 400);
      lab.run([
        'sh',
        '-c',
        'head -c 180000000 /dev/zero > /srv/www/video; head -c 100000 /dev/zero > /srv/www/page',
      ]);
      nginx(
        lab,
        'worker_processes 1; error_log /var/log/nginx/error.log; events {} http { access_log /var/log/nginx/access.log; server { listen 80; root /srv/www; } }',
      );
      visitors(lab, 6, '/page');
    },
    inject: (lab) =>
      void lab.perl(
        'uploads',
        `my $i = 0; while (1) { $i++; open my $f, '>', "/srv/www/u" . ($i % 7); print $f 'x' x 500000; close $f; select undef, undef, undef, 1 }`,
      ),
    roots: [],
  },
];
