// The edges that hold now, between the findings of one picture: weight = strength × order in time × share of the change.
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { guarded, type OnFailure } from '#worker/rules/failure.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { strengthFactor, type Edge } from './edges/edge.ts';

export interface Link {
  cause: string;
  effect: string;
  edge: Edge;
  weight: number;
  share: number;
  because: string;
  /** Good enough to fold the effect below the cause; otherwise it is only told. */
  folds: boolean;
}

export interface Rejected {
  cause: Finding;
  effect: Finding;
  because: string;
}

export interface GraphOptions {
  /** Demand that the cause does not start after its effect. */
  timeOrder?: boolean;
  /** Demand matching entities. */
  matchEntities?: boolean;
  /** Told of an edge that throws, which then does not hold. Without it the edge throws. */
  onFailure?: OnFailure;
}

/** An edge folds its effect below its cause when it weighs at least this much (OWN, frozen with the scenarios). */
export const leastWeight = 0.2;
/** And when strength × share, whatever the order, is at least this: a cause of a third of the change is no root. */
const leastSubstance = 0.4;

export interface Graph {
  nodes: Map<string, Finding>;
  links: Link[];
  rejected: Rejected[];
}

export function buildGraph(
  picture: Picture,
  findings: readonly Finding[],
  edges: readonly Edge[],
  options: GraphOptions = {},
): Graph {
  const nodes = new Map(findings.map((f) => [findingKey(f), f]));
  const byId = Map.groupBy(nodes.values(), (f) => f.id);
  const links: Link[] = [];
  const rejected: Rejected[] = [];
  const matchEntities = options.matchEntities !== false;
  for (const edge of edges) {
    for (const cause of byId.get(edge.cause) ?? []) {
      for (const effect of byId.get(edge.effect) ?? []) {
        const order = options.timeOrder === false ? 1 : orderFactor(picture, edge, cause, effect);
        const result = guarded(
          `${edge.cause} → ${edge.effect}`,
          options.onFailure,
          () => edge.test({ picture, cause, effect, matchEntities }),
          () => undefined,
        );
        if (result === undefined) continue;
        if (typeof result === 'string' && matchEntities) {
          rejected.push({ cause, effect, because: result });
        } else if (order === 0) {
          rejected.push({ cause, effect, because: 'it started later than what it would have to explain' });
        } else {
          const { share, because } = typeof result === 'string' ? { share: 1, because: result } : result;
          const substance = strengthFactor[edge.strength] * share;
          const weight = substance * order;
          links.push({
            cause: findingKey(cause),
            effect: findingKey(effect),
            edge,
            share,
            weight,
            because,
            folds:
              edge.strength !== 'weak' &&
              edge.strength !== 'contributing' &&
              weight >= leastWeight &&
              substance >= leastSubstance,
          });
        }
      }
    }
  }
  const { ahead, back } = withoutWayBack(links);
  for (const { cause, effect } of back)
    rejected.push({
      cause: nodes.get(cause)!,
      effect: nodes.get(effect)!,
      because: 'it follows itself from what it would have to explain',
    });
  return { nodes, links: ahead, rejected };
}

/** Leaves out links that may lead back (see Edge) and do. */
function withoutWayBack(links: readonly Link[]): { ahead: Link[]; back: Link[] } {
  const back: Link[] = [];
  const ahead = links.filter((link) => !link.edge.mayLeadBack);
  for (const link of links) {
    if (!link.edge.mayLeadBack) continue;
    if (leads(ahead, link.effect, link.cause)) back.push(link);
    else ahead.push(link);
  }
  return { ahead, back };
}

function leads(links: readonly Link[], from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const key of reached) for (const link of links) if (link.cause === key) reached.add(link.effect);
  return reached.has(to);
}

/** What is read hourly was so for up to an hour, and as long as a late run takes, before it was seen. */
const readHourly = /^(smart|raid\.(bbu|hw_predictive)|disk\.lvm_thin_full)\b/;
const hourly = 3900;

/** Whether it may have been there long before a report could show it: it is read hourly, or once a filesystem is full. */
export const isSeenLate = (id: string) => readHourly.test(id) || id === 'disk.deleted_open';

/** 1 when the cause was there first, 0.5 when nobody saw which came first, 0 when the effect was there first. */
export function orderFactor(picture: Picture, edge: Edge, cause: Finding, effect: Finding): number {
  if (edge.strength === 'deterministic') return 1;
  const times = picture.times?.slice(-11) ?? [];
  const step = times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : 60;
  const usual = Math.min(Math.max(120, 2.5 * step), 1800);
  const tolerance = readHourly.test(cause.id) ? hourly : usual;
  // What was so at the first report may have begun before any effect: nobody saw it.
  if (cause.since > effect.since + tolerance)
    return cause.since <= picture.from || edge.joins?.({ picture, effect }) ? 0.5 : 0;
  const effectSeen = effect.since > picture.from;
  if (effectSeen || cause.latent) return 1;
  return 0.5;
}
