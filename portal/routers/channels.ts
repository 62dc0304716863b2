// Channels: how people hear of incidents. Owners only: settings hold secrets, and a channel sends what is known of servers elsewhere.
import { z } from 'zod';
import { type ChannelKind, channelKinds, channelSettings } from '#core/channels.ts';
import { severitySchema } from '#core/severity.ts';
import type { Channel, Database, Prisma } from '#prisma';
import { announce } from '#prisma/notify.ts';
import { epochOrNull } from '#portal/epoch.ts';
import { formFields, mergedSettings, shownSettings, untyped } from '#portal/formFields.ts';
import {
  badRequest,
  idInput,
  memberProcedure,
  notFound,
  ownerProcedure,
  router,
  sentences,
} from '#portal/trpc.ts';

const name = z.string().trim().min(1, 'A channel needs a name.').max(100);
const form = z.record(z.string().max(50), z.string().max(5000));
const common = { name, minSeverity: severitySchema, enabled: z.boolean() };

const channelNames: Record<ChannelKind, string> = {
  email: 'Email',
  slack: 'Slack',
  sms: 'SMS (Twilio)',
  webhook: 'Webhook',
};

export const channels = router({
  kinds: ownerProcedure.query(({ ctx }) =>
    channelKinds.map((kind) => ({
      kind,
      name: channelNames[kind],
      fields: formFields(channelSettings[kind]),
      note:
        kind === 'email' && !ctx.services.environment.SMTP_URL
          ? 'Nobody gets this mail yet: no mail server is set up. It is kept in the folder outbox of the data folder; set SMTP_URL and start again.'
          : null,
    })),
  ),

  /**
   * Whether anybody is told at all, for everyone who looks at incidents: how many channels are on, the names of those that fail, and of
   * those whose mail stays here because no mail server is set up.
   */
  heard: memberProcedure.query(async ({ ctx }) => {
    const rows = await ctx.db.channel.findMany({
      where: { organizationId: ctx.organizationId, enabled: true },
      select: { kind: true, name: true, lastError: true },
      orderBy: { createdAt: 'asc' },
    });
    return {
      channels: rows.length,
      failing: rows.filter(({ lastError }) => lastError !== null).map((row) => row.name),
      unsent: ctx.services.environment.SMTP_URL
        ? []
        : rows.filter(({ kind }) => kind === 'email').map((row) => row.name),
    };
  }),

  list: ownerProcedure.query(async ({ ctx }) => {
    const rows = await ctx.db.channel.findMany({
      where: { organizationId: ctx.organizationId },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as ChannelKind,
      name: row.name,
      enabled: row.enabled,
      minSeverity: row.minSeverity,
      lastSentAt: epochOrNull(row.lastSentAt),
      lastError: row.lastError,
      form: shownSettings(channelSettings[row.kind as ChannelKind], settingsOf(row)),
    }));
  }),

  create: ownerProcedure
    .input(z.strictObject({ kind: z.enum(channelKinds), ...common, form }))
    .mutation(async ({ ctx, input }) => {
      const { kind, form: typed, ...rest } = input;
      const settings = checked(kind, untyped(channelSettings[kind], typed));
      const row = await ctx.db.channel.create({
        data: { ...rest, kind, settings, organizationId: ctx.organizationId },
      });
      await tell(ctx, row.id);
      return { id: row.id };
    }),

  update: ownerProcedure.input(idInput.extend({ ...common, form })).mutation(async ({ ctx, input }) => {
    const { id, form: typed, ...rest } = input;
    const row = await findChannel(ctx, id);
    const kind = row.kind as ChannelKind;
    const settings = checked(kind, mergedSettings(channelSettings[kind], settingsOf(row), typed));
    await ctx.db.channel.update({ where: { id }, data: { ...rest, settings } });
    await tell(ctx, id);
  }),

  remove: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    await findChannel(ctx, input.id);
    await ctx.db.channel.delete({ where: { id: input.id } });
    await tell(ctx, input.id);
  }),

  /** The worker sends; the outcome comes as a change of the channel. */
  test: ownerProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const row = await findChannel(ctx, input.id);
    await (await ctx.services.queue()).send('testChannel', { channelId: row.id });
  }),
});

interface Scope {
  db: Database;
  organizationId: string;
}

async function findChannel({ db, organizationId }: Scope, id: string): Promise<Channel> {
  const row = await db.channel.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('channel');
  return row;
}

function settingsOf(row: Channel): Record<string, unknown> {
  return row.settings as Record<string, unknown>;
}

function checked(kind: ChannelKind, settings: Record<string, unknown>): Prisma.InputJsonObject {
  const result = channelSettings[kind].safeParse(settings);
  if (!result.success) throw badRequest(sentences(result.error));
  return result.data;
}

async function tell({ db, organizationId }: Scope, id: string): Promise<void> {
  await announce(db, { organizationId, kind: 'channel', id });
}
