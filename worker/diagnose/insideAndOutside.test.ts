// What a probe sees from outside and what the reports say from inside are told as one story.
import { describe, expect, it } from 'vitest';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { replay } from '#worker/judge/explain.ts';
import { handmade, handmadeMonitor, startOfTests, type Handmade } from '#worker/picture/handmade.ts';
import type { MonitorState } from '#worker/rules/rule.ts';
import { diagnose } from './diagnose.ts';

const GiB = 1024 ** 3;
const t = startOfTests;

function group(name: string, more: Partial<ProcessGroup> = {}): ProcessGroup {
  const usual = { count: 1, rss: GiB / 10, threads: 1, cpuSeconds: 1, users: [], pids: [4711], states: {} };
  return { name, startedAt: t - 9000, ...usual, ...more };
}

const listens = (process: string, port: number, address = '0.0.0.0') => ({
  protocol: 'tcp' as const,
  address,
  port,
  process,
});

/** The monitors are well until they fail. */
function play(description: Handmade, monitors: readonly MonitorState[]) {
  return replay(handmade(description), (at) =>
    monitors.map((m) =>
      m.since <= at ? m : { ...m, state: 'up' as const, code: 'ok' as const, since: t - 9000 },
    ),
  );
}

function told(description: Handmade, ...monitors: MonitorState[]) {
  const { picture, findings, recent } = play(description, monitors);
  const answer = diagnose(picture, findings, { recent });
  expect(answer.verdict).toBe('explained');
  expect(answer.rootCauses).toHaveLength(1);
  return answer.rootCauses[0]!;
}

const refused = (port: number, more: Partial<MonitorState>) =>
  handmadeMonitor({
    kind: 'port',
    name: `app:${port}`,
    state: 'down',
    since: t + 360,
    code: 'connect-refused',
    summary: 'Connection refused',
    details: { port },
    about: { port },
    ...more,
  });

it('refused outside, a unit killed with 137 inside, and the kernel that killed it: one story', () => {
  const rss = (i: number) => (5 + i * 0.3) * GiB;
  const before = (i: number) => i < 6;
  const facts = (i: number): Facts => ({
    units: [
      before(i)
        ? { name: 'shop.service', active: 'active', sub: 'running', result: 'success', changedAt: t - 9000 }
        : {
            name: 'shop.service',
            active: 'failed',
            sub: 'failed',
            result: 'oom-kill',
            exitStatus: 137,
            changedAt: t + 340,
          },
    ],
    processGroups: [
      group('nginx'),
      ...(before(i) ? [group('java', { rss: rss(i), cgroup: 'system.slice/shop.service' })] : []),
    ],
    listeners: before(i) ? [listens('java', 8080)] : [listens('sshd', 22)],
  });
  const available = (i: number) => (before(i) ? 30 - 4 * i : 90);
  const root = told(
    {
      series: {
        'mem.total': 8 * GiB,
        'mem.swap_total': 0,
        'mem.available_percent': available,
        'mem.available': (i) => (available(i) / 100) * 8 * GiB,
        'proc.group.rss{java}': (i) => (before(i) ? rss(i) : undefined),
      },
      facts,
      events: [
        {
          kind: 'kernel.oom_kill',
          at: t + 339,
          subject: 'java',
          text: 'Out of memory: Killed process 4711 (java)',
          data: { process: 'java', pid: 4711 },
        },
      ],
    },
    refused(8080, { about: { process: 'java', port: 8080, unit: 'shop.service' } }),
  );
  expect(root).toMatchObject({ problem: 'mem.oom_kill', subject: { name: 'java' } });
  expect(root.chain).toEqual(['mem.oom_kill', 'svc.unit_failed', 'proc.vanished', 'svc.http_down']);
  expect(root.explanation).toMatch(/exit 137/);
  expect(root.explanation).toMatch(/Connection refused\. Inside, nobody listens on port 8080/);
  expect(root.counterfactual).toMatch(
    /^Without the .* of java, .* would have been available just before, instead of 10 %\.$/,
  );
});

it('bound locally, closed outside', () => {
  const facts = { processGroups: [group('app')], listeners: [listens('app', 8080, '127.0.0.1')] };
  const root = told({ facts }, refused(8080, { about: { process: 'app', port: 8080 } }));
  expect(root.explanation).toContain('listens on 127.0.0.1:8080 only');
});

it('alive but firewalled', () => {
  const facts = { processGroups: [group('nginx')], listeners: [listens('nginx', 443)] };
  const root = told(
    { facts },
    refused(443, { code: 'connect-timeout', summary: 'No answer', about: { process: 'nginx', port: 443 } }),
    handmadeMonitor({ kind: 'ping', name: 'host' }),
  );
  expect(root.explanation).toMatch(/nginx runs and listens on 0\.0\.0\.0:443: .* a firewall/);
});

/** A certificate file of nginx's, and a look at the same name that got another certificate. */
function twoCertificates(onDisk: number, served: number): [string, MonitorState, Handmade] {
  const path = '/etc/letsencrypt/live/shop/fullchain.pem';
  const file = {
    path,
    subject: 'shop.example.org',
    issuer: 'R3',
    names: ['shop.example.org'],
    notBefore: t - 3 * 86_400,
    notAfter: t + onDisk * 86_400,
    fingerprint: 'bb',
    usedBy: ['nginx'],
  };
  const monitor = handmadeMonitor({
    kind: 'tls',
    name: 'shop.example.org',
    details: { certificate: { notAfter: t + served * 86_400, fingerprint256: 'AA' } },
    about: { process: 'nginx', port: 443, certificate: path },
  });
  return [path, monitor, { facts: { certificates: [file] } }];
}

it('renewed on disk, and the old certificate is still served', () => {
  const [path, monitor, inside] = twoCertificates(87, 5);
  const root = told(inside, monitor);
  expect(root).toMatchObject({ problem: 'tls.renew_failed', subject: { name: path } });
  expect(root.explanation).toContain('the service was not reloaded');
});

it('another certificate that ends on the same day was not renewed', () => {
  const [, monitor, inside] = twoCertificates(60.5, 60);
  const { findings } = play(inside, [monitor]);
  expect(findings.map(({ id }) => id)).not.toContain('tls.renew_failed');
});

describe('a page that answers with an error, and what stands behind it', () => {
  const site = (name: string, proxy: string) => ({
    server: 'nginx' as const,
    names: [name],
    listen: [{ address: '0.0.0.0', port: 443, tls: true }],
    proxy,
  });
  const answers = (name: string, status: number, since = t + 360) =>
    handmadeMonitor({
      kind: 'http',
      name: `https://${name}/`,
      state: 'down',
      since,
      code: 'http-status',
      summary: `HTTP ${status}`,
      details: { status },
      about: { process: 'nginx', port: 443, host: name },
    });
  /** `program` of `unit` listens on port 3000 and is gone with the sixth report; nginx stays. */
  const dies =
    (program: string, unit: string | undefined, more: Facts = {}) =>
    (i: number): Facts => ({
      virtualHosts: [site('shop.example.org', 'http://127.0.0.1:3000')],
      processGroups: [
        group('nginx'),
        ...(i < 6 ? [group(program, { cgroup: `/system.slice/${unit ?? 'x'}` })] : []),
      ],
      listeners: [listens('nginx', 443), ...(i < 6 ? [listens(program, 3000, '127.0.0.1')] : [])],
      ...(unit && {
        units: [
          i < 6
            ? { name: unit, active: 'active', sub: 'running' }
            : { name: unit, active: 'failed', sub: 'failed', exitStatus: 1, changedAt: t + 345 },
        ],
      }),
      ...more,
    });

  it.each([
    ['of any name, by the port that the site is forwarded to', 'billing-api', 'billing.service'],
    ['without systemd', 'billing-api', undefined],
  ])('is a program %s', (_what, program, unit) => {
    const root = told({ facts: dies(program, unit) }, answers('shop.example.org', 502));
    expect(root.key).toBe(unit ? `svc.unit_failed unit:${unit}` : `proc.vanished process:${program}`);
    expect(root.chain.at(-1)).toBe('svc.http_down');
    expect(root.explanation).toContain('The pages are forwarded to 127.0.0.1:3000');
    expect(root.explanation).toContain('Inside, nobody listens on 127.0.0.1:3000, where it is forwarded to.');
  });

  it('is PHP of its version, for all sites that it takes down, and one message', () => {
    const facts = (i: number): Facts => ({
      virtualHosts: ['a.example.org', 'b.example.org'].map((n) => site(n, 'unix:/run/php/php8.2-fpm.sock')),
      processGroups: [group('nginx')],
      listeners: [listens('nginx', 443)],
      units: ['7.4', '8.2'].map((version) => ({
        name: `php${version}-fpm.service`,
        active: i < 6 ? 'active' : 'failed',
        sub: i < 6 ? 'running' : 'failed',
        changedAt: t + 345,
      })),
    });
    const pages = [answers('a.example.org', 502), answers('b.example.org', 502, t + 400)];
    const { picture, findings } = play({ facts }, pages);
    const { rootCauses } = diagnose(picture, findings);
    const [own, other, ...more] = rootCauses;
    expect(own).toMatchObject({ key: 'svc.unit_failed unit:php8.2-fpm.service' });
    expect(own!.symptoms).toContain('svc.http_5xx process:nginx');
    expect(own!.explanation).toContain('2 sites of nginx answer with 502 (a.example.org and b.example.org)');
    expect(other).toMatchObject({ key: 'svc.unit_failed unit:php7.4-fpm.service', symptoms: [] });
    expect(more).toEqual([]);
  });

  it('is not a program that the site is not forwarded to, while its own answers', () => {
    const facts = (i: number): Facts => {
      const { listeners = [], ...rest } = dies('billing-api', 'billing.service')(i);
      return {
        ...rest,
        virtualHosts: [site('shop.example.org', 'http://127.0.0.1:4000')],
        listeners: [...listeners, listens('shop', 4000, '127.0.0.1')],
      };
    };
    const { picture, findings } = play({ facts }, [answers('shop.example.org', 502)]);
    const { rootCauses } = diagnose(picture, findings);
    expect(rootCauses.map(({ key }) => key).sort()).toEqual([
      'svc.http_5xx monitor:https://shop.example.org/',
      'svc.unit_failed unit:billing.service',
    ]);
  });

  it.each([
    [137, true, 'mem.cgroup_oom container:shop'],
    [1, false, 'svc.container_unhealthy container:shop'],
  ])('is the container that published its port and ended with exit %i', (exitCode, oomKilled, key) => {
    const facts = (i: number): Facts => ({
      processGroups: [group('dockerd'), ...(i < 6 ? [group('docker-proxy')] : [])],
      listeners: i < 6 ? [listens('docker-proxy', 8080)] : [listens('sshd', 22)],
      containers: [
        {
          id: '0123456789ab',
          name: 'shop',
          image: 'shop:1',
          restarts: 0,
          ...(i < 6
            ? { state: 'running', ports: ['0.0.0.0:8080->80/tcp', '[::]:8080->80/tcp'] }
            : { state: 'exited', exitCode, oomKilled }),
        },
      ],
    });
    const kill = {
      kind: 'kernel.oom_kill',
      at: t + 341,
      subject: 'node',
      text: 'Memory cgroup out of memory: Killed process 900 (node)',
      data: { process: 'node', pid: 900, cgroup: '/docker/0123456789abcdef' },
    };
    const root = told(
      { facts, events: oomKilled ? [kill] : [] },
      refused(8080, { about: { process: 'docker-proxy', port: 8080 } }),
    );
    expect(root.key).toBe(key);
    expect(root.explanation).toContain(
      `the container shop, which publishes it, has ended with exit ${exitCode}`,
    );
  });
});

describe('sites of one server', () => {
  const at = (name: string, since: number, more: Partial<MonitorState> = {}) =>
    handmadeMonitor({
      kind: 'http',
      name: `https://${name}.example.org/`,
      state: 'down',
      since,
      code: 'http-status',
      summary: 'HTTP 500',
      details: { status: 500 },
      about: { process: 'nginx', port: 443, host: `${name}.example.org` },
      ...more,
    });
  const facts = { processGroups: [group('nginx')], listeners: [listens('nginx', 443)] };
  const roots = (...monitors: MonitorState[]) => {
    const { picture, findings, recent } = play({ facts }, monitors);
    return diagnose(picture, findings, { recent }).rootCauses.map(({ key }) => key);
  };

  it.each([
    ['fail', {}, 'svc.http_5xx process:nginx'],
    ['are mute', { code: 'http-timeout' as const, summary: 'No answer' }, 'svc.http_down process:nginx'],
    [
      'are slow',
      { state: 'degraded' as const, code: 'http-slow' as const, summary: 'It took 9 s' },
      'svc.http_slow process:nginx',
    ],
    [
      'wait for what is behind',
      { details: { status: 504 }, summary: 'HTTP 504' },
      'svc.upstream_timeout process:nginx',
    ],
  ])('that %s together are one cause', (_what, more, key) => {
    const three = ['a', 'b', 'c'].map((name, i) => at(name, t + 300 + 50 * i, more));
    expect(roots(...three)).toEqual([key]);
  });

  it('that fail an hour after another one are a cause of their own', () => {
    expect(roots(at('a', t - 3600), at('b', t + 300), at('c', t + 320)).sort()).toEqual([
      'svc.http_5xx monitor:https://a.example.org/',
      'svc.http_5xx process:nginx',
    ]);
  });
});

describe('names that lead elsewhere', () => {
  const record = (target: string, more: Partial<MonitorState> = {}) =>
    handmadeMonitor({
      kind: 'dns',
      name: `DNS ${target}`,
      target,
      state: 'down',
      since: t + 360,
      code: 'dns-not-here',
      summary: `${target.split(' ')[0]} leads to 203.0.113.9, not to this server`,
      about: { host: target.split(' ')[0]! },
      ...more,
    });
  const page = (code: MonitorState['code']) =>
    handmadeMonitor({
      kind: 'http',
      name: 'https://www.example.org/',
      state: 'down',
      since: t + 370,
      code,
      summary: 'It fails',
      about: { process: 'nginx', port: 443, host: 'www.example.org' },
    });
  const facts: Facts = {
    processGroups: [group('nginx')],
    listeners: [listens('nginx', 443)],
    certificates: [
      {
        path: '/etc/letsencrypt/live/mail/fullchain.pem',
        subject: 'CN=mail.example.net',
        issuer: "CN=R3, O=Let's Encrypt",
        names: ['mail.example.net'],
        notBefore: t - 80 * 86_400,
        notAfter: t + 10 * 86_400,
        fingerprint: 'aa',
        usedBy: ['postfix'],
      },
    ],
  };
  const roots = (...monitors: MonitorState[]) => {
    const { picture, findings } = play({ facts }, monitors);
    return diagnose(picture, findings).rootCauses.map(({ key }) => key);
  };
  const renewal = 'tls.renew_failed certificate:/etc/letsencrypt/live/mail/fullchain.pem';

  it.each(['tls-name', 'tls-self-signed', 'connect-refused'] as const)(
    'explain a page that fails with %s, and no certificate of other names',
    (code) => {
      expect(roots(record('www.example.org A'), page(code)).sort()).toEqual([
        'dns.mismatch monitor:DNS www.example.org A',
        renewal,
      ]);
    },
  );

  it('are one cause for all names of a domain', () => {
    const two = [record('www.example.org A'), record('example.org A', { since: t + 400 })];
    expect(roots(...two, page('tls-name')).sort()).toEqual(['dns.mismatch domain:example.org', renewal]);
  });

  it('are not told of a record that leads no visitor: mail, or a name server that does not know the zone', () => {
    for (const other of [record('www.example.org MX'), record('www.example.org A', { code: 'dns-lame' })])
      expect(roots(other, page('http-timeout'))).toContain('svc.http_down monitor:https://www.example.org/');
  });
});
