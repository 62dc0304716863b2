// Tokens that read metrics and do nothing else: for a Prometheus of one's own.
import { z } from 'zod';
import { epoch } from '#portal/epoch.ts';
import { exportTokenPrefix } from '#portal/exportMetrics.ts';
import { newSecret } from '#portal/secrets.ts';
import { badRequest, idInput, notFound, ownerProcedure, router } from '#portal/trpc.ts';

/** Tokens of an organization at most. */
const most = 20;

export const exportTokens = router({
  list: ownerProcedure.query(async ({ ctx }) => {
    const rows = await ctx.db.exportToken.findMany({
      where: { organizationId: ctx.organizationId },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(({ id, name, hint, createdAt }) => ({ id, name, hint, createdAt: epoch(createdAt) }));
  }),

  /** The token is in the answer and nowhere else: only its SHA-256 is kept. */
  create: ownerProcedure
    .input(z.strictObject({ name: z.string().trim().min(1).max(100) }))
    .mutation(async ({ ctx, input: { name } }) => {
      if ((await ctx.db.exportToken.count({ where: { organizationId: ctx.organizationId } })) >= most)
        throw badRequest(`There are ${most} tokens already. Revoke one that nobody uses.`);
      const { secret, hash, hint } = newSecret(exportTokenPrefix);
      await ctx.db.exportToken.create({ data: { organizationId: ctx.organizationId, name, hash, hint } });
      return {
        token: secret,
        line: `curl -fsS -H 'Authorization: Bearer ${secret}' ${ctx.services.baseUrl}/api/metrics`,
      };
    }),

  /** Ends it at once. */
  revoke: ownerProcedure.input(idInput).mutation(async ({ ctx, input: { id } }) => {
    const { count } = await ctx.db.exportToken.deleteMany({
      where: { id, organizationId: ctx.organizationId },
    });
    if (!count) throw notFound('token');
  }),
});
