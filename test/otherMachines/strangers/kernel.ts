// Memory, CPU, processes and the kernel's tables on machines that nobody here had seen.
import { from, grown, server, swapping, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { jammy, noble, rhel9 } from '../systems.ts';
import { redis } from '../tools.ts';
import { alma8, amazon2023, focal, fedoraCore, gentoo, sles15, trixie } from './systems.ts';

export const kernelStrangers: Case[] = [
  {
    name: 'A virus scanner looks at each file that is opened, and the kernel takes all cores',
    kind: 'fault',
    reports: 12,
    onset: 3,
    host() {
      const h = server(noble, 'fileserver-zrh', { cores: 4, ram: 16 });
      h.run({ name: 'smbd', rss: 90_000, cpu: 12, threads: 1 });
      h.run({ name: 'clamd', rss: 1_400_000, cpu: 2, kernel: 0.8, threads: 12, uid: 115 });
      h.service('smbd');
      h.service('clamd');
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      Object.assign(h.named('clamd')[0]!, { cpu: 372 });
      h.psi.cpu = 61;
      h.load = [9.1, 7.4, 4.2];
    },
    roots: [{ problem: ['proc.runaway', 'cpu.system_high', 'cpu.saturated'], subject: ['clamd'] }],
  },
  {
    name: 'All workers of a gunicorn grow slowly, over half a day',
    kind: 'fault',
    reports: 30,
    step: 1500,
    onset: 4,
    host() {
      const h = server(amazon2023, 'ip-10-20-0-88.ec2.internal', {
        cores: 4,
        ram: 16,
        disk: 'nvme0n1',
        nic: 'ens5',
      });
      for (let n = 0; n < 9; n++) h.serve('shop', { name: 'gunicorn', uid: 1000, rss: 320_000, cpu: 6 });
      return h;
    },
    minute(h, i) {
      for (const t of h.named('gunicorn')) t.rss = 320_000 + grown(i, 4, 30_000);
      h.available = Math.max(0.1 * h.ram, 0.64 * h.ram - 9 * grown(i, 4, 30_000));
    },
    roots: [{ problem: ['mem.leak', 'mem.time_to_exhaust', 'mem.low'], subject: ['gunicorn', 'shop'] }],
  },
  {
    name: 'A .NET service takes more and more, until the machine swaps without end',
    kind: 'fault',
    reports: 14,
    onset: 3,
    host() {
      const h = server(rhel9, 'api-dotnet', { cores: 4, ram: 8 });
      h.serve('billing-api', {
        name: 'dotnet',
        uid: 987,
        rss: 2.1 * GB,
        cpu: 40,
        threads: 60,
      });
      return h;
    },
    minute(h, i) {
      const more = Math.min(5.2 * GB, grown(i, 3, 0.9 * GB));
      Object.assign(h.named('dotnet')[0]!, { rss: 2.1 * GB + more, swap: i > 8 ? 1.4 * GB : 0 });
      h.available = Math.max(0.04 * h.ram, 0.64 * h.ram - more);
      h.cached = Math.max(0.2 * GB, h.cached - 0.4 * GB);
      if (i > 8) {
        h.swapUsed = 1.5 * GB;
        swapping(h, 2400, 'sda');
      }
    },
    roots: [
      {
        problem: [
          'mem.low',
          'mem.leak',
          'mem.critical',
          'mem.time_to_exhaust',
          'mem.swap_thrash',
          'mem.pressure',
        ],
        subject: ['dotnet', 'billing-api', 'api-dotnet'],
      },
    ],
    chain: ['mem.low>mem.swap_thrash'],
  },
  {
    name: 'The kernel may not promise more memory, and Redis cannot fork to save',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(focal, 'queue-redis', { cores: 4, ram: 16 });
      h.run({ name: 'redis-server', rss: 7 * GB, cpu: 12, threads: 5, uid: 112 });
      h.service('redis-server');
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      h.committed = 8 * GB;
      redis(h, {
        used_memory: 7_100_000_000,
        used_memory_rss: 7_500_000_000,
        maxmemory: 9_000_000_000,
        total_system_memory: 17_179_869_184,
      });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.committed = 9.98 * GB;
      redis(h, {
        used_memory: 7_100_000_000,
        used_memory_rss: 7_500_000_000,
        maxmemory: 9_000_000_000,
        rdb_last_bgsave_status: 'err',
        rdb_changes_since_last_save: 811_200,
      });
    },
    edit: (text) =>
      withSection(
        text,
        'grep -r . /proc/sys/vm',
        '/proc/sys/vm/overcommit_memory:2\n/proc/sys/vm/swappiness:60',
      ),
    roots: [{ problem: ['mem.overcommit', 'db.redis_bgsave'], subject: ['queue-redis', 'redis'] }],
  },
  {
    name: 'Eighty thousand slow readers of a hub hold the memory for TCP',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(jammy, 'ws-hub-3', { cores: 4, ram: 4 });
      h.run({ name: 'centrifugo', rss: 900_000, cpu: 70, threads: 14, fds: 90_000 });
      h.service('centrifugo');
      h.tcp.established = 31_000;
      return h;
    },
    minute(h, i) {
      if (from(i, 2)) h.tcp.established = 88_000;
    },
    roots: [{ problem: 'net.tcp_mem', subject: ['ws-hub-3', 'centrifugo'] }],
  },
  {
    name: 'Clients vanish by the ten thousand and leave orphans of connections',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(alma8, 'push-gw', { cores: 4, ram: 16 });
      h.run({ name: 'haproxy', rss: 300_000, cpu: 30, threads: 4 });
      h.service('haproxy');
      return h;
    },
    minute(h, i) {
      h.tcp.orphans = from(i, 2) ? 41_000 : 90;
    },
    roots: [{ problem: 'net.orphans', subject: ['push-gw', 'haproxy'] }],
  },
  {
    name: 'Programs hold nearly all open files that the kernel allows',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(sles15, 'sap-app1', { cores: 8, ram: 32 });
      h.run({ name: 'disp+work', rss: 2 * GB, cpu: 33, threads: 40, uid: 1002, fds: 400_000 });
      return h;
    },
    edit: (text, i) =>
      withSection(text, 'cat /proc/sys/fs/file-nr', `${i >= 2 ? 741_000 : 120_000}\t0\t790000`),
    roots: [{ problem: 'proc.fd_system', subject: ['sap-app1', 'disp+work'] }],
  },
  {
    name: 'The kernel oopses in a driver, and the machine runs on',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host: () => server(fedoraCore, 'core-node-5', { cores: 8, ram: 32, nic: 'enp1s0' }),
    minute(h, i) {
      if (i !== 2) return;
      h.kernel(1, 'BUG: unable to handle page fault for address: ffffa0c3c0a3d000', 25);
      h.kernel(1, '#PF: supervisor write access in kernel mode', 25);
      h.kernel(4, 'Oops: Oops: 0002 [#1] PREEMPT SMP NOPTI', 25);
      h.kernel(4, 'CPU: 3 UID: 0 PID: 88121 Comm: kworker/3:2 Not tainted 6.17.6-300.fc44.x86_64 #1', 25);
      h.kernel(4, 'RIP: 0010:ice_clean_rx_irq+0x2a1/0x9f0 [ice]', 25);
    },
    roots: [{ problem: 'sys.crash', subject: 'core-node-5' }],
  },
  {
    name: 'Gentoo without systemd: the telephone exchange is gone',
    kind: 'fault',
    reports: 7,
    onset: 3,
    host() {
      const h = server(gentoo, 'pbx.example.net', { cores: 2, ram: 4, nic: 'eth0' });
      h.run({ name: 'asterisk', rss: 160_000, cpu: 3, threads: 80, uid: 110 });
      h.listening.push(
        { port: 5060, program: 'asterisk' },
        { port: 5038, address: '127.0.0.1', program: 'asterisk' },
      );
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.kernel(
          6,
          'asterisk[2811]: segfault at 10 ip 00007f31c0a1 sp 00007ffd11 error 4 in libpj.so.2[7f31c0800000+51000]',
          30,
        );
        h.stop('asterisk');
      }
    },
    roots: [{ problem: 'proc.vanished', subject: 'asterisk' }],
  },
  {
    name: 'An agent without root on a container: a transcoder of a user takes all cores',
    kind: 'fault',
    reports: 12,
    onset: 4,
    host() {
      const h = server(trixie, 'shell-users', { cores: 4, ram: 8 });
      h.euid = 1000;
      return h;
    },
    minute(h, i) {
      if (i === 4)
        h.run({
          name: 'HandBrakeCLI',
          uid: 1004,
          cpu: 388,
          threads: 12,
          rss: 700_000,
          age: -1,
          cgroup: '/user.slice/user-1004.slice/session-81.scope',
        });
      if (from(i, 4)) {
        h.psi.cpu = 70;
        h.load = [8.2, 5.1, 2.9];
      }
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: 'HandBrakeCLI' }],
  },
  {
    name: 'Ruby threads fight for one lock: context switches by the hundred thousand',
    kind: 'control',
    reports: 26,
    step: 300,
    onset: 12,
    host() {
      const h = server(trixie, 'puma-1', { cores: 2, ram: 8 });
      h.run({ name: 'puma', rss: 900_000, cpu: 40, threads: 64, uid: 1000 });
      h.service('puma');
      return h;
    },
    minute(h, i) {
      h.switches = from(i, 12) ? 210_000 : 4_000;
      if (from(i, 12)) Object.assign(h.named('puma')[0]!, { cpu: 96, kernel: 0.6 });
    },
    atFirst: 'the case was wrong',
    roots: [],
    notes: [{ problem: 'cpu.ctx_switch_storm', subject: 'puma-1' }],
  },
  {
    name: 'A fork storm of a health check, while a RAID check keeps the disks busy',
    kind: 'confounded',
    reports: 12,
    onset: 4,
    host() {
      const h = server(alma8, 'mixed-role', { cores: 4, ram: 16 });
      for (const d of ['sdb', 'sdc']) h.disk(d, { rotates: true, size: 7_814_037_168 });
      h.disk('md127', { size: 7_813_771_264 });
      h.mounts.set('/data', { device: '/dev/md127', type: 'xfs', size: 3_900_000_000, used: 1_000_000_000 });
      h.sys.set('/sys/block/md127/md/degraded', 0);
      h.sys.set('/sys/block/md127/md/sync_action', 'check');
      h.sys.set('/sys/block/md127/md/mismatch_cnt', 0);
      h.sys.set('/sys/block/md127/md/dev-sdb1/state', 'in_sync');
      h.sys.set('/sys/block/md127/md/dev-sdc1/state', 'in_sync');
      return h;
    },
    minute(h, i) {
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1] \nmd127 : active raid1 sdc1[1] sdb1[0]\n      3906885632 blocks super 1.2 [2/2] [UU]\n      [=>...................]  check =  ${5 + i}.2% (203122432/3906885632) finish=390.1min speed=158201K/sec\n      bitmap: 0/30 pages [0KB], 65536KB chunk\n\nunused devices: <none>`,
      );
      for (const d of ['sdb', 'sdc'])
        h.disk(d, { reads: 1250, readBytes: 160_000_000, await: 9, busy: 96, writes: 4 });
      if (!from(i, 4)) return;
      h.forks = 640;
      if (i === 4)
        h.run({
          name: 'healthcheck.sh',
          cpu: 92,
          kernel: 0.7,
          age: -1,
          rss: 3_000,
          cgroup: '/system.slice/health.service',
        });
      h.load = [3.9, 3, 2];
    },
    roots: [
      { problem: ['proc.fork_storm', 'proc.runaway'], subject: ['healthcheck.sh', 'health', 'mixed-role'] },
    ],
  },
];
