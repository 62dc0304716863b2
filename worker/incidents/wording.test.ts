import { expect, test } from 'vitest';
import { type Finding, findingKey, type IncidentBody, incidentBodySchema } from '#core/diagnosis.ts';
import { emailBody } from '#worker/channels/emailBody.ts';
import { type IncidentInput, incidentMessage } from './wording.ts';

function finding(id: string, summary: string, extra: Partial<Finding> = {}): Finding {
  return {
    id,
    severity: 'critical',
    since: 1_764_000_000,
    subject: { kind: 'process', name: 'nginx' },
    summary,
    evidence: [],
    article: '/problems/process-missing/#check',
    confidence: 0.97,
    ...extra,
  };
}

const gone = finding(
  'proc.vanished',
  'nginx is not running any more; it was last seen at 2026-11-22 03:11:40 UTC.',
  {
    evidence: [
      { what: 'processes named nginx', value: 0, unit: 'count', normal: 'at least 1', source: 's' },
      { what: 'last seen', value: 1_764_000_000, unit: 'epoch', source: 's' },
    ],
  },
);
const page = 'Homepage http://127.0.0.1/';
const down = finding('svc.http_down', `${page} fails: 127.0.0.1:80 refused the connection.`, {
  subject: { kind: 'monitor', name: page },
  evidence: [
    { what: page, value: 'refused', unit: '', normal: 'ok', source: 's' },
    { what: 'code', value: 'connect-refused', unit: '', normal: 'ok', source: 's' },
    { what: 'memory available', value: 6.1e9, unit: 'bytes', normal: 'above 10 %', source: 's' },
  ],
});
const slow = finding('cpu.iowait', 'CPUs wait for storage.', { subject: { kind: 'server', name: 'web1' } });
const because = `Nothing answers for ${page} since nginx is gone.`;

const body: IncidentBody = {
  root: {
    key: findingKey(gone),
    problem: 'proc.vanished',
    subject: gone.subject,
    score: 1.9,
    chain: ['proc.vanished', 'svc.http_down'],
    hops: [
      { cause: findingKey(gone), effect: findingKey(down), weight: 1, because },
      { cause: findingKey(gone), effect: findingKey(slow), weight: 0.4, because: 'Because.' },
    ],
    symptoms: [findingKey(down), findingKey(slow)],
    explanation: `${gone.summary} It began 3 min before the newest report. ${because} ${down.summary}`,
  },
  problems: [gone, down, slow],
  ruledOut: [
    { problem: 'mem.oom_kill', effect: 'proc.vanished', because: 'The kernel log tells of no kill.' },
    { problem: 'mem.oom_kill', effect: 'svc.http_down', because: 'Again.' },
    { problem: 'disk.full', effect: 'disk.latency', because: 'Of another incident.' },
  ],
};

const input: IncidentInput = {
  kind: 'opened',
  incident: {
    id: 'inc1',
    severity: 'critical',
    title: gone.summary,
    openedAt: new Date('2026-11-22T03:12:05Z'),
  },
  body: incidentBodySchema.parse(body),
  server: 'web1',
  publicUrl: 'https://rootnote.example.org',
};

test('tells the chain cause first, with the evidence, what was ruled out and what follows', () => {
  expect(incidentMessage(input)).toEqual({
    kind: 'opened',
    severity: 'critical',
    server: 'web1',
    title: `nginx is not running any more; ${page} fails`,
    chain: [gone.summary, `${because} ${down.summary}`],
    evidence: [
      { what: 'processes named nginx', value: '0', normal: 'at least 1' },
      { what: 'last seen', value: '2025-11-24 16:00:00 UTC' },
      { what: page, value: 'refused', normal: 'ok' },
      { what: 'memory available', value: '5.7 GiB', normal: 'above 10 %' },
    ],
    ruledOut: ['Kernel killed a process for lack of memory: The kernel log tells of no kill.'],
    symptoms: ['CPUs wait for storage.'],
    openedAt: new Date(1_764_000_000_000),
    articleUrl: 'https://rootnote.example.org/problems/process-missing/#check',
    articleTitle: 'A process that always ran is gone',
    incidentUrl: 'https://rootnote.example.org/portal/incidents/inc1/',
    settingsUrl: 'https://rootnote.example.org/portal/channels/',
    incidentId: 'inc1',
  });
});

test('a cause without a chain says who is behind it and what would be without it', () => {
  const swap = finding(
    'mem.swap_thrash',
    'The server swaps all the time: 5,000 pages/s in, 5,000 pages/s out.',
  );
  const blame = 'mysqld accounts for 88 % of the memory that went (7 GiB of 7.9 GiB).';
  const counterfactual =
    'Without the extra 7 GiB of mysqld, available memory would be 44 % instead of 0.5 %.';
  const message = incidentMessage({
    ...input,
    body: {
      root: {
        ...body.root,
        key: findingKey(swap),
        problem: swap.id,
        // The diagnosis names the process; the finding is about the server.
        subject: { kind: 'process', name: 'mysqld' },
        chain: [swap.id],
        hops: [],
        symptoms: [],
        explanation: `${swap.summary} It is so since the first of these reports. ${blame}`,
        counterfactual,
      },
      problems: [swap],
      ruledOut: [],
    },
  });
  expect(message.title).toBe('The server swaps all the time: 5,000 pages/s in, 5,000 pages/s out');
  expect(message.chain).toEqual([`${swap.summary} ${blame} ${counterfactual}`]);
});

test('a headline that would be too long keeps to the cause', () => {
  const long = { ...down, summary: `${'x'.repeat(110)} fails: refused.` };
  const problems = [gone, { ...long }, slow];
  expect(incidentMessage({ ...input, body: { ...body, problems } }).title).toBe(
    'nginx is not running any more',
  );
});

test('a body that lost its findings still makes a message', () => {
  const empty = { ...body, problems: [] };
  expect(incidentMessage({ ...input, body: empty })).toMatchObject({
    title: gone.summary,
    chain: [],
    evidence: [],
  });
});

test('the message of a resolved incident makes a mail that says so, and how long it lasted since it began', () => {
  const incident = { ...input.incident, resolvedAt: new Date('2026-11-22T03:40:05Z') };
  const began = { ...gone, since: Date.parse('2026-11-22T03:10:05Z') / 1000 };
  const over = {
    ...input,
    kind: 'resolved' as const,
    incident,
    body: { ...body, problems: [began, down, slow] },
  };
  const { subject, text } = emailBody(incidentMessage(over));
  expect(subject).toBe(`[resolved] web1: nginx is not running any more; ${page} fails`);
  expect(text.replaceAll('\n', ' ')).toContain('It lasted 30 min');
  expect(text).not.toContain('RULED OUT');
});

test('the link to the article carries the token of its incident, behind the heading', () => {
  const input: IncidentInput = {
    kind: 'opened',
    incident: { id: 'cm1', severity: 'critical', title: 't', openedAt: new Date() },
    body,
    server: 'web1',
    publicUrl: 'https://rootnote.example.org',
  };
  const plain = incidentMessage(input).articleUrl;
  expect(plain).toMatch(/^https:\/\/rootnote\.example\.org\/problems\/.+#[a-z-]+$/);
  expect(incidentMessage({ ...input, token: 'cm1.abc.def' }).articleUrl).toBe(`${plain}~cm1.abc.def`);
});

test.each([
  ['md2 (raid1) runs with 1 of 2 disks; failed: sdb1.', 'md2 runs with 1 of 2 disks'],
  [
    '/backup (UUID=ab-12) stands in /etc/fstab and is not mounted.',
    '/backup stands in /etc/fstab and is not mounted',
  ],
  [
    'CentOS Linux 7 (Core) has had no free updates since 2024-06-30.',
    'CentOS Linux 7 has had no free updates since 2024-06-30',
  ],
  ['The UPS eaton (Eaton 5P runs on its battery.', 'The UPS eaton'],
])('the headline of "%s" keeps its predicate', (summary, title) => {
  const one = finding('raid.degraded', summary);
  const root = { ...body.root, key: findingKey(one), chain: [one.id], hops: [], symptoms: [] };
  expect(incidentMessage({ ...input, body: { ...body, root, problems: [one] } }).title).toBe(title);
});

test('a note is no effect to name in the headline, and an effect goes on in small letters', () => {
  const cause = finding('proc.runaway', 'burn takes 1.9 cores.');
  const note = finding('cpu.load_high', 'The load average (1 min) is 9 on 2 cores.', { severity: 'info' });
  const told = (effect: Finding) => {
    const hop = { cause: findingKey(cause), effect: findingKey(effect), weight: 1, because: 'So.' };
    const root = {
      ...body.root,
      key: findingKey(cause),
      chain: [cause.id, effect.id],
      hops: [hop],
      symptoms: [],
    };
    return incidentMessage({ ...input, body: { ...body, root, problems: [cause, effect] } }).title;
  };
  expect(told(note)).toBe('burn takes 1.9 cores');
  expect(told({ ...note, severity: 'warning' })).toBe(
    'burn takes 1.9 cores; the load average is 9 on 2 cores',
  );
});

test('what was changed before is told with the cause, as not proven', () => {
  const root = { ...body.root, before: ['mariadb-server was upgraded to 10.11.6, 14 min earlier.'] };
  expect(incidentMessage({ ...input, body: { ...body, root } }).chain[0]).toContain(
    'Before that, not proven to matter: mariadb-server was upgraded to 10.11.6, 14 min earlier.',
  );
});
