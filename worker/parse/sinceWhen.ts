// What only the report before tells of a fact: since when it is so, how it was at its best. Kept in the fact itself, because whoever judges
// knows the facts of the newest report alone.
import type { Facts } from '#core/facts.ts';
import type { PartialSection } from '#core/snapshot.ts';

/**
 * Fills in, for what both reports name: read-only since, errors since, a neighbour that fails since, the default route that went, the highest
 * speed of a link. `seconds`: between the two, of one start of the machine.
 */
export function sinceWhen(facts: Facts, before: Facts | undefined, at: number, seconds?: number): void {
  const mounts = byKey(before?.filesystems, (f) => f.mount);
  for (const fs of facts.filesystems ?? []) {
    const past = mounts.get(fs.mount);
    delete fs.readOnlySince;
    if (fs.readOnly && past) {
      const since = past.readOnly ? past.readOnlySince : at;
      if (since !== undefined) fs.readOnlySince = since;
    }
    // The kernel tells when of some; of others only that there are more of them.
    if (rose(fs.errors, past?.errors) && fs.errorsAt === past?.errorsAt) fs.errorsAt = at;
  }
  const btrfs = byKey(before?.btrfs, (f) => f.mount);
  for (const fs of facts.btrfs ?? []) {
    const past = btrfs.get(fs.mount);
    const since = rose(fs.errors, past?.errors) ? at : past?.errorsAt;
    if (since !== undefined && fs.errors > 0) fs.errorsAt = since;
  }
  const known = byKey(before?.neighbours, (n) => `${n.device} ${n.address}`);
  for (const neighbour of facts.neighbours ?? []) {
    if (!isFailing(neighbour)) continue;
    const past = known.get(`${neighbour.device} ${neighbour.address}`);
    neighbour.failingSince = (past && isFailing(past) ? past.failingSince : undefined) ?? at;
  }
  knownRoute(facts, before, at);
  unanswered(facts, before, at, seconds);
  const links = byKey(before?.interfaces, (i) => i.name);
  for (const nic of facts.interfaces ?? []) {
    const past = links.get(nic.name);
    const best = Math.max(nic.speed ?? 0, past?.fastest ?? past?.speed ?? 0);
    if (nic.kind === 'physical' && best > 0) nic.fastest = best;
  }
}

/**
 * As many questions wait as come in answers within a second, or more: by Little's law each waits for a second or longer, whatever else comes
 * in over UDP.
 */
function unanswered({ lookups }: Facts, before: Facts | undefined, at: number, seconds = 0): void {
  const waiting = lookups?.waiting.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const came = (lookups?.received ?? NaN) - (before?.lookups?.received ?? NaN);
  if (!lookups || seconds < 1 || !(came >= 0 && came / seconds <= waiting)) return;
  const past = before?.lookups?.unanswered;
  // Between two questions nobody waits for a moment: while nothing at all has come in, that changes nothing.
  if (waiting === 0) {
    if (past) lookups.unanswered = past;
    return;
  }
  lookups.unanswered = { since: past?.since ?? at, reports: (past?.reports ?? 0) + 1 };
}

/** Routes are read hourly: a report without them knows what the one before it knew. */
function knownRoute(facts: Facts, before: Facts | undefined, at: number): void {
  const past = before?.defaultRoute;
  const now = facts.routes?.find(isDefault);
  if (now) {
    const { gateway, device } = now;
    facts.defaultRoute = { ...(gateway === undefined ? {} : { gateway }), device };
  } else if (past) facts.defaultRoute = facts.routes ? { ...past, lostAt: past.lostAt ?? at } : past;
}

const isDefault = ({ destination, family }: { destination: string; family: number }) =>
  family === 4 && /^(default|0\.0\.0\.0\/0)$/.test(destination);

const isFailing = ({ state }: { state: string }) => /FAILED|INCOMPLETE/i.test(state);

const rose = (now: number | undefined, past: number | undefined) =>
  now !== undefined && past !== undefined && now > past;

function byKey<T>(list: readonly T[] | undefined, key: (item: T) => string): Map<string, T> {
  return new Map((list ?? []).map((item) => [key(item), item]));
}

/** Sections of a report that are named as not read, at most. */
const mostMissing = 60;

/**
 * What could not be read: of this report, and of a longer run before it what this one did not ask for. A daily run asks for everything.
 */
export function notRead(
  partial: readonly PartialSection[],
  before: Facts | undefined,
  asked: { rhythm: string | undefined; sections: readonly string[] },
): PartialSection[] {
  const now = new Set([...asked.sections, ...partial.map(({ section }) => section)]);
  const kept =
    asked.rhythm === 'minute' || asked.rhythm === 'hourly'
      ? notReadOf(before ?? {}).filter(({ section }) => !now.has(section))
      : [];
  return [...partial, ...kept].slice(0, mostMissing);
}

/** The same from the facts. */
export function notReadOf({ agent }: Facts): PartialSection[] {
  return (agent?.missing ?? []).map(({ kind = 'missing', ...one }) => ({ ...one, kind }));
}
