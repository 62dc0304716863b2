// For tests: an organization with an owner, a member and a viewer, and a stranger who owns another one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvironment } from '#core/environment.ts';
import { freshDatabase } from '../test/postgres.ts';
import { createCaller } from './appRouter.ts';
import { openServices, type Services } from './context.ts';
import type { Member } from './member.ts';
import { ensureFirstOwner } from './signInLink.ts';

export type Caller = ReturnType<typeof createCaller>;

export interface ThreePeople {
  services: Services;
  organizationId: string;
  otherOrganizationId: string;
  owner: Caller;
  member: Caller;
  viewer: Caller;
  /** Owner of another organization. */
  stranger: Caller;
  /** Not signed in. */
  nobody: Caller;
  close(): Promise<void>;
}

export const testSecret = 'a secret of the test with 32 characters';

export async function threePeople(): Promise<ThreePeople> {
  const database = await freshDatabase();
  const data = await mkdtemp(path.join(tmpdir(), 'rootnote-portal-'));
  const services = openServices(
    readEnvironment({
      DATABASE_URL: database.url,
      AUTH_SECRET: testSecret,
      PUBLIC_URL: 'https://status.example.org',
      ROOTNOTE_DATA: data,
    }),
  );
  const { db } = services;
  const { organizationId } = await ensureFirstOwner(db, 'owner@example.org', testSecret);
  const other = await db.organization.create({ data: { name: 'Others' } });
  const join = async (email: string, organization: string, role: Member['role']): Promise<Caller> => {
    const user = await db.user.upsert({ where: { email }, create: { email }, update: {} });
    const key = { organizationId: organization, userId: user.id };
    await db.membership.upsert({
      where: { organizationId_userId: key },
      create: { ...key, role },
      update: { role },
    });
    const member: Member = {
      userId: user.id,
      email,
      name: null,
      organizationId: organization,
      organizationName: organization === other.id ? 'Others' : 'My servers',
      role,
    };
    return createCaller({ services, member });
  };
  return {
    services,
    organizationId,
    otherOrganizationId: other.id,
    owner: await join('owner@example.org', organizationId, 'owner'),
    member: await join('member@example.org', organizationId, 'member'),
    viewer: await join('viewer@example.org', organizationId, 'viewer'),
    stranger: await join('stranger@example.org', other.id, 'owner'),
    nobody: createCaller({ services, member: null }),
    async close() {
      await services.close();
      await database.drop();
      await rm(data, { recursive: true });
    },
  };
}

/** The server web1, which reported just now, and a monitor of its port 80. */
export async function serverWithMonitor({
  services: { db },
  organizationId,
}: ThreePeople): Promise<{ serverId: string; monitorId: string }> {
  const { id: serverId } = await db.server.create({
    data: { organizationId, hostname: 'web1', tokenHash: 'hash of web1', lastReportAt: new Date() },
  });
  const { id: monitorId } = await db.monitor.create({
    data: {
      organizationId,
      serverId,
      key: 'port 80',
      kind: 'port',
      name: 'Port 80',
      target: '192.0.2.1:80',
      settings: { host: '192.0.2.1', port: 80 },
      reason: 'nginx listens there',
      about: {},
      interval: 60,
    },
  });
  return { serverId, monitorId };
}
