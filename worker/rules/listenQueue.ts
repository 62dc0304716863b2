// Connections that are lost because nobody accepts them in time, and the program whose queue is full.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding, Subject } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { formatCount } from '#core/format.ts';
import { isCritical } from './boundOf.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';

/** Connections are lost. A queue that is nearly full names the program. */
export const netListenOverflow: Rule = {
  id: 'net.listen_overflow',
  find(picture, state): Finding[] {
    const full = fullQueue(picture);
    const server = serverSubject(picture);
    const named: Subject | undefined = full && {
      kind: full.process ? 'process' : 'port',
      name: full.process ?? String(full.port),
    };
    // What was raised under one name goes on under it: a queue is not full at every look.
    const before = [...(picture.facts.listeners ?? [])]
      .filter((l) => l.process)
      .map((l): Subject => ({ kind: 'process', name: l.process! }))
      .find((subject) => isActive(state, 'net.listen_overflow', subject));
    const entity = named ?? before ?? server;
    const run = gauge(picture, state, {
      id: 'net.listen_overflow',
      entity,
      metric: 'net.tcp.listen_overflows',
    });
    // Where no report has a rate, a queue that has one more than it may is all that is known.
    const rate = picture.latest('net.tcp.listen_overflows');
    if (!run && rate === undefined && full && full.queue! > full.backlog! && full.backlog! >= 16)
      return [heldUp(picture, entity, full)];
    if (!run) return [];
    const who =
      entity === server
        ? 'a program'
        : entity.kind === 'port'
          ? `who listens on port ${entity.name}`
          : entity.name;
    return [
      makeFinding(picture, 'net.listen_overflow', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: isCritical(run.bound, run.value) ? 'critical' : undefined,
        summary: `${formatCount(run.value)} connections a second are lost because ${who} does not accept them in time.`,
        evidence: [
          evidence(
            'connections lost because nobody accepted them in time',
            run.value,
            '/s',
            'net.tcp.listen_overflows',
            '0/s',
          ),
          ...(full
            ? [
                evidence(
                  `connections that wait on port ${full.port}`,
                  full.queue!,
                  'count',
                  'facts.listeners.queue',
                  `below ${full.backlog}`,
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

type Listener = NonNullable<Facts['listeners']>[number];

/** What one look at the queues shows. */
function heldUp(picture: Picture, subject: Subject, { queue, backlog, port }: Listener): Finding {
  return makeFinding(picture, 'net.listen_overflow', {
    subject,
    confidence: 0.7,
    summary: `${formatCount(queue!)} connections wait on port ${port} until somebody accepts them; more than ${formatCount(backlog!)} may not.`,
    evidence: [
      evidence(
        `connections that wait on port ${port}`,
        queue!,
        'count',
        'facts.listeners.queue',
        `below ${backlog!}`,
      ),
    ],
  });
}

function fullQueue(picture: Picture) {
  return (picture.facts.listeners ?? [])
    .filter(
      (l) =>
        l.protocol === 'tcp' &&
        l.backlog &&
        l.queue !== undefined &&
        l.queue >= (limitsOf('net.listen_overflow').queue / 100) * l.backlog,
    )
    .sort((a, b) => b.queue! / b.backlog! - a.queue! / a.backlog!)[0];
}
