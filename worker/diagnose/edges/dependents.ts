// Edges between a database, cache or broker that is gone and the programs that cannot start without it.
import { formatCount, formatDuration } from '#core/format.ts';
import { sameService } from '#worker/diagnose/entities.ts';
import { edge, minute } from './evidence.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';

/** Programs that others connect to when they start, with the port that each listens on unless told otherwise. */
const servers: readonly (readonly [name: RegExp, port: string])[] = [
  [/^(mysql|mariadb)/, '3306'],
  [/^(postgres|postmaster)/, '5432'],
  [/^(redis|valkey)/, '6379'],
  [/^mongo/, '27017'],
  [/^memcached/, '11211'],
  [/^(rabbitmq|beam\.smp)/, '5672'],
  [/^(elasticsearch|opensearch)/, '9200'],
  [/^nats/, '4222'],
  [/^etcd/, '2379'],
];

/**
 * A unit that ended by itself with an error, for the first time after the server was gone and soon after it. Connections to its port
 * before make it surer; which program had them, no report tells.
 */
const needsIt: EdgeTest = ({ picture, cause, effect }) => {
  const name = cause.subject.name;
  const [, port] = servers.find(([known]) => known.test(name)) ?? [];
  if (port === undefined) return `${name} is nothing that others need to start`;
  if (sameService(picture, cause.subject, effect.subject)) return 'it is the same service';
  const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
  if (unit?.result !== 'exit-code') return `${effect.subject.name} does not end by an error of its own`;
  const after = effect.since - cause.since;
  if (after < -90) return `${effect.subject.name} failed before`;
  const before = picture
    .series('net.port.connections', port)
    .findLast(([at, count]) => at <= cause.since && count > 0)?.[1];
  const when = after > 5 ? `${formatDuration(after)} after` : 'when';
  return held(
    `${effect.subject.name} began to end with an error ${when} ${name} was gone${
      before
        ? `, to which there had been ${formatCount(before)} ${before === 1 ? 'connection' : 'connections'}`
        : ''
    }.`,
    before ? 1 : 0.8,
  );
};

export const dependentEdges: Edge[] = (['db.mysql_down', 'proc.vanished', 'svc.unit_failed'] as const).map(
  (cause): Edge => ({
    ...edge(cause, 'svc.restart_loop', 'medium', 10 * minute, needsIt),
    // A database that starts again and again is gone between its starts.
    mayLeadBack: true,
  }),
);
