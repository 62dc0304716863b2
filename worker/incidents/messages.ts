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
  /** The incident of another server that it follows from: who was not told of this one before is told of that one alone. */
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
}

/**
 * A message to each channel that wants this severity; a recovery goes only to those that heard of the problem. Each kind is told once; what
 * a channel is told next says the same as a message that still waits for its delivery, so nothing is added to that.
 */
export async function enqueueMessages(
  connection: Connection,
  queue: Queue,
  incident: Announced,
  kind: IncidentNews,
  { startAfter }: { startAfter?: Date } = {},
): Promise<void> {
  for (const { id: channelId, minSeverity, told, waiting, knows } of await readChannels(
    connection,
    incident,
  )) {
    const wanted = severityRank[incident.severity] <= severityRank[minSeverity];
    if (kind === 'resolved' ? !told : !wanted || waiting || (knows && !told)) continue;
    if (!told && incident.headId !== null) continue;
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
 * What was told of an end and of a return before may be told anew, the next time that it happens; an end that was not delivered yet is not
 * told at all. Says whether anybody was told of the end.
 */
export async function forgetEnd(connection: Connection, incidentId: string): Promise<boolean> {
  const { rows } = await connection.query<{ kind: string; state: string }>(
    `DELETE FROM "Notification" WHERE "incidentId" = $1 AND kind IN ('resolved', 'reopened') RETURNING kind, state`,
    [incidentId],
  );
  return rows.some(({ kind, state }) => kind === 'resolved' && state === 'sent');
}

async function readChannels(connection: Connection, { id, organizationId }: Announced): Promise<Told[]> {
  const { rows } = await connection.query<Told>(
    `SELECT c.id, c."minSeverity", count(n.id) > 0 AS told, coalesce(bool_or(n.state = 'queued'), false) AS waiting,
       EXISTS (SELECT FROM "Notification" o JOIN "Incident" f ON f.id = o."incidentId"
         WHERE o."channelId" = c.id AND f."headId" = $2) AS knows
     FROM "Channel" c LEFT JOIN "Notification" n ON n."channelId" = c.id AND n."incidentId" = $2
     WHERE c."organizationId" = $1 AND c.enabled GROUP BY c.id ORDER BY c.id`,
    [organizationId, id],
  );
  return rows;
}
