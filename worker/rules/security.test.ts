import { describe } from 'vitest';
import { nic, testCases } from './sickAndHealthy.fixture.ts';

describe('rules of security', () => {
  testCases([
    [
      'sec.redis_noauth',
      'redis',
      { facts: { redis: { requirepass: 'no', bind: '0.0.0.0' } } },
      { facts: { redis: { requirepass: 'yes', bind: '0.0.0.0' } } },
    ],
    [
      'sec.uid0',
      'eve',
      { facts: { users: [{ name: 'eve', uid: 0, gid: 0, home: '/', shell: '/bin/sh' }] } },
      { facts: { users: [{ name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' }] } },
    ],
    [
      'sec.empty_password',
      'eve',
      {
        facts: { users: [{ name: 'eve', uid: 9, gid: 9, home: '/', shell: '/bin/sh', emptyPassword: true }] },
      },
      {
        facts: {
          users: [
            { name: 'eve', uid: 9, gid: 9, home: '/', shell: '/usr/sbin/nologin', emptyPassword: true },
          ],
        },
      },
    ],
    [
      'sec.world_readable_secret',
      '/srv/.env',
      { facts: { secrets: [{ path: '/srv/.env', mode: '-rw-r--r--', owner: 'www-data' }] } },
      { facts: { secrets: [{ path: '/srv/.env', mode: '-rw-r-----', owner: 'www-data' }] } },
    ],
    [
      'sec.sshd_root',
      'sshd',
      { facts: { sshd: { permitrootlogin: 'yes', passwordauthentication: 'yes' } } },
      { facts: { sshd: { permitrootlogin: 'yes', passwordauthentication: 'no' } } },
    ],
    [
      'sec.sshd_root',
      'sshd',
      {
        facts: {
          sshd: {
            permitrootlogin: 'yes',
            passwordauthentication: 'no',
            kbdinteractiveauthentication: 'yes',
            usepam: 'yes',
          },
        },
      },
      {
        facts: {
          sshd: {
            permitrootlogin: 'yes',
            passwordauthentication: 'yes',
            authenticationmethods: 'publickey,password publickey,keyboard-interactive',
          },
        },
      },
    ],
    [
      'sec.firewall_off',
      'web1',
      {
        facts: {
          firewall: { tool: 'none', rules: 0 },
          interfaces: [{ ...nic, addresses: [{ address: '8.8.4.4', prefix: 24, family: 4 }] }],
        },
      },
      {
        facts: {
          firewall: { tool: 'none', rules: 0 },
          interfaces: [{ ...nic, addresses: [{ address: '10.0.0.4', prefix: 24, family: 4 }] }],
        },
      },
    ],
  ]);
});
