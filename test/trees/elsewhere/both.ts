// Two troubles at once that have nothing to do with each other, written before the product saw them.
import type { Tree } from '../box.ts';
import { at, contain, engine, idOf, snaps } from '../abroad/lands.ts';
import { failed } from '../abroad/offices.ts';
import { pool, sata } from '../abroad/tools.ts';
import { drives, md, mutter, mysqlSays, noPsi } from './parts.ts';

export const both: Tree[] = [
  {
    name: 'two at once: an array without a member, and /var full (Debian 12, one report)',
    kind: 'double',
    runs: 1,
    box: () => {
      const b = at('debian12', 'backup-9', { cores: 4, memory: 7900, disk: 'nvme0n1', crowd: 20 });
      drives(b, ['sda', 'sdb', 'sdc'], { gb: 4000, rotational: true });
      b.mounts.push(
        { dev: '/dev/nvme0n1p3', at: '/var', type: 'ext4', mb: 30_000, used: 28_490 },
        { dev: '/dev/md0', at: '/srv', type: 'ext4', mb: 7_600_000, used: 4_000_000 },
      );
      md(b, [
        {
          name: 'md0',
          level: 'raid5',
          members: 'sda1[0] sdc1[3]',
          slots: '[3/2] [U_U]',
          degraded: 1,
          blocks: 7_813_771_264,
          states: { sda1: 'in_sync', sdc1: 'in_sync' },
        },
      ]);
      return b;
    },
    roots: [
      { problem: 'raid.degraded', subject: 'md0' },
      { problem: 'disk.full', subject: '/var' },
    ],
  },
  {
    name: 'two at once: exim does not start, and the card counts errors (Debian 11)',
    kind: 'double',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('debian11', 'smtp-in', { cores: 2, memory: 3900, net: 'enp1s0', crowd: 10 });
      failed(b, 'exim4.service', 'LSB: exim Mail Transport Agent', 40_000);
      return b;
    },
    each: (b, run) => {
      Object.assign(b.net('enp1s0'), { rxPackets: 4000, rx: 3e6, rxErrors: run ? 180 : 0 });
    },
    roots: [
      { problem: 'svc.unit_failed', subject: 'exim4' },
      { problem: 'net.errors', subject: 'enp1s0' },
    ],
  },
  {
    name: 'two at once: a container at its limit, and a certificate that has ended (Ubuntu 24.04)',
    kind: 'double',
    runs: 5,
    onset: 1,
    box: () => {
      const b = at('ubuntu2404', 'saas-3', { cores: 8, memory: 31_000, crowd: 30 });
      b.serve('docker.service', { name: 'dockerd', rss: 100, threads: 30 });
      b.serve('nginx.service', { name: 'nginx', rss: 14, cpu: 0.05 });
      contain(
        b,
        { name: 'pdf', id: idOf('pdf'), image: 'gotenberg:8', status: 'Up 3 minutes' },
        { name: 'chromium', rss: 480, cpu: 0.3, uid: 1001 },
        { memoryMax: 512 },
      );
      b.files['etc/nginx/sites-enabled/app'] =
        'server {\n  listen 443 ssl;\n  server_name app.example.net;\n  ssl_certificate /etc/ssl/app.pem;\n  ssl_certificate_key /etc/ssl/private/app.key;\n}\n';
      b.files['etc/ssl/app.pem'] = '-----BEGIN CERTIFICATE-----\n';
      b.programs['openssl'] = [
        [
          'x509 *',
          'subject=CN = app.example.net\nissuer=C = US, O = DigiCert Inc, CN = DigiCert TLS RSA SHA256 2020 CA1\nnotBefore=Mar  1 00:00:00 2025 GMT\nnotAfter=Mar  9 23:59:59 2026 GMT\nserial=0A\n        Signature Algorithm: sha256WithRSAEncryption\n                Public-Key: (2048 bit)\n                DNS:app.example.net\n',
        ],
      ];
      return b;
    },
    each: (b, run) => {
      engine(b);
      if (!run) return;
      const id = idOf('pdf');
      b.unit(`docker-${id}.scope`).oomKills = run;
      b.oomKills = run;
      b.say(
        6,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-${id}.scope,mems_allowed=0,oom_memcg=/system.slice/docker-${id}.scope,task_memcg=/system.slice/docker-${id}.scope,task=chromium,pid=44012,uid=1001`,
        30,
      );
      b.say(
        3,
        'Memory cgroup out of memory: Killed process 44012 (chromium) total-vm:1812112kB, anon-rss:448112kB, file-rss:0kB, shmem-rss:0kB, UID:1001 pgtables:812kB oom_score_adj:300',
        30,
      );
    },
    roots: [
      { problem: ['mem.cgroup_oom', 'mem.oom_kill'], subject: ['pdf', 'chromium', 'docker'] },
      { problem: 'tls.expiring', subject: ['app.example.net', '/etc/ssl/app.pem'] },
    ],
  },
  {
    name: 'two at once: the replica has stopped, and the clock is not set (AlmaLinux 8, one report)',
    kind: 'double',
    runs: 1,
    box: () => {
      const b = at('alma8', 'db-b', { cores: 4, memory: 15_700, fs: 'xfs', crowd: 20 });
      noPsi(b);
      b.serve('mysqld.service', {
        name: 'mysqld',
        exe: '/usr/libexec/mysqld',
        uid: 27,
        rss: 6000,
        cpu: 0.1,
        threads: 40,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      mysqlSays(
        b,
        {},
        { innodb_buffer_pool_size: 6_442_450_944, version: '8.0.41' },
        '*************************** 1. row ***************************\n             Replica_IO_State: \n           Replica_IO_Running: No\n          Replica_SQL_Running: Yes\n                   Last_Errno: 0\n        Seconds_Behind_Source: NULL\n                Last_IO_Errno: 13114\n               Last_SQL_Errno: 0\n',
      );
      b.programs['timedatectl'] = [
        [
          'show',
          'Timezone=UTC\nLocalRTC=no\nCanNTP=no\nNTP=no\nNTPSynchronized=no\nTimeUSec=Wed 2026-03-11 14:31:12 UTC\nRTCTimeUSec=Wed 2026-03-11 14:31:01 UTC\n',
        ],
      ];
      return b;
    },
    roots: [
      { problem: 'db.mysql_repl_broken', subject: ['mysql', 'mysqld'] },
      { problem: 'time.unsync', subject: 'db-b' },
    ],
  },
  {
    name: 'two at once: a job spins, and a pool has lost a disk (TrueNAS-like Debian with ZFS)',
    kind: 'double',
    runs: 8,
    onset: 2,
    box: () => {
      const b = at('truenas', 'nas-z', { cores: 4, memory: 31_000, disk: 'sda', crowd: 40 });
      drives(b, ['sdb', 'sdc', 'sdd', 'sde'], { gb: 8000, rotational: true });
      b.files['proc/spl/kstat/zfs/arcstats'] =
        '13 1 0x01 147 39984 6021447361 2601144120337151\nname                            type data\nc_min                           4    1054040608\nsize                            4    9201120448\n';
      b.programs['zpool'] = pool(
        'tank',
        'DEGRADED',
        [
          ['sdb', 'ONLINE', 0, 0, 0],
          ['sdc', 'ONLINE', 0, 0, 0],
          ['sdd', 'REMOVED', 0, 0, 0],
          ['sde', 'ONLINE', 0, 0, 0],
        ],
        {
          status:
            'status: One or more devices have been removed.\naction: Online the device using zpool online.\n',
        },
      );
      b.run({ pid: 30_411, name: 'rclone', exe: '/usr/bin/rclone', rss: 90, cpu: 0.01, threads: 12 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      Object.assign(b.process('rclone'), { cpu: 3.7, state: 'R' });
      Object.assign(b, { load: [4.4, 4, 3], running: 6 });
      b.psi.cpu = 41;
    },
    roots: [
      { problem: 'disk.zfs_degraded', subject: 'tank' },
      { problem: ['proc.runaway', 'cpu.saturated'], subject: ['rclone', 'nas-z'] },
    ],
  },
  {
    name: 'two at once: no inodes in /home, and a fan that stands still (Rocky 8, one report)',
    kind: 'double',
    runs: 1,
    box: () => {
      const b = at('rocky8', 'lab-7', { cores: 8, memory: 31_000, disk: 'sda', fs: 'xfs', crowd: 30 });
      noPsi(b);
      b.mounts.push({
        dev: '/dev/mapper/rl-home',
        at: '/home',
        type: 'ext4',
        mb: 200_000,
        used: 60_000,
        inodes: 13_000_000,
        inodesUsed: 12_999_100,
      });
      b.disks.push({ name: 'dm-2', gb: 210, dm: 'rl-home', on: 'sda' });
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [
        [
          'sdr elist',
          `CPU Temp         | 01h | ok  |  3.1 | 51 degrees C
FAN1             | 41h | ok  | 29.1 | 4800 RPM
FAN2             | 42h | nr  | 29.2 | 0 RPM
FAN3             | 43h | ok  | 29.3 | 4700 RPM
FAN4             | 44h | ns  | 29.4 | No Reading
12V              | 30h | ok  |  7.17 | 12.12 Volts
PS1 Status       | c8h | ok  | 10.1 | Presence detected
`,
        ],
      ];
      return b;
    },
    roots: [
      { problem: 'disk.inodes_full', subject: '/home' },
      { problem: 'hw.fan', subject: ['FAN2', 'ipmi FAN2'] },
    ],
  },
  {
    name: 'two at once: connections are tracked no more, and a worker leaks (Ubuntu 22.04)',
    kind: 'double',
    runs: 14,
    every: 1800,
    onset: 1,
    box: () => {
      const b = at('ubuntu2204', 'gateway-8', { cores: 4, memory: 15_900, crowd: 20 });
      snaps(b, ['core20/2599', 'lxd/31333']);
      mutter(b);
      b.conntrack = [9000, 262_144];
      b.serve('ingestd.service', {
        name: 'ingestd',
        exe: '/opt/ingest/ingestd',
        uid: 1001,
        rss: 900,
        cpu: 0.2,
        threads: 12,
      });
      return b;
    },
    each: (b, run) => {
      b.process('ingestd').rss = 900 + run * 880;
      if (run < 10) return;
      b.conntrack = [262_140, 262_144];
      b.say(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 20);
    },
    roots: [
      { problem: 'net.conntrack', subject: 'gateway-8' },
      { problem: ['mem.leak', 'mem.time_to_exhaust'], subject: 'ingestd' },
    ],
  },
  {
    name: 'two at once: a mount is missing, and a drive has failed its own test (Debian 10, one report)',
    kind: 'double',
    atFirst: 'the case was wrong',
    runs: 1,
    box: () => {
      const b = at('debian10', 'foto', {
        cores: 2,
        memory: 3900,
        disk: 'sda',
        now: '2024-02-02T10:00:00Z',
        crowd: 10,
      });
      b.fstab =
        '/dev/sda2 / ext4 errors=remount-ro 0 1\nUUID=5d5d5d5d-0000-1111-2222-333344445555 /srv/foto ext4 defaults 0 2\nproc /proc proc defaults 0 0\n';
      b.disk('sda').smartJson = sata(
        'sda',
        'WDC WD10EZEX-08WN4A0',
        [
          [1, 'Raw_Read_Error_Rate', 1, 51, 90_112],
          [5, 'Reallocated_Sector_Ct', 200, 140, 0],
          [197, 'Current_Pending_Sector', 200, 0, 0],
          [198, 'Offline_Uncorrectable', 200, 0, 0],
        ],
        { passed: false },
      );
      return b;
    },
    roots: [
      { problem: 'disk.mount_missing', subject: '/srv/foto' },
      { problem: 'smart.failed', subject: 'sda' },
    ],
  },
];
