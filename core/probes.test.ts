import { expect, test } from 'vitest';
import { type ProbeKind, probeSettings } from './probes.ts';

const sentence = (kind: ProbeKind, settings: object) =>
  probeSettings[kind].safeParse(settings).error?.issues.map(({ message }) => message)[0];

/** What could never be probed is refused where it is entered, with what to write instead. */
test.each([
  ['http', { url: 'http://example.org/', status: '9xx' }, "'9xx' is not a status: write 200, 2xx or 200-299"],
  ['http', { url: 'http://example.org/', status: ' ' }, 'The set of expected statuses is empty'],
  ['http', { url: 'ftp://example.org/' }, 'must be an address that begins with http:// or https://'],
  [
    'http',
    { url: 'http://example.org/', json: { path: 'a..b', equals: '1' } },
    "'a..b' is not a path: write data.items[0].name",
  ],
  [
    'http',
    { url: 'http://example.org/', proxy: 'socks5://192.0.2.1/' },
    'must be an address that begins with http://',
  ],
  [
    'http',
    { url: 'http://example.org/', ca: '/etc/ssl/root.pem' },
    'must be certificates in PEM, with -----BEGIN CERTIFICATE-----',
  ],
  [
    'http',
    { url: 'http://example.org/', headers: { 'X Key': 'a', 'X-Good': 'b' } },
    "'X Key' is no name of a header",
  ],
  [
    'http',
    { url: 'http://example.org/', headers: { 'X-Key': 'a\r\nX-Other: b' } },
    'must be one line of Latin letters',
  ],
  ['http', { url: 'http://example.org/', bearer: 'a\n' }, 'must be one line of Latin letters'],
  ['ports', { host: '192.0.2.1', range: '5-1' }, "'5-1' is not a port: write 22, 80 or 8000-8100"],
  [
    'tls',
    { host: 'https://example.org/' },
    'must be a name or an address alone, without http:// and without a path',
  ],
  ['tls', { host: 'example.org', fingerprint: 'ab:cd' }, 'must have 64 hexadecimal digits'],
  [
    'dns',
    { name: 'example.org', pointsTo: ['example.net'] },
    'must be an address like 192.0.2.10 or 2001:db8::10',
  ],
  ['dns', { name: 'example.org', resolver: '192.0.2.53:dns' }, 'write 192.0.2.53 or 192.0.2.53:5353'],
] as const)('%s %o is refused', (kind, settings, words) => {
  expect(sentence(kind, settings)).toBe(words);
});

test.each([
  [
    'http',
    {
      url: 'https://bücher.example/?q=1',
      status: '200-299,404',
      json: { path: '$.a["b c"][0]', equals: '1' },
    },
  ],
  ['http', { url: 'http://[2001:db8::1]:8080/', proxy: 'http://user:password@192.0.2.1:3128' }],
  ['ports', { host: '2001:db8::1', range: '22, 80,8000-8100' }],
  ['ping', { host: 'fe80::1%eth0' }],
  ['tls', { host: '[::1]', fingerprint: 'AB:'.repeat(31) + 'ab' }],
  ['dns', { name: '1.0/25.2.0.192.in-addr.arpa', type: 'PTR', resolver: '[2001:db8::53]:5353' }],
  [
    'dns',
    {
      name: '_dmarc.example.org',
      type: 'TXT',
      resolver: '2001:db8::53',
      pointsTo: ['192.0.2.1', '2001:DB8::1'],
    },
  ],
] as const)('%s %o is taken', (kind, settings) => {
  expect(sentence(kind, settings)).toBeUndefined();
});
