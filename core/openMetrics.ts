// Series as OpenMetrics 1.0 text, in the base units that its readers expect: https://prometheus.io/docs/specs/om/open_metrics_spec/
import { type MetricName, metrics, type Unit } from './metrics.ts';

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** What a unit is called, and what a value is multiplied by. Without a name the value is a plain number. */
const units: Record<Unit, { name: string; factor: number }> = {
  percent: { name: 'ratio', factor: 0.01 },
  bytes: { name: 'bytes', factor: 1 },
  'bytes/s': { name: 'bytes_per_second', factor: 1 },
  count: { name: '', factor: 1 },
  '/s': { name: 'per_second', factor: 1 },
  seconds: { name: 'seconds', factor: 1 },
  ms: { name: 'seconds', factor: 0.001 },
  celsius: { name: 'celsius', factor: 1 },
  rpm: { name: 'rpm', factor: 1 },
  cores: { name: 'cores', factor: 1 },
  days: { name: 'seconds', factor: 86_400 },
  ratio: { name: 'ratio', factor: 1 },
  'packets/s': { name: 'packets_per_second', factor: 1 },
  'pages/s': { name: 'pages_per_second', factor: 1 },
};

/** `mem.used_percent` is `rootnote_mem_used_ratio`: the unit comes last, and endings that mean something else there are avoided. */
export function openMetricsName(metric: MetricName): string {
  const unit = units[metrics[metric].unit].name;
  const stem = metric
    .replaceAll('.', '_')
    .replace(/_(percent|ms|bytes|seconds)$/, '')
    .replace(/_(count|total|sum|bucket|info|created)$/, '_number');
  return `rootnote_${stem}${unit && !stem.endsWith(`_${unit}`) ? `_${unit}` : ''}`;
}

export interface ExportedSample {
  /** Which server, and which entity of it; the value of each label is any text. */
  labels: Record<string, string>;
  value: number;
  /** Epoch seconds. */
  at: number;
}

/** The head of a family and its samples, a line each. Every one of the product's series is a gauge: rates are computed already. */
export function* openMetricsFamily(metric: MetricName, samples: Iterable<ExportedSample>): Generator<string> {
  const { unit, label, help } = metrics[metric];
  const name = openMetricsName(metric);
  yield `# TYPE ${name} gauge\n`;
  if (units[unit].name) yield `# UNIT ${name} ${units[unit].name}\n`;
  yield `# HELP ${name} ${escaped(`${label}. ${help}`)}\n`;
  for (const { labels, value, at } of samples) {
    const list = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    yield `${name}{${list.join(',')}} ${scaled(value, units[unit].factor)} ${at}\n`;
  }
}

export const openMetricsEnd = '# EOF\n';

/** Stored values have seven digits at most; more would be noise of the multiplication. */
function scaled(value: number, factor: number): string {
  return String(factor === 1 ? value : Number((value * factor).toPrecision(9)));
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
