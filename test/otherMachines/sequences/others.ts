// Sequences in which nothing is wrong, and those whose cause no report can show: then "unknown" is the right answer.
import { GB } from '../host.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { errorLog, postgres, slashed, visits } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { cloud, hdd, MB, Server, ssd } from './server.ts';

export const healthySequences: Sequence[] = [
  {
    name: 'Sound: a Java service fills its heap after a start and stays there',
    atFirst: 'false alarm',
    kind: 'control',
    reports: 60,
    onset: 0,
    server() {
      const s = new Server('tom1', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('java', { cpu: 60, mem: 600 * MB }, { unit: 'tomcat9', uid: 997, threads: 70 });
      return s;
    },
    minute(s, i) {
      if (i === 6) {
        s.end('java');
        s.program('java', { cpu: 230 }, { unit: 'tomcat9', uid: 997, threads: 70 });
        s.service('tomcat9', { since: '40' });
      }
      if (i >= 6)
        s.want('java', { mem: (400 + 3000 * (1 - Math.exp(-(i - 5) / 9))) * MB, cpu: i < 9 ? 230 : 40 });
    },
  },
  {
    name: 'Sound: a copy within what the disk can do fills the page cache',
    kind: 'control',
    reports: 30,
    server() {
      const s = new Server('arc1', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 8)
        s.program(
          'rsync',
          { cpu: 45, mem: 60 * MB, read: 70e6, write: 70e6, request: 262_144 },
          { uid: 0, cgroup: '/system.slice/cron.service' },
        );
      if (i === 22) s.end('rsync');
      s.dirty = (i >= 8 && i < 22 ? 160 : 4) * MB;
    },
  },
  {
    name: 'Sound: a batch of four minutes each hour on half of the cores',
    kind: 'control',
    reports: 60,
    server() {
      const s = new Server('bat1', noble, { cores: 8, ram: 16, drive: ssd });
      webStack(s);
      s.program('cron', { mem: 3 * MB }, { unit: 'cron' });
      return s;
    },
    minute(s, i) {
      if (i % 30 === 12)
        s.program(
          'convert',
          { cpu: 390, mem: 900 * MB, count: 4 },
          { uid: 1000, cgroup: '/system.slice/cron.service', ppid: s.pid('cron') },
        );
      if (i % 30 === 16) s.end('convert');
    },
  },
  {
    name: 'Sound: autovacuum goes through a large table',
    atFirst: 'the case was wrong',
    kind: 'control',
    reports: 40,
    server() {
      const s = new Server('pg2', debian12, { cores: 4, ram: 16, drive: cloud, disk: 'nvme0n1' });
      s.program(
        'postgres',
        { cpu: 40, mem: 4 * GB, count: 24, read: 900_000, write: 2e6, request: 16_384 },
        { unit: 'postgresql@15-main', uid: 115 },
      );
      return s;
    },
    minute(s, i) {
      const vacuum = i >= 10 && i < 34;
      s.want('postgres', { read: vacuum ? 12e6 : 900_000, write: vacuum ? 5e6 : 2e6, cpu: vacuum ? 62 : 40 });
      postgres(s, { states: ['active|4|00:00:01.2', 'idle|19|', 'idle in transaction|1|00:00:00.04'] });
    },
  },
  {
    name: 'Sound: logs grow through the day and are rotated',
    atFirst: 'false alarm',
    kind: 'control',
    reports: 60,
    step: 300,
    server() {
      const s = new Server('log1', rhel9, { cores: 2, ram: 4, drive: ssd });
      webStack(s);
      s.mounts.set('/var', { device: '/dev/sda4', size: 40 * GB, used: 28.2 * GB, type: 'xfs' });
      return s;
    },
    minute(s, i) {
      visits(s, 2000);
      s.mounts.get('/var')!.used = (28.2 + (i % 48) * 0.04) * GB;
    },
  },
  {
    name: 'Sound: a busy hour within what the server can do',
    kind: 'control',
    reports: 60,
    server() {
      const s = new Server('news1', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('php-fpm8.2', { cpu: 60, mem: 900 * MB, count: 12 }, { unit: 'php8.2-fpm', uid: 33 });
      return s;
    },
    minute(s, i) {
      const rate = 1 + 1.6 * Math.sin((Math.PI * i) / 60);
      visits(s, 700 * rate);
      s.want('php-fpm8.2', { cpu: 60 * rate });
      s.want('mariadbd', { cpu: 30 * rate });
      s.nic('eth0', { rx: 200_000 * rate, tx: 3e6 * rate });
      s.tcp.established = Math.round(120 * rate);
    },
  },
];

export const unknownSequences: Sequence[] = [
  {
    name: 'Unknown: what nginx passes on to somebody else is not answered',
    kind: 'unknown',
    reports: 24,
    onset: 9,
    within: 5,
    server() {
      const s = new Server('edge1', debian12, { cores: 4, ram: 8, drive: ssd });
      s.program('nginx', { cpu: 16, mem: 90 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
      return s;
    },
    minute(s, i) {
      visits(s, 900);
      if (i >= 9)
        s.more.set(
          errorLog,
          Array.from({ length: 20 }, (_, n) => `${slashed(s, 58 - n * 3)} upstream timed out`).join('\n'),
        );
    },
    roots: [{ problem: 'svc.upstream_timeout', subject: ['nginx', 'edge1'] }],
  },
  {
    name: 'The storage behind a volume answers slowly, whatever is asked',
    atFirst: 'wrong edge',
    reports: 30,
    onset: 10,
    within: 6,
    server() {
      const s = new Server('san3', rhel9, { cores: 8, ram: 32, drive: ssd });
      s.addDrive('sdb', { iops: 9000, bytes: 400e6, base: 0.8 });
      s.mounts.set('/data', { device: '/dev/sdb1', size: 800_000_000, used: 300_000_000 });
      s.program(
        'oracle',
        {
          cpu: 120,
          mem: 12 * GB,
          count: 40,
          read: 1.6e6,
          write: 1.1e6,
          drive: 'sdb',
          request: 16_384,
          depth: 6,
        },
        { unit: 'oracle', uid: 54_321 },
      );
      return s;
    },
    minute(s, i) {
      if (i >= 10) s.drives.set('sdb', { iops: 60, bytes: 400e6, base: 45 });
    },
    roots: [{ problem: 'disk.latency', subject: 'sdb' }],
  },
  {
    name: 'Unknown: packets are lost somewhere behind the router',
    kind: 'unknown',
    reports: 26,
    onset: 9,
    within: 5,
    server() {
      const s = new Server('mx4', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      Object.assign(s.tcp, { out: 2600, in: 2100, retransmits: 3, established: 420 });
      s.nic('eth0', { tx: 3e6, rx: 1e6 });
      return s;
    },
    minute(s, i) {
      if (i >= 9) Object.assign(s.tcp, { retransmits: 190 });
    },
    roots: [{ problem: 'net.retrans', subject: ['eth0', 'mx4'] }],
  },
  {
    name: 'Unknown: the kernel is busy with what no program asked for',
    kind: 'unknown',
    reports: 30,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('iot2', noble, { cores: 4, ram: 8, drive: hdd });
      webStack(s);
      return s;
    },
    minute() {
      // Nothing of it is in a program: see `edit`.
    },
    edit(text, i) {
      if (i < 9) return text;
      // 70 % of each core in the kernel since report 9, taken from idle.
      const more = (again: boolean) => Math.round((60 * (i - 8) + (again ? 1 : 0)) * 70);
      const moved = (again: boolean) => (body: string) =>
        body.replace(
          /^(cpu\d?) +(\d+) (\d+) (\d+) (\d+)/gm,
          (_, cpu: string, u: string, n: string, k: string, idle: string) => {
            const part = more(again) * (cpu === 'cpu' ? 4 : 1);
            return `${cpu} ${cpu === 'cpu' ? ' ' : ''}${u} ${n} ${Number(k) + part} ${Number(idle) - part}`;
          },
        );
      return text
        .replace(/^=== cat \/proc\/stat\n[\s\S]*?(?=^=== )/m, moved(false))
        .replace(/^=== cat \/proc\/stat #2\n[\s\S]*?(?=^=== )/m, moved(true));
    },
    roots: [{ problem: 'cpu.system_high', subject: ['iot2', 'cpu'] }],
  },
];
