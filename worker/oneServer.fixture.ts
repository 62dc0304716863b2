// For tests of the engine: a database of its own, and in it, anew for each test, one organization with one server and a channel.
import { readEnvironment } from '#core/environment.ts';
import { openQueue } from '#prisma/queue.ts';
import { freshDatabase } from '../test/postgres.ts';
import type { WorkerContext } from './context.ts';

export interface OneServer {
  context: WorkerContext;
  /** Of the database. */
  url: string;
  /** Of the newest `begin`. */
  organizationId: string;
  serverId: string;
  /** Forgets the organization before and makes a new one. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export async function oneServer(): Promise<OneServer> {
  const database = await freshDatabase();
  const { db } = database;
  const context: WorkerContext = {
    db,
    queue: await openQueue(database.url, { serve: false, onError: () => undefined }),
    environment: readEnvironment({}),
    publicUrl: 'http://rootnote.example.org',
    log: () => undefined,
  };
  const one: OneServer = {
    context,
    url: database.url,
    organizationId: '',
    serverId: '',
    async begin() {
      await db.organization.deleteMany();
      const { id: organizationId } = await db.organization.create({ data: { name: 'T' } });
      await db.channel.create({
        data: { organizationId, kind: 'email', name: 'Admins', settings: { to: ['admin@example.org'] } },
      });
      const data = { organizationId, hostname: 'web1', tokenHash: 'web1', lastReportAt: new Date() };
      one.organizationId = organizationId;
      one.serverId = (await db.server.create({ data })).id;
    },
    async close() {
      await context.queue.close();
      await database.drop();
    },
  };
  return one;
}
