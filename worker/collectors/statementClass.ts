// Statements by class: the verb and the table, as databases tell them of what runs now. No text of a statement, and so no value, is ever in it.
import type { Sample } from '#core/snapshot.ts';
import { integer } from './lines.ts';

/** Of a server with thousands of tables the classes with the most statements; the rest is not named. */
const most = 20;

/** `select`, `from  "shop"."cart"` → 'SELECT shop.cart'; what tells no verb is 'other statements'. */
export function statementClass(verb: string, table: string): string {
  const kind = unescaped(verb)
    .replaceAll(/[^a-z]/gi, '')
    .toUpperCase();
  if (!kind || kind === 'NULL') return 'other statements';
  const [name] = /^[\w$.`" ]*/.exec(unescaped(table).replace(/^(from|into|update|table)\s+/i, ''))!;
  const plain = name.replaceAll(/[`" ]/g, '').slice(0, 80);
  return plain && plain !== 'NULL' ? `${kind} ${plain}` : kind;
}

/** `mysql -B` writes the end of a line within a value as `\n`, a tab as `\t`. */
const unescaped = (text: string) => text.replaceAll(/\\[nt]/g, ' ');

/** A row `now`, seconds that it runs, what it waits for, verb, table; undefined when the line is none. */
export function runningStatement(fields: readonly string[]) {
  const [mark, seconds, state, verb, table] = fields;
  if (mark !== 'now' || fields.length !== 5 || integer(seconds) === undefined) return undefined;
  const held = state!.startsWith('idle in') ? ', held open' : '';
  return { name: `${statementClass(verb!, table!)}${held}`, waits: /lock/i.test(state!) };
}

/** How many statements of each class run, and how many of them wait for a lock. `database` comes first in the subject. */
export function statementSamples(
  database: 'mysql' | 'postgresql',
  running: readonly { name: string; waits: boolean }[],
): Sample[] {
  const classes = [...Map.groupBy(running, ({ name }) => name)]
    .sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]))
    .slice(0, most);
  return classes.flatMap(([name, list]) => {
    const subject = `${database} ${name}`;
    const waiting = list.filter(({ waits }) => waits).length;
    return [
      { metric: 'db.class.running' as const, subject, value: list.length },
      ...(waiting ? [{ metric: 'db.class.waiting' as const, subject, value: waiting }] : []),
    ];
  });
}
