// Machines that are well and look odd.
import { server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, debian12, jammy, lxc, noble, rhel9 } from '../systems.ts';
import { docker, nvme, postgres, sata, visits } from '../tools.ts';
import { alma8, amazon2023, fedoraCore, gentoo, sles15, station, trixie } from './systems.ts';
import { oldAgent } from './twisted.ts';

export const strangerControls: Case[] = [
  {
    name: 'Fedora CoreOS, whose root is an image that is always full and may not be written',
    kind: 'control',
    reports: 6,
    host() {
      const h = server(fedoraCore, 'coreos-a', {
        cores: 4,
        ram: 8,
        disk: 'vda',
        nic: 'enp1s0',
        root: 'composefs',
        rootType: 'overlay',
      });
      h.mounts.set('/', {
        device: 'composefs',
        type: 'overlay',
        options: 'ro,seclabel,relatime',
        size: 9_300,
        used: 9_300,
      });
      h.mounts.set('/sysroot', {
        device: '/dev/vda4',
        type: 'xfs',
        options: 'ro,seclabel,relatime',
        size: 103_000_000,
        used: 21_000_000,
      });
      h.mounts.set('/etc', {
        device: '/dev/vda4',
        type: 'xfs',
        options: 'rw,seclabel,relatime',
        size: 103_000_000,
        used: 21_000_000,
      });
      h.mounts.set('/var', {
        device: '/dev/vda4',
        type: 'xfs',
        options: 'rw,seclabel,relatime',
        size: 103_000_000,
        used: 21_000_000,
      });
      h.mounts.set('/boot', {
        device: '/dev/vda3',
        options: 'ro,nosuid,nodev,relatime',
        size: 360_000,
        used: 220_000,
      });
      return h;
    },
    edit: (text) => withSection(text, 'cat /etc/fstab', ''),
    atFirst: 'the case was wrong',
    roots: [],
  },
  {
    name: 'A disk station whose system arrays have room for drives that it never had',
    kind: 'control',
    reports: 6,
    host() {
      const h = server(station, 'nas-two-bays', {
        cores: 2,
        ram: 2,
        disk: 'sata1',
        root: '/dev/md0',
        nic: 'eth0',
      });
      for (const d of ['sata1', 'sata2']) h.disk(d, { rotates: true, size: 7_814_037_168 });
      h.mounts.set('/', { device: '/dev/md0', size: 2_385_528, used: 1_500_000 });
      h.mounts.set('/volume1', { device: '/dev/md2', size: 3_740_000_000, used: 1_900_000_000 });
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] \nmd2 : active raid1 sata1p3[0] sata2p3[1]\n      3902187456 blocks super 1.2 [2/2] [UU]\n      \nmd1 : active raid1 sata1p2[0] sata2p2[1]\n      2097088 blocks [12/2] [UU__________]\n      \nmd0 : active raid1 sata1p1[0] sata2p1[1]\n      2490176 blocks [12/2] [UU__________]\n      \nunused devices: <none>',
      );
      for (const [md, degraded] of [
        ['md0', 10],
        ['md1', 10],
        ['md2', 0],
      ] as const) {
        h.sys.set(`/sys/block/${md}/md/degraded`, degraded);
        h.sys.set(`/sys/block/${md}/md/sync_action`, 'idle');
      }
      return h;
    },
    edit: (text) => withSection(text, 'cat /etc/os-release'),
    atFirst: 'false alarm',
    roots: [],
  },
  {
    name: 'A build agent starts containers that end after a minute, as they should',
    kind: 'control',
    reports: 10,
    host() {
      const h = server(noble, 'gitlab-runner-3', { cores: 8, ram: 32 });
      h.run({ name: 'dockerd', rss: 120_000, threads: 30 });
      h.service('docker');
      h.service('gitlab-runner');
      return h;
    },
    minute(h, i) {
      docker(h, [
        { name: 'registry-mirror', status: 'Up 5 weeks' },
        { name: `runner-8f-project-${i}-build`, status: 'Up 20 seconds', started: 20 },
        {
          name: `runner-8f-project-${i - 1}-build`,
          status: `Exited (${i % 3 === 0 ? 1 : 0}) 40 seconds ago`,
          exit: i % 3 === 0 ? 1 : 0,
          started: 80,
        },
      ]);
      h.forks = 20 + (i % 3) * 25;
      h.stop('cc1plus');
      if (i % 2)
        h.run({ name: 'cc1plus', cpu: 320, age: -1, rss: 900_000, cgroup: '/system.slice/docker-77.scope' });
    },
    atFirst: 'false alarm',
    roots: [],
  },
  {
    name: 'Cron sends a report every five minutes, and nothing happens',
    kind: 'control',
    reports: 14,
    step: 300,
    host() {
      const h = server(gentoo, 'workshop', { cores: 4, ram: 8, nic: 'enp3s0' });
      h.run({ name: 'mpd', rss: 60_000, cpu: 2, uid: 45 });
      return h;
    },
    roots: [],
  },
  {
    name: 'The smallest machine of a cloud, without swap, always near a fifth of its memory',
    kind: 'control',
    reports: 12,
    host() {
      const h = server(amazon2023, 'ip-10-20-0-5.ec2.internal', {
        cores: 1,
        ram: 1,
        disk: 'xvda',
        nic: 'eth0',
      });
      h.swap = 0;
      h.available = 0.21 * h.ram;
      h.cached = 0.18 * h.ram;
      h.run({ name: 'node', rss: 240_000, cpu: 5, uid: 1000, threads: 11 });
      h.service('bot');
      return h;
    },
    roots: [],
  },
  {
    name: 'A machine that sleeps for nine hours at night',
    kind: 'control',
    reports: 16,
    host() {
      const h = server(trixie, 'studio-box', { cores: 8, ram: 32, nic: 'enp5s0' });
      h.run({ name: 'jackd', rss: 80_000, cpu: 6, uid: 1000 });
      return h;
    },
    minute(h, i) {
      if (i === 8) {
        h.now += 32_400;
        h.uptime += 32_400;
      }
    },
    roots: [],
  },
  {
    name: 'The agent is upgraded between two reports',
    kind: 'control',
    reports: 10,
    host() {
      const h = server(sles15, 'print-srv', { cores: 2, ram: 8 });
      h.run({ name: 'cupsd', rss: 14_000 });
      h.service('cups');
      return h;
    },
    edit: (text, i) =>
      i < 5
        ? oldAgent(text)
        : text.replace('agent=0.1.0 sha256=3f9a1c0de5b2', 'agent=0.1.1 sha256=0d9a1c0de5aa'),
    atFirst: 'the case was wrong',
    roots: [],
  },
  {
    name: 'Drives that sleep are not woken, and say so',
    kind: 'control',
    reports: 6,
    host() {
      const h = server(debian12, 'cold-store', { cores: 2, ram: 8 });
      for (const d of ['sdb', 'sdc']) {
        h.disk(d, { rotates: true, size: 15_628_053_168, reads: 0, writes: 0 });
        h.mounts.set(`/cold/${d}`, {
          device: `/dev/${d}1`,
          type: 'xfs',
          size: 7_800_000_000,
          used: 7_100_000_000,
        });
      }
      return h;
    },
    edit: (text) =>
      ['sdb', 'sdc'].reduce(
        (t, d) =>
          withSection(
            t,
            `smartctl --json -n standby -a /dev/${d}`,
            `{\n  "json_format_version": [1, 0],\n  "smartctl": {\n    "version": [7, 3],\n    "messages": [{"string": "Device is in STANDBY mode, exit(2)", "severity": "information"}],\n    "exit_status": 2\n  },\n  "device": {"name": "/dev/${d}", "type": "sat", "protocol": "ATA"}\n}\n=!= exit 2`,
          ),
        text,
      ),
    roots: [],
  },
  {
    name: 'Old Seagate drives with large raw numbers that mean nothing',
    kind: 'control',
    reports: 5,
    step: 3600,
    host() {
      const h = server(debian12, 'seagate-shelf', { cores: 4, ram: 16 });
      for (const d of ['sdb', 'sdc', 'sdd'])
        h.disk(d, { rotates: true, size: 7_814_037_168, model: 'ST4000VN008-2DR166' });
      return h;
    },
    minute(h, i) {
      for (const [n, d] of ['sdb', 'sdc', 'sdd'].entries())
        sata(
          h,
          d,
          { model: 'ST4000VN008-2DR166', hours: 51_220 + i, temperature: 38 + n },
          { 1: 83_210_440 + i * 91_022, 188: 4_295_032_833, 194: 146_028_888_102 + n, 199: 3 },
        );
    },
    atFirst: 'the case was wrong',
    roots: [],
  },
  {
    name: 'An agent within a container sees only what a container shows',
    kind: 'control',
    reports: 8,
    host() {
      const h = server(lxc, '7f0c1d2e9a44', { cores: 8, ram: 64 });
      h.mounts.clear();
      h.mounts.set('/', { device: 'overlay', type: 'overlay', size: 480_000_000, used: 260_000_000 });
      h.mounts.set('/etc/hosts', { device: '/dev/nvme0n1p2', size: 480_000_000, used: 260_000_000 });
      h.groups.set('/memory.max', 1_073_741_824);
      h.groups.set('/memory.current', 1_061_158_912);
      h.groups.set('/memory.stat', 'anon 291504128');
      h.units.clear();
      return h;
    },
    edit: (text) =>
      text
        .split(/^(?==== )/m)
        .filter(
          (s) =>
            !/^=== (systemctl|ip |ss -tlnup|cat \/etc\/fstab|sshd|nft|timedatectl|systemd-detect)/.test(s),
        )
        .join(''),
    roots: [],
  },
  {
    name: 'Visitors of a newspaper go to bed, little by little',
    kind: 'control',
    reports: 30,
    step: 600,
    host() {
      const h = server(amazon2023, 'paper-web', { cores: 4, ram: 8, disk: 'nvme0n1', nic: 'ens5' });
      for (let n = 0; n < 3; n++) h.run({ name: 'nginx', rss: 24_000, cpu: 9, uid: 993 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx' });
      return h;
    },
    minute(h, i) {
      const share = Math.max(0.1, 1 - i / 30);
      visits(h, 40_000 * share);
      for (const t of h.named('nginx')) t.cpu = 9 * share;
      h.nic('ens5', { speed: 0, rx: 900_000 * share, tx: 12_000_000 * share });
    },
    roots: [],
  },
  {
    name: 'Reports come twice and late, in the wrong order',
    kind: 'control',
    reports: 10,
    order: [0, 0, 2, 1, 3, 5, 4, 4, 7, 6, 8, 9, 9],
    host() {
      const h = server(alma8, 'buffered-vpn', { cores: 2, ram: 4 });
      h.run({ name: 'openvpn', rss: 12_000, cpu: 6 });
      h.service('openvpn-server@main');
      return h;
    },
    roots: [],
  },
  {
    name: 'A warm NVMe drive that notes errors of commands it does not know',
    kind: 'control',
    reports: 6,
    step: 3600,
    host: () =>
      server(trixie, 'ai-box', {
        cores: 24,
        ram: 128,
        disk: 'nvme0n1',
        root: '/dev/nvme0n1p2',
        nic: 'enp6s0',
      }),
    minute(h, i) {
      nvme(h, 'nvme0n1', 'WD_BLACK SN850X 2000GB', {
        num_err_log_entries: 900 + 12 * i,
        temperature: 57,
        unsafe_shutdowns: 71,
      });
    },
    roots: [],
  },
  {
    name: 'A job took all cores, and ended half an hour ago',
    kind: 'control',
    reports: 50,
    onset: 46,
    host() {
      const h = server(rhel9, 'report-gen', { cores: 4, ram: 16 });
      h.service('jasper');
      return h;
    },
    minute(h, i) {
      if (i === 3) h.run({ name: 'java', cpu: 390, age: -1, rss: 2 * GB, threads: 30, uid: 990 });
      if (i === 15) h.stop('java');
      h.load = i >= 3 && i < 15 ? [7, 5, 3] : [0.4, 0.5, 0.6];
      h.psi.cpu = i >= 3 && i < 15 ? 60 : 2;
    },
    roots: [],
  },
  {
    name: 'PostgreSQL with logical replicas that are near, and a nightly analysis',
    kind: 'control',
    reports: 10,
    host() {
      const h = server(jammy, 'pg-main-2', { cores: 16, ram: 64 });
      for (let n = 0; n < 20; n++)
        h.serve('postgresql@16-main', {
          name: 'postgres',
          rss: 900_000,
          cpu: 18,
          uid: 115,
        });
      h.shmem = 9 * GB;
      postgres(h, {
        max: 300,
        states: ['active|14|00:18:44.201', 'idle|81|', 'idle in transaction|2|00:00:00.204'],
        slots: ['cdc_a|t|311008128', 'cdc_b|t|88219001'],
      });
      return h;
    },
    roots: [],
  },
  {
    name: 'Alpine on a router: little memory, many addresses, a cable that was never in',
    kind: 'control',
    reports: 8,
    host() {
      const h = server(alpine, 'gw-attic', { cores: 2, ram: 1, nic: 'eth0' });
      h.nic('eth1', { state: 'down', rx: 0, tx: 0 });
      h.nic('wlan0', { state: 'up', speed: 0, rx: 30_000, tx: 90_000 });
      h.run({ name: 'hostapd', rss: 4_000 });
      h.run({ name: 'dnsmasq', rss: 2_600, cpu: 0.6 });
      h.conntrack = [3900, 16_384];
      h.swap = 0;
      return h;
    },
    roots: [],
  },
];
