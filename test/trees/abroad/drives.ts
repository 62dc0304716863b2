// Drives, arrays, pools, sensors and memory modules, of machines elsewhere.
import { installed, type Tree } from '../box.ts';
import { at } from './lands.ts';
import { mdstat, nvme, pool, sas, sata, storcli, supermicro } from './tools.ts';

export const drives: Tree[] = [
  {
    name: 'a SAS drive behind an HBA can no longer read some of its sectors',
    kind: 'fault',
    every: 600,
    onset: 2,
    runs: 6,
    box: () => {
      const b = at('rhel9', 'ceph-hdd-07', {
        cores: 32,
        memory: 128_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'ens2f0',
        crowd: 60,
      });
      for (const name of ['sdb', 'sdc', 'sdd', 'sde'])
        b.disks.push({
          name,
          gb: 12_000,
          model: 'ST12000NM004J',
          rotational: true,
          smartJson: sas(name, {}),
          reads: 40,
          readKb: 128,
          readMs: 8,
          busy: 0.3,
        });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.disk('sdc').smartJson = sas('sdc', { uncorrected: run * 4, defects: run * 11 });
      b.disk('sdc').ioerr = 3 + run * 4;
      b.say(
        3,
        'sd 0:0:2:0: [sdc] tag#1904 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=3s',
        200,
      );
      b.say(3, 'sd 0:0:2:0: [sdc] tag#1904 Sense Key : Medium Error [current] [descriptor] ', 200);
      b.say(3, 'sd 0:0:2:0: [sdc] tag#1904 Add. Sense: Unrecovered read error', 200);
      b.say(
        2,
        'critical medium error, dev sdc, sector 1902100480 op 0x0:(READ) flags 0x0 phys_seg 32 prio class 2',
        200,
      );
    },
    roots: [
      {
        problem: [
          'disk.errors',
          'smart.uncorrectable',
          'smart.failed',
          'smart.combo',
          'smart.reallocated',
          'smart.pending',
        ],
        subject: 'sdc',
      },
    ],
  },
  {
    name: 'Gentoo: an NVMe drive counts more and more media errors',
    kind: 'fault',
    every: 3600,
    onset: 1,
    runs: 5,
    box: () => {
      const b = at('gentoo', 'zentrale', { cores: 16, memory: 64_000, disk: 'nvme0n1', net: 'enp9s0' });
      b.disks[0]!.smartJson = nvme('nvme0n1');
      b.disks.push({ name: 'nvme1n1', gb: 1920, model: 'SAMSUNG MZQL21T9HCJR-00A07' });
      return b;
    },
    each: (b, run) => {
      b.disk('nvme1n1').smartJson = nvme('nvme1n1', { media: [2, 2, 7, 15, 24][run]!, used: 38 });
    },
    roots: [{ problem: 'smart.nvme_media', subject: 'nvme1' }],
  },
  {
    name: 'QNAP: a drive of the data array has failed; the system mirrors have slots to spare',
    kind: 'fault',
    onset: 1,
    runs: 4,
    box: () => {
      const b = at('qnap', 'NAS4F21', { cores: 4, memory: 3800, disk: 'sda', net: 'eth0' });
      b.files['etc/os-release'] = undefined;
      b.disks = ['sda', 'sdb', 'sdc', 'sdd'].map((disk) => ({
        name: disk,
        gb: 8000,
        model: 'TOSHIBA HDWG480',
        rotational: true,
        parts: [
          [`${disk}1`, 0.5],
          [`${disk}3`, 7980],
        ],
      }));
      b.mounts = [
        { dev: 'none', at: '/', type: 'tmpfs', mb: 400, used: 180 },
        ...b.mounts.filter((m) => /^(proc|sysfs|dev)/.test(m.type)),
        { dev: '/dev/md9', at: '/mnt/HDA_ROOT', type: 'ext3', mb: 510, used: 190 },
        {
          dev: '/dev/mapper/cachedev1',
          at: '/share/CACHEDEV1_DATA',
          type: 'ext4',
          mb: 23_000_000,
          used: 9_000_000,
        },
      ];
      return b;
    },
    each: (b, run) => {
      const gone = run >= 1;
      b.files['proc/mdstat'] = mdstat([
        [
          'md1',
          'raid5',
          `sda3[0] sdd3[3] sdc3[2]${gone ? '(F)' : ''} sdb3[1]`,
          23_397_900_288,
          gone ? '[4/3] [UU_U]' : '[4/4] [UUUU]',
        ],
        [
          'md13',
          'raid1',
          'sda4[32] sdd4[35] sdc4[34] sdb4[33]',
          458_880,
          '[128/4] [UUUU____________________________]',
          'bitmap: 1/1 pages [4KB], 65536KB chunk',
        ],
        [
          'md9',
          'raid1',
          'sda1[32] sdd1[35] sdc1[34] sdb1[33]',
          530_048,
          '[128/4] [UUUU____________________________]',
          'bitmap: 1/1 pages [4KB], 65536KB chunk',
        ],
      ]);
      for (const [md, degraded] of [
        ['md1', gone ? 1 : 0],
        ['md9', 124],
        ['md13', 124],
      ] as const) {
        b.files[`sys/block/${md}/md/degraded`] = `${degraded}\n`;
        b.files[`sys/block/${md}/md/sync_action`] = 'idle\n';
        b.files[`sys/block/${md}/size`] = '1060096\n';
      }
      if (run === 1) {
        b.say(
          3,
          'blk_update_request: I/O error, dev sdc, sector 9012224 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
          30,
        );
        b.say(2, 'md/raid:md1: Disk failure on sdc3, disabling device.', 29);
        b.say(2, 'md/raid:md1: Operation continuing on 3 devices.', 29);
      }
    },
    roots: [{ problem: ['raid.disk_failed', 'raid.degraded', 'disk.errors'], subject: ['md1', 'sdc'] }],
    chain: ['raid.disk_failed>raid.degraded'],
  },
  {
    name: 'storcli: a RAID 6 runs without one of its drives (one report)',
    kind: 'fault',
    atFirst: 'the case was wrong',
    runs: 1,
    box: () => {
      const b = at('alma10', 'archiv', {
        cores: 8,
        memory: 32_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'eno1np0',
        model: 'MR9361-8i',
      });
      b.programs['storcli64'] = storcli('Pdgd', [
        ['252:0', 'Onln', '0'],
        ['252:1', 'Onln', '0'],
        ['252:2', 'Offln', '0'],
        ['252:3', 'Onln', '0'],
        ['252:4', 'Onln', '0'],
        ['252:5', 'Onln', '0'],
      ]);
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      return b;
    },
    roots: [
      {
        problem: ['raid.degraded', 'raid.disk_failed'],
        subject: ['/c0', 'c0', '0/0', 'controller 0', 'storcli 0', '252:2'],
      },
    ],
  },
  {
    name: 'TrueNAS SCALE: a disk of the pool returns wrong data, files are damaged (OpenZFS 2.2)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = trueNas('tank-1');
      b.programs['zpool'] = pool(
        'tank',
        'ONLINE',
        [
          ['3f1a7c1e-6a0b-4c11-9c6e-0d8a1f2b3c4d', 'ONLINE', 0, 0, 0],
          ['8d2b4e5f-1c2d-4e3f-8a9b-1c2d3e4f5a6b', 'ONLINE', 4, 0, '1.21K'],
          ['b7c8d9e0-f1a2-4b3c-9d4e-5f6a7b8c9d0e', 'ONLINE', 0, 0, 0],
        ],
        {
          status: `status: One or more devices has experienced an error resulting in data
\tcorruption.  Applications may be affected.
action: Restore the file in question if possible.  Otherwise restore the
\tentire pool from backup.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-8A
`,
          errors: "3 data errors, use '-v' for a list",
        },
      );
      return b;
    },
    roots: [
      { problem: ['disk.zfs_degraded', 'disk.fs_errors', 'disk.errors'], subject: ['tank', '8d2b4e5f'] },
    ],
  },
  {
    name: 'Devuan: a RAID 5 without one drive, and another one has pending sectors (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('devuan', 'filer', { cores: 4, memory: 7800, disk: 'sda', net: 'eth0' });
      for (const name of ['sdb', 'sdc', 'sdd', 'sde'])
        b.disks.push({
          name,
          gb: 6000,
          model: 'WDC WD60EFAX-68S',
          rotational: true,
          parts: [[`${name}1`, 5990]],
          smartJson: sata(name, 'WDC WD60EFAX-68SHWN0', [
            [1, 'Raw_Read_Error_Rate', 200, 51, 0],
            [5, 'Reallocated_Sector_Ct', 200, 140, 0],
            [9, 'Power_On_Hours', 48, 0, 38_211],
            [194, 'Temperature_Celsius', 116, 0, 34],
            [197, 'Current_Pending_Sector', 200, 0, name === 'sde' ? 16 : 0],
            [198, 'Offline_Uncorrectable', 100, 0, 0],
            [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
          ]),
        });
      b.disks = b.disks.filter((d) => d.name !== 'sdc');
      b.mounts.push({
        dev: '/dev/md0',
        at: '/srv',
        type: 'ext4',
        options: 'rw,relatime,stripe=48',
        mb: 17_000_000,
        used: 9_000_000,
      });
      b.files['proc/mdstat'] = mdstat([
        [
          'md0',
          'raid5',
          'sdb1[0] sde1[4] sdd1[2]',
          17_576_455_680,
          '[4/3] [U_UU]',
          'bitmap: 11/44 pages [44KB], 65536KB chunk',
        ],
      ]);
      b.files['sys/block/md0/md/degraded'] = '1\n';
      b.files['sys/block/md0/md/sync_action'] = 'idle\n';
      b.files['sys/block/md0/size'] = '35152911360\n';
      return b;
    },
    roots: [
      { problem: ['raid.no_spare_risk', 'raid.degraded', 'raid.disk_failed'], subject: ['md0', 'sde'] },
    ],
    notes: [{ problem: 'smart.pending', subject: 'sde' }],
  },
  {
    name: 'Supermicro: a fan of the chassis stops, the first CPU gets hot and slows down',
    kind: 'fault',
    atFirst: 'rule silent',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('oracle8', 'rac1', { cores: 16, memory: 256_000, disk: 'sda', net: 'eth0', crowd: 120 });
      b.files['dev/ipmi0'] = '';
      b.files['sys/class/dmi/id/sys_vendor'] = 'Supermicro\n';
      b.run({
        name: 'ora_dbw0_ORCL',
        exe: '/u01/app/oracle/product/19c/bin/oracle',
        uid: 54321,
        rss: 3100,
        cpu: 4,
      });
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon0/name': 'power_meter\n',
        'sys/class/hwmon/hwmon2/name': 'coretemp\n',
        'sys/class/hwmon/hwmon2/temp1_label': 'Package id 0\n',
        'sys/class/hwmon/hwmon2/temp1_max': '92000\n',
        'sys/class/hwmon/hwmon2/temp1_crit': '102000\n',
        'sys/class/hwmon/hwmon2/temp1_crit_alarm': '0\n',
      });
      return b;
    },
    each: (b, run) => {
      const hot = [58, 59, 71, 88, 96, 98, 99, 99, 98][run]!;
      b.programs['ipmitool'] = [['sdr elist', supermicro(run < 2 ? 5100 : 0, hot)]];
      b.files['sys/class/hwmon/hwmon2/temp1_input'] = `${hot * 1000}\n`;
      for (let cpu = 0; cpu < 4; cpu++)
        b.files[`sys/devices/system/cpu/cpu${cpu}/thermal_throttle/package_throttle_count`] =
          `${Math.max(0, run - 3) * 400}\n`;
    },
    roots: [{ problem: 'hw.fan', subject: 'FAN1' }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle'],
  },
  {
    name: 'EPYC: a memory module has an error that it cannot correct',
    kind: 'fault',
    atFirst: 'the case was wrong',
    onset: 2,
    runs: 4,
    rhythm: installed,
    box: () => {
      const b = at('alma10', 'rechenknoten-19', {
        cores: 32,
        memory: 512_000,
        disk: 'nvme0n1',
        fs: 'xfs',
        net: 'eno1',
      });
      edac(b.files, 12, 0);
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      edac(b.files, 12, 1);
      if (run > 2) return;
      b.say(0, '[Hardware Error]: Uncorrected, software containable error.', 21);
      b.say(
        0,
        '[Hardware Error]: CPU:14 (19:11:1) MC17_STATUS[Over|UE|MiscV|AddrV|-|TCC|SyndV|UECC|Deferred|Poison|-]: 0xfea0200000010a13',
        21,
      );
      b.say(
        2,
        'EDAC MC0: 1 UE Cannot decode normalized address on mc#0csrow#2channel#5 (csrow:2 channel:5 page:0x0 offset:0x0 grain:64)',
        21,
      );
      b.say(3, 'Memory failure: 0x3f1a2b: recovery action for dirty LRU page: Recovered', 20);
      b.corrupted = 4;
    },
    roots: [
      {
        problem: ['mem.ecc_uncorrected', 'mem.ecc_corrected', 'hw.mce', 'mem.hw_corrupt'],
        subject: ['mc0', 'dimm', 'csrow', 'rechenknoten', 'mc0 dimm'],
      },
    ],
  },
  {
    name: 's390x: an oops in a driver of the mainframe guest',
    kind: 'fault',
    onset: 1,
    runs: 3,
    rhythm: installed,
    box: () => {
      const b = at('sles15z', 'zlnx04', {
        cores: 4,
        memory: 15_800,
        disk: 'dasda',
        fs: 'btrfs',
        net: 'encbdf0',
        crowd: 20,
      });
      b.programs['systemd-detect-virt'] = [['', 'zvm\n']];
      for (const name of ['sys_vendor', 'product_name', 'product_uuid'])
        b.files[`sys/class/dmi/id/${name}`] = undefined;
      return b;
    },
    each: (b, run) => {
      if (run !== 1) return;
      b.say(1, 'Unable to handle kernel pointer dereference in virtual kernel address space', 31);
      b.say(1, 'Failing address: 6b6b6b6b6b6b6000 TEID: 6b6b6b6b6b6b6803', 31);
      b.say(0, 'Oops: 0038 ilc:3 [#1] SMP', 31);
      b.say(4, 'CPU: 2 PID: 4417 Comm: kworker/2:1 Not tainted 6.4.0-150600.23.65-default #1 SLE15-SP6', 31);
    },
    roots: [{ problem: 'sys.crash', subject: 'zlnx04' }],
  },
];

/** A storage server whose memory the cache of the pool uses. */
export function trueNas(name: string) {
  const b = at('truenas', name, {
    cores: 8,
    memory: 64_200,
    disk: 'sda',
    net: 'enp5s0',
    root: [100, 9],
    crowd: 80,
  });
  b.files['proc/spl/kstat/zfs/arcstats'] = `13 1 0x01 147 39984 6021447361 2601144120337151
name                            type data
hits                            4    90211344102
misses                          4    412003311
c                               4    51539607552
c_min                           4    2105540608
c_max                           4    66290704384
size                            4    51201120448
`;
  for (const disk of ['sdb', 'sdc', 'sdd'])
    b.disks.push({ name: disk, gb: 8000, model: 'ST8000VN004-2M21', rotational: true });
  b.mounts.push(
    { dev: 'boot-pool/ROOT/24.10.2', at: '/', type: 'zfs', mb: 98_000, used: 3100 },
    {
      dev: 'tank',
      at: '/mnt/tank',
      type: 'zfs',
      options: 'rw,noatime,xattr,posixacl',
      mb: 10_000_000,
      used: 128,
    },
    {
      dev: 'tank/media',
      at: '/mnt/tank/media',
      type: 'zfs',
      options: 'rw,noatime,xattr,posixacl',
      mb: 14_000_000,
      used: 4_100_000,
    },
  );
  b.mounts.shift();
  return b;
}

function edac(files: Record<string, string | undefined>, corrected: number, uncorrected: number): void {
  Object.assign(files, {
    'sys/devices/system/edac/mc/mc0/ce_count': `${corrected}\n`,
    'sys/devices/system/edac/mc/mc0/ue_count': `${uncorrected}\n`,
    'sys/devices/system/edac/mc/mc0/dimm5/dimm_label': 'mc#0csrow#2channel#5\n',
    'sys/devices/system/edac/mc/mc0/dimm5/dimm_ce_count': `${corrected}\n`,
    'sys/devices/system/edac/mc/mc0/dimm5/dimm_ue_count': `${uncorrected}\n`,
  });
}
