// Links, addresses, connections, names and the clock.
import { installed, type Tree } from './box.ts';
import { machine, webStack } from './systems.ts';

const bond = (slaves: [name: string, up: boolean][], active: string) =>
  `Ethernet Channel Bonding Driver: v5.14.0-570.17.1.el9_6.x86_64

Bonding Mode: fault-tolerance (active-backup)
Primary Slave: None
Currently Active Slave: ${active}
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
Down Delay (ms): 0
Peer Notification Delay (ms): 0
` +
  slaves
    .map(
      ([name, up]) =>
        `
Slave Interface: ${name}
MII Status: ${up ? 'up' : 'down'}
Speed: ${up ? '10000 Mbps' : 'Unknown'}
Duplex: ${up ? 'full' : 'Unknown'}
Link Failure Count: ${up ? 0 : 1}
Permanent HW addr: 3c:fd:fe:aa:00:0${name.at(-1)}
Slave queue ID: 0
`,
    )
    .join('');

export const links: Tree[] = [
  {
    name: 'one leg of the bond loses its carrier',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'hyper-12', net: 'bond0', memory: 256_000, cores: 48 });
      Object.assign(b.net('bond0'), { speed: 10_000, rx: 9e6, tx: 7e6 });
      b.nets.push(
        { name: 'ens1f0np0', speed: 10_000, mac: '3c:fd:fe:aa:00:00', rx: 9e6, tx: 7e6 },
        { name: 'ens1f1np1', speed: 10_000, mac: '3c:fd:fe:aa:00:01' },
      );
      b.files['proc/net/bonding/bond0'] = bond(
        [
          ['ens1f0np0', true],
          ['ens1f1np1', true],
        ],
        'ens1f0np0',
      );
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      Object.assign(b.net('ens1f1np1'), { state: 'down', carrierChanges: 3 });
      b.files['proc/net/bonding/bond0'] = bond(
        [
          ['ens1f0np0', true],
          ['ens1f1np1', false],
        ],
        'ens1f0np0',
      );
      if (run === 3) {
        b.say(6, 'i40e 0000:3b:00.1 ens1f1np1: NIC Link is Down', 31);
        b.say(4, 'bond0: (slave ens1f1np1): link status definitely down, disabling slave', 31);
      }
    },
    roots: [{ problem: ['net.link_down', 'net.bond_degraded'], subject: ['ens1f1np1', 'bond0'] }],
  },
  {
    name: 'after a new patch cable the link is 100 Mbit/s half duplex and full',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'mirror', net: 'enp3s0' }));
      Object.assign(b.net('enp3s0'), { rx: 2e6, tx: 28e6 });
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      Object.assign(b.net('enp3s0'), {
        speed: 100,
        duplex: 'half',
        carrierChanges: 4,
        tx: 11.9e6,
        rx: 1.4e6,
        txErrors: 40,
      });
      b.tcp['OutSegs'] = 9000;
      b.tcp['RetransSegs'] = 420;
      if (run === 3) b.say(6, 'r8169 0000:03:00.0 enp3s0: Link is Up - 100Mbps/Half - flow control off', 50);
    },
    roots: [{ problem: 'net.link_slow', subject: 'enp3s0' }],
  },
  {
    name: 'a dirty optic: receive errors on a storage link',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    runs: 8,
    box: () => {
      const b = machine({ system: 'sles15', name: 'ceph-osd-4', net: 'eth0', cores: 16, memory: 64_000 });
      b.nets.push({
        name: 'p2p1',
        speed: 25_000,
        addresses: ['10.9.0.14/24'],
        rx: 60e6,
        tx: 50e6,
        rxPackets: 50_000,
        txPackets: 45_000,
      });
      b.tcp['OutSegs'] = 40_000;
      b.tcp['InSegs'] = 41_000;
      b.tcp['RetransSegs'] = 4;
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      Object.assign(b.net('p2p1'), { rxErrors: 900, rx: 30e6, rxPackets: 26_000 });
      b.tcp['OutSegs'] = 24_000;
      b.tcp['RetransSegs'] = 1100;
    },
    roots: [{ problem: 'net.errors', subject: 'p2p1' }],
  },
  {
    name: 'the connection tracking table of a NAT box is full',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    shell: 'bash',
    box: () => {
      const b = machine({ system: 'debian12', name: 'fw-nord', net: 'wan0', memory: 1980, cores: 2 });
      b.nets.push({ name: 'lan0', addresses: ['10.0.0.1/16'], rx: 4e6, tx: 5e6 });
      b.conntrack = [21_000, 65_536];
      b.files['sys/module/nf_tables/initstate'] = 'live\n';
      b.programs['nft'] = [
        [
          'list ruleset',
          `table ip nat {
\tchain post {
\t\ttype nat hook postrouting priority srcnat; policy accept;
\t\toifname "wan0" masquerade
\t}
}
`,
        ],
      ];
      return b;
    },
    each: (b, run) => {
      b.conntrack = [[21_400, 22_100, 30_000, 65_536, 65_536, 65_530][run]!, 65_536];
      if (run >= 3)
        for (let i = 0; i < 4; i++)
          b.say(4, 'nf_conntrack: nf_conntrack: table full, dropping packet', 40 - i);
    },
    roots: [{ problem: 'net.conntrack', subject: 'fw-nord' }],
  },
  {
    name: 'all packets of a busy resolver land on one core',
    kind: 'fault',
    onset: 2,
    runs: 8,
    box: () => {
      const b = machine({
        system: 'ubuntu2404',
        name: 'ns-anycast-2',
        cores: 8,
        memory: 16_000,
        net: 'eth0',
      });
      b.serve('unbound.service', { name: 'unbound', uid: 111, rss: 900, cpu: 0.8, threads: 8 });
      b.listeners.push({ proto: 'udp', at: '0.0.0.0:53', process: 'unbound', pid: b.process('unbound').pid });
      Object.assign(b.net('eth0'), {
        rx: 20e6,
        tx: 30e6,
        rxPackets: 90_000,
        txPackets: 90_000,
        speed: 10_000,
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      Object.assign(b.net('eth0'), { rx: 90e6, tx: 110e6, rxPackets: 480_000, txPackets: 400_000 });
      b.softirqOfFirst = 0.94;
      b.softnet = [900, 160];
      b.process('unbound').cpu = 1.6;
    },
    roots: [
      {
        problem: ['cpu.softirq_high', 'svc.traffic_surge', 'net.softnet'],
        subject: ['cpu0', 'ns-anycast-2', 'unbound'],
      },
    ],
  },
  {
    name: 'the gateway no longer answers ARP',
    kind: 'fault',
    onset: 3,
    box: () => machine({ system: 'centos7', name: 'plc-gw', net: 'eno16777984', memory: 3790, cores: 2 }),
    each: (b, run) => {
      if (run < 3) return;
      b.files['proc/net/arp'] =
        `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x0         00:00:00:00:00:00     *        eno16777984
192.0.2.30       0x1         0x2         52:54:00:aa:bb:30     *        eno16777984
`;
      b.neighbours =
        '192.0.2.1 dev eno16777984  FAILED\n192.0.2.30 dev eno16777984 lladdr 52:54:00:aa:bb:30 REACHABLE\n';
      Object.assign(b.net('eno16777984'), { rx: 900, tx: 1200 });
      b.tcp['OutSegs'] = 14;
      b.tcp['RetransSegs'] = 6;
    },
    roots: [{ problem: 'net.gateway_down', subject: '192.0.2.1' }],
  },
  {
    name: 'the own name server fails after its zone file was edited; every lookup goes there',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'mx.verein.example' }));
      const p = b.serve(
        'named.service',
        { name: 'named', uid: 104, rss: 60, threads: 9 },
        { text: 'BIND Domain Name Server' },
      );
      b.listeners.push(
        { proto: 'udp', at: '127.0.0.1:53', process: 'named', pid: p.pid },
        { at: '127.0.0.1:53', process: 'named', pid: p.pid },
      );
      b.files['etc/resolv.conf'] = 'nameserver 127.0.0.1\n';
      b.files['etc/bind/named.conf'] = `options { directory "/var/cache/bind"; };
zone "verein.example" { type master; file "/etc/bind/db.verein"; };
`;
      return b;
    },
    each: (b, run) => {
      if (run !== 3) return;
      b.files['etc/bind/named.conf'] = `options { directory "/var/cache/bind"; };
zone "verein.example" { type master; file "/etc/bind/db.verein" };
`;
      b.fail('named.service', 'exit-code', 1, 1, 35);
    },
    roots: [{ problem: ['svc.unit_failed', 'change.config'], subject: ['named', '/etc/bind/named.conf'] }],
  },
  {
    name: 'a WireGuard peer has not been heard for hours',
    kind: 'fault',
    onset: 2,
    every: 600,
    box: () => {
      const b = machine({ system: 'alpine', name: 'wg-hub', memory: 490, cores: 1, net: 'eth0' });
      b.nets.push({ name: 'wg0', addresses: ['10.77.0.1/24'], mtu: 1420, state: 'unknown' });
      b.files['sys/module/wireguard/initstate'] = 'live\n';
      return b;
    },
    each: (b, run) => {
      const seen = (ago: number) => Math.floor(b.now) + 599 - ago;
      b.programs['wg'] = [
        [
          'show all dump',
          `wg0\tcGVlcnByaXZhdGUwMDAwMDAwMDAwMDAwMDAwMDAwMDA=\tcHVibGljMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=\t51820\toff
wg0\tQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\t(none)\t203.0.113.7:51820\t10.77.0.2/32\t${seen(70)}\t90000\t80000\t25
wg0\tQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=\t(none)\t203.0.113.9:41194\t10.77.0.3/32\t${run < 2 ? seen(44) : Math.floor(b.now) - 500 - (run - 2) * 600}\t70000\t60000\t25
`,
        ],
      ];
    },
    roots: [{ problem: 'net.wg_stale', subject: 'wg0 QkJCQkJC' }],
  },
  {
    name: 'gunicorn is stuck and its accept queue overflows',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    box: () => {
      const b = webStack(machine({ system: 'ubuntu2204', name: 'api-blau' }));
      b.serve('gunicorn.service', {
        name: 'gunicorn',
        exe: '/srv/api/venv/bin/python3.10',
        uid: 1001,
        rss: 240,
        cpu: 0.2,
        threads: 5,
        pid: 3301,
      });
      b.listeners.push({ at: '127.0.0.1:8000', process: 'gunicorn', pid: 3301, backlog: 100 });
      return b;
    },
    each: (b, run) => {
      if (run < 3) return;
      b.listeners.find((l) => l.at.endsWith(':8000'))!.waiting = 101;
      b.tcpExt = { ListenOverflows: 14, ListenDrops: 14 };
      b.process('gunicorn').cpu = 0;
      b.sockets = { ESTAB: 12, 'ESTAB 8000': 90 };
    },
    roots: [{ problem: 'net.listen_overflow', subject: 'gunicorn' }],
  },
  {
    name: 'chronyd reaches no source any more',
    kind: 'fault',
    onset: 2,
    every: 1800,
    runs: 5,
    box: () => {
      const b = machine({ system: 'rocky9', name: 'kdc1.intern', cores: 2 });
      b.serve('chronyd.service', { name: 'chronyd', uid: 993, rss: 5 });
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          'CB00710F,203.0.113.15,3,1794990000.123456789,0.000012345,-0.000023411,0.000031001,-12.311,-0.001,0.021,0.012345678,0.001234567,64.4,Normal\n',
        ],
      ];
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.programs['chronyc'] = [
        [
          '-n -c tracking',
          '7F7F0101,,0,0.000000000,0.000000000,0.000000000,0.000000000,-12.311,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n',
        ],
      ];
      b.programs['timedatectl'] = [
        [
          'show',
          `Timezone=UTC
LocalRTC=no
CanNTP=yes
NTP=yes
NTPSynchronized=no
TimeUSec=Wed 2026-11-18 11:20:00 UTC
`,
        ],
      ];
    },
    roots: [{ problem: ['time.unsync', 'time.skew'], subject: 'kdc1.intern' }],
  },
  {
    name: 'CentOS 7: ntpd lost its servers hours ago (ntpq, timedatectl of systemd 219)',
    kind: 'fault',
    onset: 1,
    every: 3600,
    runs: 4,
    box: () => {
      const b = machine({ system: 'centos7', name: 'hist-db', net: 'ens192', cores: 2 });
      b.serve('ntpd.service', { name: 'ntpd', uid: 38, rss: 2 });
      b.programs['ntpq'] = [['-pn', ntpq(true, 0.3)]];
      return b;
    },
    each: (b, run) => {
      if (run < 1) return;
      b.programs['ntpq'] = [['-pn', ntpq(false, 240 + run * 90)]];
      b.programs['timedatectl'] = [
        ['show', '', 1],
        [
          'status',
          `      Local time: Wed 2026-11-18 12:20:07 UTC
  Universal time: Wed 2026-11-18 12:20:07 UTC
        RTC time: Wed 2026-11-18 12:20:09
       Time zone: UTC (UTC, +0000)
     NTP enabled: yes
NTP synchronized: no
 RTC in local TZ: no
      DST active: n/a
`,
        ],
      ];
    },
    roots: [{ problem: ['time.unsync', 'time.skew'], subject: 'hist-db' }],
  },
];

function ntpq(reached: boolean, offset: number): string {
  const row = (mark: string, address: string, ref: string, st: number, when: string, reach: number) =>
    `${mark}${address.padEnd(15)} ${ref.padEnd(15)} ${st} u ${when.padStart(4)}   64  ${String(reach).padStart(3)}    ${reach ? '1.204' : '0.000'}    ${offset.toFixed(3)}   0.101`;
  return `     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
${row(reached ? '*' : ' ', '203.0.113.1', reached ? '.GPS.' : '.INIT.', reached ? 1 : 16, reached ? '33' : '-', reached ? 377 : 0)}
${row(reached ? '+' : ' ', '203.0.113.2', reached ? '10.1.1.1' : '.INIT.', reached ? 2 : 16, reached ? '41' : '-', reached ? 377 : 0)}
`;
}
