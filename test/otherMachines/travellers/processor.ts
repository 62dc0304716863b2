// Memory, processors and the kernel that hands them out.
import { from, grown, server, swapping, type Case } from '../case.ts';
import { GB, type Host } from '../host.ts';
import { arch, centos7, debian12, jammy, noble, proxmox, raspberry, rhel9 } from '../systems.ts';
import { oomKill, visits } from '../tools.ts';

/** Moves all soft interrupts of the totals to the first processor. */
function onFirstCore(text: string, cores: number): string {
  return text.replace(/^cpu {2}(.*)\n(?:cpu\d+ .*\n)+/gm, (whole, totals: string) => {
    const all = totals.split(' ').map(Number);
    const rows = Array.from({ length: cores }, (_, core) => {
      const row = all.map((v, kind) => Math.round(kind === 6 ? (core === 0 ? v : 0) : v / cores));
      if (core === 0) row[3] = Math.round(all[3]! / cores - all[6]! * (1 - 1 / cores)) + 4_000_000;
      else row[3] = Math.round(all[3]! / cores + all[6]! / cores);
      return `cpu${core} ${row.join(' ')}`;
    });
    return `${whole.split('\n')[0]}\n${rows.join('\n')}\n`;
  });
}

const throttled = (h: Host, i: number, onset: number, each: number) => {
  for (let c = 0; c < h.cores; c++)
    h.sys.set(
      `/sys/devices/system/cpu/cpu${c}/thermal_throttle/core_throttle_count`,
      4 + grown(i, onset, each),
    );
};

export const processorTravellers: readonly Case[] = [
  {
    name: 'RHEL 9, the log daemon leaks through a broken journal for three weeks',
    kind: 'fault',
    reports: 15,
    step: 5400,
    onset: 0,
    host() {
      const h = server(rhel9, 'jump-fra', { cores: 2, ram: 4, disk: 'sda' });
      h.swap = 0;
      h.available = 2.6 * GB;
      h.cached = 1.6 * GB;
      return h;
    },
    minute(h, i) {
      h.named('rsyslogd')[0]!.rss = 400_000 + i * 150_000;
      h.available = 2.6 * GB - i * 150_000;
      h.cached = Math.max(0.2 * GB, 1.6 * GB - i * 110_000);
    },
    roots: [{ problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust'], subject: ['rsyslog'] }],
  },
  {
    name: 'the kernel of a router leaks into its slabs and the routes daemon is killed',
    kind: 'fault',
    reports: 10,
    onset: 0,
    step: 300,
    host() {
      const h = server(debian12, 'bgp-ams1', { cores: 4, ram: 8, disk: 'sda', nic: 'enp1s0f0' });
      h.swap = 0;
      h.serve('bird', { name: 'bird', cpu: 6, rss: 1_300_000, uid: 110 });
      h.listening.push({ port: 179, program: 'bird' });
      h.cached = 0.3 * GB;
      return h;
    },
    minute(h, i) {
      h.slabUnreclaimed = 4.9 * GB + i * 30_000;
      h.slab = h.slabUnreclaimed + 120_000;
      h.available = Math.max(0.14 * GB, 0.9 * GB - i * 90_000);
      if (i !== 8) return;
      oomKill(h, 'bird', h.named('bird')[0]!.pid, 1_280_000);
      h.stop('bird');
      h.service('bird', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'oom-kill',
        ExecMainCode: '2',
        ExecMainStatus: '9',
        since: '30',
      });
      h.available = 1.2 * GB;
    },
    roots: [{ problem: 'mem.slab_leak', subject: ['bgp-ams1'] }],
    chain: ['mem.slab_leak>mem.low', 'mem.low>mem.oom_kill', 'mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'R of one scientist takes what there is, and the kernel kills it',
    kind: 'fault',
    reports: 9,
    onset: 3,
    installed: true,
    host() {
      const h = server(noble, 'stat-box', { cores: 12, ram: 48, disk: 'nvme0n1' });
      h.swap = 0;
      h.serve('rstudio-server', { name: 'rserver', cpu: 1, rss: 30_000, uid: 999 });
      h.run({
        name: 'rsession',
        cpu: 100,
        rss: 5_000_000,
        uid: 1007,
        cgroup: '/system.slice/rstudio-server.service',
        age: 20_000,
      });
      return h;
    },
    minute(h, i) {
      const r = h.named('rsession')[0];
      if (r) r.rss = 5_000_000 + grown(i, 3, 7_400_000);
      h.available = Math.max(0.4 * GB, 31 * GB - grown(i, 3, 7_400_000));
      h.cached = Math.max(0.5 * GB, 20 * GB - grown(i, 3, 6_000_000));
      if (i < 7) return;
      if (i === 7) oomKill(h, 'rsession', r!.pid, 37_000_000);
      h.stop('rsession');
      h.available = 42 * GB;
    },
    roots: [
      {
        problem: ['mem.oom_kill', 'mem.low', 'mem.critical', 'mem.leak'],
        subject: ['rsession', 'rstudio-server'],
      },
    ],
  },
  {
    name: 'the journal of a diskless thin client lives in memory and takes /run to its end',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(debian12, 'kiosk-11', { cores: 4, ram: 2, disk: 'mmcblk0' });
      h.shmem = 120_000;
      return h;
    },
    minute(h, i) {
      h.shmem = 120_000 + grown(i, 2, 24_000);
      h.named('systemd-journal')[0]!.cpu = i < 2 ? 0.4 : 14;
    },
    edit(text, i, h) {
      const all = Math.round(h.ram / 10);
      const used = i < 2 ? 1840 : Math.min(all - 900, Math.round(all * 0.9) + (i - 2) * 6_000);
      return text.replace(
        /^(tmpfs +tmpfs +)\d+ \d+ \d+ \d+% \/run$/m,
        `$1${all} ${used} ${all - used} ${Math.ceil((100 * used) / all)}% /run`,
      );
    },
    roots: [{ problem: ['mem.tmpfs_full', 'disk.full'], subject: ['/run'] }],
  },
  {
    name: 'a flood of small datagrams keeps one processor of a name server in soft interrupts',
    kind: 'fault',
    reports: 10,
    onset: 3,
    host() {
      const h = server(debian12, 'ns1.anycast', { cores: 8, ram: 16, disk: 'sda', nic: 'eno1' });
      h.serve('nsd', { name: 'nsd', cpu: 8, rss: 400_000, uid: 111 });
      h.listening.push({ port: 53, program: 'nsd' });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.softirq = 12.1;
      h.softnetDrops = 4200;
      h.nic('eno1', { rx: 24_000_000, tx: 9_000_000 });
      h.named('nsd')[0]!.cpu = 60;
    },
    edit: (text, _, h) => onFirstCore(text, h.cores),
    roots: [
      {
        problem: ['cpu.softirq_high', 'net.softnet', 'svc.traffic_surge'],
        subject: ['cpu0', 'CPU 0', '0', 'ns1.anycast', 'eno1'],
      },
    ],
    chain: ['cpu.softirq_high>net.softnet'],
  },
  {
    name: 'the fan of a rack server stands still, it becomes hot and slow',
    kind: 'fault',
    reports: 5,
    onset: 2,
    step: 600,
    host() {
      const h = server(rhel9, 'hpc-n14', { cores: 8, ram: 64, disk: 'sda' });
      h.serve('slurmd', { name: 'slurmd', rss: 20_000 });
      h.run({
        name: 'vasp_std',
        cpu: 700,
        rss: 20_000_000,
        threads: 8,
        uid: 1200,
        cgroup: '/system.slice/slurmstepd.scope/job_8112',
      });
      h.psi.cpu = 3;
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.more.set(
        'ipmitool sdr elist',
        [
          `CPU1 Temp        | 01h | ${bad ? 'cr' : 'ok'}  |  3.1 | ${bad ? 96 : 61} degrees C`,
          'System Temp      | 0Bh | ok  |  7.1 | 34 degrees C',
          'FAN1             | 41h | ok  | 29.1 | 8400 RPM',
          `FAN3             | 43h | ${bad ? 'nr' : 'ok'}  | 29.3 | ${bad ? 0 : 8300} RPM`,
          'PS1 Status       | C8h | ok  | 10.1 | Presence detected',
          'PS2 Status       | C9h | ok  | 10.2 | Presence detected',
        ].join('\n'),
      );
      h.sys.set('/sys/class/hwmon/hwmon2/name', 'coretemp');
      h.sys.set('/sys/class/hwmon/hwmon2/temp1_label', 'Package id 0');
      h.sys.set('/sys/class/hwmon/hwmon2/temp1_input', bad ? 96_000 : 61_000);
      h.sys.set('/sys/class/hwmon/hwmon2/temp1_max', 84_000);
      h.sys.set('/sys/class/hwmon/hwmon2/temp1_crit', 94_000);
      throttled(h, i, 2, 910);
      if (i === 2)
        h.kernel(
          2,
          'mce: CPU3: Package temperature above threshold, cpu clock throttled (total events = 812)',
          60,
        );
    },
    roots: [{ problem: 'hw.fan', subject: ['FAN3'] }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle'],
  },
  {
    name: 'an interrupt of the firmware fires without end and a worker of the kernel keeps a core busy',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 45,
    onset: 6,
    installed: true,
    host() {
      const h = server(arch, 'nuc-attic', { cores: 4, ram: 16, disk: 'nvme0n1' });
      h.run({ name: 'kworker/0:1-kacpid', cpu: 0, kernel: 1, rss: 0, ppid: 2, cgroup: '/', exe: '' });
      h.serve('jellyfin', { name: 'jellyfin', cpu: 4, rss: 500_000, threads: 40 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 6)) return;
      const k = h.tasks.find((t) => t.name.startsWith('kworker'))!;
      k.cpu = 99;
      k.state = 'R';
      h.load = [1.6, 1.3, 0.8];
    },
    roots: [
      {
        problem: ['proc.runaway', 'cpu.one_core_pinned', 'cpu.system_high'],
        subject: ['kworker', 'nuc-attic', 'cpu'],
      },
    ],
  },
  {
    name: 'an agent without root, no PSI: a nightly R job of somebody keeps both cores since hours',
    kind: 'fault',
    reports: 12,
    onset: 2,
    installed: true,
    host() {
      const h = server(raspberry, 'wetter', { cores: 4, ram: 4, disk: 'mmcblk0' });
      h.euid = 997;
      h.serve('weewxd', { name: 'weewxd', cpu: 2, rss: 60_000 });
      return h;
    },
    minute(h, i) {
      if (i === 2)
        for (let n = 0; n < 4; n++)
          h.run({
            name: 'Rscript',
            cpu: 99,
            state: 'R',
            rss: 120_000,
            uid: 1001,
            age: 0,
            cgroup: '/user.slice/user-1001.slice/session-3.scope',
          });
      if (from(i, 2)) h.load = [4.6, 3.8, 2];
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: ['Rscript'] }],
    chain: ['proc.runaway>cpu.saturated'],
  },
  {
    name: 'a guest of an overbooked host waits for its processors while its own job is as always',
    kind: 'confounded',
    reports: 24,
    onset: 2,
    installed: true,
    host() {
      const h = server(jammy, 'vps-9931', { cores: 2, ram: 4, disk: 'vda' });
      h.serve('nginx', { name: 'nginx', cpu: 8, uid: 33 });
      h.run({
        name: 'updatedb.mlocate',
        cpu: 3,
        niced: true,
        rss: 20_000,
        cgroup: '/system.slice/updatedb.service',
      });
      return h;
    },
    minute(h, i) {
      visits(h, 400);
      if (!from(i, 2)) return;
      h.steal = 38;
      h.psi.cpu = 34;
      h.load = [2.9, 2.4, 1.6];
    },
    roots: [{ problem: 'cpu.steal', subject: ['vps-9931'] }],
  },
  {
    name: 'the hypervisor was told to give each guest a huge page pool, and nobody uses it',
    kind: 'fault',
    reports: 8,
    onset: 0,
    host() {
      const h = server(proxmox, 'pve-lab', { cores: 16, ram: 64, disk: 'nvme0n1' });
      h.run({ name: 'kvm', cpu: 60, rss: 15_000_000, threads: 8, cgroup: '/qemu.slice/112.scope' });
      h.available = 3.1 * GB;
      h.cached = 1.5 * GB;
      return h;
    },
    edit: (text) =>
      text
        .replace('HugePages_Total:       0', 'HugePages_Total:   20480')
        .replace('HugePages_Free:        0', 'HugePages_Free:    20480'),
    roots: [{ problem: 'mem.hugepages_waste', subject: ['pve-lab', 'huge'] }],
    chain: ['mem.hugepages_waste>mem.low'],
  },
  {
    name: 'sixty PHP children where twenty fit, and a sale begins',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(centos7, 'oxid-prod', { cores: 4, ram: 8, disk: 'sda' });
      h.swap = 2 * GB;
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 997 });
      h.listening.push({ port: 443, program: 'nginx' });
      h.service('php-fpm');
      for (let n = 0; n < 12; n++)
        h.run({ name: 'php-fpm', cpu: 5, rss: 170_000, uid: 48, cgroup: '/system.slice/php-fpm.service' });
      h.more.set(
        'grep -r . /etc',
        '/etc/php-fpm.d/www.conf:[www]\n/etc/php-fpm.d/www.conf:pm = dynamic\n/etc/php-fpm.d/www.conf:pm.max_children = 60',
      );
      h.available = 4.4 * GB;
      h.cached = 2.6 * GB;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      const want = Math.min(52, 12 + grown(i, 3, 13));
      while (h.named('php-fpm').length < want)
        h.run({
          name: 'php-fpm',
          cpu: 7,
          rss: 170_000,
          uid: 48,
          age: 0,
          cgroup: '/system.slice/php-fpm.service',
        });
      h.available = Math.max(0.22 * GB, 4.4 * GB - (want - 12) * 165_000);
      h.cached = Math.max(0.2 * GB, 2.6 * GB - (want - 12) * 100_000);
      if (want < 45) return;
      h.swapUsed = Math.min(1.9 * GB, (i - 4) * 0.4 * GB);
      swapping(h, 1500, 'sda');
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: ['php-fpm', 'www', 'oxid-prod'] }],
    chain: ['web.phpfpm_overcommit>mem.low', 'mem.low>mem.swap_thrash', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'one report alone: a small machine in the midst of swapping, without words of the kernel',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(jammy, 'gitea-xs', { cores: 1, ram: 1, disk: 'vda' });
      h.swap = 1 * GB;
      h.swapDevice = 'vda1';
      h.swapUsed = 0.95 * GB;
      h.serve('gitea', { name: 'gitea', cpu: 12, rss: 190_000, swap: 120_000, threads: 12, uid: 998 });
      h.run({
        name: 'clamd',
        cpu: 20,
        rss: 480_000,
        swap: 700_000,
        threads: 3,
        uid: 112,
        cgroup: '/system.slice/clamav-daemon.service',
      });
      h.service('clamav-daemon');
      h.available = 0.05 * GB;
      h.cached = 0.06 * GB;
      swapping(h, 1400, 'vda');
      return h;
    },
    roots: [
      {
        problem: ['mem.swap_thrash', 'mem.low', 'mem.critical', 'mem.pressure'],
        subject: ['clamd', 'clamav', 'gitea-xs'],
      },
    ],
  },
];
