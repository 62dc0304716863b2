// GET /api/metrics: the newest value of each series of an organization, as OpenMetrics text, for Prometheus and its like.
import { metric as metricOf, type MetricName, metrics } from '#core/metrics.ts';
import {
  type ExportedSample,
  openMetricsEnd,
  openMetricsFamily,
  openMetricsType,
} from '#core/openMetrics.ts';
import type { Database } from '#prisma';
import { readNewestSamples } from '#prisma/newestSamples.ts';
import { AttemptLimit } from './attemptLimit.ts';
import { hashSecret } from './secrets.ts';
import type { Visitor } from './member.ts';

export const exportTokenPrefix = 'rnm_';

export interface ExportRequest {
  /** Of the header `Authorization: Bearer …`; the session counts when it is empty. */
  token: string;
  member: Visitor;
  /** Names or ids of servers; all when empty. */
  servers: readonly string[];
}

export interface ExportAnswer {
  status: 200 | 400 | 401 | 404 | 429;
  type: string;
  body: string;
}

/** Servers of one answer at most, which then has some 50 MB; whoever has more asks for some at a time. */
export const mostServers = 1000;
const requests = new AttemptLimit(60, 60);

export async function exportMetrics(
  db: Database,
  { token, member, servers: wanted }: ExportRequest,
): Promise<ExportAnswer> {
  const organizationId = token ? await organizationOf(db, token) : member?.organizationId;
  if (!organizationId)
    return refused(401, 'This needs a token for reading metrics (an owner makes one under Settings).');
  if (!requests.take(organizationId)) return refused(429, 'Too many requests. Ask once a second at most.');
  if (wanted.length > mostServers || wanted.some((name) => name.length > 253))
    return refused(400, `At most ${mostServers} servers can be asked for, by name or id.`);
  const names = [...wanted];
  const servers = await db.server.findMany({
    where: {
      organizationId,
      cloneOfId: null,
      ...(names.length > 0 && { OR: [{ hostname: { in: names } }, { id: { in: names } }] }),
    },
    select: { id: true, hostname: true },
    orderBy: { id: 'asc' },
    take: mostServers + 1,
  });
  if (servers.length > mostServers)
    return refused(400, `There are more than ${mostServers} servers. Ask for some: ?server=web1&server=web2`);
  if (names.length > 0 && servers.length === 0) return refused(404, 'There is no such server.');

  const hostnames = new Map(servers.map(({ id, hostname }) => [id, hostname]));
  const families = new Map<MetricName, ExportedSample[]>();
  for (const { serverId, metric, subject, value, at } of await readNewestSamples(db, [...hostnames.keys()])) {
    if (!isMetric(metric)) continue;
    const labels = {
      server: hostnames.get(serverId)!,
      server_id: serverId,
      ...(subject && { [metricOf(metric).per ?? 'subject']: subject }),
    };
    const family = families.get(metric);
    if (family) family.push({ labels, value, at });
    else families.set(metric, [{ labels, value, at }]);
  }
  const parts: string[] = [];
  for (const [metric, samples] of families) parts.push(...openMetricsFamily(metric, samples));
  return { status: 200, type: openMetricsType, body: parts.join('') + openMetricsEnd };
}

async function organizationOf(db: Database, token: string): Promise<string | undefined> {
  const row = await db.exportToken.findUnique({ where: { hash: hashSecret(token) } });
  return row?.organizationId;
}

/** A series that was stored by another version may have a name that this one does not know. */
function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}

function refused(status: ExportAnswer['status'], sentence: string): ExportAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}
