// The tier of other machines: systems, services and faults that the rules were not written with. The goal here is 95 %, where others may bring 90.
import { describe, expect, it } from 'vitest';
import { diagnosisSchema } from '#core/diagnosis.ts';
import { explainText } from '#worker/explainText.ts';
import { explain } from '#worker/explain.ts';
import { judgeAnswer, play, snapshotsOf } from '../scenarios/runScenario.ts';
import { otherMachines } from './index.ts';

const played = otherMachines.map((s) => play(s, {}, s.kind === 'control'));
const faults = played.filter((p) => p.scenario.kind !== 'control');

describe('other machines', () => {
  it('are many, and nearly a quarter of them are well', () => {
    expect(faults.length).toBeGreaterThanOrEqual(112);
    expect(played.length - faults.length).toBeGreaterThanOrEqual(34);
  });

  it('the right root with the right entity comes first in at least 95 % of the faults', () => {
    const missed = faults.filter((p) => !judgeAnswer(p).top1).map((p) => p.scenario.name);
    expect((100 * missed.length) / faults.length, missed.join('; ')).toBeLessThanOrEqual(5);
  });

  it('nothing is found on a machine that is well, at any of its reports', () => {
    const loud = played.flatMap((p) => judgeAnswer(p).false.map((f) => `${p.scenario.name}: ${f}`));
    expect(loud).toEqual([]);
  });

  it('the expected hops are told', () => {
    expect(played.flatMap((p) => judgeAnswer(p).missingEdges.map((e) => `${p.scenario.name}: ${e}`))).toEqual(
      [],
    );
  });

  it('every report is understood: what is left out is what the machine could not say', () => {
    const excused = /^(dmesg -r$|df -PTk \/(mnt\/projects|data\/artifacts|srv\/share)$)/;
    const partial = otherMachines.flatMap((s) =>
      [...snapshotsOf(s)].flatMap((snapshot) =>
        snapshot.partial
          .filter((p) => !(p.kind === 'missing' && p.section === 'ss -tlnup') && !excused.test(p.section))
          .map((p) => `${s.name}: ${p.section}: ${p.reason}`),
      ),
    );
    expect([...new Set(partial)]).toEqual([]);
  });

  it('the words are whole sentences, and every cause that is counted is told', () => {
    for (const { scenario, diagnosis } of played) {
      expect(() => diagnosisSchema.parse(diagnosis), scenario.name).not.toThrow();
      const text = explainText(explain(snapshotsOf(scenario)), { color: false });
      expect(text, scenario.name).not.toMatch(/undefined|NaN|\[object/);
      const told = text.match(/^(CRITICAL|WARNING|info) /gm)?.length ?? 0;
      expect(told, scenario.name).toBe(diagnosis.rootCauses.length);
    }
  });
});
