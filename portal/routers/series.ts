// Series of a server over time, for charts.
import { z } from 'zod';
import { type MetricName, metrics } from '#core/metrics.ts';
import { readHistory } from '#portal/history.ts';
import { memberProcedure, notFound, router } from '#portal/trpc.ts';

const metricName = z
  .string()
  .refine((name): name is MetricName => Object.hasOwn(metrics, name), 'There is no such metric.');

export const series = router({
  history: memberProcedure
    .input(
      z.strictObject({
        serverId: z.string().max(64),
        series: z
          .array(
            z.strictObject({
              metric: metricName,
              subject: z.string().max(200).optional(),
              bands: z.boolean().optional(),
            }),
          )
          .min(1)
          .max(40),
        /** How far back to look. */
        seconds: z
          .int()
          .min(60)
          .max(400 * 86_400, 'At most 400 days.'),
        /** Epoch seconds; now, when left out. */
        until: z.number().min(0).optional(),
        maxPoints: z.int().min(10).max(1000).default(240),
      }),
    )
    .query(async ({ ctx, input }) => {
      const server = await ctx.db.server.count({
        where: { id: input.serverId, organizationId: ctx.organizationId },
      });
      if (!server) throw notFound('server');
      const to = input.until ?? Date.now() / 1000;
      const { maxPoints, seconds } = input;
      return readHistory(ctx.db, input.serverId, input.series, { from: to - seconds, to, maxPoints });
    }),
});
