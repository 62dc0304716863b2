import { describe, expect, it } from 'vitest';
import { families, labelled } from './families.ts';
import { scoreCorpus, windowsAround, type Labelled } from './nab.ts';
import { others } from './others.ts';

const file = (windows: [number, number][], n = 1000): Labelled => ({
  name: 'made',
  times: Array.from({ length: n }, (_, i) => i),
  values: Array.from({ length: n }, () => 0),
  windows,
});
/** Scores of a detector that is certain at some moments. */
const at = (...moments: number[]) => Array.from({ length: 1000 }, (_, i) => (moments.includes(i) ? 1 : 0));
const of = (windows: [number, number][], ...moments: number[]) =>
  scoreCorpus([file(windows)], [at(...moments)], 1);

describe('the scoring of the benchmark', () => {
  it('is 100 for the first moment of each window, 0 for silence', () => {
    const windows: [number, number][] = [
      [300, 349],
      [700, 749],
    ];
    expect(of(windows, 300, 700).nab).toBeCloseTo(100, 9);
    expect(of(windows).nab).toBe(0);
    expect(of(windows, 300).nab).toBeCloseTo(50, 9);
  });

  it('gives less the later an anomaly is told, and counts the first alarm of a window alone', () => {
    // Half way: (2 / (1 + exp(-2.5)) - 1) / (2 / (1 + exp(-5)) - 1) = 0.8598 of the worth, and the other half for not having missed it.
    const late = of([[300, 349]], 325).nab;
    expect(late).toBeCloseTo(50 + (50 * 0.84828) / 0.98661, 1);
    expect(of([[300, 349]], 325, 330, 340).nab).toBe(late);
  });

  it('takes 0.11 for a false alarm, less right behind a window, nothing in the time of probation', () => {
    const before = of([[300, 349]], 200, 300).nab;
    expect(before).toBeCloseTo(100 - (100 * 0.11) / 2, 6);
    expect(of([[300, 349]], 900, 300).nab).toBeCloseTo(before, 6);
    expect(of([[300, 349]], 350, 300).nab).toBeGreaterThan(before);
    expect(of([[300, 349]], 149, 300).nab).toBeCloseTo(100, 6);
    expect(of([[300, 349]], 150, 300).nab).toBeLessThan(100);
  });

  it('finds the one threshold that is best for all files', () => {
    const scores = at(300).map((s, i) => (s === 1 ? 0.7 : i === 800 ? 0.9 : i === 810 ? 0.6 : 0));
    const { nab, threshold, found, falseAlarms } = scoreCorpus([file([[300, 349]])], [scores]);
    expect({ threshold, found, falseAlarms }).toEqual({ threshold: 0.7, found: 1, falseAlarms: 1 });
    expect(nab).toBeCloseTo(94.5, 1);
  });

  it('makes windows of a tenth of the file, behind probation, one where they overlap', () => {
    expect(windowsAround([500], 1000)).toEqual([[450, 550]]);
    expect(windowsAround([800, 160], 1000)).toEqual([
      [151, 185],
      [775, 825],
    ]);
    expect(windowsAround([500, 520], 1000)).toEqual([[475, 545]]);
  });
});

describe('the generated series', () => {
  it.each([...families, ...others])(
    '%s: the same for a seed, in order of time, with its windows inside',
    (name, _count, family) => {
      const made = labelled(name, 4711, family);
      expect(labelled(name, 4711, family)).toEqual(made);
      expect(made.times).toHaveLength(made.values.length);
      expect(made.values.every(Number.isFinite)).toBe(true);
      expect(made.times.every((t, i) => i === 0 || t > made.times[i - 1]!)).toBe(true);
      expect(made.windows.every(([from, to]) => from > 0 && from <= to && to < made.values.length)).toBe(
        true,
      );
      if (made.windows.length > 0) expect(labelled(name, 4712, family).values).not.toEqual(made.values);
    },
  );
});
