// Work that is meant to be done lowers what it makes busy: a running backup or a check of an array explains slow disks, and nobody
// must get up for it.
import type { Finding } from '#core/diagnosis.ts';
import type { Graph } from './graph.ts';
import { reach } from './paths.ts';
import { isPlanned } from './planned.ts';

const busy =
  /^(disk\.(saturated|latency|cloud_throttle|fsync_stall)|cpu\.(iowait|load_high)|net\.saturated|svc\.http_slow)$/;

/**
 * The graph with findings lowered to info where running work explains them best. A finding that another cause explains at least as
 * well keeps its severity, and so does everything that such a finding leads to. `work`: what lowered something.
 */
export function lowered(graph: Graph): { graph: Graph; work: ReadonlySet<string> } {
  const folding = graph.links.filter((l) => l.folds);
  const nodes = new Map<string, Finding>(graph.nodes);
  const work = new Set<string>();
  for (const [key, finding] of graph.nodes) {
    if (!isPlanned(finding)) continue;
    for (const [reached, { product }] of reach(folding, key)) {
      const effect = nodes.get(reached)!;
      if (!busy.test(effect.id) || effect.severity === 'info') continue;
      const rival = folding.some(
        (l) => l.effect === reached && l.weight > product && !explainedByWork(graph, folding, l.cause),
      );
      if (!rival) {
        nodes.set(reached, { ...effect, severity: 'info', summary: `${effect.summary} ${finding.summary}` });
        work.add(key);
      }
    }
  }
  return { graph: { ...graph, nodes }, work };
}

function explainedByWork(graph: Graph, folding: Graph['links'], key: string): boolean {
  if (isPlanned(graph.nodes.get(key)!)) return true;
  return folding.some((l) => l.effect === key && explainedByWork(graph, folding, l.cause));
}
