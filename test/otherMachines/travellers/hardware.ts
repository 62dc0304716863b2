// Disks, arrays, volumes, links, clocks and the kernel below them.
import { busyDisk, from, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { centos7, debian12, jammy, leap, noble, proxmox, raspberry, rhel9 } from '../systems.ts';
import { nvme, sata } from '../tools.ts';

export const hardwareTravellers: readonly Case[] = [
  {
    name: 'a drive of a RAID 10 is thrown out, the spare takes its place and the rebuild slows everybody',
    kind: 'fault',
    reports: 9,
    onset: 2,
    host() {
      const h = server(debian12, 'san-poor', { cores: 8, ram: 32, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb', 'sdc', 'sdd', 'sde'])
        h.disk(d, { rotates: true, model: 'WDC WD6003FZBX', size: 11_721_045_168 });
      h.mounts.set('/export', {
        device: '/dev/md127',
        type: 'xfs',
        size: 11_700_000_000,
        used: 6_000_000_000,
      });
      h.run({ name: 'nfsd', ppid: 2, rss: 0, cgroup: '/' });
      h.sys.set('/sys/block/md127/md/mismatch_cnt', 0);
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.more.set(
        'cat /proc/mdstat',
        bad
          ? `Personalities : [raid10] [raid1] [raid6] [raid5] [raid4]\nmd127 : active raid10 sde1[4] sdd1[3] sdc1[2](F) sdb1[1] sda1[0]\n      11720777728 blocks super 1.2 512K chunks 2 near-copies [4/3] [UU_U]\n      [=>...................]  recovery =  ${(5 + i * 0.3).toFixed(1)}% (${300_000_000 + i * 5_000_000}/5860388864) finish=811.2min speed=102411K/sec\n      bitmap: 11/88 pages [44KB], 65536KB chunk\n\nunused devices: <none>`
          : 'Personalities : [raid10] [raid1] [raid6] [raid5] [raid4]\nmd127 : active raid10 sde1[4](S) sdd1[3] sdc1[2] sdb1[1] sda1[0]\n      11720777728 blocks super 1.2 512K chunks 2 near-copies [4/4] [UUUU]\n      bitmap: 3/88 pages [12KB], 65536KB chunk\n\nunused devices: <none>',
      );
      h.sys.set('/sys/block/md127/md/degraded', bad ? 1 : 0);
      h.sys.set('/sys/block/md127/md/sync_action', bad ? 'recover' : 'idle');
      for (const d of ['sda1', 'sdb1', 'sdc1', 'sdd1'])
        h.sys.set(`/sys/block/md127/md/dev-${d}/state`, bad && d === 'sdc1' ? 'faulty' : 'in_sync');
      h.sys.set('/sys/block/md127/md/dev-sde1/state', bad ? 'spare,write_mostly'.split(',')[0]! : 'spare');
      for (const d of ['sda', 'sdb', 'sdd', 'sde']) sata(h, d, { model: 'WDC WD6003FZBX' });
      sata(
        h,
        'sdc',
        { model: 'WDC WD6003FZBX', hours: 44_201 },
        { 5: bad ? 1888 : 1400, 187: 12, 197: bad ? 64 : 32 },
      );
      if (!bad) return;
      if (i === 2) {
        h.kernel(
          3,
          'I/O error, dev sdc, sector 8814592 op 0x1:(WRITE) flags 0x4800 phys_seg 1 prio class 2',
          70,
        );
        h.kernel(2, 'md/raid10:md127: Disk failure on sdc1, disabling device.', 69);
        h.kernel(2, 'md/raid10:md127: Operation continuing on 3 devices.', 69);
        h.kernel(6, 'md: recovery of RAID array md127', 68);
      }
      for (const d of ['sdd', 'sde'])
        busyDisk(
          h,
          d,
          {
            reads: d === 'sdd' ? 220 : 5,
            writes: d === 'sde' ? 210 : 12,
            readBytes: d === 'sdd' ? 104_000_000 : 90_000,
            writeBytes: d === 'sde' ? 104_000_000 : 300_000,
            await: 130,
            rotates: true,
          },
          3,
        );
    },
    roots: [
      {
        problem: ['smart.combo', 'raid.disk_failed', 'disk.errors', 'smart.pending'],
        subject: ['sdc', 'md127'],
      },
    ],
    chain: ['raid.disk_failed>raid.degraded', 'raid.degraded>raid.resync'],
  },
  {
    name: 'CentOS 7, an old smartctl without JSON tells of sectors that wait',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(centos7, 'dvr-yard', { cores: 2, ram: 4, disk: 'sda' });
      h.disk('sda', { rotates: true, model: 'WDC WD40PURX', size: 7_814_037_168 });
      return h;
    },
    minute(h, i) {
      h.more.set('smartctl --json -n standby -a /dev/sda', '=!= exit 1');
      h.more.set(
        'smartctl -n standby -a /dev/sda',
        `smartctl 6.5 2016-05-07 r4318 [x86_64-linux-3.10.0-1160.119.1.el7.x86_64] (local build)
Copyright (C) 2002-16, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Model Family:     Western Digital Purple
Device Model:     WDC WD40PURX-64GVNY0
Serial Number:    WD-WCC4E4XXZ1L9
Rotation Rate:    5400 rpm

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: PASSED

ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  1 Raw_Read_Error_Rate     0x002f   198   198   051    Pre-fail  Always       -       2211
  5 Reallocated_Sector_Ct   0x0033   200   200   140    Pre-fail  Always       -       0
  9 Power_On_Hours          0x0032   024   024   000    Old_age   Always       -       55821
194 Temperature_Celsius     0x0022   112   101   000    Old_age   Always       -       38
197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       ${31 + i * 8}
198 Offline_Uncorrectable   0x0030   100   253   000    Old_age   Offline      -       0
199 UDMA_CRC_Error_Count    0x0032   200   200   000    Old_age   Always       -       0`.replaceAll(
          '\n===',
          '\n ===',
        ),
      );
    },
    roots: [{ problem: 'smart.pending', subject: 'sda' }],
  },
  {
    name: 'Smart Array says that bay 4 will fail',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(rhel9, 'hv-dl380', { cores: 16, ram: 128, disk: 'sda' });
      h.more.set(
        'ssacli ctrl all show config',
        `
Smart Array P408i-a SR Gen10 in Slot 0 (Embedded)  (sn: PEYHC0CRHDB0F1)

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (1.64 TB, RAID 1+0, OK)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 900 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 900 GB, OK)
      physicaldrive 1I:1:3 (port 1I:box 1:bay 3, SAS HDD, 900 GB, OK)
      physicaldrive 1I:1:4 (port 1I:box 1:bay 4, SAS HDD, 900 GB, Predictive Failure)

   SEP (Vendor ID HPE, Model Smart Adapter) 379  (WWID: 51402EC01053D2A8, Port: Unknown)`,
      );
      h.more.set(
        'ssacli ctrl all show status',
        `
Smart Array P408i-a SR Gen10 in Slot 0 (Embedded)
   Controller Status: OK
   Cache Status: OK
   Battery/Capacitor Status: OK`,
      );
      return h;
    },
    roots: [{ problem: 'raid.hw_predictive', subject: ['1I:1:4', 'bay 4', 'slot', 'Smart Array'] }],
  },
  {
    name: 'an Adaptec controller runs its RAID 5 on what is left',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(leap, 'video-arc', { cores: 4, ram: 16, disk: 'sda' });
      h.more.set(
        'arcconf getconfig 1 al nologs',
        `Controllers found: 1
----------------------------------------------------------------------
Controller information
----------------------------------------------------------------------
   Controller Status                        : Optimal
   Controller Model                         : Adaptec ASR71605
   Temperature                              : 52 C/ 125 F (Normal)
   Defunct disk drive count                 : 1
   Logical devices/Failed/Degraded          : 1/0/1
----------------------------------------------------------------------
Logical device information
----------------------------------------------------------------------
Logical Device number 0
   Logical Device name                      : ARCHIV
   RAID level                               : 5
   Status of Logical Device                 : Degraded
   Size                                     : 11431926 MB
   Failed stripes                           : No
   Segment 0                                : Present (3815447MB, SATA, HDD, Enclosure:0, Slot:0) K4K1
   Segment 1                                : Missing
   Segment 2                                : Present (3815447MB, SATA, HDD, Enclosure:0, Slot:2) K4K3
   Segment 3                                : Present (3815447MB, SATA, HDD, Enclosure:0, Slot:3) K4K4`,
      );
      return h;
    },
    roots: [
      {
        problem: 'raid.degraded',
        subject: ['ARCHIV', 'Logical', '0', 'logical', 'Adaptec', 'controller', 'arcconf 1'],
      },
    ],
  },
  {
    name: 'the notes of a thin pool are full, though its data has room',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(proxmox, 'pve-mini', { cores: 8, ram: 32, disk: 'nvme0n1' });
      return h;
    },
    minute(h, i) {
      h.more.set(
        'dmsetup status',
        `pve-data-tpool: 0 1677721600 thin-pool 91 ${24_300 + i * 90}/25088 1010992/3276800 - rw no_discard_passdown queue_if_no_space - 1024\npve-root: 0 201326592 linear \npve-vm--101--disk--0: 0 67108864 thin 61931520 67108863`,
      );
    },
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['pve-data', 'pve/data'] }],
  },
  {
    name: 'a cable to the storage switch is out: the way to the router, the shares and who waits for them',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(rhel9, 'render-17', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'ens1f0' });
      h.mounts.set('/proj', {
        device: 'nas7.studio:/proj',
        type: 'nfs4',
        options: 'rw,relatime,hard,proto=tcp',
        size: 90_000_000_000,
        used: 60_000_000_000,
      });
      h.run({
        name: 'blender',
        cpu: 800,
        rss: 9_000_000,
        threads: 20,
        uid: 1010,
        cgroup: '/system.slice/farm-client.service',
      });
      h.service('farm-client');
      h.psi.cpu = 4;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.nic('ens1f0', { state: 'down', carrier: 3, speed: -1, rx: 0, tx: 0 });
      h.mounts.get('/proj')!.size = 0;
      h.more.set('ip neigh', '10.20.0.1 dev ens1f0  FAILED');
      const b = h.named('blender')[0]!;
      Object.assign(b, { state: 'D', cpu: 0, wchan: 'rpc_wait_bit_killable' });
      h.blocked = 4;
      h.load = [5.2, 4.1, 9];
      if (i === 3) {
        for (let n = 0; n < 3; n++)
          h.run({
            name: 'rsync',
            state: 'D',
            wchan: 'nfs_wait_bit_killable',
            cpu: 0,
            uid: 1010,
            age: 400,
            cgroup: '/system.slice/farm-client.service',
          });
        h.kernel(6, 'bnxt_en 0000:3b:00.0 ens1f0: NIC Link is Down', 50);
      }
      if (i === 5) h.kernel(4, 'nfs: server nas7.studio not responding, still trying', 20);
    },
    edit: (text, i) =>
      i < 3
        ? text
        : text.replace(
            /^10\.20\.0\.1 +0x1 +0x2 .*$/m,
            '10.20.0.1        0x1         0x0         00:00:00:00:00:00     *        ens1f0',
          ),
    roots: [{ problem: 'net.link_down', subject: 'ens1f0' }],
    chain: ['net.gateway_down>disk.nfs_stall', 'disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'restic to the cloud fills the only gigabit of a media server, and segments are lost',
    kind: 'fault',
    reports: 10,
    onset: 3,
    host() {
      const h = server(debian12, 'plex-nas', { cores: 4, ram: 16, disk: 'sda', nic: 'enp3s0' });
      h.serve('plexmediaserver', { name: 'Plex Media Serv', cpu: 12, rss: 400_000, threads: 30, uid: 997 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3)
        h.run({
          name: 'restic',
          cpu: 70,
          rss: 600_000,
          threads: 12,
          read: 112_000_000,
          age: 30,
          cgroup: '/system.slice/restic-backup.service',
        });
      h.disk('sda', { reads: 260, readBytes: 112_000_000, await: 2, busy: 41 });
      h.nic('enp3s0', { rx: 3_000_000, tx: 117_500_000 });
      h.tcp.out = 84_000;
      h.tcp.in = 31_000;
      h.tcp.retransmits = 3_100;
    },
    roots: [{ problem: ['job.backup_running', 'net.saturated'], subject: ['restic', 'enp3s0'] }],
    chain: ['job.backup_running>net.saturated', 'net.saturated>net.retrans'],
  },
  {
    name: 'SUSE with ntpd: no server answers any more and the clock wanders',
    kind: 'fault',
    reports: 6,
    step: 1800,
    onset: 1,
    host() {
      const h = server(leap, 'kdc-1', { cores: 2, ram: 4, disk: 'sda' });
      h.serve('ntpd', { name: 'ntpd', rss: 9_000, uid: 74 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 1);
      h.more.set(
        'timedatectl',
        `Timezone=Europe/Berlin\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=${bad ? 'no' : 'yes'}`,
      );
      h.more.set(
        'ntpq -pn',
        [
          '     remote           refid      st t when poll reach   delay   offset  jitter',
          '==============================================================================',
          bad
            ? ' 10.20.0.9       .INIT.          16 u    - 1024    0    0.000   +0.000   0.000'
            : '*10.20.0.9       131.188.3.221    2 u   31   64  377    0.412   +0.118   0.044',
          bad
            ? ' 10.20.0.10      .INIT.          16 u    - 1024    0    0.000   +0.000   0.000'
            : '+10.20.0.10      131.188.3.222    2 u   12   64  377    0.398   -0.204   0.081',
        ].join('\n'),
      );
    },
    roots: [{ problem: 'time.unsync', subject: ['kdc-1'] }],
  },
  {
    name: 'memory of a big server corrects errors, then one that it cannot, and the server starts again',
    kind: 'fault',
    reports: 8,
    step: 600,
    onset: 2,
    host() {
      const h = server(rhel9, 'hana-x', { cores: 48, ram: 512, disk: 'sda' });
      h.run({
        name: 'hdbindexserver',
        cpu: 400,
        rss: 200 * GB,
        threads: 300,
        uid: 1001,
        cgroup: '/system.slice/SAPH01_00.service',
      });
      h.service('SAPH01_00');
      return h;
    },
    minute(h, i) {
      const at = '/sys/devices/system/edac/mc/mc1';
      const ce = i < 2 ? 3 : i < 5 ? 3 + (i - 1) * 410 : 22;
      h.sys.set(`${at}/ce_count`, ce);
      h.sys.set(`${at}/ue_count`, i < 5 ? 0 : 1);
      h.sys.set(`${at}/dimm5/dimm_ce_count`, ce);
      h.sys.set(`${at}/dimm5/dimm_ue_count`, i < 5 ? 0 : 1);
      if (i === 3)
        h.kernel(
          4,
          'EDAC MC1: 410 CE memory read error on CPU_SrcID#1_MC#1_Chan#0_DIMM#1 (channel:0 slot:1 page:0x2c3f1a0 offset:0x840 grain:32 syndrome:0x0)',
          20,
        );
      if (i === 5) {
        h.reboot();
        h.kernel(0, 'mce: [Hardware Error]: CPU 12: Machine Check: 0 Bank 13: fe00008000100093', 100);
        h.kernel(
          3,
          'EDAC MC1: 1 UE memory read error on CPU_SrcID#1_MC#1_Chan#0_DIMM#1 (channel:0 slot:1 page:0x2c3f1a0 offset:0x840 grain:32)',
          90,
        );
      }
    },
    roots: [
      {
        problem: ['mem.ecc_uncorrected', 'mem.ecc_corrected', 'hw.mce'],
        subject: ['mc1', 'dimm5', 'hana-x', 'CPU 12', 'CPU'],
      },
    ],
  },
  {
    name: 'a RAID controller hangs: journal and database wait for minutes in the kernel',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(jammy, 'ora-x5', { cores: 8, ram: 64, disk: 'sda' });
      h.disk('sdb', { size: 4_000_000_000 });
      h.mounts.set('/u02', { device: '/dev/sdb1', type: 'xfs', size: 1_900_000_000, used: 700_000_000 });
      h.serve('oracle-xe', { name: 'ora_dbw0_xe', cpu: 6, rss: 900_000, uid: 54_321 });
      h.run({
        name: 'ora_lgwr_xe',
        cpu: 3,
        rss: 300_000,
        uid: 54_321,
        cgroup: '/system.slice/oracle-xe.service',
      });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      for (const name of ['ora_dbw0_xe', 'ora_lgwr_xe'])
        Object.assign(h.named(name)[0]!, { state: 'D', cpu: 0, wchan: 'xlog_wait_on_iclog' });
      h.disk('sdb', { reads: 0, writes: 0, await: 0, busy: 100 });
      h.blocked = 3;
      h.iowait = 24;
      h.psi.io = 71;
      h.psi.ioFull = 66;
      if (i === 2) {
        h.kernel(
          4,
          'megaraid_sas 0000:18:00.0: megasas: Found FW in FAULT state, will reset adapter scsi0',
          45,
        );
        h.kernel(3, 'sd 0:2:1:0: [sdb] tag#812 timing out command, waited 180s', 40);
      }
      if (i === 4) {
        h.kernel(3, 'INFO: task ora_lgwr_xe:3122 blocked for more than 122 seconds.', 30);
        h.kernel(3, 'INFO: task xfsaild/sdb1:611 blocked for more than 122 seconds.', 29);
        h.kernel(3, '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.', 29);
      }
    },
    roots: [
      {
        problem: ['disk.errors', 'proc.dstate', 'disk.latency', 'disk.saturated', 'sys.crash'],
        subject: ['sdb', 'megaraid_sas', 'ora_lgwr_xe', 'ora_dbw0_xe', 'ora-x5', 'oracle-xe'],
      },
    ],
  },
  {
    name: 'the kernel of a small board counts its patience: RCU stalls on all cores',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host: () => server(raspberry, 'gw-silo', { cores: 4, ram: 1, disk: 'mmcblk0' }),
    minute(h, i) {
      if (i !== 1) return;
      h.kernel(3, 'rcu: INFO: rcu_preempt self-detected stall on CPU', 40);
      h.kernel(
        3,
        'rcu: \t2-....: (5249 ticks this GP) idle=2b5c/1/0x4000000000000000 softirq=881/881 fqs=2624',
        40,
      );
      h.kernel(0, 'watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [kworker/2:1:88]', 33);
    },
    roots: [{ problem: 'sys.crash', subject: ['gw-silo', 'CPU', 'kworker'] }],
  },
  {
    name: 'an NVMe drive of a mail gateway warns of itself: nothing to spare, and too hot besides',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host: () => server(noble, 'mxgw-a', { cores: 4, ram: 8, disk: 'nvme0n1' }),
    minute(h) {
      nvme(h, 'nvme0', 'KINGSTON SNV2S500G', {
        critical_warning: 5,
        available_spare: 3,
        available_spare_threshold: 10,
        percentage_used: 98,
        temperature: 56,
      });
    },
    roots: [
      {
        problem: ['smart.nvme_spare', 'smart.nvme_critical', 'smart.failed', 'smart.ssd_wear'],
        subject: 'nvme0',
      },
    ],
  },
  {
    name: 'a volume of metrics grows and will be full before the morning',
    kind: 'fault',
    reports: 15,
    step: 900,
    host() {
      const h = server(noble, 'vm-long', { cores: 4, ram: 16, disk: 'nvme0n1' });
      h.mounts.set('/var/lib/victoria-metrics', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 209_000_000,
        used: 150_000_000,
      });
      h.disk('nvme1n1', { writes: 300, writeBytes: 4_000_000 });
      h.serve('victoria-metrics', {
        name: 'victoria-metric',
        cpu: 60,
        rss: 4_000_000,
        threads: 16,
        uid: 997,
        write: 3_800_000,
      });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/lib/victoria-metrics')!.used = 150_000_000 + i * 2_100_000;
    },
    roots: [{ problem: 'disk.fill_forecast', subject: '/var/lib/victoria-metrics' }],
  },
  {
    name: 'XFS on a data volume finds a damaged block and shuts itself down',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 5,
    onset: 2,
    installed: true,
    host() {
      const h = server(rhel9, 'ceph-gw', { cores: 8, ram: 32, disk: 'sda' });
      h.mounts.set('/data', {
        device: '/dev/mapper/vg_data-lv_s3',
        type: 'xfs',
        size: 7_000_000_000,
        used: 4_000_000_000,
      });
      h.serve('minio', { name: 'minio', cpu: 20, rss: 900_000, threads: 40, uid: 1001 });
      return h;
    },
    minute(h, i) {
      if (i === 2) {
        h.kernel(
          1,
          'XFS (dm-4): Metadata CRC error detected at xfs_agf_read_verify+0xab/0x100 [xfs], xfs_agf block 0x7d000001 ',
          30,
        );
        h.kernel(1, 'XFS (dm-4): Unmount and run xfs_repair', 30);
        h.kernel(
          1,
          'XFS (dm-4): Corruption of in-memory data (0x8) detected at __xfs_trans_commit+0x2c1/0x3c0 [xfs] (fs/xfs/xfs_trans.c:1096).  Shutting down filesystem.',
          29,
        );
        h.kernel(1, 'XFS (dm-4): Please unmount the filesystem and rectify the problem(s)', 29);
      }
      if (i === 3) {
        h.stop('minio');
        h.service('minio', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'exit-code',
          ExecMainCode: '1',
          ExecMainStatus: '1',
          since: '10',
          MainPID: '0',
        });
      }
    },
    edit: (text) =>
      withSection(
        text,
        'grep -r . /sys/block',
        '/sys/block/dm-4/dm/name:vg_data-lv_s3\n/sys/block/sda/size:209715200\n/sys/block/sda/queue/rotational:0',
      ),
    roots: [{ problem: ['disk.fs_errors', 'disk.readonly'], subject: ['/data', 'dm-4'] }],
  },
  {
    name: 'PSU of a blade: one half of it has lost its input',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(jammy, 'blade-c2', { cores: 16, ram: 64 });
      h.more.set(
        'ipmitool sdr elist',
        [
          'Inlet Temp       | 04h | ok  |  7.1 | 23 degrees C',
          'Fan1             | 30h | ok  |  7.1 | 6120 RPM',
          'Fan2             | 31h | ok  |  7.1 | 6000 RPM',
          'PS1 Status       | 85h | ok  | 10.1 | Presence detected',
          'PS2 Status       | 86h | ok  | 10.2 | Presence detected, Power Supply AC lost',
          'PS Redundancy    | 77h | ok  |  7.1 | Redundancy Lost',
        ].join('\n'),
      );
      return h;
    },
    roots: [{ problem: 'hw.psu', subject: ['PS2', 'PS Redundancy'] }],
  },
  {
    name: 'small files of a mail archive: the last inodes of an old ext4 go',
    kind: 'fault',
    reports: 12,
    onset: 0,
    step: 600,
    host() {
      const h = server(jammy, 'arc-mail', { cores: 2, ram: 8, disk: 'sda' });
      h.mounts.set('/srv/mailarchive', {
        device: '/dev/sdb1',
        type: 'ext4',
        size: 480_000_000,
        used: 260_000_000,
        inodes: 7_500_000,
        inodesUsed: 7_000_000,
      });
      h.disk('sdb', { writes: 90 });
      h.serve('piler', { name: 'piler', cpu: 9, rss: 90_000, write: 500_000 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/srv/mailarchive')!.inodesUsed = Math.min(7_499_990, 7_000_000 + i * 46_000);
    },
    roots: [{ problem: ['disk.inodes_full', 'disk.inode_forecast'], subject: '/srv/mailarchive' }],
  },
];
