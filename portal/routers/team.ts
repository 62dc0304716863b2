// The people of an organization: members, invitations, roles. There is always an owner.
import { z } from 'zod';
import type { Transaction } from '#prisma';
import { epoch } from '#portal/epoch.ts';
import { normalizeEmail } from '#portal/signInLink.ts';
import { sendInvitation } from '#portal/mail.ts';
import { badRequest, memberProcedure, notFound, ownerProcedure, router } from '#portal/trpc.ts';

const role = z.enum(['owner', 'member', 'viewer']);
const email = z.string().max(254).transform(normalizeEmail).pipe(z.email('That is not an email address.'));
const userInput = z.strictObject({ userId: z.string().max(64) });

export const team = router({
  list: memberProcedure.query(async ({ ctx }) => {
    const [members, invitations] = await Promise.all([
      ctx.db.membership.findMany({
        where: { organizationId: ctx.organizationId },
        include: { user: { select: { email: true, name: true } } },
        orderBy: [{ role: 'asc' }, { user: { email: 'asc' } }],
      }),
      ctx.db.invitation.findMany({
        where: { organizationId: ctx.organizationId },
        orderBy: { email: 'asc' },
      }),
    ]);
    return {
      organization: ctx.member.organizationName,
      members: members.map(({ userId, role: their, user }) => ({
        userId,
        email: user.email,
        role: their,
        you: userId === ctx.member.userId,
      })),
      invitations: invitations.map((row) => ({
        email: row.email,
        role: row.role,
        createdAt: epoch(row.createdAt),
      })),
    };
  }),

  rename: ownerProcedure
    .input(z.strictObject({ name: z.string().trim().min(1, 'It needs a name.').max(100) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.db.organization.update({ where: { id: ctx.organizationId }, data: input });
    }),

  invite: ownerProcedure.input(z.strictObject({ email, role })).mutation(async ({ ctx, input }) => {
    const where = { organizationId: ctx.organizationId };
    if (await ctx.db.membership.count({ where: { ...where, user: { email: input.email } } })) {
      throw badRequest(`${input.email} is a member already.`);
    }
    await ctx.db.invitation.upsert({
      where: { organizationId_email: { ...where, email: input.email } },
      create: { ...where, ...input },
      update: { role: input.role },
    });
    const { services, member } = ctx;
    try {
      await sendInvitation(input.email, member.email, `${services.baseUrl}/signin/`, services.environment);
      return { mailed: services.environment.SMTP_URL ? ('sent' as const) : ('outbox' as const) };
    } catch (error) {
      console.error(`The invitation could not be mailed: ${String(error)}`);
      return { mailed: 'failed' as const };
    }
  }),

  uninvite: ownerProcedure.input(z.strictObject({ email })).mutation(async ({ ctx, input }) => {
    await ctx.db.invitation.deleteMany({
      where: { organizationId: ctx.organizationId, email: input.email },
    });
  }),

  setRole: ownerProcedure.input(userInput.extend({ role })).mutation(({ ctx, input }) =>
    ctx.db.$transaction(async (transaction) => {
      const key = { organizationId: ctx.organizationId, userId: input.userId };
      const { count } = await transaction.membership.updateMany({ where: key, data: { role: input.role } });
      if (!count) throw notFound('member');
      await keepAnOwner(transaction, ctx.organizationId);
    }),
  ),

  /** Their sessions end at once. */
  remove: ownerProcedure.input(userInput).mutation(({ ctx, input }) =>
    ctx.db.$transaction(async (transaction) => {
      const key = { organizationId: ctx.organizationId, userId: input.userId };
      const { count } = await transaction.membership.deleteMany({ where: key });
      if (!count) throw notFound('member');
      await keepAnOwner(transaction, ctx.organizationId);
      await transaction.session.deleteMany({ where: { userId: input.userId } });
    }),
  ),
});

/** Owners are locked, so that two who demote each other at once do not both succeed. */
async function keepAnOwner(db: Transaction, organizationId: string): Promise<void> {
  await db.$executeRaw`SELECT 1 FROM "Organization" WHERE id = ${organizationId} FOR UPDATE`;
  const owners = await db.membership.count({ where: { organizationId, role: 'owner' } });
  if (!owners) throw badRequest('There has to be an owner. Make somebody else one first.');
}
