// What a worker remembers of the servers that it judges. All of it is in the database or follows from it; kept in memory so that a
// judgement reads what is new and writes what has changed.
import { getHeapStatistics } from 'node:v8';
import type { Database } from '#prisma';
import { Kept } from '#worker/kept.ts';
import type { SeriesWindow } from '#worker/picture/seriesWindow.ts';
import type { ServerMemoryBody } from './memory.ts';

export interface Judged {
  window: SeriesWindow;
  memory: ServerMemoryBody;
  /** Of the row that the memory was read from or written to; undefined while there is none. Another one means that another worker wrote. */
  version?: string;
  /** What of the memory was written last, and when (epoch milliseconds). */
  written: { essence: string; at: number };
  /** Epoch milliseconds of the newest report at the last judgement. */
  reportAt?: number;
  /** When a late report was read last, as the window knows it: another one means that it lacks what came since. */
  lateReadAt?: number | null;
}

/** How much memory it may take: a quarter of what Node may use. */
const mostBytes = getHeapStatistics().heap_size_limit / 4;
/** A finding with its evidence, about. */
const findingBytes = 1500;
/** A program that is remembered, about. */
const programBytes = 300;

const costOf = ({ window, memory }: Judged) =>
  window.bytes +
  (memory.found.length + memory.ended.length) * findingBytes +
  Object.keys(memory.residents.programs).length * programBytes;

const keptOf = new WeakMap<Database, Kept<Judged>>();

export const newJudgedServers = () => new Kept<Judged>(mostBytes, costOf);

/** What this process remembers of the servers of a database. */
export function judgedServers(db: Database): Kept<Judged> {
  let kept = keptOf.get(db);
  if (!kept) keptOf.set(db, (kept = newJudgedServers()));
  return kept;
}
