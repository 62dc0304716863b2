// Machines that are well: busy, old, odd, full of words that sound worse than they are.
import type { Tree } from '../box.ts';
import { contain, engine, idOf, pods, snaps } from '../abroad/lands.ts';
import { trueNas } from '../abroad/drives.ts';
import { pool, sata } from '../abroad/tools.ts';
import { router } from '../abroad/wires.ts';
import { fence, mysqlSays, postgresSays } from '../elsewhere/parts.ts';
import { redis } from '../abroad/processor.ts';
import { bridges, on, shelves, town, weather, well } from './places.ts';

const dailyReport = { runs: 1 };

export const quiet: Tree[] = [
  well(
    'a Proxmox node with twenty machines, most of its memory given away and old pages in swap',
    () => {
      const b = weather(
        bridges(
          town(
            on('proxmox', 'pve-n3', {
              cores: 32,
              memory: 257_000,
              swap: 8190,
              disk: 'nvme0n1',
              rootDev: '/dev/mapper/pve-root',
              days: 211,
            }),
            160,
          ),
          20,
        ),
      );
      for (let i = 0; i < 20; i++)
        b.run({
          name: 'kvm',
          exe: '/usr/bin/qemu-system-x86_64',
          rss: 9800,
          threads: 14,
          cpu: 0.3 + (i % 5) * 0.1,
          started: 4000 + i * 90,
        });
      b.swapUsed = 7100;
      b.available = 39_000;
      b.load = [9.1, 8.7, 8.8];
      b.running = 8;
      b.psi.cpu = 3;
      return b;
    },
    { runs: 6 },
  ),
  well(
    'a router with OpenWrt 19.07, its image always full',
    () => {
      const b = router('wohnheim');
      b.conntrack = [6100, 16_384];
      b.load = [0.9, 0.7, 0.6];
      b.softirq = 0.06;
      return b;
    },
    { runs: 4, shell: 'busybox ash' },
  ),
  well(
    'a Raspberry Pi with Raspbian in a warm cupboard',
    () => {
      const b = town(
        on('raspios', 'sensorpi', { cores: 4, memory: 924, swap: 100, disk: 'mmcblk0', root: [29, 19] }),
        12,
      );
      b.swapUsed = 88;
      b.available = 410;
      b.files['sys/class/thermal/thermal_zone0/temp'] = '67161\n';
      b.files['sys/class/hwmon/hwmon0/name'] = 'cpu_thermal\n';
      b.files['sys/class/hwmon/hwmon0/temp1_input'] = '67161\n';
      b.files['sys/class/hwmon/hwmon1/name'] = 'rpi_volt\n';
      b.files['sys/class/hwmon/hwmon1/in0_lcrit_alarm'] = '0\n';
      Object.assign(b.disk('mmcblk0'), { writeMs: 22, readMs: 3, busy: 0.06 });
      b.say(4, 'mmc0: Timeout waiting for hardware interrupt.', b.uptime - 8);
      return b;
    },
    { runs: 5 },
  ),
  well(
    'an RHEL 6 machine that has run for nine hundred days',
    () => {
      const b = weather(
        shelves(
          town(on('rhel6', 'hist1', { cores: 4, memory: 7900, swap: 8000, disk: 'sda', days: 903 }), 160),
          9,
          'ext4',
        ),
      );
      b.swapUsed = 2100;
      b.load = [1.1, 1.2, 1.1];
      b.run({ name: 'oracle', exe: '/u01/app/oracle/bin/oracle', uid: 501, rss: 3300, cpu: 0.4 });
      return b;
    },
    { runs: 5 },
  ),
  well(
    'a build server on Fedora-like RHEL 10 in the middle of its work',
    () => {
      const b = town(
        on('rhel10', 'jenkins-a4', { cores: 16, memory: 64_000, disk: 'nvme0n1', fs: 'xfs' }),
        70,
      );
      b.run({
        name: 'java',
        exe: '/usr/lib/jvm/java-21/bin/java',
        uid: 990,
        rss: 2100,
        threads: 90,
        cpu: 0.3,
      });
      for (let i = 0; i < 11; i++)
        b.run({
          name: 'cc1plus',
          exe: '/usr/libexec/gcc/cc1plus',
          uid: 990,
          rss: 480,
          cpu: 0.97,
          state: 'R',
          started: b.uptime - 8,
        });
      b.forks = 41;
      b.running = 12;
      b.load = [11.4, 10.9, 9.7];
      b.contextSwitches = 14_000;
      return b;
    },
    {
      runs: 8,
      each(b, run) {
        for (const p of b.processes.filter((q) => q.name === 'cc1plus')) {
          p.pid += run * 50;
          p.started = b.uptime + 30;
          p.ticks = 900;
        }
      },
    },
  ),
  well(
    'PostgreSQL on POWER with huge pages that it uses',
    () => {
      const b = town(on('rhel8power', 'p10-pg', { cores: 24, memory: 128_000, disk: 'sda', fs: 'xfs' }), 120);
      b.hugePages = [40_000, 1100];
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 2100,
        cpu: 3,
      });
      postgresSays(b, { states: 'active|11|00:00:00.4\nidle|38|\n' });
      b.available = 22_000;
      return b;
    },
    { runs: 5 },
  ),
  well(
    'a store of eight terabytes at ninety-one per cent, with room for weeks',
    () => {
      const b = shelves(town(on('debian10', 'vault', { cores: 4, memory: 7900, disk: 'sda' }), 40), 3);
      b.mounts.push({ dev: '/dev/sdb1', at: '/archive', type: 'xfs', mb: 7_630_000, used: 6_940_000 });
      b.disks.push({
        name: 'sdb',
        gb: 8000,
        model: 'ST8000AS0002-1NA',
        rotational: true,
        parts: [['sdb1', 8000]],
      });
      b.disk('sdb').smartJson = sata(
        'sdb',
        'ST8000AS0002-1NA17Z',
        [
          [1, 'Raw_Read_Error_Rate', 118, 6, 190_112_344],
          [5, 'Reallocated_Sector_Ct', 100, 10, 0],
          [7, 'Seek_Error_Rate', 88, 30, 812_334_019],
          [9, 'Power_On_Hours', 77, 0, 20_811],
          [187, 'Reported_Uncorrect', 100, 0, 0],
          [188, 'Command_Timeout', 100, 0, 0],
          [194, 'Temperature_Celsius', 38, 0, 38],
          [195, 'Hardware_ECC_Recovered', 118, 0, 190_112_344],
          [197, 'Current_Pending_Sector', 100, 0, 0],
          [198, 'Offline_Uncorrectable', 100, 0, 0],
          [199, 'UDMA_CRC_Error_Count', 200, 0, 2],
        ],
        { hours: 20_811 },
      );
      return b;
    },
    {
      runs: 6,
      every: 3600,
      each(b, run) {
        b.mount('/archive').used = 6_940_000 + run * 120;
      },
    },
  ),
  well(
    'a mail server with some letters that wait, as always',
    () => {
      const b = town(on('debian11', 'mx1', { cores: 2, memory: 3900, disk: 'vda' }), 40);
      b.serve('postfix@-.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 5 });
      b.listeners.push({ at: '0.0.0.0:25', process: 'master', backlog: 100 });
      fence(b, '22, 25, 465, 993');
      for (let i = 0; i < 34; i++)
        b.files[`var/spool/postfix/deferred/${(i % 16).toString(16)}/9A${i + 100}`] = 'x';
      return b;
    },
    { runs: 4, every: 600 },
  ),
  well(
    'thirty containers of Docker 27 on Ubuntu 24.04, jobs among them that have ended',
    () => {
      const b = town(on('ubuntu2404', 'swarm-2', { cores: 8, memory: 31_700, disk: 'nvme0n1' }), 60);
      b.serve('docker.service', { name: 'dockerd', exe: '/usr/bin/dockerd', rss: 140, cpu: 0.08 });
      snaps(b, ['core22/1981', 'lxd/33110', 'snapd/24671']);
      for (let i = 0; i < 24; i++)
        contain(
          b,
          {
            name: `app-${i}`,
            id: idOf(`app${i}`),
            image: `app:${i}`,
            status: `Up ${2 + i} days${i % 2 ? ' (healthy)' : ''}`,
            restarts: i === 7 ? 2 : 0,
          },
          { name: `app${i}`, rss: 90, cpu: 0.03, uid: 1000 },
        );
      for (let i = 0; i < 4; i++)
        contain(b, {
          name: `migrate-${i}`,
          id: idOf(`mig${i}`),
          image: 'migrate:1',
          status: `Exited (0) ${3 + i} days ago`,
        });
      contain(b, { name: 'tools', id: idOf('tools'), image: 'debian:12', status: 'Created' });
      pods(b, 24);
      engine(b);
      return b;
    },
    { runs: 4 },
  ),
  well(
    'SLES 12 with four paths to each disk of its storage',
    () => {
      const b = shelves(
        town(on('sles12', 'hana-1', { cores: 48, memory: 1_031_000, disk: 'sda', fs: 'btrfs' }), 200),
        8,
      );
      for (let i = 1; i < 25; i++)
        b.disks.push({
          name: `sd${String.fromCharCode(97 + i)}`,
          gb: 1000,
          model: 'FlashArray',
          reads: 20,
          writes: 12,
        });
      for (let i = 0; i < 6; i++)
        b.disks.push({
          name: `dm-${i}`,
          gb: 1000,
          dm: `3624a9370c1a2b3c4d5e6f70${i}`,
          on: `sd${String.fromCharCode(98 + i * 4)}`,
        });
      b.run({
        name: 'hdbindexserver',
        exe: '/usr/sap/HDB00/exe/hdbindexserver',
        uid: 1001,
        rss: 811_000,
        threads: 700,
        cpu: 6,
      });
      b.programs['dmsetup'] = [
        [
          'status',
          Array.from({ length: 6 }, (_, i) => {
            const path = (j: number) => `8:${16 * (1 + i * 4 + j)} A 0`;
            return `3624a9370c1a2b3c4d5e6f70${i}: 0 1953125000 multipath 2 0 0 0 1 1 A 0 4 0 ${path(0)} ${path(1)} ${path(2)} ${path(3)} \n`;
          }).join(''),
        ],
      ];
      b.available = 160_000;
      return b;
    },
    dailyReport,
  ),
  well(
    'a small Alpine machine of an older day, without PSI',
    () => {
      const b = town(on('alpine312', 'proxy-alt', { cores: 1, memory: 490, swap: 0, root: [4, 1.6] }), 9);
      b.run({ name: 'lighttpd', exe: '/usr/sbin/lighttpd', uid: 100, rss: 6, cpu: 0.01 });
      b.available = 290;
      for (const kind of ['cpu', 'memory', 'io']) b.files[`proc/pressure/${kind}`] = undefined;
      return b;
    },
    { runs: 4, shell: 'busybox ash' },
  ),
  well(
    'a guest with Ubuntu 20.04 on a mainframe that lends three per cent of its time',
    () => {
      const b = town(on('ubuntu2004z', 'zlin3', { cores: 2, memory: 8040, swap: 2000, disk: 'dasda' }), 70);
      b.steal = 0.03;
      b.user = 0.3;
      b.load = [0.9, 0.8, 0.7];
      return b;
    },
    { runs: 6 },
  ),
  well(
    'a backup of the night on an arm64 server, on a disk of its own',
    () => {
      const b = town(
        on('ubuntu2204arm', 'backup-7', { cores: 8, memory: 31_000, disk: 'nvme0n1', time: '02:10:05' }),
        50,
      );
      b.mounts.push({ dev: '/dev/sda1', at: '/srv/backup', type: 'ext4', mb: 7_300_000, used: 4_700_000 });
      b.disks.push({ name: 'sda', gb: 8000, rotational: true, parts: [['sda1', 8000]] });
      b.run({
        name: 'borg',
        exe: '/usr/bin/python3.10',
        rss: 600,
        cpu: 0.9,
        started: b.uptime - 500,
        write: 40_000_000,
        read: 60_000_000,
      });
      Object.assign(b.disk('sda'), { writes: 90, writeKb: 440, writeMs: 9, busy: 0.44, queue: 1 });
      Object.assign(b.disk('nvme0n1'), { reads: 600, readKb: 100, readMs: 0.2, busy: 0.1 });
      return b;
    },
    { runs: 6 },
  ),
  well(
    'a web server on Debian 12 with all of it, and a few who guess passwords',
    () => {
      const b = weather(
        town(on('debian12', 'blog', { cores: 2, memory: 3900, swap: 1020, disk: 'vda' }), 60),
      );
      b.serve('nginx.service', { name: 'nginx', uid: 33, rss: 20, cpu: 0.02 });
      b.serve('php8.2-fpm.service', { name: 'php-fpm8.2', uid: 33, rss: 300, cpu: 0.06 });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/sbin/mariadbd',
        uid: 106,
        rss: 600,
        threads: 14,
        cpu: 0.03,
        limit: 32_768,
      });
      b.serve('redis-server.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-check-rdb',
        uid: 107,
        rss: 60,
        threads: 5,
      });
      fence(b, '22, 80, 443');
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['run/redis/redis-server.sock'] = '';
      mysqlSays(b, {}, { innodb_buffer_pool_size: 536_870_912, version: '10.11.6-MariaDB-0+deb12u1' });
      b.programs['redis-cli'] = [
        ['info all', redis(60, 268_435_456, 'redis_version:7.0.15', { maxmemory_policy: 'allkeys-lru' })],
      ];
      b.listeners.push(
        { at: '127.0.0.1:3306', process: 'mariadbd', backlog: 80 },
        { at: '127.0.0.1:6379', process: 'redis-server', backlog: 511 },
        { at: '0.0.0.0:443', process: 'nginx', backlog: 511 },
      );
      b.files['var/log/nginx/error.log'] =
        '2024/02/28 09:12:01 [error] 911#911: *1 open() "/var/www/html/favicon.ico" failed (2: No such file or directory), client: 198.51.100.7, server: blog.example, request: "GET /favicon.ico HTTP/1.1", host: "blog.example"\n2024/02/28 10:01:44 [warn] 911#911: *88 an upstream response is buffered to a temporary file /var/lib/nginx/fastcgi/3/01/0000000013 while reading upstream\n';
      b.programs['lastb'] = [
        [
          '-i -F -n 400',
          Array.from(
            { length: 14 },
            (_, i) =>
              `admin    ssh:notty    203.0.113.${20 + i}    Wed Feb 28 0${i % 9}:11:0${i % 10} 2024 - Wed Feb 28 0${i % 9}:11:0${i % 10} 2024  (00:00)\n`,
          ).join(''),
        ],
      ];
      return b;
    },
    { runs: 5 },
  ),
  well(
    'a TrueNAS whose pool is three quarters full and has just been scrubbed',
    () => {
      const b = town(trueNas('nas-buero'), 50);
      b.programs['zpool'] = pool(
        'tank',
        'ONLINE',
        [
          ['sdb2', 'ONLINE', 0, 0, 0],
          ['sdc2', 'ONLINE', 0, 0, 0],
          ['sdd2', 'ONLINE', 0, 0, 0],
        ],
        {
          full: 74,
          scan: 'scrub in progress since Sun Mar  8 00:00:14 2026\n\t9.11T scanned at 0B/s, 7.02T issued at 412M/s, 16.1T total\n\t0B repaired, 43.60% done, 06:31:02 to go',
        },
      );
      return b;
    },
    { runs: 3, every: 600 },
  ),
  well(
    'a board with riscv64 and Debian 13 that does next to nothing',
    () => {
      const b = weather(
        town(
          on('debian13riscv', 'visionfive', { cores: 4, memory: 7900, disk: 'mmcblk1', root: [58, 11] }),
          15,
        ),
      );
      b.say(3, 'starfive-i2s 120b0000.i2s: failed to register dai', b.uptime - 12);
      b.say(4, 'dwmmc_starfive 16020000.mmc: Unexpected interrupt latency', b.uptime - 14);
      return b;
    },
    dailyReport,
  ),
];
