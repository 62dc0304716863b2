// Copies of a machine that report with its token: which there are, and what a person decided about each.
import type { CopyDecision } from '#core/copies.ts';
import { type Connection, prepared } from '#prisma';
import type { Queue } from '#prisma/queue.ts';
import type { Copy, StoredReport } from './readStored.ts';

export interface CopyRow {
  /** null until somebody decides. */
  decision: CopyDecision | null;
  /** The server that the copy became. */
  targetId: string | null;
}

/** Remembers that this copy of a server has reported, and says what was decided about it. In the transaction of `connection`. */
export async function noticeCopy(connection: Connection, serverId: string, copy: Copy): Promise<CopyRow> {
  const { rows } = await connection.query<CopyRow>(
    prepared(
      `INSERT INTO "ServerCopy" ("serverId", "bootId", hostname, "firstAt", "lastAt")
       SELECT $1, $2, $3, t, t FROM (SELECT to_timestamp($4::float8 / 1000)::timestamptz(3) AS t) AS times
       ON CONFLICT ("serverId", "bootId") DO UPDATE SET "lastAt" = greatest("ServerCopy"."lastAt", EXCLUDED."lastAt")
       RETURNING decision, "targetId"`,
      [serverId, copy.bootId, copy.hostname, copy.at],
    ),
  );
  return rows[0]!;
}

/** Reports of copies that are servers of their own go to those, and are read there. */
export async function passOn(
  connection: Connection,
  queue: Queue,
  reports: readonly { report: StoredReport; targetId: string }[],
): Promise<void> {
  for (const { report, targetId } of reports) {
    await connection.query(
      `UPDATE report SET "serverId" = $3
       WHERE "serverId" = $1 AND id = $2 AND "receivedAt" = to_timestamp($4::float8 / 1000)::timestamptz(3)`,
      [report.serverId, report.id, targetId, report.receivedAt],
    );
  }
  const targets = [...new Set(reports.map(({ targetId }) => targetId))];
  await queue.sendAll(
    'parse',
    targets.map((id) => ({ data: { serverIds: [id] }, key: id })),
    connection,
  );
}
