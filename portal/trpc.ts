// The tRPC kit: who is asking, what they may do. Every procedure is scoped to the organization of the member who calls it.
import { initTRPC, TRPCError } from '@trpc/server';
import { z, ZodError } from 'zod';
import type { Services } from './context.ts';
import type { Visitor } from './member.ts';

export interface RequestContext {
  services: Services;
  member: Visitor;
}

const t = initTRPC.context<RequestContext>().create({
  sse: {
    // Proxies cut silent connections; and a session that ended must not keep its stream for ever.
    ping: { enabled: true, intervalMs: 15_000 },
    maxDurationMs: 10 * 60_000,
    client: { reconnectAfterInactivityMs: 45_000 },
  },
  errorFormatter({ shape, error }) {
    const message =
      error.cause instanceof ZodError
        ? sentences(error.cause)
        : error.code === 'INTERNAL_SERVER_ERROR'
          ? 'Something went wrong on the server. Its log says what.'
          : error.message;
    return { ...shape, message, data: { code: shape.data.code, httpStatus: shape.data.httpStatus } };
  },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** A text with a NUL is no name, id or setting: PostgreSQL cannot hold it, and the answer would be that something went wrong here. */
const withoutNul = t.procedure.use(async ({ getRawInput, next }) => {
  const input = JSON.stringify(await getRawInput()) ?? '';
  // A backslash that is itself escaped does not begin an escape.
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(input)) throw badRequest('A NUL character cannot be stored.');
  return next();
});

/** Everyone of the organization; may read. */
export const memberProcedure = t.procedure
  .use(({ ctx, next }) => {
    const { member, services } = ctx;
    if (!member) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'You are not signed in (any more).' });
    return next({ ctx: { services, db: services.db, member, organizationId: member.organizationId } });
  })
  .concat(withoutNul);

/** Members and owners; may change how servers are watched. */
export const editorProcedure = memberProcedure.use(({ ctx, next }) => {
  if (ctx.member.role === 'viewer') {
    throw new TRPCError({
      code: 'FORBIDDEN',
      message: 'You may look, but not change anything. An owner can change that.',
    });
  }
  return next();
});

/** Owners only: keys, channels, people, removal. */
export const ownerProcedure = memberProcedure.use(({ ctx, next }) => {
  if (ctx.member.role !== 'owner') {
    throw new TRPCError({ code: 'FORBIDDEN', message: 'Only an owner may do this.' });
  }
  return next();
});

export const idInput = z.strictObject({ id: z.string().min(1).max(64) });

/** Also for things of another organization: a stranger does not learn that they exist. */
export function notFound(what: string): TRPCError {
  return new TRPCError({ code: 'NOT_FOUND', message: `There is no such ${what} (any more).` });
}

export function badRequest(message: string): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message });
}

/** Turns zod's findings into sentences for a person. */
export function sentences(error: Pick<ZodError, 'issues'>): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message))
    .join('\n');
}
