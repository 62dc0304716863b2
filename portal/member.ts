// Who is asking: the person of a session, in the organization that they belong to.
import type { Database, Role } from '#prisma';
import { hashSessionToken } from './sessionAdapter.ts';

export interface Member {
  userId: string;
  email: string;
  name: string | null;
  organizationId: string;
  organizationName: string;
  role: Role;
}

/** What a request without a session, or of a person who belongs nowhere (any more), is. */
export type Visitor = Member | null;

/** Sessions last 30 days from the sign-in; then the next link is due. */
export const sessionSeconds = 30 * 86_400;

export function sessionCookieName(secure: boolean): string {
  return secure ? '__Secure-rootnote-session' : 'rootnote-session';
}

/** Reads the session cookie of a request. A person of several organizations sees the oldest. */
export async function readMember(
  db: Database,
  cookieHeader: string | null,
  secure: boolean,
): Promise<Visitor> {
  const token = readCookie(cookieHeader, sessionCookieName(secure));
  if (!token) return null;
  const session = await db.session.findUnique({
    where: { sessionToken: hashSessionToken(token) },
    include: {
      user: {
        include: {
          memberships: {
            include: { organization: true },
            orderBy: { organization: { createdAt: 'asc' } },
            take: 1,
          },
        },
      },
    },
  });
  const membership = session?.user.memberships[0];
  if (!session || !membership || session.expires.getTime() < Date.now()) return null;
  return {
    userId: session.userId,
    email: session.user.email,
    name: session.user.name,
    organizationId: membership.organizationId,
    organizationName: membership.organization.name,
    role: membership.role,
  };
}

function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
