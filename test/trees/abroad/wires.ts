// Links, packets and connections, of machines elsewhere.
import type { Tree } from '../box.ts';
import { at } from './lands.ts';

export const wires: Tree[] = [
  {
    name: 'Ubuntu 20.04: a SYN flood fills the table of connections',
    kind: 'fault',
    onset: 2,
    runs: 7,
    box: () => {
      const b = at('ubuntu2004', 'edge-fra-2', {
        cores: 4,
        memory: 7900,
        net: 'eno1',
        now: '2025-03-03T22:00:00Z',
      });
      b.serve('haproxy.service', { name: 'haproxy', rss: 90, cpu: 0.2, uid: 115, limit: 80_000, threads: 4 });
      b.listeners.push({
        at: '0.0.0.0:443',
        process: 'haproxy',
        pid: b.process('haproxy').pid,
        backlog: 4096,
      });
      b.conntrack = [31_000, 262_144];
      b.files['sys/module/ip_tables/initstate'] = 'live\n';
      b.programs['iptables'] = [
        [
          '-S',
          '-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT\n',
        ],
      ];
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.conntrack = [[0, 0, 150_000, 251_000, 262_144, 262_140, 262_144][run]!, 262_144];
      b.sockets = { ESTAB: 140, 'SYN-RECV 443': 2600 };
      b.tcpExt = {
        TCPReqQFullDoCookies: 18_000,
        SyncookiesSent: 18_000,
        SyncookiesFailed: 20,
        ListenDrops: 30,
        ListenOverflows: 0,
      };
      Object.assign(b.net('eno1'), { rx: 6e6, rxPackets: 90_000, tx: 5.4e6, txPackets: 88_000 });
      b.softirq = 0.22;
      if (run === 2)
        b.say(
          6,
          'TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.',
          50,
        );
      if (run >= 4)
        for (let i = 0; i < 5; i++)
          b.say(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 40 - i * 5);
    },
    roots: [{ problem: 'net.syn_flood', subject: ['edge-fra-2', 'haproxy', '443', 'port'] }],
    chain: ['net.syn_flood>net.conntrack'],
  },
  {
    name: 'Devuan: rsync of the backup fills the 1 Gbit/s link, others must send again',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = at('devuan', 'files1', { cores: 4, memory: 15_900, disk: 'sda', net: 'eth0', crowd: 60 });
      Object.assign(b.net('eth0'), { speed: 1000, rx: 1e6, tx: 4e6 });
      b.tcp = { InSegs: 4000, OutSegs: 6000, RetransSegs: 4, OutRsts: 0.2 };
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      if (run === 2)
        b.run({
          pid: 41_100,
          name: 'rsync',
          exe: '/usr/bin/rsync',
          rss: 60,
          cpu: 0.6,
          started: b.uptime,
          read: 114e6,
        });
      Object.assign(b.net('eth0'), { tx: 123.5e6, rx: 2.2e6, txPackets: 83_000, rxPackets: 41_000 });
      b.tcp = { InSegs: 41_000, OutSegs: 83_000, RetransSegs: 2600, OutRsts: 0.2 };
      Object.assign(b.disk('sda'), { reads: 890, readKb: 128, readMs: 1.1, busy: 0.62 });
    },
    roots: [{ problem: 'job.backup_running', subject: 'rsync' }],
    chain: ['job.backup_running>net.saturated', 'net.saturated>net.retrans'],
  },
  {
    name: 'AlmaLinux 10 on POWER: slow readers hold all memory that TCP may have',
    kind: 'fault',
    onset: 2,
    runs: 6,
    box: () => {
      const b = at('alma10power', 'kafka-p2', {
        cores: 32,
        memory: 256_000,
        disk: 'sda',
        fs: 'xfs',
        net: 'env2',
        crowd: 20,
      });
      b.serve('kafka.service', {
        name: 'java',
        exe: '/usr/lib/jvm/java-21-openjdk/bin/java',
        rss: 41_000,
        cpu: 3,
        threads: 300,
        uid: 995,
        limit: 200_000,
      });
      b.files['proc/sys/net/ipv4/tcp_mem'] = '9000\t12000\t18000\n';
      b.sockets = { ESTAB: 900 };
      b.tcpMemory = 1400;
      for (const name of ['sys_vendor', 'product_name', 'product_uuid'])
        b.files[`sys/class/dmi/id/${name}`] = undefined;
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.tcpMemory = [0, 0, 15_100, 17_900, 18_010, 18_020][run]!;
      b.tcpExt = { TCPMemoryPressures: 2, PruneCalled: 900, TCPAbortOnMemory: run > 3 ? 20 : 0 };
      if (run > 3) b.say(3, 'TCP: out of memory -- consider tuning tcp_mem', 20);
    },
    roots: [{ problem: 'net.tcp_mem', subject: 'kafka-p2' }],
  },
  {
    name: 'Proxmox: the uplink below the bridge receives damaged frames',
    kind: 'fault',
    onset: 3,
    runs: 9,
    box: () => {
      const b = at('proxmox', 'pve-b', {
        cores: 32,
        memory: 128_000,
        disk: 'nvme0n1',
        net: 'vmbr0',
        crowd: 140,
      });
      Object.assign(b.net('vmbr0'), {
        speed: 10_000,
        rx: 30e6,
        tx: 21e6,
        rxPackets: 30_000,
        txPackets: 28_000,
      });
      b.nets.push({
        name: 'enp65s0f0np0',
        speed: 10_000,
        rx: 31e6,
        tx: 21e6,
        rxPackets: 30_500,
        txPackets: 28_000,
        mac: '3c:ec:ef:01:02:03',
      });
      b.nets.push({ name: 'enp65s0f1np1', state: 'down', rx: 0, tx: 0, carrierChanges: 1 });
      for (let i = 100; i < 124; i++)
        b.nets.push(
          { name: `tap${i}i0`, state: 'unknown', speed: 10_000, rx: 2e5, tx: 1e6 },
          { name: `fwbr${i}i0`, rx: 9000, tx: 0 },
          { name: `fwpr${i}p0`, speed: 10_000 },
          { name: `fwln${i}i0`, speed: 10_000 },
        );
      b.tcp = { InSegs: 9000, OutSegs: 9500, RetransSegs: 2, OutRsts: 1 };
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      Object.assign(b.net('enp65s0f0np0'), { rxErrors: 1400, rx: 14e6, rxPackets: 14_000 });
      b.tcp = { InSegs: 5000, OutSegs: 5200, RetransSegs: 310, OutRsts: 1 };
    },
    roots: [{ problem: 'net.errors', subject: 'enp65s0f0np0' }],
    chain: ['net.errors>net.retrans'],
  },
  {
    name: 'OpenWrt: the modem port goes up and down (busybox)',
    kind: 'fault',
    onset: 2,
    runs: 6,
    shell: 'busybox ash',
    box: () => router('rt-keller'),
    each: (b, run) => {
      if (run < 2) return;
      const wan = b.net('wan');
      wan.carrierChanges = 2 + (run - 1) * 6;
      for (const ago of [50, 33, 14]) {
        b.say(6, 'mt7530-mdio mdio-bus:1f wan: Link is Down', ago);
        b.say(6, 'mt7530-mdio mdio-bus:1f wan: Link is Up - 1Gbps/Full - flow control rx/tx', ago - 6);
      }
    },
    roots: [{ problem: 'net.flap', subject: 'wan' }],
  },
];

/** A router with a read-only image, a small overlay and the programs of busybox. */
export function router(name: string) {
  const b = at('openwrt', name, {
    cores: 2,
    memory: 243,
    net: 'br-lan',
    disk: 'mtdblock3',
    root: [0.1, 0.01],
    days: 12,
  });
  b.disks = [{ name: 'mtdblock5', gb: 0.1, reads: 0, writes: 0, busy: 0 }];
  b.mounts = [
    {
      dev: '/dev/root',
      at: '/rom',
      type: 'squashfs',
      options: 'ro,relatime,errors=continue',
      mb: 5,
      used: 5,
      inodes: 1800,
      inodesUsed: 1800,
    },
    ...b.mounts.filter((m) => /^(proc|sysfs|devpts)/.test(m.type)),
    { dev: 'tmpfs', at: '/tmp', type: 'tmpfs', mb: 121, used: 1.2 },
    { dev: '/dev/ubi0_1', at: '/overlay', type: 'ubifs', mb: 79, used: 9 },
    {
      dev: 'overlayfs:/overlay',
      at: '/',
      type: 'overlay',
      options: 'rw,noatime,lowerdir=/,upperdir=/overlay/upper,workdir=/overlay/work',
      mb: 79,
      used: 9,
    },
    { dev: 'tmpfs', at: '/dev', type: 'tmpfs', mb: 0.5, used: 0 },
  ];
  b.nets.push({ name: 'wan', addresses: ['198.51.100.77/24'], rx: 300_000, tx: 60_000 });
  b.nets.push({ name: 'phy0-ap0', state: 'up', speed: -1, rx: 200_000, tx: 400_000 });
  b.nets.push({ name: 'lan3', state: 'lowerlayerdown', rx: 0, tx: 0, carrierChanges: 0 });
  b.run({ name: 'dnsmasq', exe: '/usr/sbin/dnsmasq', uid: 453, rss: 2 });
  b.run({ name: 'netifd', exe: '/sbin/netifd', rss: 2 });
  b.conntrack = [390, 15_360];
  b.available = 141;
  b.reclaimable = 12;
  b.unreclaimable = 18;
  b.fstab = '';
  b.files['sys/module/nf_tables/initstate'] = 'live\n';
  b.programs['nft'] = [
    [
      'list ruleset',
      `table inet fw4 {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tct state vmap { established : accept, related : accept }
\t\tiifname "br-lan" jump input_lan
\t\tjump handle_reject
\t}
\tchain input_lan {
\t\taccept
\t}
}
`,
    ],
  ];
  for (const file of ['sys_vendor', 'product_name', 'product_uuid'])
    b.files[`sys/class/dmi/id/${file}`] = undefined;
  b.files['etc/shadow'] = 'root:$1$abc$def:19000:0:99999:7:::\ndaemon:*:0:0:99999:7:::\n';
  return b;
}
