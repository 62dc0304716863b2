// CPU and memory, of machines elsewhere.
import { installed, type Tree } from '../box.ts';
import { at, contain, engine, idOf } from './lands.ts';

export const processor: Tree[] = [
  {
    name: 'Nitro t3: the burst credits are spent, half of the CPU is withheld',
    kind: 'fault',
    onset: 2,
    runs: 7,
    rhythm: installed,
    box: () => {
      const b = at('amazon2023', 'ip-10-4-1-77.ec2.internal', {
        cores: 2,
        memory: 3900,
        disk: 'nvme0n1',
        net: 'ens5',
      });
      b.serve('nginx.service', { name: 'nginx', rss: 12, cpu: 0.05 });
      b.serve('api.service', {
        name: 'node',
        exe: '/usr/bin/node-20',
        rss: 410,
        cpu: 0.5,
        threads: 11,
        uid: 1001,
      });
      b.files['sys/class/dmi/id/sys_vendor'] = 'Amazon EC2\n';
      b.files['sys/class/dmi/id/product_name'] = 't3.medium\n';
      b.programs['systemd-detect-virt'] = [['', 'amazon\n']];
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.steal = 0.52;
      b.running = 6;
      b.load = [5.8, 3.1 + run / 5, 1.6];
      b.psi.cpu = 61;
    },
    roots: [{ problem: 'cpu.steal', subject: 'ip-10-4-1-77' }],
    chain: ['cpu.steal>cpu.load_high'],
  },
  {
    name: 'Oracle Linux 8 on UEK: clamscan has not ended when cron starts it again',
    kind: 'fault',
    onset: 3,
    runs: 12,
    box: () => {
      const b = at('oracle8', 'mailgw01.corp.example', {
        cores: 2,
        memory: 7600,
        disk: 'sda',
        net: 'ens192',
        crowd: 40,
      });
      for (const name of ['cpu', 'memory', 'io']) b.files[`proc/pressure/${name}`] = undefined;
      b.files['etc/cron.d/clamav'] =
        'SHELL=/bin/bash\n*/30 * * * * root /usr/bin/clamscan -ri --no-summary /srv/mail\n';
      const p = b.run({
        pid: 31_007,
        name: 'clamscan',
        exe: '/usr/bin/clamscan',
        rss: 1210,
        cpu: 0.3,
        started: 63 * 86400 - 900,
      });
      p.ppid = 31_000;
      return b;
    },
    each: (b, run) => {
      if (run === 3)
        b.run({
          pid: 32_511,
          ppid: 32_500,
          name: 'clamscan',
          exe: '/usr/bin/clamscan',
          rss: 1205,
          cpu: 0.97,
          started: b.uptime,
        });
      if (run < 3) return;
      b.process('clamscan').cpu = 0.97;
      b.running = 5;
      b.load = [5.1, 3.4, 1.9];
      for (const d of b.disks) Object.assign(d, { reads: 210, readKb: 64, busy: 0.4 });
    },
    roots: [
      {
        problem: ['job.cron_overlap', 'proc.runaway', 'cpu.saturated'],
        subject: ['clamscan', '/usr/bin/clamscan'],
      },
    ],
    chain: ['job.cron_overlap>cpu.saturated', 'cpu.saturated>cpu.load_high'],
  },
  {
    name: 'SLES 12: Tomcat reaches the 512 tasks that its unit may have',
    kind: 'fault',
    atFirst: 'the case was wrong',
    onset: 2,
    rhythm: installed,
    box: () => {
      const b = at('sles12', 'erp-app2', { cores: 8, memory: 32_000, disk: 'sda', fs: 'btrfs', crowd: 30 });
      b.serve(
        'tomcat.service',
        {
          name: 'java',
          exe: '/usr/lib64/jvm/java-1.8.0-openjdk/jre/bin/java',
          rss: 6100,
          cpu: 0.8,
          threads: 210,
          uid: 91,
          limit: 8192,
        },
        { tasksMax: 512 },
      );
      b.listeners.push({ at: '[::]:8080', process: 'java', pid: b.process('java').pid, backlog: 100 });
      return b;
    },
    each: (b, run) => {
      b.process('java').threads = [212, 230, 480, 509, 512, 512][run]!;
      if (run >= 3) b.say(6, 'cgroup: fork rejected by pids controller in /system.slice/tomcat.service', 21);
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: 'tomcat' }],
  },
  {
    name: 'the Windows file server behind a CIFS mount no longer answers',
    kind: 'fault',
    atFirst: 'the case was wrong',
    onset: 2,
    runs: 8,
    rhythm: installed,
    box: () => {
      const b = at('debian11', 'dms', {
        cores: 2,
        memory: 3900,
        disk: 'sda',
        net: 'ens160',
        now: '2026-05-11T09:12:00Z',
      });
      b.mounts.push({
        dev: '//filer02.corp.example/scan',
        at: '/srv/scan',
        type: 'cifs',
        options: 'rw,relatime,vers=3.1.1,cache=strict,username=dms,hard',
        mb: 900_000,
        used: 410_000,
      });
      b.serve('consume.service', {
        name: 'python3',
        exe: '/usr/bin/python3.9',
        rss: 210,
        cpu: 0.1,
        threads: 4,
        uid: 998,
      });
      for (let i = 0; i < 5; i++)
        b.run({
          pid: 4100 + i * 9,
          name: 'celery',
          exe: '/usr/bin/python3.9',
          rss: 120,
          uid: 998,
          cpu: 0.02,
        });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      for (const p of b.processes)
        if (p.name === 'celery') Object.assign(p, { state: 'D', wchan: 'wait_for_response', cpu: 0 });
      b.blocked = 5;
      b.load = [[0, 0, 3.1, 4.4, 4.9, 5.2, 5.2, 5.2][run]!, 3.4, 2.1];
      b.psi.io = 91;
      b.psi.ioFull = 88;
      if (run === 4)
        b.say(3, 'CIFS: VFS: \\\\filer02.corp.example has not responded in 180 seconds. Reconnecting...', 12);
      if (run === 5) {
        b.say(3, 'INFO: task celery:4100 blocked for more than 120 seconds.', 30);
        b.say(3, '      Not tainted 5.10.0-35-amd64 #1 Debian 5.10.237-1', 30);
      }
    },
    roots: [{ problem: 'disk.nfs_stall', subject: ['/srv/scan', '//filer02', 'filer02', 'dms'] }],
    chain: ['disk.nfs_stall>proc.dstate', 'proc.dstate>cpu.load_high'],
  },
  {
    name: 'a Raspberry Pi 5 with a weak power supply: undervoltage',
    kind: 'fault',
    onset: 2,
    rhythm: installed,
    box: () => {
      const b = at('raspios', 'zaehler', {
        cores: 4,
        memory: 8060,
        disk: 'mmcblk0',
        net: 'eth0',
        root: [58, 11],
      });
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
        'sys/class/hwmon/hwmon0/temp1_input': '52300\n',
        'sys/class/hwmon/hwmon0/temp1_crit': '110000\n',
        'sys/class/hwmon/hwmon1/name': 'rpi_volt\n',
        'sys/class/hwmon/hwmon1/in0_lcrit_alarm': '0\n',
        'proc/cpuinfo': 'processor\t: 0\nBogoMIPS\t: 108.00\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n',
        'sys/class/dmi/id/sys_vendor': undefined,
        'sys/class/dmi/id/product_name': undefined,
        'sys/class/dmi/id/product_uuid': undefined,
      });
      b.programs['systemd-detect-virt'] = [['', 'none\n', 1]];
      return b;
    },
    each: (b, run) => {
      b.files['sys/class/hwmon/hwmon1/in0_lcrit_alarm'] = run >= 2 ? '1\n' : '0\n';
      if (run >= 2) b.say(4, 'hwmon hwmon1: Undervoltage detected!', 14);
    },
    roots: [{ problem: 'hw.psu', subject: ['rpi_volt', 'zaehler', 'in0', 'hwmon1'] }],
  },
  {
    name: 'Docker: one container is held at half a core',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('ubuntu2404', 'shop-host-3', { cores: 8, memory: 32_000, disk: 'sda', crowd: 120 });
      b.serve('docker.service', {
        name: 'dockerd',
        exe: '/usr/bin/dockerd',
        rss: 120,
        threads: 40,
        cpu: 0.02,
      });
      contain(
        b,
        { name: 'shop-api', id: idOf('a1'), image: 'registry.example/shop-api:4.2', status: 'Up 5 weeks' },
        { name: 'node', rss: 380, cpu: 0.2, uid: 1000, threads: 11 },
        { quota: 50_000 },
      );
      contain(
        b,
        { name: 'shop-db', id: idOf('b7'), image: 'postgres:16', status: 'Up 5 weeks (healthy)' },
        { name: 'postgres', rss: 900, cpu: 0.1, uid: 999 },
      );
      engine(b);
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.process('node').cpu = 0.5;
      b.unit(`docker-${idOf('a1')}.scope`).throttled = 0.87;
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['shop-api', 'docker-6131'] }],
  },
  {
    name: 'k3s: a pod dies again and again of its memory limit',
    kind: 'fault',
    onset: 2,
    rhythm: installed,
    box: () => {
      const b = at('ubuntu2404', 'k3s-agent-2', { cores: 8, memory: 16_000, disk: 'nvme0n1', crowd: 90 });
      b.serve('k3s-agent.service', {
        name: 'k3s-agent',
        exe: '/usr/local/bin/k3s',
        rss: 420,
        threads: 60,
        cpu: 0.15,
      });
      b.run({ pid: 8801, name: 'catalog', exe: '/app/catalog', rss: 240, cpu: 0.2, uid: 10_001 });
      return b;
    },
    each: (b, run) => {
      const slice =
        'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0f3c2a11_7c41_4f6e_9d1e_2a6f1b9c0d11.slice';
      const kills = Math.max(0, run - 1) * 2;
      const here = `sys/fs/cgroup/${slice}`;
      Object.assign(b.files, {
        [`${here}/memory.current`]: `${run < 2 ? 251_000_000 : 268_435_456}\n`,
        [`${here}/memory.max`]: '268435456\n',
        [`${here}/memory.stat`]: `anon ${run < 2 ? 230_000_000 : 262_000_000}\nfile 1200000\n`,
        [`${here}/memory.events`]: `low 0\nhigh 0\nmax ${kills * 40}\noom ${kills}\noom_kill ${kills}\noom_group_kill 0\n`,
        [`${here}/cpu.stat`]: `usage_usec ${9_000_000 + run * 12_000_000}\nuser_usec 1\nsystem_usec 1\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n`,
        [`${here}/pids.current`]: '14\n',
        'proc/8801/cgroup': `0::/${slice}/cri-containerd-5f.scope\n`,
      });
      if (run < 2) return;
      const pid = 8801 + run * 77;
      b.process('catalog').pid = pid;
      b.files[`proc/${pid}/cgroup`] = `0::/${slice}/cri-containerd-5f.scope\n`;
      b.oomKills += 2;
      for (const ago of [41, 12]) {
        b.say(
          6,
          `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-5f.scope,mems_allowed=0,oom_memcg=/${slice},task_memcg=/${slice}/cri-containerd-5f.scope,task=catalog,pid=${pid - ago},uid=10001`,
          ago,
        );
        b.say(
          3,
          `Memory cgroup out of memory: Killed process ${pid - ago} (catalog) total-vm:1911204kB, anon-rss:255120kB, file-rss:9104kB, shmem-rss:0kB, UID:10001 pgtables:1180kB oom_score_adj:988`,
          ago,
        );
      }
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.oom_kill', 'mem.cgroup_near_limit'],
        subject: ['catalog', 'kubepods', '/kubepods'],
      },
    ],
  },
  {
    name: 'AlmaLinux 8: MySQL 8.0 with a buffer pool for another machine (option with dashes), no password for the agent',
    kind: 'fault',
    atFirst: 'not collected',
    onset: 2,
    runs: 9,
    box: () => {
      const b = at('alma8', 'db-klein', {
        cores: 4,
        memory: 7680,
        swap: 4096,
        disk: 'sda',
        rootDev: '/dev/mapper/almalinux-root',
        fs: 'xfs',
        net: 'ens192',
        crowd: 25,
      });
      b.disks.push(
        { name: 'dm-0', gb: 70, dm: 'almalinux-root', on: 'sda2' },
        { name: 'dm-1', gb: 4, dm: 'almalinux-swap', on: 'sda2', reads: 0, writes: 0, busy: 0 },
      );
      b.serve('mysqld.service', {
        name: 'mysqld',
        exe: '/usr/libexec/mysqld',
        rss: 4300,
        cpu: 0.4,
        threads: 60,
        uid: 27,
        limit: 10_000,
      });
      b.listeners.push({ at: '[::]:3306', process: 'mysqld', pid: b.process('mysqld').pid, backlog: 151 });
      b.files['var/lib/mysql/mysql.sock'] = '';
      b.programs['mysql'] = [['*', '', 1]];
      b.files['etc/my.cnf'] = '[client-server]\n!includedir /etc/my.cnf.d\n';
      b.files['etc/my.cnf.d/zz-tuning.cnf'] = `# from the old host (64 GB)
[mysqld]
innodb-buffer-pool-size = 12G
innodb-log-file-size    = 1G
max-connections         = 200
skip-name-resolve
`;
      return b;
    },
    each: (b, run) => {
      const p = b.process('mysqld');
      p.rss = [4300, 5600, 6700, 6950, 6980, 6990, 6990, 6990, 6990][run]!;
      p.swap = [0, 0, 300, 1200, 2100, 2700, 3100, 3300, 3400][run]!;
      b.swapUsed = p.swap;
      b.available = [2900, 1500, 330, 210, 190, 180, 180, 170, 170][run]!;
      b.files['proc/swaps'] =
        `Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n/dev/dm-1                               partition\t${4096 * 1024}\t${p.swap * 1024}\t-2\n`;
      if (run < 3) return;
      b.swapIn = 2400;
      b.swapOut = 2700;
      b.majorFaults = 900;
      b.directScan = 4000;
      b.iowait = 0.31;
      b.blocked = 5;
      b.load = [8.4, 6.1, 3.3];
      for (const d of b.disks)
        if (d.name !== 'dm-0')
          Object.assign(d, {
            reads: 2300,
            writes: 700,
            readKb: 4.2,
            writeKb: 16,
            readMs: 9,
            writeMs: 31,
            busy: 0.995,
            queue: 17,
          });
    },
    roots: [{ problem: 'db.mysql_bufferpool_gt_ram', subject: ['mysqld', 'mysql', 'db-klein'] }],
    chain: ['db.mysql_bufferpool_gt_ram>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'Amazon Linux: Redis without a limit outgrows the machine until the kernel kills the API',
    kind: 'fault',
    atFirst: 'wrong entity',
    onset: 3,
    runs: 9,
    box: () => {
      const b = at('amazon2023', 'cache-1a', {
        cores: 2,
        memory: 7770,
        disk: 'nvme0n1',
        net: 'ens5',
        crowd: 12,
      });
      b.serve('redis6.service', {
        name: 'redis6-server',
        exe: '/usr/bin/redis6-server',
        rss: 3100,
        cpu: 0.1,
        threads: 5,
        uid: 992,
        limit: 10_240,
      });
      b.serve('api.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-21-amazon-corretto/bin/java',
        rss: 1400,
        cpu: 0.2,
        threads: 80,
        uid: 1001,
      });
      b.listeners.push({
        at: '127.0.0.1:6379',
        process: 'redis6-server',
        pid: b.process('redis6-server').pid,
        backlog: 511,
      });
      b.files['etc/redis6/redis6.conf'] =
        'bind 127.0.0.1 -::1\nport 6379\ndir /var/lib/redis6\nsave 3600 1 300 100\nmaxmemory-policy noeviction\n';
      b.files['run/redis/.keep'] = '';
      return b;
    },
    each: (b, run) => {
      const mb = [3100, 3120, 3150, 3900, 4700, 5400, 6000, 6150, 6300][run]!;
      b.process('redis6-server').rss = mb;
      b.available = Math.max(120, 7770 - mb - 1400 - 300);
      b.programs['redis-cli'] = [['info*', redis(mb, 0, 'redis_version:6.2.14')]];
      if (run !== 7) return;
      b.oomKills = 1;
      b.process('java').rss = 1100;
      b.process('java').pid = 90_211;
      b.unit('api.service').restarts = 1;
      b.say(
        4,
        'redis6-server invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
        22,
      );
      b.say(
        6,
        'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/api.service,task=java,pid=2190,uid=1001',
        22,
      );
      b.say(
        3,
        'Out of memory: Killed process 2190 (java) total-vm:5310040kB, anon-rss:1433000kB, file-rss:0kB, shmem-rss:0kB, UID:1001 pgtables:3400kB oom_score_adj:0',
        22,
      );
    },
    roots: [{ problem: ['db.redis_no_maxmemory', 'mem.leak'], subject: ['redis', 'redis6-server'] }],
    chain: ['db.redis_no_maxmemory>mem.low', 'mem.low>mem.oom_kill'],
  },
  {
    name: 'Ubuntu 18.04: 120 PHP children on 4 GB, the kernel kills MySQL for them',
    kind: 'fault',
    onset: 2,
    runs: 7,
    box: () => {
      const b = at('ubuntu1804', 'wp-alt', {
        cores: 2,
        memory: 3940,
        disk: 'vda',
        net: 'ens3',
        now: '2026-02-02T18:40:00Z',
      });
      b.serve('nginx.service', { name: 'nginx', rss: 10, cpu: 0.05 });
      b.serve('php7.2-fpm.service', { name: 'php-fpm7.2', exe: '/usr/sbin/php-fpm7.2', rss: 30 });
      b.serve('mysql.service', { name: 'mysqld', rss: 520, cpu: 0.1, threads: 34, uid: 111 });
      b.files['etc/php/7.2/fpm/pool.d/www.conf'] =
        '[www]\nuser = www-data\nlisten = /run/php/php7.2-fpm.sock\npm = dynamic\npm.max_children = 120\npm.start_servers = 10\npm.min_spare_servers = 5\npm.max_spare_servers = 20\n';
      return b;
    },
    each: (b, run) => {
      const want = [10, 11, 30, 42, 48, 48, 48][run]!;
      const have = b.processes.filter((p) => p.name === 'php-fpm7.2' && p.uid === 33).length;
      for (let i = have; i < want; i++)
        b.run({
          pid: 12_000 + i,
          ppid: b.process('php-fpm7.2').pid,
          name: 'php-fpm7.2',
          exe: '/usr/sbin/php-fpm7.2',
          uid: 33,
          rss: 66,
          cpu: 0.03,
          unit: 'php7.2-fpm.service',
          started: b.uptime,
        });
      b.available = Math.max(60, 3940 - want * 66 - 520 - 250);
      if (run >= 3) {
        b.majorFaults = 700;
        b.directScan = 9000;
        b.load = [14, 8, 4];
        b.running = 9;
      }
      if (run !== 5) return;
      b.say(
        4,
        'php-fpm7.2 invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0, oom_score_adj=0',
        33,
      );
      b.say(
        3,
        `Out of memory: Kill process ${b.process('mysqld').pid} (mysqld) score 142 or sacrifice child`,
        33,
      );
      b.say(
        3,
        `Killed process ${b.process('mysqld').pid} (mysqld) total-vm:1311040kB, anon-rss:531200kB, file-rss:0kB, shmem-rss:0kB`,
        33,
      );
      b.oomKills = 1;
      b.fail('mysql.service', 'signal', 9, 2, 30);
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: ['php', 'www'] }],
    chain: ['web.phpfpm_overcommit>mem.low', 'mem.low>mem.oom_kill'],
  },
  {
    name: 'RHEL 9: a driver leaks kernel memory (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rhel9', 'edge-lb-1', {
        cores: 8,
        memory: 15_800,
        disk: 'sda',
        fs: 'xfs',
        net: 'ens1f0',
        crowd: 60,
        days: 141,
      });
      b.unreclaimable = 10_400;
      b.available = 900;
      b.cached = 500;
      b.serve('haproxy.service', {
        name: 'haproxy',
        rss: 240,
        cpu: 0.3,
        threads: 8,
        uid: 188,
        limit: 100_000,
      });
      return b;
    },
    roots: [{ problem: 'mem.slab_leak', subject: 'edge-lb-1' }],
    chain: ['mem.slab_leak>mem.low'],
  },
  {
    name: 'Debian 13 on arm64: films that are being cut fill /tmp, which is memory there',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('debian13arm', 'schnitt', {
        cores: 4,
        memory: 15_900,
        swap: 2048,
        disk: 'sda',
        net: 'enabcm6e4ei0',
      });
      b.mounts.push({
        dev: 'tmpfs',
        at: '/tmp',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev,size=15400000k,nr_inodes=1048576',
        mb: 15_000,
        used: 300,
        inodes: 1_048_576,
        inodesUsed: 90,
      });
      b.run({
        pid: 7001,
        name: 'ffmpeg',
        exe: '/usr/bin/ffmpeg',
        uid: 1000,
        rss: 600,
        cpu: 1.1,
        threads: 9,
        write: 0,
      });
      return b;
    },
    each: (b, run) => {
      const used = [300, 900, 5100, 9300, 12_600, 13_900, 14_300, 14_500][run]!;
      b.mount('/tmp').used = used;
      b.shmem = used + 20;
      b.available = Math.max(150, 15_900 - used - 900);
      b.swapUsed = Math.min(2040, Math.max(0, used - 12_000));
      if (run < 5) return;
      b.swapOut = 900;
      b.swapIn = 800;
      b.majorFaults = 300;
      b.psi.memory = 34;
      b.psi.memoryFull = 22;
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: ['/tmp', 'schnitt'] }],
    chain: ['mem.tmpfs_full>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'NixOS: a Python worker has grown for hours and goes on',
    kind: 'fault',
    every: 3600,
    runs: 8,
    box: () => {
      const b = at('nixos', 'rechner', {
        cores: 4,
        memory: 15_900,
        disk: 'nvme0n1',
        net: 'enp2s0',
        crowd: 30,
      });
      b.serve('ingest.service', {
        name: 'python3.12',
        exe: '/nix/store/ab1c2d3e4f5g6h7i8j9k0l1m2n3o4p5q-python3-3.12.11/bin/python3.12',
        rss: 1800,
        cpu: 0.2,
        uid: 990,
        threads: 6,
      });
      return b;
    },
    each: (b, run) => {
      b.process('python3.12').rss = 1800 + run * 1150;
      b.available = 15_900 - 3000 - run * 1150 - 1800;
    },
    roots: [{ problem: ['mem.leak', 'mem.time_to_exhaust'], subject: ['python3', 'ingest'] }],
  },
];

export function redis(
  mb: number,
  limit: number,
  version: string,
  more: Record<string, string | number> = {},
): string {
  const all: Record<string, string | number> = {
    used_memory: Math.round(mb * 0.97 * 1048576),
    used_memory_rss: Math.round(mb * 1048576),
    maxmemory: limit,
    maxmemory_policy: 'noeviction',
    mem_fragmentation_ratio: 1.03,
    loading: 0,
    rdb_changes_since_last_save: 90,
    rdb_bgsave_in_progress: 0,
    rdb_last_bgsave_status: 'ok',
    aof_enabled: 0,
    aof_last_write_status: 'ok',
    total_connections_received: 90_112,
    rejected_connections: 0,
    expired_keys: 40,
    evicted_keys: 0,
    connected_clients: 21,
    maxclients: 10_000,
    role: 'master',
    ...more,
  };
  return `# Server\r\n${version}\r\nredis_mode:standalone\r\nuptime_in_seconds:5400000\r\n\r\n${Object.entries(
    all,
  )
    .map(([k, v]) => `${k}:${v}\r\n`)
    .join('')}`;
}
