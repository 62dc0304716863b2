import { expect, it } from 'vitest';
import { kindOf } from './interfaces.ts';
import { read } from './sections.fixture.ts';

it('joins state and addresses', () => {
  const snapshot = read({
    'grep -r . /sys/class/net': `/sys/class/net/eth0/operstate:up
/sys/class/net/eth0/speed:1000
/sys/class/net/eth0/duplex:full
/sys/class/net/eth0/mtu:1500
/sys/class/net/eth0/carrier_changes:3
/sys/class/net/eth0/address:52:54:00:aa:bb:01
/sys/class/net/lo/operstate:unknown
/sys/class/net/lo/address:00:00:00:00:00:00
/sys/class/net/wlan0/operstate:down
/sys/class/net/wlan0/speed:4294967295`,
    'ip -o addr': `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever
2: eth0    inet6 2001:db8::10/64 scope global dynamic \\       valid_lft 86400sec
7: wg0    inet 10.8.0.1 peer 10.8.0.2/32 scope global wg0\\       valid_lft forever
9: veth1@if8    inet6 fe80::1/64 scope link \\       valid_lft forever`,
  });
  expect(snapshot.facts.interfaces).toEqual([
    {
      name: 'eth0',
      kind: 'physical',
      up: true,
      operstate: 'up',
      speed: 1000,
      fastest: 1000,
      duplex: 'full',
      mtu: 1500,
      carrierChanges: 3,
      mac: '52:54:00:aa:bb:01',
      addresses: [
        { address: '192.0.2.10', prefix: 24, family: 4, scope: 'global' },
        { address: '2001:db8::10', prefix: 64, family: 6, scope: 'global' },
      ],
    },
    {
      name: 'lo',
      kind: 'loopback',
      up: true,
      operstate: 'unknown',
      addresses: [{ address: '127.0.0.1', prefix: 8, family: 4, scope: 'host' }],
    },
    { name: 'wlan0', kind: 'physical', up: false, operstate: 'down', addresses: [] },
    {
      name: 'wg0',
      kind: 'wireguard',
      up: true,
      addresses: [{ address: '10.8.0.1', prefix: 32, family: 4, scope: 'global' }],
    },
    {
      name: 'veth1',
      kind: 'virtual',
      up: true,
      addresses: [{ address: 'fe80::1', prefix: 64, family: 6, scope: 'link' }],
    },
  ]);
});

it('tells the kinds apart by name', () => {
  expect(
    ['enp3s0', 'eno1', 'br0', 'docker0', 'bond0', 'tun0', 'vlan7', 'eth0.7', 'veth3'].map(kindOf),
  ).toEqual(['physical', 'physical', 'bridge', 'bridge', 'bond', 'tunnel', 'vlan', 'vlan', 'virtual']);
});
