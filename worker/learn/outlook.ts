// Where slow quantities are heading, from weeks of history: space, inodes, memory, wear, and dates that are written down. Pure.
import type { Facts } from '#core/facts.ts';
import type { Outlook } from '#core/learning.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Point } from '#worker/rules/rule.ts';
import { longForecast } from '#worker/series/longForecast.ts';

const day = 86_400;
/** A forecast looks ahead at most this many times as far as its history goes back (OWN). */
const stretch = 6;
/** And rests on at least two days. */
const leastSpan = 2 * day;

interface Heading {
  /** The value at which it ends. */
  limit: number;
  end: string;
  /** Seconds ahead that are worth telling. */
  horizon: number;
  what(subject: string): string;
}

export const headings: Partial<Record<MetricName, Heading>> = {
  'fs.available': { limit: 0, end: 'full', horizon: 90 * day, what: (mount) => `space on ${mount}` },
  'fs.inodes_used_percent': {
    limit: 100,
    end: 'used up',
    horizon: 90 * day,
    what: (mount) => `inodes of ${mount}`,
  },
  'mem.available': { limit: 0, end: 'used up', horizon: 90 * day, what: () => 'memory' },
  'smart.wear_percent': { limit: 100, end: 'worn out', horizon: 1095 * day, what: (device) => `${device}` },
};

/** Told only when the band excludes "never". The soonest first. */
export function outlook(
  series: readonly { metric: MetricName; subject: string; points: readonly Point[] }[],
  facts: Facts,
  now: number,
): Outlook[] {
  const found: Outlook[] = [];
  for (const { metric, subject, points } of series) {
    const heading = headings[metric];
    const f = heading && longForecast(points, heading.limit);
    if (!heading || !f || f.span < leastSpan || f.latest === Infinity) continue;
    if (f.expected > Math.min(heading.horizon, stretch * f.span)) continue;
    const newest = points.at(-1)![0];
    found.push({
      what: heading.what(subject),
      end: heading.end,
      expected: Math.round(newest + f.expected),
      earliest: Math.round(newest + f.earliest),
      latest: Math.round(newest + f.latest),
      span: Math.round(f.span),
    });
  }
  for (const { path, notAfter, usedBy } of facts.certificates ?? []) {
    if (usedBy.length === 0 || notAfter - now > 30 * day) continue;
    const date = { expected: notAfter, earliest: notAfter, latest: notAfter, span: 0 };
    found.push({ what: `certificate ${path}`, end: 'expired', ...date });
  }
  return found.sort((a, b) => a.expected - b.expected).slice(0, 20);
}
