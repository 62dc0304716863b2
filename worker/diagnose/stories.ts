// Which findings explain the others: a story for each root, the best told first, and how sure the first is.
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import { guarded, type OnFailure } from '#worker/rules/failure.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { attribute } from './attribution.ts';
import type { Graph, Link } from './graph.ts';
import { nodeClass, severityWeight } from './nodes.ts';
import { reach, type Reached } from './paths.ts';

/** Below this score a symptom without a cause is called unknown (design: 0.3). */
const leastScore = 0.3;
/** A best cause that is less than this much better than the second is called ambiguous (design: 1.3). */
const clearLead = 1.3;

export interface Story {
  root: Finding;
  score: number;
  reached: Map<string, Reached>;
  /** A symptom that nothing explains. */
  unexplained: boolean;
  attributed: ReturnType<typeof attribute>;
  /** Work that is meant to be done, and what it makes busy: nobody is told of it. */
  note?: boolean;
}

/** A story for each root of the active findings, the most telling first. Each finding is in one at least; `work` (see lowered) has its own. */
export function tellStories(
  picture: Picture,
  graph: Graph,
  folding: Link[],
  { active, work }: { active: ReadonlySet<string>; work: ReadonlySet<string> },
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
  const tell = (rootKey: string, note?: boolean) => {
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
    const unexplained = nodeClass(root.id).symptom === true && !(attributed && attributed.share >= 0.5);
    const score = scoreOf(graph, folding, explained, rootKey);
    stories.push({ root, score, reached, unexplained, attributed, ...(note ? { note } : {}) });
  };
  while (open.size > 0) {
    // The best-scored open finding tells where to look; its story begins at the far end of its causes.
    const start = best([...open], (key) => scoreOf(graph, folding, explained, key));
    const sources = climb(folding, start);
    for (const rootKey of sources) if (!told.has(rootKey)) tell(rootKey);
    open.delete(start);
  }
  for (const key of work) if (!told.has(key) && !stories.some((s) => s.reached.has(key))) tell(key, true);
  return stories.sort(
    (a, b) =>
      Number(a.note ?? false) - Number(b.note ?? false) ||
      rank(b, picture.from) - rank(a, picture.from) ||
      a.root.since - b.root.since ||
      findingKey(a.root).localeCompare(findingKey(b.root)),
  );
}

/**
 * Standing weaknesses (a setting, a backup) come after what hurts now, those that are no news (an old system) last. A root that is critical
 * by itself comes before one that only has many mild effects. What nothing explains names nobody: it comes after what has a name, and
 * further after it when it was so before anybody looked (OWN).
 */
function rank(story: Story, from: number): number {
  const { standing, chronic } = nodeClass(story.root.id);
  if (chronic) return 0.15 * story.score;
  if (standing) return 0.3 * story.score;
  const critical = story.root.severity === 'critical' ? 1.5 : 1;
  const unexplained = story.root.since > from ? 0.5 : 0.25;
  return story.score * critical * (story.unexplained ? unexplained : 1);
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

/** How sure the first story is; a note is none. */
export function verdictOf(graph: Graph, all: Story[]): Diagnosis['verdict'] {
  const stories = all.filter((story) => !story.note);
  const [first] = stories;
  if (!first) return 'healthy';
  if (first.unexplained || first.score < leastScore) return 'unknown';
  return isContested(graph, stories) ? 'ambiguous' : 'explained';
}

function best(keys: string[], score: (key: string) => number): string {
  return keys
    .map((key) => ({ key, value: score(key) }))
    .sort((a, b) => b.value - a.value || a.key.localeCompare(b.key))[0]!.key;
}
