// Filesystems, disks, drives, arrays and pools.
import type { Box, Tree } from '../box.ts';
import { trueNas } from '../abroad/drives.ts';
import { nvme, pool, sata } from '../abroad/tools.ts';
import { fault, is, note, on, shelves, town, weather } from './places.ts';

export const stores: Tree[] = [
  fault(
    'the archive of the write-ahead log grows on RHEL 7 and fills the volume tonight',
    is('disk.fill_forecast', '/var/lib/pgsql'),
    () => {
      const b = shelves(
        town(on('rhel7', 'pg3', { cores: 8, memory: 31_800, disk: 'sda', fs: 'xfs' }), 120),
        6,
      );
      b.mounts.push({
        dev: '/dev/mapper/vgdata-pgsql',
        at: '/var/lib/pgsql',
        type: 'xfs',
        mb: 510_000,
        used: 333_000,
      });
      b.disks.push(
        { name: 'dm-3', gb: 535, dm: 'vgdata-pgsql', on: 'sdb', writes: 90, writeKb: 36 },
        { name: 'sdb', gb: 536, writes: 90, writeKb: 36 },
      );
      b.serve('postgresql-9.6.service', {
        name: 'postmaster',
        exe: '/usr/pgsql-9.6/bin/postgres',
        uid: 26,
        rss: 4100,
        cpu: 0.3,
        write: 3_100_000,
      });
      return b;
    },
    {
      atFirst: 'rule silent',
      runs: 8,
      every: 3600,
      each(b, run) {
        b.mount('/var/lib/pgsql').used = 333_000 + run * 11_300;
      },
    },
  ),
  fault(
    'a log that was deleted and not let go has filled /var of Debian 10',
    is('disk.deleted_open', ['/var', 'java']),
    () => {
      const b = town(on('debian10', 'tomcat7', { cores: 4, memory: 15_900, disk: 'sda', root: [30, 9] }), 90);
      b.mounts.push({ dev: '/dev/mapper/vg-var', at: '/var', type: 'ext4', mb: 40_000, used: 39_200 });
      b.disks.push({ name: 'dm-1', gb: 42, dm: 'vg-var', on: 'sda' });
      const java = b.serve('tomcat9.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-11-openjdk-amd64/bin/java',
        uid: 998,
        rss: 3800,
        threads: 88,
        cpu: 0.2,
        files: ['/dev/null', '/dev/null', '/dev/null', '/var/log/tomcat9/catalina.out (deleted)'],
      });
      b.held.push({ pid: java.pid, fd: 3, bytes: 26_843_545_600, device: 64_769, inode: 393_301 });
      return b;
    },
    { chain: ['disk.deleted_open>disk.full'] },
  ),
  fault(
    'the second disk of a Void server did not come back after a start',
    is('disk.mount_missing', '/srv/media'),
    () => {
      const b = town(on('void', 'attic', { cores: 4, memory: 7800, disk: 'sda', days: 1 }), 40);
      b.fstab = `# <file system> <dir> <type> <options> <dump> <pass>
UUID=1a2c /               ext4    defaults        0 1
UUID=7f33-0c19-44aa /srv/media xfs  defaults,noatime  0 2
tmpfs /tmp tmpfs defaults,nosuid,nodev 0 0
#UUID=dead /mnt/old ext3 defaults 0 2
/dev/sr0 /mnt/cdrom iso9660 noauto,ro,user 0 0
`;
      b.mounts.push({ dev: 'tmpfs', at: '/tmp', type: 'tmpfs', mb: 3900, used: 1 });
      return b;
    },
  ),
  fault(
    'a disk under an object store of Debian 13 on arm64 fails, its filesystem is read-only now',
    is(['disk.errors', 'smart.pending'], 'sdb'),
    () => {
      const b = town(on('debian13arm', 'minio-2', { cores: 4, memory: 15_800, disk: 'nvme0n1' }), 60);
      b.disks.push({
        name: 'sdb',
        gb: 4000,
        model: 'ST4000VN006-3CW1',
        rotational: true,
        parts: [['sdb1', 4000]],
        ioerr: 0x31,
      });
      b.mounts.push({
        dev: '/dev/sdb1',
        at: '/srv/minio',
        type: 'ext4',
        options: 'ro,noatime,errors=remount-ro',
        mb: 3_700_000,
        used: 1_900_000,
      });
      b.serve('minio.service', { name: 'minio', exe: '/usr/local/bin/minio', uid: 995, rss: 700 });
      b.fail('minio.service', 'exit-code', 1, 1, 240);
      const sector = 1_953_382_424;
      for (const ago of [402, 398, 391]) {
        b.say(3, 'ata2.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x0', ago);
        b.say(3, 'ata2.00: status: { DRDY ERR }', ago);
        b.say(3, 'ata2.00: error: { UNC }', ago);
        b.say(
          3,
          `I/O error, dev sdb, sector ${sector} op 0x1:(WRITE) flags 0x800 phys_seg 8 prio class 2`,
          ago,
        );
        b.say(3, 'Buffer I/O error on dev sdb1, logical block 244172547, lost async page write', ago);
      }
      b.say(3, 'Aborting journal on device sdb1-8.', 390);
      b.say(
        2,
        'EXT4-fs error (device sdb1): ext4_journal_check_start:84: comm minio: Detected aborted journal',
        389,
      );
      b.say(2, 'EXT4-fs (sdb1): Remounting filesystem read-only', 389);
      return b;
    },
    { chain: ['disk.errors>disk.readonly'] },
  ),
  fault('the pool of a TrueNAS is full to nine parts of ten', is('disk.zfs_capacity', 'tank'), () => {
    const b = town(trueNas('nas-keller'), 60);
    b.mount('/mnt/tank/media').mb = 6_400_000;
    b.mount('/mnt/tank/media').used = 5_700_000;
    b.programs['zpool'] = pool(
      'tank',
      'ONLINE',
      [
        ['5c1f1d5e-0fb3-4d0a-9a8a-0c1111111111', 'ONLINE', 0, 0, 0],
        ['5c1f1d5e-0fb3-4d0a-9a8a-0c2222222222', 'ONLINE', 0, 0, 0],
        ['5c1f1d5e-0fb3-4d0a-9a8a-0c3333333333', 'ONLINE', 0, 0, 0],
      ],
      { full: 93 },
    );
    return b;
  }),
  fault(
    'a drive of RHEL 6 says itself that it is failing, smartctl 5.43',
    is(['smart.failed', 'smart.combo'], 'sdb'),
    () => {
      const b = town(on('rhel6', 'backup-alt', { cores: 2, memory: 3800, disk: 'sda' }), 50);
      b.disks.push({
        name: 'sdb',
        gb: 2000,
        model: 'WDC WD2003FYYS-0',
        rotational: true,
        parts: [['sdb1', 2000]],
      });
      b.disk('sda').smart = smart543('WDC WD5003ABYX-0', 'WD-WMAYP1', 'PASSED', 0, 0);
      b.disk('sdb').smart = smart543(
        'WDC WD2003FYYS-0',
        'WD-WMAY00',
        'FAILED!\nDrive failure expected in less than 24 hours. SAVE ALL DATA.',
        1881,
        12,
      );
      b.mounts.push({ dev: '/dev/sdb1', at: '/backup', type: 'ext4', mb: 1_850_000, used: 1_100_000 });
      return b;
    },
  ),
  fault(
    'a drive of a Proxmox node has reported errors that it could not correct',
    is('smart.uncorrectable', 'sdc'),
    () => {
      const b = weather(
        town(
          on('proxmox', 'pve-b', {
            cores: 16,
            memory: 128_000,
            disk: 'sda',
            rootDev: '/dev/mapper/pve-root',
          }),
          90,
        ),
      );
      for (const name of ['sdb', 'sdc'])
        b.disks.push({ name, gb: 4000, model: 'ST4000NM0035-1V4', rotational: true });
      for (const name of ['sdb', 'sdc'])
        b.disk(name).smartJson = sata(
          name,
          'ST4000NM0035-1V4107',
          [
            [1, 'Raw_Read_Error_Rate', 79, 44, 84_211_312],
            [3, 'Spin_Up_Time', 94, 0, 0],
            [5, 'Reallocated_Sector_Ct', 100, 10, 0],
            [7, 'Seek_Error_Rate', 91, 45, 1_329_112_004],
            [9, 'Power_On_Hours', 55, 0, 40_112],
            [187, 'Reported_Uncorrect', name === 'sdc' ? 86 : 100, 0, name === 'sdc' ? 14 : 0],
            [188, 'Command_Timeout', 100, 0, 0],
            [194, 'Temperature_Celsius', 36, 0, 36],
            [197, 'Current_Pending_Sector', 100, 0, 0],
            [198, 'Offline_Uncorrectable', 100, 0, 0],
            [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
          ],
          { hours: 40_112 },
        );
      return b;
    },
  ),
  note(
    'the cable of a disk of an arm64 server with Ubuntu 22.04 goes bad',
    is('smart.crc', 'sda'),
    () => {
      const b = town(on('ubuntu2204arm', 'ampere-3', { cores: 8, memory: 31_000, disk: 'nvme0n1' }), 70);
      b.disks.push({
        name: 'sda',
        gb: 8000,
        model: 'TOSHIBA HDWG480',
        rotational: true,
        parts: [['sda1', 8000]],
      });
      b.mounts.push({ dev: '/dev/sda1', at: '/data', type: 'ext4', mb: 7_300_000, used: 2_100_000 });
      return b;
    },
    {
      runs: 4,
      every: 21_600,
      each(b, run) {
        b.disk('sda').smartJson = sata(
          'sda',
          'TOSHIBA HDWG480',
          [
            [1, 'Raw_Read_Error_Rate', 100, 50, 0],
            [3, 'Spin_Up_Time', 100, 1, 8211],
            [5, 'Reallocated_Sector_Ct', 100, 50, 0],
            [9, 'Power_On_Hours', 71, 0, 11_802 + run * 6],
            [194, 'Temperature_Celsius', 100, 0, 35],
            [197, 'Current_Pending_Sector', 100, 0, 0],
            [198, 'Offline_Uncorrectable', 100, 0, 0],
            [199, 'UDMA_CRC_Error_Count', 200, 0, [3, 3, 64, 171][run]!],
          ],
          { hours: 11_802 + run * 6 },
        );
      },
    },
  ),
  fault(
    'an NVMe drive of RHEL 9 says that it is no longer to be trusted',
    is(['smart.nvme_critical', 'smart.failed'], 'nvme0n1'),
    () => {
      const b = town(on('rhel9', 'kvm-07', { cores: 16, memory: 128_000, disk: 'nvme0n1', fs: 'xfs' }), 140);
      b.disk('nvme0n1').smartJson = nvme('nvme0n1', { used: 61, warning: 4, spare: 88 });
      return b;
    },
  ),
  note(
    'nobody has tested the disks of a Debian 12 server for two years',
    is('smart.selftest_old', 'sda'),
    () => {
      const b = town(
        on('debian12', 'git', { cores: 4, memory: 15_800, disk: 'sda', model: 'WDC WD4003FFBX-6' }),
        60,
      );
      const told = sata('sda', 'WDC WD4003FFBX-68MU3N0', [
        [5, 'Reallocated_Sector_Ct', 100, 10, 0],
        [9, 'Power_On_Hours', 71, 0, 31_204],
        [194, 'Temperature_Celsius', 100, 0, 34],
        [197, 'Current_Pending_Sector', 100, 0, 0],
        [198, 'Offline_Uncorrectable', 100, 0, 0],
        [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
      ]) as { ata_smart_self_test_log: { standard: { table: { lifetime_hours: number }[] } } };
      told.ata_smart_self_test_log.standard.table[0]!.lifetime_hours = 13_600;
      b.disk('sda').smartJson = told;
      return b;
    },
  ),
  fault(
    'the check of an array on SLES 12 begins in working hours, and all wait for the disks',
    is('raid.resync', 'md0'),
    () => {
      const b = town(on('sles12', 'fs-nord', { cores: 4, memory: 15_900, disk: 'sda', fs: 'btrfs' }), 130);
      for (const name of ['sdb', 'sdc', 'sdd', 'sde'])
        b.disks.push({ name, gb: 2000, model: 'HGST HUS722T2TALA', rotational: true, reads: 12, writes: 9 });
      b.disks.push({ name: 'md0', gb: 6000, reads: 30, writes: 22, rotational: true });
      b.mounts.push({ dev: '/dev/md0', at: '/srv/samba', type: 'xfs', mb: 5_700_000, used: 3_900_000 });
      b.serve('smb.service', { name: 'smbd', rss: 40, cpu: 0.05 });
      check(b, false);
      return b;
    },
    {
      runs: 8,
      onset: 3,
      chain: ['raid.resync>disk.saturated'],
      each(b, run) {
        if (run < 3) return;
        check(b, true, 2.1 + run * 0.4);
        for (const name of ['sdb', 'sdc', 'sdd', 'sde'])
          Object.assign(b.disk(name), {
            reads: 260,
            readKb: 500,
            readMs: 24,
            writeMs: 61,
            busy: 0.99,
            queue: 9,
          });
        Object.assign(b.disk('md0'), { readMs: 95, writeMs: 240, busy: 0.97, queue: 6 });
        b.iowait = 0.31;
        b.blocked = 4;
        b.load = [5.9, 4.2, 2.1];
        if (run === 3) b.run({ name: 'md0_resync', ppid: 2, cpu: 0.06, state: 'D' });
      },
    },
  ),
  fault(
    'the battery of a controller in RHEL 7.1 is at its end, each write waits for the disks',
    is('raid.bbu', ['megacli 0', 'controller 0']),
    () => {
      const b = town(on('rhel70', 'erp-db', { cores: 8, memory: 64_000, disk: 'sda', fs: 'xfs' }), 150);
      b.serve('mariadb.service', {
        name: 'mysqld',
        exe: '/usr/libexec/mysqld',
        uid: 27,
        rss: 22_000,
        threads: 60,
        cpu: 0.8,
      });
      b.disk('sda').rotational = true;
      b.disk('sda').model = 'PERC H700';
      Object.assign(b.disk('sda'), { writes: 310, reads: 40, writeMs: 0.5, busy: 0.12 });
      mega(b, true);
      return b;
    },
    {
      atFirst: 'the case was wrong',
      runs: 8,
      onset: 3,
      chain: ['raid.bbu>disk.saturated'],
      each(b, run) {
        if (run < 3) return;
        mega(b, false);
        Object.assign(b.disk('sda'), { writes: 180, writeMs: 47, busy: 0.97, queue: 9, readMs: 8 });
        b.iowait = 0.27;
        b.blocked = 5;
        b.load = [7.1, 4.8, 2.4];
      },
    },
  ),
  fault(
    'an import on Arch Linux is held back by the limit of its own unit',
    is('disk.cgroup_throttled', ['import.service', 'import']),
    () => {
      const b = town(on('arch', 'ingest', { cores: 8, memory: 31_700, disk: 'nvme0n1', fs: 'xfs' }), 60);
      b.serve(
        'import.service',
        { name: 'importer', exe: '/opt/import/importer', uid: 970, rss: 410, cpu: 0.1, write: 2_090_000 },
        { ioMax: '259:0 rbps=max wbps=2097152 riops=max wiops=max' },
      );
      return b;
    },
    {
      runs: 6,
      onset: 1,
      each(b, run) {
        if (run < 1) return;
        b.psi.io = 58;
        b.psi.ioFull = 51;
        b.process('importer').state = 'D';
        b.process('importer').wchan = 'io_schedule';
        b.blocked = 1;
        b.load = [1.3, 0.9, 0.4];
        Object.assign(b.disk('nvme0n1'), { writes: 22, writeKb: 96, writeMs: 0.3, busy: 0.01 });
        b.files['sys/fs/cgroup/system.slice/import.service/io.pressure'] =
          'some avg10=96.12 avg60=95.40 avg300=60.11 total=250111222\nfull avg10=96.12 avg60=95.40 avg300=60.11 total=250111000\n';
        b.files['sys/fs/cgroup/system.slice/import.service/io.stat'] =
          `259:0 rbytes=401408 wbytes=${100_000_000 + run * 125_000_000} rios=40 wios=${9000 + run * 1320} dbytes=0 dios=0\n`;
      },
    },
  ),
];

function check(b: Box, running: boolean, percent = 0): void {
  b.files['proc/mdstat'] = `Personalities : [raid6] [raid5] [raid4] 
md0 : active raid5 sde[4] sdd[2] sdc[1] sdb[0]
      5860147200 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/4] [UUUU]
${running ? `      [>....................]  check =  ${percent.toFixed(1)}% (${Math.round(percent * 19_533_824)}/1953382400) finish=241.7min speed=131221K/sec\n` : ''}      bitmap: 2/15 pages [8KB], 65536KB chunk

unused devices: <none>
`;
  b.files['sys/block/md0/md/degraded'] = '0\n';
  b.files['sys/block/md0/md/sync_action'] = running ? 'check\n' : 'idle\n';
  b.files['sys/block/md0/md/mismatch_cnt'] = '0\n';
}

function mega(b: Box, good: boolean): void {
  b.programs['MegaCli64'] = [
    [
      '-LDInfo -Lall -aALL -NoLog',
      `

Adapter 0 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
Name                :daten
RAID Level          : Primary-1, Secondary-0, RAID Level Qualifier-0
Size                : 1.817 TB
Sector Size         : 512
Mirror Data         : 1.817 TB
State               : Optimal
Strip Size          : 64 KB
Number Of Drives per span:2
Span Depth          : 2
Default Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU
Current Cache Policy: ${good ? 'WriteBack' : 'WriteThrough'}, ReadAdaptive, Direct, No Write Cache if Bad BBU
Default Access Policy: Read/Write
Current Access Policy: Read/Write
Disk Cache Policy   : Disabled
Encryption Type     : None
Bad Blocks Exist: No
Is VD Cached: No



Exit Code: 0x00
`,
    ],
    [
      '-PDList -aALL -NoLog',
      `
Adapter #0

${[0, 1, 2, 3]
  .map(
    (i) => `Enclosure Device ID: 32
Slot Number: ${i}
Drive's position: DiskGroup: 0, Span: ${i >> 1}, Arm: ${i % 2}
Enclosure position: 1
Device Id: ${i}
WWN: 5000C5006C1B2A3${i}
Sequence Number: 2
Media Error Count: 0
Other Error Count: 0
Predictive Failure Count: 0
Last Predictive Failure Event Seq Number: 0
PD Type: SAS

Raw Size: 931.512 GB [0x74706db0 Sectors]
Firmware state: Online, Spun Up
Device Firmware Level: KS68
Inquiry Data: SEAGATE ST91000640SS    KS689XG0A1B${i}            
Drive Temperature :31C (87.80 F)
Drive has flagged a S.M.A.R.T alert : No

`,
  )
  .join('\n')}
Exit Code: 0x00
`,
    ],
    [
      '-AdpBbuCmd -GetBbuStatus -aALL -NoLog',
      `
BBU status for Adapter: 0

BatteryType: BBU
Voltage: ${good ? 4011 : 3398} mV
Current: 0 mA
Temperature: 38 C
Battery State     : ${good ? 'Operational' : 'Degraded(Need Attention)'}

BBU Firmware Status:

  Charging Status              : None
  Voltage                                 : ${good ? 'OK' : 'Low'}
  Temperature                             : OK
  Learn Cycle Requested	                  : No
  Learn Cycle Active                      : No
  Learn Cycle Status                      : OK
  Learn Cycle Timeout                     : No
  I2c Errors Detected                     : No
  Battery Pack Missing                    : No
  Battery Replacement required            : ${good ? 'No' : 'Yes'}
  Remaining Capacity Low                  : ${good ? 'No' : 'Yes'}
  Periodic Learn Required                 : No
  Transparent Learn                       : No

Battery state: 

GasGuageStatus:
  Fully Discharged        : No
  Fully Charged           : ${good ? 'Yes' : 'No'}
  Discharging             : Yes
  Initialized             : Yes
  Remaining Time Alarm    : No
  Discharge Terminated    : No
  Over Temperature        : No
  Charging Terminated     : No
  Over Charged            : No

Relative State of Charge: ${good ? 98 : 22} %
Charger System State: 49168
Charger System Ctrl: 0
Charging current: 0 mA
Absolute state of charge: ${good ? 81 : 14} %
Max Error: 2 %

Exit Code: 0x00
`,
    ],
  ];
}

function smart543(
  model: string,
  serial: string,
  health: string,
  reallocated: number,
  pending: number,
): string {
  return `smartctl 5.43 2012-06-30 r3573 [x86_64-linux-2.6.32-696.el6.x86_64] (local build)
Copyright (C) 2002-12 by Bruce Allen, http://smartmontools.sourceforge.net

=== START OF INFORMATION SECTION ===
Model Family:     Western Digital RE4 Serial ATA
Device Model:     ${model}
Serial Number:    ${serial}
LU WWN Device Id: 5 0014ee 0ae6c1d22
Firmware Version: 05.01D01
User Capacity:    2,000,398,934,016 bytes [2.00 TB]
Sector Size:      512 bytes logical/physical
Device is:        In smartctl database [for details use: -P show]
ATA Version is:   8
ATA Standard is:  Exact ATA specification draft version not indicated
Local Time is:    Tue Sep 12 10:42:17 2017 CEST
SMART support is: Available - device has SMART capability.
SMART support is: Enabled
Power mode is:    ACTIVE or IDLE

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: ${health}
${health.startsWith('FAILED') ? 'Failed Attributes:\n' : '\nGeneral SMART Values:\nOffline data collection status:  (0x84)	Offline data collection activity\n'}SMART Attributes Data Structure revision number: 16
Vendor Specific SMART Attributes with Thresholds:
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  1 Raw_Read_Error_Rate     0x002f   200   200   051    Pre-fail  Always       -       7
  3 Spin_Up_Time            0x0027   253   253   021    Pre-fail  Always       -       8516
  4 Start_Stop_Count        0x0032   100   100   000    Old_age   Always       -       41
  5 Reallocated_Sector_Ct   0x0033   ${reallocated ? '133   133' : '200   200'}   140    Pre-fail  Always   ${reallocated ? 'FAILING_NOW' : '    -'} ${reallocated}
  7 Seek_Error_Rate         0x002e   200   200   000    Old_age   Always       -       0
  9 Power_On_Hours          0x0032   042   042   000    Old_age   Always       -       42911
194 Temperature_Celsius     0x0022   116   103   000    Old_age   Always       -       34
196 Reallocated_Event_Count 0x0032   001   001   000    Old_age   Always       -       ${reallocated}
197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       ${pending}
198 Offline_Uncorrectable   0x0030   200   200   000    Old_age   Offline      -       0
199 UDMA_CRC_Error_Count    0x0032   200   200   000    Old_age   Always       -       0

SMART Error Log Version: 1
No Errors Logged

SMART Self-test log structure revision number 1
Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error
# 1  Extended offline    Completed without error       00%     42770         -
`;
}
