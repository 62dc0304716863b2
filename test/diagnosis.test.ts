// The replay tier: every scenario from the text of its reports to the diagnosis. The numbers are the goals, frozen before they are quoted.
import { describe, expect, it } from 'vitest';
import { diagnosisSchema, findingKey } from '#core/diagnosis.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { recordedScenarios } from './recorded.ts';
import { scenarios } from './scenarios/index.ts';
import { queryScenarios } from './scenarios/queries.ts';
import { judgeAnswer, play, snapshotsOf, type Played } from './scenarios/runScenario.ts';

const played: Played[] = scenarios.map((s) => play(s, {}, s.kind === 'control'));
const of = (...kinds: string[]) => played.filter((p) => kinds.includes(p.scenario.kind));
const percent = (part: readonly unknown[], whole: readonly unknown[]) => (100 * part.length) / whole.length;
const names = (list: readonly Played[]) => list.map((p) => p.scenario.name);

describe('the replay tier of the diagnosis', () => {
  it('is large enough to mean something', () => {
    expect(of('fault').length + of('confounded', 'double').length).toBeGreaterThanOrEqual(60);
    expect(of('control').length).toBeGreaterThanOrEqual(12);
    expect(of('confounded').length).toBeGreaterThanOrEqual(10);
    expect(of('double').length).toBeGreaterThanOrEqual(5);
  });

  it('names the right root with the right entity first in at least 95 % of the faults', () => {
    const faults = of('fault', 'confounded', 'double');
    const missed = faults.filter((p) => !judgeAnswer(p).top1);
    expect(percent(missed, faults), `missed: ${names(missed).join('; ')}`).toBeLessThanOrEqual(5);
  });

  it('names the class of statements that makes a database busy, by its part of what came', () => {
    for (const wanted of queryScenarios) {
      const { diagnosis } = played.find(({ scenario }) => scenario.name === wanted.name)!;
      const [root] = diagnosis.rootCauses;
      expect(root?.query, wanted.name).toMatchObject({ class: wanted.query });
      expect(root!.query!.share, wanted.name).toBeGreaterThan(0.6);
      expect(root!.explanation, wanted.name).toContain(root!.query!.because);
      expect(diagnosis.problems.find((p) => findingKey(p) === root!.key)!.evidence.at(-1)!.what).toBe(
        `share of ${wanted.query}`,
      );
    }
    const named = played.filter(({ diagnosis }) => diagnosis.rootCauses.some((root) => root.query));
    expect(named.map(({ scenario }) => scenario.name)).toEqual(queryScenarios.map(({ name }) => name));
  });

  it('is silent on every control, at every report', () => {
    const loud = of('control').filter((p) => judgeAnswer(p).false.length > 0);
    expect(loud.map((p) => `${p.scenario.name}: ${judgeAnswer(p).false.join(', ')}`)).toEqual([]);
  });

  it('tells a disk that fills without a gap between what is foreseen and what has come', () => {
    const filling = scenarios.find((s) => s.name === 'A log writer fills the root filesystem')!;
    const told = [...replaySteps(snapshotsOf(filling))].map(
      ({ findings }) => findings.find((f) => f.subject.name === '/')?.id,
    );
    const first = told.findIndex((id) => id !== undefined);
    expect(first).toBeLessThanOrEqual(filling.onset! + 4);
    expect(told[first]).toBe('disk.fill_forecast');
    const come = told.indexOf('disk.full');
    expect(told.slice(first, come).every((id) => id === 'disk.fill_forecast')).toBe(true);
    expect(told.slice(come).every((id) => id === 'disk.full')).toBe(true);
  });

  it('tells the expected hops', () => {
    const wanted = played.reduce((sum, p) => sum + judgeAnswer(p).edges, 0);
    const missing = played.flatMap((p) => judgeAnswer(p).missingEdges.map((e) => `${p.scenario.name}: ${e}`));
    expect((100 * missing.length) / wanted, missing.join('; ')).toBeLessThanOrEqual(5);
  });

  it('gives numbers for every hop, evidence for every problem, and only what the schema knows', () => {
    for (const { diagnosis, scenario } of played) {
      expect(() => diagnosisSchema.parse(diagnosis), scenario.name).not.toThrow();
      for (const problem of diagnosis.problems) {
        expect(problem.evidence.length, `${scenario.name}: ${problem.id}`).toBeGreaterThan(0);
        expect(problem.summary, `${scenario.name}: ${problem.id}`).toMatch(/[.!?]$/);
        expect(problem.summary).not.toMatch(/undefined|NaN|\[object/);
      }
      for (const root of diagnosis.rootCauses) {
        expect(root.chain[0]).toBe(root.problem);
        expect(root.explanation).not.toMatch(/undefined|NaN|\[object/);
        for (const hop of root.hops) expect(hop.because).toMatch(/^\S.*[.!?]$/);
      }
    }
  });

  it.each([
    [
      'A leak of 60 MB a minute',
      /^Without the extra 5\.\d GiB of node, available memory would be 7\d % instead of \d/,
    ],
    ['Files in /dev/shm fill the memory', /^Without the 6\.1 GiB of files in \/dev\/shm, available memory/],
    ['Reserved huge pages leave no memory', /^Without the 5 GiB of huge pages that nobody uses, available/],
    [
      'A log writer fills the root filesystem',
      /^Without the 7\.9 GiB that came in the last .+, \/ would be 79 %/,
    ],
    ['The disk fills by a deleted log', /^Without the 16 GiB in deleted files, \/ would be 57 % full/],
    [
      'A database scan saturates the disk',
      /^Without mariadbd, the disk would carry 4\.4 MiB\/s instead of 8\d MiB\/s/,
    ],
    ['A busy loop on all cores', /^Without burn, the CPU would be [\d.]+ % busy instead of \d+ %/],
  ])('says what would be without the cause: %s', (name, expected) => {
    const { diagnosis } = played.find((p) => p.scenario.name.startsWith(name))!;
    expect(diagnosis.rootCauses[0]!.counterfactual).toMatch(expected);
  });

  it('says with a number what is not the cause, and names a program as it is written', () => {
    const { ruledOut } = played.find(
      (p) => p.scenario.name === 'Files in /dev/shm fill the memory',
    )!.diagnosis;
    expect(ruledOut.map((r) => `${r.problem}: ${r.because}`)).toEqual(
      expect.arrayContaining([
        "mem.slab_leak: The kernel's own objects: 120 MiB, 1.5 % of the RAM.",
        'mem.hugepages_waste: Huge pages that nobody uses: 0 B.',
        'virt.balloon: The server has had its 8 GiB of memory all the time.',
      ]),
    );
    const all = played.flatMap((p) => p.diagnosis.ruledOut.map((r) => r.because));
    expect(all.filter((because) => /^(Nginx|Mariadbd|Sda|Eth0|Php-fpm)\b/.test(because))).toEqual([]);
    expect(all.filter((because) => /undefined|NaN/.test(because))).toEqual([]);
  });

  it('rules nothing out as the cause of what is over', () => {
    for (const { diagnosis, scenario } of played) {
      const told = new Set<string>(diagnosis.problems.map((p) => p.id));
      const over = diagnosis.ruledOut.filter((r) => !told.has(r.effect));
      expect(over, scenario.name).toEqual([]);
    }
  });

  it('never names load as a root', () => {
    expect(
      played.flatMap((p) => p.diagnosis.rootCauses).filter((r) => r.problem === 'cpu.load_high'),
    ).toEqual([]);
  });
});

describe('the recordings of the live tier', () => {
  const live = recordedScenarios().map((s) => play(s, {}, s.kind === 'control'));
  const kind = (control: boolean) => live.filter((p) => (p.scenario.kind === 'control') === control);

  it('are of at least 25 faults on a real kernel', () => {
    expect(kind(false).length).toBeGreaterThanOrEqual(25);
  });

  it('name the right root with the right entity among the first in at least 90 %, whatever else went on there', () => {
    const missed = kind(false).filter((p) => !judgeAnswer(p).top3);
    expect(percent(missed, kind(false)), `missed: ${names(missed).join('; ')}`).toBeLessThanOrEqual(10);
  });

  it('are silent where nothing is wrong', () => {
    expect(kind(true).flatMap((p) => judgeAnswer(p).false)).toEqual([]);
  });

  it('say only what the schema knows, in whole sentences', () => {
    for (const { diagnosis, scenario } of live) {
      expect(() => diagnosisSchema.parse(diagnosis), scenario.name).not.toThrow();
      for (const problem of diagnosis.problems) {
        expect(problem.summary, scenario.name).toMatch(/[.!?]$/);
        expect(problem.summary).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });
});
