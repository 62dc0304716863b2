// The systems of this round in the words of their own files, and what is always there on a machine that has grown.
import { Box, type Proc, type System } from '../box.ts';

const release = (name: string, id: string, version: string, like = '', more = '') =>
  `NAME="${name}"
PRETTY_NAME="${name} ${version}"
ID="${id}"
VERSION_ID="${version}"
${like ? `ID_LIKE="${like}"\n` : ''}${more}`;

const made = (
  id: string,
  name: string,
  version: string,
  like: string,
  kernel: string,
  build: string,
  cgroups: 0 | 1 | 2,
  systemd: number,
): System => ({
  id,
  release: release(name, id, version, like),
  kernel,
  version: build,
  cgroups,
  systemd,
});

export const lands = {
  debian11: made(
    'debian',
    'Debian GNU/Linux',
    '11',
    '',
    '5.10.0-35-amd64',
    '#1 SMP Debian 5.10.237-1 (2025-05-19)',
    2,
    247,
  ),
  debian13arm: made(
    'debian',
    'Debian GNU/Linux',
    '13',
    '',
    '6.12.48+deb13-arm64',
    '#1 SMP Debian 6.12.48-1 (2025-09-20)',
    2,
    257,
  ),
  ubuntu1804: made(
    'ubuntu',
    'Ubuntu',
    '18.04',
    'debian',
    '4.15.0-213-generic',
    '#224-Ubuntu SMP Mon Jun 19 13:30:12 UTC 2023',
    1,
    237,
  ),
  ubuntu2004: made(
    'ubuntu',
    'Ubuntu',
    '20.04',
    'debian',
    '5.4.0-216-generic',
    '#236-Ubuntu SMP Fri Apr 11 19:53:21 UTC 2025',
    1,
    245,
  ),
  ubuntu2404: made(
    'ubuntu',
    'Ubuntu',
    '24.04',
    'debian',
    '6.8.0-85-generic',
    '#85-Ubuntu SMP PREEMPT_DYNAMIC Thu Sep 18 15:26:59 UTC 2025',
    2,
    255,
  ),
  alma8: made(
    'almalinux',
    'AlmaLinux',
    '8.10',
    'rhel centos fedora',
    '4.18.0-553.74.1.el8_10.x86_64',
    '#1 SMP Wed Sep 10 2025',
    1,
    239,
  ),
  rhel9: made(
    'rhel',
    'Red Hat Enterprise Linux',
    '9.6',
    'fedora',
    '5.14.0-570.42.2.el9_6.x86_64',
    '#1 SMP PREEMPT_DYNAMIC Thu Sep 4 2025',
    2,
    252,
  ),
  alma10power: made(
    'almalinux',
    'AlmaLinux',
    '10.0',
    'rhel centos fedora',
    '6.12.0-55.34.1.el10_0.ppc64le',
    '#1 SMP PREEMPT_DYNAMIC Tue Sep 16 2025',
    2,
    257,
  ),
  alma10: made(
    'almalinux',
    'AlmaLinux',
    '10.0',
    'rhel centos fedora',
    '6.12.0-55.34.1.el10_0.x86_64',
    '#1 SMP PREEMPT_DYNAMIC Tue Sep 16 2025',
    2,
    257,
  ),
  oracle8: made(
    'ol',
    'Oracle Linux Server',
    '8.10',
    'fedora',
    '5.15.0-312.187.5.1.el8uek.x86_64',
    '#2 SMP Sun Sep 21 2025',
    1,
    239,
  ),
  amazon2: made(
    'amzn',
    'Amazon Linux',
    '2',
    'centos rhel fedora',
    '4.14.355-280.695.amzn2.x86_64',
    '#1 SMP Tue Sep 2 2025',
    1,
    219,
  ),
  amazon2023: made(
    'amzn',
    'Amazon Linux',
    '2023',
    'fedora',
    '6.1.153-175.280.amzn2023.x86_64',
    '#1 SMP PREEMPT_DYNAMIC Tue Sep 23 2025',
    2,
    252,
  ),
  sles12: made('sles', 'SLES', '12.5', 'suse', '4.12.14-122.272-default', '#1 SMP Mon Jul 28 2025', 1, 228),
  sles15z: made(
    'sles',
    'SLES',
    '15.7',
    'suse',
    '6.4.0-150700.53.16-default',
    '#1 SMP PREEMPT_DYNAMIC Tue Sep 9 2025',
    2,
    254,
  ),
  tumbleweed: made(
    'opensuse-tumbleweed',
    'openSUSE Tumbleweed',
    '20251001',
    'opensuse suse',
    '6.16.9-1-default',
    '#1 SMP PREEMPT_DYNAMIC Fri Sep 26 2025',
    2,
    257,
  ),
  alpine: made(
    'alpine',
    'Alpine Linux',
    '3.21.4',
    '',
    '6.12.44-0-virt',
    '#1-Alpine SMP PREEMPT_DYNAMIC 2025-08-29',
    2,
    0,
  ),
  void: made('void', 'Void', '', '', '6.12.49_1', '#1 SMP PREEMPT_DYNAMIC Fri Sep 26 2025', 2, 0),
  gentoo: made(
    'gentoo',
    'Gentoo',
    '2.17',
    '',
    '6.6.105-gentoo-dist',
    '#1 SMP PREEMPT_DYNAMIC Sun Sep 14 2025',
    2,
    0,
  ),
  devuan: made(
    'devuan',
    'Devuan GNU/Linux',
    '5',
    'debian',
    '6.1.0-39-amd64',
    '#1 SMP PREEMPT_DYNAMIC Debian 6.1.148-1 (2025-08-26)',
    1,
    0,
  ),
  nixos: made(
    'nixos',
    'NixOS',
    '25.05',
    '',
    '6.12.49',
    '#1-NixOS SMP PREEMPT_DYNAMIC Thu Sep 25 2025',
    2,
    257,
  ),
  centos6: made(
    '',
    'CentOS',
    '6.10',
    '',
    '2.6.32-754.35.1.el6.x86_64',
    '#1 SMP Sat Nov 7 12:42:14 UTC 2020',
    0,
    0,
  ),
  centos7: made(
    'centos',
    'CentOS Linux',
    '7',
    'rhel fedora',
    '3.10.0-1160.102.1.el7.x86_64',
    '#1 SMP Tue Oct 17 15:42:21 UTC 2023',
    1,
    219,
  ),
  ubuntu1604: made(
    'ubuntu',
    'Ubuntu',
    '16.04',
    'debian',
    '4.4.0-210-generic',
    '#242-Ubuntu SMP Fri Apr 16 09:57:56 UTC 2021',
    1,
    229,
  ),
  debian9: made('debian', 'Debian GNU/Linux', '9', '', '4.9.0-19-amd64', '#1 SMP Debian 4.9.320-2', 1, 232),
  debian10: made(
    'debian',
    'Debian GNU/Linux',
    '10',
    '',
    '4.19.0-27-amd64',
    '#1 SMP Debian 4.19.316-1',
    1,
    241,
  ),
  debian12: made(
    'debian',
    'Debian GNU/Linux',
    '12',
    '',
    '6.1.0-40-amd64',
    '#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)',
    2,
    252,
  ),
  debian13: made(
    'debian',
    'Debian GNU/Linux',
    '13',
    '',
    '6.12.48+deb13-amd64',
    '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)',
    2,
    257,
  ),
  ubuntu2204: made(
    'ubuntu',
    'Ubuntu',
    '22.04',
    'debian',
    '5.15.0-157-generic',
    '#167-Ubuntu SMP Wed Sep 17 21:35:53 UTC 2025',
    2,
    249,
  ),
  ubuntu2510: made(
    'ubuntu',
    'Ubuntu',
    '25.10',
    'debian',
    '6.17.0-5-generic',
    '#5-Ubuntu SMP PREEMPT_DYNAMIC Mon Sep 22 10:00:33 UTC 2025',
    2,
    257,
  ),
  fedora43: made(
    'fedora',
    'Fedora Linux',
    '43',
    '',
    '6.17.1-300.fc43.x86_64',
    '#1 SMP PREEMPT_DYNAMIC Mon Oct  6 15:37:21 UTC 2025',
    2,
    258,
  ),
  rocky8: made(
    'rocky',
    'Rocky Linux',
    '8.10',
    'rhel centos fedora',
    '4.18.0-553.75.1.el8_10.x86_64',
    '#1 SMP Fri Sep 12 2025',
    1,
    239,
  ),
  rocky9: made(
    'rocky',
    'Rocky Linux',
    '9.6',
    'rhel centos fedora',
    '5.14.0-570.46.1.el9_6.x86_64',
    '#1 SMP PREEMPT_DYNAMIC Tue Sep 30 2025',
    2,
    252,
  ),
  arch: made(
    'arch',
    'Arch Linux',
    '',
    '',
    '6.16.8-arch3-1',
    '#1 SMP PREEMPT_DYNAMIC Mon, 22 Sep 2025',
    2,
    258,
  ),
  synology: made('', 'DSM', '7.2', '', '4.4.302+', '#72806 SMP Thu Sep 4 12:15:32 CST 2025', 1, 219),
  qnap: made('', 'QTS', '5.2', '', '5.10.60-qnap', '#1 SMP Tue Sep 9 2025', 1, 0),
  truenas: made(
    'debian',
    'Debian GNU/Linux',
    '12',
    '',
    '6.6.44-production+truenas',
    '#1 SMP PREEMPT_DYNAMIC Thu Aug 28 2025',
    2,
    252,
  ),
  proxmox: made(
    'debian',
    'Debian GNU/Linux',
    '13',
    '',
    '6.14.11-3-pve',
    '#1 SMP PREEMPT_DYNAMIC PMX 6.14.11-3 (2025-09-22T10:13Z)',
    2,
    257,
  ),
  raspios: made(
    'debian',
    'Debian GNU/Linux',
    '12',
    '',
    '6.12.34+rpt-rpi-2712',
    '#1 SMP PREEMPT Debian 1:6.12.34-1+rpt1 (2025-06-26)',
    2,
    252,
  ),
  openwrt: made(
    'openwrt',
    'OpenWrt',
    '24.10.3',
    'lede openwrt',
    '6.6.104',
    '#0 SMP Mon Sep 22 07:20:11 2025',
    0,
    0,
  ),
  wsl: made(
    'ubuntu',
    'Ubuntu',
    '24.04',
    'debian',
    '6.6.87.2-microsoft-standard-WSL2',
    '#1 SMP PREEMPT_DYNAMIC Thu Jun  5 18:30:46 UTC 2025',
    2,
    255,
  ),
  fargate: made(
    'debian',
    'Debian GNU/Linux',
    '12',
    '',
    '5.10.240-238.959.amzn2.x86_64',
    '#1 SMP Tue Sep 2 2025',
    0,
    0,
  ),
} satisfies Record<string, System>;

export interface Wish {
  now?: string;
  days?: number;
  cores?: number;
  memory?: number;
  swap?: number;
  disk?: string;
  net?: string;
  root?: [gb: number, used: number];
  fs?: string;
  /** Device of the root filesystem, where it is no partition of the disk. */
  rootDev?: string;
  model?: string;
  /** Idle processes beside those that matter. */
  crowd?: number;
}

/** A machine as it stands somewhere: a disk, a link, ssh, and the many that only sleep. */
export function at(land: keyof typeof lands, name: string, wish: Wish = {}): Box {
  const b = new Box(lands[land], name, wish.now ?? '2026-03-11T14:31:12Z', wish.days ?? 63);
  b.cores = wish.cores ?? 4;
  b.memory = wish.memory ?? 7820;
  b.swap = wish.swap ?? 0;
  const disk = wish.disk ?? 'vda';
  const part = /\d$/.test(disk) ? `${disk}p2` : `${disk}2`;
  const [gb, used] = wish.root ?? [80, 27];
  if (land !== 'fargate') {
    b.disks.push({ name: disk, gb: gb + 1, ...(wish.model && { model: wish.model }), parts: [[part, gb]] });
    b.mounts.push({
      dev: wish.rootDev ?? `/dev/${part}`,
      at: '/',
      type: wish.fs ?? 'ext4',
      options: wish.fs === 'xfs' ? 'rw,relatime,attr2,inode64,noquota' : 'rw,relatime',
      mb: gb * 940,
      used: used * 940,
    });
  } else
    b.mounts.push({
      dev: 'overlay',
      at: '/',
      type: 'overlay',
      options: 'rw,relatime,lowerdir=/a,upperdir=/b,workdir=/c',
      mb: gb * 940,
      used: used * 940,
    });
  b.mounts.push(
    { dev: 'proc', at: '/proc', type: 'proc' },
    { dev: 'sysfs', at: '/sys', type: 'sysfs' },
    { dev: 'devtmpfs', at: '/dev', type: 'devtmpfs', mb: b.memory / 2, used: 0 },
    { dev: 'devpts', at: '/dev/pts', type: 'devpts' },
    { dev: 'tmpfs', at: '/dev/shm', type: 'tmpfs', mb: b.memory / 2, used: 1 },
    { dev: 'tmpfs', at: '/run', type: 'tmpfs', mb: b.memory / 5, used: 9 },
  );
  b.nets.push({ name: wish.net ?? 'eth0', mac: '52:54:00:7a:11:0c', addresses: ['192.0.2.10/24'] });
  const init = b.system.systemd
    ? 'systemd'
    : land === 'void'
      ? 'runit'
      : land === 'openwrt'
        ? 'procd'
        : 'init';
  b.run({
    pid: 1,
    name: init,
    exe: b.system.systemd ? '/usr/lib/systemd/systemd' : `/sbin/${init}`,
    rss: 11,
    started: 0,
  });
  if (land === 'fargate') return b;
  kernelThreads(b);
  if (b.system.systemd) {
    const deb = /debian|ubuntu/.test(b.system.id);
    b.serve('systemd-journald.service', {
      name: 'systemd-journal',
      exe: '/usr/lib/systemd/systemd-journald',
      rss: 41,
    });
    b.serve('systemd-udevd.service', {
      name: 'systemd-udevd',
      exe: '/usr/lib/systemd/systemd-udevd',
      rss: 7,
    });
    b.serve('dbus.service', { name: 'dbus-daemon', rss: 5, uid: 81 });
    b.serve(deb ? 'ssh.service' : 'sshd.service', { name: 'sshd', rss: 9 });
    b.serve(deb ? 'cron.service' : 'crond.service', { name: deb ? 'cron' : 'crond', rss: 4 });
    b.serve('rsyslog.service', { name: 'rsyslogd', rss: 6 });
  } else {
    b.run({ name: land === 'openwrt' ? 'dropbear' : 'sshd', exe: '/usr/sbin/sshd', rss: 6 });
    b.run({ name: 'crond', exe: '/usr/sbin/crond', rss: 2 });
  }
  const ssh = b.processes.find((p) => /sshd|dropbear/.test(p.name))!;
  b.listeners.push(
    { at: '0.0.0.0:22', process: ssh.name, pid: ssh.pid },
    { at: '[::]:22', process: ssh.name, pid: ssh.pid },
  );
  crowd(b, wish.crowd ?? 0);
  return b;
}

function kernelThreads(b: Box): void {
  const names = ['kthreadd', 'rcu_sched', 'kcompactd0', 'kswapd0', 'khugepaged', 'kauditd', 'oom_reaper'];
  for (let i = 0; i < b.cores && i < 16; i++)
    names.push(`cpuhp/${i}`, `migration/${i}`, `ksoftirqd/${i}`, `kworker/${i}:0H`, `kworker/u${i}:2`);
  for (const [i, name] of names.entries()) b.run({ pid: 2 + i, name, ppid: i ? 2 : 0, started: 0 });
}

const sleepers: [name: string, exe: string, rss: number][] = [
  ['bash', '/usr/bin/bash', 5],
  ['sshd-session', '/usr/sbin/sshd', 8],
  ['supervisord', '/usr/bin/python3.9', 38],
  ['PM2 v5.3.0: God', '/usr/local/bin/node', 71],
  ['tmux: server', '/usr/bin/tmux', 4],
  ['agetty', '/sbin/agetty', 2],
  ['containerd-shim', '/usr/bin/containerd-shim-runc-v2', 9],
  ['(sd-pam)', '/usr/lib/systemd/systemd', 3],
  ['jstatd', '/usr/lib/jvm/java-17/bin/java', 160],
  ['worker) x', '/opt/app/worker', 12],
];

/** Processes that do next to nothing. */
export function crowd(b: Box, count: number): void {
  for (let i = 0; i < count; i++) {
    const [name, exe, rss] = sleepers[i % sleepers.length]!;
    b.run({ pid: 20_000 + i * 3, name, exe, rss, uid: 1000 + (i % 7), started: 500 + i * 40, cpu: 0.0004 });
  }
}

/** Images that are always full, as on each desktop and server of Ubuntu. */
export function snaps(b: Box, names: readonly string[]): void {
  for (const [i, name] of names.entries()) {
    b.disks.push({ name: `loop${i}`, gb: 0.1, reads: 0.01, writes: 0, busy: 0, readOnly: true });
    b.mounts.push({
      dev: `/dev/loop${i}`,
      at: `/snap/${name}`,
      type: 'squashfs',
      options: 'ro,nodev,relatime,errors=continue',
      mb: 74,
      used: 74,
      inodes: 11_000,
      inodesUsed: 11_000,
    });
  }
}

/** What containers leave in the table of mounts and links. */
export function pods(b: Box, count: number): void {
  const root = b.mounts[0]!;
  for (let i = 0; i < count; i++) {
    const id = (i * 7919 + 4096).toString(16).padStart(12, 'c');
    b.mounts.push(
      {
        dev: 'overlay',
        at: `/var/lib/docker/overlay2/${id}/merged`,
        type: 'overlay',
        options: `rw,relatime,lowerdir=/var/lib/docker/overlay2/l/A:/var/lib/docker/overlay2/l/B,upperdir=/u,workdir=/w`,
        mb: root.mb!,
        used: root.used!,
      },
      { dev: 'shm', at: `/var/lib/docker/containers/${id}/mounts/shm`, type: 'tmpfs', mb: 64, used: 0 },
      { dev: 'nsfs', at: `/run/docker/netns/${id}`, type: 'nsfs' },
    );
    b.nets.push({ name: `veth${id.slice(-7)}`, mac: '7e:11:22:33:44:55', rx: 900, tx: 1200, speed: 10_000 });
  }
}

export interface Held {
  name: string;
  id: string;
  image: string;
  status: string;
  restarts?: number;
  oom?: boolean;
  exit?: number;
  since?: string;
}

/** A container of Docker or Podman with its main process, in a group of its own. */
export function contain(
  b: Box,
  c: Held,
  p?: Partial<Proc> & Pick<Proc, 'name'>,
  limits: object = {},
): Proc | undefined {
  const list = held.get(b) ?? [];
  held.set(b, [...list, c]);
  return p && b.serve(`docker-${c.id}.scope`, { exe: `/usr/local/bin/${p.name}`, ...p }, limits);
}

const held = new WeakMap<Box, Held[]>();

/** What the engine says of its containers now. */
export function engine(b: Box, program = 'docker', socket = 'run/docker.sock'): void {
  const list = held.get(b) ?? [];
  b.files[socket] = '';
  b.programs[program] = [
    ['ps -a --no-trunc*', list.map((c) => `${c.id}|${c.name}|${c.image}|${c.status}\n`).join('')],
    ['ps -aq', list.map((c) => `${c.id.slice(0, 12)}\n`).join('')],
    [
      'inspect*',
      list
        .map(
          (c) =>
            `${c.id}|/${c.name}|${c.restarts ?? 0}|${c.oom ?? false}|${c.exit ?? 0}|${c.since ?? '2026-01-12T06:00:11.123456789Z'}\n`,
        )
        .join(''),
    ],
  ];
}

export const idOf = (name: string): string => Buffer.from(name.repeat(40)).toString('hex').slice(0, 64);
