// DNS monitors that accept what is there when they are made.
import { storableJson, storableText } from '#core/storable.ts';
import type { Transaction } from '#prisma';
import type { Look } from '#worker/schedule/prober.ts';
import { storeEvents } from '#worker/storeEvents.ts';
import type { MonitorRow } from './monitorRows.ts';

/** DNS monitors that accept what is there now: the values of the first good answer become the expected ones, with a line in the timeline. */
export async function acceptAnswers(
  db: Transaction,
  monitors: readonly MonitorRow[],
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const answers = monitors.flatMap(({ id, kind }) => {
    const { ok, details } = looks.get(id)!.result;
    const { values, here } = details;
    if (kind !== 'dns' || !ok || !Array.isArray(values) || !values.length || values.length > mostAccepted)
      return [];
    const seen = values.map((value) => storableText(String(value)).slice(0, 1000));
    // Of what does not lead to the server nothing is expected but that it is there: it was never meant to.
    return [{ id, seen, expected: Array.isArray(here) && here.length === 0 ? [] : seen }];
  });
  if (!answers.length) return;
  // Compare and set: of several regions the first one counts.
  const taken = await db.$queryRawUnsafe<{ id: string }[]>(
    `UPDATE "Monitor" m SET settings = m.settings || jsonb_build_object('expected', a.expected)
     FROM jsonb_to_recordset($1::jsonb) AS a(id text, expected jsonb)
     WHERE m.id = a.id AND m.settings @> '{"accept": true}' AND NOT m.settings ? 'expected' RETURNING m.id`,
    storableJson(answers),
  );
  for (const { id } of taken) {
    const { key, name, serverId } = monitors.find((one) => one.id === id)!;
    const { expected, seen } = answers.find((one) => one.id === id)!;
    if (!serverId) continue;
    const text = expected.length
      ? `accepted what is there now, to tell when it changes: ${expected.join(', ')}`
      : `leads to ${seen.join(', ')}, not to this server: accepted as meant, and watched only for being there`;
    await storeEvents(db, serverId, [
      {
        kind: 'monitor.accepted',
        at: looks.get(id)!.at.getTime() / 1000,
        subject: key,
        text: `${name}: ${text}.`,
      },
    ]);
  }
}

/** As many values as a setting may hold. */
const mostAccepted = 50;
