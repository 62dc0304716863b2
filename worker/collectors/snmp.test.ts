import { expect, it } from 'vitest';
import { read, twice, value } from './sections.fixture.ts';

const snmp = (out: number, again: number) => `Ip: Forwarding DefaultTTL InReceives
Ip: 2 64 22976
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts
Tcp: 1 200 120000 -1 180 2 90 0 17 22810 ${out} ${again} 0 244
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors
Udp: 165 0 0 166 ${again} 0`;

it('reads connections, retransmissions and full UDP buffers', () => {
  const snapshot = read(twice('cat /proc/net/snmp', snmp(1000, 10), snmp(1970, 40)));
  expect(value(snapshot, 'net.tcp.established')).toBe(17);
  expect(value(snapshot, 'net.tcp.out_segments')).toBe(970);
  expect(value(snapshot, 'net.tcp.retransmits')).toBe(30);
  expect(value(snapshot, 'net.tcp.retransmit_percent')).toBe(3);
  expect(value(snapshot, 'net.udp.receive_errors')).toBe(30);
});

it('tells no share of retransmissions where one of the two counters is missing', () => {
  const tcp = (name: string, n: number) => `Tcp: ActiveOpens ${name}\nTcp: 5 ${n}`;
  for (const [name, metric] of [
    ['OutSegs', 'net.tcp.out_segments'],
    ['RetransSegs', 'net.tcp.retransmits'],
  ] as const) {
    const snapshot = read(twice('cat /proc/net/snmp', tcp(name, 10), tcp(name, 30)));
    expect(value(snapshot, metric)).toBe(20);
    expect(snapshot.counters.map((counter) => counter.metric)).not.toContain('net.tcp.retransmit_percent');
  }
});

it('finds a counter by its name, wherever its column is', () => {
  const netstat = (n: number) => `TcpExt: SyncookiesSent TW ListenOverflows ListenDrops TCPReqQFullDoCookies
TcpExt: 1 715 ${n} ${n} ${2 * n}
IpExt: InNoRoutes InOctets
IpExt: 0 791406008`;
  const snapshot = read(twice('cat /proc/net/netstat', netstat(5), netstat(11), 2));
  expect(value(snapshot, 'net.tcp.listen_overflows')).toBe(3);
  expect(value(snapshot, 'net.tcp.syn_cookies')).toBe(6);
});

it('counts sent cookies where an old kernel does not count the full queue', () => {
  const netstat = (n: number) => `TcpExt: SyncookiesSent TW\nTcpExt: ${n} 715`;
  expect(value(read(twice('cat /proc/net/netstat', netstat(5), netstat(7))), 'net.tcp.syn_cookies')).toBe(2);
});
