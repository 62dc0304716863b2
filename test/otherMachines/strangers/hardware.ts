// Disks, controllers, memory modules and links of machines that nobody here had seen.
import { busyDisk, from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { nvme, sata } from '../tools.ts';
import { rhel9 } from '../systems.ts';
import { alma8, amazon2023, focal, sles15, trixie } from './systems.ts';

export const hardwareStrangers: Case[] = [
  {
    name: 'AlmaLinux 8, a drive says itself that it fails, and its bad sectors grow',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(alma8, 'archive3.lab.example.net', { cores: 8, ram: 32 });
      h.disk('sdb', { size: 15_628_053_168, rotates: true, model: 'ST8000NM0055-1RM112' });
      h.mounts.set('/archive', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 7_800_000_000,
        used: 4_100_000_000,
      });
      sata(h, 'sdb', { model: 'ST8000NM0055-1RM112' }, { 1: 201_338_112, 5: 8 });
      return h;
    },
    minute(h, i) {
      if (from(i, 2))
        sata(
          h,
          'sdb',
          { model: 'ST8000NM0055-1RM112', passed: false },
          { 1: 201_338_112, 5: 1200 + i * 96, 187: 4, 197: 16 },
        );
    },
    roots: [{ problem: ['smart.failed', 'smart.combo'], subject: 'sdb' }],
  },
  {
    name: 'An NVMe drive of a build server counts media errors, more with each hour',
    kind: 'fault',
    reports: 6,
    step: 3600,
    onset: 2,
    host() {
      const h = server(trixie, 'ci-metal-2', {
        cores: 16,
        ram: 64,
        disk: 'nvme0n1',
        nic: 'enp5s0f0',
        root: '/dev/nvme0n1p2',
      });
      h.disk('nvme1n1', { size: 3_750_748_848, model: 'Micron_7450_MTFDKCC1T9TFR' });
      h.mounts.set('/build', { device: '/dev/nvme1n1', size: 1_800_000_000, used: 700_000_000 });
      nvme(h, 'nvme0n1', 'SAMSUNG MZVL2512HCJQ-00B00');
      nvme(h, 'nvme1n1', 'Micron_7450_MTFDKCC1T9TFR', { media_errors: 2 });
      return h;
    },
    minute(h, i) {
      nvme(h, 'nvme1n1', 'Micron_7450_MTFDKCC1T9TFR', { media_errors: 2 + grown(i, 2, 7) });
    },
    roots: [{ problem: 'smart.nvme_media', subject: 'nvme1n1' }],
  },
  {
    name: 'An NVMe drive goes into read-only mode, and the root filesystem with it',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(focal, 'edge-gw-114', { cores: 4, ram: 8, disk: 'nvme0n1', root: '/dev/nvme0n1p2' });
      h.run({ name: 'mosquitto', rss: 19_000, uid: 112 });
      h.service('mosquitto');
      nvme(h, 'nvme0n1', 'KINGSTON SNV2S500G', { percentage_used: 61 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      nvme(h, 'nvme0n1', 'KINGSTON SNV2S500G', { critical_warning: 8, percentage_used: 61 });
      h.mounts.get('/')!.options = 'ro,relatime,errors=remount-ro';
      if (i === 2) {
        h.kernel(
          3,
          'blk_update_request: I/O error, dev nvme0n1, sector 61341960 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
          50,
        );
        h.kernel(
          2,
          'EXT4-fs error (device nvme0n1p2): ext4_journal_check_start:83: Detected aborted journal',
          49,
        );
        h.kernel(2, 'EXT4-fs (nvme0n1p2): Remounting filesystem read-only', 49);
      }
    },
    atFirst: 'ranking',
    roots: [{ problem: ['smart.nvme_critical'], subject: 'nvme0n1' }],
    chain: ['smart.nvme_critical>disk.readonly'],
  },
  {
    name: 'Commands to a drive of a disk shelf time out, and its link is reset',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(sles15, 'sap-backup', { cores: 8, ram: 64, nic: 'em1' });
      for (const [i, d] of ['sdb', 'sdc', 'sdd'].entries()) {
        h.disk(d, { size: 7_814_037_168, rotates: true, model: 'HGST HUS726040ALA610' });
        h.mounts.set(`/backup${i}`, {
          device: `/dev/${d}1`,
          type: 'xfs',
          size: 3_900_000_000,
          used: 2_000_000_000,
        });
        sata(h, d, { model: 'HGST HUS726040ALA610' });
      }
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      sata(h, 'sdc', { model: 'HGST HUS726040ALA610' }, { 188: grown(i, 2, 9) });
      h.kernel(3, 'ata4.00: exception Emask 0x0 SAct 0x1e000 SErr 0x0 action 0x6 frozen', 40);
      h.kernel(3, 'ata4.00: failed command: WRITE FPDMA QUEUED', 40);
      h.kernel(6, 'ata4: hard resetting link', 39);
      h.kernel(6, 'ata4: SATA link up 3.0 Gbps (SStatus 123 SControl 320)', 30);
      h.disk('sdc', { reads: 2, writes: 9, await: 240, busy: 60 });
    },
    roots: [{ problem: ['smart.timeout', 'disk.errors'], subject: ['sdc', 'ata4'] }],
  },
  {
    name: 'The check of a RAID 10 found copies that differ',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(trixie, 'vmstore1', { cores: 12, ram: 96, nic: 'eno1' });
      for (const d of ['sdb', 'sdc', 'sdd', 'sde']) h.disk(d, { rotates: true, size: 7_814_037_168 });
      h.disk('md3', { size: 15_627_780_096 });
      h.mounts.set('/vmstore', { device: '/dev/md3', size: 7_700_000_000, used: 3_000_000_000 });
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid10] \nmd3 : active raid10 sde1[3] sdd1[2] sdc1[1] sdb1[0]\n      7813771264 blocks super 1.2 512K chunks 2 near-copies [4/4] [UUUU]\n      bitmap: 2/59 pages [8KB], 65536KB chunk\n\nunused devices: <none>',
      );
      h.sys.set('/sys/block/md3/md/degraded', 0);
      h.sys.set('/sys/block/md3/md/sync_action', 'idle');
      h.sys.set('/sys/block/md3/md/mismatch_cnt', 0);
      for (const d of ['sdb1', 'sdc1', 'sdd1', 'sde1'])
        h.sys.set(`/sys/block/md3/md/dev-${d}/state`, 'in_sync');
      return h;
    },
    minute(h, i) {
      if (from(i, 1)) h.sys.set('/sys/block/md3/md/mismatch_cnt', 18_432);
    },
    roots: [{ problem: 'raid.mismatch', subject: 'md3' }],
  },
  {
    name: 'A RAID 5 runs without a member, and another member has sectors that it cannot read',
    kind: 'double',
    reports: 5,
    onset: 1,
    host() {
      const h = server(alma8, 'nvr-hall', { cores: 4, ram: 16, nic: 'enp2s0' });
      for (const d of ['sdb', 'sdc', 'sdd', 'sde']) {
        h.disk(d, { rotates: true, size: 11_721_045_168 });
        sata(h, d, { model: 'WDC WD60PURZ-85ZUFY1' });
      }
      h.disk('md0', { size: 35_160_961_024 });
      h.mounts.set('/video', { device: '/dev/md0', type: 'xfs', size: 17_500_000_000, used: 12_000_000_000 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 1);
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid6] [raid5] [raid4] \nmd0 : active raid5 sdb1[0] sde1[4] ${bad ? 'sdc1[1](F) ' : 'sdc1[1] '}sdd1[2]\n      17580810240 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/${bad ? '3] [U_UU]' : '4] [UUUU]'}\n      bitmap: 4/44 pages [16KB], 65536KB chunk\n\nunused devices: <none>`,
      );
      h.sys.set('/sys/block/md0/md/degraded', bad ? 1 : 0);
      h.sys.set('/sys/block/md0/md/sync_action', 'idle');
      h.sys.set('/sys/block/md0/md/mismatch_cnt', 0);
      for (const d of ['sdb1', 'sdd1', 'sde1']) h.sys.set(`/sys/block/md0/md/dev-${d}/state`, 'in_sync');
      h.sys.set('/sys/block/md0/md/dev-sdc1/state', bad ? 'faulty' : 'in_sync');
      if (i === 1) h.kernel(2, 'md/raid:md0: Disk failure on sdc1, disabling device.', 30);
      if (i === 1) h.kernel(2, 'md/raid:md0: Operation continuing on 3 devices.', 30);
      if (bad) sata(h, 'sdd', { model: 'WDC WD60PURZ-85ZUFY1' }, { 197: 8 * i, 198: 8 });
    },
    roots: [
      { problem: ['raid.disk_failed', 'raid.degraded'], subject: ['sdc', 'md0'] },
      { problem: ['smart.pending', 'smart.combo', 'raid.no_spare_risk'], subject: ['sdd', 'md0'] },
    ],
  },
  {
    name: 'A MegaRAID controller foresees that a drive will fail',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(rhel9, 'oradb2', { cores: 24, ram: 128, nic: 'ens1f0' });
      h.run({ name: 'oracle', rss: 3_000_000, cpu: 40, uid: 54321 });
      return h;
    },
    minute(h, i) {
      h.more.set(
        'storcli64 /call show all',
        `CLI Version = 007.2705.0000.0000 August 24, 2023
Operating system = Linux 5.14.0-427.42.1.el9_4.x86_64
Controller = 0
Status = Success
Description = None


Basics :
======
Controller = 0
Model = AVAGO MegaRAID SAS 9361-8i
Serial Number = SV64702143

Virtual Drives = 1

VD LIST :
=======

-------------------------------------------------------------
DG/VD TYPE   State Access Consist Cache Cac sCC     Size Name
-------------------------------------------------------------
0/0   RAID10 Optl  RW     Yes     RWBD  -   ON  1.745 TB data
-------------------------------------------------------------

Physical Drives = 4

PD LIST :
=======

---------------------------------------------------------------------------------
EID:Slt DID State DG       Size Intf Med SED PI SeSz Model               Sp Type
---------------------------------------------------------------------------------
252:0    11 Onln   0 893.750 GB SATA SSD N   N  512B INTEL SSDSC2KB960G8 U  -
252:1    10 Onln   0 893.750 GB SATA SSD N   N  512B INTEL SSDSC2KB960G8 U  -
252:2     9 Onln   0 893.750 GB SATA SSD N   N  512B INTEL SSDSC2KB960G8 U  -
252:3     8 Onln   0 893.750 GB SATA SSD N   N  512B INTEL SSDSC2KB960G8 U  -
---------------------------------------------------------------------------------

BBU_Info :
========

----------------------------------------------
Model State   RetentionTime Temp Mode MfgDate
----------------------------------------------
CVPM02 Optimal N/A          24C  -    2016/11/15
----------------------------------------------`,
      );
      h.more.set(
        'storcli64 /call/eall/sall show all',
        [0, 1, 2, 3]
          .map(
            (slot) => `Drive /c0/e252/s${slot} :
================

Drive /c0/e252/s${slot} State :
======================
Shield Counter = 0
Media Error Count = ${slot === 2 ? 31 : 0}
Other Error Count = 0
Drive Temperature =  27C (80.60 F)
Predictive Failure Count = ${slot === 2 && from(i, 1) ? 3 : 0}
S.M.A.R.T alert flagged by drive = ${slot === 2 && from(i, 1) ? 'Yes' : 'No'}
`,
          )
          .join('\n\n'),
      );
    },
    atFirst: 'wrong entity',
    roots: [{ problem: 'raid.hw_predictive', subject: 'storcli 0 (AVAGO MegaRAID SAS 9361-8i) drive 252:2' }],
  },
  {
    name: 'A memory page was retired after an error of the hardware',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host: () => server(trixie, 'render-07', { cores: 32, ram: 128, nic: 'enp65s0' }),
    minute(h, i) {
      if (i === 1) {
        h.kernel(0, 'mce: [Hardware Error]: Machine check events logged', 33);
        h.kernel(3, 'Memory failure: 0x1c4f2b1: recovery action for dirty LRU page: Recovered', 32);
      }
    },
    edit: (text, i) =>
      i >= 1 ? text.replace(/HardwareCorrupted: +0 kB/, 'HardwareCorrupted:     4 kB') : text,
    roots: [{ problem: ['mem.hw_corrupt', 'hw.mce'], subject: 'render-07' }],
  },
  {
    name: 'Errors of a memory module that cannot be corrected',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(sles15, 'hana-qa', { cores: 32, ram: 256, nic: 'p1p1' });
      for (const mc of [0, 1]) {
        h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/ce_count`, 0);
        h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/ue_count`, 0);
      }
      h.run({ name: 'hdbindexserver', rss: 90 * GB, cpu: 120, threads: 300, uid: 1001 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.sys.set('/sys/devices/system/edac/mc/mc1/ue_count', i - 1);
      h.sys.set('/sys/devices/system/edac/mc/mc1/ce_count', 2100);
      h.kernel(
        0,
        'EDAC MC1: 1 UE memory read error on CPU_SrcID#1_MC#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x9c1f22 offset:0x0 grain:32 -  err_code:0x0101:0x0091)',
        20,
      );
    },
    atFirst: 'the case was wrong',
    roots: [
      {
        problem: ['mem.ecc_uncorrected', 'mem.ecc_corrected'],
        subject: ['mc1', 'CPU_SrcID', 'hana-qa', 'DIMM'],
      },
    ],
  },
  {
    name: 'A network card overruns its queue, and frames are lost',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(rhel9, 'capture1', { cores: 8, ram: 32, nic: 'enp59s0f1' });
      h.nic('enp59s0f1', { speed: 10_000, rx: 390_000_000, tx: 2_000_000 });
      h.run({ name: 'zeek', rss: 3_000_000, cpu: 240, threads: 9 });
      h.service('zeek');
      return h;
    },
    minute(h, i) {
      h.nic('enp59s0f1', from(i, 2) ? { fifo: 900, drops: 900 } : { fifo: 0, drops: 0 });
    },
    roots: [{ problem: ['net.fifo', 'net.drops'], subject: 'enp59s0f1' }],
  },
  {
    name: 'A cloud machine drops a twentieth of what comes in',
    kind: 'fault',
    reports: 9,
    onset: 2,
    host() {
      const h = server(amazon2023, 'ip-10-20-0-17.ec2.internal', {
        cores: 2,
        ram: 4,
        disk: 'nvme0n1',
        nic: 'ens5',
      });
      h.nic('ens5', { speed: 0, rx: 4_000_000, tx: 3_000_000 });
      h.run({ name: 'envoy', rss: 140_000, cpu: 22, threads: 6 });
      h.service('envoy');
      return h;
    },
    minute(h, i) {
      h.nic('ens5', { drops: from(i, 2) ? 330 : 0 });
    },
    roots: [{ problem: 'net.drops', subject: 'ens5' }],
  },
  {
    name: 'The kernel drops packets before anybody reads them',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(focal, 'syslog-hub', { cores: 2, ram: 8, nic: 'ens160' });
      h.nic('ens160', { rx: 60_000_000, tx: 900_000, speed: 10_000 });
      h.run({ name: 'vector', rss: 400_000, cpu: 60, threads: 5 });
      h.service('vector');
      return h;
    },
    minute(h, i) {
      h.softnetDrops = from(i, 2) ? 140 : 0;
    },
    roots: [{ problem: 'net.softnet', subject: 'syslog-hub' }],
  },
  {
    name: 'A copy onto a slow USB disk fills the memory with pages that wait to be written',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(trixie, 'office-nas', { cores: 4, ram: 16, nic: 'enp1s0' });
      h.disk('sdb', { size: 9_767_541_168, rotates: true, model: 'Elements 25A3' });
      h.mounts.set('/mnt/usb', { device: '/dev/sdb1', size: 4_800_000_000, used: 900_000_000 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      if (i === 2)
        h.run({ name: 'cp', cpu: 9, kernel: 0.95, state: 'D', age: -1, write: 38_000_000, rss: 2_400 });
      busyDisk(h, 'sdb', { reads: 1, writes: 80, writeBytes: 36_000_000, await: 900 }, 3);
      h.dirty = 2.6 * GB;
    },
    roots: [
      {
        problem: ['disk.fsync_stall', 'disk.saturated', 'disk.latency'],
        subject: ['sdb', 'office-nas', '/mnt/usb', 'cp'],
      },
    ],
  },
  {
    name: 'A pool of ZFS is 96 percent full',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(trixie, 'media-zfs', { cores: 8, ram: 64, nic: 'enp4s0' });
      h.mounts.set('/tank', { device: 'tank', type: 'zfs', size: 21_000_000_000, used: 20_100_000_000 });
      h.more.set(
        'zpool status',
        '  pool: tank\n state: ONLINE\n  scan: scrub repaired 0B in 11:20:13 with 0 errors on Sun Nov  8 11:44:14 2026\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\ttank        ONLINE       0     0     0\n\t  raidz1-0  ONLINE       0     0     0\n\t    sda     ONLINE       0     0     0\n\t    sdb     ONLINE       0     0     0\n\t    sdc     ONLINE       0     0     0\n\nerrors: No known data errors',
      );
      return h;
    },
    minute(h, i) {
      const size = 23_999_836_487_680;
      const full = Math.round(size * (from(i, 1) ? 0.963 : 0.79));
      h.mounts.get('/tank')!.used = from(i, 1) ? 20_300_000_000 : 16_000_000_000;
      h.more.set(
        'zpool list -Hp',
        `tank\t${size}\t${full}\t${size - full}\t-\t-\t41\t${from(i, 1) ? 96 : 79}\t1.00\tONLINE\t-`,
      );
    },
    roots: [{ problem: ['disk.zfs_capacity', 'disk.full'], subject: ['tank', '/tank'] }],
  },
  {
    name: 'btrfs finds damaged blocks on one of its devices',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host() {
      const h = server(sles15, 'files-sued', { cores: 4, ram: 16, root: '/dev/sda2', rootType: 'btrfs' });
      h.disk('sdb', { size: 3_907_029_168, rotates: true });
      h.mounts.set('/srv', { device: '/dev/sdb', type: 'btrfs', size: 1_950_000_000, used: 700_000_000 });
      return h;
    },
    edit: (text, i) =>
      withSection(
        text,
        'btrfs device stats /srv',
        `[/dev/sdb].write_io_errs    0\n[/dev/sdb].read_io_errs     ${i >= 1 ? 14 : 0}\n[/dev/sdb].flush_io_errs    0\n[/dev/sdb].corruption_errs  ${i >= 1 ? 37 * i : 0}\n[/dev/sdb].generation_errs  0`,
      ),
    roots: [{ problem: 'disk.fs_errors', subject: ['/srv', 'sdb', '/dev/sdb'] }],
  },
];
