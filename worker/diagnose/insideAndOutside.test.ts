// What a probe sees from outside and what the reports say from inside are told as one story.
import { expect, it } from 'vitest';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { replay } from '#worker/explain.ts';
import { handmade, handmadeMonitor, startOfTests, type Handmade } from '#worker/handmade.ts';
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

function told(description: Handmade, ...monitors: MonitorState[]) {
  const { picture, findings, recent } = replay(handmade(description), monitors);
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

it('renewed on disk, and the old certificate is still served', () => {
  const path = '/etc/letsencrypt/live/shop/fullchain.pem';
  const root = told(
    {
      facts: {
        certificates: [
          {
            path,
            subject: 'shop.example.org',
            issuer: 'R3',
            names: ['shop.example.org'],
            notBefore: t - 3 * 86_400,
            notAfter: t + 87 * 86_400,
            fingerprint: 'bb',
            usedBy: ['nginx'],
          },
        ],
      },
    },
    handmadeMonitor({
      kind: 'tls',
      name: 'shop.example.org',
      details: { certificate: { notAfter: t + 5 * 86_400, fingerprint256: 'AA' } },
      about: { process: 'nginx', port: 443, certificate: path },
    }),
  );
  expect(root).toMatchObject({ problem: 'tls.renew_failed', subject: { name: path } });
  expect(root.explanation).toContain('the service was not reloaded');
});
