// Does every rule fire on a report that the real agent sends? Four proofs, and a rule needs one of them: the agent's own words on a
// machine full of faults, or over a course of time; a recording of a live fault; a scenario, whose sections must be the agent's own.
import { beforeAll, describe, expect, it } from 'vitest';
import { splitReport } from '#core/report.ts';
import { ruleCatalogue, type RuleId } from '#core/ruleCatalogue.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { uncollectable } from '#core/uncollectable.ts';
import { withSingleFiles } from '#worker/collectors/lookup.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { recordedScenarios } from '../recorded.ts';
import { scenarios } from '../scenarios/index.ts';
import { snapshotsOf } from '../scenarios/runScenario.ts';
import { reportsOf, type Scenario } from '../scenarios/scenario.ts';
import { epoch, expected, machine } from './machine.ts';
import { atMinute, courses } from './overTime.ts';
import { reportOf } from './stage.ts';
import { otherMachines } from '../otherMachines/index.ts';
import { machineRoom } from '../otherMachines/machineRoom/index.ts';
import { strangers } from '../otherMachines/strangers/index.ts';
import { visitors } from '../otherMachines/visitors/index.ts';

/** Rules that look at the server from outside: what they see are results of probes, whose own tests make the faults. */
const fromOutside: RuleId[] = [
  'agent.silent',
  'dns.domain_expiry',
  'dns.ptr_mail',
  'dns.unresolved',
  'net.ipv6_broken',
  'net.latency',
  'net.unreachable',
  'sec.port_exposed',
  'svc.check_failed',
  'tls.chain',
  'tls.name_mismatch',
  'tls.revoked',
  'tls.weak',
];

const runs = [
  [0, 'daily'],
  [60, 'daily'],
  [120, 'minute'],
  [180, 'minute'],
  [240, 'minute'],
  [300, 'minute'],
] as const;

function texts(ill: boolean): string[] {
  return runs.map(([seconds, rhythm]) => {
    const { files, programs } = machine(seconds, ill && seconds > 0);
    return reportOf(files, programs, epoch + seconds, rhythm);
  });
}

function read(list: Iterable<string>): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const text of list) snapshots.push(readReport(text, { previous: snapshots.at(-1) }));
  return snapshots;
}

const keysAtEnd = (snapshots: Snapshot[]) =>
  [...replaySteps(snapshots)].at(-1)!.findings.map((f) => `${f.id} ${f.subject.name}`);

/** A header without what differs from machine to machine. */
const sectionNames = (text: string) =>
  withSingleFiles(splitReport(text)).sections.map(({ name }) =>
    name
      .replace(/[\w.-]+\.(service|scope|slice)(?=\/)/g, 'UNIT')
      .replace(/\/dev\/(sd[a-z]+|nvme\w+)/g, '/dev/DISK')
      .replace(/\d+/g, 'N'),
  );

let well: string[];
let ill: string[];

beforeAll(() => {
  well = texts(false);
  ill = texts(true);
}, 180_000);

describe('the real agent', () => {
  it('on a machine where nothing is wrong: nothing is found, and everything is understood', () => {
    const snapshots = read(well);
    const steps = [...replaySteps(snapshots)].flatMap((s) =>
      s.findings.map((f) => `${f.id} ${f.subject.name}`),
    );
    expect(steps).toEqual([]);
    expect(snapshots.flatMap((s) => s.partial)).toEqual([]);
  });

  it('on a machine full of faults: each is found, and is still there after minutes that ask for less', () => {
    const snapshots = read(ill);
    const found = keysAtEnd(snapshots);
    const missing = expected.filter(
      ([id, subject]) => !found.some((key) => key.startsWith(`${id} ${subject}`)),
    );
    expect(missing).toEqual([]);
    expect(snapshots.flatMap((s) => s.partial)).toEqual([]);
  });

  it.each(courses)('over time: $rule', ({ rule, subject, minutes, every = 1, change }) => {
    const base = well[1]!;
    const times = Array.from({ length: minutes / every }, (_, i) => i * every);
    const course = (fault: boolean) =>
      keysAtEnd(read(times.map((i) => change(atMinute(base, i), fault ? i : 0))));
    expect(course(true)).toContain(`${rule} ${subject}`);
    // The same course without the fault is silent about it.
    expect(course(false)).not.toContain(`${rule} ${subject}`);
  });
});

it('scenarios, and the machines of others, are made of sections that the agent prints', () => {
  const known = new Set([...well, ...ill].flatMap(sectionNames));
  const foreign = (all: readonly Scenario[]) => [
    ...new Set(
      all.flatMap((s) =>
        [...reportsOf(s)].flatMap((text) => sectionNames(text).filter((name) => !known.has(name))),
      ),
    ),
  ];
  expect(foreign(scenarios)).toEqual([]);
  // What depends on the machine: its files, its clock and containers, and the tools of its devices and filesystems.
  const own =
    /^(cat|grep -r \.) \/(sys|proc|etc)|^df -PTk \/|^(perccli\w*|storcli\w*|upsc|btrfs|ssacli|podman|busybox) /;
  const written = [...otherMachines, ...strangers, ...visitors, ...machineRoom].filter(
    ({ name }) => !name.startsWith('live: '),
  );
  expect(foreign(written).filter((name) => !own.test(name))).toEqual([]);
});

it('every rule fires on a report that the agent can send, or needs a look from outside', () => {
  const proven = new Set<string>([...expected.map(([id]) => id), ...courses.map(({ rule }) => rule)]);
  for (const scenario of [...scenarios, ...recordedScenarios()]) {
    const watched = scenario.watched ?? (() => scenario.monitors ?? []);
    for (const step of replaySteps(snapshotsOf(scenario), watched))
      for (const { id } of step.findings) proven.add(id);
  }
  const all = (Object.keys(ruleCatalogue) as RuleId[]).filter((id) => !(id in uncollectable));
  expect(all.filter((id) => !proven.has(id) && !fromOutside.includes(id))).toEqual([]);
  expect(fromOutside.filter((id) => proven.has(id))).toEqual([]);
}, 120_000);
