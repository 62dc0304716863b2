// Jobs, accounts, packages, limits and databases of other machines, some of them seen as an installed agent sees them.
import { busyDisk, from, grown, server, type Case } from './case.ts';
import { GB } from './host.ts';
import { arch, centos7, debian12, jammy, leap, noble, raspberry, rhel9 } from './systems.ts';
import { errorLog, mysql, oomKill, replica, slashed, timerTime } from './tools.ts';

export const upkeepCases: Case[] = [
  {
    name: 'A data disk is not mounted after a reboot',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 4,
    onset: 2,
    host() {
      const h = server(debian12, 'plex', { cores: 4, ram: 8, disk: 'sda', nic: 'enp1s0' });
      h.mounts.set('/srv/media', { device: '/dev/sdb1', size: 7_600_000_000, used: 5_100_000_000 });
      h.more.set(
        'cat /etc/fstab',
        'UUID=1f2a / ext4 errors=remount-ro 0 1\nUUID=77cd-11 /srv/media ext4 defaults,nofail 0 2',
      );
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.pass(200);
      h.reboot();
      h.mounts.delete('/srv/media');
    },
    roots: [{ problem: 'disk.mount_missing', subject: '/srv/media' }],
  },
  {
    name: 'The timer of a backup has not run for nine days',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(jammy, 'wiki', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' });
      const day = 86_400;
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        `${timerTime(h, -3000)} 50min left ${timerTime(h, 600)} 10min ago systemd-tmpfiles-clean.timer systemd-tmpfiles-clean.service\n${timerTime(h, 8 * day)} 8 days ago ${timerTime(h, 9 * day)} 1 week 2 days ago restic-backup.timer restic-backup.service\n${timerTime(h, -40_000)} 11h left ${timerTime(h, 46_000)} 12h ago logrotate.timer logrotate.service`,
      );
      return h;
    },
    roots: [{ problem: ['svc.timer_missed', 'backup.stale'], subject: ['restic-backup', 'restic'] }],
  },
  {
    name: 'The nightly dump of a database is six days old',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(rhel9, 'odoo', { cores: 4, ram: 16, disk: 'sda', nic: 'ens192' });
      h.more.set(
        'stat /var/backups/*',
        [6, 7, 8, 9]
          .map(
            (d) => `${h.epoch - d * 86_400 - 4000}:2811${d}2211:/var/backups/odoo-2026-11-${20 - d}.sql.gz`,
          )
          .join('\n'),
      );
      return h;
    },
    roots: [{ problem: 'backup.stale', subject: ['dump', '/var/backups', 'odoo'] }],
  },
  {
    name: 'The clock of a domain controller is four seconds off',
    kind: 'fault',
    reports: 3,
    step: 1200,
    host() {
      const h = server(debian12, 'dc2', { cores: 2, ram: 8, disk: 'vda', nic: 'ens18' });
      h.more.set(
        'chronyc -n -c tracking',
        'C0A80001,192.168.0.1,3,1794999000.112,4.211093201,0.001920001,0.021003812,-88.221,0.412,9.112,0.031221,0.002911,64.1,Normal',
      );
      return h;
    },
    roots: [{ problem: 'time.skew', subject: 'dc2' }],
  },
  {
    name: 'A stranger has become an administrator',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => server(debian12, 'bastion', { cores: 2, ram: 2, disk: 'vda', nic: 'ens3' }),
    minute(h, i) {
      if (i < 1) return;
      h.people = ['support'];
      h.admins = 'admin,support';
    },
    roots: [{ problem: 'sec.new_admin', subject: ['support', 'sudo'] }],
  },
  {
    name: 'Somebody got in after hundreds of tries',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 1,
    host: () => server(jammy, 'dev-box', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' }),
    minute(h, i) {
      const words = (d: Date) => {
        const p = d.toUTCString().split(/[ ,]+/);
        return `${p[0]} ${p[2]} ${p[1]!.replace(/^0/, ' ')} ${p[4]} ${p[3]}`;
      };
      const tries = Array.from(
        { length: 260 },
        (_, n) =>
          `admin    ssh:notty    185.220.101.34   ${words(h.at(500 + n * 7))} - ${words(h.at(500 + n * 7))}  (00:00)`,
      );
      h.more.set('lastb -i -F -n 400', tries.join('\n'));
      h.more.set(
        'last -i -F -n 30',
        i < 1 ? '' : `admin    pts/0        185.220.101.34   ${words(h.at(300))}   still logged in`,
      );
    },
    roots: [{ problem: 'sec.login_after_fail', subject: ['admin', '185.220.101.34'] }],
  },
  {
    name: 'An upgrade of packages was cut short',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(noble, 'staging', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' });
      h.more.set(
        'dpkg --audit',
        "The following packages are only half configured, probably due to problems\nconfiguring them the first time.  The configuration should be retried using\ndpkg --configure <package> or the configure menu option in dselect:\n postgresql-16        The World's Most Advanced Open Source Relational Database",
      );
      return h;
    },
    roots: [{ problem: 'sys.update_broken', subject: ['postgresql-16', 'staging', 'dpkg'] }],
  },
  {
    name: 'Slow queries of MariaDB take all cores',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(debian12, 'shop-db1', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eth0' });
      h.run({ name: 'mariadbd', uid: 106, rss: 11 * GB, cpu: 120, threads: 80 });
      h.service('mariadb');
      return h;
    },
    minute(h, i) {
      const ill = from(i, 3);
      h.named('mariadbd')[0]!.cpu = ill ? 770 : 120;
      if (ill) {
        h.load = [Math.min(30, 6 * (i - 1)), 3 * i, i];
        h.psi.cpu = 66;
      }
      mysql(
        h,
        '10.11.9-MariaDB-0+deb12u1',
        {
          Slow_queries: h.count('slow', ill ? 700 : 2),
          Threads_running: ill ? 41 : 3,
          Threads_connected: ill ? 88 : 30,
        },
        { max_connections: 300 },
      );
    },
    roots: [{ problem: ['db.mysql_slow', 'cpu.saturated', 'proc.runaway'], subject: ['mysql', 'mariadbd'] }],
  },
  {
    name: 'A replica of MariaDB is an hour and a half behind',
    kind: 'fault',
    reports: 5,
    onset: 1,
    host() {
      const h = server(leap, 'replica-3', { cores: 4, ram: 16, disk: 'sda', nic: 'eth0' });
      h.serve('mariadb', {
        name: 'mariadbd',
        uid: 60,
        rss: 7 * GB,
        cpu: 99,
        threads: 30,
      });
      return h;
    },
    minute(h, i) {
      const behind = i < 1 ? 0 : 5000 + i * 60;
      mysql(h, '10.11.9-MariaDB-log', {}, {}, replica('Slave', { behind, delay: 0 }));
    },
    roots: [{ problem: 'db.mysql_repl_lag', subject: 'mysql' }],
  },
  {
    name: 'A supervisor does not collect its dead children',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(debian12, 'scraper', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      h.run({ name: 'supervisord', rss: 28_000, cpu: 0.5 });
      return h;
    },
    minute(h, i) {
      const parent = h.named('supervisord')[0]!;
      if (from(i, 2))
        for (let n = 0; n < 60; n++)
          h.run({
            name: 'chromedriver',
            uid: 1000,
            rss: 0,
            cpu: 0,
            state: 'Z',
            ppid: parent.pid,
            cgroup: '/',
            age: 10 - h.now,
          });
    },
    roots: [{ problem: 'proc.zombies', subject: ['supervisord', 'chromedriver', 'scraper'] }],
  },
  {
    name: 'A service has nearly as many threads as its unit may',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(rhel9, 'esb-1', { cores: 8, ram: 32, disk: 'sda', nic: 'ens192' });
      h.run({
        name: 'java',
        uid: 990,
        rss: 5 * GB,
        cpu: 60,
        threads: 900,
        cgroup: '/system.slice/mule.service',
      });
      h.service('mule', { TasksMax: '4915' });
      return h;
    },
    minute(h, i) {
      const n = Math.min(4880, 900 + grown(i, 2, 1400));
      h.named('java')[0]!.threads = n;
      h.groups.set('/system.slice/mule.service/pids.current', n + 12);
      h.groups.set('/system.slice/mule.service/pids.max', 4915);
      h.groups.set('/system.slice/mule.service/memory.current', 5_400_000_000);
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: ['mule'] }],
  },
  {
    name: 'CentOS 7, all process ids are taken',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(centos7, 'jenkins', { cores: 8, ram: 32, disk: 'sda', nic: 'em1' });
      h.serve('jenkins', {
        name: 'java',
        uid: 995,
        rss: 6 * GB,
        cpu: 40,
        threads: 200,
      });
      return h;
    },
    minute(h, i) {
      h.named('java')[0]!.threads = Math.min(31_600, 200 + grown(i, 2, 9500));
    },
    roots: [{ problem: 'proc.pid_exhaustion', subject: ['jenkins', 'java'] }],
  },
  {
    name: 'A small machine with swap on zram thrashes',
    kind: 'fault',
    reports: 9,
    onset: 3,
    host() {
      const h = server(raspberry, 'kiosk', { cores: 4, ram: 2, disk: 'mmcblk0', nic: 'wlan0' });
      h.swap = 1 * GB;
      h.swapDevice = 'zram0';
      h.run({
        name: 'chromium',
        uid: 1000,
        rss: 900_000,
        cpu: 60,
        threads: 90,
        cgroup: '/user.slice/user-1000.slice/session-1.scope',
      });
      h.available = 0.8 * GB;
      return h;
    },
    minute(h, i) {
      const more = Math.min(800_000, grown(i, 3, 260_000));
      const c = h.named('chromium')[0]!;
      c.rss = 900_000 + more * 0.6;
      c.swap = more * 0.4;
      h.available = Math.max(60_000, 0.8 * GB - more);
      h.cached = Math.max(90_000, 0.6 * GB - more);
      h.swapUsed = Math.min(0.97 * GB, 100_000 + more * 1.1);
      if (from(i, 4)) Object.assign(h, { swapIn: 3200, swapOut: 3500, majors: 900, load: [6, 4, 2] });
      if (from(i, 4)) Object.assign(c, { faults: 800, kernel: 0.6, cpu: 190 });
    },
    roots: [{ problem: ['mem.swap_thrash', 'mem.low', 'mem.critical', 'mem.leak'], subject: 'chromium' }],
  },
  {
    name: 'Installed agent: a program of a user runs away',
    kind: 'fault',
    reports: 9,
    onset: 3,
    installed: true,
    host() {
      const h = server(jammy, 'app-7', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' });
      h.run({ name: 'uwsgi', uid: 33, rss: 300_000, cpu: 12, threads: 4 });
      h.service('uwsgi');
      return h;
    },
    minute(h, i) {
      if (i === 3) h.run({ name: 'pdftk', uid: 33, rss: 90_000, cpu: 196, threads: 2, age: 20 - h.now });
      if (from(i, 3)) Object.assign(h, { load: [2.6, 1.7, 0.8], psi: { ...h.psi, cpu: 48 } });
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: 'pdftk' }],
  },
  {
    name: 'Installed agent: PHP is killed again and again at the limit of its unit',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'forum-2', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      h.run({ name: 'php-fpm8.2', uid: 33, rss: 700_000, cpu: 30, threads: 12 });
      h.service('php8.2-fpm', { MemoryMax: '1073741824' });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/php8.2-fpm.service';
      h.groups.set(`${g}/memory.current`, 1_050_000_000);
      h.groups.set(`${g}/memory.max`, 1_073_741_824);
      h.groups.set(`${g}/memory.stat`, 'anon 760000000');
      if (!from(i, 3)) return;
      oomKill(h, 'php-fpm8.2', 7000 + i, 190_112, g);
      h.groups.set(`${g}/memory.events`, `oom_kill ${i - 2}`);
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: 'php8.2-fpm' }],
  },
  {
    name: 'Installed agent: nginx does not come back after its configuration was changed',
    kind: 'fault',
    reports: 6,
    onset: 3,
    installed: true,
    host() {
      const h = server(rhel9, 'proxy-1', { cores: 2, ram: 4, disk: 'sda', nic: 'ens192' });
      h.run({ name: 'nginx', uid: 991, rss: 30_000, cpu: 2 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute(h, i) {
      if (i !== 3) return;
      h.stop('nginx');
      h.units.set('nginx.service', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        since: '30',
      });
      const d = slashed(h, -30);
      h.more.set(
        errorLog,
        `${d} [emerg] 2001#2001: cannot load certificate "/etc/pki/nginx/new.pem": BIO_new_file() failed`,
      );
    },
    roots: [{ problem: ['web.config_invalid', 'svc.unit_failed'], subject: 'nginx' }],
  },
  {
    name: 'An agent without root sees a full disk',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(arch, 'shared-7', { cores: 8, ram: 16, disk: 'nvme0n1', nic: 'eno1' });
      h.euid = 1000;
      h.mounts.set('/home', { device: '/dev/nvme0n1p3', size: 400_000_000, used: 371_000_000 });
      return h;
    },
    minute: (h, i) => {
      h.mounts.get('/home')!.used = Math.min(379_900_000, 371_000_000 + grown(i, 1, 4_000_000));
    },
    roots: [{ problem: ['disk.full', 'disk.fill_forecast'], subject: '/home' }],
  },
  {
    name: 'fsync of a logger stalls the slow disk of a small board',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(raspberry, 'logger', { cores: 4, ram: 1, disk: 'mmcblk0', nic: 'end0' });
      h.run({ name: 'influxd', uid: 998, rss: 200_000, cpu: 12, threads: 14, write: 90_000 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.named('influxd')[0]!.write = 4_400_000;
      busyDisk(
        h,
        'mmcblk0',
        { reads: 2, writes: 130, writeBytes: 4_700_000, readBytes: 20_000, await: 310 },
        4,
      );
    },
    roots: [
      { problem: ['disk.saturated', 'disk.latency', 'disk.fsync_stall'], subject: ['mmcblk0', 'influxd'] },
    ],
  },
];
