// Monitors: one with what it saw, and what a person decides about it. A decision stands: discovery never overwrites it.
import { z } from 'zod';
import { probeKinds, type ProbeKind, probeSettings, type ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { type Database, type Monitor, Prisma } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { readMaintained } from '#prisma/maintained.ts';
import { announce } from '#prisma/notify.ts';
import { beatUrl } from '#portal/beat.ts';
import { epoch } from '#portal/epoch.ts';
import { formFields, mergedSettings, shownSettings, untyped } from '#portal/formFields.ts';
import { readChanges, readFailures, readResponseTimes } from '#portal/monitorHistory.ts';
import { monitorRows } from '#portal/monitorRow.ts';
import { probeNames } from '#portal/probeNames.ts';
import {
  badRequest,
  editorProcedure,
  idInput,
  memberProcedure,
  notFound,
  router,
  sentences,
} from '#portal/trpc.ts';
import { stateSpans, uptimeOf, withMaintenance } from '#portal/uptime.ts';

const typedForm = z.record(z.string().max(50), z.string().max(70_000));
const interval = z.int().min(10, 'At least 10 seconds.').max(86_400, 'At most a day.');
const days = 86_400;
/** Response times and changes of state are kept for thirteen months. */
const keptDays = 396;

export const monitors = router({
  list: memberProcedure.query(({ ctx }) => monitorRows(ctx.db, { organizationId: ctx.organizationId })),

  get: memberProcedure
    .input(
      idInput.extend({
        range: z
          .int()
          .min(3600)
          .max(keptDays * days)
          .default(days),
      }),
    )
    .query(async ({ ctx, input }) => {
      const monitor = await findMonitor(ctx, input.id);
      const now = Date.now() / 1000;
      const [[row], changes, maintained, times, failures, server] = await Promise.all([
        monitorRows(ctx.db, { id: monitor.id }),
        readChanges(ctx.db, monitor.id, now - keptDays * days),
        readMaintained(ctx.db, monitor, now - keptDays * days),
        readResponseTimes(ctx.db, monitor.id, { from: now - input.range, to: now, maxPoints: 240 }),
        readFailures(ctx.db, monitor, 20),
        ctx.db.server.findFirst({
          where: { id: monitor.serverId ?? '' },
          select: { id: true, hostname: true },
        }),
      ]);
      const born = epoch(monitor.createdAt);
      const spans = (seconds: number) =>
        withMaintenance(stateSpans(changes, monitor.state, Math.max(born, now - seconds), now), maintained);
      const uptime = (seconds: number) => uptimeOf(spans(seconds));
      const schema = probeSettings[monitor.kind as ProbeKind];
      return {
        row: row ?? null,
        retired: monitor.retiredAt !== null,
        /** Since when its reason is known, or since when a person wants it: epoch seconds. */
        createdAt: born,
        name: monitor.name,
        kindName: probeNames[monitor.kind as ProbeKind],
        server,
        uptime: {
          day: uptime(days),
          week: uptime(7 * days),
          month: uptime(30 * days),
          year: uptime(365 * days),
        },
        spans: spans(input.range),
        outages: uptime(input.range).outages,
        transitions: changes.slice(-50).reverse(),
        times,
        failures,
        /** Where a job reports in. */
        beatUrl:
          monitor.kind === 'heartbeat' && ctx.member.role !== 'viewer'
            ? beatUrl(ctx.services.baseUrl, ctx.services.secret, monitor.id)
            : null,
        form:
          ctx.member.role === 'viewer'
            ? null
            : { fields: formFields(schema), values: shownSettings(schema, settingsOf(monitor)) },
      };
    }),

  /** What a person may set up, with the fields of each kind. */
  kinds: editorProcedure.query(() =>
    probeKinds.map((kind) => ({ kind, name: probeNames[kind], fields: formFields(probeSettings[kind]) })),
  ),

  create: editorProcedure
    .input(
      z.strictObject({
        serverId: z.string().max(64),
        kind: z.enum(probeKinds),
        name: z.string().trim().max(200),
        interval: interval.default(60),
        form: typedForm,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { kind, serverId } = input;
      if (!(await ctx.db.server.count({ where: { id: serverId, organizationId: ctx.organizationId } }))) {
        throw notFound('server');
      }
      const settings = checked(kind, untyped(probeSettings[kind], input.form));
      const target = probeTarget(kind, settings);
      const port = 'port' in settings ? { port: settings.port } : {};
      const monitor = await ctx.db.monitor
        .create({
          data: {
            organizationId: ctx.organizationId,
            serverId,
            key: `own ${kind} ${target}`,
            kind,
            name: input.name || `${probeNames[kind]} ${target}`,
            target,
            settings: settings as Prisma.InputJsonObject,
            reason: `${ctx.member.email} set it up`,
            about: port,
            interval: input.interval,
            origin: 'person',
          },
        })
        .catch((error: unknown) => {
          if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
            throw badRequest(`There is a monitor of this kind for ${target} already.`);
          }
          throw error;
        });
      await giveToRegions(ctx.db, { monitorIds: [monitor.id], soon: true });
      await tell(ctx, monitor);
      return { id: monitor.id };
    }),

  edit: editorProcedure
    .input(idInput.extend({ name: z.string().trim().min(1).max(200), interval, form: typedForm }))
    .mutation(async ({ ctx, input }) => {
      const monitor = await findMonitor(ctx, input.id);
      const kind = monitor.kind as ProbeKind;
      const settings = checked(kind, mergedSettings(probeSettings[kind], settingsOf(monitor), input.form));
      const target = probeTarget(kind, settings);
      const before = probeSettings[kind].safeParse(monitor.settings);
      const moved = before.success && probeTarget(kind, before.data) !== target;
      await ctx.db.monitor.update({
        where: { id: monitor.id },
        data: {
          name: input.name,
          interval: input.interval,
          settings: settings as Prisma.InputJsonObject,
          target,
          decision: monitor.decision ?? 'edited',
          editedAt: new Date(),
          // What looks at something else is no longer what discovery found: it is that person's own, and stays.
          ...(moved && {
            origin: 'person',
            reason: `${ctx.member.email} pointed it at ${target}`,
          }),
        },
      });
      if (monitor.state !== 'paused') await giveToRegions(ctx.db, { monitorIds: [monitor.id], soon: true });
      await tell(ctx, monitor);
    }),

  /**
   * muted: looked at, but its failures open no incident. pinned: stays when discovery would retire it. forbidden: never looked at.
   * null: none of them. What is muted or forbidden is retired when its reason goes away, and comes back as it was.
   */
  decide: editorProcedure
    .input(idInput.extend({ decision: z.enum(['muted', 'pinned', 'forbidden']).nullable() }))
    .mutation(async ({ ctx, input }) => {
      const monitor = await findMonitor(ctx, input.id);
      const wasForbidden = monitor.decision === 'forbidden';
      const decision = input.decision ?? (monitor.editedAt ? 'edited' : null);
      await ctx.db.monitor.update({ where: { id: monitor.id }, data: { decision } });
      if (input.decision === 'forbidden') await setPaused(ctx.db, monitor, true);
      else if (wasForbidden) await setPaused(ctx.db, monitor, false);
      await tell(ctx, monitor);
      await judgeAgain(ctx, monitor);
    }),

  pause: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const monitor = await findMonitor(ctx, input.id);
    await setPaused(ctx.db, monitor, true);
    await tell(ctx, monitor);
    await judgeAgain(ctx, monitor);
  }),

  resume: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const monitor = await findMonitor(ctx, input.id);
    if (monitor.decision === 'forbidden') throw badRequest('This monitor is forbidden. Allow it first.');
    await setPaused(ctx.db, monitor, false);
    await tell(ctx, monitor);
  }),

  /** Of a DNS record: whatever the next good answer is, is what is expected from then on. */
  acceptNow: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const monitor = await findMonitor(ctx, input.id);
    if (monitor.kind !== 'dns') throw badRequest('Only the answer of a DNS record can be accepted as it is.');
    const { expected: _, ...settings } = settingsOf(monitor);
    await ctx.db.monitor.update({
      where: { id: monitor.id },
      data: {
        settings: { ...settings, accept: true } as Prisma.InputJsonObject,
        decision: monitor.decision ?? 'edited',
        editedAt: new Date(),
      },
    });
    if (monitor.state !== 'paused') await giveToRegions(ctx.db, { monitorIds: [monitor.id], soon: true });
    await tell(ctx, monitor);
  }),

  checkNow: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const monitor = await findMonitor(ctx, input.id);
    if (monitor.state === 'paused') throw badRequest('This monitor is paused. Resume it first.');
    await giveToRegions(ctx.db, { monitorIds: [monitor.id], soon: true });
  }),

  /** Only a person's own; a discovered one would come back, and can be forbidden instead. */
  remove: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const monitor = await findMonitor(ctx, input.id);
    if (monitor.origin !== 'person') {
      throw badRequest('Discovery set this monitor up and would do so again. Forbid it instead.');
    }
    await ctx.db.monitor.delete({ where: { id: monitor.id } });
    await tell(ctx, monitor);
    await judgeAgain(ctx, monitor);
  }),
});

interface Scope {
  db: Database;
  organizationId: string;
}

async function findMonitor({ db, organizationId }: Scope, id: string): Promise<Monitor> {
  const monitor = await db.monitor.findFirst({ where: { id, organizationId } });
  if (!monitor) throw notFound('monitor');
  return monitor;
}

function settingsOf(monitor: Monitor): Record<string, unknown> {
  return monitor.settings as Record<string, unknown>;
}

function checked(kind: ProbeKind, settings: Record<string, unknown>): ProbeSettings {
  const result = probeSettings[kind].safeParse(settings);
  if (!result.success) throw badRequest(sentences(result.error));
  return result.data;
}

async function setPaused(db: Database, monitor: Monitor, paused: boolean): Promise<void> {
  if (paused === (monitor.state === 'paused')) return;
  const at = new Date();
  const to = paused ? 'paused' : 'pending';
  await db.$transaction([
    db.monitor.update({
      where: { id: monitor.id },
      data: { state: to, stateSince: at, evaluation: {}, ...(!paused && { code: null, summary: null }) },
    }),
    db.transition.create({
      data: {
        monitorId: monitor.id,
        at,
        from: monitor.state,
        to,
        code: 'ok',
        summary: paused ? 'paused by a person' : 'resumed by a person',
      },
    }),
  ]);
  if (!paused) await giveToRegions(db, { monitorIds: [monitor.id], soon: true });
}

async function tell({ db, organizationId }: Scope, monitor: Monitor): Promise<void> {
  await announce(db, {
    organizationId,
    kind: 'monitor',
    id: monitor.id,
    ...(monitor.serverId && { serverId: monitor.serverId }),
  });
}

/** A monitor that no longer counts may have been the reason of an open incident. */
async function judgeAgain(
  {
    services,
  }: {
    services: {
      queue(): Promise<{
        send(name: 'diagnose', data: { serverId: string }, options: { key: string }): Promise<void>;
      }>;
    };
  },
  { serverId }: Monitor,
): Promise<void> {
  if (serverId) await (await services.queue()).send('diagnose', { serverId }, { key: serverId });
}
