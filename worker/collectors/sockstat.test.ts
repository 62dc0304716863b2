import { expect, it } from 'vitest';
import { read, value } from './sections.fixture.ts';

const body = `sockets: used 312
TCP: inuse 21 orphan 50 tw 512 alloc 34 mem 400
UDP: inuse 6 mem 2`;

it('reads sockets by state against their limits', () => {
  const snapshot = read({
    'cat /proc/net/sockstat': body,
    'grep -r . /proc/sys/net/ipv4':
      '/proc/sys/net/ipv4/tcp_mem:100\t200\t1000\n/proc/sys/net/ipv4/tcp_max_orphans:200\n/proc/sys/net/ipv4/ip_local_port_range:32768\t60999',
  });
  expect(value(snapshot, 'net.tcp.ports')).toBe(28_232);
  expect(value(snapshot, 'net.tcp.time_wait')).toBe(512);
  expect(value(snapshot, 'net.tcp.memory')).toBe(400 * 4096);
  expect(value(snapshot, 'net.tcp.memory_percent')).toBe(40);
  expect(value(snapshot, 'net.tcp.orphans_percent')).toBe(25);
});

it('counts pages of the size that this kernel has', () => {
  const snapshot = read({
    'cat /proc/net/sockstat': body,
    'cat /proc/meminfo': 'MemTotal: 8245152 kB\nMemFree: 1299744 kB',
    'cat /proc/vmstat': 'nr_free_pages 81234\npswpin 0',
  });
  expect(value(snapshot, 'net.tcp.memory')).toBe(400 * 16_384);
});
