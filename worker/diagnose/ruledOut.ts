// What was looked at and is not the cause, with the reason: as much worth at 03:00 as the cause itself.
import { type Diagnosis, type Finding, findingKey } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { metric } from '#core/metrics.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { bounds } from '#worker/rules/bounds.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { strengthFactor, type Edge } from './edges/edge.ts';
import type { Graph } from './graph.ts';
import { silence } from './silence.ts';

const most = 8;
const boundById = new Map<string, (typeof bounds)[number]>(bounds.map((bound) => [bound.id, bound]));
/** What the outside sees began so long before it was confirmed (OWN: two looks of two regions). */
const confirmSeconds = 30;

/** Usual causes of what is wrong that do not hold here: first those that are active but fail their evidence, then those that are not. */
export function ruledOut(
  picture: Picture,
  graph: Graph,
  roots: readonly Finding[],
  edges: readonly Edge[],
  told: ReadonlySet<string>,
): Diagnosis['ruledOut'] {
  const answer: Diagnosis['ruledOut'] = [];
  const add = (problem: string, effect: string, because: string) => {
    if (answer.length < most && !answer.some((a) => a.problem === problem && a.effect === effect)) {
      answer.push({ problem, effect, because });
    }
  };
  const rootIds = new Set(roots.map((r) => r.id));
  const linked = new Set(graph.links.filter((l) => l.folds).map((l) => `${l.edge.cause} ${l.edge.effect}`));
  for (const { cause, effect, because } of graph.rejected) {
    // What is named as a cause is not told as ruled out, whatever its way to this effect.
    if (
      !rootIds.has(cause.id) &&
      !linked.has(`${cause.id} ${effect.id}`) &&
      !leadsTo(graph, findingKey(cause), findingKey(effect)) &&
      effect.severity !== 'info' &&
      told.has(findingKey(effect))
    )
      add(cause.id, effect.id, sentence(picture, because));
  }
  const present = new Set([...graph.nodes.values()].map((f) => f.id));
  const symptoms = [...graph.nodes]
    .filter(
      ([key, f]) =>
        told.has(key) &&
        f.severity !== 'info' &&
        // A report that is older than the trouble says nothing of what was so when it began.
        f.since <= picture.at + confirmSeconds &&
        (!rootIds.has(f.id) || graph.links.every((l) => l.effect !== key)),
    )
    .map(([, f]) => f);
  for (const symptom of symptoms) {
    const usual = edges
      .filter((e) => e.effect === symptom.id && !present.has(e.cause) && e.strength !== 'weak')
      .toSorted((a, b) => strengthFactor[b.strength] - strengthFactor[a.strength]);
    for (const edge of usual) {
      if (answer.length >= most) return answer;
      const why = notActive(picture, edge.cause);
      if (why) add(edge.cause, symptom.id, why);
    }
  }
  return answer;
}

/** Whether one is told as a cause of the other, in several steps. */
function leadsTo({ links }: Graph, cause: string, effect: string): boolean {
  const seen = new Set([cause]);
  for (const key of seen)
    for (const link of links) if (link.folds && link.cause === key) seen.add(link.effect);
  return seen.has(effect);
}

/** The number that says why a rule of the table is silent; undefined when no report tells it. */
function notActive(picture: Picture, id: string): string | undefined {
  const bound = boundById.get(id);
  if (bound) {
    const isWorse =
      bound.side === 'above' ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
    let worst: { s: string; value: number } | undefined;
    for (const s of picture.subjects(bound.metric)) {
      const value = picture.latest(bound.metric, s);
      if (value !== undefined && (!worst || isWorse(value, worst.value))) worst = { s, value };
    }
    if (!worst) return undefined;
    return sentence(
      picture,
      `${bound.what}${worst.s ? ` (${worst.s})` : ''}: ${formatValue(worst.value, metric(bound.metric).unit)} (normal: ${bound.normal})`,
    );
  }
  const known = silence[id]?.(picture);
  return known && isRuleId(id) && ruleEntry(id) ? sentence(picture, known) : undefined;
}

/** A whole sentence; the name of a program, a disk or an interface in front stays as it is. */
function sentence(picture: Picture, text: string): string {
  const word = /^[^\s,]+/.exec(text)?.[0] ?? '';
  const isName =
    picture.seen?.has(word) ||
    picture.facts.processGroups?.some((g) => g.name === word) ||
    (['disk.busy', 'net.rx_bytes'] as const).some((name) => picture.subjects(name).includes(word)) ||
    /[\d./_]/.test(word);
  const start = isName ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
