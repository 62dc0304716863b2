// Maintenance in the engine: what happens inside a window opens no incident and sends no message; what is still broken at its end opens then.
import type { Finding, IncidentBody } from '#core/diagnosis.ts';
import { activeUntil, type MaintenanceWindow, occurrenceAt } from '#core/maintenance.ts';
import type { Maintenance, Server, Transaction } from '#prisma';
import { maintainedUntil, recordMaintained, windowOf } from '#prisma/maintained.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from './context.ts';
import { storeEvents } from './storeEvents.ts';
import { monitorSource } from './rules/outside.ts';

function endedAt(row: Maintenance): number | null {
  return row.endedAt && row.endedAt.getTime() / 1000;
}

/** Tells of an incident whether it must be quiet now: its server is being worked on, or all monitors that it is about. */
export async function quietNow(
  db: Transaction,
  server: Pick<Server, 'id' | 'organizationId'>,
  now: Date,
): Promise<(body: IncidentBody) => boolean> {
  const rows = await db.maintenance.findMany({
    where: { organizationId: server.organizationId, OR: [{ serverId: server.id }, { serverId: null }] },
  });
  const active = rows.filter((row) => {
    const window = windowOf(row);
    return window && activeUntil(window, now.getTime() / 1000, endedAt(row)) !== undefined;
  });
  if (!active.length) return () => false;
  if (active.some(({ monitorId }) => !monitorId)) return () => true;
  const own = await db.monitor.findMany({
    where: { serverId: server.id, id: { in: active.flatMap(({ monitorId }) => monitorId ?? []) } },
  });
  const names = new Set(own.map(({ name }) => name));
  const sources = new Set(own.map(monitorSource));
  // What is made of several monitors is quiet when each of them is worked on.
  const isAbout = ({ subject, evidence }: Finding) => {
    if (subject.kind === 'monitor') return names.has(subject.name);
    const seen = evidence.filter(({ source }) => source.startsWith('monitor'));
    return seen.length > 0 && seen.every(({ source }) => sources.has(source));
  };
  return ({ problems }) => {
    const serious = problems.filter(({ severity }) => severity !== 'info');
    return own.length > 0 && serious.every(isAbout);
  };
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
