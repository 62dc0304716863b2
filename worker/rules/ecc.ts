// Errors of memory that ECC found: counted by the EDAC drivers, or only told in the kernel's log.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { evidence, makeFinding, newest } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { totalRise } from './series.ts';

const limits = limitsOf('mem.ecc_corrected');

/** The corrected count rises: warning; quickly: critical. */
export const memEccCorrected: Rule = {
  id: 'mem.ecc_corrected',
  find(picture): Finding[] {
    const counted = picture.subjects('edac.corrected');
    if (counted.length === 0) {
      return inLog(picture, 'corrected').map(({ draft, count }) =>
        makeFinding(picture, 'mem.ecc_corrected', {
          ...draft,
          severity: count > limits.many ? 'critical' : 'warning',
        }),
      );
    }
    return counted.flatMap((subject) => {
      const points = picture.series('edac.corrected', subject);
      const risen = totalRise(points, picture.at - limits.window);
      const single = picture.reports < 3 ? (newest(picture, 'edac.corrected', subject) ?? 0) : 0;
      if (risen === 0 && single < limits.single) return [];
      const count = risen || single;
      return [
        makeFinding(picture, 'mem.ecc_corrected', {
          subject: { kind: 'device', name: subject },
          since: points.find(([, v], i) => i > 0 && v > points[i - 1]![1])?.[0],
          severity: risen > limits.many ? 'critical' : 'warning',
          summary: `The memory on ${subject} had ${formatValue(count, 'count')} corrected ${count === 1 ? 'error' : 'errors'} ${risen ? 'in the last day' : 'since boot'}.`,
          evidence: [evidence('corrected ECC errors', count, 'count', `edac.corrected{${subject}}`, '0')],
        }),
      ];
    });
  },
};

/** The kernel's log tells of an uncorrected error where no counter can be read; the counters themselves are a row of bounds.ts. */
export const memEccUncorrectedInLog: Rule = {
  id: 'mem.ecc_uncorrected',
  find: (picture) =>
    picture.subjects('edac.uncorrected').length > 0
      ? []
      : inLog(picture, 'uncorrected').map(({ draft }) => makeFinding(picture, 'mem.ecc_uncorrected', draft)),
};

/** By controller, what the log of the last day tells. */
function inLog(picture: Picture, word: 'corrected' | 'uncorrected') {
  const events = picture.events.filter(
    (e) =>
      e.kind === 'kernel.edac' &&
      e.at >= picture.at - (word === 'corrected' ? limits.window : limitsOf('mem.ecc_uncorrected').log) &&
      e.text.includes(` ${word} memory errors`),
  );
  return [...Map.groupBy(events, (e) => (e.subject || 'memory').toLowerCase())].map(([name, list]) => {
    const count = list.reduce(
      (sum, e) => sum + Number(/: (\d{1,9}) /.exec(e.text)?.[1] ?? 1) * Number(e.data?.['count'] ?? 1),
      0,
    );
    const draft = {
      subject: { kind: 'device' as const, name },
      since: Math.min(...list.map((e) => e.at)),
      summary: `The memory on ${name} had ${formatValue(count, 'count')} ${word} ${count === 1 ? 'error' : 'errors'} in the last day.`,
      evidence: [
        evidence(`${word} ECC errors`, count, 'count', 'dmesg', '0'),
        evidence('kernel log', list.at(-1)!.text, '', 'dmesg'),
      ],
    };
    return { draft, count };
  });
}
