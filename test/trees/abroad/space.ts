// Filesystems and volumes, of machines elsewhere.
import { installed, type Tree } from '../box.ts';
import { at, contain, crowd, engine, idOf, pods } from './lands.ts';
import { redis } from './processor.ts';
import { mdstat } from './tools.ts';

export const space: Tree[] = [
  {
    name: 'Synology: the only volume is 99 % full (one report)',
    kind: 'fault',
    atFirst: 'rule silent',
    runs: 1,
    shell: 'bash',
    box: () => {
      const b = diskStation('nas-buero');
      Object.assign(b.mount('/volume1'), { used: 10_560_000 });
      return b;
    },
    roots: [{ problem: 'disk.full', subject: '/volume1' }],
  },
  {
    name: 'Docker on Ubuntu 20.04: a container writes its log until nothing is left and Redis cannot save',
    kind: 'fault',
    onset: 3,
    runs: 10,
    rhythm: installed,
    box: () => {
      const b = at('ubuntu2004', 'staging-2', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        root: [60, 41],
        net: 'enp1s0',
        now: '2025-04-02T10:00:00Z',
      });
      pods(b, 6);
      b.serve('docker.service', {
        name: 'dockerd',
        exe: '/usr/bin/dockerd',
        rss: 130,
        cpu: 0.1,
        threads: 30,
      });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        rss: 300,
        cpu: 0.03,
        threads: 4,
        uid: 113,
        limit: 65_535,
      });
      contain(
        b,
        { name: 'etl_1', id: idOf('e9'), image: 'etl:latest', status: 'Up 3 days' },
        { name: 'python3', rss: 90, cpu: 0.2 },
      );
      b.files['run/redis/redis-server.pid'] = '900\n';
      b.files['etc/redis/redis.conf'] =
        'bind 127.0.0.1 ::1\nport 6379\ndir /var/lib/redis\nmaxmemory 1gb\nsave 900 1\n';
      engine(b);
      return b;
    },
    each: (b, run) => {
      const used = [41, 41.1, 41.2, 44, 47.5, 51, 54.5, 57, 57, 57][run]!;
      for (const m of b.mounts) if (m.at === '/' || m.type === 'overlay') m.used = used * 940;
      Object.assign(b.process('dockerd'), { write: run < 3 ? 20_000 : 55e6, cpu: run < 3 ? 0.1 : 0.5 });
      if (run >= 3) Object.assign(b.disk('sda'), { writes: 460, writeKb: 128, busy: 0.4 });
      const failed = run >= 7;
      b.programs['redis-cli'] = [
        [
          'info*',
          redis(300, 1_073_741_824, 'redis_version:5.0.7', failed ? { rdb_last_bgsave_status: 'err' } : {}),
        ],
      ];
    },
    roots: [{ problem: 'disk.full', subject: '/' }],
    chain: ['disk.full>db.redis_bgsave'],
  },
  {
    name: 'the mail queue has used up the inodes of /var',
    kind: 'fault',
    every: 1200,
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('debian11', 'relay2', {
        cores: 2,
        memory: 3900,
        disk: 'sda',
        net: 'ens18',
        now: '2026-04-20T05:00:00Z',
      });
      b.disks[0]!.parts!.push(['sda5', 9]);
      b.mounts.push({
        dev: '/dev/sda5',
        at: '/var',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 9000,
        used: 2900,
        inodes: 600_000,
        inodesUsed: 90_000,
      });
      b.serve('postfix@-.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 6 });
      b.run({
        name: 'qmgr',
        exe: '/usr/lib/postfix/sbin/qmgr',
        uid: 108,
        rss: 30,
        cpu: 0.2,
        ppid: b.process('master').pid,
      });
      b.listeners.push({ at: '0.0.0.0:25', process: 'master', pid: b.process('master').pid, backlog: 100 });
      return b;
    },
    each: (b, run) => {
      const letters = [3, 180, 420, 700, 900][run]!;
      for (let i = 0; i < letters; i++)
        b.files[
          `var/spool/postfix/deferred/${(i % 16).toString(16).toUpperCase()}/${(0xa00000 + i).toString(16).toUpperCase()}`
        ] = 'C';
      b.mount('/var').inodesUsed = [90_000, 250_000, 430_000, 594_000, 600_000][run]!;
    },
    roots: [{ problem: 'mail.queue', subject: ['postfix', '/var/spool/postfix', 'relay2', 'deferred'] }],
    chain: ['mail.queue>disk.inodes_full'],
  },
  {
    name: 'a thin pool has no room left for its metadata (device mapper, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma8', 'kvm-4', {
        cores: 24,
        memory: 128_000,
        disk: 'sda',
        fs: 'xfs',
        rootDev: '/dev/mapper/almalinux-root',
        net: 'eno1',
        crowd: 90,
      });
      b.disks.push(
        { name: 'dm-0', gb: 70, dm: 'almalinux-root', on: 'sda2' },
        { name: 'dm-3', gb: 900, dm: 'vg_vm-thin-tpool', on: 'sda2' },
        { name: 'dm-5', gb: 40, dm: 'vg_vm-web1', on: 'dm-3' },
      );
      b.programs['dmsetup'] = [
        [
          'status',
          `almalinux-root: 0 146800640 linear 
vg_vm-thin_tmeta: 0 32768 linear 
vg_vm-thin_tdata: 0 1887436800 linear 
vg_vm-thin-tpool: 0 1887436800 thin-pool 214 4079/4096 811002/1843200 - rw discard_passdown queue_if_no_space - 1024 
vg_vm-web1: 0 83886080 thin 41201664 83886079
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['vg_vm', 'vg_vm-thin'] }],
  },
  {
    name: 'VMware: the SAN goes away, the root becomes read-only and PostgreSQL dies',
    kind: 'fault',
    onset: 3,
    runs: 7,
    rhythm: installed,
    box: () => {
      const b = at('ubuntu2004', 'pg-vm-11', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        rootDev: '/dev/mapper/ubuntu--vg-ubuntu--lv',
        net: 'ens160',
        crowd: 20,
        now: '2025-05-05T03:00:00Z',
      });
      b.disks.push({ name: 'dm-0', gb: 79, dm: 'ubuntu--vg-ubuntu--lv', on: 'sda2' });
      b.files['sys/class/dmi/id/sys_vendor'] = 'VMware, Inc.\n';
      b.files['sys/class/dmi/id/product_name'] = 'VMware Virtual Platform\n';
      b.programs['systemd-detect-virt'] = [['', 'vmware\n']];
      b.serve('postgresql@12-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/12/bin/postgres',
        uid: 114,
        rss: 900,
        cpu: 0.2,
      });
      b.listeners.push({
        at: '127.0.0.1:5432',
        process: 'postgres',
        pid: b.process('postgres').pid,
        backlog: 244,
      });
      b.fstab = '/dev/disk/by-id/dm-uuid-LVM-abc / ext4 defaults 0 1\n';
      return b;
    },
    each: (b, run) => {
      if (run !== 3) return;
      b.say(3, 'sd 2:0:0:0: [sda] tag#112 FAILED Result: hostbyte=DID_NO_CONNECT driverbyte=DRIVER_OK', 44);
      b.say(
        3,
        'blk_update_request: I/O error, dev sda, sector 81204224 op 0x1:(WRITE) flags 0x800 phys_seg 4 prio class 0',
        44,
      );
      b.say(3, 'Buffer I/O error on dev dm-0, logical block 10018816, lost async page write', 43);
      b.say(3, 'Aborting journal on device dm-0-8.', 43);
      b.say(2, 'EXT4-fs error (device dm-0): ext4_journal_check_start:61: Detected aborted journal', 42);
      b.say(2, 'EXT4-fs (dm-0): Remounting filesystem read-only', 42);
      b.disk('sda').ioerr = 61;
      b.mount('/').options = 'ro,relatime';
      b.fail('postgresql@12-main.service', 'exit-code', 2, 1, 20);
    },
    roots: [{ problem: 'disk.errors', subject: ['sda', 'dm-0'] }],
    chain: ['disk.errors>disk.readonly', 'disk.readonly>svc.unit_failed'],
  },
  {
    name: 'Tumbleweed: btrfs has counted corruption on its device (many subvolumes, one report)',
    kind: 'fault',
    atFirst: 'wrong entity',
    runs: 1,
    box: () => {
      const b = at('tumbleweed', 'werkstatt', {
        cores: 12,
        memory: 31_900,
        disk: 'nvme0n1',
        fs: 'btrfs',
        net: 'enp4s0',
        root: [900, 310],
      });
      const root = b.mounts[0]!;
      root.options =
        'rw,relatime,ssd,discard=async,space_cache=v2,subvolid=268,subvol=/@/.snapshots/1/snapshot';
      for (const name of [
        '.snapshots',
        'var',
        'usr/local',
        'srv',
        'opt',
        'home',
        'root',
        'boot/grub2/x86_64-efi',
      ])
        b.mounts.push({
          ...root,
          at: `/${name}`,
          options: `rw,relatime,ssd,space_cache=v2,subvol=/@/${name}`,
        });
      b.programs['btrfs'] = [
        [
          'device stats *',
          `[/dev/nvme0n1p2].write_io_errs    0
[/dev/nvme0n1p2].read_io_errs     0
[/dev/nvme0n1p2].flush_io_errs    0
[/dev/nvme0n1p2].corruption_errs  37
[/dev/nvme0n1p2].generation_errs  0
`,
        ],
        [
          'filesystem usage *',
          `Overall:
    Device size:\t\t    966367641600
    Device allocated:\t\t    421330419712
    Device unallocated:\t\t    545037221888
    Device missing:\t\t               0
    Used:\t\t\t    331000000000
    Free (estimated):\t\t    600000000000\t(min: 330000000000)
    Data ratio:\t\t\t            1.00
    Metadata ratio:\t\t            2.00

Data,single: Size:410000000000, Used:325000000000 (79.26%)
   /dev/nvme0n1p2\t410000000000

Metadata,DUP: Size:5368709120, Used:3000000000 (55.88%)
   /dev/nvme0n1p2\t10737418240
`,
        ],
      ];
      b.say(
        3,
        'BTRFS error (device nvme0n1p2): bdev /dev/nvme0n1p2 errs: wr 0, rd 0, flush 0, corrupt 37, gen 0',
        4000,
      );
      b.say(
        4,
        'BTRFS warning (device nvme0n1p2): csum failed root 256 ino 90121 off 4096 csum 0x8941f998 expected csum 0x1a2b3c4d mirror 1',
        4000,
      );
      return b;
    },
    roots: [{ problem: ['disk.fs_errors', 'disk.errors'], subject: ['/', 'nvme0n1'] }],
  },
  {
    name: 'EBS gp2: the I/O credits are gone, a hundred requests a second are all that is left',
    kind: 'fault',
    onset: 2,
    runs: 20,
    box: () => {
      const b = at('amazon2023', 'pg-replica-a', {
        cores: 4,
        memory: 15_600,
        disk: 'nvme0n1',
        net: 'ens5',
        crowd: 20,
      });
      b.disks.push({
        name: 'nvme1n1',
        gb: 33,
        model: 'Amazon Elastic Block Store',
        reads: 240,
        writes: 160,
        readKb: 16,
        writeKb: 16,
        readMs: 0.9,
        writeMs: 1.2,
        busy: 0.3,
      });
      b.mounts.push({
        dev: '/dev/nvme1n1',
        at: '/var/lib/pgsql',
        type: 'xfs',
        options: 'rw,noatime',
        mb: 33_000,
        used: 21_000,
      });
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 4100,
        cpu: 0.3,
        read: 3.8e6,
        write: 2.4e6,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      const d = b.disk('nvme1n1');
      Object.assign(d, { reads: 60.5, writes: 39.6, readMs: 190, writeMs: 240, busy: 0.999, queue: 21 });
      Object.assign(b.process('postgres'), {
        read: 1e6,
        write: 0.63e6,
        cpu: 0.05,
        state: 'D',
        wchan: 'folio_wait_bit_common',
      });
      b.iowait = 0.55;
      b.blocked = 9;
      b.load = [9.4, Math.min(9, run), Math.min(8, run / 3)];
      b.psi.io = 83;
      b.psi.ioFull = 71;
    },
    roots: [{ problem: ['disk.cloud_throttle', 'disk.saturated', 'disk.latency'], subject: 'nvme1n1' }],
    chain: ['cpu.iowait>cpu.load_high'],
  },
  {
    name: 'RHEL 9: logrotate fails since a week, /var is full of logs and MariaDB stops',
    kind: 'fault',
    onset: 2,
    every: 900,
    runs: 6,
    box: () => {
      const b = at('rhel9', 'intranet', {
        cores: 4,
        memory: 7600,
        disk: 'sda',
        rootDev: '/dev/mapper/rhel-root',
        fs: 'xfs',
        net: 'ens192',
        crowd: 30,
      });
      b.disks.push(
        { name: 'dm-0', gb: 40, dm: 'rhel-root', on: 'sda2' },
        { name: 'dm-2', gb: 20, dm: 'rhel-var', on: 'sda2' },
      );
      b.mounts.push({
        dev: '/dev/mapper/rhel-var',
        at: '/var',
        type: 'xfs',
        options: 'rw,relatime',
        mb: 20_400,
        used: 19_000,
      });
      b.serve('httpd.service', { name: 'httpd', rss: 90, cpu: 0.1 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/libexec/mariadbd',
        rss: 700,
        uid: 27,
        threads: 30,
        cpu: 0.1,
      });
      b.units.push({
        name: 'logrotate.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 7 * 86_400,
      });
      b.files['etc/logrotate.d/app'] = '/var/log/app/*.log {\n  daily\n  rotate 7\n  postrotat\n}\n';
      b.programs['du'] = [
        [
          '-xk -d 1 *',
          '13900112\t/var/log/app\n412003\t/var/log/httpd\n88012\t/var/log/audit\n14420000\t/var/log\n',
        ],
        ['-k *', '13800100\t/var/log/app/app.log\n'],
      ];
      return b;
    },
    each: (b, run) => {
      b.mount('/var').used = [19_000, 19_400, 19_900, 20_395, 20_400, 20_400][run]!;
      if (run === 4) b.fail('mariadb.service', 'exit-code', 1, 1, 400);
    },
    roots: [
      {
        problem: ['sys.logrotate_failed', 'sys.journal_big'],
        subject: ['logrotate', '/var/log', 'intranet'],
      },
    ],
    chain: ['sys.logrotate_failed>disk.full', 'disk.full>svc.unit_failed'],
  },
  {
    name: 'Debian 11: the root is full to the last byte, dpkg is half done and MariaDB is down (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian11', 'vps3', {
        cores: 1,
        memory: 1990,
        disk: 'vda',
        root: [20, 19],
        net: 'ens3',
        now: '2026-03-02T07:00:00Z',
      });
      b.mounts[0]!.used = b.mounts[0]!.mb! * 0.95;
      b.serve('mariadb.service', { name: 'mariadbd', rss: 200 });
      b.fail('mariadb.service', 'exit-code', 1, 1, 5000);
      b.programs['dpkg'] = [
        [
          '--audit',
          `The following packages are only half configured, probably due to problems
configuring them the first time.  The configuration should be retried using
dpkg --configure <package> or the configure menu option in dselect:
 linux-image-5.10.0-36-amd64 Linux 5.10 for 64-bit PCs (signed)
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'disk.full', subject: '/' }],
    chain: ['disk.full>sys.update_broken'],
  },
];

/** A DiskStation with four drives: the system lies on mirrors that have many more slots than drives. */
export function diskStation(name: string) {
  const b = at('synology', name, { cores: 2, memory: 1900, disk: 'sda', net: 'eth0' });
  b.files['etc/os-release'] = undefined;
  b.files['etc.defaults/VERSION'] = 'majorversion="7"\nminorversion="2"\nproductversion="7.2.2"\n';
  b.disks = ['sda', 'sdb', 'sdc', 'sdd'].map((disk) => ({
    name: disk,
    gb: 4000,
    model: 'WD40EFRX-68N32N0',
    rotational: true,
    parts: [
      [`${disk}1`, 2.5],
      [`${disk}2`, 2.1],
      [`${disk}5`, 3990],
    ],
  }));
  b.mounts = [
    { dev: '/dev/md0', at: '/', type: 'ext4', options: 'rw,noatime,data=ordered', mb: 2300, used: 1400 },
    ...b.mounts.filter((m) => /proc|sys|dev/.test(m.type)),
    {
      dev: '/dev/mapper/cachedev_0',
      at: '/volume1',
      type: 'btrfs',
      options: 'rw,nodev,relatime,ssd,synoacl,space_cache=v2',
      mb: 10_690_000,
      used: 6_100_000,
    },
    {
      dev: '/dev/mapper/cachedev_0',
      at: '/volume1/@docker',
      type: 'btrfs',
      options: 'rw,nodev,relatime,ssd,synoacl,space_cache=v2',
      mb: 10_690_000,
      used: 6_100_000,
    },
  ];
  b.files['proc/mdstat'] = mdstat([
    ['md2', 'raid5', 'sda5[0] sdd5[3] sdc5[2] sdb5[1]', 11_706_562_368, '[4/4] [UUUU]'],
    ['md1', 'raid1', 'sda2[0] sdd2[3] sdc2[2] sdb2[1]', 2_097_088, '[16/4] [UUUU____________]'],
    ['md0', 'raid1', 'sda1[0] sdd1[3] sdc1[2] sdb1[1]', 2_490_176, '[16/4] [UUUU____________]'],
  ]);
  for (const [md, degraded] of [
    ['md0', 12],
    ['md1', 12],
    ['md2', 0],
  ] as const) {
    b.files[`sys/block/${md}/md/degraded`] = `${degraded}\n`;
    b.files[`sys/block/${md}/md/sync_action`] = 'idle\n';
    b.files[`sys/block/${md}/md/mismatch_cnt`] = '0\n';
    b.files[`sys/block/${md}/size`] = '4980352\n';
  }
  crowd(b, 30);
  return b;
}
