// Uptime of a monitor from its changes of state. Time in which nobody looked (paused, pending) counts neither way.
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
  /** Times that it went down. */
  outages: number;
}

export interface StateSpan {
  from: number;
  to: number;
  state: MonitorState;
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

/** Degraded is up: it answers. */
export function uptimeOf(spans: readonly StateSpan[]): Uptime {
  let up = 0;
  let down = 0;
  let outages = 0;
  spans.forEach(({ from, to, state }, index) => {
    if (state === 'up' || state === 'degraded') up += to - from;
    if (state === 'down') {
      down += to - from;
      if (spans[index - 1]?.state !== 'down') outages++;
    }
  });
  const watched = up + down;
  return {
    percent: watched ? (100 * up) / watched : null,
    downSeconds: down,
    watchedSeconds: watched,
    outages,
  };
}
