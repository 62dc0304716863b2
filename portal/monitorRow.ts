// Monitors as lists show them, with their newest response times for a small line.
import type { ProbeKind } from '#core/probes.ts';
import type { Database, MonitorState, Prisma } from '#prisma';
import { readNewestLooks } from '#prisma/looks.ts';
import { epoch } from './epoch.ts';

export interface MonitorRow {
  id: string;
  serverId: string | null;
  key: string;
  kind: ProbeKind;
  name: string;
  target: string;
  reason: string;
  origin: string;
  decision: string | null;
  state: MonitorState;
  /** Epoch seconds. */
  stateSince: number;
  code: string | null;
  summary: string | null;
  interval: number;
  lastCheckedAt: number | null;
  lastMs: number | null;
  /** Response times of the last looks, oldest first; null where the look failed. */
  spark: (number | null)[];
}

const sparkPoints = 40;

/** Those that are not retired; the worst first, then by name. */
export async function monitorRows(db: Database, where: Prisma.MonitorWhereInput): Promise<MonitorRow[]> {
  const monitors = await db.monitor.findMany({ where: { ...where, retiredAt: null } });
  const newest = await readNewestLooks(
    db,
    monitors.map(({ id }) => id),
    sparkPoints,
  );
  const order: Record<MonitorState, number> = { down: 0, degraded: 1, pending: 2, up: 3, paused: 4 };
  return monitors
    .map((monitor) => ({
      id: monitor.id,
      serverId: monitor.serverId,
      key: monitor.key,
      kind: monitor.kind as ProbeKind,
      name: monitor.name,
      target: monitor.target,
      reason: monitor.reason,
      origin: monitor.origin,
      decision: monitor.decision,
      state: monitor.state,
      stateSince: epoch(monitor.stateSince),
      code: monitor.code,
      summary: monitor.summary,
      interval: monitor.interval,
      lastCheckedAt: newest.get(monitor.id)?.at ?? null,
      lastMs: newest.get(monitor.id)?.ms ?? null,
      spark: (newest.get(monitor.id)?.looks ?? []).map(({ ok, ms }) => (ok ? ms : null)),
    }))
    .sort((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
}
