// An edge of the causal graph: a cause, an effect, and the evidence that it demands here and now.
import type { Finding } from '#core/diagnosis.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Picture } from '#worker/rules/rule.ts';

/**
 * How surely the cause leads to the effect once the evidence holds. `weak` and `contributing` edges are told, but never make a root:
 * they would let a side condition claim an incident.
 */
export type Strength = 'deterministic' | 'strong' | 'medium' | 'weak' | 'contributing';

export const strengthFactor: Record<Strength, number> = {
  deterministic: 1,
  strong: 0.9,
  medium: 0.6,
  weak: 0.2,
  contributing: 0.3,
};

export interface EdgeContext {
  picture: Picture;
  cause: Finding;
  effect: Finding;
  /** False in the bench's column without entity match. */
  matchEntities: boolean;
}

/** The evidence holds: the part of the change that the entity accounts for (0..1), and one sentence with numbers. */
export interface Held {
  share: number;
  because: string;
}

/** Held, or a sentence why the evidence does not hold. */
export type EdgeTest = (context: EdgeContext) => Held | string;

export interface Edge {
  cause: RuleId;
  effect: RuleId;
  strength: Strength;
  /** Longest usual seconds between onset of cause and effect. */
  lag: number;
  test: EdgeTest;
  /**
   * By their ids, its effect leads back to its cause: a name server that fails lets mail pile up, and a disk full of mail lets services
   * fail. Between the entities of one picture it hardly ever does; where it does, it does not hold (graph.ts).
   */
  mayLeadBack?: boolean;
  /** Whether its cause may have joined what others had begun: then it may have started later than its effect. */
  joins?(context: Pick<EdgeContext, 'picture' | 'effect'>): boolean;
}

export const held = (because: string, share = 1): Held => ({
  share: Math.min(1, Math.max(0, share)),
  because,
});
