// Recordings of the live tier: the reports of a real kernel with a fault, packed. One file a scenario, made by bench/live/record.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { MonitorState } from '#worker/rules/rule.ts';
import type { ExpectedRoot, Scenario } from './scenarios/scenario.ts';

export const recordedFolder = join(import.meta.dirname, 'recorded');
/** Recordings whose answers were written down before the product saw them. */
export const strangersFolder = join(import.meta.dirname, 'otherMachines/recorded');

/** Those of bench/live/callers, written down the same way by somebody else, later. */
export const callersFolder = join(import.meta.dirname, 'otherMachines/callers/recorded');

/** Those of bench/live/lodgers, later still. */
export const lodgersFolder = join(import.meta.dirname, 'otherMachines/lodgers/recorded');

/** Those of bench/live/boarders, the last. */
export const boardersFolder = join(import.meta.dirname, 'otherMachines/boarders/recorded');

export interface Recording {
  name: string;
  kind: Scenario['kind'];
  roots: readonly ExpectedRoot[];
  /** Number of the first report after the fault. */
  onset: number;
  /** The watched addresses as they were at each report. */
  monitors: { at: number; states: MonitorState[] }[];
  texts: string[];
}

/** Reports repeat most of what the one before said: a window over all of them packs a minute of a server into some kilobytes. */
export function pack(recording: Recording): Buffer {
  const { texts, ...head } = recording;
  const plain = Buffer.from([JSON.stringify(head), ...texts].join('\u0000'));
  return brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
}

export function unpack(packed: Buffer): Recording {
  const [head, ...texts] = brotliDecompressSync(packed).toString('utf8').split('\u0000');
  return { ...(JSON.parse(head!) as Omit<Recording, 'texts'>), texts };
}

export function recordedScenario(slug: string, folder = recordedFolder): Scenario {
  const { name, kind, roots, onset, monitors, texts } = unpack(readFileSync(join(folder, `${slug}.br`)));
  return {
    name: `live: ${name}`,
    kind,
    roots,
    onset,
    texts,
    watched: (at) => monitors.findLast((m) => m.at <= at)?.states ?? [],
  };
}

export function recordedSlugs(folder = recordedFolder): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.br'))
    .sort()
    .map((file) => file.slice(0, -3));
}

export function recordedScenarios(): Scenario[] {
  return recordedSlugs().map((slug) => recordedScenario(slug));
}
