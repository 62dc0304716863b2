// Why a section is missing, in a sentence for a person.
import type { SectionFailure } from '#core/report.ts';
import type { PartialSection } from '#core/snapshot.ts';

export function failureReason(
  failure: Exclude<SectionFailure, { kind: 'later' }>,
): Pick<PartialSection, 'kind' | 'reason'> {
  if (failure.kind === 'missing') {
    return { kind: 'missing', reason: `The program ${failure.what} is not installed on this server.` };
  }
  if (failure.kind === 'exit') {
    const reason =
      failure.code === 124
        ? 'The command did not end within its time limit and was stopped.'
        : `The command ended with exit code ${failure.code}.`;
    return { kind: 'failed', reason };
  }
  if (failure.what === 'cut') {
    return { kind: 'cut', reason: 'The section was longer than its bound; its end is missing.' };
  }
  if (failure.what === 'root') {
    return { kind: 'rights', reason: 'Only root may read this, and the agent runs as another user.' };
  }
  return { kind: 'rights', reason: `The agent could not read this: it needs ${failure.what.slice(0, 80)}.` };
}
