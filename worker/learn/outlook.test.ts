import { expect, it } from 'vitest';
import type { MetricName } from '#core/metrics.ts';
import { outlook } from './outlook.ts';

const day = 86_400;
const now = 1_790_000_000;
/** A value an hour over two weeks, with a ripple of the day. */
function series(metric: MetricName, subject: string, from: number, each: number, ripple: number) {
  const points = Array.from({ length: 14 * 24 }, (_, i) => {
    const at = now - (14 * 24 - i) * 3600;
    return [at, from + (each * i) / 24 + ripple * Math.sin((i / 12) * Math.PI)] as const;
  });
  return { metric, subject, points };
}

it.each([
  ['space on /srv', 'full', series('fs.available', '/srv', 300e9, -9e9, 1e9), 300 / 9],
  ['inodes of /srv', 'used up', series('fs.inodes_used_percent', '/srv', 40, 1.5, 0.3), 60 / 1.5],
  ['memory', 'used up', series('mem.available', '', 8e9, -2e8, 1e8), 8 / 0.2],
  ['nvme0', 'worn out', series('smart.wear_percent', 'nvme0', 60, 0.8, 0), 40 / 0.8],
])('says when %s will be %s, with a band around it', (what, end, one, days) => {
  const [found] = outlook([one], {}, now);
  const truth = now + (days - 14) * day;
  expect(found).toMatchObject({ what, end });
  expect(Math.abs(found!.expected - truth)).toBeLessThan(0.2 * (truth - now));
  expect(found!.earliest).toBeLessThanOrEqual(found!.expected);
  expect(found!.latest).toBeGreaterThanOrEqual(found!.expected);
  expect(found!.latest).toBeLessThan(now + 365 * day);
});

it('says nothing of what stays, of what only comes and goes, and of what two days have not shown', () => {
  expect(outlook([series('fs.available', '/', 300e9, 0, 5e9)], {}, now)).toEqual([]);
  const short = series('fs.available', '/', 300e9, -9e9, 0);
  expect(outlook([{ ...short, points: short.points.slice(-24) }], {}, now)).toEqual([]);
});

it('knows the date of a certificate that something uses', () => {
  const certificate = { path: '/etc/ssl/a.pem', subject: 'a', issuer: 'b', names: [], notBefore: now - day };
  const certificates = [
    { ...certificate, notAfter: now + 9 * day, usedBy: ['nginx'] },
    { ...certificate, path: '/etc/ssl/unused.pem', notAfter: now + 9 * day, usedBy: [] },
  ];
  expect(outlook([], { certificates }, now)).toEqual([
    {
      what: 'certificate /etc/ssl/a.pem',
      end: 'expired',
      expected: now + 9 * day,
      earliest: now + 9 * day,
      latest: now + 9 * day,
      span: 0,
    },
  ]);
});
