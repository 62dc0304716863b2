// Tables that are asked with a word from outside. `table['constructor']` finds what every object has, and a process may be called so.

/** The entry of a table under a name that somebody else chose; undefined for what the table itself does not hold. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
