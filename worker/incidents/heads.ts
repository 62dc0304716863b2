// One cause below several servers: which open incident of another server a new one follows from, and which follow from a new one.
import { findingKey, type IncidentBody } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import type { Severity } from '#core/severity.ts';
import type { Connection } from '#prisma';
import { addressesOf, type Needed, needsOf, sharedFate } from './dependences.ts';

/** An incident of another server, and why the two belong together. */
export interface Relative {
  id: string;
  organizationId: string;
  severity: Severity;
  title: string;
  /** Of another one still; null where this is told on its own. */
  headId: string | null;
  /** Names of its server and of the one that is asked about. */
  server: string;
  own: string;
  /** One sentence. */
  because: string;
  /** Neither needs the other: something that nobody watches fails for both, and each of them shows more of how far it reaches. */
  alike: boolean;
}

/** An open incident with what is known of its server. */
interface Known {
  id: string;
  organizationId: string;
  serverId: string;
  server: string;
  reportedFrom: string | null;
  severity: Severity;
  title: string;
  rootKey: string;
  /** Epoch milliseconds. */
  openedAt: number;
  body: IncidentBody;
  facts: Facts;
}

type Asked = { server: { id: string; organizationId: string }; facts: Facts; body: IncidentBody };

/** What happens to several servers at once begins within so many minutes (OWN): looks come once a minute and are confirmed. */
const together = 5 * 60_000;
/** What follows from something else begins at most this long after or before it (OWN): of an old trouble nobody must guess what is new. */
const followsWithin = 10 * 60_000;
/** So many open incidents of other servers are looked at, the newest. */
const most = 50;

/** Incidents of an organization begin one after the other, so that each sees those before it. Until the transaction ends. */
export async function lockOpenings(connection: Connection, organizationId: string): Promise<void> {
  await connection.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 11))', [organizationId]);
}

/**
 * The incident that a new one follows from, or that shares its fate and was first; where there is none, the open incidents that the new one
 * explains: they were told before it.
 */
export async function findRelatives(
  connection: Connection,
  asked: Asked,
  now: Date,
): Promise<{ head?: Relative; followers: Relative[] }> {
  const { own, others } = await readKnown(connection, asked, now);
  const head = headOf(asked, own, others);
  return head ? { head, followers: [] } : { followers: followersOf(own, others) };
}

function headOf(asked: Asked, own: Known, others: readonly Known[]): Relative | undefined {
  for (const other of others) {
    const need = needOf(own, other);
    if (need) return relative(other, own.server, `${own.server} needs it: ${need.what}.`);
  }
  for (const other of others) {
    if (own.openedAt - other.openedAt > together) continue;
    const shared = sharedFate(asked, other);
    if (shared) return { ...relative(other, own.server, shared), alike: true };
  }
  return undefined;
}

function followersOf(own: Known, others: readonly Known[]): Relative[] {
  return others.flatMap((other) => {
    const need = needOf(other, own);
    return need ? [relative(other, own.server, `${other.server} needs it: ${need.what}.`)] : [];
  });
}

/** What the first one needs of the second one's server and misses since about when that failed. */
function needOf(one: Known, other: Known): Needed | undefined {
  if (Math.abs(one.openedAt - other.openedAt) > followsWithin) return undefined;
  return needsOf(one.body, one.facts).find((need) => isAt(other, need) && isMissing(other, need));
}

function relative(
  { id, organizationId, severity, title, server }: Known,
  own: string,
  because: string,
): Relative {
  return { id, organizationId, severity, title, headId: null, server, own, because, alike: false };
}

/** The server has the address or the name that is needed. A first label says who it is only where one of the two names has no more. */
function isAt({ server, reportedFrom, facts }: Known, { host }: Needed): boolean {
  if (addressesOf(facts).includes(host) || reportedFrom === host || server === host) return true;
  const short = !server.includes('.') || !host.includes('.');
  return short && server.split('.')[0] === host.split('.')[0];
}

/** What keeps a whole machine from serving others, at once or by making it slow. */
const stopsMachine =
  /^(agent\.silent|sys\.(crash|rebooted)|net\.(unreachable|gateway_down|link_down|flap|errors|drops|saturated|retrans|conntrack|listen_overflow|syn_flood|tcp_mem|latency)|mem\.(low|critical|pressure|swap_thrash|oom_kill)|cpu\.(saturated|iowait|steal|softirq_high)|disk\.(full|inodes_full|readonly|fs_errors|mount_missing|latency|saturated|errors|cloud_throttle|fsync_stall|lvm_thin_full|nfs_stall))$/;

/** What is needed is not there: the whole machine is in trouble, or nobody listens where it was, or the program itself is what failed. */
function isMissing({ rootKey, body, facts }: Known, { port, program }: Needed): boolean {
  if (body.problems.some(({ id, severity }) => severity !== 'info' && stopsMachine.test(id))) return true;
  if (program?.test(rootKey)) return true;
  return port !== undefined && facts.listeners !== undefined && !facts.listeners.some((l) => l.port === port);
}

async function readKnown(
  connection: Connection,
  { server, facts, body }: Asked,
  now: Date,
): Promise<{ own: Known; others: Known[] }> {
  const { rows: others } = await connection.query<Known>(
    `SELECT i.id, i."organizationId", i."serverId", s.hostname AS server, s."reportedFrom", i.severity, i.title, i."rootKey",
       (extract(epoch FROM i."openedAt") * 1000)::float8 AS "openedAt", i.body, coalesce(f.facts, '{}') AS facts
     FROM "Incident" i JOIN "Server" s ON s.id = i."serverId"
     LEFT JOIN LATERAL (SELECT jsonb_object_agg(name, value) AS facts FROM "Fact" WHERE "serverId" = s.id AND name = ANY($3::text[])) f ON true
     WHERE i."organizationId" = $1 AND i."serverId" <> $2 AND i.state = 'open' AND i."headId" IS NULL AND i.severity <> 'info'
     ORDER BY i."openedAt" DESC LIMIT ${most}`,
    [server.organizationId, server.id, factNames],
  );
  const { rows } = await connection.query<Pick<Known, 'server' | 'reportedFrom'>>(
    'SELECT hostname AS server, "reportedFrom" FROM "Server" WHERE id = $1',
    [server.id],
  );
  const [root] = body.problems;
  const own: Known = {
    id: '',
    organizationId: server.organizationId,
    serverId: server.id,
    server: rows[0]?.server ?? '',
    reportedFrom: rows[0]?.reportedFrom ?? null,
    severity: root!.severity,
    title: root!.summary,
    rootKey: findingKey(root!),
    openedAt: now.getTime(),
    body,
    facts,
  };
  return { own, others };
}

/** What of a server tells what it has and what it needs. */
const factNames: (keyof Facts)[] = [
  'interfaces',
  'listeners',
  'virtualHosts',
  'filesystems',
  'resolver',
  'routes',
  'hosts',
];
