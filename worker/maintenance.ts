// Maintenance in the engine: what was on is written down, and at its end servers are judged, so that what is still broken is told then.
import { activeUntil, type MaintenanceWindow, occurrenceAt } from '#core/maintenance.ts';
import type { Maintenance, Transaction } from '#prisma';
import { maintainedUntil, recordMaintained, windowOf } from '#prisma/maintained.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from './context.ts';
import { storeEvents } from './storeEvents.ts';

function endedAt(row: Maintenance): number | null {
  return row.endedAt && row.endedAt.getTime() / 1000;
}

/** After a start the beginnings and ends of the last hour are looked at again: their lines are the same rows. */
const lookBackSeconds = 3600;

export interface MaintenanceWatch {
  /** Epoch seconds up to which beginnings and ends were seen. */
  seenUntil?: number;
}

/** Writes down what was on since the last round, with its beginnings and ends in the timelines; tells the pages, and has servers judged at an end. */
export async function watchMaintenance(
  { db, queue }: Pick<WorkerContext, 'db' | 'queue'>,
  watch: MaintenanceWatch,
  now = new Date(),
): Promise<void> {
  const at = now.getTime() / 1000;
  const since = watch.seenUntil ?? at - lookBackSeconds;
  const rows = await db.maintenance.findMany();
  const written = watch.seenUntil === undefined ? await maintainedUntil(db) : undefined;
  const planned = (row: Maintenance) => row.createdAt.getTime() / 1000;
  // After a start whatever was on while nobody watched is filled in.
  await recordMaintained(db, rows, (row) => (written ? (written.get(row.id) ?? planned(row)) : since), at);
  for (const row of rows) {
    const window = windowOf(row);
    const lines = window ? linesOf(row, window, since, at) : [];
    if (!lines.length) continue;
    for (const { id } of await serversOf(db, row)) {
      await storeEvents(
        db,
        id,
        lines.map((line) => ({ ...line, subject: row.id })),
      );
      if (lines.some(({ kind }) => kind === 'maintenance.ended'))
        await queue.send('diagnose', { serverId: id }, { key: id });
    }
    await announce(db, { organizationId: row.organizationId, kind: 'maintenance' });
  }
  watch.seenUntil = at;
}

/** What the timeline says of a window between two moments: after the first, up to the second. */
function linesOf(
  row: Maintenance,
  window: MaintenanceWindow,
  since: number,
  until: number,
): { kind: string; at: number; text: string }[] {
  const isNow = (moment: number) => moment > since && moment <= until;
  const ended = endedAt(row);
  // As it would have been without a hand: one that was ended began all the same.
  const planned = occurrenceAt(window, since, null, 1);
  const lines: { kind: string; at: number; text: string }[] = [];
  if (planned && isNow(planned.from))
    lines.push({ kind: 'maintenance.began', at: planned.from, text: `Maintenance began: ${row.title}.` });
  const byHand = ended !== null && activeUntil(window, ended) !== undefined;
  if (byHand && isNow(ended))
    lines.push({
      kind: 'maintenance.ended',
      at: ended,
      text: `Maintenance was ended by hand: ${row.title}.`,
    });
  if (planned && isNow(planned.to) && (ended === null || planned.from >= ended))
    lines.push({ kind: 'maintenance.ended', at: planned.to, text: `Maintenance ended: ${row.title}.` });
  return lines;
}

function serversOf(
  db: Transaction,
  { organizationId, serverId, monitorId }: Maintenance,
): Promise<{ id: string }[]> {
  return db.server.findMany({
    where: {
      organizationId,
      ...(serverId && { id: serverId }),
      ...(monitorId && { monitors: { some: { id: monitorId } } }),
    },
    select: { id: true },
  });
}
