// npm run bench:ingest [-- NAME...]: what a report costs from POST to judged, beside a bare server that only takes it.
// SERVERS, ROUNDS, RECORDED and SECONDS change its size; storage needs promtool.
// Figures are CPU time of processes, from /proc; machines are noisy: quote the ratios of one run.
import { askedOf } from './askedOf.ts';
import { crash as killAndCompare } from './ingest/crash.ts';
import { type Cost, type CostReport, measureCost } from './ingest/cost.ts';
import { giveHistory } from './ingest/history.ts';
import { measureMemory } from './ingest/memory.ts';
import { type Bed, makeBed } from './ingest/parts.ts';
import { measureRawReports } from './ingest/rawReports.ts';
import { recordReport } from './ingest/reports.ts';
import { measureStorage, recordSamples } from './ingest/storage.ts';

const parts: Record<string, () => Promise<void>> = { cost, storage, raw, memory, crash };
const { words: asked } = askedOf(import.meta);
const unknown = asked.find((name) => !(name in parts));
if (unknown) {
  console.error(`There is no bench “${unknown}”; there are: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length ? asked : Object.keys(parts)) await parts[name]!();

async function cost(): Promise<void> {
  const goals = { stored: 4, judged: 5, all: 8 };
  const rounds = Number(process.env.ROUNDS ?? 7);
  const recorded = { full: await recordReport('daily'), minute: await recordReport() };
  const servers = Number(process.env.SERVERS ?? 400);
  const bed = await makeBed(servers);
  try {
    await giveHistory(bed, recorded, Math.floor(Date.now() / 1000));
    const stored = await measureCost(bed, recorded.minute, { rounds, judges: false });
    const judged = await measureCost(bed, recorded.minute, { rounds, judges: true });
    const row = (what: string, ms: number, note = '') => ({
      what,
      'CPU ms a report': Number(ms.toFixed(2)),
      'reports a CPU second': ms >= 0.01 ? Math.round(1000 / ms) : '',
      note,
    });
    const met = (ms: number, goal: number, { spread }: CostReport) =>
      `goal ${goal}: ${ms <= goal ? 'met' : 'missed'}; rounds ${spread.map((one) => one.toFixed(2)).join(' to ')}`;
    const { cost, ...about } = stored;
    const accepted = cost.web + cost.webDatabase;
    const difference = (part: keyof Cost) => judged.cost[part] - cost[part];
    console.log(
      `\nMinute reports of an ordinary server: ${about.bytes} bytes, ${Math.round(about.packed)} packed, ${Math.round(about.series)} series, seven hours of history.`,
      `\n${about.reports} reports of ${servers} servers at 333 a second (20,000 servers a minute), once without and once with the judging; medians of ${rounds} rounds.`,
    );
    const bare = `${(cost.web / cost.bare).toFixed(1)} × bare`;
    console.table([
      row('bare Node server: gunzip, 202', cost.bare),
      row('accepted: web server', cost.web, bare),
      row('accepted: its database connections', cost.webDatabase),
      row('accepted', accepted, `${(accepted / cost.bare).toFixed(1)} × bare`),
      row('read: worker', cost.worker),
      row('read: its database connections', cost.workerDatabase),
      row('read and stored', cost.worker + cost.workerDatabase),
      row('PostgreSQL beside its connections', cost.database, 'log writer, checkpoints, vacuum'),
      row('from POST to stored', cost.total, met(cost.total, goals.stored, stored)),
      row('judged: worker', difference('worker')),
      row('judged: its database connections', difference('workerDatabase')),
      row(
        'judged, all that comes with it',
        difference('total'),
        `goal ${goals.judged}: ${difference('total') <= goals.judged ? 'met' : 'missed'}`,
      ),
      row('from POST to judged', judged.cost.total, met(judged.cost.total, goals.all, judged)),
    ]);
    console.log(`Said of these servers: ${await said(bed)}.`);
  } finally {
    await bed.remove();
  }
}

/** A server of which much is said costs more than a healthy one: so this belongs to the figures. */
async function said({ client }: Bed): Promise<string> {
  const { rows } = await client.query<{ verdict: string; servers: number; problems: number }>(
    `SELECT verdict, count(*)::int AS servers, round(avg(jsonb_array_length(body->'problems')), 1)::float8 AS problems
     FROM (SELECT DISTINCT ON ("serverId") * FROM diagnosis ORDER BY "serverId", at DESC) AS newest GROUP BY 1 ORDER BY 2 DESC`,
  );
  return rows
    .map(({ verdict, servers, problems }) => `${servers} × ${verdict} with ${problems} findings`)
    .join(', ');
}

async function memory(): Promise<void> {
  const servers = Number(process.env.SERVERS ?? 20_000);
  const found = await measureMemory([await recordReport('daily'), await recordReport()], servers);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const kb = (bytes: number) => `${(bytes / 1e3).toFixed(0)} kB`;
  console.log(
    `\nA worker that has read a full report and a minute report of each of ${servers} servers, and has judged each:`,
  );
  console.table([
    { what: 'resident after the full reports', value: mb(found.first) },
    { what: 'resident after the minute reports and the judging', value: mb(found.second) },
    { what: 'servers that it knows by heart', value: String(found.kept) },
    { what: 'heap of one of them', value: kb(found.each) },
    { what: 'counted for one of them', value: kb(found.counted) },
    { what: 'bound of what is counted: half the heap', value: mb(found.limit) },
    { what: 'servers whose judging it remembers', value: String(found.judged.kept) },
    { what: 'counted for one of them', value: kb(found.judged.bytes / found.judged.kept) },
    { what: 'bound of that: a quarter of the heap', value: mb(found.judged.limit) },
  ]);
}

async function storage(): Promise<void> {
  const goal = 1.8;
  const recorded = recordSamples(Number(process.env.RECORDED ?? 90));
  const bed = await makeBed(20);
  try {
    const rows = await measureStorage(bed, recorded);
    const perSample = ({ bytes, samples }: (typeof rows)[number]) => bytes / samples;
    // With the values as we round them, or as measured: whichever costs it less.
    const prometheus = rows
      .filter(({ store }) => store.startsWith('Prometheus'))
      .toSorted((a, b) => perSample(a) - perSample(b))[0]!;
    console.log(
      `\nA day of 20 servers (the two others: 4) with ${recorded[0]!.length} series, a report a minute, from ${recorded.length} real reports of this machine.`,
    );
    console.table(
      rows.map((row) => ({
        store: row.store,
        samples: row.samples,
        MB: Number((row.bytes / 1e6).toFixed(1)),
        'bytes a sample': Number(perSample(row).toFixed(2)),
        'against Prometheus': `${(perSample(row) / perSample(prometheus)).toFixed(2)} ×`,
      })),
    );
    const [all, added] = [perSample(rows[0]!), perSample(rows[1]!)];
    const met = (value: number) => (value <= goal ? 'met' : 'missed');
    console.log(`Goal: at most ${goal} bytes a sample: ${met(all)}; of what each day adds: ${met(added)}.`);
    console.log(
      `Goal: no worse than Prometheus' own on this data: ${all <= perSample(prometheus) ? 'met' : 'missed'}.`,
    );
  } finally {
    await bed.remove();
  }
}

async function raw(): Promise<void> {
  const servers = 5;
  const incidents = 2;
  const bed = await makeBed(servers);
  try {
    const recorded = { full: await recordReport('daily'), minute: await recordReport() };
    const found = await measureRawReports(bed, recorded, incidents);
    const mb = (bytes: number) => Number((bytes / 1e6).toFixed(1));
    console.log(
      `\nRaw reports of a server with ${incidents} incidents a day; means of ${servers} servers, indexes and all.`,
    );
    console.table([
      { what: 'a day, every report', reports: found.reports.whole, MB: mb(found.whole) },
      { what: 'a day, thinned', reports: found.reports.thinned, MB: mb(found.thinned) },
      { what: 'two weeks, as they are kept', MB: mb(found.server) },
      { what: 'two weeks, if every report was kept', MB: mb(found.before) },
    ]);
  } finally {
    await bed.remove();
  }
}

async function crash(): Promise<void> {
  const seconds = Number(process.env.SECONDS ?? 120);
  const bed = await makeBed(60);
  try {
    const result = await killAndCompare(bed, await recordReport(), seconds, (line) => console.log(line));
    const { web, worker, database } = result.kills;
    console.log(
      `\n60 servers report without a pause for ${seconds} s; killed with SIGKILL: web server ${web}, worker ${worker}, PostgreSQL ${database} times.`,
    );
    console.table([
      { reports: 'sent', number: result.sent },
      { reports: 'answered 202', number: result.acknowledged },
      { reports: 'of these in the database', number: result.stored },
      { reports: 'of these read', number: result.read },
      { reports: 'of these with their samples', number: result.sampled },
      { reports: 'answered 202 and lost', number: result.lost },
      { reports: 'stored without an answer that arrived', number: result.unacknowledged },
    ]);
    const { left, settled } = result;
    console.log(
      left.reports + left.jobs === 0
        ? `All was read and judged ${settled.toFixed(0)} s after the last kill.`
        : `After ${settled.toFixed(0)} s there were still ${left.reports} reports to read and ${left.jobs} jobs of judging, ${left.held} of them held.`,
    );
    const tried = result.acknowledged > 0 && web > 0 && worker > 0 && database > 0;
    const equal = result.sent === result.acknowledged && result.lost === 0 && result.unacknowledged === 0;
    const kept = tried && equal && result.sampled === result.acknowledged && left.reports + left.jobs === 0;
    console.log(
      `What was sent, answered 202 and stored is the same; all of it is read, sampled and judged: ${kept ? 'yes' : tried ? 'NO' : 'NOT TRIED'}.`,
    );
    if (!kept) process.exitCode = 1;
  } finally {
    await bed.remove();
  }
}
