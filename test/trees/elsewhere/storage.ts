// Disks, arrays, filesystems and what lies on them, written before the product saw them.
import { installed, type Tree } from '../box.ts';
import { at, pods } from '../abroad/lands.ts';
import { nvme, sata } from '../abroad/tools.ts';
import { drives, fence, md, mutter, noPsi, postgresSays, rowsWith, smartText } from './parts.ts';

const du = (rows: readonly [kb: number, path: string][]): [string, string][] => [
  ['*', rows.map(([kb, path]) => `${kb}\t${path}\n`).join('')],
];

export const storage: Tree[] = [
  {
    name: 'CentOS 6: /home is full to 99 % (kernel 2.6.32, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('centos6', 'files01', {
        cores: 2,
        memory: 3700,
        disk: 'sda',
        now: '2019-04-02T10:00:00Z',
        crowd: 20,
      });
      drives(b, ['sdb'], { gb: 500, rotational: true, model: 'WDC WD5003ABYX' });
      b.mounts.push({
        dev: '/dev/mapper/VolGroup-lv_home',
        at: '/home',
        type: 'ext4',
        mb: 470_000,
        used: 445_100,
      });
      b.disks.push({ name: 'dm-2', gb: 500, dm: 'VolGroup-lv_home', on: 'sdb' });
      return b;
    },
    roots: [{ problem: 'disk.full', subject: '/home' }],
  },
  {
    name: 'Debian 10: sessions of PHP have used all inodes of /var (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian10', 'php-host', {
        cores: 2,
        memory: 3900,
        now: '2024-02-02T10:00:00Z',
        crowd: 20,
      });
      b.mounts.push({
        dev: '/dev/vda3',
        at: '/var',
        type: 'ext4',
        mb: 38_000,
        used: 14_000,
        inodes: 2_500_000,
        inodesUsed: 2_499_987,
      });
      b.disks[0]!.parts!.push(['vda3', 40]);
      b.serve('apache2.service', { name: 'apache2', rss: 60, uid: 33, cpu: 0.1 });
      return b;
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/var' }],
  },
  {
    name: 'a removed log of rsyslog holds 40 GB, /var is full and PostgreSQL has stopped',
    kind: 'fault',
    atFirst: 'the case was wrong',
    runs: 5,
    onset: 1,
    box: () => {
      const b = at('debian12', 'pg-log', { cores: 4, memory: 7900, crowd: 30 });
      b.mounts.push({ dev: '/dev/vda3', at: '/var', type: 'ext4', mb: 58_000, used: 50_000 });
      b.disks[0]!.parts!.push(['vda3', 61]);
      b.serve(
        'postgresql@15-main.service',
        { name: 'postgres', exe: '/usr/lib/postgresql/15/bin/postgres', uid: 110, rss: 200, cpu: 0.1 },
        { text: 'PostgreSQL Cluster 15-main' },
      );
      const r = b.process('rsyslogd');
      r.files = ['/dev/null', 'socket:[1]', '/var/log/remote/fw.log.1 (deleted)'];
      b.held.push({ pid: r.pid, fd: 2, bytes: 43e9, device: 65_027, inode: 90_112 });
      b.programs['du'] = du([
        [800_112, '/var/log/journal'],
        [90_112, '/var/log/remote'],
        [1_012_000, '/var/log'],
      ]);
      return b;
    },
    each: (b, run) => {
      b.held[0]!.bytes = 41e9 + run * 1e9;
      b.mount('/var').used = Math.min(55_100, 51_000 + run * 1400);
      if (run < 3) return;
      b.mount('/var').used = 55_100;
      if (run === 3) b.fail('postgresql@15-main.service', 'exit-code', 1, 1, 30);
    },
    roots: [{ problem: 'disk.deleted_open', subject: ['rsyslog', '/var'] }],
    chain: ['disk.deleted_open>disk.full', 'disk.full>svc.unit_failed'],
  },
  {
    name: 'sectors of sda can not be read, ext4 aborts its journal, / is read-only, MariaDB dies',
    kind: 'fault',
    runs: 5,
    onset: 1,
    box: () => {
      const b = at('debian11', 'metal-4', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        crowd: 30,
        model: 'ST1000NM0008-2F2100',
      });
      Object.assign(b.disk('sda'), { rotational: true });
      b.serve(
        'mariadb.service',
        { name: 'mariadbd', exe: '/usr/sbin/mariadbd', uid: 106, rss: 900, cpu: 0.1, threads: 30 },
        { text: 'MariaDB 10.5 database server' },
      );
      b.files['etc/mysql/mariadb.conf.d/50-server.cnf'] =
        '[mysqld]\ndatadir = /var/lib/mysql\nbind-address = 127.0.0.1\n';
      return b;
    },
    each: (b, run) => {
      b.disk('sda').smartJson = sata('sda', 'ST1000NM0008-2F2100', [
        [5, 'Reallocated_Sector_Ct', 100, 10, 0],
        [187, 'Reported_Uncorrect', 100, 0, 0],
        [197, 'Current_Pending_Sector', 100, 0, run ? 40 : 0],
        [198, 'Offline_Uncorrectable', 100, 0, 0],
        [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
      ]);
      if (run !== 1) return;
      b.disk('sda').ioerr = 21;
      b.say(3, 'ata1.00: exception Emask 0x0 SAct 0x400 SErr 0x0 action 0x0', 40);
      b.say(3, 'ata1.00: error: { UNC }', 40);
      b.say(
        3,
        'blk_update_request: I/O error, dev sda, sector 41201192 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
        39,
      );
      b.say(
        3,
        'blk_update_request: I/O error, dev sda, sector 9011232 op 0x1:(WRITE) flags 0x800 phys_seg 4 prio class 0',
        38,
      );
      b.say(3, 'Aborting journal on device sda2-8.', 37);
      b.say(2, 'EXT4-fs error (device sda2): ext4_journal_check_start:83: Detected aborted journal', 37);
      b.say(2, 'EXT4-fs (sda2): Remounting filesystem read-only', 37);
      b.mount('/').options = 'ro,relatime,errors=remount-ro';
      b.fail('mariadb.service', 'exit-code', 1, 1, 20);
    },
    roots: [{ problem: ['smart.pending', 'disk.errors'], subject: 'sda' }],
    chain: ['disk.errors>disk.readonly', 'disk.readonly>svc.unit_failed'],
  },
  {
    name: 'Rocky 9: a member of the mirror failed, its drive says so itself, the spare is being filled and the disks are slow',
    kind: 'fault',
    runs: 8,
    onset: 2,
    box: () => {
      const b = at('rocky9', 'vault', { cores: 4, memory: 15_900, disk: 'nvme0n1', fs: 'xfs', crowd: 30 });
      noPsi(b);
      drives(b, ['sda', 'sdb', 'sdc', 'sdd'], {
        gb: 8000,
        rotational: true,
        reads: 20,
        writes: 25,
        readMs: 8,
        writeMs: 9,
        busy: 0.3,
      });
      b.disks.push({ name: 'md0', gb: 24_000, reads: 60, writes: 50, busy: 0 });
      b.mounts.push({ dev: '/dev/md0', at: '/srv/vault', type: 'xfs', mb: 22_800_000, used: 9_000_000 });
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      b.disk('sdb').smartJson = sata('sdb', 'TOSHIBA MG06ACA800E', [
        [5, 'Reallocated_Sector_Ct', bad ? 60 : 90, 10, bad ? 1912 : 640],
        [197, 'Current_Pending_Sector', 100, 0, bad ? 88 : 24],
        [198, 'Offline_Uncorrectable', 100, 0, 16],
        [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
      ]);
      for (const name of ['sda', 'sdc', 'sdd'])
        b.disk(name).smartJson = sata(name, 'TOSHIBA MG06ACA800E', [
          [5, 'Reallocated_Sector_Ct', 100, 10, 0],
          [197, 'Current_Pending_Sector', 100, 0, 0],
          [198, 'Offline_Uncorrectable', 100, 0, 0],
        ]);
      md(b, [
        {
          name: 'md0',
          level: 'raid5',
          members: bad ? 'sdd1[4] sdc1[3] sdb1[1](F) sda1[0]' : 'sdd1[4](S) sdc1[3] sdb1[1] sda1[0]',
          slots: bad ? '[3/2] [U_U]' : '[3/3] [UUU]',
          blocks: 15_627_788_288,
          degraded: bad ? 1 : 0,
          action: bad ? 'recover' : 'idle',
          ...(bad && {
            progress: `[>....................]  recovery =  ${(run * 0.4).toFixed(1)}% (${run * 31_000_000}/7813894144) finish=801.2min speed=161204K/sec`,
          }),
          states: { sda1: 'in_sync', sdb1: bad ? 'faulty' : 'in_sync', sdc1: 'in_sync', sdd1: 'spare' },
        },
      ]);
      if (!bad) return;
      for (const name of ['sda', 'sdc', 'sdd'])
        Object.assign(b.disk(name), {
          reads: name === 'sdd' ? 0 : 640,
          readKb: 256,
          readMs: 70,
          writes: name === 'sdd' ? 640 : 30,
          writeKb: 256,
          writeMs: 90,
          busy: 0.995,
          queue: 30,
        });
      Object.assign(b.disk('md0'), { readMs: 90, writeMs: 160 });
      Object.assign(b, { iowait: 0.24, blocked: 4, load: [5, 4, 2] });
      if (run === 2) {
        b.say(
          3,
          'blk_update_request: critical medium error, dev sdb, sector 1400112 op 0x0:(READ) flags 0x0 phys_seg 2 prio class 2',
          50,
        );
        b.say(2, 'md/raid:md0: Disk failure on sdb1, disabling device.', 49);
        b.say(2, 'md/raid:md0: Operation continuing on 2 devices.', 49);
      }
    },
    roots: [{ problem: ['smart.combo', 'raid.disk_failed', 'disk.errors'], subject: ['sdb', 'md0'] }],
    chain: ['raid.disk_failed>raid.degraded', 'raid.degraded>raid.resync', 'raid.resync>disk.saturated'],
  },
  {
    name: 'Debian 9: RAID 1 without its second half, among three arrays (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian9', 'root-srv', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        rootDev: '/dev/md2',
        now: '2022-03-01T10:00:00Z',
        crowd: 40,
      });
      mutter(b);
      drives(b, ['sdb'], { gb: 2000, rotational: true });
      md(b, [
        {
          name: 'md2',
          level: 'raid1',
          members: 'sda3[0]',
          slots: '[2/1] [U_]',
          degraded: 1,
          states: { sda3: 'in_sync' },
        },
        {
          name: 'md1',
          level: 'raid1',
          members: 'sda2[0] sdb2[1]',
          slots: '[2/2] [UU]',
          blocks: 523_712,
          states: { sda2: 'in_sync', sdb2: 'in_sync' },
        },
        {
          name: 'md0',
          level: 'raid1',
          members: 'sda1[0] sdb1[1]',
          slots: '[2/2] [UU]',
          blocks: 4_190_208,
          states: { sda1: 'in_sync', sdb1: 'in_sync' },
        },
      ]);
      return b;
    },
    roots: [{ problem: 'raid.degraded', subject: 'md2' }],
  },
  {
    name: 'smartctl 6.6 in text: reallocated and pending sectors, the health still PASSED (CentOS 7, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('centos7', 'nas-alt', {
        cores: 2,
        memory: 7800,
        disk: 'sda',
        fs: 'xfs',
        now: '2023-05-05T10:00:00Z',
      });
      drives(b, ['sdb'], { gb: 4000, rotational: true });
      b.disk('sda').smart = smartText('WDC WD40EFRX-68WT0N0', 'WD-WCC4E0000001', 'PASSED', rowsWith({}));
      b.disk('sdb').smart = smartText(
        'WDC WD40EFRX-68WT0N0',
        'WD-WCC4E0000002',
        'PASSED',
        rowsWith({ 5: [188, 91], 197: [199, 37], 198: [199, 12] }),
      );
      return b;
    },
    roots: [{ problem: ['smart.combo'], subject: 'sdb' }],
  },
  {
    name: 'an NVMe drive has 4 % spare left and has been written 112 % of its life (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2404', 'ci-runner', { cores: 16, memory: 64_000, disk: 'nvme0n1', crowd: 40 });
      b.disk('nvme0n1').smartJson = nvme('nvme0n1', { used: 112, spare: 4, warning: 1, media: 31 });
      return b;
    },
    roots: [{ problem: ['smart.nvme_critical', 'smart.nvme_spare', 'smart.failed'], subject: 'nvme0' }],
  },
  {
    name: 'a SATA SSD at the end of its life: wear leveling 3 of 100 (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'kasse', { cores: 2, memory: 3900, disk: 'sda' });
      b.disk('sda').smartJson = sata(
        'sda',
        'Samsung SSD 860 EVO 250GB',
        [
          [5, 'Reallocated_Sector_Ct', 100, 10, 0],
          [9, 'Power_On_Hours', 91, 0, 41_200],
          [177, 'Wear_Leveling_Count', 3, 0, 1920],
          [179, 'Used_Rsvd_Blk_Cnt_Tot', 100, 10, 0],
          [187, 'Uncorrectable_Error_Cnt', 100, 0, 0],
          [199, 'CRC_Error_Count', 100, 0, 0],
          [241, 'Total_LBAs_Written', 99, 0, 900_112_344_000],
        ],
        { rotation: 0 },
      );
      return b;
    },
    roots: [{ problem: 'smart.ssd_wear', subject: 'sda' }],
  },
  {
    name: 'HPE Smart Array: a logical drive in Interim Recovery Mode (ssacli, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'dl380-2', { cores: 16, memory: 64_000, disk: 'sda', fs: 'xfs', crowd: 60 });
      noPsi(b);
      b.programs['ssacli'] = [
        [
          'ctrl all show config',
          `
Smart Array P440ar in Slot 0 (Embedded)   (sn: PDNLH0BRH8F2K1)


   Port Name: 1I

   Port Name: 2I

   Internal Drive Cage at Port 1I, Box 1, OK

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (1.1 TB, RAID 5, Interim Recovery Mode)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 600 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 600 GB, Failed)
      physicaldrive 1I:1:3 (port 1I:box 1:bay 3, SAS HDD, 600 GB, OK)

   SEP (Vendor ID PMCSIERR, Model SRCv8x6G) 379  (WWID: 5001438031A2C3DF)

`,
        ],
        [
          'ctrl all show status',
          `
Smart Array P440ar in Slot 0 (Embedded)
   Controller Status: OK
   Cache Status: OK
   Battery/Capacitor Status: OK

`,
        ],
      ];
      return b;
    },
    roots: [
      {
        problem: ['raid.degraded', 'raid.disk_failed'],
        subject: ['Smart Array P440ar', 'P440ar', '1I:1:2', 'logicaldrive 1', 'ssacli'],
      },
    ],
  },
  {
    name: 'Proxmox: the root pool has lost one half of its mirror (ZFS 2.2, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('proxmox', 'pve-3', {
        cores: 16,
        memory: 64_000,
        disk: 'sda',
        fs: 'zfs',
        rootDev: 'rpool/ROOT/pve-1',
        net: 'vmbr0',
        crowd: 60,
      });
      drives(b, ['sdb'], { gb: 480, model: 'INTEL SSDSC2KB480G8' });
      b.files['proc/spl/kstat/zfs/arcstats'] =
        '13 1 0x01 147 39984 6021447361 2601144120337151\nname                            type data\nc_min                           4    2105540608\nsize                            4    4201120448\n';
      b.programs['zpool'] = [
        [
          'status',
          `  pool: rpool
 state: DEGRADED
status: One or more devices could not be used because the label is missing or
	invalid.  Sufficient replicas exist for the pool to continue
	functioning in a degraded state.
action: Replace the device using 'zpool replace'.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-4J
  scan: scrub repaired 0B in 00:11:02 with 0 errors on Sun Mar  8 00:35:04 2026
config:

	NAME                                               STATE     READ WRITE CKSUM
	rpool                                              DEGRADED     0     0     0
	  mirror-0                                         DEGRADED     0     0     0
	    ata-INTEL_SSDSC2KB480G8_PHYF000001-part3       ONLINE       0     0     0
	    11529001122334455667                           UNAVAIL      0     0     0  was /dev/disk/by-id/ata-INTEL_SSDSC2KB480G8_PHYF000002-part3

errors: No known data errors
`,
        ],
        ['list -Hp', 'rpool\t478150656000\t91022113000\t387128543000\t-\t-\t11\t19\t1.00\tDEGRADED\t-\n'],
      ];
      return b;
    },
    roots: [{ problem: 'disk.zfs_degraded', subject: 'rpool' }],
  },
  {
    name: 'the data of a thin pool are 99 % full (LVM, RHEL 9, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'kvm-thin', { cores: 8, memory: 31_000, disk: 'sda', fs: 'xfs', crowd: 40 });
      noPsi(b);
      for (const [i, dm] of [
        'rhel-root',
        'vg1-tp1_tmeta',
        'vg1-tp1_tdata',
        'vg1-tp1-tpool',
        'vg1-vm_web',
        'vg1-vm_db',
      ].entries())
        b.disks.push({ name: `dm-${i}`, gb: 100, dm, on: 'sda' });
      b.programs['dmsetup'] = [
        [
          'status',
          `rhel-root: 0 146800640 linear
vg1-tp1_tmeta: 0 204800 linear
vg1-tp1_tdata: 0 838860800 linear
vg1-tp1-tpool: 0 838860800 thin-pool 31 9011/25600 6487245/6553600 - rw discard_passdown queue_if_no_space - 1024
vg1-vm_web: 0 419430400 thin 419412992 419430399
vg1-vm_db: 0 629145600 thin 410112992 629145599
`,
        ],
      ];
      return b;
    },
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['vg1-tp1', 'vg1/tp1', 'dm-3'] }],
  },
  {
    name: 'fstab wants /data by its UUID, after the restart it is not there (one report)',
    kind: 'fault',
    atFirst: 'the case was wrong',
    runs: 1,
    box: () => {
      const b = at('debian12', 'media-nas', { cores: 2, memory: 7900, days: 2 });
      b.fstab = `# /etc/fstab: static file system information.
UUID=0a1b2c3d-1111-2222-3333-444455556666 /               ext4    errors=remount-ro 0       1
UUID=99887766-aaaa-bbbb-cccc-ddddeeeeffff /data           xfs     defaults          0       2
UUID=99887766-aaaa-bbbb-cccc-ddddeeeefff0 /mnt/archive    xfs     noauto,user       0       0
/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
tmpfs /tmp tmpfs defaults,size=1G 0 0
`;
      b.mounts.push({ dev: 'tmpfs', at: '/tmp', type: 'tmpfs', mb: 1024, used: 3 });
      return b;
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/data' }],
  },
  {
    name: 'InfluxDB writes two gigabytes an hour, in eleven hours nothing is left (installed, each half hour)',
    kind: 'fault',
    runs: 16,
    every: 1800,
    rhythm: installed,
    onset: 4,
    box: () => {
      const b = at('ubuntu2204', 'metrics-2', { cores: 4, memory: 15_900, crowd: 20 });
      b.disks[0]!.parts!.push(['vda3', 110]);
      b.mounts.push({ dev: '/dev/vda3', at: '/var/lib/influxdb', type: 'xfs', mb: 100_000, used: 61_000 });
      b.serve('influxdb.service', {
        name: 'influxd',
        exe: '/usr/bin/influxd',
        uid: 115,
        rss: 2000,
        cpu: 0.3,
        threads: 20,
        write: 640_000,
      });
      return b;
    },
    each: (b, run) => void (b.mount('/var/lib/influxdb').used = 61_000 + run * 1150),
    roots: [{ problem: ['disk.fill_forecast', 'disk.full'], subject: '/var/lib/influxdb' }],
  },
  {
    name: 'a replica was switched off, its slot keeps WAL until the data directory is full and PostgreSQL stops',
    kind: 'fault',
    runs: 8,
    every: 600,
    onset: 1,
    box: () => {
      const b = at('debian12', 'pg-primary', { cores: 8, memory: 31_000, crowd: 20 });
      b.disks.push({ name: 'vdb', gb: 200, writes: 90, writeKb: 60 });
      b.mounts.push({ dev: '/dev/vdb', at: '/var/lib/postgresql', type: 'ext4', mb: 190_000, used: 120_000 });
      b.serve('postgresql@16-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/16/bin/postgres',
        uid: 110,
        rss: 2000,
        cpu: 0.3,
        write: 9e6,
      });
      b.serve('app.service', { name: 'app', exe: '/opt/app/app', uid: 1001, rss: 200, cpu: 0.1 });
      return b;
    },
    each: (b, run) => {
      b.mount('/var/lib/postgresql').used = Math.min(180_500, 120_000 + run * 11_000);
      postgresSays(b, { slots: `standby1|f|${30_000_000_000 + run * 11_500_000_000}\nstandby2|t|1201123\n` });
      if (run < 6) return;
      b.mount('/var/lib/postgresql').used = 180_500;
      if (run === 6) b.fail('postgresql@16-main.service', 'exit-code', 1, 1, 60);
      b.programs['psql'] = [['*', '', 2]];
    },
    roots: [{ problem: 'db.pg_slot', subject: ['standby1', 'postgres', 'pg-primary'] }],
    chain: ['db.pg_slot>disk.full', 'disk.full>svc.unit_failed'],
  },
  {
    name: 'logrotate has failed for a week, the disk is full, Redis can not save and the shop answers 500 (Ubuntu 20.04)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('ubuntu2004', 'shop-4', {
        cores: 4,
        memory: 7900,
        root: [40, 35],
        now: '2025-03-11T14:31:12Z',
        crowd: 20,
      });
      pods(b, 3);
      b.serve('nginx.service', { name: 'nginx', rss: 14, cpu: 0.05 });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-server',
        uid: 114,
        rss: 300,
        cpu: 0.05,
      });
      b.units.push({
        name: 'logrotate.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        text: 'Rotate log files',
        stopped: b.now - 51_000,
      });
      b.files['run/redis/redis-server.sock'] = '';
      b.programs['du'] = du([
        [17_400_112, '/var/log/nginx'],
        [400_112, '/var/log/journal'],
        [18_012_000, '/var/log'],
      ]);
      return b;
    },
    each: (b, run) => {
      for (const m of b.mounts) if (m.at === '/' || m.type === 'overlay') m.used = run ? 35_720 : 35_300;
      const d = new Date((b.now + 30) * 1000).toISOString();
      b.programs['redis-cli'] = [
        [
          'info all',
          `# Server\r\nredis_version:5.0.7\r\n# Persistence\r\nloading:0\r\nrdb_changes_since_last_save:${9011 + run * 900}\r\nrdb_bgsave_in_progress:0\r\nrdb_last_save_time:${Math.round(b.now) - 900}\r\nrdb_last_bgsave_status:${run ? 'err' : 'ok'}\r\naof_enabled:0\r\n# Memory\r\nused_memory:290112344\r\nused_memory_rss:312112344\r\nmaxmemory:1073741824\r\nmaxmemory_policy:allkeys-lru\r\n# Stats\r\nrejected_connections:0\r\nevicted_keys:0\r\n# Clients\r\nconnected_clients:14\r\n# Replication\r\nrole:master\r\n`,
        ],
      ];
      const t = `${d.slice(8, 10)}/Mar/2025:${d.slice(11, 19)} +0000`;
      const row = (code: number, i: number) =>
        `198.51.100.${i} - - [${t}] "POST /cart HTTP/1.1" ${code} 512 "-" "Mozilla/5.0"\n`;
      b.files['var/log/nginx/access.log'] = Array.from({ length: 400 + run * 300 }, (_, i) =>
        row(run && i % 3 ? 500 : 200, i % 250),
      ).join('');
      b.files['var/log/redis/redis-server.log'] = run
        ? '812:M Write error saving DB on disk: No space left on device\n'
        : '';
    },
    roots: [{ problem: 'sys.logrotate_failed', subject: ['logrotate', '/var/log', 'shop-4', '/'] }],
    chain: ['sys.logrotate_failed>disk.full', 'disk.full>db.redis_bgsave'],
  },
  {
    name: 'MegaRAID: the CacheVault has failed, writes go through to the disks and take their time (storcli)',
    kind: 'fault',
    runs: 7,
    every: 300,
    onset: 2,
    box: () => {
      const b = at('alma10', 'r740-1', { cores: 16, memory: 64_000, disk: 'sda', fs: 'xfs', crowd: 50 });
      noPsi(b);
      Object.assign(b.disk('sda'), {
        rotational: true,
        reads: 60,
        readMs: 6,
        writes: 140,
        writeKb: 16,
        writeMs: 1.1,
        busy: 0.3,
      });
      fence(b, '22');
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      b.programs['storcli64'] = [
        [
          '/call show all',
          `CLI Version = 007.1705.0000.0000 Mar 31, 2021
Operating system = Linux
Controller = 0
Status = Success
Description = None


Basics :
======
Controller = 0
Model = AVAGO MegaRAID SAS 9460-16i
Serial Number = SP00112233

Status :
======
Controller Status = ${bad ? 'Needs Attention' : 'Optimal'}
Memory Correctable Errors = 0
Memory Uncorrectable Errors = 0
BBU Status = ${bad ? 32 : 0}

VD LIST :
=======

---------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC      Size Name
---------------------------------------------------------------
0/239 RAID6 Optl  RW     Yes     ${bad ? 'RWTD ' : 'RWBD '} -   ON  21.829 TB data
---------------------------------------------------------------

Physical Drives = 4

PD LIST :
=======

-------------------------------------------------------------------------------
EID:Slt DID State DG      Size Intf Med SED PI SeSz Model            Sp Type
-------------------------------------------------------------------------------
252:0    17 Onln   0 10.913 TB SAS  HDD N   N  4 KB HUH721212AL4200  U  -
252:1    18 Onln   0 10.913 TB SAS  HDD N   N  4 KB HUH721212AL4200  U  -
252:2    19 Onln   0 10.913 TB SAS  HDD N   N  4 KB HUH721212AL4200  U  -
252:3    20 Onln   0 10.913 TB SAS  HDD N   N  4 KB HUH721212AL4200  U  -
-------------------------------------------------------------------------------


Cachevault_Info :
===============

------------------------------------
Model  State   Temp Mode MfgDate
------------------------------------
CVPM05 ${bad ? 'Failed ' : 'Optimal'} 31C  -    2018/11/02
------------------------------------

`,
        ],
      ];
      if (bad) {
        Object.assign(b.disk('sda'), { writeMs: 64, busy: 0.97, queue: 11 });
        Object.assign(b, { iowait: 0.18, blocked: 4 });
      }
    },
    roots: [{ problem: 'raid.bbu', subject: ['storcli', 'c0', '0', 'AVAGO', 'MegaRAID'] }],
    chain: ['raid.bbu>disk.saturated'],
  },
];
