// Incidents and their lines as rows.
import { randomUUID } from 'node:crypto';
import type { IncidentNews } from '#core/channels.ts';
import type { IncidentBody } from '#core/diagnosis.ts';
import type { Severity } from '#core/severity.ts';
import { storableJson, storableText } from '#core/storable.ts';
import type { Connection } from '#prisma';
import { overRows } from '#prisma/rows.ts';

interface IncidentWords {
  id: string;
  organizationId: string;
  rootKey: string;
  ruleId: string;
  title: string;
  severity: Severity;
  body: IncidentBody;
  /** The incident of another server that it follows from. */
  headId: string | null;
}

export interface IncidentUpdate extends IncidentWords {
  /** There is a line to tell, not only other numbers. */
  isNews: boolean;
  /** It does not follow from that one any more: what is null in `headId`. Only then is that written, as others write it, too. */
  isOwn: boolean;
  /** What people are told of it, if anything. */
  news?: IncidentNews;
}

export interface IncidentEntry {
  incidentId: string;
  kind: string;
  text: string;
}

const time = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000) AT TIME ZONE 'UTC'`;

export async function insertIncident(
  connection: Connection,
  incident: IncidentWords & { serverId: string },
  now: Date,
): Promise<void> {
  const { id, organizationId, serverId, rootKey, ruleId, severity, title, body, headId } = incident;
  await connection.query(
    `INSERT INTO "Incident" (id, "organizationId", "serverId", "rootKey", "ruleId", severity, title, body, "openedAt", "updatedAt", "headId")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${time('$9')}, ${time('$9')}, $10)`,
    [
      id,
      organizationId,
      serverId,
      storableText(rootKey),
      ruleId,
      severity,
      storableText(title),
      storableJson(body),
      now.getTime(),
      headId,
    ],
  );
}

/** An incident that was resolved is open again. */
export async function writeReopened(
  connection: Connection,
  { id, rootKey, ruleId, severity, title, body }: Omit<IncidentWords, 'organizationId' | 'headId'>,
  now: Date,
): Promise<void> {
  await connection.query(
    `UPDATE "Incident" SET state = 'open', "resolvedAt" = NULL, "rootKey" = $2, "ruleId" = $3, severity = $4, title = $5, body = $6,
       "updatedAt" = ${time('$7')} WHERE id = $1`,
    [id, storableText(rootKey), ruleId, severity, storableText(title), storableJson(body), now.getTime()],
  );
}

/** Incidents of other servers follow from this one, and so does what followed from them. */
export async function writeFollowers(
  connection: Connection,
  headId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length)
    await connection.query(
      'UPDATE "Incident" SET "headId" = $1 WHERE id = ANY($2::text[]) OR "headId" = ANY($2::text[])',
      [headId, ids],
    );
}

/** What followed from an incident that goes on as a part of another one follows from that one, or from what that follows from. */
export async function moveFollowers(connection: Connection, from: string, to: string): Promise<void> {
  await connection.query(
    `UPDATE "Incident" i SET "headId" = coalesce(h."headId", h.id) FROM "Incident" h
     WHERE h.id = $2 AND i."headId" = $1 AND i.id <> coalesce(h."headId", h.id)`,
    [from, to],
  );
}

/** Rows that would stay the same are left alone. */
export async function writeUpdates(
  connection: Connection,
  updates: readonly IncidentUpdate[],
  now: Date,
): Promise<void> {
  await overRows(
    connection,
    ['text', 'text', 'text', 'text', 'text', 'jsonb', 'bool', 'bool', 'float8'],
    updates.map(({ id, rootKey, ruleId, title, severity, body, isOwn, isNews }) => [
      id,
      storableText(rootKey),
      ruleId,
      storableText(title),
      severity,
      storableJson(body),
      isOwn,
      isNews,
      now.getTime(),
    ]),
    (values) =>
      `UPDATE "Incident" AS i SET "rootKey" = r.k, "ruleId" = r.u, title = r.t, severity = r.s::"Severity", body = r.b, "headId" = CASE WHEN r.o THEN NULL ELSE i."headId" END,
         "updatedAt" = CASE WHEN r.n THEN ${time('r.a')} ELSE i."updatedAt" END
       FROM (VALUES ${values}) AS r(id, k, u, t, s, b, o, n, a)
       WHERE i.id = r.id AND (r.n OR i.body IS DISTINCT FROM r.b OR i."rootKey" <> r.k OR i.title <> r.t)`,
  );
}

export async function writeEntries(
  connection: Connection,
  entries: readonly IncidentEntry[],
  now: Date,
): Promise<void> {
  await overRows(
    connection,
    ['text', 'text', 'text', 'text', 'float8'],
    entries.map(({ incidentId, kind, text }) => [
      randomUUID(),
      incidentId,
      kind,
      storableText(text),
      now.getTime(),
    ]),
    (values) =>
      `INSERT INTO "IncidentEntry" (id, "incidentId", kind, text, at)
       SELECT i, n, k, t, ${time('a')} FROM (VALUES ${values}) AS r(i, n, k, t, a)`,
  );
}

/** Compare and set: of two workers that see the end, one writes it. Says whether it was this one. */
export async function writeResolved(connection: Connection, id: string, now: Date): Promise<boolean> {
  const { rowCount } = await connection.query(
    `UPDATE "Incident" SET state = 'resolved', "resolvedAt" = ${time('$2')}, "updatedAt" = ${time('$2')}
     WHERE id = $1 AND state = 'open'`,
    [id, now.getTime()],
  );
  return rowCount === 1;
}
