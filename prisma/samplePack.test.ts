import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coarse, pack, rounded, unpack, type Pack } from './samplePack.ts';

const value = fc.oneof(
  fc.integer({ min: -(2 ** 47), max: 2 ** 47 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
  fc.constant(0),
);

test('what is packed comes back, as far as it is worth', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 32 }), { minLength: 1, maxLength: 40 }),
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 8000 }),
          fc.array(fc.option(value, { nil: undefined }), { minLength: 40, maxLength: 40 }),
        ),
        { maxLength: 8 },
      ),
      (unsorted, raw) => {
        const times = unsorted.toSorted((a, b) => a - b);
        const columns: Pack['columns'] = new Map(
          raw.map(([slot, column]) => [slot, column.slice(0, times.length)]),
        );
        const back = unpack(pack({ times, columns }));
        expect(back.times).toEqual(times);
        expect([...back.columns.keys()].toSorted()).toEqual([...columns.keys()].toSorted());
        for (const [slot, column] of columns) {
          column.forEach((one, index) => {
            const got = back.columns.get(slot)![index];
            if (one === undefined) expect(got).toBeUndefined();
            else expect(Math.abs(got! - one)).toBeLessThanOrEqual(Math.abs(one) * 1e-4 + 1e-40);
          });
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('rounding loses less than 0.01 % and nothing of whole numbers', () => {
  for (const one of [0.1, 3.14159, 99.987, 1e-9, 123456.789, -17.25])
    expect(Math.abs(rounded(one) / one - 1)).toBeLessThan(1e-4);
  for (const one of [0, 1, 82_767_429_632, -5, 2 ** 40]) expect(rounded(one)).toBe(one);
});

test('whole numbers that end in the same zeros come back as they were, and take less room', () => {
  const times = Array.from({ length: 60 }, (_, minute) => minute * 60);
  const noise = (index: number) => Math.imul(index * index + 1, 2_654_435_761) >>> 12;
  const packed = (unit: number) =>
    pack({ times, columns: new Map([[5, times.map((_, i) => noise(i) * unit)]]) });
  expect(unpack(packed(4096)).columns.get(5)).toEqual(times.map((_, i) => noise(i) * 4096));
  expect(packed(4096).length).toBeLessThan(packed(4095).length * 0.8);
  expect(
    unpack(pack({ times, columns: new Map([[1, times.map((_, i) => -i * 2 ** 40)]]) })).columns.get(1),
  ).toEqual(times.map((_, i) => (i ? -i * 2 ** 40 : 0)));
});

test('coarse values keep their first binary digits', () => {
  for (const one of [1, 255, 8_123_456_512, 0.0123, -77.7, 1e-30])
    expect(Math.abs(coarse(8)(one) / one - 1)).toBeLessThan(1 / 256);
  expect([0, 3, 200].map(coarse(8))).toEqual([0, 3, 200]);
});

test('only the wanted series come back', () => {
  const times = [10, 70, 130];
  const bytes = pack({
    times,
    columns: new Map([
      [1, [1, 2, 3]],
      [5, [0.5, undefined, 0.25]],
      [9, [7, 7, 7]],
    ]),
  });
  expect(unpack(bytes, new Set([5])).columns).toEqual(new Map([[5, [0.5, undefined, 0.25]]]));
});

test('an hour of a server is small', () => {
  const times = Array.from({ length: 60 }, (_, minute) => 1_700_000_000 + minute * 60);
  const columns: Pack['columns'] = new Map();
  for (let slot = 0; slot < 200; slot++) {
    columns.set(
      slot,
      times.map((_, minute) =>
        slot % 2 ? 0 : slot % 4 ? 1e9 + slot * minute * 4096 : 20 + 10 * Math.sin(minute / 7 + slot),
      ),
    );
  }
  expect(pack({ times, columns }).length / (60 * 200)).toBeLessThan(1.2);
});

test('bytes that are no pack are refused', () => {
  expect(() => unpack(Buffer.of(9, 1, 2))).toThrow(/version 9/);
  expect(() => unpack(Buffer.of(1, 1, 2, 3))).toThrow();
});
