// Disks, arrays, pools and filesystems of other machines.
import { busyDisk, from, grown, server, type Case } from './case.ts';
import { GB, type Host } from './host.ts';
import { arch, debian12, jammy, leap, lxc, noble, proxmox, raspberry, rhel9, alpine } from './systems.ts';
import { nvme, redis, sata, zpool } from './tools.ts';

const red = { model: 'WDC WD40EFRX-68N32N0', hours: 44_120 };

/** A backup server: RAID 6 of ten disks with a hot spare, as md shows it. */
export function backupServer(name: string): Host {
  const h = server(debian12, name, { cores: 8, ram: 32, disk: 'sda', nic: 'enp4s0' });
  for (const letter of 'bcdefghijkl') {
    h.disk(`sd${letter}`, {
      rotates: true,
      size: 7_814_037_168,
      reads: 3,
      writes: 6,
      model: 'TOSHIBA MG08ACA1',
    });
    sata(h, `sd${letter}`, { model: 'TOSHIBA MG08ACA16TE', hours: 21_000 });
  }
  h.mounts.set('/srv/backup', {
    device: '/dev/md127',
    type: 'xfs',
    size: 31_000 * 1_000_000,
    used: 19_000 * 1_000_000,
  });
  h.disk('md127', { size: 62_000_000_000, rotates: true });
  raid6(h);
  return h;
}

export function raid6(h: Host, failed?: string, line = ''): void {
  const letters = [...'bcdefghijk'];
  const member = (l: string, i: number) => `sd${l}1[${i}]${l === failed ? '(F)' : ''}`;
  const spare = failed ? 'sdl1[10]' : 'sdl1[10](S)';
  const flags = letters.map((l) => (l === failed ? '_' : 'U')).join('');
  h.more.set(
    'cat /proc/mdstat',
    `Personalities : [raid6] [raid5] [raid4] [linear] [multipath] [raid0] [raid1] [raid10]\nmd127 : active raid6 ${spare} ${letters.map(member).reverse().join(' ')}\n      31255576576 blocks super 1.2 level 6, 512k chunk, algorithm 2 [10/${failed ? 9 : 10}] [${flags}]\n${line}      bitmap: 2/30 pages [8KB], 65536KB chunk\n\nunused devices: <none>`,
  );
  h.sys.set('/sys/block/md127/md/degraded', failed ? 1 : 0);
  h.sys.set(
    '/sys/block/md127/md/sync_action',
    line.includes('recovery') ? 'recover' : line.includes('check') ? 'check' : 'idle',
  );
  h.sys.set('/sys/block/md127/md/mismatch_cnt', 0);
  for (const l of [...letters, 'l'])
    h.sys.set(
      `/sys/block/md127/md/dev-sd${l}1/state`,
      l === failed ? 'faulty' : l === 'l' && !failed ? 'spare' : l === 'l' ? 'spare' : 'in_sync',
    );
}

export const storageCases: Case[] = [
  {
    name: 'The SD card of a Raspberry Pi stops to write',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(raspberry, 'pihole', {
        cores: 4,
        ram: 2,
        disk: 'mmcblk0',
        nic: 'eth0',
        drive: { size: 62_333_952, model: 'SC32G' },
      });
      h.swap = 102_396;
      h.run({ name: 'pihole-FTL', uid: 999, rss: 38_000, cpu: 1 });
      h.service('pihole-FTL');
      h.listening.push({ port: 53, program: 'pihole-FTL', queue: 32 }, { port: 80, program: 'lighttpd' });
      return h;
    },
    minute(h, i) {
      if (i === 2) {
        h.kernel(
          3,
          'mmcblk0: error -110 sending stop command, original cmd response 0x900, card status 0x400e00',
          44,
        );
        h.kernel(
          3,
          'I/O error, dev mmcblk0, sector 9142272 op 0x1:(WRITE) flags 0x800 phys_seg 2 prio class 2',
          43,
        );
        h.kernel(3, 'Buffer I/O error on dev mmcblk0p2, logical block 1077248, lost async page write', 43);
        h.kernel(2, 'Aborting journal on device mmcblk0p2-8.', 42);
        h.kernel(
          2,
          'EXT4-fs error (device mmcblk0p2): ext4_journal_check_start:83: comm pihole-FTL: Detected aborted journal',
          41,
        );
        h.kernel(2, 'EXT4-fs (mmcblk0p2): Remounting filesystem read-only', 41);
        h.mounts.get('/')!.options = 'ro,noatime,emergency_ro';
      }
      h.sys.set('/sys/fs/ext4/mmcblk0p2/errors_count', from(i, 2) ? 2 : 0);
    },
    roots: [{ problem: 'disk.errors', subject: 'mmcblk0' }],
    chain: ['disk.errors>disk.readonly'],
  },
  {
    name: 'Proxmox, a disk of a ZFS pool gives up',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(proxmox, 'pve1', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'vmbr0' });
      for (const letter of 'abcd')
        h.disk(`sd${letter}`, { rotates: true, size: 7_814_037_168, model: 'WDC WD40EFRX-68N' });
      h.mounts.set('/tank', {
        device: 'tank',
        type: 'zfs',
        options: 'rw,relatime,xattr,noacl',
        size: 7_000 * 1_000_000,
        used: 2_900 * 1_000_000,
      });
      for (let i = 0; i < 6; i++)
        h.run({ name: 'kvm', rss: 4 * GB, cpu: 20, threads: 8, cgroup: `/qemu.slice/${100 + i}.scope` });
      return h;
    },
    minute(h, i) {
      const ill = from(i, 2);
      const rows = ['WCC7K0AAAA11', 'WCC7K0BBBB22', 'WCC7K0CCCC33', 'WCC7K0DDDD44'].map((serial, n) => {
        const bad = ill && n === 2;
        return `\t    ata-WDC_WD40EFRX-68N32N0_WD-${serial}  ${bad ? 'FAULTED     31   102     0  too many errors' : 'ONLINE       0     0     0'}`;
      });
      zpool(
        h,
        'tank',
        ill ? 'DEGRADED' : 'ONLINE',
        [
          `\ttank                                          ${ill ? 'DEGRADED' : 'ONLINE  '}     0     0     0`,
          `\t  raidz1-0                                    ${ill ? 'DEGRADED' : 'ONLINE  '}     0     0     0`,
          ...rows,
        ].join('\n'),
        ill
          ? "status: One or more devices are faulted in response to persistent errors.\n\tSufficient replicas exist for the pool to continue functioning in a\n\tdegraded state.\naction: Replace the faulted device, or use 'zpool clear' to mark the device\n\trepaired.\n  scan: scrub repaired 0B in 05:12:09 with 0 errors on Sun Nov  8 05:36:10 2026\n"
          : '  scan: scrub repaired 0B in 05:12:09 with 0 errors on Sun Nov  8 05:36:10 2026\n',
      );
      h.more.set(
        'zpool list -Hp',
        `tank\t15994458210304\t6640827867136\t9353630343168\t-\t-\t11\t41\t1.00\t${ill ? 'DEGRADED' : 'ONLINE'}\t-`,
      );
      for (const [n, letter] of [...'abcd'].entries())
        sata(
          h,
          `sd${letter}`,
          { ...red, serial: `WD-${['WCC7K0AAAA11', 'WCC7K0BBBB22', 'WCC7K0CCCC33', 'WCC7K0DDDD44'][n]}` },
          letter === 'c' && ill ? { 197: 208, 198: 12, 5: 0 } : {},
        );
      if (i === 2) {
        h.kernel(3, 'ata3.00: exception Emask 0x0 SAct 0x7c000 SErr 0x0 action 0x0', 50);
        h.kernel(3, 'ata3.00: error: { UNC }', 50);
        h.kernel(
          3,
          'I/O error, dev sdc, sector 4098217712 op 0x0:(READ) flags 0x0 phys_seg 3 prio class 0',
          49,
        );
        h.kernel(
          3,
          'critical medium error, dev sdc, sector 4098217720 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
          47,
        );
      }
    },
    roots: [
      { problem: ['smart.pending', 'smart.combo', 'disk.errors', 'smart.uncorrectable'], subject: 'sdc' },
    ],
  },
  {
    name: 'A member of a RAID 6 fails and the hot spare takes over',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host: () => backupServer('backup-a'),
    minute(h, i) {
      if (!from(i, 2)) return;
      raid6(
        h,
        'f',
        `      [>....................]  recovery =  ${(0.4 * (i - 1)).toFixed(1)}% (${31_000_000 * (i - 1)}/7813894144) finish=${900 - i}.1min speed=141233K/sec\n`,
      );
      for (const l of 'bcdeghijkl')
        h.disk(`sd${l}`, {
          ...h.disks.get(`sd${l}`),
          reads: 280,
          writes: l === 'l' ? 270 : 2,
          readBytes: 141_000_000,
          busy: 78,
          await: 9,
        });
      if (i === 2) {
        h.kernel(
          3,
          'I/O error, dev sdf, sector 2064 op 0x1:(WRITE) flags 0x20800 phys_seg 1 prio class 0',
          52,
        );
        h.kernel(
          2,
          'md/raid:md127: Disk failure on sdf1, disabling device.\nmd/raid:md127: Operation continuing on 9 devices.'.split(
            '\n',
          )[0]!,
          51,
        );
      }
    },
    roots: [{ problem: ['disk.errors', 'raid.disk_failed'], subject: 'sdf' }],
    chain: ['raid.disk_failed>raid.degraded'],
  },
  {
    name: 'An NVMe drive runs out of spare blocks',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(noble, 'cache-11', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eno1' });
      nvme(h, 'nvme0n1', 'SAMSUNG MZVL2512HCJQ-00B00');
      h.disk('nvme1n1', {});
      nvme(h, 'nvme1n1', 'Micron_7300_MTFDHBE960TDF', {
        critical_warning: 1,
        available_spare: 6,
        media_errors: 41,
        percentage_used: 61,
      });
      return h;
    },
    roots: [{ problem: ['smart.nvme_spare', 'smart.nvme_critical', 'smart.failed'], subject: 'nvme1n1' }],
  },
  {
    name: 'An NVMe drive of a Kubernetes node is worn out',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(jammy, 'k8s-node-09', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'enp65s0f0' });
      nvme(h, 'nvme0n1', 'INTEL SSDPE2KX010T8', { percentage_used: 98 });
      return h;
    },
    roots: [{ problem: 'smart.ssd_wear', subject: 'nvme0n1' }],
  },
  {
    name: 'openSUSE, btrfs has given all of its space to chunks',
    kind: 'fault',
    reports: 3,
    step: 600,
    host() {
      const h = server(leap, 'suse-web', { cores: 4, ram: 8, disk: 'sda', nic: 'eth0', rootType: 'btrfs' });
      Object.assign(h.mounts.get('/')!, {
        size: 41_943_040,
        used: 37_100_000,
        options: 'rw,relatime,space_cache=v2,subvolid=266,subvol=/@/.snapshots/1/snapshot',
      });
      for (const path of ['/home', '/var', '/srv', '/opt', '/root', '/tmp', '/usr/local', '/.snapshots'])
        h.mounts.set(path, {
          ...h.mounts.get('/')!,
          options: `rw,relatime,space_cache=v2,subvolid=259,subvol=/@${path}`,
        });
      h.more.set(
        'btrfs device stats /',
        ['write_io_errs', 'read_io_errs', 'flush_io_errs', 'corruption_errs', 'generation_errs']
          .map((n) => `[/dev/sda2].${n}    0`)
          .join('\n'),
      );
      h.more.set(
        'btrfs filesystem usage -b /',
        'Overall:\n    Device size:\t\t       42949672960\n    Device allocated:\t\t       42948624384\n    Device unallocated:\t\t           1048576\n    Device missing:\t\t                 0\n    Device slack:\t\t                 0\n    Used:\t\t\t       37980000000\n    Free (estimated):\t\t        4650000000\t(min: 4650000000)\n    Free (statfs, df):\t\t        4650000000\n    Data ratio:\t\t\t              1.00\n    Metadata ratio:\t\t              2.00\n    Global reserve:\t\t         110000000\t(used: 0)\n    Multiple profiles:\t\t                no\n\nData,single: Size:39728447488, Used:35078000000 (88.29%)\n   /dev/sda2\t 39728447488\n\nMetadata,DUP: Size:1602224128, Used:1571000000 (98.05%)\n   /dev/sda2\t 3204448256\n\nSystem,DUP: Size:8388608, Used:16384 (0.20%)\n   /dev/sda2\t   16777216\n\nUnallocated:\n   /dev/sda2\t     1048576',
      );
      return h;
    },
    roots: [{ problem: 'disk.btrfs_alloc', subject: '/' }],
  },
  {
    name: 'Arch, the fan of the processor stops and the processor slows down',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(arch, 'homelab', { cores: 12, ram: 32, disk: 'nvme0n1', nic: 'enp6s0' });
      h.run({ name: 'jellyfin', uid: 968, rss: 900_000, cpu: 260, threads: 40 });
      return h;
    },
    minute(h, i) {
      const hot = from(i, 3);
      const at = '/sys/class/hwmon';
      h.sys.set(`${at}/hwmon2/name`, 'coretemp');
      h.sys.set(`${at}/hwmon2/temp1_label`, 'Package id 0');
      h.sys.set(`${at}/hwmon2/temp1_input`, hot ? 97_000 + i * 200 : 61_000);
      h.sys.set(`${at}/hwmon2/temp1_max`, 80_000);
      h.sys.set(`${at}/hwmon2/temp1_crit`, 100_000);
      h.sys.set(`${at}/hwmon3/name`, 'nct6798');
      h.sys.set(`${at}/hwmon3/fan1_input`, 812);
      h.sys.set(`${at}/hwmon3/fan2_input`, hot ? 0 : 1190 + i);
      h.sys.set(`${at}/hwmon3/fan5_input`, 0);
      for (const cpu of [0, 1, 2, 3])
        h.sys.set(
          `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle/package_throttle_count`,
          hot ? 12 + grown(i, 3, 900) : 12,
        );
    },
    roots: [{ problem: 'hw.fan', subject: ['fan2', 'nct6798', 'hwmon3'] }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle'],
  },
  {
    name: 'A disk of a file server answers after a second and has pending sectors',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(rhel9, 'files01', { cores: 8, ram: 32, disk: 'sda', nic: 'eno1' });
      h.disk('sdc', { rotates: true, size: 7_814_037_168, model: 'ST4000NM000A-2HZ' });
      h.mounts.set('/srv/projekte', {
        device: '/dev/sdc1',
        type: 'xfs',
        size: 3_900_000_000,
        used: 2_100_000_000,
      });
      h.run({ name: 'smbd', rss: 260_000, cpu: 4, uid: 0 });
      sata(h, 'sda', { model: 'MTFDDAK480TDS' });
      sata(h, 'sdc', { model: 'ST4000NM000A-2HZ100' });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      sata(h, 'sdc', { model: 'ST4000NM000A-2HZ100' }, { 187: 31, 188: 9, 197: 16 + i * 8, 198: 16 });
      busyDisk(h, 'sdc', { reads: 9, writes: 4, readBytes: 300_000, writeBytes: 40_000, await: 940 }, 5);
      for (const t of h.named('smbd')) t.state = 'D';
      h.kernel(3, `ata4.00: failed command: READ FPDMA QUEUED`, 33);
      h.kernel(
        3,
        'I/O error, dev sdc, sector 81203344 op 0x0:(READ) flags 0x80700 phys_seg 4 prio class 2',
        31,
      );
    },
    roots: [
      { problem: ['smart.pending', 'smart.combo', 'disk.errors', 'smart.uncorrectable'], subject: 'sdc' },
    ],
    chain: ['smart.pending>disk.latency'],
  },
  {
    name: 'A Java service keeps a deleted log and /var is full',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(rhel9, 'broker-1', {
        cores: 8,
        ram: 32,
        disk: 'sda',
        nic: 'ens192',
        root: '/dev/mapper/rhel-root',
        rootType: 'xfs',
      });
      h.mounts.set('/var', {
        device: '/dev/mapper/rhel-var',
        type: 'xfs',
        size: 52_000_000,
        used: 47_000_000,
      });
      h.disk('dm-1', { size: 104_000_000 });
      h.serve('kafka', {
        name: 'java',
        uid: 991,
        rss: 6 * GB,
        cpu: 40,
        threads: 180,
        write: 900_000,
      });
      return h;
    },
    minute(h, i) {
      const used = Math.min(51_960_000, 47_000_000 + grown(i, 2, 1_900_000));
      h.mounts.get('/var')!.used = used;
      const size = (used - 17_000_000) * 1024;
      const pid = h.named('java')[0]!.pid;
      h.more.set(
        'ls -lL /proc/[0-9]*/fd',
        `${size} ${Math.round(size / 512)} fd01:4190 /proc/${pid}/fd/142 /var/log/kafka/server.log.2026-10-02 (deleted)`,
      );
      h.more.set('du -xk -d 1 /var/log', '210220\t/var/log/kafka\n91000\t/var/log/journal\n330000\t/var/log');
    },
    roots: [{ problem: 'disk.deleted_open', subject: 'java' }],
    chain: ['disk.deleted_open>disk.full'],
  },
  {
    name: 'Session files of PHP have used the last inode of /var',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(jammy, 'www-forum', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      h.mounts.set('/var', {
        device: '/dev/vda3',
        size: 40_000_000,
        used: 19_000_000,
        inodes: 2_621_440,
        inodesUsed: 2_500_000,
      });
      h.run({ name: 'php-fpm8.1', uid: 33, rss: 420_000, cpu: 20 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var')!.inodesUsed = Math.min(2_621_440, 2_560_000 + grown(i, 1, 24_000));
    },
    roots: [{ problem: 'disk.inodes_full', subject: '/var' }],
  },
  {
    name: 'An LXC container has filled the space that it was given',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(lxc, 'ct-gitlab', {
        cores: 4,
        ram: 8,
        disk: 'nvme0n1',
        nic: 'eth0',
        root: 'rpool/data/subvol-104-disk-0',
        rootType: 'zfs',
      });
      Object.assign(h.mounts.get('/')!, {
        size: 41_943_040,
        used: 40_200_000,
        options: 'rw,relatime,xattr,posixacl',
      });
      h.swap = 524_288;
      h.run({ name: 'puma', uid: 998, rss: 2 * GB, cpu: 20 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/')!.used = Math.min(41_940_000, 40_200_000 + grown(i, 2, 600_000));
    },
    roots: [{ problem: 'disk.full', subject: '/' }],
  },
  {
    name: 'A Kubernetes node pulls images until /var/lib/containerd is full',
    atFirst: 'not collected',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(noble, 'worker-eu-3', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens5' });
      h.disk('nvme1n1', {});
      h.mounts.set('/var/lib/containerd', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 104_806_400,
        used: 92_000_000,
      });
      h.run({ name: 'containerd', rss: 140_000, cpu: 8, threads: 60 });
      h.run({ name: 'kubelet', rss: 120_000, cpu: 6, threads: 40 });
      for (let i = 0; i < 12; i++) h.nic(`cali${(0xabc12 + i * 4099).toString(16)}`, { speed: 10_000 });
      return h;
    },
    minute(h, i) {
      const used = Math.min(104_600_000, 92_000_000 + grown(i, 3, 3_100_000));
      h.mounts.get('/var/lib/containerd')!.used = used;
      if (from(i, 3)) {
        h.named('containerd')[0]!.write = 52_000_000;
        h.disk('nvme1n1', { writes: 400, writeBytes: 54_000_000, busy: 14 });
      }
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: ['/var/lib/containerd', 'containerd'] }],
  },
  {
    name: 'Redis cannot save because its filesystem is full',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 6,
    onset: 3,
    host() {
      const h = server(alpine, 'kv-1', { cores: 2, ram: 8, disk: 'vda', nic: 'eth0' });
      h.mounts.set('/var/lib/redis', { device: '/dev/vdb', size: 10_218_772, used: 8_000_000 });
      h.disk('vdb', {});
      h.run({ name: 'redis-server', uid: 102, rss: 2.8 * GB, cpu: 9, threads: 5, cgroup: '/' });
      h.listening.push({ port: 6379, program: 'redis-server', address: '127.0.0.1', queue: 511 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/lib/redis')!.used = from(i, 2) ? 10_214_000 : 8_000_000 + i * 90_000;
      redis(h, from(i, 3) ? { rdb_last_bgsave_status: 'err', rdb_changes_since_last_save: 88_211 } : {});
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/redis' }],
    chain: ['disk.full>db.redis_bgsave'],
  },
  {
    name: 'The thin pool of a Proxmox host is nearly full',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host() {
      const h = server(proxmox, 'pve-lab', {
        cores: 8,
        ram: 32,
        disk: 'sda',
        nic: 'vmbr0',
        root: '/dev/mapper/pve-root',
      });
      h.disk('dm-0', {});
      return h;
    },
    minute(h, i) {
      h.more.set(
        'dmsetup status',
        `pve-data: 0 1658720256 linear \npve-data-tpool: 0 1658720256 thin-pool 44 18021/103424 ${12_600_000 + i * 60_000}/12958752 - rw no_discard_passdown queue_if_no_space - 1024 \npve-data_tdata: 0 1658720256 linear \npve-data_tmeta: 0 827392 linear \npve-root: 0 201326592 linear \npve-swap: 0 16777216 linear \npve-vm--101--disk--0: 0 67108864 thin 66001920 67108863`,
      );
    },
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['pve/data', 'pve-data'] }],
  },
  {
    name: 'A file server that is mounted over NFS does not answer',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'render-07', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'eno2' });
      h.mounts.set('/mnt/projects', {
        device: 'nas01:/export/projects',
        type: 'nfs4',
        options: 'rw,relatime,vers=4.2,hard,proto=tcp,timeo=600,retrans=2,addr=10.20.0.40',
        size: 20_000_000_000,
        used: 11_000_000_000,
      });
      for (let i = 0; i < 6; i++)
        h.run({
          name: 'rsync',
          uid: 1000,
          rss: 40_000,
          cpu: 6,
          cgroup: '/user.slice/user-1000.slice/session-9.scope',
        });
      h.more.set('cat /proc/net/rpc/nfs', 'net 0 0 0 0\nrpc 88120331 120 88120400\nproc4 69 0 0 0');
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.mounts.get('/mnt/projects')!.size = 0;
      for (const t of h.named('rsync')) Object.assign(t, { state: 'D', cpu: 0 });
      h.blocked = 6;
      h.load = [Math.min(6.3, i), i * 0.7, i * 0.4];
      h.kernel(5, 'nfs: server nas01 not responding, still trying', 50);
      if (i > 5) {
        h.kernel(
          3,
          `INFO: task rsync:${h.named('rsync')[0]!.pid} blocked for more than ${120 * (i - 5)} seconds.`,
          10,
        );
        h.kernel(3, '      Not tainted 6.1.0-27-amd64 #1 Debian 6.1.115-1', 10);
      }
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['/mnt/projects', 'nas01'] }],
    chain: ['disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'A service writes one error line after the other into /var/log',
    kind: 'fault',
    reports: 9,
    onset: 2,
    host() {
      const h = server(debian12, 'pay-2', { cores: 4, ram: 8, disk: 'sda', nic: 'eth0' });
      h.mounts.set('/var', { device: '/dev/sda5', size: 30_000_000, used: 21_000_000 });
      h.run({ name: 'billing', uid: 1004, rss: 240_000, cpu: 20, write: 40_000 });
      h.service('billing');
      return h;
    },
    minute(h, i) {
      const more = grown(i, 2, 1_050_000);
      h.mounts.get('/var')!.used = Math.min(28_490_000, 21_000_000 + more);
      if (from(i, 2)) {
        h.named('billing')[0]!.write = 17_900_000;
        h.disk('sda', { writes: 150, writeBytes: 18_200_000, busy: 12 });
      }
      h.more.set(
        'du -xk -d 1 /var/log',
        `${400_000 + more}\t/var/log/billing\n120000\t/var/log/journal\n${560_000 + more}\t/var/log\n${390_000 + more}\t/var/log/billing/error.log`,
      );
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: ['/var', 'billing'] }],
  },
];
