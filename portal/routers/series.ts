// Series of a server over time, for charts.
import { z } from 'zod';
import { type MetricName, metrics } from '#core/metrics.ts';
import { readHistory } from '../history.ts';
import { badRequest, memberProcedure, notFound, router } from '../trpc.ts';

const metricName = z
  .string()
  .refine((name): name is MetricName => name in metrics, 'There is no such metric.');

export const series = router({
  history: memberProcedure
    .input(
      z.strictObject({
        serverId: z.string().max(64),
        series: z
          .array(z.strictObject({ metric: metricName, subject: z.string().max(200).optional() }))
          .min(1)
          .max(40),
        /** Epoch seconds. */
        from: z.number().min(0),
        to: z.number().min(0),
        maxPoints: z.int().min(10).max(1000).default(240),
      }),
    )
    .query(async ({ ctx, input }) => {
      if (input.to <= input.from) throw badRequest('The time range ends before it starts.');
      if (input.to - input.from > 400 * 86_400) throw badRequest('The time range is longer than 400 days.');
      const server = await ctx.db.server.count({
        where: { id: input.serverId, organizationId: ctx.organizationId },
      });
      if (!server) throw notFound('server');
      return readHistory(ctx.db, input.serverId, input.series, input);
    }),
});
