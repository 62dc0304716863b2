// The clock: its offset, whether anything keeps it, and jumps of a virtual machine.
import type { Finding } from '#core/diagnosis.ts';
import { formatDuration, formatTime } from '#core/format.ts';
import { evidence, makeFinding, newest, serverSubject } from './finding.ts';
import type { Rule } from './rule.ts';
import { currentRun } from './series.ts';

const hour = 3600;

/** Offset > 50 ms by the clock's own service, ten minutes (NM), or > 60 s against Rootnote (ZBX). */
export const timeSkew: Rule = {
  id: 'time.skew',
  find(picture): Finding[] {
    const offset = newest(picture, 'clock.offset') ?? picture.facts.clock?.offsetSeconds;
    const skews = picture.series('agent.clock_skew');
    const skew = skews.at(-1)?.[1];
    const own = offset !== undefined && Math.abs(offset) > 0.05;
    // What an agent sends from its buffer has no such value: a clock is off by the same amount twice (readStored.ts).
    const far = currentRun(
      skews,
      (v) => Math.abs(v) > 60,
      (v) => Math.abs(v) > 30,
      Math.min(3, picture.reports),
    );
    if (!own && !far) return [];
    const value = own ? offset : skew!;
    return [
      makeFinding(picture, 'time.skew', {
        subject: serverSubject(picture),
        since: far?.since ?? picture.at,
        severity: Math.abs(value) > 60 ? 'critical' : 'warning',
        summary: `The clock is ${formatDuration(Math.abs(value))} ${value > 0 ? 'ahead' : 'behind'}.`,
        evidence: [
          ...(own ? [evidence('offset', offset, 'seconds', 'clock.offset', 'below 50 ms')] : []),
          ...(far
            ? [evidence('clock against Rootnote', skew!, 'seconds', 'agent.clock_skew', 'below 30 s')]
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

/** Not synchronised, later than 17 min after the start (ND; NM 10 min). A container has no clock of its own. */
export const timeUnsync: Rule = {
  id: 'time.unsync',
  find(picture): Finding[] {
    const clock = picture.facts.clock;
    if (clock?.synchronized !== false || (picture.uptime ?? Infinity) < 1020) return [];
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

/** The VM stood still: the clock jumped by more than 2 s while steal rose, or its clock source was marked unstable (OWN). */
export const virtMigrated: Rule = {
  id: 'virt.migrated',
  find(picture): Finding[] {
    const event = picture.events.findLast((e) => e.kind === 'kernel.clock' && e.at >= picture.at - hour);
    const skews = picture.series('agent.clock_skew').slice(-10);
    const jump = skews.findLast(([, v], i) => i > 0 && Math.abs(v - skews[i - 1]![1]) > 2);
    const steal = jump && picture.series('cpu.steal').find(([at]) => at === jump[0])?.[1];
    if (!event && !(jump && (steal ?? 0) > 5)) return [];
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
              evidence('steal', steal!, 'percent', 'cpu.steal', 'below 5 %'),
            ],
      }),
    ];
  },
};
