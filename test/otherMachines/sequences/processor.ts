// Sequences of processors, processes and their limits, and of the hardware around them.
import { GB } from '../host.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { visits } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { cloud, MB, Server, ssd } from './server.ts';

const group = (s: Server, path: string, file: string, ...lines: (string | number)[]) =>
  s.groups.set(`${path}/${file}`, lines.join(`\n/sys/fs/cgroup${path}/${file}:`));

/** A counter since the start of its group: one of the host begins with what the years before have left. */
const counted = new WeakMap<Server, Map<string, number>>();
function own(s: Server, key: string, more: number): number {
  const all = counted.get(s) ?? new Map<string, number>();
  counted.set(s, all.set(key, (all.get(key) ?? 0) + more));
  return all.get(key)!;
}

export const processorSequences: Sequence[] = [
  {
    name: 'A new version of a service needs more than twice the CPU',
    reports: 28,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('img4', debian12, { cores: 4, ram: 8, drive: ssd });
      s.program('nginx', { cpu: 9, mem: 60 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
      s.program('imgproxy', { cpu: 160, mem: 700 * MB }, { unit: 'imgproxy', uid: 997, threads: 18 });
      s.more.set('tail -n 100 /var/log/dpkg.log', '');
      return s;
    },
    minute(s, i) {
      visits(s, 900);
      if (i !== 9) return;
      const at = s.at(0).toISOString().slice(0, 19).replace('T', ' ');
      s.more.set(
        'tail -n 100 /var/log/dpkg.log',
        `${at} startup archives unpack\n${at} upgrade imgproxy:amd64 3.21.0-1 3.24.1-1\n${at} status installed imgproxy:amd64 3.24.1-1`,
      );
      s.end('imgproxy');
      s.program('imgproxy', { cpu: 460, mem: 760 * MB }, { unit: 'imgproxy', uid: 997, threads: 18 });
      s.service('imgproxy', { since: '30' });
    },
    full: (i) => i === 0 || i === 9,
    roots: [{ problem: ['change.package', 'proc.runaway', 'cpu.saturated'], subject: ['imgproxy', 'img4'] }],
  },
  {
    name: 'A miner in /tmp takes all cores',
    reports: 22,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('wp3', jammy, { cores: 4, ram: 8, drive: cloud, disk: 'vda' });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 8)
        s.program(
          'kdevtmpfsi',
          { cpu: 395, mem: 2.3 * GB },
          { uid: 33, cgroup: '/system.slice/php8.1-fpm.service', threads: 6, exe: '/tmp/.X0/kdevtmpfsi' },
        );
      s.more.set('ls -l /proc/[0-9]*/exe', s.tasks.map((t) => `/proc/${t.pid} ${t.exe}`).join('\n'));
    },
    full: (i) => i === 0 || i === 10,
    roots: [{ problem: 'proc.suspicious', subject: 'kdevtmpfsi' }],
    chain: ['proc.suspicious>cpu.saturated'],
  },
  {
    name: 'A neighbour on the host takes the processor',
    reports: 40,
    onset: 10,
    within: 6,
    server() {
      const s = new Server('vps17', debian12, { cores: 2, ram: 4, drive: cloud, disk: 'vda' });
      webStack(s);
      s.program('php-fpm8.2', { cpu: 55, mem: 500 * MB, count: 6 }, { unit: 'php8.2-fpm', uid: 33 });
      return s;
    },
    minute(s, i) {
      s.steal = i < 10 ? 0.4 : 38 * s.jitter(0.15);
    },
    roots: [{ problem: 'cpu.steal', subject: ['vps17', 'cpu'] }],
  },
  {
    name: 'A quota throttles a service after its load has grown',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('k8n2', noble, { cores: 8, ram: 16, drive: ssd });
      webStack(s);
      s.program('gunicorn', { cpu: 60, mem: 900 * MB, count: 5 }, { unit: 'orders', uid: 1003 });
      return s;
    },
    minute(s, i) {
      const throttled = i >= 9;
      s.want('gunicorn', { cpu: throttled ? 100 : 60 });
      const path = '/system.slice/orders.service';
      const usage = s.count('orders usage', (throttled ? 60 : 36) * 1e6);
      group(
        s,
        path,
        'cpu.stat',
        `usage_usec ${usage}`,
        `user_usec ${Math.round(usage * 0.8)}`,
        `system_usec ${Math.round(usage * 0.2)}`,
        `nr_periods ${own(s, 'orders periods', 600)}`,
        `nr_throttled ${own(s, 'orders throttled', throttled ? 455 : 3)}`,
        `throttled_usec ${own(s, 'orders waited', throttled ? 118e6 : 200_000)}`,
      );
      group(s, path, 'memory.current', 940 * 1024 ** 2);
      group(s, path, 'pids.current', 5);
      group(s, path, 'cpu.max', '100000 100000');
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['orders', '/system.slice/orders'] }],
  },
  {
    name: 'A fan stops, the processor gets hot and is slowed',
    reports: 40,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('rack3', rhel9, { cores: 8, ram: 32, drive: ssd });
      s.program('ffmpeg', { cpu: 420, mem: 2 * GB, count: 2 }, { unit: 'encode', uid: 1001, threads: 16 });
      return s;
    },
    minute(s, i) {
      const minutes = Math.max(0, i - 7);
      const heat = minutes === 0 ? 61 : Math.min(101, 61 + minutes * 4);
      const hw = '/sys/class/hwmon/hwmon';
      s.sys.set(`${hw}0/name`, 'coretemp');
      s.sys.set(`${hw}0/temp1_label`, 'Package id 0');
      s.sys.set(`${hw}0/temp1_input`, Math.round(heat * 1000 * s.jitter(0.01)));
      s.sys.set(`${hw}0/temp1_max`, 84_000);
      s.sys.set(`${hw}0/temp1_crit`, 104_000);
      s.sys.set(`${hw}1/name`, 'nct6779');
      s.sys.set(`${hw}1/fan1_label`, 'CPU_FAN');
      s.sys.set(`${hw}1/fan1_input`, minutes ? 0 : Math.round(2450 * s.jitter(0.02)));
      s.sys.set(`${hw}1/fan2_input`, Math.round(1180 * s.jitter(0.02)));
      const slowed = heat >= 99 ? 240 : 0;
      for (let c = 0; c < 8; c++)
        s.sys.set(
          `/sys/devices/system/cpu/cpu${c}/thermal_throttle/core_throttle_count`,
          s.count(`throttle ${c}`, slowed * s.jitter()),
        );
      if (slowed) {
        s.want('ffmpeg', { cpu: 780 });
        s.kernel(2, 'CPU2: Core temperature above threshold, cpu clock throttled (total events = 3412)', 20);
      }
    },
    roots: [{ problem: 'hw.fan', subject: ['fan1', 'CPU_FAN', 'nct6779'] }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle'],
  },
  {
    name: 'A job of every five minutes takes longer than that, and they pile up',
    reports: 46,
    onset: 11,
    within: 16,
    server() {
      const s = new Server('stat1', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('cron', { mem: 3 * MB }, { unit: 'cron' });
      s.more.set(
        'cat /etc/crontab',
        '/etc/crontab:17 * * * * root cd\n/etc/cron.d/stat:*/5 * * * * www-data /usr/local/bin/mkreport',
      );
      return s;
    },
    minute(s, i) {
      // Until then each was done in a minute; from then on one comes every five minutes and none ends.
      if (i < 10) {
        if (i % 5 === 0)
          s.program(
            'mkreport',
            { cpu: 85, mem: 160 * MB },
            { uid: 33, cgroup: '/system.slice/cron.service', ppid: s.pid('cron') },
          );
        else if (s.programs.has('mkreport')) s.end('mkreport');
        return;
      }
      if (i % 5 !== 0) return;
      const count = 1 + (i - 10) / 5;
      if (count === 1)
        s.program('mkreport', {}, { uid: 33, cgroup: '/system.slice/cron.service', ppid: s.pid('cron') });
      s.want('mkreport', { count, cpu: 92 * count, mem: 160 * count * MB });
    },
    roots: [{ problem: 'job.cron_overlap', subject: ['mkreport', '/usr/local/bin/mkreport'] }],
    chain: ['job.cron_overlap>cpu.saturated'],
    // The second one starts while the first still runs.
    since: 14,
  },
  {
    name: 'Threads leak up to the limit of the unit',
    reports: 40,
    onset: 6,
    within: 30,
    server() {
      const s = new Server('app8', debian12, { cores: 4, ram: 16, drive: ssd });
      webStack(s);
      s.program('java', { cpu: 30, mem: 2 * GB }, { unit: 'billing', uid: 998, threads: 96 });
      return s;
    },
    minute(s, i) {
      const threads = Math.min(512, 96 + Math.max(0, i - 5) * 16);
      for (const t of s.named('java')) t.threads = threads;
      const path = '/system.slice/billing.service';
      group(s, path, 'pids.current', threads);
      group(s, path, 'pids.max', 512);
      group(s, path, 'memory.current', Math.round(2.1 * GB * 1024));
      group(s, path, 'cpu.stat', `usage_usec ${s.count('billing usage', 18e6)}`);
      if (threads === 512)
        s.kernel(6, 'cgroup: fork rejected by pids controller in /system.slice/billing.service', 25);
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: ['billing', '/system.slice/billing'] }],
  },
  {
    name: 'A service leaks files up to its limit, and accepts no more',
    reports: 40,
    onset: 6,
    within: 28,
    server() {
      const s = new Server('push2', jammy, { cores: 2, ram: 4, drive: ssd });
      s.program(
        'pushd',
        { cpu: 18, mem: 400 * MB },
        { unit: 'pushd', uid: 1002, threads: 9, open: [260, 1024] },
      );
      s.listening.push({ port: 8443, program: 'pushd', queue: 128 });
      return s;
    },
    minute(s, i) {
      const open = Math.min(1024, 260 + Math.max(0, i - 5) * 31);
      for (const t of s.named('pushd')) Object.assign(t, { open: [open, 1024], fds: 1024 });
      s.tcp.established = 40 + open - 260;
      if (open >= 1024) {
        s.tcp.overflows = 7;
        s.listening.find((l) => l.program === 'pushd')!.waiting = 129;
      }
    },
    roots: [{ problem: 'proc.fd_process', subject: 'pushd' }],
    chain: ['proc.fd_process>net.listen_overflow'],
  },
  {
    name: 'Corrected memory errors begin and become more',
    reports: 30,
    onset: 10,
    within: 1,
    server() {
      const s = new Server('db11', rhel9, { cores: 16, ram: 64, drive: ssd });
      s.program('postgres', { cpu: 80, mem: 9 * GB, count: 30 }, { unit: 'postgresql-15', uid: 26 });
      return s;
    },
    minute(s, i) {
      const errors = i < 10 ? 0 : Math.round((i - 9) ** 1.7);
      const mc = '/sys/devices/system/edac/mc/mc0';
      for (const dimm of [0, 1, 2, 3]) {
        s.sys.set(`${mc}/dimm${dimm}/dimm_ce_count`, dimm === 2 ? errors : 0);
        s.sys.set(`${mc}/dimm${dimm}/dimm_ue_count`, 0);
      }
      s.sys.set(`${mc}/ce_count`, errors);
      s.sys.set(`${mc}/ue_count`, 0);
      if (errors && i % 4 === 0)
        s.kernel(
          4,
          'EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x6b1f3 offset:0x940 grain:32 syndrome:0x0)',
        );
    },
    roots: [{ problem: 'mem.ecc_corrected', subject: ['mc0', 'dimm2', 'CPU_SrcID'] }],
  },
];
