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
