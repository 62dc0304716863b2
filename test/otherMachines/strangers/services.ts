// Services, their traffic, their jobs and their backups on machines that nobody here had seen.
import { from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { docker, errorLog, mysql, postgres, visits } from '../tools.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { alma8, amazon2023, focal, sles15, trixie } from './systems.ts';

export const serviceStrangers: Case[] = [
  {
    name: 'A container answers its health check no more',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(trixie, 'sso-host', { cores: 4, ram: 16 });
      h.run({ name: 'dockerd', rss: 90_000, threads: 20 });
      h.run({
        name: 'java',
        rss: 1.4 * GB,
        cpu: 4,
        threads: 90,
        uid: 1000,
        cgroup: '/system.slice/docker-44f1.scope',
      });
      h.service('docker');
      return h;
    },
    minute(h, i) {
      docker(h, [
        { name: 'keycloak', status: from(i, 2) ? 'Up 9 days (unhealthy)' : 'Up 9 days (healthy)' },
        { name: 'postgres', status: 'Up 9 days' },
      ]);
    },
    roots: [{ problem: 'svc.container_unhealthy', subject: 'keycloak' }],
  },
  {
    name: 'A container ends with an error at once, again and again',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(debian12, 'homelab-nuc', { cores: 4, ram: 16, nic: 'eno1' });
      h.run({ name: 'dockerd', rss: 90_000, threads: 20 });
      h.service('docker');
      return h;
    },
    minute(h, i) {
      docker(h, [
        {
          name: 'authelia',
          restarts: grown(i, 2, 4),
          exit: from(i, 2) ? 1 : 0,
          status: from(i, 2) ? 'Restarting (1) 8 seconds ago' : 'Up 2 hours',
        },
        { name: 'traefik' },
        { name: 'jellyfin', status: 'Up 2 weeks (healthy)' },
      ]);
    },
    roots: [{ problem: 'svc.container_loop', subject: 'authelia' }],
  },
  {
    name: 'AlmaLinux 8, httpd does not start after an edit of its configuration',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(alma8, 'intranet', { cores: 2, ram: 8 });
      for (let n = 0; n < 5; n++) h.run({ name: 'httpd', rss: 22_000, cpu: 2, uid: 48 });
      h.listening.push({ port: 80, program: 'httpd' }, { port: 443, program: 'httpd' });
      h.service('httpd');
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.stop('httpd');
      h.units.set('httpd.service', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '25',
      });
    },
    edit(text, i, h) {
      const sums = withSection(
        text,
        'sha256sum /etc/*',
        `2c18e8d099346c24f0486b617ae5250c6166405f7f3ad4efc9af2e5272ab0d33  /etc/fstab\n${(i >= 2 ? 'b' : 'a').repeat(64)}  /etc/httpd/conf.d/vhosts.conf`,
      );
      if (i < 2) return sums;
      const local = new Date((h.epoch - (i - 2) * 60 - 40 - 18_000) * 1000).toUTCString();
      const [, day, date, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(local)!;
      return withSection(
        sums,
        errorLog,
        `[${day} ${month} ${date} ${time}.120411 ${year}] AH00526: Syntax error on line 31 of /etc/httpd/conf.d/vhosts.conf:`,
      );
    },
    roots: [
      {
        problem: ['change.config', 'web.config_invalid', 'svc.unit_failed'],
        subject: ['/etc/httpd/conf.d/vhosts.conf', 'httpd', 'apache'],
      },
    ],
  },
  {
    name: 'An application opened a transaction forty minutes ago and forgot it',
    kind: 'fault',
    reports: 5,
    onset: 1,
    host() {
      const h = server(rhel9, 'pg-erp', { cores: 8, ram: 32 });
      for (let n = 0; n < 8; n++)
        h.serve('postgresql', {
          name: 'postgres',
          rss: 180_000,
          cpu: 2,
          uid: 26,
        });
      h.listening.push({ port: 5432, address: '127.0.0.1', program: 'postgres' });
      return h;
    },
    minute(h, i) {
      postgres(h, {
        states: from(i, 1)
          ? ['active|2|00:00:00.101', 'idle|17|', `idle in transaction|1|00:4${i}:12.448`]
          : ['active|2|00:00:00.101', 'idle|18|'],
      });
    },
    roots: [{ problem: 'db.pg_idle_tx', subject: 'postgres' }],
  },
  {
    name: 'Hundreds of connections, each with large buffers, outgrow the memory of a MySQL server',
    kind: 'fault',
    reports: 12,
    onset: 3,
    host() {
      const h = server(jammy, 'mysql-crm', { cores: 4, ram: 8 });
      h.serve('mysql', {
        name: 'mysqld',
        rss: 3.2 * GB,
        cpu: 40,
        threads: 90,
        uid: 112,
      });
      h.listening.push({ port: 3306, address: '127.0.0.1', program: 'mysqld' });
      return h;
    },
    minute(h, i) {
      const extra = Math.min(3.6 * GB, grown(i, 3, 0.7 * GB));
      const connected = 60 + Math.min(540, grown(i, 3, 110));
      Object.assign(h.named('mysqld')[0]!, { rss: 3.2 * GB + extra, threads: 40 + connected });
      h.available = Math.max(0.05 * h.ram, 0.5 * h.ram - extra);
      mysql(
        h,
        '8.0.40-0ubuntu0.22.04.1',
        { Threads_connected: connected, Max_used_connections: connected + 4 },
        {
          innodb_buffer_pool_size: 2_147_483_648,
          max_connections: 800,
          sort_buffer_size: 16_777_216,
          join_buffer_size: 16_777_216,
          read_buffer_size: 8_388_608,
        },
      );
    },
    roots: [
      {
        problem: ['db.mysql_worst_case_mem', 'mem.low', 'db.mysql_connections'],
        subject: ['mysql', 'mysqld'],
      },
    ],
    chain: ['db.mysql_worst_case_mem>mem.low'],
  },
  {
    name: 'A hacked form sends mail by the thousand',
    kind: 'fault',
    reports: 10,
    onset: 3,
    host() {
      const h = server(debian12, 'webmail.example.net', { cores: 2, ram: 4 });
      h.run({ name: 'master', rss: 5_000 });
      h.run({ name: 'qmgr', rss: 9_000, uid: 105 });
      h.run({ name: 'php-fpm8.2', rss: 60_000, cpu: 4, uid: 33 });
      h.service('postfix');
      h.listening.push({ port: 25, program: 'master' });
      return h;
    },
    minute(h, i) {
      h.tcp.opened = from(i, 3) ? 34 : 2;
      if (i === 3)
        for (let n = 0; n < 40; n++) h.run({ name: 'smtp', rss: 8_000, uid: 105, age: -1, cpu: 0.5 });
    },
    edit: (text, i) =>
      withSection(
        text,
        'find /var/spool',
        `/var/spool/postfix/active ${i >= 3 ? 900 : 1} 0\n/var/spool/postfix/incoming ${i >= 3 ? 4000 + 900 * i : 0} 0\n/var/spool/postfix/maildrop 0 0\n/var/spool/postfix/deferred ${i >= 3 ? 700 * (i - 2) : 6} ${i >= 3 ? 6 : 4}`,
      ),
    roots: [
      {
        problem: ['mail.spam_source', 'mail.queue'],
        subject: ['postfix', 'webmail.example.net', 'smtp', '/var/spool/postfix'],
      },
    ],
  },
  {
    name: 'A broken logrotate leaves a log that fills /var',
    kind: 'fault',
    reports: 10,
    step: 600,
    onset: 3,
    host() {
      const h = server(focal, 'app-legacy', { cores: 2, ram: 8 });
      h.mounts.set('/var', { device: '/dev/sda5', size: 38_000_000, used: 30_000_000 });
      h.serve('shop', {
        name: 'node',
        rss: 300_000,
        cpu: 14,
        uid: 1000,
        write: 900_000,
      });
      h.units.set('logrotate.service', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '900000',
      });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var')!.used = Math.min(36_050_000, 30_000_000 + grown(i, 1, 800_000));
    },
    edit: (text, _i, h) =>
      withSection(
        text,
        'du -xk -d 1 /var/log',
        `${Math.round(h.mounts.get('/var')!.used - 9_000_000)}\t/var/log\n410000\t/var/log/journal\n${Math.round(h.mounts.get('/var')!.used - 9_600_000)}\t/var/log/shop\n${Math.round(h.mounts.get('/var')!.used - 9_700_000)}\t/var/log/shop/app.log`,
      ),
    atFirst: 'ranking',
    roots: [
      { problem: ['sys.logrotate_failed', 'sys.journal_big'], subject: ['logrotate', '/var/log', '/var'] },
    ],
    chain: ['sys.logrotate_failed>disk.full'],
  },
  {
    name: 'A campaign brings nine times the visitors, and PHP takes all cores',
    kind: 'fault',
    reports: 26,
    step: 60,
    onset: 15,
    host() {
      const h = server(noble, 'shop-front-1', { cores: 4, ram: 16 });
      for (let n = 0; n < 3; n++) h.run({ name: 'nginx', rss: 20_000, cpu: 2, uid: 33 });
      for (let n = 0; n < 24; n++)
        h.run({
          name: 'php-fpm8.3',
          rss: 70_000,
          cpu: 1.4,
          uid: 33,
          cgroup: '/system.slice/php8.3-fpm.service',
        });
      h.listening.push({ port: 80, program: 'nginx' }, { port: 443, program: 'nginx' });
      h.service('nginx');
      h.service('php8.3-fpm');
      return h;
    },
    minute(h, i) {
      const busy = from(i, 15);
      visits(h, busy ? 5600 : 620);
      h.nic('eth0', { rx: busy ? 700_000 : 80_000, tx: busy ? 9_000_000 : 1_000_000 });
      h.tcp.established = busy ? 900 : 110;
      for (const t of h.named('php-fpm8.3')) t.cpu = busy ? 15.6 : 1.4;
      for (const t of h.named('nginx')) t.cpu = busy ? 6 : 2;
      h.psi.cpu = busy ? 64 : 3;
      h.load = busy ? [11, 8, 4] : [0.5, 0.5, 0.5];
    },
    atFirst: 'rule silent',
    roots: [{ problem: 'svc.traffic_surge', subject: ['nginx', 'shop-front-1', 'web'] }],
    chain: ['svc.traffic_surge>cpu.saturated'],
  },
  {
    name: 'Visitors stay away from one minute to the next',
    kind: 'fault',
    reports: 24,
    onset: 16,
    host() {
      const h = server(amazon2023, 'news-web-b', { cores: 4, ram: 8, disk: 'nvme0n1', nic: 'ens5' });
      for (let n = 0; n < 3; n++) h.run({ name: 'nginx', rss: 24_000, cpu: 8, uid: 993 });
      h.service('nginx');
      h.listening.push({ port: 80, program: 'nginx' });
      return h;
    },
    minute(h, i) {
      visits(h, from(i, 16) ? 40 : 4200);
      for (const t of h.named('nginx')) t.cpu = from(i, 16) ? 0.2 : 8;
      h.nic('ens5', { speed: 0, rx: from(i, 16) ? 9_000 : 900_000, tx: from(i, 16) ? 20_000 : 9_000_000 });
    },
    roots: [{ problem: 'svc.traffic_drop', subject: ['nginx', 'news-web-b', 'web'] }],
  },
  {
    name: 'The dumps of a database have been nearly empty for two nights',
    kind: 'fault',
    reports: 3,
    onset: 0,
    host: () => server(debian12, 'crm-prod', { cores: 4, ram: 8 }),
    edit: (text, _i, h) =>
      withSection(
        text,
        'stat /var/backups/*',
        Array.from({ length: 9 }, (_, n) => {
          const day = h.epoch - (8 - n) * 86_400 - 21_000;
          const date = new Date(day * 1000).toISOString().slice(0, 10);
          return `${day}:${n < 7 ? 812_331_904 + n * 911_000 : 20}:/var/backups/crm-${date}.sql.gz`;
        }).join('\n'),
      ),
    atFirst: 'not collected',
    roots: [{ problem: 'backup.shrunk', subject: 'dump crm' }],
  },
  {
    name: 'Mail directories of a provider run out of inodes within a day',
    kind: 'fault',
    reports: 40,
    step: 600,
    onset: 2,
    host() {
      const h = server(debian12, 'imap-cluster-2', { cores: 8, ram: 32 });
      h.disk('sdb', { size: 4_194_304_000 });
      h.mounts.set('/var/vmail', {
        device: '/dev/sdb1',
        size: 2_000_000_000,
        used: 900_000_000,
        inodes: 31_000_000,
        inodesUsed: 20_000_000,
      });
      h.run({ name: 'dovecot', rss: 9_000 });
      h.service('dovecot');
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/vmail')!.inodesUsed = 20_000_000 + grown(i, 2, 190_000);
    },
    roots: [{ problem: ['disk.inode_forecast', 'disk.inodes_full'], subject: '/var/vmail' }],
  },
  {
    name: 'The volume of a search cluster will be full tonight',
    kind: 'fault',
    reports: 60,
    step: 300,
    onset: 20,
    host() {
      const h = server(amazon2023, 'es-data-4', { cores: 8, ram: 64, disk: 'nvme0n1', nic: 'ens5' });
      h.disk('nvme1n1', { size: 2_097_152_000 });
      h.mounts.set('/data/es', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 1_000_000_000,
        used: 720_000_000,
      });
      h.serve('elasticsearch', {
        name: 'java',
        rss: 30 * GB,
        cpu: 140,
        threads: 120,
        uid: 996,
      });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/data/es')!.used = 720_000_000 + grown(i, 20, 2_900_000);
      if (from(i, 20)) Object.assign(h.named('java')[0]!, { write: 10_000_000 });
    },
    roots: [{ problem: ['disk.fill_forecast', 'disk.full'], subject: '/data/es' }],
  },
  {
    name: 'A bad cable takes a member out of a bond while a service leaks',
    kind: 'double',
    reports: 16,
    step: 900,
    onset: 3,
    host() {
      const h = server(sles15, 'erp-batch', { cores: 8, ram: 32, nic: 'bond0' });
      h.nic('eth2', {});
      h.nic('eth3', {});
      h.serve('sidekiq', {
        name: 'ruby',
        rss: 900_000,
        cpu: 12,
        threads: 25,
        uid: 1000,
      });
      return h;
    },
    minute(h, i) {
      const down = from(i, 6);
      h.nic('eth3', down ? { state: 'down', carrier: 3 } : {});
      h.more.set(
        'cat /proc/net/bonding/bond0',
        `Ethernet Channel Bonding Driver: v5.14.21-150500.55.83-default\n\nBonding Mode: fault-tolerance (active-backup)\nPrimary Slave: None\nCurrently Active Slave: eth2\nMII Status: up\nMII Polling Interval (ms): 100\nUp Delay (ms): 0\nDown Delay (ms): 0\nPeer Notification Delay (ms): 0\n\nSlave Interface: eth2\nMII Status: up\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 0\nPermanent HW addr: 52:54:00:1c:01:7e\nSlave queue ID: 0\n\nSlave Interface: eth3\nMII Status: ${down ? 'down' : 'up'}\nSpeed: ${down ? 'Unknown' : '1000 Mbps'}\nDuplex: ${down ? 'Unknown' : 'full'}\nLink Failure Count: ${down ? 1 : 0}\nPermanent HW addr: 52:54:00:1c:02:7e\nSlave queue ID: 0`,
      );
      const more = grown(i, 3, 1.2 * GB);
      h.named('ruby')[0]!.rss = 900_000 + more;
      h.available = Math.max(0.06 * h.ram, 0.64 * h.ram - more);
    },
    roots: [
      { problem: ['mem.leak', 'mem.time_to_exhaust', 'mem.low'], subject: ['ruby', 'sidekiq', 'erp-batch'] },
      { problem: ['net.bond_degraded', 'net.link_down'], subject: ['bond0', 'eth3'] },
    ],
  },
];
