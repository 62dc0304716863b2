// Services, containers, databases and web servers, of machines elsewhere.
import type { Box, Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from './lands.ts';
import { redis } from './processor.ts';

export const offices: Tree[] = [
  {
    name: 'Amazon Linux 2: httpd does not come back after yum (systemd 219 marks failed units with a star)',
    kind: 'fault',
    atFirst: 'wrong edge',
    onset: 2,
    every: 300,
    runs: 5,
    box: () => {
      const b = at('amazon2', 'ip-172-31-9-12', {
        cores: 2,
        memory: 3900,
        disk: 'xvda',
        fs: 'xfs',
        net: 'eth0',
        now: '2026-03-11T03:10:00Z',
      });
      b.serve('httpd.service', { name: 'httpd', rss: 40, cpu: 0.05 }, { text: 'The Apache HTTP Server' });
      b.listeners.push({ at: '[::]:80', process: 'httpd', pid: b.process('httpd').pid, backlog: 511 });
      b.files['var/log/yum.log'] = 'Feb 02 11:00:00 Updated: tzdata-2025b-1.amzn2.0.1.noarch\n';
      return b;
    },
    each: (b, run) => {
      if (run === 2) {
        b.files['var/log/yum.log'] +=
          'Mar 11 03:20:41 Updated: httpd-tools-2.4.65-1.amzn2.0.1.x86_64\nMar 11 03:20:43 Updated: httpd-2.4.65-1.amzn2.0.1.x86_64\nMar 11 03:20:44 Updated: 1:mod_ssl-2.4.65-1.amzn2.0.1.x86_64\n';
        b.fail('httpd.service', 'exit-code', 1, 1, 210);
      }
      if (run < 2) return;
      b.programs['systemctl'] = [
        [
          'list-units*',
          `  crond.service            loaded active running Command Scheduler
* httpd.service            loaded failed failed  The Apache HTTP Server
  rsyslog.service          loaded active running System Logging Service
  sshd.service             loaded active running OpenSSH server daemon
`,
        ],
      ];
    },
    roots: [{ problem: ['svc.unit_failed', 'change.package'], subject: ['httpd', 'mod_ssl'] }],
  },
  {
    name: 'Ubuntu 24.04: a service starts over and over, a container has its port',
    kind: 'fault',
    onset: 2,
    runs: 8,
    rhythm: (run) => (run % 3 ? 'minute' : 'daily'),
    box: () => {
      const b = at('ubuntu2404', 'app-host', { cores: 4, memory: 15_800, disk: 'sda', crowd: 50 });
      pods(b, 4);
      b.serve('metrics.service', { name: 'metricsd', exe: '/opt/metrics/metricsd', rss: 40, uid: 997 });
      b.listeners.push({ at: '0.0.0.0:9100', process: 'metricsd', pid: b.process('metricsd').pid });
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 110, threads: 30 });
      contain(
        b,
        { name: 'node-exporter', id: idOf('ne'), image: 'prom/node-exporter', status: 'Up 2 minutes' },
        { name: 'node_exporter', exe: '/bin/node_exporter', uid: 65_534 },
      );
      engine(b);
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      const unit = b.unit('metrics.service');
      if (run === 2) {
        b.processes = b.processes.filter((p) => p.unit !== 'metrics.service');
        b.listeners = b.listeners.filter((l) => l.process !== 'metricsd');
        b.run({
          pid: 50_100,
          name: 'docker-proxy',
          exe: '/usr/bin/docker-proxy',
          unit: 'docker.service',
          rss: 4,
          started: b.uptime,
        });
        b.listeners.push({ at: '0.0.0.0:9100', process: 'docker-proxy', pid: 50_100, backlog: 4096 });
      }
      Object.assign(unit, {
        active: 'activating',
        sub: 'auto-restart',
        result: 'exit-code',
        status: 1,
        code: 1,
        pid: 0,
        restarts: (run - 1) * 11,
        stopped: b.now + 55,
      });
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.port_conflict'], subject: ['metrics', '9100', 'metricsd'] }],
  },
  {
    name: 'RHEL 9 with podman: a container starts over and over',
    kind: 'fault',
    onset: 1,
    every: 300,
    runs: 5,
    box: () => {
      const b = at('rhel9', 'podhost', {
        cores: 4,
        memory: 15_800,
        disk: 'sda',
        fs: 'xfs',
        net: 'eno1',
        crowd: 20,
      });
      b.files['run/libpod/alive'] = '';
      return b;
    },
    each: (b, run) => {
      const row = (id: string, name: string, status: string) =>
        `${id}|${name}|quay.io/example/${name}:1|${status}\n`;
      const [a, c] = [idOf('p1'), idOf('p2')];
      b.programs['podman'] = [
        [
          'ps -a --no-trunc*',
          row(a, 'gateway', 'Up 6 weeks') + row(c, 'ledger', run < 1 ? 'Up 6 weeks' : 'Up 2 seconds'),
        ],
        ['ps -aq', `${a.slice(0, 12)}\n${c.slice(0, 12)}\n`],
        [
          'inspect*',
          `${a}|gateway|0|false|0|2026-01-28 08:11:02.412203511 +0000 UTC\n${c}|ledger|${[0, 9, 41, 73, 104][run]}|false|${run ? 1 : 0}|${run ? `2026-03-11 14:3${run}:55.100200300 +0000 UTC` : '2026-01-28 08:11:04.1 +0000 UTC'}\n`,
        ],
      ];
    },
    roots: [{ problem: 'svc.container_loop', subject: 'ledger' }],
  },
  {
    name: 'Alpine with OpenRC: nginx is gone after its settings were edited',
    kind: 'fault',
    onset: 2,
    runs: 6,
    shell: 'busybox ash',
    box: () => {
      const b = at('alpine', 'proxy-a', { cores: 1, memory: 980, disk: 'vda' });
      const p = b.run({ name: 'nginx', exe: '/usr/sbin/nginx', rss: 8, started: 40 });
      b.run({
        name: 'nginx',
        exe: '/usr/sbin/nginx',
        rss: 11,
        uid: 100,
        ppid: p.pid,
        started: 40,
        cpu: 0.02,
      });
      b.listeners.push(
        { at: '0.0.0.0:80', process: 'nginx', pid: p.pid, backlog: 511 },
        { at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 },
      );
      b.files['etc/nginx/nginx.conf'] =
        'user nginx;\nworker_processes 1;\nhttp { include /etc/nginx/http.d/*.conf; }\n';
      b.files['etc/nginx/http.d/default.conf'] =
        'server {\n  listen 80;\n  server_name www.verein.example;\n  root /srv/www;\n}\n';
      b.files['var/log/nginx/error.log'] = '';
      return b;
    },
    each: (b, run) => {
      if (run !== 2) return;
      b.files['etc/nginx/http.d/default.conf'] =
        'server {\n  listen 80;\n  server_name www.verein.example\n  root /srv/www;\n}\n';
      b.files['var/log/nginx/error.log'] =
        '2026/03/11 14:33:41 [emerg] 911#911: invalid number of arguments in "root" directive in /etc/nginx/http.d/default.conf:4\n';
      b.processes = b.processes.filter((p) => p.name !== 'nginx');
      b.listeners = b.listeners.filter((l) => l.process !== 'nginx');
    },
    roots: [
      { problem: ['web.config_invalid', 'proc.vanished', 'change.config'], subject: ['nginx', '/etc/nginx'] },
    ],
  },
  {
    name: 'Debian 11: row locks of a report job hold MariaDB, then PHP, then nginx',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('debian11', 'kasse-web', {
        cores: 4,
        memory: 7900,
        disk: 'vda',
        net: 'ens3',
        now: '2026-05-06T09:00:00Z',
      });
      b.serve('nginx.service', { name: 'nginx', rss: 20, cpu: 0.1 });
      b.serve('php7.4-fpm.service', { name: 'php-fpm7.4', rss: 40 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        rss: 1500,
        cpu: 0.2,
        threads: 40,
        uid: 106,
        limit: 32_768,
      });
      for (let i = 0; i < 20; i++)
        b.run({
          pid: 9000 + i,
          ppid: b.process('php-fpm7.4').pid,
          name: 'php-fpm7.4',
          exe: '/usr/sbin/php-fpm7.4',
          uid: 33,
          rss: 38,
          cpu: 0.02,
          unit: 'php7.4-fpm.service',
        });
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['etc/php/7.4/fpm/pool.d/www.conf'] =
        '[www]\nuser = www-data\nlisten = /run/php/php7.4-fpm.sock\npm = static\npm.max_children = 20\n';
      b.files['var/log/php7.4-fpm.log'] = '';
      b.files['var/log/nginx/error.log'] = '';
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      b.second['waits'] = (b.second['waits'] ?? 400) + (bad ? 900 : 1);
      b.second['slow'] = (b.second['slow'] ?? 90) + (bad ? 1100 : 0);
      b.second['questions'] = (b.second['questions'] ?? 8e6) + 4000;
      b.programs['mysql'] = [
        [
          '-fBe*',
          mysql(
            {
              Innodb_row_lock_current_waits: bad ? 17 : 0,
              Innodb_row_lock_time: b.second['waits'] * 9000,
              Innodb_row_lock_time_avg: bad ? 9000 : 12,
              Innodb_row_lock_waits: b.second['waits'],
              Max_used_connections: bad ? 44 : 21,
              Questions: b.second['questions'],
              Slow_queries: b.second['slow'],
              Threads_connected: bad ? 41 : 21,
              Threads_running: bad ? 21 : 2,
              Uptime: 5_443_200 + run * 60,
            },
            {
              innodb_buffer_pool_size: 1_073_741_824,
              max_connections: 151,
              version: '10.5.29-MariaDB-0+deb11u1',
              datadir: '/var/lib/mysql/',
            },
          ),
        ],
      ];
      if (!bad) return;
      const clock = new Date((b.now + 20) * 1000).toISOString();
      const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May'];
      b.files['var/log/php7.4-fpm.log'] +=
        `[${clock.slice(8, 10)}-${months[4]}-2026 ${clock.slice(11, 19)}] WARNING: [pool www] server reached pm.max_children setting (20), consider raising it\n`;
      for (let i = 0; i < 6; i++)
        b.files['var/log/nginx/error.log'] +=
          `${clock.slice(0, 10).replace(/-/g, '/')} ${clock.slice(11, 19)} [error] 812#812: *${90_000 + run * 10 + i} upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.${i}, server: kasse.example, request: "POST /buchung HTTP/1.1", upstream: "fastcgi://unix:/run/php/php7.4-fpm.sock", host: "kasse.example"\n`;
    },
    roots: [{ problem: 'db.mysql_locks', subject: ['mariadb', 'mysql', 'kasse-web'] }],
    chain: [
      'db.mysql_locks>db.mysql_slow',
      'db.mysql_slow>web.phpfpm_children',
      'web.phpfpm_children>svc.upstream_timeout',
    ],
  },
  {
    name: 'AlmaLinux 8: all workers of httpd are busy',
    kind: 'fault',
    onset: 2,
    runs: 6,
    box: () => {
      const b = at('alma8', 'typo3-1', { cores: 4, memory: 15_800, disk: 'sda', fs: 'xfs', net: 'ens192' });
      const p = b.serve('httpd.service', { name: 'httpd', rss: 30 });
      for (let i = 0; i < 30; i++)
        b.run({
          pid: 6000 + i,
          ppid: p.pid,
          name: 'httpd',
          exe: '/usr/sbin/httpd',
          uid: 48,
          rss: 40,
          unit: 'httpd.service',
          cpu: 0.01,
        });
      b.listeners.push({ at: '[::]:80', process: 'httpd', pid: p.pid, backlog: 511 });
      b.files['etc/httpd/conf/httpd.conf'] =
        'Listen 80\nServerRoot "/etc/httpd"\nIncludeOptional conf.d/*.conf\n';
      b.files['etc/httpd/conf.modules.d/00-mpm.conf'] =
        'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n';
      b.files['etc/httpd/conf.d/mpm.conf'] =
        '<IfModule mpm_prefork_module>\n  ServerLimit 60\n  MaxRequestWorkers 60\n</IfModule>\n';
      b.files['var/log/httpd/error_log'] =
        '[Wed Mar 11 00:00:02.101010 2026] [mpm_prefork:notice] [pid 900] AH00163: Apache/2.4.37 (AlmaLinux) configured -- resuming normal operations\n';
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2) {
        for (let i = 30; i < 60; i++)
          b.run({
            pid: 6000 + i,
            ppid: b.process('httpd').pid,
            name: 'httpd',
            exe: '/usr/sbin/httpd',
            uid: 48,
            rss: 40,
            unit: 'httpd.service',
            cpu: 0.01,
            started: b.uptime,
          });
        b.files['var/log/httpd/error_log'] +=
          '[Wed Mar 11 14:34:05.778812 2026] [mpm_prefork:error] [pid 900] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting\n';
      }
      b.sockets = { 'ESTAB 80': 190 };
      b.listeners.find((l) => l.at === '[::]:80')!.waiting = 131;
    },
    roots: [{ problem: 'web.apache_workers', subject: ['httpd', 'apache', 'typo3-1'] }],
  },
  {
    name: 'PostgreSQL 12: sessions that idle in a transaction use up the connections',
    kind: 'fault',
    onset: 2,
    every: 300,
    runs: 8,
    box: () => {
      const b = at('ubuntu2004', 'pg-core', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        net: 'ens3',
        now: '2025-02-12T08:00:00Z',
        crowd: 10,
      });
      b.serve('postgresql@12-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/12/bin/postgres',
        uid: 114,
        rss: 180,
        cpu: 0.1,
      });
      b.files['run/postgresql/.s.PGSQL.5432'] = '';
      return b;
    },
    each: (b, run) => {
      const idle = [1, 1, 22, 40, 61, 79, 86, 88][run]!;
      const age = run < 2 ? '00:00:00.2' : `00:${String(5 + run * 5).padStart(2, '0')}:11.20411`;
      b.programs['psql'] = [
        [
          '-XAtw -c *',
          `postgres|41002113
template1|41002113
template0|41002113
core|90221144
data_directory|/var/lib/postgresql/12/main|
max_connections|100|
shared_buffers|131072|8kB
work_mem|4096|kB
active|3|00:00:00.8
idle|${run < 2 ? 12 : 6}|
idle in transaction|${idle}|${age}
`,
        ],
        ['-XAtw -d *', 'rows|core|orders|900000|41000\nrows|core|sessions|20000|900\n'],
      ];
      for (let i = b.processes.filter((p) => p.name === 'postgres').length; i < idle + 12; i++)
        b.run({
          pid: 15_000 + i,
          ppid: b.process('postgres').pid,
          name: 'postgres',
          exe: '/usr/lib/postgresql/12/bin/postgres',
          uid: 114,
          rss: 14,
          unit: 'postgresql@12-main.service',
          started: b.uptime,
        });
    },
    roots: [{ problem: 'db.pg_idle_tx', subject: ['postgres', 'pg-core', 'core'] }],
    chain: ['db.pg_idle_tx>db.pg_connections'],
  },
  {
    name: 'AlmaLinux 10: Valkey has reached its limit and refuses to store',
    kind: 'fault',
    atFirst: 'not collected',
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('alma10', 'kv-2', { cores: 4, memory: 15_800, disk: 'vda', fs: 'xfs' });
      b.serve('valkey.service', {
        name: 'valkey-server',
        exe: '/usr/bin/valkey-server',
        rss: 3900,
        cpu: 0.2,
        threads: 6,
        uid: 988,
        limit: 65_535,
      });
      b.listeners.push({
        at: '127.0.0.1:6379',
        process: 'valkey-server',
        pid: b.process('valkey-server').pid,
        backlog: 511,
      });
      b.files['etc/valkey/valkey.conf'] =
        'bind 127.0.0.1 -::1\nport 6379\nmaxmemory 4gb\nmaxmemory-policy noeviction\ndir /var/lib/valkey\n';
      b.files['run/valkey/valkey.pid'] = '1201\n';
      return b;
    },
    each: (b, run) => {
      const mb = [3900, 4020, 4095, 4096, 4096][run]!;
      b.process('valkey-server').rss = mb + 130;
      b.programs['valkey-cli'] = [
        [
          'info*',
          redis(
            mb * 1.03,
            4_294_967_296,
            'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.4',
          ),
        ],
      ];
    },
    roots: [{ problem: 'db.redis_maxmemory', subject: ['valkey', 'redis', 'kv-2', '6379'] }],
  },
  {
    name: 'MySQL 8.4: the replica falls further behind',
    kind: 'fault',
    onset: 2,
    runs: 7,
    box: () => {
      const b = at('oracle8', 'mysql-r2', { cores: 4, memory: 31_000, disk: 'sda', fs: 'xfs', net: 'ens3' });
      b.serve('mysqld.service', { name: 'mysqld', rss: 12_000, cpu: 1, threads: 60, uid: 27, limit: 10_000 });
      b.files['var/lib/mysql/mysql.sock'] = 's';
      return b;
    },
    each: (b, run) => {
      const lag = [0, 1, 70, 130, 190, 250, 310][run]!;
      b.programs['mysql'] = [
        [
          '-fBe*',
          `*************************** 1. row ***************************
             Replica_IO_State: Waiting for source to send event
                  Source_Host: 10.2.0.4
           Replica_IO_Running: Yes
          Replica_SQL_Running: Yes
                   Last_Errno: 0
                   Last_Error: 
        Seconds_Behind_Source: ${lag}
                Last_IO_Errno: 0
                Last_IO_Error: 
               Last_SQL_Errno: 0
                    SQL_Delay: 0
          SQL_Remaining_Delay: NULL
    Replica_SQL_Running_State: Reading event from the relay log
${mysql({ Innodb_row_lock_current_waits: 0, Innodb_row_lock_waits: 3, Max_used_connections: 9, Questions: 9e6 + run * 9000, Slow_queries: 4, Threads_connected: 5, Threads_running: 3, Uptime: 900_000 + run * 60 }, { innodb_buffer_pool_size: 12_884_901_888, max_connections: 500, version: '8.4.6', datadir: '/var/lib/mysql/' })}`,
        ],
      ];
    },
    roots: [{ problem: 'db.mysql_repl_lag', subject: ['mysqld', 'mysql', '10.2.0.4'] }],
  },
];

export function mysql(status: Record<string, number>, settings: Record<string, string | number>): string {
  const table = (rows: object) =>
    `Variable_name\tValue\n${Object.entries(rows)
      .map(([k, v]) => `${k}\t${v}\n`)
      .join('')}`;
  return table(status) + table(settings);
}

/** The same row of a failed unit, as other cases need it. */
export function failed(b: Box, unit: string, text: string, ago = 300): void {
  b.units.push({
    name: unit,
    active: 'failed',
    sub: 'failed',
    result: 'exit-code',
    status: 1,
    code: 1,
    text,
    stopped: b.now - ago,
  });
}
