// A service that cannot have its port, because another program listens there.
import type { Finding } from '#core/diagnosis.ts';
import { own } from '#core/own.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { evidence, makeFinding, unitEvidence } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

/** Ports that a unit wants, and names under which it may rightly hold them. */
const wanted: Record<string, { ports: number[]; owner: RegExp }> = {
  nginx: { ports: [80, 443], owner: /^nginx/ },
  apache2: { ports: [80, 443], owner: /^(apache2|httpd)/ },
  httpd: { ports: [80, 443], owner: /^(httpd|apache2)/ },
  lighttpd: { ports: [80, 443], owner: /^lighttpd/ },
  caddy: { ports: [80, 443], owner: /^caddy/ },
  haproxy: { ports: [80, 443], owner: /^haproxy/ },
  mariadb: { ports: [3306], owner: /^(mariadbd|mysqld)/ },
  mysql: { ports: [3306], owner: /^(mariadbd|mysqld)/ },
  postgresql: { ports: [5432], owner: /^post(gres|master)/ },
  'redis-server': { ports: [6379], owner: /^redis/ },
  redis: { ports: [6379], owner: /^redis/ },
  valkey: { ports: [6379], owner: /^valkey/ },
  postfix: { ports: [25], owner: /^(master|postfix)/ },
  ssh: { ports: [22], owner: /^(sshd|systemd)/ },
  named: { ports: [53], owner: /^named/ },
  bind9: { ports: [53], owner: /^named/ },
  dnsmasq: { ports: [53], owner: /^dnsmasq/ },
  unbound: { ports: [53], owner: /^unbound/ },
};

/** A unit that fails to start while another program has its port; or a web server's own "Address already in use". */
export const portConflict: Rule = {
  id: 'svc.port_conflict',
  find(picture): Finding[] {
    const failed = failedUnits(picture);
    const known = new Set(failed.map(({ subject }) => subject.name));
    return [...failed, ...complained(picture).filter(({ subject }) => !known.has(subject.name))];
  },
};

function failedUnits(picture: Picture): Finding[] {
  return (picture.facts.units ?? []).flatMap((unit) => {
    const failing =
      unit.active === 'failed' || (unit.active === 'activating' && /auto-restart/.test(unit.sub));
    if (!failing || unit.result === 'oom-kill') return [];
    const rule = own(wanted, unit.name.replace(/(@.*)?\.service$/, ''));
    if (!rule) return [];
    const other = (picture.facts.listeners ?? []).find(
      (l) => rule.ports.includes(l.port) && l.process !== undefined && !rule.owner.test(l.process),
    );
    const mine = (picture.facts.listeners ?? []).some(
      (l) => rule.ports.includes(l.port) && l.process !== undefined && rule.owner.test(l.process),
    );
    if (!other || mine) return [];
    return [
      makeFinding(picture, 'svc.port_conflict', {
        subject: { kind: 'unit', name: unit.name },
        since: unit.changedAt,
        confidence: 0.85,
        summary: `${unit.name} cannot start: ${other.process} already listens on its port ${other.port}.`,
        evidence: [
          evidence(
            `port ${other.port} belongs to`,
            other.process!,
            '',
            'facts.listeners',
            unit.name.replace(/\.service$/, ''),
          ),
          unitEvidence(unit),
        ],
      }),
    ];
  });
}

/** What a web server wrote, as long as it is so: somebody else has the port, and it was not started anew since. */
function complained(picture: Picture): Finding[] {
  const newest = new Map<string, HostEvent>();
  for (const event of picture.events) if (event.kind === 'web.port_taken') newest.set(event.subject, event);
  return [...newest.values()].flatMap((event) => {
    const port = Number(/:(\d{1,5}): the address/.exec(event.text)?.[1]);
    const names = event.subject === 'nginx' ? ['nginx'] : ['apache2', 'httpd'];
    const others = (picture.facts.listeners ?? []).filter((l) => l.protocol === 'tcp' && l.port === port);
    const group = picture.facts.processGroups?.find((g) => names.includes(g.name));
    // A note of a minute's exactness.
    const startedSince = group?.startedAt !== undefined && group.startedAt > event.at + 60;
    if (others.length === 0 || others.some((l) => names.includes(l.process ?? '')) || startedSince) return [];
    const holder = others.find((l) => l.process)?.process;
    const unit = picture.facts.units?.find((u) => names.includes(u.name.replace(/\.service$/, '')));
    const name = names[0]!;
    // What ran long before goes on; a start that waits for the port, or is tried again and again, is there at some looks, too.
    const goesOn =
      group !== undefined &&
      (group.startedAt ?? 0) < event.at - 60 &&
      !/^(activating|failed)$/.test(unit?.active ?? '');
    return [
      makeFinding(picture, 'svc.port_conflict', {
        subject: unit
          ? { kind: 'unit', name: unit.name }
          : { kind: 'process', name: group?.name ?? event.subject },
        since: event.at,
        confidence: holder ? 0.9 : 0.7,
        summary: goesOn
          ? `${group.name} goes on with its old configuration: ${holder ?? 'another program'} already listens on port ${port}, which the new one names.`
          : `${unit?.name ?? name} cannot start: ${holder ?? 'another program'} already listens on its port ${port}.`,
        evidence: [
          evidence('error log', event.text, '', 'tail -n 300 /var/log/*/error.log'),
          ...(holder ? [evidence(`port ${port} belongs to`, holder, '', 'facts.listeners', name)] : []),
        ],
      }),
    ];
  });
}
