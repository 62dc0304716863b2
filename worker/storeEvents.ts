// Events as rows of the timeline.
import { createHash } from 'node:crypto';
import { storableJson, storableText } from '#core/storable.ts';
import type { HostEvent } from '#core/snapshot.ts';
import type { Connection, Transaction } from '#prisma';
import { overRows } from '#prisma/rows.ts';

/** The same event of two reports is one row: its digest is its key. */
function eventRow(serverId: string, { kind, at, subject, text, data }: HostEvent) {
  return {
    serverId,
    at: new Date(at * 1000),
    digest: createHash('sha256').update(`${kind}\n${subject}\n${text}`).digest('hex').slice(0, 16),
    kind: storableText(kind.slice(0, 100)),
    subject: storableText(subject.slice(0, 500)),
    text: storableText(text.slice(0, 2000)),
    ...(data && { data }),
  };
}

export async function storeEvents(
  db: Transaction,
  serverId: string,
  events: readonly HostEvent[],
): Promise<void> {
  if (!events.length) return;
  await db.event.createMany({
    skipDuplicates: true,
    data: events.map((event) => eventRow(serverId, event)),
  });
}

/** The events of many servers in one statement. */
export async function storeEventsOf(
  connection: Connection,
  events: readonly { serverId: string; event: HostEvent }[],
): Promise<void> {
  const rows = events.map(({ serverId, event }) => {
    const { at, digest, kind, subject, text, data } = eventRow(serverId, event);
    return [serverId, at.getTime(), digest, kind, subject, text, data ? storableJson(data) : null];
  });
  await overRows(
    connection,
    ['text', 'float8', 'text', 'text', 'text', 'text', 'jsonb'],
    rows,
    (values) =>
      `INSERT INTO "Event" ("serverId", at, digest, kind, subject, text, data)
       SELECT s, to_timestamp(a / 1000) AT TIME ZONE 'UTC', d, k, b, t, j FROM (VALUES ${values}) AS r(s, a, d, k, b, t, j)
       ON CONFLICT DO NOTHING`,
  );
}
