// From a request to what the portal's procedures need: who asks, and from where.
import { usesSecureCookies } from './auth.ts';
import { services, type Services } from './context.ts';
import { readMember } from './member.ts';
import type { RequestContext } from './trpc.ts';

/** Throws when the database cannot be reached. */
export async function contextOf(request: Request, of: Services = services()): Promise<RequestContext> {
  const member = await readMember(of.db, request.headers.get('cookie'), usesSecureCookies(of));
  return { services: of, member };
}

/** The address of whoever asks; behind a proxy that we trust, the one that it names. */
export function senderOf(request: Request, connection: string, of: Services = services()): string {
  const forwarded = request.headers.get('x-forwarded-for');
  if (!of.environment.TRUST_PROXY || !forwarded) return connection;
  // The last one is what our own proxy saw; those before it can be made up.
  return forwarded.split(',').at(-1)!.trim();
}
