// Statements of MySQL that take long, and whether they are what its program computes.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatDuration, formatValue } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { median } from './series.ts';

/**
 * The counter of slow queries counts a statement when it ends: while few run for minutes it stands still. By Little's law the mean time of
 * a statement is how many run, without the agent's own, over how many a second begin. Two or more others at several looks in a row,
 * each for long, and CPU for them. The threads of a replica always run, so a replica is not judged by this.
 */
export const mysqlLongQueries: Rule = {
  id: 'db.mysql_slow',
  find(picture, state): Finding[] {
    const subject = { kind: 'database', name: 'mysql' } as const;
    const replica = Object.keys(picture.facts.mysql ?? {}).some((k) =>
      /^(slave|replica)_sql_running$/.test(k),
    );
    const busy = Math.max(0, ...['mysqld', 'mariadbd'].map((p) => picture.latest('proc.group.cpu', p) ?? 0));
    const run = gauge(picture, state, {
      id: 'db.mysql_slow',
      entity: subject,
      metric: 'db.mysql.running',
    });
    const limits = limitsOf('db.mysql_slow');
    if (!run || replica || busy < limits.cpu) return [];
    const begun = median(
      picture
        .series('db.mysql.queries')
        .slice(-3)
        .map((p) => p[1]),
    );
    if (begun === undefined) return [];
    // The agent's own statements are at least one in a minute.
    const mean = (run.value - 1) / Math.max(begun, 1 / 60);
    if (mean < limits.mean) return [];
    return [
      makeFinding(picture, 'db.mysql_slow', {
        subject,
        since: run.since,
        bound: run.bound,
        confidence: 0.85,
        summary: `MySQL works on ${formatCount(run.value - 1)} statements at a time and ends ${formatValue(begun, '/s')}: each takes ${formatDuration(mean)} or so.`,
        evidence: [
          evidence('statements that run, without ours', run.value - 1, 'count', 'db.mysql.running'),
          evidence('statements', begun, '/s', 'db.mysql.queries'),
          evidence(
            'mean time of a statement',
            mean,
            'seconds',
            'db.mysql.running / db.mysql.queries',
            'below 1 s',
          ),
        ],
      }),
    ];
  },
};

/** Whether slow queries ended lately, more than db.mysql_slow clears at in the mean of five looks: one look may see none end. */
export function hasSlowQueries(picture: Picture): boolean {
  const lately = picture
    .series('db.mysql.slow_queries')
    .slice(-5)
    .filter(([at]) => picture.at - at <= 600);
  return lately.reduce((sum, p) => sum + p[1], 0) > gaugeOf('db.mysql_slow').clear * lately.length;
}
