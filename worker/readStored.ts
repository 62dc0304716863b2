// One stored report together with what was known before it: what there is to write, and what is known afterwards. No database.
import { gunzipSync } from 'node:zlib';
import type { Facts } from '#core/facts.ts';
import { reportLimits } from '#core/report.ts';
import type { HostEvent, Sample } from '#core/snapshot.ts';
import { factChanges } from './changes.ts';
import type { Known } from './known.ts';
import { mergeFacts } from './picture.ts';
import { readReport } from './read.ts';

export interface StoredReport {
  serverId: string;
  id: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  reportedAt: number;
  body: Buffer;
  bytes: number;
}

export interface Reading {
  samples: Sample[];
  events: HostEvent[];
  /** What has changed, by name; undefined for a late report, which says nothing about the present. */
  facts?: Partial<Facts>;
  agent: { version?: string; sha256?: string };
  known: Known;
}

/** Throws when the report cannot be read. Leaves `known` as it was. */
export function readStored(report: StoredReport, known: Known): Reading {
  const text = gunzipSync(report.body, { maxOutputLength: reportLimits.bytes, chunkSize: 65_536 }).toString(
    'utf8',
  );
  const { reportedAt: at } = report;
  const late = known.newest !== undefined && at <= known.newest;
  const before = known.facts;
  const last = known.last ?? { at: (known.newest ?? 0) / 1000, counters: [] };
  const snapshot = readReport(
    text,
    late || known.newest === undefined ? {} : { previous: { ...last, facts: before } },
  );
  const skew = (at - report.receivedAt) / 1000;
  // A report that waited in the agent's buffer is late, not its clock slow: a clock is off by the same amount twice.
  const isClock = Math.abs(skew) < 30 || Math.abs((known.skew ?? Number.NaN) - skew) < 10;
  const samples: Sample[] = [
    ...snapshot.samples,
    { metric: 'agent.bytes', subject: '', value: report.bytes },
    ...(isClock ? [{ metric: 'agent.clock_skew' as const, subject: '', value: skew }] : []),
  ];
  // A late report from the agent's buffer adds to the history; it must not overwrite what is known by now.
  if (late) return { samples, events: snapshot.events, agent: snapshot.agent, known };
  const merged = mergeFacts(before, snapshot.facts);
  const first = Object.keys(before).length === 0;
  return {
    samples,
    events: [...snapshot.events, ...(first ? [] : factChanges(before, merged, snapshot.at))],
    facts: changed(before, merged),
    agent: snapshot.agent,
    known: {
      ...known,
      newest: at,
      facts: merged,
      last: {
        at: at / 1000,
        uptime: snapshot.uptime,
        bootId: snapshot.bootId,
        counters: snapshot.counters,
      },
      skew,
      bytes: report.bytes,
    },
  };
}

function changed(before: Facts, now: Facts): Partial<Facts> {
  return Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => value !== undefined && !isSame(value, before[name as keyof Facts]),
    ),
  );
}

/** Whether two values are the same as JSON, in whatever order their keys come: the database keeps none. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return typeof a === 'number' && typeof b === 'number' && isNull(a) && isNull(b);
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => isSame(item, b[index]))
    );
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!isSame(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

/** NaN and infinite numbers are null in JSON. */
const isNull = (value: number) => !Number.isFinite(value);
