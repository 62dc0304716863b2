// Looks at what was leased, many at once, and hands the results on in batches. Knows no database: it works in any place.
import type { ProbeResult } from '#core/probes.ts';
import type { Lease } from '#prisma/leases.ts';
import { runProbe } from '#worker/probes/index.ts';
import { makePolicy, mustBeOwned } from '#worker/probes/policy.ts';
import type { OwnConnection } from './ownConnection.ts';

/** One look at a monitor; `at` is when it began, by the clock of the database. */
export interface Look {
  monitorId: string;
  at: Date;
  result: ProbeResult;
}

/** What a prober must know of a lease. */
export type Assignment = Pick<
  Lease,
  | 'monitorId'
  | 'kind'
  | 'settings'
  | 'reportedFrom'
  | 'machineId'
  | 'local'
  | 'lastBeat'
  | 'awaited'
  | 'leasedAt'
>;

/** Looks that are under way at once. Most of them wait for an answer; those that time out must not hold up the others. */
const lanes = 800;
/** So many free lanes are worth a round to the database. */
const enough = 50;
/** Port scans at once, besides: each sends thousands of packets a second. */
const scanLanes = 4;
/** Results wait this long for others, so that they are stored together, and no longer than until there are so many. */
const gatherMs = 200;
const gatherMost = 200;

export interface ProberOptions {
  /** PROBE_ALLOW. */
  allow: string[];
  /** Of the host that this runs on: only that machine is reached over loopback. */
  machineId?: string | undefined;
  connection: OwnConnection;
  /** Takes results; throws when they could not be taken (then they are lost, and their leases end by themselves). */
  deliver(looks: Look[]): Promise<void>;
  log(message: string): void;
}

export interface Prober {
  /** How many looks may be leased now. */
  free(): { looks: number; scans: number };
  start(leases: readonly Assignment[]): void;
  /** Resolves when a batch of looks may be leased again. */
  room(): Promise<void>;
  readonly closed: boolean;
  /** Breaks off what is under way, whose leases end by themselves, and hands on what is done. */
  close(): Promise<void>;
}

export function makeProber(options: ProberOptions): Prober {
  try {
    policy(options.allow, null, false, false);
  } catch (error) {
    throw new Error(`PROBE_ALLOW: ${(error as Error).message}`, { cause: error });
  }
  const underWay = { looks: 0, scans: 0 };
  const done: Look[] = [];
  const stopping = new AbortController();
  let delivering: Promise<void> | undefined;
  let waiting: (() => void)[] = [];

  const deliver = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, done.length >= gatherMost ? 0 : gatherMs));
    while (done.length) {
      const batch = done.splice(0, gatherMost);
      await options.deliver(batch).catch((error: unknown) => {
        options.log(`${batch.length} results are lost: ${String(error)}`);
      });
    }
  };
  const free = () => ({
    looks: Math.max(0, lanes - underWay.looks - done.length),
    scans: Math.max(0, scanLanes - underWay.scans),
  });
  const settle = (): void => {
    if (free().looks >= enough || stopping.signal.aborted) {
      waiting.forEach((resolve) => resolve());
      waiting = [];
    }
    if (!done.length) return;
    delivering ??= deliver().finally(() => {
      delivering = undefined;
      settle();
    });
  };
  const look = async (lease: Assignment, arrived: number): Promise<void> => {
    const at = new Date(lease.leasedAt * 1000 + (performance.now() - arrived));
    const result = await lookAt(lease, options, stopping.signal);
    if (!stopping.signal.aborted) done.push({ monitorId: lease.monitorId, at, result });
  };

  return {
    free,
    room: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    start(leases) {
      const arrived = performance.now();
      for (const lease of leases) {
        const lane = lease.kind === 'ports' ? 'scans' : 'looks';
        underWay[lane]++;
        void look(lease, arrived).finally(() => {
          underWay[lane]--;
          settle();
        });
      }
    },
    get closed() {
      return stopping.signal.aborted;
    },
    async close() {
      stopping.abort();
      settle();
      while (delivering) await delivering;
    },
  };
}

async function lookAt(
  lease: Assignment,
  { allow, machineId, connection }: ProberOptions,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { kind, settings, lastBeat, awaited } = lease;
  const loopback = lease.local && lease.machineId !== null && lease.machineId === machineId;
  const result = await runProbe(kind, settings, {
    signal,
    allow: policy(allow, lease.reportedFrom, loopback, mustBeOwned(kind, settings)),
    lastBeat,
    awaited,
  });
  if (kind === 'heartbeat' || loopback) return result;
  if (result.ok) {
    connection.reached();
    return result;
  }
  if (await connection.believes(result.code)) return result;
  const { degraded: _, ...rest } = result;
  return {
    ...rest,
    code: 'prober-offline',
    summary: `This place is offline itself, so that nothing is known: ${result.summary}`,
  };
}

const policies = new Map<string, (address: string) => boolean>();

/** Policies are dear to make and few: the same for all monitors of a server. */
function policy(
  allow: string[],
  reportedFrom: string | null,
  loopback: boolean,
  ownedOnly: boolean,
): (address: string) => boolean {
  const key = JSON.stringify([allow, ownedOnly ? reportedFrom : '', loopback, ownedOnly]);
  let found = policies.get(key);
  if (!found) {
    if (policies.size >= 10_000) policies.clear();
    found = makePolicy({ allow, owned: reportedFrom ? [reportedFrom] : [], loopback, ownedOnly });
    policies.set(key, found);
  }
  return found;
}
