// The clock: its offset, whether anything keeps it, and jumps of a virtual machine.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatDuration, formatPercent, formatTime } from '#core/format.ts';
import { boundOf, isCritical, normalOf } from './boundOf.ts';
import { evidence, makeFinding, newest, serverSubject } from './finding.ts';
import { gauge, now } from './gauge.ts';
import type { Rule } from './rule.ts';

/** Off by the clock's own service, or far off against Rootnote. */
export const timeSkew: Rule = {
  id: 'time.skew',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const offset = newest(picture, 'clock.offset') ?? picture.facts.clock?.offsetSeconds;
    const skews = picture.series('agent.clock_skew');
    const skew = skews.at(-1)?.[1];
    const own =
      offset !== undefined &&
      gauge(picture, state, { id: 'time.skew', entity, points: now(picture, Math.abs(offset)) });
    // What an agent sends from its buffer has no such value: a clock is off by the same amount twice (readStored.ts).
    const far = gauge(picture, state, {
      id: 'time.skew',
      entity,
      metric: 'agent.clock_skew',
      points: skews.map(([at, v]) => [at, Math.abs(v)] as const),
    });
    if (!own && !far) return [];
    const value = own ? offset : skew!;
    return [
      makeFinding(picture, 'time.skew', {
        subject: entity,
        since: far?.since ?? picture.at,
        bound: (own || far)!.bound,
        severity: isCritical(boundOf(state, 'time.skew', { metric: 'agent.clock_skew' }), Math.abs(value))
          ? 'critical'
          : 'warning',
        summary: `The clock is ${formatDuration(Math.abs(value))} ${value > 0 ? 'ahead' : 'behind'}.`,
        evidence: [
          ...(own ? [evidence('offset', offset, 'seconds', 'clock.offset', normalOf(own.bound))] : []),
          ...(far
            ? [evidence('clock against Rootnote', skew!, 'seconds', 'agent.clock_skew', normalOf(far.bound))]
            : []),
          ...(picture.facts.clock?.synchronized === undefined
            ? []
            : [
                evidence(
                  'synchronised',
                  picture.facts.clock.synchronized,
                  '',
                  'facts.clock.synchronized',
                  'yes',
                ),
              ]),
        ],
      }),
    ];
  },
};

/** Not synchronised, some time after the start. A container has no clock of its own. */
export const timeUnsync: Rule = {
  id: 'time.unsync',
  find(picture): Finding[] {
    const clock = picture.facts.clock;
    if (clock?.synchronized !== false || (picture.uptime ?? Infinity) < limitsOf('time.unsync').uptime)
      return [];
    if (/docker|lxc|podman|openvz|container/.test(picture.facts.host?.virtualization ?? '')) return [];
    return [
      makeFinding(picture, 'time.unsync', {
        subject: serverSubject(picture),
        confidence: 0.9,
        summary: `The clock is not synchronised${clock.service === 'none' ? ': no time service runs' : ''}.`,
        evidence: [
          evidence('synchronised', false, '', 'facts.clock.synchronized', 'yes'),
          ...(clock.service
            ? [
                evidence(
                  'time service',
                  clock.service,
                  '',
                  'facts.clock.service',
                  'chrony, systemd-timesyncd or ntpd',
                ),
              ]
            : []),
          ...(clock.maxErrorSeconds === undefined
            ? []
            : [evidence('largest error', clock.maxErrorSeconds, 'seconds', 'facts.clock.maxErrorSeconds')]),
        ],
      }),
    ];
  },
};

/** The VM stood still: the clock jumped while steal rose, or its clock source was marked unstable. */
export const virtMigrated: Rule = {
  id: 'virt.migrated',
  find(picture): Finding[] {
    const limits = limitsOf('virt.migrated');
    const event = picture.events.findLast(
      (e) => e.kind === 'kernel.clock' && e.at >= picture.at - limits.window,
    );
    const skews = picture.series('agent.clock_skew').slice(-10);
    const jump = skews.findLast(([, v], i) => i > 0 && Math.abs(v - skews[i - 1]![1]) > limits.jump);
    const steal = jump && picture.series('cpu.steal').find(([at]) => at === jump[0])?.[1];
    if (!event && !(jump && (steal ?? 0) > limits.steal)) return [];
    return [
      makeFinding(picture, 'virt.migrated', {
        subject: serverSubject(picture),
        since: event?.at ?? jump![0],
        severity: 'info',
        confidence: 0.7,
        summary: event
          ? `${event.text}: the virtual machine was paused or moved.`
          : `The clock jumped at ${formatTime(jump![0])} while the CPU was withheld: the virtual machine was paused or moved.`,
        evidence: event
          ? [evidence('kernel log', event.text, '', 'dmesg')]
          : [
              evidence('clock against Rootnote', jump![1], 'seconds', 'agent.clock_skew', 'steady'),
              evidence('steal', steal!, 'percent', 'cpu.steal', `below ${formatPercent(limits.steal)}`),
            ],
      }),
    ];
  },
};
