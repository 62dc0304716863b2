// Services, databases, network and security of other machines.
import { from, grown, server, type Case } from './case.ts';
import { GB } from './host.ts';
import { alpine, centos7, debian12, jammy, leap, noble, rhel9 } from './systems.ts';
import { errorLog, fpmTime, mysql, postgres, redis, replica, slashed } from './tools.ts';

export const serviceCases: Case[] = [
  {
    name: 'RHEL 9, a slot of a replica that is gone keeps the WAL of PostgreSQL',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 6,
    step: 300,
    onset: 0,
    host() {
      const h = server(rhel9, 'pg-primary', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'ens1f0' });
      h.mounts.set('/var/lib/pgsql', {
        device: '/dev/mapper/vg_data-pgsql',
        type: 'xfs',
        size: 209_612_800,
        used: 196_000_000,
      });
      h.disk('dm-2', {});
      h.serve('postgresql', {
        name: 'postgres',
        uid: 26,
        rss: 17 * GB,
        cpu: 180,
        threads: 60,
      });
      h.listening.push({ port: 5432, program: 'postgres', address: '10.20.0.17', queue: 200 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/lib/pgsql')!.used = Math.min(208_000_000, 196_000_000 + i * 2_300_000);
      postgres(h, {
        max: 300,
        slots: [`standby_b|f|${148_000_000_000 + i * 2_355_000_000}`, 'standby_a|t|1204224'],
      });
    },
    roots: [{ problem: 'db.pg_slot', subject: ['postgresql', 'standby_b'] }],
    chain: ['db.pg_slot>disk.full'],
  },
  {
    name: 'A forgotten transaction holds PostgreSQL until no connection is left',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(debian12, 'pg-crm', { cores: 8, ram: 32, disk: 'sda', nic: 'ens18' });
      h.run({ name: 'postgres', uid: 112, rss: 6 * GB, cpu: 40, threads: 40 });
      h.service('postgresql@15-main');
      h.listening.push({ port: 5432, program: 'postgres', queue: 200 });
      return h;
    },
    minute(h, i) {
      const waiting = Math.min(92, 6 + grown(i, 2, 24));
      postgres(h, {
        max: 100,
        states: [
          `active|${waiting}|00:0${Math.min(9, i)}:11.22`,
          'idle|4|',
          `idle in transaction|1|0${2}:1${i}:44.103`,
        ],
      });
    },
    roots: [{ problem: 'db.pg_idle_tx', subject: ['postgresql', 'postgres'] }],
  },
  {
    name: 'PostgreSQL is near the end of its transaction ids',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(jammy, 'pg-events', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eth0' });
      h.run({ name: 'postgres', uid: 114, rss: 8 * GB, cpu: 200, threads: 30 });
      h.service('postgresql@14-main');
      return h;
    },
    minute: (h) => postgres(h, { age: 1_988_120_441 }),
    roots: [{ problem: 'db.pg_wraparound', subject: ['postgresql', 'billing'] }],
  },
  {
    name: 'openSUSE, statements of MariaDB wait for a row that one holds',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(leap, 'erp-db', { cores: 8, ram: 32, disk: 'sda', nic: 'eth0' });
      h.serve('mariadb', {
        name: 'mariadbd',
        uid: 60,
        rss: 7 * GB,
        cpu: 90,
        threads: 80,
      });
      return h;
    },
    minute(h, i) {
      const ill = from(i, 3);
      const waits = ill ? Math.min(110, grown(i, 3, 30)) : 0;
      mysql(
        h,
        '10.11.9-MariaDB',
        {
          Innodb_row_lock_current_waits: waits,
          Innodb_row_lock_time: h.count('lock time', ill ? 2_400_000 : 300),
          Innodb_row_lock_waits: h.count('lock waits', ill ? 400 : 1),
          Threads_running: 3 + waits,
          Threads_connected: 34 + waits,
          Max_used_connections: Math.max(90, 34 + waits),
        },
        { max_connections: 151 },
      );
      h.named('mariadbd')[0]!.cpu = ill ? 12 : 90;
    },
    roots: [{ problem: 'db.mysql_locks', subject: ['mysql', 'mariadbd'] }],
  },
  {
    name: 'A MySQL 8.0 replica stopped at a row that it does not have',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(jammy, 'mysql-ro2', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens160' });
      h.serve('mysql', {
        name: 'mysqld',
        uid: 114,
        rss: 9 * GB,
        cpu: 20,
        threads: 44,
      });
      return h;
    },
    minute(h, i) {
      const ill = from(i, 1);
      mysql(h, '8.0.40-0ubuntu0.22.04.1', {}, {}, replica('Replica', { error: ill ? 1032 : 0, delay: 0 }));
    },
    roots: [{ problem: 'db.mysql_repl_broken', subject: ['mysql'] }],
  },
  {
    name: 'Redis has reached maxmemory and does not evict',
    kind: 'fault',
    reports: 3,
    host() {
      const h = server(noble, 'sess-redis', { cores: 2, ram: 8, disk: 'vda', nic: 'enp1s0' });
      h.run({ name: 'redis-server', uid: 112, rss: 4.2 * GB, cpu: 20, threads: 5 });
      h.service('redis-server');
      return h;
    },
    minute: (h) =>
      redis(h, {
        used_memory: 4_294_901_120,
        used_memory_rss: 4_480_000_000,
        maxmemory_policy: 'noeviction',
      }),
    roots: [{ problem: 'db.redis_maxmemory', subject: ['redis'] }],
  },
  {
    name: 'RHEL 9, all children of php-fpm are busy and nginx runs into timeouts',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(rhel9, 'web-magento', { cores: 8, ram: 32, disk: 'sda', nic: 'ens192' });
      h.run({ name: 'nginx', uid: 991, rss: 60_000, cpu: 8 });
      for (let i = 0; i < 10; i++) h.run({ name: 'php-fpm', uid: 48, rss: 110_000, cpu: 20 });
      h.service('php-fpm');
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute(h, i) {
      const lines: string[] = [];
      for (let n = 2; n <= i; n++) {
        const ago = (i - n) * 60 + 25;
        lines.push(`${fpmTime(h, ago - 60)} [pool www] max_children`);
        for (let k = 0; k < 9; k++)
          lines.push(`${slashed(h, ago - 60 + k)} [error] 2214#2214 upstream timed out`);
      }
      h.more.set(errorLog, lines.sort().join('\n'));
      if (i === 2)
        for (let n = 0; n < 40; n++)
          h.run({ name: 'php-fpm', uid: 48, rss: 110_000, cpu: 3, age: 40 - h.now });
      h.more.set(
        'grep -r . /etc',
        '/etc/php-fpm.d/www.conf:[www]\n/etc/php-fpm.d/www.conf:pm = dynamic\n/etc/php-fpm.d/www.conf:pm.max_children = 50\n/etc/nginx/nginx.conf:worker_processes auto;\n/etc/nginx/nginx.conf:worker_connections 1024;',
      );
    },
    roots: [{ problem: 'web.phpfpm_children', subject: ['php-fpm', 'www'] }],
    chain: ['web.phpfpm_children>svc.upstream_timeout'],
  },
  {
    name: 'Alpine, nginx is no longer there',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 8,
    onset: 5,
    host() {
      const h = server(alpine, 'lb-alpine', { cores: 2, ram: 2, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'nginx', rss: 9_000, cpu: 0.2, cgroup: '/nginx' });
      for (let i = 0; i < 2; i++) h.run({ name: 'nginx', uid: 101, rss: 14_000, cpu: 3, cgroup: '/nginx' });
      h.listening.push(
        { port: 80, program: 'nginx', queue: 511 },
        { port: 443, program: 'nginx', queue: 511 },
      );
      return h;
    },
    minute(h, i) {
      if (i === 5) h.stop('nginx');
    },
    roots: [{ problem: 'proc.vanished', subject: 'nginx' }],
  },
  {
    name: 'Grafana ends with an error four minutes ago',
    kind: 'fault',
    reports: 3,
    host() {
      const h = server(debian12, 'mon-2', { cores: 4, ram: 8, disk: 'sda', nic: 'eth0' });
      h.service('grafana-server', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        NRestarts: '5',
        since: '240',
      });
      h.service('prometheus');
      h.run({ name: 'prometheus', uid: 108, rss: 1.4 * GB, cpu: 12 });
      return h;
    },
    minute(h, i) {
      h.units.get('grafana-server.service')!['since'] = String(240 + i * 60);
    },
    roots: [{ problem: 'svc.unit_failed', subject: 'grafana-server.service' }],
  },
  {
    name: 'Sidekiq starts, ends and starts again',
    kind: 'fault',
    reports: 6,
    onset: 1,
    host() {
      const h = server(jammy, 'jobs-1', { cores: 4, ram: 16, disk: 'vda', nic: 'ens3' });
      h.service('sidekiq');
      return h;
    },
    minute(h, i) {
      if (i >= 1)
        h.units.set('sidekiq.service', {
          ActiveState: 'activating',
          SubState: 'auto-restart',
          Result: 'exit-code',
          ExecMainStatus: '1',
          ExecMainCode: '1',
          NRestarts: String(14 + i * 6),
          since: '4',
        });
    },
    roots: [{ problem: 'svc.restart_loop', subject: 'sidekiq.service' }],
  },
  {
    name: 'A Kubernetes node has no room left for connections',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(debian12, 'k8s-ingress-1', { cores: 8, ram: 16, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'nginx-ingress-c', uid: 101, rss: 300_000, cpu: 40 });
      h.run({ name: 'kubelet', rss: 110_000, cpu: 5 });
      for (let i = 0; i < 20; i++) h.nic(`lxc${(0x9912 + i * 911).toString(16)}`, { speed: 10_000 });
      h.conntrack = [44_000, 262_144];
      return h;
    },
    minute(h, i) {
      if (from(i, 2)) {
        h.conntrack = [Math.min(262_140, 120_000 + i * 44_000), 262_144];
        if (i > 2) h.kernel(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 5);
      }
    },
    roots: [{ problem: 'net.conntrack', subject: 'k8s-ingress-1' }],
  },
  {
    name: 'A web server is flooded with half-open connections',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(rhel9, 'shop-front', { cores: 8, ram: 16, disk: 'sda', nic: 'eno1np0' });
      h.run({ name: 'httpd', uid: 48, rss: 500_000, cpu: 30, threads: 100 });
      h.listening.push({ port: 443, program: 'httpd', queue: 511 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.tcp.cookies = 5200;
      h.nic('eno1np0', { rx: 9_000_000, tx: 4_100_000 });
      h.softirq = 9;
      if (i === 2)
        h.kernel(6, 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.');
    },
    roots: [{ problem: 'net.syn_flood', subject: 'shop-front' }],
  },
  {
    name: 'A network card comes back with 100 Mb/s and the link is full',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(centos7, 'mirror', { cores: 4, ram: 8, disk: 'sda', nic: 'eno1' });
      h.run({ name: 'vsftpd', rss: 40_000, cpu: 6 });
      h.nic('eno1', { speed: 1000, tx: 38_000_000, rx: 900_000 });
      return h;
    },
    minute(h, i) {
      if (from(i, 3)) h.nic('eno1', { speed: 100, tx: 12_280_000, rx: 500_000 });
      if (i === 3)
        h.kernel(
          6,
          'igb 0000:03:00.0 eno1: igb: eno1 NIC Link is Up 100 Mbps Full Duplex, Flow Control: RX/TX',
        );
    },
    roots: [{ problem: 'net.link_slow', subject: 'eno1' }],
    chain: ['net.link_slow>net.saturated'],
  },
  {
    name: 'One of the two cables of a bond is out',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(rhel9, 'esx-nfs', { cores: 16, ram: 64, disk: 'sda', nic: 'bond0' });
      h.nic('bond0', { speed: 20_000 });
      h.nic('enp5s0f0', { speed: 10_000 });
      h.nic('enp5s0f1', { speed: 10_000 });
      return h;
    },
    minute(h, i) {
      const out = from(i, 2);
      h.nic(
        'enp5s0f1',
        out ? { state: 'down', speed: -1, duplex: 'unknown', carrier: 3 } : { speed: 10_000 },
      );
      h.nic('bond0', { speed: out ? 10_000 : 20_000 });
      const p = '/proc/net/bonding/bond0:';
      const slave = (name: string, down: boolean) => [
        `${p}Slave Interface: ${name}`,
        `${p}MII Status: ${down ? 'down' : 'up'}`,
        `${p}Speed: ${down ? 'Unknown' : '10000 Mbps'}`,
        `${p}Duplex: ${down ? 'Unknown' : 'full'}`,
        `${p}Link Failure Count: ${down ? 1 : 0}`,
        `${p}Permanent HW addr: b4:96:91:aa:00:0${name.slice(-1)}`,
      ];
      h.more.set(
        'grep -r . /proc/net/bonding',
        [
          `${p}Ethernet Channel Bonding Driver: v5.14.0-427.42.1.el9_4.x86_64`,
          `${p}Bonding Mode: IEEE 802.3ad Dynamic link aggregation`,
          `${p}Transmit Hash Policy: layer3+4 (1)`,
          `${p}MII Status: up`,
          `${p}MII Polling Interval (ms): 100`,
          ...slave('enp5s0f0', false),
          ...slave('enp5s0f1', out),
        ].join('\n'),
      );
    },
    roots: [{ problem: ['net.bond_degraded', 'net.link_down'], subject: ['bond0', 'enp5s0f1'] }],
  },
  {
    name: 'CentOS 7, chronyd has lost its sources',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host() {
      const h = server(centos7, 'kdc1', { cores: 2, ram: 4, disk: 'vda', nic: 'eth0' });
      h.more.set(
        'chronyc -n -c tracking',
        '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,-21.331,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised',
      );
      return h;
    },
    roots: [{ problem: 'time.unsync', subject: 'kdc1' }],
  },
  {
    name: 'The queue of a mail server grows to thousands',
    kind: 'fault',
    reports: 6,
    step: 600,
    onset: 1,
    host() {
      const h = server(debian12, 'mx2', { cores: 4, ram: 8, disk: 'sda', nic: 'eth0' });
      h.run({ name: 'master', rss: 5_000, cgroup: '/system.slice/system-postfix.slice/postfix@-.service' });
      h.run({
        name: 'qmgr',
        rss: 9_000,
        uid: 107,
        cpu: 3,
        cgroup: '/system.slice/system-postfix.slice/postfix@-.service',
      });
      h.service('postfix@-');
      h.listening.push({ port: 25, program: 'master', queue: 100 });
      return h;
    },
    minute(h, i) {
      const deferred = 35 + grown(i, 1, 940);
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active 12 0\n/var/spool/postfix/incoming 3 0\n/var/spool/postfix/maildrop 0 0\n/var/spool/postfix/deferred ${deferred} ${21}`,
      );
    },
    roots: [{ problem: 'mail.queue', subject: ['mx2', 'postfix'] }],
  },
  {
    name: 'Elasticsearch is about to run out of file descriptors',
    kind: 'fault',
    reports: 6,
    onset: 1,
    host() {
      const h = server(rhel9, 'es-data-2', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'ens192' });
      h.serve('elasticsearch', {
        name: 'java',
        uid: 982,
        rss: 33 * GB,
        cpu: 300,
        threads: 260,
        fds: 65536,
        open: [41_000, 65_535],
      });
      h.available = 26 * GB;
      return h;
    },
    minute(h, i) {
      h.named('java')[0]!.open = [Math.min(64_900, 41_000 + grown(i, 1, 8_500)), 65_535];
    },
    roots: [{ problem: 'proc.fd_process', subject: 'java' }],
  },
  {
    name: 'Apache cannot start because nginx has its port',
    kind: 'fault',
    reports: 3,
    host() {
      const h = server(debian12, 'dual', { cores: 2, ram: 4, disk: 'sda', nic: 'eth0' });
      h.run({ name: 'nginx', rss: 9_000, uid: 33 });
      h.service('nginx');
      h.service('apache2', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '150',
      });
      h.listening.push(
        { port: 80, program: 'nginx', queue: 511 },
        { port: 443, program: 'nginx', queue: 511 },
      );
      h.more.set(
        'grep -r . /etc',
        '/etc/apache2/ports.conf:Listen 80\n/etc/nginx/sites-enabled/default:listen 80 default_server;\n/etc/nginx/sites-enabled/default:listen 443 ssl;',
      );
      return h;
    },
    roots: [{ problem: ['svc.port_conflict', 'svc.unit_failed'], subject: 'apache2.service' }],
  },
  {
    name: 'The gateway of a server does not answer',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host: () => server(jammy, 'colo-3', { cores: 4, ram: 8, disk: 'sda', nic: 'enp2s0' }),
    minute(h, i) {
      if (from(i, 1)) {
        h.more.set(
          'ip neigh',
          '10.20.0.1 dev enp2s0 FAILED \n10.20.0.22 dev enp2s0 lladdr 52:54:00:11:22:33 STALE ',
        );
        h.nic('enp2s0', { rx: 200, tx: 300 });
        h.tcp.retransmits = 8;
      }
    },
    roots: [{ problem: 'net.gateway_down', subject: ['10.20.0.1', 'colo-3', 'enp2s0'] }],
  },
  {
    name: 'A UPS runs on its battery',
    kind: 'fault',
    reports: 4,
    onset: 2,
    host: () => server(debian12, 'nas-office', { cores: 4, ram: 8, disk: 'sda', nic: 'eth0' }),
    minute(h, i) {
      const out = from(i, 2);
      h.more.set(
        'upsc eaton',
        `battery.charge: ${out ? 88 - i * 9 : 100}\nbattery.runtime: ${out ? 800 - i * 60 : 2100}\ndevice.mfr: EATON\ndevice.model: Ellipse PRO 1200\ninput.voltage: ${out ? '0.0' : '231.0'}\nups.load: 31\nups.status: ${out ? 'OB DISCHRG' : 'OL CHRG'}`,
      );
    },
    roots: [{ problem: 'hw.ups', subject: 'eaton' }],
  },
  {
    name: 'The certificate that nginx serves has expired and certbot fails',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(noble, 'cloud-nc', { cores: 2, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'nginx', rss: 12_000, uid: 33 });
      h.service('nginx');
      h.service('certbot', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '21000',
      });
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/sites-enabled/cloud:listen 443 ssl;\n/etc/nginx/sites-enabled/cloud:server_name cloud.example.net;\n/etc/nginx/sites-enabled/cloud:ssl_certificate /etc/letsencrypt/live/cloud.example.net/fullchain.pem;',
      );
      const date = (ago: number) => {
        const parts = h.at(ago).toUTCString().split(/[ ,]+/);
        return `${parts[2]} ${parts[1]!.replace(/^0/, ' ')} ${parts[4]} ${parts[3]} GMT`;
      };
      h.more.set(
        'openssl x509',
        `file /etc/letsencrypt/live/cloud.example.net/fullchain.pem\nsubject=CN = cloud.example.net\nissuer=C = US, O = Let's Encrypt, CN = E6\nnotBefore=${date(92 * 86_400)}\nnotAfter=${date(2 * 86_400)}\nserial=04A1B2C3D4E5\n        Signature Algorithm: ecdsa-with-SHA384\n                Public-Key: (256 bit)\n                DNS:cloud.example.net`,
      );
      return h;
    },
    roots: [
      {
        problem: ['tls.renew_failed', 'tls.expiring', 'svc.unit_failed'],
        subject: ['/etc/letsencrypt/live/cloud.example.net', 'certbot', 'cloud.example.net'],
      },
    ],
  },
  {
    name: 'Redis listens to the whole network without a password',
    kind: 'fault',
    reports: 2,
    host() {
      const h = server(jammy, 'dev-cache', { cores: 2, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'redis-server', uid: 112, rss: 90_000, cpu: 1, threads: 5 });
      h.service('redis-server');
      h.listening.push({ port: 6379, program: 'redis-server', address: '0.0.0.0', queue: 511 });
      h.more.set(
        'grep -r . /etc',
        '/etc/redis/redis.conf:bind 0.0.0.0\n/etc/redis/redis.conf:protected-mode no\n/etc/redis/redis.conf:port 6379',
      );
      redis(h, {});
      return h;
    },
    roots: [{ problem: ['sec.redis_noauth', 'sec.db_exposed'], subject: ['redis', '6379'] }],
  },
];
