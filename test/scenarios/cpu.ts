// Scenarios of CPU, processes and limits.
import { from, MiB, monitor, ramp, type Scenario } from './scenario.ts';

export const cpuScenarios: Scenario[] = [
  {
    name: 'A busy loop on all cores',
    kind: 'fault',
    reports: 22,
    onset: 12,
    minute(m, i) {
      if (i === 12)
        m.run('burn', { cpu: 400, count: 4, rss: 8 * MiB, exe: '/usr/bin/burn', cgroup: '/user.slice' });
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: 'burn' }],
    chain: ['proc.runaway>cpu.saturated'],
  },
  {
    name: 'One busy thread',
    kind: 'fault',
    reports: 22,
    onset: 12,
    minute(m, i) {
      if (i === 12) m.run('convert-all', { cpu: 100, rss: 80 * MiB, exe: '/opt/app/convert-all' });
    },
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'convert-all' }],
  },
  {
    name: 'A miner in /tmp',
    kind: 'fault',
    reports: 20,
    onset: 8,
    minute(m, i) {
      if (i === 8)
        m.run('kdevtmpfsi', {
          cpu: 195,
          threads: 4,
          rss: 200 * MiB,
          uid: 33,
          exe: '/tmp/kdevtmpfsi',
          cgroup: '/',
        });
    },
    roots: [{ problem: 'proc.suspicious', subject: 'kdevtmpfsi' }],
    chain: ['proc.suspicious>cpu.saturated'],
  },
  {
    name: 'The hypervisor withholds a third of the CPU',
    kind: 'fault',
    reports: 24,
    onset: 12,
    minute(m, i) {
      m.steal = from(i, 12, 33, 0.5);
    },
    roots: [{ problem: 'cpu.steal', subject: 'web1' }],
  },
  {
    name: 'Steal makes the site slow',
    kind: 'fault',
    reports: 24,
    onset: 12,
    minute(m, i) {
      m.steal = from(i, 12, 40, 0.5);
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          state: 'degraded',
          code: 'http-slow',
          summary: 'The answer took 4200 ms',
          about: { process: 'nginx', port: 443 },
        },
        800,
      ),
    ],
    roots: [{ problem: 'cpu.steal', subject: 'web1' }],
    chain: ['cpu.steal>svc.http_slow'],
  },
  {
    name: 'A CPU quota holds nginx back',
    kind: 'fault',
    reports: 20,
    onset: 10,
    minute(m, i) {
      const periods = 1000 + i * 600;
      const throttled = i < 10 ? 0 : (i - 9) * 420;
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [
          `memory.current:${80 * MiB}`,
          `cpu.max:20000 100000`,
          `cpu.stat:usage_usec ${i * 12_000_000}`,
          `cpu.stat:nr_periods ${periods}`,
          `cpu.stat:nr_throttled ${throttled}`,
        ]
          .map((l) => `/sys/fs/cgroup/system.slice/nginx.service/${l}`)
          .join('\n'),
      );
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          state: 'degraded',
          code: 'http-slow',
          summary: 'The answer took 3100 ms',
          about: { process: 'nginx', unit: 'nginx.service', port: 443 },
        },
        700,
      ),
    ],
    roots: [{ problem: 'cpu.throttled_cgroup', subject: 'nginx.service' }],
    chain: ['cpu.throttled_cgroup>svc.http_slow'],
  },
  {
    name: 'A shell script forks without end',
    kind: 'fault',
    reports: 20,
    onset: 10,
    minute(m, i) {
      m.forks = from(i, 10, 900, 3);
      m.system = from(i, 10, 60, 2);
      m.switches = from(i, 10, 30_000, 3000);
      if (i >= 10)
        m.run('loop.sh', { cpu: 30, count: 3, rss: 9 * MiB, cgroup: '/user.slice', exe: '/usr/bin/dash' });
    },
    roots: [{ problem: 'proc.fork_storm', subject: 'loop.sh' }],
    chain: ['proc.fork_storm>cpu.system_high'],
  },
  {
    name: 'A parent that does not collect its children',
    kind: 'fault',
    reports: 40,
    onset: 4,
    setup: (m) => {
      m.threadsMax = 2000;
    },
    minute(m, i) {
      m.zombies = ramp(i, 4, 60, 1900);
    },
    roots: [{ problem: ['proc.zombies', 'proc.pid_exhaustion'], subject: 'web1' }],
    chain: ['proc.zombies>proc.pid_exhaustion'],
  },
  {
    name: 'Three thousand threads under a limit of tasks',
    kind: 'fault',
    reports: 14,
    onset: 6,
    minute(m, i) {
      const tasks = 200 + ramp(i, 6, 900, 2800);
      m.run('java', { threads: tasks, rss: 700 * MiB, cpu: 10 });
      m.sections.set(
        'grep -r . /sys/fs/cgroup',
        [`memory.current:${700 * MiB}`, `pids.current:${tasks}`, 'pids.max:3100']
          .map((l) => `/sys/fs/cgroup/system.slice/java.service/${l}`)
          .join('\n'),
      );
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: 'java.service' }],
  },
  {
    name: 'nginx runs out of open files',
    kind: 'fault',
    reports: 12,
    onset: 6,
    minute(m, i) {
      const pid = m.programs.get('nginx')!.pids[0]?.pid ?? 1;
      m.sections.set('ls /proc/[0-9]*/fd | wc -l', `${pid} ${from(i, 6, 63, 20)} 64`);
    },
    roots: [{ problem: 'proc.fd_process', subject: 'nginx' }],
  },
  {
    name: 'A fan stops, the CPU gets hot and slow',
    kind: 'fault',
    reports: 24,
    onset: 10,
    setup: (m) => {
      m.run('render', { cpu: 150, count: 2, rss: 300 * MiB });
    },
    minute(m, i) {
      const heat = 62 + ramp(i, 11, 8, 38);
      m.sections.set('cat /sys/class/hwmon/hwmon0/name', 'nct6775');
      m.sections.set('cat /sys/class/hwmon/hwmon0/fan1_input', String(from(i, 10, 0, 1480)));
      m.sections.set('cat /sys/class/hwmon/hwmon0/fan1_label', 'CPU fan');
      m.sections.set('cat /sys/class/hwmon/hwmon1/name', 'coretemp');
      m.sections.set('cat /sys/class/hwmon/hwmon1/temp1_input', String(heat * 1000));
      m.sections.set('cat /sys/class/hwmon/hwmon1/temp1_max', '88000');
      m.sections.set('cat /sys/class/hwmon/hwmon1/temp1_crit', '105000');
      m.sections.set('cat /sys/class/hwmon/hwmon1/temp1_label', 'Package id 0');
      m.sections.set(
        'cat /sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count',
        String(ramp(i, 14, 300, 1e6)),
      );
    },
    roots: [{ problem: 'hw.fan', subject: 'nct6775 CPU fan' }],
    chain: ['hw.fan>hw.temp_high', 'hw.temp_high>cpu.thermal_throttle'],
  },
  {
    name: 'Interrupt work fills one core',
    kind: 'fault',
    reports: 16,
    onset: 8,
    setup: (m) => {
      m.cores = 4;
      m.oneQueue = true;
    },
    minute(m, i) {
      if (i < 8) return;
      m.net.rx = 40e6;
      m.net.rxPackets = 300_000;
      m.softnetDropped = 120;
      m.softirq = 22;
    },
    roots: [{ problem: 'cpu.softirq_high', subject: 'cpu' }],
    chain: ['cpu.softirq_high>net.softnet'],
  },
  {
    name: 'A slow query takes the CPU',
    kind: 'fault',
    reports: 22,
    onset: 10,
    minute(m, i) {
      if (i >= 10) m.run('mariadbd', { cpu: 260 });
      const slow = 100 + (i < 10 ? i : 10 + (i - 9) * 180);
      m.sections.set(
        'mysql',
        `Slow_queries\t${slow}\nQuestions\t${10_000 + i * 4000}\nThreads_running\t${from(i, 10, 14, 2)}\nThreads_connected\t${from(i, 10, 60, 20)}\nmax_connections\t151\nUptime\t86400\ninnodb_buffer_pool_size\t1073741824`,
      );
    },
    roots: [{ problem: 'db.mysql_slow', subject: 'mysql' }],
    chain: ['db.mysql_slow>cpu.saturated'],
  },
  {
    name: 'Reports that run for minutes keep the database busy, and none of them ends',
    kind: 'fault',
    reports: 22,
    onset: 10,
    minute(m, i) {
      if (i >= 10) m.run('mariadbd', { cpu: 190 });
      m.sections.set(
        'mysql',
        `Slow_queries\t${100 + (i < 14 ? 0 : 1)}\nQuestions\t${10_000 + Math.min(i, 10) * 4000 + i * 6}\nThreads_running\t${from(i, 10, 5, 1)}\nThreads_connected\t${from(i, 10, 24, 20)}\nmax_connections\t151\nUptime\t86400\ninnodb_buffer_pool_size\t1073741824`,
      );
    },
    roots: [{ problem: 'db.mysql_slow', subject: 'mysql' }],
  },
  {
    name: 'A lock makes queries slow and connections pile up',
    kind: 'fault',
    reports: 20,
    onset: 10,
    minute(m, i) {
      const late = i < 10 ? 0 : i - 9;
      m.sections.set(
        'mysql',
        `Slow_queries\t${100 + late * 200}\nInnodb_row_lock_waits\t${50 + late * 700}\nQuestions\t${10_000 + i * 4000}\nThreads_running\t${from(i, 10, 120, 2)}\nThreads_connected\t${from(i, 10, 140, 20)}\nmax_connections\t151\nUptime\t86400\ninnodb_buffer_pool_size\t1073741824`,
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: 'mysql' }],
    chain: ['db.mysql_locks>db.mysql_slow', 'db.mysql_slow>db.mysql_connections'],
  },
  {
    name: 'A program stuck on a file server',
    kind: 'fault',
    reports: 16,
    onset: 8,
    setup: (m) =>
      m.mount('/srv/share', {
        source: '192.0.2.50:/export',
        type: 'nfs4',
        size: 500 * 1024 ** 3,
        used: 100 * 1024 ** 3,
      }),
    minute(m, i) {
      if (i === 8) m.say('nfs: server 192.0.2.50 not responding, still trying');
      if (i >= 8) m.run('indexd', { state: 'D', count: 6, rss: 60 * MiB, cpu: 0 });
    },
    roots: [{ problem: 'disk.nfs_stall', subject: '/srv/share' }],
    chain: ['disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'ECC, machine check, crash and restart',
    kind: 'fault',
    reports: 12,
    onset: 8,
    minute(m, i) {
      if (i === 8) {
        m.boot = 2;
        m.uptime = 100;
        m.say('mce: [Hardware Error]: Machine check events logged: Uncorrected error, CPU 1', 2);
      }
    },
    roots: [{ problem: 'hw.mce', subject: 'web1' }],
  },
];
