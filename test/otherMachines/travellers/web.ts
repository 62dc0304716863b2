// Web servers, what stands before and behind them, and their certificates.
import { busyDisk, from, server, type Case } from '../case.ts';
import type { Host } from '../host.ts';
import { debian12, jammy, noble, release, rhel9 } from '../systems.ts';
import { certDate, ended, errorLog, fpmTime, mysql, sata, slashed, visits } from '../tools.ts';
import { fingerprint } from './parts.ts';

/** As Apache begins a line of its error log. */
export const apacheTime = (h: Host, ago: number) => {
  const [day, date, month, year, time] = h.at(ago).toUTCString().replace(',', '').split(' ');
  return `[${day} ${month} ${date} ${time}.481920 ${year}]`;
};

const alma8 = {
  ...rhel9,
  release: release({
    NAME: '"AlmaLinux"',
    VERSION: '"8.10 (Cerulean Leopard)"',
    ID: '"almalinux"',
    ID_LIKE: '"rhel centos fedora"',
    VERSION_ID: '"8.10"',
  }),
  kernel:
    'Linux version 4.18.0-553.30.1.el8_10.x86_64 (mockbuild@x64-builder02.almalinux.org) (gcc version 8.5.0 20210514 (Red Hat 8.5.0-22) (GCC)) #1 SMP Tue Nov 26 18:56:25 UTC 2024',
  psi: false,
  diskFields: 18 as const,
  zone: ['+0000', 'UTC'] as [string, string],
};

/** Lines of nginx that wait in vain for who is behind it. */
const waitedInVain = (h: Host, lines: number) =>
  Array.from({ length: lines }, (_, n) => `${slashed(h, 57 - n * 3)} [error] 8812#88 upstream timed out`);

export const webTravellers: readonly Case[] = [
  {
    name: 'a dying disk below MariaDB holds the pool of a ticket shop, and nginx gives up',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'tix-04', { cores: 8, ram: 32, disk: 'sda' });
      h.disk('sdb', { rotates: true, model: 'TOSHIBA MG04ACA400N', size: 7_814_037_168 });
      h.mounts.set('/srv/mysql', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 3_900_000_000,
        used: 900_000_000,
      });
      h.serve('nginx', { name: 'nginx', cpu: 4, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      for (let n = 0; n < 30; n++)
        h.serve('php8.2-fpm', { name: 'php-fpm8.2', cpu: 3, rss: 70_000, uid: 1010 });
      h.serve('mariadb', {
        name: 'mariadbd',
        cpu: 40,
        rss: 9_000_000,
        threads: 90,
        uid: 105,
        read: 4_000_000,
        write: 1_000_000,
        cgroup: '/system.slice/mariadb.service',
      });
      h.listening.push({ port: 3306, address: '127.0.0.1', program: 'mariadbd' });
      h.more.set(
        'grep -r . /etc',
        '/etc/mysql/mariadb.conf.d/50-server.cnf:datadir = /srv/mysql\n/etc/php/8.2/fpm/pool.d/tickets.conf:[tickets]\n/etc/php/8.2/fpm/pool.d/tickets.conf:pm.max_children = 30',
      );
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      sata(h, 'sda', { model: 'INTEL SSDSC2KB480G8' });
      sata(
        h,
        'sdb',
        { model: 'TOSHIBA MG04ACA400N', hours: 58_110 },
        bad ? { 197: 40 + i * 16, 198: 24 } : { 197: 0 },
      );
      mysql(
        h,
        '10.11.6-MariaDB-0+deb12u1',
        {
          Slow_queries: bad ? 118 + (i - 2) * 240 : 118,
          Threads_running: bad ? 34 : 2,
          Threads_connected: bad ? 41 : 12,
          Questions: h.count('questions', bad ? 4_000 : 30_000),
        },
        { max_connections: 200 },
      );
      if (!bad) return;
      busyDisk(
        h,
        'sdb',
        { reads: 22, writes: 6, readBytes: 350_000, writeBytes: 90_000, await: 780, rotates: true },
        6,
      );
      for (const t of h.named('php-fpm8.2')) t.cpu = 0.2;
      Object.assign(h.named('mariadbd')[0]!, { cpu: 9, read: 300_000, write: 80_000 });
      if (i === 3) {
        h.kernel(3, 'ata2.00: exception Emask 0x0 SAct 0x7c00 SErr 0x0 action 0x0', 40);
        h.kernel(3, 'ata2.00: failed command: READ FPDMA QUEUED', 40);
        h.kernel(3, 'ata2.00: error: { UNC }', 39);
      }
      h.more.set(
        errorLog,
        [...waitedInVain(h, 9), `${fpmTime(h, 40)} WARNING: [pool tickets] max_children`].join('\n'),
      );
    },
    roots: [
      { problem: ['smart.pending', 'smart.combo', 'smart.uncorrectable', 'disk.errors'], subject: 'sdb' },
    ],
    chain: [
      'smart.pending>disk.latency',
      'disk.latency>db.mysql_slow',
      'web.phpfpm_children>svc.upstream_timeout',
    ],
  },
  {
    name: 'AlmaLinux 8, the event workers of httpd wait for a slow archive until none is left',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(alma8, 'mirror.ifi', { cores: 4, ram: 8, disk: 'vda' });
      h.serve('httpd', { name: 'httpd', cpu: 2, rss: 14_000 });
      for (let n = 0; n < 4; n++)
        h.run({
          name: 'httpd',
          cpu: 4,
          rss: 60_000,
          threads: 101,
          uid: 48,
          cgroup: '/system.slice/httpd.service',
        });
      h.listening.push(
        { port: 80, program: 'httpd', queue: 511 },
        { port: 443, program: 'httpd', queue: 511 },
      );
      h.more.set('grep -r . /etc', '/etc/httpd/conf.modules.d/00-mpm.conf:MaxRequestWorkers 400');
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.tcp.established = 880;
      for (const l of h.listening.filter((x) => x.program === 'httpd')) l.waiting = 380;
      h.more.set(errorLog, `${apacheTime(h, 30)}  MaxRequestWorkers`);
    },
    roots: [{ problem: ['web.apache_workers'], subject: ['httpd', 'apache', 'mirror.ifi'] }],
  },
  {
    name: 'a certificate was renamed, nginx finds it no more and stays down after the night of the restart',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(jammy, 'edge-sto-2', { cores: 2, ram: 4, disk: 'vda' });
      h.serve('nginx', { name: 'nginx', cpu: 2, uid: 33 });
      h.listening.push({ port: 80, program: 'nginx' }, { port: 443, program: 'nginx' });
      h.serve('varnish', { name: 'cache-main', cpu: 2, rss: 800_000, threads: 220 });
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.stop('nginx');
      ended(h, 'nginx', { since: '20' });
      h.more.set(
        errorLog,
        `${slashed(h, 20)} [emerg] 51817#51817: cannot load certificate "/etc/ssl/lager.example.se/fullchain.pem": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fop`,
      );
    },
    edit: (text, i) => fingerprint(text, '/etc/nginx/sites-enabled/lager.conf', i >= 2),
    roots: [{ problem: ['web.config_invalid', 'change.config'], subject: ['nginx', '/etc/nginx'] }],
    chain: ['web.config_invalid>svc.unit_failed'],
  },
  {
    name: 'a crawler asks a Ruby shop for every filter that there is',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 14,
    onset: 6,
    installed: true,
    host() {
      const h = server(noble, 'solidus-app1', { cores: 4, ram: 16, disk: 'nvme0n1', nic: 'ens5' });
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      for (let n = 0; n < 4; n++)
        h.serve('puma', {
          name: 'ruby',
          cpu: 12,
          rss: 640_000,
          threads: 14,
          uid: 1001,
          cgroup: '/system.slice/puma.service',
        });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 6);
      visits(h, bad ? 5200 : 700);
      if (!bad) return;
      for (const t of h.named('ruby')) t.cpu = 93;
      h.named('nginx')[0]!.cpu = 12;
      h.psi.cpu = 62;
      h.load = [9.1, 6.4, 3.2];
      h.nic('ens5', { rx: 800_000, tx: 6_000_000 });
      h.tcp.established = 420;
    },
    roots: [{ problem: ['svc.traffic_surge'], subject: ['solidus-app1', 'nginx', 'web', 'access', 'ens5'] }],
    chain: ['svc.traffic_surge>cpu.saturated'],
  },
  {
    name: 'the wildcard certificate of a load balancer, bought by hand, ends in four days',
    atFirst: 'not collected',
    kind: 'fault',
    reports: 2,
    host() {
      const h = server(debian12, 'lb-kiel-1', { cores: 2, ram: 4 });
      h.serve('haproxy', { name: 'haproxy', cpu: 9, rss: 120_000, uid: 101 });
      h.listening.push({ port: 443, program: 'haproxy' });
      h.more.set(
        'grep -r . /etc',
        '/etc/haproxy/haproxy.cfg:    bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1',
      );
      return h;
    },
    minute(h) {
      h.more.set(
        'openssl x509',
        [
          'file /etc/haproxy/certs/wildcard.hafen-logistik.de.pem',
          'subject=CN = *.hafen-logistik.de',
          'issuer=C = GB, ST = Greater Manchester, L = Salford, O = Sectigo Limited, CN = Sectigo RSA Domain Validation Secure Server CA',
          `notBefore=${certDate(h, -393)}`,
          `notAfter=${certDate(h, 4)}`,
          'serial=0A1B2C3D4E5F60718293',
          '        Signature Algorithm: sha256WithRSAEncryption',
          '                Public-Key: (2048 bit)',
          '                DNS:*.hafen-logistik.de, DNS:hafen-logistik.de',
        ].join('\n'),
      );
    },
    roots: [
      {
        problem: ['tls.expiring'],
        subject: ['*.hafen-logistik.de', 'hafen-logistik.de', '/etc/haproxy', 'wildcard'],
      },
    ],
  },
  {
    name: 'Traefik keeps a socket for each phone that was switched off and is near its limit of files',
    kind: 'fault',
    reports: 8,
    onset: 0,
    host() {
      const h = server(noble, 'push-gw', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('traefik', {
        name: 'traefik',
        cpu: 21,
        rss: 900_000,
        threads: 16,
        uid: 998,
        open: [60_900, 65_536],
      });
      h.listening.push({ port: 443, program: 'traefik' });
      h.tcp.established = 58_000;
      return h;
    },
    minute(h, i) {
      h.named('traefik')[0]!.open = [60_900 + i * 380, 65_536];
      h.tcp.established = 58_000 + i * 380;
    },
    roots: [{ problem: ['proc.fd_process'], subject: ['traefik'] }],
  },
];
