// More systems that servers run: those that the first machines of others were not.
import { alpine, debian12, release, rhel9, jammy, type System } from '../systems.ts';

export const alma8: System = {
  ...rhel9,
  release: release({
    NAME: '"AlmaLinux"',
    VERSION: '"8.10 (Cerulean Leopard)"',
    ID: '"almalinux"',
    ID_LIKE: '"rhel centos fedora"',
    VERSION_ID: '"8.10"',
    PRETTY_NAME: '"AlmaLinux 8.10 (Cerulean Leopard)"',
  }),
  kernel:
    'Linux version 4.18.0-553.27.1.el8_10.x86_64 (mockbuild@x64-builder02.almalinux.org) (gcc version 8.5.0 20210514 (Red Hat 8.5.0-22) (GCC)) #1 SMP Tue Nov 5 04:50:16 EST 2024',
  psi: false,
  diskFields: 18,
  daemons: [...rhel9.daemons, ['tuned', 29_000], ['sssd', 16_000], ['sssd_be', 27_000]],
};

export const amazon2023: System = {
  ...rhel9,
  release: release({
    NAME: '"Amazon Linux"',
    VERSION: '"2023"',
    ID: '"amzn"',
    ID_LIKE: '"fedora"',
    VERSION_ID: '"2023"',
    PRETTY_NAME: '"Amazon Linux 2023.6.20241111"',
    SUPPORT_END: '"2029-06-30"',
  }),
  kernel:
    'Linux version 6.1.115-126.197.amzn2023.x86_64 (mockbuild@ip-10-0-36-88) (gcc (GCC) 11.4.1 20230605 (Red Hat 11.4.1-2), GNU ld version 2.39-6.amzn2023.0.10) #1 SMP PREEMPT_DYNAMIC Tue Nov  5 17:36:57 UTC 2024',
  zone: ['+0000', 'UTC'],
  virt: 'amazon',
  daemons: [
    ['systemd', 17_000],
    ['systemd-journal', 31_000],
    ['systemd-udevd', 9_000],
    ['systemd-network', 9_900],
    ['systemd-resolve', 12_400],
    ['chronyd', 3_900],
    ['sshd', 8_900],
    ['amazon-ssm-agen', 24_000],
    ['acpid', 2_000],
    ['gssproxy', 6_000],
  ],
};

export const focal: System = {
  ...jammy,
  release: release({
    NAME: '"Ubuntu"',
    VERSION: '"20.04.6 LTS (Focal Fossa)"',
    ID: 'ubuntu',
    ID_LIKE: 'debian',
    PRETTY_NAME: '"Ubuntu 20.04.6 LTS"',
    VERSION_ID: '"20.04"',
  }),
  kernel:
    'Linux version 5.4.0-200-generic (buildd@lcy02-amd64-023) (gcc version 9.4.0 (Ubuntu 9.4.0-1ubuntu1~20.04.3)) #220-Ubuntu SMP Fri Sep 27 13:19:16 UTC 2024',
  diskFields: 18,
};

export const trixie: System = {
  ...debian12,
  release: release({
    PRETTY_NAME: '"Debian GNU/Linux 13 (trixie)"',
    NAME: '"Debian GNU/Linux"',
    VERSION_ID: '"13"',
    VERSION: '"13 (trixie)"',
    ID: 'debian',
  }),
  kernel:
    'Linux version 6.12.43+deb13-amd64 (debian-kernel@lists.debian.org) (x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0, GNU ld (GNU Binutils for Debian) 2.44) #1 SMP PREEMPT_DYNAMIC Debian 6.12.43-1 (2025-08-27)',
  virt: 'none',
  zone: ['+0200', 'CEST'],
};

export const buster: System = {
  ...debian12,
  release: release({
    PRETTY_NAME: '"Debian GNU/Linux 10 (buster)"',
    NAME: '"Debian GNU/Linux"',
    VERSION_ID: '"10"',
    VERSION: '"10 (buster)"',
    ID: 'debian',
  }),
  kernel:
    'Linux version 4.19.0-27-amd64 (debian-kernel@lists.debian.org) (gcc version 8.3.0 (Debian 8.3.0-6)) #1 SMP Debian 4.19.316-1 (2024-06-25)',
  psi: false,
  diskFields: 18,
};

export const fedoraCore: System = {
  ...rhel9,
  release: release({
    NAME: '"Fedora Linux"',
    VERSION: '"44.20261009.3.0 (CoreOS)"',
    ID: 'fedora',
    VERSION_ID: '44',
    PRETTY_NAME: '"Fedora CoreOS 44.20261009.3.0"',
    VARIANT_ID: 'coreos',
  }),
  kernel:
    'Linux version 6.17.6-300.fc44.x86_64 (mockbuild@bf9dc8e2a7bd4b5a8f3c6d3b1a9c9f21) (gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3), GNU ld version 2.43.1-2.fc41) #1 SMP PREEMPT_DYNAMIC Fri Nov  1 20:09:24 UTC 2024',
  zone: ['+0000', 'UTC'],
};

export const sles15: System = {
  ...rhel9,
  release: release({
    NAME: '"SLES"',
    VERSION: '"15-SP7"',
    ID: '"sles"',
    ID_LIKE: '"suse"',
    VERSION_ID: '"15.7"',
    PRETTY_NAME: '"SUSE Linux Enterprise Server 15 SP7"',
  }),
  kernel:
    'Linux version 5.14.21-150500.55.83-default (geeko@buildhost) (gcc (SUSE Linux) 7.5.0, GNU ld (GNU Binutils; SUSE Linux Enterprise 15) 2.43.1.20240828-150100.7.49) #1 SMP PREEMPT_DYNAMIC Wed Oct 2 08:09:08 UTC 2024 (0d53847)',
  zone: ['+0100', 'CET'],
};

/** OpenRC: no systemd, but the tools of GNU. */
export const gentoo: System = {
  ...alpine,
  release: release({
    NAME: 'Gentoo',
    ID: 'gentoo',
    PRETTY_NAME: '"Gentoo Linux"',
    VERSION_ID: '"2.15"',
  }),
  kernel:
    'Linux version 6.6.58-gentoo-r1 (root@localhost) (gcc (Gentoo 13.3.1_p20240614 p17) 13.3.1 20240614, GNU ld (Gentoo 2.42 p6) 2.42.0) #3 SMP PREEMPT_DYNAMIC Sat Nov  9 17:41:50 -00 2024',
  busybox: false,
  ss: true,
  virt: 'none',
  daemons: [
    ['init', 1_900],
    ['syslog-ng', 9_800],
    ['cronie', 2_100],
    ['sshd', 7_900],
    ['agetty', 1_800],
    ['ntpd', 4_400],
    ['elogind', 5_900],
  ],
};

/** The firmware of a disk station: a Linux of its maker, with few tools. */
export const station: System = {
  ...alpine,
  release: '',
  kernel:
    'Linux version 4.4.302+ (root@build4) (gcc version 12.2.0 (GCC) ) #72806 SMP Mon Jul 15 17:33:41 CST 2024',
  psi: false,
  diskFields: 14,
  virt: 'none',
  daemons: [
    ['init', 3_900],
    ['synoscgi', 8_100],
    ['nginx', 7_000],
    ['smbd', 16_000],
    ['syslog-ng', 7_200],
    ['crond', 2_900],
    ['sshd', 6_100],
    ['synologd', 9_700],
  ],
};
