// A report becomes facts, samples, events and counters. What could not be read is named, never dropped, and never an error.
import { isHalf, splitReport, type Report, type Section } from '#core/report.ts';
import type { FactName, Facts } from '#core/facts.ts';
import type { Counter, PartialSection, Sample, Snapshot } from '#core/snapshot.ts';
import { type Collector, type Parsed, ParseError } from '#worker/collectors/collector.ts';
import { collectors } from '#worker/collectors/index.ts';
import { matches, withSingleFiles } from '#worker/collectors/lookup.ts';
import { epochOf, uptimeOf } from '#worker/collectors/reportTime.ts';
import {
  diskLatency,
  groupIo,
  linkUse,
  longerGroupCpu,
  nameUsers,
  taskLimits,
  waitingSince,
  webRequests,
} from './derive.ts';
import { completeFacts, joinFacts, keepUnlisted } from './joinFacts.ts';
import { leftOut, processTable } from './later.ts';
import { failureReason } from './partialReason.ts';
import { type CounterReading, isContinued, isSameBoot, rates } from './rates.ts';
import { notRead, sinceWhen } from './sinceWhen.ts';

/** What is needed of the report before: its counters for rates over the time between, its facts to complete a short run. */
export type Earlier = Pick<Snapshot, 'at' | 'uptime' | 'bootId' | 'counters'> &
  Partial<Pick<Snapshot, 'facts'>>;

/**
 * Reads the text of one report. Throws ReportError when it is none; everything else that is wrong becomes a row of `partial`.
 * With the report before (`previous`), rates are means over the time since then, if that is less than ten minutes.
 */
export function readReport(text: string, { previous }: { previous?: Earlier } = {}): Snapshot {
  const report = withSingleFiles(splitReport(text));
  const partial = brokenParts(report);
  const steps = plan(report, partial);
  const halves = new Set<FactName>();
  const readings = (last: boolean) =>
    steps.flatMap((step) => {
      if (step.last !== last) return [];
      const parsed = run(step, report, partial);
      if (parsed?.facts && isToldInHalf(step, report))
        for (const name of Object.keys(parsed.facts) as FactName[]) halves.add(name);
      return parsed ?? [];
    });
  const header = headerOf(report);
  const later = leftOut(
    report.sections.filter(({ failure }) => failure?.kind === 'later').map(({ name }) => name),
    previous,
  );
  const { facts, counters, events, samples } = gather(
    report,
    readings(true),
    () => readings(false).flatMap((parsed) => parsed.counters ?? []),
    previous,
    { withoutProcesses: later.some(({ section }) => section === processTable), halves },
  );
  const uptime = uptimeOf(report);
  samples.set('agent.bytes', { metric: 'agent.bytes', subject: '', value: Buffer.byteLength(text) });
  facts.agent = {
    version: header.version ?? 'unknown',
    ...(header.sha256 ? { sha256: header.sha256 } : {}),
    ...(header.euid === undefined ? {} : { euid: header.euid }),
    missing: notRead(partial, previous?.facts, {
      rhythm: header.rhythm,
      sections: report.sections.map(({ name }) => name),
    }),
    ...(later.length ? { later } : {}),
  };
  return {
    at: epochOf(report),
    ...(uptime === undefined ? {} : { uptime }),
    ...(facts.boot?.bootId ? { bootId: facts.boot.bootId } : {}),
    agent: header,
    complete: report.complete,
    facts,
    samples: [...samples.values()],
    counters,
    events,
    partial,
  };
}

function headerOf({ header }: Report): Snapshot['agent'] {
  const euid = /^\d{1,10}$/.test(header['euid'] ?? '') ? Number(header['euid']) : undefined;
  return { version: header['agent'], sha256: header['sha256'], rhythm: header['rhythm'], euid };
}

interface Step {
  collector: Collector;
  section: Section;
  /** Whether this is the newest reading of the section. */
  last: boolean;
}

/** Which collector reads which section. A family is read once; a section that nobody reads is named. */
function plan(report: Report, partial: PartialSection[]): Step[] {
  const steps: Step[] = [];
  const families = new Set<Collector>();
  const twice = new Set(report.sections.filter(({ reading }) => reading === 2).map(({ name }) => name));
  for (const section of report.sections) {
    if (section.name === 'cat /proc/uptime') continue;
    let understood = false;
    for (const collector of readersOf(section.name)) {
      understood = true;
      const empty = section.body.trim() === '' && section.failure !== undefined;
      if (empty || families.has(collector)) continue;
      if (collector.with) families.add(collector);
      steps.push({
        collector,
        section,
        last: collector.with !== undefined || section.reading === 2 || !twice.has(section.name),
      });
    }
    if (!understood && !section.failure) {
      partial.push({ section: section.name, kind: 'unread', reason: 'Rootnote does not know this section.' });
    }
  }
  return steps;
}

const byName = new Map<string, Collector[]>();

/** Headers repeat from report to report; a header with a free part (a path) is bounded in how many are remembered. */
function readersOf(name: string): Collector[] {
  let found = byName.get(name);
  if (!found) {
    found = collectors.filter(
      (collector) =>
        matches(collector.section, name) || collector.with?.some((other) => matches(other, name)),
    );
    if (byName.size > 20_000) byName.clear();
    byName.set(name, found);
  }
  return found;
}

function run({ collector, section }: Step, report: Report, partial: PartialSection[]): Parsed | undefined {
  try {
    const parsed = collector.parse(section, report);
    for (const reason of parsed.partial ?? [])
      partial.push({ section: section.name, kind: 'unread', reason });
    return parsed;
  } catch (error) {
    // A programmer's mistake in one collector must not cost the other sections: it is named like any other failure.
    const why = error instanceof ParseError ? error.message : `The reader failed (${(error as Error).name}).`;
    partial.push({ section: section.name, kind: 'unread', reason: `Not understood. ${why}` });
    return undefined;
  }
}

/** Whether any section that this step read has no end. */
function isToldInHalf({ collector, section }: Step, report: Report): boolean {
  const read = [collector.section, ...(collector.with ?? [])];
  return (
    isHalf(section) ||
    (collector.with !== undefined &&
      report.sections.some((one) => isHalf(one) && read.some((name) => matches(name, one.name))))
  );
}

function brokenParts(report: Report): PartialSection[] {
  const partial: PartialSection[] = [];
  for (const section of report.sections) {
    const { name, failure, body } = section;
    if (!failure || failure.kind === 'later') continue;
    const read = failure.kind === 'exit' && !isHalf(section) && body.trim() !== '';
    if (read && readersOf(name).some((collector) => collector.anyExit)) continue;
    partial.push({ section: name, ...failureReason(failure) });
  }
  if (report.doubled) {
    partial.push({
      section: 'report',
      kind: 'unread',
      reason:
        'Lines of this report are there twice: it was changed on its way, and what it says may be misread.',
    });
  }
  if (!report.complete) {
    const where = report.cutIn ? ` in the section “${report.cutIn}”` : '';
    partial.push({
      section: 'report',
      kind: 'cut',
      reason: `The report was cut off${where}. What came before it was read.`,
    });
  }
  return partial;
}

/**
 * Facts and samples of the newest reading, and rates from the counters: over the time since the report before, if there is one. The
 * first reading is read only when that does not tell the rates of all. Processes that were left out are those of the report before.
 */
function gather(
  report: Report,
  newest: Parsed[],
  readFirst: () => Counter[],
  previous: Earlier | undefined,
  { withoutProcesses, halves }: { withoutProcesses: boolean; halves: ReadonlySet<FactName> },
) {
  let facts = newest.reduce<Facts>((sum, piece) => (piece.facts ? joinFacts(sum, piece.facts) : sum), {});
  if (previous?.facts) {
    facts = completeFacts(
      facts,
      previous.facts,
      report.sections.flatMap((section) => (isHalf(section) ? [] : [section.name])),
    );
    const { hostname } = previous.facts.host ?? {};
    if (hostname && facts.host) facts.host.hostname ??= hostname;
    facts = keepUnlisted(facts, previous.facts, halves);
    if (withoutProcesses && previous.facts.processGroups) facts.processGroups = previous.facts.processGroups;
  }
  waitingSince(facts, previous?.facts, epochOf(report));
  nameUsers(facts, facts.users ?? previous?.facts?.users ?? []);

  const counters = newest.flatMap((parsed) => parsed.counters ?? []);
  const moment = { bootId: facts.boot?.bootId, at: epochOf(report) };
  const [begin, end] = [uptimeOf(report, 1), uptimeOf(report)];
  const now: CounterReading = { ...moment, counters, uptime: end };
  const earlier = previous && isSameBoot(previous, now) ? previous : undefined;
  sinceWhen(facts, previous?.facts, epochOf(report), (end ?? NaN) - (earlier?.uptime ?? NaN));

  const samples = new Map<string, Sample>();
  const add = (list: Iterable<Sample>) => {
    for (const sample of list) {
      if (Number.isFinite(sample.value)) samples.set(`${sample.metric} ${sample.subject}`, sample);
    }
  };
  for (const parsed of newest) if (parsed.samples) add(parsed.samples);
  if (!earlier || !isContinued(earlier, now))
    add(rates({ ...moment, counters: readFirst(), uptime: begin }, now));
  if (earlier) {
    add(rates(earlier, now));
    if (earlier.facts && !withoutProcesses)
      add(
        longerGroupCpu({ ...earlier, facts: earlier.facts }, { uptime: end, at: moment.at, facts }, samples),
      );
  }
  groupIo(facts, samples);
  add(taskLimits(facts));
  add(diskLatency(samples));
  add(linkUse([...samples.values()], facts));
  add(webRequests(samples));
  if (begin !== undefined && end !== undefined && end > begin) {
    add([{ metric: 'agent.duration', subject: '', value: end - begin }]);
  }
  return { facts, counters, samples, events: newest.flatMap((parsed) => parsed.events ?? []) };
}
