import http from 'node:http';
import type net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeSettings, type ProbeResult } from '#core/probes.ts';
import { makeDomainProbe } from './domain.ts';
import { statusCode } from './registration.ts';
import { freePort, listen, openContext, tcpServer } from './testServers.ts';
import { parseDate } from './registryDate.ts';
import { parseWhois } from './whois.ts';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

function rdapDomain(expires: string | undefined, more: Record<string, unknown> = {}): unknown {
  return {
    objectClassName: 'domain',
    status: ['active', 'client transfer prohibited'],
    events: [
      { eventAction: 'registration', eventDate: '2001-02-03T04:05:06Z' },
      ...(expires === undefined ? [] : [{ eventAction: 'expiration', eventDate: expires }]),
    ],
    nameservers: [{ ldhName: 'NS2.EXAMPLE.NET' }, { ldhName: 'ns1.example.net.' }],
    entities: [
      {
        roles: ['registrar'],
        vcardArray: [
          'vcard',
          [
            ['version', {}, 'text', '4.0'],
            ['fn', {}, 'text', 'Some Registrar'],
          ],
        ],
      },
    ],
    secureDNS: { delegationSigned: true },
    ...more,
  };
}

const domains: Record<string, unknown> = {
  'example.org': rdapDomain(inDays(200)),
  'soon.org': rdapDomain(inDays(20)),
  'now.org': rdapDomain(inDays(3)),
  'over.org': rdapDomain(inDays(-5)),
  'held.org': rdapDomain(inDays(200), { status: ['client hold'] }),
  'deleted.org': rdapDomain(inDays(-40), { status: ['redemption period'] }),
  'secret.org': rdapDomain(undefined),
  'garbled.org': rdapDomain('next summer'),
  'other.org': rdapDomain(inDays(200), { ldhName: 'example.org' }),
  'strange.org': rdapDomain(inDays(200), {
    ldhName: 'STRANGE.ORG.',
    events: [null, 5, { eventAction: 'expiration', eventDate: '2030-01-01 00:00:00' }, { eventAction: 7 }],
    status: ['active', null],
    nameservers: [null, { ldhName: 5 }, { unicodeName: 'ns1.bücher.example' }],
    entities: null,
    links: null,
    secureDNS: 'yes',
  }),
};

let rdap: http.Server;
let base = '';
let bootstrapHits = 0;
const whois: { port: number; stop: () => void }[] = [];
let bootstrap: unknown;

beforeAll(async () => {
  rdap = http.createServer((request, response) => {
    const path = request.url ?? '';
    const name = /^\/domain\/(.+)$/.exec(path)?.[1] ?? '';
    if (path === '/dns.json') {
      bootstrapHits += 1;
      response.end(JSON.stringify(bootstrap));
    } else if (name === 'moved.org')
      response.writeHead(302, { location: `${base}/domain/example.org` }).end();
    else if (name === 'thick.org') {
      const links = [{ rel: 'related', type: 'application/rdap+json', href: `${base}/domain/example.org` }];
      response.end(JSON.stringify(rdapDomain(undefined, { links })));
    } else if (name === 'ill.org') response.writeHead(503).end();
    else if (name === 'odd.org') response.end('<html>');
    else if (name === 'hung.org') response.write('{');
    else if (domains[name] !== undefined) response.end(JSON.stringify(domains[name]));
    else response.writeHead(404).end('{"errorCode":404}');
  });
  base = `http://127.0.0.1:${await listen(rdap as unknown as net.Server)}`;
  bootstrap = {
    version: '1.0',
    services: [
      [['org'], [`${base}/`]],
      [['net'], [`${base}/`]],
    ],
  };
});
afterAll(() => {
  rdap?.close();
  for (const server of whois) server.stop();
});

async function whoisServer(answers: Record<string, string>): Promise<string> {
  const server = await tcpServer((socket) => {
    socket.once('data', (bytes: Buffer) => socket.end(answers[bytes.toString().trim()] ?? 'No match\r\n'));
  });
  whois.push(server);
  return `127.0.0.1:${server.port}`;
}

async function look(name: string, settings: Record<string, unknown> = {}): Promise<ProbeResult> {
  const closed = `127.0.0.1:${await freePort()}`;
  const probe = makeDomainProbe({ bootstrapUrl: `${base}/dns.json`, whois: closed });
  return probe.run(probeSettings.domain.parse({ name, ...settings }), openContext());
}

describe('RDAP', () => {
  test('the facts of a registration, found through the bootstrap file, which is fetched once', async () => {
    const result = await look('example.org');
    expect(result).toMatchObject({
      ok: true,
      code: 'ok',
      details: {
        source: 'rdap',
        registrar: 'Some Registrar',
        nameservers: ['ns1.example.net', 'ns2.example.net'],
        status: ['active', 'clientTransferProhibited'],
        registered: Date.UTC(2001, 1, 3, 4, 5, 6) / 1000,
        signed: true,
      },
    });
    await look('example.org');
    expect(bootstrapHits).toBe(1);
  });

  test.each([
    ['soon.org', 'domain-expiring', { step: 'warning' }],
    ['now.org', 'domain-expiring', { step: 'critical' }],
    ['over.org', 'domain-expired', {}],
    ['held.org', 'domain-status', {}],
    ['deleted.org', 'domain-status', {}],
    ['free.org', 'domain-not-found', {}],
  ])('%s is %s', async (name, code, details) => {
    expect(await look(name)).toMatchObject({ ok: false, code, details });
  });

  test('a registry that publishes no date is a state of its own and no alarm', async () => {
    expect(await look('secret.org')).toMatchObject({ ok: true, code: 'domain-unpublished' });
  });

  test('redirects and the registrar of a thin registry are followed', async () => {
    expect((await look('moved.org')).code).toBe('ok');
    expect((await look('thick.org')).code).toBe('ok');
  });

  test('odd entries do not make the others unreadable', async () => {
    expect(await look('strange.org')).toMatchObject({
      code: 'ok',
      details: {
        expires: Date.UTC(2030, 0, 1) / 1000,
        status: ['active'],
        nameservers: ['ns1.xn--bcher-kva.example'],
      },
    });
  });

  test.each([
    ['garbled.org', "gives 'next summer' as the expiry date, which cannot be read"],
    ['other.org', 'answers about example.org'],
  ])('what is no answer about %s is not taken for one', async (name, sentence) => {
    const result = await look(name);
    expect(result).toMatchObject({ ok: false, code: 'domain-lookup' });
    expect(result.summary).toContain(sentence);
  });

  test('a host of the domain is looked up as the domain', async () => {
    expect(await look('www.example.org')).toMatchObject({ code: 'ok', details: { name: 'example.org' } });
  });

  test('other name servers than expected', async () => {
    expect(
      (await look('example.org', { expectedNameservers: ['NS1.example.net.', 'ns2.example.net'] })).code,
    ).toBe('ok');
    const result = await look('example.org', { expectedNameservers: ['ns1.example.com'] });
    expect(result).toMatchObject({ code: 'domain-nameservers', degraded: true });
  });

  test('the chosen server is asked, and policy holds for it', async () => {
    expect((await look('example.org', { rdap: `${base}/` })).code).toBe('ok');
    const settings = probeSettings.domain.parse({
      name: 'example.org',
      rdap: `${base}/`,
      whois: '127.0.0.1:43',
    });
    const refused = await makeDomainProbe().run(settings, openContext({ allow: () => false }));
    expect(refused.code).toBe('domain-lookup');
    expect(refused.summary).toContain('not a public address');
  });
});

describe('WHOIS', () => {
  test('answers where RDAP does not', async () => {
    const server = await whoisServer({
      'ill.org': `Domain Name: ILL.ORG\r\nRegistry Expiry Date: ${inDays(100)}\r\nName Server: NS1.EXAMPLE.NET\r\n`,
    });
    const result = await look('ill.org', { whois: server });
    expect(result).toMatchObject({
      code: 'ok',
      details: { source: 'whois', nameservers: ['ns1.example.net'] },
    });
    expect(result.transcript.join('\n')).toContain('RDAP: The RDAP server answers HTTP 503');
  });

  test('answers where RDAP hangs', async () => {
    const server = await whoisServer({ 'hung.org': `Registry Expiry Date: ${inDays(100)}\r\n` });
    expect(await look('hung.org', { whois: server, timeoutMs: 1500 })).toMatchObject({
      code: 'ok',
      details: { source: 'whois' },
    });
  });

  test('values that stand below their key, and a date that cannot be read', () => {
    const below = parseWhois(
      'Domain: x.eu\n\nName servers:\n        ns1.example.net\n        ns2.example.net\n\nExpiry date:\n   2030-08-13\n',
      'x.eu',
      'w',
    );
    expect(below).toMatchObject({
      expires: Date.UTC(2030, 7, 13) / 1000,
      nameservers: ['ns1.example.net', 'ns2.example.net'],
    });
    expect(parseWhois('domain:  x.example\n', 'x.example', 'w')?.expires).toBeUndefined();
    expect(() => parseWhois('Expiry date: 2030-02-30\nnserver: ns1.x.example\n', 'x.example', 'w')).toThrow(
      "gives '2030-02-30' as the expiry date, which cannot be read",
    );
    expect(parseWhois('Expiry date: not published\nStatus: ok\n', 'x.example', 'w')?.status).toEqual(['ok']);
  });

  test('the server of the top-level domain comes from IANA', async () => {
    const registry = await whoisServer({
      'example.test': `paid-till: ${inDays(90)}\r\nnserver: ns1.example.test.\r\n`,
    });
    const iana = await whoisServer({
      test: `domain: TEST\r\nwhois:        ${registry}\r\nstatus: ACTIVE\r\n`,
    });
    const probe = makeDomainProbe({ bootstrapUrl: `${base}/dns.json`, whois: iana });
    const result = await probe.run(probeSettings.domain.parse({ name: 'example.test' }), openContext());
    expect(result).toMatchObject({ code: 'ok', details: { server: registry } });
  });

  test('nobody answers', async () => {
    const result = await look('odd.org');
    expect(result).toMatchObject({ ok: false, code: 'domain-lookup' });
    expect(result.summary).toMatch(/RDAP: .*no domain.*WHOIS: .*refused/);
  });

  test('a registry that turns us away is no missing domain', () => {
    expect(() => parseWhois('Quota exceeded, try again later', 'example.org', 'w')).toThrow('turns us away');
    expect(
      parseWhois('No match for "FREE.COM".\r\n>>> Last update: 2026 <<<', 'free.com', 'w'),
    ).toBeUndefined();
    expect(parseWhois('%% not found', 'free.se', 'w')).toBeUndefined();
    expect(parseWhois('Domain: free.de\nStatus: free', 'free.de', 'w')).toBeUndefined();
  });

  test.each([
    [
      'gTLD',
      'Registry Expiry Date: 2030-08-13T04:00:00Z\nDomain Status: clientHold https://icann.org/epp#clientHold',
      '2030-08-13T04:00:00Z',
    ],
    [
      '.uk',
      '    Relevant dates:\n        Registered on: 01-Jan-1999\n        Expiry date:  13-Aug-2030\n',
      '2030-08-13T00:00:00Z',
    ],
    [
      '.fi',
      'expires............: 13.8.2030 05:07:09\nstatus.............: Registered\n',
      '2030-08-13T05:07:09Z',
    ],
    ['.jp', '[有効期限]\n[Expires on]                    2030/08/13\n', '2030-08-13T00:00:00Z'],
    ['.ru', 'paid-till:     2030-08-13T21:00:00Z\nfree-date:     2030-09-14\n', '2030-08-13T21:00:00Z'],
    ['.kr', 'Expiration Date             : 2030. 08. 13.\n', '2030-08-13T00:00:00Z'],
    ['.br', 'expires:     20300813\n', '2030-08-13T00:00:00Z'],
    ['.it', 'Expire Date:        2030-08-13\nStatus:             ok\n', '2030-08-13T00:00:00Z'],
    ['.tr', 'Expires on..............: 2030-Aug-13.\n', '2030-08-13T00:00:00Z'],
    ['.jp in Japanese', '[有効期限]                      2030/08/13\n', '2030-08-13T00:00:00Z'],
    ['.tw', '   Record expires on 2030-08-13 (YYYY-MM-DD)\n', '2030-08-13T00:00:00Z'],
    ['.ve', '   Fecha de Vencimiento: 2030-08-13 14:30:00\n', '2030-08-13T14:30:00Z'],
    ['.pl', 'renewal date:          2030.08.13 14:00:00\n', '2030-08-13T14:00:00Z'],
  ])('reads %s', (_zone, text, expected) => {
    const found = parseWhois(`${text}\nnserver: ns1.example.net\n`, 'example', 'w');
    expect(found?.expires).toBe(expected === undefined ? undefined : Date.parse(expected) / 1000);
  });

  test('the forms of dates', () => {
    const day = Date.UTC(2030, 7, 13) / 1000;
    for (const text of [
      '2030-08-13',
      '13.08.2030',
      '13/08/2030',
      '13-Aug-2030',
      'August 13 2030',
      '13 August 2030',
      '20300813',
      '2030/08/13',
    ]) {
      expect([text, parseDate(text)]).toEqual([text, day]);
    }
    expect(parseDate('Tue Aug 13 23:59:59 GMT 2030')).toBe(day + 86_399);
    expect(parseDate('2030-08-13T02:00:00+02:00')).toBe(day);
    expect(parseDate('soon')).toBeUndefined();
    expect(parseDate('13.13.2030')).toBeUndefined();
  });
});

test('status codes in one form', () => {
  expect(
    [
      'client hold',
      'CLIENTHOLD',
      'clientHold https://icann.org/epp#clientHold',
      'redemption period',
      'server update prohibited',
    ].map(statusCode),
  ).toEqual(['clientHold', 'clientHold', 'clientHold', 'redemptionPeriod', 'serverUpdateProhibited']);
});
