// How much memory a service can get: the machine's, or the limit of its control group when that is smaller.
import type { ProcessGroup } from '#core/facts.ts';
import { ramBytes } from './finding.ts';
import type { Picture } from './rule.ts';

export interface ServiceMemory {
  bytes: number;
  /** Whether the limit is the service's own. */
  limited: boolean;
}

/** `units`: names under which systemd runs it, for reports that do not tell the control group of a process. */
export function serviceMemory(
  picture: Picture,
  group: ProcessGroup | undefined,
  units: RegExp,
): ServiceMemory | undefined {
  const ram = ramBytes(picture);
  const path = group?.cgroup;
  const limits = (picture.facts.cgroups ?? [])
    .filter((c) => c.memoryLimit && ((path && c.path.endsWith(path)) || units.test(c.unit ?? '')))
    .map((c) => c.memoryLimit!);
  const limit = limits.length ? Math.min(...limits) : undefined;
  if (limit !== undefined && (ram === undefined || limit < ram)) return { bytes: limit, limited: true };
  return ram === undefined ? undefined : { bytes: ram, limited: false };
}
