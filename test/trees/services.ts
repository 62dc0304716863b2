// Services, databases, memory, processes, access and backups.
import { installed, type Tree } from './box.ts';
import { machine, webStack } from './systems.ts';

export const services: Tree[] = [
  {
    name: 'a Java service leaks until the kernel kills MariaDB',
    kind: 'fault',
    atFirst: 'wrong edge',
    onset: 0,
    runs: 8,
    every: 1800,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'intranet', memory: 15_900, cores: 4 }), 2600);
      b.serve('confluence.service', {
        name: 'java',
        exe: '/opt/atlassian/jre/bin/java',
        uid: 1003,
        rss: 6000,
        cpu: 0.3,
        threads: 140,
        pid: 4411,
      });
      return b;
    },
    each: (b, run) => {
      b.process('java').rss = 6000 + run * 900;
      if (run === 6) b.available = 420;
      if (run !== 7) return;
      b.process('java').rss = 12_300;
      b.available = 2900;
      b.oomKills = 1;
      b.say(
        4,
        'java invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
        300,
      );
      b.say(
        6,
        'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/mariadb.service,task=mariadbd,pid=1044,uid=106',
        299,
      );
      b.say(
        3,
        'Out of memory: Killed process 1044 (mariadbd) total-vm:4810232kB, anon-rss:2660112kB, file-rss:0kB, shmem-rss:0kB, UID:106 pgtables:5612kB oom_score_adj:0',
        299,
      );
      b.fail('mariadb.service', 'oom-kill', 9, 2, 298);
    },
    roots: [
      {
        problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust'],
        subject: ['java', 'confluence', 'intranet'],
      },
    ],
  },
  {
    name: 'a worker hits the MemoryMax of its own unit again and again',
    kind: 'fault',
    rhythm: installed,
    onset: 2,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2404', name: 'jobs-1', memory: 32_000, cores: 8 }));
      b.serve(
        'sidekiq@mail.service',
        { name: 'ruby3.2', exe: '/usr/bin/ruby3.2', uid: 1002, rss: 700, cpu: 0.6, threads: 25, pid: 5120 },
        { memoryMax: 1024, restarts: 0 },
      );
      return b;
    },
    each: (b, run) => {
      const u = b.unit('sidekiq@mail.service');
      if (run < 2) return;
      Object.assign(u, {
        restarts: (run - 1) * 3,
        oomKills: (run - 1) * 3,
        memory: 1019,
        since: b.now + 35,
        result: 'oom-kill',
      });
      Object.assign(b.process('ruby3.2'), { rss: 980, pid: 5120 + run * 31, started: b.uptime + 35 });
      u.pid = 5120 + run * 31;
      b.oomKills = (run - 1) * 3;
      b.say(
        6,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=sidekiq@mail.service,mems_allowed=0,oom_memcg=/system.slice/sidekiq@mail.service,task_memcg=/system.slice/sidekiq@mail.service,task=ruby3.2,pid=${5120 + (run - 1) * 31},uid=1002`,
        30,
      );
      b.say(
        3,
        `Memory cgroup out of memory: Killed process ${5120 + (run - 1) * 31} (ruby3.2) total-vm:1910232kB, anon-rss:1032112kB, file-rss:0kB, shmem-rss:0kB, UID:1002 pgtables:2612kB oom_score_adj:0`,
        30,
      );
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
        subject: ['sidekiq@mail.service', '/system.slice/sidekiq@mail.service'],
      },
    ],
  },
  {
    name: 'an abandoned replication slot keeps WAL until the disk is full',
    kind: 'fault',
    onset: 1,
    every: 3600,
    box: () => {
      const b = machine({ system: 'debian12', name: 'pg-main', memory: 32_000, cores: 8 });
      b.disks.push({ name: 'sdb', gb: 200, parts: [['sdb1', 200]], writes: 200 });
      b.mounts.push({
        dev: '/dev/sdb1',
        at: '/var/lib/postgresql',
        type: 'ext4',
        mb: 190_000,
        used: 120_000,
      });
      b.serve('postgresql@15-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/15/bin/postgres',
        uid: 111,
        rss: 8200,
        cpu: 0.7,
      });
      b.listeners.push({ at: '127.0.0.1:5432', process: 'postgres', pid: b.process('postgres').pid });
      b.files['run/postgresql/.s.PGSQL.5432'] = '';
      return b;
    },
    each: (b, run) => {
      b.mount('/var/lib/postgresql').used = 120_000 + run * 11_500;
      const kept = (run * 12 + 6) * 1073741824;
      b.programs['psql'] = [
        [
          '*pg_replication_slots*',
          `postgres|71000000
shop|91000000
template1|71000000
data_directory|/var/lib/postgresql/15/main|
max_connections|200|
shared_buffers|1048576|8kB
work_mem|16384|kB
active|3|00:00:00.012
idle|21|
sub_berlin|f|${kept}
`,
        ],
      ];
    },
    roots: [{ problem: 'db.pg_slot', subject: 'postgresql' }],
  },
  {
    name: 'replication of a MariaDB replica stopped with a duplicate key',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'db-replica-2', memory: 16_000 });
      b.serve('mariadb.service', { name: 'mariadbd', uid: 27, rss: 5000, cpu: 0.4, threads: 40 });
      b.files['var/lib/mysql/mysql.sock'] = '';
      b.listeners.push({ at: '10.0.3.12:3306', process: 'mariadbd', pid: b.process('mariadbd').pid });
      return b;
    },
    each: (b, run) => {
      const ok = run < 2;
      const status = `*************************** 1. row ***************************
               Connection_name: \n               Slave_IO_State: Waiting for master to send event
                   Master_Host: 10.0.3.11
                   Master_Port: 3306
              Slave_IO_Running: Yes
             Slave_SQL_Running: ${ok ? 'Yes' : 'No'}
                    Last_Errno: ${ok ? 0 : 1062}
         Seconds_Behind_Master: ${ok ? 0 : 'NULL'}
                 Last_IO_Errno: 0
                Last_SQL_Errno: ${ok ? 0 : 1062}
                     SQL_Delay: 0
`;
      const count = 900_000 + run * 6000;
      b.programs['mysql'] = [
        [
          '-fBe*',
          `${status}${status}${status}Variable_name\tValue
Innodb_buffer_pool_read_requests\t${count * 50}
Innodb_buffer_pool_reads\t${90_000 + run}
Innodb_row_lock_current_waits\t0
Innodb_row_lock_time\t10
Innodb_row_lock_waits\t3
Max_used_connections\t61
Questions\t${count}
Slow_queries\t120
Threads_cached\t8
Threads_connected\t12
Threads_created\t90
Threads_running\t2
Uptime\t${3_400_000 + run * 60}
Variable_name\tValue
innodb_buffer_pool_size\t4294967296
max_connections\t300
read_buffer_size\t131072
join_buffer_size\t262144
sort_buffer_size\t2097152
thread_stack\t299008
version\t10.11.9-MariaDB-log
`,
        ],
      ];
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: 'mysql' }],
  },
  {
    name: 'an exposed Redis, and a miner that runs from /var/tmp',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = machine({ system: 'centos7', name: 'node07', net: 'eth0', cores: 4 });
      const p = b.serve('redis.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-server',
        uid: 995,
        rss: 120,
      });
      b.listeners.push({ at: '0.0.0.0:6379', process: 'redis-server', pid: p.pid, backlog: 511 });
      b.files['etc/redis.conf'] = 'bind 0.0.0.0\nport 6379\nprotected-mode no\n';
      b.nets[0]!.addresses = ['93.184.215.20/24'];
      return b;
    },
    each: (b, run) => {
      if (run !== 2) return;
      b.run({
        name: 'kdevtmpfsi',
        exe: '/var/tmp/.x/kdevtmpfsi (deleted)',
        uid: 995,
        rss: 2300,
        cpu: 3.8,
        threads: 4,
        pid: 20_111,
        started: b.uptime,
        unit: 'redis.service',
      });
      b.load = [4, 3, 1];
      b.running = 5;
    },
    roots: [
      {
        problem: ['sec.redis_noauth', 'sec.db_exposed', 'proc.suspicious'],
        subject: ['redis', '6379/tcp', 'kdevtmpfsi'],
      },
    ],
  },
  {
    name: 'a container dies of its memory limit and is started over and over',
    kind: 'fault',
    onset: 2,
    every: 120,
    box: () => {
      const b = machine({ system: 'debian12', name: 'dock-1', memory: 16_000 });
      b.serve('docker.service', { name: 'dockerd', rss: 110, threads: 30 });
      b.files['run/docker.sock'] = '';
      return b;
    },
    each: (b, run) => {
      const id = (c: string) => c.repeat(64);
      const [up, n] = run < 2 ? ['Up 5 weeks', 0] : ['Restarting (137) 4 seconds ago', (run - 1) * 6];
      b.programs['docker'] = [
        [
          'ps -a --no-trunc*',
          `${id('a')}|shop_web_1|nginx:1.27|Up 5 weeks
${id('b')}|shop_resize-worker_1|registry.example/resize:2.4|${up}
${id('c')}|shop_migrate_1|registry.example/shop:9|Exited (0) 5 weeks ago
`,
        ],
        ['ps -aq', `${id('a').slice(0, 12)}\n${id('b').slice(0, 12)}\n${id('c').slice(0, 12)}\n`],
        [
          'inspect*',
          `${id('a')}|/shop_web_1|0|false|0|2026-10-12T08:00:00.123456789Z
${id('b')}|/shop_resize-worker_1|${n}|${run >= 2}|${run < 2 ? 0 : 137}|2026-11-18T10:2${run}:00.1Z
${id('c')}|/shop_migrate_1|0|false|0|2026-10-12T08:00:00.1Z
`,
        ],
      ];
      if (run < 2) return;
      b.oomKills = n as number;
      b.say(
        6,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-${id('b')}.scope,mems_allowed=0,oom_memcg=/system.slice/docker-${id('b')}.scope,task_memcg=/system.slice/docker-${id('b')}.scope,task=python3,pid=${7000 + run},uid=0`,
        20,
      );
      b.say(
        3,
        `Memory cgroup out of memory: Killed process ${7000 + run} (python3) total-vm:910232kB, anon-rss:522112kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1212kB oom_score_adj:0`,
        20,
      );
    },
    roots: [
      {
        problem: ['svc.container_loop', 'mem.cgroup_oom'],
        subject: ['shop_resize-worker_1', 'docker-bbbb', '/system.slice/docker-bbb', 'bbbbbb'],
      },
    ],
  },
  {
    name: 'PHP runs out of children because the database waits for locks',
    kind: 'confounded',
    rhythm: installed,
    onset: 2,
    runs: 8,
    box: () => {
      const b = webStack(
        machine({ system: 'ubuntu2204', name: 'ticketshop', memory: 16_000, cores: 8 }),
        4000,
      );
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['etc/php/8.2/fpm/pool.d/www.conf'] =
        '[www]\nuser = www-data\nlisten = /run/php/php8.2-fpm.sock\npm = dynamic\npm.max_children = 20\n';
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      const count = 4_000_000 + run * 9000;
      const s = bad ? (run - 1) * 900 : 0;
      b.programs['mysql'] = [
        [
          '-fBe*',
          `Variable_name\tValue
Innodb_buffer_pool_read_requests\t${count * 90}
Innodb_buffer_pool_reads\t90000
Innodb_row_lock_current_waits\t${bad ? 18 : 0}
Innodb_row_lock_time\t${10 + s * 14_000}
Innodb_row_lock_waits\t${3 + s}
Max_used_connections\t24
Questions\t${count}
Slow_queries\t${40 + s}
Threads_cached\t8
Threads_connected\t${bad ? 23 : 5}
Threads_created\t90
Threads_running\t${bad ? 20 : 2}
Uptime\t${3_400_000 + run * 60}
Variable_name\tValue
innodb_buffer_pool_size\t3221225472
max_connections\t151
read_buffer_size\t131072
join_buffer_size\t262144
sort_buffer_size\t2097152
thread_stack\t299008
version\t8.0.39-0ubuntu0.22.04.1
`,
        ],
      ];
      if (!bad) return;
      const at = new Date(b.now * 1000).toISOString();
      const day = at.slice(8, 10);
      b.files['var/log/php8.2-fpm.log'] =
        `[${day}-Nov-2026 ${at.slice(11, 19)}] WARNING: [pool www] server reached pm.max_children setting (20), consider raising it\n`;
      b.files['var/log/nginx/error.log'] = Array.from(
        { length: 9 },
        (_, i) =>
          `2026/11/${day} ${at.slice(11, 17)}${10 + i * 5} [error] 970#970: *${9000 + i} upstream timed out (110: Connection timed out) while reading response header from upstream, client: 198.51.100.${i}, server: tickets.example, request: "POST /kauf HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock"\n`,
      ).join('');
    },
    roots: [{ problem: ['db.mysql_locks', 'db.mysql_slow'], subject: 'mysql' }],
  },
  {
    name: 'haproxy reaches its limit of open files',
    kind: 'fault',
    atFirst: 'not collected',
    rhythm: (run) => (run === 0 ? 'daily' : run === 5 ? 'hourly' : 'minute'),
    onset: 2,
    box: () => {
      const b = machine({ system: 'debian12', name: 'lb-eins', net: 'eth0' });
      const p = b.serve('haproxy.service', {
        name: 'haproxy',
        uid: 110,
        rss: 90,
        cpu: 0.3,
        threads: 4,
        fds: 300,
        limit: 1024,
      });
      b.listeners.push({ at: '0.0.0.0:443', process: 'haproxy', pid: p.pid, backlog: 1024 });
      return b;
    },
    each: (b, run) => {
      b.process('haproxy').fds = [310, 330, 960, 1020, 1022, 1023][run]!;
      b.sockets = { ESTAB: [150, 160, 470, 500, 505, 506][run]! };
      if (run >= 3) Object.assign(b, { tcpExt: { ListenOverflows: 9, ListenDrops: 9 } });
      if (run >= 3) b.listeners.at(-1)!.waiting = 1025;
    },
    roots: [{ problem: 'proc.fd_process', subject: 'haproxy' }],
  },
  {
    name: 'a debug log has filled the root within hours',
    kind: 'fault',
    onset: 1,
    every: 1800,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'kassen-api', root: [40, 18] }));
      b.serve('kasse.service', {
        name: 'node',
        exe: '/usr/bin/node',
        uid: 1001,
        rss: 300,
        cpu: 0.4,
        threads: 11,
        write: 100_000,
      });
      return b;
    },
    each: (b, run) => {
      const log = 800 + run * 4600;
      b.mount('/').used = 15_000 + log * (run < 1 ? 1 : 1) - 400;
      b.process('node').write = run < 1 ? 1e5 : 2.6e6;
      b.programs['du'] = [
        [
          '-xk -d 1*',
          `${log * 1024}\t/var/log/kasse\n40960\t/var/log/journal\n${(log + 60) * 1024}\t/var/log\n`,
        ],
        ['-k*', `${log * 1024}\t/var/log/kasse/debug.log\n`],
      ];
    },
    roots: [
      {
        problem: ['sys.journal_big', 'disk.full', 'disk.fill_forecast', 'sys.logrotate_failed'],
        subject: ['/var/log', '/', 'kassen-api'],
      },
    ],
  },
  {
    name: 'the nightly restic backup has not run for nine days',
    kind: 'fault',
    onset: 0,
    runs: 1,
    box: () => {
      const b = webStack(machine({ system: 'arch', name: 'fileserver' }));
      b.units.push({
        name: 'restic-backup.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 12,
        code: 1,
        stopped: b.now - 8 * 86_400,
      });
      b.timers.push(
        'Thu 2026-11-19 02:00:00 UTC 15h left Tue 2026-11-10 02:00:00 UTC 1 week 1 day ago restic-backup.timer restic-backup.service',
      );
      b.files['root/.cache/restic/3f9a/snapshots/aa/aa01'] = 'x';
      b.ages['root/.cache/restic/3f9a/snapshots'] = Date.now() / 1000 - b.now + 9 * 86_400;
      return b;
    },
    roots: [
      {
        problem: ['backup.stale', 'svc.unit_failed', 'svc.timer_missed'],
        subject: ['restic', 'restic-backup'],
      },
    ],
  },
  {
    name: 'huge pages reserved for a database that is no longer here',
    kind: 'fault',
    onset: 0,
    runs: 8,
    every: 600,
    box: () => {
      const b = machine({ system: 'sles15', name: 'ora-alt', memory: 32_000, cores: 8 });
      b.hugePages = [12_000, 12_000];
      b.serve('tomcat.service', {
        name: 'java',
        exe: '/usr/bin/java',
        uid: 52,
        rss: 5200,
        threads: 80,
        cpu: 0.2,
      });
      b.available = 1500;
      b.free = 400;
      b.cached = 1300;
      return b;
    },
    roots: [{ problem: 'mem.hugepages_waste', subject: 'ora-alt' }],
  },
  {
    name: 'apache2 cannot start: nginx holds its port',
    kind: 'fault',
    onset: 0,
    runs: 2,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'zwei-webserver', days: 0.05 }));
      b.units.push({
        name: 'apache2.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 600,
      });
      b.files['etc/apache2/ports.conf'] = 'Listen 80\n';
      b.files['var/log/apache2/error.log'] =
        '[Wed Nov 18 10:10:11.123456 2026] [core:emerg] [pid 4411] (98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80\n';
      return b;
    },
    roots: [
      { problem: ['svc.port_conflict', 'svc.unit_failed'], subject: ['apache2', '80', ':80', '0.0.0.0:80'] },
    ],
  },
];
