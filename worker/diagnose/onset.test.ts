import { expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import { handmadePicture, startOfTests, type Values } from '#worker/picture/handmade.ts';
import { onsetOf } from './onset.ts';

const minute = (n: number) => startOfTests + 60 * n;

function found(id: string, since: number, source: string, more: Partial<Finding> = {}): Finding {
  return {
    id,
    severity: 'warning',
    since,
    subject: { kind: 'mount', name: '/srv' },
    summary: 'It is so.',
    evidence: [{ what: 'value', value: 1, unit: '', source }],
    article: '/problems/x/#check',
    confidence: 0.9,
    ...more,
  };
}

/** When a full filesystem that was found full at minute 40 began to fill, in minutes. */
const fullSince = (used: Values) =>
  (onsetOf(
    handmadePicture({ reports: 46, series: { 'fs.used_percent{/srv}': used } }),
    found('disk.full', minute(40), 'fs.used_percent{/srv}'),
    [],
  ) -
    startOfTests) /
  60;

it('says when what is beyond its bound began to grow', () => {
  expect(fullSince((i) => 60 + Math.max(0, i - 10) * 1.1)).toBeGreaterThanOrEqual(11);
  expect(fullSince((i) => 60 + Math.max(0, i - 10) * 1.1)).toBeLessThanOrEqual(13);
});

it('leaves a step and a swing where they were found', () => {
  expect(fullSince((i) => (i < 40 ? 60 : 95))).toBe(40);
  expect(fullSince((i) => (i < 40 ? 70 + 15 * Math.sin(i) : 95))).toBe(40);
});

it('begins a setting of old with the first harm that it does, and one that does none with itself', () => {
  const picture = handmadePicture({
    reports: 30,
    series: { 'mem.available_percent': (i) => (i < 20 ? 40 : 4) },
  });
  const setting = found('db.redis_no_maxmemory', minute(-9000), 'facts.redis.maxmemory', { latent: true });
  expect(onsetOf(picture, setting, [found('mem.low', minute(20), 'mem.available_percent')])).toBe(minute(20));
  expect(onsetOf(picture, setting, [])).toBe(minute(-9000));
});

it('looks at what was seen before a cause that is read hourly', () => {
  const picture = handmadePicture({ reports: 60 });
  const symptoms = [found('disk.latency', minute(12), 'disk.await{sda}')];
  expect(onsetOf(picture, found('smart.pending', minute(50), 'smart.pending{sda}'), symptoms)).toBe(
    minute(12),
  );
  expect(onsetOf(picture, found('disk.errors', minute(14), 'dmesg'), symptoms)).toBe(minute(14));
});
