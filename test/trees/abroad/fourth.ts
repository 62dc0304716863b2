// Long chains and troubles beside noise, written before the product saw them.
import { installed, type Box, type Tree } from '../box.ts';
import { at, contain, engine, idOf, pods } from './lands.ts';
import { mysql } from './offices.ts';
import { mdstat } from './tools.ts';

const clock = (b: Box) => new Date((b.now + 20) * 1000).toISOString();
const nginxTime = (b: Box) => `${clock(b).slice(0, 10).replace(/-/g, '/')} ${clock(b).slice(11, 19)}`;

const database = (b: Box, run: number, more: Record<string, number> = {}, limit = 151) => {
  b.programs['mysql'] = [
    [
      '-fBe*',
      mysql(
        {
          Innodb_row_lock_current_waits: 0,
          Innodb_row_lock_waits: 4,
          Max_used_connections: 40,
          Questions: 9e6 + run * 5000,
          Slow_queries: 12,
          Threads_connected: 20,
          Threads_running: 2,
          Uptime: 900_000 + run * 60,
          ...more,
        },
        {
          innodb_buffer_pool_size: 1_073_741_824,
          max_connections: limit,
          version: '10.11.13-MariaDB',
          datadir: '/var/lib/mysql/',
        },
      ),
    ],
  ];
};

export const fourth: Tree[] = [
  {
    name: 'a rebuild of the array at full speed slows MariaDB, PHP and nginx',
    kind: 'fault',
    onset: 2,
    runs: 10,
    box: () => {
      const b = at('debian11', 'shop-metal', {
        cores: 8,
        memory: 31_000,
        disk: 'sda',
        now: '2026-03-03T09:00:00Z',
        crowd: 60,
      });
      for (const name of ['sdb', 'sdc', 'sdd'])
        b.disks.push({
          name,
          gb: 4000,
          rotational: true,
          parts: [[`${name}1`, 3990]],
          reads: 20,
          readMs: 7,
          writes: 30,
          writeMs: 8,
          busy: 0.2,
        });
      b.disks.push({ name: 'md0', gb: 8000, reads: 40, writes: 60, readMs: 7, writeMs: 8, busy: 0.3 });
      b.mounts.push({
        dev: '/dev/md0',
        at: '/var/lib/mysql',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 7_600_000,
        used: 900_000,
      });
      b.serve('nginx.service', { name: 'nginx', rss: 20, cpu: 0.1 });
      b.serve('php7.4-fpm.service', { name: 'php-fpm7.4', rss: 40 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        rss: 1500,
        cpu: 0.3,
        threads: 40,
        uid: 106,
        limit: 32_768,
        read: 2e6,
        write: 1e6,
      });
      for (let i = 0; i < 12; i++)
        b.run({
          pid: 9000 + i,
          ppid: b.process('php-fpm7.4').pid,
          name: 'php-fpm7.4',
          exe: '/usr/sbin/php-fpm7.4',
          uid: 33,
          rss: 38,
          cpu: 0.02,
          unit: 'php7.4-fpm.service',
        });
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['var/log/php7.4-fpm.log'] = '';
      b.files['var/log/nginx/error.log'] = '';
      b.files['sys/block/md0/md/degraded'] = '1\n';
      return b;
    },
    each: (b, run) => {
      const on = run >= 2;
      b.files['proc/mdstat'] = mdstat([
        [
          'md0',
          'raid5',
          `sdd1[4]${on ? '' : '(S)'} sdc1[2] sdb1[0]`,
          7_813_772_288,
          '[3/2] [U_U]',
          on
            ? `[=>...................]  recovery =  ${(5 + run / 2).toFixed(1)}% (${200_000_000 + run * 9_000_000}/3906886144) finish=312.1min speed=171002K/sec`
            : undefined,
        ],
      ]);
      b.files['sys/block/md0/md/sync_action'] = on ? 'recover\n' : 'idle\n';
      b.second['slow'] = (b.second['slow'] ?? 12) + (on ? 700 : 0);
      database(b, run, {
        Slow_queries: b.second['slow'],
        Threads_running: on ? 22 : 2,
        Threads_connected: on ? 34 : 20,
      });
      if (!on) return;
      for (const name of ['sdb', 'sdc'])
        Object.assign(b.disk(name), {
          reads: 1380,
          readKb: 128,
          readMs: 11,
          writes: 20,
          writeMs: 70,
          busy: 0.99,
          queue: 14,
        });
      Object.assign(b.disk('sdd'), { writes: 1380, writeKb: 128, writeMs: 9, busy: 0.97, queue: 10 });
      Object.assign(b.disk('md0'), { reads: 40, writes: 50, readMs: 160, writeMs: 190, busy: 1, queue: 12 });
      b.iowait = 0.22;
      b.blocked = 6;
      b.psi.io = 61;
      b.psi.ioFull = 44;
      b.load = [9, 7, 4];
      b.files['var/log/php7.4-fpm.log'] +=
        `[03-Mar-2026 ${clock(b).slice(11, 19)}] WARNING: [pool www] server reached pm.max_children setting (12), consider raising it\n`;
      for (let i = 0; i < 5; i++)
        b.files['var/log/nginx/error.log'] +=
          `${nginxTime(b)} [error] 812#812: *${run * 10 + i} upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.${i}, server: shop.example\n`;
    },
    roots: [{ problem: ['raid.resync', 'raid.degraded', 'raid.disk_failed'], subject: 'md0' }],
    chain: [
      'raid.resync>disk.saturated',
      'db.mysql_slow>web.phpfpm_children',
      'web.phpfpm_children>svc.upstream_timeout',
      'raid.resync>db.mysql_slow',
    ],
  },
  {
    name: 'the swap of a leaking worker slows the database (beside a rotation of logs)',
    kind: 'confounded',
    onset: 2,
    runs: 12,
    box: () => {
      const b = at('rhel9', 'suite', {
        cores: 4,
        memory: 7800,
        swap: 4096,
        disk: 'sda',
        fs: 'xfs',
        crowd: 20,
      });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/libexec/mariadbd',
        rss: 1300,
        cpu: 0.2,
        threads: 40,
        uid: 27,
      });
      b.serve('sidekiq.service', {
        name: 'ruby',
        exe: '/usr/bin/ruby',
        rss: 900,
        cpu: 0.3,
        threads: 20,
        uid: 1001,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      return b;
    },
    each: (b, run) => {
      const mb = [900, 920, 1800, 2900, 3900, 4700, 5200, 5400, 5500, 5500, 5500, 5500][run]!;
      b.process('ruby').rss = mb;
      b.process('ruby').swap = Math.max(0, run - 5) * 330;
      b.process('mariadbd').swap = Math.max(0, run - 6) * 60;
      b.available = Math.max(120, 7800 - mb - 1300 - 600);
      b.swapUsed = b.process('ruby').swap! + b.process('mariadbd').swap!;
      if (run === 4)
        b.run({
          pid: 44_000,
          name: 'logrotate',
          exe: '/usr/sbin/logrotate',
          cpu: 0.3,
          rss: 5,
          started: b.uptime,
        });
      if (run === 5) b.processes = b.processes.filter((p) => p.name !== 'logrotate');
      b.second['slow'] = (b.second['slow'] ?? 12) + (run > 6 ? 800 : 0);
      database(b, run, { Slow_queries: b.second['slow'], Threads_running: run > 6 ? 14 : 2 });
      if (run < 6) return;
      Object.assign(b, {
        swapIn: 1900,
        swapOut: 2100,
        majorFaults: 800,
        directScan: 5000,
        iowait: 0.2,
        blocked: 4,
      });
      b.psi.memory = 48;
      b.psi.memoryFull = 31;
      b.psi.io = 55;
      b.psi.ioFull = 40;
      b.load = [9.1, 6, 3];
      Object.assign(b.disk('sda'), {
        reads: 1900,
        writes: 400,
        readKb: 4,
        writeKb: 22,
        readMs: 8,
        writeMs: 20,
        busy: 0.99,
        queue: 11,
      });
    },
    roots: [{ problem: ['mem.leak', 'mem.low'], subject: ['ruby', 'sidekiq'] }],
    chain: ['mem.low>mem.swap_thrash'],
  },
  {
    name: 'the gateway is gone, and with it NFS, and with that the programs',
    kind: 'fault',
    onset: 2,
    runs: 9,
    rhythm: (run) => (run % 2 ? 'minute' : 'daily'),
    box: () => {
      const b = at('alma8', 'hpc-n11', {
        cores: 32,
        memory: 128_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'eno1',
        crowd: 10,
      });
      b.routes =
        'default via 192.0.2.1 dev eno1 proto dhcp metric 100\n192.0.2.0/24 dev eno1 proto kernel scope link src 192.0.2.10 metric 100\n';
      b.mounts.push({
        dev: '10.77.0.5:/scratch',
        at: '/scratch',
        type: 'nfs4',
        options:
          'rw,relatime,vers=4.1,hard,proto=tcp,timeo=600,retrans=2,clientaddr=192.0.2.10,addr=10.77.0.5',
        mb: 90_000_000,
        used: 41_000_000,
      });
      for (let i = 0; i < 30; i++)
        b.run({ pid: 5000 + i, name: 'solver', exe: '/opt/cfd/solver', uid: 3001, rss: 900, cpu: 0.98 });
      b.running = 31;
      b.load = [30.2, 30.1, 30];
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      for (const p of b.processes)
        if (p.name === 'solver') Object.assign(p, { state: 'D', wchan: 'rpc_wait_bit_killable', cpu: 0 });
      b.running = 1;
      b.blocked = 30;
      b.psi.io = 0;
      b.files['proc/net/arp'] =
        'IP address       HW type     Flags       HW address            Mask     Device\n192.0.2.1        0x1         0x0         00:00:00:00:00:00     *        eno1\n';
      b.neighbours = '192.0.2.1 dev eno1  FAILED\n';
      if (run === 3) b.say(5, 'nfs: server 10.77.0.5 not responding, still trying', 30);
      if (run === 4) b.say(3, 'INFO: task solver:5003 blocked for more than 120 seconds.', 30);
      Object.assign(b.net('eno1'), { rx: 300, tx: 400 });
    },
    roots: [{ problem: 'net.gateway_down', subject: '192.0.2.1' }],
    chain: ['net.gateway_down>disk.nfs_stall', 'disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'a log of debug lines fills /var, PostgreSQL stops, and what needs it fails',
    kind: 'fault',
    onset: 2,
    runs: 10,
    rhythm: (run) => (run % 3 ? 'minute' : 'daily'),
    box: () => {
      const b = at('ubuntu2404', 'erp', { cores: 4, memory: 15_900, disk: 'vda', crowd: 30 });
      b.disks.push({ name: 'vdb', gb: 30 });
      b.mounts.push({
        dev: '/dev/vdb',
        at: '/var',
        type: 'ext4',
        options: 'rw,relatime',
        mb: 30_000,
        used: 21_000,
      });
      b.serve('postgresql@16-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/16/bin/postgres',
        uid: 114,
        rss: 900,
        cpu: 0.1,
      });
      b.serve('odoo.service', {
        name: 'odoo',
        exe: '/usr/bin/python3.12',
        uid: 120,
        rss: 700,
        cpu: 0.3,
        threads: 8,
      });
      b.listeners.push(
        { at: '127.0.0.1:5432', process: 'postgres', pid: b.process('postgres').pid },
        { at: '0.0.0.0:8069', process: 'odoo', pid: b.process('odoo').pid },
      );
      return b;
    },
    each: (b, run) => {
      const used = [21_000, 21_010, 23_000, 24_900, 26_800, 28_100, 28_500, 28_500, 28_500, 28_500][run]!;
      b.mount('/var').used = used;
      const log = 900_000 + Math.max(0, used - 21_000) * 1024;
      b.programs['du'] = [
        ['-xk -d 1 *', `${log}\t/var/log/odoo\n80100\t/var/log/nginx\n${log + 200_000}\t/var/log\n`],
      ];
      if (run >= 2 && run < 7) Object.assign(b.process('odoo'), { write: 33e6, cpu: 0.7 });
      if (run >= 2 && run < 7) Object.assign(b.disk('vdb'), { writes: 270, writeKb: 128, busy: 0.3 });
      if (run === 7) b.fail('postgresql@16-main.service', 'exit-code', 1, 1, 30);
      if (run === 8) b.fail('odoo.service', 'exit-code', 1, 1, 30);
      if (run >= 7) Object.assign(b.disk('vdb'), { writes: 2, writeKb: 8, busy: 0.01 });
    },
    roots: [{ problem: ['disk.full', 'sys.journal_big'], subject: ['/var', '/var/log'] }],
    chain: ['disk.full>svc.unit_failed'],
  },
  {
    name: 'one leg of the bond is gone, the other is full',
    kind: 'fault',
    atFirst: 'wrong edge',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('proxmox', 'pve-d', { cores: 32, memory: 128_000, disk: 'nvme0n1', net: 'bond0' });
      Object.assign(b.net('bond0'), {
        speed: 2000,
        rx: 90e6,
        tx: 150e6,
        txPackets: 100_000,
        rxPackets: 70_000,
      });
      b.nets.push(
        { name: 'eno1', speed: 1000, rx: 45e6, tx: 75e6, txPackets: 50_000, rxPackets: 35_000 },
        { name: 'eno2', speed: 1000, rx: 45e6, tx: 75e6, txPackets: 50_000, rxPackets: 35_000 },
      );
      b.tcp = { InSegs: 60_000, OutSegs: 90_000, RetransSegs: 30, OutRsts: 1 };
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      b.files['proc/net/bonding/bond0'] = `Ethernet Channel Bonding Driver: v6.14.11-3-pve

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer3+4 (1)
MII Status: up
MII Polling Interval (ms): 100

802.3ad info
LACP active: on
LACP rate: slow

Slave Interface: eno1
MII Status: up
Speed: 1000 Mbps
Duplex: full
Link Failure Count: 0
Permanent HW addr: 3c:ec:ef:01:02:03

Slave Interface: eno2
MII Status: ${bad ? 'down' : 'up'}
Speed: ${bad ? 'Unknown' : '1000 Mbps'}
Duplex: ${bad ? 'Unknown' : 'full'}
Link Failure Count: ${bad ? 1 : 0}
Permanent HW addr: 3c:ec:ef:01:02:04
`;
      if (!bad) return;
      Object.assign(b.net('eno2'), {
        state: 'down',
        carrierChanges: 3,
        rx: 0,
        tx: 0,
        rxPackets: 0,
        txPackets: 0,
      });
      Object.assign(b.net('eno1'), { tx: 123e6, rx: 80e6, txPackets: 82_000, rxPackets: 60_000 });
      Object.assign(b.net('bond0'), {
        speed: 1000,
        tx: 123e6,
        rx: 80e6,
        txPackets: 82_000,
        rxPackets: 60_000,
      });
      b.tcp = { InSegs: 60_000, OutSegs: 82_000, RetransSegs: 2900, OutRsts: 1 };
      if (run === 2) b.say(4, 'igb 0000:03:00.1 eno2: igb: eno2 NIC Link is Down', 44);
      if (run === 2) b.say(4, 'bond0: (slave eno2): link status definitely down, disabling slave', 44);
    },
    roots: [{ problem: ['net.link_down', 'net.bond_degraded'], subject: ['eno2', 'bond0'] }],
    chain: ['net.saturated>net.retrans', 'net.link_down>net.saturated'],
  },
  {
    name: 'PHP was upgraded and does not start; nginx has nobody behind it',
    kind: 'fault',
    onset: 2,
    every: 300,
    runs: 6,
    box: () => {
      const b = at('ubuntu2404', 'cms', { cores: 2, memory: 3900 });
      b.serve('nginx.service', { name: 'nginx', rss: 20, cpu: 0.1 });
      b.serve('php8.3-fpm.service', { name: 'php-fpm8.3', rss: 60, cpu: 0.1 });
      b.files['var/log/nginx/error.log'] = '';
      b.files['var/log/dpkg.log'] = '2026-03-01 06:00:00 upgrade tzdata:all 2025b 2026a\n';
      return b;
    },
    each: (b, run) => {
      if (run === 2) {
        const t = clock(b).slice(0, 10);
        for (const p of [
          'libxml2',
          'php8.3-common',
          'php8.3-opcache',
          'php8.3-cli',
          'php8.3-fpm',
          'php8.3-mysql',
          'curl',
          'libcurl4t64',
          'openssl',
          'libssl3t64',
          'vim',
          'tar',
          'gzip',
          'perl',
        ])
          b.files['var/log/dpkg.log'] +=
            `${t} 14:41:0${Math.min(9, p.length % 10)} upgrade ${p}:amd64 1.0-1 1.0-2\n`;
        b.fail('php8.3-fpm.service', 'exit-code', 78, 1, 200);
      }
      if (run < 2) return;
      for (let i = 0; i < 5; i++)
        b.files['var/log/nginx/error.log'] +=
          `${nginxTime(b)} [crit] 812#812: *${run * 10 + i} connect() to unix:/run/php/php8.3-fpm.sock failed (2: No such file or directory) while connecting to upstream, client: 203.0.113.${i}, server: cms.example\n`;
    },
    roots: [{ problem: ['change.package', 'svc.unit_failed'], subject: 'php8.3' }],
    chain: ['change.package>svc.unit_failed'],
  },
  {
    name: 'after the start of the server a volume is missing, and what lies on it does not run (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('alma10', 'git-1', { cores: 4, memory: 15_800, disk: 'vda', fs: 'xfs', days: 0 });
      b.uptime = 5000;
      b.fstab = 'UUID=11 / xfs defaults 0 0\nUUID=9f2c-77 /var/opt/gitlab xfs defaults,nofail 0 0\n';
      b.units.push({
        name: 'gitlab-runsvdir.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 4900,
        text: 'GitLab Runit supervision process',
      });
      return b;
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/var/opt/gitlab' }],
    chain: ['disk.mount_missing>svc.unit_failed'],
  },
  {
    name: 'a backup in the middle of the day takes the disk from MariaDB',
    kind: 'fault',
    atFirst: 'the case was wrong',
    onset: 2,
    runs: 10,
    box: () => {
      const b = at('oracle8', 'pg-lager', {
        cores: 8,
        memory: 31_000,
        disk: 'sda',
        fs: 'xfs',
        crowd: 30,
        now: '2026-03-11T11:00:00Z',
      });
      b.disks[0]!.rotational = true;
      b.serve('mariadb.service', {
        name: 'mariadbd',
        rss: 4000,
        uid: 27,
        threads: 40,
        cpu: 0.5,
        read: 3e6,
        write: 2e6,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      return b;
    },
    each: (b, run) => {
      b.second['slow'] = (b.second['slow'] ?? 12) + (run < 2 ? 0 : 800);
      database(b, run, { Slow_queries: b.second['slow'], Threads_running: run < 2 ? 2 : 17 });
      if (run < 2) return;
      if (run === 2)
        b.run({
          pid: 61_000,
          name: 'duplicity',
          exe: '/usr/bin/python3.6',
          rss: 200,
          cpu: 0.7,
          read: 120e6,
          write: 60e6,
          started: b.uptime,
        });
      Object.assign(b.disk('sda'), {
        reads: 1000,
        readKb: 120,
        readMs: 24,
        writes: 520,
        writeKb: 120,
        writeMs: 61,
        busy: 1,
        queue: 38,
      });
      Object.assign(b.process('mariadbd'), {
        state: 'D',
        wchan: 'io_schedule',
        read: 400_000,
        write: 300_000,
      });
      b.iowait = 0.34;
      b.blocked = 7;
      b.load = [10, 8, 5];
    },
    roots: [{ problem: 'job.backup_running', subject: 'duplicity' }],
    chain: ['job.backup_running>disk.saturated', 'job.backup_running>db.mysql_slow'],
  },
  {
    name: 'a battery of the controller fails, its cache is written through, writes become slow',
    kind: 'fault',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('sles12', 'san-head', {
        cores: 8,
        memory: 64_000,
        disk: 'sda',
        fs: 'btrfs',
        model: 'PERC H730',
      });
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      b.serve('mysql.service', { name: 'mysqld', rss: 9000, cpu: 0.3, threads: 50, uid: 60, write: 9e6 });
      Object.assign(b.disk('sda'), {
        writes: 700,
        writeKb: 16,
        writeMs: 0.6,
        busy: 0.2,
        reads: 30,
        readMs: 3,
      });
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      b.programs['perccli64'] = [
        [
          '/call show all',
          `CLI Version = 007.1020.0000.0000 May 20, 2019
Operating system = Linux 4.12.14-122.272-default
Controller = 0
Status = Success
Description = None


Basics :
======
Controller = 0
Model = PERC H730 Mini
Serial Number = 5B1234

Status :
======
Controller Status = ${bad ? 'Needs Attention' : 'Optimal'}

Virtual Drives = 1

VD LIST :
=======

--------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC      Size Name 
--------------------------------------------------------------
0/0   RAID10 Optl  RW     Yes     R${bad ? 'WT' : 'WB'}D  -   OFF  2.181 TB data 
--------------------------------------------------------------

BBU_Info :
========

----------------------------------------------
Model State   RetentionTime Temp Mode MfgDate    
----------------------------------------------
BBU   ${bad ? 'Failed ' : 'Optimal'} 0 hour(s)     29C  -    0/00/00 
----------------------------------------------
`,
        ],
      ];
      if (!bad) return;
      Object.assign(b.disk('sda'), { writes: 240, writeMs: 160, busy: 1, queue: 34 });
      b.process('mysqld').state = 'D';
      b.process('mysqld').wchan = 'btrfs_sync_log';
      b.iowait = 0.25;
      b.blocked = 5;
      b.load = [7, 5, 3];
    },
    roots: [{ problem: 'raid.bbu', subject: ['storcli', 'perccli', '/c0', 'c0', '0', 'PERC'] }],
    chain: ['raid.bbu>disk.latency'],
  },
  {
    name: 'two at once, one loud: a miner on all cores hides a disk that fails',
    kind: 'double',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('debian11', 'alt-web', {
        cores: 4,
        memory: 7900,
        disk: 'sda',
        now: '2026-02-02T03:00:00Z',
      });
      b.disks.push({ name: 'sdb', gb: 1000, rotational: true, parts: [['sdb1', 990]] });
      b.mounts.push({ dev: '/dev/sdb1', at: '/srv', type: 'ext4', mb: 950_000, used: 300_000 });
      b.serve('apache2.service', { name: 'apache2', rss: 40, uid: 33 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2)
        b.run({
          pid: 29_000,
          name: '.x',
          exe: '/dev/shm/.x',
          uid: 33,
          rss: 300,
          cpu: 3.9,
          threads: 5,
          started: b.uptime,
          unit: 'apache2.service',
        });
      b.running = 9;
      b.load = [8, 6, 3];
      b.psi.cpu = 51;
      b.say(
        3,
        'blk_update_request: I/O error, dev sdb, sector 90210 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0',
        30,
      );
      b.disk('sdb').ioerr = 3 + run * 2;
    },
    roots: [
      { problem: 'proc.suspicious', subject: '.x' },
      { problem: 'disk.errors', subject: 'sdb' },
    ],
  },
  {
    name: 'two at once: a unit at its memory limit, and time that runs away',
    kind: 'double',
    onset: 1,
    runs: 8,
    every: 300,
    box: () => {
      const b = at('nixos', 'flocke', { cores: 4, memory: 15_900, disk: 'nvme0n1' });
      b.serve(
        'immich.service',
        { name: 'node', exe: '/nix/store/abc-nodejs-22/bin/node', uid: 990, rss: 500, cpu: 0.2, threads: 12 },
        { memoryMax: 1024 },
      );
      return b;
    },
    each: (b, run) => {
      b.process('node').rss = [500, 800, 980, 1015, 1018, 1019, 1019, 1019][run]!;
      if (run === 4 || run === 6) {
        b.unit('immich.service').oomKills = run / 2 - 1;
        b.unit('immich.service').restarts = run / 2 - 1;
        b.say(
          6,
          'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=immich.service,mems_allowed=0,oom_memcg=/system.slice/immich.service,task_memcg=/system.slice/immich.service,task=node,pid=901,uid=990',
          100,
        );
        b.say(
          3,
          'Memory cgroup out of memory: Killed process 901 (node) total-vm:2900000kB, anon-rss:1020000kB, file-rss:0kB, shmem-rss:0kB, UID:990 pgtables:2400kB oom_score_adj:0',
          100,
        );
        b.oomKills++;
      }
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          `C0A80001,192.168.0.1,3,1773239400.1,${(run * 0.4).toFixed(9)},0.3,0.2,12.1,0.1,0.9,0.03,0.2,64.4,Normal\n`,
        ],
      ];
    },
    roots: [
      { problem: ['mem.cgroup_oom', 'mem.oom_kill'], subject: ['immich', 'node'] },
      { problem: 'time.skew', subject: 'flocke' },
    ],
  },
  {
    name: 'a container that restarts for lack of memory under its limit (Docker, cgroup 2)',
    kind: 'fault',
    onset: 1,
    every: 120,
    runs: 7,
    box: () => {
      const b = at('debian13arm', 'edge-12', { cores: 4, memory: 3900, disk: 'mmcblk0', crowd: 20 });
      pods(b, 3);
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 100, threads: 30 });
      return b;
    },
    each: (b, run) => {
      const kills = Math.max(0, run) * 3;
      const unit = `docker-${idOf('v3')}.scope`;
      if (run === 0)
        contain(
          b,
          { name: 'vision', id: idOf('v3'), image: 'vision:7', status: 'Up 2 days' },
          { name: 'vision', rss: 240, cpu: 0.5 },
          { memoryMax: 256 },
        );
      b.unit(unit).oomKills = kills;
      b.programs['docker'] = [];
      engineWith(b, kills, run > 0);
      if (run < 1) return;
      b.oomKills += 3;
      for (const ago of [100, 60, 20]) {
        b.say(
          6,
          `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${unit},mems_allowed=0,oom_memcg=/system.slice/${unit},task_memcg=/system.slice/${unit},task=vision,pid=${3000 + ago},uid=0`,
          ago,
        );
        b.say(
          3,
          `Memory cgroup out of memory: Killed process ${3000 + ago} (vision) total-vm:900000kB, anon-rss:250000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:900kB oom_score_adj:0`,
          ago,
        );
      }
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['vision'] }],
    chain: ['mem.cgroup_oom>svc.container_loop'],
  },
  {
    name: 'well: a restart of the database for an update, and caches that warm up',
    kind: 'control',
    runs: 9,
    rhythm: installed,
    box: () => {
      const b = at('rhel9', 'db-upd', { cores: 8, memory: 31_000, disk: 'nvme0n1', fs: 'xfs' });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/libexec/mariadbd',
        rss: 9000,
        cpu: 0.2,
        threads: 40,
        uid: 27,
        limit: 32_768,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      return b;
    },
    each: (b, run) => {
      database(b, run, { Uptime: run < 3 ? 900_000 + run * 60 : (run - 2) * 60 });
      if (run === 3) Object.assign(b.process('mariadbd'), { pid: 88_000, rss: 900, started: b.uptime + 20 });
      if (run > 3) b.process('mariadbd').rss = Math.min(8800, 900 + (run - 3) * 2200);
      if (run >= 3) Object.assign(b.disk('nvme0n1'), { reads: 2200, readKb: 16, readMs: 0.3, busy: 0.3 });
    },
    roots: [],
  },
  {
    name: 'well: an import over the night with much to write',
    kind: 'control',
    runs: 8,
    box: () => {
      const b = at('amazon2023', 'etl-1', { cores: 8, memory: 31_000, disk: 'nvme0n1' });
      b.run({
        pid: 7000,
        name: 'clickhouse-serv',
        exe: '/usr/bin/clickhouse',
        uid: 990,
        rss: 9000,
        cpu: 4.5,
        threads: 400,
        write: 190e6,
        read: 60e6,
      });
      Object.assign(b.disk('nvme0n1'), {
        writes: 1500,
        writeKb: 128,
        writeMs: 1.8,
        reads: 500,
        readKb: 128,
        readMs: 0.6,
        busy: 0.7,
        queue: 3,
      });
      b.load = [6.2, 6, 5.9];
      b.running = 6;
      b.psi.io = 4;
      return b;
    },
    roots: [],
  },
];

function engineWith(b: Box, restarts: number, again: boolean): void {
  engine(b);
  const id = idOf('v3');
  b.programs['docker'] = [
    ['ps -a --no-trunc*', `${id}|vision|vision:7|${again ? 'Up 3 seconds' : 'Up 2 days'}\n`],
    ['ps -aq', `${id.slice(0, 12)}\n`],
    [
      'inspect*',
      `${id}|/vision|${restarts}|${again}|${again ? 137 : 0}|${again ? clock(b) : '2026-03-09T06:00:11.123456789Z'}\n`,
    ],
  ];
}
