// Processor, processes and memory: what an admin would name, written before the product saw it.
import { installed, type Tree } from '../box.ts';
import { at, contain, crowd, engine, idOf, snaps } from '../abroad/lands.ts';
import { drives, fence, mutter, mysqlSays, noPsi, postgresSays } from './parts.ts';

export const processor: Tree[] = [
  {
    name: 'CentOS 7 guest: the host withholds a third of each processor (kernel 3.10, no PSI)',
    kind: 'fault',
    runs: 6,
    every: 300,
    onset: 1,
    box: () => {
      const b = at('centos7', 'vps-2119', {
        cores: 2,
        memory: 3789,
        disk: 'vda',
        fs: 'xfs',
        now: '2023-11-20T08:00:00Z',
        crowd: 40,
      });
      mutter(b);
      b.serve('httpd.service', { name: 'httpd', rss: 60, cpu: 0.2, uid: 48 });
      return b;
    },
    each: (b, run) => {
      b.steal = run ? 0.34 : 0.004;
      if (run) Object.assign(b, { load: [3.1, 2.9, 2.4], running: 4 });
    },
    roots: [{ problem: 'cpu.steal', subject: 'vps-2119' }],
  },
  {
    name: 'Debian 12: a Python report job spins on one of two cores since an hour (still counters)',
    kind: 'fault',
    atFirst: 'rule silent',
    runs: 8,
    still: true,
    onset: 2,
    box: () => {
      const b = at('debian12', 'ledger-1', { cores: 2, memory: 3900, crowd: 25 });
      b.run({ pid: 31_337, name: 'report.py', exe: '/usr/bin/python3.11', uid: 1001, rss: 140, cpu: 0.01 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      Object.assign(b.process('report.py'), { cpu: 0.99, state: 'R' });
      Object.assign(b, { load: [1.2, 1.1, 0.8], running: 2 });
      b.psi.cpu = 9;
    },
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: ['report.py', 'python3'] }],
  },
  {
    name: 'Rocky 9: a Java service is near its 4096 open files (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('rocky9', 'search-3', { cores: 8, memory: 31_800, fs: 'xfs', crowd: 60 });
      noPsi(b);
      b.serve('indexer.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-21/bin/java',
        uid: 990,
        rss: 9000,
        cpu: 0.4,
        threads: 88,
        fds: 3990,
        limit: 4096,
      });
      fence(b, '22, 8080');
      return b;
    },
    roots: [{ problem: 'proc.fd_process', subject: ['java', 'indexer'] }],
  },
  {
    name: 'Ubuntu 18.04, hybrid groups: the API is cut off by CPUQuota=40% in most periods',
    kind: 'fault',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('ubuntu1804', 'api-old', {
        cores: 4,
        memory: 7900,
        now: '2023-02-11T10:00:00Z',
        crowd: 50,
      });
      snaps(b, ['core18/2745', 'lxd/24061']);
      b.mounts.push({ dev: 'cgroup', at: '/sys/fs/cgroup/unified', type: 'cgroup2' });
      b.serve(
        'billing-api.service',
        { name: 'node', exe: '/usr/bin/node', uid: 997, rss: 320, cpu: 0.1, threads: 11 },
        { quota: 40_000, throttled: 0 },
      );
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      b.process('node').cpu = 0.4;
      b.unit('billing-api.service').throttled = 0.83;
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['billing-api', 'node'] }],
  },
  {
    name: 'Fedora: a queue of one virtual card keeps one of eight cores busy with soft interrupts',
    kind: 'fault',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('fedora43', 'sip-proxy', { cores: 8, memory: 15_800, fs: 'xfs', net: 'ens3' });
      b.serve('kamailio.service', { name: 'kamailio', rss: 400, cpu: 0.3, uid: 987 });
      return b;
    },
    each: (b, run) => {
      const hot = run > 0;
      Object.assign(b.net('ens3'), {
        rx: hot ? 48e6 : 2e6,
        tx: hot ? 45e6 : 2e6,
        rxPackets: hot ? 310_000 : 9000,
        txPackets: hot ? 280_000 : 8000,
        speed: -1,
      });
      b.softirqOfFirst = hot ? 0.88 : 0.02;
      b.softnet = hot ? [140, 320] : [0, 0];
    },
    roots: [{ problem: 'cpu.softirq_high', subject: ['sip-proxy', 'cpu0', 'ens3'] }],
    chain: ['cpu.softirq_high>net.softnet'],
  },
  {
    name: 'Ubuntu 24.04: a broken health check starts two hundred processes a second',
    kind: 'fault',
    atFirst: 'rule silent',
    runs: 7,
    onset: 2,
    box: () => {
      const b = at('ubuntu2404', 'lb-check', { cores: 4, memory: 7900, crowd: 30 });
      b.run({ pid: 9100, name: 'check.sh', exe: '/usr/bin/bash', rss: 4, cpu: 0.02 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.forks = 230;
      b.systemShare = 0.46;
      b.user = 0.12;
      b.process('check.sh').cpu = 0.3;
      Object.assign(b, { load: [5.2, 4.1, 2], running: 6 });
      for (let i = 0; i < 9; i++)
        if (run === 2)
          b.run({
            pid: 41_000 + i,
            name: 'curl',
            exe: '/usr/bin/curl',
            ppid: 9100,
            rss: 6,
            started: b.uptime - 1,
          });
    },
    roots: [{ problem: 'proc.fork_storm', subject: ['check.sh', 'lb-check'] }],
    chain: ['proc.fork_storm>cpu.system_high'],
  },
  {
    name: 'Debian 10: a PHP daemon never waits for its children, 900 zombies (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian10', 'queue-5', { cores: 2, memory: 2000, now: '2024-03-02T11:00:00Z', crowd: 20 });
      b.serve('dispatcher.service', { pid: 1400, name: 'php', exe: '/usr/bin/php7.3', uid: 33, rss: 90 });
      for (let i = 0; i < 900; i++)
        b.run({
          pid: 5000 + i,
          name: 'php',
          ppid: 1400,
          uid: 33,
          state: 'Z',
          rss: 0,
          started: 9000 + i * 60,
        });
      return b;
    },
    roots: [{ problem: 'proc.zombies', subject: ['php', 'dispatcher'] }],
  },
  {
    name: 'Redis open to the world runs a miner that takes all cores (SLES 15)',
    kind: 'fault',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('sles15z', 'cache-dmz', { cores: 4, memory: 7800, crowd: 30, fs: 'xfs' });
      b.nets[0]!.addresses = ['203.0.113.40/24'];
      const r = b.serve('redis@default.service', {
        name: 'redis-server',
        exe: '/usr/sbin/redis-server',
        uid: 480,
        rss: 60,
        cpu: 0.02,
      });
      b.listeners.push({ at: '0.0.0.0:6379', process: 'redis-server', pid: r.pid, backlog: 511 });
      b.files['etc/redis/default.conf'] =
        'bind 0.0.0.0\nprotected-mode no\nport 6379\ndir /var/lib/redis/default\n';
      return b;
    },
    each: (b, run) => {
      if (run !== 1) return;
      b.run({
        pid: 28_811,
        name: 'kdevtmpfsi',
        exe: '/tmp/kdevtmpfsi',
        uid: 480,
        ppid: 1,
        rss: 260,
        cpu: 3.8,
        threads: 9,
        state: 'R',
        started: b.uptime - 30,
      });
      Object.assign(b, { load: [4.3, 3.4, 1.9], running: 6 });
      b.psi.cpu = 42;
    },
    roots: [
      {
        problem: ['sec.redis_noauth', 'proc.suspicious', 'sec.db_exposed'],
        subject: ['redis', '6379', 'kdevtmpfsi', 'cache-dmz'],
      },
    ],
    chain: ['sec.redis_noauth>proc.suspicious', 'proc.suspicious>cpu.saturated'],
  },
  {
    name: 'CentOS 6: kernel 2.6.32 kills mysqld, because httpd has grown over the memory (one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('centos6', 'web01', {
        cores: 2,
        memory: 1877,
        swap: 1024,
        disk: 'sda',
        now: '2019-05-07T03:12:00Z',
        crowd: 12,
      });
      for (let i = 0; i < 40; i++)
        b.run({
          pid: 7000 + i,
          name: 'httpd',
          exe: '/usr/sbin/httpd',
          uid: 48,
          ppid: 1700,
          rss: 34,
          swap: 22,
        });
      b.swapUsed = 1020;
      b.free = 46;
      b.cached = 40;
      b.reclaimable = 12;
      b.say(4, 'httpd invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0', 300);
      b.say(6, 'Mem-Info:', 300);
      b.say(3, 'Out of memory: Kill process 1904 (mysqld) score 231 or sacrifice child', 299);
      b.say(
        3,
        'Killed process 1904, UID 27, (mysqld) total-vm:1204112kB, anon-rss:402112kB, file-rss:0kB',
        299,
      );
      return b;
    },
    roots: [{ problem: ['mem.low', 'mem.critical', 'mem.oom_kill'], subject: ['httpd', 'mysqld', 'web01'] }],
  },
  {
    name: 'a Java heap that grows for five hours: the kernel kills MariaDB (AlmaLinux 8)',
    kind: 'fault',
    runs: 14,
    every: 1800,
    onset: 2,
    box: () => {
      const b = at('alma8', 'erp-1', { cores: 4, memory: 15_700, swap: 2048, fs: 'xfs', crowd: 40, days: 9 });
      noPsi(b);
      b.serve('wildfly.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-11/bin/java',
        uid: 1002,
        rss: 2100,
        cpu: 0.3,
        threads: 140,
      });
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/libexec/mariadbd',
        uid: 27,
        rss: 3000,
        cpu: 0.1,
        threads: 40,
      });
      return b;
    },
    each: (b, run) => {
      const java = b.process('java');
      java.rss = 2100 + run * 850;
      b.swapUsed = run > 10 ? 2040 : 0;
      if (run === 13) {
        java.rss = 12_900;
        b.oomKills = 1;
        b.fail('mariadb.service', 'oom-kill', 9, 2, 400);
        b.say(
          4,
          'java invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0, oom_score_adj=0',
          401,
        );
        b.say(
          6,
          'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/mariadb.service,task=mariadbd,pid=1190,uid=27',
          401,
        );
        b.say(
          3,
          'Out of memory: Killed process 1190 (mariadbd) total-vm:5511032kB, anon-rss:3070112kB, file-rss:0kB, shmem-rss:0kB, UID:27 pgtables:6611kB oom_score_adj:0',
          400,
        );
      }
    },
    roots: [{ problem: 'mem.leak', subject: ['java', 'wildfly'] }],
    chain: ['mem.leak>mem.oom_kill', 'mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'a VPS of one gigabyte swaps all the time under Apache prefork (Debian 11, files that stand still)',
    kind: 'fault',
    runs: 8,
    still: true,
    onset: 2,
    box: () => {
      const b = at('debian11', 'blog', { cores: 1, memory: 968, swap: 2048, disk: 'sda', crowd: 6 });
      b.serve('apache2.service', { name: 'apache2', rss: 120, uid: 33, cpu: 0.05, threads: 2 });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2)
        for (let i = 0; i < 22; i++)
          b.run({
            pid: 12_000 + i,
            name: 'apache2',
            exe: '/usr/sbin/apache2',
            uid: 33,
            unit: 'apache2.service',
            rss: 31,
            swap: 40,
            cpu: 0.02,
            state: i % 3 ? 'D' : 'R',
            wchan: 'folio_wait_bit_common',
            started: b.uptime - 60,
          });
      Object.assign(b, {
        available: 41,
        free: 22,
        cached: 30,
        swapUsed: 1700,
        swapIn: 2100,
        swapOut: 1800,
        majorFaults: 1400,
        directScan: 4000,
        iowait: 0.6,
        blocked: 15,
        load: [18, 12, 6],
        running: 5,
      });
      Object.assign(b.psi, { memory: 61, memoryFull: 44, io: 70, ioFull: 58 });
      Object.assign(b.disk('sda'), {
        reads: 2100,
        readKb: 4.4,
        writes: 460,
        writeKb: 16,
        readMs: 12,
        writeMs: 30,
        busy: 0.99,
        queue: 28,
      });
    },
    roots: [{ problem: ['mem.low', 'mem.critical', 'web.apache_workers'], subject: ['blog', 'apache2'] }],
    chain: ['mem.low>mem.swap_thrash', 'mem.swap_thrash>disk.saturated', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'half of the memory is reserved as huge pages for a database that was moved away',
    kind: 'fault',
    runs: 5,
    every: 300,
    onset: 0,
    box: () => {
      const b = at('oracle8', 'ora-prev', { cores: 8, memory: 32_000, swap: 8000, fs: 'xfs', crowd: 50 });
      b.hugePages = [11_500, 11_500];
      b.serve('weblogic.service', {
        name: 'java',
        exe: '/u01/jdk/bin/java',
        uid: 54_321,
        rss: 6800,
        threads: 210,
        cpu: 0.3,
      });
      Object.assign(b, { available: 1100, free: 500, cached: 700, swapUsed: 3100 });
      return b;
    },
    roots: [{ problem: 'mem.hugepages_waste', subject: ['ora-prev'] }],
    chain: ['mem.hugepages_waste>mem.low'],
  },
  {
    name: 'a worker dies again and again at MemoryMax=400M, though the host has room (Ubuntu 25.10, kernel 6.17)',
    kind: 'fault',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('ubuntu2510', 'media-7', { cores: 8, memory: 31_000, crowd: 60 });
      b.serve(
        'thumbs.service',
        { name: 'thumbs', exe: '/opt/thumbs/thumbs', uid: 991, rss: 210, cpu: 0.3, threads: 8 },
        { memoryMax: 400, restarts: 0 },
      );
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      const u = b.unit('thumbs.service');
      const p = b.process('thumbs');
      p.rss = 330 + (run % 2) * 60;
      p.pid = 60_000 + run * 11;
      p.started = b.uptime + 20;
      Object.assign(u, { pid: p.pid, restarts: run * 2, oomKills: 0, since: b.now + 20 });
      b.oomKills = run * 2;
      for (const i of [0, 1]) {
        b.say(
          4,
          'thumbs invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
          30 + i * 20,
        );
        b.say(
          6,
          'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/thumbs.service,task_memcg=/system.slice/thumbs.service,task=thumbs,pid=59911,uid=991',
          30 + i * 20,
        );
        b.say(
          3,
          'Memory cgroup out of memory: Killed process 59911 (thumbs) total-vm:901120kB, anon-rss:408112kB, file-rss:2048kB, shmem-rss:0kB, UID:991 pgtables:980kB oom_score_adj:0',
          30 + i * 20,
        );
      }
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['thumbs'] }],
    chain: ['mem.cgroup_oom>svc.restart_loop'],
  },
  {
    name: 'the balloon takes eight of sixteen gigabytes from a guest, which begins to swap',
    kind: 'fault',
    runs: 8,
    onset: 3,
    box: () => {
      const b = at('debian12', 'vm-crm', { cores: 4, memory: 16_000, swap: 4096, crowd: 30 });
      b.serve('postgresql@15-main.service', {
        name: 'postgres',
        exe: '/usr/lib/postgresql/15/bin/postgres',
        uid: 110,
        rss: 4100,
        cpu: 0.1,
      });
      b.serve('crm.service', { name: 'ruby', exe: '/usr/bin/ruby3.1', uid: 1001, rss: 3000, cpu: 0.2 });
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.memory = 8100;
      Object.assign(b, {
        available: 260,
        free: 120,
        cached: 200,
        swapUsed: 1100 + run * 100,
        swapIn: 900,
        swapOut: 1500,
        majorFaults: 600,
        directScan: 900,
        iowait: 0.2,
      });
      Object.assign(b.psi, { memory: 28, memoryFull: 17, io: 30, ioFull: 22 });
      Object.assign(b.disk('vda'), {
        reads: 900,
        readKb: 5,
        writes: 380,
        writeKb: 16,
        readMs: 2,
        writeMs: 4,
        busy: 0.7,
        queue: 3,
      });
    },
    roots: [{ problem: 'virt.balloon', subject: ['vm-crm'] }],
    chain: ['virt.balloon>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'Ubuntu 16.04: InnoDB was given 14 GB on a server of 8 GB and swaps',
    kind: 'fault',
    atFirst: 'wrong edge',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('ubuntu1604', 'db-legacy', {
        cores: 4,
        memory: 7976,
        swap: 8192,
        disk: 'sda',
        now: '2021-03-03T09:00:00Z',
        crowd: 24,
      });
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 112,
        rss: 7000,
        swap: 3800,
        cpu: 0.3,
        threads: 66,
      });
      b.files['etc/mysql/mysql.conf.d/mysqld.cnf'] =
        '[mysqld]\nuser\t\t= mysql\nport\t\t= 3306\nbind-address\t= 127.0.0.1\ninnodb_buffer_pool_size = 14G\nmax_connections = 200\n';
      Object.assign(b.disk('sda'), { rotational: true });
      return b;
    },
    each: (b, run) => {
      Object.assign(b, { available: 420, free: 200, cached: 300, swapUsed: 3900 });
      if (!run) return;
      Object.assign(b, {
        available: 150,
        free: 90,
        cached: 120,
        swapUsed: 4100 + run * 100,
        swapIn: 1600,
        swapOut: 1900,
        majorFaults: 900,
        directScan: 2000,
        iowait: 0.45,
        blocked: 7,
        load: [8, 6, 4],
      });
      Object.assign(b.disk('sda'), {
        reads: 190,
        readKb: 34,
        writes: 60,
        writeKb: 128,
        readMs: 30,
        writeMs: 90,
        busy: 0.99,
        queue: 14,
      });
    },
    roots: [{ problem: 'db.mysql_bufferpool_gt_ram', subject: ['mysql', 'mysqld', 'db-legacy'] }],
    chain: [
      'db.mysql_bufferpool_gt_ram>mem.swap_thrash',
      'mem.swap_thrash>disk.saturated',
      'mem.swap_thrash>cpu.iowait',
    ],
  },
  {
    name: 'PostgreSQL: shared_buffers of 12 GB and work_mem of 256 MB on 16 GB, the kernel kills a backend',
    kind: 'fault',
    atFirst: 'wrong entity',
    runs: 6,
    onset: 1,
    box: () => {
      const b = at('rhel9', 'dwh-2', { cores: 8, memory: 15_600, swap: 0, fs: 'xfs', crowd: 30 });
      noPsi(b);
      b.serve('postgresql.service', {
        pid: 1201,
        name: 'postmaster',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 400,
        cpu: 0.1,
      });
      for (let i = 0; i < 10; i++)
        b.run({
          pid: 15_000 + i,
          ppid: 1201,
          name: 'postmaster',
          exe: '/usr/bin/postgres',
          uid: 26,
          unit: 'postgresql.service',
          rss: 350,
          cpu: 0.1,
        });
      postgresSays(b, {
        settings:
          'data_directory|/var/lib/pgsql/data|\nmax_connections|300|\nshared_buffers|1572864|8kB\nwork_mem|262144|kB\n',
        states: 'active|10|00:04:11.2\nidle|31|\n',
      });
      return b;
    },
    each: (b, run) => {
      for (const p of b.processes) if (p.pid >= 15_000 && p.pid < 15_010) p.rss = 350 + run * 200;
      if (run < 3) return;
      Object.assign(b, { available: 300, free: 150, cached: 7000 });
      b.oomKills = run - 2;
      b.say(
        4,
        'postmaster invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
        20,
      );
      b.say(
        6,
        'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/postgresql.service,task=postmaster,pid=15044,uid=26',
        20,
      );
      b.say(
        3,
        'Out of memory: Killed process 15044 (postmaster) total-vm:14112000kB, anon-rss:1411200kB, file-rss:3100kB, shmem-rss:9011200kB, UID:26 pgtables:18112kB oom_score_adj:0',
        20,
      );
    },
    roots: [{ problem: 'db.pg_memory_config', subject: ['postgres', 'dwh-2', 'postmaster'] }],
    chain: ['db.pg_memory_config>mem.low', 'mem.low>mem.oom_kill'],
  },
  {
    name: 'EDAC counts corrected errors of one module, in /sys and in the log (two reports a day apart)',
    kind: 'fault',
    runs: 2,
    every: 86_400,
    box: () => {
      const b = at('rocky8', 'hpc-17', {
        cores: 32,
        memory: 128_000,
        swap: 4096,
        disk: 'sda',
        fs: 'xfs',
        crowd: 90,
      });
      noPsi(b);
      return b;
    },
    each: (b, run) => {
      const n = run ? 212 : 3;
      for (const mc of ['mc0', 'mc1'])
        Object.assign(b.files, {
          [`sys/devices/system/edac/mc/${mc}/ce_count`]: `${mc === 'mc1' ? n : 0}\n`,
          [`sys/devices/system/edac/mc/${mc}/ue_count`]: '0\n',
        });
      Object.assign(b.files, {
        'sys/devices/system/edac/mc/mc1/dimm3/dimm_label': 'CPU_SrcID#1_MC#0_Chan#3_DIMM#0\n',
        'sys/devices/system/edac/mc/mc1/dimm3/dimm_ce_count': `${n}\n`,
        'sys/devices/system/edac/mc/mc1/dimm3/dimm_ue_count': '0\n',
      });
      if (run)
        b.say(
          3,
          'EDAC MC1: 9 CE memory read error on CPU_SrcID#1_MC#0_Chan#3_DIMM#0 (channel:3 slot:0 page:0x3f1a2c offset:0x140 grain:32 syndrome:0x0 -  err_code:0x0101:0x0092 SystemAddress:0x3f1a2c140)',
          900,
        );
    },
    roots: [{ problem: 'mem.ecc_corrected', subject: ['mc1', 'CPU_SrcID#1', 'hpc-17'] }],
  },
  {
    name: 'a bug of the kernel: a NULL pointer in the driver of the network card (Arch, one report)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('arch', 'edge-ams', { cores: 4, memory: 7900, crowd: 20 });
      mutter(b);
      b.say(1, 'BUG: kernel NULL pointer dereference, address: 0000000000000038', 700);
      b.say(1, '#PF: supervisor read access in kernel mode', 700);
      b.say(4, 'Oops: Oops: 0000 [#1] SMP NOPTI', 700);
      b.say(4, 'CPU: 3 UID: 0 PID: 0 Comm: swapper/3 Not tainted 6.16.8-arch3-1 #1 PREEMPT(full)', 700);
      b.say(4, 'RIP: 0010:igc_clean_rx_irq+0x4a2/0xd10 [igc]', 700);
      b.say(4, 'Call Trace:', 700);
      b.say(4, '---[ end trace 0000000000000000 ]---', 699);
      return b;
    },
    roots: [{ problem: 'sys.crash', subject: ['edge-ams', 'igc', 'swapper'] }],
  },
  {
    name: 'a fan of the board has stopped: the processor gets hot, is throttled and can no longer do its work (nct6798)',
    kind: 'fault',
    runs: 9,
    every: 120,
    onset: 2,
    box: () => {
      const b = at('debian13', 'render-4', { cores: 8, memory: 31_000, disk: 'nvme0n1', crowd: 20 });
      b.serve('blender.service', {
        name: 'blender',
        exe: '/opt/blender/blender',
        uid: 1001,
        rss: 3000,
        cpu: 4.5,
        threads: 8,
      });
      return b;
    },
    each: (b, run) => {
      const hot = run - 2;
      const fan = run < 2 ? 1340 : 0;
      const temp = hot < 0 ? 61_000 : Math.min(100_000, 74_000 + hot * 9000);
      const cut = Math.max(0, hot - 1) * 4100;
      Object.assign(b.files, {
        'sys/class/hwmon/hwmon3/name': 'nct6798\n',
        'sys/class/hwmon/hwmon3/fan1_input': '812\n',
        'sys/class/hwmon/hwmon3/fan1_alarm': '0\n',
        'sys/class/hwmon/hwmon3/fan2_input': `${fan}\n`,
        'sys/class/hwmon/hwmon3/fan2_min': '300\n',
        'sys/class/hwmon/hwmon3/fan2_alarm': `${fan ? 0 : 1}\n`,
        'sys/class/hwmon/hwmon3/fan5_input': '0\n',
        'sys/class/hwmon/hwmon2/name': 'coretemp\n',
        'sys/class/hwmon/hwmon2/temp1_label': 'Package id 0\n',
        'sys/class/hwmon/hwmon2/temp1_input': `${temp}\n`,
        'sys/class/hwmon/hwmon2/temp1_max': '84000\n',
        'sys/class/hwmon/hwmon2/temp1_crit': '100000\n',
        'sys/class/hwmon/hwmon2/temp1_crit_alarm': '0\n',
      });
      for (let i = 0; i < 8; i++) {
        b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/core_throttle_count`] = `${cut}\n`;
        b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/package_throttle_count`] = `${cut}\n`;
      }
      if (hot > 1) {
        b.process('blender').cpu = 7.8;
        Object.assign(b, { load: [13, 11, 8], running: 13 });
        b.psi.cpu = 48;
        b.say(
          2,
          'mce: CPU1: Core temperature is above threshold, cpu clock is throttled (total events = 4100)',
          20,
        );
      }
    },
    roots: [{ problem: 'hw.fan', subject: ['nct6798', 'fan2'] }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle', 'cpu.thermal_throttle>cpu.saturated'],
  },
  {
    name: 'zombies of a cron wrapper use up the 2048 process numbers of a small server (AlmaLinux 8, installed)',
    kind: 'fault',
    atFirst: 'the case was wrong',
    runs: 6,
    every: 600,
    rhythm: installed,
    onset: 0,
    box: () => {
      const b = at('alma8', 'jobs-2', { cores: 4, memory: 15_700, crowd: 0 });
      noPsi(b);
      b.files['proc/sys/kernel/pid_max'] = '2048\n';
      b.serve('jobrunner.service', {
        pid: 1404,
        name: 'jobrunner',
        exe: '/opt/jobs/jobrunner',
        uid: 1003,
        rss: 60,
      });
      b.serve('nightly.service', { name: 'nightly', rss: 20 });
      return b;
    },
    each: (b, run) => {
      const taken = new Set(b.processes.map((p) => p.pid));
      for (let pid = 300, n = 0; n < (run < 4 ? 370 : run < 5 ? 150 : 40) && pid < 2040; pid++) {
        if (taken.has(pid)) continue;
        n++;
        b.run({ pid, name: 'job', ppid: 1404, uid: 1003, state: 'Z', rss: 0, started: b.uptime + n });
      }
      if (run < 5) return;
      b.say(4, 'cgroup: fork rejected by pids controller in /system.slice/nightly.service', 30);
      b.fail('nightly.service', 'resources', 0, 0, 30);
    },
    roots: [{ problem: 'proc.zombies', subject: ['jobrunner'] }],
    chain: ['proc.zombies>proc.pid_exhaustion'],
  },
  {
    name: 'a container of Podman is held back by its limit of I/O, its disk has nothing to do (Fedora)',
    kind: 'fault',
    runs: 8,
    onset: 1,
    box: () => {
      const b = at('fedora43', 'podhost', {
        cores: 4,
        memory: 15_800,
        disk: 'nvme0n1',
        fs: 'btrfs',
        crowd: 30,
      });
      b.serve(
        'loki.service',
        { name: 'loki', exe: '/usr/bin/loki', uid: 10_001, rss: 600, cpu: 0.2, threads: 14, write: 900_000 },
        { ioMax: '259:0 rbps=max wbps=1048576 riops=max wiops=max' },
      );
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      Object.assign(b.psi, { io: 66, ioFull: 61 });
      Object.assign(b.process('loki'), { state: 'D', wchan: 'rq_qos_wait', write: 1_048_000 });
      Object.assign(b, { iowait: 0.2, blocked: 3 });
      Object.assign(b.disk('nvme0n1'), { writes: 16, writeKb: 64, writeMs: 0.7, busy: 0.02 });
      b.files['sys/fs/cgroup/system.slice/loki.service/io.stat'] =
        `259:0 rbytes=4096000 wbytes=${8_000_000_000 + run * 62_900_000} rios=1000 wios=${90_000 + run * 960} dbytes=0 dios=0\n`;
      b.files['sys/fs/cgroup/system.slice/loki.service/io.pressure'] =
        'some avg10=91.00 avg60=88.20 avg300=60.00 total=91022113\nfull avg10=90.10 avg60=87.20 avg300=60.00 total=90022113\n';
    },
    roots: [{ problem: 'disk.cgroup_throttled', subject: ['loki'] }],
  },
  {
    name: 'a container of one report: exited with 137, killed at its limit of memory (Docker, Debian 11)',
    kind: 'fault',
    runs: 1,
    box: () => {
      const b = at('debian11', 'docker-lab', { cores: 4, memory: 7800, crowd: 10 });
      b.serve('docker.service', { name: 'dockerd', rss: 120, threads: 30 });
      contain(
        b,
        { name: 'proxy', id: idOf('px'), image: 'nginx:1.27', status: 'Up 2 weeks' },
        { name: 'nginx', rss: 12 },
      );
      contain(b, {
        name: 'matomo-cron',
        id: idOf('mc'),
        image: 'matomo:5',
        status: 'Exited (137) 12 minutes ago',
        oom: true,
        exit: 137,
        since: '2026-03-11T14:01:00.1Z',
      });
      engine(b);
      b.say(4, 'php invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0', 720);
      b.say(
        6,
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-${idOf('mc')}.scope,mems_allowed=0,oom_memcg=/system.slice/docker-${idOf('mc')}.scope,task_memcg=/system.slice/docker-${idOf('mc')}.scope,task=php,pid=22110,uid=33`,
        720,
      );
      b.say(
        3,
        'Memory cgroup out of memory: Killed process 22110 (php) total-vm:812112kB, anon-rss:258112kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:812kB oom_score_adj:0',
        720,
      );
      crowd(b, 5);
      return b;
    },
    roots: [{ problem: ['mem.cgroup_oom'], subject: ['matomo-cron', 'php', 'docker'] }],
  },
  {
    name: 'a big copy to a slow USB disk fills memory with dirty pages, everything waits for it',
    kind: 'fault',
    runs: 7,
    onset: 1,
    box: () => {
      const b = at('ubuntu2204', 'office-fs', { cores: 4, memory: 7900, disk: 'sda', crowd: 30 });
      drives(b, ['sdb'], { gb: 4000, rotational: true, model: 'Elements 25A3', parts: [['sdb1', 3999]] });
      b.mounts.push({ dev: '/dev/sdb1', at: '/media/usb', type: 'ext4', mb: 3_800_000, used: 2_000_000 });
      return b;
    },
    each: (b, run) => {
      if (!run) return;
      if (run === 1)
        b.run({
          pid: 30_110,
          name: 'cp',
          exe: '/usr/bin/cp',
          rss: 3,
          cpu: 0.05,
          state: 'D',
          wchan: 'balance_dirty_pages',
          read: 26e6,
          write: 26e6,
          started: b.uptime - 30,
        });
      Object.assign(b, { dirty: 1500, iowait: 0.42, blocked: 6, load: [6, 4, 2] });
      Object.assign(b.psi, { io: 61, ioFull: 47 });
      Object.assign(b.disk('sdb'), { writes: 52, writeKb: 500, writeMs: 900, busy: 1, queue: 47 });
    },
    roots: [
      { problem: ['disk.fsync_stall', 'disk.saturated'], subject: ['office-fs', 'sdb', 'cp', '/media/usb'] },
    ],
    chain: ['disk.saturated>cpu.iowait'],
  },
  {
    name: 'MySQL: a lock held by one transaction stops the shop, PHP and nginx (Ubuntu 22.04)',
    kind: 'fault',
    runs: 9,
    onset: 2,
    box: () => {
      const b = at('ubuntu2204', 'shop-22', { cores: 4, memory: 15_900, crowd: 30 });
      b.serve('nginx.service', { name: 'nginx', rss: 14, cpu: 0.05 });
      b.serve('php8.1-fpm.service', { name: 'php-fpm8.1', uid: 33, rss: 50, cpu: 0.1 });
      b.serve('mysql.service', {
        name: 'mysqld',
        exe: '/usr/sbin/mysqld',
        uid: 112,
        rss: 4100,
        cpu: 0.2,
        threads: 60,
      });
      b.files['run/mysqld/mysqld.sock'] = '';
      b.files['etc/php/8.1/fpm/pool.d/www.conf'] =
        '[www]\nuser = www-data\npm = dynamic\npm.max_children = 20\n';
      return b;
    },
    each: (b, run) => {
      const bad = run >= 2;
      const d = new Date((b.now + 20) * 1000).toISOString();
      mysqlSays(
        b,
        {
          Threads_connected: bad ? 24 : 6,
          Threads_running: bad ? 21 : 2,
          Innodb_row_lock_current_waits: bad ? 19 : 0,
          Innodb_row_lock_waits: 212 + (bad ? (run - 1) * 300 : 0),
          Innodb_row_lock_time: 90_112 + (bad ? (run - 1) * 990_000 : 0),
          Questions: 412_000_000 + run * 30_000,
          Slow_queries: 912 + (bad ? (run - 1) * 140 : 0),
          Uptime: 1_900_000 + run * 60,
        },
        { innodb_buffer_pool_size: 4_294_967_296, version: '8.0.43-0ubuntu0.22.04.1' },
        '',
        bad
          ? 'now\t311\tRUNNING\tupdate\tupdate `stock`\n' +
              'now\t48\tupdatingLOCK_WAIT\tupdate\tupdate `stock`\n'.repeat(19)
          : '',
      );
      if (!bad) return;
      b.files['var/log/php8.1-fpm.log'] =
        `[${new Date((b.now + 20) * 1000).toUTCString().slice(5, 16).replace(/ /g, '-')} ${d.slice(11, 19)}] WARNING: [pool www] server reached pm.max_children setting (20), consider raising it\n`;
      const t = `${d.slice(0, 10).replace(/-/g, '/')} ${d.slice(11, 19)}`;
      b.files['var/log/nginx/error.log'] =
        `${t} [error] 1204#1204: *90112 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 198.51.100.7, server: shop, request: "POST /cart HTTP/1.1", upstream: "fastcgi://unix:/run/php/php8.1-fpm.sock"\n`.repeat(
          12,
        );
    },
    roots: [{ problem: 'db.mysql_locks', subject: ['mysql', 'mysqld', 'shop-22'] }],
    chain: ['db.mysql_locks>web.phpfpm_children', 'web.phpfpm_children>svc.upstream_timeout'],
  },
];
