// PostgreSQL: sessions by state, settings, age of transaction ids, replication slots, dead rows, from `psql -XAt`: rows with `|` between.
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal, integer, lines } from './lines.ts';
import { runningStatement, statementSamples } from './statementClass.ts';

/** Past this age the server stops taking writes: 2^31 less the reserve of 3 million (xidStopLimit). */
const wraparound = 2 ** 31 - 3_000_000;

const units: Record<string, number> = { B: 1, kB: 1024, '8kB': 8192, '16kB': 16_384, MB: 2 ** 20 };
const states = new Set([
  'active',
  'idle',
  'idle in transaction',
  'idle in transaction (aborted)',
  'fastpath function call',
  'disabled',
  '',
]);

/** Columns of pg_stat_database, in the order in which the agent asks for them. */
const perDatabase = [
  'db.postgresql.rollbacks',
  'db.postgresql.rows_read',
  'db.postgresql.rows_fetched',
  'db.postgresql.temp_bytes',
  'db.postgresql.deadlocks',
] as const;

export const postgresql: Collector = {
  section: /^psql( -.*)?$/,
  parse({ name, body }) {
    // New databases have no table: only of them there is nothing to tell.
    if (name === 'psql -l' && body.trim() === '') return {};
    const facts: Record<string, string | number> = {};
    let sessions: number | undefined;
    let idle: number | undefined;
    let age = 0;
    let slots: { idle: number; bytes?: number; name?: string } | undefined;
    let worst: { table: string; live: number; dead: number } | undefined;
    let understood = 0;
    const running = [];
    const counters: Counter[] = [];
    for (const line of lines(body)) {
      const fields = line.split('|');
      const [first = '', second = '', third] = fields;
      understood++;
      const statement = runningStatement(fields);
      if (statement) running.push(statement);
      else if (fields.length === 7 && fields.slice(1).every((n) => integer(n) !== undefined)) {
        // database, age of its oldest transaction id, and its counters in pg_stat_database
        age = Math.max(age, Number(second));
        perDatabase.forEach((metric, i) =>
          counters.push({ metric, subject: first, value: Number(fields[i + 2]) }),
        );
      } else if (fields.length === 3 && states.has(first) && integer(second) !== undefined) {
        // state, count, age of the oldest transaction
        if (Object.hasOwn(facts, `sessions ${first}`)) continue;
        sessions = (sessions ?? 0) + Number(second);
        if (first.startsWith('idle in transaction')) idle = Math.max(idle ?? 0, interval(third ?? '') ?? 0);
        if (first !== '') facts[`sessions ${first}`] = Number(second);
      } else if (fields.length === 5 && first === 'rows') {
        // database, table, live and dead rows
        const [live, dead] = [integer(fields[3]) ?? 0, integer(fields[4]) ?? 0];
        const share = (one: { live: number; dead: number }) => one.dead / Math.max(1, one.live + one.dead);
        const one = { table: `${second}.${third}`, live, dead };
        // A small table is all dead rows in a moment, and as quickly vacuumed.
        if (!worst || (dead > 10_000 && (worst.dead <= 10_000 || share(one) > share(worst)))) worst = one;
      } else if (/^[tf]$/.test(second) && (fields.length === 2 || fields.length === 3)) {
        // slot, in use, bytes of WAL that it keeps
        slots ??= { idle: 0 };
        if (second === 'f') {
          slots.idle++;
          const bytes = integer(third) ?? 0;
          if (slots.bytes === undefined || bytes > slots.bytes) Object.assign(slots, { bytes, name: first });
        }
      } else if (fields.length === 3 && /^[a-z_.]{3,63}$/.test(first)) {
        const number = integer(second);
        facts[first] = number === undefined ? second : number * (units[third ?? ''] ?? 1);
      } else if (fields.length === 2 && integer(second) !== undefined) age = Math.max(age, Number(second));
      else understood--;
    }
    if (understood === 0) throw new ParseError('No row is one of those that were asked for.');
    // Said even when there is none: facts of the report before would stand otherwise.
    if (sessions !== undefined) facts['inactive_slots'] = slots?.idle ?? 0;
    if (sessions !== undefined) facts['inactive_slot_bytes'] = slots?.bytes ?? 0;
    if (slots?.name) facts['inactive_slot'] = slots.name;
    if (worst)
      Object.assign(facts, { worst_table: worst.table, n_live_tup: worst.live, n_dead_tup: worst.dead });
    const samples: Sample[] = [];
    const limit = facts['max_connections'];
    if (typeof limit === 'number' && limit > 0 && sessions !== undefined)
      samples.push({
        metric: 'db.postgresql.connections_percent',
        subject: '',
        value: (100 * sessions) / limit,
      });
    if (sessions !== undefined)
      samples.push({ metric: 'db.postgresql.idle_tx_seconds', subject: '', value: idle ?? 0 });
    if (age > 0)
      samples.push({ metric: 'db.postgresql.xid_percent', subject: '', value: (100 * age) / wraparound });
    samples.push(...statementSamples('postgresql', running));
    return { facts: { postgresql: facts }, samples, counters };
  },
};

/** `2 days 03:04:05.678`, `-00:00:00.1`: seconds. */
function interval(text: string): number | undefined {
  const found = /^(?:(\d{1,6}) days? ?)?(-?)(?:(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?))?$/.exec(text.trim());
  if (!found || text.trim() === '') return undefined;
  const clock = Number(found[3] ?? 0) * 3600 + Number(found[4] ?? 0) * 60 + (decimal(found[5]) ?? 0);
  return Math.max(0, Number(found[1] ?? 0) * 86_400 + (found[2] === '-' ? -clock : clock));
}
