// The same round's second part, written after the first had been mended and before these were seen.
import { busyDisk, from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { alpine, centos7, debian12, jammy, leap, lxc, noble, proxmox, raspberry, rhel9 } from '../systems.ts';
import {
  certDate,
  docker,
  ended,
  errorLog,
  fpmTime,
  identifier,
  mysql,
  postgres,
  redis,
  slashed,
  timerTime,
  zpool,
} from '../tools.ts';
import { counts, fingerprint } from './parts.ts';
import { apacheTime } from './web.ts';

const silent = { kind: 'control', roots: [] } as const;

export const secondTravellers: readonly Case[] = [
  {
    name: 'a queue worker of a swarm ends at once, and Docker waits a little longer before each new start',
    kind: 'fault',
    reports: 5,
    onset: 2,
    installed: true,
    host() {
      const h = server(debian12, 'swarm-m1', { cores: 4, ram: 8, disk: 'vda' });
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 90_000, threads: 30 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      docker(h, [
        { name: 'stack_web.1.x81' },
        {
          name: 'stack_worker.1.k2f',
          restarts: bad ? 6 + (i - 2) * 4 : 0,
          exit: bad ? 1 : 0,
          started: bad ? 9 : undefined,
          status: bad ? 'Restarting (1) 9 seconds ago' : undefined,
        },
      ]);
    },
    roots: [{ problem: ['svc.container_loop'], subject: ['stack_worker'] }],
  },
  {
    name: 'after an upgrade nginx came along and took port 80 from Apache',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host() {
      const h = server(jammy, 'mantis', { cores: 2, ram: 4, disk: 'sda' });
      h.serve('apache2', { name: 'apache2', cpu: 2, uid: 33 });
      h.listening.push({ port: 80, program: 'apache2' });
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.stop('apache2');
      h.serve('nginx', { name: 'nginx', cpu: 1, age: 30, uid: 33 });
      h.listening.push({ port: 80, program: 'nginx' });
      ended(h, 'apache2', { since: '20' });
      h.more.set(
        errorLog,
        `${apacheTime(h, 20)} [core:crit] [pid 9912] (98)Address already in use: AH00072: make_sock: could not bind to address [::]:80`,
      );
    },
    roots: [{ problem: 'svc.port_conflict', subject: ['apache2'] }],
    chain: ['svc.port_conflict>svc.unit_failed'],
  },
  {
    name: 'a slot of a test replica holds four hundred gigabytes, PostgreSQL has no room and ends',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'pg-lager', { cores: 8, ram: 32, disk: 'sda' });
      h.disk('sdb', { writes: 200, writeBytes: 9_000_000 });
      h.mounts.set('/var/lib/postgresql', {
        device: '/dev/sdb1',
        type: 'ext4',
        size: 900_000_000,
        used: 838_000_000,
      });
      h.serve('postgresql@15-main', {
        name: 'postgres',
        cpu: 40,
        rss: 9_000_000,
        uid: 107,
        write: 8_000_000,
        cgroup: '/system.slice/system-postgresql.slice/postgresql@15-main.service',
      });
      h.listening.push({ port: 5432, program: 'postgres' });
      return h;
    },
    minute(h, i) {
      const used =
        i < 3 ? 838_000_000 + i * 2_000_000 : Math.min(854_980_000, 846_000_000 + (i - 3) * 4_500_000);
      h.mounts.get('/var/lib/postgresql')!.used = used;
      if (i < 6) postgres(h, { slots: ['standby_test|f|431216812032', 'standby_a|t|8388608'] });
      else h.more.set('psql', '=!= exit 2');
      if (i !== 6) return;
      h.stop('postgres');
      ended(h, 'postgresql@15-main', { since: '25' });
    },
    roots: [{ problem: ['db.pg_slot'], subject: ['standby_test', 'postgres'] }],
    chain: ['db.pg_slot>disk.full', 'disk.full>svc.unit_failed'],
  },
  {
    name: 'CentOS 7, Tomcat hits the limit of its unit, in the words of an old kernel',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(centos7, 'dspace', { cores: 4, ram: 16, disk: 'sda', start: 1_690_000_000 });
      h.serve('tomcat', {
        name: 'java',
        cpu: 40,
        rss: 3_900_000,
        threads: 120,
        uid: 91,
        cgroup: '/system.slice/tomcat.service',
      });
      h.listening.push({ port: 8080, program: 'java' });
      return h;
    },
    minute(h, i) {
      const g = '/memory/system.slice/tomcat.service';
      h.groups.set(`${g}/memory.limit_in_bytes`, 4_294_967_296);
      h.groups.set(`${g}/memory.usage_in_bytes`, i < 2 ? 4_200_000_000 : 1_200_000_000);
      counts(h, `${g}/memory.stat`, { cache: 20_000_000, rss: i < 2 ? 4_150_000_000 : 1_100_000_000 });
      if (i !== 2) return;
      const p = h.named('java')[0]!;
      h.kernel(4, 'java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0', 31);
      h.kernel(
        6,
        'Task in /system.slice/tomcat.service killed as a result of limit of /system.slice/tomcat.service',
        31,
      );
      h.kernel(6, 'memory: usage 4194304kB, limit 4194304kB, failcnt 88123', 31);
      h.kernel(
        3,
        `Memory cgroup out of memory: Kill process ${p.pid} (java) score 991 or sacrifice child`,
        30,
      );
      h.kernel(
        3,
        `Killed process ${p.pid} (java), UID 91, total-vm:7912340kB, anon-rss:4102000kB, file-rss:0kB, shmem-rss:0kB`,
        30,
      );
      h.stop('java');
      ended(h, 'tomcat', { Result: 'signal', ExecMainCode: '2', ExecMainStatus: '9', since: '29' });
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['tomcat'] }],
    chain: ['mem.cgroup_oom>svc.unit_failed'],
  },
  {
    name: 'CentOS 7, the whole machine is out of memory and the kernel takes MySQL',
    kind: 'fault',
    reports: 8,
    onset: 3,
    installed: true,
    host() {
      const h = server(centos7, 'vtiger', { cores: 2, ram: 4, disk: 'sda', start: 1_690_000_000 });
      h.swap = 0;
      h.serve('mysqld', { name: 'mysqld', cpu: 9, rss: 1_300_000, threads: 40, uid: 27 });
      h.listening.push({ port: 3306, address: '127.0.0.1', program: 'mysqld' });
      h.serve('httpd', { name: 'httpd', cpu: 3, rss: 60_000, uid: 48 });
      h.run({ name: 'php', cpu: 0, rss: 30_000, uid: 48, cgroup: '/system.slice/crond.service', age: 200 });
      h.available = 1.9 * GB;
      h.cached = 1.1 * GB;
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      const php = h.named('php')[0]!;
      php.cpu = 60;
      php.rss = Math.min(1_950_000, 30_000 + grown(i, 3, 640_000));
      h.available = Math.max(0.07 * GB, 1.9 * GB - php.rss);
      h.cached = 0.1 * GB;
      if (i !== 6) return;
      const p = h.named('mysqld')[0]!;
      h.kernel(4, 'php invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0', 41);
      h.kernel(3, `Out of memory: Kill process ${p.pid} (mysqld) score 330 or sacrifice child`, 40);
      h.kernel(
        3,
        `Killed process ${p.pid} (mysqld), UID 27, total-vm:2011234kB, anon-rss:1290000kB, file-rss:0kB, shmem-rss:0kB`,
        40,
      );
      h.stop('mysqld');
      ended(h, 'mysqld', { Result: 'signal', ExecMainCode: '2', ExecMainStatus: '9', since: '39' });
      h.available = 1.2 * GB;
    },
    roots: [
      { problem: ['mem.low', 'mem.leak', 'proc.runaway', 'mem.oom_kill', 'mem.critical'], subject: ['php'] },
    ],
    chain: ['mem.oom_kill>svc.unit_failed'],
  },
  {
    name: 'within a container of LXC a service is killed, and only counters tell',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(lxc, 'ct-nextcloud', { cores: 2, ram: 2, disk: 'sda' });
      h.serve('collabora', { name: 'coolforkit', cpu: 9, rss: 400_000, threads: 9, uid: 109 });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/collabora.service';
      h.groups.set(`${g}/memory.max`, 629_145_600);
      h.groups.set(`${g}/memory.current`, i < 2 ? 560_000_000 : 300_000_000);
      counts(h, `${g}/memory.stat`, { anon: i < 2 ? 540_000_000 : 280_000_000, file: 9_000_000 });
      counts(h, `${g}/memory.events`, {
        low: 0,
        high: 0,
        max: i < 2 ? 30 : 900,
        oom: i < 2 ? 0 : 2,
        oom_kill: i < 2 ? 0 : 2,
      });
      h.oomKills = i < 2 ? 0 : 2;
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['collabora'] }],
  },
  {
    name: 'Alpine, no PSI: a statistics daemon written in Go grows over the night until little is left',
    kind: 'fault',
    reports: 15,
    step: 1800,
    onset: 1,
    host() {
      const h = server({ ...alpine, psi: false }, 'graphite-lab', { cores: 2, ram: 2, disk: 'vda' });
      h.run({ name: 'go-carbon', cpu: 6, rss: 160_000, threads: 14, uid: 101 });
      h.listening.push({ port: 2003, program: 'go-carbon' });
      h.available = 1.5 * GB;
      h.cached = 0.6 * GB;
      return h;
    },
    minute(h, i) {
      h.named('go-carbon')[0]!.rss = 160_000 + grown(i, 1, 96_000);
      h.available = Math.max(0.1 * GB, 1.5 * GB - grown(i, 1, 96_000));
      h.cached = Math.max(0.08 * GB, 0.6 * GB - grown(i, 1, 40_000));
    },
    roots: [
      { problem: ['mem.leak', 'mem.low', 'mem.time_to_exhaust', 'mem.critical'], subject: ['go-carbon'] },
    ],
  },
  {
    name: 'a CIFS share of scanned documents does not answer and OCR hangs',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'ocr-amt', { cores: 4, ram: 8, disk: 'sda' });
      h.mounts.set('/mnt/scan', {
        device: '//fs02.amt.local/scan',
        type: 'cifs',
        options: 'rw,relatime,vers=3.1.1',
        size: 3_000_000_000,
        used: 1_000_000_000,
      });
      h.serve('ocrmypdf-watch', { name: 'tesseract', cpu: 90, rss: 300_000, threads: 4, uid: 1001 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.mounts.get('/mnt/scan')!.size = 0;
      Object.assign(h.named('tesseract')[0]!, { cpu: 0, state: 'D', wchan: 'wait_for_response' });
      h.blocked = 1;
      h.load = [1.2, 1.1, 0.9];
      if (i === 4)
        h.kernel(4, 'CIFS: VFS: \\\\fs02.amt.local has not responded in 180 seconds. Reconnecting...', 30);
    },
    roots: [{ problem: ['disk.nfs_stall'], subject: ['/mnt/scan', 'fs02.amt.local'] }],
    chain: ['disk.nfs_stall>proc.dstate'],
  },
  {
    name: 'ext4 of a logical volume meets a broken folder and goes on',
    kind: 'fault',
    reports: 3,
    onset: 1,
    installed: true,
    host() {
      const h = server(jammy, 'hg-old', { cores: 2, ram: 8, disk: 'sda' });
      h.mounts.set('/srv/hg', {
        device: '/dev/mapper/vg1-hg',
        type: 'ext4',
        size: 400_000_000,
        used: 200_000_000,
      });
      h.sys.set('/sys/fs/ext4/dm-1/errors_count', 0);
      return h;
    },
    minute(h, i) {
      if (i !== 1) return;
      h.sys.set('/sys/fs/ext4/dm-1/errors_count', 2);
      h.kernel(
        2,
        'EXT4-fs error (device dm-1): htree_dirblock_to_tree:1082: inode #7340189: block 29367326: comm hg: bad entry in directory: rec_len is smaller than minimal - offset=0, inode=0, rec_len=0, size=4096 fake=0',
        30,
      );
    },
    edit: (text) => withSection(text, 'grep -r . /sys/block', '/sys/block/dm-1/dm/name:vg1-hg'),
    roots: [{ problem: 'disk.fs_errors', subject: ['/srv/hg', 'dm-1'] }],
  },
  {
    name: 'a pool of ZFS is suspended: its only USB case was unplugged',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 1,
    host: () => server(proxmox, 'pve-heim', { cores: 4, ram: 32, disk: 'nvme0n1' }),
    minute(h, i) {
      zpool(
        h,
        'usbtank',
        i < 1 ? 'ONLINE' : 'SUSPENDED',
        i < 1
          ? '\tusbtank                                     ONLINE       0     0     0\n\t  usb-WD_Elements_25A3-0:0                  ONLINE       0     0     0'
          : '\tusbtank                                     UNAVAIL      0     0     0  insufficient replicas\n\t  usb-WD_Elements_25A3-0:0                  FAULTED      3    41     0  too many errors',
        i < 1
          ? ''
          : "status: One or more devices are faulted in response to IO failures.\naction: Make sure the affected devices are connected, then run 'zpool clear'.\n",
        i < 1 ? 'No known data errors' : "44 data errors, use '-v' for a list",
      );
    },
    roots: [{ problem: ['disk.zfs_degraded'], subject: ['usbtank'] }],
  },
  {
    name: 'an NVMe drive does not answer its queue, is reset in vain, and the database with it',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(rhel9, 'scylla-4', { cores: 16, ram: 64, disk: 'sda' });
      h.disk('nvme1n1', { writes: 900, writeBytes: 40_000_000 });
      h.mounts.set('/var/lib/scylla', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 1_800_000_000,
        used: 700_000_000,
      });
      h.serve('scylla-server', { name: 'scylla', cpu: 400, rss: 30_000_000, threads: 17, uid: 990 });
      h.listening.push({ port: 9042, address: '127.0.0.1', program: 'scylla' });
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.kernel(4, 'nvme nvme1: I/O 812 (I/O Cmd) QID 4 timeout, aborting', 50);
      h.kernel(4, 'nvme nvme1: I/O 24 QID 0 timeout, reset controller', 40);
      h.kernel(3, 'nvme nvme1: Device not ready; aborting reset, CSTS=0x1', 30);
      h.kernel(4, 'nvme nvme1: Disabling device after reset failure: -19', 30);
      h.kernel(
        3,
        'I/O error, dev nvme1n1, sector 812345 op 0x1:(WRITE) flags 0x8800 phys_seg 3 prio class 2',
        29,
      );
      h.kernel(1, 'XFS (nvme1n1): log I/O error -5', 28);
      h.kernel(1, 'XFS (nvme1n1): Filesystem has been shut down due to log error (0x2).', 28);
      h.stop('scylla');
      ended(h, 'scylla-server', { since: '20', Result: 'core-dump', ExecMainCode: '3', ExecMainStatus: '6' });
    },
    roots: [{ problem: ['disk.errors', 'smart.timeout'], subject: ['nvme1'] }],
    chain: ['disk.errors>disk.readonly', 'disk.readonly>svc.unit_failed'],
  },
  {
    name: 'one leg of a bond of a filer has lost its switch',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(leap, 'isci-b', {
        cores: 8,
        ram: 64,
        disk: 'sda',
        nic: 'bond0',
        start: 1_740_000_000,
      });
      h.nic('eth4', { speed: 10_000 });
      h.nic('eth5', { speed: 10_000 });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 2);
      if (bad) h.nic('eth5', { state: 'down', speed: -1, carrier: 3, rx: 0, tx: 0 });
      if (i === 2) h.kernel(4, 'bond0: (slave eth5): link status definitely down, disabling slave', 40);
      const leg = (nic: string, up: boolean) => [
        `Slave Interface: ${nic}`,
        `MII Status: ${up ? 'up' : 'down'}`,
        `Speed: ${up ? '10000 Mbps' : 'Unknown'}`,
        `Duplex: ${up ? 'full' : 'Unknown'}`,
        `Link Failure Count: ${up ? 0 : 1}`,
      ];
      h.more.set(
        'grep -r . /proc/net/bonding',
        [
          'Ethernet Channel Bonding Driver: v6.4.0-150600.23.25-default',
          'Bonding Mode: IEEE 802.3ad Dynamic link aggregation',
          'MII Status: up',
          'MII Polling Interval (ms): 100',
          ...leg('eth4', true),
          ...leg('eth5', !bad),
        ]
          .map((l) => `/proc/net/bonding/bond0:${l}`)
          .join('\n'),
      );
    },
    roots: [{ problem: ['net.link_down', 'net.bond_degraded'], subject: ['eth5', 'bond0'] }],
    chain: ['net.link_down>net.bond_degraded'],
  },
  {
    name: 'somewhere on the way between two halls packets are lost',
    kind: 'fault',
    reports: 14,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'sync-halle2', { cores: 4, ram: 8, disk: 'sda', nic: 'eno2' });
      h.nic('eno2', { rx: 6_000_000, tx: 9_000_000 });
      h.tcp.out = 8_000;
      return h;
    },
    minute(h, i) {
      if (from(i, 3)) h.tcp.retransmits = 620;
    },
    roots: [{ problem: 'net.retrans', subject: ['sync-halle2', 'eno2'] }],
  },
  {
    name: 'the only name server of a branch is off: its neighbour entry fails, mail stays',
    kind: 'fault',
    reports: 4,
    step: 1200,
    onset: 1,
    host() {
      const h = server(debian12, 'filiale-mx', { cores: 2, ram: 4, disk: 'sda' });
      h.serve('postfix', { name: 'master', rss: 6_000 });
      h.listening.push({ port: 25, program: 'master' });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 1);
      h.more.set(
        'ip neigh',
        `10.20.0.1 dev eth0 lladdr 00:1b:21:aa:bb:01 REACHABLE \n10.20.0.53 dev eth0 ${bad ? ' FAILED' : 'lladdr 00:1b:21:aa:bb:35 REACHABLE'} `,
      );
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active ${bad ? 88 : 0} 0\n/var/spool/postfix/deferred ${bad ? 240 * i : 4} 1`,
      );
    },
    roots: [{ problem: 'net.dns_fail', subject: ['/etc/resolv.conf', '10.20.0.53', 'filiale-mx'] }],
    chain: ['net.dns_fail>mail.queue'],
  },
  {
    name: 'chronyd is gone for a week and the clock is three seconds late',
    kind: 'fault',
    reports: 2,
    step: 3600,
    host() {
      const h = server(rhel9, 'otp-gw', { cores: 2, ram: 4, disk: 'sda' });
      h.stop('chronyd');
      ended(h, 'chronyd', { since: '600000' });
      h.more.set(
        'timedatectl',
        'Timezone=America/New_York\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no',
      );
      h.more.set('chronyc -n -c tracking', '=!= exit 1');
      return h;
    },
    roots: [{ problem: ['svc.unit_failed', 'time.unsync'], subject: ['chronyd', 'otp-gw'] }],
  },
  {
    name: 'certbot fails since three weeks, and nine days are left',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(debian12, 'jitsi-2', { cores: 4, ram: 8, disk: 'vda' });
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      ended(h, 'certbot', { since: '30000' });
      h.more.set(
        'systemctl list-timers --all --no-legend --no-pager --full',
        `${timerTime(h, -12_000)} 3h left ${timerTime(h, 30_000)} 8h ago certbot.timer certbot.service`,
      );
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/sites-enabled/meet.conf:    server_name meet.example.org;\n/etc/nginx/sites-enabled/meet.conf:    ssl_certificate /etc/letsencrypt/live/meet.example.org/fullchain.pem;',
      );
      h.more.set(
        'openssl x509',
        [
          'file /etc/letsencrypt/live/meet.example.org/fullchain.pem',
          'subject=CN = meet.example.org',
          "issuer=C = US, O = Let's Encrypt, CN = E6",
          `notBefore=${certDate(h, -81)}`,
          `notAfter=${certDate(h, 9)}`,
          'serial=0399',
          '                Public-Key: (256 bit)',
          '                DNS:meet.example.org',
        ].join('\n'),
      );
      return h;
    },
    roots: [
      {
        problem: 'tls.renew_failed',
        subject: ['/etc/letsencrypt/live/meet.example.org', 'meet.example.org', 'certbot'],
      },
    ],
    chain: ['tls.renew_failed>tls.expiring'],
  },
  {
    name: 'RHEL, important updates wait for ten days',
    kind: 'fault',
    reports: 11,
    step: 86_400,
    host: () => server(rhel9, 'sap-jump', { cores: 2, ram: 4, disk: 'sda' }),
    minute(h) {
      h.more.set(
        'dnf -C -q updateinfo list updates',
        [
          'RHSA-2026:8112 Important/Sec. kernel-5.14.0-427.50.1.el9_4.x86_64',
          'RHSA-2026:8130 Moderate/Sec.  openssl-libs-1:3.0.7-28.el9_4.x86_64',
          'RHBA-2026:8011 bugfix         tuned-2.22.1-2.el9_4.noarch',
        ].join('\n'),
      );
    },
    roots: [{ problem: 'sys.updates', subject: ['sap-jump'] }],
  },
  {
    name: 'barman has not finished a backup of a base since six days',
    kind: 'fault',
    reports: 1,
    host: () => server(debian12, 'barman-1', { cores: 2, ram: 8, disk: 'sda' }),
    edit(text, _, h) {
      const rows = [6, 7, 8, 9, 10, 11].map(
        (d) =>
          `${h.epoch - d * 86_400}:4096://var/lib/barman/erp/base/202611${String(27 - d).padStart(2, '0')}T010003`,
      );
      return withSection(text, 'stat /var/backups/*', rows.join('\n'));
    },
    roots: [{ problem: 'backup.stale', subject: ['barman', 'erp'] }],
  },
  {
    name: 'a UPS of a shop floor gives its last',
    kind: 'fault',
    reports: 3,
    onset: 1,
    installed: true,
    host: () => server(jammy, 'mes-linie4', { cores: 2, ram: 4, disk: 'sda' }),
    minute(h, i) {
      const bad = from(i, 1);
      h.more.set(
        'upsc eaton@localhost',
        `battery.charge: ${bad ? 44 - i * 3 : 100}\nbattery.runtime: ${bad ? 410 : 2900}\ninput.voltage: ${bad ? '0.0' : '231.0'}\nups.load: 38\nups.model: 5PX 1500\nups.status: ${bad ? 'OB DISCHRG' : 'OL'}`,
      );
    },
    roots: [{ problem: 'hw.ups', subject: ['eaton'] }],
  },
  {
    name: 'Redis is gone, so PHP waits for it and has no child left',
    kind: 'fault',
    reports: 7,
    onset: 2,
    host() {
      const h = server(debian12, 'forum-7', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 33 });
      h.serve('redis-server', { name: 'redis-server', cpu: 4, rss: 300_000, uid: 110 });
      h.listening.push(
        { port: 443, program: 'nginx' },
        { port: 6379, address: '127.0.0.1', program: 'redis-server' },
      );
      for (let n = 0; n < 20; n++)
        h.serve('php8.2-fpm', { name: 'php-fpm8.2', cpu: 2, rss: 50_000, uid: 33 });
      return h;
    },
    minute(h, i) {
      if (i < 2) redis(h);
      if (i === 2) {
        h.stop('redis-server');
        h.more.set('redis-cli', '=!= exit 1');
        ended(h, 'redis-server', { since: '40', Result: 'signal', ExecMainCode: '2', ExecMainStatus: '11' });
      }
      if (from(i, 2)) h.more.set(errorLog, `${fpmTime(h, 30)} WARNING: [pool www] max_children`);
    },
    roots: [{ problem: 'svc.unit_failed', subject: ['redis-server'] }],
  },
  {
    name: 'a log that was deleted while a proxy holds it fills /var/log, and the same proxy serves an ended certificate',
    kind: 'double',
    reports: 6,
    onset: 2,
    host() {
      const h = server(jammy, 'gw-ext', { cores: 4, ram: 8, disk: 'sda' });
      h.mounts.set('/var/log', {
        device: '/dev/mapper/vg-log',
        type: 'xfs',
        size: 20_900_000,
        used: 12_000_000,
      });
      h.serve('squid', { name: 'squid', cpu: 12, rss: 400_000, uid: 13, write: 100_000 });
      h.listening.push({ port: 3128, program: 'squid' }, { port: 443, program: 'nginx' });
      h.serve('nginx', { name: 'nginx', cpu: 2, uid: 33 });
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/sites-enabled/ext.conf:    server_name ext.example.net;\n/etc/nginx/sites-enabled/ext.conf:    ssl_certificate /etc/ssl/ext.example.net.crt;',
      );
      return h;
    },
    minute(h, i) {
      h.more.set(
        'openssl x509',
        [
          'file /etc/ssl/ext.example.net.crt',
          'subject=CN = ext.example.net',
          'issuer=O = DigiCert Inc, CN = DigiCert TLS RSA SHA256 2020 CA1',
          `notBefore=${certDate(h, -366)}`,
          `notAfter=${certDate(h, -1)}`,
          'serial=0AB1',
          '                Public-Key: (2048 bit)',
          '                DNS:ext.example.net',
        ].join('\n'),
      );
      if (!from(i, 2)) return;
      h.mounts.get('/var/log')!.used = 20_700_000;
      h.more.set(
        'ls -lL /proc/[0-9]*/fd',
        `14495514624 28311552 64769:1234 /proc/${h.named('squid')[0]!.pid}/fd/9 /var/log/squid/access.log (deleted)`,
      );
    },
    roots: [
      { problem: 'tls.expiring', subject: ['/etc/ssl/ext.example.net.crt', 'ext.example.net'] },
      { problem: 'disk.deleted_open', subject: ['squid', '/var/log'] },
    ],
  },
  {
    name: 'one report: Java holds five sixths of the memory and hardly anything is left',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(debian12, 'bamboo-1', { cores: 4, ram: 8, disk: 'sda' });
      h.swap = 0;
      h.serve('bamboo', { name: 'java', cpu: 60, rss: 6_900_000, threads: 210, uid: 1001 });
      h.available = 0.35 * GB;
      h.cached = 0.4 * GB;
      h.psi.memory = 16;
      h.psi.memoryFull = 9;
      h.majors = 900;
      return h;
    },
    roots: [{ problem: ['mem.low', 'mem.critical', 'mem.pressure'], subject: ['java', 'bamboo'] }],
  },
  {
    name: 'a statement of a report tool reads a table of PostgreSQL from the disk for an hour',
    kind: 'fault',
    reports: 12,
    onset: 3,
    host() {
      const h = server(rhel9, 'odoo-db', { cores: 4, ram: 16, disk: 'sda' });
      h.disk('sdb', { rotates: true, model: 'TOSHIBA AL15SEB18E', size: 3_516_328_368 });
      h.mounts.set('/var/lib/pgsql', {
        device: '/dev/sdb1',
        type: 'xfs',
        size: 1_700_000_000,
        used: 700_000_000,
      });
      h.serve('postgresql', {
        name: 'postgres',
        cpu: 10,
        rss: 5_000_000,
        uid: 26,
        read: 200_000,
        cgroup: '/system.slice/postgresql.service',
      });
      h.listening.push({ port: 5432, program: 'postgres', address: '127.0.0.1' });
      return h;
    },
    minute(h, i) {
      postgres(h, {
        states: [
          from(i, 3) ? `active|4|00:${String(1 + i).padStart(2, '0')}:10.5` : 'active|2|00:00:00.2',
          'idle|20|',
        ],
      });
      if (!from(i, 3)) return;
      Object.assign(h.named('postgres')[0]!, { cpu: 34, read: 121_000_000, state: 'D' });
      busyDisk(h, 'sdb', { reads: 420, writes: 12, readBytes: 122_000_000, await: 64, rotates: true }, 3);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency', 'proc.runaway'], subject: ['sdb', 'postgres'] }],
    chain: ['disk.saturated>cpu.iowait'],
  },
  {
    name: 'a game server of Java spins: all time goes to clearing its heap',
    kind: 'fault',
    reports: 14,
    onset: 4,
    installed: true,
    host() {
      const h = server(noble, 'mc-survival', { cores: 4, ram: 16, disk: 'nvme0n1' });
      h.serve('minecraft', { name: 'java', cpu: 40, rss: 9_000_000, threads: 60, uid: 1001 });
      h.listening.push({ port: 25_565, program: 'java' });
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return;
      h.named('java')[0]!.cpu = 390;
      h.psi.cpu = 41;
      h.load = [6.2, 4.4, 2.1];
    },
    roots: [{ problem: ['proc.runaway', 'cpu.saturated'], subject: ['java', 'minecraft'] }],
    chain: ['proc.runaway>cpu.saturated'],
  },
  {
    name: 'sshd of a bastion takes passwords of root again after an edit',
    kind: 'fault',
    reports: 3,
    step: 3600,
    onset: 1,
    host: () => server(debian12, 'bastion-1', { cores: 1, ram: 1, disk: 'vda' }),
    edit: (text, i) =>
      fingerprint(
        i < 1
          ? text
          : text.replace(
              'permitrootlogin no\npasswordauthentication no',
              'permitrootlogin yes\npasswordauthentication yes',
            ),
        '/etc/ssh/sshd_config',
        i >= 1,
      ),
    roots: [
      { problem: ['sec.sshd_root', 'change.config'], subject: ['sshd', 'bastion-1', '/etc/ssh/sshd_config'] },
    ],
  },
  {
    name: 'a restart brought a machine back without the unit that serves its doors',
    kind: 'fault',
    reports: 6,
    onset: 2,
    installed: true,
    host() {
      const h = server(raspberry, 'tuer-pi', { cores: 4, ram: 1, disk: 'mmcblk0' });
      h.serve('doord', { name: 'doord', cpu: 2, rss: 30_000, uid: 1001 });
      h.listening.push({ port: 4711, program: 'doord' });
      return h;
    },
    minute(h, i) {
      if (i !== 2) return;
      h.reboot();
      h.stop('doord');
      ended(h, 'doord', { since: '80' });
    },
    roots: [{ problem: ['svc.unit_failed', 'sys.rebooted'], subject: ['doord', 'tuer-pi'] }],
  },
  {
    name: 'MariaDB is stopped by a colleague for a moment and forgotten: pages fail, PHP has no child left',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(debian12, 'blog-farm', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('nginx', { name: 'nginx', cpu: 3, uid: 33 });
      h.serve('mariadb', { name: 'mariadbd', cpu: 12, rss: 1_000_000, threads: 30, uid: 105 });
      h.listening.push(
        { port: 443, program: 'nginx' },
        { port: 3306, program: 'mariadbd', address: '127.0.0.1' },
      );
      return h;
    },
    minute(h, i) {
      if (i < 3) mysql(h, '10.11.6-MariaDB', {}, {});
      else h.more.set('mysql', '=!= exit 1');
      if (i !== 3) return;
      h.stop('mariadbd');
      h.service('mariadb', { ActiveState: 'inactive', SubState: 'dead', since: '40', MainPID: '0' });
    },
    roots: [{ problem: ['proc.vanished', 'db.mysql_down'], subject: ['mariadbd', 'mysql', 'mariadb'] }],
  },
  {
    name: 'a build runner with a quota of two cores on a machine of sixteen is throttled all day',
    kind: 'fault',
    reports: 14,
    onset: 0,
    installed: true,
    host() {
      const h = server(jammy, 'gl-runner-9', { cores: 16, ram: 32, disk: 'nvme0n1' });
      h.run({
        name: 'cargo',
        cpu: 200,
        rss: 900_000,
        threads: 18,
        cgroup: `/system.slice/docker-${identifier('runner-job')}.scope`,
      });
      return h;
    },
    minute(h, i) {
      docker(h, [{ name: 'runner-job' }]);
      const g = `/system.slice/docker-${identifier('runner-job')}.scope`;
      h.groups.set(`${g}/cpu.max`, '200000 100000');
      counts(h, `${g}/cpu.stat`, {
        usage_usec: 9_000_000_000 + i * 120_000_000,
        nr_periods: 90_000 + i * 600,
        nr_throttled: 70_000 + i * 560,
        throttled_usec: 8_000_000_000 + i * 700_000_000,
      });
      h.groups.set(`${g}/memory.current`, 900_000_000);
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['runner-job', 'docker-'] }],
  },
  {
    ...silent,
    name: 'a search volume of two terabytes at 91 percent with 180 gigabytes left',
    reports: 8,
    installed: true,
    host() {
      const h = server(debian12, 'es-warm-2', { cores: 8, ram: 64, disk: 'sda' });
      h.mounts.set('/var/lib/elasticsearch', {
        device: '/dev/sdb',
        type: 'xfs',
        size: 2_000_000_000,
        used: 1_820_000_000,
      });
      h.serve('elasticsearch', { name: 'java', cpu: 90, rss: 32_000_000, threads: 120, uid: 998 });
      h.available = 20 * GB;
      return h;
    },
  },
  {
    ...silent,
    name: 'MariaDB is upgraded and started anew within a minute',
    reports: 9,
    host() {
      const h = server(debian12, 'sql-klein', { cores: 2, ram: 4, disk: 'sda' });
      h.serve('mariadb', { name: 'mariadbd', cpu: 6, rss: 900_000, threads: 30, uid: 105 });
      h.listening.push({ port: 3306, program: 'mariadbd', address: '127.0.0.1' });
      return h;
    },
    minute(h, i) {
      mysql(
        h,
        i < 4 ? '10.11.6-MariaDB' : '10.11.9-MariaDB',
        { Uptime: i < 4 ? 900_000 + i * 60 : (i - 4) * 60 + 20 },
        {},
      );
      if (i === 4) {
        const p = h.named('mariadbd')[0]!;
        Object.assign(p, { pid: p.pid + 2000, born: h.now + 30, user: 1, sys: 1, rss: 300_000 });
        h.service('mariadb', { since: '20' });
        const t = (ago: number) => h.at(ago).toISOString().slice(0, 19).replace('T', ' ');
        h.more.set(
          'tail -n 100 /var/log/dpkg.log',
          `${t(60)} upgrade mariadb-server:amd64 1:10.11.6-0+deb12u1 1:10.11.9-0+deb12u1\n${t(40)} status installed mariadb-server:amd64 1:10.11.9-0+deb12u1`,
        );
      }
    },
  },
  {
    ...silent,
    name: 'containers under version 1 of control groups whose limits are full of page cache',
    reports: 8,
    host() {
      const h = server(centos7, 'dock-old', { cores: 8, ram: 32, disk: 'sda', start: 1_690_000_000 });
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 90_000, threads: 30 });
      docker(h, [{ name: 'nexus' }]);
      return h;
    },
    minute(h) {
      const g = `/memory/docker/${identifier('nexus')}`;
      h.groups.set(`${g}/memory.limit_in_bytes`, 4_294_967_296);
      h.groups.set(`${g}/memory.usage_in_bytes`, 4_290_000_000);
      counts(h, `${g}/memory.stat`, {
        cache: 2_900_000_000,
        rss: 1_300_000_000,
        total_cache: 2_900_000_000,
        total_rss: 1_300_000_000,
      });
    },
  },
  {
    ...silent,
    name: 'visitors come threefold for five minutes after a newsletter, and all are served',
    reports: 20,
    installed: true,
    host() {
      const h = server(noble, 'shop-nl', { cores: 8, ram: 16, disk: 'nvme0n1' });
      h.serve('nginx', { name: 'nginx', cpu: 6, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      for (let n = 0; n < 8; n++) h.serve('php8.3-fpm', { name: 'php-fpm8.3', cpu: 6, rss: 60_000, uid: 33 });
      return h;
    },
    minute(h, i) {
      const more = i >= 8 && i < 13 ? 3 : 1;
      h.more.set('stat /var/log/*/access.log', `${h.count('access log', 900 * more * 190)} 10 1900`);
      for (const t of h.named('php-fpm8.3')) t.cpu = 6 * more * 1.3;
      h.load = more > 1 ? [2.8, 1.9, 1.1] : [1, 1, 0.9];
    },
  },
  {
    ...silent,
    name: 'one report without systemd, without ss, of a busy little proxy',
    reports: 1,
    host() {
      const h = server(alpine, 'px-edge', { cores: 1, ram: 1, disk: 'vda' });
      h.run({ name: 'haproxy', cpu: 40, rss: 90_000, threads: 2, uid: 99 });
      h.listening.push({ port: 443, program: 'haproxy' });
      h.tcp.established = 900;
      h.tcp.timeWait = 4000;
      h.load = [0.5, 0.4, 0.4];
      return h;
    },
  },
  {
    ...silent,
    name: 'nginx waits for a backend in vain now and then, as it does all year',
    reports: 8,
    host() {
      const h = server(debian12, 'portal-x', { cores: 4, ram: 8, disk: 'sda' });
      h.serve('nginx', { name: 'nginx', cpu: 5, uid: 33 });
      h.listening.push({ port: 443, program: 'nginx' });
      return h;
    },
    minute(h, i) {
      h.more.set(
        errorLog,
        [1, 2].map((n) => `${slashed(h, n * 1700 + i * 20)} [error] 1181#11 upstream timed out`).join('\n'),
      );
    },
  },
];
