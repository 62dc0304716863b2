import { describe, expect, it } from 'vitest';
import { complaints, read } from './sections.fixture.ts';

const listeners = (name: string, body: string) => read({ [name]: body }).facts.listeners;

describe('listening sockets', () => {
  it('reads ss of today: zones, IPv6, both families, names of programs', () => {
    const found = listeners(
      'ss -Htlnup',
      `udp UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*     users:(("systemd-resolve",pid=512,fd=13))
tcp LISTEN 3      511          0.0.0.0:80        0.0.0.0:*     users:(("nginx",pid=12,fd=6),("nginx",pid=11,fd=6))
tcp LISTEN 0      128                *:22              *:*     users:(("sshd",pid=1301,fd=3))
tcp LISTEN 0      4096   [fe80::1%eth0]:8080           [::]:*
tcp LISTEN 0      511        127.0.0.1:3000      0.0.0.0:*     users:(("MainThread",pid=1400,fd=19))
tcp ESTAB  0      0          192.0.2.1:22    198.51.100.7:4711`,
    );
    expect(found).toEqual([
      { protocol: 'udp', address: '127.0.0.53', port: 53, process: 'systemd-resolved', pid: 512 },
      { protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx', pid: 12, queue: 3, backlog: 511 },
      { protocol: 'tcp', address: '::', port: 22, process: 'sshd', pid: 1301, queue: 0, backlog: 128 },
      { protocol: 'tcp', address: 'fe80::1', port: 8080, queue: 0, backlog: 4096 },
      {
        protocol: 'tcp',
        address: '127.0.0.1',
        port: 3000,
        process: 'node',
        pid: 1400,
        queue: 0,
        backlog: 511,
      },
    ]);
  });

  it('reads ss of RHEL 7, where * is IPv4 and ::: is IPv6, and of RHEL 6 with its own list of users', () => {
    const found = listeners(
      'ss -Hltnup',
      `tcp    LISTEN     0      128       *:22        *:*      users:(("sshd",1301,3))
tcp    LISTEN     0      128      :::80       :::*      users:(("httpd",pid=1812,fd=4),("httpd",pid=1811,fd=4))
tcp    LISTEN     0      50     ::ffff:127.0.0.1:8005    :::*`,
    );
    expect(found).toMatchObject([
      { address: '0.0.0.0', port: 22, process: 'sshd', pid: 1301 },
      { address: '::', port: 80, process: 'httpd' },
      { address: '127.0.0.1', port: 8005 },
    ]);
  });

  it('reads ss without the columns that leave no choice', () => {
    expect(listeners('ss -Htn state listening', '5      120    127.0.0.1:33793 0.0.0.0:*')).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 33793, queue: 5, backlog: 120 },
    ]);
  });

  it("reads the kernel's own tables in hexadecimal", () => {
    const snapshot = read({
      'cat /proc/net/tcp': `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 5123 1
   1: 0A0200C0:0016 077164CB:D431 01 00000000:00000000 00:00000000 00000000     0        0 5124 1`,
      'cat /proc/net/tcp6': `  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: B80D0120000000000000000010000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0
   1: 0000000000000000FFFF00000A0200C0:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0
   2: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0`,
      'cat /proc/net/udp': `  sl  local_address rem_address   st tx_queue rx_queue
  312: 00000000:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000`,
    });
    expect(snapshot.facts.listeners).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 8080, queue: 2 },
      { protocol: 'tcp', address: '2001:db8::10', port: 443, queue: 0 },
      { protocol: 'tcp', address: '192.0.2.10', port: 8081, queue: 0 },
      { protocol: 'tcp', address: '::', port: 80, queue: 0 },
      { protocol: 'udp', address: '0.0.0.0', port: 67 },
    ]);
  });

  it('knows who waits for the answer of a name server elsewhere', () => {
    const snapshot = read({
      'cat /proc/net/snmp': 'Udp: InDatagrams NoPorts\nUdp: 96 3',
      'cat /proc/net/udp': `  sl  local_address rem_address   st tx_queue rx_queue
 1015: 0A0200C0:DB22 356433C6:0035 01 00000000:00000000 00:00000000 00000000     0        0 29460797 2
 3528: 0A0200C0:A4F3 356433C6:0035 01 00000000:00000000 00:00000000 00000000     0        0 29462048 2
 3529: 0100007F:A4F4 3500007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 29462049 2
  312: 00000000:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000`,
    });
    expect(snapshot.facts.lookups).toEqual({
      received: 96,
      waiting: [{ address: '198.51.100.53', count: 2 }],
    });
  });

  it('joins the short list of a minute and the one with programs', () => {
    const snapshot = read({
      'ss -Htn state listening': '7 511 0.0.0.0:80 0.0.0.0:*',
      'ss -Htlnup': 'tcp LISTEN 7 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=12,fd=6))',
    });
    expect(snapshot.facts.listeners).toEqual([
      { protocol: 'tcp', address: '0.0.0.0', port: 80, queue: 7, backlog: 511, process: 'nginx', pid: 12 },
    ]);
  });

  it('nothing listens: an empty list, and no complaint', () => {
    const snapshot = read({ 'ss -Htlnup': '' });
    expect(snapshot.facts.listeners).toEqual([]);
    expect(complaints(snapshot)).toEqual([]);
  });
});

it('skips the heading, and knows both ways to write the interface of an address', () => {
  const snapshot = read({
    'ss -tlnup': `Netid  State   Recv-Q  Send-Q     Local Address:Port      Peer Address:Port  Process
udp    UNCONN  0       0      [fe80::1]%enp1s0:546                [::]:*      users:(("dhcp",pid=6,fd=2))
udp    UNCONN  0       0      [fe80::2%enp1s0]:546                [::]:*`,
    'ss -tn state listening':
      'State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*',
  });
  expect(snapshot.facts.listeners!.map(({ address, port }) => `${address} ${port}`)).toEqual([
    'fe80::1 546',
    'fe80::2 546',
    '0.0.0.0 22',
  ]);
  expect(snapshot.partial).toEqual([]);
});
