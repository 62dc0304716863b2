/** Rows of many servers, by the server whose they are, in the order in which they came. */
export function byServer<R extends { serverId: string }, T>(
  rows: readonly R[],
  make: (row: R) => T,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(row.serverId);
    if (own) own.push(make(row));
    else found.set(row.serverId, [make(row)]);
  }
  return found;
}
