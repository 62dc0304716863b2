import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { checked, keys, outside } from './checkProposals.fixture.ts';
import { domain } from './domain.ts';

const site = (names: string[]) => ({ server: 'nginx' as const, names, listen: [] });

test('each registered domain once, by the rules of its registry', () => {
  const facts: Facts = {
    virtualHosts: [
      site(['www.example.co.uk', 'shop.example.co.uk', '*.example.de', '_']),
      site(['a.b.example.com.au']),
    ],
    mail: { queue: 0, hostname: 'mx.example.fr' },
    certificates: [
      {
        path: '/c.pem',
        subject: '',
        issuer: '',
        names: ['*.example.nl'],
        notBefore: 0,
        notAfter: 1,
        usedBy: ['nginx'],
      },
      {
        path: '/d.pem',
        subject: '',
        issuer: '',
        names: ['unused.se'],
        notBefore: 0,
        notAfter: 1,
        usedBy: [],
      },
    ],
  };
  const proposals = checked(domain.propose(facts, outside));
  expect(keys(proposals)).toEqual([
    'domain example.co.uk',
    'domain example.de',
    'domain example.com.au',
    'domain example.nl',
    'domain example.fr',
  ]);
  expect(proposals[0]).toMatchObject({
    settings: { name: 'example.co.uk' },
    reason: 'nginx serves www.example.co.uk',
    interval: 43_200,
  });
  expect(proposals[3]?.reason).toBe('The certificate /c.pem names example.nl');
});

test('names that nobody registers have no registration', () => {
  const names = ['web1', 'intranet.local', 'db.internal', 'test.example', 'localhost', '192.0.2.10', 'co.uk'];
  const others = ['www.example.org', 'example.com', 'someone.github.io', 'app.herokuapp.com'];
  expect(domain.propose({ virtualHosts: [site([...names, ...others])] }, outside)).toEqual([]);
});

test('an internationalised name is asked for in its ASCII form', () => {
  expect(keys(domain.propose({ virtualHosts: [site(['www.bücher.de'])] }, outside))).toEqual([
    'domain xn--bcher-kva.de',
  ]);
});
