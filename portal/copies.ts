// A copy of a machine that reports with the original's token: who it is, and what becomes of it when a person decides.
import { type CopyDecision, copyReason } from '#core/copies.ts';
import type { Database, Server, ServerCopy, Transaction } from '#prisma';
import { epoch } from './epoch.ts';
import { newSecret, serverTokenPrefix } from './secrets.ts';
import { badRequest } from './trpc.ts';

/** A copy that has been silent for so long asks for no decision any more. */
const askedDays = 7;
export const noCopyWaits = 'No copy of this server waits for that decision.';

export interface WaitingCopy {
  bootId: string;
  /** What it calls itself; may be empty. */
  hostname: string;
  firstAt: number;
  lastAt: number;
}

/** Copies of a server that wait for a decision. */
export async function waitingCopies(db: Database, serverId: string): Promise<WaitingCopy[]> {
  const since = new Date(Date.now() - askedDays * 86_400_000);
  const rows = await db.serverCopy.findMany({
    where: { serverId, decision: null, lastAt: { gte: since } },
    orderBy: { lastAt: 'desc' },
    take: 20,
  });
  return rows.map(({ bootId, hostname, firstAt, lastAt }) => ({
    bootId,
    hostname,
    firstAt: epoch(firstAt),
    lastAt: epoch(lastAt),
  }));
}

/**
 * Carries a decision out. `same`: it is this server, so its reports are read as such from now on. `own`: it becomes a server with
 * a token of its own, which the secret is of; reports that it sends with the old token until then go there, and so do those that were kept.
 * `refused`: its reports stay unread. Throws BAD_REQUEST when somebody else has decided meanwhile.
 */
export async function decideCopy(
  db: Database,
  server: Server,
  copy: ServerCopy,
  decision: CopyDecision,
): Promise<{ target: Server; secret: string } | undefined> {
  if (decision !== 'own') {
    await decide(db, copy, { decision });
    return undefined;
  }
  const { secret, hash } = newSecret(serverTokenPrefix);
  return db.$transaction(async (transaction) => {
    const target = await transaction.server.create({
      data: {
        organizationId: server.organizationId,
        hostname: copy.hostname || server.hostname,
        machineId: server.machineId,
        tokenHash: hash,
      },
    });
    await decide(transaction, copy, { decision, targetId: target.id });
    // The worker finds them: what is stored and not read is looked for twice a minute.
    await transaction.report.updateMany({
      where: { serverId: server.id, state: 'failed', error: copyReason(copy.bootId) },
      data: { serverId: target.id, state: 'stored', error: null },
    });
    return { target, secret };
  });
}

/** Whoever decides first decides: a second click or another owner changes nothing, and what was begun for it is rolled back. */
async function decide(
  db: Transaction,
  { serverId, bootId }: ServerCopy,
  data: { decision: CopyDecision; targetId?: string },
): Promise<void> {
  const { count } = await db.serverCopy.updateMany({ where: { serverId, bootId, decision: null }, data });
  if (!count) throw badRequest(noCopyWaits);
}
