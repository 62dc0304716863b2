// The interface of a recipe: from facts to the monitors that such a server deserves. Pure.
import type { Facts } from '#core/facts.ts';
import type { ProbeKind } from '#core/probes.ts';

export interface MonitorProposal {
  /** Stable identity within the server: 'http https://example.org/'. A proposal with the same key updates, never duplicates. */
  key: string;
  kind: ProbeKind;
  /** Input of the kind's settings schema. */
  settings: Record<string, unknown>;
  /** For the list: 'Homepage of example.org'. */
  name: string;
  /** Why it exists, with the fact it came from: 'nginx listens on 0.0.0.0:443'. */
  reason: string;
  /** Seconds; the default of the environment when left out. */
  interval?: number;
  /** What the target belongs to, for folding and diagnosis: unit, process or port. */
  about: { process?: string; unit?: string; port?: number; host?: string; certificate?: string };
}

export interface RecipeContext {
  /** The reporting machine is the one that Rootnote runs on (same machine-id): probed over loopback. */
  loopback: boolean;
  /**
   * Addresses of the server that can be reached from outside, or 127.0.0.1 when probed over loopback. None of a machine behind address
   * translation (most cloud machines): it is known by its names alone.
   */
  addresses: string[];
  /** Of such a machine: the public address that its reports come from. It may share it with others, so that only names are compared with it. */
  translated?: string;
}

export interface Recipe {
  id: string;
  propose(facts: Facts, context: RecipeContext): MonitorProposal[];
}
