// Machine room: disks, filesystems, RAID, pools, the kernel's log, boot, clock.
import { busyDisk, from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { centos7, debian12, jammy, leap, noble, proxmox, rhel9, alpine } from '../systems.ts';
import { alma8, amazon2023, sles15, trixie } from '../strangers/systems.ts';
import { sata, smartctl } from '../tools.ts';
import { attribute, lsblk } from './composed.ts';

export const storageRoom: readonly Case[] = [
  {
    name: 'a share of an old filer does not answer',
    kind: 'fault',
    installed: true,
    reports: 7,
    onset: 2,
    host: () => {
      const h = server(sles15, 'plm-app2', { ram: 32, cores: 8, rootType: 'btrfs' });
      h.mounts.set('/mnt/archive', {
        device: '//nas04.corp.example/archive',
        type: 'cifs',
        options: 'rw,relatime,vers=3.0,cache=strict,hard',
        size: 8_000_000_000,
        used: 3_900_000_000,
      });
      h.serve('plm-indexer', {
        name: 'plm-indexer',
        cpu: 12,
        rss: 1.1 * GB,
        threads: 20,
        uid: 1004,
      });
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      const t = h.named('plm-indexer')[0]!;
      t.state = 'D';
      t.cpu = 0;
      h.load = [3 + i, 2 + i * 0.6, 2];
      h.blocked = 4;
      h.psi.io = 88;
      h.psi.ioFull = 70;
      if (i === 2) for (let n = 0; n < 3; n++) h.run({ name: 'updatedb', state: 'D', age: 70 });
      h.kernel(3, 'CIFS: VFS: \\\\nas04.corp.example has not responded in 180 seconds. Reconnecting...', 15);
      if (i === 4) h.kernel(3, 'INFO: task plm-indexer:4121 blocked for more than 122 seconds.', 9);
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['/mnt/archive', 'nas04', '//nas04', 'plm-app2'] }],
  },
  {
    name: 'the session to a storage array breaks below a volume of XFS',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 3,
    host: () => {
      const h = server(rhel9, 'pgsan01', { ram: 64, cores: 16 });
      h.disk('sdc', { reads: 120, writes: 300, size: 4_294_967_296 });
      h.disk('dm-3', { reads: 120, writes: 300, size: 4_294_000_000 });
      h.mounts.set('/var/lib/pgsql', {
        device: '/dev/mapper/vg_pg-lv_data',
        type: 'xfs',
        size: 2_100_000_000,
        used: 900_000_000,
      });
      lsblk(h, [
        ['sda', 'sda', '', 'disk', '100G'],
        ['sda2', 'sda2', 'sda', 'part', '99G', '/'],
        ['sdc', 'sdc', '', 'disk', '2T'],
        ['vg_pg-lv_data', 'dm-3', 'sdc', 'lvm', '2T', '/var/lib/pgsql'],
      ]);
      h.serve('postgresql-16', {
        name: 'postgres',
        cpu: 30,
        rss: 9 * GB,
        uid: 26,
      });
      return h;
    },
    minute: (h, i) => {
      if (i === 3) {
        h.kernel(
          3,
          ' connection1:0: ping timeout of 5 secs expired, recv timeout 5, last rx 4298121200, last ping 4298126208, now 4298131328',
          45,
        );
        h.kernel(6, ' connection1:0: detected conn error (1022)', 45);
        h.kernel(3, ' session1: session recovery timed out after 30 secs', 14);
        h.kernel(6, 'sd 6:0:0:1: rejecting I/O to offline device', 13);
        h.kernel(
          3,
          'I/O error, dev sdc, sector 2147512345 op 0x1:(WRITE) flags 0x1800 phys_seg 3 prio class 2',
          13,
        );
        h.kernel(
          3,
          'I/O error, dev sdc, sector 2147512600 op 0x1:(WRITE) flags 0x1800 phys_seg 1 prio class 2',
          13,
        );
        h.kernel(1, 'XFS (dm-3): log I/O error -5', 12);
        h.kernel(1, 'XFS (dm-3): Filesystem has been shut down due to log error (0x2).', 12);
        h.kernel(1, 'XFS (dm-3): Please unmount the filesystem and rectify the problem(s).', 12);
        h.disk('sdc', { reads: 0, writes: 0 });
        h.disk('dm-3', { reads: 0, writes: 0 });
        h.stop('postgres');
        h.service('postgresql-16', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'exit-code',
          ExecMainStatus: '1',
          ExecMainCode: '1',
          since: '-8',
        });
      }
    },
    roots: [{ problem: 'disk.errors', subject: 'sdc' }],
  },
  {
    name: 'a virtual disk loses writes and the mail store goes read-only',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 3,
    host: () => {
      const h = server(jammy, 'imap-7', { ram: 8, cores: 4, disk: 'vda' });
      h.disk('vdb', { reads: 40, writes: 60, size: 1_048_576_000 });
      h.mounts.set('/srv/mail', { device: '/dev/vdb1', type: 'ext4', size: 510_000_000, used: 250_000_000 });
      h.run({ name: 'dovecot', cpu: 3, rss: 12_000 });
      h.service('dovecot');
      return h;
    },
    minute: (h, i) => {
      if (i !== 3) return;
      h.kernel(
        3,
        'blk_update_request: I/O error, dev vdb, sector 274877906 op 0x1:(WRITE) flags 0x800 phys_seg 8 prio class 0',
        40,
      );
      h.kernel(4, 'Buffer I/O error on device vdb1, logical block 34359482', 40);
      h.kernel(3, 'Aborting journal on device vdb1-8.', 39);
      h.kernel(
        2,
        'EXT4-fs error (device vdb1): ext4_journal_check_start:83: comm dovecot: Detected aborted journal',
        38,
      );
      h.kernel(2, 'EXT4-fs (vdb1): Remounting filesystem read-only', 38);
      h.mounts.get('/srv/mail')!.options = 'ro,relatime,errors=remount-ro';
    },
    roots: [{ problem: 'disk.errors', subject: ['vdb'] }],
  },
  {
    name: 'a home directory with damaged directory blocks',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 1,
    host: () => {
      const h = server({ ...trixie }, 'shell-uni', { ram: 32, cores: 12, disk: 'nvme0n1' });
      h.mounts.set('/home', { device: '/dev/nvme0n1p3', type: 'ext4', size: 800_000_000, used: 400_000_000 });
      h.sys.set('/sys/fs/ext4/nvme0n1p3/errors_count', 0);
      h.sys.set('/sys/fs/ext4/nvme0n1p2/errors_count', 0);
      return h;
    },
    minute: (h, i) => {
      if (i < 1) return;
      h.sys.set('/sys/fs/ext4/nvme0n1p3/errors_count', i * 3);
      h.sys.set('/sys/fs/ext4/nvme0n1p3/last_error_time', h.epoch);
      h.kernel(
        2,
        'EXT4-fs error (device nvme0n1p3): htree_dirblock_to_tree:1080: inode #524312: comm find: Directory block failed checksum',
        22,
      );
    },
    roots: [{ problem: 'disk.fs_errors', subject: ['/home', 'nvme0n1p3'] }],
  },
  {
    name: 'no chunk is left for the metadata of btrfs although df shows a third free',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host: () => {
      const h = server(leap, 'snapper-box', { ram: 16, cores: 4, disk: 'sdb', rootType: 'btrfs' });
      h.mounts.set('/srv/vault', {
        device: '/dev/sdb3',
        type: 'btrfs',
        options: 'rw,relatime,space_cache=v2,subvolid=5,subvol=/',
        size: 488_386_584,
        used: 330_000_000,
      });
      h.more.set(
        'btrfs device stats /srv/vault',
        ['write_io_errs', 'read_io_errs', 'flush_io_errs', 'corruption_errs', 'generation_errs']
          .map((n) => `[/dev/sdb3].${n.padEnd(17)}0`)
          .join('\n'),
      );
      h.more.set(
        'btrfs filesystem usage -b /srv/vault',
        `Overall:
    Device size:\t\t\t500107862016
    Device allocated:\t\t\t500106813440
    Device unallocated:\t\t\t     1048576
    Device missing:\t\t\t           0
    Device slack:\t\t\t           0
    Used:\t\t\t\t337909268480
    Free (estimated):\t\t\t149884497920\t(min: 149884497920)
    Free (statfs, df):\t\t\t149883449344
    Data ratio:\t\t\t\t        1.00
    Metadata ratio:\t\t\t        2.00
    Global reserve:\t\t\t   536870912\t(used: 0)
    Multiple profiles:\t\t\t          no

Data,single: Size:483183820800, Used:333300371456 (68.98%)
   /dev/sdb3\t483183820800

Metadata,DUP: Size:8422162432, Used:8305410048 (98.61%)
   /dev/sdb3\t16844324864

System,DUP: Size:33554432, Used:81920 (0.24%)
   /dev/sdb3\t67108864

Unallocated:
   /dev/sdb3\t   1048576`,
      );
      return h;
    },
    roots: [{ problem: 'disk.btrfs_alloc', subject: ['/srv/vault', 'sdb3', '/dev/sdb3'] }],
  },
  {
    name: 'a mirror of ZFS runs on one leg',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host: () => {
      const h = server(proxmox, 'pve-ffm2', {
        ram: 128,
        cores: 24,
        disk: 'nvme0n1',
        root: 'rpool/ROOT/pve-1',
        rootType: 'zfs',
      });
      h.disk('sdf', { rotates: true, size: 15_628_053_168 });
      h.disk('sdg', { rotates: true, size: 15_628_053_168 });
      h.more.set(
        'zpool status',
        `  pool: rpool
 state: ONLINE
  scan: scrub repaired 0B in 00:04:11 with 0 errors on Sun Nov  8 00:28:12 2026
config:

	NAME                                 STATE     READ WRITE CKSUM
	rpool                                ONLINE       0     0     0
	  nvme-eui.0025388b71b2a1c0-part3    ONLINE       0     0     0

errors: No known data errors

  pool: slowtank
 state: DEGRADED
status: One or more devices could not be used because the label is missing or
	invalid.  Sufficient replicas exist for the pool to continue
	functioning in a degraded state.
action: Replace the device using 'zpool replace'.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-4J
  scan: scrub repaired 0B in 11:02:44 with 0 errors on Sun Nov  8 11:26:45 2026
config:

	NAME                        STATE     READ WRITE CKSUM
	slowtank                    DEGRADED     0     0     0
	  mirror-0                  DEGRADED     0     0     0
	    wwn-0x5000c500c9b1a2f3  ONLINE       0     0     0
	    9180412377421230021     UNAVAIL      0     0     0  was /dev/disk/by-id/wwn-0x5000c500c9b18e11-part1

errors: No known data errors`,
      );
      h.more.set(
        'zpool list -Hp',
        'rpool\t996432412672\t214748364800\t781684047872\t-\t-\t21\t21\t1.00\tONLINE\t-\nslowtank\t7971459301376\t3985729650688\t3985729650688\t-\t-\t9\t50\t1.00\tDEGRADED\t-',
      );
      return h;
    },
    roots: [{ problem: 'disk.zfs_degraded', subject: 'slowtank' }],
  },
  {
    name: 'a thin pool has no data space left and queues writes',
    kind: 'fault',
    reports: 3,
    onset: 0,
    host: () => {
      const h = server(debian12, 'virt-lab', { ram: 64, cores: 16, disk: 'sda' });
      h.more.set(
        'dmsetup status',
        `vmstore-thin-tpool: 0 3435134976 thin-pool 18 11221/220160 52415/52416 - out_of_data_space discard_passdown queue_if_no_space - 1024
vmstore-thin: 0 3435134976 linear
vmstore-thin_tdata: 0 3435134976 linear
vmstore-thin_tmeta: 0 1761280 linear
vmstore-vm--104--disk--0: 0 209715200 thin 201326592 209715199`,
      );
      h.kernel(4, 'device-mapper: thin: 254:3: reached low water mark for data device: sending event.', 900);
      h.kernel(4, 'device-mapper: thin: 254:3: switching pool to out-of-data-space (queue IO) mode', 300);
      h.kernel(3, 'device-mapper: thin: 254:3: switching pool to out-of-data-space (error IO) mode', 240);
      h.kernel(3, 'Buffer I/O error on dev dm-9, logical block 1187712, lost async page write', 239);
      return h;
    },
    atFirst: 'wrong edge',
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['vmstore-thin', 'vmstore/thin'] }],
  },
  {
    name: 'a drive of a RAID 6 is thrown out after it stopped answering',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 3,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'borgbox', { ram: 32, cores: 8, disk: 'nvme0n1' });
      for (const d of ['sdd', 'sde', 'sdf', 'sdg', 'sdh'])
        h.disk(d, { reads: 20, writes: 60, rotates: true, size: 23_437_770_752 });
      h.mounts.set('/srv/borg', {
        device: '/dev/md127',
        type: 'xfs',
        size: 35_000_000_000,
        used: 18_000_000_000,
      });
      h.sys.set('/sys/block/md127/md/degraded', 0);
      h.sys.set('/sys/block/md127/md/sync_action', 'idle');
      h.sys.set('/sys/block/md127/md/mismatch_cnt', 0);
      for (const d of ['sdd', 'sde', 'sdf', 'sdg', 'sdh'])
        h.sys.set(`/sys/block/md127/md/dev-${d}1/state`, 'in_sync');
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid6] [raid5] [raid4] \nmd127 : active raid6 sdh1[4] sdg1[3] sdf1[2] sde1[1] sdd1[0]\n      35156256768 blocks super 1.2 level 6, 512k chunk, algorithm 2 [5/5] [UUUUU]\n      bitmap: 2/88 pages [8KB], 65536KB chunk\n\nunused devices: <none>',
      );
      return h;
    },
    minute: (h, i) => {
      if (i !== 3) return;
      h.kernel(
        3,
        'sd 8:0:3:0: [sdg] tag#914 FAILED Result: hostbyte=DID_SOFT_ERROR driverbyte=DRIVER_OK cmd_age=31s',
        50,
      );
      h.kernel(
        3,
        'I/O error, dev sdg, sector 7812501504 op 0x0:(READ) flags 0x4000 phys_seg 32 prio class 2',
        50,
      );
      h.kernel(3, 'I/O error, dev sdg, sector 2064 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2', 41);
      h.kernel(2, 'md: super_written gets error=-5', 41);
      h.kernel(2, 'md/raid:md127: Disk failure on sdg1, disabling device.', 41);
      h.kernel(2, 'md/raid:md127: Operation continuing on 4 devices.', 41);
      h.sys.set('/sys/block/md127/md/degraded', 1);
      h.sys.set('/sys/block/md127/md/dev-sdg1/state', 'faulty,write_error');
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid6] [raid5] [raid4] \nmd127 : active raid6 sdh1[4] sdg1[3](F) sdf1[2] sde1[1] sdd1[0]\n      35156256768 blocks super 1.2 level 6, 512k chunk, algorithm 2 [5/4] [UUU_U]\n      bitmap: 31/88 pages [124KB], 65536KB chunk\n\nunused devices: <none>',
      );
      h.disk('sdg', { reads: 0, writes: 0 });
    },
    roots: [{ problem: ['disk.errors', 'raid.disk_failed'], subject: ['sdg'] }],
  },
  {
    name: 'the monthly check of an array makes the server slow',
    kind: 'control',
    installed: true,
    reports: 14,
    onset: 2,
    host: () => {
      const h = server({ ...alma8, virt: 'none' }, 'fileserv', {
        ram: 16,
        cores: 4,
        disk: 'sda',
        root: '/dev/md1',
      });
      for (const d of ['sda', 'sdb'])
        h.disk(d, { reads: 15, writes: 20, rotates: true, size: 7_814_037_168, model: 'ST4000NM0035-1V4' });
      h.disk('md1', { size: 7_800_000_000 });
      h.sys.set('/sys/block/md1/md/degraded', 0);
      h.sys.set('/sys/block/md1/md/sync_action', 'idle');
      h.sys.set('/sys/block/md1/md/mismatch_cnt', 0);
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] \nmd1 : active raid1 sdb1[1] sda1[0]\n      3906886464 blocks super 1.2 [2/2] [UU]\n\nunused devices: <none>',
      );
      h.run({ name: 'smbd', cpu: 5, rss: 60_000 });
      h.service('smb');
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      if (i === 2) h.kernel(6, 'md: data-check of RAID array md1', 50);
      h.sys.set('/sys/block/md1/md/sync_action', 'check');
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1] \nmd1 : active raid1 sdb1[1] sda1[0]\n      3906886464 blocks super 1.2 [2/2] [UU]\n      [>....................]  check =  ${(1 + i * 0.2).toFixed(1)}% (${(1 + i) * 7000000}/3906886464) finish=391.2min speed=141204K/sec\n\nunused devices: <none>`,
      );
      for (const d of ['sdb', 'sda'])
        busyDisk(h, d, { reads: 290, writes: 22, readBytes: 144_000_000, await: 128 }, 3);
      if (i === 2)
        h.run({ name: 'md1_resync', cpu: 14, kernel: 1, state: 'D', ppid: 2, rss: 0, cgroup: '/', age: 50 });
    },
    atFirst: 'the case was wrong',
    // Work that is meant to be done is no incident; that it is the reason is noted.
    roots: [],
    notes: [{ problem: 'raid.resync', subject: 'md1' }],
  },
  {
    name: 'the spare blocks of an NVMe drive run out',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host: () => {
      const h = server({ ...noble, virt: 'none' }, 'cache-ams', { ram: 64, cores: 16, disk: 'nvme0n1' });
      h.disk('nvme1n1', { reads: 300, writes: 900, size: 3_750_748_848 });
      smartctl(h, 'nvme1n1', {
        smartctl: { version: [7, 4], exit_status: 8, messages: [] },
        device: { name: '/dev/nvme1n1', type: 'nvme', protocol: 'NVMe' },
        model_name: 'SAMSUNG MZVL21T0HCLR-00B00',
        serial_number: 'S676NX0R702331',
        smart_status: { passed: false, nvme: { value: 5 } },
        nvme_smart_health_information_log: {
          critical_warning: 5,
          temperature: 47,
          available_spare: 4,
          available_spare_threshold: 10,
          percentage_used: 61,
          data_units_written: 1_322_190_222,
          power_on_hours: 22_871,
          unsafe_shutdowns: 31,
          media_errors: 0,
          num_err_log_entries: 0,
          warning_temp_time: 0,
          critical_comp_time: 0,
        },
        temperature: { current: 47 },
        power_on_time: { hours: 22_871 },
      });
      return h;
    },
    roots: [{ problem: ['smart.nvme_spare', 'smart.nvme_critical'], subject: ['nvme1'] }],
  },
  {
    name: 'an NVMe controller falls off the bus below a database',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 2,
    host: () => {
      const h = server({ ...alma8, virt: 'none' }, 'maria-hot', { ram: 64, cores: 24, disk: 'sda' });
      h.disk('nvme2n1', { reads: 700, writes: 1200, size: 3_750_748_848 });
      h.mounts.set('/var/lib/mysql', {
        device: '/dev/nvme2n1',
        type: 'xfs',
        size: 1_800_000_000,
        used: 900_000_000,
      });
      h.serve('mariadb', {
        name: 'mariadbd',
        cpu: 60,
        rss: 40 * GB,
        threads: 60,
        uid: 27,
      });
      return h;
    },
    minute: (h, i) => {
      if (i !== 2) return;
      h.kernel(4, 'nvme nvme2: I/O 324 QID 7 timeout, aborting', 57);
      h.kernel(4, 'nvme nvme2: I/O 324 QID 7 timeout, reset controller', 27);
      h.kernel(4, 'nvme nvme2: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0xffff', 20);
      h.kernel(4, 'nvme nvme2: Removing after probe failure status: -19', 18);
      h.kernel(
        3,
        'blk_update_request: I/O error, dev nvme2n1, sector 1953814272 op 0x1:(WRITE) flags 0x8800 phys_seg 2 prio class 0',
        18,
      );
      h.kernel(1, 'XFS (nvme2n1): log I/O error -5', 18);
      h.kernel(
        1,
        'XFS (nvme2n1): xfs_do_force_shutdown(0x2) called from line 1250 of file fs/xfs/xfs_log.c. Return address = 00000000d2f2b1a3',
        18,
      );
      h.kernel(1, 'XFS (nvme2n1): Log I/O Error Detected. Shutting down filesystem', 18);
      h.disks.delete('nvme2n1');
      h.stop('mariadbd');
      h.service('mariadb', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'signal',
        ExecMainStatus: '6',
        ExecMainCode: '2',
        since: '-10',
      });
    },
    roots: [{ problem: 'disk.errors', subject: ['nvme2'] }],
  },
  {
    name: 'a bad SATA cable',
    kind: 'fault',
    reports: 5,
    step: 3600,
    onset: 2,
    host: () => {
      const h = server({ ...jammy, virt: 'none' }, 'shed-nas', { ram: 16, cores: 4, disk: 'sda' });
      h.disk('sde', { reads: 30, writes: 40, rotates: true, size: 15_628_053_168 });
      h.mounts.set('/tank', { device: '/dev/sde1', type: 'ext4', size: 7_700_000_000, used: 3_000_000_000 });
      sata(h, 'sde', { model: 'WDC WD80EFZX-68UW8N0' }, { 199: 12 });
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      sata(h, 'sde', { model: 'WDC WD80EFZX-68UW8N0' }, { 199: 12 + (i - 1) * 61 });
      h.kernel(3, 'ata5.00: exception Emask 0x10 SAct 0x400000 SErr 0x400100 action 0x6 frozen', -100);
      h.kernel(3, 'ata5.00: irq_stat 0x08000000, interface fatal error', -100);
      h.kernel(3, 'ata5: SError: { UnrecovData Handshk }', -100);
      h.kernel(3, 'ata5.00: failed command: WRITE FPDMA QUEUED', -100);
      h.kernel(6, 'ata5: hard resetting link', -100);
      if (i === 3) h.kernel(4, 'ata5: limiting SATA link speed to 3.0 Gbps', -160);
    },
    atFirst: 'wrong order',
    roots: [{ problem: ['smart.crc'], subject: ['sde'] }],
  },
  {
    name: 'a SAS drive announces its own end',
    kind: 'fault',
    reports: 1,
    host: () => {
      const h = server({ ...rhel9, virt: 'none' }, 'jbod-head', { ram: 128, cores: 32 });
      h.disk('sdh', { rotates: true, size: 23_437_770_752 });
      smartctl(h, 'sdh', {
        smartctl: { version: [7, 2], exit_status: 8 },
        device: { name: '/dev/sdh', info_name: '/dev/sdh', type: 'scsi', protocol: 'SCSI' },
        vendor: 'SEAGATE',
        product: 'ST12000NM0158',
        model_name: 'SEAGATE ST12000NM0158',
        serial_number: 'ZHZ1A2B30000C9041QRS',
        rotation_rate: 7200,
        smart_status: {
          passed: false,
          scsi: { asc: 93, ascq: 16, ie_string: 'FAILURE PREDICTION THRESHOLD EXCEEDED' },
        },
        temperature: { current: 39, drive_trip: 60 },
        power_on_time: { hours: 41_002, minutes: 12 },
        scsi_grown_defect_list: 1873,
        scsi_error_counter_log: {
          read: {
            errors_corrected_by_eccfast: 0,
            errors_corrected_by_eccdelayed: 211,
            total_errors_corrected: 211,
            total_uncorrected_errors: 0,
          },
          write: { total_errors_corrected: 0, total_uncorrected_errors: 0 },
        },
      });
      return h;
    },
    roots: [{ problem: 'smart.failed', subject: 'sdh' }],
  },
  {
    name: 'a consumer SSD is written to its end',
    kind: 'fault',
    reports: 1,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'zigbee-hub', { ram: 8, cores: 4, disk: 'sda' });
      smartctl(h, 'sda', {
        smartctl: { version: [7, 3], exit_status: 0 },
        device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
        model_family: 'Crucial/Micron Client SSDs',
        model_name: 'CT500MX500SSD1',
        serial_number: '2011E296A1B2',
        rotation_rate: 0,
        smart_status: { passed: true },
        ata_smart_attributes: {
          table: [
            attribute(1, 'Raw_Read_Error_Rate', 100, 0),
            attribute(5, 'Reallocate_NAND_Blk_Cnt', 100, 0, 10),
            attribute(9, 'Power_On_Hours', 100, 38122),
            attribute(173, 'Ave_Block-Erase_Count', 4, 1441),
            attribute(194, 'Temperature_Celsius', 66, 34),
            attribute(197, 'Current_Pending_ECC_Cnt', 100, 0),
            attribute(199, 'UDMA_CRC_Error_Count', 100, 0),
            attribute(202, 'Percent_Lifetime_Remain', 4, 96, 1),
          ],
        },
        power_on_time: { hours: 38122 },
        temperature: { current: 34 },
      });
      return h;
    },
    roots: [{ problem: 'smart.ssd_wear', subject: 'sda' }],
  },
  {
    name: 'an image cache uses up the inodes of its volume',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 3,
    host: () => {
      const h = server(alpine, 'thumbor-2', { ram: 4, cores: 2, disk: 'vda' });
      h.disk('vdb', { writes: 30, size: 419_430_400 });
      h.mounts.set('/var/cache/thumbs', {
        device: '/dev/vdb',
        type: 'ext4',
        size: 205_000_000,
        used: 84_000_000,
        inodes: 13_107_200,
        inodesUsed: 13_020_000,
      });
      h.run({ name: 'thumbor', cpu: 30, rss: 0.4 * GB, uid: 200, write: 900_000 });
      return h;
    },
    minute: (h, i) => {
      h.mounts.get('/var/cache/thumbs')!.inodesUsed = Math.min(13_107_200, 13_020_000 + grown(i, 1, 30_000));
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/var/cache/thumbs' }],
  },
  {
    name: 'a log that was deleted by hand stays open and fills its volume',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 0,
    host: () => {
      const h = server(sles15, 'tomcat-hr', { ram: 16, cores: 4 });
      h.mounts.set('/opt', {
        device: '/dev/mapper/system-opt',
        type: 'xfs',
        size: 104_000_000,
        used: 101_900_000,
      });
      h.serve('tomcat-hr', {
        name: 'java',
        cpu: 20,
        rss: 3 * GB,
        threads: 90,
        uid: 1005,
        write: 800_000,
      });
      return h;
    },
    minute: (h, i) => {
      h.mounts.get('/opt')!.used = Math.min(103_980_000, 101_900_000 + i * 700_000);
    },
    edit: (text, i, h) => {
      const bytes = 61_203_283_968 + i * 700_000 * 1024;
      return withSection(
        text,
        'ls -lL /proc/[0-9]*/fd',
        `${bytes} ${bytes / 512} fd03:402199 /proc/${h.named('java')[0]!.pid}/fd/1 /opt/tomcat/logs/catalina.out (deleted)`,
      );
    },
    roots: [{ problem: 'disk.deleted_open', subject: ['/opt', 'java', 'tomcat-hr'] }],
  },
  {
    name: 'a cloud volume stands at its paid number of operations',
    kind: 'fault',
    installed: true,
    reports: 15,
    onset: 3,
    step: 120,
    host: () => {
      const h = server(amazon2023, 'ip-10-3-7-21', {
        ram: 32,
        cores: 8,
        disk: 'nvme0n1',
        rootType: 'xfs',
        nic: 'ens5',
      });
      h.disk('nvme1n1', {
        reads: 900,
        writes: 500,
        await: 0.9,
        size: 1_048_576_000,
        model: 'Amazon Elastic Block Store',
      });
      h.mounts.set('/var/lib/elasticsearch', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 520_000_000,
        used: 250_000_000,
      });
      h.serve('elasticsearch', {
        name: 'java',
        cpu: 130,
        rss: 17 * GB,
        threads: 120,
        uid: 992,
        read: 9_000_000,
      });
      return h;
    },
    minute: (h, i) => {
      if (!from(i, 3)) return;
      // The counters of a volume that is held at 3000 do not jitter.
      busyDisk(
        h,
        'nvme1n1',
        { reads: 2400, writes: 600, readBytes: 39_000_000, writeBytes: 9_800_000, await: 14 },
        5,
      );
      h.named('java')[0]!.read = 39_000_000;
    },
    roots: [{ problem: ['disk.cloud_throttle', 'disk.latency', 'disk.saturated'], subject: 'nvme1n1' }],
  },
  {
    name: 'no time server is reached since the firewall was renewed',
    kind: 'fault',
    reports: 4,
    step: 3600,
    host: () => {
      const h = server(rhel9, 'kdc-2', { ram: 8, cores: 2 });
      h.service('chronyd');
      h.more.set(
        'timedatectl',
        'Timezone=America/New_York\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no',
      );
      h.more.set(
        'chronyc -n -c tracking',
        '00000000,,0,1795011120.121212121,0.000000000,0.000000000,0.000000000,-18.212,0.000,0.018,0.000000000,0.000000000,0.0,Not synchronised',
      );
      return h;
    },
    roots: [{ problem: 'time.unsync', subject: 'kdc-2' }],
  },
  {
    name: 'a processor hangs in the kernel',
    kind: 'fault',
    installed: true,
    reports: 4,
    onset: 2,
    host: () => server({ ...centos7, virt: 'vmware' }, 'wms-db-old', { ram: 32, cores: 8 }),
    minute: (h, i) => {
      if (i < 2) return;
      h.kernel(
        0,
        `NMI watchdog: BUG: soft lockup - CPU#5 stuck for ${22 + (i - 2) * 23}s! [kworker/5:1:3482]`,
        30,
      );
      h.kernel(4, 'Modules linked in: vmw_vsock_vmci_transport vsock nf_conntrack ppdev vmw_balloon', 30);
      h.kernel(
        3,
        'INFO: rcu_sched self-detected stall on CPU { 5}  (t=60000 jiffies g=81223119 c=81223118 q=4231)',
        12,
      );
      h.load = [9, 5, 2.5];
    },
    roots: [{ problem: 'sys.crash', subject: ['wms-db-old', 'CPU', 'kworker'] }],
  },
  {
    name: 'after a restart a volume of the SAN is not there and its database does not start',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 3,
    host: () => {
      const h = server(debian12, 'erp-db', { ram: 32, cores: 8, disk: 'sda' });
      h.mounts.set('/data/pg', {
        device: '/dev/mapper/san--vg-pg',
        type: 'ext4',
        size: 1_000_000_000,
        used: 410_000_000,
      });
      h.more.set(
        'cat /etc/fstab',
        '/dev/sda2 / ext4 errors=remount-ro 0 1\n/dev/mapper/san--vg-pg /data/pg ext4 _netdev,nofail 0 2',
      );
      h.run({
        name: 'postgres',
        cpu: 12,
        rss: 3 * GB,
        uid: 112,
        cgroup: '/system.slice/system-postgresql.slice/postgresql@15-main.service',
      });
      h.service('postgresql@15-main');
      return h;
    },
    minute: (h, i) => {
      if (i !== 3) return;
      // The firmware of such a server takes its time.
      h.now += 300;
      h.reboot();
      h.mounts.delete('/data/pg');
      h.stop('postgres');
      h.service('postgresql@15-main', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'protocol',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: '60',
      });
    },
    atFirst: 'wrong edge',
    roots: [{ problem: 'disk.mount_missing', subject: '/data/pg' }],
  },
  {
    name: 'a logical drive behind a Smart Array has lost a disk',
    kind: 'fault',
    reports: 1,
    host: () => {
      const h = server({ ...leap, virt: 'none' }, 'dl380-bkp', { ram: 64, cores: 16 });
      h.more.set(
        'ssacli ctrl all show config',
        `
Smart Array P440ar in Slot 0 (Embedded)   (sn: PDNLH0BRH7V1AB)


   Internal Drive Cage at Port 1I, Box 1, OK


   Port Name: 1I (Mixed)

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (1.1 TB, RAID 5, Interim Recovery Mode)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 600 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 600 GB, OK)
      physicaldrive 1I:1:3 (port 1I:box 1:bay 3, SAS HDD, 600 GB, Failed)

   SEP (Vendor ID PMCSIERA, Model SRCv8x6G) 378  (WWID: 50014380330A1B2F)`,
      );
      h.more.set(
        'ssacli ctrl all show status',
        '\nSmart Array P440ar in Slot 0 (Embedded)\n   Controller Status: OK\n   Cache Status: OK\n   Battery/Capacitor Status: OK\n',
      );
      return h;
    },
    roots: [
      {
        problem: ['raid.disk_failed', 'raid.degraded'],
        subject: ['1I:1:3', 'logicaldrive 1', 'Smart Array', 'slot 0', 'P440ar', 'ssacli', '1'],
      },
    ],
  },
];
