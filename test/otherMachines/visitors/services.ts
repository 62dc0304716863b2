// Visitors, services: units, web servers, databases, mail, containers, backups. Written before the product saw them.
import { server, from, grown, withSection, type Case } from '../case.ts';
import { alpine, centos7, debian12, jammy, noble, rhel9 } from '../systems.ts';
import { alma8, amazon2023, buster, focal, gentoo, sles15, trixie } from '../strangers/systems.ts';
import {
  docker,
  ended,
  errorLog,
  fpmTime,
  mysql,
  oomKill,
  postgres,
  redis,
  replica,
  slashed,
} from '../tools.ts';
import { GB } from '../host.ts';

const backups = 'stat /var/backups/*';
export const serviceVisitors: readonly Case[] = [
  {
    name: 'a dashboard dies at each start and systemd starts it again',
    kind: 'fault',
    reports: 14,
    onset: 4,
    host() {
      const h = server(rhel9, 'obs-mad1', { ram: 8 });
      h.run({ name: 'grafana', rss: 210_000, cpu: 3, threads: 18 });
      h.service('grafana-server');
      h.listening.push({ port: 3000, program: 'grafana', queue: 4096 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return;
      h.stop('grafana');
      h.service('grafana-server', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        ExecMainCode: '1',
        ExecMainStatus: '1',
        NRestarts: String(grown(i, 4, 5)),
        MainPID: '0',
        since: '8',
      });
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.unit_failed'], subject: 'grafana-server' }],
  },
  {
    name: 'an instance of a template unit ended with an error',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(sles15, 'lb-ham2', { ram: 4 });
      h.run({
        name: 'haproxy',
        rss: 41_000,
        cpu: 4,
        cgroup: '/system.slice/system-haproxy.slice/haproxy@edge.service',
      });
      h.service('haproxy@edge');
      h.service('haproxy@internal');
      h.listening.push({ port: 443, program: 'haproxy', queue: 4096 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.stop('haproxy');
      ended(h, 'haproxy@edge', { ExecMainStatus: '1', since: String(30 + (i - 2) * 60) });
    },
    roots: [{ problem: 'svc.unit_failed', subject: ['haproxy@edge'] }],
  },
  {
    name: 'the local resolver does not start and every name fails',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(debian12, 'mx-vie', { ram: 4 });
      h.run({ name: 'unbound', rss: 31_000, cpu: 1 });
      h.service('unbound');
      h.listening.push({ port: 53, address: '127.0.0.1', program: 'unbound', queue: 256 });
      h.run({ name: 'master', rss: 4_900, cgroup: '/system.slice/system-postfix.slice/postfix@-.service' });
      h.service('postfix@-');
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.stop('unbound');
      ended(h, 'unbound', { ExecMainStatus: '1', NRestarts: '5', since: String(40 + (i - 2) * 60) });
    },
    edit: (text) => text.replace('nameserver 10.20.0.53', 'nameserver 127.0.0.1'),
    roots: [{ problem: ['svc.unit_failed', 'net.dns_fail'], subject: ['unbound', '127.0.0.1'] }],
  },
  {
    name: 'after a reboot caddy was quicker than nginx to take port 80',
    kind: 'fault',
    reports: 6,
    onset: 0,
    host() {
      const h = server(trixie, 'shop-tll', { ram: 8 });
      h.run({ name: 'caddy', rss: 52_000, cpu: 1, threads: 11 });
      h.service('caddy');
      h.listening.push(
        { port: 80, program: 'caddy', queue: 4096 },
        { port: 443, program: 'caddy', queue: 4096 },
      );
      return h;
    },
    minute(h, i) {
      if (i === 0) h.uptime = 1_900;
      ended(h, 'nginx', { ExecMainStatus: '1', since: String(1_700 + i * 60) });
      h.more.set(
        errorLog,
        [10, 9, 8]
          .map(
            (n) =>
              `${slashed(h, 1_700 + n)} [emerg] 911#911: bind() to 0.0.0.0:80 failed (98: Address already in use)`,
          )
          .join('\n'),
      );
    },
    roots: [{ problem: ['svc.port_conflict'], subject: ['nginx', '80', 'port 80', ':80', '0.0.0.0:80'] }],
  },
  {
    name: 'one of two PHP pools has all its children busy',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 4,
    host() {
      const h = server(noble, 'www-shop2', { ram: 16, cores: 4 });
      h.run({ name: 'nginx', rss: 14_000, cpu: 3 });
      for (let n = 0; n < 20; n++)
        h.serve('php8.3-fpm', {
          name: 'php-fpm8.3',
          rss: 88_000,
          cpu: 2,
          uid: 33,
        });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return void h.more.delete(errorLog);
      h.more.set(
        errorLog,
        [50, 38, 21, 9].map((ago) => `${fpmTime(h, ago)} [pool magento] max_children`).join('\n'),
      );
      for (const t of h.named('php-fpm8.3')) t.cpu = 6;
    },
    roots: [{ problem: 'web.phpfpm_children', subject: ['magento', 'php8.3-fpm', 'php-fpm'] }],
  },
  {
    name: 'nginx as a websocket gateway has not enough connections',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 3,
    host() {
      const h = server(buster, 'rt-gw1', { ram: 4, cores: 2 });
      for (let n = 0; n < 3; n++) h.run({ name: 'nginx', rss: 21_000, cpu: 9, uid: n ? 33 : 0 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/nginx.conf:worker_processes auto;\n/etc/nginx/nginx.conf:\tworker_connections 768;',
      );
      return h;
    },
    minute(h, i) {
      h.tcp.established = from(i, 3) ? 1_490 : 900;
      if (from(i, 3))
        h.more.set(
          errorLog,
          [51, 40, 31, 18, 7]
            .map((ago) => `${slashed(h, ago)} [alert] 700#700 worker_connections are`)
            .join('\n'),
        );
      else h.more.delete(errorLog);
    },
    roots: [{ problem: 'web.nginx_conns', subject: 'nginx' }],
  },
  {
    name: 'a search node with a 31 GB heap on a 32 GB server is killed',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 4,
    host() {
      const h = server(amazon2023, 'search-d3', { nic: 'ens5', ram: 32, cores: 8, disk: 'nvme0n1' });
      h.swap = 0;
      h.serve('elasticsearch', {
        name: 'java',
        rss: 26 * GB,
        cpu: 120,
        threads: 160,
        uid: 991,
      });
      h.listening.push({ port: 9200, address: '10.20.0.17', program: 'java', queue: 4096 });
      h.available = 3.4 * GB;
      h.cached = 3 * GB;
      return h;
    },
    minute(h, i) {
      const java = h.named('java')[0];
      if (i < 4) {
        if (java) java.rss += 0.9 * GB;
        h.available = Math.max(0.4 * GB, h.available - 0.85 * GB);
        h.cached = h.available * 0.8;
        if (i > 1) h.psi.memory = 22;
      }
      if (i === 4) {
        oomKill(h, 'java', java?.pid ?? 4000, 30 * GB);
        h.stop('java');
        h.available = 29 * GB;
        h.psi.memory = 3;
        ended(h, 'elasticsearch', {
          Result: 'oom-kill',
          ExecMainCode: '2',
          ExecMainStatus: '9',
          since: '30',
        });
      }
    },
    roots: [
      {
        problem: ['mem.oom_kill', 'mem.critical', 'mem.low', 'mem.leak'],
        subject: ['search-d3', 'java', 'elasticsearch'],
      },
    ],
  },
  {
    name: 'a duplicate key stops a MariaDB replica',
    kind: 'fault',
    reports: 6,
    installed: true,
    onset: 3,
    host() {
      const h = server(alma8, 'db-r2', { ram: 32, cores: 8 });
      h.serve('mariadb', {
        name: 'mariadbd',
        rss: 9 * GB,
        cpu: 40,
        threads: 60,
        uid: 27,
      });
      h.listening.push({ port: 3306, address: '10.20.0.17', program: 'mariadbd', queue: 80 });
      return h;
    },
    minute(h, i) {
      const broken = from(i, 3);
      mysql(h, '10.11.9-MariaDB-log', {}, {}, replica('Slave', { error: broken ? 1062 : 0 }));
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: ['mysql', 'mariadb', 'db-r2'] }],
  },
  {
    name: 'a MySQL 8.4 replica falls behind further and further',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 1,
    host() {
      const h = server(noble, 'orders-replica', { ram: 64, cores: 8, disk: 'nvme0n1' });
      h.serve('mysql', {
        name: 'mysqld',
        rss: 30 * GB,
        cpu: 101,
        threads: 70,
        uid: 110,
      });
      h.listening.push({ port: 3306, address: '10.20.0.17', program: 'mysqld', queue: 151 });
      return h;
    },
    minute(h, i) {
      mysql(h, '8.4.3', {}, {}, replica('Replica', { behind: from(i, 1) ? 380 + i * 52 : 0 }));
    },
    roots: [{ problem: 'db.mysql_repl_lag', subject: ['mysql', 'orders-replica'] }],
  },
  {
    name: 'somebody went home with a transaction open',
    kind: 'fault',
    reports: 6,
    installed: true,
    onset: 0,
    host() {
      const h = server(trixie, 'erp-pg', { ram: 32, cores: 8 });
      for (let n = 0; n < 6; n++)
        h.run({
          name: 'postgres',
          rss: 190_000,
          cpu: 5,
          uid: 105,
          cgroup: '/system.slice/system-postgresql.slice/postgresql@17-main.service',
        });
      h.service('postgresql@17-main');
      h.listening.push({ port: 5432, address: '10.20.0.17', program: 'postgres', queue: 244 });
      return h;
    },
    minute(h, i) {
      postgres(h, {
        max: 200,
        states: ['active|4|00:00:00.211', 'idle|31|', `idle in transaction|2|03:${String(12 + i)}:44.120911`],
      });
    },
    roots: [{ problem: 'db.pg_idle_tx', subject: ['postgres', 'erp-pg'] }],
  },
  {
    name: 'a change feed was switched off, its slot keeps the log and the volume fills',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 0,
    host() {
      const h = server(jammy, 'ledger-pg1', { ram: 64, cores: 16, disk: 'nvme0n1' });
      for (let n = 0; n < 9; n++)
        h.run({
          name: 'postgres',
          rss: 390_000,
          cpu: 12,
          uid: 113,
          write: n ? 0 : 3_000_000,
          cgroup: '/system.slice/system-postgresql.slice/postgresql@14-main.service',
        });
      h.service('postgresql@14-main');
      h.disk('nvme1n1', { writes: 240, writeBytes: 24_000_000, busy: 18 });
      h.mounts.set('/var/lib/postgresql', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 500 * GB,
        used: 458 * GB,
      });
      return h;
    },
    minute(h, i) {
      const mount = h.mounts.get('/var/lib/postgresql')!;
      mount.used = (458 + i * 1.2) * GB;
      postgres(h, {
        max: 300,
        states: ['active|9|00:00:00.030', 'idle|88|'],
        slots: [`debezium_orders|f|${Math.round((301 + i * 1.2) * 1_073_741_824)}`, 'standby1|t|16777344'],
      });
    },
    roots: [{ problem: 'db.pg_slot', subject: ['postgres', 'debezium_orders', 'ledger-pg1'] }],
  },
  {
    name: 'a session store has no room left and must not forget',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 2,
    host() {
      const h = server(amazon2023, 'sess-2a', { nic: 'ens5', ram: 8, cores: 2, disk: 'nvme0n1' });
      h.serve('redis6', {
        name: 'redis-server',
        rss: 4.2 * GB,
        cpu: 12,
        threads: 5,
        uid: 995,
      });
      h.listening.push({ port: 6379, address: '10.20.0.17', program: 'redis-server', queue: 511 });
      return h;
    },
    minute(h, i) {
      const full = 4_294_967_296;
      redis(h, {
        redis_version: '6.2.14',
        maxmemory: full,
        maxmemory_policy: 'noeviction',
        used_memory: from(i, 2) ? full - 20_400 : Math.round(full * 0.82),
      });
    },
    roots: [{ problem: 'db.redis_maxmemory', subject: ['redis', 'sess-2a'] }],
  },
  {
    name: 'a newsletter tool left thousands of letters that nobody accepts',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 0,
    host() {
      const h = server(focal, 'mail-gdn', { ram: 4, cores: 2 });
      h.run({ name: 'master', rss: 5_100, cgroup: '/system.slice/system-postfix.slice/postfix@-.service' });
      h.run({ name: 'qmgr', rss: 9_800, cpu: 2, uid: 112 });
      h.service('postfix@-');
      h.listening.push({ port: 25, program: 'master', queue: 100 });
      return h;
    },
    minute(h, i) {
      h.more.set(
        'find /var/spool',
        [
          `/var/spool/postfix/active ${118} 0`,
          `/var/spool/postfix/incoming 2 0`,
          `/var/spool/postfix/maildrop 0 0`,
          `/var/spool/postfix/deferred ${5_210 + i * 300} ${3_900 + i * 40}`,
        ].join('\n'),
      );
    },
    roots: [{ problem: 'mail.queue', subject: ['postfix', 'mail-gdn', '/var/spool/postfix'] }],
  },
  {
    name: 'a compose service dies at once and Docker starts it each time',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 3,
    host() {
      const h = server(debian12, 'apps-zrh', { ram: 16 });
      h.run({ name: 'dockerd', rss: 88_000, cpu: 2, threads: 24 });
      h.run({ name: 'containerd', rss: 44_000, cpu: 1, threads: 16 });
      h.service('docker');
      h.service('containerd');
      h.nic('docker0', {});
      h.nic('br-91c0a1f2e3d4', {});
      return h;
    },
    minute(h, i) {
      docker(h, [
        { name: 'billing-db-1', image: 'postgres:16' },
        from(i, 3)
          ? {
              name: 'billing-worker-1',
              image: 'ghcr.io/example/billing:2.9.0',
              status: 'Restarting (78) 12 seconds ago',
              restarts: grown(i, 3, 4),
              exit: 78,
              started: 14,
            }
          : { name: 'billing-worker-1', image: 'ghcr.io/example/billing:2.8.7' },
        { name: 'proxy-1', image: 'traefik:v3.1' },
      ]);
    },
    roots: [{ problem: 'svc.container_loop', subject: 'billing-worker-1' }],
  },
  {
    name: 'Docker says that a container is not healthy',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 3,
    host() {
      const h = server(alpine, 'cms-osl', { ram: 4, cores: 2 });
      h.run({ name: 'dockerd', rss: 70_000, cpu: 1, threads: 20 });
      h.run({ name: 'containerd', rss: 39_000, cpu: 1, threads: 14 });
      h.run({ name: 'node', rss: 410_000, cpu: 2, threads: 11, uid: 1000 });
      h.nic('docker0', {});
      return h;
    },
    minute(h, i) {
      docker(h, [
        {
          name: 'strapi',
          image: 'strapi/strapi:5.1',
          status: `Up 3 weeks (${from(i, 3) ? 'unhealthy' : 'healthy'})`,
        },
        { name: 'strapi-db', image: 'mysql:8.0', status: 'Up 3 weeks (healthy)' },
      ]);
    },
    roots: [{ problem: 'svc.container_unhealthy', subject: 'strapi' }],
  },
  {
    name: 'a pod has less memory than its Java wants',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 4,
    host() {
      const h = server(noble, 'worker-c7', { ram: 64, cores: 16, disk: 'nvme0n1' });
      h.run({ name: 'kubelet', rss: 102_000, cpu: 5, threads: 20 });
      h.run({ name: 'containerd', rss: 71_000, cpu: 3, threads: 28 });
      h.service('kubelet');
      h.service('containerd');
      const pod =
        '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod4f7c9a10_55aa_4c1e_9d0b_0e2d6f7a8b9c.slice';
      h.run({ name: 'java', rss: 980_000, cpu: 60, threads: 44, uid: 1000, cgroup: pod });
      h.groups.set(`${pod}/memory.max`, 1_073_741_824);
      h.groups.set(`${pod}/memory.current`, 1_050_000_000);
      h.groups.set(`${pod}/memory.stat`, 'anon 960000000');
      h.groups.set(`${pod}/memory.events`, 'oom_kill 0');
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return;
      const pod = h.named('java')[0]!.cgroup;
      const kills = grown(i, 4, 1);
      oomKill(h, 'java', 41_000 + i * 311, 1_012_000, `${pod}`);
      h.groups.set(`${pod}/memory.events`, `oom_kill ${kills}`);
      const java = h.named('java')[0]!;
      java.pid = 41_300 + i * 311;
      java.born = h.now;
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
        subject: ['kubepods', 'java', '/kubepods', 'pod4f7c', 'pod 4f7c'],
      },
    ],
  },
  {
    name: 'the nightly dump has not been made for four days',
    kind: 'fault',
    atFirst: 'ranking',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(centos7, 'crm-old', { ram: 8 });
      h.serve('mariadb', {
        name: 'mysqld',
        rss: 1.1 * GB,
        cpu: 6,
        threads: 33,
        uid: 27,
      });
      return h;
    },
    minute(h) {
      const night = h.epoch - (h.epoch % 86_400) + 8_400;
      h.more.set(
        backups,
        [11, 10, 9, 8, 7, 6, 5]
          .map((days) => {
            const at = night - days * 86_400;
            return `${at}:${812_000_000 + days * 1_311}:/var/backups/crm-${new Date(at * 1000).toISOString().slice(0, 10)}.sql.gz`;
          })
          .join('\n'),
      );
    },
    roots: [{ problem: 'backup.stale', subject: ['/var/backups', 'crm-', 'dump crm'] }],
  },
  {
    name: 'the dump of last night is twenty bytes of compressed nothing',
    kind: 'fault',
    atFirst: 'the case was wrong',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(jammy, 'wiki-brn', { ram: 4 });
      return h;
    },
    minute(h) {
      const night = h.epoch - (h.epoch % 86_400) - 3_600 * 3;
      h.more.set(
        backups,
        [8, 7, 6, 5, 4, 3, 2, 1, 0]
          .map((days) => {
            const at = night - days * 86_400;
            return `${at}:${days ? 1_912_400_118 - days * 88_211 : 20}:/var/backups/automysqlbackup/daily/wiki/wiki_${new Date(at * 1000).toISOString().slice(0, 10)}.sql.gz`;
          })
          .join('\n'),
      );
    },
    roots: [{ problem: 'backup.shrunk', subject: ['/var/backups', 'wiki', 'dump wiki'] }],
  },
  {
    name: 'a name server under OpenRC is gone and nobody restarts it',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 5,
    host() {
      const h = server(gentoo, 'ns2-prg', { ram: 2, cores: 2 });
      h.run({ name: 'named', rss: 210_000, cpu: 3, threads: 8, uid: 40 });
      h.listening.push({ port: 53, program: 'named', queue: 10 });
      return h;
    },
    minute(h, i) {
      if (i === 5) {
        h.stop('named');
        h.kernel(
          6,
          'named[2211]: segfault at 10 ip 00007f3c2e1d5b20 sp 00007f3c2a7f9d10 error 4 in libisc-9.18.29.so[2c1b20,7f3c2e17f000+8c000]',
          44,
        );
      }
    },
    roots: [{ problem: ['proc.vanished'], subject: 'named' }],
  },
  {
    name: 'a build service is at its limit of tasks: fork rejected',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 3,
    host() {
      const h = server(jammy, 'ci-lis', { ram: 32, cores: 8 });
      h.run({
        name: 'buildkite-agent',
        rss: 52_000,
        cpu: 3,
        threads: 18,
        uid: 2000,
        cgroup: '/system.slice/buildkite-agent.service',
      });
      h.run({
        name: 'java',
        rss: 3.1 * GB,
        cpu: 130,
        threads: 400,
        uid: 2000,
        cgroup: '/system.slice/buildkite-agent.service',
      });
      h.service('buildkite-agent', { TasksMax: '2048' });
      return h;
    },
    minute(h, i) {
      const group = '/system.slice/buildkite-agent.service';
      h.groups.set(`${group}/pids.max`, 2048);
      h.groups.set(`${group}/pids.current`, from(i, 3) ? 2047 : 430);
      if (from(i, 3)) {
        h.named('java')[0]!.threads = 2029;
        h.kernel(4, 'cgroup: fork rejected by pids controller in /system.slice/buildkite-agent.service', 35);
      }
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: 'buildkite-agent' }],
  },
  {
    name: 'a document database still has the 1024 open files of long ago',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(debian12, 'docs-cph', { ram: 16, cores: 4 });
      h.run({ name: 'mongod', rss: 5 * GB, cpu: 20, threads: 300, uid: 112, open: [620, 1024] });
      h.service('mongod');
      h.listening.push({ port: 27017, address: '127.0.0.1', program: 'mongod', queue: 4096 });
      return h;
    },
    minute(h, i) {
      h.named('mongod')[0]!.open = from(i, 2) ? [1_017, 1_024] : [620, 1_024];
    },
    roots: [{ problem: 'proc.fd_process', subject: 'mongod' }],
  },
  {
    name: 'an upgrade was cut off in the middle and dpkg waits for somebody',
    kind: 'fault',
    atFirst: 'ranking',
    reports: 2,
    step: 3600,
    onset: 0,
    host: () => server(buster, 'kiosk-srv', { ram: 4 }),
    edit: (text) =>
      withSection(
        text,
        'dpkg --audit',
        [
          'The following packages are in a mess due to serious problems during',
          'installation.  They must be reinstalled for them (and any packages',
          'that depend on them) to function properly:',
          ' libssl1.1:amd64      Secure Sockets Layer toolkit - shared libraries',
          '',
          'The following packages are only half configured, probably due to problems',
          'configuring them the first time.  The configuration should be retried using',
          'dpkg --configure <package> or the configure menu option in dselect:',
          ' openssh-server       secure shell (SSH) server, for secure access from remot',
        ].join('\n'),
      ),
    roots: [
      { problem: 'sys.update_broken', subject: ['dpkg', 'kiosk-srv', 'apt', 'libssl1.1', 'openssh-server'] },
    ],
  },
];
