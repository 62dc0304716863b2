// One stored report together with what was known before it: what there is to write, and what is known afterwards. No database.
import { gunzipSync } from 'node:zlib';
import type { Facts } from '#core/facts.ts';
import { interned, internStrings } from '#core/interned.ts';
import { reportLimits } from '#core/report.ts';
import type { HostEvent, Sample, Snapshot } from '#core/snapshot.ts';
import { factChanges } from '#worker/changes/changes.ts';
import { mergeFacts } from '#worker/picture/mergeFacts.ts';
import type { Known } from './known.ts';
import { readReport } from './read.ts';
import { momentOf as bootOf } from './reportOrder.ts';

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
  /** Epoch milliseconds that it counts for. */
  at: number;
  samples: Sample[];
  events: HostEvent[];
  /** What has changed, by name; undefined for a late report, which says nothing about the present. */
  facts?: Partial<Facts>;
  agent: { version?: string; sha256?: string };
  known: Known;
  /** The report is of another machine, and is not taken for one of this server. */
  copy?: Copy;
}

/** A machine that reports with the token of another one. */
export interface Copy {
  bootId: string;
  /** What it calls itself; may be empty. */
  hostname: string;
  /** Epoch milliseconds of its report. */
  at: number;
}

/** Throws when the report cannot be read. Leaves `known` as it was. `trusted`: a person said that it is this server, whatever it looks like. */
export function readStored(report: StoredReport, known: Known, { trusted = false } = {}): Reading {
  const text = gunzipSync(report.body, { maxOutputLength: reportLimits.bytes, chunkSize: 65_536 }).toString(
    'utf8',
  );
  const { at, skew, late } = momentOf(report, text, known);
  const before = known.facts;
  const last = known.last ?? { at: (known.newest ?? 0) / 1000, counters: [] };
  const snapshot = readReport(
    text,
    late || known.newest === undefined ? {} : { previous: { ...last, facts: before } },
  );
  redate(snapshot, at / 1000);
  if (!late && !trusted && isOtherMachine(known, snapshot, at)) {
    const copy = {
      bootId: snapshot.bootId!.slice(0, 64),
      hostname: (snapshot.facts.host?.hostname ?? '').slice(0, 253),
      at,
    };
    return { at, samples: [], events: [copyEvent(snapshot)], agent: snapshot.agent, known, copy };
  }
  const samples: Sample[] = [
    ...snapshot.samples,
    { metric: 'agent.bytes', subject: '', value: report.bytes },
    ...(isByClock(skew, known) ? [{ metric: 'agent.clock_skew' as const, subject: '', value: skew }] : []),
  ];
  // A late report from the agent's buffer adds to the history; it must not overwrite what is known by now.
  if (late) return { at, samples, events: snapshot.events, agent: snapshot.agent, known: { ...known, skew } };
  // What is known stays in memory, and must not keep the whole text of the report there.
  internStrings(snapshot.facts);
  internStrings(snapshot.counters);
  const merged = mergeFacts(before, snapshot.facts);
  const first = Object.keys(before).length === 0;
  const facts = changed(before, merged);
  return {
    at,
    samples,
    events: [...snapshot.events, ...(first ? [] : factChanges(before, merged, at / 1000))],
    facts,
    agent: snapshot.agent,
    known: {
      ...known,
      newest: at,
      facts: merged,
      changed: new Set(Object.keys(facts)),
      last: {
        at: at / 1000,
        uptime: snapshot.uptime,
        bootId: snapshot.bootId && interned(snapshot.bootId),
        counters: snapshot.counters,
      },
      skew,
      bytes: Math.max(report.bytes, known.bytes),
    },
  };
}

interface Moment {
  /** Epoch milliseconds that the report counts for. */
  at: number;
  /** Seconds that its clock was ahead of its arrival. */
  skew: number;
  /** It was made before the newest report. */
  late: boolean;
}

/** Seconds that a clock may be off, or a report on its way, without a word. */
const steady = 30;

/**
 * A report counts for the time that it claims. With a clock that is off, for that of its arrival: everything that happens to a server is told
 * by one clock, and one that is set back does not make what comes then look older than what is known.
 */
function momentOf({ reportedAt, receivedAt }: StoredReport, text: string, known: Known): Moment {
  const claimed = Number(/^rootnote 1\b.{0,400}? epoch=(\d{1,11})\b/.exec(text)?.[1] ?? Number.NaN);
  const skew = ((Number.isNaN(claimed) ? reportedAt : claimed * 1000) - receivedAt) / 1000;
  const { newest = -Infinity } = known;
  const late = reportedAt <= newest;
  const isOff = isByClock(skew, known) && (late || Math.abs(skew) > steady);
  if (!isOff || !isNext(text, known)) return { at: reportedAt, skew, late };
  return {
    at: Math.max(Math.floor(receivedAt / 1000), Math.floor(newest / 1000) + 1) * 1000,
    skew,
    late: false,
  };
}

/** It is not one that is sent again because its answer got lost. */
function isNext(text: string, { last }: Known): boolean {
  const { boot, uptime } = bootOf(text);
  return boot !== last?.bootId || (uptime ?? 0) > (last?.uptime ?? Infinity);
}

/** A report that waited in the agent's buffer is late, not its clock slow: a clock is off by the same amount twice. */
const isByClock = (skew: number, { skew: before = Number.NaN }: Known) =>
  Math.abs(skew) < steady || Math.abs(before - skew) < 10;

/**
 * What a clock dates that is not believed is moved by as much as it is off, in whole hours and rather too early: the same event has
 * the same time in every report, and none is in the future.
 */
function redate(snapshot: Snapshot, at: number): void {
  const shift =
    snapshot.at === 0 || Math.abs(at - snapshot.at) < 1 ? 0 : Math.floor((at - snapshot.at) / 3600) * 3600;
  if (shift === 0) return;
  snapshot.events = snapshot.events.map((event) => ({ ...event, at: event.at + shift }));
  const { boot } = snapshot.facts;
  if (boot) boot.at += shift;
}

/** Who has not reported for so many seconds may have been moved: what reports with its token is then the server. */
const moved = 900;
/** Clocks of two boots may differ by so many seconds. */
const tolerance = 120;

/**
 * Whether a report is from a copy of the machine that has the token in its files: another boot, which had begun while the server
 * still reported from its own. A server that restarted has begun after its last report.
 */
function isOtherMachine(known: Known, { bootId, uptime }: Snapshot, at: number): boolean {
  const own = known.facts.boot?.bootId;
  if (!own || !bootId || own === bootId || uptime === undefined || known.newest === undefined) return false;
  const silent = (at - known.newest) / 1000;
  return silent < moved && uptime > silent + tolerance;
}

/** One event a boot of the copy, whatever number of reports it sends. */
function copyEvent({ at, facts, uptime = 0 }: Snapshot): HostEvent {
  const name = facts.host?.hostname ?? '';
  return {
    kind: 'agent.copy',
    at: Math.floor((facts.boot?.at ?? at - uptime) / 60) * 60,
    subject: name,
    text: `Another machine reports with the token of this server: a copy, whose files hold the same token. ${name ? `It calls itself ${name}. ` : ''}Its reports are kept and not read until somebody decides on the page of this server. If it is not yours, give this server a new token.`,
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
