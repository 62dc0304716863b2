// Runs every rule over a picture. The order of the answer is fixed: worst first, then by id and entity.
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { severityRank } from '#core/severity.ts';
import { rules } from './index.ts';
import { stages } from './stages.ts';
import type { Active, Picture, RuleState } from './rule.ts';

export interface FindOptions {
  /** Bounds that people set for this server, by rule. */
  overrides?: RuleState['overrides'];
}

/**
 * The problems of one server now. `active` holds the keys of the findings of the report before (see findingKey), for hysteresis;
 * when it is a Map of key → onset, a finding that was active keeps its onset.
 */
export function findProblems(
  picture: Picture,
  active: Active = new Set<string>(),
  options: FindOptions = {},
): Finding[] {
  const state: RuleState = { active, overrides: options.overrides ?? {} };
  const found = new Map<string, Finding>();
  for (const rule of rules) {
    for (const finding of rule.find(picture, state)) {
      const key = findingKey(finding);
      const onset = active.get?.(key);
      const kept = onset === undefined ? finding : { ...finding, since: Math.min(onset, finding.since) };
      const other = found.get(key);
      if (!other || severityRank[kept.severity] < severityRank[other.severity]) found.set(key, kept);
    }
  }
  return superseded([...found.values()]).sort(
    (a, b) =>
      severityRank[a.severity] - severityRank[b.severity] ||
      a.id.localeCompare(b.id) ||
      a.subject.name.localeCompare(b.subject.name),
  );
}

function superseded(findings: Finding[]): Finding[] {
  const present = new Set(findings.map((f) => `${f.id} ${f.subject.name}`));
  return findings.filter(
    (f) => !stages.some(([now, before]) => f.id === before && present.has(`${now} ${f.subject.name}`)),
  );
}
