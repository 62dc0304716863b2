import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeSettings, type ProbeResult } from '#core/probes.ts';
import { makeDnsProbe } from './dns.ts';
import { matches, reverseName } from './dnsRecords.ts';
import { splitHostPort } from './hostPort.ts';
import { runProbe } from './index.ts';
import { type Behaviour, type NameServer, nameServer, rcodes, type Reply } from './testDns.ts';
import { freePort, openContext, type Running, startProgram } from './testServers.ts';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const a = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 300, data });
const ns = (name: string, data: string): Answer => ({ type: 'NS', name, ttl: 300, data });
const soa = (name: string, serial: number): Answer => ({
  type: 'SOA',
  name,
  data: {
    mname: `ns1.${name}`,
    rname: `hostmaster.${name}`,
    serial,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum: 1,
  },
});
const rrsig = (name: string, expiration = 2_000_000_000): Answer => ({
  type: 'RRSIG',
  name,
  data: {
    typeCovered: 'A',
    algorithm: 13,
    labels: 2,
    originalTTL: 300,
    expiration,
    inception: 1,
    keyTag: 1,
    signersName: 'example.org',
    signature: Buffer.alloc(64),
  },
});

const records: Record<string, Answer[]> = {
  'www.example.org A': [a('www.example.org', '192.0.2.10'), a('www.example.org', '192.0.2.11')],
  'alias.example.org A': [
    { type: 'CNAME', name: 'alias.example.org', ttl: 60, data: 'www.example.org' },
    a('www.example.org', '192.0.2.10'),
  ],
  'www.example.org AAAA': [{ type: 'AAAA', name: 'www.example.org', data: '2001:db8:0:0:0:0:0:10' }],
  'example.org MX': [
    { type: 'MX', name: 'example.org', data: { preference: 20, exchange: 'mx2.example.org' } },
    { type: 'MX', name: 'example.org', data: { preference: 10, exchange: 'MX1.example.org' } },
  ],
  'mx1.example.org A': [a('mx1.example.org', '192.0.2.30')],
  'mx1.example.org AAAA': [{ type: 'AAAA', name: 'mx1.example.org', data: '2001:db8::30' }],
  'verified.example.org TXT': ['some-verification=1', 'v=spf1 mx -all'].map((data) => ({
    type: 'TXT',
    name: 'verified.example.org',
    data,
  })),
  'twice.example.org TXT': ['v=spf1 -all', 'V=SPF1 mx -all'].map((data) => ({
    type: 'TXT',
    name: 'twice.example.org',
    data,
  })),
  'sender.example.org TXT': [
    { type: 'TXT', name: 'sender.example.org', data: 'v=spf1 a:mx1.example.org -all' },
  ],
  'misspelt.example.org TXT': [
    { type: 'TXT', name: 'misspelt.example.org', data: 'v=spf1 ip:192.0.2.1 -all' },
  ],
  'example.org TXT': [{ type: 'TXT', name: 'example.org', data: ['v=spf1 ', '-all'] }],
  'example.org CAA': [
    { type: 'CAA', name: 'example.org', data: { flags: 0, tag: 'issue', value: 'ca.example' } },
  ],
  '_imap._tcp.example.org SRV': [
    {
      type: 'SRV',
      name: '_imap._tcp.example.org',
      data: { priority: 0, weight: 1, port: 143, target: 'mail.example.org' },
    },
  ],
  '10.2.0.192.in-addr.arpa PTR': [{ type: 'PTR', name: '10.2.0.192.in-addr.arpa', data: 'www.example.org' }],
  'signed.example.org A': [a('signed.example.org', '192.0.2.10'), rrsig('signed.example.org')],
};

const resolver: Behaviour = (name, type, query): Reply | undefined => {
  if (name === 'gone.example.org') return { rcode: rcodes.nxdomain };
  if (name === 'refused.example.org') return { rcode: rcodes.refused };
  if (name === 'broken.example.org') return { rcode: rcodes.servfail };
  if (name === 'bogus.example.org')
    return query.flag_cd ? { answers: [a(name, '192.0.2.10')] } : { rcode: rcodes.servfail };
  if (name === 'lapsed.example.org')
    return query.flag_cd
      ? { answers: [a(name, '192.0.2.10'), rrsig(name, 1_700_000_000)] }
      : { rcode: rcodes.servfail };
  if (name === 'silent.example.org') return undefined;
  if (name === 'long.example.org')
    return { truncate: true, answers: Array.from({ length: 80 }, (_, i) => a(name, `192.0.2.${i}`)) };
  return {
    ad: name === 'valid.example.org',
    answers:
      records[`${name} ${type}`] ??
      (name === 'valid.example.org' ? [a(name, '192.0.2.10'), rrsig(name)] : []),
  };
};

let server: NameServer;
beforeAll(async () => {
  server = await nameServer(resolver);
});
afterAll(() => server?.stop());

function look(settings: Record<string, unknown>): Promise<ProbeResult> {
  return runProbe('dns', { resolver: server.resolver, timeoutMs: 3000, ...settings }, openContext());
}

describe('what a resolver says', () => {
  test.each([
    ['www.example.org', 'A', ['192.0.2.10', '192.0.2.11']],
    ['www.example.org', 'AAAA', ['2001:db8::10']],
    ['example.org', 'MX', ['10 mx1.example.org', '20 mx2.example.org']],
    ['example.org', 'TXT', ['v=spf1 -all']],
    ['example.org', 'CAA', ['0 issue "ca.example"']],
    ['_imap._tcp.example.org', 'SRV', ['0 1 143 mail.example.org']],
    ['192.0.2.10', 'PTR', ['www.example.org']],
    ['alias.example.org', 'A', ['192.0.2.10']],
  ])('%s %s', async (name, type, values) => {
    const result = await look({ name, type });
    expect(result).toMatchObject({
      ok: true,
      code: 'ok',
      details: { rcode: 'NOERROR', values, resolver: server.resolver },
    });
  });

  test.each([
    ['gone.example.org', 'dns-nxdomain'],
    ['refused.example.org', 'dns-refused'],
    ['broken.example.org', 'dns-servfail'],
    ['bogus.example.org', 'dns-dnssec'],
    ['empty.example.org', 'dns-nodata'],
  ])('%s is %s', async (name, code) => {
    expect(await look({ name })).toMatchObject({ ok: false, code });
  });

  test('what is not about the name is no answer, and an alias that leads nowhere is named', async () => {
    const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data });
    const odd: Record<string, Reply> = {
      'foreign.example.org': { answers: [a('evil.example.net', '192.0.2.66')] },
      'upper.example.org': { answers: [a('UPPER.Example.org', '192.0.2.10')] },
      'loop.example.org': {
        answers: [
          cname('loop.example.org', 'loop2.example.org'),
          cname('loop2.example.org', 'loop.example.org'),
        ],
      },
      'dangling.example.org': {
        rcode: rcodes.nxdomain,
        answers: [cname('dangling.example.org', 'gone.example.net')],
      },
      'empty.example.org': { answers: [cname('empty.example.org', 'www.example.net')] },
    };
    const one = await nameServer((name) => odd[name] ?? {});
    const ask = (name: string) => look({ name: `${name}.example.org`, resolver: one.resolver });
    expect(await ask('foreign')).toMatchObject({ code: 'dns-nodata', details: { values: [] } });
    expect((await ask('upper')).code).toBe('ok');
    expect((await ask('loop')).summary).toContain('is an alias (CNAME) that leads back to itself');
    expect(await ask('dangling')).toMatchObject({
      code: 'dns-nxdomain',
      summary: 'dangling.example.org is an alias (CNAME) of gone.example.net, which does not exist',
    });
    expect((await ask('empty')).summary).toBe(
      'empty.example.org is an alias (CNAME) of www.example.net, which has no A record',
    );
    one.stop();
  });

  test('what would steer a terminal or turn a line around is not passed on', async () => {
    const one = await nameServer((name) => ({
      answers: [{ type: 'TXT', name, ttl: 1, data: ['\u001b[31mred\u001b[2J\u202egro.elpmaxe\n'] }],
    }));
    const result = await look({ name: 'a.example.org', type: 'TXT', resolver: one.resolver });
    one.stop();
    expect(result.summary).toBe('a.example.org TXT is ·[31mred·[2J·gro.elpmaxe');
    expect(result.transcript.join('')).not.toMatch(/\u001b/);
  });

  test('silence ends with the time limit', async () => {
    const started = performance.now();
    expect(await look({ name: 'silent.example.org', timeoutMs: 300 })).toMatchObject({
      ok: false,
      code: 'dns-timeout',
    });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('a long answer is asked again over TCP', async () => {
    const result = await look({ name: 'long.example.org' });
    expect((result.details.values as string[]).length).toBe(80);
    expect(result.transcript.join()).toContain('over TCP');
  });

  test('a closed port of the resolver is told at once', async () => {
    const result = await look({ name: 'www.example.org', resolver: `127.0.0.1:${await freePort()}` });
    expect(result.code).toBe('connect-refused');
  });

  test('a resolver at a closed address is refused by policy', async () => {
    const context = openContext({ allow: () => false });
    const result = await runProbe('dns', { name: 'example.org', resolver: server.resolver }, context);
    expect(result.code).toBe('target-refused');
  });

  test('the next system resolver is asked when the first is not there', async () => {
    const resolvers = [`127.0.0.1:${await freePort()}`, server.resolver];
    const result = await runProbe('dns', { name: 'www.example.org' }, openContext({ resolvers }));
    expect(result.code).toBe('ok');
  });
});

describe('what was expected', () => {
  test('all means exactly these, any means one of these', async () => {
    const both = ['192.0.2.11', '192.0.2.10'];
    expect((await look({ name: 'www.example.org', expected: both })).code).toBe('ok');
    const one = await look({ name: 'www.example.org', expected: ['192.0.2.10'] });
    expect(one).toMatchObject({ code: 'dns-mismatch' });
    expect(one.summary).toContain('is 192.0.2.10, 192.0.2.11, expected 192.0.2.10');
    expect((await look({ name: 'www.example.org', expected: ['192.0.2.10'], match: 'any' })).code).toBe('ok');
  });

  test('points to this server or not', async () => {
    const here = await look({ name: 'www.example.org', pointsTo: ['192.0.2.10'] });
    expect(here).toMatchObject({ code: 'ok', details: { elsewhere: ['192.0.2.11'] } });
    expect((await look({ name: 'www.example.org', pointsTo: ['192.0.2.99'] })).code).toBe('dns-not-here');
    expect((await look({ name: 'www.example.org', type: 'AAAA', pointsTo: ['2001:DB8::0:10'] })).code).toBe(
      'ok',
    );
  });

  test('with accept, a name that leads elsewhere or is not there is no failure until it was accepted as leading here', async () => {
    const first = { name: 'www.example.org', accept: true, mayBeAbsent: true };
    const here = { ...first, pointsTo: ['192.0.2.10'] };
    const elsewhere = { ...first, pointsTo: ['192.0.2.99'] };
    expect(await look(here)).toMatchObject({ code: 'ok', details: { here: ['192.0.2.10'] } });
    expect(await look(elsewhere)).toMatchObject({ code: 'ok', details: { here: [] } });
    expect((await look(elsewhere)).summary).toContain('not this server, as it was at first');
    // Accepted as it was.
    expect((await look({ ...elsewhere, expected: [] })).code).toBe('ok');
    expect((await look({ ...elsewhere, expected: ['192.0.2.99'] })).code).toBe('dns-not-here');
    // Its other address may change, and the server may get a new one.
    expect((await look({ ...here, expected: ['192.0.2.10', '192.0.2.77'] })).code).toBe('ok');

    const absent = { ...here, name: 'gone.example.org' };
    expect(await look(absent)).toMatchObject({ code: 'ok' });
    expect((await look(absent)).summary).toContain('nothing is expected of it until it was seen once');
    expect((await look({ ...absent, expected: [] })).code).toBe('dns-nxdomain');
    expect((await look({ ...absent, mayBeAbsent: false })).code).toBe('dns-nxdomain');
    expect((await look({ ...here, type: 'CAA' })).code).toBe('ok');
    expect((await look({ ...here, type: 'CAA', expected: [] })).code).toBe('dns-nodata');
  });

  test('mail and name servers lead here by their addresses, and a reverse name leads back', async () => {
    const mx = await look({ name: 'example.org', type: 'MX', pointsTo: ['192.0.2.30'] });
    expect(mx).toMatchObject({
      code: 'ok',
      details: { addresses: ['192.0.2.30'], here: ['192.0.2.30'] },
    });
    const both = await look({ name: 'example.org', type: 'MX', pointsTo: ['2001:DB8::30', '192.0.2.99'] });
    expect(both).toMatchObject({ code: 'ok', details: { here: ['2001:db8::30'] } });
    expect(await look({ name: 'example.org', type: 'MX', pointsTo: ['192.0.2.99'] })).toMatchObject({
      code: 'dns-not-here',
    });
    const reverse = { name: '192.0.2.10', type: 'PTR', pointsTo: ['192.0.2.10'] };
    expect((await look(reverse)).code).toBe('ok');
    expect((await look({ ...reverse, pointsTo: ['192.0.2.44'] })).code).toBe('dns-not-here');
  });

  test('of many TXT records those that begin in one way; two SPF records make both invalid', async () => {
    const spf = { name: 'verified.example.org', type: 'TXT', startsWith: 'v=spf1' };
    expect(await look({ ...spf, expected: ['v=spf1 mx -all'] })).toMatchObject({
      code: 'ok',
      details: { values: ['v=spf1 mx -all'] },
    });
    expect((await look({ ...spf, expected: ['v=spf1 -all'] })).code).toBe('dns-mismatch');
    const none = await look({ ...spf, startsWith: 'v=DMARC1' });
    expect(none).toMatchObject({ code: 'dns-nodata' });
    expect(none.summary).toContain('has no TXT record that begins with v=DMARC1');
    const two = await look({ ...spf, name: 'twice.example.org' });
    expect(two).toMatchObject({ code: 'dns-mismatch' });
    expect(two.summary).toContain('has 2 records that begin with v=spf1, of which there may be one');
  });

  test('an SPF record is evaluated, and must allow the server that sends', async () => {
    const spf = { name: 'verified.example.org', type: 'TXT', startsWith: 'v=spf1' };
    expect(await look({ ...spf, name: 'sender.example.org', senders: ['192.0.2.30'] })).toMatchObject({
      code: 'ok',
      details: { spf: { lookups: 1, senders: { '192.0.2.30': { result: 'pass' } } } },
    });
    expect(await look({ ...spf, name: 'sender.example.org', senders: ['192.0.2.31'] })).toMatchObject({
      code: 'dns-spf',
      degraded: true,
      summary: expect.stringContaining("192.0.2.31 gets 'fail' (-all)") as string,
    });
    expect(await look({ ...spf, name: 'misspelt.example.org' })).toMatchObject({ code: 'dns-spf' });
    // Where not the record itself is asked for, nobody judges it.
    expect(await look({ name: 'misspelt.example.org', type: 'TXT' })).toMatchObject({ code: 'ok' });
  });

  test('values compare by meaning', () => {
    expect(matches(['10 mail.example.org'], ['mail.example.org.'], 'MX', 'all')).toBe(true);
    expect(matches(['10 mail.example.org'], ['20 mail.example.org'], 'MX', 'all')).toBe(false);
    expect(matches(['v=spf1 -all'], ['"v=spf1 -all"'], 'TXT', 'all')).toBe(true);
    expect(matches(['0 issue "ca.example"'], ['0 issue ca.example'], 'CAA', 'all')).toBe(true);
    expect(reverseName('2001:db8::1')).toBe(
      '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    );
  });
});

describe('DNSSEC', () => {
  test('checked, unsigned, and signed but not checked are three things', async () => {
    expect(await look({ name: 'valid.example.org', dnssec: true })).toMatchObject({
      code: 'ok',
      details: { dnssec: { signed: true, checked: true, expires: 2_000_000_000 } },
    });
    expect((await look({ name: 'www.example.org', dnssec: true })).code).toBe('dns-dnssec');
    const unchecked = await look({ name: 'signed.example.org', dnssec: true });
    expect(unchecked.code).toBe('prober-error');
    expect(unchecked.summary).toContain('does not check signatures');
  });

  test('signatures that expired are told from wrong ones', async () => {
    expect(await look({ name: 'bogus.example.org' })).toMatchObject({
      code: 'dns-dnssec',
      summary: expect.stringContaining('The signatures of bogus.example.org are wrong') as string,
    });
    expect(await look({ name: 'lapsed.example.org' })).toMatchObject({
      code: 'dns-dnssec',
      summary: expect.stringContaining('expired on 2023-11-14') as string,
    });
  });
});

describe('all authoritative servers', () => {
  async function compare(second: Behaviour, third: Behaviour = second): Promise<ProbeResult> {
    const good: Behaviour = (name, type) => ({
      aa: true,
      answers: type === 'SOA' ? [soa('example.org', 2026010101)] : [a(name, '192.0.2.10')],
    });
    const first = await nameServer(good, '127.0.0.2');
    const others = [
      await nameServer(second, '127.0.0.3', first.port),
      await nameServer(third, '127.0.0.4', first.port),
    ];
    const parent = await nameServer((name, type) => {
      if (type === 'NS')
        return {
          answers: name === 'example.org' ? [1, 2, 3].map((n) => ns(name, `ns${n}.example.org`)) : [],
        };
      const number = /^ns(\d)\./.exec(name)?.[1];
      return { answers: number ? [a(name, `127.0.0.${Number(number) + 1}`)] : [a(name, '192.0.2.10')] };
    });
    const settings = {
      name: 'www.example.org',
      resolver: parent.resolver,
      authoritative: true,
      timeoutMs: 8000,
    };
    const result = await makeDnsProbe(first.port).run(probeSettings.dns.parse(settings), openContext());
    for (const one of [first, ...others, parent]) one.stop();
    return result;
  }
  const agreeing: Behaviour = (name, type) => ({
    aa: true,
    answers: type === 'SOA' ? [soa('example.org', 2026010101)] : [a(name, '192.0.2.10')],
  });

  test('agree', async () => {
    const result = await compare(agreeing);
    expect(result).toMatchObject({ code: 'ok', details: { zone: 'example.org' } });
    expect(result.details.authorities).toMatchObject(
      [2, 3, 4].map((n) => ({ address: `127.0.0.${n}`, values: ['192.0.2.10'], serial: 2026010101 })),
    );
  });

  test('disagree', async () => {
    const old: Behaviour = (name, type) => ({
      aa: true,
      answers: type === 'SOA' ? [soa('example.org', 2025010101)] : [a(name, '192.0.2.99')],
    });
    const result = await compare(old, agreeing);
    expect(result).toMatchObject({ ok: false, degraded: true, code: 'dns-disagree' });
    expect(result.summary).toContain('ns2.example.org says 192.0.2.99');
  });

  test('name servers whose versions of the zone differ are told by their serials', async () => {
    const serving =
      (serial: number): Behaviour =>
      (_name, type) => ({
        aa: true,
        answers:
          type === 'SOA'
            ? [soa('example.org', serial)]
            : [1, 2, 3].map((n) => ns('example.org', `ns${n}.example.org`)),
      });
    const servers = [await nameServer(serving(2026010102), '127.0.0.2')];
    const { port } = servers[0]!;
    servers.push(await nameServer(serving(2026010102), '127.0.0.3', port));
    servers.push(await nameServer(serving(2026010101), '127.0.0.4', port));
    const parent = await nameServer((name, type) => {
      const number = /^ns(\d)\./.exec(name)?.[1];
      if (type === 'NS') return { answers: [1, 2, 3].map((n) => ns('example.org', `ns${n}.example.org`)) };
      return { answers: number && type === 'A' ? [a(name, `127.0.0.${Number(number) + 1}`)] : [] };
    });
    const settings = { name: 'example.org', type: 'NS', resolver: parent.resolver, authoritative: true };
    const run = (more: object) =>
      makeDnsProbe(port).run(probeSettings.dns.parse({ ...settings, ...more }), openContext());
    const told = await run({ pointsTo: ['127.0.0.3'], accept: true });
    expect(told).toMatchObject({ code: 'dns-disagree', degraded: true });
    expect(told.summary).toMatch(/ns3.example.org says .*\(serial 2026010101\)/);
    // What is served by others is theirs to keep in order.
    expect((await run({ pointsTo: ['192.0.2.1'], accept: true })).code).toBe('ok');
    for (const one of [...servers, parent]) one.stop();
  });

  describe('the delegation', () => {
    const everyNs = [1, 2].map((n) => ns('example.org', `ns${n}.example.org`));
    /** The zone names ns1 and ns2; the parent delegates to these. */
    async function delegatedTo(names: string[], third: Behaviour): Promise<ProbeResult> {
      const zone: Behaviour = (name, type) => ({
        aa: true,
        answers: type === 'SOA' ? [soa('example.org', 1)] : type === 'NS' ? everyNs : [a(name, '192.0.2.10')],
      });
      const first = await nameServer(zone, '127.0.0.2');
      const others = [
        await nameServer(zone, '127.0.0.3', first.port),
        await nameServer(third, '127.0.0.4', first.port),
        await nameServer(
          () => ({ authorities: names.map((name) => ns('example.org', name)) }),
          '127.0.0.5',
          first.port,
        ),
      ];
      const resolving = await nameServer((name, type) => {
        if (type === 'NS')
          return { answers: name === 'org' ? [ns('org', 'a.org')] : name === 'example.org' ? everyNs : [] };
        const number = /^ns(\d)\./.exec(name)?.[1];
        return {
          answers:
            name === 'a.org'
              ? [a(name, '127.0.0.5')]
              : number
                ? [a(name, `127.0.0.${Number(number) + 1}`)]
                : everyNs,
        };
      });
      const settings = {
        name: 'example.org',
        type: 'NS',
        resolver: resolving.resolver,
        authoritative: true,
        timeoutMs: 8000,
      };
      const result = await makeDnsProbe(first.port).run(probeSettings.dns.parse(settings), openContext());
      for (const one of [first, ...others, resolving]) one.stop();
      return result;
    }
    const two = ['ns1.example.org', 'ns2.example.org'];

    test('that fits is no problem', async () => {
      expect(await delegatedTo(two, () => undefined)).toMatchObject({
        code: 'ok',
        details: { delegation: two },
      });
    });

    test('that names other servers than the zone is told', async () => {
      expect(await delegatedTo(['ns1.example.org'], () => undefined)).toMatchObject({
        code: 'dns-disagree',
        degraded: true,
        summary:
          'example.org is delegated to ns1.example.org, and the zone itself names ns1.example.org, ns2.example.org',
      });
    });

    test('that leads to a server without the zone makes it a lame one', async () => {
      const lame = await delegatedTo([...two, 'ns3.example.org'], () => ({ rcode: rcodes.refused }));
      expect(lame).toMatchObject({ code: 'dns-lame', degraded: true });
      expect(lame.summary).toContain('ns3.example.org answers REFUSED');
    });
  });

  test.each([
    ['refuses', (): Reply => ({ rcode: rcodes.refused }), /ns2.example.org answers REFUSED/],
    [
      'does not have the zone',
      (name: string): Reply => ({ answers: [a(name, '192.0.2.10')] }),
      /ns2.example.org is not authoritative/,
    ],
    ['is silent', (): undefined => undefined, /ns2.example.org cannot be asked/],
  ])('one %s', async (_what, behave, sentence) => {
    const result = await compare(behave, agreeing);
    expect(result).toMatchObject({ ok: false, code: 'dns-lame' });
    expect(result.summary).toMatch(sentence);
  });
});

describe('a real server', () => {
  let dnsmasq: Running;
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'rootnote-dns-'));
    const lines = [
      `port=${port}`,
      'listen-address=127.0.0.1',
      'bind-interfaces',
      'no-resolv',
      'no-hosts',
      'auth-server=ns1.example.org,lo',
      'auth-zone=example.org',
      'host-record=web1.example.org,192.0.2.20,2001:db8::20',
      'mx-host=example.org,mail.example.org,10',
      'txt-record=example.org,"v=spf1 mx -all"',
    ];
    writeFileSync(join(folder, 'conf'), `${lines.join('\n')}\n`);
    dnsmasq = await startProgram(
      'dnsmasq',
      'dnsmasq',
      ['-k', '-C', join(folder, 'conf'), `--pid-file=${join(folder, 'pid')}`],
      folder,
      port,
    );
  });
  afterAll(() => dnsmasq?.stop());

  test('dnsmasq answers A, AAAA and NXDOMAIN', async () => {
    const resolver = `127.0.0.1:${port}`;
    expect(await look({ name: 'web1.example.org', resolver })).toMatchObject({
      code: 'ok',
      details: { values: ['192.0.2.20'] },
    });
    expect(await look({ name: 'web1.example.org', type: 'AAAA', resolver })).toMatchObject({
      details: { values: ['2001:db8::20'] },
    });
    expect(await look({ name: 'web9.example.org', resolver })).toMatchObject({ code: 'dns-nxdomain' });
  });
});

test('hosts with ports', () => {
  expect(splitHostPort('192.0.2.53:5353')).toEqual({ host: '192.0.2.53', port: 5353 });
  expect(splitHostPort('2001:db8::53')).toEqual({ host: '2001:db8::53', port: undefined });
  expect(splitHostPort('[2001:db8::53]:53')).toEqual({ host: '2001:db8::53', port: 53 });
  expect(splitHostPort('ns1.example.org')).toEqual({ host: 'ns1.example.org', port: undefined });
  expect(splitHostPort('ns1.example.org:99999')).toBeUndefined();
  expect(splitHostPort('a b')).toBeUndefined();
});
