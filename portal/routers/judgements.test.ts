import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
let serverId: string;
const key = 'mem.low server:web1';
const at = (minute: number) => new Date(1_790_000_000_000 + minute * 60_000);

beforeAll(async () => {
  people = await threePeople();
  const { db } = people.services;
  serverId = (
    await db.server.create({
      data: { organizationId: people.organizationId, hostname: 'web1', tokenHash: 'x' },
    })
  ).id;
  const bound = {
    metric: 'mem.available_percent',
    side: 'below',
    unit: 'percent',
    raise: 10,
    clear: 15,
    samples: 3,
  };
  const low = {
    id: 'mem.low',
    severity: 'warning',
    since: 1,
    subject: { kind: 'server', name: 'web1' },
    summary: 'Only 9 % of memory is available.',
    evidence: [{ what: 'memory available', value: 9, unit: 'percent', source: 'mem.available_percent' }],
    article: '/problems/memory-pressure-oom-killer/#check',
    confidence: 1,
    bound,
  };
  for (let i = 0; i < 40; i++) {
    const body = { verdict: 'unknown', problems: [low], rootCauses: [], ruledOut: [], movedTogether: [] };
    await db.diagnosisRow.create({
      data: { serverId, at: at(i), verdict: 'unknown', body: i === 5 ? { old: true } : body },
    });
  }
});
afterAll(() => people.close());

const waiting = () =>
  people.services.db.$queryRawUnsafe<unknown[]>(
    `SELECT id FROM pgboss.job WHERE name = 'diagnose' AND data->>'serverId' = $1`,
    serverId,
  );

describe('accepting', () => {
  test('needs a reason, and a problem that is there', async () => {
    await expect(people.member.judgements.accept({ serverId, key, reason: ' ', days: 7 })).rejects.toThrow(
      /say why/,
    );
    await expect(
      people.member.judgements.accept({ serverId, key: 'mem.low server:web2', reason: 'known', days: 7 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      people.member.judgements.accept({ serverId, key, reason: 'known', days: 0 }),
    ).rejects.toThrow();
  });

  test('is kept with who, why and until when, judged again, and can be taken back', async () => {
    await people.member.judgements.accept({ serverId, key, reason: 'A cache fills it', days: 30 });
    const { accepted } = await people.viewer.judgements.list({ serverId });
    expect(accepted).toMatchObject([{ key, by: 'member@example.org', reason: 'A cache fills it' }]);
    expect(accepted[0]!.until! - accepted[0]!.at).toBeCloseTo(30 * 86_400, -1);
    expect(await waiting()).toHaveLength(1);
    await people.owner.judgements.takeBack({ serverId, key });
    expect((await people.viewer.judgements.list({ serverId })).accepted).toEqual([]);
    await expect(people.owner.judgements.takeBack({ serverId, key })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a bound of its own', () => {
  const bound = { metric: 'mem.available_percent', raise: 5, clear: 8, samples: 10 };
  test('must make sense, and be of a rule that has such a bound', async () => {
    const set = (more: object, ruleId = 'mem.low') =>
      people.member.judgements.setBound({
        serverId,
        ruleId,
        bound: { ...bound, ...more },
        reason: 'known',
      } as never);
    await expect(set({ clear: 4 })).rejects.toThrow(/end before it began/);
    await expect(set({ metric: 'cpu.busy' })).rejects.toThrow(/no bound on cpu.busy/);
    await expect(set({}, 'sys.rebooted')).rejects.toThrow(/no bound on mem.available_percent/);
    await expect(set({ raise: 101, clear: 102 })).rejects.toThrow(/101 percent is outside .* 0 to 100/);
    await expect(set({ raise: -1 })).rejects.toThrow(/outside/);
    await expect(set({ critical: 6 })).rejects.toThrow(/at most 5/);
    await expect(set({ samples: 0 })).rejects.toThrow();
    await expect(set({}, 'no.such_rule')).rejects.toThrow(/not a rule/);
    await expect(set({ raise: Number.NaN })).rejects.toThrow();
  });
  test('may be set before it is crossed, with its unit and what holds without it', async () => {
    const { judgements } = people.member;
    const steal = { metric: 'cpu.steal', raise: 40, clear: 30 };
    await judgements.setBound({ serverId, ruleId: 'cpu.steal', bound: steal, reason: 'A burstable machine' });
    // A program may use several cores, and swap more than a hundred pages.
    const burst = { metric: 'proc.group.cpu', raise: 350, clear: 200 };
    await judgements.setBound({ serverId, ruleId: 'proc.runaway', bound: burst, reason: 'It computes' });
    const { bounds } = await judgements.list({ serverId });
    expect(bounds.map(({ text }) => text)).toContain(
      'CPU steal: above 40 % in 5 reports in a row; it ends when no longer above 30 %.',
    );
    expect(bounds.find(({ ruleId }) => ruleId === 'cpu.steal')!.usual).toContain('above 10 % in 5 reports');
    for (const ruleId of ['cpu.steal', 'proc.runaway']) await judgements.resetBound({ serverId, ruleId });
  });
  test('of a rule or a series that is no more is listed as such, and can be taken away', async () => {
    const bound = { metric: 'cpu.gone', raise: 1, clear: 1 };
    await people.services.db.ruleOverride.create({
      data: { serverId, ruleId: 'cpu.was_once', bound, reason: 'old', setBy: 'ann@example.org' },
    });
    expect((await people.member.judgements.list({ serverId })).bounds).toMatchObject([
      { ruleId: 'cpu.was_once', title: 'cpu.was_once', text: null },
    ]);
    await people.member.judgements.resetBound({ serverId, ruleId: 'cpu.was_once' });
    expect((await people.member.judgements.list({ serverId })).bounds).toEqual([]);
  });
  test('is listed, replaced, and goes back to the default', async () => {
    const { judgements } = people.member;
    await judgements.setBound({ serverId, ruleId: 'mem.low', bound, reason: 'A cache' });
    await judgements.setBound({
      serverId,
      ruleId: 'mem.low',
      bound: { ...bound, raise: 4 },
      reason: 'A cache',
    });
    const { bounds } = await judgements.list({ serverId });
    expect(bounds).toMatchObject([
      { ruleId: 'mem.low', bound: { raise: 4, clear: 8 }, by: 'member@example.org' },
    ]);
    await judgements.resetBound({ serverId, ruleId: 'mem.low' });
    expect((await judgements.list({ serverId })).bounds).toEqual([]);
  });
});

test('diagnoses come newest first, in pages; one that cannot be read any more is shown as such', async () => {
  const first = await people.viewer.judgements.diagnoses({ serverId });
  expect(first).toMatchObject({ more: true, server: { hostname: 'web1' } });
  expect(first.rows).toHaveLength(30);
  expect(first.rows[0]!.at).toBe(at(39).getTime() / 1000);
  const second = await people.viewer.judgements.diagnoses({ serverId, before: first.rows.at(-1)!.at });
  expect(second.rows.map((row) => row.readable)).toEqual(Array.from({ length: 10 }, (_, i) => i !== 4));
  expect(second.more).toBe(false);
});
