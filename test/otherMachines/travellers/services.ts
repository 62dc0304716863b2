// Units that end, loop or never come up, and why.
import { busyDisk, from, server, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { debian12, jammy, leap, noble, proxmox, rhel9 } from '../systems.ts';
import { ended, sata, timerTime } from '../tools.ts';

export const serviceTravellers: readonly Case[] = [
  {
    name: 'Grafana finds its port taken by a dashboard that a colleague started by hand',
    atFirst: 'rule silent',
    kind: 'fault',
    reports: 10,
    onset: 3,
    installed: true,
    host() {
      const h = server(noble, 'mon-hel', { cores: 2, ram: 8, disk: 'vda' });
      h.serve('grafana-server', { name: 'grafana', cpu: 2, rss: 160_000, threads: 14, uid: 115 });
      h.serve('prometheus', { name: 'prometheus', cpu: 6, rss: 900_000, threads: 12, uid: 114 });
      h.listening.push({ port: 3000, program: 'grafana' }, { port: 9090, program: 'prometheus' });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3) {
        h.stop('grafana');
        h.run({
          name: 'node',
          cpu: 1,
          rss: 120_000,
          uid: 1001,
          age: 5,
          cgroup: '/user.slice/user-1001.slice/session-41.scope',
        });
        h.listening.push({ port: 3000, program: 'node' });
      }
      h.forks = 12;
      h.service('grafana-server', {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        NRestarts: String((i - 2) * 6),
        ExecMainStatus: '1',
        ExecMainCode: '1',
        MainPID: '0',
      });
    },
    roots: [{ problem: ['svc.restart_loop', 'svc.port_conflict'], subject: ['grafana-server'] }],
  },
  {
    name: 'an update of the night brought a new RabbitMQ that does not read the old settings',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(jammy, 'mq-2', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('rabbitmq-server', { name: 'beam.smp', cpu: 9, rss: 500_000, threads: 60, uid: 111 });
      h.listening.push({ port: 5672, program: 'beam.smp' });
      return h;
    },
    minute(h, i) {
      if (i < 2) return;
      const t = (ago: number) => h.at(ago).toISOString().slice(0, 19).replace('T', ' ');
      const since = 400 + (i - 2) * 60;
      h.more.set(
        'tail -n 100 /var/log/dpkg.log',
        [
          `${t(since + 20)} startup archives unpack`,
          `${t(since + 18)} upgrade rabbitmq-server:all 3.12.14-1 4.0.3-1`,
          `${t(since + 17)} status half-configured rabbitmq-server:all 3.12.14-1`,
          `${t(since + 9)} status unpacked rabbitmq-server:all 4.0.3-1`,
          `${t(since + 5)} configure rabbitmq-server:all 4.0.3-1 <none>`,
          `${t(since)} status installed rabbitmq-server:all 4.0.3-1`,
        ].join('\n'),
      );
      h.stop('beam.smp');
      ended(h, 'rabbitmq-server', { since: String(since - 6), NRestarts: '5', ExecMainStatus: '70' });
    },
    roots: [{ problem: ['svc.unit_failed', 'change.package'], subject: ['rabbitmq'] }],
    chain: ['change.package>svc.unit_failed'],
  },
  {
    name: 'a disk writes errors, its filesystem turns read-only, and the mail store ends',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(debian12, 'mailstore-b', { cores: 4, ram: 16, disk: 'sda' });
      h.disk('sdd', { rotates: true, model: 'HGST HUS726T6TALE6L4', size: 11_721_045_168 });
      h.mounts.set('/var/vmail', {
        device: '/dev/sdd1',
        type: 'ext4',
        size: 5_700_000_000,
        used: 2_100_000_000,
      });
      h.serve('dovecot', { name: 'dovecot', cpu: 3, rss: 7_000 });
      h.listening.push({ port: 993, program: 'dovecot' });
      return h;
    },
    minute(h, i) {
      sata(h, 'sda', { model: 'SAMSUNG MZ7LH480' });
      sata(
        h,
        'sdd',
        { model: 'HGST HUS726T6TALE6L4', hours: 41_990 },
        from(i, 2) ? { 5: 88, 187: 9, 197: 112, 198: 112 } : { 5: 2, 197: 16 },
      );
      if (i === 2) {
        h.kernel(
          3,
          'blk_update_request: critical medium error, dev sdd, sector 4029386752 op 0x1:(WRITE) flags 0x800 phys_seg 4 prio class 0',
          50,
        );
        h.kernel(3, 'Buffer I/O error on dev sdd1, logical block 503673088, lost async page write', 50);
        h.kernel(
          2,
          'EXT4-fs error (device sdd1): ext4_journal_check_start:83: comm dovecot: Detected aborted journal',
          48,
        );
        h.kernel(2, 'EXT4-fs (sdd1): Remounting filesystem read-only', 48);
        h.mounts.get('/var/vmail')!.options = 'ro,relatime';
        h.sys.set('/sys/fs/ext4/sdd1/errors_count', 3);
      }
      if (i === 3) {
        h.stop('dovecot');
        ended(h, 'dovecot', { since: '30', ExecMainStatus: '89' });
      }
    },
    edit: (text) =>
      text.replace('/dev/sdd1 /var/vmail ext4 defaults', '/dev/sdd1 /var/vmail ext4 rw,errors=remount-ro'),
    roots: [
      { problem: ['smart.combo', 'smart.pending', 'disk.errors', 'smart.uncorrectable'], subject: 'sdd' },
    ],
    chain: ['disk.errors>disk.readonly', 'disk.readonly>svc.unit_failed'],
  },
  {
    name: 'the timer of the archive was switched off in a test and never on again',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(leap, 'archiv', { cores: 2, ram: 8, disk: 'sda' });
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        [
          `Sun 2026-12-06 00:00:00 CET  8 days left  ${timerTime(h, 40_000)}  11h ago  logrotate.timer logrotate.service`,
          `n/a  n/a  ${timerTime(h, 11.4 * 86_400)}  1 week 4 days ago  resticprofile-backup@archiv.timer resticprofile-backup@archiv.service`,
        ].join('\n'),
      );
      h.more.set(
        'stat /var/backups/*',
        [11.4, 12.4, 13.4, 14.4, 15.4, 16.4]
          .map(
            (d, n) =>
              `${h.epoch - Math.round(d * 86_400)}:${340 + n}://root/.cache/restic/91ab7c/snapshots/0${n}f1c2`,
          )
          .join('\n'),
      );
      return h;
    },
    roots: [
      {
        problem: ['svc.timer_missed', 'backup.stale'],
        subject: ['resticprofile-backup', '/root/.cache/restic', 'restic'],
      },
    ],
  },
  {
    name: 'a Java gateway stands still, its queue on port 8443 is full, and nothing else is wrong',
    kind: 'fault',
    reports: 9,
    onset: 3,
    installed: true,
    host() {
      const h = server(rhel9, 'pay-gw-2', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('paygw', { name: 'java', cpu: 30, rss: 3_900_000, threads: 180, uid: 1003 });
      h.listening.push({ port: 8443, program: 'java', queue: 100 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.named('java')[0]!.cpu = 0.4;
      h.listening.find((l) => l.port === 8443)!.waiting = 101;
      h.tcp.overflows = 14;
    },
    roots: [{ problem: 'net.listen_overflow', subject: ['8443', 'java', 'port 8443', 'paygw', 'pay-gw-2'] }],
  },
  {
    name: 'a dump of a guest on Proxmox takes the disk of all guests at noon',
    atFirst: 'false alarm',
    kind: 'control',
    reports: 10,
    onset: 3,
    host() {
      const h = server(proxmox, 'pve-ost', { cores: 16, ram: 128, disk: 'sda' });
      h.disk('sdb', { rotates: true, model: 'ST4000NM0035', size: 7_814_037_168 });
      h.mounts.set('/mnt/vmdata', {
        device: '/dev/sdb1',
        type: 'ext4',
        size: 3_900_000_000,
        used: 1_900_000_000,
      });
      h.run({
        name: 'kvm',
        cpu: 60,
        rss: 16_000_000,
        threads: 8,
        cgroup: '/qemu.slice/104.scope',
        read: 200_000,
      });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      if (i === 3) {
        h.run({
          name: 'vzdump',
          cpu: 6,
          rss: 120_000,
          read: 0,
          age: 30,
          cgroup: '/system.slice/pvedaemon.service',
        });
        h.run({
          name: 'zstd',
          cpu: 90,
          rss: 40_000,
          write: 55_000_000,
          read: 90_000_000,
          age: 30,
          niced: true,
          cgroup: '/system.slice/pvedaemon.service',
        });
      }
      busyDisk(
        h,
        'sdb',
        { reads: 700, writes: 120, readBytes: 90_000_000, writeBytes: 55_000_000, await: 48, rotates: true },
        4,
      );
    },
    roots: [],
    notes: [{ problem: 'job.backup_running', subject: 'vzdump' }],
  },
  {
    name: 'the kernel has no process left for a fleet of browsers, and new logins fail',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(debian12, 'crawl-eu3', { cores: 8, ram: 32, disk: 'sda' });
      h.serve('browserless', { name: 'node', cpu: 20, rss: 300_000, threads: 14, uid: 1001 });
      h.run({
        name: 'chrome',
        cpu: 40,
        rss: 4_000_000,
        threads: 9_000,
        uid: 1001,
        cgroup: '/system.slice/browserless.service',
      });
      return h;
    },
    minute(h, i) {
      h.named('chrome')[0]!.threads = i < 2 ? 9_000 : Math.min(31_900, 26_000 + (i - 2) * 1_600);
      if (i === 6)
        h.kernel(4, 'cgroup: fork rejected by pids controller in /system.slice/browserless.service', 20);
    },
    edit: (text) => text.replace(/^4194304$/m, '32768'),
    roots: [
      {
        problem: ['proc.pid_exhaustion', 'proc.unit_tasks_limit'],
        subject: ['chrome', 'crawl-eu3', 'browserless'],
      },
    ],
  },
  {
    name: 'a disk full of uploads: three services fall, one after the other',
    kind: 'fault',
    reports: 10,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'cloud.verein', { cores: 4, ram: 8, disk: 'sda' });
      h.mounts.set('/var', {
        device: '/dev/mapper/vg0-var',
        type: 'ext4',
        size: 62_000_000,
        used: 55_000_000,
      });
      for (const [unit, name] of [
        ['mariadb', 'mariadbd'],
        ['redis-server', 'redis-server'],
        ['php8.2-fpm', 'php-fpm8.2'],
        ['apache2', 'apache2'],
      ] as const)
        h.serve(unit, { name, cpu: 3, rss: 300_000, threads: 8, uid: 33 });
      h.named('apache2')[0]!.write = 900_000;
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var')!.used =
        i < 3 ? 55_000_000 : Math.min(62_000_000 * 0.95, 57_400_000 + (i - 3) * 500_000);
      for (const [at, unit, name] of [
        [6, 'mariadb', 'mariadbd'],
        [7, 'redis-server', 'redis-server'],
        [8, 'php8.2-fpm', 'php-fpm8.2'],
      ] as const)
        if (i === at) {
          h.stop(name);
          ended(h, unit, { since: '20' });
        }
    },
    roots: [{ problem: 'disk.full', subject: '/var' }],
  },
  {
    name: 'a guest is started anew after its host lost power, and one of its databases recovers for ever',
    kind: 'fault',
    reports: 6,
    onset: 2,
    host() {
      const h = server(rhel9, 'influx-a', { cores: 4, ram: 16, disk: 'vda' });
      h.serve('influxdb', { name: 'influxd', cpu: 30, rss: 4 * GB, threads: 22, uid: 992 });
      h.listening.push({ port: 8086, program: 'influxd' });
      return h;
    },
    minute(h, i) {
      if (i === 2) {
        h.reboot();
        h.stop('influxd');
      }
      if (from(i, 2))
        h.service('influxdb', {
          ActiveState: 'activating',
          SubState: 'auto-restart',
          Result: 'signal',
          ExecMainCode: '2',
          ExecMainStatus: '6',
          NRestarts: String(1 + (i - 2) * 4),
          MainPID: '0',
        });
    },
    roots: [{ problem: ['svc.restart_loop', 'sys.rebooted'], subject: ['influxdb', 'influx-a'] }],
  },
];
