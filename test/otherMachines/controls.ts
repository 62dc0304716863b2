// Machines on which nothing is wrong, however it may look.
import { from, server, type Case } from './case.ts';
import { GB, type Host } from './host.ts';
import { backupServer, raid6 } from './storage.ts';
import { alpine, arch, centos7, debian12, jammy, leap, noble, proxmox, raspberry, rhel9 } from './systems.ts';
import { docker, mysql, nvme, postgres, redis, sata, zpool } from './tools.ts';

const quiet = { kind: 'control', roots: [] } as const;

function snaps(h: Host): void {
  for (const [i, [name, size]] of Object.entries({
    core20: 65_536,
    core22: 75_776,
    lxd: 89_472,
    snapd: 45_440,
    certbot: 53_248,
  }).entries()) {
    h.mounts.set(`/snap/${name}/${2100 + i}`, {
      device: `/dev/loop${i}`,
      type: 'squashfs',
      options: 'ro,nodev,relatime,errors=continue,threads=single',
      size,
      used: size,
      inodes: 12_000,
      inodesUsed: 12_000,
    });
    h.disk(`loop${i}`, { reads: 0, writes: 0, size: size * 2 });
  }
}

export const controlCases: Case[] = [
  {
    ...quiet,
    name: 'A compute node runs niced jobs on every core',
    atFirst: 'false alarm',
    reports: 8,
    host() {
      const h = server(rhel9, 'hpc-n12', { cores: 64, ram: 256, disk: 'nvme0n1', nic: 'ib0' });
      h.run({
        name: 'gromacs',
        uid: 5011,
        rss: 40 * GB,
        cpu: 6150,
        kernel: 0.01,
        niced: true,
        threads: 64,
        age: 90_000,
      });
      h.load = [64.2, 64.1, 63.9];
      h.psi.cpu = 8;
      return h;
    },
  },
  {
    ...quiet,
    name: 'Borg backs up at night, the disk is busy',
    reports: 12,
    host() {
      const h = server(debian12, 'files-b', {
        cores: 4,
        ram: 8,
        disk: 'sda',
        nic: 'eth0',
        drive: { rotates: true },
      });
      h.service('borgmatic', { ActiveState: 'activating', SubState: 'start' });
      return h;
    },
    minute(h, i) {
      if (i === 3)
        h.run({
          name: 'borg',
          rss: 420_000,
          cpu: 62,
          read: 70_000_000,
          age: 20 - h.now,
          cgroup: '/system.slice/borgmatic.service',
        });
      if (i === 10) h.stop('borg');
      const on = i >= 3 && i < 10;
      h.disk(
        'sda',
        on ? { rotates: true, reads: 560, readBytes: 71_000_000, await: 9, busy: 88 } : { rotates: true },
      );
      h.iowait = on ? 14 : 0.5;
      h.psi.io = on ? 24 : 0.3;
      h.psi.ioFull = on ? 15 : 0.2;
      h.nic('eth0', { tx: on ? 38_000_000 : 60_000 });
    },
  },
  {
    ...quiet,
    name: 'The first report of a machine that was installed a moment ago',
    reports: 1,
    host() {
      const h = server(noble, 'new-vm', { cores: 2, ram: 4, disk: 'vda', nic: 'enp1s0' });
      h.uptime = 240;
      h.mounts.get('/')!.used = 4_100_000;
      h.swap = 0;
      snaps(h);
      h.load = [1.9, 1.1, 0.4];
      h.kernel(
        4,
        'systemd[1]: Configuration file /run/systemd/system/netplan-ovs-cleanup.service is marked world-inaccessible. This has no effect as configuration data is accessible via APIs without restrictions. Proceeding anyway.',
        220,
      );
      h.kernel(3, 'piix4_smbus 0000:00:01.3: SMBus Host Controller not enabled!', 235);
      h.kernel(4, 'floppy: error 10 while reading block 0', 100);
      return h;
    },
  },
  {
    ...quiet,
    name: 'A reboot by hand between two reports',
    atFirst: 'the case was wrong',
    reports: 7,
    host() {
      const h = server(centos7, 'ldap-2', {
        start: 1_700_000_000,
        cores: 4,
        ram: 8,
        disk: 'sda',
        nic: 'em1',
      });
      h.run({ name: 'ns-slapd', uid: 389, rss: 700_000, cpu: 6, threads: 40 });
      h.service('dirsrv@main');
      h.listening.push({ port: 389, program: 'ns-slapd' });
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.pass(240);
        h.reboot();
        h.load = [2.2, 0.9, 0.3];
      }
    },
  },
  {
    ...quiet,
    name: 'The clock is set forward by an hour',
    reports: 7,
    host: () => server(jammy, 'iot-gw', { cores: 4, ram: 4, disk: 'mmcblk0', nic: 'eth0' }),
    minute(h, i) {
      if (i === 3) h.clockError = 3600;
    },
  },
  {
    ...quiet,
    name: 'A deployment replaces all containers',
    reports: 8,
    host() {
      const h = server(debian12, 'swarm-1', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eth0' });
      h.run({ name: 'dockerd', rss: 150_000, cpu: 5, threads: 50 });
      h.service('docker');
      for (let i = 0; i < 9; i++)
        h.run({
          name: 'node',
          uid: 1000,
          rss: 180_000,
          cpu: 6,
          threads: 11,
          cgroup: `/system.slice/docker-${String(i).repeat(64)}.scope`,
        });
      h.mounts.set('/var/lib/docker/overlay2/aa11/merged', {
        device: 'overlay',
        type: 'overlay',
        size: 98_000_000,
        used: 31_000_000,
      });
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.stop('node');
        for (let n = 0; n < 9; n++)
          h.run({
            name: 'node',
            uid: 1000,
            rss: 170_000,
            cpu: 30,
            threads: 11,
            age: 10 - h.now,
            cgroup: `/system.slice/docker-${String(n).repeat(32)}${'ab'.repeat(16)}.scope`,
          });
        h.nic('eth0', { rx: 40_000_000 });
        h.forks = 90;
      }
      if (i === 4) {
        for (const t of h.named('node')) t.cpu = 6;
        h.nic('eth0', { rx: 40_000 });
        h.forks = 4;
      }
      const status =
        i < 3
          ? 'Up 6 days (healthy)'
          : i === 3
            ? 'Up 11 seconds (health: starting)'
            : `Up ${i - 3} minutes (healthy)`;
      docker(h, [
        ...Array.from({ length: 9 }, (_, n) => ({ name: i < 3 ? `app-${n}` : `app_new-${n}`, status })),
        { name: 'migrate', status: i < 3 ? 'Exited (0) 6 days ago' : 'Exited (0) 40 seconds ago' },
        { name: 'old-test', status: 'Exited (143) 4 months ago', exit: 143 },
      ]);
    },
  },
  {
    ...quiet,
    name: 'Snaps are full, as they always are, and an ISO is mounted',
    reports: 4,
    host() {
      const h = server(jammy, 'lxd-host', { cores: 8, ram: 16, disk: 'sda', nic: 'enp3s0' });
      snaps(h);
      h.mounts.set('/mnt/iso', {
        device: '/dev/loop9',
        type: 'iso9660',
        options: 'ro,relatime,nojoliet',
        size: 2_620_000,
        used: 2_620_000,
      });
      h.mounts.set('/boot/efi', { device: '/dev/sda1', type: 'vfat', size: 1_098_632, used: 6_220 });
      h.mounts.set('/sys/firmware/efi/efivars', {
        device: 'efivarfs',
        type: 'efivarfs',
        size: 128,
        used: 121,
      });
      return h;
    },
  },
  {
    ...quiet,
    name: 'All memory is page cache and swap is full since months, and quiet',
    atFirst: 'the case was wrong',
    reports: 8,
    host() {
      const h = server(centos7, 'nfs-old', {
        start: 1_700_000_000,
        cores: 8,
        ram: 32,
        disk: 'sda',
        nic: 'em1',
      });
      h.swap = 2 * GB;
      h.swapUsed = 2 * GB - 1200;
      h.cached = 29 * GB;
      h.available = 28 * GB;
      h.run({ name: 'nfsd', ppid: 2, rss: 0, cpu: 3, kernel: 1 });
      h.run({ name: 'java', uid: 1000, rss: 1 * GB, swap: 1.7 * GB, cpu: 1, threads: 60 });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A certificate has expired that no service uses',
    reports: 2,
    host() {
      const h = server(debian12, 'www-static', { cores: 2, ram: 4, disk: 'vda', nic: 'eth0' });
      h.run({ name: 'nginx', rss: 9_000, uid: 33 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      const date = (ago: number) => {
        const parts = h.at(ago).toUTCString().split(/[ ,]+/);
        return `${parts[2]} ${parts[1]!.replace(/^0/, ' ')} ${parts[4]} ${parts[3]} GMT`;
      };
      const one = (file: string, name: string, ends: number) =>
        `file ${file}\nsubject=CN = ${name}\nissuer=C = US, O = Let's Encrypt, CN = R11\nnotBefore=${date(ends + 90 * 86_400)}\nnotAfter=${date(ends)}\nserial=03AA${name.length}\n        Signature Algorithm: sha256WithRSAEncryption\n                Public-Key: (2048 bit)\n                DNS:${name}`;
      h.more.set(
        'grep -r . /etc',
        '/etc/nginx/sites-enabled/www:listen 443 ssl;\n/etc/nginx/sites-enabled/www:server_name www.example.net;\n/etc/nginx/sites-enabled/www:ssl_certificate /etc/letsencrypt/live/www.example.net/fullchain.pem;\n/etc/nginx/sites-available/old:listen 443 ssl;\n/etc/nginx/sites-available/old:server_name old.example.net;\n/etc/nginx/sites-available/old:ssl_certificate /etc/ssl/private/old.pem;',
      );
      h.more.set(
        'openssl x509',
        `${one('/etc/letsencrypt/live/www.example.net/fullchain.pem', 'www.example.net', -61 * 86_400)}\n${one('/etc/ssl/private/old.pem', 'old.example.net', 400 * 86_400)}`,
      );
      return h;
    },
  },
  {
    ...quiet,
    name: 'The monthly check of a RAID 6 reads all disks',
    reports: 8,
    host() {
      const h = backupServer('backup-d');
      h.run({ name: 'md127_resync', ppid: 2, rss: 0, cpu: 19, kernel: 1, cgroup: '/', age: 9000 });
      for (const l of 'bcdefghijk')
        h.disk(`sd${l}`, {
          ...h.disks.get(`sd${l}`),
          reads: 300,
          readBytes: 152_000_000,
          busy: 93,
          await: 10,
        });
      return h;
    },
    minute: (h, i) =>
      raid6(
        h,
        undefined,
        `      [==>..................]  check = ${(11 + i * 0.1).toFixed(1)}% (${900_000_000 + i * 9_000_000}/7813894144) finish=740.1min speed=152233K/sec\n`,
      ),
  },
  {
    ...quiet,
    name: 'Three of four network ports never had a cable, and a bridge of Docker is down',
    reports: 3,
    host() {
      const h = server(rhel9, 'r640-7', { cores: 40, ram: 192, disk: 'sda', nic: 'eno1np0' });
      for (const port of ['eno2np1', 'eno3np2', 'eno4np3'])
        h.nic(port, { state: 'down', speed: -1, duplex: 'unknown', carrier: 1, rx: 0, tx: 0 });
      h.nic('docker0', { state: 'down', carrier: 1, rx: 0, tx: 0 });
      h.nic('virbr0', { state: 'down', carrier: 1, rx: 0, tx: 0 });
      sata(h, 'sda', { model: 'MZ7LH480HAHQ0D3' });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A unit failed 200 days ago and nobody missed it',
    atFirst: 'false alarm',
    reports: 3,
    host() {
      const h = server(leap, 'print-1', { start: 1_740_000_000, cores: 2, ram: 4, disk: 'sda', nic: 'eth0' });
      h.uptime = 19_000_000;
      h.service('mcelog', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainStatus: '1',
        ExecMainCode: '1',
        since: String(200 * 86_400),
      });
      h.service('cups');
      h.run({ name: 'cupsd', rss: 9_000, cpu: 0.3 });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A PostgreSQL primary does its work: high load, big cache, many connections of a pool',
    reports: 8,
    host() {
      const h = server(rhel9, 'pg-main', { cores: 32, ram: 256, disk: 'nvme0n1', nic: 'ens1f0' });
      h.serve('postgresql', {
        name: 'postgres',
        uid: 26,
        rss: 70 * GB,
        cpu: 1500,
        threads: 220,
      });
      h.load = [18.2, 17.9, 17.1];
      h.cached = 180 * GB;
      h.shmem = 66 * GB;
      h.available = 120 * GB;
      h.psi = { cpu: 6, memory: 0, memoryFull: 0, io: 3, ioFull: 2 };
      h.disk('nvme0n1', {
        reads: 9000,
        writes: 4000,
        await: 0.3,
        busy: 71,
        readBytes: 190_000_000,
        writeBytes: 90_000_000,
      });
      nvme(h, 'nvme0n1', 'SAMSUNG MZWLL3T2HAJQ-00005');
      return h;
    },
    minute: (h) =>
      postgres(h, {
        max: 500,
        states: ['active|14|00:00:02.1', 'idle|260|', 'idle in transaction|3|00:00:00.04'],
        slots: ['standby1|t|901200'],
      }),
  },
  {
    ...quiet,
    name: 'A Raspberry Pi with swap on zram, warm and slow, as it should be',
    reports: 6,
    host() {
      const h = server(raspberry, 'homeassistant', { cores: 4, ram: 2, disk: 'mmcblk0', nic: 'end0' });
      h.nic('wlan0', { state: 'down', carrier: 1, rx: 0, tx: 0 });
      h.swap = 1 * GB;
      h.swapDevice = 'zram0';
      h.swapUsed = 0.35 * GB;
      h.swapIn = 3;
      h.swapOut = 2;
      h.run({ name: 'python3', uid: 1000, rss: 620_000, cpu: 22, threads: 30 });
      h.available = 0.9 * GB;
      h.sys.set('/sys/class/thermal/thermal_zone0/temp', 61_300);
      h.disk('mmcblk0', { writes: 6, await: 18, busy: 4 });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A Proxmox host whose ARC and guests use nearly all of its memory',
    reports: 6,
    host() {
      const h = server(proxmox, 'pve-d', { cores: 24, ram: 128, disk: 'nvme0n1', nic: 'vmbr0' });
      for (let i = 0; i < 8; i++)
        h.run({ name: 'kvm', rss: 7 * GB, cpu: 60, threads: 9, cgroup: `/qemu.slice/${100 + i}.scope` });
      h.available = 13 * GB;
      h.cached = 2 * GB;
      h.slab = 6 * GB;
      h.slabUnreclaimed = 5 * GB;
      h.swap = 8 * GB;
      for (let i = 100; i < 108; i++)
        for (const n of [`tap${i}i0`, `fwbr${i}i0`, `fwpr${i}p0`, `fwln${i}i0`, `veth${i}i0`])
          h.nic(n, { speed: 10_000 });
      zpool(
        h,
        'rpool',
        'ONLINE',
        '\trpool                                         ONLINE       0     0     0\n\t  mirror-0                                    ONLINE       0     0     0\n\t    nvme-eui.0025385b71b0aa11-part3           ONLINE       0     0     0\n\t    nvme-eui.0025385b71b0aa12-part3           ONLINE       0     0     0',
        "status: Some supported and requested features are not enabled on the pool.\n\tThe pool can still be used, but some features are unavailable.\naction: Enable all features using 'zpool upgrade'. Once this is done,\n\tthe pool may no longer be accessible by software that does not support\n\tthe features. See zpool-features(7) for details.\n  scan: scrub repaired 0B in 00:09:41 with 0 errors on Sun Nov  8 00:33:42 2026\n",
      );
      h.more.set(
        'zpool list -Hp',
        'rpool\t1920383410176\t901200000000\t1019183410176\t-\t-\t31\t46\t1.00\tONLINE\t-',
      );
      nvme(h, 'nvme0n1', 'KIOXIA KCD6XLUL1T92', { percentage_used: 11 });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A Kubernetes node with many pods, short drops and finished jobs',
    reports: 6,
    host() {
      const h = server(noble, 'ip-10-20-3-44', { cores: 16, ram: 64, disk: 'nvme0n1', nic: 'ens5' });
      h.run({ name: 'kubelet', rss: 160_000, cpu: 14, threads: 60 });
      h.run({ name: 'containerd', rss: 130_000, cpu: 9, threads: 70 });
      for (let i = 0; i < 40; i++) {
        h.nic(`eni${(0x77aa + i * 521).toString(16)}`, { speed: 10_000, drops: i === 4 ? 0.01 : 0 });
        const pod = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${(i * 7919 + 0xabcdef).toString(16).padStart(8, '0')}_11.slice/cri-containerd-${String(i).padStart(2, '0').repeat(32)}.scope`;
        h.run({
          name: ['java', 'envoy', 'python3', 'coredns'][i % 4]!,
          uid: 65_532,
          rss: 150_000 + i * 9000,
          cpu: 4,
          threads: 14,
          cgroup: pod,
        });
        h.mounts.set(
          `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${String(i).padStart(2, '0').repeat(32)}/rootfs`,
          { device: 'overlay', type: 'overlay', size: 98_000_000, used: 31_000_000 },
        );
        h.mounts.set(`/var/lib/kubelet/pods/${i}/volumes/kubernetes.io~projected/token`, {
          device: 'tmpfs',
          type: 'tmpfs',
          size: 204_800,
          used: 12,
        });
      }
      h.conntrack = [61_000, 524_288];
      h.available = 24 * GB;
      return h;
    },
  },
  {
    ...quiet,
    name: 'MariaDB and Redis warm up after their restart for an update',
    reports: 8,
    host() {
      const h = server(debian12, 'shopdb', { cores: 8, ram: 32, disk: 'nvme0n1', nic: 'eth0' });
      h.run({ name: 'mariadbd', uid: 106, rss: 9 * GB, cpu: 70, threads: 60 });
      h.run({ name: 'redis-server', uid: 110, rss: 1.2 * GB, cpu: 8, threads: 5 });
      for (const u of ['mariadb', 'redis-server']) h.service(u);
      h.listening.push(
        { port: 3306, program: 'mariadbd', address: '127.0.0.1' },
        { port: 6379, program: 'redis-server', address: '127.0.0.1' },
      );
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        for (const n of ['mariadbd', 'redis-server'])
          Object.assign(h.named(n)[0]!, { pid: 90_000 + n.length, born: h.now, user: 1, sys: 1 });
        h.named('mariadbd')[0]!.rss = 1.1 * GB;
        for (const u of ['mariadb.service', 'redis-server.service']) h.units.get(u)!['since'] = '30';
      }
      if (i > 3) {
        h.named('mariadbd')[0]!.rss = Math.min(9, 1.1 + (i - 3) * 1.6) * GB;
        h.disk('nvme0n1', { reads: 2200, readBytes: 90_000_000, await: 0.4, busy: 41 });
      }
      mysql(
        h,
        '10.11.9-MariaDB-0+deb12u1',
        { Uptime: i < 3 ? 3_000_000 : (i - 3) * 60 + 30, Threads_connected: 41 },
        { innodb_buffer_pool_size: 12_884_901_888 },
      );
      redis(h, { uptime_in_seconds: i < 3 ? 3_000_000 : (i - 3) * 60 + 30 });
    },
  },
  {
    ...quiet,
    name: 'An idle Alpine container of LXC, with next to nothing in it',
    atFirst: 'the case was wrong',
    reports: 5,
    step: 300,
    host() {
      const h = server({ ...alpine, dmesg: false, virt: 'lxc' }, 'dns-ct', {
        cores: 1,
        ram: 0.5,
        disk: 'sda',
        nic: 'eth0',
        root: '/dev/mapper/pve-vm--105--disk--0',
      });
      Object.assign(h.mounts.get('/')!, { size: 2_000_000, used: 400_000 });
      h.swap = 0;
      h.run({ name: 'unbound', uid: 100, rss: 30_000, cpu: 0.4 });
      h.listening.push({ port: 53, program: 'unbound' });
      return h;
    },
  },
  {
    ...quiet,
    name: 'A workstation of Arch that is restarted often, with its own certificates and USB disks',
    atFirst: 'false alarm',
    reports: 4,
    host() {
      const h = server(arch, 'desk', { cores: 16, ram: 32, disk: 'nvme0n1', nic: 'enp7s0' });
      h.run({ name: 'firefox', uid: 1000, rss: 3 * GB, cpu: 22, threads: 200 });
      h.mounts.set('/run/media/me/STICK', {
        device: '/dev/sdb1',
        type: 'exfat',
        size: 30_000_000,
        used: 29_700_000,
      });
      h.mounts.set('/boot', { device: '/dev/nvme0n1p1', type: 'vfat', size: 523_248, used: 190_000 });
      h.disk('sdb', { reads: 0, writes: 0 });
      nvme(h, 'nvme0n1', 'WD_BLACK SN850X 2000GB', { temperature: 52 });
      return h;
    },
    minute(h, i) {
      if (from(i, 1)) h.load = [3, 2, 1];
    },
  },
];
