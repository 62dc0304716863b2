// "Accept this value, tell me when it changes", over every rule, through a real database: what is found stands in for what the rules
// would find, and everything behind it is the product's own: reading, diagnosis, incidents, messages.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { conditionOf, conditions } from '#core/conditions/index.ts';
import { diagnosisSchema, type Finding, findingKey } from '#core/diagnosis.ts';
import { type RuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import { Prisma } from '#prisma';
import type { Picture } from '#worker/rules/rule.ts';
import { oneServer, type OneServer } from '../oneServer.fixture.ts';
import { judgeServers } from './judge.ts';

/** By server: what its rules find now. */
const found = new Map<string, Finding>();
vi.mock('#worker/rules/findProblems.ts', () => ({
  findProblems: (picture: Picture) => [found.get(picture.facts.host!.hostname!)].filter(Boolean),
}));

const ids = Object.keys(conditions) as RuleId[];
let one: OneServer;

/** A finding as a rule of this kind makes it: its leading evidence comes from the first field of its condition. */
function finding(id: RuleId, value?: Finding['evidence'][number]['value']): Finding {
  const { entity, fields, gauges } = conditionOf(id)!;
  const isNumber = gauges !== undefined;
  return {
    id,
    severity: 'critical',
    since: 1,
    subject: { kind: entity[0]!, name: 'x' },
    summary: 'It is so.',
    evidence: [
      {
        what: 'what was looked at',
        value: value ?? (isNumber ? 50 : 'so'),
        unit: isNumber ? 'percent' : '',
        source: fields[0]!,
      },
    ],
    article: ruleEntry(id).article,
    confidence: 1,
  };
}

async function judge(
  make: (id: RuleId) => Finding | undefined,
): Promise<Record<string, Finding | undefined>> {
  found.clear();
  for (const id of ids) {
    const own = make(id);
    if (own) found.set(id, own);
  }
  await judgeServers(one.context, ids);
  const rows = await one.context.db.diagnosisRow.findMany({ orderBy: { at: 'asc' } });
  return Object.fromEntries(
    rows.map(({ serverId, body }) => [serverId, diagnosisSchema.parse(body).problems[0]]),
  );
}

const open = async () =>
  new Set(
    (await one.context.db.incident.findMany({ where: { state: 'open' } })).map(({ serverId }) => serverId!),
  );
/** What is never a cause by itself, and wakes nobody. */
const neverRoot = ['agent.partial', 'cpu.load_high', 'mem.swap_used'];
const all = new Set<string>(ids.filter((id) => !neverRoot.includes(id)));
const severities = (told: Record<string, Finding | undefined>) =>
  new Set(ids.map((id) => told[id]?.severity ?? 'none'));

beforeAll(async () => {
  one = await oneServer();
  await one.begin();
  const { db } = one.context;
  const lastReportAt = new Date();
  await db.server.createMany({
    data: ids.map((id) => ({
      id,
      organizationId: one.organizationId,
      hostname: id,
      tokenHash: id,
      lastReportAt,
    })),
  });
  await db.fact.createMany({
    data: ids.map((serverId) => ({
      serverId,
      name: 'host',
      value: { hostname: serverId } as Prisma.InputJsonValue,
      since: lastReportAt,
      seenAt: lastReportAt,
    })),
  });
  await db.sample.createMany({
    data: ids.map((serverId) => ({ serverId, at: lastReportAt, slots: [], values: [] })),
  });
}, 60_000);
afterAll(() => one.close());

async function accept(expiresAt: Date | null): Promise<void> {
  const { db } = one.context;
  await db.acceptance.deleteMany();
  await db.acceptance.createMany({
    data: ids.map((id) => ({
      serverId: id,
      key: findingKey(finding(id)),
      summary: 'It is so.',
      reason: 'it is meant so',
      acceptedBy: 'ann@example.org',
      expiresAt,
    })),
  });
}

const entries = async (kind: string) =>
  (await one.context.db.incidentEntry.findMany({ where: { kind } })).map(({ text }) => text);
const leading = (id: RuleId, value: number | string) =>
  finding(id, conditionOf(id)!.gauges ? value : value === 50 ? 'so' : 'otherwise');

test('of every rule: it ends its incident, is told when it changes, and when the time is over', async () => {
  const { db } = one.context;
  expect(severities(await judge((id) => finding(id)))).toEqual(new Set(['critical']));
  expect(await open()).toEqual(all);

  await accept(null);
  const accepted = await judge((id) => finding(id));
  expect(severities(accepted)).toEqual(new Set(['info']));
  expect(accepted['raid.degraded']!.accepted).toEqual({ by: 'ann@example.org', reason: 'it is meant so' });
  expect(await open()).toEqual(new Set());
  expect((await entries('accepted')).filter((text) => /^Accepted by ann/.test(text))).toHaveLength(all.size);
  expect(await db.acceptance.count({ where: { value: { equals: Prisma.AnyNull } } })).toBe(0);

  // A measured number that moves a little is no change.
  const quiet = await judge((id) => (conditionOf(id)!.gauges ? finding(id, 51.5) : finding(id)));
  expect(severities(quiet)).toEqual(new Set(['info']));

  const changed = await judge((id) => leading(id, 90));
  expect(severities(changed)).toEqual(new Set(['critical']));
  expect(await open()).toEqual(all);
  expect(changed['mem.low']!.summary).toBe('It is so. It had been accepted at 50 %, and has changed since.');
  expect(changed['raid.degraded']!.evidence.at(-1)).toMatchObject({ value: 'so', normal: 'it is meant so' });

  // As it was accepted again: it is quiet again.
  expect(severities(await judge((id) => finding(id)))).toEqual(new Set(['info']));
  expect(await open()).toEqual(new Set());

  // Another one of the same: what was accepted is not all that there is now.
  const longer = (id: RuleId) => {
    const own = finding(id);
    return { ...own, evidence: [...own.evidence, { ...own.evidence[0]!, what: 'one more' }] };
  };
  await accept(null);
  await judge(longer);
  expect(severities(await judge(longer))).toEqual(new Set(['info']));
  const grown = (id: RuleId) => {
    const own = longer(id);
    return { ...own, evidence: [...own.evidence, { ...own.evidence[0]!, what: 'and one more' }] };
  };
  expect(severities(await judge(grown))).toEqual(new Set(['critical']));

  await accept(new Date(Date.now() - 1000));
  expect(severities(await judge((id) => finding(id)))).toEqual(new Set(['critical']));
  expect(await open()).toEqual(all);
}, 120_000);

test('it is graver: it is told, and one of another entity always was', async () => {
  await accept(null);
  const as =
    (severity: Finding['severity'], name = 'x') =>
    (id: RuleId) => ({
      ...finding(id),
      severity,
      subject: { kind: conditionOf(id)!.entity[0]!, name },
    });
  expect(severities(await judge(as('warning')))).toEqual(new Set(['info']));
  expect(severities(await judge(as('critical')))).toEqual(new Set(['critical']));
  expect(severities(await judge(as('warning', 'y')))).toEqual(new Set(['warning']));
}, 60_000);
