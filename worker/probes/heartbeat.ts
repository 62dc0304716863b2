// A job reports in; silence is the failure. Pure: compares the last beat with the clock.
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { conduct, ProbeFailure, type Verdict } from './attempt.ts';
import type { Probe } from './probe.ts';

/** `lastBeat` and `now` in epoch seconds; where none came yet (`awaited`), `lastBeat` is when the monitor was made. */
export function evaluateHeartbeat(
  settings: ProbeSettings<'heartbeat'>,
  lastBeat: number,
  now: number,
  awaited = false,
): Verdict {
  const due = lastBeat + settings.intervalSeconds;
  const age = Math.max(0, Math.round(now - lastBeat));
  const late = Math.round(now - due - settings.graceSeconds);
  const last = awaited
    ? `Not reported in yet, set up ${seconds(age)} ago`
    : `Last reported in ${seconds(age)} ago`;
  if (late <= 0) return { code: 'ok', summary: last };
  return {
    code: 'heartbeat-missed',
    summary: `${last}, expected every ${seconds(settings.intervalSeconds)} (${seconds(late)} over the grace)`,
  };
}

export const heartbeatProbe: Probe<'heartbeat'> = {
  kind: 'heartbeat',
  run: (settings, context) =>
    conduct('heartbeat', probeTarget('heartbeat', settings), async (attempt) => {
      const { lastBeat, awaited } = context;
      if (lastBeat === undefined)
        throw new ProbeFailure('prober-error', 'Nobody said when the last beat came');
      attempt.details.lastBeat = lastBeat;
      attempt.details.dueAt = lastBeat + settings.intervalSeconds + settings.graceSeconds;
      return evaluateHeartbeat(settings, lastBeat, Date.now() / 1000, awaited);
    }),
};

/** 90 → '90 s', 5400 → '90 min', 172800 → '48 h' */
function seconds(value: number): string {
  if (value < 120) return `${value} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  if (value < 345_600) return `${Math.round(value / 3600)} h`;
  return `${Math.round(value / 86_400)} days`;
}
