// What moved at the same time as a symptom that nothing explains. A ranking, no proof: it never names a cause.
import type { Diagnosis } from '#core/diagnosis.ts';
import { formatDuration, formatValue } from '#core/format.ts';
import { metric, metrics, type MetricName } from '#core/metrics.ts';
import { quantile, within } from '#worker/rules/series.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { isChange } from './changesBefore.ts';

const most = 8;
/** Robust z from which on a series is named (OWN). */
const leastDeparture = 4;
const day = 86_400;

/**
 * Series by robust z against the 24 h before the onset (median; scale = distance of the 95th percentile plus a small floor), and
 * changes of the two hours before. Empty with fewer than five reports: then nobody knows what is usual.
 */
export function movedTogether(picture: Picture, since: number): Diagnosis['movedTogether'] {
  const moved: Diagnosis['movedTogether'] = [];
  // Of a change that was made several times (a package in and out and in again) the last one counts.
  const changes = new Map<string, number>();
  for (const event of picture.events) {
    if (isChange(event) && event.at <= since + 120 && event.at >= since - 7200)
      changes.set(event.text, Math.max(event.at, changes.get(event.text) ?? event.at));
  }
  for (const [text, at] of changes)
    moved.push({ what: `${text} (${formatDuration(Math.max(0, since - at))} before)`, score: 10 });
  for (const name of Object.keys(metrics) as MetricName[]) {
    const { group, unit, label } = metric(name);
    if (group === 'agent' || name.startsWith('cpu.load')) continue;
    const said = new Map<string, string>();
    for (const subject of picture.subjects(name).toSorted()) {
      const extent = picture.extent(name, subject);
      if (!extent || isStill(extent, unit)) continue;
      const points = picture.series(name, subject);
      const before = within(points, since - day, since - 1).map((p) => p[1]);
      const after = within(points, since, picture.at).map((p) => p[1]);
      if (before.length < 5 || after.length === 0) continue;
      const centre = quantile(before, 0.5)!;
      const spread = quantile(
        before.map((v) => Math.abs(v - centre)),
        0.95,
      )!;
      const now = quantile(after, 0.5)!;
      const z = Math.abs(now - centre) / (spread + floor(unit, centre));
      if (z < leastDeparture) continue;
      const how = `${formatValue(centre, unit)} before, ${formatValue(now, unit)} now`;
      // A control group that holds nothing but one other would say the same twice.
      said.set(subject, how);
      if (subject.includes('/') && said.get(subject.replace(/\/[^/]*$/, '')) === how) continue;
      moved.push({
        what: `${label}${subject ? ` of ${subject}` : ''}: ${how}`,
        score: Math.round(z * 10) / 10,
      });
    }
  }
  return moved.sort((a, b) => b.score - a.score || a.what.localeCompare(b.what)).slice(0, most);
}

/** Whether no two values of a series are far enough apart: so it is with most, and that is cheap to see. */
function isStill([least, most]: readonly [number, number], unit: string): boolean {
  const nearest = least > 0 ? least : most < 0 ? most : 0;
  return most - least < leastDeparture * floor(unit, nearest);
}

/** The least change that matters in a unit, so that a constant series does not win by its first flicker. */
function floor(unit: string, centre: number): number {
  const least: Record<string, number> = {
    percent: 1,
    bytes: 16 * 1024 ** 2,
    'bytes/s': 64 * 1024,
    ms: 2,
    '/s': 1,
    'pages/s': 10,
    'packets/s': 20,
    count: 1,
  };
  return (least[unit] ?? 0.5) + 0.02 * Math.abs(centre);
}
