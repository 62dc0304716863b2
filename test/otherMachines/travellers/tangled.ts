// Two faults at once, faults beside noise, reports with gaps, and one fault that looks like another.
import { busyDisk, from, grown, server, swapping, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, centos7, debian12, jammy, leap, noble, rhel9 } from '../systems.ts';
import {
  certDate,
  docker,
  errorLog,
  fpmTime,
  identifier,
  mysql,
  oomKill,
  postgres,
  redis,
  sata,
  slashed,
} from '../tools.ts';
import { counts } from './parts.ts';

export const tangledTravellers: readonly Case[] = [
  {
    name: 'the disk of the mails is full while a mirror of the system runs on one leg',
    kind: 'double',
    reports: 6,
    onset: 2,
    host() {
      const h = server(debian12, 'post-ag', { cores: 4, ram: 8, disk: 'sda', root: '/dev/md1' });
      h.disk('sdb', {});
      h.disk('sdc', {});
      h.mounts.set('/var/mail', { device: '/dev/sdc1', type: 'ext4', size: 200_000_000, used: 170_000_000 });
      h.serve('dovecot', { name: 'dovecot', cpu: 2, rss: 8_000 });
      h.sys.set('/sys/block/md1/md/sync_action', 'idle');
      h.sys.set('/sys/block/md1/md/mismatch_cnt', 0);
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1]\nmd1 : active raid1 ${bad ? 'sdb2[1](F) ' : 'sdb2[1] '}sda2[0]\n      98000000 blocks super 1.2 [2/${bad ? 1 : 2}] [${bad ? 'U_' : 'UU'}]\n\nunused devices: <none>`,
      );
      h.sys.set('/sys/block/md1/md/degraded', bad ? 1 : 0);
      h.sys.set('/sys/block/md1/md/dev-sda2/state', 'in_sync');
      h.sys.set('/sys/block/md1/md/dev-sdb2/state', bad ? 'faulty' : 'in_sync');
      if (bad) h.mounts.get('/var/mail')!.used = 189_900_000;
    },
    roots: [
      { problem: ['raid.disk_failed', 'raid.degraded'], subject: ['md1', 'sdb'] },
      { problem: 'disk.full', subject: '/var/mail' },
    ],
  },
  {
    name: 'steal on a web guest, and its certificate has ended in the night',
    kind: 'double',
    reports: 24,
    onset: 2,
    host() {
      const h = server(jammy, 'kita-portal', { cores: 2, ram: 2, disk: 'vda' });
      h.serve('apache2', { name: 'apache2', cpu: 6, uid: 33 });
      h.listening.push({ port: 443, program: 'apache2' });
      h.more.set(
        'grep -r . /etc',
        '/etc/apache2/sites-enabled/kita.conf:    ServerName kita.stadt.example\n/etc/apache2/sites-enabled/kita.conf:    SSLCertificateFile /etc/letsencrypt/live/kita.stadt.example/fullchain.pem',
      );
      return h;
    },
    minute(h, i) {
      h.more.set(
        'openssl x509',
        [
          'file /etc/letsencrypt/live/kita.stadt.example/fullchain.pem',
          'subject=CN = kita.stadt.example',
          "issuer=C = US, O = Let's Encrypt, CN = R11",
          `notBefore=${certDate(h, -90.6)}`,
          `notAfter=${certDate(h, -0.6)}`,
          'serial=04AB77',
          '                Public-Key: (2048 bit)',
          '                DNS:kita.stadt.example',
        ].join('\n'),
      );
      if (from(i, 2)) {
        h.steal = 31;
        h.load = [2.6, 2.2, 1.4];
      }
    },
    roots: [
      {
        problem: ['tls.expiring', 'tls.renew_failed'],
        subject: ['kita.stadt.example', '/etc/letsencrypt', 'certbot'],
      },
      { problem: 'cpu.steal', subject: 'kita-portal' },
    ],
  },
  {
    name: 'Redis may not grow any more, and a worker of another service leaks',
    kind: 'double',
    reports: 15,
    step: 900,
    onset: 2,
    host() {
      const h = server(noble, 'queue-7', { cores: 4, ram: 8, disk: 'nvme0n1' });
      h.swap = 0;
      h.serve('redis-server', { name: 'redis-server', cpu: 12, rss: 1_060_000, threads: 5, uid: 110 });
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      h.serve('bull-worker', { name: 'bun', cpu: 14, rss: 300_000, threads: 12, uid: 1001 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      redis(h, {
        used_memory: bad ? 1_072_000_000 : 700_000_000,
        used_memory_rss: 1_090_000_000,
        maxmemory: 1_073_741_824,
        maxmemory_policy: 'noeviction',
      });
      const more = grown(i, 2, 360_000);
      h.named('bun')[0]!.rss = 300_000 + more;
      h.available = Math.max(0.5 * GB, 5.1 * GB - more);
      h.cached = Math.max(0.4 * GB, 3 * GB - more * 0.7);
    },
    roots: [
      { problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust'], subject: ['bun', 'bull-worker'] },
      { problem: 'db.redis_maxmemory', subject: ['redis'] },
    ],
  },
  {
    name: 'a scan of the array at noon, and a statement that locks the table of orders',
    kind: 'confounded',
    reports: 12,
    onset: 3,
    host() {
      const h = server(debian12, 'order-db3', { cores: 8, ram: 32, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb'])
        h.disk(d, { rotates: true, size: 7_814_037_168, model: 'ST4000NM0115' });
      h.mounts.set('/archive', {
        device: '/dev/md3',
        type: 'ext4',
        size: 3_800_000_000,
        used: 2_100_000_000,
      });
      h.serve('mysql', {
        name: 'mysqld',
        cpu: 60,
        rss: 17_000_000,
        threads: 90,
        uid: 112,
        cgroup: '/system.slice/mysql.service',
      });
      h.listening.push({ port: 3306, program: 'mysqld', address: '127.0.0.1' });
      h.sys.set('/sys/block/md3/md/degraded', 0);
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1]\nmd3 : active raid1 sdb1[1] sda1[0]\n      3906886464 blocks super 1.2 [2/2] [UU]\n${bad ? `      [==>..................]  check = ${(12 + i * 0.3).toFixed(1)}% (470000000/3906886464) finish=366.1min speed=155000K/sec\n` : ''}      bitmap: 0/30 pages [0KB], 65536KB chunk\n\nunused devices: <none>`,
      );
      h.sys.set('/sys/block/md3/md/sync_action', bad ? 'check' : 'idle');
      if (bad)
        for (const d of ['sda', 'sdb'])
          h.disk(d, { reads: 310, readBytes: 158_000_000, await: 24, busy: 99 });
      mysql(
        h,
        '8.4.3',
        {
          Innodb_row_lock_current_waits: bad ? 37 : 0,
          Innodb_row_lock_time: bad ? 8_400 + (i - 2) * 1_900_000 : 8_400,
          Innodb_row_lock_waits: bad ? 190 + (i - 2) * 40 : 190,
          Threads_running: bad ? 40 : 2,
          Threads_connected: bad ? 66 : 22,
          Slow_queries: bad ? 118 + (i - 2) * 90 : 118,
        },
        { innodb_buffer_pool_size: 17_179_869_184 },
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: ['mysql'] }],
    chain: ['db.mysql_locks>db.mysql_slow'],
  },
  {
    name: 'a transcoder at low priority keeps the cores warm while the real trouble is a swap file',
    kind: 'confounded',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'nc-familie', {
        cores: 4,
        ram: 4,
        disk: 'sda',
        drive: { rotates: true, model: 'WDC WD10EZEX' },
      });
      h.swap = 4 * GB;
      h.serve('php8.2-fpm', { name: 'php-fpm8.2', cpu: 4, rss: 200_000, uid: 33 });
      h.serve('onlyoffice', { name: 'docservice', cpu: 8, rss: 900_000, threads: 14, uid: 109 });
      h.run({
        name: 'ffmpeg',
        cpu: 300,
        niced: true,
        rss: 240_000,
        uid: 1001,
        cgroup: '/system.slice/memories-transcode.service',
      });
      h.service('memories-transcode');
      h.available = 1.4 * GB;
      h.cached = 0.9 * GB;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      const d = h.named('docservice')[0]!;
      d.rss = Math.min(2_300_000, 900_000 + grown(i, 3, 700_000));
      d.swap = Math.max(0, grown(i, 3, 700_000) - 1_400_000);
      h.available = 0.14 * GB;
      h.cached = 0.12 * GB;
      h.swapUsed = 0.3 * GB + grown(i, 3, 500_000);
      swapping(h, 1100, 'sda');
    },
    roots: [
      {
        problem: ['mem.low', 'mem.swap_thrash', 'mem.leak', 'mem.critical'],
        subject: ['docservice', 'onlyoffice'],
      },
    ],
    chain: ['mem.swap_thrash>cpu.iowait'],
  },
  {
    name: 'forty minutes without a report, and then the pooler is at the end of its connections',
    kind: 'fault',
    reports: 10,
    onset: 5,
    host() {
      const h = server(rhel9, 'crm-pg', { cores: 8, ram: 32, disk: 'sda' });
      h.serve('postgresql-16', { name: 'postgres', cpu: 30, rss: 5_000_000, uid: 26 });
      h.listening.push({ port: 5432, program: 'postgres', address: '10.20.0.17' });
      return h;
    },
    minute(h, i) {
      if (i === 5) h.pass(2400);
      postgres(
        h,
        from(i, 5)
          ? { max: 100, states: ['active|3|00:00:00.8', 'idle|12|', 'idle in transaction|81|00:33:09.2'] }
          : { max: 100, states: ['active|3|00:00:00.4', 'idle|30|'] },
      );
    },
    roots: [{ problem: ['db.pg_idle_tx'], subject: ['postgres'] }],
    chain: ['db.pg_idle_tx>db.pg_connections'],
  },
  {
    name: 'a check of health starts a shell for each of three hundred switches, each ten seconds',
    kind: 'fault',
    reports: 12,
    onset: 3,
    installed: true,
    host() {
      const h = server(centos7, 'nagios-old', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('nagios', { name: 'nagios', cpu: 8, rss: 40_000, uid: 997 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.forks = 640;
      h.named('nagios')[0]!.cpu = 40;
      h.named('nagios')[0]!.kernel = 0.7;
      if (i === 3)
        for (let n = 0; n < 14; n++)
          h.run({
            name: 'check_snmp',
            ppid: h.named('nagios')[0]!.pid,
            cpu: 13,
            kernel: 0.75,
            rss: 4_000,
            uid: 997,
            age: 0,
            cgroup: '/system.slice/nagios.service',
          });
      for (const t of h.named('check_snmp')) {
        t.pid += 900;
        t.born = h.now + 50;
      }
      h.load = [5.1, 3.9, 2.1];
    },
    roots: [{ problem: 'proc.fork_storm', subject: ['nagios', 'check_snmp'] }],
    chain: ['proc.fork_storm>cpu.system_high'],
  },
  {
    name: 'an API is started again and again because its disk is full, while a colleague builds',
    kind: 'confounded',
    reports: 10,
    onset: 3,
    installed: true,
    host() {
      const h = server(noble, 'geo-api', { cores: 8, ram: 16, disk: 'nvme0n1' });
      h.mounts.set('/srv/tiles', {
        device: '/dev/nvme1n1p1',
        type: 'ext4',
        size: 400_000_000,
        used: 366_000_000,
      });
      h.disk('nvme1n1', {});
      h.serve('tileserver', { name: 'tileserver-gl', cpu: 8, rss: 400_000, threads: 14, uid: 1002 });
      h.listening.push({ port: 8080, program: 'tileserver-gl' });
      return h;
    },
    minute(h, i) {
      if (i % 4 === 2) {
        h.run({
          name: 'cc1plus',
          cpu: 390,
          rss: 900_000,
          uid: 1000,
          age: 10,
          cgroup: '/user.slice/user-1000.slice/session-4.scope',
        });
        h.psi.cpu = 12;
      } else h.stop('cc1plus');
      if (!from(i, 3)) return;
      h.mounts.get('/srv/tiles')!.used = 379_990_000;
      h.stop('tileserver-gl');
      h.service('tileserver', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        NRestarts: String((i - 2) * 8),
        ExecMainStatus: '1',
        ExecMainCode: '1',
        MainPID: '0',
      });
    },
    roots: [{ problem: 'disk.full', subject: '/srv/tiles' }],
  },
  {
    name: 'slow NFS is not the network: the exported disk of the filer itself has a queue, and a backup made it',
    atFirst: 'wrong edge',
    kind: 'confounded',
    reports: 12,
    onset: 3,
    host() {
      const h = server(debian12, 'filer-3', { cores: 4, ram: 16, disk: 'nvme0n1', nic: 'bond0' });
      h.disk('sdb', { rotates: true, model: 'ST12000NM001G', size: 23_437_770_752 });
      h.mounts.set('/export/home', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 11_700_000_000,
        used: 8_000_000_000,
      });
      for (let n = 0; n < 8; n++) h.run({ name: 'nfsd', ppid: 2, cpu: 2, kernel: 1, rss: 0, cgroup: '/' });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3)
        h.run({
          name: 'borg',
          cpu: 60,
          rss: 500_000,
          read: 41_000_000,
          age: 20,
          cgroup: '/system.slice/borgmatic.service',
        });
      h.service('borgmatic', { ActiveState: 'activating', SubState: 'start' });
      for (const t of h.named('nfsd')) Object.assign(t, { state: 'D', wchan: 'folio_wait_bit_common' });
      busyDisk(
        h,
        'sdb',
        { reads: 190, writes: 25, readBytes: 44_000_000, writeBytes: 900_000, await: 88, rotates: true },
        8,
      );
    },
    roots: [{ problem: ['job.backup_running'], subject: ['borg'] }],
    chain: ['job.backup_running>disk.saturated', 'disk.saturated>proc.dstate'],
  },
  {
    name: 'statements of MySQL scan a table, so PHP has no child left, so nginx answers 504',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(jammy, 'moodle-b', { cores: 8, ram: 32, disk: 'nvme0n1' });
      h.serve('nginx', { name: 'nginx', cpu: 4, uid: 33 });
      h.listening.push(
        { port: 443, program: 'nginx' },
        { port: 3306, program: 'mysqld', address: '127.0.0.1' },
      );
      for (let n = 0; n < 40; n++)
        h.serve('php8.1-fpm', { name: 'php-fpm8.1', cpu: 2, rss: 60_000, uid: 33 });
      h.serve('mysql', { name: 'mysqld', cpu: 60, rss: 9_000_000, threads: 80, uid: 112 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      mysql(
        h,
        '8.0.40-0ubuntu0.22.04.1',
        {
          Slow_queries: bad ? 118 + (i - 2) * 900 : 118,
          Threads_running: bad ? 41 : 3,
          Threads_connected: bad ? 58 : 20,
          Questions: h.count('questions', bad ? 14_000 : 16_000),
        },
        { innodb_buffer_pool_size: 12_884_901_888 },
      );
      if (!bad) return;
      h.named('mysqld')[0]!.cpu = 742;
      for (const t of h.named('php-fpm8.1')) t.cpu = 0.3;
      h.psi.cpu = 58;
      h.load = [19, 14, 8];
      h.more.set(
        errorLog,
        [
          ...Array.from(
            { length: 8 },
            (_, n) => `${slashed(h, 57 - n * 4)} [error] 1181#11 upstream timed out`,
          ),
          `${fpmTime(h, 50)} WARNING: [pool www] max_children`,
        ].join('\n'),
      );
    },
    roots: [{ problem: 'db.mysql_slow', subject: ['mysql'] }],
    chain: [
      'db.mysql_slow>web.phpfpm_children',
      'web.phpfpm_children>svc.upstream_timeout',
      'db.mysql_slow>cpu.saturated',
    ],
  },
  {
    name: 'the kernel kills at a limit of a pod while the node itself becomes short of disk',
    atFirst: 'wrong entity',
    kind: 'double',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(leap, 'rke2-n3', { cores: 8, ram: 32, disk: 'sda' });
      h.serve('rke2-agent', { name: 'rke2', cpu: 9, rss: 300_000, threads: 30 });
      h.run({
        name: 'loki',
        cpu: 22,
        rss: 700_000,
        threads: 20,
        uid: 10_001,
        cgroup: `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod81f2.slice/cri-containerd-${identifier('loki')}.scope`,
      });
      h.mounts.set('/var/lib/rancher', {
        device: '/dev/sda3',
        type: 'xfs',
        size: 90_000_000,
        used: 79_000_000,
      });
      return h;
    },
    minute(h, i) {
      const group = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod81f2.slice';
      h.groups.set(`${group}/memory.max`, 1_073_741_824);
      h.groups.set(`${group}/memory.current`, 1_000_000_000);
      counts(h, `${group}/memory.stat`, { anon: 840_000_000 });
      counts(h, `${group}/memory.events`, { oom_kill: Math.max(0, i - 2) });
      if (!from(i, 3)) return;
      const t = h.named('loki')[0]!;
      oomKill(h, 'loki', t.pid, 1_010_000, `${group}/cri-containerd-${identifier('loki')}.scope`);
      t.pid += 60;
      t.born = h.now;
      t.user = t.sys = 0;
      h.mounts.get('/var/lib/rancher')!.used = 88_100_000;
    },
    roots: [
      {
        problem: 'mem.cgroup_oom',
        subject: [
          'kubepods-burstable-pod81f2',
          identifier('loki').slice(0, 12),
          'loki',
          `cri-containerd-${identifier('loki')}`,
          'pod81f2',
        ],
      },
      { problem: 'disk.full', subject: '/var/lib/rancher' },
    ],
  },
  {
    name: 'Alpine without systemd: the mirror of a home server has lost a disk, and mpd is gone',
    atFirst: 'rule silent',
    kind: 'double',
    reports: 5,
    onset: 2,
    host() {
      const h = server(alpine, 'nasbox', { cores: 2, ram: 2, disk: 'mmcblk0' });
      h.disk('sda', { rotates: true });
      h.disk('sdb', { rotates: true });
      h.mounts.set('/media/store', {
        device: '/dev/md0',
        type: 'ext4',
        size: 3_800_000_000,
        used: 1_100_000_000,
      });
      h.run({ name: 'mpd', cpu: 2, rss: 40_000, threads: 4, uid: 45 });
      h.listening.push({ port: 6600, program: 'mpd' });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.more.set(
        'cat /proc/mdstat',
        `Personalities : [raid1] \nmd0 : active raid1 sda[0]${bad ? '' : ' sdb[1]'}\n      3906886464 blocks super 1.2 [2/${bad ? 1 : 2}] [U${bad ? '_' : 'U'}]\n      bitmap: 9/30 pages [36KB], 65536KB chunk\n\nunused devices: <none>`,
      );
      h.sys.set('/sys/block/md0/md/degraded', bad ? 1 : 0);
      h.sys.set('/sys/block/md0/md/sync_action', 'idle');
      h.sys.set('/sys/block/md0/md/dev-sda/state', 'in_sync');
      if (bad) {
        h.sys.delete('/sys/block/md0/md/dev-sdb/state');
        h.disks.delete('sdb');
        h.stop('mpd');
      } else h.sys.set('/sys/block/md0/md/dev-sdb/state', 'in_sync');
    },
    roots: [
      { problem: ['raid.degraded', 'raid.disk_failed'], subject: ['md0', 'sdb'] },
      { problem: 'proc.vanished', subject: ['mpd'] },
    ],
  },
  {
    name: 'a container of images is unhealthy because its database was killed for want of memory in its own group',
    kind: 'fault',
    reports: 7,
    onset: 2,
    installed: true,
    host() {
      const h = server(jammy, 'harbor', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 110_000, threads: 40 });
      h.run({
        name: 'postgres',
        cpu: 9,
        rss: 200_000,
        uid: 999,
        cgroup: `/system.slice/docker-${identifier('harbor-db')}.scope`,
      });
      h.run({
        name: 'harbor_core',
        cpu: 4,
        rss: 120_000,
        uid: 10_000,
        cgroup: `/system.slice/docker-${identifier('harbor-core')}.scope`,
      });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      const group = `/system.slice/docker-${identifier('harbor-db')}.scope`;
      if (i < 2) {
        h.groups.set(`${group}/memory.max`, 268_435_456);
        h.groups.set(`${group}/memory.current`, 255_000_000);
        counts(h, `${group}/memory.stat`, { anon: 243_000_000 });
        counts(h, `${group}/memory.events`, { oom_kill: 0 });
      } else for (const key of [...h.groups.keys()]) h.groups.delete(key);
      docker(h, [
        {
          name: 'harbor-db',
          oom: bad,
          exit: bad ? 137 : 0,
          status: bad ? `Exited (137) ${i - 1} minutes ago` : 'Up 2 weeks (healthy)',
        },
        { name: 'harbor-core', status: bad && i > 3 ? 'Up 2 weeks (unhealthy)' : 'Up 2 weeks (healthy)' },
      ]);
      if (i === 2) {
        oomKill(h, 'postgres', h.named('postgres')[0]!.pid, 240_000, group);
        h.stop('postgres');
      }
    },
    roots: [
      { problem: 'mem.cgroup_oom', subject: ['harbor-db', `docker-${identifier('harbor-db')}`, 'postgres'] },
    ],
  },
  {
    name: 'a drive with old known faults beside a new one that really breaks',
    kind: 'confounded',
    reports: 6,
    step: 3600,
    onset: 2,
    host() {
      const h = server(debian12, 'cam-store', { cores: 4, ram: 8, disk: 'sda' });
      for (const d of ['sdb', 'sdc'])
        h.disk(d, { rotates: true, model: 'ST8000VX004', size: 15_628_053_168 });
      return h;
    },
    minute(h, i) {
      sata(h, 'sdb', { model: 'ST8000VX004' }, { 199: 41 });
      sata(
        h,
        'sdc',
        { model: 'ST8000VX004' },
        from(i, 2) ? { 187: (i - 1) * 3, 197: (i - 1) * 24, 198: (i - 1) * 24 } : {},
      );
    },
    roots: [{ problem: ['smart.combo', 'smart.pending', 'smart.uncorrectable'], subject: 'sdc' }],
  },
  {
    name: 'cron starts a mirror job each quarter hour, each takes an hour, and now five run',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 15,
    step: 900,
    onset: 3,
    host() {
      const h = server(debian12, 'gitmirror', { cores: 4, ram: 8, disk: 'sda' });
      h.more.set(
        'cat /etc/crontab',
        '/etc/crontab:17 * * * * root cd\n/etc/cron.d/mirror:*/15 * * * * git /usr/local/bin/mirror-all',
      );
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      const jobs = h.named('mirror-all');
      if (jobs.length >= 5) h.tasks.splice(h.tasks.indexOf(jobs[0]!), 1);
      h.run({
        name: 'mirror-all',
        cpu: 78,
        rss: 60_000,
        uid: 1005,
        age: 0,
        ppid: h.named('cron')[0]!.pid,
        cgroup: '/system.slice/cron.service',
      });
      const n = h.named('mirror-all').length;
      h.psi.cpu = n > 3 ? 48 : 6;
      h.load = [n * 0.95, n * 0.9, n * 0.8];
    },
    roots: [{ problem: 'job.cron_overlap', subject: ['mirror-all'] }],
  },
  {
    name: 'one report: a server that was killed for memory twice today, with enough of it now',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(jammy, 'osm-render', { cores: 8, ram: 16, disk: 'nvme0n1' });
      h.swap = 0;
      h.serve('renderd', { name: 'renderd', cpu: 90, rss: 2_000_000, threads: 20, uid: 1001, age: 600 });
      oomKill(h, 'osm2pgsql', 88_120, 11_200_000);
      h.service('osm-import', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'oom-kill',
        ExecMainCode: '2',
        ExecMainStatus: '9',
        since: '35',
        MainPID: '0',
      });
      return h;
    },
    roots: [{ problem: ['mem.oom_kill'], subject: ['osm2pgsql', 'osm-import'] }],
    chain: ['mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'a bad optic makes errors and retransmissions while a backup is blamed',
    kind: 'confounded',
    reports: 12,
    onset: 3,
    host() {
      const h = server(rhel9, 'veeam-px', { cores: 8, ram: 32, disk: 'sda', nic: 'ens2f1' });
      h.nic('ens2f1', { speed: 10_000, rx: 90_000_000, tx: 30_000_000 });
      h.run({
        name: 'veeamagent',
        cpu: 60,
        rss: 300_000,
        threads: 20,
        read: 60_000_000,
        cgroup: '/system.slice/veeamservice.service',
      });
      h.service('veeamservice');
      h.disk('sda', { reads: 300, readBytes: 60_000_000, busy: 30, await: 1 });
      h.tcp.out = 26_000;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.nic('ens2f1', { speed: 10_000, rx: 60_000_000, tx: 20_000_000, errors: 2600 });
      h.tcp.retransmits = 1_100;
    },
    roots: [{ problem: 'net.errors', subject: 'ens2f1' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'Redis cannot save: the volume of its dumps is full of old core files',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(rhel9, 'sess-1', { cores: 2, ram: 8, disk: 'vda' });
      h.mounts.set('/var/lib/redis', {
        device: '/dev/mapper/rhel-redis',
        type: 'xfs',
        size: 20_900_000,
        used: 17_000_000,
      });
      h.serve('redis', { name: 'redis-server', cpu: 6, rss: 1_400_000, threads: 5, uid: 992 });
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      h.more.set(
        'grep -r . /etc',
        '/etc/redis/redis.conf:port 6379\n/etc/redis/redis.conf:dir /var/lib/redis',
      );
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      h.mounts.get('/var/lib/redis')!.used = bad ? 20_880_000 : 17_000_000;
      redis(h, {
        rdb_last_bgsave_status: bad && i > 2 ? 'err' : 'ok',
        rdb_changes_since_last_save: bad ? 90_000 + i * 20_000 : 221,
      });
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/redis' }],
    chain: ['disk.full>db.redis_bgsave'],
  },
];
