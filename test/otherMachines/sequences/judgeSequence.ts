// Plays a sequence report by report and measures the answer: what was told, when, of whom, since when, and before anything was wrong.
import { type Diagnosis, findingKey } from '#core/diagnosis.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { replaySteps, type Replay } from '#worker/judge/explain.ts';
import { isRoot, judgeAnswer, snapshotsOf, type Verdict } from '../../scenarios/runScenario.ts';
import type { SequenceScenario } from './sequence.ts';

export interface JudgedSequence {
  scenario: SequenceScenario;
  diagnosis: Diagnosis;
  verdict: Verdict;
  /** Problems above info before the onset, or at any report of a sound server. A system without support is none of a sequence. */
  loud: string[];
  /** Reports from the onset until the right root stood first; the stage before it counts (a full disk that is foreseen). */
  toRoot?: number;
  /** Reports between the beginning of the fault and the one that is told; negative: told as earlier. */
  onsetOff?: number;
  /** What should have been ruled out and was not. */
  notRuledOut: string[];
}

export function judgeSequence(scenario: SequenceScenario): JudgedSequence {
  const { kind, roots, onset = 0, step = 60 } = scenario;
  const loud = new Set<string>();
  let toRoot: number | undefined;
  let diagnosis: Diagnosis | undefined;
  let last: Replay | undefined;
  let report = 0;
  for (const replay of replaySteps(snapshotsOf(scenario))) {
    last = replay;
    diagnosis = diagnose(replay.picture, replay.findings, { recent: replay.recent });
    if (kind === 'control' || report < onset)
      for (const p of diagnosis.problems)
        if (p.severity !== 'info' && p.id !== 'sys.eol') loud.add(findingKey(p));
    const [first] = diagnosis.rootCauses;
    if (report >= onset && roots[0] && first && isRoot(first, roots[0])) toRoot ??= report - onset;
    report++;
  }
  const { picture } = last!;
  const told = diagnosis!.rootCauses.find((cause) => roots.some((root) => isRoot(cause, root)));
  const began = picture.times?.[scenario.since ?? onset];
  return {
    scenario,
    diagnosis: diagnosis!,
    verdict: judgeAnswer({ scenario, diagnosis: diagnosis!, last: last!, seen: new Map(), told: loud }),
    loud: [...loud],
    toRoot,
    onsetOff: told?.onset === undefined || began === undefined ? undefined : (told.onset - began) / step,
    notRuledOut: (scenario.ruledOut ?? []).filter((id) => !diagnosis!.ruledOut.some((r) => r.problem === id)),
  };
}
