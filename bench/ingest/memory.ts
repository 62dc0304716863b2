// What a worker keeps in memory of 20,000 servers: it reads a full report of each, and a minute report of each. No database.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { interned } from '#core/interned.ts';
import { type Known, KnownServers } from '#worker/known.ts';
import { readStored } from '#worker/readStored.ts';
import { seriesKey } from '#prisma/seriesNames.ts';
import { reportAt } from './reports.ts';

export interface Memory {
  servers: number;
  /** Of so many the worker still knows everything after both rounds; the others it reads from the database again. */
  kept: number;
  /** Bytes, resident after the first round and after the second. */
  first: number;
  second: number;
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
  const epoch = Math.floor(Date.now() / 1000) - 120;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const resident: number[] = [];
  const times = new Map<number, number>();
  collect();
  const empty = process.memoryUsage().heapUsed;
  let counted = 0;
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
      kept.give(id, reading.known);
      counted = kept.bytes / kept.size;
      if (server % 50 === 0) await new Promise((done) => setImmediate(done));
    }
    collect();
    resident.push(process.memoryUsage().rss);
  }
  const each = (process.memoryUsage().heapUsed - empty) / kept.size;
  return {
    servers,
    kept: kept.size,
    first: resident[0]!,
    second: resident[1]!,
    each,
    counted,
    limit: kept.limit,
  };
}
