// Two troubles at once, which have nothing to do with each other.
import { installed, type Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from './lands.ts';
import { trueNas } from './drives.ts';
import { failed } from './offices.ts';
import { mdstat, nvme, pool, supermicro } from './tools.ts';

export const pairs: Tree[] = [
  {
    name: 'two at once: a container spins, and a mirror has lost one half',
    kind: 'double',
    atFirst: 'the case was wrong',
    onset: 2,
    runs: 10,
    box: () => {
      const b = at('ubuntu2404', 'dock-7', { cores: 4, memory: 31_900, disk: 'nvme0n1', crowd: 160 });
      pods(b, 12);
      b.disks.push({ name: 'nvme1n1', gb: 960 });
      b.mounts.push({ dev: '/dev/md127', at: '/data', type: 'ext4', mb: 890_000, used: 300_000 });
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 120, threads: 40 });
      contain(
        b,
        { name: 'renderer', id: idOf('r5'), image: 'renderer:2', status: 'Up 2 weeks' },
        { name: 'chrome', exe: '/opt/chrome/chrome', uid: 999, rss: 500, cpu: 0.2, threads: 20 },
      );
      engine(b);
      return b;
    },
    each: (b, run) => {
      const broken = run >= 2;
      b.files['proc/mdstat'] = mdstat([
        [
          'md127',
          'raid1',
          `nvme1n1p1[1]${broken ? '(F)' : ''} nvme0n1p3[0]`,
          937_560_064,
          broken ? '[2/1] [U_]' : '[2/2] [UU]',
          'bitmap: 2/7 pages [8KB], 65536KB chunk',
        ],
      ]);
      b.files['sys/block/md127/md/degraded'] = `${broken ? 1 : 0}\n`;
      b.files['sys/block/md127/md/sync_action'] = 'idle\n';
      if (!broken) return;
      b.process('chrome').cpu = 3.8;
      b.running = 12;
      b.load = [11.4, 7.2, 4];
      b.psi.cpu = 58;
    },
    roots: [
      { problem: ['raid.disk_failed', 'raid.degraded'], subject: ['md127', 'nvme1n1'] },
      { problem: ['proc.runaway', 'cpu.saturated'], subject: ['chrome', 'renderer'] },
    ],
  },
  {
    name: 'two at once: the data of PostgreSQL are full, and the VPN has failed',
    kind: 'double',
    onset: 2,
    every: 300,
    runs: 6,
    box: () => {
      const b = at('alma10', 'pg-dwh', { cores: 8, memory: 64_000, disk: 'vda', fs: 'xfs', crowd: 30 });
      b.disks.push({ name: 'vdb', gb: 500 });
      b.mounts.push({
        dev: '/dev/vdb',
        at: '/var/lib/pgsql/data',
        type: 'xfs',
        options: 'rw,noatime',
        mb: 500_000,
        used: 470_000,
      });
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 9000,
        cpu: 0.4,
        write: 30e6,
      });
      b.serve('openvpn-server@corp.service', { name: 'openvpn', rss: 12, uid: 970 });
      return b;
    },
    each: (b, run) => {
      b.mount('/var/lib/pgsql/data').used = [470_000, 480_000, 491_000, 497_900, 499_100, 499_800][run]!;
      if (run === 3) b.fail('openvpn-server@corp.service', 'exit-code', 1, 1, 120);
    },
    roots: [
      { problem: ['disk.full', 'disk.fill_forecast'], subject: '/var/lib/pgsql/data' },
      { problem: 'svc.unit_failed', subject: 'openvpn-server@corp' },
    ],
  },
  {
    name: 'two at once: an NVMe drive is worn out, and timesyncd reaches nobody',
    kind: 'double',
    every: 3600,
    onset: 1,
    runs: 6,
    box: () => {
      const b = at('debian13arm', 'ampere-3', {
        cores: 80,
        memory: 256_000,
        disk: 'nvme0n1',
        net: 'enP2p1s0f0',
      });
      b.disks[0]!.smartJson = nvme('nvme0n1', { used: 106, spare: 100 });
      b.serve('systemd-timesyncd.service', {
        name: 'systemd-timesyn',
        exe: '/usr/lib/systemd/systemd-timesyncd',
        uid: 991,
        rss: 7,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.programs['timedatectl'] = [
        [
          'show',
          'Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no\nTimeUSec=Wed 2026-03-11 15:31:12 UTC\nRTCTimeUSec=Wed 2026-03-11 15:31:12 UTC\n',
        ],
      ];
    },
    roots: [
      { problem: ['smart.ssd_wear', 'smart.nvme_critical'], subject: 'nvme0' },
      { problem: 'time.unsync', subject: 'ampere-3' },
    ],
  },
  {
    name: 'two at once: TrueNAS runs on battery, and a disk of the pool is gone',
    kind: 'double',
    runs: 4,
    onset: 1,
    box: () => {
      const b = trueNas('tank-2');
      b.programs['upsc'] = [
        ['-l', 'eaton\n'],
        ['eaton', ups('OL', 100)],
      ];
      return b;
    },
    each: (b, run) => {
      const bad = run >= 1;
      b.programs['upsc'] = [
        ['-l', 'eaton\n'],
        ['eaton', ups(bad ? 'OB DISCHRG' : 'OL', 100 - run * 9)],
      ];
      b.programs['zpool'] = pool(
        'tank',
        bad ? 'DEGRADED' : 'ONLINE',
        [
          ['3f1a7c1e-6a0b-4c11-9c6e-0d8a1f2b3c4d', 'ONLINE', 0, 0, 0],
          ['8d2b4e5f-1c2d-4e3f-8a9b-1c2d3e4f5a6b', bad ? 'REMOVED' : 'ONLINE', 0, 0, 0],
          ['b7c8d9e0-f1a2-4b3c-9d4e-5f6a7b8c9d0e', 'ONLINE', 0, 0, 0],
        ],
        bad
          ? {
              status:
                "status: One or more devices has been removed by the administrator.\n\tSufficient replicas exist for the pool to continue functioning in a\n\tdegraded state.\naction: Online the device using zpool online' or replace the device with\n\t'zpool replace'.\n",
            }
          : {},
      );
    },
    roots: [
      { problem: 'disk.zfs_degraded', subject: 'tank' },
      { problem: 'hw.ups', subject: ['eaton', 'ups'] },
    ],
  },
  {
    name: 'two at once: a fan of the server has stopped, and /boot is full',
    kind: 'double',
    onset: 1,
    runs: 4,
    box: () => {
      const b = at('proxmox', 'pve-c', { cores: 24, memory: 128_000, disk: 'sda', net: 'vmbr0', crowd: 60 });
      b.files['dev/ipmi0'] = '';
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      b.disks[0]!.parts!.push(['sda1', 1]);
      b.mounts.push({ dev: '/dev/sda1', at: '/boot', type: 'ext4', mb: 470, used: 445, inodes: 124_000 });
      return b;
    },
    each: (b, run) => {
      b.programs['ipmitool'] = [['sdr elist', supermicro(run < 1 ? 4800 : 0, 55)]];
    },
    roots: [
      { problem: 'hw.fan', subject: 'FAN1' },
      { problem: 'disk.full', subject: '/boot' },
    ],
  },
  {
    name: 'two at once: a link has errors, and a unit fails since the morning (SLES 12)',
    kind: 'double',
    onset: 1,
    every: 300,
    runs: 6,
    box: () => {
      const b = at('sles12', 'hana-backup', {
        cores: 16,
        memory: 64_000,
        disk: 'sda',
        net: 'eth0',
        crowd: 40,
      });
      failed(b, 'backint-agent.service', 'SAP Backint Agent', 18_000);
      b.nets.push({
        name: 'eth2',
        speed: 10_000,
        addresses: ['10.40.0.8/24'],
        rx: 30e6,
        tx: 60e6,
        rxPackets: 30_000,
        txPackets: 45_000,
      });
      return b;
    },
    each: (b, run) => {
      if (run >= 1) Object.assign(b.net('eth2'), { rxErrors: 800 });
    },
    roots: [
      { problem: 'svc.unit_failed', subject: 'backint-agent' },
      { problem: 'net.errors', subject: 'eth2' },
    ],
  },
  {
    name: 'two at once: a Raspberry Pi with a full card and a hot processor',
    kind: 'double',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('raspios', 'kamera', {
        cores: 4,
        memory: 3900,
        disk: 'mmcblk0',
        net: 'wlan0',
        root: [29, 27.7],
      });
      b.mounts[0]!.used = b.mounts[0]!.mb! * 0.925;
      b.run({
        name: 'motion',
        exe: '/usr/bin/motion',
        uid: 110,
        rss: 180,
        cpu: 1.6,
        threads: 6,
        write: 900_000,
      });
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
        'sys/class/hwmon/hwmon0/temp1_crit': '110000\n',
        'sys/class/thermal/thermal_zone0/temp': '60000\n',
      });
      return b;
    },
    each: (b, run) => {
      const hot = run < 2 ? 61_000 : 113_000 + run * 200;
      b.files['sys/class/hwmon/hwmon0/temp1_input'] = `${hot}\n`;
      b.files['sys/class/thermal/thermal_zone0/temp'] = `${hot}\n`;
      b.mounts[0]!.used = b.mounts[0]!.mb! * [0.925, 0.93, 0.935, 0.94, 0.945, 0.948, 0.95, 0.95][run]!;
    },
    roots: [
      { problem: ['hw.temp_high'], subject: ['cpu_thermal', 'thermal_zone0', 'kamera'] },
      { problem: ['disk.full'], subject: '/' },
    ],
  },
  {
    name: 'two at once: the wireless backhaul loses its carrier for good, and memory modules report errors',
    kind: 'double',
    onset: 2,
    runs: 7,
    rhythm: installed,
    box: () => {
      const b = at('oracle8', 'store-gw', { cores: 8, memory: 32_000, disk: 'sda', net: 'eno1' });
      b.nets.push({ name: 'eno2', speed: 1000, addresses: ['10.3.0.2/30'], rx: 900_000, tx: 700_000 });
      return b;
    },
    each: (b, run) => {
      b.files['sys/devices/system/edac/mc/mc1/ce_count'] = `${[4, 4, 9, 31, 60, 84, 120][run]}\n`;
      b.files['sys/devices/system/edac/mc/mc1/ue_count'] = '0\n';
      if (run < 2) return;
      Object.assign(b.net('eno2'), { state: 'down', carrierChanges: 3, rx: 0, tx: 0 });
      if (run === 2) b.say(6, 'tg3 0000:02:00.1 eno2: Link is down', 40);
      b.say(
        4,
        'EDAC MC1: 5 CE memory read error on CPU_SrcID#1_Ha#0_Chan#2_DIMM#0 (channel:2 slot:0 page:0x1a offset:0x0 grain:32 syndrome:0x0)',
        20,
      );
    },
    roots: [
      { problem: 'net.link_down', subject: 'eno2' },
      { problem: 'mem.ecc_corrected', subject: ['mc1', 'CPU_SrcID#1', 'store-gw'] },
    ],
  },
];

const ups = (status: string, charge: number) => `battery.charge: ${charge}
battery.runtime: ${charge * 18}
device.mfr: EATON
device.model: 5P 1550
ups.load: 31
ups.status: ${status}
`;
