// Of a crowd of processes or sockets the agent reads some tables each fifth minute only, and at once when something is wrong. What they
// said counts until they are read again: no finding comes or goes because a table was left out.
import type { Facts } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { PartialSection } from '#core/snapshot.ts';
import { matches } from '#worker/collectors/lookup.ts';

export const processTable = 'cat /proc/[0-9]*/stat';

/** Tables that may be left out, and the series that are read from them. */
const tables: [section: string, metrics: RegExp][] = [
  [processTable, /^proc\.(count|zombies|uninterruptible|group\.\w+)$/],
  ['ss -Htan', /^net\.port\.connections$/],
];
/** Seconds; three times as long as the agent leaves a table out. What is older is not known any more. */
const longest = 900;

type Later = NonNullable<NonNullable<Facts['agent']>['later']>;

/** What the newest report left out, with when that was read last; `previous` is the report before. */
export function leftOut(
  sections: readonly string[],
  previous: { at: number; uptime?: number; facts?: Facts } | undefined,
): Later {
  return tables.flatMap(([section]) => {
    if (!sections.includes(section)) return [];
    const known = previous?.facts?.agent?.later?.find((one) => one.section === section);
    return [known ?? { section, at: previous?.at, uptime: previous?.uptime }];
  });
}

export function isLeftOut(section: string, { agent }: Facts): boolean {
  return agent?.later?.some((one) => one.section === section) ?? false;
}

/** Whether a section has no end in the newest report, because of its bound or its time limit: what it does not list may be there. */
export function isToldInHalf(
  { partial }: { partial: readonly PartialSection[] },
  section: string | RegExp,
): boolean {
  return partial.some(
    ({ section: name, kind }) => (kind === 'cut' || kind === 'failed') && matches(section, name),
  );
}

/** Epoch seconds from which on a point of a series is the newest that there can be: the newest report's, `at`, or its table's. */
export function readAt(metric: MetricName, at: number, { agent }: Facts): number {
  const later = agent?.later;
  if (!later?.length) return at;
  const section = tables.find(([, metrics]) => metrics.test(metric))?.[0];
  const read = later.find((one) => one.section === section)?.at;
  // The time of a report may be told to the second here and to the millisecond there.
  return read !== undefined && at - read <= longest ? Math.min(at, read - 1) : at;
}
