// CPU: saturation, load, iowait. One second of a busy CPU proves nothing: these rules want the pressure and the load averages to agree.
import { type Finding, type FindingBound, findingKey } from '#core/diagnosis.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import type { BoundOverride } from '#core/judgement.ts';
import type { MetricName } from '#core/metrics.ts';
import { cores, evidence, makeFinding, needed, pictureOf, serverSubject } from './finding.ts';
import { batch } from './processes.ts';
import type { Picture, Rule } from './rule.ts';
import { currentRun } from './series.ts';

type Bounds = Required<Omit<BoundOverride, 'samples' | 'metric'>> & BoundOverride;

function boundOf(
  metric: MetricName,
  { raise, clear, critical, samples }: Bounds,
  usual: number,
  override: BoundOverride | undefined,
): FindingBound {
  const bound = { metric, side: 'above' as const, unit: 'percent', raise, clear, critical };
  return { ...bound, samples: samples ?? usual, ...(override ? { own: true } : {}) };
}

/** Work that is meant to fill the cores and to end is given this long (OWN). */
const longWork = 3600;

/** Whether such work took more of the cores than all else at a moment, whether or not it is still there. */
function worksOff(picture: Picture, at: number): boolean {
  const then = pictureOf(picture, at);
  const taken = picture
    .subjects('proc.group.cpu')
    .filter((name) => batch.test(name))
    .reduce((sum, name) => sum + (then.latest('proc.group.cpu', name) ?? 0), 0);
  return taken / cores(picture) > 0.5 * (then.latest('cpu.busy') ?? 100);
}

/**
 * Busy > 85 % (clear 75, critical 95; ND cpu.conf) with more runnable tasks than cores or PSI cpu > 30 (OWN).
 * Time of niced processes does not count. Info for an hour while most of it is work of packages, compilers or packers.
 * From fewer than three reports it must also have lasted: load or the lifetime CPU of the processes say so.
 */
export const cpuSaturated: Rule = {
  id: 'cpu.saturated',
  find(picture, state) {
    const subject = serverSubject(picture);
    const active = state.active.has(findingKey({ id: 'cpu.saturated', subject }));
    const bound: Bounds = { raise: 85, clear: 75, critical: 95, ...state.overrides['cpu.saturated'] };
    if (picture.latest('cpu.busy') === undefined) return [];
    const run = currentRun(
      picture.series('cpu.busy'),
      (v) => v > bound.raise,
      (v) => v > bound.clear,
      needed(picture, bound.samples ?? 4),
      active,
    );
    if (!run || run.value - (picture.latest('cpu.nice') ?? 0) <= bound.clear) return [];
    const n = cores(picture);
    const runnable = picture.latest('cpu.runnable');
    const pressure = picture.latest('cpu.pressure.some');
    const load5 = picture.latest('cpu.load5');
    const queued = (runnable ?? 0) > n || (pressure ?? 0) > 30;
    const lasted = hasLasted(picture);
    const atWork = picture.reports >= 3 && picture.at - run.since < longWork && worksOff(picture, run.at);
    if (picture.reports < 3 ? !lasted : !queued && !active && (load5 ?? n) < n * 0.8) return [];
    return [
      makeFinding(picture, 'cpu.saturated', {
        subject,
        since: picture.reports < 3 ? picture.at : run.since,
        severity: atWork
          ? 'info'
          : run.value > bound.critical && (pressure ?? 100) > 30
            ? 'critical'
            : 'warning',
        bound: boundOf('cpu.busy', bound, 4, state.overrides['cpu.saturated']),
        confidence: picture.reports >= 3 ? 0.95 : 0.7,
        summary: `The CPU is ${formatPercent(run.value)} busy${
          runnable === undefined
            ? ''
            : `, with ${formatCount(runnable)} runnable tasks for ${n} ${n === 1 ? 'core' : 'cores'}`
        }.`,
        evidence: [
          evidence('CPU busy', run.value, 'percent', 'cpu.busy', 'below 75 %'),
          ...(runnable === undefined
            ? []
            : [evidence('runnable tasks', runnable, 'count', 'cpu.runnable', `at most ${n}`)]),
          ...(pressure === undefined
            ? []
            : [
                evidence(
                  'CPU pressure (some, 1 min)',
                  pressure,
                  'percent',
                  'cpu.pressure.some',
                  'below 30 %',
                ),
              ]),
          ...(load5 === undefined
            ? []
            : [evidence('load, 5 min', load5, 'count', 'cpu.load5', `below ${n}`)]),
        ],
      }),
    ];
  },
};

/** Whether one report shows that the CPUs were busy for minutes, not only in the second between the two readings. */
function hasLasted(picture: Picture): boolean {
  const n = cores(picture);
  const load5 = picture.latest('cpu.load5') ?? 0;
  const load15 = picture.latest('cpu.load15') ?? 0;
  if (load5 >= 0.8 * n && load15 >= 0.7 * n) return true;
  const lifetime = (picture.facts.processGroups ?? [])
    .filter((g) => g.startedAt && picture.at - g.startedAt >= 600 && (g.cpuPercent ?? 0) > 30)
    .reduce((sum, g) => sum + g.cpuSeconds / (picture.at - g.startedAt!), 0);
  return lifetime >= 0.7 * n && load5 >= 0.6 * n;
}

/** Load asks for an explanation and is never one: info, load1/cores > 2 (NM, 15 min) or load15/cores > 1.75 (ND load.conf). */
export const cpuLoadHigh: Rule = {
  id: 'cpu.load_high',
  find(picture, state) {
    const n = cores(picture);
    const subject = serverSubject(picture);
    const active = state.active.has(findingKey({ id: 'cpu.load_high', subject }));
    const load1 = picture.latest('cpu.load1');
    const load15 = picture.latest('cpu.load15');
    const raise = state.overrides['cpu.load_high']?.raise;
    const long =
      load15 === undefined
        ? undefined
        : currentRun(
            picture.series('cpu.load15'),
            (v) => v / n > (raise ?? 1.75),
            (v) => v / n > 1.25,
            1,
            active,
          );
    const short =
      load1 === undefined
        ? undefined
        : currentRun(
            picture.series('cpu.load1'),
            (v) => v / n > (raise ?? 2),
            (v) => v / n > 1.5,
            needed(picture, 5),
            active,
          );
    // One load1 alone is a minute's peak; the 15 min mean is what one report can trust.
    const run = short && picture.reports >= 3 ? short : long;
    if (!run) return [];
    const shown = run === short ? load1! : load15!;
    const name = run === short ? '1 min' : '15 min';
    return [
      makeFinding(picture, 'cpu.load_high', {
        subject,
        since: Math.min(
          run.since,
          short && picture.reports >= 3 ? short.since : run.since,
          long?.since ?? run.since,
        ),
        severity: 'info',
        summary: `The load average (${name}) is ${formatCount(shown)} on ${n} ${n === 1 ? 'core' : 'cores'}.`,
        evidence: [
          evidence(
            `load, ${name}`,
            shown,
            'count',
            run === short ? 'cpu.load1' : 'cpu.load15',
            `below ${formatCount(n * (run === short ? 1.5 : 1.25))}`,
          ),
          ...optional(picture, 'tasks that run or wait for a core', 'cpu.runnable'),
          ...optional(picture, 'tasks that wait for a disk', 'cpu.blocked'),
        ],
      }),
    ];
  },
};

function optional(picture: Picture, what: string, name: 'cpu.runnable' | 'cpu.blocked') {
  const value = picture.latest(name);
  return value === undefined ? [] : [evidence(what, value, 'count', name)];
}

/**
 * iowait > 20 % (clear 10, critical 40; ND cpu.conf) confirmed by PSI io (OWN: full > 10 or some > 20); a kernel without PSI is
 * taken at its word, with less confidence. iowait is idle time: busy CPUs hide it, so its absence proves nothing.
 */
export const cpuIowait: Rule = {
  id: 'cpu.iowait',
  find(picture, state): Finding[] {
    if (picture.latest('cpu.iowait') === undefined) return [];
    const subject = serverSubject(picture);
    const active = state.active.has(findingKey({ id: 'cpu.iowait', subject }));
    const bound: Bounds = { raise: 20, clear: 10, critical: 40, ...state.overrides['cpu.iowait'] };
    const run = currentRun(
      picture.series('cpu.iowait'),
      (v) => v > bound.raise,
      (v) => v > bound.clear,
      needed(picture, bound.samples ?? 3),
      active,
    );
    if (!run) return [];
    const full = picture.latest('io.pressure.full');
    const some = picture.latest('io.pressure.some');
    const hasPressure = full !== undefined || some !== undefined;
    if (hasPressure && !active && (full ?? 0) <= 10 && (some ?? 0) <= 20) return [];
    return [
      makeFinding(picture, 'cpu.iowait', {
        subject,
        since: run.since,
        // Critical only when tasks measurably stall: idle cores beside one slow copy are no emergency.
        severity: run.value > bound.critical && (full ?? 0) > 25 ? 'critical' : 'warning',
        bound: boundOf('cpu.iowait', bound, 3, state.overrides['cpu.iowait']),
        confidence: (picture.reports >= 3 ? 0.9 : 0.7) * (hasPressure ? 1 : 0.8),
        summary: `The CPUs spend ${formatPercent(run.value)} of their time idle while tasks wait for a disk.`,
        evidence: [
          evidence('iowait', run.value, 'percent', 'cpu.iowait', 'below 10 %'),
          ...(full === undefined
            ? []
            : [evidence('I/O pressure (full, 1 min)', full, 'percent', 'io.pressure.full', 'below 10 %')]),
          ...optional(picture, 'tasks that wait for a disk', 'cpu.blocked'),
        ],
      }),
    ];
  },
};
