// What drives say of themselves. A raw value above 0: look; one that rises: alarm. CRC errors are the cable's.
// Attributes after Backblaze's study (5, 187, 188, 197, 198).
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import type { Smart } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Severity } from '#core/severity.ts';
import { formatCount, formatPercent } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { firstRise, totalRise } from './series.ts';

const week = limitsOf('smart.reallocated').window;

interface Seen {
  raw: number;
  /** How much it rose in the week before, as far as the reports go back. */
  risen: number;
  since?: number;
}

/** A raw value by attribute number, and its rise by series. Vendors pack 188 in three 16-bit words: the lowest counts. */
function seen(picture: Picture, drive: Smart, attribute: number, metric?: MetricName): Seen | undefined {
  const series = metric ? picture.series(metric, drive.device) : [];
  const fact = drive.attributes[attribute]?.raw;
  const raw =
    series.at(-1)?.[1] ?? (fact === undefined ? undefined : attribute === 188 ? fact % 65_536 : fact);
  if (raw === undefined) return undefined;
  return { raw, risen: totalRise(series, picture.at - week), since: firstRise(series, picture.at - week) };
}

function drives(picture: Picture): Smart[] {
  return (picture.facts.smart ?? []).filter((d) => !d.standby);
}

interface CounterRow {
  id: RuleId;
  attributes: [number, MetricName | undefined][];
  /** Severity of a raw value above 0 that does not rise; undefined: silent. */
  present?: Severity;
  rising: Severity;
  words(raw: string, device: string, risen: string): string;
  what: string;
}

function counterRule(row: CounterRow): Rule {
  return {
    id: row.id,
    find: (picture) =>
      drives(picture).flatMap((drive) => {
        const values = row.attributes
          .map(([n, metric]) => ({ n, metric, seen: seen(picture, drive, n, metric) }))
          .filter((v): v is typeof v & { seen: Seen } => v.seen !== undefined);
        const raw = values.reduce((sum, v) => Math.max(sum, v.seen.raw), 0);
        const risen = values.reduce((most, v) => Math.max(most, v.seen.risen), 0);
        if (risen <= 0 && (raw <= 0 || !row.present)) return [];
        const since = values.map((v) => v.seen.since).filter((s) => s !== undefined);
        return [
          makeFinding(picture, row.id, {
            subject: { kind: 'device', name: drive.device },
            since: since.length ? Math.min(...since) : picture.from,
            severity: risen > 0 ? row.rising : row.present!,
            confidence: 0.95,
            summary: row.words(formatCount(raw), drive.device, formatCount(risen)),
            evidence: [
              ...values.map((v) =>
                evidence(
                  `${drive.attributes[v.n]?.name ?? row.what} (attribute ${v.n}) of ${drive.device}`,
                  v.seen.raw,
                  'count',
                  v.metric ? `${v.metric}{${drive.device}}` : `facts.smart.attributes.${v.n}`,
                  '0',
                ),
              ),
              ...(risen > 0
                ? [evidence('rise in the last days', risen, 'count', 'series of the same', '0')]
                : []),
              ...(drive.model
                ? [
                    evidence(
                      'drive',
                      `${drive.model}${drive.serial ? `, serial ${drive.serial}` : ''}`,
                      '',
                      'facts.smart.model',
                    ),
                  ]
                : []),
            ],
          }),
        ];
      }),
  };
}

export const smartCounters: Rule[] = [
  counterRule({
    id: 'smart.reallocated',
    attributes: [[5, 'smart.reallocated']],
    present: 'warning',
    rising: 'critical',
    what: 'reallocated sectors',
    words: (raw, d, risen) =>
      `${d} has moved ${raw} sectors to its reserve${risen === '0' ? '; the number does not rise' : `, ${risen} of them lately`}.`,
  }),
  counterRule({
    id: 'smart.pending',
    attributes: [
      [197, 'smart.pending'],
      [198, 'smart.offline_uncorrectable'],
    ],
    present: 'critical',
    rising: 'critical',
    what: 'pending sectors',
    words: (raw, d, risen) =>
      `${d} has ${raw} sectors that it cannot read${risen === '0' ? '' : `, ${risen} more than before`}.`,
  }),
  counterRule({
    id: 'smart.uncorrectable',
    attributes: [[187, 'smart.reported_uncorrectable']],
    present: 'critical',
    rising: 'critical',
    what: 'reported uncorrectable errors',
    words: (raw, d) => `${d} has reported ${raw} errors that it could not correct.`,
  }),
  counterRule({
    id: 'smart.timeout',
    attributes: [[188, 'smart.command_timeouts']],
    rising: 'warning',
    what: 'command timeouts',
    words: (raw, d, risen) =>
      `${d} let ${risen} more commands time out (${raw} in all): cable, power, or the drive.`,
  }),
  counterRule({
    id: 'smart.crc',
    attributes: [[199, 'smart.crc_errors']],
    rising: 'info',
    what: 'CRC errors',
    words: (raw, d, risen) =>
      `${d} counts ${risen} more transfer errors (${raw} in all): that is the cable, not the drive.`,
  }),
];

/** The drive's own verdict. */
export const smartFailed: Rule = {
  id: 'smart.failed',
  find: (picture) =>
    drives(picture)
      .filter((d) => d.passed === false)
      .map((d) =>
        makeFinding(picture, 'smart.failed', {
          subject: { kind: 'device', name: d.device },
          confidence: 0.98,
          summary: `${d.device} itself says that it is failing.`,
          evidence: [
            evidence(`self-assessment of ${d.device}`, 'FAILED', '', 'facts.smart.passed', 'PASSED'),
          ],
        }),
      ),
};

const series: Record<number, MetricName> = {
  5: 'smart.reallocated',
  187: 'smart.reported_uncorrectable',
  188: 'smart.command_timeouts',
  197: 'smart.pending',
  198: 'smart.offline_uncorrectable',
};

/** Since when an attribute has been above 0: 197 and 198 count the same sectors. */
function firstShown(picture: Picture, device: string, attribute: number): number {
  const metrics = attribute === 197 ? [series[197]!, series[198]!] : [series[attribute]!];
  const moments = metrics.flatMap((m) => picture.series(m, device).find(([, value]) => value > 0)?.[0] ?? []);
  return Math.min(picture.at, ...moments);
}

/** Several of 5, 187, 188, 197, 198 above 0. */
export const smartCombo: Rule = {
  id: 'smart.combo',
  find(picture): Finding[] {
    return drives(picture).flatMap((d) => {
      const bad = [5, 187, 188, 197, 198].filter((n) => {
        const raw = d.attributes[n]?.raw ?? 0;
        return (n === 188 ? raw % 65_536 : raw) > 0;
      });
      // 197 and 198 count the same sectors: one sign, not two.
      const signs = new Set(bad.map((n) => (n === 198 ? 197 : n)));
      const least = limitsOf('smart.combo').signs;
      if (signs.size < least) return [];
      // It is so since the last of those that it takes has shown.
      const shown = [...signs].map((n) => firstShown(picture, d.device, n)).sort((a, b) => a - b);
      return [
        makeFinding(picture, 'smart.combo', {
          subject: { kind: 'device', name: d.device },
          since: shown[least - 1],
          confidence: 0.95,
          summary: `${d.device} shows ${signs.size} predictors of failure together: replace it this week.`,
          evidence: bad.map((n) =>
            evidence(
              `${d.attributes[n]!.name} (attribute ${n})`,
              d.attributes[n]!.raw,
              'count',
              `facts.smart.attributes.${n}`,
              '0',
            ),
          ),
        }),
      ];
    });
  },
};

/** NVMe: spare below its threshold. */
export const nvmeSpare: Rule = {
  id: 'smart.nvme_spare',
  find: (picture) =>
    drives(picture)
      .filter((d) => d.nvme && d.nvme.spare < d.nvme.spareThreshold)
      .map((d) =>
        makeFinding(picture, 'smart.nvme_spare', {
          subject: { kind: 'device', name: d.device },
          summary: `${d.device} has ${formatPercent(d.nvme!.spare)} of its spare blocks left, less than its own threshold of ${formatPercent(d.nvme!.spareThreshold)}.`,
          evidence: [
            evidence(
              'available spare',
              d.nvme!.spare,
              'percent',
              'facts.smart.nvme.spare',
              `above ${formatPercent(d.nvme!.spareThreshold)}`,
            ),
          ],
        }),
      ),
};

const nvmeBits = [
  'the spare is low',
  'it is too hot',
  'its media are degraded',
  'it is read-only',
  'its backup of volatile memory failed',
  'its persistent memory is unreliable',
];

/** NVMe critical_warning is not 0. */
export const nvmeCritical: Rule = {
  id: 'smart.nvme_critical',
  find: (picture) =>
    drives(picture)
      .filter((d) => (d.nvme?.criticalWarning ?? 0) > 0)
      .map((d) => {
        const bits = nvmeBits.filter((_, i) => (d.nvme!.criticalWarning >> i) & 1);
        return makeFinding(picture, 'smart.nvme_critical', {
          subject: { kind: 'device', name: d.device },
          summary: `${d.device} warns: ${bits.join(', ') || 'a reserved bit is set'}.`,
          evidence: [
            evidence(
              'critical warning',
              d.nvme!.criticalWarning,
              '',
              'facts.smart.nvme.criticalWarning',
              '0',
            ),
          ],
        });
      }),
};

/** NVMe media errors rise; from one report, that there are any, as info. */
export const nvmeMedia: Rule = {
  id: 'smart.nvme_media',
  find(picture): Finding[] {
    return drives(picture).flatMap((d) => {
      if (!d.nvme) return [];
      const series = picture.series('smart.media_errors', d.device);
      const risen = totalRise(series, picture.at - week);
      if (risen <= 0 && d.nvme.mediaErrors <= 0) return [];
      return [
        makeFinding(picture, 'smart.nvme_media', {
          subject: { kind: 'device', name: d.device },
          since: firstRise(series, picture.at - week) ?? picture.from,
          severity: risen > 0 ? 'warning' : 'info',
          summary: `${d.device} has had ${formatCount(d.nvme.mediaErrors)} media errors${risen > 0 ? `, ${formatCount(risen)} of them lately` : ''}.`,
          evidence: [
            evidence('media errors', d.nvme.mediaErrors, 'count', `smart.media_errors{${d.device}}`, '0'),
          ],
        }),
      ];
    });
  },
};

/** No long self-test for long. Only for drives that keep a log of tests. */
const oldTest = limitsOf('smart.selftest_old').age;

export const selftestOld: Rule = {
  id: 'smart.selftest_old',
  find: (picture) =>
    drives(picture)
      .filter(
        (d) =>
          !d.nvme &&
          d.powerOnHours !== undefined &&
          d.powerOnHours > oldTest &&
          d.lastLongTestHours !== undefined &&
          d.powerOnHours - d.lastLongTestHours > oldTest,
      )
      .map((d) =>
        makeFinding(picture, 'smart.selftest_old', {
          subject: { kind: 'device', name: d.device },
          since: picture.from,
          summary: `${d.device} has not tested itself for ${formatCount(Math.round((d.powerOnHours! - d.lastLongTestHours!) / 24))} days.`,
          evidence: [
            evidence(
              'hours since the last long self-test',
              d.powerOnHours! - d.lastLongTestHours!,
              'count',
              'facts.smart.lastLongTestHours',
              `below ${oldTest}`,
            ),
          ],
        }),
      ),
};
