// Ports that are open to the world and must not be: seen from outside, or told by what listens where no firewall stands.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { Listener } from '#core/facts.ts';
import { isPublicAddress } from '#worker/probes/policy.ts';
import { evidence, makeFinding } from './finding.ts';
import { closedOnly } from './layers.ts';
import { isBad, monitorEvidence, portOf, sentence } from './monitors.ts';
import type { MonitorState, Picture, Rule } from './rule.ts';
import { isOpen } from './security.ts';

const databasePorts: Record<number, string> = {
  1433: 'SQL Server',
  3306: 'MySQL',
  33_060: 'MySQL',
  5432: 'PostgreSQL',
  5984: 'CouchDB',
  6379: 'Redis',
  9042: 'Cassandra',
  9200: 'Elasticsearch',
  9300: 'Elasticsearch',
  11_211: 'memcached',
  27_017: 'MongoDB',
};

/** What keeps data behind that port, by its number or else by who listens there. */
function databaseAt(port: number, process: string | undefined): string | undefined {
  return (
    databasePorts[port] ??
    (/mysql|maria|postgres|redis|mongo|memcached|elastic|valkey|clickhouse/.test(process ?? '')
      ? process
      : undefined)
  );
}

/**
 * A port that must be closed answers from outside, and a database is behind it. Docker opens ports past the firewall.
 * Where nobody looks from outside: it listens on a public address, and this server has no firewall.
 */
export const dbExposed: Rule = {
  id: 'sec.db_exposed',
  find: (picture) => [...openFromOutside(picture), ...openFromInside(picture)],
};

function openFromOutside(picture: Picture): Finding[] {
  return picture.monitors
    .filter((m) => m.kind === 'port' && m.code === 'unexpected-open' && isBad(m))
    .flatMap((m) => {
      const port = portAsked(m);
      const listener = picture.facts.listeners?.find((l) => l.port === port && l.protocol === 'tcp');
      const what = databaseAt(port, m.about.process ?? listener?.process);
      if (!what) return [];
      return [
        makeFinding(picture, 'sec.db_exposed', {
          subject: { kind: 'port', name: `${port}/tcp` },
          since: m.since,
          confidence: 0.97,
          summary: `${what} on port ${port} can be reached from the internet.`,
          evidence: [...monitorEvidence(m), ...(listener ? [listensOn(listener)] : [])],
        }),
      ];
    });
}

/** A new server gets its monitors, and each of them its first looks, within minutes: what stands before it is then known. */
const firstLooks = limitsOf('sec.db_exposed').looks;

function openFromInside(picture: Picture): Finding[] {
  if (!isOpen(picture) || (picture.watched && picture.at - picture.from < firstLooks)) return [];
  const asked = new Set(picture.monitors.filter((m) => m.kind === 'port').map(portAsked));
  const seen = new Set<number>();
  return (picture.facts.listeners ?? []).flatMap((l) => {
    const everywhere = /^(0\.0\.0\.0|\*|\[?::\]?)$/.test(l.address);
    const what = databaseAt(l.port, l.process);
    if (!what || l.protocol !== 'tcp' || asked.has(l.port) || seen.has(l.port)) return [];
    if (!everywhere && !isPublicAddress(l.address)) return [];
    seen.add(l.port);
    return [
      makeFinding(picture, 'sec.db_exposed', {
        subject: { kind: 'port', name: `${l.port}/tcp` },
        since: picture.from,
        confidence: 0.8,
        summary: `${what} listens on port ${l.port} of ${everywhere ? 'every address' : l.address}, and this server has no firewall rules.`,
        evidence: [
          listensOn(l),
          evidence('firewall rules', 0, 'count', 'facts.firewall.rules', 'at least a default'),
        ],
      }),
    ];
  });
}

const portAsked = (m: MonitorState) => portOf(m) ?? Number(/:(\d+)$/.exec(m.target)?.[1]);

const listensOn = (l: Listener) =>
  evidence(
    'listens on',
    `${l.address}:${l.port}${l.process ? ` (${l.process})` : ''}`,
    '',
    'facts.listeners',
    '127.0.0.1',
  );

/** Any other port that must be closed, or a scan that found more than expected. */
export const portExposed: Rule = {
  id: 'sec.port_exposed',
  find: (picture) =>
    picture.monitors
      .filter(
        (m) =>
          isBad(m) &&
          ((m.kind === 'port' && m.code === 'unexpected-open') ||
            (m.kind === 'ports' && m.code === 'ports-changed' && !closedOnly(m))),
      )
      .filter((m) => m.kind === 'ports' || openFromOutside({ ...picture, monitors: [m] }).length === 0)
      .map((m) =>
        makeFinding(picture, 'sec.port_exposed', {
          subject: { kind: 'monitor', name: m.name },
          since: m.since,
          summary: `A port is open to the world that should not be: ${sentence(m)}`,
          evidence: monitorEvidence(m),
        }),
      ),
};
