// What is different between two lists of a fact.
import type { HostEvent } from '#core/snapshot.ts';

/** An event without its time, which is that of the report unless the change itself says when. */
export type Change = Omit<HostEvent, 'at'> & { at?: number };

/** What came and what went, by key; nothing when one of the two lists is unknown. */
export function difference<T>(
  before: readonly T[] | undefined,
  after: readonly T[] | undefined,
  key: (item: T) => string,
): { added: T[]; removed: T[]; both: [before: T, after: T][] } {
  if (!before || !after) return { added: [], removed: [], both: [] };
  const old = new Map(before.map((item) => [key(item), item]));
  const now = new Map(after.map((item) => [key(item), item]));
  return {
    added: [...now].flatMap(([name, item]) => (old.has(name) ? [] : [item])),
    removed: [...old].flatMap(([name, item]) => (now.has(name) ? [] : [item])),
    both: [...now].flatMap(([name, item]) => (old.has(name) ? [[old.get(name)!, item] as [T, T]] : [])),
  };
}
