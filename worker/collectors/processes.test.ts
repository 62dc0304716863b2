import { describe, expect, it } from 'vitest';
import { complaints, read, type Sections, value } from './sections.fixture.ts';

const columns =
  'pid ppid uid state utime stime majflt threads rss_kb swap_kb fdsize start read_bytes write_bytes cgroup name';
type Row = (string | number)[];
const table = (rows: Row[]) => [columns.split(' '), ...rows].map((row) => row.join('\t')).join('\n');
const deltas = (rows: Row[]) =>
  [['pid', 'utime', 'stime', 'majflt'], ...rows].map((row) => row.join('\t')).join('\n');

function processes(first: Row[], second: Row[], more: Sections = {}): Sections {
  return {
    'cat /proc/uptime': '1000.00 1',
    'cat /proc/stat': 'cpu  1 1 1 1\nbtime 1699999000',
    'cat /proc/meminfo': 'MemTotal: 1000 kB\nSwapTotal: 1000 kB\nSwapFree: 500 kB',
    'cat /proc/[0-9]*/stat': table(first),
    ...more,
    'cat /proc/uptime #2': '1001.00 1',
    'cat /proc/[0-9]*/stat #2': deltas(second),
  };
}

const nginx = (pid: number, cpu: number): Row => [
  pid,
  1,
  33,
  'S',
  cpu,
  10,
  0,
  1,
  20_000,
  0,
  64,
  500,
  0,
  0,
  '/system.slice/nginx.service',
  'nginx',
];
const thread = (pid: number, name: string, state = 'I'): Row => [
  pid,
  2,
  0,
  state,
  0,
  5,
  0,
  1,
  '',
  '',
  64,
  10,
  '',
  '',
  '/',
  name,
];

describe('the process table', () => {
  it('counts memory that forks share once', () => {
    const redis = (pid: number, ppid: number): Row => [
      ...[pid, ppid, 110, 'S', 100, 10, 0, 4, 5_000_000, 0, 64, 500, 0, 0],
      ...['/system.slice/redis-server.service', 'redis-server'],
    ];
    const rss = (meminfo: string) =>
      read(
        processes([redis(30, 1), redis(31, 30)], [], {
          'cat /proc/meminfo': `MemTotal: 8000000 kB\nMemAvailable: 900000 kB${meminfo}`,
        }),
      ).facts.processGroups![0]!.rss;
    expect(rss('\nAnonPages: 6000000 kB\nMapped: 40000 kB')).toBe(6_040_000 * 1024);
    expect(rss('\nAnonPages: 2000000 kB\nMapped: 40000 kB')).toBe(5_000_000 * 1024);
    expect(rss('')).toBe(10_000_000 * 1024);
  });

  it('gathers workers into one group, with CPU between the readings', () => {
    const snapshot = read(
      processes(
        [
          nginx(11, 100),
          nginx(12, 200),
          [
            20,
            1,
            27,
            'S',
            5000,
            500,
            9,
            40,
            3_000_000,
            2048,
            512,
            600,
            10_485_760,
            20_971_520,
            '/system.slice/mariadb.service',
            'mysqld',
          ],
          thread(2, 'kthreadd'),
          thread(30, 'kworker/0:1-events'),
          thread(31, 'kworker/1:2H'),
          thread(32, 'kswapd0', 'D'),
          [40, 11, 33, 'Z', 0, 0, 0, 1, '', '', 0, 900, '', '', '/system.slice/nginx.service', 'nginx'],
        ],
        [
          [11, 130, 20, 0],
          [20, 5030, 515, 9],
        ],
        {
          'cat /etc/passwd':
            'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\nmysql:x:27:27::/:/bin/false',
        },
      ),
    );
    const [mysqld, group] = snapshot.facts.processGroups!;
    expect(group).toEqual({
      name: 'nginx',
      count: 3,
      rss: 40_000 * 1024,
      swap: 0,
      threads: 3,
      cpuSeconds: 3.6,
      zombieChildren: 1,
      cpuPercent: 40,
      users: ['www-data'],
      pids: [11, 12, 40],
      states: { S: 2, Z: 1 },
      startedAt: 1_699_999_005,
      cgroup: 'system.slice/nginx.service',
    });
    expect(mysqld).toMatchObject({ name: 'mysqld', cpuPercent: 45, swap: 2_097_152, threads: 40 });
    expect(value(snapshot, 'proc.group.cpu', 'nginx')).toBe(40);
    expect(value(snapshot, 'proc.group.rss', 'mysqld')).toBe(3_000_000 * 1024);
    expect(value(snapshot, 'proc.count')).toBe(8);
    expect(value(snapshot, 'proc.zombies')).toBe(1);
    expect(value(snapshot, 'proc.uninterruptible')).toBe(1);
    expect(snapshot.partial).toEqual([]);
  });

  it('gives no series to what is below the floor, and keeps it as a fact', () => {
    const snapshot = read(processes([[50, 1, 0, 'S', 1, 1, 0, 1, 900, 0, 64, 10, 0, 0, '/', 'crond']], []));
    expect(snapshot.samples.filter(({ subject }) => subject === 'crond')).toEqual([]);
    expect(snapshot.facts.processGroups?.[0]).toMatchObject({ name: 'crond', cpuPercent: 0 });
  });

  it('names may hold spaces, tabs and brackets', () => {
    const snapshot = read(
      processes([[60, 1, 0, 'S', 1, 1, 0, 1, 900, 0, 64, 10, 0, 0, '/', 'a)\tb (c']], []),
    );
    expect(snapshot.facts.processGroups?.[0]?.name).toBe('a)\tb');
  });

  it('knows the program of each group, deleted or not, and who is near its limit of open files', () => {
    const snapshot = read(
      processes([nginx(11, 1), nginx(12, 1)], [], {
        'ls -l /proc/[0-9]*/exe': '/proc/11 /usr/sbin/nginx (deleted)\n/proc/12 /usr/sbin/nginx\n/proc/30 ',
        'ls /proc/[0-9]*/fd | wc -l': '11 100 1024\n12 900 1000\n99 5 10',
      }),
    );
    expect(snapshot.facts.processGroups?.[0]).toMatchObject({
      executable: '/usr/sbin/nginx',
      deleted: true,
      openFiles: 900,
      openFilesLimit: 1000,
    });
    expect(value(snapshot, 'proc.group.open_files_percent', 'nginx')).toBe(90);
  });

  it('takes the CPU over a minute when the report before is known and no process ended', () => {
    const before = read(processes([nginx(11, 100), nginx(12, 200)], [[11, 130, 20, 0]]));
    const sections = processes([nginx(11, 700), nginx(12, 800), nginx(13, 0)], [[11, 700, 10, 0]]);
    sections['cat /proc/uptime'] = '1060.00 1';
    sections['cat /proc/uptime #2'] = '1061.00 1';
    const snapshot = read(sections, before);
    // 15.3 s of CPU now (the new one brought 0.1), 3.6 s before, in 60 s.
    expect(value(snapshot, 'proc.group.cpu', 'nginx')).toBeCloseTo(19.5, 1);
    const ended = read({ ...sections, 'cat /proc/[0-9]*/stat': table([nginx(11, 700)]) }, before);
    // One ended: its CPU time is gone from the sum, which is what the others used at least.
    expect(value(ended, 'proc.group.cpu', 'nginx')).toBeCloseTo(5.8, 1);
  });

  it('reads bytes that groups read and wrote since the report before', () => {
    const row = (bytes: number): Row => [
      20,
      1,
      27,
      'S',
      1,
      1,
      9,
      1,
      3_000_000,
      0,
      512,
      600,
      bytes,
      2 * bytes,
      '/',
      'mysqld',
    ];
    const before = read(processes([row(2 ** 21)], []));
    const sections = processes([row(2 ** 21 + 60_000)], []);
    sections['cat /proc/uptime'] = '1060.00 1';
    sections['cat /proc/uptime #2'] = '1061.00 1';
    const snapshot = read(sections, before);
    expect(value(snapshot, 'proc.group.read_bytes', 'mysqld')).toBe(1000);
    expect(snapshot.facts.processGroups?.[0]).toMatchObject({ readBytes: 1000, writeBytes: 2000 });
  });

  it('reads 30,000 processes into a bounded fact and bounded series', () => {
    const rows = Array.from({ length: 30_000 }, (_, n): Row => [
      n + 3,
      1,
      0,
      'S',
      n,
      n,
      0,
      1,
      20_000 + n,
      0,
      64,
      n,
      0,
      0,
      '/',
      `p${n % 1500}`,
    ]);
    const snapshot = read(
      processes(
        rows,
        rows.map(([pid, , , , cpu]) => [pid!, (cpu as number) + 1, cpu!, 0]),
      ),
    );
    expect(value(snapshot, 'proc.count')).toBe(30_000);
    expect(snapshot.facts.processGroups).toHaveLength(300);
    expect(snapshot.facts.processGroups?.[0]?.pids).toHaveLength(20);
    expect(snapshot.samples.filter(({ metric }) => metric === 'proc.group.rss').length).toBeLessThanOrEqual(
      100,
    );
  });

  it('an ordinary minute run asks no details: what was known of user, swap and control group stays', () => {
    const before = read(processes([nginx(11, 100)], []));
    const plain = processes([[11, 1, '', 'S', 100, 10, 0, 1, 20_000, '', '', 500, '', '', '', 'nginx']], []);
    const snapshot = read(plain, before);
    expect(snapshot.facts.processGroups?.[0]).toMatchObject({
      users: ['33'],
      swap: 0,
      cgroup: 'system.slice/nginx.service',
    });
    expect(value(snapshot, 'proc.group.rss', 'nginx')).toBe(20_000 * 1024);
    expect(value(snapshot, 'proc.group.swap', 'nginx')).toBeUndefined();
    expect(read(plain).facts.processGroups?.[0]).toMatchObject({ users: [] });
  });

  it('counts rows that are cut off', () => {
    const sections = processes([nginx(11, 1)], []);
    sections['cat /proc/[0-9]*/stat'] += '\n12\t1\t33';
    expect(complaints(read(sections))).toEqual([
      'cat /proc/[0-9]*/stat: One line was not understood: “12\t1\t33”.',
    ]);
  });
});

it('tells in which function of the kernel processes wait, where the agent asked', () => {
  const names = [...columns.split(' ').slice(0, -1), 'wchan', 'name'];
  const row = (pid: number, state: string, wchan: string) =>
    names.map((name) => ({ pid, state, wchan, name: 'cp', ppid: 1 })[name] ?? 0).join('\t');
  const body = [names.join('\t'), row(7, 'D', 'rpc_wait_bit_killable'), row(8, 'D', 'io_schedule'), row(9, 'S', ''), row(10, 'D', '0')].join('\n'); // prettier-ignore
  const [group] = read({ 'cat /proc/[0-9]*/stat': body }).facts.processGroups!;
  expect(group).toMatchObject({
    states: { D: 3, S: 1 },
    waitChannels: { rpc_wait_bit_killable: 1, io_schedule: 1 },
  });
});
