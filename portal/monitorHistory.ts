// What a monitor saw: response times by region on a grid of time, and its last failed looks with their evidence.
import { probeCodes, type ProbeCode } from '#core/probes.ts';
import type { Database } from '#prisma';
import { epoch } from './epoch.ts';
import { stepFor } from './history.ts';

export interface ResponseTimes {
  start: number;
  step: number;
  points: number;
  regions: {
    region: string;
    average: (number | null)[];
    most: (number | null)[];
    /** Looks that failed in each step. */
    failures: number[];
  }[];
}

/** `from` and `to` are epoch seconds. Times of failed looks are left out: they say nothing about the service's speed. */
export async function readResponseTimes(
  db: Database,
  monitorId: string,
  { from, to, maxPoints }: { from: number; to: number; maxPoints: number },
): Promise<ResponseTimes> {
  const step = stepFor(to - from, maxPoints);
  const start = Math.floor(from / step) * step;
  const points = Math.max(1, Math.ceil((to - start) / step));
  const rows = await db.$queryRaw<
    { region: string; place: number; average: number | null; most: number | null; failures: number }[]
  >`
    SELECT region, floor((extract(epoch FROM at) - ${start}::float8) / ${step}::float8)::int AS place,
      avg(ms) FILTER (WHERE ok)::float8 AS average, max(ms) FILTER (WHERE ok)::float8 AS most,
      (count(*) FILTER (WHERE NOT ok))::int AS failures
    FROM probe_result
    WHERE "monitorId" = ${monitorId}
      AND at >= to_timestamp(${start}::float8) AND at < to_timestamp(${start + points * step}::float8)
    GROUP BY 1, 2 ORDER BY 1, 2`;
  const regions = new Map<string, ResponseTimes['regions'][number]>();
  for (const { region, place, average, most, failures } of rows) {
    let found = regions.get(region);
    if (!found) {
      const empty = () => new Array<number | null>(points).fill(null);
      found = { region, average: empty(), most: empty(), failures: new Array<number>(points).fill(0) };
      regions.set(region, found);
    }
    found.average[place] = average;
    found.most[place] = most;
    found.failures[place] = failures;
  }
  return { start, step, points, regions: [...regions.values()] };
}

export interface FailedLook {
  at: number;
  region: string;
  code: string;
  /** The code in words. */
  meaning: string;
  summary: string;
  phases: { name: string; ms: number }[];
  transcript: string[];
}

/** Newest first. */
export async function readFailures(db: Database, monitorId: string, limit: number): Promise<FailedLook[]> {
  const rows = await db.probeRow.findMany({
    where: { monitorId, ok: false, at: { gt: new Date(Date.now() - 31 * 86_400_000) } },
    orderBy: { at: 'desc' },
    take: limit,
  });
  return rows.map(({ at, region, code, evidence }) => {
    const { summary, phases, transcript } = (evidence ?? {}) as Partial<FailedLook>;
    const meaning = probeCodes[code as ProbeCode] ?? code;
    return {
      at: epoch(at),
      region,
      code,
      meaning,
      summary: summary ?? meaning,
      phases: phases ?? [],
      transcript: transcript ?? [],
    };
  });
}
