// Series that are not one report a minute: gaps, wrong order, clocks that step, restarts, old agents, one report alone.
import { from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, debian12, jammy, rhel9 } from '../systems.ts';
import { nvme, redis, sata } from '../tools.ts';
import { alma8, amazon2023, buster, focal, station, trixie } from './systems.ts';

/** What the first agents sent: no zone, and of a process neither its group nor what it reads and writes. */
export function oldAgent(text: string): string {
  return text
    .replace(/ zone=\S+/, '')
    .split(/^(?==== )/m)
    .filter((s) => !/^=== (ls \/proc\/\[0-9\]\*\/fd|grep -r \. \/sys\/fs\/cgroup)/.test(s))
    .map((s) =>
      s.startsWith('=== cat /proc/[0-9]*/stat\n')
        ? s.replace(/^([^=\n].*)$/gm, (row) => {
            const cells = row.split('\t');
            return [...cells.slice(0, 9), cells.at(-1)].join('\t');
          })
        : s,
    )
    .join('');
}

export const twistedStrangers: Case[] = [
  {
    name: 'The clock is set back by three hours while the disk of a wiki fills',
    kind: 'fault',
    reports: 14,
    onset: 3,
    host() {
      const h = server(jammy, 'wiki-old', { cores: 2, ram: 4 });
      h.run({ name: 'apache2', rss: 30_000, cpu: 2, uid: 33, write: 3_000_000 });
      h.service('apache2');
      return h;
    },
    minute(h, i) {
      if (i === 6) h.clockError = -10_800;
      h.mounts.get('/')!.used = Math.min(93_050_000, 70_000_000 + grown(i, 3, 3_400_000));
    },
    atFirst: 'wrong order',
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/' }],
  },
  {
    name: 'Two hours without reports, and then a core dump has filled /var/lib',
    kind: 'fault',
    reports: 12,
    onset: 6,
    host() {
      const h = server(trixie, 'ci-cache', { cores: 4, ram: 16 });
      h.mounts.set('/var/lib', { device: '/dev/mapper/vg0-lib', size: 60_000_000, used: 31_000_000 });
      return h;
    },
    minute(h, i) {
      if (i === 6) h.pass(7200);
      if (from(i, 6)) h.mounts.get('/var/lib')!.used = 56_900_000;
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib' }],
  },
  {
    name: 'Reports come twice and in the wrong order: a member of a mirror has failed',
    kind: 'fault',
    reports: 8,
    order: [0, 1, 1, 3, 2, 4, 4, 6, 5, 7],
    onset: 4,
    host() {
      const h = server(debian12, 'nfs-keller', { cores: 2, ram: 8 });
      for (const d of ['sda', 'sdb']) h.disk(d, { rotates: true, size: 3_907_029_168 });
      h.disk('md1', { size: 3_906_764_800 });
      h.mounts.set('/export', { device: '/dev/md1', size: 1_900_000_000, used: 800_000_000 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1] \nmd1 : active raid1 sdb2[1]${bad ? '(F)' : ''} sda2[0]\n      1953382400 blocks super 1.2 [2/${bad ? 1 : 2}] [U${bad ? '_' : 'U'}]\n      bitmap: 3/15 pages [12KB], 65536KB chunk\n\nunused devices: <none>`,
      );
      h.sys.set('/sys/block/md1/md/degraded', bad ? 1 : 0);
      h.sys.set('/sys/block/md1/md/sync_action', 'idle');
      h.sys.set('/sys/block/md1/md/dev-sda2/state', 'in_sync');
      h.sys.set('/sys/block/md1/md/dev-sdb2/state', bad ? 'faulty' : 'in_sync');
      if (i === 3) h.kernel(2, 'md/raid1:md1: Disk failure on sdb2, disabling device.', 20);
    },
    roots: [{ problem: ['raid.disk_failed', 'raid.degraded'], subject: ['sdb', 'md1'] }],
  },
  {
    name: 'After a restart the git server does not come back',
    kind: 'fault',
    reports: 10,
    onset: 5,
    host() {
      const h = server(alpine, 'git.home.arpa', { cores: 2, ram: 2, nic: 'eth0' });
      h.run({ name: 'gitea', rss: 210_000, cpu: 1, threads: 14, uid: 1000 });
      h.listening.push({ port: 3000, program: 'gitea' });
      return h;
    },
    minute(h, i) {
      if (i === 5) {
        h.stop('gitea');
        h.reboot();
      }
    },
    atFirst: 'rule silent',
    roots: [{ problem: ['proc.vanished', 'sys.rebooted'], subject: ['gitea', 'git.home.arpa'] }],
  },
  {
    name: 'One report: a disk station with a failed drive in its data array',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(station, 'diskstation', {
        cores: 4,
        ram: 4,
        disk: 'sata1',
        root: '/dev/md0',
        nic: 'eth0',
      });
      for (const d of ['sata1', 'sata2', 'sata3', 'sata4']) h.disk(d, { rotates: true, size: 7_814_037_168 });
      h.mounts.set('/', { device: '/dev/md0', size: 8_191_352, used: 1_900_000 });
      h.mounts.set('/volume1', {
        device: '/dev/mapper/cachedev_0',
        type: 'btrfs',
        size: 11_240_000_000,
        used: 6_000_000_000,
      });
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] [raid6] [raid5] [raid4] [raidF1] \nmd2 : active raid5 sata1p5[0] sata4p5[3] sata2p5[1]\n      11706562368 blocks super 1.2 level 5, 64k chunk, algorithm 2 [4/3] [UU_U]\n      \nmd1 : active raid1 sata1p2[0] sata4p2[3] sata3p2[2] sata2p2[1]\n      2097088 blocks [4/4] [UUUU]\n      \nmd0 : active raid1 sata1p1[0] sata4p1[3] sata3p1[2] sata2p1[1]\n      8388544 blocks [4/4] [UUUU]\n      \nunused devices: <none>',
      );
      for (const [md, degraded] of [
        ['md0', 0],
        ['md1', 0],
        ['md2', 1],
      ] as const) {
        h.sys.set(`/sys/block/${md}/md/degraded`, degraded);
        h.sys.set(`/sys/block/${md}/md/sync_action`, 'idle');
      }
      return h;
    },
    edit: (text) => withSection(text, 'cat /etc/os-release'),
    roots: [{ problem: ['raid.degraded', 'raid.disk_failed'], subject: ['md2', 'sata3'] }],
  },
  {
    name: 'One report: five thousand mails wait, the oldest for days',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(focal, 'smtp-out', { cores: 2, ram: 4 });
      h.run({ name: 'master', rss: 5_000 });
      h.run({ name: 'qmgr', rss: 11_000, uid: 105 });
      h.service('postfix');
      return h;
    },
    edit: (text) =>
      withSection(
        text,
        'find /var/spool',
        '/var/spool/postfix/active 20 0\n/var/spool/postfix/incoming 3 0\n/var/spool/postfix/maildrop 0 0\n/var/spool/postfix/deferred 5120 4022',
      ),
    roots: [{ problem: 'mail.queue', subject: ['postfix', 'smtp-out', '/var/spool/postfix'] }],
  },
  {
    name: 'An old agent: a Redis of a game grows until nothing is left',
    kind: 'fault',
    reports: 12,
    onset: 3,
    host() {
      const h = server(buster, 'game-state', { cores: 4, ram: 8 });
      h.run({ name: 'redis-server', rss: 2 * GB, cpu: 14, threads: 5, uid: 107 });
      h.service('redis-server');
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      return h;
    },
    minute(h, i) {
      const more = Math.min(4.7 * GB, grown(i, 3, 0.7 * GB));
      h.named('redis-server')[0]!.rss = 2 * GB + more;
      h.available = Math.max(0.03 * h.ram, 0.64 * h.ram - more);
      h.cached = Math.max(0.1 * GB, h.cached - 0.5 * GB);
      redis(h, {
        redis_version: '5.0.14',
        maxmemory: 0,
        maxmemory_policy: 'noeviction',
        used_memory: Math.round((2 * GB + more) * 1000),
        used_memory_rss: Math.round((2 * GB + more) * 1024),
      });
    },
    edit: oldAgent,
    roots: [{ problem: ['db.redis_no_maxmemory'], subject: 'redis' }],
    chain: ['db.redis_no_maxmemory>mem.low'],
  },
  {
    name: 'An old agent: one program of a user keeps both cores of a small server',
    kind: 'fault',
    reports: 11,
    onset: 3,
    host: () => server(alma8, 'tiny-vps', { cores: 2, ram: 2 }),
    minute(h, i) {
      if (i === 3) h.run({ name: 'gs', uid: 48, cpu: 196, age: -1, rss: 40_000 });
      if (from(i, 3)) h.load = [3.4, 2.2, 1.2];
    },
    edit: oldAgent,
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: 'gs' }],
  },
  {
    name: 'The pages of a database are read from a disk with a dying head, and the clock drifts besides',
    kind: 'double',
    reports: 12,
    onset: 3,
    host() {
      const h = server(rhel9, 'lab-lims', { cores: 8, ram: 32 });
      h.disk('sdb', { rotates: true, size: 7_814_037_168, model: 'TOSHIBA MG06ACA800E' });
      h.mounts.set('/var/lib/pgsql', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 3_900_000_000,
        used: 900_000_000,
      });
      h.serve('postgresql', {
        name: 'postgres',
        rss: 400_000,
        cpu: 20,
        uid: 26,
        read: 3_000_000,
      });
      sata(h, 'sdb', { model: 'TOSHIBA MG06ACA800E' });
      return h;
    },
    minute(h, i) {
      h.more.set(
        'chronyc -n -c tracking',
        from(i, 3)
          ? `7F7F0101,,10,${h.epoch - 90_000}.1,${(0.4 + 0.05 * i).toFixed(6)},0.31,0.2,-12.1,0.0,4.1,0.0,17.2,64.1,Normal`
          : `0A140035,10.20.0.53,3,${h.epoch - 300}.1,0.000041,0.000022,0.000051,-12.133,-0.001,0.022,0.0104,0.0009,1030.2,Normal`,
      );
      if (!from(i, 4)) return;
      sata(h, 'sdb', { model: 'TOSHIBA MG06ACA800E' }, { 5: 40, 187: grown(i, 4, 3), 197: grown(i, 4, 8) });
      h.kernel(
        3,
        `critical medium error, dev sdb, sector ${61_341_960 + i * 8} op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2`,
        22,
      );
      h.disk('sdb', { reads: 30, writes: 9, await: 310, busy: 99 });
      h.iowait = 21;
      h.psi.io = 44;
      h.psi.ioFull = 31;
      h.blocked = 4;
    },
    roots: [
      { problem: ['smart.combo', 'smart.pending', 'smart.uncorrectable', 'disk.errors'], subject: 'sdb' },
      { problem: ['time.skew', 'time.unsync'], subject: 'lab-lims' },
    ],
    chain: ['smart.pending>disk.errors'],
  },
  {
    name: 'A drive is worn out by logs, seen by an agent that was upgraded in between',
    kind: 'fault',
    reports: 6,
    step: 3600,
    onset: 2,
    host() {
      const h = server(amazon2023, 'edge-cache-9', { cores: 4, ram: 8, disk: 'nvme0n1', nic: 'ens5' });
      nvme(h, 'nvme0n1', 'Samsung SSD 980 500GB', { percentage_used: 96 });
      return h;
    },
    minute(h, i) {
      nvme(h, 'nvme0n1', 'Samsung SSD 980 500GB', { percentage_used: 99 + i });
    },
    edit: (text, i) =>
      i < 3
        ? oldAgent(text)
        : text.replace('agent=0.1.0 sha256=3f9a1c0de5b2', 'agent=0.2.0 sha256=77aa1c0de5ff'),
    roots: [{ problem: 'smart.ssd_wear', subject: 'nvme0n1' }],
  },
  {
    name: 'Alpine with few words: the resolver cache is gone and the disk for mail has no inodes',
    kind: 'double',
    reports: 8,
    onset: 3,
    host() {
      const h = server(alpine, 'mail-edge', { cores: 2, ram: 2, nic: 'eth0' });
      h.mounts.set('/var/mail', {
        device: '/dev/sdb1',
        size: 20_000_000,
        used: 4_000_000,
        inodes: 1_310_720,
        inodesUsed: 1_100_000,
      });
      h.disk('sdb', { size: 41_943_040 });
      h.run({ name: 'unbound', rss: 40_000, cpu: 1, uid: 100 });
      h.listening.push({ port: 53, address: '127.0.0.1', program: 'unbound' });
      return h;
    },
    minute(h, i) {
      if (i === 3) h.stop('unbound');
      h.mounts.get('/var/mail')!.inodesUsed = Math.min(1_310_720, 1_100_000 + grown(i, 2, 60_000));
    },
    roots: [
      { problem: ['proc.vanished', 'net.dns_fail'], subject: ['unbound', '127.0.0.1', '/etc/resolv.conf'] },
      { problem: ['disk.inodes_full', 'disk.inode_forecast'], subject: '/var/mail' },
    ],
  },
];
