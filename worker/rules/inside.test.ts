import { describe, expect, it } from 'vitest';
import type { ProcessGroup } from '#core/facts.ts';
import type { ProbeCode } from '#core/probes.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { replay } from '#worker/judge/explain.ts';
import { handmade, handmadeMonitor, startOfTests } from '#worker/picture/handmade.ts';

const GiB = 1024 ** 3;
const group = (name: string): ProcessGroup => ({
  name,
  count: 1,
  rss: 0,
  threads: 1,
  cpuSeconds: 0,
  users: [],
  pids: [],
  states: {},
});

/** A site that is down from outside while nginx listens inside at `address`. */
function told(address: string | undefined, code: ProbeCode, target = 'http://192.0.2.10/') {
  const monitor = handmadeMonitor({
    kind: 'http',
    name: 'shop',
    target,
    state: 'down',
    since: startOfTests + 300,
    code,
    summary: 'No answer.',
    about: { process: 'nginx', port: 80 },
  });
  const listeners = [
    { protocol: 'tcp' as const, address: '0.0.0.0', port: 22, process: 'sshd' },
    ...(address ? [{ protocol: 'tcp' as const, address, port: 80, process: 'nginx' }] : []),
  ];
  const { picture, findings } = replay(
    handmade({
      reports: 10,
      series: { 'mem.available': 4 * GiB },
      facts: { processGroups: [group('nginx')], listeners, firewall: { tool: 'nft', rules: 12 } },
    }),
    [monitor],
  );
  const answer = diagnose(picture, findings);
  expect(answer.rootCauses.map((r) => r.problem)).toEqual(['svc.http_down']);
  return answer.problems.find((p) => p.id === 'svc.http_down')!;
}

describe('an address that does not answer, seen from both sides', () => {
  it('is bound to loopback only', () => {
    const finding = told('127.0.0.1', 'connect-refused');
    expect(finding.summary).toContain('nginx runs and listens on 127.0.0.1:80 only');
    expect(finding.evidence.map((e) => e.source)).toContain('facts.listeners');
  });

  it('is alive behind something that drops', () => {
    const finding = told('0.0.0.0', 'connect-timeout');
    expect(finding.summary).toMatch(
      /nginx runs and listens on 0\.0\.0\.0:80: what drops the packets stands between: a firewall/,
    );
    expect(finding.evidence.find((e) => e.what === 'firewall')?.value).toBe('nft, 12 rules');
  });

  it('is alive while something before it refuses', () => {
    expect(told('*', 'connect-refused').summary).toMatch(
      /listens on \*:80: what refuses the connection stands before it/,
    );
  });

  it('is alive at addresses of the other family', () => {
    expect(told('0.0.0.0', 'connect-refused', 'http://[2001:db8::1]/').summary).toContain(
      'listens on 0.0.0.0:80 only: nobody listens on an IPv6 address',
    );
    expect(told('::', 'connect-refused').summary).toContain(
      'listens on [::]:80 only: nobody listens on an IPv4 address',
    );
    expect(told('::', 'connect-refused', 'http://[2001:db8::1]/').summary).toContain(
      'listens on [::]:80: what',
    );
    expect(told('::', 'connect-refused', 'http://shop.example.org/').summary).toContain(
      'listens on [::]:80: what',
    );
  });

  it('is not there', () => {
    expect(told(undefined, 'connect-timeout').summary).toContain('nobody listens on port 80');
  });

  it('says nothing of the inside when the connection came about, or the probe itself goes over loopback', () => {
    expect(told('0.0.0.0', 'http-status').summary).not.toContain('Inside');
    expect(told('127.0.0.1', 'connect-timeout', 'http://127.0.0.1/').summary).not.toContain('Inside');
  });
});

describe('killed inside, refused outside', () => {
  it('is one story: the kill, the unit that failed 20 s before, the site', () => {
    const at = startOfTests + 8 * 60;
    const monitors = [
      handmadeMonitor({
        kind: 'http',
        name: 'shop',
        target: 'http://192.0.2.10/',
        state: 'down',
        since: at + 20,
        code: 'connect-refused',
        summary: 'The connection was refused.',
        about: { process: 'nginx', unit: 'nginx.service', port: 80 },
      }),
    ];
    const unit = { name: 'nginx.service', restarts: 0 };
    const { picture, findings, recent } = replay(
      handmade({
        reports: 12,
        series: {
          'mem.total': 2 * GiB,
          'mem.available': (i) => (i < 5 ? 1 : i < 9 ? 0.05 : 1.2) * GiB,
          'mem.available_percent': (i) => (i < 5 ? 50 : i < 9 ? 2.5 : 60),
        },
        facts: (i) => ({
          processGroups: [group('sshd'), ...(i < 9 ? [group('nginx')] : [])],
          listeners: [
            { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
            ...(i < 9 ? [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 80, process: 'nginx' }] : []),
          ],
          units: [
            i < 9
              ? { ...unit, load: 'loaded', active: 'active', sub: 'running' }
              : {
                  ...unit,
                  load: 'loaded',
                  active: 'failed',
                  sub: 'failed',
                  result: 'oom-kill',
                  exitCode: 'killed',
                  exitStatus: 9,
                  changedAt: at,
                },
          ],
        }),
        events: [
          {
            kind: 'kernel.oom_kill',
            at,
            subject: 'nginx',
            text: 'The kernel killed nginx (process 612) because memory had run out',
            data: { process: 'nginx', pid: 612 },
          },
        ],
      }),
      monitors,
    );
    const answer = diagnose(picture, findings, { recent });
    expect(answer.rootCauses).toHaveLength(1);
    const [root] = answer.rootCauses;
    const effects = root!.hops.map((h) => h.effect.split(' ')[0]);
    expect(root!.chain).toContain('mem.oom_kill');
    expect(effects).toEqual(expect.arrayContaining(['svc.unit_failed', 'svc.http_down']));
    expect(answer.problems.find((p) => p.id === 'svc.http_down')!.severity).toBe('critical');
  });
});
