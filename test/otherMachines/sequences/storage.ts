// Sequences of disks: busy, slow, dying, full, away.
import { GB } from '../host.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { lsblk } from '../machineRoom/composed.ts';
import { ended, sata } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { hdd, MB, Server, ssd } from './server.ts';

const mirror = (s: Server, action: string, done = 0) => {
  const line =
    action === 'check'
      ? `\n      [==>..................]  check = ${(done * 100).toFixed(1)}% (${Math.round(done * 976_630_464)}/976630464) finish=94.2min speed=141020K/sec`
      : '';
  s.more.set(
    'cat /proc/mdstat',
    `Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0]\n      976630464 blocks super 1.2 [2/2] [UU]${line}\n      bitmap: 1/8 pages [4KB], 65536KB chunk\n\nunused devices: <none>`,
  );
  s.sys.set('/sys/block/md0/md/sync_action', action);
  s.sys.set('/sys/block/md0/md/degraded', 0);
  s.sys.set('/sys/block/md0/md/mismatch_cnt', 0);
};

function database(name: string, disk: string, mount = '/var/lib/postgresql'): Server {
  const s = new Server(name, debian12, { cores: 4, ram: 16, swap: 2, drive: ssd });
  s.addDrive(disk, hdd);
  s.mounts.set(mount, { device: `/dev/${disk}1`, size: 480_000_000, used: 190_000_000 });
  s.program(
    'postgres',
    {
      cpu: 38,
      mem: 3 * GB,
      count: 12,
      drive: disk,
      read: 500_000,
      write: 700_000,
      request: 16_384,
      depth: 2,
    },
    { unit: 'postgresql@15-main', uid: 115 },
  );
  s.listening.push({ port: 5432, program: 'postgres', address: '127.0.0.1' });
  return s;
}

export const storageSequences: Sequence[] = [
  {
    name: 'A backup by day saturates the disk of the shop',
    atFirst: 'ranking',
    reports: 26,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('shop1', debian12, { cores: 4, ram: 8, drive: hdd });
      webStack(s);
      s.want('mariadbd', { read: 300_000, write: 500_000, depth: 3 });
      return s;
    },
    minute(s, i) {
      if (i === 8)
        s.program(
          'restic',
          { cpu: 65, mem: 420 * MB, read: 190e6, request: 131_072, depth: 5 },
          { uid: 0, cgroup: '/system.slice/restic.service', threads: 12, unit: 'restic' },
        );
    },
    roots: [{ problem: 'job.backup_running', subject: ['restic'] }],
    chain: ['job.backup_running>disk.saturated'],
  },
  {
    name: 'The check of the mirror, on the first Sunday at 00:57',
    reports: 30,
    onset: 7,
    within: 6,
    server() {
      // Sunday, 6 December 2026, 00:50 UTC.
      const s = new Server('files2', debian12, { cores: 4, ram: 8, drive: hdd, start: 1_796_518_200 });
      s.addDrive('sdb', { ...hdd, mirror: 'sda' });
      s.disk('md0', { reads: 23, writes: 15, readBytes: 1.5e6, writeBytes: 1e6, await: 0, busy: 0 });
      s.mounts.set('/srv', { device: '/dev/md0', size: 960_000_000, used: 610_000_000 });
      s.program(
        'smbd',
        { cpu: 12, mem: 300 * MB, count: 7, read: 1.5e6, write: 1e6, depth: 4, request: 65_536 },
        { unit: 'smbd', uid: 0 },
      );
      mirror(s, 'idle');
      lsblk(s, [
        ['sda', 'sda', '', 'disk', '1T'],
        ['sda1', 'sda1', 'sda', 'part', '931G'],
        ['md0', 'md0', 'sda1', 'raid1', '931G', '/srv'],
        ['sda2', 'sda2', 'sda', 'part', '94G', '/'],
        ['sdb', 'sdb', '', 'disk', '1T'],
        ['sdb1', 'sdb1', 'sdb', 'part', '931G'],
        ['md0', 'md0', 'sdb1', 'raid1', '931G', '/srv'],
      ]);
      return s;
    },
    minute(s, i) {
      if (i < 7) return;
      if (i === 7) s.kernel(6, 'md: data-check of RAID array md0', 12);
      mirror(s, 'check', (i - 6) * 0.0085);
      for (const d of ['sda', 'sdb']) s.drives.set(d, { ...s.drives.get(d)!, own: 150e6 });
    },
    roots: [{ problem: 'raid.resync', subject: 'md0' }],
    chain: ['raid.resync>disk.saturated'],
  },
  {
    name: 'A debug log floods /var',
    reports: 50,
    onset: 10,
    within: 15,
    server() {
      const s = new Server('api5', jammy, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.mounts.set('/var', { device: '/dev/sda4', size: 40 * GB, used: 25 * GB });
      s.want('mariadbd', { mem: 800 * MB });
      s.program('node', { cpu: 30, mem: 700 * MB, write: 20_000 }, { unit: 'api', uid: 1001, threads: 11 });
      return s;
    },
    minute(s, i) {
      if (i < 10) return;
      s.want('node', { write: 6.2e6, cpu: 46 });
      s.mounts.get('/var')!.used = Math.min(38 * GB, 25 * GB + ((i - 9) * 60 * 6.2e6) / 1024);
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/var' }],
  },
  {
    name: 'Session files use up the inodes',
    reports: 55,
    onset: 6,
    within: 30,
    server() {
      const s = new Server('forum1', debian12, { cores: 2, ram: 4, drive: ssd });
      webStack(s);
      s.mounts.set('/', {
        device: '/dev/sda2',
        size: 31_000_000,
        used: 12_000_000,
        inodes: 1_966_080,
        inodesUsed: 700_000,
      });
      return s;
    },
    minute(s, i) {
      const root = s.mounts.get('/')!;
      if (i >= 6) root.inodesUsed = Math.min(1_966_000, 700_000 + (i - 5) * 29_000);
      root.used = 12_000_000 + (root.inodesUsed! - 700_000) * 4;
    },
    roots: [{ problem: ['disk.inodes_full', 'disk.inode_forecast'], subject: '/' }],
  },
  {
    name: 'A rotated log that is still written to fills the disk',
    reports: 55,
    onset: 8,
    within: 40,
    server() {
      const s = new Server('gw3', rhel9, { cores: 4, ram: 8, drive: ssd });
      s.mounts.set('/', { device: '/dev/sda2', size: 62_000_000, used: 26_000_000, type: 'xfs' });
      s.program('java', { cpu: 40, mem: 2 * GB, write: 10_000 }, { unit: 'gateway', uid: 991, threads: 70 });
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      s.want('java', { write: 13e6 });
      const kB = Math.min(33_000_000, ((i - 7) * 60 * 13e6) / 1024);
      s.mounts.get('/')!.used = 26_000_000 + kB;
      if (kB > 0.9 * 62_000_000 - 26_000_000)
        s.more.set(
          'ls -lL /proc/[0-9]*/fd',
          `${Math.round(kB * 1024)} ${Math.round(kB * 2)} 2050:118802 /proc/${s.pid('java')}/fd/7 /var/log/gateway/gateway.log.1 (deleted)`,
        );
    },
    edit(text, _i, s) {
      const body = s.more.get('ls -lL /proc/[0-9]*/fd');
      if (!body || text.includes('=== ls -lL /proc')) return text;
      return text.replace(/^=== ss -tn state listening$/m, `=== ls -lL /proc/[0-9]*/fd\n${body}\n$&`);
    },
    roots: [{ problem: 'disk.deleted_open', subject: ['/', 'java'] }],
    chain: ['disk.deleted_open>disk.full'],
  },
  {
    name: 'The disk below a database dies: pending sectors, then waiting',
    reports: 40,
    onset: 12,
    within: 3,
    server() {
      const s = database('pg4', 'sdb');
      sata(s, 'sdb', { model: 'ST4000NM0035' });
      return s;
    },
    minute(s, i) {
      if (i < 12) return;
      const pending = Math.min(96, (i - 11) * 4);
      sata(
        s,
        'sdb',
        { model: 'ST4000NM0035' },
        { 197: pending, 198: pending > 40 ? 16 : 0, 187: i > 20 ? 3 : 0 },
      );
      s.drives.set('sdb', { iops: Math.max(24, 170 - (i - 11) * 22), bytes: 30e6, base: 40 });
      if (i >= 15 && i % 3 === 0) {
        s.kernel(3, 'ata2.00: exception Emask 0x0 SAct 0x10 SErr 0x0 action 0x0', 24);
        s.kernel(3, 'ata2.00: failed command: READ FPDMA QUEUED', 24);
        s.kernel(
          3,
          `I/O error, dev sdb, sector ${61_442_080 + i * 8} op 0x0:(READ) flags 0x80700 phys_seg 4 prio class 2`,
          23,
        );
      }
    },
    full: (i) => i % 12 === 0,
    roots: [{ problem: ['smart.pending', 'smart.combo'], subject: 'sdb' }],
    chain: ['smart.pending>disk.errors', 'smart.pending>disk.latency'],
  },
  {
    name: 'The battery of the write cache fails, and each commit waits for the platter',
    reports: 30,
    onset: 10,
    within: 6,
    server() {
      const s = new Server('erp1', rhel9, {
        cores: 8,
        ram: 32,
        drive: { iops: 2400, bytes: 400e6, base: 0.4 },
      });
      s.program(
        'mariadbd',
        { cpu: 60, mem: 12 * GB, write: 3.4e6, read: 200_000, request: 16_384, depth: 4 },
        { unit: 'mariadb', uid: 27, threads: 60 },
      );
      cache(s, true);
      return s;
    },
    minute(s, i) {
      if (i < 10) return;
      cache(s, false);
      s.drives.set('sda', { iops: 190, bytes: 200e6, base: 8 });
    },
    full: (i) => i % 10 === 0,
    roots: [{ problem: 'raid.bbu', subject: ['Smart Array', 'controller', '0', 'erp1', 'slot 0', 'P440'] }],
    chain: ['raid.bbu>disk.latency'],
  },
  {
    name: 'A thin pool runs full, and its filesystem goes read-only',
    reports: 36,
    onset: 8,
    within: 20,
    server() {
      const s = new Server('kvm2', debian12, { cores: 8, ram: 32, drive: ssd });
      s.addDrive('dm-6', ssd);
      s.mounts.set('/srv/images', { device: '/dev/mapper/vg0-images', size: 300 * GB, used: 150 * GB });
      s.program(
        'qemu-system-x86',
        { cpu: 120, mem: 14 * GB, count: 3, write: 2e6, drive: 'dm-6' },
        { uid: 64_055, cgroup: '/machine.slice/vm', threads: 8 },
      );
      pool(s, 0.71, 'rw');
      lsblk(s, [
        ['sda', 'sda', '', 'disk', '1T'],
        ['sda2', 'sda2', 'sda', 'part', '94G', '/'],
        ['sda4', 'sda4', 'sda', 'part', '800G'],
        ['vg0-pool_tdata', 'dm-3', 'sda4', 'lvm', '200G'],
        ['vg0-pool-tpool', 'dm-4', 'dm-3', 'lvm', '200G'],
        ['vg0-images', 'dm-6', 'dm-4', 'lvm', '300G', '/srv/images'],
      ]);
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      const part = Math.min(1, 0.71 + (i - 7) * 0.0165);
      s.want('qemu-system-x86', { write: part < 1 ? 62e6 : 0 });
      s.mounts.get('/srv/images')!.used = (150 + (part - 0.71) * 200) * GB;
      pool(s, part, part < 1 ? 'rw' : 'out_of_data_space');
      if (i === 22)
        s.kernel(4, 'device-mapper: thin: 253:4: reached low water mark for data device: sending event.');
      if (i === 26)
        s.kernel(4, 'device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode');
      if (i === 28) {
        s.kernel(3, 'Buffer I/O error on dev dm-6, logical block 31457280, lost async page write', 30);
        s.kernel(3, 'Aborting journal on device dm-6-8.', 29);
        s.kernel(2, 'EXT4-fs (dm-6): Remounting filesystem read-only', 28);
        s.mounts.get('/srv/images')!.options = 'ro,relatime';
      }
    },
    full: (i) => i % 12 === 0 || i === 25,
    roots: [{ problem: 'disk.lvm_thin_full', subject: ['vg0', '253:4'] }],
    chain: ['disk.lvm_thin_full>disk.readonly'],
  },
  {
    name: 'A disk fails, its filesystem goes read-only, the database ends',
    reports: 20,
    onset: 9,
    within: 1,
    server: () => database('pg6', 'sdc'),
    minute(s, i) {
      if (i === 9) {
        for (let n = 0; n < 4; n++)
          s.kernel(
            3,
            `I/O error, dev sdc, sector ${8_402_112 + n * 256} op 0x1:(WRITE) flags 0x800 phys_seg 2 prio class 2`,
            31 - n,
          );
        s.kernel(3, 'Aborting journal on device sdc1-8.', 20);
        s.kernel(
          2,
          'EXT4-fs error (device sdc1): ext4_journal_check_start:83: comm postgres: Detected aborted journal',
          19,
        );
        s.kernel(2, 'EXT4-fs (sdc1): Remounting filesystem read-only', 18);
        s.mounts.get('/var/lib/postgresql')!.options = 'ro,relatime';
      }
      if (i === 10) {
        s.end('postgres');
        ended(s, 'postgresql@15-main', { since: '30' });
      }
    },
    roots: [{ problem: 'disk.errors', subject: 'sdc' }],
    chain: ['disk.errors>disk.readonly', 'disk.readonly>svc.unit_failed'],
  },
  {
    name: 'The file server goes away, and all who read from it wait',
    reports: 24,
    onset: 8,
    within: 4,
    server() {
      const s = new Server('web6', debian12, { cores: 4, ram: 8, drive: ssd });
      s.mounts.set('/srv/media', {
        device: '10.20.0.40:/export/media',
        type: 'nfs4',
        options: 'rw,relatime,vers=4.2,hard,proto=tcp,addr=10.20.0.40',
        size: 900_000_000,
        used: 410_000_000,
      });
      s.program('nginx', { cpu: 8, mem: 80 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
      s.program('php-fpm8.2', { cpu: 40, mem: 900 * MB, count: 18 }, { unit: 'php8.2-fpm', uid: 33 });
      s.more.set('cat /proc/net/rpc/nfs', 'net 0 0 0 0\nrpc 8123001 12 8123100');
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      if (i === 9) s.kernel(5, 'nfs: server 10.20.0.40 not responding, still trying', 20);
      s.want('php-fpm8.2', { cpu: Math.max(1, 40 - (i - 7) * 9) });
      s.more.set(
        'cat /proc/net/rpc/nfs',
        `net 0 0 0 0\nrpc ${8_123_001 + i * 40} ${12 + (i - 7) * 26} 8123100`,
      );
      s.mounts.get('/srv/media')!.size = 0;
    },
    edit(text, i) {
      if (i < 8) return text;
      const stuck = Math.min(18, (i - 7) * 4);
      let n = 0;
      return text
        .replace(/^(\d+\t.*)\tS\t(.*)\t\tphp-fpm8\.2$/gm, (line, a: string, b: string) =>
          n++ < stuck ? `${a}\tD\t${b}\trpc_wait_bit_killable\tphp-fpm8.2` : line,
        )
        .replace(/^procs_blocked \d+$/gm, `procs_blocked ${stuck}`)
        .replace(/^=== cat \/proc\/loadavg\n\S+ \S+ \S+/m, () => {
          const at = (span: number) => (stuck * (1 - Math.exp((-60 * (i - 7)) / span)) + 0.5).toFixed(2);
          return `=== cat /proc/loadavg\n${at(60)} ${at(300)} ${at(900)}`;
        });
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['10.20.0.40', '/srv/media'] }],
    chain: ['disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'A copy of large files piles up dirty pages on a slow disk',
    reports: 24,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('scan1', noble, { cores: 4, ram: 16, drive: hdd });
      webStack(s);
      s.want('mariadbd', { depth: 3 });
      return s;
    },
    minute(s, i) {
      if (i === 8)
        s.program(
          'cp',
          { cpu: 18, write: 230e6, request: 524_288, depth: 4 },
          { uid: 1000, cgroup: '/user.slice/user-1000.slice/session-4.scope' },
        );
      s.dirty = i < 8 ? 3 * MB : Math.min(0.19, 0.06 * (i - 7)) * s.ram;
    },
    roots: [{ problem: ['disk.fsync_stall', 'disk.saturated'], subject: ['sda', 'cp', 'scan1'] }],
    chain: [],
  },
  {
    name: 'The dump of the database fills the disk that it lives on',
    reports: 40,
    onset: 8,
    within: 12,
    server() {
      const s = new Server('erp3', debian12, { cores: 4, ram: 8, drive: ssd });
      s.mounts.set('/', { device: '/dev/sda2', size: 78_000_000, used: 44_000_000 });
      s.program(
        'postgres',
        { cpu: 22, mem: 2 * GB, count: 9, write: 200_000, read: 200_000 },
        { unit: 'postgresql@15-main', uid: 115 },
      );
      return s;
    },
    minute(s, i) {
      const root = s.mounts.get('/')!;
      if (i === 8)
        s.program(
          'pg_dump',
          { cpu: 60, mem: 90 * MB, write: 22e6, read: 100_000 },
          { uid: 115, cgroup: '/system.slice/cron.service' },
        );
      if (i >= 8) root.used = Math.min(77_900_000, 44_000_000 + ((i - 7) * 60 * 22e6) / 1024);
      if (i === 34) {
        s.end('pg_dump');
        s.end('postgres');
        ended(s, 'postgresql@15-main', { since: '20' });
      }
    },
    roots: [
      { problem: ['job.backup_running', 'disk.full', 'disk.fill_forecast'], subject: ['pg_dump', '/'] },
    ],
    chain: ['disk.full>svc.unit_failed'],
  },
];

function cache(s: Server, good: boolean): void {
  s.more.set(
    'ssacli ctrl all show status',
    `\nSmart Array P440ar in Slot 0 (Embedded)\n   Controller Status: OK\n   Cache Status: ${good ? 'OK' : 'Permanently Disabled'}\n   Battery/Capacitor Status: ${good ? 'OK' : 'Failed (Replace Batteries/Capacitors)'}\n`,
  );
}

/** A thin pool as dmsetup says it, `part` of its data in use. */
function pool(s: Server, part: number, mode: string): void {
  const all = 3_276_800;
  s.more.set(
    'dmsetup status',
    [
      `vg0-images: 0 629145600 thin ${Math.round(part * 390_000_000)} 629145599`,
      `vg0-pool: 0 419430400 thin-pool 4 ${Math.round(5200 * part)}/15360 ${Math.round(all * part)}/${all} - ${mode} discard_passdown queue_if_no_space - 1024`,
      `vg0-pool-tpool: 0 419430400 thin-pool 4 ${Math.round(5200 * part)}/15360 ${Math.round(all * part)}/${all} - ${mode} discard_passdown queue_if_no_space - 1024`,
      'vg0-pool_tdata: 0 419430400 linear ',
    ].join('\n'),
  );
}
