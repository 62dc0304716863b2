// What one report says once it is read: facts (what is), samples (how much), events (what happened).
import type { Facts } from './facts.ts';
import type { MetricName } from './metrics.ts';

/** A measured value. `subject` names the entity (mount, device, interface, process group, unit, cgroup …), '' for the whole server. */
export interface Sample {
  metric: MetricName;
  subject: string;
  value: number;
}

/**
 * A cumulative counter. Its rate becomes a sample: (value₂ − value₁) / (per₂ − per₁), where `per` is a second cumulative
 * quantity (operations, total time …) and seconds of uptime when it is left out. A counter that went down was reset: no sample.
 */
export interface Counter extends Sample {
  per?: number;
  /** Where the kernel's own counter starts again from 0, in units of `value`: 2^32 of an old kernel. Left out: it never wraps. */
  wrap?: number;
}

/** Something that happened at a moment. `kind` is dotted and closed per collector: `kernel.oom_kill`, `package.upgraded` … */
export interface HostEvent {
  kind: string;
  /** Epoch seconds. */
  at: number;
  subject: string;
  text: string;
  data?: Record<string, string | number | boolean>;
}

/** A section that could not be read, or only in part. `reason` is a sentence for a person. */
export interface PartialSection {
  section: string;
  reason: string;
  /**
   * missing: the program is not installed, which is often as it should be; rights: the agent may not see it; failed: the
   * command failed or ran into its time limit; cut: too long; unread: Rootnote did not understand it, or not all of it.
   */
  kind: 'missing' | 'rights' | 'failed' | 'cut' | 'unread';
}

export interface Snapshot {
  /** Epoch seconds, by the clock of the server that reports. */
  at: number;
  /** Seconds since boot at the time of the last reading; undefined when it was not reported. */
  uptime?: number;
  bootId?: string;
  agent: { version?: string; sha256?: string; rhythm?: string; euid?: number };
  complete: boolean;
  facts: Facts;
  samples: Sample[];
  /** Counters of the last reading, kept to make rates with the next report. */
  counters: Counter[];
  events: HostEvent[];
  partial: PartialSection[];
}
