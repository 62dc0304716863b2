import { expect, test } from 'vitest';
import { checked, keys, listener, outside, publicV4 } from './checkProposals.fixture.ts';
import { dnsServer } from './dnsServer.ts';

test('a name server answers over both protocols', () => {
  const listeners = [
    { ...listener('0.0.0.0', 53, 'named'), protocol: 'udp' as const },
    listener(publicV4, 53, 'named'),
  ];
  const proposals = checked(dnsServer.propose({ listeners }, outside));
  expect(keys(proposals)).toEqual([`port udp ${publicV4}:53`, `port tcp ${publicV4}:53`]);
  expect(proposals[0]).toMatchObject({
    settings: { host: publicV4, port: 53, protocol: 'udp' },
    reason: 'named listens on 0.0.0.0:53 over UDP',
  });
});

test('the stub resolver of systemd is for the machine itself', () => {
  const listeners = [
    listener('127.0.0.53', 53, 'systemd-resolve'),
    listener('0.0.0.0', 53, 'systemd-resolve'),
  ];
  expect(dnsServer.propose({ listeners }, outside)).toEqual([]);
});

test('each zone that it answers for has name servers that agree; internal zones have no monitor', () => {
  const dnsZones = ['example.org', 'localhost', '127.in-addr.arpa', '3.2.1.in-addr.arpa', 'corp.lan'].map(
    (name) => ({
      name,
      source: '/etc/bind/named.conf.local',
    }),
  );
  const listeners = [listener('0.0.0.0', 53, 'named')];
  const proposals = checked(dnsServer.propose({ listeners, dnsZones }, outside));
  expect(keys(proposals).slice(1)).toEqual(['dns NS example.org', 'dns NS 3.2.1.in-addr.arpa']);
  expect(proposals[1]).toMatchObject({
    settings: { type: 'NS', authoritative: true, pointsTo: [publicV4], accept: true, mayBeAbsent: true },
    reason: 'named listens on 0.0.0.0:53 and answers for example.org (/etc/bind/named.conf.local)',
  });
  // A resolver of a private network is asked by nobody outside.
  const inside = { loopback: false, addresses: ['10.0.0.5'] };
  expect(keys(dnsServer.propose({ listeners, dnsZones }, inside))).toEqual(['port tcp 10.0.0.5:53']);
});
