import { expect, it } from 'vitest';
import { read, twice, value } from './sections.fixture.ts';

const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed`;
const line = (name: string, rx: number[], tx: number[]) =>
  `${name}:${[...rx, 0, 0, 0].join(' ')} ${[...tx, 0, 0, 0].join(' ')}`;

it('reads traffic and errors, with and without a space after the colon', () => {
  const snapshot = read({
    ...twice(
      'cat /proc/net/dev',
      `${head}\n${line('  eth0', [1000, 10, 1, 2, 0], [500, 5, 0, 0, 0])}`,
      `${head}\n${line('  eth0', [126_000, 110, 3, 5, 1], [1500, 15, 1, 1, 0])}`,
    ),
    'grep -r . /sys/class/net': '/sys/class/net/eth0/speed:10\n/sys/class/net/eth0/operstate:up',
  });
  expect(value(snapshot, 'net.rx_bytes', 'eth0')).toBe(125_000);
  expect(value(snapshot, 'net.tx_packets', 'eth0')).toBe(10);
  expect(value(snapshot, 'net.errors', 'eth0')).toBe(3);
  expect(value(snapshot, 'net.drops', 'eth0')).toBe(4);
  expect(value(snapshot, 'net.fifo', 'eth0')).toBe(1);
  // 125,000 bytes a second are 1 Mbit/s of 10.
  expect(value(snapshot, 'net.utilization', 'eth0')).toBe(10);
});

it('keeps aliases, VLANs and bridges, and leaves out loopback and the ends of container links', () => {
  const rows = [
    'lo',
    'eth0',
    'eth0:1',
    'eth0.100',
    'docker0',
    'br0',
    'veth0',
    'veth1a2b3c4',
    'cali1234567890a',
    'wg0',
  ];
  const body = `${head}\n${rows.map((name) => line(name, [1, 1, 0, 0, 0], [1, 1, 0, 0, 0])).join('\n')}`;
  const snapshot = read(twice('cat /proc/net/dev', body, body));
  const seen = snapshot.samples
    .filter(({ metric }) => metric === 'net.rx_bytes')
    .map(({ subject }) => subject);
  expect(seen).toEqual(['eth0', 'eth0:1', 'eth0.100', 'docker0', 'br0', 'veth0', 'wg0']);
});
