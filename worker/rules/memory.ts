// Memory as a whole: how little is left, how much was promised, how much the hypervisor took back.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { evidence, makeFinding, pictureOf, ramBytes, serverSubject } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Rule } from './rule.ts';
import { within } from './series.ts';

/** Next to nothing is available, or tasks stand still for lack of memory. */
export const memCritical: Rule = {
  id: 'mem.critical',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const low = gauge(picture, state, {
      id: 'mem.critical',
      entity,
      metric: 'mem.available_percent',
    });
    const stalled = gauge(picture, state, {
      id: 'mem.critical',
      entity,
      metric: 'mem.pressure.full',
    });
    const run = low ?? stalled;
    if (!run) return [];
    // Both bounds end later than they begin: what is said must be so now.
    const isRaised = low !== undefined && low.value < low.bound.raise;
    const exhausted = low !== undefined && (isRaised || !stalled);
    const then = pictureOf(picture, run.at);
    const available = then.latest('mem.available');
    const percent = then.latest('mem.available_percent');
    const full = then.latest('mem.pressure.full');
    return [
      makeFinding(picture, 'mem.critical', {
        subject: entity,
        since: Math.min(low?.since ?? Infinity, stalled?.since ?? Infinity),
        bound: (exhausted ? low : run).bound,
        summary: exhausted
          ? `Memory is ${isRaised ? '' : 'nearly '}exhausted: ${formatPercent(low.value)} is available${available === undefined ? '' : ` (${formatBytes(available)})`}.`
          : `All tasks stand still for lack of memory ${formatPercent((stalled ?? run).value)} of the time.`,
        evidence: [
          ...(percent === undefined
            ? []
            : [evidence('memory available', percent, 'percent', 'mem.available_percent', 'above 15 %')]),
          ...(full === undefined
            ? []
            : [evidence('memory pressure (full, 1 min)', full, 'percent', 'mem.pressure.full', 'below 5 %')]),
        ],
      }),
    ];
  },
};

/** Promised memory beyond the limit when overcommit is off, or far beyond RAM and swap. */
export const memOvercommit: Rule = {
  id: 'mem.overcommit',
  find(picture): Finding[] {
    const committed = picture.latest('mem.committed');
    const ram = ramBytes(picture);
    if (committed === undefined || !ram) return [];
    const strict = picture.facts.memory?.overcommit === 2;
    const limit = picture.latest('mem.commit_limit');
    const swap = picture.latest('mem.swap_total') ?? picture.facts.memory?.swapTotal ?? 0;
    const limits = limitsOf('mem.overcommit');
    const bound = strict && limit ? (limits.strict / 100) * limit : limits.times * (ram + swap);
    if (committed <= bound) return [];
    return [
      makeFinding(picture, 'mem.overcommit', {
        subject: serverSubject(picture),
        severity: strict ? 'warning' : 'info',
        latent: !strict,
        summary: `Programs were promised ${formatBytes(committed)} of memory; ${formatBytes(strict && limit ? limit : ram + swap)} can be backed.`,
        evidence: [
          evidence('memory promised', committed, 'bytes', 'mem.committed', `below ${formatBytes(bound)}`),
          evidence('RAM and swap', ram + swap, 'bytes', 'mem.total'),
          evidence(
            'vm.overcommit_memory',
            picture.facts.memory?.overcommit ?? 'unknown',
            '',
            'facts.memory.overcommit',
          ),
        ],
      }),
    ];
  },
};

/** MemTotal fell without a reboot, or the balloon holds a part of the RAM. */
export const memBalloon: Rule = {
  id: 'virt.balloon',
  find(picture): Finding[] {
    const { share, window } = limitsOf('virt.balloon');
    const least = share / 100;
    const totals = within(picture.series('mem.total'), picture.at - window, picture.at);
    const most = Math.max(0, ...totals.map((p) => p[1]));
    const now = ramBytes(picture);
    const balloon = picture.latest('mem.balloon') ?? 0;
    if (!now) return [];
    const bootedAt = picture.uptime === undefined ? 0 : picture.at - picture.uptime;
    const before = totals.filter(([at]) => at > bootedAt).map((p) => p[1]);
    const lost = before.length ? Math.max(...before) - now : 0;
    const taken = Math.max(lost, balloon);
    if (taken <= least * Math.max(now, most)) return [];
    const drop = totals.find(([, v], i) => i > 0 && v < totals[i - 1]![1] - 0.05 * most)?.[0];
    const rise = within(picture.series('mem.balloon'), picture.at - window, picture.at).find(
      ([, v]) => v > least * now,
    )?.[0];
    return [
      makeFinding(picture, 'virt.balloon', {
        subject: serverSubject(picture),
        since: drop ?? rise,
        summary: `The hypervisor has taken back ${formatBytes(taken)} of this server's memory.`,
        evidence: [
          evidence(
            'memory taken back',
            taken,
            'bytes',
            balloon >= lost ? 'mem.balloon' : 'mem.total',
            'near 0',
          ),
          evidence('memory that is left', now, 'bytes', 'mem.total'),
        ],
      }),
    ];
  },
};
