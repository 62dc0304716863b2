// Live scenarios of memory. Every hog lives in a control group with a limit; the machine itself is never short.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { MiB, type LiveScenario } from './liveScenario.ts';
import { emptyMariadb } from './programs.ts';

/** Takes `first` MiB at once and then `each` MiB every tenth of a second up to `most`, and touches all of it again and again. */
const hog = (first: number, each: number, most: number) =>
  `my @a; push @a, 'x' x 1048576 for 1..${first}; my $n = ${first};
   while (1) { if ($n < ${most}) { push @a, 'x' x 1048576 for 1..${each}; $n += ${each}; }
     for my $p (@a) { for (my $i = 0; $i < 1048576; $i += 4096) { substr($p, $i, 1) = 'y' } } select undef, undef, undef, 0.1 }`;

const mariadb = (lab: Lab, pool: string, unit: string, more: readonly string[] = []) => {
  const data = join(lab.directory, 'mysql');
  lab.run(['mkdir', '-p', '/run/mysqld']);
  emptyMariadb(lab, data);
  lab.start(
    [
      'mariadbd',
      '--no-defaults',
      '--user=root',
      `--datadir=${data}`,
      '--socket=/run/mysqld/mysqld.sock',
      '--port=3306',
      '--bind-address=127.0.0.1',
      `--innodb-buffer-pool-size=${pool}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--pid-file=' + join(data, 'pid'),
      ...more,
    ],
    { unit },
  );
  lab.later(() => lab.host(['rm', '-f', '/run/mysqld/mysqld.sock'], true));
  for (let i = 0; i < 60; i++) {
    if (
      lab
        .run(['mysqladmin', '--no-defaults', '-S', '/run/mysqld/mysqld.sock', 'ping'], { mayFail: true })
        .includes('alive')
    )
      return;
    lab.host(['sleep', '0.5']);
  }
  throw new Error('MariaDB did not start.');
};

export const sql = (lab: Lab, statement: string) =>
  lab.run(['mysql', '--no-defaults', '-S', '/run/mysqld/mysqld.sock', '-e', statement]);

export const keepSql = (lab: Lab, statement: string) =>
  lab.start(['mysql', '--no-defaults', '-S', '/run/mysqld/mysqld.sock', '-e', statement]);

export { mariadb };

export const memoryScenarios: LiveScenario[] = [
  {
    slug: 'cgroup-swap',
    name: '180 MB touched in a group that may hold 60 MB, beside a swap file',
    kind: 'fault',
    prepare(lab) {
      lab.swapFile(512);
      lab.limit('cruncher.service', { memory: 60 * MiB });
    },
    inject: (lab) => void lab.perl('cruncher', hog(20, 20, 180), { unit: 'cruncher.service' }),
    roots: [{ problem: ['mem.cgroup_near_limit', 'mem.swap_thrash'], subject: 'cruncher' }],
  },
  {
    slug: 'cgroup-oom',
    name: 'A service asks for more than the limit of its group, and is killed',
    kind: 'fault',
    prepare: (lab) => lab.limit('indexer.service', { memory: 80 * MiB }),
    inject: (lab) =>
      void lab.start(
        [
          'sh',
          '-c',
          `while :; do perl -e "\\$0 = 'indexer'; my @a; while (1) { push @a, 'x' x 1048576; select undef, undef, undef, 0.08 }"; sleep 1; done`,
        ],
        { unit: 'indexer.service' },
      ),
    roots: [{ problem: 'mem.cgroup_oom', subject: 'indexer' }],
  },
  {
    slug: 'cgroup-leak',
    name: 'A leak of some MB a second fills the limit of its group',
    kind: 'fault',
    after: 11,
    prepare: (lab) => lab.limit('sessions.service', { memory: 150 * MiB }),
    inject: (lab) =>
      void lab.perl(
        'sessions',
        `my @a; for (1..138) { push @a, 'x' x 1048576; select undef, undef, undef, 0.3 } sleep 600`,
        { unit: 'sessions.service' },
      ),
    roots: [{ problem: ['mem.cgroup_near_limit', 'mem.leak'], subject: 'sessions' }],
  },
  {
    slug: 'shm-full',
    name: 'Files in /dev/shm fill it',
    kind: 'fault',
    prepare: (lab) => void lab.run(['mount', '-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', '/dev/shm']),
    inject: (lab) =>
      void lab.run(['dd', 'if=/dev/zero', 'of=/dev/shm/cache', 'bs=1M', 'count=63', 'status=none'], {
        mayFail: true,
      }),
    roots: [{ problem: 'mem.tmpfs_full', subject: '/dev/shm' }],
  },
  {
    slug: 'mariadb-pool',
    name: 'A MariaDB buffer pool of twice the limit of its service',
    kind: 'fault',
    prepare(lab) {
      lab.swapFile(512);
      lab.limit('mariadb.service', { memory: 256 * MiB });
      mariadb(lab, '512M', 'mariadb.service');
    },
    inject(lab) {
      sql(
        lab,
        'create database shop; use shop; create table t (id int auto_increment primary key, a varchar(2000), b varchar(2000)) engine=innodb; insert into t (a, b) values (repeat(rand(), 50), repeat(rand(), 50))',
      );
      lab.start([
        'sh',
        '-c',
        'for i in $(seq 19); do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e "insert into t (a, b) select repeat(rand(), 50), repeat(rand(), 50) from t"; done; while :; do mysql --no-defaults -S /run/mysqld/mysqld.sock shop -e "select sum(length(a)) from t; select count(distinct b) from t"; sleep 0.3; done',
      ]);
    },
    after: 14,
    spacing: 10,
    roots: [{ problem: 'db.mysql_bufferpool_gt_ram', subject: ['mariadbd', 'mariadb.service'] }],
  },
  {
    slug: 'php-children',
    name: 'More PHP children than the limit of their service holds',
    kind: 'fault',
    prepare(lab) {
      lab.swapFile(512);
      lab.limit('php8.2-fpm.service', { memory: 220 * MiB });
      mkdirSync(join(lab.directory, 'php/8.2/fpm/pool.d'), { recursive: true });
      lab.host([
        'sh',
        '-c',
        `printf '[www]\\nuser = root\\ngroup = root\\nlisten = 127.0.0.1:9001\\npm = dynamic\\npm.max_children = 40\\npm.start_servers = 2\\npm.min_spare_servers = 1\\npm.max_spare_servers = 40\\nphp_admin_value[memory_limit] = 64M\\n' > ${lab.directory}/php/8.2/fpm/pool.d/www.conf
printf '[global]\\ndaemonize = no\\ninclude=${lab.directory}/php/8.2/fpm/pool.d/*.conf\\n' > ${lab.directory}/php/8.2/fpm/php-fpm.conf
printf '<?php $a = str_repeat("x", 30000000); for ($i = 0; $i < 200; $i++) { for ($j = 0; $j < 30000000; $j += 4096) $a[$j] = "y"; usleep(200000); }' > ${lab.directory}/page.php`,
      ]);
      lab.over(`${lab.directory}/php`, '/etc/php');
      lab.start(['php-fpm8.2', '-n', '-R', '-y', `${lab.directory}/php/8.2/fpm/php-fpm.conf`], {
        unit: 'php8.2-fpm.service',
      });
      lab.host(['sleep', '2']);
    },
    inject: (lab) =>
      void lab.perl(
        'visitors',
        `use IO::Socket::INET; my @s;
        sub p { my ($k, $v) = @_; return chr(length $k) . chr(length $v) . $k . $v }
        for (1..14) { my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1:9001') or next;
          my $b = p('SCRIPT_FILENAME', '${lab.directory}/page.php') . p('REQUEST_METHOD', 'GET');
          print $s pack('CCnnCC', 1, 1, 1, 8, 0, 0) . pack('nCx5', 1, 0) . pack('CCnnCC', 1, 4, 1, length $b, 0, 0) . $b . pack('CCnnCC', 1, 4, 1, 0, 0, 0) . pack('CCnnCC', 1, 5, 1, 0, 0, 0);
          $s->flush; push @s, $s; select undef, undef, undef, 0.5 } sleep 600`,
      ),
    after: 12,
    roots: [
      {
        problem: ['web.phpfpm_overcommit', 'mem.cgroup_near_limit', 'mem.cgroup_oom'],
        subject: ['php-fpm', 'php8.2-fpm.service'],
      },
    ],
  },
  {
    slug: 'redis-no-maxmemory',
    name: 'Redis without maxmemory grows to the limit of its service',
    kind: 'fault',
    prepare(lab) {
      lab.limit('redis-server.service', { memory: 160 * MiB });
      lab.run(['mkdir', '-p', '/run/redis']);
      lab.later(() => void lab.host(['rmdir', '/run/redis'], true));
      lab.start(
        ['redis-server', '--port', '6379', '--bind', '127.0.0.1', '--save', '', '--dir', lab.directory],
        { unit: 'redis-server.service' },
      );
      lab.host(['sleep', '1']);
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'i=0; while [ $i -lt 170 ]; do redis-cli debug populate 9000 k$i 100 >/dev/null; redis-cli setrange b$i 1000000 x >/dev/null; i=$((i + 1)); sleep 0.15; done; sleep 600',
      ]),
    after: 11,
    roots: [
      {
        problem: ['db.redis_no_maxmemory', 'mem.cgroup_near_limit', 'mem.cgroup_oom'],
        subject: ['redis-server', 'redis-server.service'],
      },
    ],
  },
];
