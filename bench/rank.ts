// npm run bench:rank -- [PART...]   Who ranks the column of the true cause first, in generated tables of services into which one fault was put.
// Tables are generated (bench/rank/tables.ts). The ranking was made on seeds below 10,000 of all shapes but the names of Prometheus; what is "held out"
// are other seeds, which had no part in it. Words choose the parts whose names have them.
import { rankColumns } from '#worker/series/rank.ts';
import { askedOf } from './askedOf.ts';
import { laggedKinds, makeLagged } from './rank/lagged.ts';
import { baro, byChance, epsilon, largestRatio, largestZ, nsigma, type Rank } from './rank/rivals.ts';
import { faults, makeCase, makeEquations, type Case, type Shape } from './rank/tables.ts';
import { makeWide, wideFaults } from './rank/wide.ts';

const { words } = askedOf(import.meta);
const isAsked = (part: string) => words.length === 0 || words.some((word) => part.includes(word));

const ours: Rank = (made) => rankColumns(made.times, made.columns, made.at).map((r) => r.metric);
const rankings: [string, Rank][] = [
  ['by chance', byChance],
  ['epsilon-diagnosis', epsilon],
  ['nsigma', nsigma],
  ['BARO (its scorer)', baro],
  ['largest z', largestZ],
  ['largest ratio', largestRatio],
  ['ours', ours],
];

/** As RCAEval names and cuts its tables: ten minutes on each side, the moment known. */
const exact: Shape = {
  services: [6, 14],
  steps: [1, 5, 15],
  minutes: [10],
  late: [0],
  names: (service, metric) => `${service}_${metric}`,
};
const late: Shape = { ...exact, steps: [1, 5, 15], late: [60, 120] };
const early: Shape = { ...exact, late: [-60, -120] };
const large: Shape = { ...exact, services: [30, 45], steps: [5, 15] };
const minutes: Shape = { ...exact, steps: [60], minutes: [60, 180], late: [0, 60, -120] };
const prometheus: Shape = {
  ...exact,
  names: (service, metric) => `${metric.replace('-', '_')}{service="${service}"}`,
};
const nameless: Shape = { ...exact, names: nameNothing };

/** Names that say nothing about what was measured. */
function nameNothing(service: string, metric: string): string {
  let hash = 0;
  for (const c of `${service}/${metric}`) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) >>> 0;
  return `m${hash}`;
}

/** Name, first seed, how many, and how the tables are shaped; or that they are equations. */
const parts: [string, number, number, Shape | 'equations'][] = [
  ['made on: 10 minutes each side, moment known', 1, 300, exact],
  ['made on: moment told 1 to 2 minutes late', 1001, 150, late],
  ['made on: linear equations', 2001, 150, 'equations'],
  ['held out: other seeds', 10_001, 300, exact],
  ['held out: late', 11_001, 150, late],
  ['held out: 1 to 2 minutes early', 12_001, 150, early],
  ['held out: 250 to 400 columns', 13_001, 60, large],
  ['held out: a row a minute, hours, moment off by minutes', 14_001, 150, minutes],
  ['held out: names as Prometheus has them, a shape never looked at', 15_001, 150, prometheus],
  ['held out: names that say nothing', 16_001, 150, nameless],
  ['held out: linear equations, other seeds', 17_001, 150, 'equations'],
];

/** Shares of cases with the cause among the first k, k = 1..5; columns of the same service and kind (latency-50, -90) count alike. */
function ranksOf(cases: readonly Case[], rank: Rank): number[] {
  return cases.map((made, i) => {
    const twin = made.cause.replace('latency-90', 'latency-50').replace('latency_90', 'latency_50');
    const order = rank(made, i);
    return Math.min(...[made.cause, twin].map((name) => order.indexOf(name)).filter((at) => at >= 0));
  });
}
const share = (ranks: readonly number[], k: number) =>
  (100 * ranks.filter((r) => r < k).length) / ranks.length;
const average = (ranks: readonly number[]) =>
  [1, 2, 3, 4, 5].reduce((sum, k) => sum + share(ranks, k), 0) / 5;

for (const [name, seed, count, shape] of parts) {
  if (!isAsked(name)) continue;
  const cases = Array.from({ length: count }, (_, i) =>
    shape === 'equations' ? makeEquations(seed + i) : makeCase(seed + i, shape),
  );
  const columns = cases.reduce((sum, made) => sum + made.columns.size, 0) / count;
  console.log(`\n${name} (${count} tables, ${columns.toFixed(0)} columns)`);
  console.log(
    `${'ranking'.padEnd(20)}${['top 1', 'top 3', 'top 5', 'avg@5'].map((t) => t.padStart(7)).join('')}   avg@5 of ${faults.map((f) => f.padStart(7)).join('')}${'ms'.padStart(7)}`,
  );
  for (const [who, rank] of rankings) {
    const before = process.cpuUsage().user;
    const ranks = ranksOf(cases, rank);
    const ms = (process.cpuUsage().user - before) / 1000 / count;
    const each = faults.map((fault) => ranks.filter((_, i) => cases[i]!.fault === fault));
    const figures = [share(ranks, 1), share(ranks, 3), share(ranks, 5), average(ranks)];
    console.log(
      `${who.padEnd(20)}${figures.map((f) => f.toFixed(0).padStart(7)).join('')}            ${each.map((r) => (r.length > 0 && shape !== 'equations' ? average(r).toFixed(0) : '').padStart(7)).join('')}${ms.toFixed(1).padStart(7)}`,
    );
  }
}
/** Tables of wide.ts: hours to days of history, what moves at this hour every day, and what follows the cause some rows later. */
const wide: [string, number, number][] = [
  ['made on: wide tables of servers', 1, 40],
  ['held out: wide tables, other seeds', 20_001, 120],
];
for (const [name, seed, count] of wide) {
  if (!isAsked(name)) continue;
  const cases = Array.from({ length: count }, (_, i) => makeWide(seed + i));
  const columns = cases.map((made) => made.columns.size).sort((a, b) => a - b);
  console.log(`\n${name} (${count} tables, ${columns[0]} to ${columns.at(-1)} columns)`);
  console.log(
    `${'ranking'.padEnd(20)}${['top 1', 'top 3', 'top 5', 'avg@5'].map((t) => t.padStart(7)).join('')}   avg@5 of ${wideFaults.map((f) => f.padStart(7)).join('')}  every day first${'ms'.padStart(7)}`,
  );
  for (const [who, rank] of rankings) {
    const before = process.cpuUsage().user;
    const orders = cases.map((made, i) => rank(made, i));
    const ms = (process.cpuUsage().user - before) / 1000 / count;
    const ranks = orders.map((order, i) => order.indexOf(cases[i]!.cause));
    const each = wideFaults.map((fault) => average(ranks.filter((_, i) => cases[i]!.fault === fault)));
    const figures = [share(ranks, 1), share(ranks, 3), share(ranks, 5), average(ranks)];
    const daily = orders.filter((order) => order[0]!.startsWith('every_day')).length;
    console.log(
      `${who.padEnd(20)}${figures.map((f) => f.toFixed(0).padStart(7)).join('')}            ${each.map((r) => r.toFixed(0).padStart(7)).join('')}${String(daily).padStart(17)}${ms.toFixed(1).padStart(7)}`,
    );
  }
}
/** Tables of lagged.ts, so many of each kind. */
const lagged: [string, number, number][] = [
  ['made on: lagged tables', 1, 40],
  ['held out: lagged tables, other seeds', 30_001, 80],
];
for (const [name, seed, count] of lagged) {
  if (!isAsked(name)) continue;
  const cases = laggedKinds.flatMap((kind) =>
    Array.from({ length: count }, (_, i) => makeLagged(seed + i, kind)),
  );
  console.log(`\n${name} (${count} tables of each kind)`);
  console.log(
    `${'ranking'.padEnd(20)}${['top 1', 'top 3', 'top 5', 'avg@5'].map((t) => t.padStart(7)).join('')}   top 1 of ${laggedKinds.map((k) => k.padStart(10)).join('')}${'ms'.padStart(7)}`,
  );
  for (const [who, rank] of rankings) {
    const before = process.cpuUsage().user;
    const ranks = cases.map((made, i) => rank(made, i).indexOf(made.cause));
    const ms = (process.cpuUsage().user - before) / 1000 / cases.length;
    const each = laggedKinds.map((kind) =>
      share(
        ranks.filter((_, i) => cases[i]!.kind === kind),
        1,
      ),
    );
    const figures = [share(ranks, 1), share(ranks, 3), share(ranks, 5), average(ranks)];
    console.log(
      `${who.padEnd(20)}${figures.map((f) => f.toFixed(0).padStart(7)).join('')}            ${each.map((r) => r.toFixed(0).padStart(10)).join('')}${ms.toFixed(1).padStart(7)}`,
    );
  }
}
console.log(
  '\nTop k: per cent of tables in which the column of the cause is among the first k; avg@5 is the mean over k = 1 to 5.',
);
