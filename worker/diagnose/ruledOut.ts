// What was looked at and is not the cause, with the reason: as much worth at 03:00 as the cause itself.
import type { Diagnosis, Finding } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { metric } from '#core/metrics.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { bounds } from '#worker/rules/bounds.ts';
import type { Picture } from '#worker/rules/rule.ts';
import type { Edge } from './edge.ts';
import type { Graph } from './graph.ts';

const most = 8;

/** Usual causes of what is wrong that do not hold here: first those that are active but fail their evidence, then those that are not. */
export function ruledOut(
  picture: Picture,
  graph: Graph,
  roots: readonly Finding[],
  edges: readonly Edge[],
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
    if (!rootIds.has(cause.id) && !linked.has(`${cause.id} ${effect.id}`) && effect.severity !== 'info')
      add(cause.id, effect.id, sentence(because));
  }
  const present = new Set([...graph.nodes.values()].map((f) => f.id));
  const symptoms = [...graph.nodes]
    .filter(
      ([key, f]) =>
        f.severity !== 'info' && (!rootIds.has(f.id) || graph.links.every((l) => l.effect !== key)),
    )
    .map(([, f]) => f);
  for (const symptom of symptoms) {
    for (const edge of edges) {
      if (edge.effect !== symptom.id || present.has(edge.cause) || edge.strength === 'weak') continue;
      const why = notActive(picture, edge.cause);
      if (why) add(edge.cause, symptom.id, why);
    }
  }
  return answer;
}

/** The number that says why a rule of the table is silent; undefined when no report tells it. */
function notActive(picture: Picture, id: string): string | undefined {
  const bound = bounds.find((b) => b.id === id);
  if (bound) {
    const subjects = picture.subjects(bound.metric);
    const values = subjects
      .map((s) => ({ s, value: picture.latest(bound.metric, s) }))
      .filter((v): v is { s: string; value: number } => v.value !== undefined)
      .sort((a, b) => (bound.side === 'above' ? b.value - a.value : a.value - b.value));
    const worst = values[0];
    if (!worst) return undefined;
    return sentence(
      `${bound.what}${worst.s ? ` (${worst.s})` : ''}: ${formatValue(worst.value, metric(bound.metric).unit)} (normal: ${bound.normal})`,
    );
  }
  const known = quiet[id]?.(picture);
  return known && isRuleId(id) && ruleEntry(id) ? sentence(known) : undefined;
}

/** The number behind the silence of a few reasoned rules. */
const quiet: Record<string, (picture: Picture) => string | undefined> = {
  'mem.swap_thrash': (p) => number(p, 'mem.swap_in', 'read back from swap'),
  'cpu.saturated': (p) => number(p, 'cpu.busy', 'CPU busy'),
  'cpu.iowait': (p) => number(p, 'cpu.iowait', 'iowait'),
  'mem.oom_kill': (p) =>
    p.events.some((e) => e.kind === 'kernel.oom_kill')
      ? undefined
      : 'the kernel log tells of no kill for lack of memory',
  'disk.full': (p) => {
    const fullest = (p.facts.filesystems ?? [])
      .filter((f) => f.used + f.available > 0 && !f.readOnly)
      .map((f) => ({ mount: f.mount, used: (100 * f.used) / (f.used + f.available) }))
      .sort((a, b) => b.used - a.used)[0];
    return (
      fullest && `the fullest filesystem, ${fullest.mount}, is ${formatValue(fullest.used, 'percent')} full`
    );
  },
};

function number(picture: Picture, name: Parameters<Picture['latest']>[0], what: string): string | undefined {
  const value = picture.latest(name);
  return value === undefined ? undefined : `${what}: ${formatValue(value, metric(name).unit)}`;
}

/** Devices, units and programs keep the case of their names: sdb, nginx.service. */
const isName = (word: string) => /[\d./_-]/.test(word) || /^(sd|vd|hd|xvd|dm|md)[a-z]+$/.test(word);

function sentence(text: string): string {
  const start = isName(text.split(' ', 1)[0]!) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
