// Which open incident a root cause belongs to: an incident stays one while its cause is named anew.
import { findingKey, type Finding, type IncidentBody } from '#core/diagnosis.ts';
import { cameTrue, isRegrouped } from '#worker/rules/stages.ts';
import type { OpenIncident } from './openIncidents.ts';

/**
 * The incident of the same root, or of the root as it was foreseen, or told of one monitor where it is now told of several; or else one
 * that shares a finding, or whose own root is gone and that rests on the same monitors: then its cause was named anew.
 */
export function sameIncident(
  known: readonly OpenIncident[],
  body: IncidentBody,
  taken: ReadonlySet<string>,
  findings: ReadonlyMap<string, Finding>,
): OpenIncident | undefined {
  const free = known.filter(({ id }) => !taken.has(id));
  const keys = body.problems.map(findingKey);
  const sources = monitorsOf(body);
  const entity = entityOf(keys[0]!);
  return (
    free.find(({ rootKey }) => rootKey === keys[0]) ??
    free.find(({ rootKey }) => keys.some((key) => cameTrue(key, rootKey))) ??
    free.find(({ rootKey }) => !findings.has(rootKey) && isRegrouped(keys[0]!, rootKey)) ??
    free.find((one) => one.keys.some((key) => keys.includes(key))) ??
    free.find(
      (one) =>
        !findings.has(one.rootKey) &&
        ((entity !== undefined && entityOf(one.rootKey) === entity) || restsOn(one, sources)),
    )
  );
}

/** Of a finding's key: the entity, but for the whole server, which has part in all that happens on it. */
function entityOf(key: string): string | undefined {
  const entity = key.slice(key.indexOf(' ') + 1);
  return entity.startsWith('server:') ? undefined : entity;
}

const restsOn = ({ sources }: OpenIncident, monitors: ReadonlySet<string>): boolean =>
  sources.some((source) => monitors.has(source));

/** The monitors that the findings rest on, as their evidence names them. */
function monitorsOf({ problems }: IncidentBody): Set<string> {
  const all = problems.flatMap(({ evidence }) => evidence.map(({ source }) => source));
  return new Set(all.filter((source) => source.startsWith('monitor ')));
}
