import { expect, it } from 'vitest';
import type { Snapshot } from '#core/snapshot.ts';
import { PictureBuilder } from './picture.ts';

const start = 1_760_000_000;
const report = (n: number): Snapshot => ({
  agent: {},
  complete: true,
  counters: [],
  at: start + n * 60,
  facts: {},
  events: [],
  partial: [],
  samples: [{ metric: 'mem.available' as const, subject: '', value: n }],
});

it('keeps a day of a long history point by point, and means of what is older', () => {
  const builder = new PictureBuilder();
  const days = 8;
  for (let n = 0; n < days * 1440; n++) builder.add(report(n));
  const picture = builder.picture();
  const points = picture.series('mem.available');
  expect(picture.reports).toBe(days * 1440);
  expect(points.slice(-1440).map(([, value]) => value)).toEqual(
    Array.from({ length: 1440 }, (_, i) => (days - 1) * 1440 + i),
  );
  // A day of minutes, two days of five minutes, hours of the rest; a day may wait for its turn.
  expect(points.length).toBeLessThan(2 * 1440 + 2 * 288 + days * 24);
  expect(points.length).toBeGreaterThan(1440 + 2 * 288);
  for (const [i, [at, value]] of points.entries()) {
    if (i > 0) expect(at).toBeGreaterThan(points[i - 1]![0]);
    // The mean of what a point stands for lies within the hour that begins with it.
    expect(value).toBeGreaterThanOrEqual((at - start) / 60);
    expect(value).toBeLessThan((at - start) / 60 + 60);
  }
});
