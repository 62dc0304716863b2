// Sequences of databases, web servers and packages.
import { GB } from '../host.ts';
import { debian12, jammy, noble } from '../systems.ts';
import { ended, errorLog, fpmTime, mysql, postgres, redis, replica, slashed, visits } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { MB, Server, ssd } from './server.ts';

/** Keeps the last minutes of what a log says. */
function complain(s: Server, lines: string[]): void {
  if (lines.length === 0) s.more.delete(errorLog);
  else s.more.set(errorLog, lines.slice(-40).join('\n'));
}

function phpShop(name: string): Server {
  const s = new Server(name, debian12, { cores: 4, ram: 8, drive: ssd });
  webStack(s);
  s.program('php-fpm8.2', { cpu: 34, mem: 20 * 38 * MB, count: 12 }, { unit: 'php8.2-fpm', uid: 33 });
  s.more.set(
    'grep -r . /etc',
    [
      '/etc/php/8.2/fpm/pool.d/www.conf:[www]',
      '/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic',
      '/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 40',
    ].join('\n'),
  );
  return s;
}

export const serviceSequences: Sequence[] = [
  {
    name: 'A new version leaves transactions open until PostgreSQL takes no more connections',
    reports: 50,
    onset: 8,
    within: 26,
    server() {
      const s = new Server('desk1', debian12, { cores: 4, ram: 8, drive: ssd });
      s.program('postgres', { cpu: 26, mem: 1.6 * GB, count: 34 }, { unit: 'postgresql@15-main', uid: 115 });
      s.program('python3', { cpu: 44, mem: 800 * MB, count: 6 }, { unit: 'desk', uid: 1001 });
      s.listening.push({ port: 5432, program: 'postgres', address: '127.0.0.1' });
      return s;
    },
    minute(s, i) {
      const open = i < 8 ? 0 : Math.min(70, (i - 7) * 2);
      s.want('postgres', { count: 34 + open, mem: (1.6 + open * 0.012) * GB });
      const age = Math.max(0, i - 8);
      postgres(s, {
        max: 100,
        states: [
          'active|3|00:00:00.412',
          'idle|24|',
          ...(open ? [`idle in transaction|${open}|00:${String(age).padStart(2, '0')}:31.2`] : []),
        ],
      });
    },
    roots: [
      {
        problem: ['db.pg_idle_tx', 'db.pg_connections'],
        subject: ['postgresql', 'postgres', 'PostgreSQL', 'desk1', 'billing'],
      },
    ],
    chain: ['db.pg_idle_tx>db.pg_connections'],
  },
  {
    name: 'A lost index makes queries slow, PHP waits for them, nginx gives up',
    reports: 30,
    onset: 9,
    within: 6,
    server: () => phpShop('shop8'),
    minute(s, i) {
      const ill = i >= 9;
      const waiting = ill ? Math.min(40, 12 + (i - 8) * 7) : 12;
      if (ill) s.want('mariadbd', { cpu: 330, read: 1.2e6 });
      s.want('php-fpm8.2', { count: waiting, mem: waiting * 45 * MB, cpu: ill ? 20 : 34 });
      mysql(
        s,
        '10.11.9-MariaDB',
        {
          Slow_queries: s.count('slow', ill ? 160 : 0),
          Threads_connected: ill ? waiting + 3 : 12,
          Threads_running: ill ? waiting - 4 : 2,
          Questions: s.count('asked', ill ? 6000 : 14_000),
        },
        { innodb_buffer_pool_size: 1_073_741_824, max_connections: 151 },
      );
      visits(s, ill ? 420 : 500);
      const log: string[] = [];
      for (let ago = 50; ill && waiting === 40 && ago > 0; ago -= 8)
        log.push(`${slashed(s, ago)} upstream timed out`);
      if (waiting === 40) log.push(`${fpmTime(s, 40)} [pool www] max_children`);
      complain(s, log);
    },
    roots: [
      { problem: 'db.mysql_slow', subject: ['mysql', 'mariadb', 'MariaDB', 'MySQL', 'shop8', 'mysqld'] },
    ],
    chain: [
      'db.mysql_slow>web.phpfpm_children',
      'web.phpfpm_children>svc.upstream_timeout',
      'db.mysql_slow>cpu.saturated',
    ],
  },
  {
    name: 'PHP waits for somebody else until no child is left',
    reports: 26,
    onset: 9,
    within: 6,
    server: () => phpShop('shop9'),
    minute(s, i) {
      const ill = i >= 9;
      const count = ill ? Math.min(40, 12 + (i - 8) * 9) : 12;
      s.want('php-fpm8.2', { count, mem: count * 42 * MB, cpu: ill ? 9 : 34 });
      visits(s, ill ? 380 : 500);
      const log: string[] = [];
      if (count === 40) {
        log.push(`${fpmTime(s, 50)} [pool www] max_children`);
        for (let ago = 48; ago > 0; ago -= 6) log.push(`${slashed(s, ago)} upstream timed out`);
      }
      complain(s, log);
    },
    roots: [{ problem: 'web.phpfpm_children', subject: ['www', 'php-fpm'] }],
    chain: ['web.phpfpm_children>svc.upstream_timeout'],
  },
  {
    name: 'A nightly upgrade restarts the database, and it does not come back',
    reports: 16,
    onset: 7,
    within: 1,
    server() {
      const s = new Server('wiki2', debian12, { cores: 2, ram: 4, drive: ssd, start: 1_796_452_800 });
      webStack(s);
      s.more.set('tail -n 100 /var/log/dpkg.log', '');
      return s;
    },
    minute(s, i) {
      if (i !== 7) return;
      const at = (ago: number) =>
        s
          .at(ago - 59)
          .toISOString()
          .slice(0, 19)
          .replace('T', ' ');
      s.more.set(
        'tail -n 100 /var/log/dpkg.log',
        `${at(58)} upgrade mariadb-server:amd64 1:10.11.6-0+deb12u1 1:10.11.9-0+deb12u1\n${at(52)} configure mariadb-server:amd64 1:10.11.9-0+deb12u1 <none>\n${at(40)} status installed mariadb-server:amd64 1:10.11.9-0+deb12u1`,
      );
      s.end('mariadbd');
      ended(s, 'mariadb', { since: '35', ExecMainStatus: '7' });
    },
    full: (i) => i === 0 || i === 7,
    roots: [{ problem: ['change.package', 'svc.unit_failed'], subject: ['mariadb-server', 'mariadb'] }],
    chain: ['change.package>svc.unit_failed'],
  },
  {
    name: 'The cache starts anew, and all questions come to the database at once',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = phpShop('shop12');
      s.program('redis-server', { cpu: 6, mem: 1.4 * GB }, { unit: 'redis-server', uid: 112, threads: 5 });
      return s;
    },
    minute(s, i) {
      const cold = i >= 9;
      if (i === 9) {
        s.end('redis-server');
        s.program('redis-server', { cpu: 5, mem: 30 * MB }, { unit: 'redis-server', uid: 112, threads: 5 });
        s.service('redis-server', { since: '40' });
      }
      if (cold) s.want('redis-server', { mem: (30 + (i - 8) * 8) * MB });
      const used = cold ? (20 + (i - 8) * 8) * 1024 ** 2 : 1_380_000_000;
      redis(s, {
        uptime_in_seconds: cold ? 40 + (i - 9) * 60 : 1_882_001,
        used_memory: used,
        used_memory_rss: Math.round(used * 1.08),
      });
      const waiting = cold ? Math.min(40, 12 + (i - 8) * 10) : 12;
      s.want('mariadbd', { cpu: cold ? 345 : 24 });
      s.want('php-fpm8.2', { count: waiting, mem: waiting * 45 * MB, cpu: cold ? 30 : 34 });
      mysql(
        s,
        '10.11.9-MariaDB',
        {
          Slow_queries: s.count('slow', cold ? 190 : 0),
          Threads_connected: waiting + 2,
          Threads_running: cold ? waiting - 6 : 2,
          Questions: s.count('asked', cold ? 66_000 : 14_000),
        },
        { innodb_buffer_pool_size: 1_073_741_824, max_connections: 151 },
      );
      visits(s, cold ? 380 : 500);
    },
    roots: [
      {
        problem: ['db.mysql_slow', 'proc.runaway', 'cpu.saturated'],
        subject: ['mysql', 'mariadb', 'MariaDB', 'MySQL', 'shop12'],
      },
    ],
  },
  {
    name: 'The resolver of the server itself ends, and whoever asks it waits',
    reports: 22,
    onset: 8,
    within: 1,
    server() {
      const s = new Server('crm5', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('php-fpm8.1', { cpu: 40, mem: 700 * MB, count: 14 }, { unit: 'php8.1-fpm', uid: 33 });
      s.service('systemd-resolved');
      s.more.set('cat /etc/resolv.conf', 'nameserver 127.0.0.53\noptions edns0 trust-ad');
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      if (i === 8) {
        s.stop('systemd-resolve');
        ended(s, 'systemd-resolved', {
          Result: 'core-dump',
          ExecMainCode: '3',
          ExecMainStatus: '11',
          since: '30',
        });
      }
      s.want('php-fpm8.1', { count: Math.min(50, 14 + (i - 7) * 9), cpu: 6 });
      visits(s, 300);
    },
    roots: [
      { problem: ['svc.unit_failed', 'net.dns_fail'], subject: ['systemd-resolved', '127.0.0.53', 'crm5'] },
    ],
  },
  {
    name: 'A new kernel is started, and a service does not find its module',
    reports: 18,
    onset: 9,
    within: 1,
    server() {
      const s = new Server('vpn3', debian12, { cores: 2, ram: 2, drive: ssd });
      s.program('nginx', { cpu: 3, mem: 50 * MB, count: 2 }, { unit: 'nginx', uid: 33 });
      s.service('wg-quick@wg0');
      return s;
    },
    minute(s, i) {
      if (i !== 9) return;
      s.reboot();
      ended(s, 'wg-quick@wg0', { since: '80' });
    },
    roots: [{ problem: ['svc.unit_failed', 'sys.rebooted'], subject: ['wg-quick@wg0', 'vpn3'] }],
    chain: ['sys.rebooted>svc.unit_failed'],
    // Its report comes two and a half minutes after the start.
    since: 7,
  },
  {
    name: 'A long statement holds up the replica',
    reports: 30,
    onset: 9,
    within: 5,
    server() {
      const s = new Server('repl2', noble, { cores: 8, ram: 32, drive: ssd });
      s.program(
        'mysqld',
        { cpu: 40, mem: 14 * GB, write: 2e6, read: 400_000, request: 16_384 },
        { unit: 'mysql', uid: 112, threads: 52 },
      );
      return s;
    },
    minute(s, i) {
      const behind = i < 9 ? 0 : (i - 8) * 59;
      if (i >= 9) s.want('mysqld', { cpu: 120 });
      mysql(
        s,
        '8.0.39-0ubuntu0.24.04.2',
        { Threads_running: 3 },
        { innodb_buffer_pool_size: 12_884_901_888 },
        replica('Replica', { behind }),
      );
    },
    roots: [{ problem: 'db.mysql_repl_lag', subject: ['mysql', 'MySQL', 'replica', 'repl2'] }],
  },
  {
    name: 'A crawl opens so many connections that the table of connections is full',
    reports: 26,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('cat3', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.conntrack = [9000, 65_536];
      s.tcp.established = 300;
      return s;
    },
    minute(s, i) {
      const step = Math.max(0, i - 7);
      const rate = i < 8 ? 1 : 1 + Math.min(9, step * 2.5);
      visits(s, 600 * rate);
      s.want('nginx', { cpu: 4 * rate + 6 });
      s.nic('eth0', { rx: 300_000 * rate, tx: 2_400_000 * rate });
      s.tcp.established = Math.round(300 * rate);
      s.tcp.timeWait = Math.round(800 * rate);
      Object.assign(s.tcp, { in: 900 * rate, out: 1500 * rate });
      s.conntrack = [Math.min(65_536, Math.round(9000 + step * 11_500)), 65_536];
      if (s.conntrack[0] === 65_536)
        s.kernel(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 12);
    },
    roots: [
      {
        problem: ['svc.traffic_surge', 'net.conntrack'],
        subject: ['nginx', 'cat3', 'web', '/var/log', 'conntrack'],
      },
    ],
    chain: ['svc.traffic_surge>net.conntrack'],
  },
  {
    name: 'The port of the switch comes back with 100 Mbit/s',
    reports: 26,
    onset: 9,
    within: 5,
    server() {
      const s = new Server('cdn2', debian12, { cores: 4, ram: 8, drive: ssd, nic: 'eno1' });
      s.program('nginx', { cpu: 20, mem: 90 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
      s.nic('eno1', { tx: 41e6, rx: 1.2e6 });
      Object.assign(s.tcp, { out: 30_000, in: 16_000, retransmits: 20, established: 900 });
      return s;
    },
    minute(s, i) {
      if (i < 9) return;
      if (i === 9) {
        s.kernel(6, 'igb 0000:02:00.0 eno1: igb: eno1 NIC Link is Down', 40);
        s.kernel(
          6,
          'igb 0000:02:00.0 eno1: igb: eno1 NIC Link is Up 100 Mbps Full Duplex, Flow Control: RX',
          37,
        );
      }
      s.nic('eno1', { speed: 100, carrier: 4, tx: 41e6, rx: 900_000 });
      Object.assign(s.tcp, { out: 9000, in: 5000, retransmits: 420 });
    },
    roots: [{ problem: 'net.link_slow', subject: 'eno1' }],
    chain: ['net.link_slow>net.saturated'],
  },
  {
    name: 'One port of a bond loses its link, and the other is full',
    reports: 24,
    onset: 9,
    within: 1,
    server() {
      const s = new Server('nas4', debian12, { cores: 4, ram: 8, drive: ssd, nic: 'bond0', speed: 2000 });
      s.nic('eno1', { speed: 1000 });
      s.nic('eno2', { speed: 1000 });
      s.program('nfsd', { cpu: 30, count: 8 }, { cgroup: '/' });
      return s;
    },
    minute(s, i) {
      const down = i >= 9;
      s.nic('bond0', { speed: down ? 1000 : 2000, tx: down ? 200e6 : 190e6, rx: 4e6 });
      s.nic('eno1', { tx: down ? 200e6 : 95e6, rx: down ? 4e6 : 2e6 });
      s.nic('eno2', down ? { state: 'down', carrier: 3, speed: 0 } : { tx: 95e6, rx: 2e6 });
      if (i === 9) {
        s.kernel(3, 'igb 0000:03:00.0 eno2: igb: eno2 NIC Link is Down', 30);
        s.kernel(6, 'bond0: (slave eno2): link status definitely down, disabling slave', 30);
      }
      const slave = (name: string, up: boolean) =>
        `Slave Interface: ${name}\nMII Status: ${up ? 'up' : 'down'}\nSpeed: ${up ? '1000 Mbps' : 'Unknown'}\nDuplex: ${up ? 'full' : 'Unknown'}\nLink Failure Count: ${up ? 0 : 1}\nSlave queue ID: 0`;
      s.more.set(
        'cat /proc/net/bonding/bond0',
        `Ethernet Channel Bonding Driver: v6.1.0-25-amd64\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nTransmit Hash Policy: layer3+4 (1)\nMII Status: up\nMII Polling Interval (ms): 100\n\n${slave('eno1', true)}\n\n${slave('eno2', !down)}`,
      );
    },
    roots: [{ problem: 'net.link_down', subject: 'eno2' }],
    chain: ['net.link_down>net.bond_degraded'],
  },
];
