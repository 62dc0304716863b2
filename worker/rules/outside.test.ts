import { describe } from 'vitest';
import { monitor, nic, testCases } from './sickAndHealthy.fixture.ts';

describe('rules of what is seen from outside', () => {
  testCases([
    [
      'svc.http_down',
      'shop',
      {},
      {},
      [monitor({ kind: 'http', state: 'down', code: 'connect-timeout' })],
      [monitor({ kind: 'http', state: 'up' })],
    ],
    [
      'svc.http_5xx',
      'shop',
      {},
      {},
      [monitor({ kind: 'http', state: 'down', code: 'http-status', details: { status: 502 } })],
      [monitor({ kind: 'http', state: 'down', code: 'http-status', details: { status: 404 } })],
    ],
    [
      'svc.http_slow',
      'shop',
      {},
      {},
      [monitor({ kind: 'http', state: 'degraded', code: 'http-slow' })],
      [monitor({ kind: 'http', state: 'up' })],
    ],
    [
      'sec.webroot_leak',
      'shop',
      {},
      {},
      [monitor({ kind: 'exposed', state: 'down', code: 'exposed-file' })],
      [monitor({ kind: 'exposed', state: 'down', code: 'connect-refused' })],
    ],
    [
      'sec.db_exposed',
      '3306/tcp',
      {},
      {},
      [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 3306 } })],
      [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
    ],
    [
      'sec.db_exposed',
      '27017/tcp',
      {
        facts: {
          firewall: { tool: 'none', rules: 0 },
          interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
          listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 27_017, process: 'mongod' }],
        },
      },
      {
        facts: {
          firewall: { tool: 'none', rules: 0 },
          interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
          listeners: [{ protocol: 'tcp', address: '10.0.0.4', port: 27_017, process: 'mongod' }],
        },
      },
    ],
    [
      'sec.port_exposed',
      'shop',
      {},
      {},
      [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
      [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 5432 } })],
    ],
    [
      // A database that listens to the world, too, is no reason to keep quiet of another port.
      'sec.port_exposed',
      'shop',
      {
        facts: {
          firewall: { tool: 'none', rules: 0 },
          interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
          listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 27_017, process: 'mongod' }],
        },
      },
      {},
      [monitor({ kind: 'port', state: 'down', code: 'unexpected-open', about: { port: 8080 } })],
      [monitor({ kind: 'port', state: 'up', about: { port: 8080 } })],
    ],
    [
      'tls.weak',
      'shop',
      {},
      {},
      [monitor({ kind: 'tls', state: 'degraded', code: 'tls-weak' })],
      [monitor({ kind: 'tls', state: 'up' })],
    ],
    [
      'dns.domain_expiry',
      'shop',
      {},
      {},
      [monitor({ kind: 'domain', state: 'degraded', code: 'domain-expiring' })],
      [monitor({ kind: 'domain', state: 'up' })],
    ],
    [
      'dns.ptr_mail',
      'shop',
      {},
      {},
      [monitor({ kind: 'dns', state: 'down', code: 'dns-nxdomain', target: '192.0.2.4 PTR' })],
      [monitor({ kind: 'dns', state: 'down', code: 'dns-nxdomain', target: 'a.example A' })],
    ],
  ]);
});
