// Stage "evaluate": results of one region become looks, evidence and states. A batch costs a few statements, whatever it holds, and a look
// that confirms what is known costs one append to its monitor's tail and nothing else.
import type { JobData } from '#core/jobs.ts';
import type { ProbeKind, ProbeResult } from '#core/probes.ts';
import type { MonitorState, Prisma, Transaction } from '#prisma';
import { heardRegions, lookAgain } from '#prisma/leases.ts';
import { unpackLooks } from '#prisma/lookPack.ts';
import { appendLooks } from '#prisma/looks.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from './context.ts';
import { evaluate, evaluationSchema, type EvaluateOutput } from './evaluate/evaluate.ts';
import { essence, isCalm } from './evaluate/quiet.ts';
import { askSiblings, mayBeShared } from './settle.ts';
import { storeEvents } from './storeEvents.ts';
import { storableJson, storableText } from '#core/storable.ts';

/** One look at a monitor; `at` is when it began, by the clock of the database. */
export interface Look {
  monitorId: string;
  at: Date;
  result: ProbeResult;
}

interface MonitorRow {
  id: string;
  organizationId: string;
  serverId: string | null;
  key: string;
  name: string;
  kind: ProbeKind;
  state: MonitorState;
  evaluation: unknown;
  interval: number;
  writtenAt: Date | null;
  /** Regions that look at it. */
  regions: string[] | null;
  /** Epoch seconds of each region's newest look. */
  heard: Record<string, number> | null;
  /** This region's last two looks, packed, and when the newest began. */
  last: Uint8Array | null;
  lastAt: number | null;
}

/** A failed look keeps its evidence up to this size. */
const evidenceBytes = 20_000;
/** While nothing changes, the words of a monitor are written anew this often: they hold figures. */
const wordsMs = 10 * 60_000;
/** Two stages that lock the same monitors in another order: PostgreSQL ends one of them, which then tries again. */
const deadlock = /40P01|deadlock/i;

/** Stores the looks of one region. A look that was stored before changes nothing; of two looks at one monitor the newer one counts. */
export async function storeLooks(
  context: Pick<WorkerContext, 'db' | 'queue'>,
  region: string,
  looks: readonly Look[],
): Promise<void> {
  const newest = new Map<string, Look>();
  for (const look of looks) {
    const other = newest.get(look.monitorId);
    if (!other || other.at < look.at) newest.set(look.monitorId, look);
  }
  if (!newest.size) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await storeBatch(context, region, newest);
      return;
    } catch (error) {
      if (attempt === 4 || !deadlock.test(String(error))) throw error;
    }
  }
}

/** What regions without database access handed in. */
export async function storeHandedIn(
  context: Pick<WorkerContext, 'db' | 'queue'>,
  jobs: readonly JobData<'evaluate'>[],
): Promise<void> {
  for (const { region, looks } of jobs) {
    await storeLooks(
      context,
      region,
      looks.map(({ monitorId, at, result: { degraded, ...result } }) => ({
        monitorId,
        at: new Date(at * 1000),
        result: { ...result, ...(degraded && { degraded }) },
      })),
    );
  }
}

async function storeBatch(
  { db, queue }: Pick<WorkerContext, 'db' | 'queue'>,
  region: string,
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const heard = await heardRegions(db);
  await db.$transaction(
    async (transaction) => {
      const monitors = await readMonitors(transaction, region, [...looks.keys()], false);
      const fresh = await appendLooks(
        transaction,
        region,
        [...looks.values()].map(({ monitorId, at, result: { ok, code, ms } }) => ({
          monitorId,
          at,
          ok,
          code,
          ms,
        })),
      );
      const stored = monitors.filter(({ id }) => fresh.has(id));
      await storeEvidence(transaction, region, stored, looks);
      await acceptAnswers(transaction, stored, looks);
      const judge = (monitor: MonitorRow) => judged(monitor, looks.get(monitor.id)!, region, heard);
      const moving = stored.filter((monitor) => judge(monitor));
      if (moving.length) {
        // Locked in the order of their ids, so that regions that report at once take turns.
        const ids = moving.map(({ id }) => id);
        const locked = await readMonitors(transaction, region, ids, true);
        await move(
          transaction,
          queue,
          locked.flatMap((monitor) => {
            const output = judge(monitor);
            return output ? [{ monitor, look: looks.get(monitor.id)!, output }] : [];
          }),
        );
      }
      for (const [organizationId, own] of Map.groupBy(stored, (monitor) => monitor.organizationId)) {
        const servers = new Set(own.map(({ serverId }) => serverId));
        const [serverId] = servers;
        await announce(transaction, {
          organizationId,
          kind: 'monitor',
          ...(own.length === 1 && { id: own[0]!.id }),
          ...(servers.size === 1 && serverId && { serverId }),
        });
      }
    },
    { timeout: 30_000, maxWait: 30_000 },
  );
}

async function readMonitors(
  db: Transaction,
  region: string,
  ids: string[],
  lock: boolean,
): Promise<MonitorRow[]> {
  if (lock)
    await db.$queryRawUnsafe(
      `SELECT id FROM "Monitor" WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
      ids,
    );
  return db.$queryRawUnsafe<MonitorRow[]>(
    `SELECT m.id, m."organizationId", m."serverId", m.key, m.name, m.kind, m.state::text AS state, m.evaluation, m.interval, m."writtenAt",
       (SELECT array_agg(d.region) FROM "MonitorSchedule" d WHERE d."monitorId" = m.id) AS regions,
       (SELECT jsonb_object_agg(t.region, extract(epoch FROM t.at)) FROM probe_tail t WHERE t."monitorId" = m.id) AS heard,
       own.last, own."lastAt"
     FROM "Monitor" m LEFT JOIN LATERAL (
       SELECT substring(t.points FROM greatest(1, octet_length(t.points) - 7)) AS last, extract(epoch FROM t.at)::float8 AS "lastAt"
       FROM probe_tail t WHERE t."monitorId" = m.id AND t.region = $2) own ON true
     WHERE m.id = ANY($1::text[]) AND m."retiredAt" IS NULL ORDER BY m.id`,
    ids,
    region,
  );
}

/** What a look makes of its monitor; undefined when it makes nothing new of it. */
function judged(
  monitor: MonitorRow,
  { at, result }: Look,
  region: string,
  heard: { name: string; organizationId: string | null }[],
): EvaluateOutput | undefined {
  if (monitor.state === 'paused' || saysNothing(monitor, result)) return undefined;
  const { ok, degraded, code, summary, details } = result;
  const lookers = new Set(monitor.regions);
  const regions = heard
    .filter((one) => lookers.has(one.name))
    .filter(({ organizationId }) => !organizationId || organizationId === monitor.organizationId)
    .map(({ name }) => name);
  const fresh = at.getTime() - (monitor.writtenAt?.getTime() ?? 0) < wordsMs;
  if (ok && fresh && monitor.state === 'up' && isCalm(monitor.evaluation, region, regions)) return undefined;
  const before = withTimes(monitor, region);
  const output = evaluate({
    state: monitor.state,
    evaluation: before,
    result: {
      region,
      at: at.getTime() / 1000,
      ok,
      code,
      summary,
      details: ok ? {} : bounded(details),
      ...(degraded && { degraded }),
    },
    regions,
    interval: monitor.interval,
  });
  const quiet =
    !output.transition &&
    !output.notes.length &&
    !output.lookAgainSeconds &&
    fresh &&
    essence(output.evaluation) === essence(before);
  return quiet ? undefined : output;
}

/** The stored evaluation with the times of looks that did not touch it. This region's own time stays the one that was evaluated. */
function withTimes(monitor: MonitorRow, region: string): unknown {
  const parsed = evaluationSchema.safeParse(monitor.evaluation);
  if (!parsed.success) return {};
  for (const [name, record] of Object.entries(parsed.data.regions)) {
    if (name !== region) record.at = Math.max(record.at, Number(monitor.heard?.[name] ?? 0));
  }
  return parsed.data;
}

interface Move {
  monitor: MonitorRow;
  look: Look;
  output: EvaluateOutput;
}

/** Writes new states, transitions, notes, and asks for what follows from them. */
async function move(db: Transaction, queue: WorkerContext['queue'], moves: readonly Move[]): Promise<void> {
  const rows = moves.map(({ monitor: { id, state: was }, look: { at, result }, output }) => ({
    id,
    at,
    state: output.state,
    evaluation: output.evaluation,
    // A result that is not confirmed yet must not put its words to the state that still stands.
    words: result.ok === (output.state === 'up') || output.state === 'pending',
    code: result.code,
    summary: result.summary,
    changed: output.state !== was,
  }));
  await db.$executeRawUnsafe(
    `UPDATE "Monitor" m SET state = c.state::"MonitorState", evaluation = c.evaluation, "writtenAt" = c.at,
       code = CASE WHEN c.words THEN c.code ELSE m.code END, summary = CASE WHEN c.words THEN c.summary ELSE m.summary END,
       "stateSince" = CASE WHEN c.changed THEN c.at AT TIME ZONE 'UTC' ELSE m."stateSince" END,
       "everUp" = m."everUp" OR c.state = 'up'
     FROM jsonb_to_recordset($1::jsonb) AS c(id text, at timestamptz, state text, evaluation jsonb, words boolean, code text, summary text, changed boolean)
     WHERE m.id = c.id`,
    storableJson(rows),
  );
  const changed = moves.filter(({ output }) => output.transition);
  if (changed.length) {
    await db.transition.createMany({
      data: changed.map(({ monitor, look, output: { transition } }) => ({
        monitorId: monitor.id,
        at: look.at,
        ...transition!,
        summary: storableText(transition!.summary),
      })),
    });
  }
  for (const [serverId, own] of Map.groupBy(moves, ({ monitor }) => monitor.serverId)) {
    if (!serverId) continue;
    await storeEvents(
      db,
      serverId,
      own.flatMap(({ monitor, look, output }) =>
        output.notes.map(({ kind, text }) => ({
          kind: `monitor.${kind}`,
          at: look.at.getTime() / 1000,
          subject: monitor.key,
          text: storableText(`${monitor.name}: ${text}`),
        })),
      ),
    );
    if (own.some(({ output }) => output.transition))
      await queue.send('diagnose', { serverId }, { transaction: db, key: serverId });
  }
  const shared = changed.filter(
    ({ output: { transition } }) => transition!.to === 'down' && mayBeShared(transition!.code),
  );
  await askSiblings(db, [...new Set(shared.flatMap(({ monitor }) => monitor.serverId ?? []))].sort());
  const again = moves.filter(({ output }) => output.lookAgainSeconds);
  await lookAgain(
    db,
    again.map(({ monitor }) => monitor.id),
    again.map(({ output }) => output.lookAgainSeconds!),
  );
}

/** DNS monitors that accept what is there now: the values of the first good answer become the expected ones, with a line in the timeline. */
async function acceptAnswers(
  db: Transaction,
  monitors: readonly MonitorRow[],
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const answers = monitors.flatMap(({ id, kind }) => {
    const { ok, details } = looks.get(id)!.result;
    const { values, here } = details;
    if (kind !== 'dns' || !ok || !Array.isArray(values) || !values.length || values.length > mostAccepted)
      return [];
    const seen = values.map((value) => storableText(String(value)).slice(0, 1000));
    // Of what does not lead to the server nothing is expected but that it is there: it was never meant to.
    return [{ id, seen, expected: Array.isArray(here) && here.length === 0 ? [] : seen }];
  });
  if (!answers.length) return;
  // Compare and set: of several regions the first one counts.
  const taken = await db.$queryRawUnsafe<{ id: string }[]>(
    `UPDATE "Monitor" m SET settings = m.settings || jsonb_build_object('expected', a.expected)
     FROM jsonb_to_recordset($1::jsonb) AS a(id text, expected jsonb)
     WHERE m.id = a.id AND m.settings @> '{"accept": true}' AND NOT m.settings ? 'expected' RETURNING m.id`,
    storableJson(answers),
  );
  for (const { id } of taken) {
    const { key, name, serverId } = monitors.find((one) => one.id === id)!;
    const { expected, seen } = answers.find((one) => one.id === id)!;
    if (!serverId) continue;
    const text = expected.length
      ? `accepted what is there now, to tell when it changes: ${expected.join(', ')}`
      : `leads to ${seen.join(', ')}, not to this server: accepted as meant, and watched only for being there`;
    await storeEvents(db, serverId, [
      {
        kind: 'monitor.accepted',
        at: looks.get(id)!.at.getTime() / 1000,
        subject: key,
        text: `${name}: ${text}.`,
      },
    ]);
  }
}

/** As many values as a setting may hold. */
const mostAccepted = 50;

/** Evidence of looks that failed. While the same failure lasts: of its first look, of the one that confirms it, and then of one an hour. */
async function storeEvidence(
  db: Transaction,
  region: string,
  monitors: readonly MonitorRow[],
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const data = monitors.flatMap(({ id, last, lastAt }) => {
    const { at, result } = looks.get(id)!;
    if (result.ok) return [];
    const row = last && lastAt !== null ? unpackLooks(last, lastAt) : [];
    const sameHour = Math.floor(at.getTime() / 3_600_000) === Math.floor((lastAt ?? 0) / 3600);
    if (sameHour && row.length === 2 && row.every(({ code }) => code === result.code)) return [];
    const { ok, code, ms } = result;
    return [{ monitorId: id, region, at, ok, code, ms, evidence: evidenceOf(result) }];
  });
  if (data.length) await db.probeRow.createMany({ data, skipDuplicates: true });
}

/**
 * Whether a file is exposed or a certificate is good cannot be seen while the server does not answer at all. That is told by the
 * monitors of the port and the page; the state of this one stays what it was.
 */
function saysNothing(monitor: MonitorRow, { ok, code }: ProbeResult): boolean {
  if (ok || monitor.state === 'pending') return false;
  if (monitor.kind === 'exposed') return code !== 'exposed-file';
  if (monitor.kind === 'tls') return code.startsWith('connect-') || code.startsWith('dns-');
  return monitor.kind === 'domain' && code === 'domain-lookup';
}

function evidenceOf(result: ProbeResult): Prisma.InputJsonObject {
  const { phases, details, transcript, summary } = result;
  return {
    summary: storableText(summary),
    phases: phases.map((phase) => ({ ...phase })),
    details: bounded(details) as Prisma.InputJsonObject,
    transcript: transcript.slice(0, 200).map(storableText),
  };
}

/** JSON without what cannot be stored, and not larger than evidence may be. */
function bounded(details: Record<string, unknown>): Record<string, unknown> {
  const text = storableJson(details);
  return text.length <= evidenceBytes
    ? JSON.parse(text)
    : { note: `The details had ${text.length} bytes and were left out.` };
}
