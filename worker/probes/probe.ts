// The interface of a probe: one kind of look from outside. It never throws; a failure is a result with a code and a transcript.
import type { ProbeKind, ProbeResult, ProbeSettings } from '#core/probes.ts';

export interface Probe<K extends ProbeKind> {
  kind: K;
  run(settings: ProbeSettings<K>, context: ProbeContext): Promise<ProbeResult>;
}

export interface ProbeContext {
  signal: AbortSignal;
  /** Decides whether an address may be contacted, after resolution and after each redirect. The command line allows all. */
  allow(address: string): boolean;
  /** Name servers (`address` or `address:port`) to use instead of the system's. */
  resolvers?: string[];
  /** For `heartbeat` only: epoch seconds of the last beat, or of the monitor's creation when none came yet. */
  lastBeat?: number;
  /** For `heartbeat` only: none came yet. */
  awaited?: boolean;
}
