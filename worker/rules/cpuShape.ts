// How the CPU is used, beyond how much: kernel time, one full core among idle ones, context switches, heat.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { seriesOf } from './cgroupMemory.ts';
import { normalOf } from './boundOf.ts';
import { buildsHere } from './expectedWork.ts';
import { cgroupSubject, cores, evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Rule } from './rule.ts';
import { baseline, totalRise } from './series.ts';

/** Kernel time, and more of it than of all programs together. */
export const cpuSystemHigh: Rule = {
  id: 'cpu.system_high',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'cpu.system_high',
      entity,
      metric: 'cpu.system',
    });
    if (!run) return [];
    const user = picture.latest('cpu.user') ?? 0;
    if (run.value <= user) return [];
    const forks = picture.latest('cpu.forks');
    const switches = picture.latest('cpu.context_switches');
    return [
      makeFinding(picture, 'cpu.system_high', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        summary: `The kernel itself takes ${formatPercent(run.value)} of the CPU, programs ${formatPercent(user)}.`,
        evidence: [
          evidence('CPU in the kernel', run.value, 'percent', 'cpu.system', normalOf(run.bound)),
          evidence('CPU in programs', user, 'percent', 'cpu.user'),
          ...(forks === undefined ? [] : [evidence('processes created', forks, '/s', 'cpu.forks')]),
          ...(switches === undefined
            ? []
            : [evidence('context switches', switches, '/s', 'cpu.context_switches')]),
        ],
      }),
    ];
  },
};

/** One full core while the mean is low; on a machine with more than one core. */
export const cpuOneCorePinned: Rule = {
  id: 'cpu.one_core_pinned',
  find(picture, state): Finding[] {
    const n = cores(picture);
    const mean = picture.latest('cpu.busy') ?? 100;
    if (n < 2 || mean > Math.max(limitsOf('cpu.one_core_pinned').mean, 100 / n + 15)) return [];
    return picture.subjects('cpu.core.busy').flatMap((core) => {
      const name = /^cpu/.test(core) ? core : `cpu${core}`;
      const entity = { kind: 'device', name } as const;
      const run = gauge(picture, state, {
        id: 'cpu.one_core_pinned',
        entity,
        metric: 'cpu.core.busy',
        of: core,
      });
      if (!run) return [];
      return [
        makeFinding(picture, 'cpu.one_core_pinned', {
          subject: entity,
          since: run.since,
          bound: run.bound,
          severity: 'info',
          summary: `${name} is ${formatPercent(run.value)} busy while all ${n} cores together are ${formatPercent(mean)} busy.`,
          evidence: [
            evidence(
              `busy share of ${name}`,
              run.value,
              'percent',
              `cpu.core.busy{${core}}`,
              normalOf(run.bound),
            ),
            evidence('CPU busy, all cores', mean, 'percent', 'cpu.busy'),
          ],
        }),
      ];
    });
  },
};

/** Many for each core, and several times the usual. */
export const cpuContextSwitches: Rule = {
  id: 'cpu.ctx_switch_storm',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const n = cores(picture);
    const run = gauge(picture, state, {
      id: 'cpu.ctx_switch_storm',
      entity,
      times: n,
    });
    if (!run) return [];
    const usual = baseline(picture.series('cpu.context_switches'), run.since, 2);
    const { times, sudden } = limitsOf('cpu.ctx_switch_storm');
    // What was seen for minutes only is a usual that must be left far behind.
    if (!usual || run.value < (usual.samples < 5 ? sudden : times) * usual.median) return [];
    return [
      makeFinding(picture, 'cpu.ctx_switch_storm', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        summary: `The cores change tasks ${formatValue(run.value, '/s')}, ${formatCount(run.value / usual.median)} times the usual.`,
        evidence: [
          evidence(
            'context switches',
            run.value,
            '/s',
            'cpu.context_switches',
            `about ${formatValue(usual.median, '/s')}`,
          ),
        ],
      }),
    ];
  },
};

/** One report has no rate of a group's counters: what counts is the share of the periods since its start. */
export const cpuThrottledOnce: Rule = {
  id: 'cpu.throttled_cgroup',
  find(picture): Finding[] {
    if (picture.reports >= 3) return [];
    const least = limitsOf('cpu.throttled_cgroup');
    return (picture.facts.cgroups ?? []).flatMap((group) => {
      const { periods = 0, throttledPeriods = 0 } = group;
      const series = seriesOf(group);
      const subject = cgroupSubject(picture, series);
      const share = (100 * throttledPeriods) / Math.max(1, periods);
      if (
        periods < least.periods ||
        share < least.share ||
        picture.latest('cgroup.throttled_percent', series) !== undefined
      )
        return [];
      return [
        makeFinding(picture, 'cpu.throttled_cgroup', {
          subject,
          confidence: 0.7,
          summary: `${subject.name} used up its own CPU quota in ${formatPercent(share)} of the periods since it started.`,
          evidence: [
            evidence(
              'periods in which its CPU quota was used up',
              share,
              'percent',
              'facts.cgroups.throttledPeriods',
              'below 10 %',
            ),
            evidence('periods', periods, 'count', 'facts.cgroups.periods'),
          ],
        }),
      ];
    });
  },
};

/** The kernel's throttle counter rises, or the frequency is low while the CPU is busy and hot. */
export const cpuThermalThrottle: Rule = {
  id: 'cpu.thermal_throttle',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const counted = gauge(picture, state, {
      id: 'cpu.thermal_throttle',
      entity,
      metric: 'cpu.throttles',
    });
    const slow = gauge(picture, state, {
      id: 'cpu.thermal_throttle',
      entity,
      metric: 'cpu.frequency',
    });
    const limits = limitsOf('cpu.thermal_throttle');
    // A low frequency alone is power saving; under load and with heat it is throttling.
    const busy = picture.latest('cpu.busy') ?? 0;
    const hottest = Math.max(
      0,
      ...picture.subjects('hw.temperature').map((s) => picture.latest('hw.temperature', s) ?? 0),
    );
    const run = counted ?? (slow && busy > limits.busy && hottest >= limits.heat ? slow : undefined);
    if (!run) return [];
    const frequency = picture.latest('cpu.frequency');
    return [
      makeFinding(picture, 'cpu.thermal_throttle', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        summary: `The CPU is slowed because it is hot${
          frequency === undefined ? '' : `: it runs at ${formatPercent(frequency)} of its frequency`
        }.`,
        evidence: [
          ...(counted ? [evidence('throttle events', counted.value, '/s', 'cpu.throttles', '0/s')] : []),
          ...(frequency === undefined
            ? []
            : [
                evidence(
                  'frequency, of the nominal one',
                  frequency,
                  'percent',
                  'cpu.frequency',
                  'above 80 % under load',
                ),
              ]),
          ...(hottest > 0 ? [evidence('hottest sensor', hottest, 'celsius', 'hw.temperature')] : []),
        ],
      }),
    ];
  },
};

/** What starts many short processes because that is its work: packages, builds, kernels' images. */
const startsMany =
  /^(apt|apt-get|dpkg|unattended-upgr|dnf|yum|rpm|zypper|pacman|apk|make|ninja|cmake|meson|configure|cc1(plus)?|gcc|g\+\+|clang(\+\+)?|rustc|cargo|go|dkms|update-initram|mkinitramfs|dracut)$/;

/** Many processes a second, and many times the usual. Info while what is known to start many is at work. */
export const forkStorm: Rule = {
  id: 'proc.fork_storm',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'proc.fork_storm',
      entity,
      metric: 'cpu.forks',
    });
    if (!run) return [];
    const usual = baseline(picture.series('cpu.forks'), run.since, 2);
    // A machine that builds software makes some hundreds; only what is usual here tells less from more.
    const { times, unknown, peaks } = limitsOf('proc.fork_storm');
    if (run.value < (usual ? Math.max(times * Math.max(1, usual.median), peaks * usual.p95) : unknown))
      return [];
    const risen = totalRise(picture.series('proc.count'), run.since);
    // Of lost reports the next one has the forks, and no longer who made them.
    const builder =
      picture
        .subjects('proc.group.cpu')
        .find(
          (name) => startsMany.test(name) && (picture.newest('proc.group.cpu', name)?.[0] ?? 0) >= run.since,
        ) ?? (buildsHere(picture) ? 'a runner of builds' : undefined);
    return [
      makeFinding(picture, 'proc.fork_storm', {
        subject: entity,
        since: run.since,
        severity: builder ? 'info' : undefined,
        bound: run.bound,
        summary: `${formatCount(run.value)} processes are created every second${
          usual ? `; usual are ${formatCount(usual.median)}` : ''
        }${builder ? `, while ${builder} is at work, which starts many` : ''}.`,
        evidence: [
          evidence(
            'processes created',
            run.value,
            '/s',
            'cpu.forks',
            usual ? `about ${formatValue(usual.median, '/s')}` : normalOf(run.bound),
          ),
          ...(risen > 0 ? [evidence('more processes than before', risen, 'count', 'proc.count')] : []),
        ],
      }),
    ];
  },
};
