// Machines that are well, though some of what they say looks bad.
import { installed, type Tree } from '../box.ts';
import { at, contain, crowd, engine, idOf, pods, snaps } from './lands.ts';
import { trueNas } from './drives.ts';
import { diskStation } from './space.ts';
import { pool, sata, supermicro } from './tools.ts';
import { router } from './wires.ts';

export const well: Tree[] = [
  {
    name: 'well: a DiskStation with slots to spare in its system mirrors',
    kind: 'control',
    runs: 3,
    box: () => diskStation('nas-familie'),
    roots: [],
  },
  {
    name: 'well: TrueNAS, whose cache uses nearly all memory',
    kind: 'control',
    atFirst: 'false alarm',
    runs: 4,
    box: () => {
      const b = trueNas('tank-3');
      b.programs['zpool'] = pool(
        'tank',
        'ONLINE',
        [
          ['3f1a7c1e-6a0b-4c11-9c6e-0d8a1f2b3c4d', 'ONLINE', 0, 0, 0],
          ['8d2b4e5f-1c2d-4e3f-8a9b-1c2d3e4f5a6b', 'ONLINE', 0, 0, 0],
        ],
        {
          status:
            "status: Some supported and requested features are not enabled on the pool.\n\tThe pool can still be used, but some features are unavailable.\naction: Enable all features using 'zpool upgrade'.\n",
        },
      );
      b.available = 3900;
      b.free = 3500;
      b.cached = 900;
      b.unreclaimable = 2100;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Ubuntu in WSL2 with drives of Windows',
    kind: 'control',
    atFirst: 'the case was wrong',
    runs: 2,
    box: () => {
      const b = at('wsl', 'LAPTOP-7F3K2', {
        cores: 16,
        memory: 15_800,
        swap: 4096,
        disk: 'sdc',
        net: 'eth0',
        root: [1000, 41],
        days: 1,
      });
      b.disks.push({ name: 'sda', gb: 0.4, readOnly: true }, { name: 'sdb', gb: 4.3 });
      b.mounts.push(
        {
          dev: 'C:\\134',
          at: '/mnt/c',
          type: '9p',
          options: 'rw,noatime,aname=drvfs;path=C:\\;uid=1000',
          mb: 480_000,
          used: 431_000,
        },
        { dev: 'none', at: '/mnt/wslg', type: 'tmpfs', mb: 7900, used: 1 },
        {
          dev: 'drivers',
          at: '/usr/lib/wsl/drivers',
          type: '9p',
          options: 'ro,nosuid,nodev,noatime,aname=drivers',
          mb: 480_000,
          used: 431_000,
        },
        { dev: 'rootfs', at: '/init', type: 'rootfs', options: 'ro', mb: 7900, used: 3 },
        { dev: 'none', at: '/usr/lib/wsl/lib', type: 'overlay', options: 'rw,nosuid', mb: 7900, used: 0 },
      );
      b.programs['systemd-detect-virt'] = [['', 'wsl\n']];
      b.say(4, 'hv_utils: Registering HyperV Utility Driver', 50_000);
      b.say(3, 'Exception: ', 40_000);
      b.say(3, 'misc dxg: dxgk: dxgkio_query_adapter_info: Ioctl failed: -22', 40_000);
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a router with OpenWrt',
    kind: 'control',
    atFirst: 'the case was wrong',
    runs: 4,
    shell: 'busybox ash',
    box: () => router('rt-haus'),
    roots: [],
  },
  {
    name: 'well: a guest of LXC that sees the load of its host',
    kind: 'control',
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('debian13arm', 'ct-wiki', { cores: 2, memory: 2048, disk: 'sda', root: [16, 6] });
      b.programs['systemd-detect-virt'] = [['', 'lxc\n']];
      b.programs['dmesg'] = [['*', '', 1]];
      b.load = [31, 29, 30];
      b.disks = [];
      b.mounts[0] = {
        dev: '/dev/mapper/pve-vm--204--disk--0',
        at: '/',
        type: 'ext4',
        options: 'rw,relatime,stripe=16',
        mb: 15_600,
        used: 6000,
      };
      for (const f of ['cpuinfo', 'meminfo', 'stat', 'uptime', 'loadavg'])
        b.mounts.push({
          dev: 'lxcfs',
          at: `/proc/${f}`,
          type: 'fuse.lxcfs',
          options: 'rw,nosuid,nodev,relatime',
        });
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a task of Fargate',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('fargate', 'ip-10-0-3-9.eu-central-1.compute.internal', {
        cores: 2,
        memory: 3800,
        root: [30, 9],
        days: 2,
      });
      b.disks.push({ name: 'nvme1n1', gb: 30 }, { name: 'nvme0n1', gb: 5 });
      b.run({ pid: 17, name: 'gunicorn', exe: '/usr/local/bin/python3.12', uid: 1000, rss: 140, cpu: 0.05 });
      b.listeners.push({ at: '0.0.0.0:8000', process: 'gunicorn', pid: 17 });
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Ubuntu with twenty images of snap and a share of NFS',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('ubuntu2404', 'arbeitsplatz-12', {
        cores: 8,
        memory: 31_900,
        swap: 2048,
        disk: 'nvme0n1',
        net: 'enp0s31f6',
        root: [476, 380],
        crowd: 260,
      });
      snaps(
        b,
        Array.from({ length: 20 }, (_, i) => `core${i}/${1000 + i}`),
      );
      b.mounts.push(
        { dev: '/dev/nvme0n1p1', at: '/boot/efi', type: 'vfat', mb: 500, used: 8 },
        {
          dev: 'nas:/home',
          at: '/net/home',
          type: 'nfs4',
          options: 'rw,relatime,vers=4.2,hard',
          mb: 8_000_000,
          used: 7_700_000,
        },
        {
          dev: 'portal',
          at: '/run/user/1000/doc',
          type: 'fuse.portal',
          options: 'rw,nosuid,nodev',
          mb: 0,
          used: 0,
        },
      );
      b.swapUsed = 1900;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a node of Kubernetes with ninety pods',
    kind: 'control',
    atFirst: 'the case was wrong',
    runs: 3,
    box: () => {
      const b = at('rhel9', 'worker-17', {
        cores: 32,
        memory: 128_000,
        disk: 'nvme0n1',
        fs: 'xfs',
        net: 'bond0',
        crowd: 420,
      });
      pods(b, 90);
      b.conntrack = [61_000, 1_048_576];
      b.serve('kubelet.service', {
        name: 'kubelet',
        exe: '/usr/bin/kubelet',
        rss: 190,
        threads: 60,
        cpu: 0.3,
        limit: 1_000_000,
      });
      b.serve('crio.service', {
        name: 'crio',
        exe: '/usr/bin/crio',
        rss: 210,
        threads: 50,
        cpu: 0.2,
        limit: 1_048_576,
      });
      for (const at_ of [
        '/var/lib/kubelet/pods/a1/volumes/kubernetes.io~projected/token',
        '/var/lib/kubelet/pods/b2/volumes/kubernetes.io~secret/tls',
      ])
        b.mounts.push({ dev: 'tmpfs', at: at_, type: 'tmpfs', mb: 128_000, used: 0.01 });
      b.timeWait = 9000;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a database of Oracle that lives in huge pages',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('oracle8', 'ora-prod', {
        cores: 32,
        memory: 257_000,
        swap: 16_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'bond0',
        crowd: 180,
      });
      b.hugePages = [102_402, 121];
      b.available = 31_000;
      b.free = 9000;
      for (let i = 0; i < 40; i++)
        b.run({
          pid: 5000 + i,
          name: `oracle_${5000 + i}_o`,
          exe: '/u01/app/oracle/product/19c/bin/oracle',
          uid: 54_321,
          rss: 140,
          cpu: 0.05,
        });
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Gentoo compiles for three minutes',
    kind: 'control',
    runs: 8,
    box: () => at('gentoo', 'bauhof', { cores: 8, memory: 31_900, disk: 'nvme0n1', net: 'enp5s0' }),
    each: (b, run) => {
      b.processes = b.processes.filter((p) => p.name !== 'cc1plus');
      if (run < 2 || run > 4) {
        b.load = [run > 4 ? 3 : 0.3, run > 4 ? 4 : 0.3, 1];
        return;
      }
      for (let i = 0; i < 8; i++)
        b.run({
          pid: 60_000 + run * 100 + i,
          name: 'cc1plus',
          exe: '/usr/libexec/gcc/x86_64-pc-linux-gnu/14/cc1plus',
          uid: 250,
          rss: 400,
          cpu: 0.97,
          started: b.uptime + 40,
        });
      b.running = 9;
      b.load = [8.2, 4.1, 1.8];
      b.psi.cpu = 12;
    },
    roots: [],
  },
  {
    name: 'well: s390x with DASD and no drive that tells its health',
    kind: 'control',
    atFirst: 'the case was wrong',
    runs: 2,
    box: () => {
      const b = at('sles15z', 'zlnx09', {
        cores: 4,
        memory: 15_800,
        disk: 'dasda',
        fs: 'btrfs',
        net: 'encbdf0',
      });
      b.programs['systemd-detect-virt'] = [['', 'zvm\n']];
      for (const name of ['sys_vendor', 'product_name', 'product_uuid'])
        b.files[`sys/class/dmi/id/${name}`] = undefined;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Debian 13 six minutes after a start',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('debian13arm', 'neustart', { cores: 4, memory: 7900, disk: 'vda', days: 0 });
      b.uptime = 350;
      b.load = [1.4, 1.1, 0.5];
      b.say(4, 'pci 0000:00:01.0: BAR 0: failed to assign [mem size 0x1000]', 340);
      b.say(3, 'integrity: Unable to open file: /etc/keys/x509_ima.der (-2)', 330);
      b.say(
        4,
        'device-mapper: core: CONFIG_IMA_DISABLE_HTABLE is disabled. Duplicate IMA measurements will not be recorded in the IMA log.',
        330,
      );
      return b;
    },
    roots: [],
  },
  {
    name: 'well: the nightly backup of a file server',
    kind: 'control',
    runs: 9,
    box: () => {
      const b = at('alma10', 'files2', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        fs: 'xfs',
        now: '2026-03-11T02:28:00Z',
      });
      b.disks[0]!.rotational = true;
      b.timers = [
        'Thu 2026-03-12 02:30:00 UTC 23h left Wed 2026-03-11 02:30:01 UTC 1min ago borgmatic.timer borgmatic.service',
      ];
      return b;
    },
    each: (b, run) => {
      b.processes = b.processes.filter((p) => p.name !== 'borg');
      const going = run >= 2 && run < 7;
      if (going)
        b.run({
          pid: 70_011,
          name: 'borg',
          exe: '/usr/bin/python3.12',
          rss: 310,
          cpu: 0.8,
          read: 90e6,
          write: 11e6,
          unit: 'borgmatic.service',
          started: b.uptime - (run - 2) * 60,
        });
      Object.assign(
        b.disk('sda'),
        going
          ? { reads: 740, readKb: 128, readMs: 6, busy: 0.99, queue: 5 }
          : { reads: 1, readKb: 16, readMs: 0.6, busy: 0.01, queue: 0 },
      );
      b.iowait = going ? 0.16 : 0.002;
      b.psi.io = going ? 18 : 0.3;
      b.psi.ioFull = going ? 14 : 0.2;
    },
    roots: [],
  },
  {
    name: 'well: a Supermicro board and drives of Seagate with packed numbers',
    kind: 'control',
    every: 3600,
    runs: 4,
    box: () => {
      const b = at('rhel9', 'chia-1', {
        cores: 16,
        memory: 64_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'eno1',
        model: 'ST16000NM001G',
      });
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [['sdr elist', supermicro(5300, 57)]];
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      for (const name of ['sdb', 'sdc', 'sdd', 'sde', 'sdf'])
        b.disks.push({ name, gb: 16_000, model: 'ST16000NM001G', rotational: true });
      return b;
    },
    each: (b, run) => {
      for (const [i, d] of b.disks.entries())
        d.smartJson = sata(
          d.name,
          'ST16000NM001G-2KK103',
          [
            [1, 'Raw_Read_Error_Rate', 82, 44, 161_021_992 + run * 90_000 + i],
            [5, 'Reallocated_Sector_Ct', 100, 10, 0],
            [7, 'Seek_Error_Rate', 89, 45, 811_204_113 + run * 4000],
            [9, 'Power_On_Hours', 80, 0, 17_521 + run, `${17_521 + run} (119 83 0)`],
            [187, 'Reported_Uncorrect', 100, 0, 0],
            [188, 'Command_Timeout', 100, 0, 4_295_032_833, '4295032833'],
            [190, 'Airflow_Temperature_Cel', 64, 40, 606_339_108, '36 (Min/Max 26/43)'],
            [195, 'Hardware_ECC_Recovered', 82, 0, 161_021_992],
            [197, 'Current_Pending_Sector', 100, 0, 0],
            [198, 'Offline_Uncorrectable', 100, 0, 0],
            [199, 'UDMA_CRC_Error_Count', 200, 0, 3],
            [240, 'Head_Flying_Hours', 100, 0, 102_211_002_339_441, '17521h+12m+44.120s'],
          ],
          { hours: 17_521 + run, celsius: 36 },
        );
    },
    roots: [],
  },
  {
    name: 'well: Docker with jobs that have ended as they should, and a container that was stopped',
    kind: 'control',
    atFirst: 'the case was wrong',
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('ubuntu2404', 'ci-runner-4', { cores: 16, memory: 64_000, disk: 'nvme0n1', crowd: 150 });
      pods(b, 20);
      crowd(b, 0);
      b.serve('docker.service', {
        name: 'dockerd',
        exe: '/usr/bin/dockerd',
        rss: 150,
        threads: 60,
        cpu: 0.1,
      });
      contain(
        b,
        { name: 'runner', id: idOf('g1'), image: 'gitlab/gitlab-runner:latest', status: 'Up 11 days' },
        { name: 'gitlab-runner', rss: 60, threads: 20, cpu: 0.05 },
      );
      contain(b, {
        name: 'migrate-0441',
        id: idOf('g2'),
        image: 'app:441',
        status: 'Exited (0) 2 hours ago',
      });
      contain(b, {
        name: 'old-db',
        id: idOf('g3'),
        image: 'postgres:13',
        status: 'Exited (143) 5 weeks ago',
        exit: 143,
      });
      contain(b, { name: 'new', id: idOf('g4'), image: 'busybox', status: 'Created' });
      engine(b);
      return b;
    },
    roots: [],
  },
];
