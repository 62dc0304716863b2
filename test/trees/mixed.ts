// What the other rooms leave out: mail, access, processes, resynchronisation, damaged filesystems, paths to a SAN.
import { installed, type Tree } from './box.ts';
import { machine, webStack } from './systems.ts';

export const mixed: Tree[] = [
  {
    name: 'a site sends spam: the deferred queue grows',
    kind: 'fault',
    onset: 2,
    runs: 5,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'hosting-3' }));
      const p = b.serve('postfix@-.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 9 });
      b.listeners.push({ at: '127.0.0.1:25', process: 'master', pid: p.pid });
      b.files['var/spool/postfix/active/.keep'] = '';
      b.files['var/spool/postfix/incoming/.keep'] = '';
      b.files['var/spool/postfix/deferred/A/A1'] = 'x';
      b.files['etc/postfix/main.cf'] = 'myhostname = hosting-3.example\n';
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      for (let i = 0; i < 130 * (run - 1); i++)
        b.files[`var/spool/postfix/deferred/${(i % 16).toString(16).toUpperCase()}/${4096 + i}`] = 'x';
    },
    roots: [{ problem: ['mail.queue', 'mail.spam_source'], subject: 'hosting-3' }],
  },
  {
    name: 'a second account with uid 0 appears after a guessed password',
    kind: 'fault',
    onset: 1,
    runs: 3,
    every: 3600,
    box: () => {
      const b = machine({ system: 'debian12', name: 'labor-pc' });
      b.nets[0]!.addresses = ['93.184.215.44/24'];
      b.programs['sshd'] = [
        [
          '-T',
          `port 22
permitrootlogin yes
passwordauthentication yes
pubkeyauthentication yes
maxauthtries 6
`,
        ],
      ];
      b.files['run/sshd/.keep'] = '';
      b.files['etc/ssh/sshd_config'] = 'PermitRootLogin yes\nPasswordAuthentication yes\n';
      return b;
    },
    each: (b, run) => {
      const tried = Array.from(
        { length: 60 + run * 30 },
        (_, i) =>
          `root     ssh:notty    203.0.113.66     Wed Nov 18 1${i % 2}:${String(i % 60).padStart(2, '0')}:11 2026 - Wed Nov 18 1${i % 2}:${String(i % 60).padStart(2, '0')}:11 2026  (00:00)    \n`,
      );
      b.programs['lastb'] = [['-i -F -n 400', `${tried.join('')}\nbtmp begins Sun Nov  1 00:00:09 2026\n`]];
      if (run < 1) return;
      b.files['etc/passwd'] = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
admin:x:1000:1000::/home/admin:/bin/bash
sysupd:x:0:0::/tmp:/bin/bash
`;
      b.programs['last'] = [
        [
          '-i -F -n 30',
          `root     pts/0        203.0.113.66     Wed Nov 18 11:41:22 2026   still logged in                      \n\
reboot   system boot  0.0.0.0          Fri Oct  9 09:59:32 2026   still running

wtmp begins Fri Oct  9 09:59:32 2026
`,
        ],
      ];
    },
    roots: [{ problem: ['sec.uid0', 'sec.login_after_fail'], subject: ['root', 'sysupd'] }],
  },
  {
    name: 'a parent that never reaps: hundreds of zombies',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = machine({ system: 'ubuntu2204', name: 'selenium-grid', memory: 16_000 });
      b.serve('grid-node.service', {
        name: 'node',
        exe: '/usr/bin/node',
        uid: 1200,
        rss: 260,
        cpu: 0.2,
        threads: 11,
        pid: 2200,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      for (let i = 0; i < 40; i++)
        b.run({
          name: 'chrome',
          ppid: 2200,
          uid: 1200,
          rss: 0,
          state: 'Z',
          pid: 30_000 + run * 100 + i,
          unit: 'grid-node.service',
          started: b.uptime,
        });
    },
    roots: [{ problem: 'proc.zombies', subject: 'node' }],
  },
  {
    name: 'a shell loop starts hundreds of processes a second',
    kind: 'fault',
    onset: 3,
    runs: 10,
    box: () => webStack(machine({ system: 'debian12', name: 'cron-host' })),
    each: (b, run) => {
      if (run < 3) return;
      b.forks = 640;
      b.systemShare = 0.46;
      b.user = 0.22;
      b.running = 6;
      b.load = [5, 3, 2];
      b.psi.cpu = 22;
      if (run === 3)
        b.run({
          name: 'watch-dir.sh',
          exe: '/usr/bin/bash',
          uid: 1000,
          rss: 4,
          cpu: 0.4,
          started: b.uptime,
          pid: 17_001,
          unit: 'cron.service',
        });
      b.processes = b.processes.filter((p) => p.ppid !== 17_001);
      for (let i = 0; i < 3; i++)
        b.run({
          name: ['stat', 'sleep', 'grep'][i]!,
          exe: '/usr/bin/x',
          ppid: 17_001,
          uid: 1000,
          rss: 1,
          started: b.uptime,
          pid: 18_000 + run * 40 + i,
          unit: 'cron.service',
        });
    },
    roots: [{ problem: ['proc.fork_storm', 'cpu.system_high'], subject: ['watch-dir.sh', 'cron-host'] }],
  },
  {
    name: 'after a power cut the RAID 5 resynchronises and slows everything',
    kind: 'fault',
    atFirst: 'ranking',
    onset: 0,
    runs: 24,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'alt-nas', days: 0.01 }));
      b.disks = ['sda', 'sdb', 'sdc', 'sdd'].map((name) => ({
        name,
        gb: 4000,
        model: 'WDC WD40EFRX',
        rotational: true,
        reads: 700,
        readKb: 128,
        writes: 40,
        readMs: 38,
        writeMs: 44,
        busy: 0.995,
        queue: 14,
        parts: [[`${name}1`, 4000]] as [string, number][],
      }));
      b.disks.push({ name: 'md0', gb: 12_000, reads: 20, writes: 30, readMs: 60, writeMs: 160 });
      b.mounts[0] = { dev: '/dev/md0', at: '/', type: 'ext4', mb: 11_000_000, used: 5_000_000 };
      b.iowait = 0.31;
      b.blocked = 4;
      Object.assign(b.psi, { io: 44, ioFull: 33 });
      b.load = [5, 4, 3];
      return b;
    },
    each: (b, run) => {
      b.files['proc/mdstat'] = `Personalities : [raid6] [raid5] [raid4] \n\
md0 : active raid5 sdd1[3] sdc1[2] sdb1[1] sda1[0]
      11720650752 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/4] [UUUU]
      [=>...................]  resync = ${(5 + run * 0.15).toFixed(1)}% (${200_000_000 + run * 5_000_000}/3906883584) finish=690.1min speed=89000K/sec
      bitmap: 30/30 pages [120KB], 65536KB chunk

unused devices: <none>
`;
      Object.assign(b.files, {
        'sys/block/md0/md/degraded': '0\n',
        'sys/block/md0/md/sync_action': 'resync\n',
        'sys/block/md0/md/mismatch_cnt': '0\n',
      });
    },
    roots: [{ problem: 'raid.resync', subject: 'md0' }],
  },
  {
    name: 'XFS finds damaged metadata and shuts /home down',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'home-srv' });
      b.disks.push({ name: 'sdb', gb: 1000 }, { name: 'dm-3', gb: 1000, dm: 'vg_home-lv_home' });
      b.mounts.push({
        dev: '/dev/mapper/vg_home-lv_home',
        at: '/home',
        type: 'xfs',
        mb: 950_000,
        used: 300_000,
      });
      b.serve('nfs-server.service', { name: 'nfsd', ppid: 2 });
      return b;
    },
    each: (b, run) => {
      if (run !== 2) return;
      b.say(
        1,
        'XFS (dm-3): Metadata corruption detected at xfs_dinode_verify.part.0+0x3e1/0x5f0 [xfs], inode 0x8a1f2 dinode',
        30,
      );
      b.say(1, 'XFS (dm-3): Unmount and run xfs_repair', 30);
      b.say(
        1,
        'XFS (dm-3): xfs_do_force_shutdown(0x8) called from line 1091 of file fs/xfs/libxfs/xfs_defer.c. Return address = ffffffffc07b1c2e',
        29,
      );
      b.say(1, 'XFS (dm-3): Corruption of in-memory data detected.  Shutting down filesystem', 29);
      b.say(1, 'XFS (dm-3): Please unmount the filesystem and rectify the problem(s)', 29);
    },
    roots: [{ problem: 'disk.fs_errors', subject: ['/home', 'dm-3', 'vg_home-lv_home'] }],
  },
  {
    name: 'a fibre is pulled: one path to the SAN fails',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = machine({ system: 'sles15', name: 'erp-db1', memory: 128_000, cores: 32 });
      b.disks.push(
        { name: 'sdc', gb: 2000, model: 'MSA 2050 SAN' },
        { name: 'sdd', gb: 2000, model: 'MSA 2050 SAN' },
        { name: 'dm-2', gb: 2000, dm: 'mpatha' },
      );
      b.mounts.push({ dev: '/dev/mapper/mpatha', at: '/sapdata', type: 'xfs', mb: 1_900_000, used: 900_000 });
      b.programs['dmsetup'] = [
        ['status', 'mpatha: 0 4194304000 multipath 2 0 0 0 2 1 A 0 1 2 8:32 A 0 0 1 E 0 1 2 8:48 A 0 0 1 \n'],
      ];
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.programs['dmsetup'] = [
        ['status', 'mpatha: 0 4194304000 multipath 2 0 0 0 2 2 D 0 1 2 8:32 F 1 0 1 A 0 1 2 8:48 A 0 0 1 \n'],
      ];
      b.disk('sdc').ioerr = 19;
      if (run > 2) return;
      b.say(3, 'qla2xxx [0000:af:00.0]-500b:6: LOOP DOWN detected (2 7 0 0).', 50);
      b.say(
        4,
        'sd 6:0:0:1: [sdc] tag#1044 FAILED Result: hostbyte=DID_TRANSPORT_DISRUPTED driverbyte=DRIVER_OK cmd_age=5s',
        45,
      );
      b.say(3, 'I/O error, dev sdc, sector 88120320 op 0x1:(WRITE) flags 0x4000 phys_seg 8 prio class 0', 45);
      b.say(4, 'device-mapper: multipath: 253:2: Failing path 8:32.', 45);
    },
    roots: [{ problem: 'disk.errors', subject: ['sdc', 'mpatha', 'dm-2'] }],
  },
  {
    name: 'ext4 has counted errors since an unclean stop',
    kind: 'fault',
    onset: 0,
    runs: 2,
    every: 3600,
    box: () => {
      const b = machine({ system: 'ubuntu2404', name: 'vm-archiv', disk: 'vda' });
      b.mounts.push({
        dev: '/dev/vda3',
        at: '/srv/archiv',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 90_000,
        used: 20_000,
      });
      b.disks[0]!.parts!.push(['vda3', 95]);
      Object.assign(b.files, {
        'sys/fs/ext4/vda1/errors_count': '0\n',
        'sys/fs/ext4/vda3/errors_count': '17\n',
        'sys/fs/ext4/vda3/last_error_time': '1794800000\n',
      });
      return b;
    },
    roots: [{ problem: 'disk.fs_errors', subject: ['/srv/archiv', 'vda3'] }],
  },
  {
    name: 'a script spins on one core of a small server since its last deployment',
    kind: 'fault',
    onset: 4,
    runs: 24,
    rhythm: installed,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'kunden-cms', cores: 2, memory: 3900 }), 700);
      b.serve('indexer.service', {
        name: 'python3',
        exe: '/usr/bin/python3.11',
        uid: 1004,
        rss: 90,
        cpu: 0.04,
        pid: 2750,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 4) return;
      b.process('python3').cpu = 1;
      b.load = [2.9, 2, 1];
      b.running = 3;
      b.psi.cpu = 34;
    },
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'python3' }],
  },
];
