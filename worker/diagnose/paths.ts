// Ways through the active edges: what a root reaches and how surely, and the chain that tells it hop by hop.
import type { Finding } from '#core/diagnosis.ts';
import { leastWeight, type Link } from './graph.ts';
import { severityWeight } from './nodes.ts';

export interface Reached {
  /** Product of the weights along the best path. */
  product: number;
}

/** Findings that a root reaches by folding edges, with the product along the best path (at least 0.05), the root left out. */
export function reach(links: readonly Link[], root: string): Map<string, Reached> {
  const found = new Map<string, Reached>();
  const queue: [string, number][] = [[root, 1]];
  while (queue.length > 0) {
    const [key, product] = queue.shift()!;
    for (const link of links) {
      if (link.cause !== key || link.effect === root) continue;
      const next = product * Math.min(1, link.weight);
      if (next < leastWeight / 4 || (found.get(link.effect)?.product ?? 0) >= next) continue;
      found.set(link.effect, { product: next });
      queue.push([link.effect, next]);
    }
  }
  return found;
}

/** Leaves out an edge when the same two findings are joined by a longer way: the longer way tells more. */
export function reduced(links: readonly Link[]): Link[] {
  return links.filter(
    (direct) =>
      !connects(
        links.filter((l) => l !== direct),
        direct.cause,
        direct.effect,
      ),
  );
}

function connects(links: readonly Link[], from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  while (queue.length > 0) {
    const key = queue.shift()!;
    if (key === to) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const l of links) if (l.cause === key) queue.push(l.effect);
  }
  return false;
}

/** A monitor that is called by a bare address: people know their sites by name. */
const bare = /:\/\/(\d+(\.\d+){3}|\[[0-9a-f:]+\])/;

/** The chain to tell: the longest way down from the root, of two equally long ones the one of graver findings, or that ends at a name. */
export function chainFrom(
  tree: readonly Link[],
  root: string,
  nodes: ReadonlyMap<string, Finding>,
): string[] {
  const bestFrom = new Map<string, { keys: string[]; gravity: number }>();
  const visit = (key: string): { keys: string[]; gravity: number } => {
    const known = bestFrom.get(key);
    if (known) return known;
    const finding = nodes.get(key);
    const own = finding ? severityWeight[finding.severity] : 0;
    let answer = { keys: [key], gravity: own };
    for (const link of tree.filter((l) => l.cause === key)) {
      const below = visit(link.effect);
      const longer = below.keys.length + 1 - answer.keys.length;
      const graver = below.gravity + own - answer.gravity;
      const clearer = bare.test(answer.keys.at(-1)!) && !bare.test(below.keys.at(-1)!);
      if (longer > 0 || (longer === 0 && (graver > 0 || (graver === 0 && clearer)))) {
        answer = { keys: [key, ...below.keys], gravity: below.gravity + own };
      }
    }
    bestFrom.set(key, answer);
    return answer;
  };
  return visit(root).keys;
}
