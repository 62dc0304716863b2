// One cause takes many monitors down within seconds of each other, and the first of them is no reason to speak yet: when something stops
// answering, its siblings are asked at once, and for a few seconds an incident waits for what they say.
import type { IncidentBody } from '#core/diagnosis.ts';
import type { ProbeCode } from '#core/probes.ts';
import type { Monitor, Transaction } from '#prisma';
import { lookAgain } from '#prisma/leases.ts';
import { unpackLooks } from '#prisma/lookPack.ts';
import { monitorSource } from './rules/outside.ts';

/** Failures that several monitors may share, because something below them is at fault. */
const shared: readonly ProbeCode[] = [
  'connect-refused',
  'connect-timeout',
  'connect-unreachable',
  'connect-reset',
  'ping-timeout',
  'dns-nxdomain',
  'dns-nodata',
  'dns-servfail',
  'dns-refused',
  'dns-timeout',
];
/** An incident waits at most this long: two looks of ten seconds' patience, and the way to a far region. */
const mostSeconds = 30;
/** So many siblings of a server are asked out of turn; the rest is heard when its turn comes. */
const mostAsked = 40;
const kinds = ['ping', 'port', 'http'];

export function mayBeShared(code: string): boolean {
  return (shared as readonly string[]).includes(code);
}

/** Has the other monitors of these servers looked at now, those first that tell of the host itself. */
export async function askSiblings(db: Transaction, serverIds: readonly string[]): Promise<void> {
  if (!serverIds.length) return;
  const siblings = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT id FROM (
       SELECT id, row_number() OVER (PARTITION BY "serverId" ORDER BY array_position($2::text[], kind), id) AS place
       FROM "Monitor" WHERE "serverId" = ANY($1::text[]) AND kind = ANY($2::text[])
         AND state IN ('up', 'degraded') AND "retiredAt" IS NULL
     ) AS sibling WHERE place <= $3`,
    serverIds,
    kinds,
    mostAsked,
  );
  const ids = siblings.map(({ id }) => id);
  await lookAgain(
    db,
    ids,
    ids.map(() => 0),
  );
}

/**
 * Tells of an incident whether it must wait: it is about monitors that went down in the last seconds, while siblings have not been
 * looked at since, or have just failed and not been confirmed.
 */
export async function stillSettling(
  db: Transaction,
  serverId: string,
  now: Date,
): Promise<((body: IncidentBody) => boolean) | undefined> {
  const since = new Date(now.getTime() - mostSeconds * 1000);
  const fresh = await db.monitor.findMany({
    where: { serverId, state: 'down', stateSince: { gt: since }, code: { in: [...shared] }, retiredAt: null },
  });
  if (!fresh.length) return undefined;
  const first = new Date(Math.min(...fresh.map(({ stateSince }) => stateSince.getTime())));
  const siblings = await db.monitor.findMany({
    where: {
      serverId,
      kind: { in: kinds },
      state: { in: ['up', 'degraded'] },
      retiredAt: null,
      interval: { lte: 300 },
    },
    include: { tails: true },
  });
  if (!siblings.some((sibling) => isInDoubt(sibling, first))) return undefined;
  const sources = new Set(fresh.map(monitorSource));
  return ({ problems }) =>
    problems.every(
      ({ severity, evidence }) => severity === 'info' || evidence.some(({ source }) => sources.has(source)),
    );
}

/** Not looked at since, or what was seen then was bad. */
function isInDoubt({ tails }: Monitor & { tails: { at: Date; points: Uint8Array }[] }, since: Date): boolean {
  const newer = tails.filter(({ at }) => at > since);
  if (!newer.length) return true;
  return newer.some(({ at, points }) => {
    const [look] = unpackLooks(points.subarray(-looksBytes), at.getTime() / 1000).slice(-1);
    return look !== undefined && look.code !== 'ok';
  });
}

const looksBytes = 8;
