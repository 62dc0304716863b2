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

const percent = (value: number) => formatPercent(value);

/** Charts without a value are left out, but not those that every server has: their place shows that something is missing. */
export function serverCharts(history: History, cores: number | undefined): ChartOf[] {
  const series = new SeriesOf(history);
  return [
    cpuChart(series),
    {
      title: cores ? `Load on ${cores} cores` : 'Load',
      format: (value) => formatCount(value),
      lines: [series.line('cpu.load1', '1 min', 1)],
    },
    memoryChart(series),
    ...swapCharts(series),
    {
      title: 'Disk space used',
      top: 100,
      format: percent,
      lines: series
        .all('fs.used_percent')
        .toSorted((a, b) => (most(b.average) ?? 0) - (most(a.average) ?? 0))
        .slice(0, 6)
        .map(({ subject, average }, index) => ({ label: subject, tone: index + 1, values: average })),
    },
    ...diskCharts(series),
    networkChart(series),
  ];
}

/** The series of a history; what it lacks has no values. */
class SeriesOf {
  readonly #series: Series[];
  readonly #empty: Values;

  constructor({ series, points }: History) {
    this.#series = series;
    this.#empty = new Array<null>(points).fill(null);
  }

  /** Of all subjects. */
  all(metric: MetricName): Series[] {
    return this.#series.filter((series) => series.metric === metric);
  }

  of(metric: MetricName, subject: string): Values {
    return this.all(metric).find((series) => series.subject === subject)?.average ?? this.#empty;
  }

  most(metric: MetricName): number | undefined {
    return most(this.all(metric)[0]?.average);
  }

  /** The first of each metric, added up. */
  sum(...metrics: MetricName[]): Values {
    return add(
      metrics.map((metric) => this.all(metric)[0]?.average),
      this.#empty,
    );
  }

  sumOf(metric: MetricName, subjects: readonly string[]): Values {
    return add(
      subjects.map((subject) => this.of(metric, subject)),
      this.#empty,
    );
  }

  /** With its band where there is one. */
  line(metric: MetricName, label: string, tone: number): Line {
    const [series] = this.all(metric);
    return {
      label,
      tone,
      values: series?.average ?? this.#empty,
      ...(series?.least && series.most && { least: series.least, most: series.most }),
    };
  }
}

function cpuChart(series: SeriesOf): ChartOf {
  return {
    title: 'CPU',
    stacked: true,
    top: 100,
    format: percent,
    lines: [
      { label: 'user', tone: 1, values: series.sum('cpu.user', 'cpu.nice') },
      { label: 'system', tone: 2, values: series.sum('cpu.system', 'cpu.irq', 'cpu.softirq') },
      { label: 'iowait', tone: 3, values: series.sum('cpu.iowait') },
      { label: 'steal', tone: 4, values: series.sum('cpu.steal') },
    ],
  };
}

function memoryChart(series: SeriesOf): ChartOf {
  const ram = series.most('mem.total');
  return {
    title: 'Memory',
    stacked: true,
    binary: true,
    ...(ram && { top: ram }),
    format: formatBytes,
    lines: [
      { label: 'programs', tone: 1, values: series.sum('mem.anon') },
      { label: 'shared', tone: 3, values: series.sum('mem.shmem') },
      { label: 'kernel', tone: 4, values: series.sum('mem.slab_unreclaimable') },
      { label: 'page cache', tone: 6, values: series.sum('mem.cached') },
    ],
  };
}

function swapCharts(series: SeriesOf): ChartOf[] {
  const swap = series.most('mem.swap_total');
  if (!swap) return [];
  const lines = [series.line('mem.swap_used', 'used', 1)];
  return [{ title: 'Swap', binary: true, top: swap, format: formatBytes, lines }];
}

function diskCharts(series: SeriesOf): ChartOf[] {
  const disks = wholeDisks(series.all('disk.busy').map(({ subject }) => subject));
  const throughput: ChartOf = {
    title: 'Disk throughput',
    binary: true,
    format: (value) => `${formatBytes(value)}/s`,
    lines: [
      { label: 'read', tone: 1, values: series.sumOf('disk.read_bytes', disks) },
      { label: 'written', tone: 2, values: series.sumOf('disk.write_bytes', disks) },
    ],
  };
  if (!disks.length) return [throughput];
  const busy = disks.slice(0, 6).map((name, index) => ({
    label: name,
    tone: index + 1,
    values: series.of('disk.busy', name),
  }));
  return [throughput, { title: 'Disk busy', top: 100, format: percent, lines: busy }];
}

/** The two links that send most. */
function networkChart(series: SeriesOf): ChartOf {
  const sent = (name: string) => total(series.of('net.tx_bytes', name));
  const busiest = series
    .all('net.rx_bytes')
    .map(({ subject }) => subject)
    .filter((name) => name !== 'lo')
    .toSorted((a, b) => sent(b) - sent(a))
    .slice(0, 2);
  return {
    title: 'Network',
    format: formatBitRate,
    lines: busiest.flatMap((name, index) => [
      { label: `${name} received`, tone: 1 + 2 * index, values: series.of('net.rx_bytes', name) },
      { label: `${name} sent`, tone: 2 + 2 * index, values: series.of('net.tx_bytes', name) },
    ]),
  };
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
