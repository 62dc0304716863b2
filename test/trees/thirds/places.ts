// Where the machines of this round stand: systems of fifteen years on six architectures, and what fills a machine that has grown.
import type { Box, System, Tree } from '../box.ts';
import { at, type Wish } from '../abroad/lands.ts';
import type { ExpectedRoot } from '../../scenarios/scenario.ts';

type Row = [id: string, name: string, version: string, kernel: string, cgroups: 0 | 1 | 2, systemd: number];

const system = ([id, name, version, kernel, cgroups, systemd]: Row): System => ({
  id,
  release: id
    ? `NAME="${name}"\nVERSION="${version}"\nID="${id}"\n${
        /rhel|ol|amzn/.test(id) ? 'ID_LIKE="fedora"\n' : id === 'ubuntu' ? 'ID_LIKE=debian\n' : ''
      }VERSION_ID="${version}"\nPRETTY_NAME="${name} ${version}"\n`
    : '',
  kernel,
  version: `#1 SMP`,
  cgroups,
  systemd,
});

const rows = {
  rhel6: ['', 'Red Hat Enterprise Linux Server', '6.9', '2.6.32-696.el6.x86_64', 0, 0],
  rhel70: ['rhel', 'Red Hat Enterprise Linux Server', '7.1', '3.10.0-229.el7.x86_64', 1, 208],
  rhel7: ['rhel', 'Red Hat Enterprise Linux Server', '7.8', '3.10.0-1127.el7.x86_64', 1, 219],
  rhel8power: ['rhel', 'Red Hat Enterprise Linux', '8.6', '4.18.0-372.9.1.el8.ppc64le', 1, 239],
  rhel9: ['rhel', 'Red Hat Enterprise Linux', '9.4', '5.14.0-427.13.1.el9_4.x86_64', 2, 252],
  rhel10: ['rhel', 'Red Hat Enterprise Linux', '10.0', '6.12.0-55.9.1.el10_0.x86_64', 2, 257],
  oracle9: ['ol', 'Oracle Linux Server', '9.4', '5.15.0-206.153.7.el9uek.x86_64', 2, 252],
  amazon2arm: ['amzn', 'Amazon Linux', '2', '5.10.210-201.852.amzn2.aarch64', 1, 219],
  amazon2023: ['amzn', 'Amazon Linux', '2023', '6.1.82-99.168.amzn2023.x86_64', 2, 252],
  sles12: ['sles', 'SLES', '12.5', '4.12.14-122.110-default', 1, 228],
  sles15: ['sles', 'SLES', '15.5', '5.14.21-150500.55.49-default', 1, 249],
  debian8: ['debian', 'Debian GNU/Linux', '8', '3.16.0-4-amd64', 1, 215],
  debian10: ['debian', 'Debian GNU/Linux', '10', '4.19.0-21-amd64', 1, 241],
  debian11: ['debian', 'Debian GNU/Linux', '11', '5.10.0-28-amd64', 2, 247],
  debian12: ['debian', 'Debian GNU/Linux', '12', '6.1.0-18-amd64', 2, 252],
  debian13arm: ['debian', 'Debian GNU/Linux', '13', '6.12.41+deb13-arm64', 2, 257],
  debian13riscv: ['debian', 'Debian GNU/Linux', '13', '6.12.41+deb13-riscv64', 2, 257],
  ubuntu1404: ['ubuntu', 'Ubuntu', '14.04', '3.13.0-93-generic', 0, 0],
  ubuntu1604: ['ubuntu', 'Ubuntu', '16.04', '4.4.0-142-generic', 1, 229],
  ubuntu1804: ['ubuntu', 'Ubuntu', '18.04', '4.15.0-70-generic', 1, 237],
  ubuntu2004z: ['ubuntu', 'Ubuntu', '20.04', '5.4.0-120-generic', 1, 245],
  ubuntu2204arm: ['ubuntu', 'Ubuntu', '22.04', '5.15.0-97-generic', 2, 249],
  ubuntu2404: ['ubuntu', 'Ubuntu', '24.04', '6.8.0-63-generic', 2, 255],
  alpine312: ['alpine', 'Alpine Linux', '3.12.1', '5.4.72-0-lts', 1, 0],
  alpine: ['alpine', 'Alpine Linux', '3.22.0', '6.12.31-0-virt', 2, 0],
  arch: ['arch', 'Arch Linux', '', '6.17.1-arch1-1', 2, 258],
  gentoo: ['gentoo', 'Gentoo', '2.15', '6.6.30-gentoo', 2, 0],
  void: ['void', 'Void', '', '6.12.41_1', 1, 0],
  openwrt: ['openwrt', 'OpenWrt', '19.07.7', '4.14.221', 0, 0],
  proxmox7: ['debian', 'Debian GNU/Linux', '11', '5.15.107-2-pve', 2, 247],
  proxmox: ['debian', 'Debian GNU/Linux', '12', '6.8.12-9-pve', 2, 252],
  truenas: ['debian', 'Debian GNU/Linux', '12', '6.6.44-production+truenas', 2, 252],
  raspios: ['raspbian', 'Raspbian GNU/Linux', '11', '5.15.84-v7l+', 1, 247],
} satisfies Record<string, Row>;

/** A day on which its maker still cared for that system. */
const days: Record<keyof typeof rows, string> = {
  rhel6: '2017-09-12',
  rhel70: '2015-06-18',
  rhel7: '2020-07-22',
  rhel8power: '2022-09-06',
  rhel9: '2024-06-11',
  rhel10: '2025-09-02',
  oracle9: '2024-06-20',
  amazon2arm: '2024-03-14',
  amazon2023: '2024-04-18',
  sles12: '2022-03-09',
  sles15: '2024-02-21',
  debian8: '2017-02-14',
  debian10: '2022-05-19',
  debian11: '2024-02-27',
  debian12: '2024-02-28',
  debian13arm: '2025-09-09',
  debian13riscv: '2025-09-10',
  ubuntu1404: '2016-09-21',
  ubuntu1604: '2019-02-07',
  ubuntu1804: '2019-12-11',
  ubuntu2004z: '2022-07-05',
  ubuntu2204arm: '2024-03-06',
  ubuntu2404: '2025-07-15',
  alpine312: '2020-11-24',
  alpine: '2025-07-08',
  arch: '2025-10-09',
  gentoo: '2024-06-04',
  void: '2025-08-19',
  openwrt: '2021-03-11',
  proxmox7: '2023-06-14',
  proxmox: '2025-04-23',
  truenas: '2025-05-13',
  raspios: '2023-02-15',
};

const architectures: Record<string, string> = {
  rhel8power: 'ppc64le',
  amazon2arm: 'aarch64',
  debian13arm: 'aarch64',
  debian13riscv: 'riscv64',
  ubuntu2004z: 's390x',
  ubuntu2204arm: 'aarch64',
  raspios: 'armv7l',
  openwrt: 'mips',
};

/** A machine that runs that system, with what its admins have put beside it. */
export function on(place: keyof typeof rows, name: string, wish: Wish & { time?: string } = {}): Box {
  const s = system(rows[place] as Row);
  const base = s.systemd
    ? /debian|ubuntu|raspbian/.test(s.id)
      ? 'debian12'
      : 'rocky9'
    : place === 'void'
      ? 'void'
      : place === 'openwrt'
        ? 'openwrt'
        : 'gentoo';
  const { time = '10:42:17', ...rest } = wish;
  const b = at(base, name, { now: `${days[place]}T${time}Z`, crowd: 0, ...rest });
  b.system = s;
  const machine = architectures[place];
  if (machine) {
    b.programs['lscpu'] = [['', `Architecture:          ${machine}\nCPU(s):                ${b.cores}\n`]];
    b.files['sys/class/dmi/id/sys_vendor'] = undefined;
    b.files['sys/class/dmi/id/product_name'] = undefined;
    b.files['sys/class/dmi/id/product_uuid'] = undefined;
  }
  if (!s.id) {
    b.files['etc/os-release'] = undefined;
    b.files['etc/redhat-release'] = `${rows[place][1]} release ${rows[place][2]}\n`;
  }
  // Enterprise kernels are built with PSI, and start without it.
  if (/rhel9|rhel10|sles15|oracle9/.test(place))
    for (const kind of ['cpu', 'memory', 'io']) b.files[`proc/pressure/${kind}`] = undefined;
  if (place === 'rhel6' || place === 'rhel70') oldSockets(b);
  return b;
}

/** ss before iproute2 4: pid and descriptor without their names. */
function oldSockets(b: Box): void {
  b.programs['ss'] = [
    [
      '-tlnup',
      `Netid  State      Recv-Q Send-Q     Local Address:Port       Peer Address:Port 
udp    UNCONN     0      0                      *:68                    *:*      users:(("dhclient",1211,6))
tcp    LISTEN     0      128                   :::22                   :::*      users:(("sshd",1423,4))
tcp    LISTEN     0      128                    *:22                    *:*      users:(("sshd",1423,3))
tcp    LISTEN     0      100            127.0.0.1:25                    *:*      users:(("master",1544,12))
`,
    ],
  ];
}

const townsfolk: [name: string, exe: string, rss: number, uid: number][] = [
  ['zabbix_agentd', '/usr/sbin/zabbix_agentd', 4, 997],
  ['node_exporter', '/usr/local/bin/node_exporter', 18, 996],
  ['chronyd', '/usr/sbin/chronyd', 3, 995],
  ['puppet', '/opt/puppetlabs/puppet/bin/ruby', 96, 0],
  ['master', '/usr/libexec/postfix/master', 4, 0],
  ['qmgr', '/usr/libexec/postfix/qmgr', 5, 89],
  ['polkitd', '/usr/lib/polkit-1/polkitd', 14, 998],
  ['irqbalance', '/usr/sbin/irqbalance', 3, 0],
  ['screen', '/usr/bin/screen', 3, 1001],
  ['-bash', '/bin/bash', 4, 1001],
  ['vim', '/usr/bin/vim', 8, 1002],
  ['python3 (deleted', '/usr/bin/python3.6', 24, 1003],
  ['gpg-agent', '/usr/bin/gpg-agent', 2, 1002],
  ['[celeryd: ok]', '/usr/bin/python3.6', 62, 990],
];

/** Those who live on a machine and do little. */
export function town(b: Box, count: number): Box {
  for (let i = 0; i < count; i++) {
    const [name, exe, rss, uid] = townsfolk[i % townsfolk.length]!;
    b.run({ pid: 30_011 + i * 7, name, exe, rss: rss / 4, uid, started: 90 + i * 11, cpu: 0.0003 });
  }
  return b;
}

/** Lines of the start of a kernel that sound worse than they are. */
export function weather(b: Box): Box {
  const lines: [number, string, number][] = [
    [4, '[Firmware Bug]: the BIOS has corrupted hw-PMU resources (MSR 38d is 330)', 1],
    [3, 'ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0.XHC.RHUB.HS11], AE_NOT_FOUND', 2],
    [4, "pci 0000:00:1f.5: can't claim BAR 0 [mem 0xfe010000-0xfe010fff]: no compatible bridge window", 2],
    [4, "ENERGY_PERF_BIAS: Set to 'normal', was 'performance'", 3],
    [3, 'i8042: No controller found', 3],
    [4, 'sd 0:0:0:0: [sda] Assuming drive cache: write through', 4],
    [4, 'EXT4-fs (sda1): mounting with "discard" option, but the device does not support discard', 6],
    [3, "systemd[1]: Failed to insert module 'autofs4': No such file or directory", 7],
    [4, 'nf_conntrack: default automatic helper assignment has been turned off for security reasons', 40],
    [4, 'TCP: eth0: Driver has suspect GRO implementation, TCP performance may be compromised.', 900],
    [
      4,
      'perf: interrupt took too long (3141 > 3138), lowering kernel.perf_event_max_sample_rate to 63000',
      9000,
    ],
  ];
  for (const [level, text, at] of lines) b.say(level, text, b.uptime + b.ahead - at);
  return b;
}

/** More filesystems, as an old server collects them. */
export function shelves(b: Box, count: number, type = 'xfs'): Box {
  for (let i = 0; i < count; i++)
    b.mounts.push({
      dev: `/dev/mapper/vg0-lv${i}`,
      at: `/srv/share${i}`,
      type,
      mb: 40_000 + i * 9000,
      used: (40_000 + i * 9000) * (0.3 + (i % 5) * 0.1),
    });
  return b;
}

/** Links of containers or virtual machines. */
export function bridges(b: Box, count: number, prefix = 'tap'): Box {
  b.nets.push({ name: 'br0', rx: 9000, tx: 9000, mac: '52:54:00:7a:11:99' });
  for (let i = 0; i < count; i++)
    b.nets.push({ name: `${prefix}${100 + i}i0`, rx: 4000 + i * 10, tx: 3000, speed: 10 });
  return b;
}

export const is = (
  problem: string | readonly string[],
  subject: string | readonly string[] = '',
): ExpectedRoot => ({ problem, subject });

/** The server itself goes by its own name. */
const named = (roots: Tree['roots'], host: string): Tree['roots'] =>
  roots.map((r) => ({ ...r, subject: [r.subject].flat().map((name) => name || host) }));

export const fault = (
  name: string,
  root: ExpectedRoot | Tree['roots'],
  box: () => Box,
  more: Partial<Tree> = {},
): Tree => {
  const roots = named([root].flat(), box().hostname);
  return { name, kind: roots.length > 1 ? 'double' : 'fault', runs: 1, box, roots, ...more };
};

/** What the catalogue calls worth a note: nobody is alarmed of it. */
export const note = (name: string, worth: ExpectedRoot, box: () => Box, more: Partial<Tree> = {}): Tree => ({
  ...well(name, box, more),
  notes: named([worth], box().hostname),
});

export const well = (name: string, box: () => Box, more: Partial<Tree> = {}): Tree => ({
  name,
  kind: 'control',
  runs: 1,
  box,
  roots: [],
  ...more,
});
