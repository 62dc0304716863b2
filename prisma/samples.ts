// Samples in the database. New reports are rows of `sample`; each full hour is folded into one pack a server, each day into one at five
// minutes and one at an hour a point (foldSamples.ts), so that a year costs little and a chart reads few rows (samplePoints.ts).
import type { Sample } from '#core/snapshot.ts';
import type { Connection } from './client.ts';
import { overRows, reals, smallints } from './rows.ts';
import { addSeries, type Dictionary, seriesKey } from './seriesNames.ts';

export interface SampleRow {
  serverId: string;
  at: Date;
  samples: readonly Sample[];
}

/**
 * Writes a row a report; a row of the same server and time is replaced, so that a job that runs twice writes the same. The dictionaries
 * must be those of all the servers, as read in this transaction or before; they are brought up to date.
 */
export async function storeSamples(
  connection: Connection,
  rows: readonly SampleRow[],
  dictionaries: ReadonlyMap<string, Dictionary>,
): Promise<void> {
  const keyed = rows.map((row) => ({
    ...row,
    samples: row.samples
      .filter(({ value }) => isStorable(value))
      .map((sample) => ({ ...sample, key: seriesKey(sample.metric, sample.subject) })),
  }));
  await addSeries(connection, keyed, dictionaries);
  const packed = new Map<string, unknown[]>();
  for (const { serverId, at, samples } of keyed) {
    const dictionary = dictionaries.get(serverId)!;
    const slots: number[] = [];
    const values: number[] = [];
    for (const { key, value } of samples) {
      const slot = dictionary.get(key);
      if (slot === undefined) continue;
      slots.push(slot);
      values.push(value);
    }
    packed.set(`${serverId} ${at.getTime()}`, [serverId, at.getTime(), smallints(slots), reals(values)]);
  }
  await overRows(
    connection,
    ['text', 'float8', 'smallint[]', 'real[]'],
    [...packed.values()],
    (values) =>
      `INSERT INTO sample ("serverId", at, slots, values) SELECT s, to_timestamp(a / 1000), k, v FROM (VALUES ${values}) AS r(s, a, k, v)
       ON CONFLICT ("serverId", at) DO UPDATE SET slots = EXCLUDED.slots, values = EXCLUDED.values`,
  );
}

/** A `real` holds less than a number of JavaScript. */
function isStorable(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
