import { expect, test } from 'vitest';
import { type MetricName, metrics } from './metrics.ts';
import { openMetricsFamily, openMetricsName } from './openMetrics.ts';

const names = Object.keys(metrics) as MetricName[];

test('each metric has a name of its own, in base units and without endings that mean something else', () => {
  const exported = names.map(openMetricsName);
  expect(new Set(exported).size).toBe(names.length);
  for (const name of exported) {
    expect(name).toMatch(/^rootnote_[a-z][a-z0-9_]*$/);
    expect(name).not.toMatch(/_(count|total|sum|bucket|info|created|percent|ms)$/);
  }
});

test('a family is head and samples; labels and help are escaped; percent are ratios', () => {
  const text = [
    ...openMetricsFamily('fs.used_percent', [
      { labels: { server: 'a"b\\c\nd', mount: '/srv' }, value: 93.5, at: 1_700_000_000 },
    ]),
  ];
  expect(text.slice(0, 2)).toEqual([
    '# TYPE rootnote_fs_used_ratio gauge\n',
    '# UNIT rootnote_fs_used_ratio ratio\n',
  ]);
  expect(text[2]).toMatch(/^# HELP rootnote_fs_used_ratio \S.*\n$/);
  expect(text[3]).toBe('rootnote_fs_used_ratio{server="a\\"b\\\\c\\nd",mount="/srv"} 0.935 1700000000\n');
});
