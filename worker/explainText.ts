// The explanation for a person: what is wrong, the chain as a tree, the evidence, what was ruled out, where to read on.
import { styleText } from 'node:util';
import { findingKey, type RootCause } from '#core/diagnosis.ts';
import { formatTime, formatValue } from '#core/format.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Explanation } from './explain.ts';

export interface TextOptions {
  color: boolean;
  /** Put before the path of an article: 'https://rootnote.example.org'. */
  base?: string;
}

type Problem = Explanation['problems'][number];
type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const mark: Record<Severity, string> = { critical: 'CRITICAL', warning: 'WARNING', info: 'info' };
const ink = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;

/** Lines of at most about 110 columns, coloured when asked. */
export function explainText(answer: Explanation, { color, base = '' }: TextOptions): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const byKey = new Map(answer.problems.map((p) => [findingKey(p), p]));
  const lines: string[] = [headline(answer, paint), ''];

  const told = new Set<string>();
  for (const root of answer.rootCauses) {
    const rootKey = keyOfRoot(answer, root);
    lines.push(...story(root, rootKey, byKey, paint, base, told), '');
  }
  const rest = answer.problems.filter((p) => !told.has(findingKey(p)));
  if (rest.length > 0) {
    lines.push(paint('bold', 'Good to know'));
    const shown = new Map<string, number>();
    for (const p of rest) {
      const n = (shown.get(p.id) ?? 0) + 1;
      shown.set(p.id, n);
      if (n <= 3) lines.push(`  ${p.summary}  ${paint('dim', `${p.id} · ${base}${p.article}`)}`);
    }
    for (const [id, n] of shown) if (n > 3) lines.push(paint('dim', `  … and ${n - 3} more of ${id}`));
    lines.push('');
  }
  if (answer.rootCauses.length > 0 && answer.ruledOut.length > 0) {
    lines.push(paint('bold', 'Ruled out'));
    for (const [because, list] of Map.groupBy(answer.ruledOut, (r) => `${r.problem}\n${r.because}`)) {
      const [problem = '', why] = because.split('\n');
      const effects = listed(list.map((r) => r.effect));
      lines.push(
        `  ${titleOf(problem)}  ${paint('dim', `${problem}, as the cause of ${effects}`)}`,
        `    ${why}`,
      );
    }
    lines.push('');
  }
  if (answer.movedTogether.length > 0) {
    lines.push(paint('bold', 'Moved at the same time, not proven'));
    for (const m of answer.movedTogether) lines.push(`  ${m.what}`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** 'a, b and c' */
const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const titleOf = (id: string) => (isRuleId(id) ? ruleEntry(id).title : id);

function headline({ server, reports, from, to, verdict, rootCauses }: Explanation, paint: Paint): string {
  const what = [server.os, server.kernel].filter(Boolean).join(', ');
  const span =
    reports === 1
      ? `one report of ${formatTime(to)}`
      : `${reports} reports, ${formatTime(from)} to ${formatTime(to)}`;
  const n = rootCauses.length;
  const says = {
    healthy: paint('green', 'Nothing is wrong.'),
    explained: paint('bold', n === 1 ? 'One cause found.' : `${n} causes found.`),
    ambiguous: paint('bold', `${n} possible causes; the reports do not tell which.`),
    unknown: paint('bold', 'Something is wrong, and its cause is unknown.'),
  }[verdict];
  return `${paint('bold', server.hostname)}${what ? ` (${what})` : ''}: ${span}\n${says}`;
}

/** The key of a root's own finding: its subject may name who is behind it instead. */
function keyOfRoot(answer: Explanation, root: RootCause): string {
  const own = findingKey({ id: root.problem, subject: root.subject });
  if (answer.problems.some((p) => findingKey(p) === own)) return own;
  const causes = new Set(root.hops.map((h) => h.cause));
  const effects = new Set(root.hops.map((h) => h.effect));
  const inTree = [...causes].find((c) => !effects.has(c));
  if (inTree) return inTree;
  const problem = answer.problems.find((p) => p.id === root.problem);
  return problem ? findingKey(problem) : own;
}

function story(
  root: RootCause,
  rootKey: string,
  byKey: ReadonlyMap<string, Problem>,
  paint: Paint,
  base: string,
  told: Set<string>,
): string[] {
  const problem = byKey.get(rootKey);
  if (!problem) return [];
  told.add(rootKey);
  // As for an incident: a cause is as bad as the worst that it leads to.
  const severity = [problem, ...root.symptoms.flatMap((key) => byKey.get(key) ?? [])]
    .map((p) => p.severity)
    .reduce((a, b) => (severityRank[b] < severityRank[a] ? b : a));
  const lines = [
    `${paint([ink[severity], 'bold'], mark[severity])} ${paint('bold', problem.summary)}`,
    `  ${paint('dim', `${problem.id} · ${root.subject.kind} ${root.subject.name} · since ${formatTime(problem.since)}`)}`,
  ];
  const sign = root.explanation.slice(problem.summary.length).trim();
  // When it began and who is behind it; what follows is the chain, which the tree below tells.
  const blamed =
    /^.*?(?<! and) accounts? for .*?\([^()]* of [^()]*\)(?:, the next, .*? for [\d.,]+ %)?\./.exec(sign);
  if (blamed) lines.push(`  ${blamed[0]}`);
  const draw = (key: string, indent: string) => {
    const below = root.hops.filter((h) => h.cause === key && !told.has(h.effect));
    below.forEach((hop, i) => {
      const end = i === below.length - 1;
      const effect = byKey.get(hop.effect);
      told.add(hop.effect);
      if (!effect) return;
      const bar = end ? '└─' : '├─';
      lines.push(
        `${indent}${bar} ${paint(ink[effect.severity], effect.id)}  ${effect.summary}`,
        `${indent}${end ? '  ' : '│ '}   ${paint('dim', hop.because)}`,
      );
      draw(hop.effect, `${indent}${end ? '  ' : '│ '} `);
    });
  };
  draw(rootKey, '  ');
  for (const e of problem.evidence) {
    const normal = e.normal ? ` (normal: ${e.normal})` : '';
    lines.push(`  ${paint('dim', '·')} ${e.what}: ${formatValue(e.value, e.unit)}${paint('dim', normal)}`);
  }
  if (root.counterfactual) lines.push(`  ${root.counterfactual}`);
  for (const text of root.before ?? []) lines.push(`  ${paint('dim', 'before it (not proven):')} ${text}`);
  lines.push(`  ${paint('underline', `${base}${problem.article}`)}`);
  return lines;
}
