// Problems that are one story told twice: first foreseen, then come. They are one finding at a time, and one incident.

/** Of the same entity: what it is now, and what it was foreseen as. */
export const stages: readonly (readonly [now: string, before: string])[] = [
  ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
  ['disk.full', 'disk.fill_forecast'],
  ['disk.inodes_full', 'disk.inode_forecast'],
  ['mem.low', 'mem.time_to_exhaust'],
];

/** Whether `before` was the same problem of the same entity, before it came. Findings by their keys (see findingKey). */
export function cameTrue(now: string, before: string): boolean {
  const [id, entity] = parts(now);
  const [idBefore, entityBefore] = parts(before);
  return entity === entityBefore && stages.some(([a, b]) => a === id && b === idBefore);
}

function parts(key: string): [id: string, entity: string] {
  const end = key.indexOf(' ');
  return [key.slice(0, end), key.slice(end + 1)];
}
