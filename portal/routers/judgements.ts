// What people say about judgements of a server: "accept this value, tell me when it changes", and bounds of its own; what was diagnosed when.
import { z } from 'zod';
import { conditionOf, gaugeText, unitOf } from '#core/conditions/index.ts';
import { diagnosisSchema, findingKey } from '#core/diagnosis.ts';
import { boundOverrideSchema, contradiction, outOfRange, reasonSchema } from '#core/judgement.ts';
import { type MetricName, metrics } from '#core/metrics.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { announce } from '#prisma/notify.ts';
import type { Services } from '#portal/context.ts';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { ruleTitles } from '#portal/ruleTitles.ts';
import { badRequest, editorProcedure, memberProcedure, notFound, router } from '#portal/trpc.ts';

const serverId = z.string().min(1).max(64);
const key = z.string().min(3).max(700);
const ruleId = z.string().max(100).refine(isRuleId, 'is not a rule of the catalogue');
const pageSize = 30;

export const judgements = router({
  /** What is accepted and which bounds are this server's own. */
  list: memberProcedure.input(z.strictObject({ serverId })).query(async ({ ctx, input }) => {
    await ownServer(ctx, input.serverId);
    const where = { serverId: input.serverId };
    const [accepted, bounds] = await Promise.all([
      ctx.db.acceptance.findMany({ where, orderBy: { acceptedAt: 'desc' } }),
      ctx.db.ruleOverride.findMany({ where, orderBy: { setAt: 'desc' } }),
    ]);
    return {
      accepted: accepted.map(({ key, summary, reason, acceptedBy, acceptedAt, expiresAt }) => ({
        key,
        summary,
        reason,
        by: acceptedBy,
        at: epoch(acceptedAt),
        until: epochOrNull(expiresAt),
      })),
      bounds: bounds.map((row) => ({
        ruleId: row.ruleId,
        title: isRuleId(row.ruleId) ? ruleEntry(row.ruleId).title : row.ruleId,
        ...boundTexts(row.ruleId, row.bound),
        reason: row.reason,
        by: row.setBy,
        at: epoch(row.setAt),
      })),
    };
  }),

  /** Accepts a finding as it is: it is shown, opens nothing, and is told again when its value changes or the time is over. */
  accept: editorProcedure
    .input(
      z.strictObject({
        serverId,
        key,
        reason: reasonSchema,
        /** Null: until somebody takes it back. */
        days: z.int().min(1).max(3650).nullable(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const server = await ownServer(ctx, input.serverId);
      const finding = (await lastProblems(ctx, input.serverId)).find((one) => findingKey(one) === input.key);
      if (!finding) throw notFound('problem');
      const row = {
        summary: finding.summary.slice(0, 500),
        reason: input.reason,
        acceptedBy: ctx.member.email,
        acceptedAt: new Date(),
        expiresAt: input.days === null ? null : new Date(Date.now() + input.days * 86_400_000),
      };
      const id = { serverId: input.serverId, key: input.key };
      // The value is taken by the next judgement, which knows what is measured now.
      await ctx.db.acceptance.deleteMany({ where: id });
      await ctx.db.acceptance.create({ data: { ...id, ...row } });
      await judgeAgain(ctx, server.id);
    }),

  takeBack: editorProcedure.input(z.strictObject({ serverId, key })).mutation(async ({ ctx, input }) => {
    const server = await ownServer(ctx, input.serverId);
    const { count } = await ctx.db.acceptance.deleteMany({
      where: { serverId: input.serverId, key: input.key },
    });
    if (!count) throw notFound('acceptance');
    await judgeAgain(ctx, server.id);
  }),

  /** Sets a bound of a rule for this server alone, whether or not it is crossed now. The rule must be a gauge. */
  setBound: editorProcedure
    .input(z.strictObject({ serverId, ruleId, bound: boundOverrideSchema, reason: reasonSchema }))
    .mutation(async ({ ctx, input }) => {
      const server = await ownServer(ctx, input.serverId);
      const { metric } = input.bound;
      const gauge = conditionOf(input.ruleId)?.gauges?.find((one) => one.metric === metric);
      if (!gauge) throw badRequest(`${input.ruleId} has no bound on ${metric} that a server could set.`);
      // What was crossed says its unit: it may be for all cores together.
      const crossed = (await lastProblems(ctx, input.serverId)).find(
        (one) => one.id === input.ruleId && one.bound?.metric === metric,
      );
      const unit = crossed?.bound?.unit ?? (isMetric(metric) ? metrics[metric].unit : unitOf(gauge));
      const wrong = contradiction(input.bound, gauge.side) ?? outOfRange(input.bound, unit);
      if (wrong) throw badRequest(wrong);
      const id = { serverId: input.serverId, ruleId: input.ruleId };
      const row = {
        bound: input.bound,
        reason: input.reason,
        setBy: ctx.member.email,
        setAt: new Date(),
      };
      await ctx.db.ruleOverride.upsert({
        where: { serverId_ruleId: id },
        create: { ...id, ...row },
        update: row,
      });
      await judgeAgain(ctx, server.id);
    }),

  /** Also of a rule that is no more. */
  resetBound: editorProcedure
    .input(z.strictObject({ serverId, ruleId: z.string().min(1).max(100) }))
    .mutation(async ({ ctx, input }) => {
      const server = await ownServer(ctx, input.serverId);
      const { count } = await ctx.db.ruleOverride.deleteMany({
        where: { serverId: input.serverId, ruleId: input.ruleId },
      });
      if (!count) throw notFound('bound');
      await judgeAgain(ctx, server.id);
    }),

  /** What was diagnosed when: each row is a judgement that said something else than the one before. */
  diagnoses: memberProcedure
    .input(z.strictObject({ serverId, before: z.number().positive().optional() }))
    .query(async ({ ctx, input }) => {
      const server = await ownServer(ctx, input.serverId);
      const rows = await ctx.db.diagnosisRow.findMany({
        where: {
          serverId: input.serverId,
          ...(input.before && { at: { lt: new Date(input.before * 1000) } }),
        },
        orderBy: { at: 'desc' },
        take: pageSize + 1,
      });
      return {
        server: { id: server.id, hostname: server.hostname },
        more: rows.length > pageSize,
        rows: rows.slice(0, pageSize).map(({ at, verdict, body }) => {
          // What an older version wrote may not be read any more; that it was said is shown all the same.
          const parsed = diagnosisSchema.safeParse(body);
          const { problems, rootCauses, ruledOut } = parsed.data ?? {};
          return {
            at: epoch(at),
            verdict,
            readable: parsed.success,
            problems: (problems ?? []).map((one) => ({ ...one, key: findingKey(one) })),
            rootCauses: rootCauses ?? [],
            ruledOut: ruledOut ?? [],
            titles: ruleTitles((ruledOut ?? []).flatMap(({ problem, effect }) => [problem, effect])),
          };
        }),
      };
    }),
});

const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

/** A bound of a server in a sentence, and that which holds without it. What an older version wrote, or a rule lost, is shown as such. */
function boundTexts(ruleId: string, stored: unknown) {
  const bound = boundOverrideSchema.safeParse(stored).data ?? null;
  const gauge = bound && conditionOf(ruleId)?.gauges?.find(({ metric }) => metric === bound.metric);
  if (!gauge) return { bound, text: null, usual: null };
  const unit = isMetric(gauge.metric) ? metrics[gauge.metric].unit : unitOf(gauge);
  const own = { ...gauge, per: undefined, critical: undefined, unit, ...bound, metric: gauge.metric };
  return { bound, text: gaugeText(own), usual: gaugeText(gauge) };
}

interface Asking {
  db: Services['db'];
  services: Services;
  organizationId: string;
}

async function ownServer({ db, organizationId }: Asking, id: string) {
  const server = await db.server.findFirst({ where: { id, organizationId } });
  if (!server) throw notFound('server');
  return server;
}

/** The problems that the newest diagnosis of a server names. */
async function lastProblems({ db }: Asking, id: string) {
  const row = await db.diagnosisRow.findFirst({ where: { serverId: id }, orderBy: { at: 'desc' } });
  return diagnosisSchema.safeParse(row?.body).data?.problems ?? [];
}

async function judgeAgain({ db, services, organizationId }: Asking, id: string): Promise<void> {
  const queue = await services.queue();
  await queue.send('diagnose', { serverId: id }, { key: id });
  await announce(db, { organizationId, kind: 'server', serverId: id });
}
