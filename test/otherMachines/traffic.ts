// Links, sockets and what serves them, on other machines.
import { from, grown, server, type Case } from './case.ts';
import { GB } from './host.ts';
import { alpine, centos7, debian12, jammy, noble, raspberry, rhel9 } from './systems.ts';
import { errorLog, redis, slashed } from './tools.ts';

export const trafficCases: Case[] = [
  {
    name: 'A site that is joined by WireGuard has not been heard of for hours',
    kind: 'fault',
    reports: 6,
    onset: 1,
    host: () => server(debian12, 'vpn-hub', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' }),
    minute(h, i) {
      const peer = (key: string, ago: number, keepalive = '25') =>
        `wg0\t${key.repeat(43).slice(0, 43)}=\t-\t203.0.113.${key.charCodeAt(0) % 200}:51820\t10.99.0.${key.charCodeAt(0) % 200}/32\t${h.epoch - ago}\t918231\t887123\t${keepalive}`;
      h.more.set(
        'wg show all dump',
        [
          `wg0\t-\t${'H'.repeat(43)}=\t51820\toff`,
          peer('a', 41),
          peer('b', from(i, 1) ? 200 + i * 600 : 60),
          peer('c', 99),
        ].join('\n'),
      );
    },
    roots: [{ problem: 'net.wg_stale', subject: 'wg0' }],
  },
  {
    name: 'nginx has no connection left for its workers',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(jammy, 'ws-front', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      for (let i = 0; i < 4; i++) h.run({ name: 'nginx', uid: 33, rss: 40_000, cpu: 18 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/nginx.conf:worker_processes 4;\n/etc/nginx/nginx.conf:worker_connections 768;',
      );
      return h;
    },
    minute(h, i) {
      h.tcp.established = from(i, 2) ? 3050 : 1400;
      const lines = Array.from(
        { length: Math.max(0, i - 1) * 4 },
        (_, n) => `${slashed(h, 20 + n * 12)} [alert] 911#911: worker_connections are`,
      );
      h.more.set(errorLog, lines.reverse().join('\n'));
    },
    roots: [{ problem: 'web.nginx_conns', subject: 'nginx' }],
  },
  {
    name: 'CentOS 7, httpd has reached MaxRequestWorkers',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 5,
    onset: 1,
    host() {
      const h = server(centos7, 'typo3', { cores: 8, ram: 16, disk: 'sda', nic: 'em1' });
      for (let i = 0; i < 25; i++) h.run({ name: 'httpd', uid: 48, rss: 70_000, cpu: 5 });
      h.service('httpd');
      h.listening.push({ port: 80, program: 'httpd', queue: 511 });
      return h;
    },
    minute(h, i) {
      if (i < 1) return h.more.set(errorLog, '') && undefined;
      const d = new Date(h.at(30).getTime() + 3_600_000);
      const day = d.toUTCString().slice(0, 3);
      const month = d.toUTCString().slice(8, 11);
      h.more.set(
        errorLog,
        `[${day} ${month} ${String(d.getUTCDate()).padStart(2, '0')} ${d.toISOString().slice(11, 19)}.402211 ${d.getUTCFullYear()}]  MaxRequestWorkers`,
      );
      if (i === 1)
        for (let n = 0; n < 230; n++)
          h.run({ name: 'httpd', uid: 48, rss: 30_000, cpu: 0.5, age: 30 - h.now });
      return undefined;
    },
    roots: [{ problem: 'web.apache_workers', subject: ['httpd', 'apache'] }],
  },
  {
    name: 'A Node.js service does not accept its connections fast enough',
    kind: 'fault',
    reports: 7,
    onset: 3,
    host() {
      const h = server(noble, 'api-2', { cores: 4, ram: 8, disk: 'nvme0n1', nic: 'ens5' });
      h.serve('api', {
        name: 'node',
        uid: 1001,
        rss: 400_000,
        cpu: 40,
        threads: 11,
      });
      h.listening.push({ port: 8080, program: 'node', queue: 511 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.listening.at(-1)!.waiting = 512;
      h.tcp.overflows = 210;
      h.named('node')[0]!.cpu = 101;
    },
    roots: [
      {
        problem: ['net.listen_overflow', 'cpu.one_core_pinned', 'proc.runaway'],
        subject: ['api-2', 'node', '8080'],
      },
    ],
  },
  {
    name: 'A proxy opens a connection for each request and runs out of ports',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(alpine, 'egress', { cores: 4, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'haproxy', uid: 99, rss: 120_000, cpu: 60, threads: 4 });
      h.listening.push({ port: 3128, program: 'haproxy' });
      return h;
    },
    minute(h, i) {
      h.tcp.timeWait = from(i, 2) ? 27_800 : 6000;
      h.tcp.opened = from(i, 2) ? 465 : 101;
    },
    roots: [{ problem: 'net.timewait', subject: ['egress'] }],
  },
  {
    name: 'A network card receives damaged frames',
    kind: 'fault',
    reports: 7,
    onset: 3,
    host() {
      const h = server(rhel9, 'mon-core', { cores: 8, ram: 16, disk: 'sda', nic: 'ens1f0' });
      h.nic('ens1f0', { rx: 30_000_000, tx: 12_000_000, speed: 10_000 });
      h.tcp.out = 9000;
      h.tcp.in = 20_000;
      h.tcp.retransmits = 2;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.nic('ens1f0', { errors: 240 });
      h.tcp.retransmits = 420;
    },
    roots: [{ problem: 'net.errors', subject: 'ens1f0' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'The link of a Raspberry Pi comes and goes',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host: () => server(raspberry, 'weather', { cores: 4, ram: 1, disk: 'mmcblk0', nic: 'end0' }),
    minute(h, i) {
      h.nic('end0', { carrier: 2 + grown(i, 2, 6) });
      if (from(i, 2)) {
        h.kernel(6, 'macb 1f00100000.ethernet end0: Link is Down', 31);
        h.kernel(6, 'macb 1f00100000.ethernet end0: Link is Up - 1Gbps/Full - flow control off', 27);
      }
    },
    roots: [{ problem: 'net.flap', subject: 'end0' }],
  },
  {
    name: 'Redis turns clients away',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(jammy, 'queue-redis', { cores: 2, ram: 8, disk: 'vda', nic: 'ens3' });
      h.run({ name: 'redis-server', uid: 112, rss: 1.3 * GB, cpu: 22, threads: 5 });
      h.service('redis-server');
      return h;
    },
    minute: (h, i) =>
      redis(h, { connected_clients: from(i, 2) ? 10_000 : 900, rejected_connections: grown(i, 2, 480) }),
    roots: [{ problem: 'db.redis_rejected', subject: 'redis' }],
  },
  {
    name: 'A gigabit link of a mirror is full to the brim',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'ftp-mirror', { cores: 8, ram: 32, disk: 'sda', nic: 'eno1' });
      h.run({ name: 'rsyncd', uid: 65_534, rss: 30_000, cpu: 10 });
      h.run({ name: 'nginx', uid: 33, rss: 50_000, cpu: 14 });
      return h;
    },
    minute: (h, i) => h.nic('eno1', { tx: from(i, 3) ? 121_500_000 : 52_000_000, rx: 2_000_000 }),
    roots: [{ problem: 'net.saturated', subject: 'eno1' }],
  },
];
