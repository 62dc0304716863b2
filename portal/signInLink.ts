// One-time sign-in links without a mail: for the first owner, and for whoever sits at the server itself.
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '#prisma';
import { createEnrolmentKey, currentEnrolmentKey } from './enrolment.ts';

/** Auth.js finds the provider by this name in the address of the link. */
export const emailProviderId = 'email';
export const linkSeconds = 24 * 3600;

/** A link that signs this person in once, within 24 hours. It is stored as @auth/core stores its own: SHA-256 of token and secret. */
export async function createSignInLink(
  db: Database,
  { email, secret, baseUrl }: { email: string; secret: string; baseUrl: string },
): Promise<string> {
  const identifier = normalizeEmail(email);
  const token = randomBytes(32).toString('hex');
  await db.verificationToken.deleteMany({ where: { expires: { lt: new Date() } } });
  await db.verificationToken.create({
    data: {
      identifier,
      token: createHash('sha256')
        .update(token + secret)
        .digest('hex'),
      expires: new Date(Date.now() + linkSeconds * 1000),
    },
  });
  const query = new URLSearchParams({ callbackUrl: '/portal/', token, email: identifier });
  return `${baseUrl}/api/auth/callback/${emailProviderId}?${query}`;
}

export interface FirstOwner {
  email: string;
  organizationId: string;
  /** The text of the key that adds servers; undefined when it was made under another AUTH_SECRET. */
  enrolmentKey: string | undefined;
}

/**
 * Makes organization, owner and enrolment key when there is no organization yet; several processes may do it at once.
 * Returns the oldest owner: the one whom the sign-in link at start is for.
 */
export async function ensureFirstOwner(db: Database, email: string, secret: string): Promise<FirstOwner> {
  await db.$transaction(async (transaction) => {
    await transaction.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(hashtext('rootnote.first-owner'))`);
    if (await transaction.organization.count()) return;
    const organization = await transaction.organization.create({ data: { name: 'My servers' } });
    const identifier = normalizeEmail(email);
    const user = await transaction.user.upsert({
      where: { email: identifier },
      create: { email: identifier },
      update: {},
    });
    await transaction.membership.create({
      data: { organizationId: organization.id, userId: user.id, role: 'owner' },
    });
    await createEnrolmentKey(transaction, organization.id, secret);
  });
  const owner = await db.membership.findFirstOrThrow({
    where: { role: 'owner' },
    include: { user: true },
    orderBy: [{ organization: { createdAt: 'asc' } }, { user: { createdAt: 'asc' } }],
  });
  return {
    email: owner.user.email,
    organizationId: owner.organizationId,
    enrolmentKey: await currentEnrolmentKey(db, owner.organizationId, secret),
  };
}

/** As @auth/core normalizes what is typed into its form, so that both name the same person. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase().trim();
}
