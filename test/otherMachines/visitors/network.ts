// Visitors, network: links, neighbours, name servers, queues of sockets. Written before the product saw them.
import { server, from, type Case } from '../case.ts';
import { jammy, noble, proxmox, rhel9 } from '../systems.ts';
import { alma8, sles15, trixie } from '../strangers/systems.ts';
import type { Host } from '../host.ts';

const bond = (down: boolean) =>
  [
    'Ethernet Channel Bonding Driver: v5.14.0-427.42.1.el9_4.x86_64',
    '',
    'Bonding Mode: IEEE 802.3ad Dynamic link aggregation',
    'Transmit Hash Policy: layer3+4 (1)',
    'MII Status: up',
    'MII Polling Interval (ms): 100',
    'Up Delay (ms): 0',
    'Down Delay (ms): 0',
    'Peer Notification Delay (ms): 0',
    '',
    '802.3ad info',
    'LACP active: on',
    'LACP rate: fast',
    'Min links: 0',
    'Aggregator selection policy (ad_select): stable',
    '',
    'Slave Interface: eno49np0',
    'MII Status: up',
    'Speed: 25000 Mbps',
    'Duplex: full',
    'Link Failure Count: 0',
    'Permanent HW addr: 52:54:00:1c:01:7e',
    'Slave queue ID: 0',
    'Aggregator ID: 1',
    '',
    'Slave Interface: eno50np1',
    `MII Status: ${down ? 'down' : 'up'}`,
    `Speed: ${down ? 'Unknown' : '25000 Mbps'}`,
    `Duplex: ${down ? 'Unknown' : 'full'}`,
    `Link Failure Count: ${down ? 1 : 0}`,
    'Permanent HW addr: 52:54:00:1c:02:7e',
    'Slave queue ID: 0',
    `Aggregator ID: ${down ? 2 : 1}`,
  ]
    .map((l) => `/proc/net/bonding/bond1:${l}`)
    .join('\n');

const http = (h: Host, program: string, port: number, queue = 511) => {
  h.listening.push({ port, program, queue });
  h.service(program);
};

const peer = (interface_: string, key: string, address: string, shaken: number, rx: number, tx: number) =>
  [interface_, key, '-', address, '10.88.0.0/24', shaken, rx, tx, 25].join('\t');

export const networkVisitors: readonly Case[] = [
  {
    name: 'a patch cable lets a gigabit port fall to 100 Mbit/s, half duplex',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 4,
    host() {
      const h = server(trixie, 'files-lyon', { nic: 'enp3s0f1', ram: 32 });
      h.run({ name: 'smbd', rss: 34_000, cpu: 6 });
      http(h, 'smbd', 445, 50);
      h.nic('enp3s0f1', { rx: 9_000_000, tx: 21_000_000 });
      return h;
    },
    minute(h, i) {
      if (i === 4) {
        h.kernel(6, 'igb 0000:03:00.1 enp3s0f1: igb: enp3s0f1 NIC Link is Down', 52);
        h.kernel(
          6,
          'igb 0000:03:00.1 enp3s0f1: igb: enp3s0f1 NIC Link is Up 100 Mbps Half Duplex, Flow Control: None',
          48,
        );
        h.nic('enp3s0f1', { speed: 100, duplex: 'half', carrier: 4, rx: 2_100_000, tx: 8_900_000 });
        h.tcp.retransmits = 11;
        h.tcp.out = 6_800;
      }
    },
    roots: [{ problem: ['net.link_slow', 'net.saturated'], subject: 'enp3s0f1' }],
  },
  {
    name: 'a dirty optic: frames with wrong checksums on a 25 Gbit/s port',
    kind: 'fault',
    reports: 15,
    installed: true,
    onset: 3,
    host() {
      const h = server(sles15, 'hana-app2', { nic: 'ens2f0np0', ram: 64, cores: 16 });
      h.nic('ens2f0np0', { speed: 25_000, rx: 30_000_000, tx: 18_000_000 });
      h.tcp.out = 21_000;
      h.tcp.in = 30_000;
      h.run({
        name: 'disp+work',
        rss: 4_200_000,
        cpu: 60,
        threads: 30,
        exe: '/usr/sap/PRD/D00/exe/disp+work',
      });
      http(h, 'disp+work', 3200, 100);
      return h;
    },
    minute(h, i) {
      if (from(i, 3)) {
        h.nic('ens2f0np0', { errors: 1_400 });
        h.tcp.retransmits = 620;
      }
    },
    roots: [{ problem: 'net.errors', subject: 'ens2f0np0' }],
  },
  {
    name: 'the second leg of an LACP bond loses its switch',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(rhel9, 'ovirt-n4', { nic: 'bond1', ram: 256, cores: 32 });
      h.nic('bond1', { speed: 50_000, rx: 60_000_000, tx: 60_000_000 });
      h.nic('eno49np0', { speed: 25_000, rx: 30_000_000, tx: 30_000_000 });
      h.nic('eno50np1', { speed: 25_000, rx: 30_000_000, tx: 30_000_000 });
      h.run({
        name: 'qemu-kvm',
        rss: 33_000_000,
        cpu: 140,
        threads: 12,
        cgroup: '/machine.slice/machine-qemu-1.scope',
      });
      h.more.set('grep -r . /proc/net/bonding', bond(false));
      return h;
    },
    minute(h, i) {
      if (i === 3) {
        h.more.set('grep -r . /proc/net/bonding', bond(true));
        h.kernel(3, 'mlx5_core 0000:c1:00.1 eno50np1: Link down', 41);
        h.kernel(6, 'bond1: (slave eno50np1): link status definitely down, disabling slave', 40);
        h.nic('eno50np1', { state: 'down', speed: -1, carrier: 3, rx: 0, tx: 0 });
        h.nic('bond1', { speed: 25_000 });
        h.nic('eno49np0', { rx: 60_000_000, tx: 60_000_000 });
      }
    },
    roots: [{ problem: ['net.bond_degraded', 'net.link_down'], subject: ['bond1', 'eno50np1'] }],
  },
  {
    name: 'a link that comes and goes: an SFP that is not seated',
    kind: 'fault',
    reports: 12,
    installed: true,
    onset: 4,
    host() {
      const h = server(proxmox, 'pve-basel3', { nic: 'enp129s0f0', ram: 128, cores: 24 });
      h.nic('enp129s0f0', { speed: 10_000, rx: 12_000_000, tx: 9_000_000 });
      h.run({ name: 'kvm', rss: 16_000_000, cpu: 90, threads: 9, cgroup: '/qemu.slice/108.scope' });
      return h;
    },
    minute(h, i) {
      if (from(i, 4)) {
        h.kernel(6, 'ixgbe 0000:81:00.0 enp129s0f0: NIC Link is Down', 44);
        h.kernel(6, 'ixgbe 0000:81:00.0 enp129s0f0: NIC Link is Up 10 Gbps, Flow Control: RX/TX', 39);
        h.nic('enp129s0f0', { carrier: 2 + (i - 3) * 4, rx: 8_000_000, tx: 6_000_000 });
        h.tcp.retransmits = 15;
      }
    },
    roots: [{ problem: 'net.flap', subject: 'enp129s0f0' }],
  },
  {
    name: 'a Kubernetes node runs out of tracked connections',
    kind: 'fault',
    reports: 9,
    installed: true,
    onset: 4,
    host() {
      const h = server(jammy, 'ip-10-20-0-17', { nic: 'ens5', ram: 32, cores: 8, disk: 'nvme0n1' });
      h.conntrack = [38_120, 131_072];
      h.run({ name: 'kubelet', rss: 98_000, cpu: 6, threads: 22 });
      h.run({ name: 'containerd', rss: 61_000, cpu: 3, threads: 30 });
      h.run({
        name: 'envoy',
        rss: 240_000,
        cpu: 80,
        threads: 14,
        cgroup: '/kubepods.slice/kubepods-besteffort.slice',
      });
      h.service('kubelet');
      h.service('containerd');
      h.nic('cali1f2e8d9a0b1', {});
      h.nic('cali77bd00c3a12', {});
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return;
      h.conntrack = [131_072, 131_072];
      h.tcp.opened = 40;
      h.tcp.retransmits = 35;
      for (const ago of [33, 28, 22, 17])
        h.kernel(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', ago);
    },
    roots: [{ problem: 'net.conntrack', subject: ['ip-10-20-0-17', 'conntrack', 'nf_conntrack'] }],
  },
  {
    name: 'the router of the rack is gone',
    kind: 'fault',
    reports: 8,
    onset: 3,
    host() {
      const h = server(noble, 'edge-waw1', { nic: 'eno1', ram: 16 });
      h.nic('eno1', { rx: 1_000_000, tx: 1_400_000 });
      http(h, 'caddy', 443, 4096);
      h.run({ name: 'caddy', rss: 61_000, cpu: 5, threads: 13 });
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.more.set(
        'ip neigh',
        '10.20.0.1 dev eno1 FAILED \n10.20.0.44 dev eno1 lladdr 3c:ec:ef:10:22:9a REACHABLE ',
      );
      h.nic('eno1', { rx: 4_000, tx: 2_000 });
      h.tcp.retransmits = 40;
      h.tcp.out = 120;
      h.tcp.in = 30;
      h.tcp.established = 9;
    },
    edit(text, i) {
      return from(i, 3)
        ? text.replace(
            '0x1         0x2         00:1b:21:aa:bb:01',
            '0x1         0x0         00:00:00:00:00:00',
          )
        : text;
    },
    roots: [{ problem: 'net.gateway_down', subject: ['10.20.0.1', 'edge-waw1', 'eno1'] }],
  },
  {
    name: 'SYN flood on the game login port, in the words of a new kernel',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 4,
    host() {
      const h = server(noble, 'login-eu2', { nic: 'enp1s0', cores: 4 });
      h.run({ name: 'logind-game', rss: 320_000, cpu: 22, threads: 18 });
      http(h, 'logind-game', 7777, 1024);
      return h;
    },
    minute(h, i) {
      if (!from(i, 4)) return;
      if (i === 4)
        h.kernel(6, 'request_sock_TCP: Possible SYN flooding on port 0.0.0.0:7777. Sending cookies.', 50);
      h.tcp.cookies = 8_400;
      h.nic('enp1s0', { rx: 4_100_000, tx: 3_900_000 });
      h.softirq = 14;
    },
    edit(text, i) {
      return from(i, 4) ? text.replace(/(=== ss -Htan\n)/, '$11024 SYN-RECV 7777\n') : text;
    },
    roots: [
      { problem: 'net.syn_flood', subject: ['login-eu2', 'port 7777', ':7777', '7777', 'logind-game'] },
    ],
  },
  {
    name: 'four synchronous gunicorn workers wait for somebody: the queue of port 8000 is full',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 3,
    host() {
      const h = server(rhel9, 'forms-api', { ram: 8, cores: 2 });
      for (let n = 0; n < 5; n++) h.run({ name: 'gunicorn', rss: 92_000, cpu: 2, uid: 990 });
      http(h, 'gunicorn', 8000, 64);
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.listening.find((l) => l.port === 8000)!.waiting = 65;
      h.tcp.overflows = 9;
      h.tcp.established = 210;
      for (const t of h.named('gunicorn')) t.cpu = 0.3;
    },
    roots: [
      { problem: 'net.listen_overflow', subject: ['gunicorn', 'port 8000', '8000', ':8000', 'forms-api'] },
    ],
  },
  {
    name: 'a syslog collector is too slow for its senders: UDP packets fall out of its buffer',
    kind: 'control',
    atFirst: 'the case was wrong',
    reports: 12,
    installed: true,
    onset: 3,
    host() {
      const h = server(alma8, 'logsink-par', { ram: 16, cores: 8 });
      h.run({ name: 'syslog-ng', rss: 210_000, cpu: 55, threads: 6 });
      h.service('syslog-ng');
      return h;
    },
    minute(h, i) {
      if (!from(i, 3)) return;
      h.named('syslog-ng')[0]!.cpu = 98;
      h.nic('eth0', { rx: 21_000_000 });
    },
    edit(text, i, h) {
      const lost = from(i, 3) ? h.count('lost', 60 * 900) : h.count('lost', 0);
      return text
        .replace(/(Udp: \d+ 12) 0 (\d+) 0 0 0 0/, `$1 ${lost} $2 ${lost} 0 0 0`)
        .replace(/(#2[\s\S]*Udp: \d+ 12) 0 (\d+) 0 0 0 0/, `$1 ${lost + 900} $2 ${lost + 900} 0 0 0`);
    },
    roots: [],
    notes: [{ problem: 'net.udp_errors', subject: 'logsink-par' }],
  },
  {
    name: 'a WireGuard peer that has not shaken hands for hours, the others have',
    kind: 'fault',
    reports: 8,
    installed: true,
    onset: 0,
    host() {
      const h = server(trixie, 'vpn-hub', { ram: 2, cores: 2 });
      h.nic('wg-sites', { state: 'unknown' });
      return h;
    },
    minute(h) {
      h.more.set(
        'wg show all dump',
        [
          ['wg-sites', '-', 'tB9eUq3Yf0mJ1oG7nW2pQx5rS8vZkLhD4cA6iEwXbVM=', 51820, 'off'].join('\t'),
          peer(
            'wg-sites',
            'kq1mVZ0r8sT3uYw5xAaBcDeFgHiJkLmNoPqRsTuVwXE=',
            '203.0.113.77:51820',
            h.epoch - 62,
            h.count('wg a', 90_000),
            h.count('wg b', 80_000),
          ),
          peer(
            'wg-sites',
            'Zr4pLm9nBv7cXs2dFg6hJk8lQw1eRt3yUi5oPa0sDf8=',
            '198.51.100.14:51820',
            h.epoch - 19_400,
            18_220_110,
            h.count('wg c', 8_880),
          ),
        ].join('\n'),
      );
    },
    roots: [{ problem: 'net.wg_stale', subject: ['wg-sites', 'Zr4pLm9n', '198.51.100.14'] }],
  },
  {
    name: 'sockets hold more memory than TCP may have: out of memory, consider tuning tcp_mem',
    kind: 'fault',
    reports: 10,
    installed: true,
    onset: 4,
    host() {
      const h = server(jammy, 'ws-fanout3', { ram: 8, cores: 4 });
      h.serve('pushd', {
        name: 'beam.smp',
        rss: 2_100_000,
        cpu: 90,
        threads: 40,
      });
      h.listening.push({ port: 4000, program: 'beam.smp', queue: 1024 });
      h.tcp.established = 61_000;
      return h;
    },
    minute(h, i) {
      if (from(i, 4) && i % 2 === 0) h.kernel(6, 'TCP: out of memory -- consider tuning tcp_mem', 12);
      if (from(i, 4)) h.tcp.retransmits = 120;
    },
    edit(text, i, h) {
      const high = Math.round(h.ram / 45);
      return text.replace(/ mem \d+\nUDP/, ` mem ${Math.round(high * (from(i, 4) ? 0.99 : 0.4))}\nUDP`);
    },
    roots: [{ problem: 'net.tcp_mem', subject: ['ws-fanout3', 'tcp', 'TCP'] }],
  },
];
