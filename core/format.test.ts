import { describe, expect, it } from 'vitest';
import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatTime,
  formatValue,
} from './format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [10_093_173_146, '9.4 GiB'],
    [1023.99 * 1024 * 1024, '1 GiB'],
    [200 * 1024 ** 4, '200 TiB'],
    [-5 * 1024 ** 2, '-5 MiB'],
    [Number.NaN, 'unknown'],
  ])('writes %d bytes as %s', (value, text) => expect(formatBytes(value)).toBe(text));

  it.each([
    [0.25, '250 ms'],
    [45, '45 s'],
    [720, '12 min'],
    [12_000, '3 h 20 min'],
    [7200, '2 h'],
    [450_000, '5 d 5 h'],
    [86_400 * 400, '400 d'],
    [-600, '-10 min'],
  ])('writes %d seconds as %s', (value, text) => expect(formatDuration(value)).toBe(text));

  it('keeps a decimal only where it says something', () => {
    expect(formatPercent(91.26)).toBe('91 %');
    expect(formatPercent(0.84)).toBe('0.8 %');
    expect(formatPercent(0)).toBe('0 %');
    expect(formatPercent(-0.0001)).toBe('0 %');
    expect(formatCount(20_000)).toBe('20,000');
    expect(formatCount(1_234_567.8)).toBe('1,234,568');
    expect(formatCount(3.14159)).toBe('3.1');
    expect(formatCount(0.02)).toBe('0.02');
  });

  it('writes rates of links in bits and powers of 1000', () => {
    expect(formatBitRate(117_500_000)).toBe('940 Mbit/s');
    expect(formatBitRate(0)).toBe('0 bit/s');
  });

  it('follows the units of the metric catalogue', () => {
    expect(formatValue(12.5, 'percent')).toBe('13 %');
    expect(formatValue(2048, 'bytes/s')).toBe('2 KiB/s');
    expect(formatValue(5, 'seconds')).toBe('5 s');
    expect(formatValue(48.2, 'ms')).toBe('48 ms');
    expect(formatValue(71, 'celsius')).toBe('71 °C');
    expect(formatValue(350, '/s')).toBe('350/s');
    expect(formatValue(350, 'pages/s')).toBe('350 pages/s');
    expect(formatValue(3, 'count')).toBe('3');
    expect(formatValue(true, '')).toBe('yes');
    expect(formatValue('failed', '')).toBe('failed');
    expect(formatValue(1_700_000_000, 'epoch')).toBe('2023-11-14 22:13:20 UTC');
    expect(formatTime(Number.NaN)).toBe('unknown');
  });
});
