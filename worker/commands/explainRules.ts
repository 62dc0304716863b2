// Every rule with its condition, for `explain --rules`: when it is told, where the numbers come from, what it looks at.
import { styleText } from 'node:util';
import { type Condition, type Gauge } from '#core/conditions/condition.ts';
import { conditionOf, conditionText, unitOf } from '#core/conditions/index.ts';
import { ruleCatalogue, type RuleEntry, type RuleId } from '#core/ruleCatalogue.ts';
import { uncollectable } from '#core/uncollectable.ts';
import type { TextOptions } from './explainText.ts';
import { inAscii } from './terminal.ts';
import { wrapLine } from './wrapLine.ts';

export interface DescribedRule extends RuleEntry {
  id: RuleId;
  kind: Condition['kind'];
  entity: Condition['entity'];
  /** When it is told, in sentences. */
  text: string;
  gauges: (Gauge & { unit: string })[];
  limits: Record<string, { value: number; unit: string }>;
  source: string;
  fields: readonly string[];
}

/** `undetected`: problems that no report can show, each with the reason. */
export interface DescribedRules {
  rules: DescribedRule[];
  undetected: { id: string; title: string; reason: string }[];
}

export function describeRules(): DescribedRules {
  const entries = Object.entries(ruleCatalogue) as [RuleId, RuleEntry][];
  return {
    rules: entries.flatMap(([id, entry]) => {
      const condition = conditionOf(id);
      if (!condition) return [];
      const { kind, entity, gauges = [], limits = {}, source, fields } = condition;
      return [
        {
          id,
          ...entry,
          kind,
          entity,
          text: conditionText(id)!,
          gauges: gauges.map((gauge) => ({ ...gauge, unit: unitOf(gauge) })),
          limits: Object.fromEntries(
            Object.entries(limits).map(([name, [value, unit]]) => [name, { value, unit }]),
          ),
          source,
          fields,
        },
      ];
    }),
    undetected: Object.entries(uncollectable).map(([id, reason]) => ({
      id,
      title: ruleCatalogue[id as RuleId].title,
      reason,
    })),
  };
}

/** The same for a person: three or four lines a rule. */
export function rulesText({ color, base = '', width, ascii }: TextOptions): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { rules, undetected } = describeRules();
  const lines = [
    ...rules.flatMap(({ id, title, severity, kind, entity, text, source, fields, article }) => [
      `${paint('bold', id)}  ${title}  ${paint('dim', `${severity}, ${kind} of ${entity.join(', ')}`)}`,
      `  ${text}`,
      `  Source: ${source}`,
      paint('dim', `  Looks at ${fields.join(', ')} · ${base}${article}`),
      '',
    ]),
    paint('bold', 'Not detected'),
    ...undetected.map(({ id, title, reason }) => `  ${id}  ${title}: ${reason}`),
  ];
  const out = lines
    .flatMap((line) => (width === undefined ? [line] : wrapLine(line, width, '    ')))
    .join('\n');
  return `${ascii ? inAscii(out) : out}\n`;
}
