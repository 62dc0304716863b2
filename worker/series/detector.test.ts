import { describe, expect, it } from 'vitest';
import { newDetector, observe, packDetector, packedBytes, unpackDetector } from './detector.ts';

const start = 1_700_000_000;

/** A fixed sequence in 0..1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function noise(seed: number): () => number {
  const next = random(seed);
  return () => Array.from({ length: 12 }, next).reduce((a, b) => a + b, 0) - 6;
}

/** Alarms by number of sample. */
function alarms(n: number, step: number, value: (i: number) => number, floor?: number): number[] {
  const state = newDetector();
  const found: number[] = [];
  for (let i = 0; i < n; i++) if (observe(state, start + i * step, value(i), { floor }).alarm) found.push(i);
  return found;
}

describe('the detector', () => {
  it.each<[string, (g: () => number) => (i: number) => number]>([
    ['noise', (g) => () => 50 + g()],
    ['a daily wave', (g) => (i) => 50 + 15 * Math.sin((2 * Math.PI * i) / 288) + 2 * g()],
    ['a constant', () => () => 42],
    ['small whole numbers', (g) => () => Math.round(3 + g())],
    ['a nightly job', (g) => (i) => 10 + g() + (i % 288 >= 30 && i % 288 < 42 ? 50 + 3 * g() : 0)],
  ])('is silent on %s for two weeks', (_name, make) => {
    expect(alarms(4000, 300, make(noise(3)))).toEqual([]);
  });

  it.each<[string, (i: number, g: () => number) => number, number]>([
    ['a spike of one sample', (i, g) => 50 + g() + (i === 3000 ? 40 : 0), 3000],
    ['a shift of the level', (i, g) => 50 + g() + (i >= 3000 ? 10 : 0), 3000],
    ['a fall to zero', (i, g) => (i >= 3000 && i < 3060 ? 0 : 200 + 10 * g()), 3000],
    ['more spread than ever', (i, g) => 50 + g() * (i >= 3000 && i < 3100 ? 7 : 1), 3000],
    [
      'a peak on top of a daily wave',
      (i, g) => 50 + 15 * Math.sin((2 * Math.PI * i) / 288) + 2 * g() + (i >= 3000 && i < 3012 ? 35 : 0),
      3000,
    ],
  ])('finds %s within ten samples and nothing before', (_name, value, at) => {
    const g = noise(5);
    const found = alarms(4000, 300, (i) => value(i, g));
    expect(found[0]).toBeGreaterThanOrEqual(at);
    expect(found[0]).toBeLessThanOrEqual(at + 10);
  });

  it('does not look ahead: a prefix scores as the whole', () => {
    const value = (i: number) => 20 + Math.sin(i) + (i > 300 ? 8 : 0);
    const score = (n: number) => {
      const state = newDetector();
      return Array.from({ length: n }, (_, i) => observe(state, start + i * 60, value(i)));
    };
    expect(score(400).slice(0, 350)).toEqual(score(350));
  });

  it('respects the floor of an effect, cools down, and skips what is no number', () => {
    const g = noise(9);
    expect(alarms(1000, 300, (i) => 50 + 0.1 * g() + (i > 800 ? 2 : 0), 5)).toEqual([]);
    const shifted = alarms(1000, 300, (i) => 50 + g() + (i > 800 ? 60 : 0));
    expect(shifted.length).toBe(1);
    const state = newDetector();
    expect(observe(state, 1, Number.NaN)).toEqual({ score: 0, alarm: false });
    expect(state.samples).toBe(0);
  });

  it('packs its state into at most 200 bytes and goes on from there as before', () => {
    expect(packedBytes).toBeLessThanOrEqual(200);
    const g = noise(2);
    const state = newDetector();
    const value = (i: number) => 50 + 15 * Math.sin((2 * Math.PI * i) / 288) + 2 * g();
    for (let i = 0; i < 3000; i++) observe(state, start + i * 300, value(i));
    const copy = unpackDetector(packDetector(state))!;
    for (let i = 3000; i < 3100; i++) {
      const v = value(i) + (i > 3050 ? 60 : 0);
      const [a, b] = [observe(state, start + i * 300, v), observe(copy, start + i * 300, v)];
      expect(b.alarm).toBe(a.alarm);
      expect(Math.abs(b.score - a.score)).toBeLessThan(0.01);
    }
    expect(unpackDetector(new Uint8Array(3))).toBeUndefined();
  });
});
