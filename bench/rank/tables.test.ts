import { describe, expect, it } from 'vitest';
import { laggedKinds, makeLagged } from './lagged.ts';
import { baro, byChance, epsilon, largestRatio, largestZ, nsigma } from './rivals.ts';
import { faults, makeCase, type Shape } from './tables.ts';
import { makeWide, wideFaults } from './wide.ts';

const shape: Shape = {
  services: [5, 8],
  steps: [5],
  minutes: [10],
  late: [0],
  names: (service, metric) => `${service}_${metric}`,
};
const cases = Array.from({ length: 30 }, (_, i) => makeCase(i + 1, shape));

describe('the generated tables', () => {
  it('are the same for a seed, have the cause among their columns, and every fault among them', () => {
    expect(makeCase(7, shape)).toEqual(cases[6]);
    for (const made of cases) {
      expect(made.columns.has(made.cause)).toBe(true);
      for (const values of made.columns.values()) expect(values).toHaveLength(made.times.length);
    }
    expect(new Set(cases.map((c) => c.fault)).size).toBe(faults.length);
  });

  it('move the column of the cause at the moment of the fault', () => {
    for (const { columns, cause, times, at } of cases) {
      const values = columns.get(cause)!.filter(Number.isFinite);
      const split = Math.floor((times.findIndex((t) => t >= at) / times.length) * values.length);
      const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
      expect(mean(values.slice(split))).toBeGreaterThan(1.2 * mean(values.slice(0, split)));
    }
  });

  it.each(Object.entries({ baro, nsigma, epsilon, byChance, largestZ, largestRatio }))(
    'are ranked by %s, every column once',
    (_name, rank) => {
      const order = rank(cases[0]!, 1);
      expect(order.toSorted()).toEqual([...cases[0]!.columns.keys()].toSorted());
    },
  );

  it('are easier for a published ranking than for chance', () => {
    const hits = (rank: typeof baro) =>
      cases.filter((c, i) => rank(c, i).slice(0, 5).includes(c.cause)).length;
    expect(hits(baro)).toBeGreaterThan(15);
    expect(hits(byChance)).toBeLessThan(8);
  });
});

describe('the wide tables', () => {
  const wide = Array.from({ length: 12 }, (_, i) => makeWide(i + 1));
  it('are the same for a seed, have the cause, what follows it and what moves every day among their columns', () => {
    expect(makeWide(5)).toEqual(wide[4]);
    for (const { columns, times, cause, symptoms, at } of wide) {
      for (const name of [cause, ...symptoms, 'every_day0', 'constant0'])
        expect(columns.get(name)).toHaveLength(times.length);
      expect(symptoms).not.toContain(cause);
      expect(at > times[0]! && at < times.at(-1)!).toBe(true);
    }
    expect(new Set(wide.map((made) => made.fault)).size).toBeGreaterThan(wideFaults.length / 2);
  });

  it('do not put the cause first: it is named as the others are, and stands among them', () => {
    const first = wide.filter(({ columns, cause }) => [...columns.keys()].indexOf(cause) < 3);
    expect(first.length).toBeLessThan(wide.length / 2);
  });
});

describe.each(laggedKinds)('the lagged tables: %s', (kind) => {
  const tables = Array.from({ length: 6 }, (_, i) => makeLagged(i + 1, kind));
  it('are the same for a seed, as long as their times, and know the moment within them', () => {
    expect(makeLagged(3, kind)).toEqual(tables[2]);
    for (const { columns, times, cause, at } of tables) {
      expect(columns.has(cause)).toBe(true);
      for (const values of columns.values()) expect(values).toHaveLength(times.length);
      expect(at > times[0]! && at < times.at(-1)!).toBe(true);
    }
  });

  it('move the cause, wherever it stands among the columns', () => {
    const places = tables.map(({ columns, cause }) => [...columns.keys()].indexOf(cause));
    expect(new Set(places).size).toBeGreaterThan(3);
    for (const { columns, cause, times, at } of tables) {
      const split = times.findIndex((t) => t >= at);
      const mean = (part: number[]) => {
        const known = part.filter(Number.isFinite);
        return known.reduce((a, b) => a + b, 0) / known.length;
      };
      const values = columns.get(cause)!;
      const before = values.slice(0, split - 10).filter(Number.isFinite);
      const deviation = Math.sqrt(mean(before.map((v) => (v - mean(before)) ** 2)));
      expect(Math.abs(mean(values.slice(split + 10)) - mean(before))).toBeGreaterThan(deviation);
    }
  });
});
