// Facts of a report on top of those before it.
import type { Facts, Listener, Unit } from '#core/facts.ts';

/** A key that a report lacks stays as it was; lists that come in full hourly and in short every minute keep the details. */
export function mergeFacts(before: Facts, now: Facts): Facts {
  const merged: Facts = { ...before };
  for (const [key, value] of Object.entries(now)) {
    if (value !== undefined) Object.assign(merged, { [key]: value });
  }
  if (before.listeners && now.listeners) merged.listeners = mergeListeners(before.listeners, now.listeners);
  if (before.units && now.units) merged.units = mergeUnits(before.units, now.units);
  return merged;
}

/** The minute report names no process behind a socket; the one that the hourly report named is still right. */
function mergeListeners(before: Listener[], now: Listener[]): Listener[] {
  const key = (l: Listener) => `${l.protocol} ${l.address} ${l.port}`;
  const known = new Map(before.filter((l) => l.process).map((l) => [key(l), l]));
  return now.map((l) => {
    const old = l.process ? undefined : known.get(key(l));
    return old ? { ...l, process: old.process, pid: old.pid } : l;
  });
}

function mergeUnits(before: Unit[], now: Unit[]): Unit[] {
  const known = new Map(before.map((unit) => [unit.name, unit]));
  return now.map((unit) => {
    const old = known.get(unit.name);
    if (!old) return unit;
    if (old.active === unit.active && old.sub === unit.sub) return { ...old, ...defined(unit) };
    const { enabled, memoryMax, tasksMax, description, restarts } = old;
    return { ...defined({ enabled, memoryMax, tasksMax, description, restarts }), ...unit };
  });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
