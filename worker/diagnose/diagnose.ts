// Finds the root causes: which findings explain the others, what was ruled out, what would be without the cause. Deterministic.
import { findingKey, type Diagnosis, type Finding, type RootCause } from '#core/diagnosis.ts';
import { guarded, type OnFailure } from '#worker/rules/failure.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { cameTrue, isRegrouped } from '#worker/rules/stages.ts';
import { edges as allEdges } from './edges.ts';
import { attribute } from './attribution.ts';
import { changesBefore } from './changesBefore.ts';
import { counterfactual } from './counterfactual.ts';
import { buildGraph, type Graph, type GraphOptions, type Link } from './graph.ts';
import { lowered } from './lowered.ts';
import { nodeClass, severityWeight } from './nodes.ts';
import { chainFrom, reach, reduced, type Reached } from './paths.ts';
import { ruledOut } from './ruledOut.ts';
import { blame, explanation } from './wording.ts';
import { movedTogether } from './movedTogether.ts';

export interface DiagnoseOptions extends GraphOptions {
  /** Findings that ended in the last 15 minutes: they may be causes of what lasts, and are told only then. */
  recent?: readonly Finding[];
  edges?: typeof allEdges;
}

/** Below this score a symptom without a cause is called unknown (design: 0.3). */
const leastScore = 0.3;
/** A best cause that is less than this much better than the second is called ambiguous (design: 1.3). */
const clearLead = 1.3;

interface Story {
  root: Finding;
  score: number;
  reached: Map<string, Reached>;
  /** A symptom that nothing explains. */
  unexplained: boolean;
  attributed: ReturnType<typeof attribute>;
}

/**
 * Explains the findings of one picture: one root a story, its symptoms folded below. Findings of severity info never make a story
 * of their own; a latent misconfiguration joins only where a live edge needs it, and is advice (info) otherwise.
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
  const graph = lowered(
    withoutLoose(buildGraph(picture, [...findings, ...recent], options.edges ?? allEdges, options), active),
  );
  const folding = graph.links.filter((l) => l.folds);
  const stories = tellStories(picture, graph, folding, active, options.onFailure);

  // A root that has ended since (a leak, once its process was killed) is told with what it left behind.
  const joined = new Set(stories.map((s) => findingKey(s.root)));
  const onStage = new Set([...active, ...joined, ...stories.flatMap((s) => [...s.reached.keys()])]);
  const problems = [...graph.nodes]
    .filter(([key]) => onStage.has(key))
    .map(([key, f]) => (f.latent && !joined.has(key) && !isReached(stories, key) ? asAdvice(f) : f));

  const rootCauses = stories.map((story) =>
    toRootCause(picture, graph, folding, story, stories, options.onFailure),
  );
  const verdict = judge(stories, isContested(graph, stories));
  return {
    verdict,
    problems,
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

function tellStories(
  picture: Picture,
  graph: Graph,
  folding: Link[],
  active: Set<string>,
  onFailure: OnFailure | undefined,
): Story[] {
  const explained = new Map<string, number>();
  for (const key of graph.nodes.keys()) {
    const rest = folding.filter((l) => l.effect === key).reduce((r, l) => r * (1 - Math.min(1, l.weight)), 1);
    explained.set(key, 1 - rest);
  }
  const open = new Set(
    [...graph.nodes]
      .filter(
        ([key, f]) => active.has(key) && f.severity !== 'info' && !f.latent && !nodeClass(f.id).neverRoot,
      )
      .map(([key]) => key),
  );
  const stories: Story[] = [];
  const told = new Set<string>();
  while (open.size > 0) {
    // The best-scored open finding tells where to look; its story begins at the far end of its causes.
    const start = best([...open], (key) => scoreOf(graph, folding, explained, key));
    const sources = climb(folding, start);
    for (const rootKey of sources) {
      if (told.has(rootKey)) continue;
      told.add(rootKey);
      const root = graph.nodes.get(rootKey)!;
      const reached = reach(folding, rootKey);
      for (const key of reached.keys()) open.delete(key);
      open.delete(rootKey);
      const attributed = guarded(
        `attribution of ${root.id}`,
        onFailure,
        () => attribute(picture, root),
        () => undefined,
      );
      const alone = nodeClass(root.id);
      const unexplained = alone.symptom === true && !(attributed && attributed.share >= 0.5);
      stories.push({
        root,
        score: scoreOf(graph, folding, explained, rootKey),
        reached,
        unexplained,
        attributed,
      });
    }
    open.delete(start);
  }
  return stories.sort(
    (a, b) =>
      rank(b) - rank(a) ||
      a.root.since - b.root.since ||
      findingKey(a.root).localeCompare(findingKey(b.root)),
  );
}

/**
 * Standing weaknesses (a setting, a backup) come after what hurts now, those that are no news (an old system) last; so does what nothing explains. A root that is critical by itself
 * comes before one that only has many mild effects (OWN).
 */
function rank(story: Story): number {
  const { standing, chronic } = nodeClass(story.root.id);
  const known = story.unexplained ? 0.5 : 1;
  const now = story.root.severity === 'critical' ? 1.5 : 1;
  return story.score * known * (chronic ? 0.15 : standing ? 0.3 : now);
}

/** The causes at the far end, following at every step each cause that is nearly as good as the best. */
function climb(folding: Link[], start: string): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const queue = [start];
  while (queue.length > 0) {
    const key = queue.shift()!;
    if (seen.has(key)) continue;
    seen.add(key);
    const incoming = folding.filter((l) => l.effect === key).sort((a, b) => b.weight - a.weight);
    if (incoming.length === 0) {
      found.push(key);
      continue;
    }
    for (const link of incoming) if (link.weight * clearLead > incoming[0]!.weight) queue.push(link.cause);
  }
  return found;
}

function scoreOf(graph: Graph, folding: Link[], explained: Map<string, number>, key: string): number {
  const finding = graph.nodes.get(key)!;
  let sum = finding.latent ? 0 : severityWeight[finding.severity];
  for (const [reachedKey, { product }] of reach(folding, key)) {
    sum += severityWeight[graph.nodes.get(reachedKey)!.severity] * product;
  }
  return finding.confidence * (1 - (explained.get(key) ?? 0)) * sum;
}

/** Whether most of what the first story explains is explained nearly as well by another one. */
function isContested(graph: Graph, stories: Story[]): boolean {
  const [first, ...others] = stories;
  if (!first) return false;
  let shared = 0;
  let own = 0;
  for (const [key, mine] of first.reached) {
    const weight = severityWeight[graph.nodes.get(key)!.severity];
    const rival = Math.max(0, ...others.map((o) => o.reached.get(key)?.product ?? 0));
    if (rival * clearLead > mine.product) shared += weight;
    else own += weight;
  }
  return shared > own && shared >= severityWeight.warning;
}

function judge(stories: Story[], contested: boolean): Diagnosis['verdict'] {
  const [first] = stories;
  if (!first) return 'healthy';
  if (first.unexplained || first.score < leastScore) return 'unknown';
  return contested ? 'ambiguous' : 'explained';
}

function toRootCause(
  picture: Picture,
  graph: Graph,
  folding: Link[],
  story: Story,
  stories: Story[],
  onFailure: OnFailure | undefined,
): RootCause {
  const rootKey = findingKey(story.root);
  // A finding that several stories reach is folded below the one that explains it best.
  const mine = new Map(
    [...story.reached].filter(([key, { product }]) =>
      stories.every((other) => other === story || (other.reached.get(key)?.product ?? 0) <= product),
    ),
  );
  const inside = new Set([rootKey, ...mine.keys()]);
  const tree = reduced(folding.filter((l) => inside.has(l.cause) && inside.has(l.effect)));
  const chainKeys = chainFrom(tree, rootKey, graph.nodes);
  const chainLinks = chainKeys
    .slice(1)
    .map((key, i) => tree.find((l) => l.cause === chainKeys[i] && l.effect === key)!);
  const others = tree.filter((l) => !chainLinks.includes(l));
  const subject =
    story.attributed &&
    (story.root.subject.kind === 'server' ? story.attributed.share >= 0.4 : isVictim(story))
      ? story.attributed.subject
      : story.root.subject;
  return {
    key: rootKey,
    problem: story.root.id,
    subject,
    score: Math.round(story.score * 1000) / 1000,
    chain: chainKeys.map((key) => graph.nodes.get(key)!.id),
    hops: [...chainLinks, ...others].map((l) => ({
      cause: l.cause,
      effect: l.effect,
      weight: Math.round(l.weight * 1000) / 1000,
      because: l.because,
    })),
    symptoms: [...mine.keys()],
    explanation: explanation(
      picture,
      story.root,
      story.attributed,
      chainKeys.map((key) => graph.nodes.get(key)!),
      chainLinks,
      story.unexplained,
      graph.links.filter((l) => (!l.folds && l.effect === rootKey) || (!l.folds && mine.has(l.effect))),
    ),
    ...withAttribution(story),
    ...(story.unexplained ? { unexplained: true } : {}),
    ...withBefore(
      guarded(
        `changes before ${story.root.id}`,
        onFailure,
        () => changesBefore(picture, story.root),
        () => [],
      ),
    ),
    ...withCounterfactual(
      guarded(
        `counterfactual of ${story.root.id}`,
        onFailure,
        () => counterfactual(picture, story.root, story.attributed),
        () => undefined,
      ),
    ),
  };
}

/** Who was killed for lack of memory is not who took it: another one took at least half of what went. */
function isVictim({ root, attributed }: Story): boolean {
  return (
    root.id === 'mem.oom_kill' &&
    attributed?.first.mode === 'change' &&
    attributed.share >= 0.5 &&
    attributed.subject.name !== root.subject.name
  );
}

function withAttribution(story: Story) {
  const { root, attributed } = story;
  return attributed && (root.subject.kind !== 'process' || isVictim(story))
    ? { attribution: blame(attributed) }
    : {};
}

function withBefore(before: string[]) {
  return before.length === 0 ? {} : { before };
}

function withCounterfactual(text: string | undefined) {
  return text === undefined ? {} : { counterfactual: text };
}

function best(keys: string[], score: (key: string) => number): string {
  return keys
    .map((key) => ({ key, value: score(key) }))
    .sort((a, b) => b.value - a.value || a.key.localeCompare(b.key))[0]!.key;
}
