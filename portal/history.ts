// Samples as charts want them: any series of a server on one grid of time, thinned to what a screen can show.
import type { Database } from '#prisma';
import { partitionedTables } from '#prisma/partitions.ts';
import { readPoints, type StoredPoint } from '#prisma/samplePoints.ts';
import { type Resolution, resolutions } from '#prisma/sampleRollUp.ts';
import { readSeriesNames } from '#prisma/seriesNames.ts';

/** Seconds that one point of a chart may stand for. A report comes once a minute, so nothing below that. */
const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** The smallest step that needs at most `maxPoints` for this range. */
export function stepFor(seconds: number, maxPoints: number): number {
  return steps.find((step) => seconds / step <= maxPoints) ?? steps.at(-1)!;
}

export interface SeriesWanted {
  metric: string;
  /** '' for the whole server; left out: every subject that has the metric. */
  subject?: string;
  /** Least and most of each step as well. */
  bands?: boolean;
}

export interface ChartSeries {
  metric: string;
  subject: string;
  /** One value a step, null where there was no report. */
  average: (number | null)[];
  least?: (number | null)[];
  most?: (number | null)[];
}

export interface History {
  /** Epoch seconds of the first point, and seconds between two. */
  start: number;
  step: number;
  points: number;
  series: ChartSeries[];
}

/** `from` and `to` are epoch seconds. Series without any value in that time are left out. */
export async function readHistory(
  db: Database,
  serverId: string,
  wanted: SeriesWanted[],
  { from, to, maxPoints }: { from: number; to: number; maxPoints: number },
): Promise<History> {
  const step = stepFor(to - from, maxPoints);
  const start = Math.floor(from / step) * step;
  const points = Math.max(1, Math.ceil((to - start) / step));
  const names = (await readSeriesNames(db, serverId))
    .filter((name) =>
      wanted.some(
        ({ metric, subject }) =>
          metric === name.metric && (subject === undefined || subject === name.subject),
      ),
    )
    .slice(0, 200);
  const resolution = resolutionFor(from, step);
  const bySlot = await readPoints(db, serverId, new Set(names.map(({ slot }) => slot)), {
    from: start,
    to: start + points * step,
    resolution,
  });
  const bands = new Set(wanted.filter((each) => each.bands).map(({ metric }) => metric));
  const found = names
    .map(({ slot, metric, subject }) => ({
      metric,
      subject,
      ...onGrid(bySlot.get(slot) ?? [], { start, step, points }, bands.has(metric)),
    }))
    .filter(({ average }) => average.some((value) => value !== null));
  const place = (series: ChartSeries) => wanted.findIndex(({ metric }) => metric === series.metric);
  return {
    start,
    step,
    points,
    series: found.sort((a, b) => place(a) - place(b) || a.subject.localeCompare(b.subject)),
  };
}

/** The coarsest stored resolution that the step allows, and that reaches back so far: minutes are kept for two days. */
function resolutionFor(from: number, step: number): Resolution {
  const days = (Date.now() / 1000 - from) / 86_400;
  const kept = resolutions.filter(
    (resolution) => partitionedTables[`sample_chunk_${resolution}`].days >= days,
  );
  const fitting = kept.filter((resolution) => resolution <= step);
  return fitting.at(-1) ?? kept[0] ?? 3600;
}

/** The points of a series on the grid of a chart. */
function onGrid(
  stored: StoredPoint[],
  { start, step, points }: { start: number; step: number; points: number },
  bands: boolean,
): Pick<ChartSeries, 'average' | 'least' | 'most'> {
  const cells: StoredPoint[][] = Array.from({ length: points }, () => []);
  for (const point of stored) cells[Math.floor((point.at - start) / step)]?.push(point);
  const of = (combine: (cell: StoredPoint[]) => number) =>
    cells.map((cell) => (cell.length ? short(combine(cell)) : null));
  return {
    average: of((cell) => cell.reduce((sum, { mean }) => sum + mean, 0) / cell.length),
    ...(bands && {
      least: of((cell) => Math.min(...cell.map(({ least }) => least))),
      most: of((cell) => Math.max(...cell.map(({ most }) => most))),
    }),
  };
}

/** Every value of the newest report. */
export async function latestSamples(
  db: Database,
  serverId: string,
): Promise<{ metric: string; subject: string; value: number }[]> {
  return db.$queryRaw<{ metric: string; subject: string; value: number }[]>`
    SELECT series.metric, series.subject, pair.value::float8 AS value
    FROM (SELECT slots, values FROM sample WHERE "serverId" = ${serverId} ORDER BY at DESC LIMIT 1) newest
    CROSS JOIN LATERAL unnest(newest.slots, newest.values) AS pair(slot, value)
    JOIN (
      SELECT name.* FROM "SeriesNames" named
      CROSS JOIN LATERAL unnest(named.metrics, named.subjects) WITH ORDINALITY AS name(metric, subject, place)
      WHERE named."serverId" = ${serverId}
    ) series ON series.place = pair.slot + 1
    ORDER BY series.metric, series.subject LIMIT 2000`;
}

/** Four digits are more than a screen shows; the rest would only be sent. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
