// Links, sockets and what passes through them.
import type { Tree } from '../box.ts';
import { bridges, fault, is, note, on, shelves, town, weather } from './places.ts';

export const lines: Tree[] = [
  fault(
    'the network card of a Debian 12 collector drops one packet in twenty-five',
    is('net.drops', 'enp3s0'),
    () => {
      const b = town(on('debian12', 'netflow', { cores: 4, memory: 15_800, net: 'enp3s0' }), 70);
      b.serve('nfcapd.service', { name: 'nfcapd', exe: '/usr/bin/nfcapd', uid: 110, rss: 200, cpu: 0.4 });
      b.listeners.push({ proto: 'udp', at: '0.0.0.0:2055', process: 'nfcapd' });
      Object.assign(b.net('enp3s0'), { rx: 31_000_000, rxPackets: 26_000, speed: 10_000 });
      return b;
    },
    {
      runs: 6,
      onset: 1,
      each(b, run) {
        if (run) b.net('enp3s0').rxDrops = 1090;
      },
    },
  ),
  fault(
    'the link to its gateway goes down, and a render node waits for its NFS server',
    is('net.link_down', 'eno2'),
    () => {
      const b = weather(
        town(on('sles15', 'render-12', { cores: 16, memory: 64_000, fs: 'btrfs', net: 'eno1' }), 110),
      );
      b.nets[0]!.addresses = ['192.0.2.10/24'];
      b.nets.push({
        name: 'eno2',
        addresses: ['10.20.0.12/24'],
        rx: 9_000_000,
        tx: 2_000_000,
        speed: 10_000,
      });
      b.routes = `default via 10.20.0.1 dev eno2 proto static
10.20.0.0/24 dev eno2 proto kernel scope link src 10.20.0.12
192.0.2.0/24 dev eno1 proto kernel scope link src 192.0.2.10
`;
      b.neighbours =
        '10.20.0.1 dev eno2 lladdr 00:1c:73:00:00:99 REACHABLE\n192.0.2.1 dev eno1 lladdr 52:54:00:aa:bb:01 STALE\n';
      b.mounts.push({
        dev: '10.9.0.5:/export/shots',
        at: '/shots',
        type: 'nfs4',
        options: 'rw,relatime,vers=4.1,hard,proto=tcp,timeo=600,addr=10.9.0.5',
        mb: 40_000_000,
        used: 22_000_000,
      });
      for (let i = 0; i < 10; i++)
        b.run({
          name: 'mantra',
          exe: '/opt/hfs/bin/mantra',
          uid: 1200,
          rss: 1800,
          cpu: 1.1,
          started: b.uptime - 9000,
        });
      return b;
    },
    {
      runs: 6,
      onset: 2,
      chain: [
        'net.link_down>net.gateway_down',
        'net.gateway_down>disk.nfs_stall',
        'disk.nfs_stall>proc.dstate',
      ],
      each(b, run) {
        if (run < 2) return;
        Object.assign(b.net('eno2'), { state: 'down', rx: 0, tx: 0, carrierChanges: 3 });
        b.routes = `default via 10.20.0.1 dev eno2 proto static linkdown
10.20.0.0/24 dev eno2 proto kernel scope link src 10.20.0.12 linkdown
192.0.2.0/24 dev eno1 proto kernel scope link src 192.0.2.10
`;
        b.neighbours = '10.20.0.1 dev eno2 FAILED\n192.0.2.1 dev eno1 lladdr 52:54:00:aa:bb:01 STALE\n';
        b.programs['df'] = [['-PTk /shots', '', 124]];
        for (const p of b.processes.filter((q) => q.name === 'mantra'))
          Object.assign(p, { state: 'D', wchan: 'rpc_wait_bit_killable', cpu: 0 });
        b.blocked = 10;
        b.load = [9.4, 6.1, 3];
        if (run === 2) b.say(6, 'bnxt_en 0000:3b:00.1 eno2: NIC Link is Down', 58);
        b.say(5, 'nfs: server 10.9.0.5 not responding, still trying', 20);
      },
    },
  ),
  fault(
    'a patch cable of an Ubuntu 24.04 host has a loose plug, the link comes and goes',
    is('net.flap', 'eno1'),
    () => bridges(town(on('ubuntu2404', 'kvm-lab', { cores: 8, memory: 64_000, net: 'eno1' }), 80), 14),
    {
      runs: 6,
      onset: 2,
      each(b, run) {
        if (run < 2) return;
        b.net('eno1').carrierChanges = 2 + (run - 1) * 6;
        for (const ago of [50, 31, 12]) {
          b.say(6, 'tg3 0000:02:00.0 eno1: Link is down', ago);
          b.say(6, 'tg3 0000:02:00.0 eno1: Link is up at 1000 Mbps, full duplex', ago - 4);
        }
        b.tcp['RetransSegs'] = 22;
      },
    },
  ),
  fault(
    'a Python service on RHEL 9 accepts slower than its clients come',
    is('net.listen_overflow', ['gunicorn', '8000', ':8000', '']),
    () => {
      const b = town(on('rhel9', 'api-4', { cores: 8, memory: 15_700, disk: 'vda', fs: 'xfs' }), 60);
      const p = b.serve('api.service', {
        name: 'gunicorn',
        exe: '/usr/bin/python3.11',
        uid: 980,
        rss: 600,
        cpu: 0.4,
      });
      b.listeners.push({ at: '0.0.0.0:8000', process: 'gunicorn', pid: p.pid, backlog: 2048 });
      b.sockets = { 'ESTAB 8000': 40 };
      return b;
    },
    {
      runs: 6,
      onset: 2,
      each(b, run) {
        b.tcpExt = { ListenOverflows: 0, ListenDrops: 0 };
        if (run < 2) return;
        b.tcpExt = { ListenOverflows: 41, ListenDrops: 41 };
        b.listeners.find((l) => l.at === '0.0.0.0:8000')!.waiting = 2049;
      },
    },
  ),
  note(
    'a balancer on Alpine 3.12 has used up its ports towards one backend',
    is('net.timewait'),
    () => {
      const b = town(on('alpine312', 'lb1', { cores: 2, memory: 1980, root: [8, 2] }), 20);
      b.run({ name: 'haproxy', exe: '/usr/sbin/haproxy', uid: 100, rss: 90, cpu: 0.3 });
      b.listeners.push({ at: '0.0.0.0:80', process: 'haproxy', backlog: 4096 });
      b.timeWait = 27_960;
      b.files['proc/sys/net/ipv4/ip_local_port_range'] = '32768\t60999\n';
      return b;
    },
    { runs: 4, shell: 'busybox ash' },
  ),
  note(
    'datagrams for a resolver on Alpine overflow its buffer',
    is('net.udp_errors', ['', 'unbound']),
    () => {
      const b = town(on('alpine', 'ns-cache', { cores: 2, memory: 1980, root: [8, 1.4] }), 12);
      const p = b.run({ name: 'unbound', exe: '/usr/sbin/unbound', uid: 100, rss: 300, cpu: 0.9 });
      b.listeners.push({ proto: 'udp', at: '0.0.0.0:53', process: 'unbound', pid: p.pid });
      return b;
    },
    {
      runs: 6,
      onset: 1,
      shell: 'busybox ash',
      each(b, run) {
        b.udp = {
          InDatagrams: 14_000,
          InErrors: run ? 420 : 0,
          OutDatagrams: 13_900,
          RcvbufErrors: run ? 420 : 0,
        };
        b.net('eth0').rx = 2_000_000;
      },
    },
  ),
  fault(
    'an arm board with Raspbian loses its second link for an hour, nothing else',
    is('net.link_down', 'eth1'),
    () => {
      const b = town(
        on('raspios', 'gate-pi', { cores: 4, memory: 3790, disk: 'mmcblk0', root: [29, 6] }),
        15,
      );
      b.nets.push({ name: 'eth1', addresses: ['198.51.100.9/29'], rx: 700_000, tx: 90_000 });
      shelves(b, 0);
      return b;
    },
    {
      runs: 5,
      onset: 3,
      each(b, run) {
        if (run < 3) return;
        Object.assign(b.net('eth1'), { state: 'down', rx: 0, tx: 0, carrierChanges: 3 });
        if (run === 3) b.say(6, 'r8152 2-1:1.0 eth1: carrier off', 40);
      },
    },
  ),
];
