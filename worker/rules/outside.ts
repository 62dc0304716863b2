// What only the outside can tell: endpoints that fail, files that anyone can read. A monitor that is down was confirmed before.
import type { Finding } from '#core/diagnosis.ts';
import { makeFinding } from './finding.ts';
import { insideOf } from './inside.ts';
import { isBad, monitorEvidence, portOf, sentence, together } from './monitors.ts';
import type { Rule } from './rule.ts';
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

/** A file that should be private answered 200 with its own content. */
export const webrootLeak: Rule = {
  id: 'sec.webroot_leak',
  find(picture): Finding[] {
    return picture.monitors
      .filter((m) => m.kind === 'exposed' && m.code === 'exposed-file' && isBad(m))
      .map((m) =>
        makeFinding(picture, 'sec.webroot_leak', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          confidence: 0.97,
          summary: `Anyone can read private files of ${m.target}: ${sentence(m)}`,
          evidence: monitorEvidence(m),
        }),
      );
  },
};
