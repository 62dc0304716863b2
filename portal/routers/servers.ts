// Servers: the list with the state of each, one with all that is known of it, and what an owner may do with it.
import { z } from 'zod';
import { withCondition } from '#core/conditions/index.ts';
import { copyDecisions } from '#core/copies.ts';
import { type Diagnosis, diagnosisSchema, findingKey } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import type { Server } from '#prisma';
import { announce } from '#prisma/notify.ts';
import { decideCopy, noCopyWaits, waitingCopies } from '#portal/copies.ts';
import { createEnrolmentKey, currentEnrolmentKey, installLines } from '#portal/enrolment.ts';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { latestSamples } from '#portal/history.ts';
import { newSecret, serverTokenPrefix } from '#portal/secrets.ts';
import { readLearning } from '#portal/learning.ts';
import { monitorRows } from '#portal/monitorRow.ts';
import { ruleTitles } from '#portal/ruleTitles.ts';
import { stateOf, summarizeServers } from '#portal/serverSummary.ts';
import { readTimeline } from '#portal/timeline.ts';
import {
  badRequest,
  editorProcedure,
  idInput,
  memberProcedure,
  notFound,
  ownerProcedure,
  router,
} from '#portal/trpc.ts';
import { contains, wordsOf } from '#portal/words.ts';

const installWith = (url: string, token: string) =>
  `sudo sh rootnote.sh install --url ${url} --token ${token}`;

export const servers = router({
  list: memberProcedure.query(({ ctx }) => summarizeServers(ctx.db, ctx.organizationId)),

  /** A few whose name has all of these words, for the search of every page. */
  find: memberProcedure
    .input(z.strictObject({ words: z.string().trim().min(1).max(100) }))
    .query(({ ctx, input }) =>
      ctx.db.server.findMany({
        where: {
          organizationId: ctx.organizationId,
          AND: wordsOf(input.words).map((word) => ({ hostname: contains(word) })),
        },
        orderBy: { hostname: 'asc' },
        take: 6,
        select: { id: true, hostname: true },
      }),
    ),

  get: memberProcedure.input(idInput).query(async ({ ctx, input }) => {
    const server = await findServer(ctx, input.id);
    const [facts, diagnosis, incidents, monitors, samples, learning] = await Promise.all([
      ctx.db.fact.findMany({ where: { serverId: server.id } }),
      ctx.db.diagnosisRow.findFirst({ where: { serverId: server.id }, orderBy: { at: 'desc' } }),
      ctx.db.incident.findMany({
        where: { serverId: server.id, state: 'open' },
        orderBy: [{ severity: 'asc' }, { openedAt: 'desc' }],
        select: { id: true, rootKey: true, title: true, severity: true, openedAt: true },
      }),
      monitorRows(ctx.db, { serverId: server.id, organizationId: ctx.organizationId }),
      latestSamples(ctx.db, server.id),
      readLearning(ctx.db, server.id),
    ]);
    const judged = diagnosisSchema.safeParse(diagnosis?.body);
    const verdict: Diagnosis | null = judged.success ? judged.data : null;
    const worst = (['critical', 'warning', 'info'] as const).find((severity) =>
      verdict?.problems.some((problem) => problem.severity === severity),
    );
    const original = server.cloneOfId
      ? await ctx.db.server.findFirst({
          where: { id: server.cloneOfId, organizationId: ctx.organizationId },
          select: { id: true, hostname: true },
        })
      : null;
    return {
      id: server.id,
      hostname: server.hostname,
      machineId: server.machineId,
      local: server.local,
      agent: { version: server.agentVersion, sha256: server.agentSha256 },
      reportedFrom: server.reportedFrom,
      createdAt: epoch(server.createdAt),
      lastReportAt: epochOrNull(server.lastReportAt),
      revokedAt: epochOrNull(server.revokedAt),
      cloneOf: original,
      copies: await waitingCopies(ctx.db, server.id),
      state: stateOf(server, worst, Date.now() / 1000),
      facts: Object.fromEntries(facts.map(({ name, value }) => [name, value])) as Facts,
      diagnosis: verdict && {
        ...verdict,
        at: epoch(diagnosis!.at),
        // What an older version stored says nothing of its conditions: those of today are what judges the server now.
        problems: verdict.problems.map((problem) => ({
          ...withCondition(problem),
          ...problem,
          key: findingKey(problem),
        })),
        titles: ruleTitles(verdict.ruledOut.flatMap(({ problem, effect }) => [problem, effect])),
      },
      incidents: incidents.map((incident) => ({ ...incident, openedAt: epoch(incident.openedAt) })),
      monitors,
      samples,
      learning,
    };
  }),

  timeline: memberProcedure
    .input(
      z.strictObject({
        id: z.string().max(64),
        before: z.number().positive().optional(),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .query(async ({ ctx, input }) => {
      await findServer(ctx, input.id);
      return readTimeline(ctx.db, input.id, { before: input.before, limit: input.limit });
    }),

  rename: editorProcedure
    .input(z.strictObject({ id: z.string().max(64), hostname: z.string().trim().min(1).max(253) }))
    .mutation(async ({ ctx, input }) => {
      await findServer(ctx, input.id);
      await ctx.db.server.update({ where: { id: input.id }, data: { hostname: input.hostname } });
      await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId: input.id });
    }),

  /** The new token is shown once; the old one stops working at once. */
  rekey: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    await findServer(ctx, input.id);
    const { secret, hash } = newSecret(serverTokenPrefix);
    await ctx.db.server.update({ where: { id: input.id }, data: { tokenHash: hash, revokedAt: null } });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId: input.id });
    return {
      line: installWith(ctx.services.baseUrl, secret),
    };
  }),

  revoke: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    await findServer(ctx, input.id);
    await ctx.db.server.update({ where: { id: input.id }, data: { revokedAt: new Date() } });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId: input.id });
  }),

  /** A machine that looked like a copy of another one is a server of its own. */
  keepClone: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    await findServer(ctx, input.id);
    await ctx.db.server.update({ where: { id: input.id }, data: { cloneOfId: null } });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId: input.id });
  }),

  /** The same machine, set up again: the server it was goes on with its new token and all its history. Returns its id. */
  joinOriginal: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const clone = await findServer(ctx, input.id);
    const original = clone.cloneOfId
      ? await ctx.db.server.findFirst({
          where: { id: clone.cloneOfId, organizationId: ctx.organizationId },
        })
      : null;
    if (!original) throw badRequest('This server is not a copy of another one, or the other one is gone.');
    const { tokenHash, productUuid } = clone;
    await ctx.db.$transaction([
      ctx.db.server.delete({ where: { id: clone.id } }),
      ctx.db.server.update({
        where: { id: original.id },
        data: { tokenHash, productUuid, revokedAt: null },
      }),
    ]);
    for (const serverId of [clone.id, original.id])
      await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId });
    return { id: original.id };
  }),

  /** What becomes of a copy that reports with this server's token. A new server comes with its install line, whose token is shown once. */
  decideCopy: ownerProcedure
    .input(idInput.extend({ bootId: z.string().min(1).max(64), decision: z.enum(copyDecisions) }))
    .mutation(async ({ ctx, input }) => {
      const server = await findServer(ctx, input.id);
      const copy = await ctx.db.serverCopy.findUnique({
        where: { serverId_bootId: { serverId: server.id, bootId: input.bootId } },
      });
      if (!copy || copy.decision) throw badRequest(noCopyWaits);
      const own = await decideCopy(ctx.db, server, copy, input.decision);
      for (const serverId of [server.id, ...(own ? [own.target.id] : [])])
        await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId });
      return own
        ? { id: own.target.id, line: installWith(ctx.services.baseUrl, own.secret) }
        : { id: server.id, line: null };
    }),

  /** With all its history. Packed tables follow by their retention. */
  remove: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    await findServer(ctx, input.id);
    await ctx.db.server.delete({ where: { id: input.id } });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'server', serverId: input.id });
  }),

  /** The lines that add a server; null for viewers, and when no key can be shown. */
  install: memberProcedure.query(async ({ ctx }) => {
    if (ctx.member.role === 'viewer') return null;
    const key = await currentEnrolmentKey(ctx.db, ctx.organizationId, ctx.services.secret);
    return key ? installLines(ctx.services.baseUrl, key) : null;
  }),

  keys: ownerProcedure.query(async ({ ctx }) => {
    const rows = await ctx.db.enrolmentKey.findMany({
      where: { organizationId: ctx.organizationId },
      orderBy: { createdAt: 'desc' },
      take: 20,
    });
    return rows.map(({ id, hint, createdAt, revokedAt }) => ({
      id,
      hint,
      createdAt: epoch(createdAt),
      revokedAt: epochOrNull(revokedAt),
    }));
  }),

  /** A new key; those before it no longer let anyone in. Servers that are in stay in: each has a token of its own. */
  rotateKey: ownerProcedure.mutation(async ({ ctx }) => {
    await ctx.db.$transaction(async (transaction) => {
      await transaction.enrolmentKey.updateMany({
        where: { organizationId: ctx.organizationId, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      await createEnrolmentKey(transaction, ctx.organizationId, ctx.services.secret);
    });
  }),
});

async function findServer(
  ctx: { db: { server: { findFirst(query: object): Promise<Server | null> } }; organizationId: string },
  id: string,
): Promise<Server> {
  const server = await ctx.db.server.findFirst({ where: { id, organizationId: ctx.organizationId } });
  if (!server) throw notFound('server');
  return server;
}
