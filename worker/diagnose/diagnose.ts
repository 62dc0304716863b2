// Finds the root causes: which findings explain the others, what was ruled out, what would be without the cause. Deterministic.
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import { guarded } from '#worker/rules/failure.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { cameTrue, isRegrouped } from '#worker/rules/stages.ts';
import { edges as allEdges } from './edges/index.ts';
import { buildGraph, type Graph, type GraphOptions } from './graph.ts';
import { lowered } from './lowered.ts';
import { movedTogether } from './movedTogether.ts';
import { toRootCause } from './rootCause.ts';
import { ruledOut } from './ruledOut.ts';
import { type Story, tellStories, verdictOf } from './stories.ts';

export interface DiagnoseOptions extends GraphOptions {
  /** Findings that ended in the last 15 minutes: they may be causes of what lasts, and are told only then. */
  recent?: readonly Finding[];
  edges?: typeof allEdges;
}

/**
 * Explains the findings of one picture: one root a story, its symptoms folded below. Findings of severity info never make a story
 * of their own, but for work that makes disks or links busy: a note, which leaves the verdict as it is. A latent misconfiguration joins only
 * where a live edge needs it, and is advice (info) otherwise.
 */
export function diagnose(
  picture: Picture,
  findings: readonly Finding[],
  options: DiagnoseOptions = {},
): Diagnosis {
  const active = new Set(findings.map(findingKey));
  // What was foreseen and has come is told as what it is, and only once.
  const recent = (options.recent ?? []).filter(
    (f) =>
      !active.has(findingKey(f)) &&
      !findings.some((now) => [cameTrue, isRegrouped].some((test) => test(findingKey(now), findingKey(f)))),
  );
  const { graph, work } = lowered(
    withoutLoose(buildGraph(picture, [...findings, ...recent], options.edges ?? allEdges, options), active),
  );
  const folding = graph.links.filter((l) => l.folds);
  const stories = tellStories(picture, graph, folding, { active, work }, options.onFailure);

  // A root that has ended since (a leak, once its process was killed) is told with what it left behind.
  const joined = new Set(stories.map((s) => findingKey(s.root)));
  const onStage = new Set([...active, ...joined, ...stories.flatMap((s) => [...s.reached.keys()])]);
  const problems = [...graph.nodes]
    .filter(([key]) => onStage.has(key))
    .map(([key, f]) => (f.latent && !joined.has(key) && !isReached(stories, key) ? asAdvice(f) : f));

  const rootCauses = stories.map((story) =>
    toRootCause(picture, graph, folding, story, stories, options.onFailure),
  );
  const verdict = verdictOf(graph, stories);
  return {
    verdict,
    problems: problems.map((p) => withQuery(p, rootCauses)),
    rootCauses,
    ruledOut: guarded(
      'what is ruled out',
      options.onFailure,
      () =>
        ruledOut(
          picture,
          graph,
          stories.map((s) => s.root),
          options.edges ?? allEdges,
          onStage,
        ),
      () => [],
    ),
    movedTogether: guarded(
      'what moved together',
      options.onFailure,
      () =>
        verdict === 'unknown' || verdict === 'ambiguous' || stories.some((s) => s.unexplained)
          ? movedTogether(picture, stories.find((s) => s.unexplained)?.root.since ?? stories[0]!.root.since)
          : [],
      () => [],
    ),
  };
}

/** The class of statements that makes a database busy is evidence of the finding that it explains. */
function withQuery(finding: Finding, roots: Diagnosis['rootCauses']): Finding {
  const query = roots.find((root) => root.key === findingKey(finding))?.query;
  if (!query) return finding;
  const source = {
    running: 'db.class.running',
    waiting: 'db.class.waiting',
    statements: 'db.mysql.statements',
    time: 'db.redis.command',
  }[query.of];
  const evidence = { what: `share of ${query.class}`, value: 100 * query.share, unit: 'percent', source };
  return { ...finding, evidence: [...finding.evidence, evidence] };
}

/** What has ended is told as a cause of what lasts, or on the way to it; as a mere effect of something it is over. */
function withoutLoose(graph: Graph, active: ReadonlySet<string>): Graph {
  const kept = new Set(active);
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const { cause, effect, folds } of graph.links) if (folds && kept.has(effect)) kept.add(cause);
  }
  return {
    nodes: new Map([...graph.nodes].filter(([key]) => kept.has(key))),
    links: graph.links.filter(({ cause, effect }) => kept.has(cause) && kept.has(effect)),
    rejected: graph.rejected.filter(({ cause, effect }) =>
      [cause, effect].every((f) => kept.has(findingKey(f))),
    ),
  };
}

function isReached(stories: Story[], key: string): boolean {
  return stories.some((s) => s.reached.has(key));
}

/** A misconfiguration that hurts nobody now is advice: it must not page, and not claim the incident of something else. */
function asAdvice(finding: Finding): Finding {
  return { ...finding, severity: 'info' };
}
