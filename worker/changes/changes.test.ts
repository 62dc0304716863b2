import { describe, expect, it } from 'vitest';
import type { Facts, Unit } from '#core/facts.ts';
import { factChanges } from './changes.ts';

const at = 1_700_000_000;
const texts = (before: Facts, after: Facts) =>
  factChanges(before, after, at).map(({ kind, text }) => `${kind}: ${text}`);

describe('access', () => {
  it('ports that opened and closed, but not the ones that a look-up borrows', () => {
    const before: Facts = {
      listeners: [
        { protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx' },
        { protocol: 'udp', address: '0.0.0.0', port: 41_234 },
      ],
    };
    const after: Facts = {
      listeners: [
        { protocol: 'tcp', address: '0.0.0.0', port: 6379, process: 'redis-server' },
        { protocol: 'tcp', address: '127.0.0.1', port: 9000 },
        { protocol: 'udp', address: '0.0.0.0', port: 51_111 },
      ],
    };
    expect(texts(before, after)).toEqual([
      'listener.opened: redis-server now listens on TCP port 6379 (all IPv4 addresses)',
      'listener.opened: A program now listens on TCP port 9000 (this machine only)',
      'listener.closed: nginx no longer listens on TCP port 80 (all IPv4 addresses)',
    ]);
  });

  it('accounts, rights and keys', () => {
    const user = (name: string, uid: number, shell = '/bin/bash') => ({
      name,
      uid,
      gid: uid,
      home: `/home/${name}`,
      shell,
    });
    expect(
      texts(
        {
          users: [user('alice', 1000), user('old', 1001)],
          admins: [{ name: 'root', via: 'uid 0' }],
          sudoers: ['%sudo ALL=(ALL) ALL'],
          authorizedKeys: [],
        },
        {
          users: [user('alice', 1000, '/bin/zsh'), { ...user('eve', 0), emptyPassword: true }],
          admins: [
            { name: 'root', via: 'uid 0' },
            { name: 'eve', via: 'uid 0' },
          ],
          sudoers: ['%sudo ALL=(ALL) ALL', 'eve ALL=(ALL) NOPASSWD: ALL'],
          authorizedKeys: [{ user: 'alice', hash: 'SHA256:abc', type: 'ED25519' }],
        },
      ),
    ).toEqual([
      'user.added: The account eve (uid 0) was added',
      'user.removed: The account old was removed',
      'user.changed: The shell of alice changed from /bin/bash to /bin/zsh',
      'admin.added: eve may now act as root (uid 0)',
      'sudoers.added: New sudo rule: eve ALL=(ALL) NOPASSWD: ALL',
      'key.added: A new key may log in as alice: ED25519 SHA256:abc',
    ]);
  });

  it('sshd, firewall, setuid', () => {
    expect(
      texts(
        {
          sshd: { permitrootlogin: 'no', port: '22' },
          firewall: { tool: 'nft', rules: 12 },
          setuid: { count: 1, hash: 'a', files: ['/bin/su'] },
        },
        {
          sshd: { permitrootlogin: 'yes', port: '22' },
          firewall: { tool: 'none', rules: 0 },
          setuid: { count: 2, hash: 'b', files: ['/bin/su', '/tmp/x'] },
        },
      ),
    ).toEqual([
      'sshd.changed: sshd: permitrootlogin changed from no to yes',
      'firewall.off: The firewall has no rules any more',
      'setuid.added: /tmp/x now runs with the rights of its owner',
    ]);
  });
});

describe('services', () => {
  const unit = (name: string, active: string, sub: string, more: Partial<Unit> = {}): Unit => ({
    name,
    active,
    sub,
    ...more,
  });

  it('units that failed, came back, stopped, started and restarted', () => {
    expect(
      texts(
        {
          units: [
            unit('a.service', 'active', 'running'),
            unit('b.service', 'failed', 'failed'),
            unit('c.service', 'active', 'running'),
            unit('d.service', 'inactive', 'dead'),
            unit('e.service', 'active', 'running', { restarts: 2 }),
            unit('f.service', 'active', 'running', { startedAt: 100 }),
            unit('g.service', 'active', 'exited'),
          ],
        },
        {
          units: [
            unit('a.service', 'failed', 'failed', {
              result: 'exit-code',
              exitStatus: 203,
              exitCode: 'exited',
            }),
            unit('b.service', 'active', 'running'),
            unit('c.service', 'inactive', 'dead'),
            unit('d.service', 'active', 'running'),
            unit('e.service', 'active', 'running', { restarts: 5 }),
            unit('f.service', 'active', 'running', { startedAt: 200 }),
            unit('g.service', 'inactive', 'dead'),
            unit('new.service', 'failed', 'failed'),
          ],
        },
      ),
    ).toEqual([
      'unit.failed: a.service failed (exit-code, exited 203)',
      'unit.recovered: b.service runs again',
      'unit.stopped: c.service was stopped',
      'unit.started: d.service was started',
      'unit.restarted: systemd restarted e.service 3 times because it ended by itself',
      'unit.restarted: f.service was restarted',
      'unit.failed: new.service failed',
    ]);
  });

  it('containers', () => {
    const container = (name: string, state: string, more = {}) => ({
      id: name,
      name,
      image: 'x',
      state,
      restarts: 0,
      ...more,
    });
    expect(
      texts(
        {
          containers: [
            container('db', 'running', { health: 'healthy' }),
            container('job', 'running'),
            container('gone', 'running'),
            { ...container('api', 'running'), image: 'api:1', id: 'a' },
            { ...container('cache', 'running'), id: 'b' },
          ],
        },
        {
          containers: [
            container('db', 'running', { health: 'unhealthy', restarts: 1 }),
            container('job', 'exited', { exitCode: 137 }),
            container('web', 'running'),
            { ...container('api', 'running'), image: 'api:2', id: 'c' },
            { ...container('cache', 'running'), id: 'd' },
          ],
        },
      ),
    ).toEqual([
      'container.added: The container web (x) was added',
      'container.replaced: The container api was made anew from api:2; it was api:1',
      'container.replaced: The container cache was made anew (x)',
      'container.removed: The container gone was removed',
      'container.unhealthy: The container db is unhealthy; it was healthy',
      'container.restarted: The container db restarted',
      'container.exited: The container job is exited with code 137; it was running',
    ]);
  });
});

describe('the machine', () => {
  it('a reboot has the time of the boot, and a clock that drifts is none', () => {
    const events = factChanges(
      { boot: { bootId: 'a', at: at - 9000 } },
      { boot: { bootId: 'b', at: at - 60 } },
      at,
    );
    expect(events).toEqual([
      { kind: 'server.rebooted', at: at - 60, subject: '', text: 'The server restarted' },
    ]);
    expect(texts({ boot: { at: 1000 } }, { boot: { at: 1090 } })).toEqual([]);
    expect(texts({ boot: { at: 1000 } }, { boot: { at: 5000 } })).toEqual([
      'server.rebooted: The server restarted',
    ]);
  });

  it('kernel, updates, processors, memory', () => {
    expect(
      texts(
        {
          kernel: { release: '6.1.0-27', installed: ['6.1.0-27'] },
          packages: { manager: 'apt', pending: 12, security: 3, rebootRequired: false },
          cpu: { model: 'x', count: 2 },
          memory: { total: 4e9, swapTotal: 0 },
        },
        {
          kernel: { release: '6.1.0-28', installed: ['6.1.0-27', '6.1.0-28'] },
          packages: {
            manager: 'apt',
            pending: 2,
            security: 0,
            rebootRequired: true,
            rebootPackages: ['linux-image'],
          },
          cpu: { model: 'x', count: 4 },
          memory: { total: 8e9, swapTotal: 0 },
        },
      ),
    ).toEqual([
      'kernel.changed: The running kernel changed from 6.1.0-27 to 6.1.0-28',
      'kernel.installed: The kernel 6.1.0-28 was installed',
      'packages.updated: Updates were applied: 12 were pending, now 2',
      'packages.reboot_required: A restart of the server is needed for linux-image',
      'cpu.changed: The number of processors changed from 2 to 4',
      'memory.changed: The memory changed from 3.7 GiB to 7.5 GiB',
    ]);
  });

  it('disks, arrays and mounts', () => {
    const disk = (name: string, size: number, serial?: string) => ({
      name,
      type: 'disk',
      size,
      serial,
      parents: [],
      mounts: [],
    });
    const array = (active: number, failed: string[], action?: string) => ({
      name: 'md0',
      level: 'raid1',
      state: 'active',
      slots: 2,
      active,
      failed,
      members: ['sda1', 'sdb1'],
      action,
    });
    const mount = (name: string, readOnly: boolean, size = 1e9) => ({
      source: '/dev/sda1',
      mount: name,
      type: 'ext4',
      options: [],
      readOnly,
      size,
      used: 0,
      available: size,
    });
    expect(
      texts(
        {
          blockDevices: [disk('sda', 1e12, 'A'), disk('sdb', 1e12, 'B')],
          md: [array(2, [])],
          filesystems: [mount('/', false), mount('/mnt', false), mount('/srv', false)],
        },
        {
          blockDevices: [disk('sda', 1e12, 'A'), disk('sdb', 2e12, 'C')],
          md: [array(1, ['sdb1'], 'recovery')],
          filesystems: [mount('/', true), mount('/new', false), mount('/srv', false, 2e9)],
        },
      ),
    ).toEqual([
      'disk.added: The disk sdb (2000 GB) was added',
      'disk.removed: The disk sdb (1000 GB) is gone',
      'raid.member_failed: sdb1 failed in the array md0',
      'raid.degraded: The array md0 runs with 1 of 2 disks',
      'raid.action_started: A recovery of md0 started',
      'filesystem.mounted: /dev/sda1 was mounted on /new',
      'filesystem.unmounted: /mnt (/dev/sda1) is no longer mounted',
      'filesystem.readonly: / is read-only now',
      'filesystem.resized: /srv changed from 1 GB to 2 GB',
    ]);
  });

  it('interfaces, addresses, routes and name servers', () => {
    const eth = (up: boolean, speed: number, ...addresses: string[]) => ({
      name: 'eth0',
      kind: 'physical' as const,
      up,
      speed,
      addresses: addresses.map((address) => ({ address, prefix: 24, family: 4 as const })),
    });
    expect(
      texts(
        {
          interfaces: [eth(true, 1000, '192.0.2.1')],
          routes: [{ destination: 'default', gateway: '192.0.2.254', device: 'eth0', family: 4 }],
          resolver: { nameservers: ['192.0.2.53'], search: [] },
        },
        {
          interfaces: [eth(false, 100, '192.0.2.2')],
          routes: [{ destination: 'default', gateway: '192.0.2.253', device: 'eth0', family: 4 }],
          resolver: { nameservers: [], search: [] },
        },
      ),
    ).toEqual([
      'interface.down: eth0 is down',
      'interface.speed: The speed of eth0 changed from 1000 to 100 Mbit/s',
      'interface.address_added: eth0 got the address 192.0.2.2/24',
      'interface.address_removed: eth0 lost the address 192.0.2.1/24',
      'route.added: The default route is now IPv4 192.0.2.253 on eth0',
      'route.removed: The default route IPv4 192.0.2.254 on eth0 is gone',
      'resolver.changed: The name servers changed from 192.0.2.53 to none',
    ]);
  });
});

it('files, certificates, sites, jobs and settings', () => {
  const certificate = (notAfter: number) => ({
    path: '/etc/x.pem',
    subject: 'x',
    issuer: 'y',
    names: [],
    notBefore: 0,
    notAfter,
    usedBy: [],
  });
  const site = (name: string) => ({ server: 'nginx' as const, names: [name], listen: [] });
  expect(
    texts(
      {
        configHashes: { '/etc/a': '1', '/etc/b': '1', '/etc/c': '1' },
        certificates: [certificate(at)],
        virtualHosts: [site('a.example.org')],
        cronJobs: [],
        mysql: { max_connections: 100, uptime: 5, threads_connected: 3 },
        phpFpm: [{ pool: 'www', maxChildren: 5, manager: 'static' }],
      },
      {
        configHashes: { '/etc/a': '2', '/etc/b': '1', '/etc/d': '1' },
        certificates: [certificate(at + 90 * 86_400)],
        virtualHosts: [site('b.example.org')],
        cronJobs: [{ user: 'root', schedule: '@daily', command: '/x.sh', source: '/etc/crontab' }],
        mysql: { max_connections: 500, uptime: 65, threads_connected: 9 },
        phpFpm: [{ pool: 'www', maxChildren: 50, manager: 'static' }],
      },
    ),
  ).toEqual([
    'config.changed: /etc/a was changed',
    'config.added: /etc/d is new',
    'config.removed: /etc/c is gone',
    'certificate.replaced: The certificate in /etc/x.pem was replaced; the new one is valid until 2024-02-12',
    'site.added: The web site b.example.org (nginx) was added',
    'site.removed: The web site a.example.org (nginx) was removed',
    'cron.added: Scheduled job of root: @daily /x.sh',
    'setting.changed: mysql: max_connections changed from 100 to 500',
    'setting.changed: php-fpm pool www: pm.max_children changed from 5 to 50',
  ]);
});

it('a fact that was not known before is no change, and the same facts are none', () => {
  const facts: Facts = {
    users: [{ name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' }],
    configHashes: { '/etc/a': '1' },
  };
  expect(factChanges({}, facts, at)).toEqual([]);
  expect(factChanges(facts, {}, at)).toEqual([]);
  expect(factChanges(facts, structuredClone(facts), at)).toEqual([]);
});

it('a flood of changes of one kind is summed up', () => {
  const hashes = (value: string) =>
    Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`/etc/${n}`, value]));
  const events = factChanges({ configHashes: hashes('1') }, { configHashes: hashes('2') }, at);
  expect(events).toHaveLength(41);
  expect(events.at(-1)).toMatchObject({
    kind: 'config.changed',
    text: 'And 60 more changes of this kind',
    data: { count: 60 },
  });
});
