// Sequences that were written after the first had been looked at, and before the diagnosis had seen one of these: other systems, two things
// at once, and more of what a sound server does.
import { GB } from '../host.ts';
import { alpine, centos7, debian12, jammy, noble, proxmox, rhel9 } from '../systems.ts';
import { docker, ended, errorLog, identifier, mysql, postgres, redis, slashed, visits } from '../tools.ts';
import { webStack } from './memory.ts';
import type { Sequence } from './sequence.ts';
import { cloud, hdd, MB, Server, ssd } from './server.ts';

const group = (s: Server, path: string, file: string, ...lines: (string | number)[]) =>
  s.groups.set(`${path}/${file}`, lines.join(`\n/sys/fs/cgroup${path}/${file}:`));

export const laterSequences: Sequence[] = [
  {
    name: 'Workers of an old CentOS grow one by one until it swaps; its kernel tells no pressure',
    reports: 50,
    onset: 6,
    within: 38,
    server() {
      const s = new Server('old3', centos7, { cores: 4, ram: 4, swap: 2, drive: hdd });
      webStack(s);
      s.program('ruby', { cpu: 30, mem: 8 * 90 * MB, count: 8 }, { uid: 1002, threads: 3 });
      return s;
    },
    minute(s, i) {
      s.want('ruby', { mem: 8 * (90 + Math.max(0, i - 5) * 9) * MB });
    },
    roots: [{ problem: 'mem.leak', subject: 'ruby' }],
    chain: ['mem.leak>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'The swap lies on a slow disk of its own, and the database on another one is well',
    reports: 44,
    onset: 6,
    within: 30,
    server() {
      const s = new Server('dual1', debian12, { cores: 4, ram: 8, swap: 4, drive: ssd });
      s.addDrive('sdb', hdd);
      s.swapDrive = 'sdb';
      s.swapDevice = 'sdb1';
      s.program(
        'postgres',
        { cpu: 40, mem: 1.8 * GB, count: 14, read: 400_000, write: 900_000, request: 16_384 },
        { unit: 'postgresql@15-main', uid: 115 },
      );
      s.program('node', { cpu: 24, mem: 800 * MB }, { unit: 'dash', uid: 1001, threads: 11 });
      return s;
    },
    minute(s, i) {
      if (i >= 6) s.want('node', { mem: (800 + (i - 5) * 165) * MB });
    },
    roots: [{ problem: 'mem.leak', subject: 'node' }],
    chain: ['mem.low>mem.swap_thrash', 'mem.swap_thrash>disk.saturated'],
  },
  {
    name: 'A member of the array fails, the spare is filled, and the array is busy with it',
    reports: 26,
    onset: 8,
    within: 1,
    server() {
      const s = new Server('vault2', debian12, { cores: 4, ram: 8, drive: ssd });
      for (const d of ['sdb', 'sdc', 'sdd', 'sde']) s.addDrive(d, hdd);
      s.mounts.set('/srv', { device: '/dev/md1', size: 1_900_000_000, used: 900_000_000 });
      s.program(
        'smbd',
        { cpu: 9, mem: 200 * MB, count: 5, read: 1e6, drive: 'sdc', depth: 2 },
        { unit: 'smbd' },
      );
      array(s, 0);
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      if (i === 8) {
        s.kernel(3, 'I/O error, dev sdb, sector 2064 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2', 40);
        s.kernel(2, 'md/raid:md1: Disk failure on sdb1, disabling device.', 39);
        s.kernel(6, 'md: recovery of RAID array md1', 38);
        s.drives.set('sdb', { ...hdd });
        for (const d of ['sdc', 'sdd', 'sde']) s.drives.set(d, { ...hdd, own: 150e6 });
      }
      array(s, i - 7);
    },
    roots: [{ problem: ['raid.disk_failed', 'disk.errors'], subject: ['md1', 'sdb'] }],
    chain: ['raid.disk_failed>raid.degraded', 'raid.degraded>raid.resync'],
  },
  {
    name: 'A forgotten slot keeps the log of PostgreSQL until the disk is full',
    reports: 60,
    step: 300,
    onset: 10,
    within: 36,
    server() {
      const s = new Server('pg9', noble, { cores: 8, ram: 32, drive: ssd });
      s.mounts.set('/var/lib/postgresql', { device: '/dev/sda4', size: 95_000_000, used: 48_000_000 });
      s.program(
        'postgres',
        { cpu: 90, mem: 6 * GB, count: 30, write: 4e6, read: 900_000, request: 16_384 },
        { unit: 'postgresql@16-main', uid: 115 },
      );
      return s;
    },
    minute(s, i) {
      const kept = i < 10 ? 0 : (i - 9) * 300 * 3.3e6;
      s.mounts.get('/var/lib/postgresql')!.used = Math.min(90_250_000, 48_000_000 + kept / 1024);
      postgres(s, {
        max: 200,
        states: ['active|6|00:00:00.4', 'idle|22|'],
        slots: i < 10 ? ['standby_a|t|18220'] : [`standby_a|f|${Math.round(kept)}`],
      });
    },
    roots: [{ problem: 'db.pg_slot', subject: ['standby_a', 'postgresql'] }],
    chain: ['db.pg_slot>disk.full'],
  },
  {
    name: 'A cable goes bad: frames are damaged, and TCP sends again',
    reports: 24,
    onset: 9,
    within: 5,
    server() {
      const s = new Server('web14', rhel9, { cores: 4, ram: 8, drive: ssd, nic: 'eno1' });
      webStack(s);
      s.nic('eno1', { rx: 6e6, tx: 14e6 });
      Object.assign(s.tcp, { out: 11_000, in: 8000, retransmits: 6, established: 500 });
      return s;
    },
    minute(s, i) {
      if (i < 9) return;
      s.nic('eno1', { rx: 4.2e6, tx: 9e6, errors: 160 });
      Object.assign(s.tcp, { out: 8000, in: 6000, retransmits: 420 });
    },
    roots: [{ problem: 'net.errors', subject: 'eno1' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'A container is killed for its memory and starts again and again',
    reports: 22,
    onset: 7,
    within: 3,
    server() {
      const s = new Server('dock4', jammy, { cores: 4, ram: 8, drive: ssd });
      s.program('dockerd', { cpu: 2, mem: 90 * MB }, { unit: 'docker', threads: 14 });
      s.program(
        'python3',
        { cpu: 20, mem: 260 * MB },
        { uid: 1000, cgroup: `/system.slice/docker-${identifier('ocr')}.scope`, threads: 6 },
      );
      return s;
    },
    minute(s, i) {
      const restarts = i < 7 ? 0 : (i - 6) * 2;
      docker(s, [
        { name: 'traefik' },
        {
          name: 'ocr',
          status: restarts ? 'Restarting (137) 12 seconds ago' : 'Up 3 weeks',
          restarts,
          oom: restarts > 0,
          exit: restarts ? 137 : 0,
          started: restarts ? 20 : 1_900_000,
        },
      ]);
      if (restarts) {
        s.kernel(
          6,
          `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-${identifier('ocr')}.scope,mems_allowed=0,oom_memcg=/system.slice/docker-${identifier('ocr')}.scope,task_memcg=/system.slice/docker-${identifier('ocr')}.scope,task=python3,pid=${s.pid('python3')},uid=1000`,
          30,
        );
        s.kernel(
          3,
          `Memory cgroup out of memory: Killed process ${s.pid('python3')} (python3) total-vm:2104000kB, anon-rss:520000kB, file-rss:2048kB, shmem-rss:0kB, UID:1000 pgtables:1400kB oom_score_adj:0`,
          30,
        );
        s.oomKills += 2;
        s.end('python3');
        s.program(
          'python3',
          { cpu: 70, mem: 400 * MB },
          { uid: 1000, cgroup: `/system.slice/docker-${identifier('ocr')}.scope`, threads: 6 },
        );
      }
    },
    roots: [{ problem: ['mem.cgroup_oom', 'svc.container_loop'], subject: ['ocr', 'docker-ocr', 'python3'] }],
  },
  {
    name: 'A limit of bytes holds a service back, while the disk is idle',
    reports: 24,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('lim2', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('indexd', { cpu: 20, mem: 900 * MB, read: 2e6 }, { unit: 'indexd', uid: 1004, threads: 8 });
      return s;
    },
    minute(s, i) {
      const path = '/system.slice/indexd.service';
      const read = i < 8 ? 2e6 : 10_485_760;
      s.want('indexd', { read });
      group(s, path, 'io.max', '8:0 rbps=10485760 wbps=max riops=max wiops=max');
      group(
        s,
        path,
        'io.stat',
        `8:0 rbytes=${s.count('indexd rbytes', read * 60)} wbytes=81920 rios=${s.count('indexd rios', read / 1000)} wios=20 dbytes=0 dios=0`,
      );
      group(s, path, 'memory.current', 930 * 1024 ** 2);
      group(s, path, 'pids.current', 8);
    },
    edit(text, i) {
      if (i < 8) return text;
      // Its readers wait for the limit: pressure without a busy disk.
      return text
        .replace(/^(\/proc\/pressure\/io:some) \S+ \S+ \S+/m, '$1 avg10=71.20 avg60=68.40 avg300=41.00')
        .replace(/^(\/proc\/pressure\/io:full) \S+ \S+ \S+/m, '$1 avg10=52.10 avg60=49.80 avg300=30.00');
    },
    roots: [{ problem: 'disk.cgroup_throttled', subject: ['indexd', '/system.slice/indexd'] }],
  },
  {
    name: 'One program leaks while another one, larger, stays as it is and a backup runs beside',
    reports: 55,
    onset: 8,
    within: 44,
    server() {
      const s = new Server('mix2', debian12, { cores: 8, ram: 16, swap: 2, drive: ssd });
      s.program('java', { cpu: 120, mem: 6.5 * GB }, { unit: 'search', uid: 996, threads: 130 });
      s.program('python3', { cpu: 18, mem: 600 * MB, count: 2 }, { unit: 'feeds', uid: 1003 });
      return s;
    },
    minute(s, i) {
      if (i >= 8) s.want('python3', { mem: (600 + (i - 7) * 190) * MB });
      if (i === 20)
        s.program(
          'borg',
          { cpu: 60, mem: 300 * MB, read: 60e6, write: 20e6, request: 131_072 },
          { cgroup: '/system.slice/borg.service' },
        );
      if (i === 45) s.end('borg');
      s.want('java', { cpu: 120 + 30 * Math.sin(i / 3), mem: (6.5 + 0.1 * Math.sin(i / 4)) * GB });
    },
    roots: [{ problem: 'mem.leak', subject: 'python3' }],
    chain: ['mem.leak>mem.low'],
  },
  {
    name: 'A wrong setting lets a service end at once, each time it is started',
    reports: 20,
    onset: 8,
    within: 3,
    server() {
      const s = new Server('api9', noble, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      s.program('orders', { cpu: 22, mem: 200 * MB }, { unit: 'orders', uid: 1001, threads: 9 });
      s.listening.push({ port: 9000, program: 'orders', address: '127.0.0.1' });
      return s;
    },
    minute(s, i) {
      if (i < 8) return;
      if (i === 8) s.end('orders');
      s.forks = 22;
      s.service('orders', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        ExecMainStatus: '78',
        ExecMainCode: '1',
        NRestarts: String((i - 7) * 10),
        since: '3',
        MainPID: '0',
      });
    },
    full: (i) => i % 4 === 0,
    roots: [{ problem: 'svc.restart_loop', subject: 'orders' }],
  },
  {
    name: 'Clients that are slow hold all connections of nginx',
    reports: 22,
    onset: 8,
    within: 4,
    server() {
      const s = new Server('front3', debian12, { cores: 4, ram: 8, drive: ssd });
      s.program('nginx', { cpu: 14, mem: 90 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
      s.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return s;
    },
    minute(s, i) {
      const held = i < 8 ? 300 : Math.min(3080, 300 + (i - 7) * 900);
      s.tcp.established = held;
      visits(s, 800);
      if (held === 3080)
        s.more.set(
          errorLog,
          Array.from({ length: 12 }, (_, n) => `${slashed(s, 57 - n * 4)} worker_connections are`).join('\n'),
        );
    },
    roots: [{ problem: 'web.nginx_conns', subject: ['nginx'] }],
  },
  {
    name: 'Redis is full and takes no more',
    reports: 40,
    onset: 8,
    within: 24,
    server() {
      const s = new Server('q5', alpine, { cores: 2, ram: 4, drive: cloud, disk: 'vda' });
      s.program('redis-server', { cpu: 18, mem: 900 * MB }, { uid: 112, threads: 5 });
      return s;
    },
    minute(s, i) {
      const part = i < 8 ? 0.62 : Math.min(1, 0.62 + (i - 7) * 0.016);
      const most = 1_610_612_736;
      s.want('redis-server', { mem: (part * most * 1.06) / 1024 });
      redis(s, {
        used_memory: Math.round(part * most),
        used_memory_rss: Math.round(part * most * 1.06),
        maxmemory: most,
        maxmemory_policy: 'noeviction',
      });
    },
    roots: [{ problem: 'db.redis_maxmemory', subject: ['redis'] }],
  },
  {
    name: 'The host has no time, and a program of the guest runs wild as well',
    reports: 34,
    onset: 8,
    within: 6,
    server() {
      const s = new Server('vps9', jammy, { cores: 4, ram: 4, drive: cloud, disk: 'vda' });
      webStack(s);
      return s;
    },
    minute(s, i) {
      s.steal = i < 8 ? 0.5 : 27 * s.jitter(0.2);
      if (i === 16)
        s.program(
          'convertd',
          { cpu: 290, mem: 200 * MB, count: 1 },
          { unit: 'convertd', uid: 1001, threads: 4 },
        );
    },
    roots: [
      { problem: 'cpu.steal', subject: 'vps9' },
      { problem: 'proc.runaway', subject: 'convertd' },
    ],
  },
  {
    name: 'A statement without an index holds up all others while nobody else does more',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('book2', proxmox, { cores: 4, ram: 8, drive: hdd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      const ill = i >= 9;
      if (ill) s.want('mariadbd', { read: 60e6, request: 65_536, depth: 6, cpu: 60 });
      mysql(
        s,
        '10.11.9-MariaDB',
        {
          Innodb_buffer_pool_reads: s.count('book reads', ill ? 210_000 : 90),
          Slow_queries: s.count('book slow', ill ? 140 : 0),
          Threads_running: ill ? 18 : 2,
          Threads_connected: ill ? 34 : 12,
        },
        { innodb_buffer_pool_size: 1_073_741_824 },
      );
    },
    roots: [
      {
        problem: ['db.mysql_slow', 'db.mysql_low_hit', 'disk.saturated'],
        subject: ['mysql', 'mariadb', 'sda'],
      },
    ],
  },
  {
    name: 'The disk of a mail server runs out of inodes, and its service ends',
    reports: 36,
    onset: 6,
    within: 16,
    server() {
      const s = new Server('mx2', debian12, { cores: 2, ram: 4, drive: ssd });
      s.mounts.set('/var', {
        device: '/dev/sda4',
        size: 60_000_000,
        used: 9_000_000,
        inodes: 1_000_000,
        inodesUsed: 520_000,
      });
      s.program('master', { cpu: 1, mem: 12 * MB }, { unit: 'postfix@-', uid: 0 });
      s.program('qmgr', { cpu: 4, mem: 30 * MB }, { uid: 104, cgroup: '/system.slice/postfix@-.service' });
      s.program('dovecot', { cpu: 2, mem: 40 * MB, count: 3 }, { unit: 'dovecot', uid: 0 });
      return s;
    },
    minute(s, i) {
      const var_ = s.mounts.get('/var')!;
      if (i >= 6) var_.inodesUsed = Math.min(1_000_000, 520_000 + (i - 5) * 21_000);
      var_.used = 9_000_000 + (var_.inodesUsed! - 520_000) * 4;
      if (i === 30) {
        s.end('dovecot');
        ended(s, 'dovecot', { since: '25', ExecMainStatus: '89' });
      }
    },
    roots: [{ problem: ['disk.inodes_full', 'disk.inode_forecast'], subject: '/var' }],
    chain: ['disk.inodes_full>svc.unit_failed'],
  },
];

export const laterHealthy: Sequence[] = [
  {
    name: 'Sound: a planned start of the system in the middle',
    kind: 'control',
    reports: 30,
    onset: 25,
    server() {
      const s = new Server('ok1', debian12, { cores: 4, ram: 8, drive: ssd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 10) s.reboot();
    },
  },
  {
    name: 'Sound: a build of five minutes on all cores',
    kind: 'control',
    reports: 30,
    server() {
      const s = new Server('ci1', noble, { cores: 8, ram: 16, drive: ssd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      if (i === 8)
        s.program(
          'cc1plus',
          { cpu: 760, mem: 3 * GB, count: 8, read: 3e6, write: 9e6 },
          { uid: 1000, cgroup: '/user.slice/user-1000.slice/session-2.scope' },
        );
      if (i === 13) s.end('cc1plus');
    },
  },
  {
    name: 'Sound: a database fills its configured pool after a start',
    atFirst: 'false alarm',
    kind: 'control',
    reports: 60,
    server() {
      const s = new Server('ok3', debian12, { cores: 8, ram: 16, drive: ssd });
      s.program(
        'mariadbd',
        { cpu: 60, mem: 1 * GB, read: 9e6, write: 1e6, request: 16_384 },
        { unit: 'mariadb', uid: 106, threads: 40 },
      );
      return s;
    },
    minute(s, i) {
      s.want('mariadbd', { mem: Math.min(9.4, 1 + i * 0.19) * GB, read: i < 45 ? 9e6 : 400_000 });
      mysql(s, '10.11.9-MariaDB', {}, { innodb_buffer_pool_size: 9 * 1024 ** 3, max_connections: 151 });
    },
  },
  {
    name: 'Sound: four services are deployed one after the other',
    kind: 'control',
    reports: 24,
    server() {
      const s = new Server('ok4', rhel9, { cores: 4, ram: 16, drive: ssd });
      for (const n of ['users', 'carts', 'orders', 'mails'])
        s.program(n, { cpu: 14, mem: 420 * MB }, { unit: n, uid: 1001, threads: 12 });
      return s;
    },
    minute(s, i) {
      const n = ({ 8: 'users', 10: 'carts', 12: 'orders', 14: 'mails' } as Record<number, string>)[i];
      if (n) {
        s.end(n);
        s.program(n, { cpu: 150, mem: 300 * MB }, { unit: n, uid: 1001, threads: 12 });
        s.service(n, { since: '40' });
      }
      for (const p of ['users', 'carts', 'orders', 'mails'])
        if (p !== n) s.want(p, { cpu: 14, mem: 420 * MB });
    },
  },
  {
    name: 'Sound: swap is nearly used, and nothing of it is asked for',
    kind: 'control',
    reports: 24,
    server() {
      const s = new Server('ok5', debian12, { cores: 4, ram: 8, swap: 1, drive: ssd });
      webStack(s);
      return s;
    },
    edit: (text) => text.replace(/^SwapFree: .*$/m, 'SwapFree:          61204 kB'),
  },
];

/** An array of three with a spare, `since` reports after a member has failed. */
function array(s: Server, since: number): void {
  const done = Math.max(0, since) * 0.012;
  const failed = since > 0;
  s.more.set(
    'cat /proc/mdstat',
    [
      'Personalities : [raid6] [raid5] [raid4]',
      `md1 : active raid5 ${failed ? 'sde1[3] sdd1[2] sdc1[1] sdb1[0](F)' : 'sde1[3](S) sdd1[2] sdc1[1] sdb1[0]'}`,
      `      1953257472 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/${failed ? 2 : 3}] [${failed ? '_' : 'U'}UU]`,
      ...(failed
        ? [
            `      [=>...................]  recovery = ${(100 * done).toFixed(1)}% (${Math.round(done * 976_628_736)}/976628736) finish=101.2min speed=150201K/sec`,
          ]
        : []),
      '      bitmap: 2/8 pages [8KB], 65536KB chunk',
      '',
      'unused devices: <none>',
    ].join('\n'),
  );
  s.sys.set('/sys/block/md1/md/degraded', failed ? 1 : 0);
  s.sys.set('/sys/block/md1/md/sync_action', failed ? 'recover' : 'idle');
  s.sys.set('/sys/block/md1/md/mismatch_cnt', 0);
  s.sys.set('/sys/block/md1/md/dev-sdb1/state', failed ? 'faulty' : 'in_sync');
}
