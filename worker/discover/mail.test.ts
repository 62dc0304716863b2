import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { checked, here, keys, listener, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';
import { mail, reverseName } from './mail.ts';

const propose = (facts: Facts, context = outside) => checked(mail.propose(facts, context));

const facts: Facts = {
  listeners: [
    listener('0.0.0.0', 25, 'master'),
    listener('0.0.0.0', 587, 'master'),
    listener('0.0.0.0', 993, 'dovecot'),
    listener('127.0.0.1', 10025, 'master'),
  ],
  mail: { queue: 0, hostname: 'mx.example.org' },
};

test('ports answer, certificates fit the name, the address points back', () => {
  const proposals = propose(facts);
  expect(keys(proposals)).toEqual([
    `port tcp ${publicV4}:25`,
    'tls mx.example.org:25',
    `port tcp ${publicV4}:587`,
    'tls mx.example.org:587',
    `port tcp ${publicV4}:993`,
    'tls mx.example.org:993',
    `dns PTR ${publicV4}`,
  ]);
  expect(proposals[0]?.settings).toEqual({ host: publicV4, port: 25, receive: '220' });
  expect(proposals[1]).toMatchObject({
    settings: { host: 'mx.example.org', port: 25, starttls: 'smtp', connectTo: publicV4 },
    reason: 'master listens on 0.0.0.0:25; the mail server is called mx.example.org',
  });
  expect(proposals[5]?.settings).not.toHaveProperty('starttls');
  expect(proposals[6]).toMatchObject({
    kind: 'dns',
    settings: {
      name: '4.3.2.1.in-addr.arpa',
      type: 'PTR',
      expected: ['mx.example.org'],
      match: 'any',
      pointsTo: [publicV4],
    },
  });
});

test('without a public name of the server no certificate can be compared', () => {
  const unnamed = { ...facts, mail: { queue: 0, hostname: 'web1' } };
  expect(keys(propose(unnamed)).filter((key) => key.startsWith('tls'))).toEqual([]);
  const pointer = propose(unnamed).find(({ kind }) => kind === 'dns');
  expect(pointer?.settings).toEqual({
    name: '4.3.2.1.in-addr.arpa',
    type: 'PTR',
    pointsTo: [publicV4],
  });
  const certificates = [
    {
      path: '/etc/ssl/mail.pem',
      subject: '',
      issuer: '',
      names: ['*.example.org', 'mail.example.org'],
      notBefore: 0,
      notAfter: 1,
      usedBy: ['/etc/postfix/main.cf'],
    },
  ];
  expect(keys(propose({ ...unnamed, certificates }))).toContain('tls mail.example.org:25');
});

test('over loopback there is no reverse name to ask for', () => {
  expect(keys(propose(facts, here)).filter((key) => key.startsWith('dns'))).toEqual([]);
  expect(propose(facts, here)[1]?.settings).toHaveProperty('connectTo', '127.0.0.1');
});

test('a local mail agent on loopback is not a mail server', () => {
  expect(propose({ listeners: [listener('127.0.0.1', 25, 'master')] })).toEqual([]);
});

test('reverse names of both families', () => {
  expect(reverseName('192.0.2.10')).toBe('10.2.0.192.in-addr.arpa');
  expect(reverseName(publicV6)).toBe(`1.${'0.'.repeat(27)}0.0.6.2.ip6.arpa`);
  expect(reverseName('2001:db8::567:89ab')).toBe(
    'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
  );
});
