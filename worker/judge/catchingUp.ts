// Servers whose newest report is old although newer ones are on their way: what was true an hour ago must not be told as if it were now.
import { type Connection, type Database, prepared } from '#prisma';

/** Whose newest report is older is silent, or brings what its agent has kept. Three intervals of a minute. */
export const silenceSeconds = 180;
/** An agent that brings what it has kept goes on at its next run, a minute later, at the latest. */
const betweenSeconds = 90;
/** What it may keep, 300 reports, is brought long before; a clock that runs away must not keep a server from being judged. */
const longestMs = 10 * 60_000;

/** By server: epoch milliseconds since when it is left alone. */
const sinceOf = new WeakMap<Database, Map<string, number>>();

export interface Reported {
  id: string;
  /** Epoch milliseconds. */
  lastReportAt: number;
}

/**
 * Those of the servers that are better judged when they have brought the rest: their newest report is old, and others of theirs wait to be
 * read or one came just now; until `missed` (epoch milliseconds) also all that may not have found us.
 */
export async function catchingUp(
  connection: Connection,
  db: Database,
  servers: readonly Reported[],
  { now, missed = 0 }: { now: number; missed?: number },
): Promise<Set<string>> {
  const since = sinceOf.get(db) ?? new Map<string, number>();
  sinceOf.set(db, since);
  const old = servers.filter(({ lastReportAt }) => now - lastReportAt > silenceSeconds * 1000);
  const found = now < missed ? new Set(old.map(({ id }) => id)) : await bringing(connection, old, now);
  for (const { id } of servers) {
    const began = since.get(id) ?? now;
    if (!found.has(id)) since.delete(id);
    else if (now - began > longestMs) found.delete(id);
    else since.set(id, began);
  }
  return found;
}

/**
 * Epoch milliseconds until when the silence of servers says nothing: where no server's report came in the minutes before this process
 * started, all of Rootnote was away, and agents need a minute to find that it is back.
 */
export function missedUntil(db: Database, startedAt: number): Promise<number> {
  let known = missed.get(db);
  if (!known) {
    known = db.server
      .aggregate({ _max: { lastReportAt: true } })
      .then(({ _max }) =>
        startedAt - (_max.lastReportAt?.getTime() ?? startedAt) > betweenSeconds * 1000
          ? startedAt + betweenSeconds * 1000
          : 0,
      );
    missed.set(db, known);
    // One that failed is asked again.
    known.catch(() => missed.delete(db));
  }
  return known;
}

const missed = new WeakMap<Database, Promise<number>>();

async function bringing(
  connection: Connection,
  servers: readonly Reported[],
  now: number,
): Promise<Set<string>> {
  if (!servers.length) return new Set();
  const { rows } = await connection.query<{ id: string }>(
    prepared(
      `SELECT v.id FROM unnest($1::text[]) AS v(id)
       WHERE EXISTS (SELECT FROM report WHERE "serverId" = v.id AND state = 'stored')
         OR EXISTS (SELECT FROM report WHERE "serverId" = v.id AND "receivedAt" > to_timestamp($2::float8))`,
      [servers.map(({ id }) => id), now / 1000 - betweenSeconds],
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
