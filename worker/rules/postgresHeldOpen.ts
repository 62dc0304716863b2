// Transactions of PostgreSQL that nobody ends: by their age, or sooner by those who wait for what they hold.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { evidence, makeFinding } from './finding.ts';
import { type BoundedRun, gauge } from './gauge.ts';
import type { Picture, Point, Rule } from './rule.ts';
import { valueAt } from './series.ts';

const idleSeconds = 'db.postgresql.idle_tx_seconds';

/** A session that has been idle in its transaction for long, or one for whose locks others wait while nobody works. */
export const postgresHeldOpen: Rule = {
  id: 'db.pg_idle_tx',
  find(picture, state): Finding[] {
    const entity = { kind: 'database', name: 'postgresql' } as const;
    const old = gauge(picture, state, { id: 'db.pg_idle_tx', entity });
    const waiting = gauge(picture, state, {
      id: 'db.pg_idle_tx',
      entity,
      metric: 'db.class.waiting',
      points: heldUp(picture),
    });
    if (!old && !waiting) return [];
    const idle = picture.latest(idleSeconds) ?? 0;
    return [
      makeFinding(picture, 'db.pg_idle_tx', {
        subject: entity,
        bound: (old ?? waiting)!.bound,
        since: Math.min(old?.since ?? Infinity, waiting?.since ?? Infinity),
        confidence: 0.95,
        summary: sentence(old, waiting, idle),
        evidence: [
          ...(old || idle > 0
            ? [
                evidence(
                  'age of the oldest idle transaction',
                  old?.value ?? idle,
                  'seconds',
                  idleSeconds,
                  ...(old ? [normalOf(old.bound)] : []),
                ),
              ]
            : []),
          ...(waiting
            ? [
                evidence(
                  'sessions that wait for a lock',
                  waiting.value,
                  'count',
                  'db.class.waiting',
                  normalOf(waiting.bound),
                ),
                evidence('statements that work', 0, 'count', 'db.class.running'),
              ]
            : []),
        ],
      }),
    ];
  },
};

function sentence(old: BoundedRun | undefined, waiting: BoundedRun | undefined, idle: number): string {
  const others = waiting ? `${formatCount(waiting.value)} sessions of PostgreSQL wait for a lock` : '';
  if (old) {
    const age = `A PostgreSQL session has been idle in a transaction for ${formatDuration(old.value)}`;
    return waiting
      ? `${age}, and ${others} that only it can hold.`
      : `${age}: it holds locks and stops vacuum.`;
  }
  return idle > 0
    ? `${others} that no running statement holds: a session has been idle in its transaction for ${formatDuration(idle)}.`
    : `${others} that no session holds, neither at work nor idle: most likely a transaction that was prepared (PREPARE TRANSACTION) and never ended.`;
}

/** At each report how many wait for a lock, where no statement works that could hold it; else 0. */
function heldUp(picture: Picture): readonly Point[] {
  const { idle: least } = limitsOf('db.pg_idle_tx');
  const ours = (metric: 'db.class.waiting' | 'db.class.running') =>
    picture.subjects(metric).filter((subject) => subject.startsWith('postgresql '));
  const waiting = ours('db.class.waiting');
  if (waiting.length === 0) return [];
  const sums = (metric: 'db.class.waiting' | 'db.class.running', subjects: readonly string[]) => {
    const sum = new Map<number, number>();
    for (const subject of subjects)
      for (const [at, n] of picture.series(metric, subject)) sum.set(at, (sum.get(at) ?? 0) + n);
    return sum;
  };
  const wait = sums('db.class.waiting', waiting);
  const busy = sums(
    'db.class.running',
    ours('db.class.running').filter((subject) => !subject.endsWith(', held open')),
  );
  const idle = picture.series(idleSeconds);
  return idle.map(([at]): Point => {
    const n = wait.get(at) ?? 0;
    const age = valueAt(idle, at) ?? 0;
    const nobodyWorks = (busy.get(at) ?? 0) <= n;
    return [at, nobodyWorks && (age === 0 || age >= least) ? n : 0];
  });
}
