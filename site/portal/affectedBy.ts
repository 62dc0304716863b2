// Which answers of the API are old once something changed.

const affected: Record<string, RegExp> = {
  server: /^(servers|series|judgements)\./,
  monitor: /^(servers|monitors)\./,
  incident: /^(servers|incidents)\./,
  timeline: /^servers\./,
  channel: /^channels\./,
  region: /^regions\./,
  maintenance: /^(maintenance|servers|monitors|incidents)\./,
};

/** A test for procedures ('servers.list'). An unknown kind, like `everything`, makes all of them old. */
export function affectedBy(kinds: ReadonlySet<string>): (procedure: string) => boolean {
  const patterns = [...kinds].map((kind) => affected[kind]);
  return (procedure) => patterns.some((pattern) => !pattern || pattern.test(procedure));
}
