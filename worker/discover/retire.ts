// A monitor whose reason is gone is retired, with a line in the timeline; when the reason comes back, so does the monitor.
//
// A person's decision outlives both. Muted, edited, paused and forbidden ones are retired like the others, since none of that says that the
// service is still there, and come back muted, edited, paused or forbidden. Only what a person pinned or set up stays.
import type { Facts } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import type { Monitor, Prisma, Transaction } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { storeEvents } from '#worker/storeEvents.ts';
import { goneOnPurpose, type Missing } from './goneOnPurpose.ts';

/** A proposal must be missing this long before its monitor is retired: a restart or one odd report retires nothing. */
const retireAfterMs = 15 * 60_000;
/** A package that was removed this long ago explains why its service is gone. */
const removalMs = 7 * 86_400_000;

/**
 * Retires a monitor whose proposal stays away. A service that crashed looks like one that was removed: so one that fails is retired only
 * when the inside says that it went away on purpose. Says whether it did.
 */
export async function retireMissing(
  db: Transaction,
  monitor: Monitor,
  facts: Facts,
  now: Date,
): Promise<boolean> {
  if (monitor.decision === 'pinned' || monitor.origin !== 'discovered' || monitor.retiredAt) return false;
  if (!monitor.missingSince) {
    await db.monitor.update({ where: { id: monitor.id }, data: { missingSince: now } });
    return false;
  }
  if (now.getTime() - monitor.missingSince.getTime() < retireAfterMs) return false;
  const failing = monitor.state === 'down';
  const why = failing
    ? goneOnPurpose(missingOf(monitor), facts, await removals(db, monitor.serverId!, now))
    : undefined;
  if (failing && !why) return false;
  await db.monitor.update({
    where: { id: monitor.id },
    data: { retiredAt: now, ...(await unwatched(db, monitor, now, 'retired')) },
  });
  await db.monitorSchedule.deleteMany({ where: { monitorId: monitor.id } });
  await noteMonitor(
    db,
    monitor,
    now,
    'retired',
    `Monitor retired: ${monitor.name}; ${monitor.reason} no longer holds${why ? `: ${why}` : ''}.`,
  );
  return true;
}

/** Its reason is back: it is looked at again from now on, unless a person paused or forbade it. */
export async function bringBack(db: Transaction, monitor: Monitor, now: Date): Promise<void> {
  await db.monitor.update({
    where: { id: monitor.id },
    data: { retiredAt: null, ...(await unwatched(db, monitor, now, 'set up again')) },
  });
  await giveToRegions(db, { monitorIds: [monitor.id], soon: true });
  await noteMonitor(
    db,
    monitor,
    now,
    'returned',
    `Monitor set up again: ${monitor.name}, because ${monitor.reason}.`,
  );
}

/** Nobody knows how it is: what was seen before says nothing of the time in which it is not looked at. A pause stays a pause. */
async function unwatched(
  db: Transaction,
  { id, state }: Monitor,
  now: Date,
  summary: string,
): Promise<Prisma.MonitorUpdateInput> {
  if (state === 'paused' || state === 'pending') return {};
  await db.transition.create({
    data: { monitorId: id, at: now, from: state, to: 'pending', code: 'ok', summary },
  });
  return { state: 'pending', stateSince: now, evaluation: {}, code: null, summary: null };
}

/** A line about a monitor in the timeline of its server. */
export async function noteMonitor(
  db: Transaction,
  { serverId, key }: Pick<Monitor, 'serverId' | 'key'>,
  now: Date,
  what: 'created' | 'returned' | 'retired',
  text: string,
): Promise<void> {
  if (serverId)
    await storeEvents(db, serverId, [
      { kind: `monitor.${what}`, at: now.getTime() / 1000, subject: key, text },
    ]);
}

function missingOf({ kind, about }: Monitor): Missing {
  return { kind, about: about as Missing['about'] };
}

/** Packages that were removed lately, the newest of them, in order of time. */
function removals(db: Transaction, serverId: string, now: Date): Promise<HostEvent[]> {
  return db.event
    .findMany({
      where: { serverId, kind: 'package.removed', at: { gt: new Date(now.getTime() - removalMs) } },
      orderBy: { at: 'desc' },
      take: 500,
    })
    .then((rows) =>
      rows.reverse().map(({ kind, at, subject, text }) => ({ kind, at: at.getTime() / 1000, subject, text })),
    );
}
