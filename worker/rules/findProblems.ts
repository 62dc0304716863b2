// Runs every rule over a picture. The order of the answer is fixed: worst first, then by id and entity.
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { severityRank } from '#core/severity.ts';
import { guarded, type OnFailure } from './failure.ts';
import { rules as allRules } from './index.ts';
import { cameTrue, isForeseen } from './stages.ts';
import type { Active, Picture, Rule, RuleState } from './rule.ts';

export interface FindOptions {
  /** Bounds that people set for this server, by rule. */
  overrides?: RuleState['overrides'];
  /** What was found before: a rule that fails is taken to find what it found then, so that its defect ends no incident. */
  before?: readonly Finding[];
  /** Told of a rule that throws; the others go on. Without it such a rule throws. */
  onFailure?: OnFailure;
  rules?: readonly Rule[];
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
  for (const rule of options.rules ?? allRules) {
    const own = guarded(
      rule.id,
      options.onFailure,
      () => rule.find(picture, state),
      () => (options.before ?? []).filter(({ id }) => id === rule.id),
    );
    for (const finding of own) {
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
  return findings.filter(
    (f) => !isForeseen(f.id) || !findings.some((now) => cameTrue(findingKey(now), findingKey(f))),
  );
}
