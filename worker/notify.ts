// Stage "notify": one message to one channel. A job that runs twice sends once; a failure that cannot pass is shown in the portal.
import { join } from 'node:path';
import { incidentBodySchema } from '#core/diagnosis.ts';
import type { ChannelKind, IncidentNews, Message } from '#core/channels.ts';
import { incidentLinkSeconds, signIncidentLink } from '#core/incidentLink.ts';
import type { Database, Prisma } from '#prisma';
import { announce } from '#prisma/notify.ts';
import { ChannelError, type ChannelContext } from './channels/channel.ts';
import { deliver } from './channels/index.ts';
import type { WorkerContext } from './context.ts';
import { type Elsewhere, incidentMessage } from './incidents/wording.ts';
import { makePolicy } from './probes/policy.ts';

/** Throws when it is worth another try. */
export async function deliverNotification(context: WorkerContext, notificationId: string): Promise<void> {
  const { db } = context;
  const claimed = await claim(db, notificationId);
  // Read when it is claimed: who had it before has written who has the message already.
  const row = await db.notification.findUnique({ where: { id: notificationId }, include });
  if (!row || row.state !== 'queued') return;
  if (!claimed) throw new Error('Another worker is sending this message.');
  if (row.incident.state === 'resolved' && row.kind !== 'resolved') return noteOver(db, row);
  const message = await messageOf(context, row);
  try {
    await deliver(row.channel.kind as ChannelKind, row.channel.settings, message, {
      ...channelContext(context),
      delivered: row.delivered,
    });
  } catch (error) {
    await noteFailure(db, row, error);
    if (error instanceof ChannelError && error.permanent) return;
    throw error;
  }
  await noteSent(db, row);
}

const related = { select: { ruleId: true, title: true, server: { select: { hostname: true } } } } as const;
const include = {
  channel: true,
  incident: { include: { server: true, head: related, followers: related } },
} as const;
type Row = Prisma.NotificationGetPayload<{ include: typeof include }>;

/** A worker that died in the middle of it is waited for so long: longer than a delivery may take. */
const claimSeconds = 90;

/** Compare and set: of two workers that are at the same message, one sends it. */
async function claim(db: Database, id: string): Promise<boolean> {
  const claimed = await db.$executeRawUnsafe(
    `UPDATE "Notification" SET "claimedAt" = now() WHERE id = $1 AND state = 'queued'
       AND ("claimedAt" IS NULL OR "claimedAt" < now() - make_interval(secs => $2))`,
    id,
    claimSeconds,
  );
  return claimed === 1;
}

/** Nobody is told of a trouble after its end: the message of the end says all of it. */
async function noteOver(db: Database, { id }: Row): Promise<void> {
  const error = 'Not sent: it was over before it could be delivered.';
  await db.notification.update({ where: { id }, data: { state: 'failed', error } });
}

async function messageOf({ environment, publicUrl }: WorkerContext, row: Row): Promise<Message> {
  const { incident } = row;
  const { AUTH_SECRET: secret } = environment;
  return incidentMessage({
    kind: row.kind as IncidentNews,
    incident: {
      id: incident.id,
      severity: incident.severity,
      title: incident.title,
      openedAt: incident.openedAt,
      ...(incident.resolvedAt && { resolvedAt: incident.resolvedAt }),
    },
    body: incidentBodySchema.parse(incident.body),
    server: nameOf(incident),
    ...(incident.head && { head: elsewhere(incident.head) }),
    followers: incident.followers.map(elsewhere),
    publicUrl,
    ...(secret && {
      token: await signIncidentLink(secret, incident.id, Date.now() / 1000 + incidentLinkSeconds),
    }),
  });
}

const nameOf = ({ server }: { server: { hostname: string } | null }) => server?.hostname ?? 'Rootnote';

const elsewhere = (incident: NonNullable<Row['incident']['head']>): Elsewhere => ({
  server: nameOf(incident),
  ruleId: incident.ruleId,
  title: incident.title,
});

async function noteFailure(db: Database, { id, channelId, delivered }: Row, error: unknown): Promise<void> {
  const known = error instanceof ChannelError ? error : undefined;
  const words = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  await db.notification.update({
    where: { id },
    data: {
      error: words,
      delivered: [...delivered, ...(known?.delivered ?? [])],
      claimedAt: null,
      ...(known?.permanent && { state: 'failed' }),
    },
  });
  await db.channel.update({ where: { id: channelId }, data: { lastError: words } });
}

async function noteSent(db: Database, { id, kind, channel, incident }: Row): Promise<void> {
  const now = new Date();
  await db.$transaction(async (transaction) => {
    await transaction.notification.update({
      where: { id },
      data: { state: 'sent', sentAt: now, error: null },
    });
    await transaction.channel.update({
      where: { id: channel.id },
      data: { lastSentAt: now, lastError: null },
    });
    await transaction.incidentEntry.create({
      data: {
        incidentId: incident.id,
        at: now,
        kind: 'notified',
        text: `Told ${channel.name} (${channel.kind}): ${kind}.`,
      },
    });
    await announce(transaction, {
      organizationId: incident.organizationId,
      kind: 'incident',
      id: incident.id,
      ...(incident.serverId && { serverId: incident.serverId }),
    });
  });
}

/** Sends a test message; the portal shows the outcome from the channel's row. Never tried again: the person who waits tries again. */
export async function testChannel(context: WorkerContext, channelId: string): Promise<void> {
  const { db, publicUrl } = context;
  const channel = await db.channel.findUnique({ where: { id: channelId } });
  if (!channel) return;
  const message: Message = {
    kind: 'test',
    severity: 'info',
    server: 'Rootnote',
    title: `This is a test of the channel ${channel.name}`,
    chain: [],
    evidence: [],
    ruledOut: [],
    symptoms: [],
    openedAt: new Date(),
    incidentUrl: `${publicUrl}/portal/incidents/`,
    settingsUrl: `${publicUrl}/portal/channels/`,
    incidentId: `test-${channel.id}`,
  };
  const outcome = await deliver(
    channel.kind as ChannelKind,
    channel.settings,
    message,
    channelContext(context),
  ).then(
    () => ({ lastSentAt: new Date(), lastError: null }),
    (error: unknown) => ({
      lastError: (error instanceof Error ? error.message : String(error)).slice(0, 500),
    }),
  );
  await db.channel.update({ where: { id: channelId }, data: outcome });
  await announce(db, { organizationId: channel.organizationId, kind: 'channel', id: channelId });
}

function channelContext({ environment }: WorkerContext): ChannelContext {
  return {
    signal: AbortSignal.timeout(60_000),
    mailFrom: environment.MAIL_FROM,
    outbox: join(environment.ROOTNOTE_DATA, 'outbox'),
    allow: makePolicy({ allow: environment.PROBE_ALLOW, owned: [], loopback: false }),
    ...(environment.SMTP_URL && { smtpUrl: environment.SMTP_URL }),
    ...(environment.TWILIO_API_URL && { twilioApiUrl: environment.TWILIO_API_URL }),
  };
}
