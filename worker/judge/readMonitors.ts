// The monitors of servers, as diagnosis sees them.
import type { ProbeCode, ProbeKind } from '#core/probes.ts';
import { type Connection, prepared } from '#prisma';
import type { MonitorState } from '#worker/rules/rule.ts';
import { byServer } from './byServer.ts';

interface MonitorRow {
  serverId: string;
  id: string;
  kind: string;
  name: string;
  target: string;
  state: MonitorState['state'];
  /** Epoch seconds. */
  since: number;
  code: string | null;
  summary: string | null;
  settings: unknown;
  about: unknown;
  details: Record<string, unknown> | null;
  origin: string;
  everUp: boolean;
}

export async function readMonitors(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, MonitorState[]>> {
  const { rows } = await connection.query<MonitorRow>(
    prepared(
      `SELECT "serverId", id, kind, name, target, state, extract(epoch FROM "stateSince")::float8 AS since, code, summary, settings,
         about, evaluation->'details' AS details, origin, "everUp"
       FROM "Monitor" WHERE "serverId" = ANY($1::text[]) AND "retiredAt" IS NULL AND state <> 'paused'
         AND decision IS DISTINCT FROM 'muted'`,
      [ids],
    ),
  );
  return byServer(rows.filter(isMeant), stateOf);
}

/**
 * A site that answered 404, or a port that was filtered, ever since its monitor set itself up is probably meant so: it is shown, but
 * it is no problem. What must never be (an exposed file, an open database, an expired certificate) is one from the first look, and so is a
 * DNS record: its monitor accepts by itself what is meant so.
 */
function isMeant({ kind, code, everUp, origin }: MonitorRow): boolean {
  const mayBeMeant =
    ['http', 'ping', 'ports'].includes(kind) || (kind === 'port' && code !== 'unexpected-open');
  return everUp || origin !== 'discovered' || !mayBeMeant;
}

/** A monitor as diagnosis sees it. */
export function stateOf(monitor: Omit<MonitorRow, 'serverId' | 'origin' | 'everUp'>): MonitorState {
  const { id, kind, name, target, state, since, code, summary, settings, about, details } = monitor;
  return {
    id,
    kind: kind as ProbeKind,
    name,
    target,
    state,
    since,
    code: (code ?? 'ok') as ProbeCode,
    summary: summary ?? '',
    // What the last failure told says nothing of a monitor that is well again.
    details: { ...askedFor(kind, settings), ...(state === 'down' || state === 'degraded' ? details : {}) },
    about: about as MonitorState['about'],
  };
}

/** What a port monitor is content with decides what its silence means. */
function askedFor(kind: string, settings: unknown): Record<string, unknown> {
  const { expect = 'open', protocol = 'tcp' } = settings as Record<string, unknown>;
  return kind === 'port' ? { expect, protocol } : {};
}
