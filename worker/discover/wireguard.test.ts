import { expect, test } from 'vitest';
import { checked, here, outside, publicV4 } from './checkProposals.fixture.ts';
import { wireguard } from './wireguard.ts';

const peer = { device: 'wg0', publicKey: 'k', keepaliveSeconds: 25 };

test('a peer with a fixed address is pinged', () => {
  const facts = {
    wireguard: [
      { ...peer, endpoint: '5.6.7.8:51820' },
      { ...peer, endpoint: '[2600::9]:51820' },
    ],
  };
  expect(checked(wireguard.propose(facts, outside))).toMatchObject([
    { key: 'ping 5.6.7.8', settings: { host: '5.6.7.8' }, reason: 'wg0 keeps a tunnel to 5.6.7.8:51820' },
    { key: 'ping 2600::9', settings: { host: '2600::9' } },
  ]);
  expect(wireguard.propose(facts, here)).toEqual([]);
});

test('a peer that roams, one in a private network, and the server itself are not', () => {
  const facts = {
    wireguard: [
      { ...peer, keepaliveSeconds: undefined, endpoint: '5.6.7.8:4711' },
      { ...peer, endpoint: '10.0.0.7:51820' },
      { ...peer, endpoint: `${publicV4}:51820` },
      { ...peer, endpoint: '(none)' },
      peer,
    ],
  };
  expect(wireguard.propose(facts, outside)).toEqual([]);
});
