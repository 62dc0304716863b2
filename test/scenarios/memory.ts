// Scenarios of memory.
import { from, GiB, type Machine, MiB, monitor, ramp, type Scenario, thrash } from './scenario.ts';

const mysqlSettings = (pool: number, connections = 151) =>
  [
    'max_connections\t' + connections,
    'innodb_buffer_pool_size\t' + pool,
    'sort_buffer_size\t2097152',
    'join_buffer_size\t262144',
    'datadir\t/var/lib/mysql/',
    'Uptime\t86400',
    'Threads_connected\t20',
  ].join('\n');

/** The pressure of memory follows what is left. */
function squeeze(m: Machine): void {
  const left = m.available / m.ram;
  if (left < 0.06) thrash(m, 3000);
  else if (left < 0.1) m.psi.memory = 6;
}

export const memoryScenarios: Scenario[] = [
  {
    name: 'MariaDB buffer pool larger than RAM: memory, swap, iowait, load',
    kind: 'fault',
    reports: 45,
    onset: 5,
    setup: (m) => m.sections.set('mysql', mysqlSettings(12 * GiB)),
    minute(m, i) {
      m.run('mariadbd', {
        rss: 900 * MiB + ramp(i, 5, 260 * MiB, 6.2 * GiB),
        swap: from(i, 28, 1.5 * GiB, 0),
      });
      m.swapUsed = from(i, 28, 1.6 * GiB, 0);
      squeeze(m);
    },
    roots: [{ problem: 'db.mysql_bufferpool_gt_ram', subject: 'mariadbd' }],
    chain: ['db.mysql_bufferpool_gt_ram>mem.low', 'mem.low>mem.swap_thrash', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'A pool that is too large, and another program that takes the memory',
    kind: 'fault',
    reports: 45,
    onset: 5,
    setup: (m) => m.sections.set('mysql', mysqlSettings(12 * GiB)),
    minute(m, i) {
      m.run('java', { rss: 500 * MiB + ramp(i, 5, 260 * MiB, 6.2 * GiB), cpu: 8 });
      squeeze(m);
    },
    roots: [{ problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust'], subject: 'java' }],
  },
  {
    name: 'A leak of 60 MB a minute',
    kind: 'fault',
    reports: 110,
    onset: 10,
    minute(m, i) {
      m.run('node', { rss: 300 * MiB + ramp(i, 10, 60 * MiB, 5.6 * GiB), cpu: 5, ports: [3000] });
      squeeze(m);
    },
    roots: [{ problem: 'mem.leak', subject: 'node' }],
    chain: ['mem.leak>mem.low'],
  },
  {
    name: 'A leak over hours, seen before memory is short',
    kind: 'fault',
    reports: 100,
    step: 300,
    onset: 0,
    minute(m, i) {
      m.run('worker.py', { rss: 200 * MiB + ramp(i, 0, 60 * MiB, 6 * GiB), cpu: 3 });
    },
    roots: [{ problem: ['mem.leak', 'mem.time_to_exhaust'], subject: 'worker.py' }],
  },
  {
    name: 'One program takes all memory within minutes, and is killed',
    kind: 'fault',
    reports: 22,
    onset: 10,
    setup: (m) => {
      m.swap = 0;
      m.run('report-gen', { rss: 300 * MiB, cpu: 4, ports: [9000] });
    },
    minute(m, i) {
      if (i < 18) m.run('report-gen', { rss: 300 * MiB + ramp(i, 10, 900 * MiB, 6.3 * GiB) });
      if (i === 18) {
        m.kill('report-gen');
        m.stop('report-gen');
      }
    },
    roots: [{ problem: ['mem.oom_kill', 'mem.leak', 'mem.low'], subject: 'report-gen' }],
  },
  {
    name: 'OOM kill of the database takes the site down',
    kind: 'fault',
    reports: 20,
    onset: 14,
    setup: (m) => {
      m.swap = 0;
      m.sections.set('mysql', mysqlSettings(11 * GiB));
    },
    minute(m, i) {
      if (i < 14) m.run('mariadbd', { rss: 900 * MiB + ramp(i, 2, 550 * MiB, 6.3 * GiB) });
      if (i === 14) {
        m.kill('mariadbd');
        m.stop('mariadbd');
        m.unit('mariadb.service', { active: 'failed', sub: 'failed', result: 'oom-kill', exitStatus: 9 });
      }
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          code: 'http-status',
          summary: 'Status 500, expected 200',
          details: { status: 500 },
          about: { process: 'nginx', port: 443 },
        },
        900,
      ),
    ],
    roots: [{ problem: ['db.mysql_bufferpool_gt_ram', 'mem.oom_kill'], subject: 'mariadbd' }],
    chain: ['mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'A service hits the memory limit of its control group',
    kind: 'fault',
    reports: 16,
    onset: 12,
    setup: (m) => {
      m.run('indexer', { rss: 400 * MiB, cpu: 10 });
      m.unit('indexer.service');
    },
    minute(m, i) {
      const used = 300 * MiB + ramp(i, 2, 20 * MiB, 205 * MiB);
      m.run('indexer', { rss: used });
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [
          `memory.current:${used}`,
          `memory.max:${512 * MiB}`,
          `memory.stat:anon ${used}`,
          `memory.events:oom_kill ${from(i, 12, 1, 0)}`,
        ]
          .map((l) => `/sys/fs/cgroup/system.slice/indexer.service/${l}`)
          .join('\n'),
      );
      if (i === 12) {
        m.kill('indexer', '/system.slice/indexer.service');
        m.unit('indexer.service', {
          active: 'activating',
          sub: 'auto-restart',
          result: 'oom-kill',
          restarts: 1,
        });
      }
    },
    roots: [{ problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'], subject: 'indexer.service' }],
  },
  {
    name: 'A cgroup limit makes its service swap while the server has memory',
    kind: 'fault',
    reports: 20,
    onset: 8,
    setup: (m) => {
      m.run('cruncher', { rss: 60 * MiB, cpu: 20 });
    },
    minute(m, i) {
      const used = from(i, 8, 59 * MiB, 30 * MiB);
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [`memory.current:${used}`, `memory.max:${60 * MiB}`, `memory.stat:anon ${used}`]
          .map((l) => `/sys/fs/cgroup/system.slice/cruncher.service/${l}`)
          .join('\n'),
      );
      m.run('cruncher', { swap: from(i, 8, 120 * MiB, 0) });
      m.swapUsed = from(i, 8, 120 * MiB, 0);
      if (i >= 8) thrash(m, 2500);
    },
    roots: [{ problem: 'mem.cgroup_near_limit', subject: 'cruncher.service' }],
    chain: ['mem.cgroup_near_limit>mem.swap_thrash'],
  },
  {
    name: 'More PHP children than fit',
    kind: 'fault',
    reports: 25,
    onset: 12,
    setup: (m) =>
      m.sections.set(
        'grep -r . /etc',
        '/etc/php/8.2/fpm/pool.d/www.conf:[www]\n/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic\n/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 150\n/etc/php/8.2/fpm/pool.d/www.conf:listen = /run/php/php8.2-fpm.sock',
      ),
    minute(m, i) {
      const children = 8 + ramp(i, 12, 12, 100);
      m.run('php-fpm', { count: children, rss: children * 58 * MiB, cpu: 8 + ramp(i, 12, 5, 60) });
      squeeze(m);
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: 'php-fpm' }],
    chain: ['web.phpfpm_overcommit>mem.low'],
  },
  {
    name: 'Redis without a limit fills the memory',
    kind: 'fault',
    reports: 60,
    onset: 5,
    setup: (m) => {
      m.run('redis-server', { rss: 600 * MiB, cpu: 4, ports: [6379], bind: '127.0.0.1', uid: 110 });
    },
    minute(m, i) {
      const used = 600 * MiB + ramp(i, 5, 110 * MiB, 5.7 * GiB);
      m.run('redis-server', { rss: used });
      m.sections.set(
        'redis-cli',
        `used_memory:${Math.round(used)}\nmaxmemory:0\nmaxmemory_policy:noeviction\nrdb_last_bgsave_status:ok`,
      );
      squeeze(m);
    },
    roots: [{ problem: 'db.redis_no_maxmemory', subject: 'redis-server' }],
    chain: ['db.redis_no_maxmemory>mem.low'],
  },
  {
    name: 'Files in /dev/shm fill the memory',
    kind: 'fault',
    reports: 25,
    onset: 10,
    setup: (m) => {
      m.mount('/dev/shm', {
        source: 'tmpfs',
        type: 'tmpfs',
        size: 8 * GiB,
        used: 10 * MiB,
        options: 'rw,nosuid,nodev',
      });
    },
    minute(m, i) {
      const files = ramp(i, 10, 800 * MiB, 6.1 * GiB);
      m.mount('/dev/shm', { used: 10 * MiB + files });
      m.shmem = 50 * MiB + files;
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: '/dev/shm' }],
    chain: ['mem.tmpfs_full>mem.low'],
  },
  {
    name: 'PostgreSQL set up for a larger server',
    kind: 'fault',
    reports: 40,
    onset: 5,
    setup: (m) => {
      m.run('postgres', { rss: 700 * MiB, count: 40, cpu: 10, ports: [5432], bind: '127.0.0.1', uid: 111 });
      m.sections.set(
        'psql',
        'max_connections|200|\nshared_buffers|655360|8kB\nwork_mem|65536|kB\nactive|12|00:00:01',
      );
    },
    minute(m, i) {
      m.run('postgres', { rss: 700 * MiB + ramp(i, 5, 230 * MiB, 5.4 * GiB) });
      squeeze(m);
    },
    roots: [{ problem: 'db.pg_memory_config', subject: 'postgres' }],
    chain: ['db.pg_memory_config>mem.low'],
  },
  {
    name: 'The hypervisor takes memory back',
    kind: 'fault',
    reports: 25,
    onset: 12,
    setup: (m) => {
      m.run('java', { rss: 4.4 * GiB, cpu: 10 });
    },
    minute(m, i) {
      m.ram = from(i, 12, 6.2 * GiB, 8 * GiB);
    },
    roots: [{ problem: 'virt.balloon', subject: 'web1' }],
    chain: ['virt.balloon>mem.low'],
  },
  {
    name: 'Reserved huge pages leave no memory',
    kind: 'fault',
    reports: 12,
    onset: 0,
    setup: (m) => {
      m.hugeFree = 5 * GiB;
      m.run('java', { rss: 900 * MiB, cpu: 10 });
    },
    roots: [{ problem: 'mem.hugepages_waste', subject: 'web1' }],
    chain: ['mem.hugepages_waste>mem.low'],
  },
  {
    name: 'Corrected ECC errors rise on one DIMM',
    kind: 'fault',
    reports: 10,
    onset: 5,
    minute(m, i) {
      m.sections.set(
        'cat /sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count',
        String(from(i, 5, 40 + i, 0)),
      );
      m.sections.set('cat /sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count', '0');
    },
    roots: [{ problem: 'mem.ecc_corrected', subject: ['mc0'] }],
  },
];
