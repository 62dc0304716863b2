import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { checked, here, keys, listener, outside, publicV4 } from './checkProposals.fixture.ts';
import { mailDomain } from './mailDomain.ts';

const propose = (facts: Facts, context = outside) => checked(mailDomain.propose(facts, context));
const facts = (mail: Partial<NonNullable<Facts['mail']>>, address = '0.0.0.0'): Facts => ({
  listeners: [listener(address, 25, 'master')],
  mail: { queue: 0, ...mail },
});

test('for each domain that it takes mail for: who gets it, who may send it, and what happens to forged mail', () => {
  const proposals = propose(
    facts({
      hostname: 'mx.example.org',
      domains: ['mx.example.org', 'example.org', 'localhost.example.org', 'example.net', 'web1.lan'],
    }),
  );
  expect(keys(proposals)).toEqual([
    'dns A mx.example.org',
    'dns MX example.org',
    'dns SPF example.org',
    'dns DMARC example.org',
    'dns MX example.net',
    'dns SPF example.net',
    'dns DMARC example.net',
  ]);
  expect(proposals[1]).toMatchObject({
    settings: { name: 'example.org', type: 'MX', pointsTo: [publicV4], accept: true, mayBeAbsent: true },
    reason: 'master listens on 0.0.0.0:25 and takes mail for example.org',
    about: { process: 'master', port: 25, host: 'example.org' },
  });
  expect(proposals[2]?.settings).toMatchObject({
    name: 'example.org',
    type: 'TXT',
    startsWith: 'v=spf1',
    senders: [publicV4],
  });
  expect(proposals[3]?.settings).toMatchObject({ name: '_dmarc.example.org', startsWith: 'v=DMARC1' });
});

test('where another host delivers its mail, its own address need not be allowed to', () => {
  const proposals = propose(facts({ hostname: 'mx.shop.co.uk', relay: '[smtp.example.net]:587' }));
  const spf = proposals.find(({ key }) => key.startsWith('dns SPF '));
  expect(spf?.settings).toMatchObject({ startsWith: 'v=spf1' });
  expect(spf?.settings).not.toHaveProperty('senders');
});

test('where its domains are not known, the one that its name lies in', () => {
  const proposals = propose(facts({ hostname: 'mx.shop.co.uk' }));
  expect(keys(proposals)).toContain('dns MX shop.co.uk');
  expect(proposals[1]?.reason).toBe('master listens on 0.0.0.0:25; the mail server is called mx.shop.co.uk');
});

test('a mail agent on loopback, a name outside the DNS and a machine that is probed over loopback have none', () => {
  expect(propose(facts({ hostname: 'mx.example.org' }, '127.0.0.1'))).toEqual([]);
  expect(propose(facts({ hostname: 'web1' }))).toEqual([]);
  expect(propose(facts({ hostname: 'mx.example.org' }), here)).toEqual([]);
});
