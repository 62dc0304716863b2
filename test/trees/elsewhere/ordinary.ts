// Ordinary troubles that one or two reports show, and long chains of them, written before the product saw them.
import type { Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from '../abroad/lands.ts';
import { failed } from '../abroad/offices.ts';
import { redis } from '../abroad/processor.ts';
import { sata } from '../abroad/tools.ts';
import { drives, md, mutter, mysqlSays, noPsi } from './parts.ts';

const logTime = (seconds: number) =>
  new Date(seconds * 1000).toUTCString().slice(0, 3) +
  new Date(seconds * 1000).toUTCString().slice(7, 11) +
  ` ${String(new Date(seconds * 1000).getUTCDate()).padStart(2, '0')} ${new Date(seconds * 1000).toISOString().slice(11, 19)}.112233 ${new Date(seconds * 1000).getUTCFullYear()}`;

export const ordinary: Tree[] = [
  {
    name: 'a video tool leaves its frames in /dev/shm until the server swaps (Debian 12)',
    kind: 'fault',
    runs: 10,
    onset: 2,
    box: () => {
      const b = at('debian12', 'cam-rec', { cores: 4, memory: 7900, swap: 4096, disk: 'sda', crowd: 20 });
      b.serve('recorder.service', {
        name: 'recorder',
        exe: '/opt/rec/recorder',
        uid: 1001,
        rss: 700,
        cpu: 0.3,
        threads: 6,
      });
      return b;
    },
    each: (b, run) => {
      const shm = Math.min(5900, 60 + run * 900);
      const m = b.mounts.find((x) => x.at === '/dev/shm')!;
      Object.assign(m, { mb: 6000, used: shm });
      b.shmem = shm;
      b.available = Math.max(160, 6400 - shm);
      b.cached = shm + 200;
      b.free = Math.max(80, b.available - 150);
      if (run < 7) return;
      Object.assign(b, {
        swapUsed: 800 + (run - 7) * 500,
        swapIn: 700,
        swapOut: 2400,
        majorFaults: 700,
        directScan: 3000,
        iowait: 0.35,
        blocked: 5,
        load: [5, 3, 2],
      });
      Object.assign(b.psi, { memory: 35, memoryFull: 21, io: 44, ioFull: 30 });
      Object.assign(b.disk('sda'), {
        reads: 700,
        readKb: 4.2,
        writes: 640,
        writeKb: 16,
        readMs: 6,
        writeMs: 11,
        busy: 0.97,
        queue: 12,
      });
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: ['/dev/shm', 'cam-rec', 'recorder'] }],
    chain: ['mem.tmpfs_full>mem.low', 'mem.low>mem.swap_thrash', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'CentOS 7: 90 PHP children of 60 MB on 4 GB, the kernel kills MariaDB for them',
    kind: 'fault',
    runs: 8,
    onset: 3,
    box: () => {
      const b = at('centos7', 'joomla-3', {
        cores: 2,
        memory: 3789,
        swap: 0,
        fs: 'xfs',
        now: '2023-11-20T18:00:00Z',
        crowd: 10,
      });
      b.serve('nginx.service', { name: 'nginx', rss: 12, cpu: 0.1 });
      b.serve('php-fpm.service', { pid: 1501, name: 'php-fpm', exe: '/usr/sbin/php-fpm', rss: 30 });
      b.serve(
        'mariadb.service',
        { name: 'mysqld', exe: '/usr/libexec/mysqld', uid: 27, rss: 700, cpu: 0.2, threads: 40 },
        { text: 'MariaDB database server' },
      );
      b.files['etc/php-fpm.d/www.conf'] =
        '[www]\nuser = apache\npm = dynamic\npm.max_children = 90\npm.start_servers = 5\n';
      return b;
    },
    each: (b, run) => {
      const want = Math.min(45, 6 + run * 8);
      for (let i = b.processes.filter((p) => p.name === 'php-fpm').length - 1; i < want; i++)
        b.run({
          pid: 21_000 + i,
          ppid: 1501,
          name: 'php-fpm',
          exe: '/usr/sbin/php-fpm',
          uid: 48,
          unit: 'php-fpm.service',
          rss: 60,
          cpu: 0.02,
          started: b.uptime,
        });
      if (run < 5) return;
      b.available = 90;
      b.free = 60;
      b.cached = 90;
      if (run !== 6) return;
      b.fail('mariadb.service', 'signal', 9, 2, 30);
      b.say(4, 'php-fpm invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0', 31);
      b.say(3, 'Out of memory: Kill process 1644 (mysqld) score 181 or sacrifice child', 30);
      b.say(
        3,
        'Killed process 1644 (mysqld), UID 27, total-vm:1911032kB, anon-rss:712112kB, file-rss:0kB, shmem-rss:0kB',
        30,
      );
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: ['www', 'php'] }],
    chain: ['web.phpfpm_overcommit>mem.low', 'mem.low>mem.oom_kill', 'mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'borg runs at noon and takes the only disk (Ubuntu 20.04)',
    kind: 'fault',
    atFirst: 'ranking',
    runs: 9,
    onset: 2,
    box: () => {
      const b = at('ubuntu2004', 'kanzlei', {
        cores: 4,
        memory: 15_900,
        disk: 'sda',
        now: '2025-02-04T12:00:00Z',
        crowd: 30,
      });
      Object.assign(b.disk('sda'), {
        rotational: true,
        reads: 8,
        readMs: 7,
        writes: 12,
        writeMs: 8,
        busy: 0.1,
      });
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 112,
        rss: 1800,
        cpu: 0.1,
        threads: 40,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2)
        b.run({
          pid: 33_012,
          name: 'borg',
          exe: '/usr/bin/python3.8',
          rss: 300,
          cpu: 0.5,
          state: 'D',
          wchan: 'io_schedule',
          read: 34e6,
          write: 2e6,
          started: b.uptime - 20,
        });
      Object.assign(b.disk('sda'), {
        reads: 210,
        readKb: 160,
        readMs: 38,
        writes: 40,
        writeKb: 60,
        writeMs: 120,
        busy: 0.995,
        queue: 14,
      });
      Object.assign(b, { iowait: 0.34, blocked: 4, load: [5, 4, 2] });
      Object.assign(b.psi, { io: 52, ioFull: 35 });
    },
    roots: [{ problem: 'job.backup_running', subject: 'borg' }],
    chain: ['job.backup_running>disk.saturated', 'disk.saturated>cpu.iowait'],
  },
  {
    name: 'debug logs of the journal fill the root, then Grafana can not start (Debian 11)',
    kind: 'fault',
    runs: 4,
    onset: 0,
    box: () => {
      const b = at('debian11', 'mon-1', { cores: 2, memory: 3900, root: [20, 19], crowd: 10 });
      b.mount('/').used = 17_850;
      b.programs['du'] = [['*', '11800112\t/var/log/journal\n12\t/var/log/apt\n12100000\t/var/log\n']];
      failed(b, 'grafana-server.service', 'Grafana instance', 1200);
      return b;
    },
    roots: [{ problem: 'sys.journal_big', subject: ['/var/log', '/', 'mon-1'] }],
    chain: ['sys.journal_big>disk.full', 'disk.full>svc.unit_failed'],
  },
  {
    name: 'a bad SATA cable: CRC errors, links that are reset, ext4 with errors (Ubuntu 22.04)',
    kind: 'fault',
    runs: 5,
    onset: 1,
    box: () => {
      const b = at('ubuntu2204', 'surveil', { cores: 4, memory: 7900, disk: 'sda', crowd: 10 });
      drives(b, ['sdb'], { gb: 4000, rotational: true, parts: [['sdb1', 3999]] });
      b.mounts.push({ dev: '/dev/sdb1', at: '/srv/rec', type: 'ext4', mb: 3_700_000, used: 2_000_000 });
      return b;
    },
    each: (b, run) => {
      b.disk('sdb').smartJson = sata('sdb', 'WDC WD40PURZ-85AKKY0', [
        [5, 'Reallocated_Sector_Ct', 200, 140, 0],
        [197, 'Current_Pending_Sector', 200, 0, 0],
        [198, 'Offline_Uncorrectable', 100, 0, 0],
        [199, 'UDMA_CRC_Error_Count', 200, 0, 12 + run * 90],
      ]);
      if (!run) return;
      b.disk('sdb').ioerr = 3 + run * 4;
      b.say(3, 'ata2.00: exception Emask 0x10 SAct 0xff SErr 0x400101 action 0x6 frozen', 40);
      b.say(3, 'ata2: SError: { RecovData UnrecovData Handshk }', 40);
      b.say(6, 'ata2: hard resetting link', 40);
      b.say(
        3,
        'blk_update_request: I/O error, dev sdb, sector 77011232 op 0x1:(WRITE) flags 0x4000 phys_seg 32 prio class 0',
        38,
      );
      if (run > 1) {
        b.say(
          2,
          'EXT4-fs error (device sdb1): __ext4_find_entry:1611: inode #2: comm nvr: reading directory lblock 0',
          30,
        );
        b.files['sys/fs/ext4/sdb1/errors_count'] = `${run}\n`;
      }
    },
    roots: [{ problem: 'smart.crc', subject: 'sdb' }],
    chain: ['smart.crc>disk.errors', 'disk.errors>disk.fs_errors'],
  },
  {
    name: 'a public server without any rule of a firewall (Debian 12, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'vps-naked', { cores: 1, memory: 1900, crowd: 5 });
      b.nets[0]!.addresses = ['203.0.113.90/24', '2001:db8:4::90/64'];
      b.files['sys/module/nf_tables/initstate'] = 'live\n';
      b.files['sys/module/ip_tables/initstate'] = 'live\n';
      b.programs['nft'] = [['list ruleset', '']];
      b.programs['iptables'] = [['-S', '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n']];
      const r = b.run({ name: 'rpcbind', exe: '/usr/sbin/rpcbind', rss: 3 });
      b.listeners.push({ at: '0.0.0.0:111', process: 'rpcbind', pid: r.pid });
      return b;
    },
    roots: [{ problem: ['sec.firewall_off'], subject: 'vps-naked' }],
  },
  {
    name: 'an account without a password (Debian 11, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian11', 'kiosk-2', { cores: 2, memory: 1900, crowd: 5 });
      b.files['etc/passwd'] =
        'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\ngast:x:1001:1001:Gast,,,:/home/gast:/bin/bash\n';
      b.files['etc/shadow'] =
        'root:$y$j9T$abc$def:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\ngast::19000:0:99999:7:::\n';
      return b;
    },
    roots: [{ problem: 'sec.empty_password', subject: 'gast' }],
  },
  {
    name: 'MySQL: all 151 connections are taken (one report, Ubuntu 20.04)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('ubuntu2004', 'db-conn', {
        cores: 4,
        memory: 7900,
        now: '2025-02-04T12:00:00Z',
        crowd: 10,
      });
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 112,
        rss: 1800,
        cpu: 0.1,
        threads: 180,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      mysqlSays(
        b,
        { Threads_connected: 150, Max_used_connections: 152, Threads_running: 3 },
        { innodb_buffer_pool_size: 1_073_741_824, version: '8.0.41-0ubuntu0.20.04.1' },
      );
      return b;
    },
    roots: [{ problem: 'db.mysql_connections', subject: ['mysql', 'mysqld'] }],
  },
  {
    name: 'Redis is at its maxmemory and evicts nothing (one report, Alpine)',
    kind: 'fault',
    runs: 1,
    shell: 'busybox ash',
    box: () => {
      const b = at('alpine', 'queue-redis', { cores: 2, memory: 3900, crowd: 5 });
      b.run({ name: 'redis-server', exe: '/usr/bin/redis-server', uid: 102, rss: 2050, cpu: 0.1 });
      b.files['run/redis/redis.sock'] = '';
      b.programs['redis-cli'] = [['info all', redis(2045, 2_097_152_000, 'redis_version:7.2.9')]];
      return b;
    },
    roots: [{ problem: 'db.redis_maxmemory', subject: ['redis', 'queue-redis', '6379'] }],
  },
  {
    name: 'Apache has reached MaxRequestWorkers, its log says so (AlmaLinux 8, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma8', 'drupal-5', { cores: 4, memory: 7800, fs: 'xfs', crowd: 10 });
      noPsi(b);
      b.serve('httpd.service', { name: 'httpd', rss: 60, uid: 48, cpu: 0.3 });
      b.files['var/log/httpd/error_log'] =
        `[${logTime(b.now - 20)}] [mpm_prefork:error] [pid 1201] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting\n`;
      return b;
    },
    roots: [{ problem: 'web.apache_workers', subject: ['httpd', 'apache', 'drupal-5'] }],
  },
  {
    name: 'a loose plug: the link goes up and down all the time (RHEL 9)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('rhel9', 'scada-1', { cores: 2, memory: 3700, fs: 'xfs', net: 'eno1', crowd: 10 });
      noPsi(b);
      return b;
    },
    each: (b, run) => {
      b.net('eno1').carrierChanges = 2 + run * 6;
      if (!run) return;
      b.say(6, 'tg3 0000:02:00.0 eno1: Link is down', 44);
      b.say(6, 'tg3 0000:02:00.0 eno1: Link is up at 1000 Mbps, full duplex', 40);
    },
    roots: [{ problem: 'net.flap', subject: 'eno1' }],
  },
  {
    name: 'a container of Podman calls itself unhealthy (one report, Rocky 9)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rocky9', 'pod-2', { cores: 4, memory: 7800, fs: 'xfs', crowd: 10 });
      noPsi(b);
      pods(b, 2);
      contain(
        b,
        {
          name: 'nextcloud',
          id: idOf('nc'),
          image: 'docker.io/library/nextcloud:31',
          status: 'Up 4 days (unhealthy)',
        },
        { name: 'apache2', rss: 200, cpu: 0.05 },
      );
      contain(
        b,
        {
          name: 'nc-db',
          id: idOf('nd'),
          image: 'docker.io/library/mariadb:11',
          status: 'Up 4 days (healthy)',
        },
        { name: 'mariadbd', rss: 300, cpu: 0.05 },
      );
      engine(b, 'podman', 'run/libpod/alive');
      return b;
    },
    roots: [{ problem: 'svc.container_unhealthy', subject: 'nextcloud' }],
  },
  {
    name: 'the clock is two minutes ahead of the time servers (chrony, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma10', 'totp-1', { cores: 2, memory: 3700, fs: 'xfs', crowd: 5 });
      noPsi(b);
      b.serve('chronyd.service', { name: 'chronyd', rss: 4, uid: 990 });
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          'C0A80101,192.168.1.1,3,1773239400.112233445,-121.400112233,-119.900112233,121.4,-11.204,-0.012,0.841,0.012345678,0.001234567,1037.2,Normal\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: 'time.skew', subject: 'totp-1' }],
  },
  {
    name: 'Debian 9 in 2026: nothing but its age (one report)',
    kind: 'fault',
    runs: 1,
    box: () => at('debian9', 'forgotten', { cores: 1, memory: 1900, crowd: 5 }),
    roots: [{ problem: 'sys.eol', subject: ['forgotten', 'Debian'] }],
  },
  {
    name: 'a data filesystem is mounted read-only against fstab, the log has rolled over (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('sles12', 'archiv-2', {
        cores: 2,
        memory: 3700,
        fs: 'btrfs',
        now: '2024-06-06T10:00:00Z',
        crowd: 10,
      });
      b.disks.push({ name: 'vdb', gb: 500 });
      b.mounts.push({
        dev: '/dev/vdb',
        at: '/srv/archiv',
        type: 'ext4',
        options: 'ro,relatime,data=ordered',
        mb: 480_000,
        used: 100_000,
      });
      b.fstab =
        'UUID=0a0a0a0a-1111-2222-3333-444455556666 / btrfs defaults 0 0\n/dev/vdb /srv/archiv ext4 acl,user_xattr 1 2\n';
      return b;
    },
    roots: [{ problem: 'disk.readonly', subject: '/srv/archiv' }],
  },
  {
    name: 'two drives of 63 and 66 degrees (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian12', 'closet', { cores: 2, memory: 3900, disk: 'nvme0n1', crowd: 5 });
      drives(b, ['sda', 'sdb'], { gb: 4000, rotational: true });
      const rows: Parameters<typeof sata>[2] = [
        [5, 'Reallocated_Sector_Ct', 100, 10, 0],
        [197, 'Current_Pending_Sector', 100, 0, 0],
      ];
      b.disk('sda').smartJson = sata('sda', 'ST4000VN008-2DR166', rows, { celsius: 63 });
      b.disk('sdb').smartJson = sata('sdb', 'ST4000VN008-2DR166', rows, { celsius: 66 });
      return b;
    },
    roots: [{ problem: 'smart.temp', subject: ['sda', 'sdb'] }],
  },
  {
    name: 'a RAID 6 whose check found 9216 sectors that disagree (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('devuan', 'hosting-raid', { cores: 4, memory: 7900, disk: 'nvme0n1', crowd: 10 });
      drives(b, ['sda', 'sdb', 'sdc', 'sdd'], { gb: 4000, rotational: true });
      md(b, [
        {
          name: 'md127',
          level: 'raid6',
          members: 'sda1[0] sdb1[1] sdc1[2] sdd1[3]',
          slots: '[4/4] [UUUU]',
          mismatch: 9216,
          states: { sda1: 'in_sync', sdb1: 'in_sync', sdc1: 'in_sync', sdd1: 'in_sync' },
        },
      ]);
      return b;
    },
    roots: [{ problem: 'raid.mismatch', subject: 'md127' }],
  },
  {
    name: 'btrfs has counted read errors of one of its two devices (Fedora, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('fedora43', 'homelab', { cores: 4, memory: 15_900, disk: 'sda', fs: 'btrfs', crowd: 10 });
      drives(b, ['sdb'], { gb: 81 });
      const row = (dev: string, read: number) =>
        `[${dev}].write_io_errs    0\n[${dev}].read_io_errs     ${read}\n[${dev}].flush_io_errs    0\n[${dev}].corruption_errs  0\n[${dev}].generation_errs  0\n`;
      b.programs['btrfs'] = [
        ['device stats /', row('/dev/sda2', 0) + row('/dev/sdb', 214)],
        [
          'filesystem usage -b /',
          'Overall:\n    Device size:\t\t    172000000000\n    Device allocated:\t\t     60000000000\n    Device unallocated:\t\t    112000000000\n    Device missing:\t\t               0\n    Used:\t\t\t     54000000000\n    Free (estimated):\t\t     58000000000\t(min: 58000000000)\n\nData,RAID1: Size:28000000000, Used:26000000000 (92.86%)\n   /dev/sda2\t   28000000000\n   /dev/sdb\t   28000000000\n\nMetadata,RAID1: Size:2000000000, Used:900000000 (45.00%)\n   /dev/sda2\t   2000000000\n   /dev/sdb\t   2000000000\n\n',
        ],
      ];
      return b;
    },
    roots: [{ problem: ['disk.fs_errors', 'disk.errors'], subject: ['/', 'sdb'] }],
  },
  {
    name: 'tasks of ext4 hang for minutes, the kernel names them (Amazon Linux 2)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('amazon2', 'ip-10-1-2-3', {
        cores: 2,
        memory: 7800,
        disk: 'nvme0n1',
        fs: 'xfs',
        now: '2024-08-08T10:00:00Z',
        crowd: 10,
      });
      b.disks.push({ name: 'nvme1n1', gb: 500 });
      b.mounts.push({ dev: '/dev/nvme1n1', at: '/data', type: 'ext4', mb: 480_000, used: 100_000 });
      b.run({
        pid: 8811,
        name: 'mongod',
        exe: '/usr/bin/mongod',
        uid: 990,
        rss: 2000,
        cpu: 0.1,
        threads: 60,
      });
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      Object.assign(b.process('mongod'), { state: 'D', wchan: 'jbd2_log_wait_commit', cpu: 0 });
      Object.assign(b.disk('nvme1n1'), { reads: 0, writes: 0, busy: 1, queue: 9 });
      Object.assign(b, { blocked: 2, iowait: 0.5, load: [3, 2.4, 1.4] });
      b.say(3, 'INFO: task mongod:8811 blocked for more than 120 seconds.', 30);
      b.say(3, '      Not tainted 4.14.355-280.695.amzn2.x86_64 #1', 30);
      b.say(3, '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.', 30);
      b.say(4, 'nvme nvme1: I/O 112 QID 1 timeout, completion polled', 50);
    },
    roots: [
      {
        problem: ['disk.saturated', 'disk.latency', 'disk.errors', 'proc.dstate', 'sys.crash'],
        subject: ['nvme1', 'mongod', 'ip-10-1-2-3'],
      },
    ],
  },
  {
    name: 'a unit was killed for lack of memory; only its result tells (one report, NixOS)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('nixos', 'hydra', { cores: 4, memory: 7900, crowd: 10 });
      b.units.push({
        name: 'hydra-evaluator.service',
        active: 'failed',
        sub: 'failed',
        result: 'oom-kill',
        status: 9,
        code: 2,
        text: 'Hydra evaluator',
        stopped: b.now - 400,
      });
      return b;
    },
    roots: [
      {
        problem: ['svc.unit_failed', 'mem.oom_kill', 'mem.cgroup_oom'],
        subject: ['hydra-evaluator', 'hydra'],
      },
    ],
  },
  {
    name: 'the card drops what it has no room for: FIFO overruns (CentOS 7)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('centos7', 'ids-2', {
        cores: 8,
        memory: 15_000,
        fs: 'xfs',
        net: 'em1',
        now: '2023-06-01T10:00:00Z',
        crowd: 10,
      });
      b.nets.push({ name: 'p4p1', speed: 10_000, rx: 400e6, rxPackets: 500_000, tx: 0, txPackets: 0 });
      mutter(b);
      return b;
    },
    each: (b, run) => void Object.assign(b.net('p4p1'), { rxFifo: run ? 900 : 0, rxDrops: run ? 900 : 0 }),
    roots: [{ problem: ['net.fifo', 'net.drops'], subject: 'p4p1' }],
  },
  {
    name: 'nginx has no connections left, its log says so (one report, openSUSE)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('sles15z', 'cdn-edge', { cores: 4, memory: 7900, fs: 'btrfs', crowd: 10 });
      b.serve('nginx.service', { name: 'nginx', rss: 30, cpu: 0.2, uid: 463 });
      b.files['etc/nginx/nginx.conf'] = 'worker_processes 4;\nevents {\n    worker_connections 512;\n}\n';
      const t = new Date((b.now + 30) * 1000).toISOString();
      b.files['var/log/nginx/error.log'] =
        `${t.slice(0, 10).replace(/-/g, '/')} ${t.slice(11, 19)} [alert] 2201#2201: 512 worker_connections are not enough\n`.repeat(
          4,
        );
      return b;
    },
    roots: [{ problem: 'web.nginx_conns', subject: ['nginx', 'cdn-edge'] }],
  },
];
