// Edges of clocks, crashes and power.
import { sameService } from '#worker/diagnose/entities.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import { day, edge, hour, implied, minute } from './evidence.ts';

/** The kernel names the process that held the failed page, or the unit ended by SIGBUS (7), which it sends then. */
const killedForBadMemory: EdgeTest = ({ picture, effect, matchEntities }) => {
  const killed = picture.events.flatMap((e) => {
    const name = /(?:SIGBUS to|Killing) ([^:\s]{1,15}):\d/.exec(
      e.kind === 'kernel.memory_failure' ? e.text : '',
    )?.[1];
    return name ?? [];
  });
  const program = killed.find(
    (name) => !matchEntities || sameService(picture, { kind: 'process', name }, effect.subject),
  );
  if (program) return held(`The kernel killed ${program}, because its memory had failed.`);
  const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
  return unit?.exitStatus === 7 && /^(killed|dumped)$/.test(unit.exitCode ?? '')
    ? held(`${unit.name} ended by SIGBUS, which the kernel sends to who holds memory that failed.`, 0.8)
    : `the kernel did not kill ${effect.subject.name} for its memory`;
};

export const systemEdges: Edge[] = [
  // Clock
  edge('time.unsync', 'time.skew', 'strong', day, implied('A clock that nobody corrects drifts.')),
  edge('time.skew', 'tls.chain', 'medium', hour, ({ picture }) =>
    Math.abs(picture.latest('agent.clock_skew') ?? picture.latest('clock.offset') ?? 0) > 3600
      ? held('By this clock the certificate is not valid yet, or not any more.')
      : 'the clock is less than an hour off',
  ),
  edge('time.skew', 'svc.http_5xx', 'weak', 0, implied('tokens that depend on the time may be refused.')),
  edge(
    'virt.migrated',
    'time.skew',
    'strong',
    2 * minute,
    implied('The clock stood still while the machine did.'),
  ),
  edge('virt.migrated', 'agent.counter_reset', 'weak', 0, implied('there is a gap in the reports.')),
  // Crashes and power
  edge('sys.crash', 'sys.rebooted', 'strong', 10 * minute, ({ cause, effect }) =>
    cause.since <= effect.since + 120
      ? held('The kernel had reported an error of its own before.')
      : 'the error came after the restart',
  ),
  edge(
    'hw.mce',
    'sys.crash',
    'strong',
    10 * minute,
    implied(({ cause }) => cause.summary),
  ),
  ...(['hw.mce', 'mem.hw_corrupt', 'mem.ecc_uncorrected'] as const).map((cause) =>
    edge(cause, 'svc.unit_failed', 'strong', 10 * minute, killedForBadMemory),
  ),
  edge(
    'hw.mce',
    'mem.hw_corrupt',
    'strong',
    10 * minute,
    implied('The page that it hit was taken out of use.'),
  ),
  edge(
    'hw.psu',
    'sys.rebooted',
    'strong',
    10 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge('hw.ups', 'agent.silent', 'medium', 30 * minute, ({ picture }) =>
    (picture.facts.ups ?? []).some((u) => /OB/.test(u.status))
      ? held('It ran on battery when the last report came.')
      : 'it was on mains',
  ),
];
