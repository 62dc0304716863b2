// How the CPU is used, beyond how much: kernel time, one full core among idle ones, context switches, heat.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { seriesOf } from './cgroupMemory.ts';
import { cgroupSubject, cores, evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Rule } from './rule.ts';
import { baseline, totalRise } from './series.ts';

/** Kernel time > 30 % and more than half of what is used (OWN), five samples. */
export const cpuSystemHigh: Rule = {
  id: 'cpu.system_high',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'cpu.system_high',
      entity,
      metric: 'cpu.system',
      raise: 30,
      clear: 20,
      samples: 5,
      single: 'never',
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
          evidence('CPU in the kernel', run.value, 'percent', 'cpu.system', 'below 20 %'),
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

/** One core > 95 % while the mean is < 50 % (OWN), five samples; on a machine with more than one core. */
export const cpuOneCorePinned: Rule = {
  id: 'cpu.one_core_pinned',
  find(picture, state): Finding[] {
    const n = cores(picture);
    const mean = picture.latest('cpu.busy') ?? 100;
    if (n < 2 || mean > Math.max(50, 100 / n + 15)) return [];
    return picture.subjects('cpu.core.busy').flatMap((core) => {
      const name = /^cpu/.test(core) ? core : `cpu${core}`;
      const entity = { kind: 'device', name } as const;
      const run = gauge(picture, state, {
        id: 'cpu.one_core_pinned',
        entity,
        metric: 'cpu.core.busy',
        of: core,
        raise: 95,
        clear: 85,
        samples: 5,
        single: 'never',
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
            evidence(`busy share of ${name}`, run.value, 'percent', `cpu.core.busy{${core}}`, 'below 85 %'),
            evidence('CPU busy, all cores', mean, 'percent', 'cpu.busy'),
          ],
        }),
      ];
    });
  },
};

/** More than twice the usual (APA) and over 20,000 a second and core (OWN). */
export const cpuContextSwitches: Rule = {
  id: 'cpu.ctx_switch_storm',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const n = cores(picture);
    const run = gauge(picture, state, {
      id: 'cpu.ctx_switch_storm',
      entity,
      metric: 'cpu.context_switches',
      raise: 20_000 * n,
      clear: 12_000 * n,
      samples: 5,
      single: 'never',
    });
    if (!run) return [];
    const usual = baseline(picture.series('cpu.context_switches'), run.since);
    if (!usual || run.value < 2 * usual.median) return [];
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

/** One report has no rate of a group's counters: more than half of at least 300 periods since its start used up the quota (OWN). */
export const cpuThrottledOnce: Rule = {
  id: 'cpu.throttled_cgroup',
  find(picture): Finding[] {
    if (picture.reports >= 3) return [];
    return (picture.facts.cgroups ?? []).flatMap((group) => {
      const { periods = 0, throttledPeriods = 0 } = group;
      const series = seriesOf(group);
      const subject = cgroupSubject(picture, series);
      const share = (100 * throttledPeriods) / Math.max(1, periods);
      if (periods < 300 || share < 50 || picture.latest('cgroup.throttled_percent', series) !== undefined)
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

/** The kernel's throttle counter rises, or the frequency is under 70 % of nominal while the CPU is busy (OWN). */
export const cpuThermalThrottle: Rule = {
  id: 'cpu.thermal_throttle',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const counted = gauge(picture, state, {
      id: 'cpu.thermal_throttle',
      entity,
      metric: 'cpu.throttles',
      raise: 0.02,
      clear: 0.002,
      samples: 2,
      single: 0.5,
    });
    const slow = gauge(picture, state, {
      id: 'cpu.thermal_throttle',
      entity,
      metric: 'cpu.frequency',
      side: 'below',
      raise: 70,
      clear: 80,
      samples: 5,
      single: 'never',
    });
    // A low frequency alone is power saving; under load and with heat it is throttling.
    const busy = picture.latest('cpu.busy') ?? 0;
    const hottest = Math.max(
      0,
      ...picture.subjects('hw.temperature').map((s) => picture.latest('hw.temperature', s) ?? 0),
    );
    const run = counted ?? (slow && busy > 60 && hottest >= 80 ? slow : undefined);
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

/**
 * More than 50 processes a second, ten times the usual and twice what it rarely is above (OWN). Without a history: 500 a second. Info while what is known to start many
 * is at work.
 */
export const forkStorm: Rule = {
  id: 'proc.fork_storm',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'proc.fork_storm',
      entity,
      metric: 'cpu.forks',
      raise: 50,
      clear: 25,
      samples: 3,
      single: 300,
    });
    if (!run) return [];
    const usual = baseline(picture.series('cpu.forks'), run.since);
    // A machine that builds software makes some hundreds; only what is usual here tells less from more.
    if (usual ? run.value < Math.max(10 * Math.max(1, usual.median), 2 * usual.p95) : run.value < 500)
      return [];
    const risen = totalRise(picture.series('proc.count'), run.since);
    // Of lost reports the next one has the forks, and no longer who made them.
    const builder = picture
      .subjects('proc.group.cpu')
      .find(
        (name) => startsMany.test(name) && (picture.newest('proc.group.cpu', name)?.[0] ?? 0) >= run.since,
      );
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
            usual ? `about ${formatValue(usual.median, '/s')}` : 'below 25/s',
          ),
          ...(risen > 0 ? [evidence('more processes than before', risen, 'count', 'proc.count')] : []),
        ],
      }),
    ];
  },
};
