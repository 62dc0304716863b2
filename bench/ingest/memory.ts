// What a worker keeps in memory of 20,000 servers: it reads a full report of each, and a minute report of each, and judges each with six
// hours of history. No database.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { interned } from '#core/interned.ts';
import { findingKey } from '#core/diagnosis.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { type Judged, newJudgedServers } from '#worker/judge/judged.ts';
import { type Known, KnownServers } from '#worker/parse/known.ts';
import { type Reading, readStored } from '#worker/parse/readStored.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import { SeriesWindow } from '#worker/picture/seriesWindow.ts';
import { residentsOf } from '#worker/picture/residents.ts';
import { storedPicture } from '#worker/picture/storedPicture.ts';
import { seriesKey } from '#prisma/seriesNames.ts';
import { reportAt } from './reports.ts';

export interface Memory {
  servers: number;
  /** Of so many the worker still knows everything after both rounds; the others it reads from the database again. */
  kept: number;
  /** Bytes, resident after the full reports, and after the minute reports and judging. */
  first: number;
  second: number;
  /** What is remembered of the judging: servers, bytes counted, and the bound of that. */
  judged: { kept: number; bytes: number; limit: number };
  /** Bytes of the heap that one known server takes, and what KnownServers counts for it. */
  each: number;
  counted: number;
  limit: number;
}

/** Texts of their own for every server, since equal strings would share memory. */
export async function measureMemory(
  recorded: readonly [first: string, second: string],
  servers: number,
): Promise<Memory> {
  const kept = new KnownServers();
  const judged = newJudgedServers();
  const epoch = Math.floor(Date.now() / 1000) - 120;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const resident: number[] = [];
  const times = new Map<number, number>();
  collect();
  const empty = process.memoryUsage().heapUsed;
  let [counted, each] = [0, 0];
  for (const round of [0, 1] as const) {
    for (let server = 0; server < servers; server++) {
      const id = `server${server}`;
      const at = (epoch + round * 60) * 1000;
      const text = reportAt(recorded[round]!, server, round, at / 1000);
      const body = gzipSync(text);
      const known: Known = kept.take(id, times.get(server)) ?? {
        facts: {},
        changed: new Set(),
        series: new Map(),
        bytes: 0,
      };
      const report = {
        serverId: id,
        id,
        receivedAt: at,
        reportedAt: at,
        body,
        bytes: Buffer.byteLength(text),
      };
      const reading = readStored(report, known);
      for (const { metric, subject } of reading.samples) {
        const key = seriesKey(metric, subject);
        if (!reading.known.series.has(key))
          reading.known.series.set(interned(key), reading.known.series.size);
      }
      times.set(server, at);
      if (round) judged.give(id, judgeOnce(reading, at / 1000, server));
      kept.give(id, reading.known);
      counted = kept.bytes / kept.size;
      if (server % 50 === 0) await new Promise((done) => setImmediate(done));
    }
    collect();
    resident.push(process.memoryUsage().rss);
    if (!round) each = (process.memoryUsage().heapUsed - empty) / kept.size;
  }
  return {
    servers,
    kept: kept.size,
    first: resident[0]!,
    second: resident[1]!,
    judged: { kept: judged.size, bytes: judged.bytes, limit: judged.limit },
    each,
    counted,
    limit: kept.limit,
  };
}

/** Moments of history: five minutes a point of five hours, and a minute a point of one and a half, as it is on average. */
const history = { coarse: 60, fine: 90 };

/** Half of the series move, as they do on an ordinary server; the others stay as they are. */
function judgeOnce({ samples, known }: Reading, at: number, server: number): Judged {
  const random = noise(server);
  const slots = samples.map(({ metric, subject }) => known.series.get(seriesKey(metric, subject))!);
  const valuesNow = () =>
    samples.map(({ value }, place) => (place % 2 ? value * (1 + (random() - 0.5) / 50) : value));
  const rows = Array.from({ length: history.coarse + history.fine }, (_, index) => {
    const fine = index - history.coarse;
    const time = at - (history.fine - 1) * 60 + (fine < 0 ? fine * 300 : fine * 60);
    return { at: time, slots, values: valuesNow() };
  });
  const window = SeriesWindow.of([], rows);
  const { facts, changed, series } = known;
  const residents = residentsOf({ programs: {}, published: {} }, facts, at);
  const stored = { at, now: at, facts, changed, series, events: [], monitors: [], window, residents };
  const picture = storedPicture(stored);
  const found = findProblems(picture);
  diagnose(picture, found);
  window.shrink();
  const active = Object.fromEntries(found.map((finding) => [findingKey(finding), finding.since]));
  return {
    window,
    memory: { version: 1, active, ended: [], found, residents },
    written: { essence: JSON.stringify(active), at: 0 },
    reportAt: at * 1000,
  };
}

function noise(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
