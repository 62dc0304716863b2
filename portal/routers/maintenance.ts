// Maintenance windows: when something is worked on, so that its failures wake nobody. For one monitor, one server, or everything.
import { z } from 'zod';
import {
  type MaintenanceWindow,
  mostWindows,
  type Occurrence,
  occurrenceAt,
  windowSchema,
} from '#core/maintenance.ts';
import type { Database, Maintenance, Prisma } from '#prisma';
import { endMaintained, windowOf } from '#prisma/maintained.ts';
import { announce } from '#prisma/notify.ts';
import type { Services } from '#portal/context.ts';
import { epoch, epochOrNull } from '#portal/epoch.ts';
import { badRequest, editorProcedure, idInput, memberProcedure, notFound, router } from '#portal/trpc.ts';

const id = z.string().min(1).max(64);

export interface PlannedMaintenance extends MaintenanceWindow {
  id: string;
  title: string;
  by: string;
  /** What it is for; neither: everything of the organization. */
  server: { id: string; hostname: string } | null;
  monitor: { id: string; name: string } | null;
  createdAt: number;
  endedAt: number | null;
  state: 'active' | 'planned' | 'over';
  /** The occurrence that is on, or the next one, in epoch seconds; null when it is over. */
  next: { from: number; to: number } | null;
}

export const maintenance = router({
  /** Those that are on first, then by their next beginning, then those that are over. With an id: only what applies to it. */
  list: memberProcedure
    .input(z.strictObject({ serverId: id.optional(), monitorId: id.optional() }).default({}))
    .query(async ({ ctx, input }): Promise<PlannedMaintenance[]> => {
      const rows = await ctx.db.maintenance.findMany({
        where: { organizationId: ctx.organizationId, ...(await appliesTo(ctx, input)) },
        include: {
          server: { select: { id: true, hostname: true } },
          monitor: { select: { id: true, name: true } },
        },
        orderBy: { createdAt: 'desc' },
      });
      const now = Date.now() / 1000;
      const order = { active: 0, planned: 1, over: 2 };
      return rows
        .flatMap((row): PlannedMaintenance[] => {
          const window = windowOf(row);
          if (!window) return [];
          const next = occurrenceAt(window, now, epochOrNull(row.endedAt)) ?? null;
          const state = next ? (next.from <= now ? 'active' : 'planned') : 'over';
          const { id, title, createdBy: by, server, monitor, createdAt } = row;
          return [
            {
              ...window,
              id,
              title,
              by,
              server,
              monitor,
              createdAt: epoch(createdAt),
              endedAt: epochOrNull(row.endedAt),
              state,
              next,
            },
          ];
        })
        .sort((a, b) => order[a.state] - order[b.state] || (a.next?.from ?? 0) - (b.next?.from ?? 0));
    }),

  /** What a window can be for: every server, and the monitors of the chosen one, or the chosen monitor that belongs to none. */
  scope: memberProcedure
    .input(z.strictObject({ serverId: id.optional(), monitorId: id.optional() }).default({}))
    .query(async ({ ctx: { db, organizationId }, input }) => {
      const monitor = input.monitorId
        ? await db.monitor.findFirst({
            where: { id: input.monitorId, organizationId },
            select: { id: true, name: true, serverId: true },
          })
        : undefined;
      if (monitor === null) throw notFound('monitor');
      const serverId = monitor ? monitor.serverId : (input.serverId ?? null);
      const [servers, monitors] = await Promise.all([
        db.server.findMany({
          where: { organizationId },
          select: { id: true, hostname: true },
          orderBy: [{ hostname: 'asc' }, { id: 'asc' }],
        }),
        serverId === null
          ? monitor
            ? [{ id: monitor.id, name: monitor.name }]
            : []
          : db.monitor.findMany({
              where: { organizationId, serverId },
              select: { id: true, name: true },
              orderBy: [{ name: 'asc' }, { id: 'asc' }],
            }),
      ]);
      if (serverId !== null && !servers.some(({ id }) => id === serverId)) throw notFound('server');
      return { servers, monitors, serverId, monitorId: monitor?.id ?? null };
    }),

  create: editorProcedure
    .input(
      windowSchema.extend({
        title: z.string().trim().min(1, 'Say in a few words what is done.').max(200),
        serverId: id.optional(),
        monitorId: id.optional(),
      }),
    )
    .mutation(async ({ ctx, input: { title, serverId, monitorId, ...window } }) => {
      const { db, organizationId } = ctx;
      if (serverId && monitorId) throw badRequest('A window is for a server or for a monitor, not for both.');
      if (serverId && !(await db.server.count({ where: { id: serverId, organizationId } })))
        throw notFound('server');
      if (monitorId && !(await db.monitor.count({ where: { id: monitorId, organizationId } })))
        throw notFound('monitor');
      if (!occurrenceAt(window, Date.now() / 1000))
        throw badRequest(
          window.rule === null
            ? 'This window is over already: it begins and ends in the past.'
            : 'No day that is to come fits this rule.',
        );
      if ((await db.maintenance.count({ where: { organizationId } })) >= mostWindows)
        throw badRequest(`There are ${mostWindows} windows already. Remove those that are over.`);
      const row = await db.maintenance.create({
        data: {
          organizationId,
          title,
          ...window,
          ...(serverId && { serverId }),
          ...(monitorId && { monitorId }),
          createdBy: ctx.member.email,
        },
      });
      await tell(ctx, row, false);
      return { id: row.id };
    }),

  /** Ends the occurrence that is on; a recurring window comes again. What is broken then is told at once. */
  end: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const row = await find(ctx, input.id);
    const now = new Date();
    const current = occurrenceNow(row, now);
    if (!current) throw badRequest('This window is not on now.');
    await ctx.db.$transaction(async (transaction) => {
      await transaction.maintenance.update({ where: { id: row.id }, data: { endedAt: now } });
      await endMaintained(transaction, row, current, now);
    });
    await tell(ctx, row, true);
  }),

  remove: editorProcedure.input(idInput).mutation(async ({ ctx, input }) => {
    const row = await find(ctx, input.id);
    const now = new Date();
    const current = occurrenceNow(row, now);
    await ctx.db.$transaction(async (transaction) => {
      if (current) await endMaintained(transaction, row, current, now);
      await transaction.maintenance.delete({ where: { id: row.id } });
    });
    await tell(ctx, row, true);
  }),
});

interface Asking {
  db: Database;
  services: Services;
  organizationId: string;
}

function occurrenceNow(row: Maintenance, now: Date): Occurrence | undefined {
  const window = windowOf(row);
  const one = window && occurrenceAt(window, epoch(now), epochOrNull(row.endedAt), 1);
  return one && one.from <= epoch(now) ? one : undefined;
}

/** Windows of the thing itself and of what it belongs to; of a server also those of its monitors. */
async function appliesTo(
  { db, organizationId }: Asking,
  { serverId, monitorId }: { serverId?: string | undefined; monitorId?: string | undefined },
): Promise<Prisma.MaintenanceWhereInput> {
  const everything = { serverId: null, monitorId: null };
  if (monitorId) {
    const monitor = await db.monitor.findFirst({ where: { id: monitorId, organizationId } });
    if (!monitor) throw notFound('monitor');
    const own = monitor.serverId ? [{ serverId: monitor.serverId }] : [];
    return { OR: [everything, { monitorId }, ...own] };
  }
  if (!serverId) return {};
  if (!(await db.server.count({ where: { id: serverId, organizationId } }))) throw notFound('server');
  return { OR: [everything, { serverId }, { monitor: { serverId } }] };
}

async function find({ db, organizationId }: Asking, id: string): Promise<Maintenance> {
  const row = await db.maintenance.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('maintenance window');
  return row;
}

/** Tells the pages; `judge` also has the servers judged, since what was quiet may have to be told. */
async function tell(
  { db, services, organizationId }: Asking,
  { serverId, monitorId }: Maintenance,
  judge: boolean,
): Promise<void> {
  await announce(db, { organizationId, kind: 'maintenance' });
  if (!judge) return;
  const servers = await db.server.findMany({
    where: {
      organizationId,
      ...(serverId && { id: serverId }),
      ...(monitorId && { monitors: { some: { id: monitorId } } }),
    },
    select: { id: true },
  });
  const queue = await services.queue();
  for (const { id } of servers) await queue.send('diagnose', { serverId: id }, { key: id });
}
