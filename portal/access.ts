// Who may sign in: members and invited people. Invitations turn into memberships at the first sign-in.
import type { Database } from '#prisma';

/** `email` is normalized. A person who was removed from every organization is a stranger again. */
export async function mayEnter(db: Database, email: string): Promise<boolean> {
  const [memberships, invitations] = await Promise.all([
    db.membership.count({ where: { user: { email } } }),
    db.invitation.count({ where: { email } }),
  ]);
  return memberships + invitations > 0;
}

/** Idempotent: a role that the person has already stays as it is. */
export async function acceptInvitations(db: Database, userId: string, email: string): Promise<void> {
  await db.$transaction(async (transaction) => {
    const invitations = await transaction.invitation.findMany({ where: { email } });
    await transaction.membership.createMany({
      data: invitations.map(({ organizationId, role }) => ({ organizationId, userId, role })),
      skipDuplicates: true,
    });
    await transaction.invitation.deleteMany({ where: { email } });
  });
}
