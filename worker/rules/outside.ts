// What only the outside can tell: endpoints that fail, files that anyone can read. A monitor that is down was confirmed before.
import { isIP } from 'node:net';
import type { Finding } from '#core/diagnosis.ts';
import { makeFinding } from './finding.ts';
import { insideOf } from './inside.ts';
import { isBad, monitorEvidence, portOf, sentence, together } from './monitors.ts';
import type { MonitorState, Rule } from './rule.ts';
import { muteSites, namesOf, serviceSubject } from './sites.ts';

/**
 * An http monitor (or the port of a service, where no http monitor tells more) is down. Sites of one server that take connections and
 * answer nobody, since the same minutes, are one finding.
 */
export const httpDown: Rule = {
  id: 'svc.http_down',
  find(picture): Finding[] {
    const { groups } = muteSites(picture);
    const grouped = new Set(groups.flatMap(({ monitors }) => monitors));
    const web = picture.monitors.filter((m) => m.kind === 'http' && m.state === 'down');
    const covered = new Set<number | undefined>(web.map(portOf));
    const ports = picture.monitors.filter(
      (m) =>
        m.kind === 'port' && m.state === 'down' && m.code !== 'unexpected-open' && !covered.has(m.about.port),
    );
    const mute = groups.map(({ service, monitors }) =>
      together(
        picture,
        'svc.http_down',
        serviceSubject(service),
        monitors,
        `${monitors.length} sites of ${service} do not answer (${namesOf(monitors)}): ${service} takes the connection, and then no answer comes.`,
      ),
    );
    const single = [...web, ...ports]
      .filter((m) => !grouped.has(m))
      .map((m) => {
        const inside = insideOf(picture, m);
        return makeFinding(picture, 'svc.http_down', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          confidence: 0.95,
          summary: `${m.name} fails: ${sentence(m)}${inside ? ` ${inside.text}` : ''}`,
          evidence: [...monitorEvidence(m), ...(inside?.evidence ?? [])],
        });
      });
    return [...mute, ...single];
  },
};

/**
 * A file that should be private answered 200 with its own content. The same files of the same name by http and https are one leak, and so
 * are those of the bare address: that shows one of the sites.
 */
export const webrootLeak: Rule = {
  id: 'sec.webroot_leak',
  find(picture): Finding[] {
    const files = (m: MonitorState) => sentence(m).replace(/^Anyone can read /, '');
    const host = ({ target }: MonitorState) => (URL.canParse(target) ? new URL(target).hostname : target);
    const isBare = (m: MonitorState) => isIP(host(m).replace(/^\[|\]$/g, '')) !== 0;
    const leaks = picture.monitors
      .filter((m) => m.kind === 'exposed' && m.code === 'exposed-file' && isBad(m))
      // Whatever order they come in, the first of those that are one names it.
      .toSorted((a, b) => Number(isBare(a)) - Number(isBare(b)) || (a.target < b.target ? -1 : 1));
    const siteOf = (m: MonitorState) =>
      host((isBare(m) && leaks.find((o) => !isBare(o) && files(o) === files(m))) || m);
    return [...Map.groupBy(leaks, (m) => `${siteOf(m)} ${files(m)}`).values()].map((same) => {
      const [first] = same as [MonitorState, ...MonitorState[]];
      return makeFinding(picture, 'sec.webroot_leak', {
        subject: { kind: 'monitor', name: first.name },
        since: Math.min(...same.map((m) => m.since)),
        confidence: 0.97,
        summary: `Anyone can read private files of ${same.map((m) => m.target).join(' and ')}: ${files(first)}`,
        evidence: same.flatMap(monitorEvidence),
      });
    });
  },
};
