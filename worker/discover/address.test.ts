import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { address } from './address.ts';
import { checked, here, keys, listener, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';

const propose = (facts: Facts, context = outside) => checked(address.propose(facts, context));

const facts: Facts = {
  listeners: [
    listener('0.0.0.0', 443, 'nginx'),
    listener('0.0.0.0', 22, 'sshd'),
    listener('::', 22, 'sshd'),
    listener('127.0.0.1', 8080, 'node'),
    listener('0.0.0.0', 3306, 'mariadbd'),
    { protocol: 'udp', address: '0.0.0.0', port: 51820 },
  ],
  interfaces: [
    { name: 'eth0', kind: 'physical', up: true, addresses: [{ address: publicV4, prefix: 24, family: 4 }] },
  ],
};

test('a public address answers ping and opens exactly what listens on it, databases apart', () => {
  expect(propose(facts)).toMatchObject([
    { key: `ping ${publicV4}`, settings: { host: publicV4 }, reason: `eth0 has the address ${publicV4}` },
    {
      key: `ports ${publicV4}`,
      settings: { host: publicV4, expectedOpen: [22, 443] },
      reason: `eth0 has the public address ${publicV4}`,
      interval: 21_600,
    },
  ]);
});

test('each address has its own expectation', () => {
  const proposals = propose(facts, { loopback: false, addresses: [publicV4, publicV6] });
  expect(proposals.find(({ key }) => key === `ports ${publicV6}`)?.settings).toEqual({
    host: publicV6,
    expectedOpen: [22],
  });
});

test('over loopback and on private addresses there is no scan', () => {
  expect(propose(facts, here)).toMatchObject([
    { key: 'ping 127.0.0.1', reason: 'Rootnote runs on this server and reaches it over loopback' },
  ]);
  expect(keys(propose(facts, { loopback: false, addresses: ['10.0.0.5'] }))).toEqual(['ping 10.0.0.5']);
});
