// Writes what looks made of their monitors, and asks for what follows from it.
import { storableJson, storableText } from '#core/storable.ts';
import type { Transaction } from '#prisma';
import { lookAgain } from '#prisma/leases.ts';
import type { WorkerContext } from '#worker/context.ts';
import { askSiblings, mayBeShared } from '#worker/judge/settle.ts';
import type { Look } from '#worker/schedule/prober.ts';
import { storeEvents } from '#worker/storeEvents.ts';
import type { EvaluateOutput } from './evaluate.ts';
import type { MonitorRow } from './monitorRows.ts';

interface Move {
  monitor: MonitorRow;
  look: Look;
  output: EvaluateOutput;
}

/** Writes new states, transitions, notes, and asks for what follows from them. */
export async function moveMonitors(
  db: Transaction,
  queue: WorkerContext['queue'],
  moves: readonly Move[],
): Promise<void> {
  const rows = moves.map(({ monitor: { id, state: was }, look: { at, result }, output }) => ({
    id,
    at,
    state: output.state,
    evaluation: output.evaluation,
    // A result that is not confirmed yet must not put its words to the state that still stands.
    words: result.ok === (output.state === 'up') || output.state === 'pending',
    code: result.code,
    summary: result.summary,
    changed: output.state !== was,
  }));
  await db.$executeRawUnsafe(
    `UPDATE "Monitor" m SET state = c.state::"MonitorState", evaluation = c.evaluation, "writtenAt" = c.at,
       code = CASE WHEN c.words THEN c.code ELSE m.code END, summary = CASE WHEN c.words THEN c.summary ELSE m.summary END,
       "stateSince" = CASE WHEN c.changed THEN c.at AT TIME ZONE 'UTC' ELSE m."stateSince" END,
       "everUp" = m."everUp" OR c.state = 'up'
     FROM jsonb_to_recordset($1::jsonb) AS c(id text, at timestamptz, state text, evaluation jsonb, words boolean, code text, summary text, changed boolean)
     WHERE m.id = c.id`,
    storableJson(rows),
  );
  const changed = moves.filter(({ output }) => output.transition);
  if (changed.length) {
    await db.transition.createMany({
      data: changed.map(({ monitor, look, output: { transition } }) => ({
        monitorId: monitor.id,
        at: look.at,
        ...transition!,
        summary: storableText(transition!.summary),
      })),
    });
  }
  for (const [serverId, own] of Map.groupBy(moves, ({ monitor }) => monitor.serverId)) {
    if (!serverId) continue;
    await storeEvents(
      db,
      serverId,
      own.flatMap(({ monitor, look, output }) =>
        output.notes.map(({ kind, text }) => ({
          kind: `monitor.${kind}`,
          at: look.at.getTime() / 1000,
          subject: monitor.key,
          text: storableText(`${monitor.name}: ${text}`),
        })),
      ),
    );
    if (own.some(({ output }) => output.transition))
      await queue.send('diagnose', { serverId }, { transaction: db, key: serverId });
  }
  const shared = changed.filter(
    ({ output: { transition } }) => transition!.to === 'down' && mayBeShared(transition!.code),
  );
  await askSiblings(db, [...new Set(shared.flatMap(({ monitor }) => monitor.serverId ?? []))].sort());
  const again = moves.filter(({ output }) => output.lookAgainSeconds);
  await lookAgain(
    db,
    again.map(({ monitor }) => monitor.id),
    again.map(({ output }) => output.lookAgainSeconds!),
  );
}
