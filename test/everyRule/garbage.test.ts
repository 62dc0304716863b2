// A report that is cut off, out of order, half missing or full of rubbish: never an error, never a finding that is not there.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnosisSchema, type Finding } from '#core/diagnosis.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { diagnose } from '#worker/diagnose/diagnose.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { epoch, machine } from './machine.ts';
import { reportOf } from './stage.ts';

let well: string[];
let ill: string[];

beforeAll(() => {
  const texts = (isIll: boolean) =>
    [0, 60].map((seconds) => {
      const { files, programs } = machine(seconds, isIll && seconds > 0);
      return reportOf(files, programs, epoch + seconds);
    });
  well = texts(false);
  ill = texts(true);
}, 120_000);

/** Problems above info at any step, and a check of what every answer must be. */
function problems(texts: readonly string[]): string[] {
  const snapshots: Snapshot[] = [];
  for (const text of texts) snapshots.push(readReport(text, { previous: snapshots.at(-1) }));
  const found: Finding[] = [];
  for (const { picture, findings, recent } of replaySteps(snapshots)) {
    const diagnosis = diagnose(picture, findings, { recent });
    expect(() => diagnosisSchema.parse(diagnosis)).not.toThrow();
    for (const { summary, evidence } of findings) {
      expect(summary).not.toMatch(/undefined|NaN|Infinity|\[object/);
      for (const { value } of evidence) expect(value).not.toBeNaN();
    }
    found.push(...findings.filter(({ severity }) => severity !== 'info'));
  }
  return found.map(({ id, subject }) => `${id} ${subject.name}`);
}

interface Part {
  name: string;
  body: string;
}

function parts(text: string): { head: string; sections: Part[] } {
  const [head = '', ...rest] = text.split(/^=== /m);
  const sections = rest.map((part) => {
    const end = part.indexOf('\n');
    return { name: part.slice(0, end), body: part.slice(end + 1) };
  });
  return { head, sections: sections.filter(({ name }) => name !== 'end') };
}

const whole = ({ head, sections }: { head: string; sections: Part[] }) =>
  `${head}${sections.map(({ name, body }) => `=== ${name}\n${body}`).join('')}=== end\n`;

const rubbish = fc.constantFrom(
  '',
  '\n',
  '<html><body>502 Bad Gateway</body></html>\n',
  '\u0000\u0001\uFFFD'.repeat(50),
  'Segmentation fault\n',
  'Befehl nicht gefunden.\n',
  '{"error": null}\n',
  '- - - - - - - - - - - -\n'.repeat(20),
  '=!= exit 124\n',
  '=!= needs root\n',
  '=!= missing x\n',
  'a'.repeat(20_000),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const runs = { numRuns: 60 };

describe('a machine where nothing is wrong', () => {
  it('cut off anywhere', () => {
    const length = well[1]!.length;
    for (let at = 80; at < length; at += 17) {
      const cut = problems([well[0]!, well[1]!.slice(0, at)]);
      if (cut.length) expect.fail(`${cut.join(', ')} after “${well[1]!.slice(at - 60, at)}”`);
    }
  });

  it('with sections missing, and in another order', () => {
    fc.assert(
      fc.property(fc.infiniteStream(share), share, (random, keep) => {
        const { head, sections } = parts(well[1]!);
        const kept = sections
          .filter(() => random.next().value < keep)
          .map((section) => ({ section, order: random.next().value }))
          .toSorted((a, b) => a.order - b.order)
          .map(({ section }) => section);
        expect(problems([well[0]!, whole({ head, sections: kept })])).toEqual([]);
      }),
      runs,
    );
  });

  it('with rubbish in place of some sections', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(share, rubbish), { minLength: 1, maxLength: 12 }), (list) => {
        const { head, sections } = parts(well[1]!);
        for (const [at, body] of list) sections[Math.floor(at * (sections.length - 1))]!.body = body;
        expect(problems([well[0]!, whole({ head, sections })])).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('after a restart, with a clock that jumps, and with counters that began anew', () => {
    const later = (text: string, by: number) =>
      text.replace(/epoch=(\d+)/, (_, at: string) => `epoch=${Number(at) + by}`);
    const booted = well[1]!
      .replace(/^(=== cat \/proc\/uptime(?: #2)?\n)[\d.]+/gm, '$1900.00')
      .replace(/^(cat|btime) \d+/m, `$1 ${epoch - 840}`)
      .replace('0a0a0a0a-0000', '0b0b0b0b-0000');
    expect(problems([well[0]!, booted])).toEqual([]);
    expect(problems([well[0]!, later(well[1]!, 1800)])).toEqual([]);
    const zero = well[1]!.replace(
      /^( +eth0:|cpu\d?|Tcp:|Udp:|TcpExt:|processes|ctxt|   8 +0 sda) .*$/gm,
      (line) => (/[A-Z][a-z]/.test(line.slice(5)) ? line : line.replace(/\b\d{2,}\b/g, '0')),
    );
    expect(problems([well[0]!, zero])).toEqual([]);
  });
});

it('a machine full of faults, with any of its words changed, is still told in whole sentences', () => {
  const change = fc.tuple(
    share,
    share,
    fc.constantFrom('', '-', '0', '99999999999999999999', '\t', ' ', ':', 'x', '|', '%', '💾'),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), (list) => {
      const { head, sections } = parts(ill[1]!);
      for (const [which, where, text] of list) {
        const section = sections[Math.floor(which * (sections.length - 1))]!;
        const words = section.body.split(/(\s+)/);
        words[Math.floor(where * (words.length - 1))] = text;
        section.body = words.join('');
      }
      problems([ill[0]!, whole({ head, sections })]);
    }),
    { numRuns: 150 },
  );
});
