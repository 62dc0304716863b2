import { expect, test } from 'vitest';
import { serverCharts } from './serverCharts.ts';

const series = (metric: string, subject: string, ...average: (number | null)[]) => ({
  metric,
  subject,
  average,
  least: average,
  most: average,
});
const history = (...all: ReturnType<typeof series>[]) => ({ start: 0, step: 60, points: 2, series: all });
const chart = (charts: ReturnType<typeof serverCharts>, title: string) =>
  charts.find((each) => each.title === title)!;

test('kinds of CPU time are summed into four layers', () => {
  const charts = serverCharts(
    history(
      series('cpu.user', '', 10, null),
      series('cpu.nice', '', 5, null),
      series('cpu.system', '', 3, 4),
      series('cpu.softirq', '', 1, null),
    ),
    4,
  );
  const layers = chart(charts, 'CPU').lines.map(({ label, values }) => [label, values]);
  expect(layers).toEqual([
    ['user', [15, null]],
    ['system', [4, 4]],
    ['iowait', [null, null]],
    ['steal', [null, null]],
  ]);
  expect(chart(charts, 'Load on 4 cores')).toBeDefined();
});

test('throughput counts whole disks once: neither their partitions nor what lies on top', () => {
  const names = ['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'dm-0', 'md127', 'sdaa'];
  const charts = serverCharts(
    history(
      ...names.map((name) => series('disk.busy', name, 1, 1)),
      ...names.map((name) => series('disk.read_bytes', name, 100, null)),
    ),
    undefined,
  );
  expect(chart(charts, 'Disk throughput').lines[0]!.values).toEqual([300, null]);
  expect(chart(charts, 'Disk busy').lines.map(({ label }) => label)).toEqual(['sda', 'nvme0n1', 'sdaa']);
});

test('the network chart leaves loopback out and shows the busiest links', () => {
  const charts = serverCharts(
    history(
      ...['lo', 'eth0', 'wg0', 'eth1'].flatMap((name, index) => [
        series('net.rx_bytes', name, 1, 1),
        series('net.tx_bytes', name, 9 - index, 9 - index),
      ]),
    ),
    undefined,
  );
  expect(chart(charts, 'Network').lines.map(({ label }) => label)).toEqual([
    'eth0 received',
    'eth0 sent',
    'wg0 received',
    'wg0 sent',
  ]);
});

test('a machine without swap has no swap chart', () => {
  expect(chart(serverCharts(history(series('mem.swap_total', '', 0, 0)), 1), 'Swap')).toBeUndefined();
  expect(chart(serverCharts(history(series('mem.swap_total', '', 1024, 1024)), 1), 'Swap')!.top).toBe(1024);
});
