// Stories with a twist, on other machines: the victim is not the culprit, two faults meet, or one report is all there is.
import { busyDisk, from, grown, server, swapping, type Case } from './case.ts';
import { GB } from './host.ts';
import { arch, centos7, debian12, jammy, leap, noble, proxmox, rhel9 } from './systems.ts';
import { mysql, oomKill, postgres, redis, sata, zpool } from './tools.ts';

export const tangledCases: Case[] = [
  {
    name: 'One report: CentOS 7 swaps without end',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(centos7, 'crm-old', {
        start: 1_700_000_000,
        cores: 4,
        ram: 8,
        disk: 'sda',
        nic: 'em1',
        drive: { rotates: true },
      });
      h.swap = 4 * GB;
      h.swapUsed = 3.4 * GB;
      h.available = 0.15 * GB;
      h.cached = 0.2 * GB;
      h.run({ name: 'httpd', uid: 48, rss: 0.6 * GB, cpu: 12, threads: 20 });
      h.run({
        name: 'mysqld',
        uid: 27,
        rss: 5.9 * GB,
        swap: 3.1 * GB,
        cpu: 30,
        threads: 60,
        faults: 600,
        cgroup: '/system.slice/mariadb.service',
      });
      h.load = [14, 13.2, 12.8];
      swapping(h, 2900, 'sda');
      h.load = [14, 13.2, 12.8];
      return h;
    },
    roots: [{ problem: ['mem.swap_thrash', 'mem.low', 'mem.critical', 'mem.leak'], subject: 'mysqld' }],
  },
  {
    name: 'One report: a mirror of a small server lost a disk some time ago',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(leap, 'hetz-1', { cores: 8, ram: 64, disk: 'nvme0n1', nic: 'eth0', root: '/dev/md2' });
      h.disk('md2', {});
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] \nmd2 : active raid1 nvme0n1p3[0]\n      465370432 blocks super 1.2 [2/1] [U_]\n      bitmap: 4/4 pages [16KB], 65536KB chunk\n\nmd0 : active raid1 nvme0n1p1[0]\n      33520640 blocks super 1.2 [2/1] [U_]\n\nunused devices: <none>',
      );
      return h;
    },
    roots: [{ problem: 'raid.degraded', subject: ['md2', 'md0'] }],
  },
  {
    name: 'One report: a filesystem has noted errors of its own',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(debian12, 'archive', { cores: 2, ram: 4, disk: 'sda', nic: 'eth0' });
      h.disk('sdb', { rotates: true });
      h.mounts.set('/data', { device: '/dev/sdb1', size: 3_800_000_000, used: 1_000_000_000 });
      h.sys.set('/sys/fs/ext4/sda2/errors_count', 0);
      h.sys.set('/sys/fs/ext4/sdb1/errors_count', 17);
      return h;
    },
    roots: [{ problem: 'disk.fs_errors', subject: '/data' }],
  },
  {
    name: 'One report: the disk for kernels is full',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(jammy, 'lab-7', { cores: 4, ram: 8, disk: 'sda', nic: 'enp3s0' });
      h.mounts.set('/boot', { device: '/dev/sda1', size: 983_956, used: 912_000 });
      return h;
    },
    roots: [{ problem: 'disk.full', subject: '/boot' }],
  },
  {
    name: 'Java takes the memory, and the kernel kills the database',
    atFirst: 'wrong entity',
    kind: 'fault',
    reports: 10,
    onset: 2,
    host() {
      const h = server(jammy, 'combo', { cores: 4, ram: 16, disk: 'vda', nic: 'ens3' });
      h.swap = 0;
      h.run({
        name: 'java',
        uid: 1001,
        rss: 4 * GB,
        cpu: 60,
        threads: 140,
        cgroup: '/system.slice/search.service',
      });
      h.run({
        name: 'mysqld',
        uid: 114,
        rss: 4.4 * GB,
        cpu: 25,
        threads: 50,
        cgroup: '/system.slice/mysql.service',
      });
      for (const u of ['search', 'mysql']) h.service(u);
      h.listening.push({ port: 3306, program: 'mysqld', address: '127.0.0.1' });
      return h;
    },
    minute(h, i) {
      const more = Math.min(6.6, grown(i, 2, 1.15));
      h.named('java')[0]!.rss = (4 + more) * GB;
      h.available = Math.max(0.2, 6.9 - more) * GB;
      h.cached = Math.max(0.2, 4 - more) * GB;
      if (i === 8) {
        oomKill(h, 'mysqld', h.named('mysqld')[0]!.pid, 4_400_000);
        h.stop('mysqld');
        h.units.set('mysql.service', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'oom-kill',
          ExecMainStatus: '9',
          ExecMainCode: '2',
          since: '30',
        });
      }
      if (i >= 8) h.available = 4.2 * GB;
    },
    roots: [
      {
        problem: ['mem.leak', 'mem.low', 'mem.critical', 'mem.oom_kill', 'mem.time_to_exhaust'],
        subject: 'java',
      },
    ],
    chain: ['mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'A pod of Kubernetes dies at its limit',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 6,
    onset: 3,
    installed: true,
    host() {
      const h = server(noble, 'ip-10-0-7-9', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens5' });
      h.run({ name: 'kubelet', rss: 150_000, cpu: 9, threads: 50 });
      h.run({ name: 'celery', uid: 1000, rss: 480_000, cpu: 22, threads: 5, cgroup: pod });
      for (let i = 0; i < 12; i++) h.run({ name: 'envoy', uid: 65_532, rss: 90_000, cpu: 2, threads: 9 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      oomKill(h, 'celery', 9000 + i, 520_000, pod);
    },
    roots: [
      {
        problem: 'mem.cgroup_oom',
        subject: ['/kubepods', 'kubepods', 'celery', '0123456789ab', 'container'],
      },
    ],
  },
  {
    name: 'Redis without a limit grows until it is killed',
    kind: 'fault',
    reports: 12,
    onset: 1,
    host() {
      const h = server(debian12, 'cachebox', { cores: 2, ram: 8, disk: 'vda', nic: 'ens3' });
      h.swap = 0;
      h.run({ name: 'redis-server', uid: 110, rss: 2 * GB, cpu: 20, threads: 5, age: 90_000 });
      h.service('redis-server');
      return h;
    },
    minute(h, i) {
      const r = h.named('redis-server')[0]!;
      const size = i < 11 ? 2 + grown(i, 1, 0.52) : 0.3;
      r.rss = size * GB;
      h.available = Math.max(0.15, 7.4 - size) * GB;
      h.cached = Math.max(0.15, 5 - size) * GB;
      redis(h, {
        maxmemory: 0,
        maxmemory_policy: 'noeviction',
        used_memory: Math.round(size * 1e9),
        uptime_in_seconds: i < 11 ? 90_000 + i * 60 : 30,
      });
      if (i === 11) {
        oomKill(h, 'redis-server', r.pid, 7_100_000);
        Object.assign(r, { pid: 44_001, born: h.now });
        h.units.get('redis-server.service')!['since'] = '25';
        h.units.get('redis-server.service')!['NRestarts'] = '1';
      }
    },
    roots: [{ problem: ['db.redis_no_maxmemory', 'mem.leak', 'mem.oom_kill', 'mem.low'], subject: 'redis' }],
  },
  {
    name: 'More children of PHP than the memory can hold',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'presta', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      h.swap = 1 * GB;
      h.run({ name: 'nginx', uid: 33, rss: 40_000, cpu: 8 });
      for (let i = 0; i < 15; i++) h.run({ name: 'php-fpm8.2', uid: 33, rss: 120_000, cpu: 6 });
      for (const u of ['nginx', 'php8.2-fpm']) h.service(u);
      h.more.set(
        'grep -r . /etc',
        '/etc/php/8.2/fpm/pool.d/www.conf:[www]\n/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic\n/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 120',
      );
      h.available = 5.4 * GB;
      return h;
    },
    minute(h, i) {
      if (from(i, 3))
        for (let n = 0; n < 9; n++)
          h.run({ name: 'php-fpm8.2', uid: 33, rss: 125_000, cpu: 4, age: 20 - h.now });
      const used = (h.named('php-fpm8.2').length - 15) * 122_000;
      h.available = Math.max(0.18 * GB, 5.4 * GB - used);
      h.cached = Math.max(0.2 * GB, 3 * GB - used / 2);
    },
    roots: [
      {
        problem: ['web.phpfpm_overcommit', 'mem.low', 'mem.critical', 'mem.time_to_exhaust'],
        subject: ['php-fpm'],
      },
    ],
  },
  {
    name: 'A service is killed at its limit, and systemd starts it again and again',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(rhel9, 'etl-2', { cores: 8, ram: 32, disk: 'sda', nic: 'ens192' });
      h.run({
        name: 'python3',
        uid: 1002,
        rss: 900_000,
        cpu: 60,
        threads: 6,
        cgroup: '/system.slice/importer.service',
      });
      h.service('importer', { MemoryMax: '1073741824' });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/importer.service';
      h.groups.set(`${g}/memory.max`, 1_073_741_824);
      h.groups.set(`${g}/memory.current`, from(i, 2) ? 400_000_000 : 910_000_000);
      h.groups.set(`${g}/memory.stat`, `anon ${from(i, 2) ? 380_000_000 : 890_000_000}`);
      if (!from(i, 2)) return;
      oomKill(h, 'python3', 5000 + i, 1_020_000, g);
      h.groups.set(`${g}/memory.events`, `oom_kill ${i - 1}`);
      h.units.set('importer.service', {
        ActiveState: i % 2 ? 'activating' : 'active',
        SubState: i % 2 ? 'auto-restart' : 'running',
        Result: 'oom-kill',
        NRestarts: String((i - 1) * 4),
        MemoryMax: '1073741824',
        since: '9',
      });
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: 'importer' }],
    chain: ['mem.cgroup_oom>svc.restart_loop'],
  },
  {
    name: 'The journal has filled the disk over the months',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host() {
      const h = server(arch, 'vps-arch', { cores: 1, ram: 2, disk: 'vda', nic: 'ens3' });
      Object.assign(h.mounts.get('/')!, { size: 20_000_000, used: 18_700_000 });
      h.more.set('du -xk -d 1 /var/log', '9100000\t/var/log/journal\n9180000\t/var/log');
      return h;
    },
    roots: [{ problem: ['sys.journal_big', 'disk.full'], subject: ['/var/log', '/'] }],
  },
  {
    name: 'Mail that cannot leave uses up the inodes of the spool',
    kind: 'fault',
    reports: 5,
    step: 1800,
    onset: 1,
    host() {
      const h = server(debian12, 'relay-3', { cores: 2, ram: 4, disk: 'sda', nic: 'eth0' });
      h.mounts.set('/var/spool', {
        device: '/dev/sda7',
        size: 8_000_000,
        used: 2_000_000,
        inodes: 500_000,
        inodesUsed: 60_000,
      });
      h.run({ name: 'master', rss: 5_000, cgroup: '/system.slice/system-postfix.slice/postfix@-.service' });
      h.run({
        name: 'qmgr',
        uid: 107,
        rss: 30_000,
        cpu: 9,
        cgroup: '/system.slice/system-postfix.slice/postfix@-.service',
      });
      h.service('postfix@-');
      return h;
    },
    minute(h, i) {
      const n = Math.min(439_000, 1200 + grown(i, 1, 130_000));
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active 20000 0\n/var/spool/postfix/incoming 30 0\n/var/spool/postfix/maildrop 0 0\n/var/spool/postfix/deferred ${n} 900`,
      );
      h.mounts.get('/var/spool')!.inodesUsed = 60_000 + n;
    },
    roots: [{ problem: 'mail.queue', subject: ['relay-3', 'postfix'] }],
    chain: ['mail.queue>disk.inodes_full'],
  },
  {
    name: 'A ZFS pool is online and has lost files',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(proxmox, 'pbs-1', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'vmbr0' });
      h.more.set(
        'zpool list -Hp',
        'backup\t23991687315456\t21112684838092\t2879002477364\t-\t-\t22\t88\t1.00\tONLINE\t-',
      );
      zpool(
        h,
        'backup',
        'ONLINE',
        '\tbackup                                        ONLINE       0     0     0\n\t  raidz1-0                                    ONLINE       0     0     0\n\t    sda                                       ONLINE       0     0    14\n\t    sdb                                       ONLINE       0     0    14\n\t    sdc                                       ONLINE       0     0    14',
        'status: One or more devices has experienced an error resulting in data\n\tcorruption.  Applications may be affected.\naction: Restore the file in question if possible.  Otherwise restore the\n\tentire pool from backup.\n  scan: scrub repaired 0B in 11:02:11 with 7 errors on Sun Nov  8 11:26:12 2026\n',
        "7 data errors, use '-v' for a list",
      );
      return h;
    },
    roots: [{ problem: 'disk.zfs_degraded', subject: 'backup' }],
  },
  {
    name: 'A volume in the cloud gives no more than its 3000 operations',
    kind: 'fault',
    reports: 10,
    onset: 3,
    host() {
      const h = server(noble, 'ip-10-1-1-20', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens5' });
      h.disk('nvme1n1', { model: 'Amazon Elastic Block Store' });
      h.mounts.set('/var/lib/postgresql', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 209_000_000,
        used: 90_000_000,
      });
      h.run({ name: 'postgres', uid: 114, rss: 9 * GB, cpu: 120, threads: 60, read: 20_000_000 });
      h.service('postgresql@16-main');
      h.more.set(
        'grep -r . /sys/class/dmi',
        '/sys/class/dmi/id/sys_vendor:Amazon EC2\n/sys/class/dmi/id/product_name:m6i.2xlarge',
      );
      return h;
    },
    minute(h, i) {
      postgres(h);
      if (!from(i, 3)) {
        h.disk('nvme1n1', {
          reads: 900,
          writes: 400,
          await: 0.8,
          readBytes: 9_000_000,
          writeBytes: 5_000_000,
          busy: 40,
        });
        return;
      }
      h.named('postgres')[0]!.read = 60_000_000;
      busyDisk(
        h,
        'nvme1n1',
        { reads: 2400, writes: 600, readBytes: 24_000_000, writeBytes: 7_000_000, await: 21 },
        8,
      );
    },
    roots: [
      {
        problem: ['disk.cloud_throttle', 'disk.saturated', 'disk.latency'],
        subject: ['nvme1n1', 'postgres'],
      },
    ],
  },
  {
    name: 'A disk hangs without a word, and tasks wait for minutes',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(rhel9, 'san-client', { cores: 16, ram: 64, disk: 'sda', nic: 'ens192' });
      h.disk('sdb', { size: 4_000_000_000 });
      h.mounts.set('/oradata', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 2_000_000_000,
        used: 1_200_000_000,
      });
      h.run({ name: 'oracle', uid: 54_321, rss: 30 * GB, cpu: 90, threads: 200, write: 8_000_000 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      busyDisk(h, 'sdb', { reads: 1, writes: 2, readBytes: 9_000, writeBytes: 20_000, await: 8200 }, 9);
      h.named('oracle')[0]!.state = 'D';
      h.named('oracle')[0]!.write = 20_000;
      if (i > 4)
        h.kernel(3, `INFO: task xfsaild/sdb1:1411 blocked for more than ${120 * (i - 4)} seconds.`, 12);
    },
    roots: [{ problem: ['disk.latency', 'disk.saturated'], subject: ['sdb'] }],
    chain: ['disk.latency>cpu.iowait'],
  },
  {
    name: 'A router of a home runs out of room for connections, and its memory card wears',
    kind: 'double',
    reports: 6,
    onset: 2,
    host() {
      const h = server(debian12, 'opnbox', { cores: 4, ram: 2, disk: 'sda', nic: 'enp1s0' });
      h.conntrack = [9_000, 65_536];
      h.nic('enp2s0', {});
      return h;
    },
    minute(h, i) {
      if (from(i, 2)) h.conntrack = [Math.min(65_400, 30_000 + i * 8_000), 65_536];
      sata(h, 'sda', { model: 'TS64GMTS400S' }, from(i, 2) ? { 197: 8, 198: 8, 5: 90 } : { 5: 2 });
    },
    roots: [
      { problem: 'net.conntrack', subject: 'opnbox' },
      { problem: ['smart.pending', 'smart.combo', 'smart.reallocated'], subject: 'sda' },
    ],
  },
  {
    name: 'NFS hangs, and the root disk is full of a deleted log',
    kind: 'double',
    reports: 7,
    onset: 2,
    host() {
      const h = server(jammy, 'worker-12', { cores: 8, ram: 16, disk: 'vda', nic: 'ens3' });
      h.mounts.get('/')!.used = 82_000_000;
      h.mounts.set('/srv/share', {
        device: 'filer:/vol/share',
        type: 'nfs4',
        options: 'rw,hard,vers=4.1',
        size: 4_000_000_000,
        used: 2_000_000_000,
      });
      h.run({ name: 'celery', uid: 1000, rss: 400_000, cpu: 20, write: 300_000 });
      for (let i = 0; i < 4; i++) h.run({ name: 'ffprobe', uid: 1000, rss: 20_000, cpu: 3 });
      return h;
    },
    minute(h, i) {
      const used = Math.min(93_000_000, 82_000_000 + grown(i, 1, 3_700_000));
      h.mounts.get('/')!.used = used;
      const pid = h.named('celery')[0]!.pid;
      const size = (used - 50_000_000) * 1024;
      h.more.set(
        'ls -lL /proc/[0-9]*/fd',
        `${size} ${Math.round(size / 512)} fd02:88121 /proc/${pid}/fd/7 /var/log/celery/worker.log.1 (deleted)`,
      );
      if (from(i, 3)) {
        h.mounts.get('/srv/share')!.size = 0;
        h.blocked = 4;
        for (const t of h.named('ffprobe')) Object.assign(t, { state: 'D', cpu: 0 });
      }
    },
    roots: [
      { problem: 'disk.deleted_open', subject: 'celery' },
      { problem: 'disk.nfs_stall', subject: ['/srv/share', 'filer'] },
    ],
  },
  {
    name: 'A script forks without end while a database is dumped',
    kind: 'confounded',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'shell-host', { cores: 8, ram: 16, disk: 'sda', nic: 'eth0' });
      h.run({ name: 'mysqldump', rss: 60_000, cpu: 70, read: 8_000_000, age: 1200 });
      h.run({ name: 'mariadbd', uid: 106, rss: 4 * GB, cpu: 60, threads: 40 });
      h.service('mariadb');
      return h;
    },
    minute(h, i) {
      mysql(h, '10.11.9-MariaDB-0+deb12u1', {}, {});
      if (i === 3)
        h.run({
          name: 'watchdog.sh',
          uid: 1000,
          rss: 3_000,
          cpu: 260,
          kernel: 0.8,
          threads: 1,
          age: 20 - h.now,
          exe: '/usr/bin/bash',
        });
      if (!from(i, 3)) return;
      h.forks = 2900;
      h.switches = 21_000;
      h.load = [9, 6, 3];
    },
    roots: [{ problem: ['proc.fork_storm', 'proc.runaway'], subject: ['shell-host', 'watchdog'] }],
  },
  {
    name: 'The temporary folder in memory is full',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(arch, 'buildbox', { cores: 16, ram: 32, disk: 'nvme0n1', nic: 'enp5s0' });
      h.mounts.set('/tmp', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev,size=16777216k',
        size: 16_777_216,
        used: 2_000_000,
      });
      return h;
    },
    minute(h, i) {
      const used = Math.min(16_777_216, 2_000_000 + grown(i, 2, 6_000_000));
      h.mounts.get('/tmp')!.used = used;
      h.shmem = used;
      h.cached = 8 * GB + used;
      h.available = 20 * GB - used;
    },
    roots: [{ problem: ['mem.tmpfs_full', 'disk.full'], subject: '/tmp' }],
  },
];

const pod =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod77aa_11bb.slice/cri-containerd-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope';
