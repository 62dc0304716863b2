import { describe, expect, it } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { explain } from '#worker/judge/explain.ts';
import { handmade, startOfTests } from '#worker/picture/handmade.ts';

const found = (siteNames: string[], of: string[], issuer = 'DigiCert Inc') => {
  const path = '/etc/ssl/site.pem';
  const facts: Facts = {
    virtualHosts: [
      {
        server: 'nginx',
        names: siteNames,
        listen: [{ address: '0.0.0.0', port: 443, tls: true }],
        certificate: path,
      },
    ],
    certificates: [
      {
        path,
        subject: of[0] ?? '',
        issuer,
        names: of,
        notBefore: startOfTests - 86_400,
        notAfter: startOfTests + 200 * 86_400,
        usedBy: ['/etc/nginx/nginx.conf'],
      },
    ],
  };
  return explain(handmade({ reports: 2, facts }))
    .problems.filter((p) => p.id === 'tls.name_mismatch')
    .map((p) => p.subject.name);
};

describe('the certificate that the configuration of a site names', () => {
  it('is told when it is for none of the names of the site', () => {
    expect(found(['shop.example.net'], ['www.example.net', 'example.net'])).toEqual(['shop.example.net']);
    expect(found(['a.b.example.net'], ['*.example.net'])).toEqual(['a.b.example.net']);
    expect(found(['example.net'], ['*.example.net'])).toEqual(['example.net']);
  });

  it('is well when it covers one of them, if by a star', () => {
    expect(found(['shop.example.net', 'old.example.org'], ['shop.example.net'])).toEqual([]);
    expect(found(['SHOP.example.net'], ['*.Example.net'])).toEqual([]);
  });

  it('is a stopgap under itself, and nobody asks for names of a house or for any name', () => {
    expect(found(['shop.example.net'], ['localhost'], 'localhost')).toEqual([]);
    expect(found(['nas.lan'], ['www.example.net'])).toEqual([]);
    expect(found(['_'], ['www.example.net'])).toEqual([]);
    expect(found(['~^(.+)\\.example\\.net$'], ['www.example.org'])).toEqual([]);
  });
});
