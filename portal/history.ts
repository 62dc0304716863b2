// Samples as charts want them: any series of a server on one grid of time, thinned to what a screen can show.
import { Prisma, type Database } from '#prisma';

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
}

export interface ChartSeries {
  metric: string;
  subject: string;
  /** One value a step, null where there was no report. */
  average: (number | null)[];
  least: (number | null)[];
  most: (number | null)[];
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
  const conditions = wanted.map(({ metric, subject }) =>
    subject === undefined
      ? Prisma.sql`metric = ${metric}`
      : Prisma.sql`(metric = ${metric} AND subject = ${subject})`,
  );
  const rows = await db.$queryRaw<
    { metric: string; subject: string; place: number; average: number; least: number; most: number }[]
  >`
    WITH wanted AS (
      SELECT slot::smallint AS slot, metric, subject FROM "Series"
      WHERE "serverId" = ${serverId} AND (${Prisma.join(conditions, ' OR ')}) LIMIT 200)
    SELECT w.metric, w.subject, p.place, avg(v)::float8 AS average, min(v)::float8 AS least, max(v)::float8 AS most
    FROM sample s
    CROSS JOIN wanted w
    CROSS JOIN LATERAL (SELECT s.values[array_position(s.slots, w.slot)] AS v) x
    CROSS JOIN LATERAL (SELECT floor((extract(epoch FROM s.at) - ${start}::float8) / ${step}::float8)::int AS place) p
    WHERE s."serverId" = ${serverId} AND v IS NOT NULL
      AND s.at >= to_timestamp(${start}::float8) AND s.at < to_timestamp(${start + points * step}::float8)
    GROUP BY w.metric, w.subject, p.place`;

  const found = new Map<string, ChartSeries>();
  const empty = () => new Array<number | null>(points).fill(null);
  for (const { metric, subject, place, average, least, most } of rows) {
    const key = `${metric} ${subject}`;
    let series = found.get(key);
    if (!series) {
      series = { metric, subject, average: empty(), least: empty(), most: empty() };
      found.set(key, series);
    }
    series.average[place] = short(average);
    series.least[place] = short(least);
    series.most[place] = short(most);
  }
  const place = (series: ChartSeries) => wanted.findIndex(({ metric }) => metric === series.metric);
  return {
    start,
    step,
    points,
    series: [...found.values()].sort((a, b) => place(a) - place(b) || a.subject.localeCompare(b.subject)),
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
    JOIN "Series" series ON series."serverId" = ${serverId} AND series.slot = pair.slot
    ORDER BY series.metric, series.subject LIMIT 2000`;
}

/** Four digits are more than a screen shows; the rest would only be sent. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
