// Disks, RAID, pools, volumes and filesystems.
import { installed, type Tree } from './box.ts';
import { machine, webStack } from './systems.ts';
import { ataText, nvmeJson, ataJson } from './smart.ts';

export const storage: Tree[] = [
  {
    name: 'CentOS 7: a disk with pending sectors falls out of the mirror',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({ system: 'centos7', name: 'srv-alt-03', net: 'em1' });
      b.disks = ['sda', 'sdb'].map((name, i) => ({
        name,
        gb: 2000,
        model: 'ST2000DM001-1CH1',
        serial: `Z1E0AB${i}C`,
        rotational: true,
        scheduler: 'noop [deadline] cfq',
        readMs: 9,
        writeMs: 6,
        parts: [
          [`${name}1`, 1],
          [`${name}2`, 1990],
        ] as [string, number][],
        smart: ataText({ model: 'ST2000DM001-1CH164', serial: `Z1E0AB${i}C`, hours: 61021 }),
      }));
      b.disks.push({ name: 'md127', gb: 1990 });
      b.mounts[0] = {
        dev: '/dev/md127',
        at: '/',
        type: 'xfs',
        options: 'rw,relatime,attr2,inode64,noquota',
        mb: 1_890_000,
        used: 700_000,
      };
      b.files['proc/mdstat'] = `Personalities : [raid1] \nmd127 : active raid1 sdb2[1] sda2[0]
      1943040000 blocks super 1.2 [2/2] [UU]
      bitmap: 3/15 pages [12KB], 65536KB chunk

unused devices: <none>
`;
      Object.assign(b.files, {
        'sys/block/md127/md/degraded': '0\n',
        'sys/block/md127/md/sync_action': 'idle\n',
        'sys/block/md127/md/mismatch_cnt': '0\n',
        'sys/block/md127/md/dev-sda2/state': 'in_sync\n',
        'sys/block/md127/md/dev-sdb2/state': 'in_sync\n',
      });
      return b;
    },
    each: (b, run) => {
      const sdb = b.disk('sdb');
      if (run === 2)
        sdb.smart = ataText({
          model: 'ST2000DM001-1CH164',
          serial: 'Z1E0AB1C',
          hours: 61021,
          pending: 24,
          offline: 24,
          reported: 31,
        });
      if (run !== 3) return;
      sdb.ioerr = 41;
      b.say(3, 'ata2.00: exception Emask 0x0 SAct 0x7fffffff SErr 0x0 action 0x0', 30);
      b.say(3, 'ata2.00: failed command: READ FPDMA QUEUED', 30);
      b.say(3, 'ata2.00: error: { UNC }', 30);
      b.say(3, 'blk_update_request: I/O error, dev sdb, sector 2930276480', 29);
      b.say(2, 'md/raid1:md127: Disk failure on sdb2, disabling device.', 28);
      b.files['proc/mdstat'] = `Personalities : [raid1] \nmd127 : active raid1 sdb2[1](F) sda2[0]
      1943040000 blocks super 1.2 [2/1] [U_]
      bitmap: 9/15 pages [36KB], 65536KB chunk

unused devices: <none>
`;
      Object.assign(b.files, {
        'sys/block/md127/md/degraded': '1\n',
        'sys/block/md127/md/dev-sdb2/state': 'faulty\n',
      });
    },
    roots: [{ problem: ['smart.combo', 'smart.pending', 'smart.uncorrectable'], subject: 'sdb' }],
  },
  {
    name: 'Proxmox: one half of the ZFS mirror is faulted',
    kind: 'fault',
    onset: 2,
    box: () => zfsHost('pve-2'),
    each: (b, run) => {
      if (run < 2) return;
      b.programs['zpool'] = zpool(
        'DEGRADED',
        [
          ['nvme-eui.0025385b21406e3c-part3', 'ONLINE', 0, 0, 0],
          ['nvme-eui.0025385b21406e9f-part3', 'FAULTED', 6, 140, 0],
        ],
        61,
      );
      if (run === 2) {
        b.say(4, 'nvme nvme1: I/O 312 QID 5 timeout, aborting', 40);
        b.say(4, 'nvme nvme1: controller is down; will reset: CSTS=0x3, PCI_STATUS=0x10', 10);
      }
    },
    roots: [{ problem: ['disk.zfs_degraded', 'disk.errors'], subject: ['rpool', 'nvme1'] }],
  },
  {
    name: 'btrfs has no room left for metadata though df shows plenty',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = machine({ system: 'sles15', name: 'sles-files', disk: 'vda' });
      b.disks.push({ name: 'vdb', gb: 500, rotational: true });
      b.mounts.push({
        dev: '/dev/vdb',
        at: '/srv/büro',
        type: 'btrfs',
        options: 'rw,relatime,space_cache=v2,subvolid=5,subvol=/',
        mb: 476_837,
        used: 350_000,
      });
      b.programs['btrfs'] = [
        [
          'device stats /srv/büro',
          `[/dev/vdb].write_io_errs    0
[/dev/vdb].read_io_errs     0
[/dev/vdb].flush_io_errs    0
[/dev/vdb].corruption_errs  0
[/dev/vdb].generation_errs  0
`,
        ],
        [
          'filesystem usage -b /srv/büro',
          btrfsUsage(
            500_000_000_000,
            420_000_000_000,
            410_000_000_000,
            360_000_000_000,
            4_000_000_000,
            2_900_000_000,
          ),
        ],
      ];
      b.serve('smb.service', { name: 'smbd', rss: 60 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.programs['btrfs']![1] = [
        'filesystem usage -b /srv/büro',
        btrfsUsage(
          500_000_000_000,
          499_990_000_000,
          489_000_000_000,
          366_000_000_000,
          5_368_709_120,
          5_350_000_000,
        ),
      ];
    },
    roots: [{ problem: 'disk.btrfs_alloc', subject: '/srv/büro' }],
  },
  {
    name: 'an LVM thin pool runs full under its virtual machines',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({ system: 'proxmox', name: 'pve-old', disk: 'sda', memory: 64_000, cores: 12 });
      b.disks.push({ name: 'dm-0', gb: 96, dm: 'pve-root' }, { name: 'dm-4', gb: 800, dm: 'pve-data-tpool' });
      for (const [i, vm] of ['101', '104', '230'].entries())
        b.serve(`${vm}.scope`, {
          name: 'kvm',
          exe: '/usr/bin/qemu-system-x86_64',
          rss: 8200,
          cpu: 0.3,
          threads: 12,
          pid: 4000 + i,
        });
      b.programs['dmsetup'] = [['status', thin(61.2, 30.1, false)]];
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.programs['dmsetup'] = [['status', thin(run === 3 ? 97.4 : 100, 55, run > 3)]];
      if (run === 4) {
        b.say(4, 'device-mapper: thin: 253:4: reached low water mark for data device: sending event.', 50);
        b.say(4, 'device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode', 30);
        b.blocked = 3;
      }
    },
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['pve-data', 'pve/data', 'pve-data-tpool', 'dm-4'] }],
  },
  {
    name: 'the NFS server does not answer: programs hang on a mount with a space in its name',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2204', name: 'app-7', memory: 16_000 }));
      b.mounts.push({
        dev: '10.20.0.5:/export/Projekte alt',
        at: '/mnt/Projekte alt',
        type: 'nfs4',
        options: 'rw,relatime,vers=4.2,hard,proto=tcp,timeo=600,retrans=2,addr=10.20.0.5',
        mb: 4_000_000,
        used: 2_000_000,
      });
      b.files['proc/net/rpc/nfs'] = 'net 0 0 0 0\nrpc 94211 12 94211\nproc4 2 1 2\n';
      for (let i = 0; i < 5; i++)
        b.run({
          name: 'convert',
          exe: '/usr/bin/convert',
          rss: 60,
          uid: 33,
          unit: 'php8.2-fpm.service',
          pid: 9100 + i,
        });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2) b.say(4, 'nfs: server 10.20.0.5 not responding, still trying', 50);
      b.files['proc/net/rpc/nfs'] =
        `net 0 0 0 0\nrpc ${94300 + run * 20} ${20 + run * 18} ${94300 + run * 20}\nproc4 2 1 2\n`;
      for (const p of b.processes)
        if (p.name === 'convert') Object.assign(p, { state: 'D', wchan: 'rpc_wait_bit_killable' });
      b.blocked = 5;
      b.load = [4 + run, 2 + run, 1.5];
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['/mnt/Projekte alt', '10.20.0.5'] }],
  },
  {
    name: 'an NVMe drive uses up its spare blocks',
    kind: 'fault',
    onset: 1,
    runs: 3,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'debian13', name: 'db-a', disk: 'nvme0n1', memory: 32_000 }));
      b.disks[0]!.smartJson = nvmeJson({
        name: 'nvme0',
        model: 'INTEL SSDPE2KX010T8',
        serial: 'BTLJ9',
        used: 40,
      });
      b.disks.push({
        name: 'nvme1n1',
        gb: 1000,
        model: 'INTEL SSDPE2KX010T8',
        serial: 'BTLJ8',
        smartJson: nvmeJson({
          name: 'nvme1',
          model: 'INTEL SSDPE2KX010T8',
          serial: 'BTLJ8',
          used: 71,
          spare: 12,
        }),
      });
      b.mounts.push({ dev: '/dev/nvme1n1', at: '/var/lib/mysql', type: 'xfs', mb: 950_000, used: 300_000 });
      return b;
    },
    each: (b, run) => {
      if (run >= 1)
        b.disk('nvme1n1').smartJson = nvmeJson({
          name: 'nvme1',
          model: 'INTEL SSDPE2KX010T8',
          serial: 'BTLJ8',
          used: 72,
          spare: 8,
          warning: 1,
        });
    },
    roots: [{ problem: ['smart.nvme_critical', 'smart.nvme_spare', 'smart.failed'], subject: 'nvme1' }],
  },
  {
    name: 'an NVMe controller goes away, the journal aborts and PostgreSQL stops',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'pg-prod-1', disk: 'sda', memory: 64_000, cores: 16 });
      b.disks.push({
        name: 'nvme0n1',
        gb: 1920,
        model: 'SAMSUNG MZQL21T9HCJR-00A07',
        reads: 300,
        writes: 500,
      });
      b.mounts.push({
        dev: '/dev/nvme0n1',
        at: '/var/lib/pgsql',
        type: 'ext4',
        options: 'rw,seclabel,relatime',
        mb: 1_820_000,
        used: 800_000,
      });
      b.serve('postgresql-16.service', {
        name: 'postgres',
        exe: '/usr/pgsql-16/bin/postgres',
        uid: 26,
        rss: 16_000,
        cpu: 1.2,
        threads: 1,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      Object.assign(b.disk('nvme0n1'), { reads: 0, writes: 0 });
      b.mount('/var/lib/pgsql').options = 'ro,seclabel,relatime';
      if (run > 3) return;
      b.say(4, 'nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0xffff', 44);
      b.say(4, 'nvme nvme0: Does your device have a faulty power saving mode enabled?', 44);
      b.say(4, 'nvme nvme0: Disabling device after reset failure: -19', 42);
      b.say(
        3,
        'I/O error, dev nvme0n1, sector 1953525168 op 0x1:(WRITE) flags 0x800 phys_seg 4 prio class 2',
        42,
      );
      b.say(2, 'Aborting journal on device nvme0n1-8.', 41);
      b.say(
        2,
        'EXT4-fs error (device nvme0n1): ext4_journal_check_start:83: comm postgres: Detected aborted journal',
        41,
      );
      b.say(2, 'EXT4-fs (nvme0n1): Remounting filesystem read-only', 41);
      b.fail('postgresql-16.service', 'exit-code', 1, 1, 38);
    },
    roots: [{ problem: 'disk.errors', subject: 'nvme0' }],
  },
  {
    name: 'a rotated log is still held by java: xfs full, du finds nothing',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'tomcat-eu', root: [50, 30], fs: 'xfs', memory: 16_000 });
      const p = b.serve('tomcat.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-17/bin/java',
        rss: 4100,
        uid: 53,
        cpu: 0.4,
        threads: 92,
        pid: 2210,
        files: ['/dev/null', '/var/log/tomcat/catalina.out (deleted)'],
      });
      b.listeners.push({ at: '*:8080', process: 'java', pid: p.pid });
      b.files['var/log/tomcat/catalina.out (deleted)'] = 'x\n';
      b.held.push({ pid: 2210, fd: 1, bytes: 8e9, device: 2049, inode: 77123 });
      return b;
    },
    each: (b, run) => {
      b.held[0]!.bytes = 8e9 + run * 1.5e9;
      b.mount('/').used = 38_000 + run * 1700;
      if (run >= 4) b.mount('/').used = 47_400;
    },
    roots: [{ problem: 'disk.deleted_open', subject: ['java', 'tomcat', '/', '/var/log/tomcat'] }],
  },
  {
    name: 'session files use up all inodes of /var',
    kind: 'fault',
    rhythm: installed,
    onset: 2,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'shop' }));
      b.mounts.push({
        dev: '/dev/sdb1',
        at: '/var',
        type: 'ext4',
        mb: 19_000,
        used: 6000,
        inodes: 1_310_720,
        inodesUsed: 1_100_000,
      });
      b.disks.push({ name: 'sdb', gb: 20, parts: [['sdb1', 20]] });
      return b;
    },
    each: (b, run) => {
      b.mount('/var').inodesUsed = [1_150_000, 1_190_000, 1_290_000, 1_310_600, 1_310_720, 1_310_720][run]!;
      if (run === 4) b.fail('php8.2-fpm.service', 'exit-code', 78);
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/var' }],
  },
  {
    name: 'a drive behind a MegaRAID controller has failed (storcli)',
    kind: 'fault',
    onset: 1,
    runs: 3,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2204', name: 'r640-a', memory: 64_000, cores: 24 }));
      b.programs['storcli64'] = storcli(false);
      return b;
    },
    each: (b, run) => {
      if (run >= 1) b.programs['storcli64'] = storcli(true);
    },
    roots: [{ problem: ['raid.degraded', 'raid.disk_failed'], subject: 'storcli 0' }],
  },
  {
    name: 'HP controller: its capacitor failed, so writes go through to slow disks (ssacli)',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({ system: 'sles15', name: 'dl380-erp', memory: 128_000, cores: 20 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        uid: 60,
        rss: 60_000,
        cpu: 1.1,
        threads: 90,
        write: 6e6,
      });
      Object.assign(b.disks[0]!, {
        model: 'LOGICAL VOLUME',
        rotational: true,
        reads: 40,
        writes: 180,
        readMs: 5,
        writeMs: 0.6,
        busy: 0.2,
      });
      b.programs['ssacli'] = ssacli('OK', 'OK');
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.programs['ssacli'] = ssacli('Permanently Disabled', 'Failed (Replace Batteries/Capacitors)');
      Object.assign(b.disks[0]!, { writeMs: 140, busy: 0.99, queue: 28, readMs: 7 });
      b.iowait = 0.22;
      b.blocked = 6;
      b.psi.io = 41;
      b.psi.ioFull = 30;
      b.load = [9, 5, 3];
    },
    roots: [{ problem: 'raid.bbu', subject: 'Smart Array P440ar' }],
  },
  {
    name: 'MegaCli: a member counts predictive failures',
    kind: 'fault',
    onset: 0,
    runs: 1,
    box: () => {
      const b = machine({ system: 'centos7', name: 'r720-backup', net: 'p1p1', memory: 32_000 });
      b.programs['MegaCli64'] = megacli();
      return b;
    },
    roots: [{ problem: ['raid.hw_predictive', 'smart.failed'], subject: 'megacli 0' }],
  },
  {
    name: 'Raspberry Pi: the SD card fails and the root turns read-only',
    kind: 'fault',
    onset: 3,
    box: () => {
      const b = machine({
        system: 'raspbian',
        name: 'pi-haus',
        disk: 'mmcblk0',
        cores: 4,
        memory: 3790,
        net: 'eth0',
        root: [29, 9],
      });
      b.serve('home-assistant.service', {
        name: 'hass',
        exe: '/srv/ha/bin/python3',
        uid: 998,
        rss: 420,
        cpu: 0.12,
        threads: 40,
      });
      b.files['sys/class/thermal/thermal_zone0/temp'] = '51120\n';
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.mount('/').options = 'ro,noatime';
      if (run > 3) return;
      b.say(3, 'mmc0: error -110 whilst initialising SD card', 50);
      b.say(3, 'mmcblk0: timed out sending r/w cmd command, card status 0x400900', 50);
      b.say(
        3,
        'I/O error, dev mmcblk0, sector 7382016 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2',
        49,
      );
      b.say(3, 'Buffer I/O error on dev mmcblk0p1, logical block 856064, lost async page write', 49);
      b.say(2, 'Aborting journal on device mmcblk0p1-8.', 48);
      b.say(2, 'EXT4-fs (mmcblk0p1): Remounting filesystem read-only', 48);
      b.fail('home-assistant.service', 'exit-code', 1, 1, 30);
    },
    roots: [{ problem: 'disk.errors', subject: 'mmcblk0' }],
  },
  {
    name: 'the backup disk was not mounted at boot, so backups fill the root',
    kind: 'confounded',
    atFirst: 'rule silent',
    onset: 0,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'nas-sued', days: 2, root: [40, 30] }));
      b.fstab = `UUID=2f1c-aa / ext4 errors=remount-ro 0 1
UUID=9d1e-bb /mnt/sicherung ext4 defaults,nofail,x-systemd.device-timeout=10 0 2
`;
      return b;
    },
    each: (b, run) => {
      b.mount('/').used = 33_000 + run * 700;
      if (run === 0)
        b.run({ name: 'rsync', exe: '/usr/bin/rsync', rss: 60, cpu: 0.3, write: 11e6, pid: 7711 });
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/mnt/sicherung' }],
  },
  {
    name: 'SATA cable: link resets and CRC errors, the disk itself is well',
    kind: 'fault',
    onset: 2,
    every: 600,
    box: () => {
      const b = machine({ system: 'arch', name: 'arch-nas', memory: 16_000 });
      b.disks.push({
        name: 'sdc',
        gb: 8000,
        model: 'WDC WD80EFZX-68U',
        serial: 'VK1',
        rotational: true,
        readMs: 8,
        writeMs: 7,
        smartJson: ataJson({ name: 'sdc', model: 'WDC WD80EFZX-68UW8N0', serial: 'VK1', crc: 3 }),
      });
      b.mounts.push({ dev: '/dev/sdc', at: '/data', type: 'ext4', mb: 7_600_000, used: 4_000_000 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.disk('sdc').smartJson = ataJson({
        name: 'sdc',
        model: 'WDC WD80EFZX-68UW8N0',
        serial: 'VK1',
        crc: 3 + (run - 1) * 41,
      });
      b.disk('sdc').ioerr = 3 + run;
      b.say(3, 'ata5.00: exception Emask 0x10 SAct 0x800 SErr 0x400100 action 0x6 frozen', 60);
      b.say(3, 'ata5.00: irq_stat 0x08000000, interface fatal error', 60);
      b.say(3, 'ata5: SError: { UnrecovData Handshk }', 60);
      b.say(3, 'ata5.00: failed command: WRITE FPDMA QUEUED', 60);
      b.say(4, 'ata5: hard resetting link', 60);
    },
    roots: [{ problem: ['smart.crc', 'disk.errors'], subject: 'sdc' }],
  },
];

function zfsHost(name: string) {
  const b = machine({ system: 'proxmox', name, disk: 'nvme0n1', memory: 128_000, cores: 32, net: 'vmbr0' });
  b.disks.push({ name: 'nvme1n1', gb: 960, model: 'SAMSUNG MZVL2960' });
  b.mounts[0] = {
    dev: 'rpool/ROOT/pve-1',
    at: '/',
    type: 'zfs',
    options: 'rw,relatime,xattr,posixacl',
    mb: 700_000,
    used: 40_000,
  };
  b.fstab = 'proc /proc proc defaults 0 0\n';
  b.files['proc/spl/kstat/zfs/arcstats'] = '9 1 0x01 147 39984 1 2\nname type data\nsize 4 60000000000\n';
  b.programs['zpool'] = zpool(
    'ONLINE',
    [
      ['nvme-eui.0025385b21406e3c-part3', 'ONLINE', 0, 0, 0],
      ['nvme-eui.0025385b21406e9f-part3', 'ONLINE', 0, 0, 0],
    ],
    61,
  );
  for (let i = 0; i < 4; i++)
    b.serve(`${100 + i}.scope`, {
      name: 'kvm',
      exe: '/usr/bin/qemu-system-x86_64',
      rss: 9000,
      cpu: 0.5,
      threads: 14,
      pid: 5000 + i,
    });
  return b;
}

export { zfsHost };

export function zpool(
  state: string,
  disks: [string, string, number, number, number][],
  full: number,
): [string, string][] {
  const row = (depth: number, name: string, s: string, r: number, w: number, c: number) =>
    `\t${' '.repeat(depth)}${name.padEnd(36 - depth)} ${s.padEnd(9)} ${r}  ${w}  ${c}`;
  const bad =
    state === 'ONLINE'
      ? ''
      : `status: One or more devices are faulted in response to persistent errors.
\tSufficient replicas exist for the pool to continue functioning in a
\tdegraded state.
action: Replace the faulted device, or use 'zpool clear' to mark the device
\trepaired.
`;
  return [
    [
      'status',
      `  pool: rpool
 state: ${state}
${bad}  scan: scrub repaired 0B in 00:12:41 with 0 errors on Sun Nov  8 00:36:42 2026
config:

\tNAME                                 STATE     READ WRITE CKSUM
${row(0, 'rpool', state, 0, 0, 0)}
${row(2, 'mirror-0', state, 0, 0, 0)}
${disks.map(([n, s, r, w, c]) => `${row(4, n, s, r, w, c)}${s === 'FAULTED' ? '  too many errors' : ''}\n`).join('')}
errors: No known data errors
`,
    ],
    [
      'list -Hp',
      `rpool\t952573919232\t${Math.round(9525739192.32 * full)}\t${952573919232 - Math.round(9525739192.32 * full)}\t-\t-\t31\t${full}\t1.00\t${state}\t-\n`,
    ],
  ];
}

function btrfsUsage(
  size: number,
  allocated: number,
  data: number,
  dataUsed: number,
  meta: number,
  metaUsed: number,
): string {
  return `Overall:
    Device size:\t\t      ${size}
    Device allocated:\t\t      ${allocated}
    Device unallocated:\t\t      ${size - allocated}
    Device missing:\t\t                 0
    Device slack:\t\t                 0
    Used:\t\t\t      ${dataUsed + metaUsed * 2}
    Free (estimated):\t\t      ${size - allocated + data - dataUsed}\t(min: ${data - dataUsed})
    Free (statfs, df):\t\t      ${size - allocated + data - dataUsed}
    Data ratio:\t\t\t              1.00
    Metadata ratio:\t\t              2.00
    Global reserve:\t\t         536870912\t(used: 0)
    Multiple profiles:\t\t                no

Data,single: Size:${data}, Used:${dataUsed} (${((100 * dataUsed) / data).toFixed(2)}%)
   /dev/vdb\t${data}

Metadata,DUP: Size:${meta}, Used:${metaUsed} (${((100 * metaUsed) / meta).toFixed(2)}%)
   /dev/vdb\t${meta * 2}

System,DUP: Size:8388608, Used:65536 (0.78%)
   /dev/vdb\t16777216

Unallocated:
   /dev/vdb\t${size - allocated}
`;
}

function thin(data: number, meta: number, full: boolean): string {
  return `pve-data: 0 1677721600 linear \n\
pve-data_tdata: 0 1677721600 linear \n\
pve-data_tmeta: 0 32768 linear \n\
pve-data-tpool: 0 1677721600 thin-pool 12 ${Math.round(meta * 40.96)}/4096 ${Math.round(data * 128 * 100)}/1280000 - ${full ? 'out_of_data_space' : 'rw'} discard_passdown queue_if_no_space - 1024 \n\
pve-root: 0 201326592 linear \n\
pve-swap: 0 16777216 linear \n\
pve-vm--101--disk--0: 0 67108864 thin 60211200 67108863
pve-vm--104--disk--0: 0 629145600 thin 540211200 629145599
`;
}

export function storcli(failed: boolean): [string, string][] {
  const head = `CLI Version = 007.1017.0000.0000 May 10, 2019
Operating system = Linux 5.4.0-196-generic
Controller = 0
Status = Success
Description = None

`;
  const line = '-'.repeat(79);
  return [
    [
      '/call show all',
      `${head}Basics :
======
Controller = 0
Model = PERC H740P Mini
Serial Number = 98X00F2

Status :
======
Controller Status = ${failed ? 'Needs Attention' : 'Optimal'}
Memory Correctable Errors = 0
Memory Uncorrectable Errors = 0
ECC Bucket Count = 0
Any Offline VD Cache Preserved = No
BBU Status = 0

TOPOLOGY :
========

${line}
DG Arr Row EID:Slot DID Type  State BT     Size PDC  PI SED DS3  FSpace TR \n\
${line}
 0 -   -   -        -   RAID5 ${failed ? 'Dgrd ' : 'Optl '}N  3.270 TB dflt N  N   dflt N      N  \n\
 0 0   0   64:0     0   DRIVE Onln  N  1.090 TB dflt N  N   dflt -      N  \n\
${line}

Virtual Drives = 1

VD LIST :
=======

${line}
DG/VD TYPE  State Access Consist Cache Cac sCC     Size Name   \n\
${line}
0/0   RAID5 ${failed ? 'Dgrd ' : 'Optl '}RW     Yes     RWBD  -   OFF 3.270 TB daten  \n\
${line}

Physical Drives = 4

PD LIST :
=======

${line}
EID:Slt DID State DG     Size Intf Med SED PI SeSz Model            Sp Type \n\
${line}
64:0      0 Onln   0 1.090 TB SAS  HDD N   N  512B ST1200MM0099     U  -    \n\
64:1      1 Onln   0 1.090 TB SAS  HDD N   N  512B ST1200MM0099     U  -    \n\
64:2      2 ${failed ? 'Failed' : 'Onln  '} 0 1.090 TB SAS  HDD N   N  512B ST1200MM0099     U  -    \n\
64:3      3 Onln   0 1.090 TB SAS  HDD N   N  512B ST1200MM0099     U  -    \n\
${line}

BBU_Info :
========

----------------------------------------------
Model State   RetentionTime Temp Mode MfgDate    \n\
----------------------------------------------
BBU   Optimal 0 hour(s)     31C  -    0000/00/00 \n\
----------------------------------------------
`,
    ],
    [
      '/call/eall/sall show all',
      head +
        [0, 1, 2, 3]
          .map(
            (i) =>
              `Drive /c0/e64/s${i} :
================

${line}
EID:Slt DID State DG     Size Intf Med SED PI SeSz Model            Sp Type \n\
${line}
64:${i}      ${i} ${failed && i === 2 ? 'Failed' : 'Onln  '} 0 1.090 TB SAS  HDD N   N  512B ST1200MM0099     U  -    \n\
${line}

Drive /c0/e64/s${i} State :
======================
Shield Counter = 0
Media Error Count = ${failed && i === 2 ? 19 : 0}
Other Error Count = ${failed && i === 2 ? 4 : 0}
Drive Temperature =  34C (93.20 F)
Predictive Failure Count = 0
S.M.A.R.T alert flagged by drive = No

`,
          )
          .join(''),
    ],
  ];
}

export function ssacli(cache: string, battery: string, extra = ''): [string, string][] {
  return [
    [
      'ctrl all show config',
      `
Smart Array P440ar in Slot 0 (Embedded)   (sn: PDNLH0BRH7X0ZZ)


   Port Name: 1I

   Port Name: 2I

   Internal Drive Cage at Port 1I, Box 1, OK

   Internal Drive Cage at Port 2I, Box 1, OK

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (1.6 TB, RAID 5, OK)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 900 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 900 GB, OK)
      physicaldrive 1I:1:3 (port 1I:box 1:bay 3, SAS HDD, 900 GB, OK)
${extra}
   SEP (Vendor ID PMCSIERA, Model SRCv24x6G) 380  (WWID: 5001438033D1A0F9)
`,
    ],
    [
      'ctrl all show status',
      `
Smart Array P440ar in Slot 0 (Embedded)
   Controller Status: OK
   Cache Status: ${cache}
   Battery/Capacitor Status: ${battery}

`,
    ],
  ];
}

function megacli(): [string, string][] {
  const pd = (slot: number, predicted: number) =>
    `Enclosure Device ID: 32
Slot Number: ${slot}
Drive's position: DiskGroup: 0, Span: 0, Arm: ${slot}
Enclosure position: 1
Device Id: ${slot}
WWN: 5000C5005E1F0C1${slot}
Sequence Number: 2
Media Error Count: ${predicted ? 12 : 0}
Other Error Count: 0
Predictive Failure Count: ${predicted}
Last Predictive Failure Event Seq Number: ${predicted ? 4711 : 0}
PD Type: SAS

Raw Size: 931.512 GB [0x74706db0 Sectors]
Firmware state: Online, Spun Up
Inquiry Data: SEAGATE ST1000NM0023    GS0FZ1W0${slot}AA
Drive Temperature :36C (96.80 F)
Drive has flagged a S.M.A.R.T alert : ${predicted ? 'Yes' : 'No'}


`;
  return [
    [
      '-LDInfo -Lall -aALL -NoLog',
      `

Adapter 0 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
Name                :data
RAID Level          : Primary-5, Secondary-0, RAID Level Qualifier-3
Size                : 2.728 TB
State               : Optimal
Strip Size          : 64 KB
Number Of Drives    : 4
Default Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU
Current Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU


Exit Code: 0x00
`,
    ],
    [
      '-PDList -aALL -NoLog',
      `\nAdapter #0\n\n${[0, 1, 2, 3].map((i) => pd(i, i === 3 ? 9 : 0)).join('')}\nExit Code: 0x00\n`,
    ],
    [
      '-AdpBbuCmd -GetBbuStatus -aALL -NoLog',
      `
BBU status for Adapter: 0

BatteryType: BBU
Voltage: 3960 mV
Current: 0 mA
Temperature: 33 C
Battery State: Optimal
BBU Firmware Status:

  Charging Status              : None
  Voltage                                 : OK
  Temperature                             : OK
  Learn Cycle Requested\t                  : No
  Battery Replacement required            : No

Relative State of Charge: 97 %

Exit Code: 0x00
`,
    ],
  ];
}
