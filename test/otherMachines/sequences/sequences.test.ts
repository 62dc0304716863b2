// Sequences in which something healthy becomes ill: the cause, the way, the beginning, the delay, and silence before it.
import { describe, expect, it } from 'vitest';
import { moreSequences, sequences } from './index.ts';
import { type JudgedSequence, judgeSequence } from './judgeSequence.ts';

const judged = [...sequences, ...moreSequences].map(judgeSequence);
const ill = judged.filter(({ scenario }) => scenario.kind !== 'control' && !scenario.unknown);
const named = (list: readonly JudgedSequence[]) => list.map(({ scenario }) => scenario.name);

describe('sequences', () => {
  it('are many, some of them sound, some beyond what reports show', () => {
    expect(ill.length).toBeGreaterThanOrEqual(50);
    expect(judged.filter(({ scenario }) => scenario.kind === 'control').length).toBeGreaterThanOrEqual(11);
    expect(judged.filter(({ scenario }) => scenario.unknown).length).toBeGreaterThanOrEqual(3);
  });

  it('end with the right root and the right entity in at least 95 %, and with the expected hops', () => {
    const missed = ill.filter(({ verdict }) => !verdict.top1);
    expect((100 * missed.length) / ill.length, named(missed).join('; ')).toBeLessThanOrEqual(5);
    expect(
      ill.flatMap(({ scenario, verdict }) => verdict.missingEdges.map((e) => `${scenario.name}: ${e}`)),
    ).toEqual([]);
    expect(
      ill.flatMap(({ scenario, notRuledOut }) => notRuledOut.map((id) => `${scenario.name}: ${id}`)),
    ).toEqual([]);
  });

  it('are told in time in at least 95 %', () => {
    const late = ill.filter(({ scenario, toRoot }) => (toRoot ?? Infinity) >= (scenario.within ?? 5));
    expect((100 * late.length) / ill.length, named(late).join('; ')).toBeLessThanOrEqual(5);
  });

  it('are told to have begun when they did, within two reports, in at least 95 %', () => {
    const off = ill.filter(({ onsetOff = Infinity }) => Math.abs(onsetOff) > 2.05);
    expect(
      (100 * off.length) / ill.length,
      off.map((j) => `${j.scenario.name}: ${j.onsetOff}`).join('; '),
    ).toBeLessThanOrEqual(5);
  });

  it('say that the cause is unknown where no report shows it, and name the symptom', () => {
    const unknown = judged.filter(({ scenario }) => scenario.unknown);
    expect(unknown.map(({ diagnosis }) => diagnosis.verdict)).toEqual(unknown.map(() => 'unknown'));
    expect(named(unknown.filter(({ verdict }) => !verdict.top1))).toEqual([]);
  });

  it('are silent before anything is wrong, and throughout where nothing is', () => {
    expect(judged.flatMap(({ scenario, loud }) => loud.map((key) => `${scenario.name}: ${key}`))).toEqual([]);
  });
});
