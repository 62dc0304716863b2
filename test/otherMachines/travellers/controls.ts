// Machines that are well, though they look busy, odd or old.
import { from, server, type Case } from '../case.ts';
import { GB } from '../host.ts';
import {
  alpine,
  arch,
  centos7,
  debian12,
  jammy,
  leap,
  lxc,
  noble,
  proxmox,
  raspberry,
  rhel9,
} from '../systems.ts';
import { docker, mysql, nvme, postgres, redis, sata, visits, zpool } from '../tools.ts';

const silent = { kind: 'control', roots: [] } as const;

export const travellerControls: readonly Case[] = [
  {
    ...silent,
    name: 'a broker of Kafka: all memory is cache, forty thousand open files of a hundred thousand',
    reports: 12,
    installed: true,
    host() {
      const h = server(rhel9, 'kafka-3', { cores: 8, ram: 64, disk: 'nvme0n1' });
      h.mounts.set('/kafka', {
        device: '/dev/nvme1n1',
        type: 'xfs',
        size: 1_900_000_000,
        used: 1_200_000_000,
      });
      h.disk('nvme1n1', { writes: 800, writeBytes: 90_000_000, busy: 34, await: 0.8 });
      h.serve('kafka', {
        name: 'java',
        cpu: 180,
        rss: 8_400_000,
        threads: 160,
        uid: 1001,
        open: [40_200, 100_000],
      });
      h.nic('eth0', { rx: 60_000_000, tx: 70_000_000, speed: 10_000 });
      h.available = 22 * GB;
      h.cached = 52 * GB;
      h.tcp.established = 1800;
      return h;
    },
  },
  {
    ...silent,
    name: 'images are built for three minutes on a build host, with all cores and much of the disk',
    reports: 12,
    host() {
      const h = server(noble, 'buildkit-2', { cores: 8, ram: 32, disk: 'nvme0n1' });
      h.serve('docker', { name: 'dockerd', cpu: 6, rss: 140_000, threads: 40 });
      docker(h, [{ name: 'registry' }]);
      return h;
    },
    minute(h, i) {
      if (i === 4)
        for (let n = 0; n < 8; n++)
          h.run({ name: 'rustc', cpu: 96, rss: 700_000, age: 5, cgroup: '/system.slice/docker.service' });
      if (i === 7) h.stop('rustc');
      const busy = i >= 4 && i < 7;
      h.psi.cpu = busy ? 44 : 2;
      h.load = busy ? [8.1, 5, 2] : [0.9, 1.9, 1.4];
      h.disk('nvme0n1', busy ? { writes: 900, writeBytes: 210_000_000, busy: 70, await: 2 } : {});
      h.forks = busy ? 40 : 4;
    },
  },
  {
    ...silent,
    name: 'a search node with half of the memory as heap and the rest as cache',
    reports: 10,
    installed: true,
    host() {
      const h = server(debian12, 'os-data-4', { cores: 16, ram: 64, disk: 'nvme0n1' });
      h.serve('opensearch', { name: 'java', cpu: 420, rss: 33_500_000, threads: 210, uid: 998 });
      h.listening.push(
        { port: 9200, address: '127.0.0.1', program: 'java' },
        { port: 9300, address: '127.0.0.1', program: 'java' },
      );
      h.available = 24 * GB;
      h.cached = 27 * GB;
      h.swap = 0;
      return h;
    },
  },
  {
    ...silent,
    name: 'a router of a village: a third of its connections in use, soft interrupts on all cores',
    reports: 12,
    installed: true,
    host() {
      const h = server(alpine, 'r1-dorf', { cores: 4, ram: 2, disk: 'mmcblk0', nic: 'eth0' });
      h.conntrack = [21_000, 65_536];
      h.softirq = 24;
      h.nic('eth0', { rx: 52_000_000, tx: 9_000_000 });
      h.nic('eth1', { rx: 9_000_000, tx: 52_000_000 });
      return h;
    },
  },
  {
    ...silent,
    name: 'a sign at a station whose root is read-only by plan, with an overlay in memory',
    reports: 6,
    host() {
      const h = server(raspberry, 'sign-12', { cores: 4, ram: 2, disk: 'mmcblk0' });
      h.mounts.get('/')!.device = 'overlay';
      h.mounts.get('/')!.type = 'overlay';
      h.mounts.set('/media/root-ro', {
        device: '/dev/mmcblk0p2',
        type: 'ext4',
        options: 'ro,relatime',
        size: 14_000_000,
        used: 4_000_000,
      });
      h.run({
        name: 'chromium-browse',
        cpu: 34,
        rss: 400_000,
        threads: 30,
        uid: 1000,
        cgroup: '/user.slice/user-1000.slice/session-1.scope',
      });
      h.more.set(
        'cat /etc/fstab',
        'proc /proc proc defaults 0 0\nPARTUUID=a1b2-01 /boot/firmware vfat defaults,ro,nofail 0 2\noverlay / overlay noatime 0 1',
      );
      return h;
    },
  },
  {
    ...silent,
    name: 'a filer at work: its disks are busy for two thirds of the time and answer in time',
    reports: 12,
    installed: true,
    host() {
      const h = server(debian12, 'nfs-bau', { cores: 4, ram: 16, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb', 'sdc'])
        h.disk(d, {
          rotates: true,
          reads: 90,
          writes: 30,
          readBytes: 30_000_000,
          writeBytes: 8_000_000,
          busy: 64,
          await: 9,
        });
      for (let n = 0; n < 8; n++) h.run({ name: 'nfsd', ppid: 2, cpu: 2, kernel: 1, rss: 0, cgroup: '/' });
      h.psi.io = 9;
      h.psi.ioFull = 6;
      h.iowait = 6;
      return h;
    },
  },
  {
    ...silent,
    name: 'PostgreSQL with two replicas, a report of three minutes and a backup that holds a slot for a moment',
    reports: 8,
    host() {
      const h = server(rhel9, 'pg-main', { cores: 8, ram: 64, disk: 'nvme0n1' });
      h.serve('postgresql-16', { name: 'postgres', cpu: 120, rss: 17_000_000, uid: 26 });
      h.listening.push({ port: 5432, address: '127.0.0.1', program: 'postgres' });
      return h;
    },
    minute(h, i) {
      postgres(h, {
        max: 200,
        states: ['active|6|00:03:12.1', 'idle|62|', 'idle in transaction|2|00:00:00.3'],
        slots: [
          'replica_a|t|1048576',
          'replica_b|t|4194304',
          ...(i === 3 ? ['pg_basebackup_8811|t|16777216'] : []),
        ],
      });
    },
  },
  {
    ...silent,
    name: 'a mail exchanger with sixty letters that wait, three of them for days, and connections from everywhere',
    atFirst: 'the case was wrong',
    reports: 4,
    step: 3600,
    host() {
      const h = server(leap, 'mx1.uni', { start: 1_740_000_000, cores: 4, ram: 8, disk: 'sda' });
      h.serve('postfix', { name: 'master', rss: 6_000 });
      h.listening.push({ port: 25, program: 'master' });
      h.tcp.established = 160;
      h.tcp.opened = 9;
      return h;
    },
    minute(h, i) {
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active ${2 + (i % 3)} 0\n/var/spool/postfix/incoming 1 0\n/var/spool/postfix/deferred ${58 + i * 2} 3`,
      );
    },
  },
  {
    ...silent,
    name: 'a node of Kubernetes whose jobs came and went: dozens of ended containers',
    reports: 5,
    step: 600,
    host() {
      const h = server(jammy, 'kube-w9', { cores: 8, ram: 32, disk: 'sda' });
      h.serve('kubelet', { name: 'kubelet', cpu: 12, rss: 110_000, threads: 26 });
      h.serve('containerd', { name: 'containerd', cpu: 6, rss: 90_000, threads: 30 });
      docker(h, [
        { name: 'k8s_web_a' },
        ...Array.from({ length: 24 }, (_, n) => ({
          name: `k8s_job_${n}`,
          status: `Exited (0) ${n + 1} hours ago`,
          started: n * 3600 + 4000,
        })),
      ]);
      return h;
    },
  },
  {
    ...silent,
    name: 'an old laptop as a server: warm at 83 degrees, a battery, and no cable in its port',
    reports: 8,
    installed: true,
    host() {
      const h = server(arch, 'thinkpad-srv', { cores: 4, ram: 8, disk: 'sda', nic: 'wlp3s0' });
      h.nic('wlp3s0', { speed: -1 });
      h.nic('enp0s25', { state: 'down', carrier: 1 });
      h.sys.set('/sys/class/hwmon/hwmon4/name', 'coretemp');
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_label', 'Package id 0');
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_input', 83_000);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_max', 100_000);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_crit', 105_000);
      h.sys.set('/sys/class/hwmon/hwmon1/name', 'BAT0');
      h.sys.set('/sys/class/hwmon/hwmon1/in0_input', 12_411);
      return h;
    },
  },
  {
    ...silent,
    name: 'one report of a container without root, without PSI, without a word of the kernel',
    reports: 1,
    host() {
      const h = server({ ...lxc, psi: false }, 'ct-wiki', { cores: 2, ram: 1, disk: 'sda' });
      h.euid = 1000;
      h.serve('lighttpd', { name: 'lighttpd', cpu: 2, rss: 9_000, uid: 33 });
      return h;
    },
  },
  {
    ...silent,
    name: 'one report: the kernel killed something forty days ago, and a disk had its link reset once in spring',
    reports: 1,
    host() {
      const h = server(debian12, 'doku-alt', { cores: 2, ram: 4, disk: 'sda' });
      h.uptime = 9_000_000;
      const day = 86_400;
      h.kernel(
        4,
        'python3 invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
        40 * day,
      );
      h.kernel(
        3,
        'Out of memory: Killed process 4112 (python3) total-vm:4118200kB, anon-rss:3211200kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:6600kB oom_score_adj:0',
        40 * day,
      );
      h.kernel(3, 'ata1.00: exception Emask 0x10 SAct 0x0 SErr 0x4050000 action 0xe frozen', 90 * day);
      h.kernel(4, 'ata1: hard resetting link', 90 * day);
      h.oomKills = 1;
      return h;
    },
  },
  {
    ...silent,
    name: 'a scrub of ZFS reads for hours and repairs nothing',
    reports: 6,
    step: 600,
    host() {
      const h = server(proxmox, 'pve-sued', { cores: 16, ram: 128, disk: 'nvme0n1' });
      for (const d of ['sda', 'sdb', 'sdc', 'sdd'])
        h.disk(d, { rotates: true, reads: 120, readBytes: 120_000_000, busy: 78, await: 14 });
      zpool(
        h,
        'tank',
        'ONLINE',
        ['tank', 'raidz2-0', 'ata-A1', 'ata-A2', 'ata-A3', 'ata-A4']
          .map((n, k) => `\t${' '.repeat(Math.min(k, 2) * 2)}${n.padEnd(40)}  ONLINE       0     0     0`)
          .join('\n'),
        '  scan: scrub in progress since Sun Nov  8 00:24:01 2026\n\t18.1T / 31.0T scanned at 490M/s, 12.0T / 31.0T issued at 380M/s\n\t0B repaired, 38.71% done, 14:31:02 to go\n',
      );
      h.available = 30 * GB;
      return h;
    },
  },
  {
    ...silent,
    name: 'a shop of CentOS 7 on its usual evening: many visitors, all of it busy, nothing slow',
    atFirst: 'the case was wrong',
    reports: 14,
    installed: true,
    host() {
      const h = server(centos7, 'shop-abend', { start: 1_700_000_000, cores: 8, ram: 16, disk: 'sda' });
      h.serve('nginx', { name: 'nginx', cpu: 22, uid: 997 });
      h.listening.push({ port: 443, program: 'nginx' });
      for (let n = 0; n < 20; n++) h.serve('php-fpm', { name: 'php-fpm', cpu: 18, rss: 60_000, uid: 48 });
      h.serve('mysqld', { name: 'mysqld', cpu: 90, rss: 4_600_000, threads: 70, uid: 27 });
      h.load = [5.2, 5.1, 4.8];
      return h;
    },
    minute(h, i) {
      visits(h, 2400 + (i % 4) * 240);
      mysql(
        h,
        '5.7.44',
        { Threads_running: 4, Threads_connected: 34, Questions: h.count('questions', 90_000) },
        {},
      );
    },
  },
  {
    ...silent,
    name: 'after its planned restart into a new kernel all is as before, and caches are cold',
    reports: 8,
    host() {
      const h = server(noble, 'auth-2', { cores: 4, ram: 8, disk: 'nvme0n1' });
      h.serve('keycloak', { name: 'java', cpu: 14, rss: 1_200_000, threads: 90, uid: 1001 });
      h.more.set('cat /run/reboot-required', '*** System restart required ***');
      h.more.set('cat /run/reboot-required.pkgs', 'linux-base\nlinux-image-6.8.0-50-generic');
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.reboot();
        h.more.delete('cat /run/reboot-required');
        h.more.delete('cat /run/reboot-required.pkgs');
        h.kernel(4, 'ACPI: SPCR: Unexpected SPCR Access Width.  Defaulting to byte size', 150);
        h.kernel(3, 'piix4_smbus 0000:00:01.3: SMBus Host Controller not enabled!', 149);
      }
      h.named('java')[0]!.cpu = i === 3 ? 160 : 14;
      if (from(i, 3)) h.cached = 0.5 * GB + (i - 3) * 0.3 * GB;
    },
  },
  {
    ...silent,
    name: 'drives of seven years: a few sectors were replaced long ago, cable errors of an old cable, a worn but fine SSD',
    reports: 4,
    step: 3600,
    host() {
      const h = server(debian12, 'oldie', { cores: 2, ram: 8, disk: 'sda' });
      h.disk('sdb', { rotates: true, model: 'WDC WD30EFRX', size: 5_860_533_168 });
      return h;
    },
    minute(h) {
      sata(h, 'sdb', { model: 'WDC WD30EFRX', hours: 61_300 }, { 199: 14 });
      nvme(h, 'nvme0', 'Samsung SSD 970 EVO', { percentage_used: 61, num_err_log_entries: 2_410 });
    },
  },
  {
    ...silent,
    name: 'Redis as a cache at its limit that forgets what is old, as it was told',
    reports: 8,
    host() {
      const h = server(jammy, 'cache-par', { cores: 2, ram: 8, disk: 'vda' });
      h.serve('redis-server', { name: 'redis-server', cpu: 20, rss: 3_200_000, threads: 5, uid: 110 });
      h.listening.push({ port: 6379, address: '127.0.0.1', program: 'redis-server' });
      return h;
    },
    minute(h, i) {
      redis(h, {
        used_memory: 3_210_000_000 + (i % 3) * 4_000_000,
        maxmemory: 3_221_225_472,
        maxmemory_policy: 'allkeys-lru',
        evicted_keys: 900_000 + i * 4_000,
      });
    },
  },
];
