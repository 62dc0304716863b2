// npm run bench:rank   Who ranks the column of the true cause first, in generated tables of services into which one fault was put.
// Tables are generated (bench/rank/tables.ts). The ranking was made on seeds below 10,000 of all shapes but the names of Prometheus; what is "held out"
// are other seeds, which had no part in it.
import { rankColumns } from '#worker/series/rank.ts';
import { askedOf } from './askedOf.ts';
import { baro, byChance, epsilon, nsigma, type Rank } from './rank/rivals.ts';
import { faults, makeCase, makeEquations, type Case, type Shape } from './rank/tables.ts';

askedOf(import.meta);

const ours: Rank = (made) => rankColumns(made.times, made.columns, made.at).map((r) => r.metric);
const rankings: [string, Rank][] = [
  ['by chance', byChance],
  ['epsilon-diagnosis', epsilon],
  ['nsigma', nsigma],
  ['BARO (its scorer)', baro],
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
console.log(
  '\nTop k: per cent of tables in which the column of the cause is among the first k; avg@5 is the mean over k = 1 to 5.',
);
