// How the server is connected: routes, neighbours, names, bonds, tunnels, firewall, clock, NFS.
import { describe, expect, it } from 'vitest';
import { hexAddress, socketAddress } from './socketAddress.ts';
import { complaints, now, read, twice, value } from './sections.fixture.ts';

describe('routes', () => {
  it('of ip route, IPv4 and IPv6, without those of the machine itself', () => {
    const snapshot = read({
      'ip route':
        'default via 192.0.2.1 dev eth0 proto dhcp metric 100 \n192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10 \nlocal 127.0.0.1 dev lo table local proto kernel\nblackhole 10.0.0.0/8 \n198.51.100.0/24 via inet6 fe80::1 dev eth0',
      'ip -6 route':
        '2001:db8::/64 dev eth0 proto kernel metric 256 pref medium\ndefault via fe80::1 dev eth0 metric 1024 pref medium',
    });
    expect(snapshot.facts.routes).toEqual([
      { destination: 'default', device: 'eth0', family: 4, gateway: '192.0.2.1' },
      { destination: 'default', device: 'eth0', family: 6, gateway: 'fe80::1' },
      { destination: '192.0.2.0/24', device: 'eth0', family: 4 },
      { destination: '10.0.0.0/8', device: '', family: 4 },
      { destination: '198.51.100.0/24', device: 'eth0', family: 4, gateway: 'fe80::1' },
      { destination: '2001:db8::/64', device: 'eth0', family: 6 },
    ]);
  });

  it('of the kernel, in hexadecimal', () => {
    const snapshot = read({
      'cat /proc/net/route':
        'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    });
    expect(snapshot.facts.routes).toEqual([
      { destination: 'default', device: 'eth0', family: 4, gateway: '192.0.2.1' },
      { destination: '192.0.2.0/24', device: 'eth0', family: 4 },
    ]);
  });
});

it('neighbours: the state that ip neigh tells counts more than the table of the kernel', () => {
  const snapshot = read({
    'cat /proc/net/arp':
      'IP address       HW type     Flags       HW address            Mask     Device\n192.0.2.1        0x1         0x2         52:54:00:12:34:56     *        eth0\n192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0',
    'ip neigh':
      '192.0.2.1 dev eth0 lladdr 52:54:00:12:34:56 STALE \nfe80::1 dev eth0 lladdr 52:54:00:12:34:56 router REACHABLE\n192.0.2.7 dev eth0  FAILED',
  });
  expect(snapshot.facts.neighbours).toEqual([
    { address: '192.0.2.1', device: 'eth0', state: 'STALE', lladdr: '52:54:00:12:34:56' },
    { address: '192.0.2.9', device: 'eth0', state: 'INCOMPLETE', failingSince: now },
    { address: 'fe80::1', device: 'eth0', state: 'REACHABLE', lladdr: '52:54:00:12:34:56' },
    { address: '192.0.2.7', device: 'eth0', state: 'FAILED', failingSince: now },
  ]);
});

it('names', () => {
  const snapshot = read({
    'cat /etc/resolv.conf':
      '# made by dhclient\ndomain old.example.org\nsearch example.org example.net\nnameserver 192.0.2.53\nnameserver 2001:db8::53\noptions timeout:1',
    'cat /etc/hosts': '127.0.0.1 localhost # here\n\n192.0.2.10\tweb1.example.org web1',
  });
  expect(snapshot.facts.resolver).toEqual({
    nameservers: ['192.0.2.53', '2001:db8::53'],
    search: ['example.org', 'example.net'],
  });
  expect(snapshot.facts.hosts).toEqual([
    { address: '127.0.0.1', names: ['localhost'] },
    { address: '192.0.2.10', names: ['web1.example.org', 'web1'] },
  ]);
});

it('a bond that lost a slave', () => {
  const bond = `Ethernet Channel Bonding Driver: v5.10.0

Bonding Mode: fault-tolerance (active-backup)
MII Status: up

Slave Interface: eth0
MII Status: up
Permanent HW addr: 52:54:00:aa:bb:01

Slave Interface: eth1
MII Status: down`;
  expect(read({ 'cat /proc/net/bonding/bond0': bond }).facts.bonds).toEqual([
    {
      name: 'bond0',
      mode: 'fault-tolerance (active-backup)',
      slaves: [
        { name: 'eth0', up: true },
        { name: 'eth1', up: false },
      ],
    },
  ]);
});

it('WireGuard peers, as wg prints them and without the keys that the agent takes out', () => {
  const key = (letter: string) => `${letter.repeat(43)}=`;
  const plain = `wg0\t(private)\t${key('A')}\t51820\toff
wg0\t${key('B')}\t(none)\t198.51.100.7:51820\t10.8.0.2/32,2001:db8:8::2/128\t${now - 300}\t1234\t5678\t25
wg0\t${key('C')}\t(none)\t(none)\t10.8.0.3/32\t0\t0\t0\toff`;
  const snapshot = read({ 'wg show all dump': plain });
  expect(snapshot.facts.wireguard).toEqual([
    {
      device: 'wg0',
      publicKey: key('B'),
      endpoint: '198.51.100.7:51820',
      handshakeAt: now - 300,
      keepaliveSeconds: 25,
      listenPort: 51820,
    },
    { device: 'wg0', publicKey: key('C'), listenPort: 51820 },
  ]);
  expect(value(snapshot, 'net.wireguard_age', `wg0 ${key('B')}`)).toBe(300);
  const masked = `wg0 - ${key('A')} 51820 off\nwg0 ${key('B')} - 198.51.100.7:51820 10.8.0.2/32 ${now - 300} 1234 5678 25`;
  expect(read({ 'wg show all dump': masked }).facts.wireguard).toHaveLength(1);
});

describe('the firewall', () => {
  const rules = (body: string) => read({ 'nft list ruleset': body }).facts.firewall;
  it('no rules, an empty chain, rules, and a policy of drop', () => {
    expect(rules('rules 0')).toEqual({ tool: 'none', rules: 0 });
    const hook = '\t\ttype filter hook input priority filter; policy accept;';
    expect(rules(`${hook}\nrules 1`)).toEqual({ tool: 'none', rules: 0 });
    expect(rules(`${hook}\nrules 12`)).toEqual({ tool: 'nft', rules: 11 });
    expect(rules('-P INPUT DROP\n-P FORWARD ACCEPT\nrules 0')).toEqual({ tool: 'iptables', rules: 1 });
  });

  it('is unknown where the section was cut off or says something else', () => {
    for (const body of ['', 'Segmentation fault', 'rules']) expect(rules(body), body).toBeUndefined();
  });
});

it('socket states', () => {
  const snapshot = read({ 'ss -Htan': '5 LISTEN\n812 ESTAB\n44 SYN-RECV\n30 TIME-WAIT' });
  expect(value(snapshot, 'net.tcp.syn_recv')).toBe(44);
  expect(value(read({ 'ss -Htan': '5 LISTEN' }), 'net.tcp.syn_recv')).toBe(0);
});

it('NFS calls that were sent again', () => {
  const snapshot = read(
    twice('cat /proc/net/rpc/nfs', 'net 0 0 0 0\nrpc 1000 10 1000', 'net 0 0 0 0\nrpc 1100 15 1100'),
  );
  expect(value(snapshot, 'net.nfs_retransmit_percent')).toBe(5);
});

describe('the clock', () => {
  it('of busybox adjtimex, where there is no systemd: what the kernel says', () => {
    const shown = (status: string, returned: string) =>
      `    mode:         0\n-o  offset:       0 us\n    maxerror:     16384\n    status:       ${status}\n` +
      `-t  tick:         10000 us\n    return value: ${returned}\n`;
    const unset = shown('64 (UNSYNC)', '5 (clock not synchronized)');
    expect(read({ 'busybox adjtimex': shown('1 (PLL)', '0 (clock synchronized)') }).facts.clock).toEqual({
      synchronized: true,
      maxErrorSeconds: 0.016384,
    });
    expect(read({ 'busybox adjtimex': unset }).facts.clock).toEqual({ synchronized: false });
    const table = 'pid\tutime\tstime\tmajflt\tname\n7\t1\t1\t0\tntpd\n';
    expect(read({ 'cat /proc/[0-9]*/stat': table, 'busybox adjtimex': unset }).facts.clock).toBeUndefined();
  });

  it('timedatectl of today and of RHEL 7', () => {
    expect(read({ 'timedatectl show': 'Timezone=UTC\nNTP=no\nNTPSynchronized=no' }).facts.clock).toEqual({
      synchronized: false,
      service: 'none',
    });
    expect(
      read({
        'timedatectl status':
          '      Local time: Tue 2023-11-14 22:13:20 UTC\nNTP enabled: yes\nNTP synchronized: yes',
      }).facts.clock,
    ).toEqual({ synchronized: true });
  });

  it('chrony, as a row and as a list', () => {
    const row = read({
      'chronyc -n -c tracking':
        'C0000235,192.0.2.53,3,1699999321.1,-0.250000000,-0.000004321,0.000034567,-12.345,0.001,0.123,0.020000000,0.001000000,1024.5,Normal',
    });
    expect(row.facts.clock).toEqual({
      service: 'chrony',
      synchronized: true,
      offsetSeconds: 0.25,
      maxErrorSeconds: 0.261,
      source: '192.0.2.53',
    });
    expect(value(row, 'clock.offset')).toBe(0.25);
    const list = read({
      'chronyc tracking':
        'Reference ID    : 00000000 ()\nSystem time     : 0.000000123 seconds slow of NTP time\nLeap status     : Not synchronised',
    });
    // Without a delay and a dispersion nobody knows how wrong it may be.
    expect(list.facts.clock).toEqual({
      service: 'chrony',
      synchronized: false,
      offsetSeconds: -0.000000123,
    });
    const half = read({ 'chronyc tracking': 'Root delay      : 0.02 seconds\nLeap status     : Normal' });
    expect(half.facts.clock).toEqual({ service: 'chrony', synchronized: true });
  });

  it('ntpd', () => {
    const peers = `     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
+192.0.2.54      .GPS.            1 u   33   64  377    1.234    0.512   0.100
*192.0.2.53      192.0.2.1        2 u   12   64  377    0.512  -75.250   0.200`;
    const snapshot = read({ 'ntpq -pn': peers });
    expect(snapshot.facts.clock).toEqual({
      service: 'ntpd',
      synchronized: true,
      source: '192.0.2.53',
      offsetSeconds: -0.07525,
    });
    expect(complaints(read({ 'ntpq -pn': 'Connection refused' }))).toHaveLength(1);
  });
});

it('addresses of sockets', () => {
  expect(socketAddress('[fe80::1%eth0]:546')).toEqual({ address: 'fe80::1', port: 546 });
  expect(socketAddress('*:80')).toEqual({ address: '*', port: 80 });
  expect(socketAddress(':::80')).toEqual({ address: '::', port: 80 });
  expect(socketAddress('1.2.3.4:99999')).toBeUndefined();
  expect(hexAddress('0100007F:1F90')).toEqual({ address: '127.0.0.1', port: 8080 });
  expect(hexAddress('00000000000000000000000001000000:0016')).toEqual({ address: '::1', port: 22 });
  expect(hexAddress('B80D0120000000000000000000000000:0016')).toEqual({ address: '2001:db8::', port: 22 });
  expect(hexAddress('XYZ')).toBeUndefined();
});

it('a route with several next hops goes by the first', () => {
  const snapshot = read({
    'ip route':
      'default proto static metric 20\n\tnexthop via 10.0.0.1 dev eth1 weight 1\n\tnexthop via 10.0.0.2 dev eth2 weight 1\n10.9.0.0/16 via inet6 fe80::9 dev eth3',
  });
  expect(snapshot.facts.routes).toEqual([
    { destination: 'default', device: 'eth1', family: 4, gateway: '10.0.0.1' },
    { destination: '10.9.0.0/16', device: 'eth3', family: 4, gateway: 'fe80::9' },
  ]);
});
