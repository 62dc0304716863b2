// Coarser points from finer ones: least, mean and most of each stretch. Pure.
import { coarse, type Pack } from './samplePack.ts';

/** Seconds that a point of a pack stands for. Of the two coarser ones each series has three columns: least, mean, most. */
export const resolutions = [60, 300, 3600] as const;
export type Resolution = (typeof resolutions)[number];

/** The columns of some series in a coarser pack. */
export function bandSlots(slots: ReadonlySet<number>): Set<number> {
  return new Set([...slots].flatMap((slot) => [slot * 3, slot * 3 + 1, slot * 3 + 2]));
}

/** A mean with an error below 0.05 %, least and most with one below 0.8 %: they are drawn as a band. */
const [meanWorth, bandWorth] = [coarse(11), coarse(7)];
export const worthOfRollUp = (slot: number) => (slot % 3 === 1 ? meanWorth : bandWorth);

/** Least, mean and most of each stretch of minutes: three columns a series, at slot × 3, + 1 and + 2. */
export function rollUp({ times, columns }: Pack, resolution: Resolution): Pack {
  const starts = [...new Set(times.map((at) => Math.floor(at / resolution) * resolution))];
  const place = new Map(starts.map((at, index) => [at, index]));
  const stretch = times.map((at) => place.get(Math.floor(at / resolution) * resolution)!);
  const rolled: Pack['columns'] = new Map();
  for (const [slot, column] of columns) {
    const [least, mean, most] = [0, 1, 2].map(() =>
      new Array<number | undefined>(starts.length).fill(undefined),
    );
    const counts = new Array<number>(starts.length).fill(0);
    for (let index = 0; index < column.length; index++) {
      const value = column[index];
      if (value === undefined) continue;
      const at = stretch[index]!;
      if (counts[at]!++ === 0) least![at] = mean![at] = most![at] = value;
      else {
        if (value < least![at]!) least![at] = value;
        if (value > most![at]!) most![at] = value;
        mean![at]! += value;
      }
    }
    counts.forEach((count, at) => {
      if (count > 1) mean![at]! /= count;
    });
    rolled
      .set(slot * 3, least!)
      .set(slot * 3 + 1, mean!)
      .set(slot * 3 + 2, most!);
  }
  return { times: starts, columns: rolled };
}

/** The pack of one report. `at`: epoch seconds. */
export function packOf({
  at,
  slots,
  values,
}: {
  at: number;
  slots: ArrayLike<number>;
  values: ArrayLike<number>;
}): Pack {
  const columns: Pack['columns'] = new Map();
  for (let index = 0; index < slots.length; index++) columns.set(slots[index]!, [values[index]]);
  return { times: [at], columns };
}

/** Packs of different times one after the other. Where two have the same time the later one counts. */
export function joinPacks(packs: readonly Pack[]): Pack {
  const times = [...new Set(packs.flatMap((pack) => pack.times))].sort((a, b) => a - b);
  const place = new Map(times.map((at, index) => [at, index]));
  const columns: Pack['columns'] = new Map();
  for (const pack of packs) {
    const places = pack.times.map((at) => place.get(at)!);
    for (const [slot, column] of pack.columns) {
      let joined = columns.get(slot);
      if (!joined) columns.set(slot, (joined = new Array<number | undefined>(times.length).fill(undefined)));
      for (let index = 0; index < column.length; index++)
        if (column[index] !== undefined) joined[places[index]!] = column[index];
    }
  }
  return { times, columns };
}

/**
 * Two coarser packs of the same resolution as one: where both have a point, the least and the most of both and the mean between
 * their means, since how many values each stands for is not known any more.
 */
export function mergeRolledUp(one: Pack, other: Pack): Pack {
  const joined = joinPacks([one, other]);
  const place = new Map(one.times.map((at, index) => [at, index]));
  other.times.forEach((at, index) => {
    const before = place.get(at);
    if (before === undefined) return;
    const target = joined.times.indexOf(at);
    for (const [slot, column] of other.columns) {
      const [a, b] = [one.columns.get(slot)?.[before], column[index]];
      if (a === undefined || b === undefined) continue;
      const both = slot % 3 === 0 ? Math.min(a, b) : slot % 3 === 1 ? (a + b) / 2 : Math.max(a, b);
      joined.columns.get(slot)![target] = both;
    }
  });
  return joined;
}
