// Services that start again and again, or did not run when they should; containers.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { Facts, Unit } from '#core/facts.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import { evidence, makeFinding, unitEvidence } from './finding.ts';
import { isActive } from './gauge.ts';
import type { Rule } from './rule.ts';
import { firstRise, totalRise } from './series.ts';

const hour = 3600;

const isWaiting = (unit: Unit | undefined) => unit?.active === 'activating' && /auto-restart/.test(unit.sub);

/** Many restarts within minutes or an hour; or caught between two starts with a high count. */
export const restartLoop: Rule = {
  id: 'svc.restart_loop',
  find(picture, state): Finding[] {
    const limits = limitsOf('svc.restart_loop');
    return (picture.facts.units ?? []).flatMap((unit) => {
      // systemd gave up: that it has failed is told, with how often it was tried.
      if (unit.active === 'failed') return [];
      const series = picture.series('unit.restarts', unit.name);
      const entity = { kind: 'unit', name: unit.name } as const;
      const hourly = totalRise(series, picture.at - limits.hour);
      const starts = picture.events.filter(
        (e) => e.kind === 'unit.restarted' && e.subject === unit.name && e.at > picture.at - limits.hour,
      );
      // systemd before 235 does not count: there each start that was seen does, once it was seen to end by itself.
      const quick =
        unit.restarts === undefined && starts.some((e) => e.data?.['byItself'])
          ? starts.filter((e) => e.at > picture.at - limits.quickWindow).length
          : totalRise(series, picture.at - limits.quickWindow);
      const waiting = isWaiting(unit);
      const count = Math.max(hourly, starts.length);
      // The list of each minute counts nothing: between two starts at two looks in a row, where it ran at the last full report.
      const before = picture.previousFacts?.units?.find((u) => u.name === unit.name);
      const again = waiting && isWaiting(before) && !/^success$/.test(unit.result ?? '');
      const looping =
        quick > limits.quick ||
        again ||
        count > limits.hourly ||
        (waiting && (unit.restarts ?? 0) > limits.hourly) ||
        (waiting && isActive(state, 'svc.restart_loop', entity));
      if (!looping) return [];
      const first = firstRise(series, picture.at - limits.hour) ?? starts[0]?.at;
      return [
        makeFinding(picture, 'svc.restart_loop', {
          subject: entity,
          since: first,
          confidence: 0.95,
          summary: `${unit.name} starts again and again: ${
            count > 0
              ? `${formatCount(count)} restarts in the last hour`
              : unit.restarts
                ? `${formatCount(unit.restarts)} restarts since it was loaded`
                : 'at two reports in a row systemd waited to start it'
          }${unit.result && unit.result !== 'success' ? ` (${unit.result})` : ''}.`,
          evidence: [
            evidence(
              `restarts of ${unit.name}`,
              count || (unit.restarts ?? 0),
              'count',
              `unit.restarts{${unit.name}}`,
              '0',
            ),
            // At this moment it may just run: that says nothing of how it ends.
            ...(unit.active === 'active' ? [] : [unitEvidence(unit)]),
            ...(unit.result && unit.result !== 'success'
              ? [evidence('result', unit.result, '', 'facts.units.result', 'success')]
              : []),
            ...(unit.exitStatus
              ? [evidence('exit status', unit.exitStatus, '', 'facts.units.exitStatus', '0')]
              : []),
          ],
        }),
      ];
    });
  },
};

/**
 * Overdue, or not run for several of its periods. While what it starts still runs it has no next time: of a job that has to end (its unit
 * is still starting) that is told after some days.
 */
export const timerMissed: Rule = {
  id: 'svc.timer_missed',
  find(picture): Finding[] {
    if ((picture.uptime ?? Infinity) < hour) return [];
    const limits = limitsOf('svc.timer_missed');
    return (picture.facts.timers ?? []).flatMap((t) => {
      const period = t.lastAt !== undefined && t.nextAt !== undefined ? t.nextAt - t.lastAt : undefined;
      const overdue =
        t.nextAt !== undefined && t.nextAt < picture.at - limits.late && (t.lastAt ?? 0) < t.nextAt;
      const late =
        period !== undefined &&
        period > 0 &&
        t.lastAt !== undefined &&
        picture.at - t.lastAt > limits.periods * Math.max(period, hour);
      const ago = t.lastAt === undefined ? undefined : picture.at - t.lastAt;
      const job = picture.facts.units?.find((u) => u.name === t.unit);
      const hangs =
        t.nextAt === undefined && ago !== undefined && ago > limits.hangs && job?.active === 'activating';
      if (!overdue && !late && !hangs) return [];
      return [
        makeFinding(picture, 'svc.timer_missed', {
          subject: { kind: 'job', name: t.name },
          since: t.nextAt ?? picture.at,
          confidence: 0.8,
          summary: hangs
            ? `${t.name} started ${t.unit} ${formatDuration(ago)} ago; that still runs, and until it ends the timer does not start it again.`
            : `${t.name} has not run when it should${ago === undefined ? '' : `; its last run was ${formatDuration(ago)} ago`}.`,
          evidence: [
            ...(t.lastAt === undefined
              ? []
              : [evidence('last run', t.lastAt, 'epoch', 'facts.timers.lastAt')]),
            ...(t.nextAt === undefined
              ? []
              : [evidence('due', t.nextAt, 'epoch', 'facts.timers.nextAt', 'in the future')]),
          ],
        }),
      ];
    });
  },
};

/**
 * The job of a build that ends with an error is nobody's outage: it ran for less than ten minutes and is removed soon. What still lies
 * there after three minutes is told.
 */
const isBriefJob = (at: number, c: NonNullable<Facts['containers']>[number]) =>
  c.justEnded === true &&
  c.startedAt !== undefined &&
  at - c.startedAt < limitsOf('svc.container_unhealthy').job;

/** Unhealthy by its own check, or exited with an error. A container that was stopped on purpose (0, 143) is none. */
export const containerUnhealthy: Rule = {
  id: 'svc.container_unhealthy',
  find(picture): Finding[] {
    return (picture.facts.containers ?? []).flatMap((c) => {
      const ill = c.health === 'unhealthy';
      const died =
        /^(exited|dead)$/.test(c.state) && c.exitCode !== undefined && ![0, 130, 143].includes(c.exitCode);
      if (!ill && (!died || isBriefJob(picture.at, c))) return [];
      return [
        makeFinding(picture, 'svc.container_unhealthy', {
          subject: { kind: 'container', name: c.name },
          // Nobody has missed it for a month: a thing to tidy up.
          ...(died && !ill && c.longGone ? { severity: 'info' as const } : {}),
          summary: ill
            ? `The container ${c.name} fails its own health check.`
            : `The container ${c.name} has ended with exit ${c.exitCode}${c.oomKilled ? ', killed for lack of memory' : ''}${c.longGone ? ', more than four weeks ago' : ''}.`,
          evidence: [
            evidence(
              `state of ${c.name}`,
              c.health ? `${c.state} (${c.health})` : c.state,
              '',
              'facts.containers.state',
              'running (healthy)',
            ),
            ...(c.exitCode === undefined
              ? []
              : [evidence('exit code', c.exitCode, '', 'facts.containers.exitCode', '0')]),
            evidence('image', c.image, '', 'facts.containers.image'),
          ],
        }),
      ];
    });
  },
};

/** "restarting", or several restarts more than in the report before, or within minutes. */
export const containerLoop: Rule = {
  id: 'svc.container_loop',
  find(picture): Finding[] {
    const limits = limitsOf('svc.container_loop');
    return (picture.facts.containers ?? []).flatMap((c) => {
      const before = picture.previousFacts?.containers?.find((o) => o.id === c.id)?.restarts;
      const events = picture.events
        .filter(
          (e) =>
            e.kind === 'container.restarted' && e.subject === c.name && e.at > picture.at - limits.window,
        )
        .reduce((sum, e) => sum + Number(e.data?.['times'] ?? 1), 0);
      const young = c.startedAt !== undefined && picture.at - c.startedAt < limits.window;
      const looping =
        (c.state === 'restarting' && c.restarts > limits.restarts) ||
        (before !== undefined && c.restarts - before > limits.restarts) ||
        events > limits.restarts ||
        (c.restarts > limits.many && young);
      if (!looping) return [];
      return [
        makeFinding(picture, 'svc.container_loop', {
          subject: { kind: 'container', name: c.name },
          summary: `The container ${c.name} restarts again and again (${formatCount(c.restarts)} times so far)${c.oomKilled ? '; it was killed for lack of memory' : ''}.`,
          evidence: [
            evidence(`restarts of ${c.name}`, c.restarts, 'count', 'facts.containers.restarts', '0'),
            evidence('state', c.state, '', 'facts.containers.state', 'running'),
            ...(c.exitCode === undefined
              ? []
              : [evidence('exit code', c.exitCode, '', 'facts.containers.exitCode', '0')]),
          ],
        }),
      ];
    });
  },
};
