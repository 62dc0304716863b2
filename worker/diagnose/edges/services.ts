// Edges of services and how they are seen.
import { type Edge, held } from './edge.ts';
import { edge, implied, minute, sameServiceOf, sameSubject } from './evidence.ts';

export const serviceEdges: Edge[] = [
  // A service and how it is seen
  edge(
    'svc.unit_failed',
    'proc.vanished',
    'deterministic',
    2 * minute,
    sameServiceOf(
      ({ cause, effect }) => `${effect.subject.name} belongs to ${cause.subject.name}, which has failed.`,
    ),
  ),
  edge(
    'svc.unit_failed',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause, effect }) => `${cause.subject.name} serves ${effect.subject.name}.`),
  ),
  edge(
    'svc.unit_failed',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause }) => `${cause.subject.name} is the database.`),
  ),
  edge(
    'proc.vanished',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf(
      ({ cause, effect }) =>
        `Nothing answers for ${effect.subject.name} since ${cause.subject.name} is gone.`,
    ),
  ),
  edge(
    'proc.vanished',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause }) => `${cause.subject.name} is the database.`),
  ),
  edge(
    'svc.restart_loop',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf('While it starts again and again, nobody answers.'),
  ),
  edge(
    'svc.restart_loop',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf('While it starts again and again, nobody answers.'),
  ),
  edge(
    'svc.restart_loop',
    'proc.vanished',
    'deterministic',
    2 * minute,
    sameServiceOf('It does not stay up.'),
  ),
  edge(
    'svc.container_loop',
    'svc.container_unhealthy',
    'deterministic',
    2 * minute,
    sameSubject('It does not stay up.'),
  ),
  edge(
    'svc.container_unhealthy',
    'svc.http_down',
    'strong',
    2 * minute,
    sameServiceOf('The container that serves it is not well.'),
  ),
  edge(
    'svc.container_loop',
    'svc.http_down',
    'strong',
    2 * minute,
    sameServiceOf('The container that serves it does not stay up.'),
  ),
  edge('net.link_down', 'agent.silent', 'strong', 3 * minute, implied('Reports leave over that link.', 0.7)),
  edge('sys.rebooted', 'proc.vanished', 'strong', 10 * minute, ({ cause, effect }) =>
    effect.since >= cause.since - 120 && effect.since <= cause.since + 900
      ? held(`${effect.subject.name} has not come back since the restart.`)
      : 'it was gone before the restart',
  ),
];
