import { describe, expect, it, test } from 'vitest';
import { probeCodes, type ProbeCode, type ProbeKind } from '#core/probes.ts';
import { handmade } from '#worker/picture/handmade.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { makePicture } from '#worker/picture/picture.ts';
import { grades } from '#worker/probes/grades.ts';
import { findProblems } from './findProblems.ts';
import type { MonitorState } from './rule.ts';

const snapshots = handmade({
  reports: 3,
  facts: {
    host: { hostname: 'web1' },
    listeners: [
      { protocol: 'tcp', address: '0.0.0.0', port: 443, process: 'nginx' },
      { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
    ],
  },
});
const at = snapshots.at(-1)!.at;
let count = 0;
function monitor(
  kind: ProbeKind,
  target: string,
  code: ProbeCode,
  more: Partial<MonitorState> = {},
): MonitorState {
  const state = grades[code] === 'up' ? 'up' : grades[code] === 'degraded' ? 'degraded' : 'down';
  const name = `${kind} ${target}`;
  return {
    id: `m${count++}`,
    kind,
    name,
    target,
    state,
    since: at - 30,
    code,
    summary: '',
    details: {},
    about: {},
    ...more,
  };
}
const find = (monitors: MonitorState[], quiet = 5) =>
  findProblems(makePicture(snapshots, monitors, { now: at + quiet }));
const ids = (monitors: MonitorState[], quiet?: number) => find(monitors, quiet).map(({ id }) => id);

/** Which codes each kind can answer with, besides those that blame the place that probes. */
const families: Record<ProbeKind, RegExp> = {
  ping: /^ping-|^dns-(nx|nod|serv|ref|time)/,
  port: /^connect-|^answer-|^starttls-|^unexpected-|^dns-(nx|nod|serv|ref|time)/,
  ports: /^ports-|^connect-(timeout|unreachable)/,
  http: /^http-|^connect-|^tls-(?!expiring|chain|changed|staple)|^dns-(nx|nod|serv|ref|time)/,
  exposed: /^exposed-/,
  tls: /^tls-|^connect-|^starttls-|^dns-(nx|nod|serv|ref|time)/,
  dns: /^dns-/,
  domain: /^domain-(?!lookup)/,
  heartbeat: /^heartbeat-/,
};
const every = (Object.keys(families) as ProbeKind[]).flatMap((kind) =>
  (Object.keys(probeCodes) as ProbeCode[])
    .filter((code) => families[kind].test(code) && grades[code] !== 'up')
    .map((code) => [kind, code] as const),
);

test.each(every)('a %s monitor that fails with %s is told', (kind, code) => {
  const target = kind === 'http' ? 'https://www.example.org/' : 'www.example.org';
  const [finding] = find([monitor(kind, target, code, { about: { host: 'www.example.org' } })]);
  expect(finding).toBeDefined();
  expect(finding!.article).toMatch(/^\/problems\/[a-z0-9-]+\/#[a-z0-9-]+$/);
});

test.each([
  [2, 'critical', 'No report has come for'],
  [1, 'info', 'After its first report no other has come for'],
] as const)('silence after %i reports is %s: one sent by hand has no rhythm', (reports, severity, words) => {
  const snapshots = handmade({ reports });
  const found = findProblems(makePicture(snapshots, [], { now: snapshots.at(-1)!.at + 600 }));
  const silent = found.filter(({ id }) => id === 'agent.silent');
  expect(silent).toMatchObject([{ severity, summary: expect.stringContaining(words) as string }]);
});

test('IPv6 that fails while IPv4 of the same port works is told', () => {
  const six = monitor('port', '[2001:db8::1]:443', 'connect-timeout', { about: { port: 443 } });
  const four = (code: ProbeCode) => monitor('port', '192.0.2.10:443', code, { about: { port: 443 } });
  expect(ids([six, four('ok')])).toContain('net.ipv6_broken');
  expect(ids([six, four('connect-timeout')])).not.toContain('net.ipv6_broken');
});

describe('records of a name', () => {
  const dns = (target: string, code: ProbeCode) => ids([monitor('dns', target, code)]);

  test.each([
    ['example.org A', 'dns-nodata', 'dns.unresolved'],
    ['example.org MX', 'dns-nodata', 'dns.unresolved'],
    ['example.org AAAA', 'dns-nxdomain', 'dns.unresolved'],
    ['example.org AAAA', 'dns-nodata', 'dns.mismatch'],
    ['example.org CAA', 'dns-nodata', 'dns.mismatch'],
    ['_imap._tcp.example.org SRV', 'dns-nxdomain', 'dns.mismatch'],
    ['example.org TXT', 'dns-nodata', 'dns.ptr_mail'],
    ['_dmarc.example.org TXT', 'dns-nxdomain', 'dns.ptr_mail'],
    ['example.org TXT', 'dns-spf', 'dns.ptr_mail'],
  ] as const)('%s that is missing (%s) is told once, by %s', (target, code, rule) => {
    expect(dns(target, code)).toEqual([rule]);
  });
});

describe('the host', () => {
  const ping = monitor('ping', '192.0.2.10', 'ping-timeout');
  const ssh = monitor('port', '192.0.2.10:22', 'connect-timeout', { about: { port: 22 } });
  const page = monitor('http', 'https://a.example.org/', 'connect-timeout', { about: { port: 443 } });

  it('is at fault when nothing at all comes back from it', () => {
    expect(ids([ping, ssh, page])).toContain('net.unreachable');
    expect(ids([ssh, page])).toContain('net.unreachable');
    expect(ids([ping])).toContain('net.unreachable');
    expect(find([ping, ssh, page])[0]!.summary).toContain('while its reports still come');
    expect(find([ping, ssh, page], 400).find(({ id }) => id === 'net.unreachable')!.summary).toContain(
      'no report for',
    );
  });

  it.each([
    ['a refused connection', monitor('port', '192.0.2.10:25', 'connect-refused', { about: { port: 25 } })],
    ['an error page', monitor('http', 'https://b.example.org/', 'http-status', { about: { port: 8443 } })],
    ['a port that is open', monitor('port', '192.0.2.10:25', 'ok', { about: { port: 25 } })],
  ])('is not at fault while it gives %s', (_, alive) => {
    expect(ids([ping, ssh, page, alive])).not.toContain('net.unreachable');
  });

  it.each([
    ['closed as expected', monitor('port', '192.0.2.10:3306', 'ok', { details: { expect: 'closed' } })],
    [
      'a datagram that nobody answers',
      monitor('port', '192.0.2.10:51820', 'ok', { details: { protocol: 'udp' } }),
    ],
    ['a certificate seen an hour ago', monitor('tls', 'a.example.org:443', 'ok')],
    ['a name that does not resolve', monitor('http', 'https://b.example.org/', 'dns-timeout')],
  ])('is not excused by %s', (_, mute) => {
    expect(ids([ping, ssh, page, mute])).toContain('net.unreachable');
  });

  it('is well when only echo requests are filtered, and nobody is woken for that', () => {
    const up = monitor('port', '192.0.2.10:22', 'ok', { about: { port: 22 } });
    expect(find([ping, up])).toMatchObject([{ id: 'svc.check_failed', severity: 'info' }]);
  });
});

describe('a port scan', () => {
  const scan = (opened: number[], closed: number[]) =>
    monitor('ports', '192.0.2.10 ports 1-65535', 'ports-changed', { details: { opened, closed } });

  it('that found a port too many exposes something; one that missed some exposes nothing', () => {
    expect(ids([scan([6379], [443])])).toEqual(['sec.port_exposed']);
    expect(find([scan([], [443])])).toMatchObject([{ id: 'svc.check_failed', severity: 'warning' }]);
  });

  it('that missed what is known to be down is folded under it', () => {
    const page = monitor('http', 'https://a.example.org/', 'connect-refused', { about: { port: 443 } });
    const picture = (monitors: MonitorState[]) => makePicture(snapshots, monitors, { now: at + 5 });
    const roots = (monitors: MonitorState[]) =>
      diagnose(picture(monitors), findProblems(picture(monitors))).rootCauses.map(({ problem }) => problem);
    expect(roots([page, scan([], [443])])).toEqual(['svc.http_down']);
    expect(roots([page, scan([], [443, 25])])).toHaveLength(2);
    const ping = monitor('ping', '192.0.2.10', 'ping-timeout');
    expect(roots([ping, monitor('ports', '192.0.2.10', 'connect-timeout')])).toEqual(['net.unreachable']);
    expect(roots([ping, scan([], [22, 443])])).toEqual(['net.unreachable']);
  });
});

describe('a service', () => {
  const page = (name: string, code: ProbeCode) =>
    monitor('http', `https://${name}.example.org/`, code, {
      about: { port: 443, process: 'nginx', host: `${name}.example.org` },
    });
  const port = (code: ProbeCode) =>
    monitor('port', '192.0.2.10:443', code, { about: { port: 443, process: 'nginx' } });

  it('is at fault when all that it serves cannot connect', () => {
    const found = find([page('a', 'connect-refused'), page('b', 'connect-reset'), port('connect-refused')]);
    expect(found.find(({ id }) => id === 'svc.port_down')).toMatchObject({
      subject: { kind: 'process', name: 'nginx' },
      summary: 'nginx on port 443 takes no connection: 3 monitors fail.',
    });
  });

  it('is not at fault while one of its sites answers, and a single site speaks for itself', () => {
    expect(ids([page('a', 'connect-refused'), page('b', 'ok'), page('c', 'connect-refused')])).not.toContain(
      'svc.port_down',
    );
    expect(ids([page('a', 'connect-refused'), port('connect-refused')])).not.toContain('svc.port_down');
    expect(ids([page('a', 'http-status'), page('b', 'http-status')])).not.toContain('svc.port_down');
  });
});
