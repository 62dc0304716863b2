import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from '#prisma/samplePack.ts';
import { historySeconds, SeriesWindow } from './seriesWindow.ts';

const hour = 3600;
const start = 1_760_000_400;

interface Row {
  at: number;
  slots: number[];
  values: number[];
}

/** What a series must look like at the newest of these reports: the newest hour in full, the means of five minutes before. */
function reference(rows: readonly Row[], slot: number): [number, number][] {
  const at = rows.at(-1)!.at;
  const fineFrom = Math.floor((at - hour) / hour) * hour;
  const groups = Map.groupBy(
    rows.flatMap((row) => {
      const place = row.slots.indexOf(slot);
      return place < 0 ? [] : [{ at: row.at, value: row.values[place]! }];
    }),
    (point) => (point.at < fineFrom ? Math.floor(point.at / 300) * 300 : point.at),
  );
  return [...groups]
    .map(([time, points]): [number, number] => [
      time,
      Math.fround(points.reduce((sum, { value }) => sum + value, 0) / points.length),
    ])
    .filter(([time]) => time >= at - historySeconds);
}

/** Nine hours: series that never change, that do, that come hourly, that appear late and that go. */
function day(step: number): Row[] {
  return Array.from({ length: Math.floor((9 * hour) / step) }, (_, index) => {
    const at = start + index * step;
    const series: [number, number][] = [
      [0, 4096],
      [1, Math.fround(Math.sin(index / 7) * 50 + 50)],
      [2, index < 200 ? 3 : 4],
      ...(index % 60 === 0 ? [[3, index] as [number, number]] : []),
      ...(at > start + 5 * hour ? [[7, index % 5] as [number, number]] : []),
      ...(at < start + 2 * hour ? [[5, 1] as [number, number]] : []),
    ];
    return { at, slots: series.map(([slot]) => slot), values: series.map(([, value]) => value) };
  });
}

describe.each([60, 47, 300, 700])('reports every %i s', (step) => {
  const rows = day(step);

  test('step by step it is what it would be anew, whatever was asked for in between', () => {
    const window = SeriesWindow.of([], rows.slice(0, 1));
    for (let index = 1; index < rows.length; index++) {
      const { at, slots, values } = rows[index]!;
      window.add(at, slots, values);
      window.roll();
      for (const slot of [0, 1, 2, 3, 7]) window.points(slot);
      if (index % 29 && index !== rows.length - 1) continue;
      const past = rows.slice(0, index + 1);
      const anew = SeriesWindow.of([], past);
      for (const slot of [0, 1, 2, 3, 7]) {
        const expected = reference(past, slot);
        expect(window.points(slot)).toEqual(expected);
        expect(anew.points(slot)).toEqual(expected);
        const values = expected.map(([, value]) => value);
        expect(window.extent(slot)).toEqual(
          values.length ? [Math.min(...values), Math.max(...values)] : undefined,
        );
      }
      expect(window.times()).toEqual(anew.times());
      expect(window.isLacking).toBe(false);
    }
    expect(window.has(5), 'gone for more than six hours').toBe(false);
    expect(window.points(5)).toEqual([]);
    expect(window.isLacking).toBe(false);
  });

  test('from packs of hours it is the same', () => {
    const cut = rows.findIndex(({ at }) => at >= Math.floor((rows.at(-1)!.at - 600) / hour) * hour);
    const packs = [...Map.groupBy(rows.slice(0, cut), ({ at }) => Math.floor(at / hour)).values()].map(
      (own) => {
        const slots = [...new Set(own.flatMap((row) => row.slots))];
        const columnOf = (slot: number) => own.map((row) => row.values[row.slots.indexOf(slot)]);
        return unpack(
          pack({
            times: own.map(({ at }) => at),
            columns: new Map(slots.map((slot) => [slot, columnOf(slot)])),
          }),
        );
      },
    );
    const window = SeriesWindow.of(packs, rows.slice(cut));
    for (const slot of [0, 1, 2, 3, 7]) {
      const expected = reference(rows, slot);
      const points = window.points(slot);
      expect(points.map(([at]) => at)).toEqual(expected.map(([at]) => at));
      points.forEach(([, value], index) => expect(value).toBeCloseTo(expected[index]![1], 1));
    }
  });
});

test('a series that nobody asked for keeps its newest value only; who asks for more is told that it is lacking', () => {
  const rows = day(60).slice(0, 100);
  const window = SeriesWindow.of([], rows);
  const whole = window.bytes;
  window.points(1);
  window.shrink();
  expect(window.bytes).toBeLessThan(whole);
  expect(window.points(1)).toHaveLength(100);
  expect(window.newest(2)).toEqual([rows.at(-1)!.at, 3]);
  expect(window.isLacking).toBe(false);
  expect(window.points(2)).toEqual([]);
  expect(window.isLacking).toBe(true);
});

test('a series that begins later is whole from its first value on', () => {
  const window = SeriesWindow.of([], day(60).slice(0, 5));
  window.points(1);
  window.shrink();
  window.add(start + 300, [1, 9], [50, 7]);
  window.add(start + 360, [1, 9], [51, 8]);
  expect(window.points(9)).toEqual([
    [start + 300, 7],
    [start + 360, 8],
  ]);
  expect(window.isLacking).toBe(false);
});

test('no order of reports and no number breaks it', () => {
  const row = fc.record({
    at: fc.integer({ min: start, max: start + 12 * hour }),
    series: fc.dictionary(fc.integer({ min: 0, max: 20 }).map(String), fc.float({ noNaN: true }), {
      maxKeys: 8,
    }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const window = SeriesWindow.of([], []);
      let newest = -Infinity;
      for (const { at, series } of rows) {
        window.add(at, Object.keys(series).map(Number), Object.values(series));
        window.roll();
        newest = Math.max(newest, at);
        expect(window.at).toBe(newest);
        for (let slot = 0; slot <= 20; slot++) {
          const times = window.points(slot).map(([time]) => time);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(new Set(times).size).toBe(times.length);
        }
      }
    }),
  );
});
