// What a live scenario is: what runs before, what goes wrong, and what a good diagnosis must say.
import type { ExpectedRoot } from '../../test/scenarios/scenario.ts';
import type { Lab } from './lab.ts';

export interface Watched {
  kind: 'http' | 'port';
  name: string;
  target: string;
  settings: Record<string, unknown>;
  about: { process?: string; unit?: string; port?: number };
}

export interface LiveScenario {
  /** Also the name of its recording: lower case with hyphens. */
  slug: string;
  name: string;
  kind: 'fault' | 'control' | 'confounded' | 'double';
  /** Reports before and after the onset, and the seconds between two. */
  before?: number;
  after?: number;
  spacing?: number;
  /** What the first report and one near the end hold; daily unless told otherwise. */
  full?: 'hourly' | 'daily';
  prepare?(lab: Lab): void;
  inject(lab: Lab): void;
  /** Called before each report after the onset, for what must go on. */
  each?(lab: Lab, report: number): void;
  /** Looked at from the other end of the cable with every report. */
  watch?: readonly Watched[];
  roots: readonly ExpectedRoot[];
}

export const MiB = 1024 ** 2;
