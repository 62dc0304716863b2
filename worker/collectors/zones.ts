// Zones that a DNS server answers for, from the configuration of BIND, NSD, Knot and PowerDNS. Zones that PowerDNS keeps in a database
// stand in no file.
import type { Facts } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import { configFiles } from './configLines.ts';

/** More than monitors are set up for. */
const mostZones = 500;

const readers: [path: RegExp, read: (lines: string[]) => string[]][] = [
  [/^\/etc\/(bind|named)[./]|^\/etc\/(powerdns|pdns)\/[^:]{0,100}\.conf$/, bindZones],
  [/^\/etc\/nsd\//, nsdZones],
  [/^\/etc\/knot\//, knotZones],
];

export function zonesIn(report: Report): NonNullable<Facts['dnsZones']> {
  return readers.flatMap(([path, read]) =>
    configFiles(report, path).flatMap(([source, lines]) =>
      [...new Set(read(lines).map(plainName))].slice(0, mostZones).map((name) => ({ name, source })),
    ),
  );
}

function plainName(text: string): string {
  return text
    .replace(/^["']|["']$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/**
 * `zone "example.org" IN { type primary; … };` on one line or several. Zones that are forwarded, or the root, are not its own.
 * https://bind9.readthedocs.io/en/latest/reference.html#zone-block-grammar
 */
function bindZones(lines: string[]): string[] {
  const zones: string[] = [];
  let name: string | undefined;
  for (const line of lines) {
    name = /^zone\s{1,40}"?([^"\s{]{1,255})"?/.exec(line)?.[1] ?? name;
    const type = /(?:^|[{;\s])type\s{1,40}(\w{1,20})/.exec(line)?.[1];
    if (!type || name === undefined) continue;
    if (/^(master|primary|slave|secondary|native)$/.test(type)) zones.push(name);
    name = undefined;
  }
  return zones;
}

/** `zone:` and below it `name: "example.org"`; a name without that heading is one of a key or a pattern. https://nsd.docs.nlnetlabs.nl/en/latest/manpages/nsd.conf.html */
function nsdZones(lines: string[]): string[] {
  const zones: string[] = [];
  let begun = false;
  for (const line of lines) {
    begun ||= /^zone:/.test(line);
    const name = /^(?:zone:\s{0,40})?name:\s{0,40}("[^"]{1,255}"|[^\s#"]{1,255})/.exec(line)?.[1];
    if (name === undefined) continue;
    if (begun) zones.push(name);
    begun = false;
  }
  return zones;
}

/** `- domain: example.org` below `zone:`. https://www.knot-dns.cz/docs/latest/html/reference.html#zone-section */
function knotZones(lines: string[]): string[] {
  return lines.flatMap((line) => /^- domain:\s{0,40}("[^"]{1,255}"|[^\s#"]{1,255})/.exec(line)?.[1] ?? []);
}
