// What a monitor saw: response times by region on a grid of time, its changes of state, and its last failed looks with their evidence.
import { z } from 'zod';
import { articleFor } from '#core/codeArticles.ts';
import { probeCodes, type ProbeCode, type ProbeKind } from '#core/probes.ts';
import type { Database } from '#prisma';
import { type HourOfLooks, hoursOf, readDays } from '#prisma/lookDays.ts';
import { readLooks } from '#prisma/looks.ts';
import { epoch } from './epoch.ts';
import { stepFor } from './history.ts';
import type { StateChange } from './uptime.ts';

/** Every look is kept for a month; before that, and over longer ranges, an hour is a point. */
const everyLookSeconds = 31 * 86_400;

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

/**
 * `from` and `to` are epoch seconds. Times of failed looks are left out: they say nothing about the service's speed; looks from a place
 * that was offline itself are left out altogether.
 */
export async function readResponseTimes(
  db: Database,
  monitorId: string,
  { from, to, maxPoints }: { from: number; to: number; maxPoints: number },
): Promise<ResponseTimes> {
  const step = stepFor(to - from, maxPoints);
  const start = Math.floor(from / step) * step;
  const points = Math.max(1, Math.ceil((to - start) / step));
  const parts =
    to - from <= everyLookSeconds && Date.now() / 1000 - from <= everyLookSeconds
      ? (await readLooks(db, monitorId, start, start + points * step)).flatMap(
          ({ region, at, ok, blind, ms }) =>
            blind
              ? []
              : [
                  {
                    region,
                    at,
                    good: ok ? 1 : 0,
                    failed: ok ? 0 : 1,
                    average: ok ? ms : null,
                    most: ok ? ms : null,
                  },
                ],
        )
      : await readHours(db, monitorId, start, start + points * step);
  return { start, step, points, regions: onGrid(parts, start, step, points) };
}

/** Hours of the days that were folded, and of the looks since. */
async function readHours(db: Database, monitorId: string, from: number, to: number): Promise<HourOfLooks[]> {
  const folded = await readDays(db, monitorId, from, to);
  const lastDay = folded.length ? Math.floor(folded.at(-1)!.at / 86_400) * 86_400 + 86_400 : from;
  const newer = await readLooks(db, monitorId, Math.max(lastDay, Date.now() / 1000 - everyLookSeconds), to);
  const byRegion = Map.groupBy(newer, ({ region }) => region);
  return [...folded, ...[...byRegion].flatMap(([region, looks]) => hoursOf(region, looks))];
}

function onGrid(
  parts: readonly HourOfLooks[],
  start: number,
  step: number,
  points: number,
): ResponseTimes['regions'] {
  return [...Map.groupBy(parts, ({ region }) => region)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([region, own]) => {
      const sums = new Float64Array(points);
      const counts = new Float64Array(points);
      const most = new Array<number | null>(points).fill(null);
      const failures = new Array<number>(points).fill(0);
      for (const part of own) {
        const place = Math.floor((part.at - start) / step);
        if (place < 0 || place >= points) continue;
        failures[place]! += part.failed;
        if (part.average === null) continue;
        sums[place]! += part.average * part.good;
        counts[place]! += part.good;
        most[place] = Math.max(most[place] ?? 0, part.most ?? part.average);
      }
      const average = Array.from(sums, (sum, place) => (counts[place] ? sum / counts[place]! : null));
      return { region, average, most, failures };
    });
}

export interface ChangeOfState extends StateChange {
  id: string;
  summary: string;
}

/** Changes that are read at most: more than one every half hour for thirteen months. */
const mostChanges = 20_000;

/** Changes of state since `from` (epoch seconds), in order of time; the newest, when there are too many. */
export async function readChanges(db: Database, monitorId: string, from: number): Promise<ChangeOfState[]> {
  const rows = await db.transition.findMany({
    where: { monitorId, at: { gt: new Date(from * 1000) } },
    orderBy: { at: 'desc' },
    take: mostChanges,
    select: { id: true, at: true, from: true, to: true, summary: true },
  });
  return rows.toReversed().map((row) => ({ ...row, at: epoch(row.at) }));
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
  /** What the name led to. */
  addresses: string[];
  certificates: { subject: string; issuer: string; until: number }[];
  /** What the page began with: at most a kilobyte. */
  body: string | null;
  /** Path and heading of the article that helps. */
  article: string | null;
}

/** Of what a probe found, what a reader is shown. */
const foundSchema = z
  .object({
    addresses: z.array(z.string()).catch([]),
    chain: z.array(z.object({ subject: z.string(), issuer: z.string(), notAfter: z.number() })).catch([]),
    body: z.string().nullable().catch(null),
  })
  .catch({ addresses: [], chain: [], body: null });

/** Newest first: of a failure that lasts, its first looks and then one an hour. */
export async function readFailures(
  db: Database,
  { id, kind }: { id: string; kind: string },
  limit: number,
): Promise<FailedLook[]> {
  const rows = await db.probeRow.findMany({
    where: { monitorId: id, ok: false, at: { gt: new Date(Date.now() - everyLookSeconds * 1000) } },
    orderBy: { at: 'desc' },
    take: limit,
  });
  return rows.map(({ at, region, code, evidence }) => {
    const { summary, phases, transcript, details } = (evidence ?? {}) as Partial<FailedLook> & {
      details?: unknown;
    };
    const { addresses, chain, body } = foundSchema.parse(details);
    const meaning = probeCodes[code as ProbeCode] ?? code;
    return {
      at: epoch(at),
      region,
      code,
      meaning,
      summary: summary ?? meaning,
      phases: phases ?? [],
      transcript: transcript ?? [],
      addresses: addresses.slice(0, 20),
      certificates: chain.map(({ subject, issuer, notAfter }) => ({ subject, issuer, until: notAfter })),
      body,
      article: articleFor(kind as ProbeKind, code as ProbeCode) ?? null,
    };
  });
}
