import { expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { attribute } from './attribution.ts';
import { spaceShares } from './shares.ts';

const MB = 1e6;
const about = (id: string, kind: Finding['subject']['kind'], name: string): Finding => ({
  id,
  severity: 'critical',
  since: startOfTests + 480,
  subject: { kind, name },
  summary: '',
  evidence: [],
  article: '',
  confidence: 1,
});

it('names who wrote what a filesystem lost, while it lost it', () => {
  // 10 MB/s went from the fourth to the ninth minute; a database wrote ten times as much elsewhere, another one before and after.
  const filling = (i: number) => i >= 4 && i < 10;
  const picture = handmadePicture({
    reports: 16,
    series: {
      'fs.available{/srv}': (i) => 3600 * MB - Math.min(6, Math.max(0, i - 3)) * 600 * MB,
      'proc.group.write_bytes{chatter}': (i) => (filling(i) ? 10 * MB : 0),
      'proc.group.write_bytes{postgres}': 100 * MB,
      'proc.group.write_bytes{backup}': (i) => (filling(i) ? undefined : 10 * MB),
    },
  });
  const shares = spaceShares(picture, about('disk.full', 'mount', '/srv'));
  expect(shares.map((s) => s.name)).toEqual(['chatter']);
  expect(shares[0]!.share).toBeGreaterThan(0.95);
});

it('blames no program for a disk that is slow while hardly anything is asked of it', () => {
  const picture = (reads: number) =>
    handmadePicture({
      series: {
        'disk.busy{sdb}': 99,
        'disk.queue{sdb}': 25,
        'disk.await{sdb}': 8000,
        'disk.reads{sdb}': reads,
        'disk.read_bytes{sdb}': reads * 4096,
        'proc.group.read_bytes{oracle}': reads * 4000,
      },
    });
  const finding = about('disk.saturated', 'device', 'sdb');
  expect(attribute(picture(3), finding)).toBeUndefined();
  expect(attribute(picture(300), finding)).toMatchObject({ subject: { name: 'oracle' } });
});
