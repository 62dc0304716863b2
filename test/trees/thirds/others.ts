// The problems of the catalogue that stand after those, with the tools of other versions; most from a single report.
import type { Tree } from '../box.ts';
import { nvme, storcli, supermicro } from '../abroad/tools.ts';
import { fence, mysqlSays, postgresSays, rowsWith, smartText } from '../elsewhere/parts.ts';
import { bridges, fault, is, on, shelves, town, weather, well } from './places.ts';

export const others: Tree[] = [
  fault(
    'a thin pool of LVM on Debian 13 for arm64 is nearly full',
    is('disk.lvm_thin_full', ['vg0-thin', 'vg0/thin', 'thin']),
    () => {
      const b = town(on('debian13arm', 'kvm-arm', { cores: 16, memory: 64_000, disk: 'nvme0n1' }), 50);
      b.disks.push({ name: 'dm-0', gb: 400, dm: 'vg0-thin-tpool', on: 'nvme0n1' });
      b.programs['dmsetup'] = [
        [
          'status',
          `vg0-home: 0 209715200 linear 
vg0-thin: 0 838860800 linear 
vg0-thin-tpool: 0 838860800 thin-pool 77 1288/25600 6291456/6553600 - rw no_discard_passdown queue_if_no_space - 1024 
vg0-thin_tdata: 0 838860800 linear 
vg0-thin_tmeta: 0 204800 linear 
vg0-vm1: 0 209715200 thin 201326592 209715199
vg0-vm2: 0 419430400 thin 400112640 419430399
`,
        ],
      ];
      return b;
    },
  ),
  fault('the metadata of btrfs on SLES 15 has no room left', is('disk.btrfs_alloc', '/srv'), () => {
    const b = town(on('sles15', 'reg-1', { cores: 4, memory: 15_700, disk: 'sda', fs: 'xfs' }), 60);
    b.mounts.push({ dev: '/dev/sdb', at: '/srv', type: 'btrfs', mb: 953_000, used: 901_000 });
    b.disks.push({ name: 'sdb', gb: 1000 });
    const g = 1_073_741_824;
    b.programs['btrfs'] = [
      [
        'device stats /srv',
        ['write_io', 'read_io', 'flush_io', 'corruption', 'generation']
          .map((k) => `[/dev/sdb].${k}_errs    0\n`)
          .join(''),
      ],
      [
        'filesystem usage -b /srv',
        `Overall:
    Device size:\t\t      ${931 * g}
    Device allocated:\t\t      ${931 * g - 1_048_576}
    Device unallocated:\t\t               1048576
    Device missing:\t\t                     0
    Used:\t\t\t      ${890 * g}
    Free (estimated):\t\t       ${31 * g}\t(min: ${31 * g})
    Data ratio:\t\t\t                  1.00
    Metadata ratio:\t\t                  2.00
    Global reserve:\t\t             536870912\t(used: 0)

Data,single: Size:${911 * g}, Used:${880 * g} (96.60%)
   /dev/sdb\t${911 * g}

Metadata,DUP: Size:${10 * g}, Used:${Math.round(9.86 * g)} (98.60%)
   /dev/sdb\t${20 * g}

System,DUP: Size:8388608, Used:131072 (1.56%)
   /dev/sdb\t16777216

Unallocated:
   /dev/sdb\t1048576
`,
      ],
    ];
    return b;
  }),
  fault(
    'a drive of RHEL 7 has set three hundred sectors aside, smartctl 6.6',
    is(['smart.reallocated', 'smart.combo'], 'sdb'),
    () => {
      const b = town(on('rhel7', 'nfs-alt', { cores: 4, memory: 15_700, disk: 'sda', fs: 'xfs' }), 60);
      b.disks.push({ name: 'sdb', gb: 4000, model: 'WDC WD40EFRX-68W', rotational: true });
      b.disk('sdb').smart = smartText(
        'WDC WD40EFRX-68WT0N0',
        'WD-WCC4E0',
        'PASSED',
        rowsWith({ 5: [191, 312], 196: [101, 99] }),
      );
      return b;
    },
  ),
  fault('an SSD of a Proxmox 7 node is worn out', is('smart.ssd_wear', 'sda'), () => {
    const b = town(
      on('proxmox7', 'pve-ssd', { cores: 8, memory: 64_000, disk: 'sda', rootDev: '/dev/mapper/pve-root' }),
      60,
    );
    b.disk('sda').smart = smartText('INTEL SSDSC2BB480G6', 'BTWA6', 'PASSED', [
      [5, 'Reallocated_Sector_Ct', 100, 100, 0, 0],
      [9, 'Power_On_Hours', 100, 100, 0, 50_112],
      [170, 'Available_Reservd_Space', 100, 100, 10, 0],
      [184, 'End-to-End_Error', 100, 100, 90, 0],
      [187, 'Reported_Uncorrect', 100, 100, 0, 0],
      [194, 'Temperature_Celsius', 100, 100, 0, 27],
      [199, 'CRC_Error_Count', 100, 100, 0, 0],
      [232, 'Available_Reservd_Space', 100, 100, 10, 0],
      [233, 'Media_Wearout_Indicator', 4, 4, 0, 0],
      [241, 'Host_Writes_32MiB', 100, 100, 0, 61_002_211],
    ]);
    return b;
  }),
  fault(
    'an NVMe drive of Arch Linux returns data that is wrong, more each day',
    is('smart.nvme_media', 'nvme0n1'),
    () => town(on('arch', 'work-3', { cores: 16, memory: 64_000, disk: 'nvme0n1', fs: 'xfs' }), 60),
    {
      runs: 3,
      every: 86_400,
      each: (b, run) =>
        void (b.disk('nvme0n1').smartJson = nvme('nvme0n1', { used: 31, media: [12, 12, 41][run]! })),
    },
  ),
  fault(
    'a controller of RHEL 9 foretells the end of a drive',
    is(
      ['raid.hw_predictive', 'smart.failed'],
      ['32:2', '/c0/e32/s2', 'storcli 0 (AVAGO MegaRAID SAS 9361-8i) drive 32:2'],
    ),
    () => {
      const b = town(on('rhel9', 'mail-store', { cores: 8, memory: 31_700, disk: 'sda', fs: 'xfs' }), 60);
      const said = storcli('Optl', [
        ['32:0', 'Onln', '0'],
        ['32:1', 'Onln', '0'],
        ['32:2', 'Onln', '0'],
        ['32:3', 'Onln', '0'],
      ]).map(([args, text]): [string, string] => {
        const parts = text.split('Drive /c0/e32/s2 State :');
        return parts.length < 2
          ? [args, text]
          : [
              args,
              `${parts[0]}Drive /c0/e32/s2 State :${parts[1]!.replace('Predictive Failure Count = 0', 'Predictive Failure Count = 3').replace('flagged by drive = No', 'flagged by drive = Yes')}`,
            ];
      });
      b.programs['storcli64'] = said;
      return b;
    },
    { atFirst: 'the case was wrong' },
  ),
  fault(
    'a mirror of POWER lost one of its four disks',
    is(['raid.degraded', 'raid.disk_failed'], ['md127', 'sdc']),
    () => {
      const b = town(on('rhel8power', 'p8-files', { cores: 8, memory: 64_000, disk: 'sda', fs: 'xfs' }), 60);
      for (const name of ['sdb', 'sdc', 'sdd', 'sde']) b.disks.push({ name, gb: 2000, rotational: true });
      b.disks.push({ name: 'md127', gb: 4000 });
      b.mounts.push({ dev: '/dev/md127', at: '/export', type: 'xfs', mb: 3_700_000, used: 1_900_000 });
      b.files['proc/mdstat'] = `Personalities : [raid10] 
md127 : active raid10 sde[3] sdd[2] sdb[0]
      3906763776 blocks super 1.2 512K chunks 2 near-copies [4/3] [U_UU]
      bitmap: 9/30 pages [576KB], 65536KB chunk

unused devices: <none>
`;
      b.files['sys/block/md127/md/degraded'] = '1\n';
      b.files['sys/block/md127/md/sync_action'] = 'idle\n';
      b.files['sys/block/md127/md/mismatch_cnt'] = '0\n';
      return b;
    },
  ),
  fault('the copies of a RAID 6 on Debian 12 do not agree', is('raid.mismatch', 'md2'), () => {
    const b = town(on('debian12', 'archive-2', { cores: 4, memory: 15_700, disk: 'sda' }), 50);
    for (const name of ['sdb', 'sdc', 'sdd', 'sde']) b.disks.push({ name, gb: 8000, rotational: true });
    b.disks.push({ name: 'md2', gb: 16_000 });
    b.files['proc/mdstat'] =
      `Personalities : [raid6] [raid5] [raid4] [linear] [multipath] [raid0] [raid1] [raid10] 
md2 : active raid6 sdd[2] sde[3] sdc[1] sdb[0]
      15627788288 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/4] [UUUU]
      bitmap: 0/59 pages [0KB], 65536KB chunk

unused devices: <none>
`;
    b.files['sys/block/md2/md/degraded'] = '0\n';
    b.files['sys/block/md2/md/sync_action'] = 'idle\n';
    b.files['sys/block/md2/md/mismatch_cnt'] = '18944\n';
    return b;
  }),
  fault(
    'the link of an Ubuntu 18.04 server came up with a hundred megabits, half duplex',
    is('net.link_slow', 'enp2s0'),
    () => {
      const b = bridges(town(on('ubuntu1804', 'cam-nvr', { cores: 4, memory: 7900, net: 'enp2s0' }), 50), 3);
      Object.assign(b.net('enp2s0'), { speed: 100, duplex: 'half', rx: 2_000_000 });
      return b;
    },
  ),
  fault(
    'the queue of packets of a router with Debian 10 overflows',
    is('net.softnet'),
    () => town(on('debian10', 'edge-r1', { cores: 4, memory: 3900, net: 'eth0' }), 30),
    {
      runs: 6,
      onset: 1,
      each(b, run) {
        Object.assign(b.net('eth0'), { rx: 90_000_000, rxPackets: 300_000, speed: 10_000 });
        b.softnet = run ? [340, 90] : [0, 0];
        b.softirq = 0.2;
      },
    },
  ),
  fault(
    'a web server on RHEL 10 is flooded with half-open connections',
    is('net.syn_flood', ['', 'nginx', '443', ':443', '80']),
    () => {
      const b = town(on('rhel10', 'front-2', { cores: 8, memory: 15_700, disk: 'vda', fs: 'xfs' }), 50);
      const p = b.serve('nginx.service', { name: 'nginx', uid: 990, rss: 60, cpu: 0.2 });
      b.listeners.push({ at: '0.0.0.0:443', process: 'nginx', pid: p.pid, backlog: 511 });
      return b;
    },
    {
      runs: 6,
      onset: 2,
      each(b, run) {
        b.tcpExt = {
          SyncookiesSent: run < 2 ? 0 : 2600,
          TCPReqQFullDoCookies: run < 2 ? 0 : 2600,
          SyncookiesFailed: run < 2 ? 0 : 40,
        };
        if (run < 2) return;
        b.sockets = { ESTAB: 40, 'SYN-RECV 443': 500 };
        if (run === 2)
          b.say(6, 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.', 30);
      },
    },
  ),
  fault(
    'six of a hundred segments of a server with Amazon Linux 2023 go twice',
    is('net.retrans'),
    () => town(on('amazon2023', 'ip-10-9-1-4', { cores: 2, memory: 3800, disk: 'nvme0n1', fs: 'xfs' }), 40),
    {
      runs: 8,
      onset: 2,
      each(b, run) {
        b.tcp = { InSegs: 2100, OutSegs: 2400, RetransSegs: run < 2 ? 2 : 152, OutRsts: 0.3 };
        Object.assign(b.net('eth0'), { rx: 1_500_000, tx: 2_700_000 });
      },
    },
  ),
  fault(
    'the tunnel of an office does not start on Debian 8, systemd 215',
    is('svc.unit_failed', 'openvpn@office.service'),
    () => {
      const b = town(
        on('debian8', 'vpn', { cores: 1, memory: 990, swap: 500, disk: 'vda', root: [10, 3] }),
        20,
      );
      b.units.push({
        name: 'openvpn@office.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        text: 'OpenVPN connection to office',
        stopped: b.now - 9000,
      });
      b.units.push({ name: 'openvpn.service', active: 'active', sub: 'exited', text: 'OpenVPN service' });
      return b;
    },
  ),
  fault(
    'a replica of MySQL 8.4 has stopped at a row that is there already',
    is('db.mysql_repl_broken', ['mysqld', 'mysql', '10.0.0.11', '']),
    () => {
      const b = town(on('ubuntu2404', 'db-replica', { cores: 4, memory: 15_700, disk: 'vda' }), 50);
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 110,
        rss: 6000,
        threads: 40,
        cpu: 0.2,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      mysqlSays(
        b,
        {},
        { innodb_buffer_pool_size: 8_589_934_592, version: '8.4.5-0ubuntu0.24.04' },
        `*************************** 1. row ***************************
             Replica_IO_State: Waiting for source to send event
                  Source_Host: 10.0.0.11
           Replica_IO_Running: Yes
          Replica_SQL_Running: No
                   Last_Errno: 1062
                   Last_Error: Could not execute Write_rows event on table shop.orders; Duplicate entry '911' for key 'orders.PRIMARY'
        Seconds_Behind_Source: NULL
                Last_IO_Errno: 0
               Last_SQL_Errno: 1062
                    SQL_Delay: 0
`,
      );
      return b;
    },
  ),
  fault(
    'PostgreSQL 11 on Debian 10 comes near the end of its transaction numbers',
    is('db.pg_wraparound', ['app', 'postgres', '']),
    () => {
      const b = town(on('debian10', 'pg-old', { cores: 4, memory: 15_700, disk: 'sda' }), 50);
      b.serve('postgresql@11-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/11/bin/postgres',
        uid: 112,
        rss: 3000,
        cpu: 0.2,
      });
      postgresSays(b, {
        databases: 'postgres|90112344|12|9011|9000|0|0\napp|2040112344|4012|901112334|80012233|0|1\n',
      });
      return b;
    },
  ),
  fault(
    'the clock of a machine with Oracle Linux 9 is nearly a second off',
    is(['time.skew', 'time.unsync']),
    () => {
      const b = town(on('oracle9', 'kdc-2', { cores: 2, memory: 3800, disk: 'sda', fs: 'xfs' }), 50);
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          'A29FC87B,162.159.200.123,4,1718880100.991234,0.871223441,-0.000122344,0.904412331,-18.211,-0.512,3.440,0.021003112,0.004401222,1030.2,Normal\n',
        ],
      ];
      return b;
    },
    { runs: 4 },
  ),
  fault('a fan of a server with SLES 12 stands still', is('hw.fan', ['FAN1', 'fan', 'Fan']), () => {
    const b = town(on('sles12', 'bck-3', { cores: 8, memory: 31_700, disk: 'sda' }), 60);
    b.files['dev/ipmi0'] = '';
    b.programs['ipmitool'] = [['sdr elist', supermicro(0, 58)]];
    return b;
  }),
  fault('the kernel of RHEL 9 stumbled over a null pointer', is('sys.crash'), () => {
    const b = weather(
      town(on('rhel9', 'ceph-osd4', { cores: 16, memory: 128_000, disk: 'sda', fs: 'xfs' }), 80),
    );
    const ago = 5200;
    b.say(1, 'BUG: kernel NULL pointer dereference, address: 0000000000000028', ago);
    b.say(1, '#PF: supervisor read access in kernel mode', ago);
    b.say(1, '#PF: error_code(0x0000) - not-present page', ago);
    b.say(4, 'Oops: 0000 [#1] PREEMPT SMP PTI', ago);
    b.say(
      4,
      'CPU: 7 PID: 81223 Comm: kworker/7:2 Kdump: loaded Not tainted 5.14.0-427.13.1.el9_4.x86_64 #1',
      ago,
    );
    b.say(4, 'RIP: 0010:bio_associate_blkg_from_css+0x44/0x340', ago);
    b.say(4, 'Call Trace:', ago);
    b.say(4, '---[ end trace 1f2e3d4c5b6a7988 ]---', ago);
    return b;
  }),
  fault('an account of Ubuntu 16.04 has no password', is('sec.empty_password', ['scanner', '']), () => {
    const b = town(on('ubuntu1604', 'scan', { cores: 2, memory: 1900, disk: 'sda' }), 30);
    b.files['etc/passwd'] =
      'root:x:0:0:root:/root:/bin/bash\nscanner:x:1002:1002::/home/scanner:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\n';
    b.files['etc/shadow'] =
      'root:!:17000:0:99999:7:::\nscanner::17000:0:99999:7:::\nadmin:$6$ab$cd:17000:0:99999:7:::\n';
    return b;
  }),
  fault(
    'a Java service on Debian 11 has taken nearly all numbers of processes',
    is('proc.pid_exhaustion', ['', 'java']),
    () => {
      const b = town(on('debian11', 'jobs-1', { cores: 8, memory: 31_700, disk: 'sda' }), 60);
      b.serve(
        'jobs.service',
        {
          name: 'java',
          exe: '/usr/lib/jvm/java-17-openjdk-amd64/bin/java',
          uid: 1001,
          rss: 9000,
          threads: 30_900,
          cpu: 0.4,
        },
        { tasksMax: 60_000 },
      );
      b.files['proc/sys/kernel/pid_max'] = '32768\n';
      b.files['proc/sys/kernel/threads-max'] = '256334\n';
      return b;
    },
  ),
  fault(
    'one core of a balancer with Ubuntu 22.04 on arm64 has all the interrupts',
    is('cpu.softirq_high', ['', 'cpu0', 'core 0', '0']),
    () => town(on('ubuntu2204arm', 'lb-arm', { cores: 8, memory: 15_700, disk: 'nvme0n1' }), 40),
    {
      runs: 8,
      onset: 1,
      each(b, run) {
        if (!run) return;
        b.softirqOfFirst = 0.93;
        Object.assign(b.net('eth0'), { rx: 80_000_000, rxPackets: 210_000, speed: 25_000 });
      },
    },
  ),
  fault(
    'the memory of the kernel itself fills a machine with Alpine',
    is('mem.slab_leak'),
    () => {
      const b = town(on('alpine', 'k3s-a', { cores: 4, memory: 15_900 }), 30);
      b.unreclaimable = 7900;
      b.available = 5200;
      return b;
    },
    { runs: 3, shell: 'busybox ash' },
  ),
  fault(
    'files in /dev/shm take the memory of a compute node with SLES 15',
    is('mem.tmpfs_full', ['/dev/shm', '']),
    () => {
      const b = town(on('sles15', 'mpi-07', { cores: 32, memory: 64_000, disk: 'sda', fs: 'xfs' }), 60);
      const m = b.mount('/dev/shm');
      m.mb = 32_000;
      m.used = 31_600;
      b.shmem = 31_700;
      b.available = 19_000;
      b.cached = 34_000;
      return b;
    },
    { runs: 4 },
  ),
  fault(
    'millions of sessions of PHP have used up the inodes of Debian 8',
    is('disk.inodes_full', '/var'),
    () => {
      const b = town(on('debian8', 'hosting-2', { cores: 4, memory: 7900, disk: 'sda' }), 60);
      b.mounts.push({
        dev: '/dev/sda5',
        at: '/var',
        type: 'ext3',
        mb: 60_000,
        used: 31_000,
        inodes: 3_932_160,
        inodesUsed: 3_931_800,
      });
      return b;
    },
  ),
  fault(
    'the dump of last night has a hundredth of its size, Void',
    is('backup.shrunk', ['/var/backups/pg', 'dump shop', 'shop']),
    () => {
      const b = town(on('void', 'pgbox', { cores: 2, memory: 3900, disk: 'sda' }), 20);
      for (let i = 0; i < 8; i++) {
        const file = `var/backups/pg/shop-2025-08-${String(19 - i).padStart(2, '0')}.dump`;
        b.files[file] = 'x'.repeat(i ? 2_400_000 + i * 9000 : 21_000);
        b.ages[file] = i * 86_400 + 30_000;
      }
      return b;
    },
  ),
  fault('Apache 2.4 of RHEL 9 has no worker free', is('web.apache_workers', ['httpd', 'apache', '']), () => {
    const b = town(on('rhel9', 'portal', { cores: 4, memory: 7700, fs: 'xfs' }), 50);
    b.serve('httpd.service', { name: 'httpd', uid: 48, rss: 900, cpu: 0.5 });
    b.listeners.push({ at: '[::]:80', process: 'httpd', backlog: 511 });
    b.files['var/log/httpd/error_log'] =
      `[Tue Jun 11 10:39:12.201123 2024] [mpm_prefork:error] [pid 1021:tid 1021] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting\n`;
    return b;
  }),
  fault(
    'a certificate of Apache on RHEL 7 has a key of 1024 bits',
    is('tls.weak', ['/etc/pki/tls/certs/localca.crt', 'intra.example.org']),
    () => {
      const b = town(on('rhel7', 'intra', { cores: 2, memory: 3700, fs: 'xfs' }), 40);
      b.files['etc/httpd/conf.d/ssl.conf'] =
        'Listen 443 https\n<VirtualHost *:443>\n    ServerName intra.example.org\n    SSLEngine on\n    SSLCertificateFile /etc/pki/tls/certs/localca.crt\n</VirtualHost>\n';
      b.files['etc/pki/tls/certs/localca.crt'] = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
      b.programs['openssl'] = [
        [
          'x509 *localca.crt*',
          'subject= /C=DE/O=Werk/CN=intra.example.org\nissuer= /C=DE/O=Werk/CN=Werk CA\nnotBefore=Jan  1 00:00:00 2019 GMT\nnotAfter=Jan  1 00:00:00 2029 GMT\nserial=1A\n    Signature Algorithm: sha1WithRSAEncryption\n                Public-Key: (1024 bit)\n                DNS:intra.example.org\n    Signature Algorithm: sha1WithRSAEncryption\n',
        ],
      ];
      return b;
    },
  ),
  fault(
    'the quota of a renderer on Amazon Linux 2023 stops it half the time',
    is('cpu.throttled_cgroup', ['render.service', 'render']),
    () => {
      const b = town(
        on('amazon2023', 'ip-10-0-7-7', { cores: 8, memory: 15_700, disk: 'nvme0n1', fs: 'xfs' }),
        40,
      );
      b.serve(
        'render.service',
        { name: 'render', exe: '/opt/render/render', uid: 970, rss: 900, threads: 12, cpu: 1 },
        { quota: 100_000, throttled: 0.71 },
      );
      return b;
    },
    { runs: 6 },
  ),
  fault(
    'a task of RHEL 6 waits for its disk for minutes, the kernel says so',
    is(['sys.crash', 'disk.errors', 'disk.latency', 'proc.dstate'], ['', 'sda', 'jbd2']),
    () => {
      const b = town(on('rhel6', 'lims', { cores: 4, memory: 7900, disk: 'sda' }), 60);
      for (const ago of [400, 280, 160]) {
        b.say(3, 'INFO: task jbd2/sda2-8:412 blocked for more than 120 seconds.', ago);
        b.say(3, '      Not tainted 2.6.32-696.el6.x86_64 #1', ago);
        b.say(3, '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.', ago);
      }
      return b;
    },
    { atFirst: 'the case was wrong' },
  ),
  well('an array with a spare whose check found nothing', () => {
    const b = weather(
      shelves(town(on('sles12', 'fs-sued', { cores: 4, memory: 15_700, disk: 'sda' }), 60), 4),
    );
    b.files['proc/mdstat'] =
      'Personalities : [raid1] [raid6] [raid5] [raid4] \nmd0 : active raid5 sde[4](S) sdd[3] sdc[1] sdb[0]\n      3906764800 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/3] [UUU]\n      bitmap: 0/15 pages [0KB], 65536KB chunk\n\nunused devices: <none>\n';
    b.files['sys/block/md0/md/degraded'] = '0\n';
    b.files['sys/block/md0/md/sync_action'] = 'idle\n';
    b.files['sys/block/md0/md/mismatch_cnt'] = '0\n';
    return b;
  }),
  well(
    'a balancer with many short connections, and one cookie in an hour',
    () => {
      const b = town(on('rhel10', 'lb-b', { cores: 4, memory: 7700, disk: 'vda', fs: 'xfs' }), 40);
      b.run({ name: 'haproxy', exe: '/usr/sbin/haproxy', uid: 188, rss: 300, cpu: 0.9 });
      b.timeWait = 11_800;
      b.tcpExt = { SyncookiesSent: 0.002 };
      b.tcp = { InSegs: 9000, OutSegs: 9200, RetransSegs: 30, OutRsts: 40 };
      fence(b, '22, 80, 443');
      return b;
    },
    { runs: 6 },
  ),
  well(
    'a board of a hobby, its case fan not plugged in',
    () => {
      const b = town(on('arch', 'cellar', { cores: 12, memory: 31_700, disk: 'nvme0n1', fs: 'xfs' }), 50);
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon1/name': 'nct6775\n',
        'sys/class/hwmon/hwmon1/fan1_input': '0\n',
        'sys/class/hwmon/hwmon1/fan1_alarm': '1\n',
        'sys/class/hwmon/hwmon1/fan2_input': '901\n',
        'sys/class/hwmon/hwmon1/in5_alarm': '1\n',
        'sys/class/hwmon/hwmon1/temp7_label': 'AUXTIN3\n',
        'sys/class/hwmon/hwmon1/temp7_input': '-62000\n',
        'sys/class/hwmon/hwmon1/temp3_label': 'AUXTIN0\n',
        'sys/class/hwmon/hwmon1/temp3_input': '112000\n',
        'sys/class/hwmon/hwmon2/name': 'k10temp\n',
        'sys/class/hwmon/hwmon2/temp1_label': 'Tctl\n',
        'sys/class/hwmon/hwmon2/temp1_input': '71250\n',
      });
      return b;
    },
    { atFirst: 'false alarm', runs: 4 },
  ),
];
