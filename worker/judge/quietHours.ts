// What must be quiet: what happens inside a maintenance window opens no incident and sends no message.
import type { Finding, IncidentBody } from '#core/diagnosis.ts';
import { activeUntil } from '#core/maintenance.ts';
import { type Connection, type Maintenance, prepared } from '#prisma';
import { windowOf } from '#prisma/maintained.ts';
import { monitorSource } from '#worker/rules/monitors.ts';

/** Says of an incident whether it must be quiet now. */
export type Quiet = (body: IncidentBody) => boolean;

type WindowRow = Pick<
  Maintenance,
  'organizationId' | 'serverId' | 'monitorId' | 'start' | 'minutes' | 'timeZone' | 'rule'
> & { ended: number | null };

/** By server: its server is being worked on, or all monitors that an incident is about. Servers that nobody works on are not in it. */
export async function readQuiet(
  connection: Connection,
  servers: readonly { id: string; organizationId: string }[],
  now: Date,
): Promise<Map<string, Quiet>> {
  const { rows } = await connection.query<WindowRow>(
    prepared(
      `SELECT "organizationId", "serverId", "monitorId", start, minutes, "timeZone", rule, extract(epoch FROM "endedAt")::float8 AS ended
       FROM "Maintenance" WHERE "organizationId" = ANY($1::text[]) AND ("serverId" IS NULL OR "serverId" = ANY($2::text[]))`,
      [[...new Set(servers.map(({ organizationId }) => organizationId))], servers.map(({ id }) => id)],
    ),
  );
  const active = rows.filter((row) => {
    const window = windowOf(row);
    return window && activeUntil(window, now.getTime() / 1000, row.ended) !== undefined;
  });
  const found = new Map<string, Quiet>();
  if (!active.length) return found;
  const monitors = await readMonitors(
    connection,
    active.flatMap(({ monitorId }) => monitorId ?? []),
  );
  for (const { id, organizationId } of servers) {
    const own = active.filter(
      (row) => row.organizationId === organizationId && (row.serverId === null || row.serverId === id),
    );
    const worked = monitors.filter(({ serverId }) => serverId === id);
    if (own.some(({ monitorId }) => !monitorId)) found.set(id, () => true);
    else if (worked.length) found.set(id, quietAbout(worked));
  }
  return found;
}

interface WorkedOn {
  serverId: string | null;
  name: string;
  kind: string;
  target: string;
}

async function readMonitors(connection: Connection, ids: readonly string[]): Promise<WorkedOn[]> {
  if (!ids.length) return [];
  const { rows } = await connection.query<WorkedOn>(
    `SELECT "serverId", name, kind, target FROM "Monitor" WHERE id = ANY($1::text[])`,
    [ids],
  );
  return rows;
}

function quietAbout(monitors: readonly WorkedOn[]): Quiet {
  const names = new Set(monitors.map(({ name }) => name));
  const sources = new Set(monitors.map(monitorSource));
  // What is made of several monitors is quiet when each of them is worked on.
  const isAbout = ({ subject, evidence }: Finding) => {
    if (subject.kind === 'monitor') return names.has(subject.name);
    const seen = evidence.filter(({ source }) => source.startsWith('monitor'));
    return seen.length > 0 && seen.every(({ source }) => sources.has(source));
  };
  return ({ problems }) => problems.filter(({ severity }) => severity !== 'info').every(isAbout);
}
