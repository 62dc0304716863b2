// npm run bench:series -- [PART...] [--each yes]   The detectors of series beside what people write first, on sixty series of twenty kinds, and on
// forty-five of fifteen more. "made", "more-made": seeds 1 to 3, on which parameters may be chosen; "held", "more-held": seeds 11 to 13, to be read when
// a change is done; all when none is named.
// --each yes shows F1 and what was false by kind. What has no threshold of its own gets the one that is best over all series, known afterwards.
import { newDetector, observe, packedBytes } from '#worker/series/detector.ts';
import { newAnySeries, observeAny, type AnySeries } from '#worker/series/detectSeries.ts';
import { askedOf } from './askedOf.ts';
import { collections } from './detect/collections.ts';
import { seriesOf, type Collected, type Collection } from './detect/made.ts';
import { areasOf, bestFit, fitOf } from './detect/measures.ts';
import { moreCollections } from './detect/moreCollections.ts';
import { scoreCorpus, windowsAround } from './detect/nab.ts';
import type { Detect } from './detect/rivals.ts';
import { ewma, hourlyMedian, seasonalNaive, slidingZ } from './detect/simple.ts';

const { words, values: asked } = askedOf(import.meta, { each: 'no' });

/** Scores of points, and for what has an alarm of its own 1 where it is raised. */
type Told = { scores: number[]; alarms?: number[] };

const simple =
  (detect: Detect) =>
  ({ values, times }: Collected): Told => ({ scores: detect(values, times, 1) });

function single({ values, times }: Collected): Told {
  const state = newAnySeries();
  const told = values.map((value, i) => observeAny(state, times[i]!, value));
  return { scores: told.map((t) => t.score), alarms: told.map((t) => Number(t.alarm)) };
}

function learned({ values, times }: Collected): Told {
  const state = newDetector();
  const told = values.map((value, i) => observe(state, times[i]!, value));
  return { scores: told.map((t) => t.score), alarms: told.map((t) => Number(t.alarm)) };
}

/** Bytes of a state: eight a number, lists as they are. */
function bytesOf(state: AnySeries): number {
  let bytes = 0;
  JSON.stringify(state, (_, value: unknown) => {
    if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (typeof value === 'number') bytes += 8;
    return ArrayBuffer.isView(value) ? undefined : value;
  });
  return bytes;
}

const oneState = newAnySeries();
// A series that may be a counter is learned both ways.
for (const i of [1, 2, 3]) observeAny(oneState, 1_700_000_000 + i, i);
const detectors: { name: string; bytes: string; run: (file: Collected) => Told }[] = [
  { name: 'z in a window of 288', bytes: '2304', run: simple(slidingZ) },
  { name: 'EWMA', bytes: '16', run: simple(ewma) },
  { name: 'median of the hour', bytes: '2 weeks', run: simple(hourlyMedian) },
  { name: 'as a day before', bytes: '1 day', run: simple(seasonalNaive) },
  { name: 'ours, pipeline', bytes: String(packedBytes), run: learned },
  { name: 'ours, detect', bytes: String(bytesOf(oneState)), run: single },
];

const parts: [string, readonly Collection[], number[]][] = [
  ['made', collections, [1, 2, 3]],
  ['held', collections, [11, 12, 13]],
  ['more-made', moreCollections, [1, 2, 3]],
  ['more-held', moreCollections, [11, 12, 13]],
];
const percent = (part: number) => (100 * part).toFixed(0);
for (const [part, kinds, seeds] of parts) {
  if (words.length > 0 && !words.includes(part)) continue;
  const files = seeds.flatMap((seed) => seriesOf(kinds, seed));
  const labelled = files.map((file) => ({
    ...file,
    windows: windowsAround(
      file.spans.map(([first]) => first),
      file.values.length,
    ),
  }));
  const points = files.reduce((sum, file) => sum + file.values.length, 0);
  const spans = files.reduce((sum, file) => sum + file.spans.length, 0);
  console.log(
    `\n${part}: ${files.length} series, ${points.toLocaleString('en')} points, ${spans} stretches out of order`,
  );
  const heads = [
    'precision',
    'recall',
    'F1',
    'false/week',
    'quiet/week',
    'NAB',
    'AUC-PR',
    'AUC-ROC',
    'ns/point',
  ];
  console.log(`${'detector'.padEnd(22)}${heads.map((h) => h.padStart(11)).join('')}${'bytes'.padStart(9)}`);
  for (const { name, bytes, run } of detectors) {
    const before = process.cpuUsage().user;
    const told = files.map(run);
    const cost = (1000 * (process.cpuUsage().user - before)) / points;
    const scores = told.map((t) => t.scores);
    const alarms = told.map((t) => t.alarms ?? []);
    const fixed = told.every((t) => t.alarms);
    const fit = fixed ? fitOf(files, alarms, 1) : bestFit(files, scores);
    const quiet = files.flatMap((file, i) => (file.spans.length === 0 ? [i] : []));
    const still = fixed
      ? fitOf(
          quiet.map((i) => files[i]!),
          quiet.map((i) => alarms[i]!),
          1,
        ).falsePerWeek.toFixed(2)
      : '';
    const nab = scoreCorpus(labelled, fixed ? alarms : scores, fixed ? 1 : undefined).nab;
    const { precisionRecall, receiver } = areasOf(files, scores);
    const cells = [
      percent(fit.precision),
      percent(fit.recall),
      percent(fit.f1),
      fit.falsePerWeek.toFixed(2),
      still,
      nab.toFixed(1),
      precisionRecall.toFixed(3),
      receiver.toFixed(3),
      cost.toFixed(0),
    ];
    console.log(`${name.padEnd(22)}${cells.map((c) => c.padStart(11)).join('')}${bytes.padStart(9)}`);
    if (asked.each !== 'yes' || !fixed) continue;
    for (const [kind, some] of Map.groupBy(files.keys(), (i) => files[i]!.name)) {
      const own = some.map((i) => files[i]!);
      const { precision, recall, f1, falsePerWeek } = fitOf(
        own,
        some.map((i) => alarms[i]!),
        1,
      );
      const areas = areasOf(
        own,
        some.map((i) => scores[i]!),
      );
      const row = [precision, recall, f1]
        .map(percent)
        .concat(falsePerWeek.toFixed(2), '', '', areas.precisionRecall.toFixed(3));
      console.log(`  ${kind.padEnd(28)}${row.map((c, i) => c.padStart(i === 0 ? 3 : 11)).join('')}`);
    }
  }
}
console.log(
  '\nPrecision, recall, F1 in per cent, by groups of alarms and by stretches. False: groups that touch no stretch; quiet: the same in series without any.',
);
