// The system as a whole: restarts, crashes, and whether the agent reports.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { PartialSection } from '#core/snapshot.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import type { Rule } from './rule.ts';

/** Up for some minutes only. */
export const sysRebooted: Rule = {
  id: 'sys.rebooted',
  find(picture): Finding[] {
    const limit = limitsOf('sys.rebooted').uptime;
    if (picture.uptime === undefined || picture.uptime >= limit) return [];
    return [
      makeFinding(picture, 'sys.rebooted', {
        subject: serverSubject(picture),
        since: picture.at - picture.uptime,
        severity: 'info',
        summary: `The server restarted ${formatDuration(picture.uptime)} ago.`,
        evidence: [
          evidence(
            'uptime',
            picture.uptime,
            'seconds',
            'cat /proc/uptime',
            `longer than ${formatDuration(limit)}`,
          ),
        ],
      }),
    ];
  },
};

/** The kernel said oops, BUG, panic or lockup in the last day. */
export const sysCrash: Rule = {
  id: 'sys.crash',
  find(picture): Finding[] {
    const events = picture.events.filter(
      (e) =>
        /^kernel\.(oops|panic|lockup)$/.test(e.kind) && e.at >= picture.at - limitsOf('sys.crash').window,
    );
    const last = events.at(-1);
    if (!last) return [];
    return [
      makeFinding(picture, 'sys.crash', {
        subject: serverSubject(picture),
        since: events[0]!.at,
        confidence: 0.95,
        summary: `The kernel reported an error of its own: ${last.text}.`,
        evidence: [
          evidence('kernel log', last.text, '', 'dmesg'),
          evidence('how often in a day', events.length, 'count', 'dmesg', '0'),
        ],
      }),
    ];
  },
};

/** No report for three of the agent's intervals. One report alone has no interval: it was sent by hand, and its silence wakes nobody. */
export const agentSilent: Rule = {
  id: 'agent.silent',
  find(picture): Finding[] {
    const quiet = picture.now - picture.at;
    const { silence } = limitsOf('agent.silent');
    if (quiet <= silence) return [];
    const down = picture.monitors.filter((m) => m.state === 'down');
    const ping = picture.monitors.find((m) => m.kind === 'ping');
    const alone = picture.reports === 1;
    return [
      makeFinding(picture, 'agent.silent', {
        subject: serverSubject(picture),
        since: picture.at + 60,
        ...(alone && { severity: 'info' }),
        summary: `${alone ? 'After its first report no other' : 'No report'} has come for ${formatDuration(quiet)}${
          ping
            ? `; from outside the server ${ping.state === 'down' ? 'does not answer either' : 'answers'}`
            : ''
        }.`,
        evidence: [
          evidence('last report', picture.at, 'epoch', 'report', `within ${formatDuration(silence)}`),
          ...(ping ? [evidence(ping.name, ping.state, '', `monitor ping ${ping.target}`, 'up')] : []),
          ...(down.length ? [evidence('monitors that are down', down.length, 'count', 'monitors', '0')] : []),
        ],
      }),
    ];
  },
};

function notInFull(sections: readonly PartialSection[]): string {
  const many = `${formatCount(sections.length)} ${sections.length === 1 ? 'section' : 'sections'}`;
  if (sections.every((p) => p.kind === 'rights'))
    return `The agent runs without root and leaves ${many} out.`;
  const names = sections.slice(0, 2).map((p) => `“${p.section.slice(0, 40)}”`);
  return `${many} of the report could not be read in full: ${names.join(', ')}${sections.length > 2 ? ' and others' : ''}.`;
}

/** Sections that the agent could not read, or that were not understood. A program that is not installed is no fault. */
export const agentPartial: Rule = {
  id: 'agent.partial',
  find(picture): Finding[] {
    // The first agents asked systemd before 239 for a word that it does not know; chrony or ntpd tell of the clock there.
    const bad = picture.partial.filter(
      (p) => p.kind !== 'missing' && !(p.kind === 'failed' && p.section === 'timedatectl show'),
    );
    if (bad.length === 0) return [];
    // What is so of the report as a whole is told as it is.
    const sections = bad.filter((p) => p.section !== 'report');
    const whole = bad.filter((p) => p.section === 'report').map((p) => p.reason);
    return [
      makeFinding(picture, 'agent.partial', {
        subject: serverSubject(picture),
        severity: 'info',
        summary: [...whole, ...(sections.length ? [notInFull(sections)] : [])].join(' '),
        evidence: bad.slice(0, 6).map((p) => evidence(p.section, p.reason, '', 'report', 'complete')),
      }),
    ];
  },
};
