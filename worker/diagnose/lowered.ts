// Work that is meant to be done lowers what it makes busy: a running backup or a check of an array explains slow disks, and nobody
// must get up for it.
import type { Finding } from '#core/diagnosis.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { lately } from './edges/evidence.ts';
import type { Graph } from './graph.ts';
import { reach } from './paths.ts';

/** A check is planned, and a rebuild is told as what it mends; a resync follows a stop that nobody planned. */
const isWork = (finding: Finding, inTheWay: boolean) =>
  (finding.id === 'job.backup_running' && !inTheWay) ||
  finding.id === 'backup.slow' ||
  (finding.id === 'raid.resync' && !/^resync/.test(String(finding.evidence[0]?.value)));

/** Hours in which people work, and the share of the time in which nobody gets on for I/O, from which on a backup is in their way (OWN). */
const working = { from: 8, to: 18, stalled: 30 };

/** Whether it is a working day at the server, and tasks stall; without PSI the idle time of the CPUs stands for it. */
function isInTheWay(picture: Picture): boolean {
  const stalled =
    lately(picture, 'io.pressure.full', '', picture.at) ?? lately(picture, 'cpu.iowait', '', picture.at) ?? 0;
  if (stalled < working.stalled) return false;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zoneOf(picture),
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(picture.at * 1000);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const hour = Number(part('hour'));
  return !/^S/.test(part('weekday')) && hour >= working.from && hour < working.to;
}

function zoneOf(picture: Picture): string {
  const zone = picture.facts.host?.timezone ?? 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

const busy =
  /^(disk\.(saturated|latency|cloud_throttle|fsync_stall)|cpu\.(iowait|load_high)|net\.saturated|svc\.http_slow)$/;

/**
 * The graph with findings lowered to info where running work explains them best. A finding that another cause explains at least as
 * well keeps its severity, and so does everything that such a finding leads to.
 */
export function lowered(graph: Graph, picture: Picture): Graph {
  const inTheWay = isInTheWay(picture);
  const folding = graph.links.filter((l) => l.folds);
  const nodes = new Map<string, Finding>(graph.nodes);
  for (const [key, finding] of graph.nodes) {
    if (!isWork(finding, inTheWay)) continue;
    for (const [reached, { product }] of reach(folding, key)) {
      const effect = nodes.get(reached)!;
      if (!busy.test(effect.id) || effect.severity === 'info') continue;
      const rival = folding.some(
        (l) =>
          l.effect === reached && l.weight > product && !explainedByWork(graph, folding, l.cause, inTheWay),
      );
      if (!rival) {
        nodes.set(reached, { ...effect, severity: 'info', summary: `${effect.summary} ${finding.summary}` });
      }
    }
  }
  return { ...graph, nodes };
}

function explainedByWork(graph: Graph, folding: Graph['links'], key: string, inTheWay: boolean): boolean {
  if (isWork(graph.nodes.get(key)!, inTheWay)) return true;
  return folding.some((l) => l.effect === key && explainedByWork(graph, folding, l.cause, inTheWay));
}
