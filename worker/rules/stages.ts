// Problems that are one story told twice: first foreseen or under way, then come. They are one finding at a time, and one incident.

/** Of the same entity: what it is now, and what it was foreseen as. */
export const stages: readonly (readonly [now: string, before: string])[] = [
  ['mem.cgroup_oom', 'mem.cgroup_near_limit'],
  ['disk.full', 'disk.fill_forecast'],
  ['disk.inodes_full', 'disk.inode_forecast'],
  ['mem.low', 'mem.time_to_exhaust'],
  ['backup.slow', 'job.backup_running'],
];

/** Whether a problem of this id may come true as another one. */
export const isForeseen = (id: string) => stages.some(([, before]) => before === id);

/**
 * Whether `before` was the same problem of the same entity, before it came. Findings by their keys (see findingKey); a control group
 * and its unit are one entity.
 */
export function cameTrue(now: string, before: string): boolean {
  const [id, name] = parts(now);
  const [idBefore, nameBefore] = parts(before);
  return name === nameBefore && stages.some(([a, b]) => a === id && b === idBefore);
}

function parts(key: string): [id: string, name: string, kind: string] {
  const [space, colon] = [key.indexOf(' '), key.indexOf(':')];
  return [key.slice(0, space), key.slice(colon + 1), key.slice(space + 1, colon)];
}

/**
 * Whether two findings are one problem that is told of one monitor and of all that fail with it, in either order: sites of a server fail
 * and come back one after the other.
 */
export function isRegrouped(now: string, before: string): boolean {
  const [id, , kind] = parts(now);
  const [idBefore, , kindBefore] = parts(before);
  return id === idBefore && kind !== kindBefore && (kind === 'monitor' || kindBefore === 'monitor');
}
