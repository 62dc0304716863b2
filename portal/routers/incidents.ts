// Incidents: the list, and one with its evidence, its chain, what was ruled out and who was told.
import { z } from 'zod';
import { findingKey, incidentBodySchema } from '#core/diagnosis.ts';
import { incidentLinkSeconds, signIncidentLink } from '#core/incidentLink.ts';
import { type Severity, severitySchema } from '#core/severity.ts';
import type { Incident, Prisma } from '#prisma';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { ruleTitles } from '#portal/ruleTitles.ts';
import { idInput, memberProcedure, notFound, router } from '#portal/trpc.ts';
import { contains, wordsOf } from '#portal/words.ts';

const pageSize = 50;

export interface Standing {
  critical: number;
  warning: number;
}

export const incidents = router({
  list: memberProcedure
    .input(
      z.strictObject({
        state: z.enum(['open', 'resolved', 'all']).default('all'),
        severity: severitySchema.optional(),
        serverId: z.string().max(64).optional(),
        /** In the title, or in the name of the server. */
        words: z.string().max(100).optional(),
        /** The id of the last one of the page before. */
        after: z.string().max(64).optional(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const where: Prisma.IncidentWhereInput = {
        organizationId: ctx.organizationId,
        ...(input.state !== 'all' && { state: input.state }),
        ...(input.severity && { severity: input.severity }),
        ...(input.serverId && { serverId: input.serverId }),
        AND: wordsOf(input.words).map((word) => ({
          OR: [{ title: contains(word) }, { server: { hostname: contains(word) } }],
        })),
      };
      const [rows, open] = await Promise.all([
        ctx.db.incident.findMany({
          where,
          orderBy: [
            { state: 'asc' },
            // What is open is read to be done, the worst first; what is over, as a story.
            ...(input.state === 'open' ? [{ severity: 'asc' as const }] : []),
            { openedAt: 'desc' },
            { id: 'asc' },
          ],
          take: pageSize + 1,
          ...(input.after && { cursor: { id: input.after }, skip: 1 }),
          include: { server: { select: { id: true, hostname: true } } },
        }),
        ctx.db.incident.count({ where: { organizationId: ctx.organizationId, state: 'open' } }),
      ]);
      return { incidents: rows.slice(0, pageSize).map(summary), more: rows.length > pageSize, open };
    }),

  /** How it stands: open incidents by severity. Every page shows it. */
  standing: memberProcedure.query(async ({ ctx }): Promise<Standing> => {
    const counts = await ctx.db.incident.groupBy({
      by: ['severity'],
      where: { organizationId: ctx.organizationId, state: 'open' },
      _count: true,
    });
    const of = (severity: Severity) => counts.find((each) => each.severity === severity)?._count ?? 0;
    return { critical: of('critical'), warning: of('warning') };
  }),

  get: memberProcedure.input(idInput).query(async ({ ctx, input }) => {
    const row = await ctx.db.incident.findFirst({
      where: { id: input.id, organizationId: ctx.organizationId },
      include: {
        server: { select: { id: true, hostname: true } },
        head: relative,
        followers: { ...relative, orderBy: { openedAt: 'asc' }, take: 100 },
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
      /** The incident of another server that it follows from, and those of other servers that follow from it. */
      head: row.head && related(row.head),
      followers: row.followers.map(related),
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

const relative = {
  select: { id: true, title: true, state: true, severity: true, server: { select: { hostname: true } } },
} as const;

function related({ server, ...incident }: Prisma.IncidentGetPayload<typeof relative>) {
  return { ...incident, server: server?.hostname ?? '' };
}

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
