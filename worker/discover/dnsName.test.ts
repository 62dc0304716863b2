import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { checked, here, keys, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';
import { dnsName } from './dnsName.ts';

const facts: Facts = {
  virtualHosts: [
    {
      server: 'nginx',
      names: ['shop.example.org', '*.example.org', '_', 'intranet.local'],
      listen: [],
      source: '/etc/nginx/sites-enabled/shop',
    },
    { server: 'apache', names: ['SHOP.example.org', 'bücher.example'], listen: [] },
  ],
};
const propose = (context = outside) => checked(dnsName.propose(facts, context));

test('each public name leads to the addresses of the server, family by family, and says who serves it', () => {
  const both = { loopback: false, addresses: [publicV4, publicV6, '10.0.0.5'] };
  expect(keys(propose(both))).toEqual(['dns A shop.example.org', 'dns AAAA shop.example.org']);
  expect(propose(both)[1]).toMatchObject({
    settings: { type: 'AAAA', pointsTo: [publicV6], accept: true, mayBeAbsent: true },
    name: 'shop.example.org leads here (AAAA)',
    reason: 'nginx serves shop.example.org (/etc/nginx/sites-enabled/shop)',
    about: { host: 'shop.example.org' },
  });
  expect(keys(propose())).toEqual(['dns A shop.example.org']);
});

test('over loopback and without a public address nothing is known that names could lead to', () => {
  expect(propose(here)).toEqual([]);
  expect(propose({ loopback: false, addresses: ['192.168.1.2'] })).toEqual([]);
});
