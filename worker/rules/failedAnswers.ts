// Answers of a web server with an error of its own, as its logs tell them: nobody looks at the pages from outside, or not yet.
import { limitsOf } from '#core/conditions/index.ts';
import type { Evidence, Finding, Subject } from '#core/diagnosis.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { formatCount, formatDuration, formatPercent } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { evidence, makeFinding } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';
import { allBackends, isListening, serverErrors } from './sites.ts';

const webServers = /^(nginx|openresty|angie|apache2|httpd|caddy|lighttpd)$/;

/** Where pages are forwarded to and nobody listens. */
function deadBackends(picture: Picture): string[] {
  const dead = allBackends(picture).filter(
    ({ port }) => port !== undefined && isListening(picture, port) === false,
  );
  return [...new Set(dead.map(({ where }) => where))].slice(0, 3);
}

/** What the error logs said of a kind in the last `window` seconds. */
const saidIn = (picture: Picture, kind: string, window: number) =>
  picture.events.filter((e) => e.kind === kind && e.at >= picture.at - window);

const countOf = (events: readonly HostEvent[]) =>
  events.reduce((sum, e) => sum + Number(e.data?.['count'] ?? 1), 0);

const errorLog = 'tail -n 300 /var/log/*/error.log';

/** The program that writes the log: the one that said so itself, or the first web server that is there. */
function webServer(picture: Picture, said: string | undefined): Subject {
  const groups = picture.facts.processGroups ?? [];
  // Red Hat and its kin call Apache by another name.
  const names = said === 'apache2' ? ['apache2', 'httpd'] : said ? [said] : [];
  const group =
    groups.find(({ name }) => names.includes(name)) ?? groups.find(({ name }) => webServers.test(name));
  return { kind: 'process', name: group?.name ?? said ?? 'web server' };
}

/**
 * A share of the newest lines of the access logs that tell of 500 to 599, some reports in a row; or lines of the error log that a backend
 * refuses, still now. Silent where a monitor saw such an answer: that is told by its name.
 */
export const failedAnswers: Rule = {
  id: 'svc.http_5xx',
  find(picture, state): Finding[] {
    const seen = serverErrors(picture);
    if (seen.groups.length + seen.alone.length > 0) return [];
    const { lines, window, fresh } = limitsOf('svc.http_5xx');
    const refusals = saidIn(picture, 'web.backend_refused', window);
    const count = countOf(refusals);
    const refused = count >= lines && refusals.at(-1)!.at >= picture.at - fresh ? refusals : undefined;
    const subject = webServer(picture, refused?.at(-1)?.subject);
    const run = gauge(picture, state, { id: 'svc.http_5xx', entity: subject });
    if (!run && !refused) return [];
    const dead = deadBackends(picture);
    const fatal = countOf(saidIn(picture, 'php.fatal', fresh));
    const shown: Evidence[] = [];
    if (run) shown.push(evidence('failed answers', run.value, 'percent', 'web.failed', normalOf(run.bound)));
    if (refused)
      shown.push(
        evidence(`refusals in the error log in ${formatDuration(window)}`, count, 'count', errorLog, '0'),
      );
    if (fatal > 0)
      shown.push(evidence('fatal errors of PHP in the error log', fatal, 'count', errorLog, '0'));
    for (const where of dead)
      shown.push(evidence(`inside, ${where}`, 'nobody listens', '', 'facts.listeners', 'somebody listens'));
    const share = run
      ? `${subject.name} answers ${formatPercent(run.value)} of its newest requests with an error of the server (500 to 599).`
      : `${subject.name} was refused by its backend ${formatCount(count)} times in ${formatDuration(window)}.`;
    const why = dead.length
      ? ` Nobody listens on ${dead.join(' or ')}, where it forwards to.`
      : fatal > 0
        ? ` PHP ended with a fatal error ${formatCount(fatal)} times in ${formatDuration(fresh)}; its log says in which file.`
        : run && refused
          ? ` Its backend refused ${formatCount(count)} connections in ${formatDuration(window)}.`
          : '';
    return [
      makeFinding(picture, 'svc.http_5xx', {
        subject,
        since: Math.min(run?.since ?? Infinity, refused?.[0]?.at ?? Infinity),
        ...(run ? { bound: run.bound } : {}),
        confidence: refused ? 0.9 : 0.8,
        summary: `${share}${why}`,
        evidence: shown,
      }),
    ];
  },
};
