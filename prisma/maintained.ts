// Maintenance that took place. What is planned is a row of Maintenance and may be changed or removed; what was is kept here, so that uptime
// leaves it out for as long as there is a history.
import {
  type MaintenanceWindow,
  type Occurrence,
  occurrencesBetween,
  windowSchema,
} from '#core/maintenance.ts';
import type { Maintenance, Monitor, Transaction } from './client.ts';

/** A row that cannot be read (made by a newer version, edited by hand) is no window: it must not silence anything. */
export function windowOf({
  start,
  minutes,
  timeZone,
  rule,
}: Pick<Maintenance, 'start' | 'minutes' | 'timeZone' | 'rule'>): MaintenanceWindow | undefined {
  return windowSchema.safeParse({ start, minutes, timeZone, rule }).data;
}

/** Writes down what was on between two moments (epoch seconds). Rows that are there already stay as they are. */
export async function recordMaintained(
  db: Transaction,
  rows: readonly Maintenance[],
  sinceOf: (row: Maintenance) => number,
  until: number,
): Promise<void> {
  const data = rows.flatMap((row) => {
    const window = windowOf(row);
    if (!window) return [];
    const ended = row.endedAt && row.endedAt.getTime() / 1000;
    return occurrencesBetween(window, sinceOf(row), until, ended).flatMap((one) => spanOf(row, one) ?? []);
  });
  if (data.length) await db.maintenanceSpan.createMany({ data, skipDuplicates: true });
}

/** The occurrence that is on now ends now, because a hand ends it or removes its window. */
export async function endMaintained(
  db: Transaction,
  row: Maintenance,
  { from }: Occurrence,
  now: Date,
): Promise<void> {
  const data = spanOf(row, { from, to: now.getTime() / 1000 });
  if (!data) return;
  await db.maintenanceSpan.upsert({
    where: { maintenanceId_from: { maintenanceId: row.id, from: data.from } },
    create: data,
    update: { to: data.to },
  });
}

/** From the moment that it was planned: what is planned afterwards does not make good what was. */
function spanOf({ id, createdAt, organizationId, serverId, monitorId, title }: Maintenance, one: Occurrence) {
  const from = new Date(Math.max(one.from * 1000, createdAt.getTime()));
  const to = new Date(one.to * 1000);
  return to > from ? { maintenanceId: id, from, to, organizationId, serverId, monitorId, title } : undefined;
}

/** Epoch seconds up to which the maintenance of each window was written down. */
export async function maintainedUntil(db: Transaction): Promise<Map<string, number>> {
  const rows = await db.maintenanceSpan.groupBy({ by: ['maintenanceId'], _max: { to: true } });
  return new Map(rows.map(({ maintenanceId, _max }) => [maintenanceId, (_max.to?.getTime() ?? 0) / 1000]));
}

export interface Maintained {
  /** Epoch seconds; `to` may lie ahead. */
  from: number;
  to: number;
  title: string;
}

/** Maintenance of a monitor, of its server and of everything, that ended after `since` (epoch seconds), by its beginning. */
export async function readMaintained(
  db: Transaction,
  { id, serverId, organizationId }: Pick<Monitor, 'id' | 'serverId' | 'organizationId'>,
  since: number,
): Promise<Maintained[]> {
  const rows = await db.maintenanceSpan.findMany({
    where: {
      organizationId,
      to: { gt: new Date(since * 1000) },
      OR: [{ monitorId: id }, { serverId: null, monitorId: null }, ...(serverId ? [{ serverId }] : [])],
    },
    orderBy: [{ from: 'asc' }, { maintenanceId: 'asc' }],
    take: mostMaintained,
  });
  return rows.map(({ from, to, title }) => ({
    from: from.getTime() / 1000,
    to: to.getTime() / 1000,
    title,
  }));
}

/** A window a day of each of two hundred, for most of a year. */
const mostMaintained = 50_000;
