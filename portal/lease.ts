// POST /api/lease: a region without database access asks for due looks and hands in results. What it hands in becomes a job; nothing is judged here.
import { type RegionAnswer, regionLimits, type RegionRequest, regionRequestSchema } from '#core/region.ts';
import { storableJson } from '#core/storable.ts';
import type { Database, Region } from '#prisma';
import { giveToRegions, leaseDue, leaseSeconds } from '#prisma/leases.ts';
import { announce } from '#prisma/notify.ts';
import type { Queue } from '#prisma/queue.ts';
import { AttemptLimit } from './attemptLimit.ts';
import { hashSecret } from './secrets.ts';
import { sentences } from './trpc.ts';

export interface LeaseRequest {
  /** Of the header `Authorization: Bearer …`. */
  token: string;
  body: Uint8Array;
}

export type LeaseAnswer =
  { status: 200; body: RegionAnswer } | { status: 400 | 401 | 413 | 429; body: { error: string } };

const requests = new AttemptLimit(regionLimits.requestsPerMinute, 60);
/** Seconds until a region without work should ask again. */
const pauseSeconds = 1;
/** A region's row is written this often, and with every change of `online`. */
const seenSeconds = 10;

export async function lease(db: Database, queue: Queue, request: LeaseRequest): Promise<LeaseAnswer> {
  const region = request.token
    ? await db.region.findUnique({ where: { tokenHash: hashSecret(request.token) } })
    : null;
  if (!region) return refused(401, 'This needs the token of a region. Was it revoked?');
  if (!requests.take(region.name)) return refused(429, 'Too many requests. Ask once a second.');
  if (request.body.byteLength > regionLimits.bytes)
    return refused(413, `A request may have ${regionLimits.bytes} bytes.`);
  const parsed = regionRequestSchema.safeParse(readJson(request.body));
  if (!parsed.success) return refused(400, sentences(parsed.error));
  const { online, results, free } = parsed.data;

  await markSeen(db, region, online);
  const refusedResults = results.length ? await take(db, queue, region, results) : 0;
  const looks = free.looks ? await leaseDue(db, region.name, { scans: false, limit: free.looks }) : [];
  const scans = free.scans ? await leaseDue(db, region.name, { scans: true, limit: free.scans }) : [];
  return {
    status: 200,
    body: {
      region: region.name,
      leases: [...looks, ...scans].map(({ monitorId, kind, settings, reportedFrom, leasedAt }) => ({
        monitorId,
        kind,
        settings,
        reportedFrom,
        leasedAt,
      })),
      refused: refusedResults,
      pause: free.looks && looks.length === free.looks ? 0 : pauseSeconds,
    },
  };
}

function refused(status: 400 | 401 | 413 | 429, error: string): LeaseAnswer {
  return { status, body: { error } };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return 'This is not JSON in UTF-8.';
  }
}

/** Also gives it the monitors that were set up since. */
async function markSeen(db: Database, region: Region, online: boolean): Promise<void> {
  const now = new Date();
  const age = (now.getTime() - (region.lastSeenAt?.getTime() ?? 0)) / 1000;
  const changed = online !== region.online;
  if (!changed && age < seenSeconds) return;
  await db.region.update({
    where: { name: region.name },
    data: { lastSeenAt: now, online, ...(changed && { onlineSince: now }) },
  });
  await giveToRegions(db, { region: region.name, soon: false });
  if (region.organizationId) await announce(db, { organizationId: region.organizationId, kind: 'region' });
}

/** Takes results of leases that this region holds; returns how many were refused. Handed in twice, they are stored once. */
async function take(
  db: Database,
  queue: Queue,
  { name: region }: Region,
  results: RegionRequest['results'],
): Promise<number> {
  const held = await db.$queryRawUnsafe<{ monitorId: string; leasedAt: number; age: number }[]>(
    `SELECT "monitorId", extract(epoch FROM "leasedAt")::float8 AS "leasedAt", extract(epoch FROM now() - "leasedAt")::float8 AS age
     FROM "MonitorSchedule" WHERE region = $1 AND "monitorId" = ANY($2::text[]) AND "leasedAt" > now() - make_interval(secs => $3)`,
    region,
    results.map(({ monitorId }) => monitorId),
    leaseSeconds.ports,
  );
  const leases = new Map(held.map((one) => [one.monitorId, one]));
  const looks = results.flatMap(({ monitorId, leasedAt, after, result }) => {
    const own = leases.get(monitorId);
    if (!own || Math.abs(own.leasedAt - leasedAt) > 0.001) return [];
    if (own.age > (result.kind === 'ports' ? leaseSeconds.ports : leaseSeconds.usual)) return [];
    // Handed in twice it must get the same time, or it would count twice; so a region's clock may run ahead by a second.
    return [{ monitorId, at: leasedAt + Math.min(after, Math.max(0, own.age) + 1), result }];
  });
  if (looks.length) await queue.send('evaluate', JSON.parse(storableJson({ region, looks })));
  return results.length - looks.length;
}
