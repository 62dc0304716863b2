// When something unusual is worth a line: several quantities departed together, or one did after a change. Pure.
import type { InsightBody } from '#core/learning.ts';
import { formatDuration } from '#core/format.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { isChange } from '#worker/diagnose/changesBefore.ts';
import type { Departure } from './departures.ts';

/** Departures this close together are one thing (seconds). */
const together = 900;
const before = 7200;
/** Packages that are being installed keep a server busy by that alone; what still departs after this many seconds comes from what they are. */
const installing = 600;
const most = 6;

export interface Insight {
  at: number;
  title: string;
  body: InsightBody;
}

/** One series alone that departs is noise (30 alarms a week on quiet data): undefined. Nothing here is proven, and it says so. */
export function insightOf(
  departures: readonly Departure[],
  events: readonly HostEvent[],
): Insight | undefined {
  for (const first of departures) {
    const near = departures.filter((d) => Math.abs(d.at - first.at) <= together);
    const changed = events
      .filter((e) => isChange(e) && e.at <= first.at + 60 && e.at >= first.at - before)
      .filter((e) => !e.kind.startsWith('package') || e.at <= first.at - installing)
      .map((e) => `${e.text.replace(/\.$/, '')}, ${formatDuration(Math.max(0, first.at - e.at))} earlier.`);
    const metrics = new Set(near.map((d) => d.metric));
    if (metrics.size < 3 && changed.length === 0) continue;
    return {
      at: first.at,
      title: first.text,
      body: { moved: near.slice(0, most).map((d) => d.text), before: changed.slice(-most).reverse() },
    };
  }
  return undefined;
}
