// Outside sees a failure within seconds, and inside tells why with its next report. Where that is due any moment, an incident that only
// the outside knows of waits for it, so that its one message names the cause.
import type { IncidentBody } from '#core/diagnosis.ts';
import type { ProbeCode } from '#core/probes.ts';
import { unreachableFrom } from '#worker/rules/layers.ts';
import { monitorSource } from '#worker/rules/monitors.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { median } from '#worker/rules/series.ts';
import { statusOf } from '#worker/rules/sites.ts';

/** Seconds after a failure within which the next report must be due, else nobody waits for it (OWN). */
const longest = 75;
/** The agent takes its time, and so does the way (OWN). */
const lateness = 10;
/** Reports that a rhythm is seen in. */
const leastReports = 3;

/** Failures that the inside can explain. What was meant to be closed, secret or valid is told at once, and so is a server that is gone. */
const explicable: readonly ProbeCode[] = [
  'connect-refused',
  'connect-timeout',
  'connect-reset',
  'ping-timeout',
  'answer-timeout',
  'answer-mismatch',
  'http-timeout',
  'http-protocol',
  'http-truncated',
  'tls-handshake',
  'tls-timeout',
];

function isExplicable(m: MonitorState): boolean {
  if (!['ping', 'port', 'http'].includes(m.kind) || m.state !== 'down') return false;
  return explicable.includes(m.code) || (m.code === 'http-status' && (statusOf(m) ?? 0) >= 500);
}

export interface Awaited {
  /** Epoch seconds: until then. */
  until: number;
  /** Whether an incident waits. */
  waits(body: IncidentBody): boolean;
}

/** Undefined when there is nothing to wait for: no failure since the newest report, no rhythm, or the next report is late already. */
export function awaitedReport(picture: Picture): Awaited | undefined {
  const { now, at, monitors } = picture;
  const times = (picture.times ?? []).slice(-7);
  const step = median(times.slice(1).map((time, i) => time - times[i]!));
  if (times.length < leastReports || step === undefined) return undefined;
  const due = at + step + lateness;
  if (now >= due || unreachableFrom(picture).length) return undefined;
  const fresh = monitors.filter((m) => m.since > at && due - m.since <= longest && isExplicable(m));
  if (!fresh.length) return undefined;
  const sources = new Set(fresh.map(monitorSource));
  return {
    until: due,
    waits: ({ problems }) =>
      problems.every(
        ({ severity, evidence }) => severity === 'info' || evidence.some(({ source }) => sources.has(source)),
      ),
  };
}
