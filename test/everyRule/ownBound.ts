// A server may set its own bound for every gauge, whoever compares it: seen on the very pictures in which a bound is crossed.
import { type Finding, findingKey } from '#core/diagnosis.ts';
import type { BoundOverride } from '#core/judgement.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import type { Picture } from '#worker/rules/rule.ts';

export type Crossed = Finding & { bound: NonNullable<Finding['bound']> };

export interface Overridden {
  crossed: Crossed;
  /** With a bound that nothing reaches: what is left, others witness. */
  silenced: Finding | undefined;
  /** With one that is a tenth nearer. */
  own: Finding | undefined;
}

/** Undefined for what is only kept by its clear bound: that proves nothing of the raise bound. */
export function withOwnBound(picture: Picture, crossed: Crossed): Overridden | undefined {
  const { metric, side, raise, unit } = crossed.bound;
  const judged = (override?: BoundOverride) =>
    findProblems(picture, new Set(), {
      overrides: override ? { [crossed.id]: { metric, ...override } } : {},
    }).find((one) => findingKey(one) === findingKey(crossed));
  if (judged()?.bound?.metric !== metric) return undefined;
  const far = side === 'above' ? 1e17 : -1;
  const nearer = side === 'above' ? raise * 0.9 : raise * 1.1 + (unit === 'percent' ? 0.1 : 0);
  return {
    crossed,
    silenced: judged({ raise: far, clear: far }),
    own: judged({ raise: nearer, clear: nearer }),
  };
}

/** What is wrong with it; undefined when the bound of the server is the one that counts. */
export function ignored({ crossed, silenced, own }: Overridden): string | undefined {
  const key = `${crossed.id} ${crossed.bound.metric}`;
  if (silenced?.bound?.metric === crossed.bound.metric) return `${key}: is told beyond what its server set`;
  if (!own?.bound?.own || own.bound.metric !== crossed.bound.metric)
    return `${key}: does not say its own bound`;
  return undefined;
}
