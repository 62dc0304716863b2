// The lines are those that the agent sends of such files.
import { expect, test } from 'vitest';
import { read } from './sections.fixture.ts';

const zones = (lines: string): string[] =>
  (read({ 'grep -r . /etc': lines }).facts.dnsZones ?? []).map(({ name, source }) => `${name} of ${source}`);

test('NSD: zones, and not the names of keys and patterns', () => {
  expect(
    zones(`/etc/nsd/nsd.conf:    name: "sec"
/etc/nsd/nsd.conf:    name: "master"
/etc/nsd/nsd.conf:zone:
/etc/nsd/nsd.conf:    name: "example.org"
/etc/nsd/nsd.conf:zone: name: "Other.example.org." zonefile: "x"
/etc/nsd/nsd.conf:    name: "another-key"
/etc/nsd/nsd.conf.d/z.conf:    name: "k2" secret: ***
/etc/nsd/nsd.conf.d/z.conf:zone:
/etc/nsd/nsd.conf.d/z.conf:	name: third.example.org`),
  ).toEqual([
    'example.org of /etc/nsd/nsd.conf',
    'other.example.org of /etc/nsd/nsd.conf',
    'third.example.org of /etc/nsd/nsd.conf.d/z.conf',
  ]);
});

test('Knot: the domains', () => {
  expect(
    zones(`/etc/knot/knot.conf:zone:
/etc/knot/knot.conf:  - domain: example.org
/etc/knot/knot.conf:  - domain: "two.example.org."
/etc/knot/knot.conf:  - domain: example.org`),
  ).toEqual(['example.org of /etc/knot/knot.conf', 'two.example.org of /etc/knot/knot.conf']);
});

test('PowerDNS: what its BIND backend is told, not what it forwards', () => {
  expect(
    zones(`/etc/powerdns/pdns.conf:bind-config=/etc/powerdns/named.conf
/etc/powerdns/named.conf:zone "example.org" { type native; file "/x"; };
/etc/powerdns/named.conf:zone "sec.example.org" IN {
/etc/powerdns/named.conf: type slave;
/etc/powerdns/named.conf:zone "corp.example" { type forward; };`),
  ).toEqual(['example.org of /etc/powerdns/named.conf', 'sec.example.org of /etc/powerdns/named.conf']);
});
