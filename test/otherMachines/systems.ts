// Systems that servers run, as far as their reports differ: the kernel's files, the tools and what those do not know.

export interface System {
  release: string;
  kernel: string;
  /** Waiting time, since Linux 4.20. */
  psi: boolean;
  /** Fields of a line of /proc/diskstats: 14 until 4.18, 18 with discards, 20 with flushes since 5.5. */
  diskFields: 14 | 18 | 20;
  systemd: boolean;
  ss: boolean;
  /** ss of old writes `*:22` and `:::22`. */
  stars?: boolean;
  /** Knows `systemctl show -p NRestarts` and the word `show` of timedatectl. */
  newUnits: boolean;
  busybox?: boolean;
  zone: [offset: string, name: string];
  dmesg: boolean;
  /** How the mount flags of the root filesystem look. */
  daemons: readonly (readonly [name: string, rss: number, age?: number])[];
  virt: string;
}

const common = [
  ['systemd', 13_000],
  ['systemd-journal', 48_000],
  ['systemd-udevd', 8_200],
  ['systemd-logind', 7_900],
  ['dbus-daemon', 5_100],
  ['sshd', 8_800],
  ['agetty', 1_900],
] as const;

const base = {
  psi: true,
  diskFields: 20,
  systemd: true,
  ss: true,
  newUnits: true,
  dmesg: true,
  zone: ['+0000', 'UTC'],
  virt: 'kvm',
} as const satisfies Partial<System>;

/** As /etc/os-release says it. */
export const release = (lines: Record<string, string>) =>
  Object.entries(lines)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

export const centos7: System = {
  ...base,
  release: release({
    NAME: '"CentOS Linux"',
    VERSION: '"7 (Core)"',
    ID: '"centos"',
    ID_LIKE: '"rhel fedora"',
    VERSION_ID: '"7"',
    PRETTY_NAME: '"CentOS Linux 7 (Core)"',
  }),
  kernel:
    'Linux version 3.10.0-1160.119.1.el7.x86_64 (mockbuild@kbuilder.bsys.centos.org) (gcc version 4.8.5 20150623 (Red Hat 4.8.5-44) (GCC) ) #1 SMP Tue Jun 4 14:43:51 UTC 2024',
  psi: false,
  diskFields: 14,
  newUnits: false,
  stars: true,
  zone: ['+0100', 'CET'],
  daemons: [
    ...common.slice(0, 6),
    ['crond', 1_700],
    ['rsyslogd', 5_600],
    ['tuned', 17_000],
    ['auditd', 1_100],
    ['chronyd', 1_600],
    ['NetworkManager', 9_300],
    ['polkitd', 13_200],
  ],
};

export const rhel9: System = {
  ...base,
  release: release({
    NAME: '"Red Hat Enterprise Linux"',
    VERSION: '"9.4 (Plow)"',
    ID: '"rhel"',
    ID_LIKE: '"fedora"',
    VERSION_ID: '"9.4"',
    PRETTY_NAME: '"Red Hat Enterprise Linux 9.4 (Plow)"',
  }),
  kernel:
    'Linux version 5.14.0-427.42.1.el9_4.x86_64 (mockbuild@x86-64-02.build.eng.rdu2.redhat.com) (gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3), GNU ld version 2.35.2-43.el9) #1 SMP PREEMPT_DYNAMIC Fri Oct 18 14:35:40 EDT 2024',
  zone: ['-0500', 'EST'],
  daemons: [
    ...common,
    ['crond', 3_600],
    ['rsyslogd', 9_900],
    ['auditd', 2_900],
    ['chronyd', 4_100],
    ['NetworkManager', 19_000],
    ['firewalld', 43_000],
    ['irqbalance', 3_200],
  ],
};

const ubuntu = (version: string, code: string, kernel: string): System => ({
  ...base,
  release: release({
    PRETTY_NAME: `"Ubuntu ${version} LTS"`,
    NAME: '"Ubuntu"',
    VERSION_ID: `"${version.slice(0, 5)}"`,
    VERSION: `"${version} LTS (${code})"`,
    VERSION_CODENAME: code.split(' ')[0]!.toLowerCase(),
    ID: 'ubuntu',
    ID_LIKE: 'debian',
  }),
  kernel,
  daemons: [
    ...common,
    ['cron', 2_900],
    ['rsyslogd', 6_100],
    ['systemd-resolve', 12_900],
    ['systemd-network', 8_400],
    ['systemd-timesyn', 6_900],
    ['snapd', 39_000],
    ['multipathd', 27_000],
    ['unattended-upgr', 21_000],
    ['networkd-dispat', 19_500],
    ['polkitd', 8_900],
  ],
});

export const jammy = ubuntu(
  '22.04.5',
  'Jammy Jellyfish',
  'Linux version 5.15.0-126-generic (buildd@lcy02-amd64-067) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0, GNU ld (GNU Binutils for Ubuntu) 2.38) #136-Ubuntu SMP Wed Nov 6 10:38:22 UTC 2024',
);

export const noble = ubuntu(
  '24.04.1',
  'Noble Numbat',
  'Linux version 6.8.0-49-generic (buildd@lcy02-amd64-103) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) #49-Ubuntu SMP PREEMPT_DYNAMIC Mon Nov  4 02:06:24 UTC 2024',
);

export const alpine: System = {
  ...base,
  release: release({
    NAME: '"Alpine Linux"',
    ID: 'alpine',
    VERSION_ID: '3.23.3',
    PRETTY_NAME: '"Alpine Linux v3.23"',
  }),
  kernel:
    'Linux version 6.18.9-0-virt (buildozer@build-3-23-x86_64) (gcc (Alpine 15.2.0) 15.2.0, GNU ld (GNU Binutils) 2.45.1) #1-Alpine SMP PREEMPT_DYNAMIC Mon, 09 Feb 2026 14:28:05 +0000',
  systemd: false,
  ss: false,
  newUnits: false,
  busybox: true,
  daemons: [
    ['init', 900],
    ['syslogd', 900],
    ['crond', 800],
    ['sshd', 4_700],
    ['getty', 800],
    ['chronyd', 1_300],
    ['acpid', 700],
  ],
};

export const leap: System = {
  ...base,
  release: release({
    NAME: '"openSUSE Leap"',
    VERSION: '"15.6"',
    ID: '"opensuse-leap"',
    ID_LIKE: '"suse opensuse"',
    VERSION_ID: '"15.6"',
    PRETTY_NAME: '"openSUSE Leap 15.6"',
  }),
  kernel:
    'Linux version 6.4.0-150600.23.25-default (geeko@buildhost) (gcc (SUSE Linux) 7.5.0, GNU ld (GNU Binutils; SUSE Linux Enterprise 15) 2.41.0.20230908-150100.7.46) #1 SMP PREEMPT_DYNAMIC Tue Oct  1 10:54:01 UTC 2024 (ea7c56d)',
  zone: ['+0100', 'CET'],
  daemons: [
    ...common,
    ['cron', 2_200],
    ['nscd', 2_900],
    ['wickedd', 9_900],
    ['auditd', 2_500],
    ['chronyd', 3_700],
  ],
};

export const arch: System = {
  ...base,
  release: release({
    NAME: '"Arch Linux"',
    PRETTY_NAME: '"Arch Linux"',
    ID: 'arch',
    BUILD_ID: 'rolling',
  }),
  kernel:
    'Linux version 6.11.9-arch1-1 (linux@archlinux) (gcc (GCC) 14.2.1 20240910, GNU ld (GNU Binutils) 2.43.0) #1 SMP PREEMPT_DYNAMIC Sun, 17 Nov 2024 16:06:17 +0000',
  virt: 'none',
  daemons: [...common, ['systemd-timesyn', 7_700], ['systemd-network', 9_800], ['systemd-resolve', 13_100]],
};

export const raspberry: System = {
  ...base,
  release: release({
    PRETTY_NAME: '"Debian GNU/Linux 12 (bookworm)"',
    NAME: '"Debian GNU/Linux"',
    VERSION_ID: '"12"',
    VERSION: '"12 (bookworm)"',
    ID: 'debian',
  }),
  kernel:
    'Linux version 6.6.51+rpt-rpi-v8 (serge@raspberrypi.com) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT Debian 1:6.6.51-1+rpt3 (2024-10-08)',
  psi: false,
  zone: ['+0000', 'GMT'],
  virt: 'none',
  daemons: [
    ...common,
    ['cron', 2_200],
    ['systemd-timesyn', 6_200],
    ['NetworkManager', 17_100],
    ['avahi-daemon', 3_100],
  ],
};

export const debian12: System = {
  ...raspberry,
  kernel:
    'Linux version 6.1.0-27-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.115-1 (2024-11-01)',
  psi: true,
  virt: 'kvm',
  daemons: [...common, ['cron', 2_600], ['systemd-timesyn', 6_600], ['rsyslogd', 6_000]],
};

export const proxmox: System = {
  ...debian12,
  kernel:
    'Linux version 6.8.12-4-pve (build@proxmox) (gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC PMX 6.8.12-4 (2024-11-06T15:04Z)',
  zone: ['+0100', 'CET'],
  virt: 'none',
  daemons: [
    ...common,
    ['cron', 2_600],
    ['chronyd', 3_400],
    ['pvedaemon', 140_000],
    ['pveproxy', 141_000],
    ['pvestatd', 101_000],
    ['pmxcfs', 51_000],
    ['pve-firewall', 91_000],
    ['spiceproxy', 58_000],
    ['zed', 7_100],
    ['ksmtuned', 3_400],
  ],
};

/** A container with lxcfs: no rights to the kernel's log, the tools of the system that it holds. */
export const lxc: System = { ...debian12, dmesg: false, virt: 'lxc' };
