// Regions: the places that probe. An owner lets one stand anywhere: it gets a token and needs no database.
import { z } from 'zod';
import { regionNameSchema } from '#core/region.ts';
import { Prisma } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { announce } from '#prisma/notify.ts';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { newSecret } from '#portal/secrets.ts';
import { badRequest, memberProcedure, notFound, ownerProcedure, router } from '#portal/trpc.ts';

const regionTokenPrefix = 'rng_';
const nameInput = z.strictObject({ name: regionNameSchema });

export const regions = router({
  /** Those of this installation, and the organization's own. */
  list: memberProcedure.query(async ({ ctx }) => {
    const rows = await ctx.db.region.findMany({
      where: { OR: [{ organizationId: null }, { organizationId: ctx.organizationId }] },
      orderBy: { name: 'asc' },
    });
    return rows.map((row) => ({
      name: row.name,
      outside: row.tokenHash !== null,
      hint: ctx.member.role === 'owner' ? row.hint : null,
      lastSeenAt: epochOrNull(row.lastSeenAt),
      online: row.online,
      onlineSince: epoch(row.onlineSince),
    }));
  }),

  /** The token is in the answer and nowhere else: only its SHA-256 is kept. */
  create: ownerProcedure.input(nameInput).mutation(async ({ ctx, input: { name } }) => {
    const { secret, hash, hint } = newSecret(regionTokenPrefix);
    await ctx.db.region
      .create({ data: { name, organizationId: ctx.organizationId, tokenHash: hash, hint } })
      .catch((error: unknown) => {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
          throw badRequest(`There is a region ${name} already. Choose another name.`);
        throw error;
      });
    await giveToRegions(ctx.db, { region: name, soon: false });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'region' });
    const { baseUrl } = ctx.services;
    return {
      token: secret,
      line: `npm ci && ROOTNOTE_URL=${baseUrl} REGION_TOKEN=${secret} npm run -s region`,
    };
  }),

  /** Its token ends at once, and its word with it; what it saw stays in the history. */
  revoke: ownerProcedure.input(nameInput).mutation(async ({ ctx, input: { name } }) => {
    const { count } = await ctx.db.region.deleteMany({
      where: { name, organizationId: ctx.organizationId, tokenHash: { not: null } },
    });
    if (!count) throw notFound('region');
    await ctx.db.monitorSchedule.deleteMany({ where: { region: name } });
    await announce(ctx.db, { organizationId: ctx.organizationId, kind: 'region' });
  }),
});
