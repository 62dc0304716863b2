// npm run bench:ingest [-- NAME...]: what a report costs from POST to stored, beside a bare server that only takes it.
// Figures are CPU time of processes, from /proc; machines are noisy: quote the ratios of one run.
import { measureCost } from './ingest/cost.ts';
import { makeBed } from './ingest/parts.ts';
import { recordReport } from './ingest/reports.ts';

const parts: Record<string, () => Promise<void>> = { cost };
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown) {
  console.error(`There is no bench “${unknown}”; there are: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length ? asked : Object.keys(parts)) await parts[name]!();

async function cost(): Promise<void> {
  const goal = 4;
  const rounds = Number(process.env.ROUNDS ?? 7);
  const recorded = await recordReport();
  const bed = await makeBed(Number(process.env.SERVERS ?? 400));
  try {
    const { cost, spread, ...about } = await measureCost(bed, recorded, rounds);
    const row = (what: string, ms: number, note = '') => ({
      what,
      'CPU ms a report': Number(ms.toFixed(2)),
      'reports a CPU second': Math.round(1000 / ms),
      note,
    });
    const accepted = cost.web + cost.webDatabase;
    const read = cost.worker + cost.workerDatabase;
    console.log(
      `\nMinute reports of an ordinary server: ${about.bytes} bytes, ${Math.round(about.packed)} packed, ${Math.round(about.series)} series.`,
      `\n${about.reports} reports of 400 servers at 333 a second (20,000 servers a minute); medians of ${rounds} rounds.`,
    );
    console.table([
      row('bare Node server: gunzip, 202', cost.bare),
      row('accepted: web server', cost.web, `${(cost.web / cost.bare).toFixed(1)} × bare`),
      row('accepted: its database connections', cost.webDatabase),
      row('accepted', accepted, `${(accepted / cost.bare).toFixed(1)} × bare`),
      row('read: worker', cost.worker),
      row('read: its database connections', cost.workerDatabase),
      row('read and stored', read),
      row('PostgreSQL beside its connections', cost.database, 'log writer, checkpoints, vacuum'),
      row(
        'from POST to stored',
        cost.total,
        `goal ${goal}: ${cost.total <= goal ? 'met' : 'missed'}; rounds ${spread.map((ms) => ms.toFixed(2)).join(' to ')}`,
      ),
    ]);
  } finally {
    await bed.remove();
  }
}
