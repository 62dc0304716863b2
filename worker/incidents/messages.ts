// Which channels are told what of an incident.
import { randomUUID } from 'node:crypto';
import type { IncidentNews } from '#core/channels.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Connection } from '#prisma';
import type { Queue } from '#prisma/queue.ts';

export interface Announced {
  id: string;
  organizationId: string;
  severity: Severity;
  /** The incident of another server that it follows from: who is told of that one hears nothing new of this one. */
  headId: string | null;
}

interface Told {
  id: string;
  minSeverity: Severity;
  /** A message about the incident was made for this channel. */
  told: boolean;
  /** One of them is not delivered yet; its words are made when it is, so they will say what is known then. */
  waiting: boolean;
  /** It was told of one of the incidents that follow from this one, and hears the cause there. */
  knows: boolean;
  /** It was told of the incident that this one follows from, or of another one that does. */
  knowsHead: boolean;
}

/**
 * A message to each channel that wants this severity; a recovery goes only to those that heard of the problem, a return to those that heard
 * of the end, or of nothing. Each kind is told once, but for what is told `anew`; what a channel is told next says the same as a message
 * that still waits for its delivery, so nothing is added to that.
 */
export async function enqueueMessages(
  connection: Connection,
  queue: Queue,
  incident: Announced,
  kind: IncidentNews,
  { startAfter, anew = false }: { startAfter?: Date; anew?: boolean } = {},
): Promise<void> {
  const ended = kind === 'reopened' ? await forgetEnd(connection, incident.id) : new Set<string>();
  for (const channel of await readChannels(connection, incident)) {
    const { id: channelId, minSeverity, waiting, knows, knowsHead } = channel;
    const told = channel.told || ended.has(channelId);
    const wanted = severityRank[incident.severity] <= severityRank[minSeverity];
    if (kind === 'resolved' ? !told : !wanted || waiting) continue;
    if (!told && (knowsHead || (knows && kind === 'opened'))) continue;
    if (kind === 'reopened' && told && !ended.has(channelId)) continue;
    if (anew)
      await connection.query(
        'DELETE FROM "Notification" WHERE "incidentId" = $1 AND "channelId" = $2 AND kind = $3',
        [incident.id, channelId, kind],
      );
    const { rows } = await connection.query<{ id: string }>(
      `INSERT INTO "Notification" (id, "incidentId", "channelId", kind, "createdAt") VALUES ($1, $2, $3, $4, now() AT TIME ZONE 'UTC')
       ON CONFLICT DO NOTHING RETURNING id`,
      // A channel that hears of an incident for the first time is told that it opened, whatever happened before.
      [randomUUID(), incident.id, channelId, kind === 'resolved' || told ? kind : 'opened'],
    );
    for (const { id } of rows)
      await queue.send('notify', { notificationId: id }, { connection, ...(startAfter && { startAfter }) });
  }
}

/**
 * What was told of an end, a change or a return before may be told anew, the next time that it happens, and so may what did not arrive; an
 * end that was not delivered yet is not told at all. The channels that were told of the end, or are being told just now.
 */
async function forgetEnd(connection: Connection, incidentId: string): Promise<Set<string>> {
  const { rows } = await connection.query<{ channelId: string; heardEnd: boolean }>(
    `DELETE FROM "Notification" WHERE "incidentId" = $1
       AND (kind IN ('resolved', 'reopened') OR state = 'failed' OR (state = 'sent' AND kind <> 'opened'))
     RETURNING "channelId", kind = 'resolved' AND (state = 'sent' OR (state = 'queued' AND "claimedAt" IS NOT NULL)) AS "heardEnd"`,
    [incidentId],
  );
  return new Set(rows.filter(({ heardEnd }) => heardEnd).map(({ channelId }) => channelId));
}

/** Hours after which a message that is not delivered waits no more: it was given up (prisma/queue.ts). */
const givenUpHours = 5;

async function readChannels(
  connection: Connection,
  { id, organizationId, headId }: Announced,
): Promise<Told[]> {
  const toldOf = (incidents: string) =>
    `EXISTS (SELECT FROM "Notification" o JOIN "Incident" f ON f.id = o."incidentId" WHERE o."channelId" = c.id AND (${incidents}))`;
  const { rows } = await connection.query<Told>(
    `SELECT c.id, c."minSeverity", count(n.id) > 0 AS told,
       coalesce(bool_or(n.state = 'queued' AND n."createdAt" > now() AT TIME ZONE 'UTC' - make_interval(hours => $4)), false) AS waiting,
       ${toldOf('f."headId" = $2')} AS knows, ${toldOf('f.id = $3 OR f."headId" = $3')} AS "knowsHead"
     FROM "Channel" c LEFT JOIN "Notification" n ON n."channelId" = c.id AND n."incidentId" = $2
     WHERE c."organizationId" = $1 AND c.enabled GROUP BY c.id ORDER BY c.id`,
    [organizationId, id, headId, givenUpHours],
  );
  return rows;
}
