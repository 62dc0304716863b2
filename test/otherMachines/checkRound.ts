// What holds for each round of machines of others. The goal here is 95 %, where others may bring 90.
import { describe, expect, it } from 'vitest';
import { diagnosisSchema } from '#core/diagnosis.ts';
import { explainText } from '#worker/commands/explainText.ts';
import { explain } from '#worker/judge/explain.ts';
import { isRoot, judgeAnswer, play, snapshotsOf } from '../scenarios/runScenario.ts';
import type { CaseScenario } from './case.ts';

interface Round {
  faults: number;
  controls: number;
  /** Sections that a machine of this round cannot say. */
  excused: RegExp;
}

export function checkRound(
  name: string,
  cases: readonly CaseScenario[],
  { faults: atLeast, controls, excused }: Round,
): void {
  const played = cases.map((s) => play(s, {}, s.kind === 'control'));
  const faults = played.filter((p) => p.scenario.kind !== 'control');

  describe(name, () => {
    it('are many, and nearly a quarter of them are well', () => {
      expect(faults.length).toBeGreaterThanOrEqual(atLeast);
      expect(played.length - faults.length).toBeGreaterThanOrEqual(controls);
    });

    it('the right root with the right entity comes first in at least 95 % of the faults', () => {
      const missed = faults.filter((p) => !judgeAnswer(p).top1).map((p) => p.scenario.name);
      expect((100 * missed.length) / faults.length, missed.join('; ')).toBeLessThanOrEqual(5);
    });

    it('nothing is found on a machine that is well, at any of its reports', () => {
      const loud = played.flatMap((p) => judgeAnswer(p).false.map((f) => `${p.scenario.name}: ${f}`));
      expect(loud).toEqual([]);
    });

    it('what is worth a note is noted', () => {
      const unnoted = played.flatMap(({ scenario, diagnosis }) =>
        (scenario.notes ?? [])
          .filter((n) => !diagnosis.problems.some((p) => isRoot({ problem: p.id, subject: p.subject }, n)))
          .map((n) => `${scenario.name}: ${String(n.problem)}`),
      );
      expect(unnoted).toEqual([]);
    });

    it('the expected hops are told', () => {
      const untold = played.flatMap((p) =>
        judgeAnswer(p).missingEdges.map((e) => `${p.scenario.name}: ${e}`),
      );
      expect(untold).toEqual([]);
    });

    it('every report is understood: what is left out is what the machine could not say', () => {
      const partial = cases.flatMap((s) =>
        [...snapshotsOf(s)].flatMap((snapshot) =>
          snapshot.partial
            .filter((p) => !(p.kind === 'missing' && p.section === 'ss -tlnup') && !excused.test(p.section))
            .map((p) => `${s.name}: ${p.section}: ${p.reason}`),
        ),
      );
      expect([...new Set(partial)]).toEqual([]);
      // Each is read once more, as below.
    }, 120_000);

    it('the words are whole sentences, and every cause that is counted is told', () => {
      for (const { scenario, diagnosis } of played) {
        expect(() => diagnosisSchema.parse(diagnosis), scenario.name).not.toThrow();
        const text = explainText(explain(snapshotsOf(scenario)), { color: false });
        expect(text, scenario.name).not.toMatch(/undefined|NaN|\[object/);
        // What monitors saw, reports alone do not tell.
        if (scenario.watched?.(Infinity).length) continue;
        const told = text.match(/^(CRITICAL|WARNING|info) /gm)?.length ?? 0;
        expect(told, scenario.name).toBe(diagnosis.rootCauses.length);
      }
      // Each is played once more; many seconds where the machine has other work.
    }, 120_000);
  });
}
