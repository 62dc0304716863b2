// npm run bench:diagnosis   The replay tier of the diagnosis beside naive baselines: who names the right root with the right entity.
// Every miss is listed with its class. Thresholds are those of the commit that it runs on; nothing is tuned here.
import type { Diagnosis, Finding } from '#core/diagnosis.ts';
import { severityRank } from '#core/severity.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import type { GraphOptions } from '#worker/diagnose/graph.ts';
import { movedTogether } from '#worker/diagnose/movedTogether.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import type { CaseScenario } from '../test/otherMachines/case.ts';
import { otherMachines } from '../test/otherMachines/index.ts';
import { machineRoom } from '../test/otherMachines/machineRoom/index.ts';
import { boarders } from '../test/otherMachines/boarders/index.ts';
import { callers } from '../test/otherMachines/callers/index.ts';
import { lodgers } from '../test/otherMachines/lodgers/index.ts';
import { strangers } from '../test/otherMachines/strangers/index.ts';
import { moreSequences, sequences } from '../test/otherMachines/sequences/index.ts';
import { laterTravellers, travellers } from '../test/otherMachines/travellers/index.ts';
import { visitors } from '../test/otherMachines/visitors/index.ts';
import { recordedScenarios } from '../test/recorded.ts';
import { scenarios } from '../test/scenarios/index.ts';
import { askedOf } from './askedOf.ts';
import { crowdCost, detectorCost, learningCost } from './costs.ts';
import { quietServers } from './quiet/servers.ts';
import { quietWeeks } from './quiet/weeks.ts';
import { treeMachines, treesAbroad, treesElsewhere, treesOfThirds } from '../test/trees/round.ts';
import { isRoot, judgeAnswer, play, type Played } from '../test/scenarios/runScenario.ts';

askedOf(import.meta);

const kinds = ['fault', 'confounded', 'double', 'control'] as const;

/** What a naive method names first: an id and an entity's name. */
type Naive = (played: Played) => { problem: string; subject: { name: string } }[];

const firstAlert: Naive = ({ seen }) =>
  [...seen.values()]
    .sort((a, b) => a.report - b.report || a.finding.since - b.finding.since)
    .map((s) => named(s.finding));

const highestSeverity: Naive = ({ last }) =>
  last.findings
    .filter((f) => f.severity !== 'info')
    .toSorted(
      (a, b) =>
        severityRank[a.severity] - severityRank[b.severity] ||
        b.confidence - a.confidence ||
        a.since - b.since,
    )
    .map(named);

/** The finding whose own evidence belongs to the series that moved most. */
const largestZ: Naive = ({ last, scenario }) => {
  const step = scenario.step ?? 60;
  const moved = movedTogether(last.picture, last.picture.from + (scenario.onset ?? 0) * step);
  const order = (f: Finding) => {
    const i = moved.findIndex((m) =>
      f.evidence.some(
        (e) =>
          m.what.includes(f.subject.name) ||
          (e.source && m.what.toLowerCase().includes(e.what.toLowerCase())),
      ),
    );
    return i < 0 ? 99 : i;
  };
  return last.findings
    .filter((f) => f.severity !== 'info')
    .toSorted((a, b) => order(a) - order(b))
    .map(named);
};

const graph =
  (options: GraphOptions): Naive =>
  ({ last }) =>
    diagnose(last.picture, last.findings, { ...options, recent: last.recent }).rootCauses;

function named(f: Finding): { problem: string; subject: { name: string } } {
  return { problem: f.id, subject: f.subject };
}

/** Whether the expected roots are the first that a method names. */
function hits({ scenario }: Played, answers: { problem: string; subject: { name: string } }[]): boolean {
  return scenario.roots.every((r) => answers.slice(0, scenario.roots.length).some((a) => isRoot(a, r)));
}

/** Why an answer is wrong, by what is missing along the way. */
function classOf({ scenario, last, diagnosis }: Played): string {
  const wanted = scenario.roots.filter(
    (r) => !diagnosis.rootCauses.slice(0, scenario.roots.length).some((c) => isRoot(c, r)),
  );
  const ids = wanted.flatMap((r) => (typeof r.problem === 'string' ? [r.problem] : [...r.problem]));
  if (!last.findings.some((f) => ids.includes(f.id))) return 'rule silent';
  if (diagnosis.rootCauses.some((c) => wanted.some((r) => isRoot(c, r)))) return 'ranking';
  if (diagnosis.rootCauses.some((c) => ids.includes(c.problem))) return 'wrong entity';
  return 'wrong edge';
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '   –' : `${((100 * part) / whole).toFixed(0).padStart(3)}%`;
}

function median(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length ? String(sorted[Math.floor(sorted.length / 2)]) : '–';
}

const all = [...scenarios, ...recordedScenarios()];
const played = all.map((s) => play(s));
const faults = played.filter((p) => p.scenario.kind !== 'control');
const controls = played.filter((p) => p.scenario.kind === 'control');

console.log(
  `${all.length} scenarios (${all.length - scenarios.length} recorded on a real kernel): ${kinds.map((k) => `${played.filter((p) => p.scenario.kind === k).length} ${k}`).join(', ')}\n`,
);
console.log('right root with right entity first             all  fault confounded double');
const columns: [string, Naive][] = [
  ['Rootnote', ({ diagnosis }) => diagnosis.rootCauses],
  ['first alert', firstAlert],
  ['highest severity', highestSeverity],
  ['largest robust z', largestZ],
  ['graph without time order', graph({ timeOrder: false })],
  ['graph without entity match', graph({ matchEntities: false })],
];
for (const [name, method] of columns) {
  const right = (list: Played[]) => list.filter((p) => hits(p, method(p))).length;
  const cells = [
    faults,
    ...['fault', 'confounded', 'double'].map((k) => faults.filter((p) => p.scenario.kind === k)),
  ];
  console.log(`  ${name.padEnd(42)} ${cells.map((c) => percent(right(c), c.length).padStart(6)).join(' ')}`);
}

const verdicts = played.map((p) => ({ p, v: judgeAnswer(p) }));
const edges = verdicts.reduce((sum, { v }) => sum + v.edges, 0);
const missing = verdicts.reduce((sum, { v }) => sum + v.missingEdges.length, 0);
const topThree = verdicts.filter(({ p, v }) => p.scenario.kind !== 'control' && v.top3).length;
console.log(`\n  among the first three                      ${percent(topThree, faults.length)}`);
console.log(
  `  abstained ("unknown")                      ${percent(verdicts.filter(({ p, v }) => p.scenario.kind !== 'control' && v.abstained).length, faults.length)}`,
);
console.log(
  `  expected hops told                         ${percent(edges - missing, edges)}   (${edges - missing} of ${edges})`,
);
console.log(
  `  false incidents on controls                ${verdicts.filter(({ v }) => v.false.length > 0).length} of ${controls.length}`,
);
console.log(
  `  reports after the onset until something was found: median ${median(faults.flatMap((p) => p.toDetect ?? []))}, until the right root: median ${median(faults.flatMap((p) => p.toRoot ?? []))}`,
);

/** What is so or is not so, as opposed to what is measured: these need no second look. */
const states =
  /^(raid|smart|nvme|tls|sec|hw|ups|sys)\.|^(disk\.(readonly|fs_errors|errors|mount_missing)|svc\.unit_failed|mem\.(cgroup_)?oom)/;
const ofStates = (wanted: boolean) =>
  faults.filter(
    ({ scenario: { roots } }) =>
      roots.slice(0, 1).every((r) => [r.problem].flat().every((id) => states.test(id))) === wanted,
  );
const inTime = (list: Played[], most: number, count: (p: Played) => number) =>
  percent(list.filter((p) => count(p) < most).length, list.length);
const told = ({ toRoot = Infinity }: Played) => toRoot;
/** Reports that the answer came after the first value beyond a bound; below 0 when it came before, or none was beyond one at all. */
const waited = ({ toRoot = Infinity, toBound = Infinity }: Played) =>
  toRoot === Infinity ? Infinity : toRoot - toBound;
const [stateFaults, gaugeFaults] = [ofStates(true), ofStates(false)];
console.log(`
  In time: the right root stands first within 1 report (state) or 5 reports (gauge) of the first report in which one look at any value
  of the fault, or of what the fault does, is beyond its bound, or before that. Beside it: counted from the moment of the fault,
  when of what grows slowly nothing is to be seen yet.
                                              in time   from the fault
  states, ${String(stateFaults.length).padStart(3)}                                     ${inTime(stateFaults, 1, waited)}             ${inTime(stateFaults, 1, told)}
  gauges, ${String(gaugeFaults.length).padStart(3)}                                     ${inTime(gaugeFaults, 5, waited)}             ${inTime(gaugeFaults, 5, told)}`);
const foretold = gaugeFaults.filter((p) => waited(p) < 0);
const leads = foretold.map((p) => -waited(p)).filter(Number.isFinite);
console.log(
  `    of them foretold, with nothing beyond a bound yet: ${foretold.length}; ${leads.length} came to it ${Math.min(...leads)} to ${Math.max(...leads)} reports later (median ${median(leads)})`,
);
const quiet = quietServers.map((server, i) => quietWeeks(server, i + 1, 1, 300));
console.log(
  `  false incidents a server-week, quiet data  ${(quiet.reduce((sum, { incidents }) => sum + incidents.length, 0) / quiet.length).toFixed(2).padStart(4)}   (${quiet.length} kinds of servers; \`npm run bench:quiet\` lists them)`,
);
console.log(
  `  learning, 400 series                       ${learningCost().toFixed(2)} ms CPU a server and minute`,
);
console.log(`  detector                                   ${detectorCost().toFixed(2)} µs CPU a point`);

const busiest = played.reduce((a, b) => (b.last.picture.reports > a.last.picture.reports ? b : a));
const { picture, recent } = busiest.last;
const rounds = 50;
const before = process.cpuUsage();
let answer: Diagnosis | undefined;
for (let i = 0; i < rounds; i++) answer = diagnose(picture, findProblems(picture), { recent });
const spent = process.cpuUsage(before);
console.log(
  `  CPU of one diagnosis (${picture.reports} reports in the picture, ${answer!.problems.length} problems): ${((spent.user + spent.system) / 1000 / rounds).toFixed(2)} ms`,
);

const crowded = crowdCost();
console.log(
  `    with 500 programs, 200 mounts, 100 containers, ${crowded.problems} problems: rules ${crowded.rules.toFixed(2)} ms, causes ${crowded.causes.toFixed(2)} ms`,
);

const asJudged = (s: CaseScenario) => {
  const p = play(s, {}, s.kind === 'control');
  return { s, p, v: judgeAnswer(p) };
};
const judged = [
  ['Machines of others, written before the product saw them', otherMachines.map(asJudged)],
  ['The blind round, written by somebody who had not read the rules', strangers.map(asJudged)],
  ['The second blind round, its network and services', visitors.map(asJudged)],
  ['The second blind round, its machine room', machineRoom.map(asJudged)],
  ['Machines as trees, read by the real agent', treeMachines.map(asJudged)],
  ['Trees of other lands, systems and versions', treesAbroad.map(asJudged)],
  ['Trees of ordinary troubles, on systems old and new', treesElsewhere.map(asJudged)],
  ['Trees of every third problem of the catalogue', treesOfThirds.map(asJudged)],
  ['The round of travellers', travellers.map(asJudged)],
  ['Travellers that came after it', laterTravellers.map(asJudged)],
  ['The live round of callers', callers.map(asJudged)],
  ['The live round of lodgers', lodgers.map(asJudged)],
  ['The live round of boarders', boarders.map(asJudged)],
  ['Sequences in which something healthy becomes ill', sequences.map(asJudged)],
  ['Sequences that came after these', moreSequences.map(asJudged)],
] as const;
for (const [title, round] of judged) {
  const ill = round.filter(({ s }) => s.kind !== 'control');
  const fine = round.filter(({ s }) => s.kind === 'control');
  const knownAtOnce = (list: readonly { s: CaseScenario }[]) =>
    list.filter(({ s }) => s.atFirst === undefined).length;
  const first = new Map<string, number>();
  for (const { s } of round) if (s.atFirst) first.set(s.atFirst, (first.get(s.atFirst) ?? 0) + 1);
  console.log(
    `\n${title}: ${ill.length} faults, ${fine.length} controls\n` +
      '                                            at first   now\n' +
      `  right root with right entity first         ${percent(knownAtOnce(ill), ill.length)}      ${percent(ill.filter(({ v }) => v.top1).length, ill.length)}\n` +
      `  among the first three                                ${percent(ill.filter(({ v }) => v.top3).length, ill.length)}\n` +
      `  controls that stay silent                  ${percent(knownAtOnce(fine), fine.length)}      ${percent(fine.filter(({ v }) => v.false.length === 0).length, fine.length)}\n` +
      `  what was wrong at first: ${[...first].map(([why, n]) => `${why} ${n}`).join(', ')}`,
  );
}
const others = judged.flatMap(([, round]) => round);

const misses = [...verdicts, ...others].filter(({ p, v }) =>
  p.scenario.kind === 'control' ? v.false.length > 0 : !v.top1 || v.missingEdges.length > 0,
);
const late = [
  ...stateFaults.filter((p) => told(p) > 0).map((p) => ({ p, most: 1 })),
  ...gaugeFaults.filter((p) => told(p) > 4).map((p) => ({ p, most: 5 })),
];
/** Why an answer came more than so many reports after its fault, as its own data say. */
function whyLate(p: Played, most: number): string {
  if (told(p) === Infinity) return 'never told';
  if (waited(p) === -Infinity) return 'foretold; nothing came beyond a bound before the end';
  if (waited(p) < 0) return `foretold; the value itself came ${-waited(p)} reports later`;
  if (waited(p) < most) return `the value itself came at report ${p.toBound! + 1}`;
  return `LATE, ${waited(p) + 1} reports from the first value beyond a bound on`;
}
console.log('\nAfter more reports than 1 or 5 from the fault on: at which, and why');
for (const { p, most } of late)
  console.log(`  ${String(told(p) + 1).padStart(4)}  ${p.scenario.name}: ${whyLate(p, most)}`);
console.log(`\nMisses: ${misses.length === 0 ? 'none' : ''}`);
for (const { p, v } of misses) {
  const why = p.scenario.kind === 'control' ? 'false alarm' : v.top1 ? 'hop not told' : classOf(p);
  console.log(
    `  [${why}] ${p.scenario.name}: ${
      v.false.join(', ') ||
      v.missingEdges.join(', ') ||
      p.diagnosis.rootCauses
        .slice(0, 3)
        .map((r) => `${r.problem} ${r.subject.name}`)
        .join(', ')
    }`,
  );
}
