// Incidents: the list, and one with its evidence, its chain, what was ruled out and who was told.
import { z } from 'zod';
import { findingKey, incidentBodySchema } from '#core/diagnosis.ts';
import { incidentLinkSeconds, signIncidentLink } from '#core/incidentLink.ts';
import { severitySchema } from '#core/severity.ts';
import type { Incident, Prisma } from '#prisma';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { ruleTitles } from '#portal/ruleTitles.ts';
import { idInput, memberProcedure, notFound, router } from '#portal/trpc.ts';

const pageSize = 50;

export const incidents = router({
  list: memberProcedure
    .input(
      z.strictObject({
        state: z.enum(['open', 'resolved', 'all']).default('all'),
        severity: severitySchema.optional(),
        serverId: z.string().max(64).optional(),
        /** Epoch seconds: only those that opened before. */
        before: z.number().positive().optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const where: Prisma.IncidentWhereInput = {
        organizationId: ctx.organizationId,
        ...(input.state !== 'all' && { state: input.state }),
        ...(input.severity && { severity: input.severity }),
        ...(input.serverId && { serverId: input.serverId }),
        ...(input.before && { openedAt: { lt: new Date(input.before * 1000) } }),
      };
      const [rows, open] = await Promise.all([
        ctx.db.incident.findMany({
          where,
          orderBy: [{ state: 'asc' }, { openedAt: 'desc' }, { id: 'asc' }],
          take: pageSize + 1,
          include: { server: { select: { id: true, hostname: true } } },
        }),
        ctx.db.incident.count({ where: { organizationId: ctx.organizationId, state: 'open' } }),
      ]);
      return { incidents: rows.slice(0, pageSize).map(summary), more: rows.length > pageSize, open };
    }),

  get: memberProcedure.input(idInput).query(async ({ ctx, input }) => {
    const row = await ctx.db.incident.findFirst({
      where: { id: input.id, organizationId: ctx.organizationId },
      include: {
        server: { select: { id: true, hostname: true } },
        entries: { orderBy: { at: 'asc' }, take: 500 },
        notifications: {
          orderBy: { createdAt: 'asc' },
          take: 200,
          include: { channel: { select: { name: true, kind: true } } },
        },
      },
    });
    if (!row) throw notFound('incident');
    // What an older version wrote may lack what is read today; the incident itself is shown all the same.
    const body = incidentBodySchema.safeParse(row.body);
    const token = await signIncidentLink(
      ctx.services.secret,
      row.id,
      Date.now() / 1000 + incidentLinkSeconds,
    );
    return {
      ...summary(row),
      /** Opens this incident above its article. */
      token,
      body: body.success
        ? {
            ...body.data,
            problems: body.data.problems.map((problem) => ({ ...problem, key: findingKey(problem) })),
          }
        : null,
      titles: ruleTitles((body.data?.ruledOut ?? []).flatMap(({ problem, effect }) => [problem, effect])),
      entries: row.entries.map(({ id, at, kind, text }) => ({ id, at: epoch(at), kind, text })),
      notifications: row.notifications.map(({ id, kind, state, error, createdAt, sentAt, channel }) => ({
        id,
        kind,
        state,
        error,
        channel: channel.name,
        channelKind: channel.kind,
        createdAt: epoch(createdAt),
        sentAt: epochOrNull(sentAt),
      })),
    };
  }),
});

function summary(row: Incident & { server: { id: string; hostname: string } | null }) {
  const body = incidentBodySchema.safeParse(row.body);
  return {
    id: row.id,
    ruleId: row.ruleId,
    title: row.title,
    severity: row.severity,
    state: row.state,
    openedAt: epoch(row.openedAt),
    resolvedAt: epochOrNull(row.resolvedAt),
    server: row.server,
    article: body.data?.problems[0]?.article ?? null,
    symptoms: Math.max(0, (body.data?.problems.length ?? 1) - 1),
  };
}
