// The systems that the machines of this round run, in the words of their own files.
import { Box, type System } from './box.ts';

const release = (name: string, id: string, version: string, like = '') =>
  `PRETTY_NAME="${name} ${version}"
NAME="${name}"
VERSION_ID="${version}"
ID=${id}
${like ? `ID_LIKE="${like}"\n` : ''}`;

export const systems = {
  debian12: {
    id: 'debian',
    release: release('Debian GNU/Linux', 'debian', '12'),
    kernel: '6.1.0-26-amd64',
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 (2026-09-30)',
    cgroups: 2,
    systemd: 252,
  },
  debian13: {
    id: 'debian',
    release: release('Debian GNU/Linux', 'debian', '13'),
    kernel: '6.12.48+deb13-amd64',
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2026-09-20)',
    cgroups: 2,
    systemd: 257,
  },
  ubuntu2204: {
    id: 'ubuntu',
    release: release('Ubuntu', 'ubuntu', '22.04', 'debian'),
    kernel: '5.15.0-122-generic',
    version: '#132-Ubuntu SMP Thu Aug 29 13:45:52 UTC 2026',
    cgroups: 2,
    systemd: 249,
  },
  ubuntu2404: {
    id: 'ubuntu',
    release: release('Ubuntu', 'ubuntu', '24.04', 'debian'),
    kernel: '6.8.0-45-generic',
    version: '#45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2026',
    cgroups: 2,
    systemd: 255,
  },
  centos7: {
    id: 'centos',
    release: `NAME="CentOS Linux"
VERSION="7 (Core)"
ID="centos"
ID_LIKE="rhel fedora"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
`,
    kernel: '3.10.0-1160.119.1.el7.x86_64',
    version: '#1 SMP Tue Jun 4 14:43:51 UTC 2024',
    cgroups: 1,
    systemd: 219,
  },
  rocky9: {
    id: 'rocky',
    release: release('Rocky Linux', 'rocky', '9.6', 'rhel centos fedora'),
    kernel: '5.14.0-570.17.1.el9_6.x86_64',
    version: '#1 SMP PREEMPT_DYNAMIC Fri May 23 2026',
    cgroups: 2,
    systemd: 252,
  },
  sles15: {
    id: 'sles',
    release: release('SLES', 'sles', '15.7', 'suse'),
    kernel: '6.4.0-150700.53.19-default',
    version: '#1 SMP PREEMPT_DYNAMIC Tue Oct 1 10:54:01 UTC 2026',
    cgroups: 2,
    systemd: 254,
  },
  alpine: {
    id: 'alpine',
    release: `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n`,
    kernel: '6.12.38-0-lts',
    version: '#1-Alpine SMP PREEMPT_DYNAMIC 2026-07-14',
    cgroups: 2,
    systemd: 0,
  },
  arch: {
    id: 'arch',
    release: `NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n`,
    kernel: '6.16.8-arch3-1',
    version: '#1 SMP PREEMPT_DYNAMIC Mon, 22 Sep 2026 22:08:35 +0000',
    cgroups: 2,
    systemd: 258,
  },
  raspbian: {
    id: 'raspbian',
    release: release('Debian GNU/Linux', 'debian', '12'),
    kernel: '6.6.51+rpt-rpi-v8',
    version: '#1 SMP PREEMPT Debian 1:6.6.51-1+rpt3 (2026-10-08)',
    cgroups: 2,
    systemd: 252,
  },
  proxmox: {
    id: 'debian',
    release: release('Debian GNU/Linux', 'debian', '12'),
    kernel: '6.8.12-4-pve',
    version: '#1 SMP PREEMPT_DYNAMIC PMX 6.8.12-4 (2026-11-06T15:04Z)',
    cgroups: 2,
    systemd: 252,
  },
  container: {
    id: 'debian',
    release: release('Debian GNU/Linux', 'debian', '12'),
    kernel: '6.1.0-26-amd64',
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 (2026-09-30)',
    cgroups: 0,
    systemd: 0,
  },
} satisfies Record<string, System>;

export interface Made {
  system: keyof typeof systems;
  name: string;
  now?: string;
  days?: number;
  cores?: number;
  memory?: number;
  swap?: number;
  disk?: string;
  net?: string;
  /** GB of the root filesystem, and how much of it is used. */
  root?: [number, number];
  fs?: string;
}

/** A machine with a root disk, a link, sshd and cron, doing little. */
export function machine(m: Made): Box {
  const b = new Box(systems[m.system], m.name, m.now ?? '2026-11-18T10:20:07Z', m.days);
  b.cores = m.cores ?? 4;
  b.memory = m.memory ?? 7940;
  b.swap = m.swap ?? 0;
  const disk = m.disk ?? 'sda';
  const part = /\d$/.test(disk) ? `${disk}p1` : `${disk}1`;
  const [gb, used] = m.root ?? [60, 21];
  if (m.system !== 'container') {
    b.disks.push({
      name: disk,
      gb: gb + 1,
      model: /^vd/.test(disk) ? undefined : 'QEMU HARDDISK',
      parts: [[part, gb]],
    } as Box['disks'][number]);
    b.mounts.push({
      dev: `/dev/${part}`,
      at: '/',
      type: m.fs ?? 'ext4',
      options: 'rw,relatime,errors=remount-ro',
      mb: gb * 950,
      used: used * 950,
    });
  } else
    b.mounts.push({
      dev: 'overlay',
      at: '/',
      type: 'overlay',
      options: 'rw,relatime,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/u,workdir=/w',
      mb: gb * 950,
      used: used * 950,
    });
  b.mounts.push(
    { dev: 'proc', at: '/proc', type: 'proc', options: 'rw,nosuid,nodev,noexec,relatime' },
    { dev: 'sysfs', at: '/sys', type: 'sysfs', options: 'rw,nosuid,nodev,noexec,relatime' },
    {
      dev: 'tmpfs',
      at: '/run',
      type: 'tmpfs',
      options: 'rw,nosuid,nodev,size=800000k,mode=755',
      mb: 800,
      used: 2,
    },
    { dev: 'tmpfs', at: '/dev/shm', type: 'tmpfs', options: 'rw,nosuid,nodev', mb: 3900, used: 0 },
  );
  b.nets.push({ name: m.net ?? 'ens18', mac: 'bc:24:11:5e:0a:31', addresses: ['192.0.2.10/24'] });
  const init = b.system.systemd ? 'systemd' : m.system === 'container' ? 'tini' : 'init';
  b.run({ pid: 1, name: init, exe: `/usr/lib/systemd/${init}`, rss: 12, started: 0 });
  if (m.system !== 'container') {
    for (const [i, name] of [
      'kthreadd',
      'rcu_preempt',
      'ksoftirqd/0',
      'kswapd0',
      'jbd2/x-8',
      'kworker/0:1H',
    ].entries())
      b.run({ pid: 2 + i * 7, name, ppid: i ? 2 : 0, started: 0 });
  }
  if (b.system.systemd) {
    b.serve(
      'systemd-journald.service',
      { name: 'systemd-journal', exe: '/usr/lib/systemd/systemd-journald', rss: 30 },
      { text: 'Journal Service' },
    );
    const ssh = /debian|ubuntu/.test(b.system.id) ? 'ssh.service' : 'sshd.service';
    b.serve(ssh, { name: 'sshd', rss: 9 }, { text: 'OpenBSD Secure Shell server' });
    b.serve(/debian|ubuntu/.test(b.system.id) ? 'cron.service' : 'crond.service', { name: 'cron', rss: 4 });
  } else if (m.system !== 'container') {
    b.run({ name: 'sshd', exe: '/usr/sbin/sshd', rss: 6 });
    b.run({ name: 'crond', exe: '/bin/busybox', rss: 1 });
  }
  if (m.system !== 'container')
    b.listeners.push({ at: '0.0.0.0:22', process: 'sshd', pid: b.process('sshd').pid });
  return b;
}

/** nginx, PHP and MariaDB, as on most small servers. */
export function webStack(b: Box, memory = 1400): Box {
  const nginx = b.serve('nginx.service', { name: 'nginx', rss: 14, cpu: 0.02 });
  b.serve('php8.2-fpm.service', { name: 'php-fpm8.2', uid: 33, rss: 480, cpu: 0.1, threads: 1 });
  const db = b.serve('mariadb.service', {
    name: 'mariadbd',
    exe: '/usr/sbin/mariadbd',
    uid: 106,
    rss: memory,
    cpu: 0.06,
    threads: 31,
    limit: 32768,
  });
  b.listeners.push(
    { at: '0.0.0.0:80', process: 'nginx', pid: nginx.pid, backlog: 511 },
    { at: '0.0.0.0:443', process: 'nginx', pid: nginx.pid, backlog: 511 },
    { at: '127.0.0.1:3306', process: 'mariadbd', pid: db.pid, backlog: 80 },
  );
  b.programs['nft'] = [
    [
      'list ruleset',
      `table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tct state established,related accept
\t\ttcp dport { 22, 80, 443 } accept
\t}
}
`,
    ],
  ];
  b.files['sys/module/nf_tables/initstate'] = 'live\n';
  return b;
}
