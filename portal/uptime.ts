// Uptime of a monitor from its changes of state. Time in which nobody looked (paused, pending) or in which something was worked on as
// planned counts neither way.
import type { MonitorState } from '#prisma';

export interface StateChange {
  /** Epoch seconds. */
  at: number;
  from: MonitorState;
  to: MonitorState;
}

export interface Uptime {
  /** Percent; null when the time was not watched at all. */
  percent: number | null;
  downSeconds: number;
  watchedSeconds: number;
  /** Of maintenance, which is left out of all the others. */
  maintenanceSeconds: number;
  /** Times that it went down. */
  outages: number;
}

export interface StateSpan {
  from: number;
  to: number;
  state: MonitorState;
  /** What was done then as planned. */
  maintenance?: string;
}

/**
 * What the state was, from `from` to `to` without gaps. `changes` are in order of time and may start before `from`;
 * before the first one the state was what that one came from, or `current` when there is none.
 */
export function stateSpans(
  changes: readonly StateChange[],
  current: MonitorState,
  from: number,
  to: number,
): StateSpan[] {
  const spans: StateSpan[] = [];
  let state = changes[0]?.from ?? current;
  let since = from;
  for (const change of changes) {
    if (change.at > since) {
      const end = Math.min(change.at, to);
      if (end > since) spans.push({ from: since, to: end, state });
      since = end;
    }
    state = change.to;
  }
  if (to > since) spans.push({ from: since, to, state });
  return spans;
}

/** Cuts spans where maintenance (by its beginning; it may overlap) begins and ends, and says of each part what was done in it. */
export function withMaintenance(
  spans: readonly StateSpan[],
  maintenance: readonly { from: number; to: number; title: string }[],
): StateSpan[] {
  const parts: StateSpan[] = [];
  let next = 0;
  for (const { from, to, state } of spans) {
    let at = from;
    while (next < maintenance.length && at < to) {
      const work = maintenance[next]!;
      if (work.from >= to) break;
      if (work.to > at) {
        if (work.from > at) parts.push({ from: at, to: work.from, state });
        const end = Math.min(work.to, to);
        parts.push({ from: Math.max(at, work.from), to: end, state, maintenance: work.title });
        at = end;
      }
      // One that lasts longer than this state goes on in the next one.
      if (work.to > to) break;
      next++;
    }
    if (at < to) parts.push({ from: at, to, state });
  }
  return parts;
}

/** Degraded is up: it answers. What goes down in maintenance and stays so is an outage from its end on. */
export function uptimeOf(spans: readonly StateSpan[]): Uptime {
  let up = 0;
  let down = 0;
  let maintenanceSeconds = 0;
  let outages = 0;
  let isOut = false;
  for (const { from, to, state, maintenance } of spans) {
    if (state !== 'down') isOut = false;
    if (maintenance !== undefined) maintenanceSeconds += to - from;
    else if (state === 'up' || state === 'degraded') up += to - from;
    else if (state === 'down') {
      down += to - from;
      if (!isOut) outages++;
      isOut = true;
    }
  }
  const watched = up + down;
  return {
    percent: watched ? (100 * up) / watched : null,
    downSeconds: down,
    watchedSeconds: watched,
    maintenanceSeconds,
    outages,
  };
}
