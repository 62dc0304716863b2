// The third part, the tangled one: chains, side effects, sparse reports. Written before it was seen.
import { busyDisk, from, grown, server, swapping, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, arch, centos7, debian12, jammy, leap, noble, raspberry, rhel9 } from '../systems.ts';
import { docker, ended, mysql, oomKill, redis, sata } from '../tools.ts';
import { counts } from './parts.ts';

const silent = { kind: 'control', roots: [] } as const;

export const thirdTravellers: readonly Case[] = [
  {
    name: 'uploads that nobody fetches fill /tmp, which is memory, and a small machine begins to swap',
    kind: 'fault',
    reports: 12,
    onset: 3,
    installed: true,
    host() {
      const h = server(arch, 'upl-box', { cores: 2, ram: 4, disk: 'vda' });
      h.swap = 4 * GB;
      h.mounts.set('/tmp', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev',
        size: 2_048_000,
        used: 40_000,
      });
      h.serve('tusd', { name: 'tusd', cpu: 4, rss: 60_000, threads: 9, uid: 990 });
      h.available = 2.1 * GB;
      h.cached = 1.2 * GB;
      return h;
    },
    minute(h, i) {
      const more = Math.min(1_980_000, grown(i, 3, 300_000));
      h.mounts.get('/tmp')!.used = 40_000 + more;
      h.shmem = 60_000 + more;
      h.available = Math.max(0.16 * GB, 2.1 * GB - more);
      h.cached = Math.max(0.3 * GB, 1.2 * GB - more * 0.2);
      if (i < 9) return;
      h.swapUsed = (i - 8) * 0.3 * GB;
      swapping(h, 700, 'vda');
    },
    roots: [{ problem: ['mem.tmpfs_full', 'disk.full'], subject: ['/tmp', 'upl-box'] }],
    chain: ['mem.tmpfs_full>mem.low', 'mem.low>mem.swap_thrash'],
  },
  {
    name: 'a Raspberry Pi without PSI swaps to its card because a camera service keeps its frames',
    kind: 'fault',
    reports: 14,
    step: 300,
    onset: 3,
    host() {
      const h = server(raspberry, 'cam-north', { cores: 4, ram: 1, disk: 'mmcblk0' });
      h.swap = 1 * GB;
      h.swapDevice = 'mmcblk0p3';
      h.serve('frigate-lite', { name: 'python3', cpu: 60, rss: 220_000, threads: 12, uid: 1000 });
      h.available = 0.55 * GB;
      h.cached = 0.3 * GB;
      return h;
    },
    minute(h, i) {
      const more = grown(i, 3, 90_000);
      const p = h.named('python3')[0]!;
      p.rss = Math.min(690_000, 220_000 + more);
      p.swap = Math.max(0, 220_000 + more - 690_000);
      h.available = Math.max(0.05 * GB, 0.55 * GB - more);
      h.cached = Math.max(0.05 * GB, 0.3 * GB - more / 2);
      h.swapUsed = p.swap * 1.05;
      if (i >= 10) swapping(h, 420, 'mmcblk0');
    },
    roots: [
      {
        problem: ['mem.leak', 'mem.low', 'mem.critical', 'mem.time_to_exhaust'],
        subject: ['python3', 'frigate-lite'],
      },
    ],
    chain: ['mem.low>mem.swap_thrash', 'mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'a virus scan that somebody put into cron for noon',
    kind: 'fault',
    reports: 14,
    onset: 4,
    installed: true,
    host() {
      const h = server(rhel9, 'files-hr', { cores: 2, ram: 8, disk: 'sda' });
      h.serve('smb', { name: 'smbd', cpu: 6, rss: 40_000 });
      h.listening.push({ port: 445, program: 'smbd' });
      return h;
    },
    minute(h, i) {
      if (i === 4)
        h.run({
          name: 'clamscan',
          cpu: 190,
          rss: 1_300_000,
          threads: 2,
          age: 20,
          cgroup: '/system.slice/crond.service',
        });
      if (from(i, 4)) {
        h.psi.cpu = 38;
        h.load = [3.1, 2.6, 1.4];
      }
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: ['clamscan'] }],
  },
  {
    name: 'half-open connections to a shop fill the table of connections of its own firewall',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'shop-fw', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('nginx', { name: 'nginx', cpu: 4, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      h.conntrack = [9_000, 262_144];
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.conntrack = [Math.min(261_900, 180_000 + (i - 3) * 40_000), 262_144];
      h.tcp.cookies = 2600;
      h.tcp.in = 9000;
      h.softirq = 14;
      h.nic('eth0', { rx: 3_200_000, tx: 1_900_000 });
      if (i === 3)
        h.kernel(6, 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.', 40);
      if (i >= 5) h.kernel(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 20);
    },
    edit: (text, i) => (i < 3 ? text : withSection(text, 'ss -Htan', '44 ESTAB 443\n9200 SYN-RECV 443')),
    roots: [{ problem: 'net.syn_flood', subject: ['shop-fw', '443', 'nginx', 'port 443'] }],
    chain: ['net.syn_flood>net.conntrack'],
  },
  {
    name: 'a chat server is at its 1024 files and accepts nobody any more',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(jammy, 'irc-2', { cores: 2, ram: 2, disk: 'vda' });
      h.serve('unrealircd', { name: 'unrealircd', cpu: 4, rss: 90_000, uid: 1002, open: [610, 1024] });
      h.listening.push({ port: 6697, program: 'unrealircd', queue: 128 });
      return h;
    },
    minute(h, i) {
      const p = h.named('unrealircd')[0]!;
      p.open = [Math.min(1024, i < 3 ? 610 : 930 + (i - 3) * 60), 1024];
      h.tcp.established = p.open[0] - 20;
      if (i < 5) return;
      h.listening.find((l) => l.port === 6697)!.waiting = 129;
      h.tcp.overflows = 6;
    },
    roots: [{ problem: 'proc.fd_process', subject: ['unrealircd'] }],
    chain: ['proc.fd_process>net.listen_overflow'],
  },
  {
    name: 'the defunct children of a supervisor take the last process numbers of an old machine',
    kind: 'fault',
    reports: 10,
    onset: 0,
    step: 300,
    host() {
      const h = server(centos7, 'sms-gw', { cores: 2, ram: 4, disk: 'sda', start: 1_690_000_000 });
      h.serve('supervisord', { name: 'supervisord', cpu: 1, rss: 30_000 });
      return h;
    },
    minute(h, i) {
      const parent = h.named('supervisord')[0]!.pid;
      const want = Math.min(2_800, 2_000 + i * 100);
      while (h.named('smppd').length < want)
        h.run({ name: 'smppd', state: 'Z', rss: 0, cpu: 0, ppid: parent, age: 500 });
    },
    edit: (text) => text.replace(/^(4194304|32768)$/m, '3072'),
    roots: [{ problem: ['proc.zombies'], subject: ['supervisord'] }],
    chain: ['proc.zombies>proc.pid_exhaustion'],
  },
  {
    name: 'a children count copied from a larger server: PHP is killed at the second sale of the year',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'presta', { cores: 4, ram: 4, disk: 'vda' });
      h.swap = 0;
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      h.service('php8.2-fpm');
      for (let n = 0; n < 8; n++)
        h.run({
          name: 'php-fpm8.2',
          cpu: 6,
          rss: 130_000,
          uid: 33,
          cgroup: '/system.slice/php8.2-fpm.service',
        });
      h.more.set(
        'grep -r . /etc',
        '/etc/php/8.2/fpm/pool.d/www.conf:[www]\n/etc/php/8.2/fpm/pool.d/www.conf:pm = dynamic\n/etc/php/8.2/fpm/pool.d/www.conf:pm.max_children = 80',
      );
      h.available = 2.4 * GB;
      h.cached = 1.3 * GB;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      const want = Math.min(26, 8 + grown(i, 3, 5));
      while (h.named('php-fpm8.2').length < want)
        h.run({
          name: 'php-fpm8.2',
          cpu: 8,
          rss: 130_000,
          uid: 33,
          age: 0,
          cgroup: '/system.slice/php8.2-fpm.service',
        });
      h.available = Math.max(0.08 * GB, 2.4 * GB - (want - 8) * 128_000);
      h.cached = Math.max(0.1 * GB, 1.3 * GB - (want - 8) * 80_000);
      h.psi.memory = want > 22 ? 22 : 1;
      if (i === 7) oomKill(h, 'php-fpm8.2', h.named('php-fpm8.2')[3]!.pid, 128_000);
    },
    roots: [{ problem: 'web.phpfpm_overcommit', subject: ['php-fpm', 'www', 'presta'] }],
    chain: ['web.phpfpm_overcommit>mem.low', 'mem.low>mem.oom_kill'],
  },
  {
    name: 'a report server fills 97 percent of what its unit may hold and was not killed yet',
    kind: 'fault',
    reports: 10,
    onset: 2,
    installed: true,
    host() {
      const h = server(leap, 'jasper', { cores: 4, ram: 16, disk: 'sda', start: 1_740_000_000 });
      h.serve('jasperserver', {
        name: 'java',
        cpu: 30,
        rss: 3_000_000,
        threads: 90,
        uid: 1001,
        cgroup: '/system.slice/jasperserver.service',
      });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/jasperserver.service';
      const anon = i < 2 ? 3_000_000_000 : Math.min(4_170_000_000, 4_020_000_000 + i * 20_000_000);
      h.named('java')[0]!.rss = anon / 1024;
      h.groups.set(`${g}/memory.max`, 4_294_967_296);
      h.groups.set(`${g}/memory.current`, anon + 60_000_000);
      counts(h, `${g}/memory.stat`, { anon, file: 50_000_000 });
    },
    roots: [{ problem: 'mem.cgroup_near_limit', subject: ['jasperserver'] }],
  },
  {
    name: 'a check of a RAID 6 found four thousand sectors that do not fit',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(debian12, 'bak-tape', { cores: 4, ram: 16, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb', 'sdc', 'sdd']) h.disk(d, { rotates: true });
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid6] [raid5] [raid4]\nmd5 : active raid6 sdd1[3] sdc1[2] sdb1[1] sda1[0]\n      7813772288 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/4] [UUUU]\n\nunused devices: <none>',
      );
      h.sys.set('/sys/block/md5/md/degraded', 0);
      h.sys.set('/sys/block/md5/md/sync_action', 'idle');
      h.sys.set('/sys/block/md5/md/mismatch_cnt', 4096);
      return h;
    },
    roots: [{ problem: 'raid.mismatch', subject: 'md5' }],
  },
  {
    name: 'an array of three runs on two, and one of the two has sectors it cannot read',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(jammy, 'lts-video', { cores: 4, ram: 16, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb']) h.disk(d, { rotates: true });
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid6] [raid5] [raid4]\nmd0 : active raid5 sdb1[1] sda1[0]\n      15627786240 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/2] [UU_]\n\nunused devices: <none>',
      );
      h.sys.set('/sys/block/md0/md/degraded', 1);
      h.sys.set('/sys/block/md0/md/sync_action', 'idle');
      for (const d of ['sda1', 'sdb1']) h.sys.set(`/sys/block/md0/md/dev-${d}/state`, 'in_sync');
      return h;
    },
    minute(h) {
      sata(h, 'sda', { model: 'ST8000NE001' });
      sata(h, 'sdb', { model: 'ST8000NE001' }, { 197: 24, 198: 24 });
    },
    roots: [
      {
        problem: ['raid.degraded', 'raid.no_spare_risk', 'smart.combo', 'smart.pending'],
        subject: ['md0', 'sdb'],
      },
    ],
  },
  {
    name: 'the kernel trips over a null pointer in the file server and goes on',
    kind: 'fault',
    reports: 4,
    onset: 1,
    installed: true,
    host: () => server(noble, 'nfs-bio', { cores: 8, ram: 32, disk: 'sda' }),
    minute(h, i) {
      if (i !== 1) return;
      h.kernel(1, 'BUG: kernel NULL pointer dereference, address: 0000000000000018', 30);
      h.kernel(1, '#PF: supervisor read access in kernel mode', 30);
      h.kernel(4, 'Oops: 0000 [#1] PREEMPT SMP NOPTI', 30);
      h.kernel(4, 'CPU: 3 PID: 1820 Comm: nfsd Not tainted 6.8.0-49-generic #49-Ubuntu', 30);
      h.kernel(4, 'RIP: 0010:nfsd4_open+0x1a2/0x5c0 [nfsd]', 30);
    },
    roots: [{ problem: 'sys.crash', subject: ['nfs-bio', 'nfsd', 'kernel'] }],
  },
  {
    name: 'Docker says out of memory of a container, where nobody may read the log of the kernel',
    kind: 'fault',
    reports: 4,
    onset: 1,
    installed: true,
    host() {
      const h = server({ ...debian12, dmesg: false }, 'dev-stack', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 90_000, threads: 30 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 1);
      docker(h, [
        { name: 'kc-postgres' },
        {
          name: 'keycloak',
          oom: bad,
          exit: bad ? 137 : 0,
          status: bad ? `Exited (137) ${i} minutes ago` : undefined,
          started: 8000,
        },
      ]);
    },
    roots: [{ problem: ['mem.cgroup_oom', 'svc.container_unhealthy'], subject: ['keycloak'] }],
  },
  {
    name: 'Alpine, the root disk fills with dumps and the database goes, with no systemd to say so',
    kind: 'fault',
    reports: 10,
    onset: 3,
    host() {
      const h = server(alpine, 'matrix-sm', { cores: 2, ram: 2, disk: 'vda' });
      h.run({ name: 'mariadbd', cpu: 5, rss: 500_000, threads: 20, uid: 100 });
      h.listening.push({ port: 3306, address: '127.0.0.1', program: 'mariadbd' });
      h.mounts.get('/')!.used = 70_000_000;
      return h;
    },
    minute(h, i) {
      h.mounts.get('/')!.used = i < 3 ? 70_000_000 : Math.min(93_098_000, 86_000_000 + (i - 3) * 3_000_000);
      if (i === 7) h.stop('mariadbd');
    },
    roots: [{ problem: 'disk.full', subject: '/' }],
  },
  {
    name: 'Alpine without systemd: memory ends, the kernel takes the broker',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(alpine, 'mqtt-farm', { cores: 2, ram: 1, disk: 'vda' });
      h.swap = 0;
      h.run({ name: 'mosquitto', cpu: 5, rss: 180_000, uid: 100 });
      h.listening.push({ port: 1883, program: 'mosquitto' });
      h.run({ name: 'influxd', cpu: 8, rss: 190_000, threads: 12, uid: 101 });
      h.available = 0.5 * GB;
      h.cached = 0.25 * GB;
      return h;
    },
    minute(h, i) {
      h.named('influxd')[0]!.rss = 190_000 + grown(i, 3, 120_000);
      h.available = Math.max(0.02 * GB, 0.5 * GB - grown(i, 3, 120_000));
      h.cached = 0.05 * GB;
      if (i === 7) {
        oomKill(h, 'mosquitto', h.named('mosquitto')[0]!.pid, 176_000);
        h.stop('mosquitto');
        h.available = 0.18 * GB;
      }
      if (i > 7) h.available = 0.14 * GB;
    },
    roots: [
      {
        problem: ['mem.low', 'mem.leak', 'mem.critical', 'mem.oom_kill', 'mem.time_to_exhaust'],
        subject: ['influxd'],
      },
    ],
    chain: ['mem.oom_kill>proc.vanished'],
  },
  {
    name: 'a drive dies while a backup of another disk keeps that one busy',
    kind: 'confounded',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'attic-srv', { cores: 4, ram: 16, disk: 'sda' });
      for (const d of ['sdb', 'sdc'])
        h.disk(d, { rotates: true, model: 'WDC WD60EFAX', size: 11_721_045_168 });
      h.mounts.set('/data', { device: '/dev/sdb1', type: 'ext4', size: 5_700_000_000, used: 2_000_000_000 });
      h.mounts.set('/backup', {
        device: '/dev/sdc1',
        type: 'ext4',
        size: 5_700_000_000,
        used: 3_000_000_000,
      });
      return h;
    },
    minute(h, i) {
      for (const d of ['sda', 'sdc']) sata(h, d, { model: 'WDC WD60EFAX' });
      sata(h, 'sdb', { model: 'WDC WD60EFAX' }, from(i, 3) ? { 5: 400, 197: 80 + i * 8, 198: 80 } : {});
      if (i === 1)
        h.run({
          name: 'rsync',
          cpu: 30,
          rss: 20_000,
          read: 2_000_000,
          write: 130_000_000,
          age: 10,
          cgroup: '/system.slice/backup.service',
        });
      if (i >= 1)
        h.disk('sdc', { ...h.disks.get('sdc'), writes: 300, writeBytes: 130_000_000, busy: 97, await: 20 });
      if (i === 3) {
        h.kernel(
          3,
          'sd 2:0:0:0: [sdb] tag#11 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=7s',
          40,
        );
        h.kernel(3, 'sd 2:0:0:0: [sdb] tag#11 Sense Key : Medium Error [current]', 40);
        h.kernel(
          3,
          'critical medium error, dev sdb, sector 90211392 op 0x0:(READ) flags 0x80700 phys_seg 20 prio class 2',
          40,
        );
      }
    },
    roots: [{ problem: ['smart.combo', 'smart.pending', 'disk.errors'], subject: 'sdb' }],
    chain: ['smart.pending>disk.errors'],
  },
  {
    name: 'a volume of a kubelet is full, the kubelet ends and its containers with it',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(rhel9, 'okd-w2', { cores: 8, ram: 32, disk: 'sda' });
      h.mounts.set('/var/lib/kubelet', {
        device: '/dev/sda4',
        type: 'xfs',
        size: 52_000_000,
        used: 44_000_000,
      });
      h.serve('kubelet', { name: 'kubelet', cpu: 14, rss: 120_000, threads: 24 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/lib/kubelet')!.used = i < 3 ? 44_000_000 : 51_990_000;
      if (i === 5) {
        h.stop('kubelet');
        ended(h, 'kubelet', { since: '15' });
      }
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/kubelet' }],
    chain: ['disk.full>svc.unit_failed'],
  },
  {
    name: 'a cluster of statements of MySQL runs at once, though none is called slow',
    kind: 'fault',
    reports: 12,
    onset: 4,
    installed: true,
    host() {
      const h = server(debian12, 'stat-sql', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('mysql', {
        name: 'mysqld',
        cpu: 30,
        rss: 6_000_000,
        threads: 60,
        uid: 112,
        cgroup: '/system.slice/mysql.service',
      });
      h.listening.push({ port: 3306, program: 'mysqld', address: '127.0.0.1' });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 4);
      mysql(
        h,
        '8.0.39',
        {
          Threads_running: bad ? 31 : 2,
          Threads_connected: bad ? 44 : 18,
          Questions: h.count('questions', bad ? 9_000 : 12_000),
        },
        {},
      );
      if (!bad) return;
      h.named('mysqld')[0]!.cpu = 385;
      h.psi.cpu = 66;
      h.load = [14, 9, 5];
    },
    roots: [{ problem: ['proc.runaway', 'db.mysql_slow', 'cpu.saturated'], subject: ['mysqld', 'mysql'] }],
  },
  {
    name: 'a Redis without password on all addresses of a rented server',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(debian12, 'vps-redis', { cores: 1, ram: 1, disk: 'vda' });
      h.serve('redis-server', { name: 'redis-server', cpu: 1, rss: 20_000, uid: 110 });
      h.listening.push({ port: 6379, program: 'redis-server', address: '0.0.0.0' });
      h.more.set(
        'grep -r . /etc',
        '/etc/redis/redis.conf:bind 0.0.0.0\n/etc/redis/redis.conf:port 6379\n/etc/redis/redis.conf:protected-mode no',
      );
      redis(h);
      return h;
    },
    edit: (text) =>
      text
        .replaceAll('10.20.0.17/24 brd 10.20.0.255', '45.83.104.7/24 brd 45.83.104.255')
        .replaceAll('10.20.0.', '45.83.104.')
        .replace('policy drop;\nrules 23', 'policy accept;\nrules 1'),
    roots: [{ problem: ['sec.redis_noauth', 'sec.db_exposed'], subject: ['redis', '6379'] }],
  },
  {
    name: 'a service loops so fast that its starts are most of what the kernel does',
    kind: 'fault',
    reports: 22,
    onset: 14,
    host() {
      const h = server(noble, 'edge-agent', { cores: 2, ram: 2, disk: 'vda' });
      h.serve('telemetry', { name: 'telemetryd', cpu: 2, rss: 30_000, uid: 990 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 14)) return;
      h.stop('telemetryd');
      h.forks = 90;
      h.service('telemetry', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        NRestarts: String((i - 13) * 240),
        ExecMainStatus: '203',
        ExecMainCode: '1',
        MainPID: '0',
      });
    },
    roots: [{ problem: 'svc.restart_loop', subject: 'telemetry' }],
    chain: ['svc.restart_loop>proc.fork_storm'],
  },
  {
    name: 'a hypervisor takes so much time that the kernel of the guest believes a core to be stuck',
    kind: 'fault',
    reports: 22,
    onset: 2,
    installed: true,
    host() {
      const h = server(debian12, 'vps-low', { cores: 2, ram: 2, disk: 'vda' });
      h.serve('nginx', { name: 'nginx', cpu: 6, uid: 33 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 2)) return;
      h.steal = 62;
      h.psi.cpu = 52;
      h.load = [4.2, 3.1, 1.9];
      if (i === 6) h.kernel(0, 'watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [nginx:812]', 20);
    },
    roots: [{ problem: ['cpu.steal', 'sys.crash'], subject: ['vps-low', 'CPU'] }],
  },
  {
    name: 'hwmon: the fan of a NAS stands still and its drives become hot',
    kind: 'fault',
    reports: 6,
    step: 1200,
    onset: 2,
    host() {
      const h = server(debian12, 'nas-keller', { cores: 2, ram: 8, disk: 'sda' });
      for (const d of ['sda', 'sdb']) h.disk(d, { rotates: true, model: 'ST4000VN006' });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.sys.set('/sys/class/hwmon/hwmon3/name', 'nct6775');
      h.sys.set('/sys/class/hwmon/hwmon3/fan2_input', bad ? 0 : 1180);
      h.sys.set('/sys/class/hwmon/hwmon3/fan2_label', 'CHA_FAN1');
      for (const d of ['sda', 'sdb'])
        sata(h, d, { model: 'ST4000VN006', temperature: bad ? 58 + (i - 2) * 2 : 37 });
    },
    roots: [{ problem: 'hw.fan', subject: ['CHA_FAN1', 'fan2', 'nct6775'] }],
  },
  {
    name: 'PERC without a battery writes through, and the mail store waits',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(jammy, 'zimbra', { cores: 8, ram: 32, disk: 'sda' });
      h.serve('zimbra', { name: 'java', cpu: 30, rss: 6_000_000, threads: 200, uid: 997 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.more.set(
        'MegaCli64 -AdpBbuCmd -GetBbuStatus -aALL -NoLog',
        `BBU status for Adapter: 0\n\nBatteryType: BBU\nVoltage: ${bad ? 3012 : 3990} mV\nTemperature: 31 C\nBattery State: ${bad ? 'Failed' : 'Optimal'}\nBBU Firmware Status:\n\n  Charging Status              : None\n  Voltage                                 : OK\n  Battery Replacement required            : ${bad ? 'Yes' : 'No'}\nRelative State of Charge: ${bad ? 11 : 97} %`,
      );
      h.more.set(
        'MegaCli64 -LDInfo -Lall -aALL -NoLog',
        `Adapter 0 -- Virtual Drive Information:\nVirtual Drive: 0 (Target Id: 0)\nName                :vd0\nRAID Level          : Primary-1, Secondary-0, RAID Level Qualifier-0\nState               : Optimal\nDefault Cache Policy: WriteBack, ReadAdaptive, Direct, No Write Cache if Bad BBU\nCurrent Cache Policy: ${bad ? 'WriteThrough' : 'WriteBack'}, ReadAdaptive, Direct, No Write Cache if Bad BBU`,
      );
      if (bad)
        busyDisk(
          h,
          'sda',
          { reads: 20, writes: 190, readBytes: 900_000, writeBytes: 3_000_000, await: 140, rotates: true },
          4,
        );
    },
    roots: [
      {
        problem: 'raid.bbu',
        subject: ['0', 'Adapter', 'adapter', 'megacli', 'MegaCli', 'controller', 'BBU', 'bbu'],
      },
    ],
    chain: ['raid.bbu>disk.latency'],
  },
  {
    name: 'chef changed the settings of HAProxy and reloads it into its end',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(rhel9, 'lb-ost', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('haproxy', { name: 'haproxy', cpu: 20, rss: 90_000, uid: 188 });
      h.listening.push({ port: 443, program: 'haproxy' });
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.stop('haproxy');
      ended(h, 'haproxy', { since: '15' });
    },
    edit: (text, i) =>
      text.includes('=== sha256sum')
        ? withSection(
            text,
            'sha256sum /etc/*',
            `2c18e8d099346c24f0486b617ae5250c6166405f7f3ad4efc9af2e5272ab0d33  /etc/fstab\n${(i < 2 ? 'c4' : 'd5').repeat(32)}  /etc/haproxy/haproxy.cfg`,
          )
        : text,
    roots: [
      { problem: ['change.config', 'svc.unit_failed'], subject: ['/etc/haproxy/haproxy.cfg', 'haproxy'] },
    ],
    chain: ['change.config>svc.unit_failed'],
  },
  {
    ...silent,
    name: 'many guess at ssh from one address while the admin comes with his key from another',
    reports: 3,
    step: 1800,
    host: () => server(debian12, 'git-pub', { cores: 2, ram: 4, disk: 'vda' }),
    minute(h) {
      const stamp = (ago: number) => {
        const [day, date, month, year, time] = h.at(ago).toUTCString().replace(',', '').split(' ');
        return `${day} ${month} ${date} ${time} ${year}`;
      };
      h.more.set(
        'lastb -i -F -n 400',
        Array.from(
          { length: 60 },
          (_, n) =>
            `root     ssh:notty    92.118.39.14     ${stamp(40 + n * 11)} - ${stamp(40 + n * 11)}  (00:00)`,
        ).join('\n'),
      );
      h.more.set(
        'last -i -F -n 30',
        `admin    pts/0        79.204.11.3      ${stamp(300)}   still logged in\n\nwtmp begins Mon Jun  1 00:00:00 2026`,
      );
    },
  },
  {
    ...silent,
    name: 'a NAS whose second fan was never plugged in, and whose drives are at 44 degrees',
    reports: 4,
    step: 1200,
    host() {
      const h = server(debian12, 'nas-buero', { cores: 2, ram: 8, disk: 'sda' });
      h.disk('sda', { rotates: true, model: 'ST4000VN006' });
      h.sys.set('/sys/class/hwmon/hwmon3/name', 'nct6775');
      h.sys.set('/sys/class/hwmon/hwmon3/fan1_input', 910);
      h.sys.set('/sys/class/hwmon/hwmon3/fan2_input', 0);
      return h;
    },
    minute: (h) => sata(h, 'sda', { model: 'ST4000VN006', temperature: 44 }),
  },
  {
    ...silent,
    name: 'a script that runs for a second every minute by a unit that starts it anew',
    reports: 10,
    installed: true,
    host() {
      const h = server(debian12, 'poller', { cores: 1, ram: 1, disk: 'vda' });
      h.service('poll-meter', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'success',
        NRestarts: '3',
        MainPID: '0',
      });
      return h;
    },
  },
  {
    ...silent,
    atFirst: 'false alarm',
    name: 'PostgreSQL is moved: a dump and its packer for a quarter of an hour, at night',
    reports: 15,
    host() {
      const h = server(jammy, 'pg-alt', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('postgresql@14-main', { name: 'postgres', cpu: 20, rss: 4_000_000, uid: 113 });
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.run({
          name: 'pg_dump',
          cpu: 30,
          rss: 30_000,
          age: 10,
          read: 0,
          uid: 113,
          cgroup: '/user.slice/user-1000.slice/session-4.scope',
        });
        h.run({
          name: 'zstd',
          cpu: 60,
          rss: 40_000,
          age: 10,
          write: 40_000_000,
          cgroup: '/user.slice/user-1000.slice/session-4.scope',
        });
      }
      if (i >= 3) h.named('postgres')[0]!.read = 80_000_000;
      if (i >= 3)
        h.disk('sda', {
          reads: 300,
          writes: 90,
          readBytes: 80_000_000,
          writeBytes: 40_000_000,
          busy: 99,
          await: 9,
        });
    },
  },
];
