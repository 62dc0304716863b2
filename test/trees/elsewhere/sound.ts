// Machines that are well: busy, old, odd, full of warnings that mean nothing. Written before the product saw them.
import { installed, type Tree } from '../box.ts';
import { at, contain, engine, idOf, pods, snaps } from '../abroad/lands.ts';
import { nvme, pool, sata, supermicro } from '../abroad/tools.ts';
import { router } from '../abroad/wires.ts';
import { drives, fence, md, mutter, mysqlSays, noPsi, postgresSays, rowsWith, smartText } from './parts.ts';

export const sound: Tree[] = [
  {
    name: 'well: a web server of 32 cores at two thirds of what it can do',
    kind: 'control',
    runs: 8,
    box: () => {
      const b = at('debian12', 'www-big', {
        cores: 32,
        memory: 128_000,
        disk: 'nvme0n1',
        net: 'ens5f0',
        crowd: 150,
      });
      b.net('ens5f0').speed = 25_000;
      Object.assign(b.net('ens5f0'), { rx: 210e6, tx: 900e6, rxPackets: 260_000, txPackets: 640_000 });
      b.serve('nginx.service', {
        name: 'nginx',
        rss: 900,
        uid: 33,
        cpu: 6,
        threads: 33,
        limit: 65_535,
        fds: 21_000,
      });
      b.serve('php8.2-fpm.service', { name: 'php-fpm8.2', rss: 9000, uid: 33, cpu: 13 });
      b.sockets = { ESTAB: 900, 'ESTAB 443': 12_000 };
      Object.assign(b, {
        load: [21, 20, 19],
        running: 22,
        softirq: 0.04,
        contextSwitches: 210_000,
        forks: 12,
        timeWait: 9000,
      });
      b.psi.cpu = 7;
      b.tcp = { InSegs: 260_000, OutSegs: 640_000, RetransSegs: 2100, OutRsts: 90 };
      fence(b, '22, 80, 443');
      return b;
    },
    roots: [],
  },
  {
    name: 'well: CentOS 6 in 2019, up for 900 days',
    kind: 'control',
    runs: 4,
    every: 300,
    shell: 'bash',
    box: () => {
      const b = at('centos6', 'legacy-erp', {
        cores: 4,
        memory: 7872,
        swap: 4096,
        disk: 'sda',
        days: 907,
        now: '2019-05-07T10:00:00Z',
        crowd: 60,
      });
      b.swapUsed = 1900;
      b.free = 160;
      b.cached = 4800;
      b.run({ name: 'mysqld', exe: '/usr/libexec/mysqld', uid: 27, rss: 900, cpu: 0.1, threads: 40 });
      b.run({ name: 'httpd', exe: '/usr/sbin/httpd', uid: 48, rss: 60, cpu: 0.1 });
      mutter(b);
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a builder that compiles with all of its cores for four minutes',
    kind: 'control',
    atFirst: 'false alarm',
    runs: 8,
    box: () => {
      const b = at('fedora43', 'koji-5', {
        cores: 16,
        memory: 64_000,
        disk: 'nvme0n1',
        fs: 'btrfs',
        crowd: 40,
      });
      return b;
    },
    each: (b, run) => {
      const busy = run >= 2 && run < 6;
      b.processes = b.processes.filter((p) => p.name !== 'cc1plus');
      if (busy)
        for (let i = 0; i < 16; i++)
          b.run({
            pid: 60_000 + run * 100 + i,
            name: 'cc1plus',
            exe: '/usr/libexec/gcc/x86_64-redhat-linux/15/cc1plus',
            uid: 1001,
            rss: 400,
            cpu: 0.93,
            state: 'R',
            started: b.uptime + 10,
          });
      Object.assign(b, {
        load: busy ? [15 + run / 4, 8, 4] : [1, 2, 2],
        running: busy ? 18 : 1,
        forks: busy ? 40 : 2,
      });
      b.psi.cpu = busy ? 24 : 0.3;
    },
    roots: [],
  },
  {
    name: 'well: Proxmox with thirty guests, their taps and bridges, and a pool at 71 %',
    kind: 'control',
    runs: 4,
    box: () => {
      const b = at('proxmox', 'pve-big', {
        cores: 48,
        memory: 512_000,
        disk: 'sda',
        net: 'vmbr0',
        crowd: 100,
      });
      b.nets.push(
        { name: 'eno1', speed: 10_000, rx: 40e6, tx: 60e6 },
        { name: 'eno2', state: 'down', rx: 0, tx: 0, carrierChanges: 1 },
      );
      for (let i = 100; i < 130; i++) {
        b.run({
          pid: 3000 + i * 10,
          name: 'kvm',
          exe: '/usr/bin/qemu-system-x86_64',
          rss: 9000,
          cpu: 0.5,
          threads: 12,
        });
        b.nets.push(
          { name: `tap${i}i0`, state: 'unknown', speed: 10, rx: 9000, tx: 9000 },
          { name: `fwbr${i}i0`, state: 'up', speed: 10_000, rx: 9000, tx: 100, rxDrops: 0.01 },
        );
      }
      b.files['proc/spl/kstat/zfs/arcstats'] =
        '13 1 0x01 147 39984 6021447361 2601144120337151\nname                            type data\nc_min                           4    16054040608\nsize                            4    51201120448\n';
      b.programs['zpool'] = pool(
        'tank',
        'ONLINE',
        [
          ['sdb', 'ONLINE', 0, 0, 0],
          ['sdc', 'ONLINE', 0, 0, 0],
        ],
        { full: 71 },
      );
      b.units.push({ name: 'pve-guests.service', active: 'active', sub: 'exited', text: 'PVE guests' });
      Object.assign(b, { load: [17, 16, 16], running: 9 });
      mutter(b);
      return b;
    },
    roots: [],
  },
  {
    name: 'well: forty containers, some of them jobs that have ended',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('ubuntu2204', 'compose-1', { cores: 8, memory: 31_000, crowd: 30 });
      b.serve('docker.service', { name: 'dockerd', rss: 180, threads: 60 });
      snaps(b, ['core20/2599', 'lxd/31333', 'snapd/25202']);
      pods(b, 40);
      for (let i = 0; i < 40; i++)
        contain(
          b,
          {
            name: `svc-${i}`,
            id: idOf(`s${i}`),
            image: 'app:1',
            status: i % 3 ? 'Up 3 weeks' : 'Up 3 weeks (healthy)',
            restarts: i === 7 ? 3 : 0,
          },
          { name: 'node', rss: 120, cpu: 0.02, uid: 1000 },
          i % 4 ? {} : { memoryMax: 512 },
        );
      contain(b, { name: 'migrate', id: idOf('mg'), image: 'app:1', status: 'Exited (0) 3 weeks ago' });
      contain(b, {
        name: 'old',
        id: idOf('ol'),
        image: 'app:0',
        status: 'Exited (143) 5 months ago',
        exit: 143,
        since: '2025-10-02T10:00:00Z',
      });
      engine(b);
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a store of 20 TB at 93 % whose array checks itself on a Sunday night',
    kind: 'control',
    runs: 6,
    box: () => {
      const b = at('debian11', 'nas-home', {
        cores: 4,
        memory: 7900,
        disk: 'nvme0n1',
        now: '2026-03-01T01:20:00Z',
        crowd: 10,
      });
      drives(b, ['sda', 'sdb', 'sdc', 'sdd'], {
        gb: 8000,
        rotational: true,
        reads: 480,
        readKb: 330,
        readMs: 9,
        writes: 1,
        busy: 0.96,
        queue: 4,
      });
      for (const n of ['sda', 'sdb', 'sdc', 'sdd'])
        b.disk(n).smart = smartText(
          'WDC WD80EFZX-68UW8N0',
          `VK0000${n}`,
          'PASSED',
          rowsWith({ 199: [200, 2] }),
        );
      b.mounts.push({ dev: '/dev/md0', at: '/srv/nas', type: 'ext4', mb: 22_000_000, used: 19_400_000 });
      md(b, [
        {
          name: 'md0',
          level: 'raid5',
          members: 'sda1[0] sdb1[1] sdc1[2] sdd1[4]',
          slots: '[4/4] [UUUU]',
          blocks: 23_441_679_360,
          action: 'check',
          progress:
            '[==>..................]  check = 12.1% (949012332/7813893120) finish=700.2min speed=161112K/sec',
          states: { sda1: 'in_sync', sdb1: 'in_sync', sdc1: 'in_sync', sdd1: 'in_sync' },
        },
      ]);
      b.iowait = 0.05;
      b.psi.io = 2;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Alpine on 256 MB, little of it left (busybox)',
    kind: 'control',
    runs: 4,
    shell: 'busybox ash',
    box: () => {
      const b = at('alpine', 'dns-mini', { cores: 1, memory: 236, root: [2, 0.7], crowd: 0 });
      b.run({ name: 'unbound', exe: '/usr/sbin/unbound', uid: 100, rss: 60, cpu: 0.02 });
      b.available = 92;
      b.free = 22;
      b.reclaimable = 9;
      b.unreclaimable = 14;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: Elasticsearch with half the memory as heap, swap nearly full and quiet (AlmaLinux 8)',
    kind: 'control',
    runs: 5,
    every: 300,
    box: () => {
      const b = at('alma8', 'es-3', {
        cores: 8,
        memory: 64_000,
        swap: 2048,
        fs: 'xfs',
        crowd: 40,
        days: 200,
      });
      noPsi(b);
      b.serve('elasticsearch.service', {
        name: 'java',
        exe: '/usr/share/elasticsearch/jdk/bin/java',
        uid: 990,
        rss: 34_000,
        cpu: 1.8,
        threads: 140,
        limit: 65_535,
        fds: 2900,
      });
      b.swapUsed = 1990;
      b.free = 700;
      b.available = 22_000;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a desktop board as a server, with a hundred warnings of its firmware',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('ubuntu2510', 'htpc', {
        cores: 8,
        memory: 31_000,
        disk: 'nvme0n1',
        net: 'enp4s0',
        crowd: 60,
      });
      snaps(b, ['core24/1151', 'firefox/6738', 'gnome-46-2404/125', 'snapd/25202', 'bare/5']);
      mutter(b);
      b.disk('nvme0n1').smartJson = nvme('nvme0n1', { used: 11 });
      b.nets.push(
        { name: 'wlp3s0', state: 'dormant', rx: 0, tx: 0, speed: -1 },
        { name: 'docker0', state: 'down', rx: 0, tx: 0 },
      );
      for (let i = 0; i < 30; i++)
        b.say(
          3,
          `pcieport 0000:00:1c.${i % 8}: AER: Correctable error message received from 0000:04:00.0`,
          200 + i * 60,
        );
      b.say(4, 'pcieport 0000:00:1c.4:   device [8086:7ab8] error status/mask=00000001/00002000', 210);
      b.say(3, 'Bluetooth: hci0: Malformed MSFT vendor event: 0x02', 4000);
      b.say(3, 'iwlwifi 0000:03:00.0: Microcode SW error detected. Restarting 0x0.', 60_000);
      b.say(
        4,
        'EXT4-fs (sdb1): warning: mounting fs with errors, running e2fsck is recommended',
        b.uptime - 10,
      );
      b.say(
        3,
        'nouveau 0000:01:00.0: Direct firmware load for nvidia/ga102/gsp/gsp-535.113.01.bin failed with error -2',
        b.uptime - 9,
      );
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon4/name': 'nct6687\n',
        'sys/class/hwmon/hwmon4/fan1_input': '0\n',
        'sys/class/hwmon/hwmon4/fan2_input': '1100\n',
        'sys/class/hwmon/hwmon4/fan3_input': '0\n',
        'sys/class/hwmon/hwmon4/temp1_input': '41000\n',
        'sys/class/hwmon/hwmon4/temp5_input': '-62000\n',
      });
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a mail relay at its daily work with 60 messages that wait',
    kind: 'control',
    runs: 3,
    every: 3600,
    rhythm: installed,
    box: () => {
      const b = at('debian13', 'relay-1', { cores: 2, memory: 3900, crowd: 10 });
      b.serve('postfix.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 6 });
      for (let i = 0; i < 60; i++) {
        const name = `var/spool/postfix/deferred/${(i % 16).toString(16).toUpperCase()}/${(i % 16).toString(16).toUpperCase()}A${i}B`;
        b.files[name] = 'x';
        b.ages[name] = 1200 + i * 300;
      }
      return b;
    },
    roots: [],
  },
  {
    name: 'well: a router with ports that nobody uses and a third of its connections in use',
    kind: 'control',
    runs: 4,
    shell: 'busybox ash',
    box: () => {
      const b = router('gw-home');
      b.nets.push(
        { name: 'lan1', state: 'lowerlayerdown', rx: 0, tx: 0, carrierChanges: 0 },
        { name: 'phy1-sta0', state: 'dormant', rx: 0, tx: 0, speed: -1 },
        { name: 'pppoe-wan', state: 'unknown', speed: -1, mtu: 1492, rx: 2e6, tx: 3e5 },
      );
      b.conntrack = [5100, 15_360];
      Object.assign(b.net('wan'), { rx: 2e6, tx: 300_000, rxDrops: 0.02 });
      return b;
    },
    roots: [],
  },
  {
    name: 'well: MySQL that uses what it was given, with a few slow queries each hour',
    kind: 'control',
    runs: 6,
    box: () => {
      const b = at('rocky9', 'mysql-big', {
        cores: 16,
        memory: 64_000,
        disk: 'nvme0n1',
        fs: 'xfs',
        crowd: 30,
      });
      noPsi(b);
      b.serve('mysqld.service', {
        name: 'mysqld',
        exe: '/usr/libexec/mysqld',
        uid: 27,
        rss: 47_000,
        cpu: 5,
        threads: 190,
        limit: 10_000,
        fds: 2200,
        write: 12e6,
      });
      b.files['var/lib/mysql/mysql.sock'] = '';
      b.files['etc/my.cnf.d/mysql-server.cnf'] =
        '[mysqld]\ndatadir=/var/lib/mysql\ninnodb_buffer_pool_size=44G\nmax_connections=500\nbind-address=10.0.0.4\n';
      Object.assign(b.disk('nvme0n1'), {
        reads: 800,
        readKb: 16,
        readMs: 0.2,
        writes: 1900,
        writeKb: 14,
        writeMs: 0.1,
        busy: 0.4,
      });
      Object.assign(b, { load: [5.5, 5, 5], running: 6 });
      return b;
    },
    each: (b, run) =>
      mysqlSays(
        b,
        {
          Threads_connected: 180 + (run % 3) * 9,
          Threads_running: 6,
          Max_used_connections: 430,
          Slow_queries: 912 + run,
          Questions: 412_000_000 + run * 300_000,
          Uptime: 1_900_000 + run * 60,
          Innodb_row_lock_waits: 212 + run * 2,
          Innodb_row_lock_time: 90_112 + run * 40,
        },
        { innodb_buffer_pool_size: 47_244_640_256, max_connections: 500, version: '8.0.41' },
      ),
    roots: [],
  },
  {
    name: 'well: a planned restart in between, all counters begin anew',
    kind: 'control',
    runs: 7,
    every: 120,
    box: () => {
      const b = at('debian13', 'patch-day', { cores: 4, memory: 7900, crowd: 30 });
      b.serve('postgresql@17-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/17/bin/postgres',
        uid: 110,
        rss: 300,
        cpu: 0.1,
      });
      postgresSays(b, {});
      return b;
    },
    each: (b, run) => {
      if (run !== 3) return;
      b.uptime = 70;
      b.second = {};
      b.files['proc/sys/kernel/random/boot_id'] = '0badcafe-0002-4c1e-9a55-0c0ffee00002\n';
      for (const d of b.disks) d.c = undefined as never;
      for (const n of b.nets) n.c = undefined as never;
      for (const u of b.units) u.c = undefined as never;
      for (const p of b.processes) Object.assign(p, { ticks: 30, started: 20 });
    },
    roots: [],
  },
  {
    name: 'well: a pod of Kubernetes that sees the load of its node (Debian image, no rights)',
    kind: 'control',
    runs: 4,
    nobody: true,
    box: () => {
      const b = at('fargate', 'api-7f9c5d-xk2lp', { cores: 8, memory: 31_000 });
      b.run({ pid: 7, name: 'gunicorn', exe: '/usr/local/bin/python3.12', uid: 65_534, rss: 200, cpu: 0.2 });
      Object.assign(b, { load: [9.4, 9.1, 8.8], user: 0.3, running: 9 });
      b.psi.cpu = 11;
      return b;
    },
    roots: [],
  },
  {
    name: 'well: 96 cores of ARM, a supermicro board with fans that are not fitted, many quiet disks',
    kind: 'control',
    runs: 3,
    box: () => {
      const b = at('debian13arm', 'altra-2', { cores: 96, memory: 256_000, disk: 'nvme0n1', crowd: 200 });
      drives(b, ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'], { gb: 16_000, rotational: true });
      for (const n of ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'])
        b.disk(n).smartJson = sata(n, 'ST16000NM001G-2KK103', [
          [1, 'Raw_Read_Error_Rate', 81, 44, 129_012_344],
          [5, 'Reallocated_Sector_Ct', 100, 10, 0],
          [7, 'Seek_Error_Rate', 90, 45, 1_012_344_112],
          [187, 'Reported_Uncorrect', 100, 0, 0],
          [188, 'Command_Timeout', 100, 0, 4_295_032_833, '1 1 1'],
          [190, 'Airflow_Temperature_Cel', 66, 0, 34],
          [197, 'Current_Pending_Sector', 100, 0, 0],
          [198, 'Offline_Uncorrectable', 100, 0, 0],
          [199, 'UDMA_CRC_Error_Count', 200, 0, 0],
        ]);
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [['sdr elist', supermicro(5100, 49)]];
      return b;
    },
    roots: [],
  },
];
