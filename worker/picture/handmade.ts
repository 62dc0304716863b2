// Snapshots made by hand, for tests: a series per metric, facts that may change from report to report.
import type { Facts } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { HostEvent, Sample, Snapshot } from '#core/snapshot.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { makePicture } from './picture.ts';

/** A value for all reports, one for each, or a function of the report's number. */
export type Values = number | readonly (number | undefined)[] | ((report: number) => number | undefined);

export interface Handmade {
  /** Number of reports; 10 when left out. */
  reports?: number;
  /** Seconds between them; 60 when left out. */
  step?: number;
  start?: number;
  uptime?: number;
  /** Key: a metric, or 'metric{subject}'. */
  series?: Record<string, Values>;
  facts?: Facts | ((report: number) => Facts);
  events?: HostEvent[];
}

export const startOfTests = 1_760_000_000;

export function handmade({
  reports = 10,
  step = 60,
  start = startOfTests,
  uptime = 86_400 * 20,
  series = {},
  facts = {},
  events = [],
}: Handmade): Snapshot[] {
  return Array.from({ length: reports }, (_, i) => {
    const at = start + i * step;
    const samples: Sample[] = [];
    for (const [key, values] of Object.entries(series)) {
      const [, name, subject = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(key)!;
      const value =
        typeof values === 'number' ? values : typeof values === 'function' ? values(i) : values[i];
      if (value !== undefined) samples.push({ metric: name as MetricName, subject, value });
    }
    const own = typeof facts === 'function' ? facts(i) : facts;
    return {
      at,
      uptime: uptime + i * step,
      bootId: 'boot-1',
      agent: { version: '0.1.0' },
      complete: true,
      facts: { host: { hostname: 'web1', machineId: 'a'.repeat(32) }, cpu: { model: 'x', count: 2 }, ...own },
      samples,
      counters: [],
      events: events.filter((e) => e.at <= at && e.at > at - step),
      partial: [],
    };
  });
}

export function handmadePicture(description: Handmade, monitors: MonitorState[] = []): Picture {
  return makePicture(handmade(description), monitors);
}

export function handmadeMonitor(
  monitor: Partial<MonitorState> & Pick<MonitorState, 'kind' | 'name'>,
): MonitorState {
  return {
    id: monitor.name,
    target: monitor.name,
    state: 'up',
    since: startOfTests,
    code: 'ok',
    summary: '',
    details: {},
    about: {},
    ...monitor,
  };
}
