// The explanation for a person: what is wrong, the chain as a tree, the evidence, what was ruled out, where to read on.
import { styleText } from 'node:util';
import { findingKey, type RootCause } from '#core/diagnosis.ts';
import { formatTime, formatValue } from '#core/format.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Explanation } from '#worker/judge/explain.ts';
import { harmlessValue, inAscii } from './terminal.ts';
import { wrapLine } from './wrapLine.ts';

export interface TextOptions {
  color: boolean;
  /** Columns of the terminal; without it lines are as long as they are. */
  width?: number;
  /** The terminal has no UTF-8. */
  ascii?: boolean;
  /** Put before the path of an article: 'https://rootnote.example.org'. */
  base?: string;
}

type Problem = Explanation['problems'][number];
type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const mark: Record<Severity, string> = { critical: 'CRITICAL', warning: 'WARNING', info: 'info' };
const ink = { critical: 'red', warning: 'yellow', info: 'cyan' } as const;

/** Below this many columns the tree is drawn with one column a level instead of three. */
const narrow = 60;

/** What is wrong, worst first, for a person. */
export function explainText(told: Explanation, options: TextOptions): string {
  const { color, base = '', width, ascii } = options;
  // Names in it are those that a server gave: they may not send escape sequences to the terminal of whoever reads this.
  const answer = harmlessValue(told);
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const byKey = new Map(answer.problems.map((p) => [findingKey(p), p]));
  const lines: string[] = [headline(answer, paint), ''];

  const drawn = new Set<string>();
  for (const root of answer.rootCauses) {
    lines.push(
      ...story(root, byKey, {
        from: answer.from,
        to: answer.to,
        paint,
        base,
        told: drawn,
        tight: (width ?? narrow) < narrow,
      }),
      '',
    );
  }
  const rest = answer.problems.filter((p) => !drawn.has(findingKey(p)));
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
  const text = lines
    .flatMap((line) => line.split('\n'))
    .flatMap((line) => (width === undefined ? [line] : wrapLine(line, width, hangingOf(line))))
    .join('\n')
    .trimEnd();
  return `${ascii ? inAscii(text) : text}\n`;
}

/** What stands in front of what a line is continued with: the lines of the tree go on, the text stands two columns further in. */
const hangingOf = (line: string) =>
  /^[ │├└─·]*/.exec(line)![0].replace(/[└─·]/g, ' ').replaceAll('├', '│').concat('  ');

/** 'a, b and c' */
const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const titleOf = (id: string) => (isRuleId(id) ? ruleEntry(id).title : id);

function headline(
  { server, reports, from, to, verdict, rootCauses, problems }: Explanation,
  paint: Paint,
): string {
  const what = [server.os, server.kernel].filter(Boolean).join(', ');
  const span =
    to === 0
      ? 'one report that tells no time'
      : reports === 1
        ? `one report of ${formatTime(to)}`
        : `${reports} reports, ${formatTime(from)} to ${formatTime(to)}`;
  const open = rootCauses.filter((root) => root.unexplained).length;
  const n = rootCauses.length - open;
  const rest = open === 0 ? '' : ` For ${open === 1 ? 'one problem' : `${open} problems`} none is proven.`;
  const says = {
    healthy: problems.some((p) => p.id === 'agent.partial')
      ? paint('bold', 'Nothing is wrong in what could be read.')
      : paint('green', 'Nothing is wrong.'),
    explained: paint('bold', `${n === 1 ? 'One cause found.' : `${n} causes found.`}${rest}`),
    ambiguous: paint(
      'bold',
      `${rootCauses.length === 2 ? 'Two possible causes' : 'More than one possible cause'}; the reports do not tell which.`,
    ),
    unknown: paint(
      'bold',
      open === 0
        ? 'Something is wrong; what is told below is likely, not proven.'
        : n === 0
          ? 'Something is wrong, and its cause is unknown.'
          : `The cause of the worst is unknown; of other problems ${n === 1 ? 'one cause was' : `${n} causes were`} found.`,
    ),
  }[verdict];
  return `${paint('bold', server.hostname)}${what ? ` (${what})` : ''}: ${span}\n${says}`;
}

/** The time of day where the date is that of the newest report. */
function shortTime(at: number, to: number): string {
  const [time, now] = [formatTime(at), formatTime(to)];
  return time.slice(0, 10) === now.slice(0, 10) ? time.slice(11) : time;
}

interface Telling {
  /** Epoch seconds of the oldest report: what it shows may be older. */
  from: number;
  /** Epoch seconds of the newest report. */
  to: number;
  paint: Paint;
  base: string;
  /** Keys of what was drawn already; grows. */
  told: Set<string>;
  /** Few columns. */
  tight: boolean;
}

/** When it began, where that is not when it was found: it grew, or is a setting of old that did no harm before. */
function begun({ onset = 0 }: RootCause, { since }: Problem, to: number): string {
  if (onset === 0 || Math.abs(onset - since) <= 60) return '';
  return onset < since ? `, begun ${shortTime(onset, to)}` : `, felt since ${shortTime(onset, to)}`;
}

function story(
  root: RootCause,
  byKey: ReadonlyMap<string, Problem>,
  { from, to, paint, base, told, tight }: Telling,
): string[] {
  const problem = byKey.get(root.key);
  if (!problem) return [];
  told.add(root.key);
  // As for an incident: a cause is as bad as the worst that it leads to.
  const severity = [problem, ...root.symptoms.flatMap((key) => byKey.get(key) ?? [])]
    .map((p) => p.severity)
    .reduce((a, b) => (severityRank[b] < severityRank[a] ? b : a));
  const lines = [
    `${paint([ink[severity], 'bold'], mark[severity])} ${paint('bold', problem.summary)}`,
    `  ${paint('dim', `${problem.id} · ${root.subject.kind} ${root.subject.name} · since ${formatTime(problem.since)}${problem.since === from ? ' or before' : ''}${begun(root, problem, to)}`)}`,
  ];
  if (root.attribution) lines.push(`  ${root.attribution}`);
  if (root.query) lines.push(`  ${root.query.because}`);
  if (root.unexplained) lines.push('  No cause is proven by what the reports show.');
  const draw = (key: string, indent: string) => {
    const below = root.hops.filter((h) => h.cause === key && !told.has(h.effect) && byKey.has(h.effect));
    // Each is drawn once, where it is named first: not again below a sibling that leads to it as well.
    for (const { effect } of below) told.add(effect);
    below.forEach((hop, i) => {
      const end = i === below.length - 1;
      const effect = byKey.get(hop.effect)!;
      const since = effect.since > problem.since + 60 ? `  since ${shortTime(effect.since, to)}` : '';
      const bar = `${end ? '└' : '├'}${tight ? '' : '─'}`;
      const under = `${indent}${end ? ' ' : '│'}${tight ? '' : '  '}`;
      lines.push(
        `${indent}${bar} ${paint(ink[effect.severity], effect.id)}  ${effect.summary}${paint('dim', since)}`,
        `${under}  ${paint('dim', hop.because)}`,
      );
      draw(hop.effect, under);
    });
  };
  draw(root.key, '  ');
  for (const e of problem.evidence) {
    const normal = e.normal ? ` (normal: ${e.normal})` : '';
    lines.push(`  ${paint('dim', '·')} ${e.what}: ${formatValue(e.value, e.unit)}${paint('dim', normal)}`);
  }
  if (root.counterfactual) lines.push(`  ${root.counterfactual}`);
  for (const text of root.before ?? []) lines.push(`  ${paint('dim', 'before it (not proven):')} ${text}`);
  for (const article of new Set([problem.article, root.query?.article ?? problem.article]))
    lines.push(`  ${paint('underline', `${base}${article}`)}`);
  return lines;
}
