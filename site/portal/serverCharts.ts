// Which charts a server has, and the series behind them.
import { formatBitRate, formatBytes, formatCount, formatPercent } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Values } from './chartShape.ts';
import type { Answers } from './client.ts';
import type { Line } from './Chart.tsx';

type History = Answers['series']['history'];
type Series = History['series'][number];

const banded = new Set<MetricName>(['cpu.load1', 'mem.swap_used']);

export const wantedSeries: { metric: MetricName; subject?: string; bands?: boolean }[] = [
  ...(
    [
      'cpu.user',
      'cpu.nice',
      'cpu.system',
      'cpu.irq',
      'cpu.softirq',
      'cpu.iowait',
      'cpu.steal',
      'cpu.load1',
      'mem.total',
      'mem.anon',
      'mem.shmem',
      'mem.slab_unreclaimable',
      'mem.cached',
      'mem.swap_total',
      'mem.swap_used',
    ] as const
  ).map((metric) => ({ metric, subject: '', ...(banded.has(metric) && { bands: true }) })),
  ...(
    [
      'fs.used_percent',
      'disk.read_bytes',
      'disk.write_bytes',
      'disk.busy',
      'net.rx_bytes',
      'net.tx_bytes',
    ] as const
  ).map((metric) => ({ metric })),
];

export interface ChartOf {
  title: string;
  lines: Line[];
  stacked?: boolean;
  top?: number;
  binary?: boolean;
  format: (value: number) => string;
}

/** Charts without a value are left out, but not those that every server has: their place shows that something is missing. */
export function serverCharts(history: History, cores: number | undefined): ChartOf[] {
  const find = (metric: string) => history.series.find((series) => series.metric === metric);
  const all = (metric: string) => history.series.filter((series) => series.metric === metric);
  const empty: Values = new Array<null>(history.points).fill(null);
  const sum = (...metrics: string[]) =>
    add(
      metrics.map((metric) => find(metric)?.average),
      empty,
    );
  const line = (series: Series | undefined, label: string, tone: number): Line => ({
    label,
    tone,
    values: series?.average ?? empty,
    ...(series?.least && series.most && { least: series.least, most: series.most }),
  });
  const percent = (value: number) => formatPercent(value);
  const ram = most(find('mem.total')?.average);
  const swap = most(find('mem.swap_total')?.average);
  const disks = wholeDisks(all('disk.busy').map(({ subject }) => subject));
  const onDisks = (metric: string) =>
    add(
      all(metric)
        .filter(({ subject }) => disks.includes(subject))
        .map(({ average }) => average),
      empty,
    );
  const links = all('net.rx_bytes')
    .map(({ subject }) => subject)
    .filter((name) => name !== 'lo');
  const onLink = (metric: string, name: string) =>
    all(metric).find(({ subject }) => subject === name)?.average ?? empty;
  const busiest = links
    .toSorted((a, b) => total(onLink('net.tx_bytes', b)) - total(onLink('net.tx_bytes', a)))
    .slice(0, 2);

  const charts: ChartOf[] = [
    {
      title: 'CPU',
      stacked: true,
      top: 100,
      format: percent,
      lines: [
        { label: 'user', tone: 1, values: sum('cpu.user', 'cpu.nice') },
        { label: 'system', tone: 2, values: sum('cpu.system', 'cpu.irq', 'cpu.softirq') },
        { label: 'iowait', tone: 3, values: sum('cpu.iowait') },
        { label: 'steal', tone: 4, values: sum('cpu.steal') },
      ],
    },
    {
      title: cores ? `Load on ${cores} cores` : 'Load',
      format: (value) => formatCount(value),
      lines: [line(find('cpu.load1'), '1 min', 1)],
    },
    {
      title: 'Memory',
      stacked: true,
      binary: true,
      ...(ram && { top: ram }),
      format: formatBytes,
      lines: [
        { label: 'programs', tone: 1, values: sum('mem.anon') },
        { label: 'shared', tone: 3, values: sum('mem.shmem') },
        { label: 'kernel', tone: 4, values: sum('mem.slab_unreclaimable') },
        { label: 'page cache', tone: 6, values: sum('mem.cached') },
      ],
    },
    {
      title: 'Disk space used',
      top: 100,
      format: percent,
      lines: all('fs.used_percent')
        .toSorted((a, b) => (most(b.average) ?? 0) - (most(a.average) ?? 0))
        .slice(0, 6)
        .map((series, index) => ({ label: series.subject, tone: index + 1, values: series.average })),
    },
    {
      title: 'Disk throughput',
      binary: true,
      format: (value) => `${formatBytes(value)}/s`,
      lines: [
        { label: 'read', tone: 1, values: onDisks('disk.read_bytes') },
        { label: 'written', tone: 2, values: onDisks('disk.write_bytes') },
      ],
    },
    {
      title: 'Network',
      format: formatBitRate,
      lines: busiest.flatMap((name, index) => [
        { label: `${name} received`, tone: 1 + 2 * index, values: onLink('net.rx_bytes', name) },
        { label: `${name} sent`, tone: 2 + 2 * index, values: onLink('net.tx_bytes', name) },
      ]),
    },
  ];
  if (swap) {
    charts.splice(3, 0, {
      title: 'Swap',
      binary: true,
      top: swap,
      format: formatBytes,
      lines: [line(find('mem.swap_used'), 'used', 1)],
    });
  }
  if (disks.length) {
    charts.splice(-1, 0, {
      title: 'Disk busy',
      top: 100,
      format: percent,
      lines: disks.slice(0, 6).map((name, index) => ({
        label: name,
        tone: index + 1,
        values: all('disk.busy').find(({ subject }) => subject === name)!.average,
      })),
    });
  }
  return charts;
}

/** Sums on the same grid; a point that no part has stays unknown. */
function add(parts: (Values | undefined)[], empty: Values): Values {
  return empty.map((_, index) => {
    const present = parts.map((values) => values?.[index] ?? null).filter((value) => value !== null);
    return present.length ? present.reduce((a, b) => a + b) : null;
  });
}

function total(values: Values): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function most(values: Values | undefined): number | undefined {
  const present = values?.filter((value) => value !== null) ?? [];
  return present.length ? Math.max(...present) || undefined : undefined;
}

/** Without partitions and what lies on top of disks (RAID, LVM), whose bytes would count twice. */
function wholeDisks(names: string[]): string[] {
  const plain = names.filter((name) => !/^(dm-|md|loop|zram|sr)\d/.test(name));
  return plain.filter(
    (name) =>
      !plain.some(
        (disk) => disk !== name && name.startsWith(disk) && /^p?\d+$/.test(name.slice(disk.length)),
      ),
  );
}
