// Services, web servers, databases and mail.
import type { Tree } from '../box.ts';
import { redis } from '../abroad/processor.ts';
import { idOf } from '../abroad/lands.ts';
import { mysqlSays, postgresSays } from '../elsewhere/parts.ts';
import { fault, is, note, on, town, weather } from './places.ts';

export const works: Tree[] = [
  fault(
    'nginx of Ubuntu 16.04 finds its port taken by apache',
    is('svc.port_conflict', ['nginx.service', 'nginx', ':80', '80', '0.0.0.0:80']),
    () => {
      const b = town(on('ubuntu1604', 'web-old', { cores: 2, memory: 3900, disk: 'sda' }), 60);
      const p = b.serve('apache2.service', { name: 'apache2', rss: 120, cpu: 0.02 });
      b.serve('nginx.service', { name: 'nginx', rss: 9 });
      b.fail('nginx.service', 'exit-code', 1, 1, 600);
      b.listeners.push({ at: '0.0.0.0:80', process: 'apache2', pid: p.pid, backlog: 128 });
      b.files['var/log/nginx/error.log'] = [0, 1, 2, 3, 4]
        .map(
          (i) =>
            `2019/02/07 10:32:1${i} [emerg] 2231#2231: bind() to 0.0.0.0:80 failed (98: Address already in use)\n`,
        )
        .join('')
        .concat('2019/02/07 10:32:15 [emerg] 2231#2231: still could not bind()\n');
      return b;
    },
    { chain: ['svc.port_conflict>svc.unit_failed'] },
  ),
  fault(
    'a campaign brings twenty times the visitors to a shop on Ubuntu 24.04',
    is('svc.traffic_surge', ['', 'nginx', '/var/log/nginx']),
    () => {
      const b = town(on('ubuntu2404', 'shop-1', { cores: 4, memory: 7900, disk: 'vda' }), 70);
      b.serve('nginx.service', { name: 'nginx', uid: 33, rss: 40, cpu: 0.03 });
      b.serve('php8.3-fpm.service', { name: 'php-fpm8.3', uid: 33, rss: 900, cpu: 0.15 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', backlog: 511 });
      b.files['var/log/nginx/access.log'] = '';
      return b;
    },
    {
      atFirst: 'rule silent',
      runs: 8,
      onset: 4,
      chain: [
        'svc.traffic_surge>web.phpfpm_children',
        'web.phpfpm_children>svc.upstream_timeout',
        'svc.upstream_timeout>svc.http_5xx',
      ],
      each(b, run) {
        const surge = run >= 4;
        const line = (i: number) =>
          `198.51.100.${i % 250} - - [15/Jul/2025:10:${43 + run}:${String(i % 60).padStart(2, '0')} +0000] "GET /aktion/${i % 90} HTTP/1.1" ${surge && i % 4 === 0 ? 504 : 200} 5123 "-" "Mozilla/5.0"\n`;
        const count = surge ? 9000 : 420;
        b.files['var/log/nginx/access.log'] += Array.from({ length: count }, (_, i) => line(i)).join('');
        if (!surge) return;
        const minute = `10:${43 + run}`;
        b.files['var/log/php8.3-fpm.log'] =
          `[15-Jul-2025 ${minute}:41] WARNING: [pool www] server reached pm.max_children setting (20), consider raising it\n`;
        b.files['var/log/nginx/error.log'] = Array.from(
          { length: 40 },
          (_, i) =>
            `2025/07/15 ${minute}:${String(20 + i).padStart(2, '0')} [error] 812#812: *9${i}1 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 198.51.100.7, server: shop.example, request: "GET /aktion/3 HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.3-fpm.sock", host: "shop.example"\n`,
        ).join('');
        b.process('php-fpm8.3').cpu = 2.3;
        b.process('nginx').cpu = 0.4;
        Object.assign(b.net('eth0'), { rx: 900_000, tx: 6_000_000 });
        b.sockets = { 'ESTAB 443': 900 };
      },
    },
  ),
  fault(
    'a container of Docker 1.13 on RHEL 7 starts, fails and starts again',
    is('svc.container_loop', 'billing_worker_1'),
    () => {
      const b = town(on('rhel7', 'docker-3', { cores: 8, memory: 31_000, disk: 'sda', fs: 'xfs' }), 60);
      b.serve('docker.service', {
        name: 'dockerd-current',
        exe: '/usr/bin/dockerd-current',
        rss: 110,
        cpu: 0.03,
      });
      b.files['run/docker.sock'] = '';
      return b;
    },
    {
      runs: 4,
      every: 120,
      each(b, run) {
        const rows = ['web_1', 'api_1', 'redis_1', 'billing_worker_1', 'cron_1'].map((name) => {
          const loops = name.startsWith('billing');
          return { name: loops ? name : `shop_${name}`, id: idOf(name), loops };
        });
        b.programs['docker'] = [
          [
            'ps -a --no-trunc*',
            rows
              .map(
                (r) =>
                  `${r.id}|${r.name}|registry.example/${r.name}:1.4|${r.loops ? 'Restarting (1) 11 seconds ago' : 'Up 3 weeks'}\n`,
              )
              .join(''),
          ],
          ['ps -aq', rows.map((r) => `${r.id.slice(0, 12)}\n`).join('')],
          [
            'inspect*',
            rows
              .map(
                (r) =>
                  `${r.id}|/${r.name}|${r.loops ? 211 + run * 3 : 0}|false|${r.loops ? 1 : 0}|${r.loops ? `2020-07-22T10:4${run + 2}:01.1234567Z` : '2020-07-01T06:00:11.123456789Z'}\n`,
              )
              .join(''),
          ],
        ];
      },
    },
  ),
  fault(
    'nginx of Amazon Linux 2023 runs out of connections for its workers',
    is('web.nginx_conns', ['nginx', '', '/var/log/nginx']),
    () => {
      const b = town(
        on('amazon2023', 'ip-172-31-3-8', { cores: 4, memory: 7700, disk: 'nvme0n1', fs: 'xfs' }),
        40,
      );
      b.serve('nginx.service', { name: 'nginx', uid: 996, rss: 60, cpu: 0.3, fds: 700 });
      b.listeners.push({ at: '0.0.0.0:80', process: 'nginx', backlog: 511 });
      b.files['etc/nginx/nginx.conf'] =
        'user nginx;\nworker_processes 1;\nevents {\n    worker_connections 768;\n}\nhttp {\n    include conf.d/*.conf;\n}\n';
      b.files['var/log/nginx/error.log'] = Array.from(
        { length: 80 },
        (_, i) =>
          `2024/04/18 10:4${i < 40 ? 1 : 2}:${String((i % 40) + (i < 40 ? 19 : 0))
            .slice(0, 2)
            .padStart(2, '0')} [alert] 1192#1192: 768 worker_connections are not enough\n`,
      )
        .join('')
        .replace(/10:42:(1[89]|[2-9]\d)/g, '10:42:12');
      return b;
    },
  ),
  fault(
    'the buffer pool of MySQL 5.7 was copied from a bigger machine, Ubuntu 18.04 swaps',
    is('db.mysql_bufferpool_gt_ram', ['mysqld', 'mysql', '']),
    () => {
      const b = weather(
        town(on('ubuntu1804', 'db-neu', { cores: 4, memory: 7970, swap: 4090, disk: 'sda' }), 60),
      );
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 111,
        rss: 5200,
        threads: 44,
        cpu: 0.4,
        limit: 5000,
      });
      b.listeners.push({ at: '127.0.0.1:3306', process: 'mysqld', backlog: 80 });
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['etc/mysql/mysql.conf.d/mysqld.cnf'] =
        '[mysqld]\nuser = mysql\ndatadir = /var/lib/mysql\ninnodb_buffer_pool_size = 12G\nmax_connections = 151\n';
      b.disk('sda').rotational = true;
      mysqlSays(b, {}, { innodb_buffer_pool_size: 12_884_901_888, version: '5.7.28-0ubuntu0.18.04.4' });
      return b;
    },
    {
      runs: 8,
      onset: 3,
      chain: [
        'db.mysql_bufferpool_gt_ram>mem.low',
        'mem.low>mem.swap_thrash',
        'mem.swap_thrash>disk.saturated',
      ],
      each(b, run) {
        const p = b.process('mysqld');
        p.rss = Math.min(7060, 5200 + run * 520);
        if (run < 3) return;
        p.swap = 500 + run * 250;
        b.available = 240;
        b.free = 130;
        b.cached = 190;
        b.swapUsed = 620 + run * 270;
        b.swapIn = 1700;
        b.swapOut = 1900;
        b.majorFaults = 900;
        b.directScan = 12_000;
        b.iowait = 0.34;
        b.blocked = 4;
        b.load = [6.2, 3.9, 1.9];
        Object.assign(b.disk('sda'), {
          reads: 420,
          readKb: 16,
          writes: 480,
          writeKb: 16,
          readMs: 11,
          writeMs: 18,
          busy: 0.99,
          queue: 8,
        });
      },
    },
  ),
  fault(
    'a query without an index slows a MariaDB 10.3 on Debian 10',
    is('db.mysql_slow', ['mysqld', 'mariadb', 'mysql', '', 'orders', 'select', 'SELECT']),
    () => {
      const b = town(on('debian10', 'kasse', { cores: 8, memory: 31_900, disk: 'sda' }), 80);
      b.serve('mariadb.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 112,
        rss: 14_000,
        threads: 70,
        cpu: 0.6,
        limit: 16_364,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      return b;
    },
    {
      runs: 8,
      onset: 3,
      each(b, run) {
        const bad = Math.max(0, run - 2);
        mysqlSays(
          b,
          {
            Slow_queries: 911 + run * 2 + bad * 1900,
            Threads_running: bad ? 37 : 2,
            Threads_connected: bad ? 66 : 21,
            Questions: 412_000_000 + run * 30_000,
            Handler_read_rnd_next: 9_011_223_344 + run * 2e6 + bad * 2.4e9,
            Select_scan: 90_112 + run * 30 + bad * 2100,
          },
          { innodb_buffer_pool_size: 17_179_869_184, version: '10.3.34-MariaDB-0+deb10u1' },
          '',
          bad
            ? Array.from(
                { length: 30 },
                (_, i) => `now\t${4 + (i % 9)}\tSending_data\tselect\tfrom orders\n`,
              ).join('')
            : '',
        );
        b.process('mysqld').cpu = bad ? 6.6 : 0.6;
        b.load = bad ? [7.9, 5.2, 2.4] : [0.6, 0.6, 0.6];
        b.running = bad ? 8 : 1;
      },
    },
  ),
  fault(
    'MySQL of a machine with Ubuntu 16.04 does not start any more',
    is(['db.mysql_down', 'svc.unit_failed'], ['mysql.service', 'mysql', 'mysqld']),
    () => {
      const b = town(on('ubuntu1604', 'crm', { cores: 2, memory: 3900, disk: 'sda' }), 60);
      b.serve('apache2.service', { name: 'apache2', rss: 210, cpu: 0.02 });
      b.serve('mysql.service', { name: 'mysqld', exe: '/usr/sbin/mysqld', uid: 111, rss: 400 });
      b.fail('mysql.service', 'exit-code', 1, 1, 1800);
      b.files['run/mysqld/mysqld.sock'] = '';
      b.programs['mysql'] = [['*', '', 1]];
      return b;
    },
  ),
  fault(
    'PostgreSQL 16 on RHEL 10 has nearly no connection left',
    is('db.pg_connections', ['postgres', 'postgresql', '']),
    () => {
      const b = town(on('rhel10', 'pg-16', { cores: 8, memory: 31_000, disk: 'nvme0n1', fs: 'xfs' }), 90);
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 6100,
        cpu: 0.3,
      });
      postgresSays(b, { states: 'active|4|00:00:00.02\nidle|91|\n' });
      return b;
    },
    { runs: 4 },
  ),
  note(
    'half of a table of PostgreSQL 14 on SLES 15 is dead rows',
    is('db.pg_bloat', ['app', 'orders', 'postgres', 'app.orders', '']),
    () => {
      const b = town(on('sles15', 'pg-lager', { cores: 4, memory: 15_700, disk: 'sda', fs: 'btrfs' }), 70);
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql14/bin/postgres',
        uid: 26,
        rss: 3100,
        cpu: 0.2,
      });
      postgresSays(b, { states: 'active|1|00:00:00.01\nidle|9|\n' });
      b.programs['psql'] = [
        ['-XAtw -c select datname from pg_database*', 'postgres\ntemplate1\nlager\n'],
        ...b.programs['psql']!.filter(([p]) => p.startsWith('-XAtw -c')),
        ['-XAtw -d lager*', 'rows|lager|bewegungen|8112004|7409112\nrows|lager|artikel|88112|210\n'],
        ['-XAtw -d*', ''],
      ];
      return b;
    },
  ),
  fault(
    'redis 6 on Debian 11 is at its limit and refuses to write',
    is('db.redis_maxmemory', ['redis', '']),
    () => {
      const b = town(on('debian11', 'cache-2', { cores: 2, memory: 7900, disk: 'vda' }), 40);
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        uid: 108,
        rss: 2090,
        threads: 5,
        cpu: 0.1,
      });
      b.files['run/redis/redis-server.sock'] = '';
      b.programs['redis-cli'] = [['info all', redis(2110, 2_147_483_648, 'redis_version:6.0.16')]];
      return b;
    },
    { runs: 4 },
  ),
  fault(
    'redis 3.2 on RHEL 7 sends clients away',
    is('db.redis_rejected', ['redis', '']),
    () => {
      const b = town(on('rhel7', 'sess-1', { cores: 4, memory: 7700, disk: 'sda', fs: 'xfs' }), 40);
      b.serve('redis.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-server',
        uid: 994,
        rss: 900,
        threads: 3,
        cpu: 0.3,
        fds: 300,
        limit: 10_240,
      });
      b.files['run/redis/redis.pid'] = '1\n';
      return b;
    },
    {
      runs: 5,
      onset: 1,
      each(b, run) {
        b.programs['redis-cli'] = [
          [
            'info all',
            redis(900, 4_294_967_296, 'redis_version:3.2.12', {
              connected_clients: run ? 4064 : 2100,
              rejected_connections: run * 1300,
              total_connections_received: 900_112 + run * 4000,
            }).replace('maxclients:10000\r\n', ''),
          ],
        ];
      },
    },
  ),
  fault(
    'a hacked form of a site on Debian 12 sends mail by the thousand',
    is(['mail.spam_source', 'mail.queue'], ['', 'postfix', 'deferred', '/var/spool/postfix', 'php']),
    () => {
      const b = town(on('debian12', 'host-eu7', { cores: 4, memory: 7900, disk: 'sda' }), 70);
      b.serve('postfix@-.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 5 });
      b.serve('apache2.service', { name: 'apache2', uid: 33, rss: 190, cpu: 0.1 });
      return b;
    },
    {
      runs: 5,
      every: 600,
      onset: 1,
      each(b, run) {
        const count = [12, 480, 1100, 1900, 2600][run]!;
        for (let i = 0; i < count; i++)
          b.files[`var/spool/postfix/deferred/${(i % 16).toString(16)}/${(i + 4096).toString(16)}`] = 'x';
        for (let i = 0; i < run * 40; i++) b.files[`var/spool/postfix/active/${i}`] = 'x';
        if (run === 1)
          for (let i = 0; i < 25; i++)
            b.run({
              name: 'smtp',
              exe: '/usr/lib/postfix/sbin/smtp',
              uid: 110,
              rss: 4,
              cpu: 0.01,
              started: b.uptime + 10,
              unit: 'postfix@-.service',
            });
      },
    },
  ),
  fault(
    'MariaDB of a Debian 12 machine was upgraded and fails since',
    is('change.package', ['mariadb', '']),
    () => {
      const b = town(on('debian12', 'wiki', { cores: 2, memory: 3900, disk: 'vda' }), 40);
      b.serve('mariadb.service', { name: 'mariadbd', exe: '/usr/sbin/mariadbd', uid: 106, rss: 300 });
      b.serve('apache2.service', { name: 'apache2', uid: 33, rss: 90, cpu: 0.02 });
      b.fail('mariadb.service', 'exit-code', 1, 1, 760);
      b.files['var/log/dpkg.log'] = upgraded('2024-02-28');
      return b;
    },
    { chain: ['change.package>svc.unit_failed'] },
  ),
];

function upgraded(day: string): string {
  const rows = ['status half-configured', 'status unpacked', 'status half-installed'];
  return `${day} 10:27:51 startup archives unpack
${['mariadb-server', 'mariadb-server-core', 'mariadb-client']
  .map(
    (p) => `${day} 10:27:53 upgrade ${p}:amd64 1:10.11.4-1~deb12u1 1:10.11.6-0+deb12u1
${rows.map((r) => `${day} 10:27:53 ${r} ${p}:amd64 1:10.11.4-1~deb12u1\n`).join('')}${day} 10:28:11 configure ${p}:amd64 1:10.11.6-0+deb12u1 <none>
${day} 10:28:12 status installed ${p}:amd64 1:10.11.6-0+deb12u1
`,
  )
  .join('')}`;
}
