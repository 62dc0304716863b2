// Which class of statements is behind a busy database: by its part of what came since, or of what runs when nothing came before.
import type { Finding, QueryClass } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatTime } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { median, within } from '#worker/rules/series.ts';

type Database = QueryClass['database'];

const day = 86_400;
/** Rows read without an index for each row that is sent, from which on an index is missing, and how many a second (OWN). */
const scanned = { ratio: 100, rows: 10_000 };
/** A class is named when it makes this much of the change, and its statements are that many at a time (OWN). */
const least = { share: 0.4, statements: 1 };

const programs: Record<Database, RegExp> = {
  mysql: /^(mysqld|mariadbd|mariadb)$/,
  postgresql: /^(postgres|postmaster)$/,
  redis: /^(redis|valkey)-server$/,
};

/** The database that a finding, or the program with the largest part of it, is about. */
export function databaseOf(finding: Pick<Finding, 'id' | 'subject'>, program?: string): Database | undefined {
  const names = [finding.subject.kind === 'process' ? finding.subject.name : undefined, program];
  return (Object.keys(programs) as Database[]).find(
    (database) =>
      (finding.subject.kind === 'database' && finding.subject.name === database) ||
      names.some((name) => name !== undefined && programs[database].test(name)),
  );
}

interface Part {
  name: string;
  now: number;
  before: number;
}

/** The class that stands out while a symptom lasts; undefined when none does, or the reports do not tell. */
export function queryClass(picture: Picture, database: Database, since: number): QueryClass | undefined {
  const times = picture.times ?? [];
  const hasBefore = times.filter((at) => at < since).length >= 3;
  const waiting = parts(picture, 'db.class.waiting', `${database} `, since);
  const locked = waiting.reduce((sum, part) => sum + part.now, 0) >= 1;
  const running = parts(picture, 'db.class.running', `${database} `, since);
  const [of, found]: [QueryClass['of'], Part[]] =
    database === 'redis'
      ? ['time', parts(picture, 'db.redis.command', '', since)]
      : locked
        ? ['waiting', waiting]
        : ['running', running];
  const seen = largest(found, of === 'time' ? 20 : least.statements, hasBefore);
  // Statements that are over before anybody looks are only counted.
  const named =
    seen ??
    (database === 'mysql'
      ? largest(parts(picture, 'db.mysql.statements', '', since), 20, hasBefore)
      : undefined);
  if (!named) return undefined;
  const kind = seen ? of : 'statements';
  const scan = database === 'mysql' && kind !== 'waiting' ? scanning(picture, since) : undefined;
  return {
    database,
    class: named.name,
    share: Math.round(1000 * named.share) / 1000,
    of: kind,
    because: [sentence(named, kind, since), scan].filter(Boolean).join(' '),
    article: articleOf(picture, database, kind, since, scan !== undefined),
  };
}

/** Each class with its usual number before and while the symptom lasts; a report that does not name it counts as 0. */
function parts(picture: Picture, metric: MetricName, prefix: string, since: number): Part[] {
  const times = picture.times ?? [picture.at];
  const mean = (subject: string, from: number, to: number, middle: boolean) => {
    const points = within(picture.series(metric, subject), from, to).map((p) => p[1]);
    // A rate is a mean already: what dips in it is not counted, but what is missing is.
    if (middle) return median(points) ?? 0;
    const reports = times.filter((at) => at >= from && at <= to).length;
    return reports === 0 ? 0 : points.reduce((a, b) => a + b, 0) / Math.max(reports, points.length);
  };
  const isRate = metric === 'db.mysql.statements' || metric === 'db.redis.command';
  return picture
    .subjects(metric)
    .filter((subject) => subject.startsWith(prefix))
    .map((subject) => ({
      name: subject.slice(prefix.length),
      now: mean(subject, Math.max(since, picture.at - 600), picture.at, isRate),
      before: mean(subject, since - day, since - 1, isRate),
    }));
}

/** What stands out of a change, or, where reports knew no time before, of what there is: from `enough` on, twice that without a change. */
function largest(all: readonly Part[], enough: number, isChange: boolean) {
  const sum = (key: 'now' | 'before') => all.reduce((total, part) => total + part[key], 0);
  if (isChange && sum('now') < 1.3 * sum('before')) return undefined;
  const amount = ({ now, before }: Part) => (isChange ? now - before : now);
  const whole = all.reduce((total, part) => total + Math.max(0, amount(part)), 0);
  const first = all.toSorted((a, b) => amount(b) - amount(a) || a.name.localeCompare(b.name))[0];
  if (!first || whole <= 0 || amount(first) < enough * (isChange ? 1 : 2)) return undefined;
  const share = amount(first) / whole;
  return share < least.share || first.name === 'other statements'
    ? undefined
    : { ...first, share, isChange, whole };
}

/** 'UPDATE cart makes 71 % of the growth since 02:10: 8.2 of its statements run at a time, 0.3 before.' */
function sentence(
  { name, now, before, share, isChange, whole }: NonNullable<ReturnType<typeof largest>>,
  of: QueryClass['of'],
  since: number,
): string {
  const part = formatPercent(100 * share);
  const clock = formatTime(since).slice(11);
  const [what, amounts] = {
    running: ['the statements that run at a time', `${formatCount(now)} of its statements run at a time`],
    waiting: ['the statements that wait for a lock', `${formatCount(now)} of its statements wait for a lock`],
    statements: ['the statements', `${formatCount(now)} of them begin in a second`],
    time: [
      'the time that commands take',
      `it takes ${formatPercent(now)} of the core that runs all commands`,
    ],
  }[of] as [string, string];
  return isChange
    ? `${name} makes ${part} of the growth since ${clock}: ${amounts}, ${of === 'time' ? formatPercent(before) : formatCount(before)} before.`
    : `${name} makes ${part} of ${what} (${of === 'time' ? `${formatPercent(now)} of ${formatPercent(whole)}` : `${formatCount(now)} of ${formatCount(whole)}`}).`;
}

/** 'Rows are read without an index: 9,400 for each that is sent.' */
function scanning(picture: Picture, since: number): string | undefined {
  const usual = (metric: MetricName, from: number, to: number) =>
    median(within(picture.series(metric), from, to).map((p) => p[1]));
  const from = Math.max(since, picture.at - 600);
  const rows = usual('db.mysql.rows_scanned', from, picture.at) ?? 0;
  const sent = usual('db.mysql.rows_sent', from, picture.at);
  const before = usual('db.mysql.rows_scanned', since - day, since - 1);
  if (rows < scanned.rows || rows < 1.5 * (before ?? 0)) return undefined;
  if (sent === undefined)
    return `Rows are read without an index: ${formatCount(rows)} a second${before === undefined ? '' : `, ${formatCount(before)} before`}.`;
  const ratio = rows / Math.max(sent, 1);
  return ratio >= scanned.ratio
    ? `Rows are read without an index: ${formatCount(Math.round(ratio))} for each that is sent.`
    : undefined;
}

function articleOf(
  picture: Picture,
  database: Database,
  of: QueryClass['of'],
  since: number,
  scans: boolean,
): string {
  if (database === 'redis') return '/problems/single-core-saturated/#cause-single';
  if (database === 'postgresql')
    return of === 'waiting'
      ? '/problems/postgresql-locks/#cause'
      : '/problems/postgresql-long-transactions/#cause-active';
  if (of === 'waiting') return '/problems/mysql-deadlocks-lock-waits/#cause';
  const sorts = within(picture.series('db.mysql.sort_merges'), since, picture.at).some((p) => p[1] > 5);
  const tables = within(picture.series('db.mysql.disk_temp_tables'), since, picture.at).some((p) => p[1] > 5);
  const reason = scans ? '-index' : sorts || tables ? '-sort' : of === 'statements' ? '-count' : '';
  return `/problems/mysql-slow-queries/#cause${reason}`;
}
