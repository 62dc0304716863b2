// The names of a server's series, one row a server: what stands at place n of its two lists has slot n in the packed samples.
import { interned } from '#core/interned.ts';
import type { Sample } from '#core/snapshot.ts';
import { storableText } from '#core/storable.ts';
import { type Connection, prepared, type Transaction } from './client.ts';
import { overRows } from './rows.ts';

/** Series of one server at most; the rest of a hostile report is not stored. A smallint holds the slot. */
const seriesLimit = 8000;

/** Slots of a server's series by `seriesKey`; grows with the series that are stored. */
export type Dictionary = Map<string, number>;

export interface SeriesName {
  slot: number;
  metric: string;
  subject: string;
}

export function seriesKey(metric: string, subject: string): string {
  return `${metric} ${subject.length > 200 || !subject.isWellFormed() ? storedSubject(subject) : subject}`;
}

const storedSubject = (subject: string) => storableText(subject.slice(0, 200));

/** All series of a server in order of their slots. */
export async function readSeriesNames(db: Transaction, serverId: string): Promise<SeriesName[]> {
  const row = await db.seriesNames.findUnique({ where: { serverId } });
  return row ? row.metrics.map((metric, slot) => ({ slot, metric, subject: row.subjects[slot]! })) : [];
}

export async function readDictionaries(
  connection: Connection,
  serverIds: readonly string[],
): Promise<Map<string, Dictionary>> {
  const { rows } = await connection.query<{ serverId: string; metrics: string[]; subjects: string[] }>(
    prepared(`SELECT "serverId", metrics, subjects FROM "SeriesNames" WHERE "serverId" = ANY($1::text[])`, [
      serverIds,
    ]),
  );
  const found = new Map<string, Dictionary>(serverIds.map((serverId) => [serverId, new Map()]));
  for (const { serverId, metrics, subjects } of rows) {
    const dictionary = found.get(serverId)!;
    metrics.forEach((metric, slot) => dictionary.set(interned(seriesKey(metric, subjects[slot]!)), slot));
  }
  return found;
}

/**
 * Series that a dictionary lacks get slots. It may be one of earlier: what others added since then is read before. The servers are
 * locked, so nobody else adds to them meanwhile.
 */
export async function addSeries(
  connection: Connection,
  rows: readonly { serverId: string; samples: readonly (Sample & { key: string })[] }[],
  dictionaries: ReadonlyMap<string, Dictionary>,
): Promise<void> {
  const lacking = rows.filter(({ serverId, samples }) => {
    const dictionary = dictionaries.get(serverId)!;
    return dictionary.size < seriesLimit && samples.some(({ key }) => !dictionary.has(key));
  });
  if (!lacking.length) return;
  const stored = await readDictionaries(
    connection,
    lacking.map(({ serverId }) => serverId),
  );
  const added = new Map<string, { metrics: string[]; subjects: string[] }>();
  for (const { serverId, samples } of lacking) {
    const dictionary = dictionaries.get(serverId)!;
    for (const [key, slot] of stored.get(serverId) ?? []) dictionary.set(key, slot);
    for (const { key, metric, subject } of samples) {
      if (dictionary.has(key) || dictionary.size >= seriesLimit) continue;
      let own = added.get(serverId);
      if (!own) added.set(serverId, (own = { metrics: [], subjects: [] }));
      own.metrics.push(metric);
      own.subjects.push(storedSubject(subject));
      dictionary.set(interned(key), dictionary.size);
    }
  }
  await overRows(
    connection,
    ['text', 'text[]', 'text[]'],
    [...added].map(([serverId, { metrics, subjects }]) => [serverId, metrics, subjects]),
    (values) =>
      `INSERT INTO "SeriesNames" ("serverId", metrics, subjects) VALUES ${values} ON CONFLICT ("serverId") DO UPDATE
         SET metrics = "SeriesNames".metrics || EXCLUDED.metrics, subjects = "SeriesNames".subjects || EXCLUDED.subjects`,
  );
}
