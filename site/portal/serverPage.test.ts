// The page of a server as the server draws it: what a browser without JavaScript, and a test from outside, would find.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Answers } from './client.ts';
import { AddServer } from './AddServer.tsx';
import { ServerView } from './ServerView.tsx';

type Server = Answers['servers']['get'];

const finding = (id: string, name: string, summary: string) => ({
  key: `${id} unit:${name}`,
  id,
  severity: 'critical' as const,
  since: 1_760_000_000,
  subject: { kind: 'unit' as const, name },
  summary,
  evidence: [{ what: 'state', value: 'failed', unit: '', normal: 'active', source: 'units' }],
  article: `/problems/${name}/#check`,
  confidence: 1,
});

const server: Server = {
  id: 's1',
  hostname: 'web1',
  machineId: null,
  local: false,
  agent: { version: '0.1.0', sha256: 'f3a91c0b77de' },
  reportedFrom: null,
  createdAt: 1_760_000_000,
  lastReportAt: 1_760_000_100,
  revokedAt: null,
  cloneOf: null,
  copies: [],
  state: 'critical',
  facts: {
    host: { hostname: 'web1' },
    os: { id: 'debian', name: 'Debian GNU/Linux 12' },
    kernel: { release: '6.1.0', architecture: 'x86_64' },
    cpu: { model: 'Some CPU', count: 4 },
    memory: { total: 8 * 2 ** 30, swapTotal: 0 },
    filesystems: [
      {
        source: '/dev/vda1',
        mount: '/',
        type: 'ext4',
        options: [],
        readOnly: false,
        size: 100,
        used: 50,
        available: 30,
      },
    ],
    interfaces: [
      {
        name: 'eth0',
        kind: 'physical',
        up: true,
        addresses: [{ address: '192.0.2.10', prefix: 24, family: 4 }],
      },
    ],
    listeners: [
      { protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx' },
      { protocol: 'tcp', address: '::', port: 80, process: 'nginx' },
      { protocol: 'tcp', address: '127.0.0.1', port: 5432, process: 'postgres' },
    ],
  },
  samples: [{ metric: 'cpu.load1', subject: '', value: 0.5 }],
  learning: {
    outlook: [
      {
        what: 'space on /srv',
        end: 'full',
        expected: 1_760_864_110,
        earliest: 1_760_432_110,
        latest: 1_761_296_110,
        span: 864_000,
      },
    ],
    insights: [
      {
        at: 1_759_990_000,
        title: 'Queries rose.',
        moved: ['Queries rose.', 'Writes rose.'],
        before: ['mariadb was upgraded, 14 min earlier.'],
      },
    ],
  },
  diagnosis: {
    verdict: 'explained',
    at: 1_760_000_100,
    problems: [
      finding('service.failed', 'service-failed', 'nginx failed'),
      finding('web.down', 'website-down', 'The <website> refuses connections'),
    ],
    rootCauses: [
      {
        key: 'service.failed unit:service-failed',
        problem: 'service.failed',
        subject: { kind: 'unit', name: 'service-failed' },
        score: 1,
        chain: ['service.failed', 'web.down'],
        hops: [
          {
            cause: 'service.failed unit:service-failed',
            effect: 'web.down unit:website-down',
            weight: 1,
            because: 'Port 80 belongs to nginx.',
          },
        ],
        symptoms: ['web.down unit:website-down'],
        explanation: 'nginx failed.',
      },
    ],
    ruledOut: [{ problem: 'mem.oom_kill', effect: 'service.failed', because: 'nothing was killed' }],
    movedTogether: [],
    titles: { 'mem.oom_kill': 'The kernel killed a process' },
  },
  incidents: [
    {
      id: 'i1',
      rootKey: 'service.failed unit:service-failed',
      title: 'nginx failed',
      severity: 'critical',
      openedAt: 1_760_000_050,
    },
  ],
  monitors: [
    {
      id: 'm1',
      serverId: 's1',
      key: 'port tcp 192.0.2.10:80',
      kind: 'port',
      name: 'Port 80',
      target: '192.0.2.10:80',
      reason: 'nginx listens on 0.0.0.0:80',
      origin: 'discovered',
      decision: null,
      state: 'down',
      stateSince: 1_760_000_040,
      code: 'connect-refused',
      summary: 'refused',
      interval: 60,
      lastCheckedAt: 1_760_000_090,
      lastMs: 1,
      spark: [3, 4, null],
    },
  ],
};

/** The agent that is served, which another than this server's runs. */
const served = { version: '9.9.9', sha256: 'ab'.repeat(32) };

function draw(changes: Partial<Server> = {}): string {
  return renderToStaticMarkup(
    createElement(ServerView, {
      now: 1_760_000_110,
      role: 'owner',
      server: { ...server, ...changes },
      timeline: [],
      judgements: { accepted: [], bounds: [] },
      maintenance: [],
      history: JSON.stringify({ start: 1_760_000_000, step: 60, points: 3, series: [] }),
      seconds: 3600,
      agent: served,
    }),
  );
}

const text = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('every fact has its place and its value', () => {
  const html = draw();
  const fact = (name: string) => {
    const start = html.indexOf(`data-fact="${name}"`);
    return text(html.slice(html.indexOf('>', start) + 1).split(/<\/(?:dd|table|ul|div)>/)[0]!);
  };
  expect(fact('hostname')).toContain('web1');
  expect(fact('os')).toContain('Debian GNU/Linux 12');
  expect(fact('kernel')).toContain('6.1.0 (x86_64)');
  expect(fact('cpu')).toContain('4 × Some CPU');
  expect(fact('load')).toContain('0.5');
  expect(fact('memory')).toContain('8 GiB');
  expect(fact('interfaces')).toContain('192.0.2.10/24');
  expect(fact('ports')).toMatch(/80 \/tcp nginx every address 5432 \/tcp postgres this machine only/);
  // 50 used of 80 that can be used: df counts reserved blocks out.
  expect(html).toMatch(/data-fact="disks".*63 %/s);
});

test('a root cause shows its chain, its evidence, its article and its incident', () => {
  const html = draw();
  expect(text(html)).toMatch(
    /Root cause nginx failed .*Port 80 belongs to nginx\. .*The &lt;website&gt; refuses/,
  );
  expect(html).toContain(
    'href="/problems/service-failed/#check" data-article="/problems/service-failed/#check"',
  );
  expect(html).toMatch(/<article[^>]*data-incident="i1"/);
  expect(text(html)).toContain(
    'The kernel killed a process does not explain “service.failed”: nothing was killed',
  );
});

test('what the tree tells is not told again below it, but who is behind the cause is', () => {
  const diagnosis = structuredClone(server.diagnosis!);
  diagnosis.rootCauses[0] = {
    ...diagnosis.rootCauses[0]!,
    explanation: 'nginx failed. logrotate accounts for it. Port 80 belongs to nginx. The website is down.',
    attribution: 'logrotate accounts for it.',
  };
  const shown = text(draw({ diagnosis }));
  expect(shown.match(/Port 80 belongs to nginx\./g)).toHaveLength(1);
  expect(shown.match(/logrotate accounts for it\./g)).toHaveLength(1);
});

test('updates that nobody asked for are not reported, not none', () => {
  const updates = (packages: NonNullable<Server['facts']['packages']>) =>
    /Updates(.*?)Disks/.exec(text(draw({ facts: { ...server.facts, packages } })))?.[1]?.trim();
  expect(updates({ rebootRequired: false })).toBe('not reported');
  expect(updates({ manager: 'apt', pending: 3, security: 1 })).toBe('3 pending, 1 for security');
});

test('a monitor says its state in words and why it exists', () => {
  const html = draw();
  expect(html).toContain('data-monitor="port tcp 192.0.2.10:80" data-state="down"');
  expect(text(html)).toContain('because nginx listens on 0.0.0.0:80');
});

test('a healthy server is quiet, a silent one says that its reports stopped, a new one waits', () => {
  const healthy = {
    ...server.diagnosis!,
    verdict: 'healthy' as const,
    rootCauses: [],
    problems: [],
    ruledOut: [],
  };
  const quiet = { diagnosis: healthy, incidents: [] };
  expect(text(draw({ ...quiet, state: 'healthy' }))).toContain('Nothing is wrong.');
  expect(text(draw({ ...quiet, state: 'silent' }))).toContain('Its reports stopped.');
  const fresh = text(
    draw({ state: 'waiting', diagnosis: null, incidents: [], facts: {}, samples: [], monitors: [] }),
  );
  expect(fresh).toContain('Waiting for its first report…');
  expect(fresh).toContain('not reported');
});

test('the script that runs there beside the one that is served', () => {
  const runs = (sha256: string | null) => text(draw({ agent: { version: '0.1.0', sha256 } }));
  expect(runs('abababababab')).toContain('agent 0.1.0 abababababab , the one that is served here');
  expect(runs('0123456789ab')).toContain('not the one that is served here (9.9.9 abababababab)');
  expect(runs(null)).not.toContain('served here');
});

test('the line that adds a server comes with the checksum to compare', () => {
  const lines = { install: 'curl …', once: 'sh …', localUrl: null };
  const page = (install: Answers['servers']['install']) =>
    text(renderToStaticMarkup(createElement(AddServer, { install, agent: served, first: true })));
  expect(page(lines)).toContain(`sha256sum rootnote.sh must say ${served.sha256} (version 9.9.9)`);
  const warns = 'Only the machine that Rootnote runs on reaches';
  expect(page(lines)).not.toContain(warns);
  expect(page({ ...lines, localUrl: 'http://127.0.0.1:4321' })).toContain(`${warns} http://127.0.0.1:4321`);
  expect(page(null)).toContain('An owner finds it here');
});

test('who may only look gets nothing to press', () => {
  const html = renderToStaticMarkup(
    createElement(ServerView, {
      now: 1_760_000_110,
      role: 'viewer',
      server,
      timeline: [],
      judgements: { accepted: [], bounds: [] },
      maintenance: [],
      history: JSON.stringify({ start: 0, step: 60, points: 1, series: [] }),
      seconds: 3600,
      agent: served,
    }),
  );
  expect(html).not.toContain('Add a monitor');
  expect(html).not.toContain('Remove server');
  expect(html).not.toContain('Accept it as it is');
  expect(draw()).toContain('Accept it as it is');
});

test('what was learned is told as what it is: a band, and no proof', () => {
  const html = text(draw());
  expect(html).toMatch(/space on \/srv: full in 10 d \( ?5 d to 15 d; seen over 10 d\)/);
  expect(html).toContain('moved at the same time, not proven');
  expect(html).toContain('mariadb was upgraded, 14 min earlier.');
});

test('a copy that reports with this token is shown at the top, and an owner decides', () => {
  const copies = [{ bootId: 'b2', hostname: 'web1-copy', firstAt: 1_760_000_000, lastAt: 1_760_000_090 }];
  const html = draw({ copies });
  expect(html.indexOf('A copy of this server?')).toBeLessThan(html.indexOf('Root cause'));
  expect(text(html)).toMatch(/Another machine that calls itself web1-copy reports with the token/);
  for (const button of ['It is a machine of its own', 'It is this server', 'Refuse it'])
    expect(html).toContain(`>${button}</button>`);
  expect(draw()).not.toContain('A copy of this server?');
});

test('many problems of one kind fold behind the first three, and hide nothing of another kind', () => {
  const many = Array.from({ length: 8 }, (_, i) => finding('change.package', `p${i}`, `p${i} was upgraded`));
  const problems = [...many, finding('sys.updates', 'web1', '3 updates wait')];
  const html = draw({ diagnosis: { ...server.diagnosis!, rootCauses: [], problems } });
  const [before = '', ...after] = html.split('class="more-advice"');
  expect(after).toHaveLength(1);
  expect(before).toContain('p2 was upgraded');
  expect(before).not.toContain('p3 was upgraded');
  expect(text(after[0]!)).toContain('and 5 more of this kind');
  expect(after[0]).toContain('p7 was upgraded');
  expect(text(after[0]!.split('p7 was upgraded')[1]!)).toContain('3 updates wait');
});

test('the critical ones come first; of more than five the rest are lines that open', () => {
  const [first] = server.diagnosis!.rootCauses;
  const causes = (
    severities: readonly ('critical' | 'warning')[],
    verdict = 'explained' as 'explained' | 'ambiguous',
  ) => {
    const problems = severities.map((severity, i) => ({
      ...finding('x.y', `n${i}`, `fault ${i}`),
      severity,
    }));
    const rootCauses = problems.map(({ key, summary }) => ({
      ...first!,
      key,
      hops: [],
      symptoms: [],
      explanation: `${summary}. It began 3 min before the newest report.`,
    }));
    return draw({ incidents: [], diagnosis: { ...server.diagnosis!, verdict, problems, rootCauses } });
  };
  const order = (html: string) => [...new Set(html.match(/fault \d/g))].map((fault) => fault.at(-1)).join('');
  expect(order(causes(['warning', 'critical', 'warning']))).toBe('102');
  expect(order(causes(['warning', 'critical', 'warning'], 'ambiguous'))).toBe('012');
  expect(causes(['warning', 'critical', 'warning'])).not.toContain('folded-cause');
  const many = causes(Array<'warning'>(7).fill('warning'));
  expect(many.split('class="folded-cause"')).toHaveLength(5);
  expect(many).not.toContain('before the newest report');
});
