import { expect, test } from 'vitest';
import { ageText, axisText, dateText } from './timeText.ts';

test('ages are as exact as they need to be', () => {
  expect([0.2, 5, 89, 90, 3600, 5400, 86_400, 3 * 86_400].map((s) => ageText(s))).toEqual([
    'now',
    '5 s ago',
    '89 s ago',
    '2 min ago',
    '60 min ago',
    '2 h ago',
    '24 h ago',
    '3 d ago',
  ]);
  expect(ageText(-120)).toBe('in 2 min');
  expect(ageText(7200, true)).toBe('2 h');
});

test('before the zone of the reader is known, dates say UTC', () => {
  expect(dateText(1_700_000_000, false)).toBe('2023-11-14 22:13:20 UTC');
  expect(axisText(1_700_000_000, 3600, false)).toBe('22:13');
  expect(axisText(1_700_000_000, 7 * 86_400, false)).toBe('14 Nov');
});
