// Visitors that came late: a second handful of the same areas, stranger than the first. Written before the product saw them.
import { server, from, grown, withSection, type Case } from '../case.ts';
import { centos7, debian12, jammy, noble, rhel9 } from '../systems.ts';
import { alma8, amazon2023, buster, fedoraCore, focal, sles15, trixie } from '../strangers/systems.ts';
import {
  certDate,
  docker,
  ended,
  errorLog,
  identifier,
  mysql,
  oomKill,
  postgres,
  redis,
  suidFiles,
  timerTime,
} from '../tools.ts';
import { GB } from '../host.ts';

const publicly = (text: string) =>
  text
    .replace('inet 10.20.0.17/24 brd 10.20.0.255', 'inet 93.184.215.77/24 brd 93.184.215.255')
    .replace('src 10.20.0.17', 'src 93.184.215.77');

const suid = ['su', 'sudo', 'mount', 'passwd'].map((p) => `-rwsr-xr-x root /usr/bin/${p}`).join('\n');
const timer = (next: string, last: string, name: string) => `${next} ${last} ${name}.timer ${name}.service`;

export const lateVisitors: readonly Case[] = [
  {
    name: 'a virtual port has too small a ring: one packet in twenty is dropped',
    kind: 'fault',
    reports: 14,
    installed: true,
    onset: 3,
    host() {
      const h = server(alma8, 'proxy-ist', { nic: 'ens192', ram: 8, cores: 2 });
      h.nic('ens192', { speed: 10_000, rx: 26_000_000, tx: 24_000_000 });
      h.tcp.out = 34_000;
      h.run({ name: 'squid', rss: 610_000, cpu: 45 });
      h.service('squid');
      h.listening.push({ port: 3128, program: 'squid', queue: 256 });
      return h;
    },
    minute(h, i) {
      if (from(i, 3)) {
        h.nic('ens192', { drops: 2_200 });
        h.tcp.retransmits = 480;
      }
    },
    roots: [{ problem: ['net.drops'], subject: 'ens192' }],
  },
  {
    name: 'clients vanish and leave forty thousand orphans',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 3,
    host() {
      const h = server(focal, 'cdn-edge7', { ram: 16, cores: 8 });
      h.run({ name: 'varnishd', rss: 3 * GB, cpu: 60, threads: 900 });
      h.service('varnish');
      h.listening.push({ port: 80, program: 'varnishd', queue: 1024 });
      h.tcp.established = 9_000;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.tcp.orphans = 41_200;
      h.kernel(6, 'TCP: too many orphaned sockets', 20);
    },
    roots: [{ problem: 'net.orphans', subject: ['cdn-edge7', 'tcp', 'TCP'] }],
  },
  {
    name: 'httpd has no worker left',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 3,
    host() {
      const h = server(centos7, 'intranet-old', { ram: 16, cores: 4 });
      for (let n = 0; n < 60; n++) h.run({ name: 'httpd', rss: 41_000, cpu: 0.4, uid: 48 });
      h.service('httpd');
      h.listening.push({ port: 80, program: 'httpd', queue: 511 });
      h.more.set('grep -r . /etc', '/etc/httpd/conf.modules.d/00-mpm.conf:MaxRequestWorkers 256');
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3)
        for (let n = 0; n < 197; n++) h.run({ name: 'httpd', rss: 41_000, cpu: 0.4, uid: 48, age: 10 });
      h.listening.find((l) => l.port === 80)!.waiting = 300;
      if (i === 3)
        h.more.set(
          errorLog,
          `[${h
            .at(25 - 3600)
            .toUTCString()
            .slice(0, 3)} Nov ${String(h.at(0).getUTCDate()).padStart(2)} ${h
            .at(25 - 3600)
            .toISOString()
            .slice(11, 19)}.118822 2026] MaxRequestWorkers`,
        );
      else h.more.delete(errorLog);
    },
    roots: [{ problem: ['web.apache_workers'], subject: ['httpd', 'apache'] }],
  },
  {
    name: 'an application does not give connections back to MySQL',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 3,
    host() {
      const h = server(noble, 'app-lej', { ram: 16, cores: 4 });
      h.run({
        name: 'mysqld',
        rss: 4 * GB,
        cpu: 12,
        threads: 190,
        uid: 110,
        cgroup: '/system.slice/mysql.service',
      });
      h.run({
        name: 'node',
        rss: 380_000,
        cpu: 8,
        threads: 11,
        uid: 1001,
        cgroup: '/system.slice/shopd.service',
      });
      h.service('mysql');
      h.service('shopd');
      return h;
    },
    minute(h, i) {
      mysql(
        h,
        '8.0.39',
        {
          Threads_connected: from(i, 3) ? 151 : 64,
          Max_used_connections: from(i, 3) ? 152 : 71,
          Threads_running: 3,
        },
        {},
      );
    },
    roots: [{ problem: 'db.mysql_connections', subject: ['mysql', 'node', 'shopd'] }],
  },
  {
    name: 'rows that somebody has locked stop everybody else',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(sles15, 'wms-db', { ram: 32, cores: 8 });
      h.serve('mariadb', {
        name: 'mariadbd',
        rss: 9 * GB,
        cpu: 20,
        threads: 90,
        uid: 60,
      });
      return h;
    },
    minute(h, i) {
      const n = Math.max(0, i - 2);
      mysql(
        h,
        '10.6.19-MariaDB',
        {
          Innodb_row_lock_current_waits: n ? 38 : 0,
          Innodb_row_lock_time: 8_400 + n * 2_200_000,
          Innodb_row_lock_waits: 190 + n * 55,
          Threads_connected: n ? 88 : 30,
          Threads_running: n ? 41 : 3,
        },
        { max_connections: 400 },
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: ['mysql', 'mariadb'] }],
  },
  {
    name: 'transaction numbers run out and nobody has vacuumed',
    kind: 'fault',
    reports: 3,
    installed: true,
    onset: 0,
    host() {
      const h = server(alma8, 'gis-db', { ram: 64, cores: 8 });
      for (let n = 0; n < 5; n++)
        h.serve('postgresql-13', {
          name: 'postmaster',
          rss: 210_000,
          cpu: 9,
          uid: 26,
        });
      return h;
    },
    minute: (h) => postgres(h, { age: 1_988_210_331, max: 200 }),
    roots: [{ problem: 'db.pg_wraparound', subject: ['postgres', 'billing', 'template1'] }],
  },
  {
    name: 'a pooler was forgotten: PostgreSQL has no connection left',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 2,
    host() {
      const h = server(trixie, 'django-pg', { ram: 16, cores: 4 });
      for (let n = 0; n < 40; n++)
        h.run({
          name: 'postgres',
          rss: 31_000,
          cpu: 0.6,
          uid: 105,
          cgroup: '/system.slice/system-postgresql.slice/postgresql@17-main.service',
        });
      h.service('postgresql@17-main');
      return h;
    },
    minute(h, i) {
      postgres(h, {
        max: 100,
        states: from(i, 2) ? ['active|3|00:00:00.119', 'idle|94|'] : ['active|3|00:00:00.119', 'idle|34|'],
      });
    },
    roots: [{ problem: 'db.pg_connections', subject: ['postgres'] }],
  },
  {
    name: 'the disk of Redis is full, so it cannot save',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 4,
    host() {
      const h = server(debian12, 'queue-tlv', { ram: 16, cores: 4 });
      h.run({ name: 'redis-server', rss: 3 * GB, cpu: 9, threads: 5, uid: 107 });
      h.service('redis-server');
      h.disk('sdb', { size: 20_971_520 });
      h.mounts.set('/var/lib/redis', { device: '/dev/sdb1', size: 10_255_636, used: 7_900_000 });
      return h;
    },
    minute(h, i) {
      const m = h.mounts.get('/var/lib/redis')!;
      m.used = Math.min(9_742_000, 7_900_000 + i * 480_000);
      redis(h, {
        rdb_last_bgsave_status: from(i, 4) ? 'err' : 'ok',
        rdb_changes_since_last_save: 221 + grown(i, 4, 90_000),
      });
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/redis' }],
  },
  {
    name: 'the logs of a container fill the volume of Docker; its database stops',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 5,
    host() {
      const h = server(jammy, 'stack-vno', { ram: 16, cores: 4, disk: 'vda' });
      h.run({ name: 'dockerd', rss: 90_000, cpu: 4, threads: 24 });
      h.service('docker');
      h.disk('vdb', { size: 104_857_600, writes: 120, writeBytes: 26_000_000, busy: 20 });
      h.mounts.set('/var/lib/docker', { device: '/dev/vdb', size: 51_290_592, used: 41_000_000 });
      return h;
    },
    minute(h, i) {
      const m = h.mounts.get('/var/lib/docker')!;
      m.used = Math.min(48_720_000, 41_000_000 + i * 1_560_000);
      docker(h, [
        { name: 'ingest', status: 'Up 3 days' },
        from(i, 6)
          ? {
              name: 'mongo',
              image: 'mongo:7',
              status: 'Exited (14) 40 seconds ago',
              exit: 14,
              started: 250_000,
            }
          : { name: 'mongo', image: 'mongo:7' },
      ]);
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/var/lib/docker' }],
  },
  {
    name: 'a backup job hangs since last week, so its timer does not fire',
    kind: 'fault',
    atFirst: 'rule silent',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(trixie, 'nas-offsite', { ram: 8 });
      h.run({
        name: 'borg',
        rss: 210_000,
        cpu: 0,
        age: 9 * 86_400,
        cgroup: '/system.slice/borgmatic.service',
      });
      h.service('borgmatic', { ActiveState: 'activating', SubState: 'start', since: String(9 * 86_400) });
      return h;
    },
    minute(h) {
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        [
          timer(`${timerTime(h, -7_200)} 2h left`, `${timerTime(h, 80_000)} 22h ago`, 'apt-daily'),
          timer(`${timerTime(h, -36_000)} 10h left`, `${timerTime(h, 50_400)} 14h ago`, 'logrotate'),
          timer('- -', `${timerTime(h, 9 * 86_400)} 1 week 2 days ago`, 'borgmatic'),
        ].join('\n'),
      );
    },
    roots: [
      { problem: ['svc.timer_missed', 'backup.stale', 'job.cron_overlap'], subject: ['borgmatic', 'borg'] },
    ],
  },
  {
    name: 'logrotate fails each night and one log has grown to 30 GB',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(noble, 'api-gru', { ram: 8 });
      ended(h, 'logrotate', { since: '52000' });
      h.mounts.get('/')!.used = 66_000_000;
      h.more.set(
        'du -xk -d 1 /var/log',
        '410220\t/var/log/journal\n31457280\t/var/log/gateway\n31920144\t/var/log\n31457200\t/var/log/gateway/access-json.log',
      );
      return h;
    },
    roots: [
      { problem: ['sys.logrotate_failed', 'svc.unit_failed'], subject: ['logrotate', '/var/log/gateway'] },
    ],
  },
  {
    name: 'a directory server crashes: signal 11 and a dump of its memory',
    kind: 'fault',
    reports: 7,
    installed: true,
    onset: 3,
    host() {
      const h = server(buster, 'ldap-hel', { ram: 4 });
      h.run({ name: 'slapd', rss: 310_000, cpu: 3, threads: 18, uid: 108 });
      h.service('slapd');
      h.listening.push({ port: 636, program: 'slapd', queue: 2048 });
      return h;
    },
    minute(h, i) {
      if (i !== 3) return;
      h.kernel(
        6,
        'slapd[8121]: segfault at 0 ip 000055d0f3a41b2e sp 00007f40d87f9c50 error 4 in slapd[55d0f39ef000+d6000]',
        40,
      );
      h.stop('slapd');
      ended(h, 'slapd', { Result: 'core-dump', ExecMainCode: '3', ExecMainStatus: '11', since: '39' });
    },
    roots: [{ problem: ['svc.unit_failed'], subject: 'slapd' }],
  },
  {
    name: 'Tomcat grows into the limit of its own unit',
    kind: 'fault',
    reports: 10,
    onset: 4,
    host() {
      const h = server(rhel9, 'tc-yul', { ram: 32, cores: 8 });
      const cgroup = '/system.slice/tomcat.service';
      h.run({ name: 'java', rss: 3.4 * GB, cpu: 50, threads: 90, uid: 53, cgroup });
      h.service('tomcat', { MemoryMax: '4294967296' });
      h.listening.push({ port: 8080, program: 'java', queue: 100 });
      h.groups.set(`${cgroup}/memory.max`, 4_294_967_296);
      h.groups.set(`${cgroup}/memory.current`, 3_700_000_000);
      h.groups.set(`${cgroup}/memory.stat`, 'anon 3500000000');
      h.groups.set(`${cgroup}/memory.events`, 'oom_kill 0');
      return h;
    },
    minute(h, i) {
      const cgroup = '/system.slice/tomcat.service';
      if (i < 4) h.groups.set(`${cgroup}/memory.stat`, `anon ${3_500_000_000 + i * 170_000_000}`);
      if (i !== 4) return;
      oomKill(h, 'java', h.named('java')[0]!.pid, 4_120_000, cgroup);
      h.stop('java');
      for (const key of [...h.groups.keys()]) h.groups.delete(key);
      ended(h, 'tomcat', {
        Result: 'oom-kill',
        ExecMainCode: '2',
        ExecMainStatus: '9',
        MemoryMax: '4294967296',
        since: '30',
      });
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
        subject: ['tomcat', '/system.slice/tomcat', 'java'],
      },
    ],
  },
  {
    name: 'root may come in with a password, over the internet',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 0,
    host: () => server(debian12, 'vps-scl', { ram: 2, cores: 1 }),
    edit: (text) =>
      publicly(text).replace(
        'permitrootlogin no\npasswordauthentication no',
        'permitrootlogin yes\npasswordauthentication yes',
      ),
    roots: [{ problem: 'sec.sshd_root', subject: ['sshd', 'vps-scl'] }],
  },
  {
    name: 'the settings of an application, with its passwords, can be read by all',
    kind: 'fault',
    reports: 1,
    onset: 0,
    host: () => server(amazon2023, 'ip-10-20-7-3', { nic: 'ens5', ram: 8 }),
    edit: (text) => withSection(text, suidFiles, `${suid}\n-rw-r--r-- deploy /srv/invoices/current/.env`),
    roots: [{ problem: 'sec.world_readable_secret', subject: '/srv/invoices' }],
  },
  {
    name: 'a shell with the rights of root appears in a temporary folder',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => server(focal, 'lms-uni', { ram: 8 }),
    edit: (text, i) =>
      withSection(text, suidFiles, i < 1 ? suid : `${suid}\n-rwsr-xr-x root /var/tmp/.cache-7/sh`),
    roots: [{ problem: 'sec.suid_new', subject: '/var/tmp/.cache-7/sh' }],
  },
  {
    name: 'a miner in shared memory',
    kind: 'fault',
    reports: 10,
    onset: 2,
    host: () => server(jammy, 'jenkins-pub', { ram: 16, cores: 8 }),
    minute(h, i) {
      if (i === 2)
        h.run({
          name: 'kdevtmpfsi',
          rss: 2_400_000,
          cpu: 790,
          threads: 9,
          uid: 112,
          age: 20,
          cgroup: '/system.slice/jenkins.service',
        });
      if (from(i, 2)) {
        h.load = [8.4, 6.1, 3.9];
        h.psi.cpu = 40;
        h.more.set(
          'ls -l /proc/[0-9]*/exe',
          `/proc/${h.named('kdevtmpfsi')[0]!.pid} /dev/shm/kdevtmpfsi (deleted)`,
        );
      }
    },
    roots: [{ problem: ['proc.suspicious', 'proc.runaway'], subject: 'kdevtmpfsi' }],
  },
  {
    name: 'the certificate of the mail server ends in three days',
    kind: 'fault',
    atFirst: 'not collected',
    reports: 1,
    onset: 0,
    host() {
      const h = server(trixie, 'mx-lux', { ram: 4 });
      h.listening.push({ port: 993, program: 'dovecot', queue: 100 });
      h.run({ name: 'dovecot', rss: 5_000 });
      h.service('dovecot');
      return h;
    },
    edit: (text, _i, h) =>
      withSection(
        withSection(
          text,
          'grep -r . /etc',
          '/etc/dovecot/conf.d/10-ssl.conf:ssl_server_cert_file = /etc/ssl/private/mx-lux-2025.pem',
        ),
        'openssl x509',
        [
          'file /etc/ssl/private/mx-lux-2025.pem',
          'subject=C=LU, O=Exemple SA, CN=mx.example.lu',
          'issuer=C=GB, O=Sectigo Limited, CN=Sectigo Public Server Authentication CA DV R36',
          `notBefore=${certDate(h, -395)}`,
          `notAfter=${certDate(h, 3)}`,
          'serial=7F2211AC90',
          '                DNS:mx.example.lu, DNS:imap.example.lu',
        ].join('\n'),
      ),
    roots: [{ problem: 'tls.expiring', subject: ['mx.example.lu', '/etc/ssl/private/mx-lux-2025.pem'] }],
  },
  {
    name: 'an account without a password',
    kind: 'fault',
    reports: 1,
    onset: 0,
    host: () => server(alma8, 'lab-gw', { ram: 4 }),
    edit: (text) =>
      text.replace('root:x:0:0:root:/root:/bin/bash', '$&\nscanner::1044:1044::/home/scanner:/bin/bash'),
    roots: [{ problem: 'sec.empty_password', subject: ['scanner', 'lab-gw'] }],
  },
  {
    name: 'a job of five minutes takes an hour and cron starts it again and again',
    kind: 'fault',
    reports: 14,
    step: 300,
    onset: 1,
    host() {
      const h = server(debian12, 'stock-sync', { ram: 8, cores: 4 });
      h.run({ name: 'cron', rss: 2_600 });
      h.more.set('cat /etc/crontab', '/etc/cron.d/stock:*/5 * * * * www-data /usr/local/bin/pull-stock');
      return h;
    },
    minute(h, i) {
      h.run({
        name: 'pull-stock',
        rss: 88_000,
        cpu: 6,
        uid: 33,
        age: 2,
        ppid: h.named('cron')[0]!.pid,
        cgroup: '/system.slice/cron.service',
      });
      void i;
    },
    roots: [{ problem: 'job.cron_overlap', subject: ['pull-stock', '/usr/local/bin/pull-stock'] }],
  },
  {
    name: 'a kubelet that does not come up after its certificate has ended',
    kind: 'fault',
    reports: 8,
    onset: 0,
    host() {
      const h = server(noble, 'cp-1', { ram: 16, cores: 4, disk: 'nvme0n1' });
      h.run({ name: 'containerd', rss: 70_000, cpu: 2, threads: 26 });
      h.service('containerd');
      return h;
    },
    minute(h, i) {
      h.service('kubelet', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        ExecMainCode: '1',
        ExecMainStatus: '1',
        NRestarts: String(2_180 + i * 6),
        MainPID: '0',
        since: '4',
      });
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.unit_failed'], subject: 'kubelet' }],
  },
  {
    name: 'Podman: a container was killed for want of memory and stays down',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(fedoraCore, 'pod-hel1', { ram: 8, cores: 4 });
      return h;
    },
    minute(h, i) {
      const ids = ['zigbee', 'recorder'].map(identifier);
      h.more.set(
        'podman ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}',
        `${ids[0]}|zigbee|docker.io/koenkk/zigbee2mqtt:1.40|Up 2 weeks\n${ids[1]}|recorder|docker.io/library/influxdb:2.7|${from(i, 1) ? 'Exited (137) 2 minutes ago' : 'Up 2 weeks'}`,
      );
      h.more.set(
        'podman inspect',
        `${ids[0]}|zigbee|0|false|0|${h.at(1_209_600).toISOString()}\n${ids[1]}|recorder|0|${from(i, 1)}|${from(i, 1) ? 137 : 0}|${h.at(1_209_600).toISOString()}`,
      );
      if (i === 1) oomKill(h, 'influxd', 5_521, 1_044_000, `/machine.slice/libpod-${ids[1]}.scope`);
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'svc.container_unhealthy'],
        subject: ['recorder', 'influxd', `libpod-${identifier('recorder')}`, '/machine.slice/libpod'],
      },
    ],
  },
  {
    name: 'somebody flushed the firewall to look for an error and forgot it',
    kind: 'fault',
    reports: 4,
    step: 3600,
    onset: 2,
    host: () => server(debian12, 'gw-otp', { ram: 4 }),
    edit: (text, i) =>
      from(i, 2) ? withSection(publicly(text), 'nft list ruleset', 'rules 0') : publicly(text),
    roots: [{ problem: 'sec.firewall_off', subject: 'gw-otp' }],
  },
  {
    name: 'a stolen web form sends by Exim: ten thousand letters wait',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 0,
    host() {
      const h = server(buster, 'hosting-12', { ram: 8 });
      for (let n = 0; n < 12; n++) h.run({ name: 'exim4', rss: 12_000, cpu: 2, uid: 101 });
      h.service('exim4');
      h.listening.push({ port: 25, program: 'exim4', queue: 20 });
      return h;
    },
    minute: (h, i) =>
      void h.more.set('find /var/spool', `/var/spool/exim4/input ${9_120 + i * 1_400} ${400 + i * 20}`),
    roots: [
      {
        problem: ['mail.queue', 'mail.spam_source'],
        subject: ['exim', '/var/spool/exim4', 'hosting-12', 'mail'],
      },
    ],
  },
  {
    name: 'a Node service leaks until little memory is left',
    kind: 'fault',
    reports: 15,
    step: 900,
    onset: 0,
    host() {
      const h = server(noble, 'bff-waw', { ram: 8, cores: 4 });
      h.swap = 0;
      h.serve('bff', {
        name: 'node',
        rss: 0.7 * GB,
        cpu: 9,
        threads: 11,
        uid: 1001,
      });
      return h;
    },
    minute(h) {
      h.named('node')[0]!.rss += 0.32 * GB;
      h.available -= 0.32 * GB;
      h.cached = Math.min(h.cached, h.available * 0.9);
    },
    roots: [{ problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust'], subject: ['node', 'bff'] }],
  },
  {
    name: 'timers of each week and month, and a container that was stopped long ago',
    kind: 'control',
    reports: 3,
    step: 3600,
    roots: [],
    host() {
      const h = server(trixie, 'quiet-bts', { ram: 8 });
      return h;
    },
    minute(h) {
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        [
          timer(`${timerTime(h, -7_200)} 2h left`, `${timerTime(h, 80_000)} 22h ago`, 'apt-daily'),
          timer(
            `${timerTime(h, -3 * 86_400)} 3 days left`,
            `${timerTime(h, 4 * 86_400)} 4 days ago`,
            'fstrim',
          ),
          timer(
            `${timerTime(h, -9 * 86_400)} 1 week 2 days left`,
            `${timerTime(h, 21 * 86_400)} 3 weeks ago`,
            'zfs-scrub-monthly@tank',
          ),
          timer('- -', '- -', 'snapd.snap-repair'),
          timer('- -', `${timerTime(h, 4_100_000)} 1 month 17 days ago`, 'ua-timer'),
        ].join('\n'),
      );
      docker(h, [
        { name: 'app' },
        { name: 'app-old', status: 'Exited (137) 5 weeks ago', exit: 137, started: 6_000_000 },
      ]);
    },
  },
  {
    name: 'a name server of the public internet with a database behind a firewall',
    kind: 'control',
    reports: 3,
    step: 3600,
    roots: [],
    host() {
      const h = server(debian12, 'ns1-tia', { ram: 4 });
      h.run({ name: 'pdns_server', rss: 120_000, cpu: 4, threads: 14 });
      h.run({ name: 'mariadbd', rss: 310_000, cpu: 2, threads: 20, uid: 110 });
      h.service('pdns');
      h.service('mariadb');
      h.listening.push(
        { port: 53, program: 'pdns_server', queue: 128 },
        { port: 3306, program: 'mariadbd', queue: 80 },
      );
      return h;
    },
    edit: publicly,
  },
  {
    name: 'certificates of 62 days and of ten years',
    kind: 'control',
    reports: 2,
    step: 3600,
    roots: [],
    host() {
      const h = server(rhel9, 'web-lis', { ram: 8 });
      h.run({ name: 'nginx', rss: 20_000, cpu: 2 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    edit: (text, _i, h) =>
      withSection(
        text,
        'openssl x509',
        [
          'file /etc/letsencrypt/live/example.pt/fullchain.pem',
          'subject=CN=example.pt',
          "issuer=C=US, O=Let's Encrypt, CN=E6",
          `notBefore=${certDate(h, -28)}`,
          `notAfter=${certDate(h, 62)}`,
          'serial=0401',
          'file /etc/pki/tls/certs/localhost.crt',
          'subject=O=Unspecified, CN=web-lis',
          'issuer=O=Unspecified, CN=web-lis',
          `notBefore=${certDate(h, -400)}`,
          `notAfter=${certDate(h, 3_250)}`,
          'serial=02',
        ].join('\n'),
      ),
  },
  {
    name: 'MySQL after a restart: an empty buffer pool fills again',
    kind: 'control',
    reports: 8,
    installed: true,
    roots: [],
    host() {
      const h = server(jammy, 'db-kul', { ram: 32, cores: 8, disk: 'nvme0n1' });
      h.run({
        name: 'mysqld',
        rss: 2 * GB,
        cpu: 40,
        threads: 60,
        uid: 113,
        age: 240,
        cgroup: '/system.slice/mysql.service',
      });
      h.service('mysql', { since: '240' });
      return h;
    },
    minute(h, i) {
      h.named('mysqld')[0]!.rss = Math.min(9, 2 + i) * GB;
      h.disk('nvme0n1', { reads: 900 - i * 100, readBytes: (900 - i * 100) * 16_384, busy: 20 - i * 2 });
      mysql(h, '8.0.39', { Uptime: 240 + i * 60 }, { innodb_buffer_pool_size: 12_884_901_888 });
    },
  },
];
