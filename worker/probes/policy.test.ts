import { describe, expect, test } from 'vitest';
import { isPublicAddress, makePolicy, mustBeOwned } from './policy.ts';

describe('addresses that anybody can reach', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '198.17.0.1',
    '198.20.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '2002:0808:0808::1',
    '64:ff9b::808:808',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::', '::0']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1']],
    ['carrier NAT', ['100.64.0.1', '100.127.255.255']],
    [
      'link-local and cloud metadata',
      ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'fd00:ec2::254'],
    ],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1', '240.0.0.1']],
    [
      'documentation and tests',
      [
        '192.0.2.1',
        '198.51.100.1',
        '203.0.113.1',
        '198.18.0.1',
        '198.19.255.255',
        '2001:db8::1',
        '3fff::1',
        '2001:2::1',
        '100::1',
      ],
    ],
    [
      'IPv4 in IPv6',
      [
        '::ffff:127.0.0.1',
        '::ffff:7f00:1',
        '::ffff:10.0.0.1',
        '::127.0.0.1',
        '::ffff:0:10.0.0.1',
        '2002:7f00:1::',
        '2002:a00:1::1',
        '64:ff9b::10.0.0.1',
        '64:ff9b::a9fe:a9fe',
        '64:ff9b:1::1',
      ],
    ],
    ['Teredo', ['2001:0:4136:e378:8000:63bf:3fff:fdd2']],
    ['no address', ['example.org', '', '1.2.3', '1.2.3.4.5', '0x7f.1', '2130706433', '[::1]', '127.1']],
  ])('%s is closed', (_what, addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe('what the operator opens', () => {
  const policy = makePolicy({ allow: ['10.0.0.0/8', 'fd00::/8', '192.168.1.5'], owned: [], loopback: false });

  test.each([
    ['10.20.30.40', true],
    ['192.168.1.5', true],
    ['192.168.1.6', false],
    ['fd12::1', true],
    ['::ffff:10.1.2.3', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['169.254.169.254', false],
    ['8.8.8.8', true],
    ['not an address', false],
  ])('%s: %s', (address, allowed) => expect(policy(address)).toBe(allowed));

  test('loopback opens loopback and nothing else', () => {
    const here = makePolicy({ allow: [], owned: [], loopback: true });
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.0.0.1', '0.0.0.0'].map(here)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('an address that an agent reports does not open private ranges', () => {
    expect(makePolicy({ allow: [], owned: ['10.0.0.5'], loopback: false })('10.0.0.5')).toBe(false);
  });

  test('owned addresses only, where the probe is more than what any visitor does', () => {
    const strict = makePolicy({
      allow: ['10.0.0.0/8'],
      owned: ['8.8.8.8', '2606:4700:0:0::1'],
      loopback: false,
      ownedOnly: true,
    });
    expect(['8.8.8.8', '8.8.4.4', '10.0.0.1', '2606:4700::1', '2606:4700::2'].map(strict)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    'fd00::/129',
    'example.org',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
  ])('%s is a clear error', (cidr) => {
    expect(() => makePolicy({ allow: [cidr], owned: [], loopback: false })).toThrow(
      `'${cidr}' is not an address range`,
    );
  });
});

test('which probes need an owned address', () => {
  expect(mustBeOwned('http', { url: 'https://example.org/', method: 'GET' })).toBe(false);
  expect(mustBeOwned('http', { url: 'https://example.org/', method: 'HEAD' })).toBe(false);
  expect(mustBeOwned('http', { url: 'https://example.org/', method: 'POST' })).toBe(true);
  expect(mustBeOwned('http', { url: 'https://example.org/', bearer: 'x' })).toBe(true);
  expect(mustBeOwned('http', { url: 'https://example.org/', headers: { 'X-Any': 'x' } })).toBe(true);
  for (const kind of ['ping', 'tls', 'dns', 'domain', 'heartbeat'] as const)
    expect(mustBeOwned(kind, {})).toBe(false);
  for (const kind of ['port', 'ports', 'exposed'] as const) expect(mustBeOwned(kind, {})).toBe(true);
});
