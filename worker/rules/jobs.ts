// Jobs that run twice or missed their time, and what was changed shortly before.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatDuration, formatTime } from '#core/format.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { missedHeartbeats } from './backups.ts';
import { belongsTo, unitStem } from './belongsTo.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

const hour = 3600;
const day = 86_400;

/** Seconds between two runs of a cron line, for the schedules that are easy to read; undefined otherwise. */
export function cronPeriod(schedule: string): number | undefined {
  const word = { '@hourly': hour, '@daily': day, '@midnight': day, '@weekly': 7 * day }[schedule.trim()];
  if (word) return word;
  const [minute = '', hours = '', dom = '', , dow = ''] = schedule.trim().split(/\s+/);
  if (minute === '*') return 60;
  const step = /^\*\/(\d+)$/.exec(minute);
  if (step) return 60 * Number(step[1]);
  if (!/^\d+$/.test(minute)) return undefined;
  if (hours === '*') return hour;
  const hourStep = /^\*\/(\d+)$/.exec(hours);
  if (hourStep) return hour * Number(hourStep[1]);
  if (/^\d+$/.test(hours) && dom === '*') return dow === '*' ? day : 7 * day;
  return undefined;
}

/**
 * What stands first in the lines of many jobs and is run by others, too: two of them need not be the same job. The agent tells the
 * first word alone. `sleep` begins the agent's own line; `php artisan schedule:run` each minute stands beside `php artisan queue:work`.
 */
const starters =
  /^(\[|\.|:|[a-z]?sh|bash|dash|busybox|cd|command|echo|env|find|chronic|docker|ionice|java|node|nice|perl|php|podman|python|ruby|runuser|sleep|su|sudo|systemctl|test|timeout|true|umask)[\d.]*$/;

/** A scheduled program runs twice, and the older one for longer than its period. */
export const cronOverlap: Rule = {
  id: 'job.cron_overlap',
  find(picture): Finding[] {
    const told = new Set<string>();
    return (picture.facts.cronJobs ?? []).flatMap((job) => {
      const period = cronPeriod(job.schedule);
      const name =
        job.command
          .split(/\s+/)
          .find((w) => /\//.test(w) || /\.(sh|py|pl|php)$/.test(w))
          ?.split('/')
          .at(-1) ?? job.command.split(/\s+/)[0];
      const group = picture.facts.processGroups?.find(
        (g) => g.name === name?.slice(0, 15) || g.name === name,
      );
      if (
        !period ||
        !group ||
        starters.test(group.name) ||
        told.has(group.name) ||
        group.count < 2 ||
        !group.startedAt
      )
        return [];
      const age = picture.at - group.startedAt;
      if (age < period) return [];
      told.add(group.name);
      return [
        makeFinding(picture, 'job.cron_overlap', {
          subject: { kind: 'job', name: group.name },
          since: group.startedAt + period,
          confidence: 0.85,
          summary: `${group.name} runs ${formatCount(group.count)} times at once: it is started every ${formatDuration(period)} and takes longer.`,
          evidence: [
            evidence(`processes named ${group.name}`, group.count, 'count', 'facts.processGroups.count', '1'),
            evidence('oldest started', group.startedAt, 'epoch', 'facts.processGroups.startedAt'),
            evidence('schedule', job.schedule, '', 'facts.cronJobs.schedule'),
          ],
        }),
      ];
    });
  },
};

/** Watched configuration changed lately. */
export const changeConfig: Rule = {
  id: 'change.config',
  find: (picture) =>
    picture.events
      .filter(
        (e) =>
          /^(config\.(changed|added|removed)|setting\.changed|sshd\.changed)$/.test(e.kind) &&
          // "And 12 more changes of this kind" names no file.
          e.subject !== '' &&
          e.at >= picture.at - limitsOf('change.config').window,
      )
      .map((e) =>
        makeFinding(picture, 'change.config', {
          subject: { kind: 'file', name: e.subject },
          since: e.at,
          severity: 'info',
          confidence: 0.95,
          summary: `${e.text.replace(/\.$/, '')}; that was seen at ${formatTime(e.at)}.`,
          evidence: [evidence('seen at', e.at, 'epoch', `event ${e.kind}`)],
        }),
      ),
};

/**
 * Of many changes those that may matter: of each unit that does not run the one package that is named most like it (of httpd, httpd-tools
 * and mod_ssl: httpd), then the last ten that belong to none.
 */
function mattering(picture: Picture, events: readonly HostEvent[]): HostEvent[] {
  const chosen = new Set<HostEvent>();
  const claimed = new Set<HostEvent>();
  for (const unit of picture.facts.units ?? []) {
    if (!/^(failed|activating)$/.test(unit.active)) continue;
    const own = events.filter((e) => belongsTo(e.subject, unit.name));
    for (const e of own) claimed.add(e);
    const stem = unitStem(unit.name);
    const rank = ({ subject }: HostEvent) =>
      subject === stem ? 0 : /-server/.test(subject) ? 1 : subject.startsWith(stem) ? 2 : 3;
    const best = own.toSorted((a, b) => rank(a) - rank(b) || a.subject.length - b.subject.length)[0];
    if (best) chosen.add(best);
  }
  return [...chosen, ...events.filter((e) => !claimed.has(e)).slice(-10)];
}

/** Packages changed lately. */
export const changePackage: Rule = {
  id: 'change.package',
  find(picture): Finding[] {
    const events = picture.events.filter(
      (e) =>
        /^packages?\.(upgraded|updated|installed|removed|changed)$/.test(e.kind) &&
        e.at >= picture.at - limitsOf('change.package').window,
    );
    return mattering(picture, events).map((e) =>
      makeFinding(picture, 'change.package', {
        subject: { kind: 'package', name: e.subject || 'packages' },
        since: e.at,
        severity: 'info',
        confidence: 0.95,
        summary: `${e.text.replace(/\.$/, '')} at ${formatTime(e.at)}.`,
        evidence: [evidence('changed at', e.at, 'epoch', `event ${e.kind}`)],
      }),
    );
  },
};

/** A job that reports in by heartbeat did not. Backups among them are told as such. */
export const heartbeatMissed: Rule = {
  id: 'svc.timer_missed',
  find: (picture) => missedHeartbeats(picture, 'svc.timer_missed'),
};
