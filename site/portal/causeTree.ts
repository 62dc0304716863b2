// The picture of a root cause as a tree: the root, what follows from it, and why. Pure.
import type { Finding, RootCause } from '#core/diagnosis.ts';

/** The API says the key along: making it here would bring all of zod into the browser. */
export type KeyedFinding = Finding & { key: string };

export interface CauseNode {
  finding: KeyedFinding;
  /** Why the node above leads to this one; undefined at the root. */
  because?: string;
  effects: CauseNode[];
}

export interface CauseTree {
  root: CauseNode;
  /** Folded below the root as well, by a way that no single hop tells. */
  also: KeyedFinding[];
}

/** Undefined when the root's own finding is not among the problems. An effect hangs below its first cause only. */
export function causeTree(cause: RootCause, problems: readonly KeyedFinding[]): CauseTree | undefined {
  const findings = new Map(problems.map((finding) => [finding.key, finding]));
  const seen = new Set<string>();
  const grow = (key: string, because?: string): CauseNode | undefined => {
    const finding = findings.get(key);
    if (!finding || seen.has(key)) return undefined;
    seen.add(key);
    const effects = cause.hops
      .filter((hop) => hop.cause === key)
      .map((hop) => grow(hop.effect, hop.because))
      .filter((node) => node !== undefined);
    return { finding, effects, ...(because !== undefined && { because }) };
  };
  const root = grow(cause.key);
  if (!root) return undefined;
  const also = cause.symptoms
    .filter((key) => !seen.has(key))
    .map((key) => findings.get(key))
    .filter((finding) => finding !== undefined);
  return { root, also };
}

/** '/problems/disk-full/#check' → 'disk full'. */
export function articleName(article: string): string {
  const slug = article.split('#')[0]!.split('/').filter(Boolean).at(-1) ?? '';
  return slug.replaceAll('-', ' ');
}
