// Weeks of a simulated server, learned a day at a time from the database alone, as if the worker were restarted every night.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { insightSchema, outlookSchema } from '#core/learning.ts';
import { ensurePartitions } from '#prisma/partitions.ts';
import { freshDatabase, type TestDatabase } from '../../test/postgres.ts';
import { learnPoints } from './departures.ts';
import { habitBytes } from './habits.ts';
import { learnDue, learnServer } from './learn.ts';
import { bytesOfSeries, packStates, type States, unpackStates } from './states.ts';

let database: TestDatabase;
let organizationId: string;
const day = 86_400;
const start = Math.floor(Date.now() / 1000 / day) * day - 7 * day;
const step = 300;

beforeAll(async () => {
  database = await freshDatabase();
  await ensurePartitions(database.db);
  organizationId = (await database.db.organization.create({ data: { name: 'T' } })).id;
});
afterAll(() => database.drop());

/** Small, reproducible noise: a linear congruential generator in -1..1. */
function noise(seed: number): () => number {
  let x = seed;
  return () => (x = (x * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 30 - 1;
}

const metrics = ['cpu.busy', 'db.mysql.queries', 'disk.write_bytes', 'net.tx_bytes', 'fs.available'] as const;
type Values = Record<(typeof metrics)[number], number>;

/** A week of a server with a daily rhythm, in one statement a day; `change` alters it. */
async function server(name: string, change: (at: number, values: Values) => void): Promise<string> {
  const { db } = database;
  const { id } = await db.server.create({ data: { organizationId, hostname: name, tokenHash: name } });
  await db.seriesNames.create({
    data: {
      serverId: id,
      metrics: [...metrics],
      subjects: metrics.map((metric) =>
        /^(disk|net)/.test(metric) ? 'x0' : metric === 'fs.available' ? '/srv' : '',
      ),
    },
  });
  const wave = noise(name.length);
  const rows: string[] = [];
  for (let at = start; at < start + 7 * day; at += step) {
    const rhythm = 1 + Math.sin(((at % day) / day) * 2 * Math.PI);
    const values: Values = {
      'cpu.busy': 10 + 8 * rhythm + 2 * wave(),
      'db.mysql.queries': 100 + 60 * rhythm + 12 * wave(),
      'disk.write_bytes': 2e6 + 8e5 * rhythm + 2e5 * wave(),
      'net.tx_bytes': 5e6 + 2e6 * rhythm + 4e5 * wave(),
      'fs.available': 300e9 - ((at - start) / day) * 9e9 + 3e8 * wave(),
    };
    change(at, values);
    rows.push(
      `('${id}', to_timestamp(${at}), '{0,1,2,3,4}', '{${metrics.map((m) => values[m]).join(',')}}')`,
    );
  }
  await db.$executeRawUnsafe(`INSERT INTO sample ("serverId", at, slots, values) VALUES ${rows.join(',')}`);
  return id;
}

/** Learns as the days go by; each time everything is read from the database. */
async function live(id: string, each = day / 4): Promise<void> {
  for (let at = start + each; at <= start + 7 * day; at += each) {
    await database.db.server.update({ where: { id }, data: { lastReportAt: new Date((at - 1) * 1000) } });
    await learnServer(database.db, id);
  }
}

/** The same week for names of the same length. */
const upgraded = (at: number, values: Values): void => {
  if (at < start + 5 * day + 9 * 3600) return;
  values['db.mysql.queries'] *= 4;
  values['disk.write_bytes'] *= 5;
  values['net.tx_bytes'] *= 5;
};

it('survives kill -9 in the middle of learning: nothing is lost, and nothing learned or told twice', async () => {
  const { db, url } = database;
  const [whole, killed] = [await server('whole-12', upgraded), await server('killed-9', upgraded)];
  await live(whole);

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL');
    await client.end();
    await db.server.deleteMany({ where: { id: { in: [whole, killed] } } });
  });
  const run = () => {
    const script = 'worker/learn/learnWeek.fixture.ts';
    const args = [script, url, killed, String(start), String(start + 7 * day)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    children.push(child);
    return { child, ended: once(child, 'exit') };
  };
  const until = async (sql: string) => {
    const deadline = Date.now() + 30_000;
    // Not by the client whose transaction is open: that one is told the same for as long as it lasts.
    while (!(await db.$queryRawUnsafe<unknown[]>(sql)).length) {
      if (Date.now() > deadline) throw new Error(`never came true: ${sql}`);
      await sleep(20);
    }
  };
  const row = `SELECT 1 FROM "Learned" WHERE "serverId" = '${killed}'`;
  const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  const progress: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { child, ended } = run();
    await until(row);
    // It has learned and must wait to write it down: there it is killed.
    await client.query('BEGIN');
    await client.query(`${row} FOR UPDATE`);
    await until(waits);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await client.query('COMMIT');
    progress.push((await db.learned.findUniqueOrThrow({ where: { serverId: killed } })).upTo.getTime());
  }
  // Each life begins where the one before had written, not where it was killed.
  expect(progress).toEqual(progress.toSorted());
  expect(progress.at(-1)! / 1000).toBeLessThan(start + 7 * day - 1);
  expect(await run().ended).toEqual([0, null]);

  const [a, b] = await Promise.all(
    [whole, killed].map((serverId) => db.learned.findUniqueOrThrow({ where: { serverId } })),
  );
  expect(Buffer.from(b!.states).equals(Buffer.from(a!.states))).toBe(true);
  expect(b!.upTo).toEqual(a!.upTo);
  expect(b!.insightAt).toEqual(a!.insightAt);
  expect(b!.forecasts).toEqual(a!.forecasts);
  const told = (serverId: string) =>
    db.insight.findMany({ where: { serverId }, select: { at: true, title: true } });
  expect(await told(whole)).toHaveLength(1);
  expect(await told(killed)).toEqual(await told(whole));
}, 240_000);

describe('a week of a server', () => {
  it('that goes its usual way gives no insight, and its disk a forecast within a fifth of the truth', async () => {
    const id = await server('quiet', () => undefined);
    await live(id);
    expect(await database.db.insight.count({ where: { serverId: id } })).toBe(0);
    const row = await database.db.learned.findUniqueOrThrow({ where: { serverId: id } });
    expect(row.states.length).toBeLessThanOrEqual(200 * metrics.length);
    const [space] = outlookSchema.array().parse(row.forecasts);
    const truth = start + (300 / 9) * day;
    expect(space).toMatchObject({ what: 'space on /srv', end: 'full' });
    expect(Math.abs(space!.expected - truth)).toBeLessThan(0.2 * (truth - (start + 7 * day)));
    expect(space!.earliest).toBeLessThanOrEqual(space!.expected);
    expect(space!.latest).toBeGreaterThanOrEqual(space!.expected);
  });

  it('that changes after an upgrade gives one insight that names the upgrade, and no second one that week', async () => {
    const moved = start + 5 * day + 9 * 3600;
    const again = start + 6 * day + 9 * 3600;
    const id = await server('upgraded', (at, values) => {
      if (at < moved) return;
      values['db.mysql.queries'] *= at >= again ? 9 : 4;
      values['disk.write_bytes'] *= at >= again ? 12 : 5;
    });
    const text = 'mariadb-server was upgraded to 10.11.6';
    await database.db.event.create({
      data: {
        serverId: id,
        at: new Date((moved - 840) * 1000),
        digest: 'd',
        kind: 'package.upgraded',
        subject: 'mariadb-server',
        text,
      },
    });
    await live(id);
    const insights = await database.db.insight.findMany({ where: { serverId: id } });
    expect(insights).toHaveLength(1);
    const body = insightSchema.parse(insights[0]!.body);
    expect(body.before).toEqual([`${text}, 14 min earlier.`]);
    expect(body.moved.length).toBeGreaterThanOrEqual(2);
    expect(Math.abs(insights[0]!.at.getTime() / 1000 - moved)).toBeLessThanOrEqual(3 * step);
    expect(await database.db.incident.count({ where: { serverId: id } })).toBe(0);
    expect(await database.db.notification.count()).toBe(0);
  });

  it('that has an open incident leaves the telling to it', async () => {
    const moved = start + 5 * day;
    const id = await server('in trouble', (at, values) => {
      if (at >= moved)
        for (const m of ['cpu.busy', 'db.mysql.queries', 'disk.write_bytes', 'net.tx_bytes'] as const)
          values[m] *= 5;
    });
    await database.db.incident.create({
      data: {
        organizationId,
        serverId: id,
        rootKey: 'k',
        ruleId: 'r',
        severity: 'warning',
        title: 't',
        openedAt: new Date(),
        updatedAt: new Date(),
        body: {},
      },
    });
    await live(id);
    expect(await database.db.insight.count({ where: { serverId: id } })).toBe(0);
  });
});

it('finds the servers whose reports are a quarter of an hour ahead, and each only once', async () => {
  await database.db.learned.deleteMany();
  const said: string[] = [];
  const context = { db: database.db, log: (text: string) => said.push(text) };
  expect(await learnDue(context)).toBe(3);
  expect(await learnDue(context)).toBe(0);
  expect(said).toEqual([]);
});

it('packs states without loss that matters, and forgets bytes that it does not know', () => {
  const states: States = new Map();
  const points = Array.from({ length: 500 }, (_, i) => [start + i * 60, 50 + (i % 7)] as const);
  learnPoints(states, [{ slot: 4242, metric: 'cpu.busy', subject: '', points }]);
  const bytes = packStates(states);
  expect(bytes.length).toBe(1 + bytesOfSeries);
  expect(bytesOfSeries).toBeLessThanOrEqual(200);
  const back = unpackStates(bytes);
  expect(back.get(4242)!.detector.level).toBeCloseTo(states.get(4242)!.detector.level, 3);
  const older = Uint8Array.of(1, ...bytes.subarray(1, bytes.length - habitBytes));
  expect(unpackStates(older).get(4242)!.detector.level).toBe(back.get(4242)!.detector.level);
  expect(unpackStates(bytes.subarray(0, 50)).size).toBe(0);
  expect(unpackStates(Uint8Array.of(9, 1, 2)).size).toBe(0);
});

describe('what comes again and again', () => {
  const first = Math.floor(start / (7 * day)) * 7 * day;
  /** The days on which anything was told of a CPU that is busy when `work` says so, learned a quarter of a day at a time. */
  function told(work: (at: number) => boolean, days: number): number[] {
    let bytes = packStates(new Map());
    const wave = noise(3);
    const found = new Set<number>();
    for (let from = first; from < first + days * day; from += day / 4) {
      const states = unpackStates(bytes);
      const points = Array.from({ length: 360 }, (_, i) => {
        const at = from + i * 60;
        return [at, (work(at) ? 80 : 10) + 2 * wave()] as const;
      });
      for (const { at } of learnPoints(states, [{ slot: 1, metric: 'cpu.busy', subject: '', points }]))
        found.add(Math.floor((at - first) / day));
      bytes = packStates(states);
    }
    return [...found];
  }
  const hour = (at: number) => (at % day) / 3600;

  it('each night at the same hour is usual from the first night on that anything could be told', () => {
    expect(told((at) => hour(at) >= 2 && hour(at) < 2.7, 12)).toEqual([]);
  });

  it('each week is usual from the second time on', () => {
    const sunday = (at: number) => Math.floor(at / day) % 7 === 3 && hour(at) >= 4 && hour(at) < 5;
    expect(told(sunday, 25)).toHaveLength(1);
  });

  it('at another hour than ever is told', () => {
    const nightly = (at: number) => hour(at) >= 2 && hour(at) < 2.7;
    const once = first + 9 * day + 15 * 3600;
    expect(told((at) => nightly(at) || (at >= once && at < once + 2400), 12)).toEqual([9]);
  });
});
