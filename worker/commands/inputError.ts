// What is wrong with what a person typed or named. The command says it in a sentence and ends with 2; any other error is the program's own.
import { EnvironmentError } from '#core/environment.ts';
import { ReportError } from '#core/report.ts';

/** A wrong use, a wrong file or a wrong line in it: the message is for the person who typed. */
export class InputError extends Error {
  override name = 'InputError';
}

/** The sentence for the person who typed; undefined for an error that is not theirs. */
export function sentenceOf(error: unknown): string | undefined {
  const theirs =
    error instanceof InputError ||
    error instanceof ReportError ||
    error instanceof EnvironmentError ||
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  return theirs ? (error as Error).message : undefined;
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** What the system said when `from` was read, for the person who named it. */
export function unreadable(from: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new InputError(`${from} cannot be read: ${reasons[code ?? ''] ?? code ?? message}.`);
}
