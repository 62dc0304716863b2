// For tests: a report made of the sections that a test is about, read the way the worker reads it.
import { readReport, type Earlier } from '#worker/parse/read.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Snapshot } from '#core/snapshot.ts';

/** The clock of these reports: 2023-11-14 22:13:20 UTC. */
export const now = 1_700_000_000;

export type Sections = Record<string, string>;

/** The text of a report with these sections; a name that ends in ` #2` is a second reading. */
export function reportText(
  sections: Sections,
  header = `epoch=${now} euid=0 rhythm=daily zone=+0000`,
): string {
  const parts = Object.entries(sections).map(([name, body]) => `=== ${name}\n${body}`);
  return [`rootnote 1 agent=0.1.0 ${header}`, ...parts, '=== end'].join('\n');
}

export function read(sections: Sections, previous?: Earlier): Snapshot {
  return readReport(reportText(sections), { previous });
}

/** The value of a series, undefined when there is none. */
export function value(snapshot: Snapshot, metric: MetricName, subject = ''): number | undefined {
  return snapshot.samples.find((sample) => sample.metric === metric && sample.subject === subject)?.value;
}

/** Two readings of a file, `seconds` of uptime apart. */
export function twice(name: string, first: string, second: string, seconds = 1): Sections {
  return {
    'cat /proc/uptime': '1000.00 1900.00',
    [name]: first,
    'cat /proc/uptime #2': `${(1000 + seconds).toFixed(2)} 1901.00`,
    [`${name} #2`]: second,
  };
}

/** What the read could not understand; the wording for a person is part of the promise. */
export const complaints = ({ partial }: Snapshot) =>
  partial.map(({ section, reason }) => `${section}: ${reason}`);
