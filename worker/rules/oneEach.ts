// Disks that do one work together are one problem: those that lie on each other, and the members of an array.
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { severityRank } from '#core/severity.ts';
import { wholeDisk } from './blockDevices.ts';
import type { Picture, RuleState } from './rule.ts';

/** Of devices that lie on each other (LVM on RAID on disks) only the lowest: the ones above are slow because it is. */
export function lowest<One>(picture: Picture, all: One[], nameOf: (one: One) => string): One[] {
  if (all.length < 2) return all;
  const found = new Set(all.map(nameOf));
  const parents = new Map(picture.facts.blockDevices?.map((d) => [d.name, d.parents]));
  const below = (device: string) => {
    const names = new Set(parents.get(device));
    for (const name of names) for (const parent of parents.get(name) ?? []) names.add(parent);
    return names;
  };
  // What a report claims may lead in a circle: then none is above the other.
  const isAbove = (device: string) =>
    [...below(device)].some((name) => found.has(name) && !below(name).has(device));
  return all.filter((one) => !isAbove(nameOf(one)));
}

/**
 * Findings of devices that are slow or full of work, each of which stands for itself: the lowest of those that lie on each other, and of the
 * members of an array, which share the work, the one that keeps the others waiting. That is the slowest of the gravest; among those at least
 * half as slow, the one that was told before.
 */
export function oneEach(picture: Picture, state: RuleState, findings: Finding[]): Finding[] {
  const found = lowest(picture, findings, ({ subject }) => subject.name);
  const wait = ({ subject }: Finding) => picture.latest('disk.await', subject.name) ?? 0;
  const folded = new Set<Finding>();
  for (const { members } of picture.facts.md ?? []) {
    const disks = new Set(members.flatMap((name) => [name, wholeDisk(name)]));
    const inArray = found.filter(({ subject }) => disks.has(subject.name));
    const gravest = Math.min(...inArray.map(({ severity }) => severityRank[severity]));
    const [slowest, ...others] = inArray
      .filter(({ severity }) => severityRank[severity] === gravest)
      .toSorted((a, b) => wait(b) - wait(a));
    if (!slowest) continue;
    const told = others.find((f) => state.active.has(findingKey(f)) && wait(f) >= wait(slowest) / 2);
    for (const one of inArray) if (one !== (told ?? slowest)) folded.add(one);
  }
  return found.filter((one) => !folded.has(one));
}
