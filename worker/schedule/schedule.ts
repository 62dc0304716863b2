// Stage "schedule": a region takes what is due, as much as it can carry, and looks at it. Safe to run in many workers at once.
import { giveToRegions, leaseDue } from '#prisma/leases.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from '#worker/context.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { ownConnection } from './ownConnection.ts';
import { makeProber, type Prober } from './prober.ts';

/** Monitors that one statement takes. */
const batch = 100;
/** A round that finds ever more to do ends after so long, so that scans have their turn. */
const roundMs = 5000;
/** Results that cannot be stored are offered again so often, after a second each. */
const attempts = 3;

/** Registers the region of this worker and returns what looks from it. Throws when the region is one that works over HTTP. */
export async function openRegion(context: WorkerContext): Promise<Prober> {
  const { environment, machineId, log } = context;
  await announceRegion(context);
  return makeProber({
    allow: environment.PROBE_ALLOW,
    machineId,
    connection: ownConnection({
      controls: environment.REGION_CONTROLS,
      onChange(online) {
        log(
          `region ${environment.REGION} is ${online ? 'online again' : 'offline: no control target answers'}`,
        );
        void setOnline(context, online).catch((error: unknown) => log(`region not marked: ${String(error)}`));
      },
    }),
    async deliver(looks) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await storeLooks(context, environment.REGION, looks);
        } catch (error) {
          if (attempt === attempts) throw error;
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      }
    },
    log,
  });
}

/** Starts looks at what is due, as lanes become free, until nothing is due any more. */
export async function lookAtDue({ db, environment }: WorkerContext, prober: Prober): Promise<void> {
  const { scans } = prober.free();
  if (scans) prober.start(await leaseDue(db, environment.REGION, { scans: true, limit: scans }));
  const until = Date.now() + roundMs;
  while (!prober.closed && Date.now() < until) {
    const limit = Math.min(batch, prober.free().looks);
    const leases = limit ? await leaseDue(db, environment.REGION, { scans: false, limit }) : [];
    prober.start(leases);
    if (limit && leases.length < limit) break;
    await prober.room();
  }
}

/** Tells that this region is there, and gives it every monitor. */
export async function announceRegion({ db, environment, machineId }: WorkerContext): Promise<void> {
  const name = environment.REGION;
  const now = new Date();
  const region = await db.region.upsert({
    where: { name },
    create: { name, lastSeenAt: now, machineId: machineId ?? null },
    update: {},
  });
  if (region.tokenHash) {
    throw new Error(
      `REGION=${name} works without database access, with a token of its own. Give this worker another name.`,
    );
  }
  await db.region.update({ where: { name }, data: { lastSeenAt: now, machineId: machineId ?? null } });
  await giveToRegions(db, { region: name, soon: false });
}

async function setOnline({ db, environment }: WorkerContext, online: boolean): Promise<void> {
  const { count } = await db.region.updateMany({
    where: { name: environment.REGION, online: !online },
    data: { online, onlineSince: new Date() },
  });
  if (!count) return;
  for (const { id } of await db.organization.findMany({ select: { id: true }, take: 10_000 }))
    await announce(db, { organizationId: id, kind: 'region' });
}
