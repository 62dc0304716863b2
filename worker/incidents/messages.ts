// Which channels are told what of an incident.
import { randomUUID } from 'node:crypto';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Connection } from '#prisma';
import type { Queue } from '#prisma/queue.ts';

/** A message to each channel that wants this severity; a recovery goes only to those that heard of the problem. */
export async function enqueueMessages(
  connection: Connection,
  queue: Queue,
  incident: { id: string; organizationId: string; severity: Severity },
  kind: 'opened' | 'changed' | 'resolved',
): Promise<void> {
  const { rows: channels } = await connection.query<{ id: string; minSeverity: Severity; told: boolean }>(
    `SELECT id, "minSeverity", EXISTS (SELECT FROM "Notification" WHERE "incidentId" = $2 AND "channelId" = "Channel".id) AS told
     FROM "Channel" WHERE "organizationId" = $1 AND enabled ORDER BY id`,
    [incident.organizationId, incident.id],
  );
  for (const { id: channelId, minSeverity, told } of channels) {
    const wanted = severityRank[incident.severity] <= severityRank[minSeverity];
    if (kind === 'resolved' ? !told : !wanted) continue;
    const { rows } = await connection.query<{ id: string }>(
      `INSERT INTO "Notification" (id, "incidentId", "channelId", kind, "createdAt") VALUES ($1, $2, $3, $4, now() AT TIME ZONE 'UTC')
       ON CONFLICT DO NOTHING RETURNING id`,
      // A channel that hears of an incident for the first time is told that it opened, whatever happened before.
      [randomUUID(), incident.id, channelId, kind === 'changed' && !told ? 'opened' : kind],
    );
    for (const { id } of rows) await queue.send('notify', { notificationId: id }, { connection });
  }
}
