import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts, Listener } from '#core/facts.ts';
import { checked, here, keys, listener, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';
import { proposeMonitors } from './index.ts';

test('nginx on the machine that Rootnote runs on: exactly these four', () => {
  const facts: Facts = {
    listeners: [
      listener('0.0.0.0', 80, 'nginx'),
      listener('::', 80, 'nginx'),
      listener('127.0.0.1', 4321, 'MainThread'),
      listener('127.0.0.1', 5432, 'postgres'),
    ],
    virtualHosts: [
      {
        server: 'nginx',
        names: ['_'],
        listen: [{ address: '0.0.0.0', port: 80, tls: false }],
        root: '/var/www/html',
      },
    ],
  };
  const proposals = checked(proposeMonitors(facts, here));
  expect(proposals.map(({ key, settings }) => ({ key, settings }))).toEqual([
    { key: 'exposed http://127.0.0.1/', settings: { url: 'http://127.0.0.1/' } },
    { key: 'http http://127.0.0.1/', settings: { url: 'http://127.0.0.1/' } },
    { key: 'ping 127.0.0.1', settings: { host: '127.0.0.1' } },
    { key: 'port tcp 127.0.0.1:80', settings: { host: '127.0.0.1', port: 80 } },
  ]);
  for (const { reason } of proposals.filter(({ kind }) => kind !== 'ping')) {
    expect(reason).toBe('nginx listens on 0.0.0.0:80');
  }
});

test('a whole server gets each monitor once', () => {
  const facts: Facts = {
    listeners: [
      listener('0.0.0.0', 443, 'nginx'),
      listener('0.0.0.0', 22, 'sshd'),
      listener('0.0.0.0', 25, 'master'),
      listener('127.0.0.1', 3306, 'mariadbd'),
    ],
    virtualHosts: [
      {
        server: 'nginx',
        names: ['www.example.de'],
        listen: [{ address: '0.0.0.0', port: 443, tls: true }],
        certificate: '/c.pem',
      },
    ],
    certificates: [
      {
        path: '/c.pem',
        subject: '',
        issuer: '',
        names: ['www.example.de'],
        notBefore: 0,
        notAfter: 1,
        usedBy: ['nginx'],
      },
    ],
    mail: { queue: 0, hostname: 'mx.example.de' },
  };
  const proposals = checked(proposeMonitors(facts, outside));
  expect(keys(proposals)).toEqual([
    'dns A mx.example.de',
    'dns A www.example.de',
    'dns DMARC example.de',
    'dns MX example.de',
    `dns PTR ${publicV4}`,
    'dns SPF example.de',
    'domain example.de',
    'exposed https://www.example.de/',
    'http https://www.example.de/',
    `ping ${publicV4}`,
    `port tcp ${publicV4}:22`,
    `port tcp ${publicV4}:25`,
    `port tcp ${publicV4}:3306`,
    `port tcp ${publicV4}:443`,
    `ports ${publicV4}`,
    'tls mx.example.de:25',
    'tls www.example.de:443',
  ]);
});

const listeners = fc.array(
  fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    address: fc.constantFrom('0.0.0.0', '::', '127.0.0.1', '::1', publicV4, publicV6, '10.0.0.5'),
    port: fc.constantFrom(22, 25, 53, 80, 443, 465, 636, 993, 3000, 3306, 5432, 8080, 9200, 51820),
    process: fc.constantFrom(
      undefined,
      'nginx',
      'apache2',
      'sshd',
      'mariadbd',
      'master',
      'named',
      'java',
      'docker-proxy',
    ),
  }),
  { maxLength: 12 },
);
const names = fc.array(
  fc.constantFrom(
    'example.de',
    '*.example.de',
    '_',
    '~^x',
    '',
    'web1',
    '[::1]',
    'a b',
    '//',
    '<x>',
    '192.0.2.1',
  ),
);

test('whatever the facts: settings parse, keys are unique, the order of the listeners does not matter', () => {
  fc.assert(
    fc.property(listeners, names, fc.boolean(), (found, some, loopback) => {
      const facts = (list: Listener[]): Facts => ({
        listeners: list,
        virtualHosts: [{ server: 'nginx', names: some, listen: [{ address: '*', port: 443, tls: true }] }],
        mail: { queue: 0, hostname: some[0] },
      });
      const context = loopback ? here : { loopback, addresses: [publicV4, publicV6, '10.0.0.5'] };
      const proposals = checked(proposeMonitors(facts(found), context));
      expect(new Set(keys(proposals)).size).toBe(proposals.length);
      expect(keys(proposeMonitors(facts([...found].reverse()), context))).toEqual(keys(proposals));
      for (const { settings } of proposals) {
        if (!loopback) continue;
        const text = JSON.stringify(settings);
        expect(text.includes('127.0.0.1') || 'name' in settings).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
