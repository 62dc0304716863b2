// The third round of sequences, written before the diagnosis had seen one of them: attacks, connections, locks, hardware that hangs,
// a leak that is killed and comes again.
import { GB } from '../host.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { ended, oomKill, postgres, visits } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { cloud, hdd, MB, nvmeDrive, Server, ssd } from './server.ts';

export const thirdSequences: Sequence[] = [
  {
    name: 'An account was taken over, and the queue of mail grows',
    reports: 60,
    step: 300,
    onset: 14,
    within: 26,
    server() {
      const s = new Server('mail7', debian12, { cores: 2, ram: 4, drive: ssd });
      s.program('master', { cpu: 1, mem: 12 * MB }, { unit: 'postfix@-', uid: 0 });
      s.program(
        'smtp',
        { cpu: 3, mem: 30 * MB, count: 3 },
        { uid: 104, cgroup: '/system.slice/postfix@-.service' },
      );
      s.listening.push({ port: 25, program: 'master', queue: 100 });
      return s;
    },
    minute(s, i) {
      const sent = Math.max(0, i - 13);
      s.want('smtp', { count: sent ? 60 : 3, mem: (sent ? 60 : 3) * 10 * MB, cpu: sent ? 45 : 3 });
      s.tcp.opened = sent ? 40 : 2;
      s.tcp.established = sent ? 180 : 30;
      const waits = 34 + sent * 260;
      s.more.set(
        'find /var/spool',
        `/var/spool/postfix/active ${sent ? 400 : 2} 0\n/var/spool/postfix/incoming 0 0\n/var/spool/postfix/deferred ${waits} 6`,
      );
    },
    full: (i) => i % 12 === 0,
    roots: [{ problem: 'mail.queue', subject: ['mail7', 'postfix', 'mail'] }],
  },
  {
    name: 'The kernel spends its time on huge pages for a database',
    atFirst: 'wrong edge',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('mongo1', noble, { cores: 8, ram: 32, drive: ssd });
      s.program('mongod', { cpu: 150, mem: 14 * GB }, { unit: 'mongod', uid: 113, threads: 90 });
      return s;
    },
    minute(s, i) {
      if (i !== 9) return;
      s.want('mongod', { cpu: 640 });
      for (const t of s.named('mongod')) t.kernel = 0.85;
    },
    edit(text, i) {
      const stalls = 4000 + (i < 9 ? i * 6 : 54 + (i - 8) * 26_000);
      return text
        .replace(/^compact_stall \d+$/gm, `compact_stall ${stalls}`)
        .replace('enabled:always [madvise] never', 'enabled:[always] madvise never');
    },
    roots: [
      {
        problem: 'mem.thp_latency',
        subject: ['mongod', 'mongo1', 'transparent'],
      },
    ],
  },
  {
    name: 'A processor locks up',
    reports: 16,
    onset: 8,
    within: 1,
    server() {
      const s = new Server('hpc2', rhel9, { cores: 16, ram: 64, drive: nvmeDrive, disk: 'nvme0n1' });
      s.program(
        'solver',
        { cpu: 900, mem: 22 * GB, count: 9 },
        { uid: 1200, cgroup: '/user.slice/user-1200.slice/session-9.scope' },
      );
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      s.kernel(0, 'watchdog: BUG: soft lockup - CPU#11 stuck for 23s! [solver:88121]', 30);
      if (i % 2 === 0) s.kernel(3, 'rcu: INFO: rcu_preempt self-detected stall on CPU', 20);
    },
    roots: [{ problem: 'sys.crash', subject: ['hpc2', 'CPU'] }],
  },
  {
    name: 'A drive of flash hangs: its commands time out, and all wait',
    reports: 20,
    onset: 8,
    within: 5,
    server() {
      const s = new Server('db21', debian12, { cores: 8, ram: 32, drive: nvmeDrive, disk: 'nvme0n1' });
      s.program(
        'postgres',
        { cpu: 110, mem: 9 * GB, count: 24, read: 4e6, write: 6e6, request: 16_384, depth: 6 },
        { unit: 'postgresql@15-main', uid: 115 },
      );
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      s.drives.set('nvme0n1', { iops: 30, bytes: 2e9, base: 60 });
      s.kernel(4, `nvme nvme0: I/O ${300 + i} (I/O Cmd) QID 5 timeout, aborting`, 41);
      s.kernel(4, 'nvme nvme0: Abort status: 0x0', 40);
      s.kernel(4, `nvme nvme0: I/O ${300 + i} QID 5 timeout, reset controller`, 11);
    },
    roots: [{ problem: ['disk.errors', 'disk.latency'], subject: ['nvme0n1', 'nvme0'] }],
  },
  {
    name: 'A flood of half open connections',
    reports: 20,
    onset: 9,
    within: 3,
    server() {
      const s = new Server('shop20', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.tcp.established = 220;
      return s;
    },
    minute(s, i) {
      if (i < 9) return;
      Object.assign(s.tcp, { cookies: 2600, in: 30_000 });
      s.softirq = 14;
      s.nic('eth0', { rx: 9e6 });
      if (i === 9)
        s.kernel(6, 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.', 40);
    },
    edit: (text, i) => (i < 9 ? text : text.replace(/^=== ss -Htan\n/m, '$&511 SYN-RECV 443\n')),
    roots: [{ problem: 'net.syn_flood', subject: ['shop20', 'port 443', '443'] }],
  },
  {
    name: 'A program in Java collects garbage on all cores',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('jv3', rhel9, { cores: 4, ram: 16, drive: ssd });
      s.program('nginx', { cpu: 6, mem: 60 * MB, count: 4 }, { unit: 'nginx', uid: 991 });
      s.program('java', { cpu: 70, mem: 6.1 * GB }, { unit: 'portal', uid: 992, threads: 140 });
      return s;
    },
    minute(s, i) {
      if (i >= 9) s.want('java', { cpu: 430 });
      visits(s, i < 9 ? 700 : 420);
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: ['java', 'jv3'] }],
    chain: [],
  },
  {
    name: 'After a start all programs open connections anew until PostgreSQL has none left',
    reports: 20,
    onset: 8,
    within: 3,
    server() {
      const s = new Server('pgx1', noble, { cores: 8, ram: 16, drive: ssd });
      s.program('postgres', { cpu: 40, mem: 3 * GB, count: 40 }, { unit: 'postgresql@16-main', uid: 115 });
      s.program('node', { cpu: 60, mem: 2 * GB, count: 8 }, { unit: 'shop', uid: 1001, threads: 11 });
      return s;
    },
    minute(s, i) {
      const open = i < 8 ? 32 : 98;
      s.want('postgres', { count: open + 8, mem: (2.6 + open * 0.012) * GB });
      postgres(s, { max: 100, states: ['active|4|00:00:00.2', `idle|${open - 4}|`] });
      if (i === 8) s.service('shop', { since: '50' });
    },
    roots: [{ problem: 'db.pg_connections', subject: ['postgresql', 'postgres'] }],
  },
  {
    name: 'It leaks, is killed, starts anew and leaks again',
    reports: 60,
    onset: 6,
    within: 30,
    server() {
      const s = new Server('saw2', debian12, { cores: 4, ram: 4, swap: 0, drive: ssd });
      webStack(s);
      s.program('node', { cpu: 30, mem: 500 * MB }, { unit: 'ssr', uid: 1001, threads: 11 });
      return s;
    },
    minute(s, i) {
      const cycle = i < 6 ? -1 : (i - 6) % 20;
      if (i > 6 && cycle === 0) {
        oomKill(s, 'node', s.pid('node'), 2.7 * GB);
        s.end('node');
        s.program('node', { cpu: 60 }, { unit: 'ssr', uid: 1001, threads: 11 });
        s.service('ssr', { NRestarts: String((i - 6) / 20), since: '25' });
      }
      s.want('node', { mem: (500 + Math.max(0, cycle) * 128) * MB, cpu: 30 });
    },
    roots: [{ problem: ['mem.leak', 'mem.oom_kill'], subject: ['node'] }],
  },
  {
    name: 'More people come than the processors can serve',
    reports: 26,
    onset: 8,
    within: 8,
    server() {
      const s = new Server('news4', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('php-fpm8.1', { cpu: 70, mem: 900 * MB, count: 16 }, { unit: 'php8.1-fpm', uid: 33 });
      return s;
    },
    minute(s, i) {
      const rate = i < 8 ? 1 : Math.min(7, 1 + (i - 7) * 1.5);
      visits(s, 600 * rate);
      s.want('php-fpm8.1', {
        cpu: 70 * rate,
        count: Math.round(10 + 6 * rate),
        mem: (10 + 6 * rate) * 50 * MB,
      });
      s.want('nginx', { cpu: 5 * rate });
      s.want('mariadbd', { cpu: 16 * rate });
      s.tcp.established = Math.round(140 * rate);
      s.nic('eth0', { rx: 250_000 * rate, tx: 2.6e6 * rate });
      Object.assign(s.tcp, { in: 800 * rate, out: 1300 * rate });
    },
    roots: [{ problem: 'svc.traffic_surge', subject: ['news4', 'nginx', 'web'] }],
    chain: ['svc.traffic_surge>cpu.saturated'],
  },
  {
    name: 'A full disk ends the database, which the pages need',
    reports: 30,
    onset: 8,
    within: 14,
    server() {
      const s = new Server('site3', debian12, { cores: 2, ram: 4, drive: cloud, disk: 'vda' });
      webStack(s);
      s.mounts.set('/', { device: '/dev/vda2', size: 40_000_000, used: 27_000_000 });
      s.program('rsyslogd', { cpu: 1, mem: 12 * MB }, { unit: 'rsyslog' });
      return s;
    },
    minute(s, i) {
      const root = s.mounts.get('/')!;
      if (i >= 8) {
        s.want('rsyslogd', { cpu: 22, write: 13e6, request: 131_072 });
        root.used = Math.min(38_000_000, 27_000_000 + ((i - 7) * 60 * 13e6) / 1024);
      }
      if (i === 23) {
        s.end('mariadbd');
        ended(s, 'mariadb', { since: '15' });
      }
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/' }],
    chain: ['disk.full>svc.unit_failed'],
  },
];

export const thirdOthers: Sequence[] = [
  {
    name: 'Sound: a heap in the saw-tooth of its collector',
    kind: 'control',
    reports: 60,
    server() {
      const s = new Server('ok11', rhel9, { cores: 4, ram: 8, drive: ssd });
      s.program('java', { cpu: 60, mem: 2 * GB }, { unit: 'app', uid: 992, threads: 80 });
      return s;
    },
    minute(s, i) {
      s.want('java', { mem: (2 + ((i * 7) % 24) * 0.11) * GB });
    },
  },
  {
    name: 'Sound: a nightly dump at a pace that the disk can keep',
    kind: 'control',
    reports: 30,
    server() {
      const s = new Server('ok12', debian12, { cores: 4, ram: 8, drive: hdd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 9)
        s.program(
          'mysqldump',
          { cpu: 40, mem: 40 * MB, read: 25e6, write: 15e6, request: 524_288 },
          { uid: 0, cgroup: '/system.slice/cron.service' },
        );
      if (i === 24) s.end('mysqldump');
      if (i >= 9 && i < 24) s.mounts.get('/')!.used += 900_000;
      if (i === 26) s.mounts.get('/')!.used -= 12_000_000;
    },
  },
  {
    name: 'Sound: a third of an hour without reports, and as before after it',
    kind: 'control',
    reports: 30,
    server() {
      const s = new Server('ok13', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 14) for (let n = 0; n < 20; n++) s.pass(60);
    },
  },
  {
    name: 'Unknown: tasks wait for memory although there is plenty of it',
    kind: 'unknown',
    reports: 24,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('odd4', noble, { cores: 4, ram: 16, drive: ssd });
      webStack(s);
      return s;
    },
    edit: (text, i) =>
      i < 9
        ? text
        : text
            .replace(
              /^(\/proc\/pressure\/memory:some) \S+ \S+ \S+/m,
              '$1 avg10=28.20 avg60=26.00 avg300=19.00',
            )
            .replace(/^(\/proc\/pressure\/memory:full) \S+ \S+ \S+/m, '$1 avg10=8.10 avg60=7.40 avg300=6.10'),
    roots: [{ problem: 'mem.pressure', subject: 'odd4' }],
  },
];
