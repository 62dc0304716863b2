// CPU: saturation, load, iowait. One second of a busy CPU proves nothing: these rules want the pressure and the load averages to agree.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import { isCritical, normalOf } from './boundOf.ts';
import { cores, evidence, makeFinding, pictureOf, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import { buildsHere, isBatch } from './expectedWork.ts';
import type { Picture, Rule } from './rule.ts';
import { isWaitedFor } from './waiting.ts';

/** Whether work that is meant to fill the cores and to end took more of them than all else at a moment, be it still there or not. */
function worksOff(picture: Picture, at: number): boolean {
  const then = pictureOf(picture, at);
  const taken = picture
    .subjects('proc.group.cpu')
    .filter((name) => isBatch(picture, name))
    .reduce((sum, name) => sum + (then.latest('proc.group.cpu', name) ?? 0), 0);
  return taken / cores(picture) > 0.5 * (then.latest('cpu.busy') ?? 100);
}

/**
 * Busy, and others wait; info while nobody does, and for a while when most of it is work of packages, compilers or packers. From fewer than
 * three reports it must also have lasted: load or the lifetime CPU of the processes say so.
 */
export const cpuSaturated: Rule = {
  id: 'cpu.saturated',
  find(picture, state) {
    const subject = serverSubject(picture);
    const limits = limitsOf('cpu.saturated');
    const run = gauge(picture, state, { id: 'cpu.saturated', entity: subject });
    if (!run || run.value - (picture.latest('cpu.nice') ?? 0) <= run.bound.clear) return [];
    const active = isActive(state, 'cpu.saturated', subject);
    const n = cores(picture);
    const runnable = picture.latest('cpu.runnable');
    const pressure = picture.latest('cpu.pressure.some');
    const load5 = picture.latest('cpu.load5');
    const queued = (runnable ?? 0) > n || (pressure ?? 0) > limits.pressure;
    const lasted = hasLasted(picture);
    const patience = buildsHere(picture) ? limits.builds : limits.work;
    const calm = picture.reports >= 3 && isWaitedFor(picture, run.since) === false;
    const atWork = picture.reports >= 3 && picture.at - run.since < patience && worksOff(picture, run.at);
    if (picture.reports < 3 ? !lasted : !queued && !active && (load5 ?? n) < (n * limits.load) / 100)
      return [];
    return [
      makeFinding(picture, 'cpu.saturated', {
        subject,
        since: picture.reports < 3 ? picture.at : run.since,
        severity:
          atWork || calm
            ? 'info'
            : isCritical(run.bound, run.value) && (pressure ?? 100) > limits.pressure
              ? 'critical'
              : 'warning',
        bound: run.bound,
        confidence: picture.reports >= 3 ? 0.95 : 0.7,
        summary: `The CPU is ${formatPercent(run.value)} busy${
          runnable === undefined
            ? ''
            : `, with ${formatCount(runnable)} runnable tasks for ${n} ${n === 1 ? 'core' : 'cores'}`
        }.`,
        evidence: [
          evidence('CPU busy', run.value, 'percent', 'cpu.busy', normalOf(run.bound)),
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
                  `below ${formatPercent(limits.pressure)}`,
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

/** Load asks for an explanation and is never one: info. */
export const cpuLoadHigh: Rule = {
  id: 'cpu.load_high',
  find(picture, state) {
    const n = cores(picture);
    const subject = serverSubject(picture);
    const load1 = picture.latest('cpu.load1');
    const load15 = picture.latest('cpu.load15');
    const ask = { id: 'cpu.load_high', entity: subject, times: n } as const;
    const long = gauge(picture, state, { ...ask, metric: 'cpu.load15' });
    const short = gauge(picture, state, { ...ask, metric: 'cpu.load1' });
    // One load1 alone is a minute's peak; the 15 min mean is what one report can trust.
    const run = short ?? long;
    if (!run) return [];
    const shown = run === short ? load1! : load15!;
    const name = run === short ? '1 min' : '15 min';
    return [
      makeFinding(picture, 'cpu.load_high', {
        subject,
        since: Math.min(run.since, long?.since ?? run.since),
        severity: 'info',
        bound: run.bound,
        summary: `The load average (${name}) is ${formatCount(shown)} on ${n} ${n === 1 ? 'core' : 'cores'}.`,
        evidence: [
          evidence(
            `load, ${name}`,
            shown,
            'count',
            run === short ? 'cpu.load1' : 'cpu.load15',
            normalOf(run.bound),
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
 * iowait, confirmed by the pressure of I/O; a kernel without PSI is taken at its word, with less confidence. iowait is idle time: busy CPUs
 * hide it, so its absence proves nothing.
 */
export const cpuIowait: Rule = {
  id: 'cpu.iowait',
  find(picture, state): Finding[] {
    const subject = serverSubject(picture);
    const limits = limitsOf('cpu.iowait');
    const run = gauge(picture, state, { id: 'cpu.iowait', entity: subject });
    if (!run) return [];
    const active = isActive(state, 'cpu.iowait', subject);
    const full = picture.latest('io.pressure.full');
    const some = picture.latest('io.pressure.some');
    const hasPressure = full !== undefined || some !== undefined;
    if (hasPressure && !active && (full ?? 0) <= limits.full && (some ?? 0) <= limits.some) return [];
    return [
      makeFinding(picture, 'cpu.iowait', {
        subject,
        since: run.since,
        // Critical only when tasks measurably stall: idle cores beside one slow copy are no emergency.
        severity: isCritical(run.bound, run.value) && (full ?? 0) > limits.stall ? 'critical' : 'warning',
        bound: run.bound,
        confidence: (picture.reports >= 3 ? 0.9 : 0.7) * (hasPressure ? 1 : 0.8),
        summary: `The CPUs spend ${formatPercent(run.value)} of their time idle while tasks wait for a disk.`,
        evidence: [
          evidence('iowait', run.value, 'percent', 'cpu.iowait', normalOf(run.bound)),
          ...(full === undefined
            ? []
            : [
                evidence(
                  'I/O pressure (full, 1 min)',
                  full,
                  'percent',
                  'io.pressure.full',
                  `below ${formatPercent(limits.full)}`,
                ),
              ]),
          ...optional(picture, 'tasks that wait for a disk', 'cpu.blocked'),
        ],
      }),
    ];
  },
};
