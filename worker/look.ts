// Stage "probe" and "evaluate": a job's monitors are looked at from this region, results are stored, states change.
import type { ProbeKind, ProbeResult } from '#core/probes.ts';
import type { Monitor, Prisma, Server } from '#prisma';
import { announce } from '#prisma/notify.ts';
import type { ProbeJob } from '#prisma/queue.ts';
import type { WorkerContext } from './context.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { runProbe } from './probes/index.ts';
import { makePolicy, mustBeOwned } from './probes/policy.ts';
import { storeEvents } from './parse.ts';
import { lookAgain } from './schedule.ts';

/** Probes of one job that are under way at once. */
const concurrency = 20;
/** A failed look keeps its evidence up to this size. */
const evidenceBytes = 20_000;

type MonitorOfServer = Monitor & { server: Pick<Server, 'local' | 'reportedFrom'> | null };

export async function lookAtMonitors(context: WorkerContext, { monitorIds }: ProbeJob): Promise<void> {
  const { db, environment } = context;
  const monitors = await db.monitor.findMany({
    where: { id: { in: monitorIds }, retiredAt: null, state: { not: 'paused' } },
    include: { server: { select: { local: true, reportedFrom: true } } },
  });
  const regions = await db.region.findMany({ where: { lastSeenAt: { gt: new Date(Date.now() - 90_000) } } });
  const names = regions.map(({ name }) => name);
  const waiting = [...monitors];
  const lane = async (): Promise<void> => {
    for (let monitor = waiting.shift(); monitor; monitor = waiting.shift()) {
      await lookAtMonitor(context, monitor, environment.REGION, names);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, monitors.length) }, lane));
}

async function lookAtMonitor(
  context: WorkerContext,
  monitor: MonitorOfServer,
  region: string,
  regions: string[],
): Promise<void> {
  const at = new Date();
  const policy = makePolicy({
    allow: context.environment.PROBE_ALLOW,
    owned: monitor.server?.reportedFrom ? [monitor.server.reportedFrom] : [],
    loopback: monitor.server?.local ?? false,
    ownedOnly: mustBeOwned(monitor.kind as ProbeKind, monitor.settings),
  });
  const result = await runProbe(monitor.kind as ProbeKind, monitor.settings, {
    signal: AbortSignal.timeout(240_000),
    allow: policy,
  });
  await storeResult(context, monitor.id, region, regions, at, result);
}

/** Stores one result and moves the monitor's state; the row is locked, so that regions that report at once take turns. */
export async function storeResult(
  { db, queue }: Pick<WorkerContext, 'db' | 'queue'>,
  monitorId: string,
  region: string,
  regions: string[],
  at: Date,
  result: ProbeResult,
): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await transaction.$queryRawUnsafe('SELECT id FROM "Monitor" WHERE id = $1 FOR UPDATE', monitorId);
      const monitor = await transaction.monitor.findUnique({ where: { id: monitorId } });
      if (!monitor) return;
      await transaction.probeRow.createMany({
        data: [
          {
            monitorId,
            region,
            at,
            ok: result.ok,
            code: result.code,
            ms: result.ms,
            ...(!result.ok && { evidence: evidenceOf(result) }),
          },
        ],
        skipDuplicates: true,
      });
      if (saysNothing(monitor, result)) {
        await transaction.monitor.update({ where: { id: monitorId }, data: { lastCheckedAt: at } });
        return;
      }
      const { ok, degraded, code, summary, details } = result;
      const { state, evaluation, transition, lookAgainSeconds, notes } = evaluate({
        state: monitor.state,
        evaluation: monitor.evaluation,
        result: {
          region,
          at: at.getTime() / 1000,
          ok,
          code,
          summary,
          details: bounded(details),
          ...(degraded && { degraded }),
        },
        regions,
        interval: monitor.interval,
      });
      await transaction.monitor.update({
        where: { id: monitorId },
        data: {
          state,
          evaluation: evaluation as object,
          // A result that is not confirmed yet must not put its words to the state that still stands.
          ...(ok === (state === 'up') || state === 'pending' ? { code, summary } : {}),
          lastCheckedAt: at,
          lastMs: result.ms,
          ...(transition && { stateSince: at }),
          ...(state === 'up' && { everUp: true }),
        },
      });
      if (transition) await transaction.transition.create({ data: { monitorId, at, ...transition } });
      if (monitor.serverId) {
        const when = at.getTime() / 1000;
        await storeEvents(
          transaction,
          monitor.serverId,
          notes.map(({ kind, text }) => ({
            kind: `monitor.${kind}`,
            at: when,
            subject: monitor.key,
            text: `${monitor.name}: ${text}`,
          })),
        );
      }
      if (lookAgainSeconds) await lookAgain(transaction, [monitorId], lookAgainSeconds);
      if (transition && monitor.serverId) {
        await queue.send('diagnose', { serverId: monitor.serverId }, { transaction, key: monitor.serverId });
      }
      await announce(transaction, {
        organizationId: monitor.organizationId,
        kind: 'monitor',
        id: monitorId,
        ...(monitor.serverId && { serverId: monitor.serverId }),
      });
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
}

/**
 * Whether a file is exposed or a certificate is good cannot be seen while the server does not answer at all. That is told by the
 * monitors of the port and the page; the state of this one stays what it was.
 */
function saysNothing(monitor: Monitor, { ok, code }: ProbeResult): boolean {
  if (ok || monitor.state === 'pending') return false;
  if (monitor.kind === 'exposed') return code !== 'exposed-file';
  if (monitor.kind === 'tls') return code.startsWith('connect-') || code.startsWith('dns-');
  return monitor.kind === 'domain' && code === 'domain-lookup';
}

function evidenceOf(result: ProbeResult): Prisma.InputJsonObject {
  const { phases, details, transcript, summary } = result;
  return {
    summary,
    phases: phases.map((phase) => ({ ...phase })),
    details: bounded(details) as Prisma.InputJsonObject,
    transcript: transcript.slice(0, 200),
  };
}

/** JSON without what cannot be stored, and not larger than evidence may be. */
function bounded(details: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(details).replaceAll('\\u0000', '');
  return text.length <= evidenceBytes
    ? JSON.parse(text)
    : { note: `The details had ${text.length} bytes and were left out.` };
}
