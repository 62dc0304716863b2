// One cause takes many monitors down within seconds of each other, and the first of them is no reason to speak yet: when something stops
// answering, its siblings are asked at once, and for a few seconds an incident waits for what they say.
import type { ProbeCode } from '#core/probes.ts';
import { type Connection, prepared, type Transaction } from '#prisma';
import { lookAgain } from '#prisma/leases.ts';
import { unpackLooks } from '#prisma/lookPack.ts';
import { monitorSource } from '#worker/rules/monitors.ts';
import type { Quiet } from './quietHours.ts';

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

interface FreshDown {
  serverId: string;
  kind: string;
  target: string;
  /** Epoch seconds. */
  since: number;
}

/**
 * By server: whether an incident must wait, because it is about monitors that went down in the last seconds, while siblings have not been
 * looked at since, or have just failed and not been confirmed. Servers where nothing has to wait are not in it.
 */
export async function readSettling(
  connection: Connection,
  serverIds: readonly string[],
  now: Date,
): Promise<Map<string, Quiet>> {
  const found = new Map<string, Quiet>();
  const { rows } = await connection.query<FreshDown>(
    prepared(
      `SELECT "serverId", kind, target, extract(epoch FROM "stateSince")::float8 AS since FROM "Monitor"
       WHERE "serverId" = ANY($1::text[]) AND state = 'down' AND "stateSince" > to_timestamp($2) AT TIME ZONE 'UTC'
         AND code = ANY($3::text[]) AND "retiredAt" IS NULL`,
      [serverIds, now.getTime() / 1000 - mostSeconds, shared],
    ),
  );
  for (const [serverId, fresh] of Map.groupBy(rows, (row) => row.serverId)) {
    const first = Math.min(...fresh.map(({ since }) => since));
    const looks = await readSiblings(connection, serverId);
    if (![...looks.values()].some((own) => isInDoubt(own, first))) continue;
    const sources = new Set(fresh.map(monitorSource));
    found.set(serverId, ({ problems }) =>
      problems.every(
        ({ severity, evidence }) => severity === 'info' || evidence.some(({ source }) => sources.has(source)),
      ),
    );
  }
  return found;
}

interface NewestLook {
  monitorId: string;
  /** Epoch seconds; null when it was never looked at. */
  at: number | null;
  points: Buffer | null;
}

/** The newest looks of each region at the monitors that still answered, by monitor. */
async function readSiblings(connection: Connection, serverId: string): Promise<Map<string, NewestLook[]>> {
  const { rows } = await connection.query<NewestLook>(
    `SELECT m.id AS "monitorId", extract(epoch FROM t.at)::float8 AS at, t.points
     FROM "Monitor" m LEFT JOIN probe_tail t ON t."monitorId" = m.id
     WHERE m."serverId" = $1 AND m.kind = ANY($2::text[]) AND m.state IN ('up', 'degraded') AND m."retiredAt" IS NULL
       AND m.interval <= 300`,
    [serverId, kinds],
  );
  return Map.groupBy(rows, ({ monitorId }) => monitorId);
}

/** Not looked at since, or what was seen then was bad. */
function isInDoubt(looks: readonly NewestLook[], since: number): boolean {
  const newer = looks.filter(({ at }) => at !== null && at > since);
  if (!newer.length) return true;
  return newer.some(({ at, points }) => {
    const [look] = unpackLooks(points!.subarray(-lookBytes), at!).slice(-1);
    return look !== undefined && look.code !== 'ok';
  });
}

const lookBytes = 8;
