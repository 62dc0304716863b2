// Machines that are well, as they were recorded, with one section of the last report told in half: cut at its bound, or in the middle of
// a line because its command was killed. What it does not list is not gone, and half a number is none: nothing may be found.
import { expect, it } from 'vitest';
import { explain, replaySteps } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { callers } from '../otherMachines/callers/index.ts';
import { strangers } from '../otherMachines/strangers/index.ts';
import { recordedScenarios } from '../recorded.ts';
import { monitorsOf } from '../scenarios/runScenario.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { treeMachines, treesAbroad } from '../trees/round.ts';

const well = [...treeMachines, ...treesAbroad, ...callers, ...strangers, ...recordedScenarios()].filter(
  ({ kind, texts }) => kind === 'control' && texts,
);

/** The report with the section of that number told in half. */
function halved(text: string, index: number, mark: '=!= cut' | '=!= exit 124'): string {
  const sections = text.split(/^(?==== )/m);
  const at = 1 + (index % (sections.length - 2));
  const [head = '', ...lines] = sections[at]!.trimEnd().split('\n');
  // The one word that tells a container, which has no clock of its own: without it the same report is that of another machine.
  if (head === '=== systemd-detect-virt') return text;
  const body = lines.filter((line) => !line.startsWith('=!=')).join('\n');
  const half = body.slice(0, Math.ceil(body.length / 2));
  const kept = mark === '=!= cut' ? half.slice(0, half.lastIndexOf('\n') + 1).trimEnd() : half;
  sections[at] = [head, ...(kept ? [kept] : []), mark, ''].join('\n');
  return sections.join('');
}

/** Problems above info of the newest report. */
function problems(scenario: Scenario, texts: readonly string[]): string[] {
  let previous: ReturnType<typeof readReport> | undefined;
  const snapshots = texts.map((text) => (previous = readReport(text, { previous })));
  const last = [...replaySteps(snapshots, (at) => monitorsOf(scenario, at))].at(-1)!;
  return last.findings.filter((f) => f.severity !== 'info').map((f) => `${f.id} ${f.subject.name}`);
}

it('there are enough of them', () => {
  expect(well.length).toBeGreaterThan(40);
});

it('one section told in half makes no machine ill', () => {
  const loud: string[] = [];
  for (const [i, scenario] of well.entries()) {
    const texts = scenario.texts!.slice(-3);
    const before = new Set(problems(scenario, texts));
    // Every machine gives other sections, so that all come up in the round.
    for (let n = 0; n < 4; n++) {
      const mark = n % 2 ? '=!= cut' : '=!= exit 124';
      const half = halved(texts.at(-1)!, 23 * n + i, mark);
      for (const found of problems(scenario, [...texts.slice(0, -1), half]))
        if (!before.has(found)) loud.push(`${scenario.name}: ${found} (${mark}, section ${23 * n + i})`);
    }
  }
  expect(loud).toEqual([]);
}, 120_000);

it('nor does it alone, in a report that nothing came before', () => {
  const loud: string[] = [];
  for (const [i, scenario] of well.entries()) {
    const text = scenario.texts!.find((one) => one.includes(' rhythm=daily')) ?? scenario.texts![0]!;
    const alone = (one: string) =>
      explain([readReport(one)]).problems.flatMap(({ id, severity }) => (severity === 'info' ? [] : [id]));
    const before = new Set<string>(alone(text));
    for (let n = 0; n < 10; n++) {
      const mark = n % 2 ? '=!= cut' : '=!= exit 124';
      for (const id of alone(halved(text, 7 * n + i, mark)))
        if (!before.has(id)) loud.push(`${scenario.name}: ${id} (${mark}, section ${7 * n + i})`);
    }
  }
  expect(loud).toEqual([]);
}, 120_000);
