// Memory and processors of other machines.
import { from, grown, server, swapping, type Case } from './case.ts';
import { GB } from './host.ts';
import { alpine, centos7, debian12, jammy, noble, proxmox, rhel9 } from './systems.ts';
import { docker, identifier, mysql, oomKill } from './tools.ts';

export const memoryCases: Case[] = [
  {
    name: 'CentOS 7, MariaDB 10.3 outgrows the memory and the server swaps',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(centos7, 'db-legacy', {
        cores: 8,
        ram: 16,
        disk: 'sda',
        drive: { rotates: true },
        nic: 'em1',
      });
      h.swap = 4 * GB;
      h.swapUsed = 200_000;
      h.run({
        name: 'mysqld',
        uid: 27,
        rss: 9.6 * GB,
        cpu: 55,
        threads: 96,
        cgroup: '/system.slice/mariadb.service',
      });
      h.service('mariadb', { since: '2900000' });
      h.listening.push({ port: 3306, program: 'mysqld', address: '10.20.0.17' });
      return h;
    },
    minute(h, i) {
      const more = Math.min(5, grown(i, 3, 1.2));
      const mysqld = h.named('mysqld')[0]!;
      mysqld.rss = (9.6 + more) * GB;
      h.available = Math.max(0.25, 5.4 - more) * GB;
      h.cached = Math.max(0.3, 3 - more) * GB;
      if (more > 3) {
        h.swapUsed = Math.min(3.9 * GB, 0.6 * GB * i);
        mysqld.swap = h.swapUsed * 0.9;
        mysqld.rss -= mysqld.swap;
        mysqld.faults = 300;
        swapping(h, 2600, 'sda');
      }
      mysql(
        h,
        '10.3.39-MariaDB',
        { Threads_connected: 190, Max_used_connections: 240 },
        {
          innodb_buffer_pool_size: 15_032_385_536,
          max_connections: 500,
          sort_buffer_size: 4_194_304,
          join_buffer_size: 4_194_304,
        },
      );
    },
    roots: [
      {
        problem: [
          'db.mysql_bufferpool_gt_ram',
          'db.mysql_worst_case_mem',
          'mem.leak',
          'mem.swap_thrash',
          'mem.low',
          'mem.critical',
        ],
        subject: ['mysqld', 'mysql', 'mariadb'],
      },
    ],
  },
  {
    name: 'Ubuntu 22.04, Tomcat is killed at the limit of its unit',
    atFirst: 'ranking',
    kind: 'fault',
    reports: 6,
    onset: 3,
    host() {
      const h = server(jammy, 'app-erp01', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'ens18' });
      h.run({
        name: 'java',
        uid: 997,
        rss: 1.9 * GB,
        cpu: 90,
        threads: 210,
        cgroup: '/system.slice/tomcat9.service',
        exe: '/usr/lib/jvm/java-17-openjdk-amd64/bin/java',
      });
      h.service('tomcat9', { MemoryMax: '2147483648', MainPID: '4711' });
      h.listening.push({ port: 8080, program: 'java', queue: 100 });
      return h;
    },
    minute(h, i) {
      const java = h.named('java')[0]!;
      h.groups.set('/system.slice/tomcat9.service/memory.current', 2_080_374_784 + i * 9_000_000);
      h.groups.set('/system.slice/tomcat9.service/memory.max', 2_147_483_648);
      h.groups.set('/system.slice/tomcat9.service/memory.stat', `anon ${2_040_000_000 + i * 9_000_000}`);
      h.groups.set('/system.slice/tomcat9.service/pids.current', 212);
      if (i === 3) {
        oomKill(h, 'java', java.pid, 2_040_112, '/system.slice/tomcat9.service');
        h.groups.set('/system.slice/tomcat9.service/memory.events', 'oom_kill 1');
        h.stop('java');
        h.units.set('tomcat9.service', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'oom-kill',
          ExecMainStatus: '9',
          ExecMainCode: '2',
          MemoryMax: '2147483648',
          since: '0',
        });
      }
      if (i > 3) h.units.get('tomcat9.service')!['since'] = String((i - 3) * 60);
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: 'tomcat9' }],
    chain: ['mem.cgroup_oom>svc.unit_failed'],
  },
  {
    name: 'Ubuntu 24.04, a Node.js API leaks until the kernel kills it',
    kind: 'fault',
    reports: 14,
    onset: 2,
    host() {
      const h = server(noble, 'ip-10-20-0-17', { cores: 2, ram: 8, disk: 'nvme0n1', nic: 'ens5' });
      h.swap = 0;
      h.run({
        name: 'node',
        uid: 1001,
        rss: 900_000,
        cpu: 22,
        threads: 11,
        cgroup: '/system.slice/api.service',
        age: 180_000,
      });
      h.run({ name: 'nginx', uid: 33, rss: 22_000, cpu: 1.5 });
      h.service('api');
      h.service('nginx');
      h.listening.push(
        { port: 443, program: 'nginx', queue: 511 },
        { port: 3000, program: 'node', address: '127.0.0.1', queue: 511 },
      );
      return h;
    },
    minute(h, i) {
      const more = grown(i, 2, 0.52 * GB);
      const node = h.named('node')[0]!;
      if (i < 13) {
        node.rss = 900_000 + more;
        h.available = Math.max(0.12 * GB, 5.6 * GB - more);
        h.cached = Math.max(0.2 * GB, 3 * GB - more / 2);
        if (h.available < 0.6 * GB) {
          h.psi.memory = 24;
          h.psi.memoryFull = 12;
          h.majors = 800;
        }
      } else {
        oomKill(h, 'node', node.pid, node.rss);
        h.stop('node');
        h.run({
          name: 'node',
          uid: 1001,
          rss: 90_000,
          cpu: 30,
          threads: 11,
          cgroup: '/system.slice/api.service',
          age: 20 - h.now,
        });
        h.available = 5.9 * GB;
        h.psi.memory = 1;
        h.psi.memoryFull = 0;
        h.units.set('api.service', { NRestarts: '1', since: '20' });
      }
    },
    roots: [
      {
        problem: ['mem.leak', 'mem.oom_kill', 'mem.low', 'mem.critical', 'mem.time_to_exhaust'],
        subject: 'node',
      },
    ],
  },
  {
    name: 'A PostgreSQL worker writes into /dev/shm until the memory is gone',
    kind: 'fault',
    reports: 11,
    onset: 3,
    host() {
      const h = server(debian12, 'analytics', { cores: 8, ram: 32, disk: 'sda', nic: 'enp1s0' });
      h.mounts.set('/dev/shm', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev',
        size: 28 * GB,
        used: 120_000,
      });
      h.run({
        name: 'python3',
        uid: 1000,
        rss: 800_000,
        cpu: 60,
        cgroup: '/user.slice/user-1000.slice/session-44.scope',
      });
      return h;
    },
    minute(h, i) {
      const more = Math.min(26.6 * GB, grown(i, 3, 5.4 * GB));
      h.shmem = 60_000 + more;
      h.mounts.get('/dev/shm')!.used = 120_000 + more;
      h.available = Math.max(1.1 * GB, 27 * GB - more);
      h.cached = Math.max(h.shmem + 300_000, 14 * GB);
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: '/dev/shm' }],
    chain: ['mem.tmpfs_full>mem.low'],
  },
  {
    name: 'A small cloud machine loses a third of its time to its neighbours',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(noble, 'vps-7731', { cores: 2, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'php-fpm8.3', uid: 33, rss: 300_000, cpu: 60 });
      h.run({ name: 'nginx', uid: 33, rss: 20_000, cpu: 6 });
      return h;
    },
    minute(h, i) {
      h.steal = from(i, 2) ? 38 : 0.4;
      h.load = from(i, 2) ? [2.9, 1.9, 1.1] : h.load;
      h.psi.cpu = from(i, 2) ? 34 : 6;
    },
    roots: [{ problem: 'cpu.steal', subject: 'vps-7731' }],
  },
  {
    name: 'Alpine, a script of a user takes all four cores',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(alpine, 'edge-gw', { cores: 4, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'haproxy', uid: 100, rss: 70_000, cpu: 9 });
      h.listening.push({ port: 443, program: 'haproxy' });
      return h;
    },
    minute(h, i) {
      if (i === 2)
        h.run({
          name: 'convert',
          uid: 1000,
          rss: 350_000,
          cpu: 391,
          threads: 8,
          kernel: 0.05,
          age: 30 - h.now,
          exe: '/usr/bin/convert',
        });
      if (from(i, 2)) {
        h.load = [Math.min(9, 1.5 * i), Math.min(7, i), i * 0.5];
        h.psi.cpu = 71;
      }
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: 'convert' }],
  },
  {
    name: 'RHEL 9, a coin miner under /var/tmp',
    kind: 'fault',
    reports: 6,
    onset: 1,
    host() {
      const h = server(rhel9, 'jboss-t2', { cores: 8, ram: 16, disk: 'sda', nic: 'ens192' });
      h.run({
        name: 'java',
        uid: 185,
        rss: 3 * GB,
        cpu: 12,
        threads: 120,
        exe: '/usr/lib/jvm/jre-11/bin/java',
      });
      return h;
    },
    minute(h, i) {
      if (i === 1)
        h.run({
          name: 'kworkerds',
          uid: 185,
          rss: 2.3 * GB,
          cpu: 612,
          threads: 12,
          kernel: 0.02,
          age: 200 - h.now,
          exe: '/var/tmp/.cache/kworkerds',
          cgroup: '/system.slice/jboss.service',
        });
      if (i >= 1) {
        h.load = [7.8, 5.1, 2.9];
        h.psi.cpu = 22;
      }
      h.more.set('ls -l /proc/[0-9]*/exe', h.tasks.map((t) => `/proc/${t.pid} ${t.exe}`).join('\n'));
    },
    roots: [{ problem: 'proc.suspicious', subject: 'kworkerds' }],
  },
  {
    name: 'A transcoder is held down by the CPU quota of its unit',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(jammy, 'media-2', { cores: 16, ram: 32, disk: 'nvme0n1', nic: 'eno1' });
      h.serve('transcode', {
        name: 'ffmpeg',
        uid: 1003,
        rss: 600_000,
        cpu: 150,
        threads: 18,
      });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/transcode.service';
      const hot = from(i, 2);
      h.named('ffmpeg')[0]!.cpu = hot ? 199 : 120;
      h.groups.set(`${g}/cpu.max`, '200000 100000');
      h.groups.set(`${g}/memory.current`, 640_000_000);
      h.groups.set(`${g}/pids.current`, 19);
      h.groups.set(`${g}/cpu.stat`, `usage_usec ${h.count('usage', hot ? 119_000_000 : 72_000_000)}`);
      const stat = [
        `nr_periods ${h.count('periods', 600)}`,
        `nr_throttled ${h.count('throttled', hot ? 560 : 3)}`,
        `throttled_usec ${h.count('throttled time', hot ? 410_000_000 : 90_000)}`,
      ];
      h.groups.set(
        `${g}/cpu.stat`,
        [`usage_usec ${h.n('usage')}`, ...stat].join(`\n/sys/fs/cgroup${g}/cpu.stat:`),
      );
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['transcode', '/system.slice/transcode'] }],
  },
  {
    name: 'Of forty containers, one is killed at its limit again and again',
    atFirst: 'wrong entity',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(debian12, 'docker-prod-3', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'bond0' });
      h.run({ name: 'dockerd', rss: 210_000, cpu: 4, threads: 60, cgroup: '/system.slice/docker.service' });
      h.run({ name: 'containerd', rss: 90_000, cpu: 3, threads: 50 });
      for (let i = 0; i < 40; i++) {
        h.nic(`veth${(0x1a2b + i * 7919).toString(16)}`, { speed: 10_000, rx: 900, tx: 900 });
        h.run({
          name: i % 3 ? 'node' : 'java',
          uid: 1000,
          rss: 300_000 + i * 9000,
          cpu: 3 + (i % 5),
          threads: 20,
          cgroup: `/system.slice/docker-${String(i).padStart(2, '0').repeat(32)}.scope`,
        });
      }
      for (const unit of ['docker', 'containerd']) h.service(unit);
      h.available = 31 * GB;
      return h;
    },
    minute(h, i) {
      const names = ['web', 'api', 'worker', 'mail', 'search'];
      const list = Array.from(
        { length: 40 },
        (_, n) =>
          ({ name: `shop-${names[n % 5]}-${1 + Math.floor(n / 5)}` }) as {
            name: string;
            status?: string;
            restarts?: number;
            oom?: boolean;
            exit?: number;
          },
      );
      const ill = list[17]!;
      if (from(i, 2)) {
        ill.restarts = 3 + i * 2;
        ill.oom = true;
        ill.exit = 137;
        ill.status = i % 2 ? 'Restarting (137) 12 seconds ago' : 'Up 9 seconds';
        oomKill(h, 'node', 40_000 + i, 520_112, `/system.slice/docker-${identifier(ill.name)}.scope`);
      }
      docker(h, list);
    },
    roots: [{ problem: ['svc.container_loop', 'mem.cgroup_oom'], subject: ['shop-worker-4', 'docker'] }],
  },
  {
    name: 'A memory module of a hypervisor corrects more and more errors',
    kind: 'fault',
    reports: 5,
    step: 3600,
    onset: 1,
    host() {
      const h = server(proxmox, 'pve-b', { cores: 32, ram: 128, disk: 'nvme0n1', nic: 'vmbr0' });
      for (let i = 101; i < 109; i++)
        h.run({ name: 'kvm', rss: 8 * GB, cpu: 40, threads: 9, cgroup: `/qemu.slice/${i}.scope` });
      h.available = 44 * GB;
      return h;
    },
    minute(h, i) {
      const mc = '/sys/devices/system/edac/mc';
      for (const c of [0, 1])
        for (const d of [0, 4]) {
          const ill = c === 1 && d === 4;
          h.sys.set(`${mc}/mc${c}/dimm${d}/dimm_ce_count`, ill ? 2 + grown(i, 1, 190) : 0);
          h.sys.set(`${mc}/mc${c}/dimm${d}/dimm_ue_count`, 0);
        }
      h.sys.set(`${mc}/mc0/ce_count`, 0);
      h.sys.set(`${mc}/mc0/ue_count`, 0);
      h.sys.set(`${mc}/mc1/ce_count`, 2 + grown(i, 1, 190));
      h.sys.set(`${mc}/mc1/ue_count`, 0);
    },
    roots: [{ problem: 'mem.ecc_corrected', subject: ['mc1'] }],
  },
  {
    name: 'A core of a RHEL 9 machine is stuck in the kernel',
    kind: 'fault',
    reports: 4,
    onset: 2,
    host: () => server(rhel9, 'gpu-4', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'ens3f0' }),
    minute(h, i) {
      if (from(i, 2)) {
        h.kernel(0, `watchdog: BUG: soft lockup - CPU#7 stuck for ${22 + i}s! [kworker/7:2:88121]`);
        h.kernel(
          4,
          'CPU: 7 PID: 88121 Comm: kworker/7:2 Kdump: loaded Tainted: P           OEL    5.14.0-427.42.1.el9_4.x86_64 #1',
          19,
        );
        h.kernel(4, 'Call Trace:', 19);
      }
    },
    roots: [{ problem: 'sys.crash', subject: 'gpu-4' }],
  },
];
