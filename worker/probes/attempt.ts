// One run of a probe while it happens: phases, transcript, details, and how a failure becomes a result.
import type { Phase, ProbeCode, ProbeKind, ProbeResult } from '#core/probes.ts';
import { plain } from './escapes.ts';
import { grades } from './grades.ts';

const transcriptBytes = 8192;
const lineLength = 600;
const summaryLength = 1000;
const secretQuery = /([?&][^=&\s]*(?:pass|pwd|secret|token|key|auth|sig|session|code)[^=&\s]*=)[^&\s#]+/gi;

/** An expected failure inside a probe. `conduct` turns it into a result, so it never leaves the probe. */
export class ProbeFailure extends Error {
  readonly code: ProbeCode;
  constructor(code: ProbeCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** How a probe ended. `summary` is one sentence with the numbers. */
export interface Verdict {
  code: ProbeCode;
  summary: string;
  /** What the probe measured, where that is not how long it took (the mean of several echo requests). */
  ms?: number;
}

export class Attempt {
  readonly phases: Phase[] = [];
  readonly details: Record<string, unknown> = {};
  readonly transcript: string[] = [];
  private room = transcriptBytes;
  private readonly secrets: string[] = [];

  /** From now on this text is never written into the transcript. */
  hide(secret: string | undefined): void {
    if (secret) this.secrets.push(secret);
  }

  /** Replaces secrets, and the values of telling query parameters, with three asterisks. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.secrets) masked = masked.replaceAll(secret, '***');
    return masked.includes('=') ? masked.replace(secretQuery, '$1***') : masked;
  }

  /** One line of the transcript: '> ' sent, '< ' received, '* ' what happened. Keeps within 8 kB in all. */
  note(line: string): void {
    if (this.room <= 0) return;
    const masked = plain(this.mask(line));
    const cut = masked.length > lineLength ? `${masked.slice(0, lineLength)}…` : masked;
    const size = Buffer.byteLength(cut) + 1;
    if (size > this.room - 24) {
      this.transcript.push('* (transcript cut)');
      this.room = 0;
      return;
    }
    this.room -= size;
    this.transcript.push(cut);
  }

  /** Ends a phase that began at `since` (performance.now()) and returns the time of its end. */
  phase(name: Phase['name'], since: number): number {
    const now = performance.now();
    this.phases.push({ name, ms: round(now - since) });
    return now;
  }
}

/** Runs the work of one probe; whatever happens comes back as a result. */
export async function conduct(
  kind: ProbeKind,
  target: string,
  work: (attempt: Attempt) => Promise<Verdict>,
): Promise<ProbeResult> {
  const attempt = new Attempt();
  const started = performance.now();
  let verdict: Verdict;
  try {
    verdict = await work(attempt);
  } catch (error) {
    verdict = asVerdict(error);
  }
  const grade = grades[verdict.code];
  if (grade !== 'up') attempt.note(`* ${verdict.code}: ${verdict.summary}`);
  return {
    kind,
    target,
    ok: grade === 'up',
    code: verdict.code,
    ...(grade === 'degraded' ? { degraded: true } : {}),
    summary: plain(attempt.mask(verdict.summary)).slice(0, summaryLength),
    ms: round(verdict.ms ?? performance.now() - started),
    phases: attempt.phases,
    details: attempt.details,
    transcript: attempt.transcript,
  };
}

function asVerdict(error: unknown): Verdict {
  if (error instanceof ProbeFailure) return { code: error.code, summary: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'prober-error', summary: `The probe itself failed: ${message}` };
}

/**
 * Waits for one step of a probe. When the signal fires first, `stop` (what `start` returned) is called and the promise
 * rejects with the code and sentence that belong to this step.
 */
export function within<T>(
  signal: AbortSignal,
  code: ProbeCode,
  sentence: string | (() => string),
  start: (done: (value: T) => void, fail: (error: Error) => void) => (() => void) | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let stop: (() => void) | undefined = undefined;
    const onAbort = (): void => {
      // `stop` may still settle the promise with what it has so far; then the rejection does nothing.
      stop?.();
      const words = typeof sentence === 'string' ? sentence : sentence();
      reject(timedOut(signal) ? new ProbeFailure(code, words) : stopped());
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort);
    stop = start(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

function timedOut(signal: AbortSignal): boolean {
  return (signal.reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
}

function stopped(): ProbeFailure {
  return new ProbeFailure('prober-error', 'The probe was stopped before it finished');
}

/** Milliseconds with two digits after the point. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
