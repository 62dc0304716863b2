import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { certificate } from './certificate.ts';
import { checked, keys, listener, outside, publicV4 } from './checkProposals.fixture.ts';

const one = (usedBy: string[]) => ({
  path: '/etc/ssl/own.pem',
  subject: '',
  issuer: '',
  names: ['ldap.example.org', '*.example.org', 'localhost'],
  notBefore: 0,
  notAfter: 1,
  usedBy,
});

test('each name of a certificate is checked where its service listens', () => {
  const facts: Facts = {
    listeners: [
      listener('0.0.0.0', 636, 'slapd'),
      listener('0.0.0.0', 389, 'slapd'),
      listener('0.0.0.0', 443, 'nginx'),
    ],
    certificates: [one(['slapd.service'])],
  };
  const proposals = checked(certificate.propose(facts, outside));
  expect(keys(proposals)).toEqual(['tls ldap.example.org:636', 'tls localhost:636']);
  expect(proposals[0]).toMatchObject({
    settings: { host: 'ldap.example.org', port: 636, servername: 'ldap.example.org', connectTo: publicV4 },
    reason: 'slapd listens on 0.0.0.0:636 and uses /etc/ssl/own.pem, which names ldap.example.org',
    about: { certificate: '/etc/ssl/own.pem', process: 'slapd', port: 636 },
  });
});

test('a certificate that nothing uses, or a service that cannot be reached, has no monitor', () => {
  const listeners = [listener('127.0.0.1', 636, 'slapd'), listener('0.0.0.0', 443, 'nginx')];
  expect(certificate.propose({ listeners, certificates: [one([]), one(['slapd'])] }, outside)).toEqual([]);
});

test('Apache is known by both of its names', () => {
  const facts: Facts = {
    listeners: [listener('::', 443, 'apache2')],
    certificates: [one(['/etc/httpd/conf/ssl.conf'])],
  };
  expect(keys(certificate.propose(facts, outside))).toContain('tls ldap.example.org:443');
});
