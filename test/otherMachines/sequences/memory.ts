// Sequences in which memory runs out, in eight ways.
import { GB } from '../host.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { ended, oomKill, redis, visits } from '../tools.ts';
import type { Sequence } from './sequence.ts';
import { cloud, hdd, MB, Server, ssd } from './server.ts';

/** What web servers of these sequences run. */
export function webStack(s: Server): void {
  s.program('nginx', { cpu: 4, mem: 60 * MB, count: 4 }, { unit: 'nginx', uid: 33 });
  s.program(
    'mariadbd',
    { cpu: 9, mem: 0.18 * s.ram, read: 90_000, write: 300_000, request: 16_384 },
    { unit: 'mariadb', uid: 106, threads: 31 },
  );
  s.listening.push({ port: 443, program: 'nginx', queue: 511 });
  s.listening.push({ port: 3306, address: '127.0.0.1', program: 'mariadbd' });
}

export const memorySequences: Sequence[] = [
  {
    name: 'A Java service leaks until the server swaps on its only disk',
    reports: 60,
    onset: 8,
    within: 45,
    server() {
      const s = new Server('crm1', debian12, { cores: 2, ram: 4, swap: 2, drive: hdd });
      webStack(s);
      s.program('java', { cpu: 22, mem: 900 * MB }, { unit: 'crm', uid: 998, threads: 61 });
      return s;
    },
    minute(s, i) {
      if (i >= 8) s.want('java', { mem: (900 + (i - 7) * 62) * MB, cpu: 22 + i / 8 });
    },
    roots: [{ problem: 'mem.leak', subject: 'java' }],
    chain: [
      'mem.leak>mem.low',
      'mem.low>mem.swap_thrash',
      'mem.swap_thrash>disk.saturated',
      'mem.swap_thrash>cpu.iowait',
    ],
    ruledOut: ['mem.tmpfs_full'],
  },
  {
    name: 'Redis without a limit doubles while it saves',
    reports: 24,
    onset: 10,
    within: 9,
    server() {
      const s = new Server('cache3', jammy, { cores: 4, ram: 8, swap: 1, drive: cloud, disk: 'vda' });
      s.program('redis-server', { cpu: 14, mem: 4.6 * GB }, { unit: 'redis-server', uid: 112, threads: 5 });
      s.listening.push({ port: 6379, address: '10.20.0.17', program: 'redis-server' });
      return s;
    },
    minute(s, i) {
      const saving = i >= 10;
      if (i === 10)
        s.program(
          'child',
          { shared: 4.5 * GB },
          {
            name: 'redis-server',
            uid: 112,
            ppid: s.pid('redis-server'),
            cgroup: '/system.slice/redis-server.service',
          },
        );
      if (saving)
        s.want('child', {
          mem: Math.min(3.6, (i - 9) * 0.5) * GB,
          cpu: 70,
          write: 55e6,
          request: 262_144,
        });
      const used = Math.round(4.3 * GB * 1024);
      redis(s, {
        used_memory: used,
        used_memory_rss: Math.round(4.6 * GB * 1024),
        maxmemory: 0,
        maxmemory_policy: 'noeviction',
        rdb_bgsave_in_progress: saving ? 1 : 0,
        rdb_changes_since_last_save: 410_000 + i * 9000,
      });
    },
    roots: [{ problem: 'db.redis_no_maxmemory', subject: ['redis'] }],
    chain: ['db.redis_no_maxmemory>mem.low'],
  },
  {
    name: 'Files in /dev/shm eat the memory',
    reports: 40,
    onset: 5,
    within: 30,
    server() {
      const s = new Server('render2', noble, { cores: 8, ram: 16, swap: 4, drive: ssd });
      s.program('python3', { cpu: 140, mem: 2.2 * GB, count: 6 }, { unit: 'render', uid: 1001 });
      s.mounts.set('/dev/shm', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev',
        size: 15 * GB,
        used: 9000,
        inodes: 2_000_000,
        inodesUsed: 20,
      });
      return s;
    },
    minute(s, i) {
      if (i < 5) return;
      const files = Math.min(13.5, (i - 4) * 0.42) * GB;
      s.mounts.get('/dev/shm')!.used = files;
      s.shmem = 60 * MB + files;
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: ['/dev/shm', 'tmpfs', 'render2'] }],
    chain: ['mem.tmpfs_full>mem.low'],
  },
  {
    name: 'A report job takes all memory, and the kernel kills the database',
    reports: 26,
    onset: 9,
    within: 6,
    server() {
      const s = new Server('shop4', debian12, { cores: 4, ram: 8, swap: 0, drive: ssd });
      webStack(s);
      s.want('mariadbd', { mem: 2.6 * GB });
      return s;
    },
    minute(s, i) {
      if (i === 9) s.program('python3', { cpu: 97 }, { uid: 1000, cgroup: '/system.slice/cron.service' });
      if (i >= 9 && i < 16) s.want('python3', { mem: (i - 8) * 0.78 * GB });
      if (i === 16) {
        oomKill(s, 'mariadbd', s.pid('mariadbd'), 2.5 * GB);
        s.end('mariadbd');
        ended(s, 'mariadb', { Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9', since: '30' });
      }
    },
    roots: [
      {
        problem: ['mem.oom_kill', 'mem.leak', 'mem.low', 'mem.critical'],
        subject: ['mariadbd', 'mariadb', 'python3', 'shop4'],
      },
    ],
    chain: ['mem.oom_kill>svc.unit_failed'],
    since: 9,
  },
  {
    name: 'A worker grows into the limit of its unit again and again',
    reports: 30,
    onset: 12,
    within: 3,
    server() {
      const s = new Server('queue1', debian12, { cores: 4, ram: 16, swap: 2, drive: ssd });
      webStack(s);
      s.program('ruby', { cpu: 35, mem: 300 * MB }, { unit: 'sidekiq', uid: 1002, threads: 14 });
      return s;
    },
    minute(s, i) {
      const group = '/system.slice/sidekiq.service';
      const cycle = i < 12 ? 0 : (i - 12) % 2;
      const kills = i < 12 ? 0 : 1 + Math.floor((i - 12) / 2);
      const mem = i < 4 ? 300 : i < 12 ? 300 + (i - 3) * 22 : 340 + cycle * 80;
      if (i >= 12 && cycle === 0) {
        oomKill(s, 'ruby', s.pid('ruby'), 500 * MB, group);
        s.end('ruby');
        s.program('ruby', { cpu: 60 }, { unit: 'sidekiq', uid: 1002, threads: 14 });
        s.service('sidekiq', { NRestarts: String(kills), since: '25' });
      }
      s.want('ruby', { mem: mem * MB });
      const said = (file: string, ...lines: (string | number)[]) =>
        s.groups.set(`${group}/${file}`, lines.join(`\n/sys/fs/cgroup${group}/${file}:`));
      said('memory.current', Math.round(mem * 1.03 * 1024 ** 2));
      said('memory.max', 512 * 1024 ** 2);
      said('pids.current', 15);
      said('memory.stat', `anon ${Math.round(mem * 1024 ** 2)}`, `file ${8 * 1024 ** 2}`);
      if (kills) said('memory.events', `max ${kills * 410}`, `oom ${kills}`, `oom_kill ${kills}`);
    },
    full: (i) => i % 6 === 0,
    roots: [{ problem: 'mem.cgroup_oom', subject: ['sidekiq', 'ruby', '/system.slice/sidekiq'] }],
    chain: ['mem.cgroup_oom>svc.restart_loop'],
  },
  {
    name: 'More PHP children than fit into the memory',
    reports: 36,
    onset: 10,
    within: 16,
    server() {
      const s = new Server('blog9', debian12, { cores: 4, ram: 4, swap: 1, drive: cloud, disk: 'vda' });
      webStack(s);
      s.program('php-fpm8.2', { cpu: 30, mem: 8 * 70 * MB, count: 8 }, { unit: 'php8.2-fpm', uid: 33 });
      s.more.set(
        'grep -r . /etc',
        [
          '/etc/php/8.2/fpm/pool.d/www.conf:[www]',
          '/etc/php/8.2/fpm/pool.d/www.conf:user = www-data',
          '/etc/php/8.2/fpm/pool.d/www.conf:listen = /run/php/php8.2-fpm.sock',
          '/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic',
          '/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 80',
          '/etc/nginx/sites-enabled/blog:listen 443 ssl',
        ].join('\n'),
      );
      return s;
    },
    minute(s, i) {
      const count = i < 10 ? 8 : Math.min(62, 8 + (i - 9) * 3);
      s.want('php-fpm8.2', { count, mem: count * 70 * MB, cpu: 30 + (count - 8) * 4 });
      visits(s, i < 10 ? 240 : 240 + (count - 8) * 30);
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: ['php-fpm', 'www', 'blog9'] }],
    chain: ['web.phpfpm_overcommit>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'A driver leaks memory of the kernel',
    reports: 60,
    step: 300,
    onset: 6,
    within: 48,
    server() {
      const s = new Server('edge7', rhel9, { cores: 4, ram: 8, swap: 2, drive: ssd });
      webStack(s);
      return s;
    },
    minute(s, i) {
      const leaked = Math.max(0, i - 5) * 96 * MB;
      s.slabUnreclaimed = s.ram * 0.012 + leaked;
      s.slab = s.ram * 0.03 + leaked;
    },
    roots: [{ problem: 'mem.slab_leak', subject: ['edge7', 'slab', 'kernel'] }],
  },
  {
    name: 'The host takes back memory from its guest',
    reports: 24,
    onset: 12,
    within: 5,
    server() {
      const s = new Server('vm22', jammy, { cores: 4, ram: 8, swap: 2, drive: cloud, disk: 'vda' });
      webStack(s);
      s.program('java', { cpu: 30, mem: 3.4 * GB }, { unit: 'tomcat9', uid: 997, threads: 88 });
      return s;
    },
    minute(s, i) {
      if (i >= 12) s.ram = Math.max(5.1, 8 - (i - 11) * 1.1) * GB;
    },
    roots: [{ problem: 'virt.balloon', subject: ['vm22', 'memory'] }],
    chain: ['virt.balloon>mem.low', 'mem.low>mem.swap_thrash'],
  },
];
