// Services from the inside: failed units, processes that are gone.
import { limitsOf } from '#core/conditions/index.ts';
import { findingKey, type Finding } from '#core/diagnosis.ts';
import type { Unit } from '#core/facts.ts';
import { formatCount, formatDuration, formatTime } from '#core/format.ts';
import { own } from '#core/own.ts';
import { isLeftOut, isToldInHalf, processTable } from '#worker/parse/later.ts';
import { cameBack, isOfJob } from '#worker/picture/residents.ts';
import { evidence, makeFinding, processTimes, unitEvidence } from './finding.ts';
import { backendsOf } from './sites.ts';
import type { MonitorState, Picture, Point, Presence, Rule, RuleState } from './rule.ts';
import { within } from './series.ts';

/** ActiveState failed: a state, it fires at once. */
export const unitFailed: Rule = {
  id: 'svc.unit_failed',
  find(picture): Finding[] {
    return (picture.facts.units ?? [])
      .filter((unit) => unit.active === 'failed')
      .map((unit) => {
        const since = unit.changedAt ?? picture.at;
        // Nobody has missed it for long: a thing to tidy up.
        const forgotten = picture.at - since > limitsOf('svc.unit_failed').forgotten;
        // A job that failed once is for today; a service that people use is for now.
        const severity = isJob(picture, unit) ? 'warning' : 'critical';
        return makeFinding(picture, 'svc.unit_failed', {
          subject: { kind: 'unit', name: unit.name },
          since,
          severity: forgotten ? 'info' : severity,
          confidence: 0.98,
          summary: `${unit.name} has failed${how(unit)}${unit.restarts ? ` after ${formatCount(unit.restarts)} ${unit.restarts === 1 ? 'restart' : 'restarts'}` : ''}${
            forgotten ? `, and has not run for ${formatDuration(picture.at - since)}` : ''
          }.`,
          evidence: [
            unitEvidence(unit),
            ...(unit.result ? [evidence('result', unit.result, '', 'facts.units.result', 'success')] : []),
            ...(unit.exitStatus === undefined
              ? []
              : [evidence('exit status', unit.exitStatus, '', 'facts.units.exitStatus', '0')]),
          ],
        });
      });
  },
};

/** What systemd itself says by an exit status, when it could not even run the program (systemd.exec(5)). */
const notRun: Record<number, string> = {
  200: 'its WorkingDirectory cannot be entered',
  203: 'its program cannot be executed',
  209: 'its StandardOutput cannot be opened',
  216: 'its Group is unknown',
  217: 'its User is unknown',
  226: 'its namespaces or paths cannot be set up',
  233: 'its RuntimeDirectory cannot be made',
  238: 'its StateDirectory cannot be made',
};

function how(unit: Unit): string {
  const parts: string[] = [];
  if (unit.result && unit.result !== 'success') parts.push(unit.result);
  if (unit.exitStatus) {
    const { exitStatus: status } = unit;
    // systemd tells the number of the signal, a shell and Docker 128 more: people know the latter.
    const isSignal = unit.exitCode === 'killed' || unit.exitCode === 'dumped';
    const shown = isSignal && status < 128 ? 128 + status : status;
    const reason = isSignal
      ? 'killed'
      : (notRun[status] ?? (shown > 128 && shown <= 128 + 64 ? 'killed' : ''));
    parts.push(`exit ${shown}${reason && `${notRun[status] && !isSignal ? ':' : ','} ${reason}`}`);
  }
  return parts.length ? ` (${parts.join(', ')})` : '';
}

function isJob(picture: Picture, unit: Unit): boolean {
  const name = unit.name.replace(/\.service$/, '');
  return (
    (picture.facts.timers ?? []).some((t) => t.unit === unit.name) ||
    /^(apt-|motd|man-db|logrotate|fstrim|e2scrub|dpkg-db|certbot|systemd-(networkd-wait|tmpfiles|random|update)|snapd|fwupd|cloud-|phpsessionclean)/.test(
      name,
    )
  );
}

/** Programs that come and go by nature, or are ours; and those that only hold a port for a container, which is told by its own name. */
const fleeting =
  /^(sh|bash|dash|ash|sleep|grep|awk|sed|cat|ps|sudo|su|sshd-session|sftp-server|cron|CRON|rootnote.*|kworker.*|systemd-udevd|agetty|login|apt.*|dpkg.*|less|vi|vim|nano|top|htop|tar|rsync|gzip|curl|wget|\(sd-pam\)|systemd-tmpfile|docker-proxy|rootlessport|containerd-shim.*|conmon)$/;

/** Programs that never end by themselves and listen on no TCP port, or need not: on a socket in /run, or for the kernel. */
const daemons =
  /^(php-fpm[\d.]*|uwsgi|supervisord|rsyslogd|syslog-ng|chronyd|ntpd|fail2ban-server|auditd|dockerd|containerd|clamd|rspamd|opendkim|opendmarc|keepalived)$/;

/** How sure it is that a program is gone: the outside or systemd says so as well, or only the table of processes. */
const confirmedBy = { others: 0.97, reports: 0.85 };

/**
 * A process that listened on a port (or was there for 24 h, or is known to be there always) is gone for two reports, or for one when the
 * outside or systemd says the same. A restart by hand, seen at most in one report, stays silent.
 */
export const processVanished: Rule = {
  id: 'proc.vanished',
  find(picture, state): Finding[] {
    const groups = picture.facts.processGroups;
    if (!groups || groups.length === 0) return [];
    const running = new Set(groups.map((g) => g.name));
    // Where this report left the processes of a crowd out, what it says of units and ports is newer.
    const stale = isLeftOut(processTable, picture.facts);
    const isCut = isToldInHalf(picture, processTable);
    const names = new Set(picture.seen?.keys() ?? picture.subjects('proc.group.count'));
    for (const g of picture.previousFacts?.processGroups ?? []) names.add(g.name);
    for (const m of picture.monitors) if (m.about.process) names.add(m.about.process);
    const findings: Finding[] = [];
    for (const name of names) {
      const wasRunning = running.has(name);
      if ((wasRunning && !(stale && isStopped(picture, name))) || fleeting.test(name)) continue;
      const found = vanished(picture, name, state, Number(wasRunning));
      if (found && !(isCut && found.confidence < confirmedBy.others)) findings.push(found);
    }
    return findings;
  },
};

/** Its unit has stopped, and nothing listens on its ports any more. */
function isStopped(picture: Picture, name: string): boolean {
  const monitors = picture.monitors.filter((m) => m.about.process === name);
  const unit = unitOf(picture, name, monitors);
  return (
    unit !== undefined &&
    /^(inactive|failed)$/.test(unit.active) &&
    portsOf(picture, name, monitors).length > 0
  );
}

/** A page that is forwarded to one of these ports fails. */
function isMissed(picture: Picture, ports: readonly number[]): boolean {
  return picture.monitors.some(
    (m) =>
      m.kind === 'http' &&
      m.state === 'down' &&
      backendsOf(picture, m).some(({ port }) => port !== undefined && ports.includes(port)),
  );
}

/** `unread`: reports that left the processes out and miss it all the same. */
function vanished(picture: Picture, name: string, state: RuleState, unread: number): Finding | undefined {
  const seen = presenceOf(picture, name);
  const lastSeen = seen?.last;
  const monitors = picture.monitors.filter((m) => m.about.process === name);
  const down = monitors.filter((m) => m.state === 'down');
  const unit = unitOf(picture, name, monitors);
  const unitGone = unit !== undefined && unit.active !== 'active' && unit.active !== 'activating';
  const listened = portsOf(picture, name, monitors);
  const open = new Set((picture.facts.listeners ?? []).map((l) => l.port));
  // Another program took over its port (an upgrade that renames the binary): nothing is missing.
  if (listened.length > 0 && picture.facts.listeners && listened.some((port) => open.has(port)))
    return undefined;

  const times = reportTimes(picture);
  const missing = lastSeen === undefined ? times.length : times.filter((at) => at > lastSeen).length + unread;
  const present = seen && !comesAndGoes(picture, name, seen) ? seen.last - seen.first : 0;
  const reports = seen?.reports ?? 0;
  const limits = limitsOf('proc.vanished');
  // The kernel says that it killed it: then it did not end by itself.
  const killed = picture.events.some(
    (e) => e.kind === 'kernel.oom_kill' && e.subject === name && e.at >= (lastSeen ?? Infinity) - 60,
  );
  const served = listened.length > 0 || (unit !== undefined && !isJob(picture, unit));
  // Its own age says what reports that began lately cannot.
  const old = wasDaemon(seen, picture) || (ranADay(seen) && (served || killed));
  const stays = present >= limits.old && !isOfJob(seen?.group?.cgroup ?? '');
  const lasting = old || (reports >= 3 && (served || stays || daemons.test(name)));
  const active = state.active.has(findingKey({ id: 'proc.vanished', subject: { kind: 'process', name } }));
  const confirmed = down.length > 0 || unitGone || isMissed(picture, listened);
  if (lastSeen === undefined) {
    // Never seen by these reports: only the outside, which watches it because it once ran, can miss it.
    if (down.length === 0) return undefined;
  } else if (
    !active &&
    !(confirmed && missing >= 1 && (lasting || down.length > 0)) &&
    !(lasting && missing >= limits.missing)
  ) {
    return undefined;
  }

  const firstMissing = times.find((at) => at > (lastSeen ?? 0)) ?? picture.at;
  const outside = down.map((m) => m.since).filter((at) => at > (lastSeen ?? 0));
  const since = Math.min(firstMissing, ...outside);
  return makeFinding(picture, 'proc.vanished', {
    subject: { kind: 'process', name },
    since,
    confidence: confirmed ? confirmedBy.others : confirmedBy.reports,
    summary: `${name} is not running any more${
      lastSeen === undefined ? '' : `; it was last seen at ${formatTime(lastSeen)}`
    }${unit && unitGone ? ` (${unit.name} ${unit.active === 'failed' ? 'has failed' : `is ${unit.active}`})` : ''}.`,
    evidence: [
      evidence(`processes named ${name}`, 0, 'count', `proc.group.count{${name}}`, 'at least 1'),
      ...(lastSeen === undefined
        ? []
        : [evidence('last seen', lastSeen, 'epoch', `proc.group.count{${name}}`)]),
      ...(unit ? [unitEvidence(unit)] : []),
      ...(listened.length
        ? [evidence('ports it listened on', listened.join(', '), '', 'facts.listeners')]
        : []),
    ],
  });
}

/**
 * What comes every night and goes again, as a dump does, or every five minutes, was not there for the time between: most of the reports of the
 * last day, or of the time since it came, do not show it.
 */
function comesAndGoes(picture: Picture, name: string, seen: Presence): boolean {
  const from = Math.max(seen.first, seen.last - 86_400);
  const missed = (shown: number, since: number) =>
    2 * shown < reportTimes(picture).filter((at) => at >= since && at <= seen.last).length;
  const shown = within(picture.series('proc.group.count', name), from, seen.last).filter(([, n]) => n > 0);
  return missed(seen.reports, seen.first) || (shown.length > 0 && missed(shown.length, from));
}

/** The unit that runs a program: named by a monitor, by its own name, or by the usual names of a few. */
export function unitOf(
  picture: Picture,
  process: string,
  monitors: readonly MonitorState[] = [],
): Unit | undefined {
  const base = process.replace(/[\d.]+$/, '');
  const usual: Record<string, string[]> = {
    mysqld: ['mysql', 'mysqld', 'mariadb'],
    mariadbd: ['mariadb', 'mysql'],
    httpd: ['httpd', 'apache2'],
    postgres: ['postgresql', 'postgresql@15-main', 'postgresql@16-main', 'postgresql@17-main'],
    'redis-server': ['redis-server', 'redis', 'redis6'],
    'valkey-server': ['valkey-server', 'valkey'],
    sshd: ['ssh', 'sshd'],
    dockerd: ['docker'],
    'php-fpm': ['php-fpm', process],
    master: ['postfix', 'postfix@-'],
    named: ['named', 'bind9'],
  };
  const names = new Set([
    ...monitors.map((m) => m.about.unit ?? ''),
    `${process}.service`,
    `${base}.service`,
    ...(own(usual, base) ?? own(usual, process) ?? []).map((n) => `${n}.service`),
  ]);
  return picture.facts.units?.find((u) => names.has(u.name));
}

/**
 * A program of the system that had run for a day when it was last seen. Where no report names the process behind a port and no
 * systemd tells of units, this is what tells a service from a job. Jobs of users and threads of the kernel come and go: theirs is one
 * only when a port closed together with it and nobody has opened it since.
 */
function wasDaemon(seen: Presence | undefined, picture: Picture): boolean {
  const { facts } = picture;
  const { users = [], rss = 0 } = seen?.group ?? {};
  const known = (facts.listeners ?? []).some((l) => l.process) || (facts.units ?? []).length > 0;
  const ofUser = users.some((u) => (facts.users?.find((one) => one.name === u)?.uid ?? Number(u)) >= 1000);
  return !known && rss > 0 && ranADay(seen) && (!ofUser || closedWith(seen!, picture));
}

/** Whether a TCP port that is still closed was last open in the last report that showed a program. */
function closedWith({ last }: Presence, picture: Picture): boolean {
  const next = reportTimes(picture).find((at) => at > last) ?? picture.at;
  const open = new Set((picture.facts.listeners ?? []).map(({ port }) => port));
  return picture.events.some(
    ({ kind, at, data }) =>
      kind === 'listener.closed' &&
      at > last &&
      at <= next &&
      data?.['protocol'] === 'tcp' &&
      !open.has(Number(data['port'])),
  );
}

const ranADay = (seen: Presence | undefined) =>
  seen?.group?.startedAt !== undefined && seen.last - seen.group.startedAt >= limitsOf('proc.vanished').old;

/** Ports that a program listened on before, by the facts of the report before or by its monitors. */
function portsOf(picture: Picture, name: string, monitors: readonly MonitorState[]): number[] {
  const before = [...(picture.previousFacts?.listeners ?? []), ...(picture.facts.listeners ?? [])];
  return [
    ...new Set([
      ...before.filter((l) => l.process === name).map((l) => l.port),
      ...(picture.served?.get(name) ?? []),
      ...monitors.flatMap((m) => (m.about.port ? [m.about.port] : [])),
    ]),
  ].toSorted((a, b) => a - b);
}

function presenceOf(picture: Picture, name: string): Presence | undefined {
  const seen = picture.seen?.get(name);
  const points = newestRun(
    picture.series('proc.group.count', name).filter(([, count]) => count > 0),
    picture,
  );
  if (points.length === 0) return seen;
  if (seen && points[0]![0] <= seen.last)
    return {
      first: Math.min(seen.first, points[0]![0]),
      last: Math.max(seen.last, points.at(-1)![0]),
      reports: Math.max(seen.reports, points.length),
      group: seen.group,
    };
  return { first: points[0]![0], last: points.at(-1)![0], reports: points.length };
}

/** The points since a program last came back after reports that missed it. */
function newestRun(points: readonly Point[], picture: Picture): readonly Point[] {
  const times = reportTimes(picture);
  const start = points.findLastIndex(([at], i) => {
    const before = points[i - 1]?.[0];
    return cameBack(before, at) && times.some((time) => time > before! && time < at);
  });
  return start < 0 ? points : points.slice(start);
}

/** Moments at which the processes were read; where that is not told, those of the reports, or a series that every report has. */
function reportTimes(picture: Picture): readonly number[] {
  const times = processTimes(picture);
  if (times.length) return times;
  for (const metric of ['mem.available', 'cpu.load1'] as const) {
    const points = picture.series(metric);
    if (points.length) return points.map((p) => p[0]);
  }
  return [picture.at];
}
