import { describe, expect, it } from 'vitest';
import type { Facts, Unit } from '#core/facts.ts';
import { goneOnPurpose } from './goneOnPurpose.ts';

const page = {
  kind: 'http',
  about: { process: 'nginx', unit: 'nginx.service', port: 443, host: 'shop.example.org' },
};
const idle: Unit = { name: 'fstrim.service', active: 'inactive', sub: 'dead', enabled: 'static' };
const ssh: Unit = { name: 'ssh.service', active: 'active', sub: 'running', enabled: 'enabled' };
const nginx = (more: Partial<Unit>): Unit => ({
  name: 'nginx.service',
  active: 'active',
  sub: 'running',
  ...more,
});
const gone = (facts: Facts, events: Parameters<typeof goneOnPurpose>[2] = [], monitor = page) =>
  goneOnPurpose(monitor, facts, events);

describe('a failing monitor is left alone when its service', () => {
  it.each<[string, Facts]>([
    ['failed', { units: [ssh, idle, nginx({ active: 'failed', sub: 'failed', enabled: 'enabled' })] }],
    [
      'was only stopped',
      { units: [ssh, idle, nginx({ active: 'inactive', sub: 'dead', enabled: 'enabled' })] },
    ],
    ['is not in the list of what runs', { units: [ssh] }],
    [
      'has no unit, and its process is gone',
      { listeners: [{ protocol: 'tcp', address: '::', port: 22, process: 'sshd' }] },
    ],
    ['is not known at all', {}],
  ])('%s', (_, facts) => expect(gone(facts)).toBeUndefined());

  it('is one of several programs of that name, or a container', () => {
    const facts: Facts = {
      units: [ssh, idle, { name: 'docker.service', active: 'active', sub: 'running' }],
      listeners: ['node', 'docker-proxy'].map((process, i) => ({
        protocol: 'tcp',
        address: '0.0.0.0',
        port: 3000 + i,
        process,
      })),
    };
    const app = { kind: 'port', about: { ...page.about, process: 'node', unit: undefined as never } };
    expect(gone(facts, [], app)).toBeUndefined();
    const container = {
      kind: 'port',
      about: { ...page.about, process: 'docker-proxy', unit: 'docker.service' },
    };
    expect(gone(facts, [], container)).toBeUndefined();
  });
});

describe('it is retired when', () => {
  it.each<[string, Facts, string]>([
    [
      'the web server no longer serves the site',
      { listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx' }] },
      'still runs and serves other things',
    ],
    [
      'its unit was stopped and disabled',
      { units: [idle, nginx({ active: 'inactive', sub: 'dead', enabled: 'disabled' })] },
      'is disabled',
    ],
    ['its unit is no longer loaded', { units: [ssh, idle] }, 'was disabled or removed'],
  ])('%s', (_, facts, text) => expect(gone(facts)).toContain(text));

  it('its package was removed, and another package was not meant', () => {
    const event = (subject: string) => [
      { kind: 'package.removed', at: 1, subject, text: `${subject} was removed.` },
    ];
    expect(gone({}, event('nginx-core'))).toBe('nginx-core was removed');
    expect(gone({}, event('nginxtra'))).toBeUndefined();
    expect(
      gone({}, event('mariadb-server'), { kind: 'port', about: { ...page.about, process: 'mariadbd' } }),
    ).toBeDefined();
  });

  it('the address was taken from the server', () => {
    const ping = { kind: 'ping', about: { host: '192.0.2.10' } } as unknown as typeof page;
    const eth0 = (address: string): Facts => ({
      interfaces: [
        { name: 'eth0', kind: 'physical', up: true, addresses: [{ address, prefix: 24, family: 4 }] },
      ],
    });
    expect(gone(eth0('192.0.2.20'), [], ping)).toContain('192.0.2.10');
    expect(gone(eth0('192.0.2.10'), [], ping)).toBeUndefined();
    expect(gone({ interfaces: [] }, [], ping)).toBeUndefined();
  });
});
