// Auth.js's Prisma adapter, with session tokens stored as SHA-256: whoever reads the table cannot sign in with what stands there.
import { createHash } from 'node:crypto';
import type { Adapter } from '@auth/core/adapters';
import { PrismaAdapter } from '@auth/prisma-adapter';
import type { Database } from '#prisma';

export function hashSessionToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function sessionAdapter(db: Database): Adapter {
  // The adapter's types name the client of the package, ours is generated into the project; they have the same shape.
  const plain = PrismaAdapter(db as unknown as Parameters<typeof PrismaAdapter>[0]);
  return {
    ...plain,
    async createSession(session) {
      await plain.createSession!({ ...session, sessionToken: hashSessionToken(session.sessionToken) });
      return session;
    },
    async getSessionAndUser(token) {
      const found = await plain.getSessionAndUser!(hashSessionToken(token));
      return found && { ...found, session: { ...found.session, sessionToken: token } };
    },
    async updateSession(session) {
      await plain.updateSession!({ ...session, sessionToken: hashSessionToken(session.sessionToken) });
      return null;
    },
    async deleteSession(token) {
      await db.session.deleteMany({ where: { sessionToken: hashSessionToken(token) } });
    },
  };
}
