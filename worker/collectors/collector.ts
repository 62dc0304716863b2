// The interface of a collector: it reads one kind of section of a report, and nothing else.
import type { Facts } from '#core/facts.ts';
import type { Report, Section } from '#core/report.ts';
import type { Counter, HostEvent, Sample } from '#core/snapshot.ts';

export interface Parsed {
  facts?: Facts;
  samples?: Sample[];
  counters?: Counter[];
  events?: HostEvent[];
  /** What was understood only in part, one sentence each; the rest of the section counts. */
  partial?: string[];
}

export interface Collector {
  /**
   * The section's literal header, or a pattern when the header carries a variable part. A line `/proc/x:1` of a section
   * `grep …` counts as the section `cat /proc/x` (worker/collectors/lookup.ts).
   */
  section: string | RegExp;
  /**
   * A family of sections that make one fact together: parse is called once, with the first of them that is there, and looks
   * the others up in `report`. These are the others; `[]` when all have the one pattern.
   */
  with?: readonly (string | RegExp)[];
  /** The command ends with an exit code other than 0 as a matter of course (smartctl): no partial section then. */
  anyExit?: boolean;
  /** Pure. Throws ParseError when nothing of the section can be understood. `report` gives what other sections are needed for. */
  parse(section: Section, report: Report): Parsed;
}

/** The section is not what the collector knows; it is kept in the raw report and named as partial. */
export class ParseError extends Error {
  override name = 'ParseError';
}
