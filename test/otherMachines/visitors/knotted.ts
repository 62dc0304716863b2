// Visitors with more than one thing wrong, of which one made the others. Written before the product saw them.
import { server, from, grown, withSection, type Case } from '../case.ts';
import { debian12, jammy, noble, rhel9 } from '../systems.ts';
import { alma8, amazon2023, sles15, trixie } from '../strangers/systems.ts';
import { docker, ended, errorLog, fpmTime, identifier, mysql, oomKill, postgres, slashed } from '../tools.ts';
import { GB } from '../host.ts';

export const knottedVisitors: readonly Case[] = [
  {
    name: 'the binary log fills the volume of MariaDB, which stops, and the shop with it',
    kind: 'confounded',
    atFirst: 'wrong edge',
    reports: 12,
    onset: 4,
    host() {
      const h = server(rhel9, 'shop-db-ath', { ram: 16, cores: 4 });
      h.serve('mariadb', {
        name: 'mariadbd',
        rss: 5 * GB,
        cpu: 30,
        threads: 60,
        uid: 27,
        write: 9_000_000,
      });
      h.listening.push({ port: 3306, program: 'mariadbd', queue: 80 });
      h.disk('sdb', { size: 83_886_080, writes: 110, writeBytes: 10_000_000, busy: 15 });
      h.mounts.set('/var/lib/mysql', {
        device: '/dev/mapper/data-mysql',
        type: 'xfs',
        size: 41_922_560,
        used: 39_900_000,
      });
      return h;
    },
    minute(h, i) {
      const m = h.mounts.get('/var/lib/mysql')!;
      m.used = Math.min(m.size - 20, m.used + 420_000);
      if (i === 6) {
        h.stop('mariadbd');
        ended(h, 'mariadb', { Result: 'signal', ExecMainCode: '2', ExecMainStatus: '6', since: '20' });
      }
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/var/lib/mysql' }],
  },
  {
    name: 'locked rows hold PHP, PHP holds nginx',
    kind: 'confounded',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(trixie, 'forum-gva', { ram: 16, cores: 4 });
      h.run({ name: 'nginx', rss: 18_000, cpu: 3 });
      h.run({
        name: 'mysqld',
        rss: 4 * GB,
        cpu: 14,
        threads: 90,
        uid: 110,
        cgroup: '/system.slice/mysql.service',
      });
      for (let n = 0; n < 25; n++)
        h.run({
          name: 'php-fpm8.4',
          rss: 70_000,
          cpu: 1.5,
          uid: 33,
          cgroup: '/system.slice/php8.4-fpm.service',
        });
      for (const unit of ['nginx', 'mysql', 'php8.4-fpm']) h.service(unit);
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute(h, i) {
      const n = Math.max(0, i - 2);
      mysql(
        h,
        '8.4.3',
        {
          Innodb_row_lock_current_waits: n ? 24 : 0,
          Innodb_row_lock_time: 8_400 + n * 1_400_000,
          Innodb_row_lock_waits: 190 + n * 30,
          Threads_connected: n ? 31 : 12,
          Threads_running: n ? 27 : 2,
        },
        {},
      );
      if (n === 0) return void h.more.delete(errorLog);
      h.more.set(
        errorLog,
        [
          ...[55, 41, 30, 12].map((ago) => `${slashed(h, ago)} [error] 801#801: upstream timed out`),
          ...(n > 1 ? [`${fpmTime(h, 33)} [pool www] max_children`] : []),
        ].join('\n'),
      );
    },
    roots: [{ problem: 'db.mysql_locks', subject: 'mysql' }],
  },
  {
    name: 'a container is killed at its memory limit and started again, over and over',
    kind: 'confounded',
    reports: 12,
    installed: true,
    onset: 3,
    host() {
      const h = server(debian12, 'ml-fra', { ram: 64, cores: 16 });
      h.run({ name: 'dockerd', rss: 92_000, cpu: 3, threads: 30 });
      h.service('docker');
      const cgroup = `/system.slice/docker-${identifier('embedder')}.scope`;
      h.run({ name: 'uvicorn', rss: 1.9 * GB, cpu: 90, threads: 20, cgroup });
      h.groups.set(`${cgroup}/memory.max`, 2_147_483_648);
      h.groups.set(`${cgroup}/memory.current`, 2_090_000_000);
      h.groups.set(`${cgroup}/memory.stat`, 'anon 1900000000');
      h.groups.set(`${cgroup}/memory.events`, 'oom_kill 0');
      return h;
    },
    minute(h, i) {
      const cgroup = `/system.slice/docker-${identifier('embedder')}.scope`;
      docker(h, [
        {
          name: 'embedder',
          restarts: grown(i, 3, 1),
          oom: from(i, 3),
          exit: 0,
          status: from(i, 3) ? 'Up 20 seconds' : 'Up 2 days',
          ...(from(i, 3) ? { started: 20 } : {}),
        },
        { name: 'api' },
      ]);
      if (!from(i, 3)) return;
      oomKill(h, 'uvicorn', h.named('uvicorn')[0]!.pid, 2_050_000, cgroup);
      h.groups.set(`${cgroup}/memory.events`, `oom_kill ${grown(i, 3, 1)}`);
      Object.assign(h.named('uvicorn')[0]!, { pid: 90_000 + i * 41, born: h.now + 20 });
    },
    roots: [
      {
        problem: ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
        subject: ['embedder', 'docker-', '/system.slice/docker-', 'uvicorn'],
      },
    ],
  },
  {
    name: 'no connection is left in PostgreSQL, so the queue of the application overflows',
    kind: 'confounded',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(jammy, 'crm-bru', { ram: 16, cores: 4 });
      for (let n = 0; n < 30; n++)
        h.run({
          name: 'postgres',
          rss: 35_000,
          cpu: 0.7,
          uid: 113,
          cgroup: '/system.slice/system-postgresql.slice/postgresql@14-main.service',
        });
      for (let n = 0; n < 9; n++)
        h.run({ name: 'gunicorn', rss: 101_000, cpu: 3, uid: 1001, cgroup: '/system.slice/crm.service' });
      h.service('postgresql@14-main');
      h.service('crm');
      h.listening.push({ port: 8001, program: 'gunicorn', queue: 128, address: '127.0.0.1' });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      postgres(h, {
        max: 60,
        states: bad ? ['active|2|00:00:00.201', 'idle|55|'] : ['active|2|00:00:00.201', 'idle|20|'],
      });
      if (!bad) return;
      h.listening.find((l) => l.port === 8001)!.waiting = 129;
      h.tcp.overflows = 4;
      for (const t of h.named('gunicorn')) t.cpu = 0.2;
    },
    roots: [{ problem: 'db.pg_connections', subject: 'postgres' }],
  },
  {
    name: 'the storage network is unplugged and everything on NFS waits',
    kind: 'confounded',
    atFirst: 'rule silent',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(alma8, 'render-04', { nic: 'eno1', ram: 64, cores: 32 });
      h.nic('eno2', { speed: 10_000, rx: 90_000_000, tx: 8_000_000 });
      h.mounts.set('/net/scenes', {
        device: '10.30.0.5:/scenes',
        type: 'nfs4',
        size: 9_000_000_000,
        used: 5_100_000_000,
        options: 'rw,relatime,vers=4.2,hard,proto=tcp',
      });
      h.run({ name: 'blender', rss: 11 * GB, cpu: 2_800, threads: 64, uid: 1500 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3) {
        h.kernel(6, 'i40e 0000:3d:00.1 eno2: NIC Link is Down', 48);
        h.nic('eno2', { state: 'down', carrier: 3, rx: 0, tx: 0 });
        h.mounts.get('/net/scenes')!.size = 0;
      }
      if (i === 4) h.kernel(5, 'nfs: server 10.30.0.5 not responding, still trying', 20);
      Object.assign(h.named('blender')[0]!, { cpu: 0, state: 'D' });
      h.blocked = 3;
      h.load = [40 - i, 36, 33];
    },
    roots: [{ problem: ['net.link_down'], subject: 'eno2' }],
  },
  {
    name: 'after a restart a volume is missing, and what lies on it cannot start',
    kind: 'confounded',
    atFirst: 'rule silent',
    reports: 5,
    onset: 0,
    host() {
      const h = server(sles15, 'git-dus', { ram: 16, cores: 4 });
      return h;
    },
    minute(h, i) {
      if (i === 0) h.uptime = 420;
      h.more.set(
        'cat /etc/fstab',
        '/dev/sda2 / ext4 defaults 0 1\nUUID=7c31-41aa /srv/git xfs defaults,nofail 0 2',
      );
      ended(h, 'gitea', { NRestarts: '5', since: String(380 + i * 60) });
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/srv/git' }],
  },
  {
    name: 'chrony does not start after an edit, and the clock runs free',
    kind: 'confounded',
    reports: 8,
    onset: 1,
    host() {
      const h = server(amazon2023, 'ip-10-20-9-9', { nic: 'ens5', ram: 8 });
      h.service('chronyd');
      return h;
    },
    minute(h, i) {
      if (!from(i, 1)) return;
      h.stop('chronyd');
      ended(h, 'chronyd', { since: String(20 + (i - 1) * 60) });
      h.more.set('timedatectl', 'Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no');
    },
    roots: [{ problem: ['svc.unit_failed', 'time.unsync'], subject: ['chronyd', 'ip-10-20-9-9'] }],
  },
  {
    name: 'millions of small files of old images: containerd has no inode left',
    kind: 'confounded',
    reports: 9,
    installed: true,
    onset: 2,
    host() {
      const h = server(noble, 'k8s-w12', { ram: 32, cores: 8, disk: 'nvme0n1' });
      h.run({ name: 'containerd', rss: 80_000, cpu: 3, threads: 30 });
      h.run({ name: 'kubelet', rss: 100_000, cpu: 6, threads: 20 });
      h.service('containerd');
      h.service('kubelet');
      h.mounts.set('/var/lib/containerd', {
        device: '/dev/nvme1n1',
        size: 104_857_600,
        used: 61_000_000,
        inodes: 6_553_600,
        inodesUsed: 6_100_000,
      });
      return h;
    },
    minute(h, i) {
      const m = h.mounts.get('/var/lib/containerd')!;
      m.inodesUsed = Math.min(6_553_600, 6_100_000 + i * 95_000);
      if (from(i, 5)) h.service('kubelet', { NRestarts: '0' });
    },
    roots: [{ problem: ['disk.inodes_full', 'disk.inode_forecast'], subject: '/var/lib/containerd' }],
  },
  {
    name: 'a package of the night: PHP was upgraded and its unit does not start',
    kind: 'confounded',
    reports: 3,
    onset: 0,
    host() {
      const h = server(trixie, 'blog-ork', { ram: 4 });
      h.run({ name: 'nginx', rss: 14_000, cpu: 1 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute: (h, i) =>
      ended(h, 'php8.4-fpm', { ExecMainStatus: '78', NRestarts: '0', since: String(400 + i * 60) }),
    edit: (text, _i, h) =>
      withSection(
        text,
        'tail -n 100 /var/log/dpkg.log',
        `${h.at(430).toISOString().slice(0, 19).replace('T', ' ')} upgrade php8.4-fpm:amd64 8.4.11-1 8.4.16-1~deb13u1\n${h.at(425).toISOString().slice(0, 19).replace('T', ' ')} status half-configured php8.4-fpm:amd64 8.4.16-1~deb13u1`,
      ),
    roots: [{ problem: 'svc.unit_failed', subject: 'php8.4-fpm' }],
  },
];
