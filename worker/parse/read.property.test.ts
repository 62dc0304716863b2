// Whatever a server sends: no reader throws, hangs, or gives a value that is no number. Real reports, mutated.
// FUZZ=50 npx vitest run worker/parse/read.property.test.ts tries 50 times as many; a failure prints the seed that shows it again.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { splitReport } from '#core/report.ts';
import { ParseError } from '#worker/collectors/collector.ts';
import { collectors } from '#worker/collectors/index.ts';
import { matches, withSingleFiles } from '#worker/collectors/lookup.ts';
import { readReport } from './read.ts';

const times = Number(process.env['FUZZ'] ?? 1);
vi.setConfig({ testTimeout: times * 30_000 });

const reports = ['debian12', 'centos7', 'alpine', 'ubuntuArm', 'sles15', 'busybox'].map((name) =>
  readFileSync(new URL(`./read.${name}.fixture.txt`, import.meta.url), 'utf8'),
);
const split = reports.map((text) => withSingleFiles(splitReport(text)));

/** Bodies of all sections that a collector reads, as real systems print them. */
const bodies = new Map(
  collectors.map((collector) => [
    collector,
    split.flatMap((report) => report.sections.filter(({ name }) => matches(collector.section, name))),
  ]),
);

type Mutation = (text: string) => string;
const at = (text: string, share: number) => Math.floor(share * text.length);
const junk = fc.constantFrom(
  '',
  '-',
  ':',
  '|',
  '\t',
  '\n',
  '\n\n',
  ' ',
  '='.repeat(3),
  '"',
  '%',
  '/',
  '\\040',
  '[',
  '(',
  '-1',
  '0x',
  'NaN',
  '1e999',
  '9'.repeat(30),
  'é',
  '💾',
  '\u0000',
  '\u001b[31m',
  ',',
  '{',
  ']',
  ' '.repeat(5000),
  'a'.repeat(5000),
  '0 '.repeat(2000),
  '::'.repeat(500),
  '((('.repeat(500),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, junk).map(
    ([from, text]): Mutation =>
      (body) =>
        body.slice(0, at(body, from)) + text + body.slice(at(body, from)),
  ),
  fc.tuple(share, share).map(
    ([a, b]): Mutation =>
      (body) =>
        body.slice(0, at(body, Math.min(a, b))) + body.slice(at(body, Math.max(a, b))),
  ),
  share.map(
    (from): Mutation =>
      (body) =>
        body.slice(0, at(body, from)),
  ),
  fc.tuple(share, junk).map(([from, text]): Mutation => (body) => {
    const lines = body.split('\n');
    lines[Math.min(lines.length - 1, Math.floor(from * lines.length))] = text;
    return lines.join('\n');
  }),
  fc.tuple(share, share).map(
    ([a, b]): Mutation =>
      (body) =>
        body.replaceAll(body[at(body, a)] ?? ' ', body[at(body, b)] ?? ''),
  ),
  fc.constant<Mutation>((body) => body.split('\n').toReversed().join('\n')),
  fc.constant<Mutation>((body) => body.replaceAll(/\d+/g, (digits) => digits.repeat(4))),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const apply = (text: string, list: Mutation[]) => list.reduce((body, mutate) => mutate(body), text);

it.each(collectors.map((collector) => [String(collector.section), collector] as const))(
  '%s',
  (_name, collector) => {
    const sections = bodies.get(collector)!;
    const samples =
      sections.length > 0
        ? sections
        : [{ name: String(collector.section), reading: 1 as const, body: 'a b c\n1 2 3' }];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.constantFrom(...split),
        mutations,
        (section, report, list) => {
          const mutated = { ...section, body: apply(section.body, list).slice(0, 200_000) };
          const whole = {
            ...report,
            sections: [mutated, ...report.sections.filter(({ name }) => name !== section.name)],
          };
          const begin = process.cpuUsage();
          try {
            const parsed = collector.parse(mutated, whole);
            for (const { value } of parsed.counters ?? []) expect(value).not.toBeNaN();
          } catch (error) {
            expect(error).toBeInstanceOf(ParseError);
          }
          const { user } = process.cpuUsage(begin);
          // A pattern that backtracks takes minutes; a slow machine takes milliseconds.
          expect(user / 1000).toBeLessThan(2000);
        },
      ),
      { numRuns: 40 * times },
    );
  },
);

it('a whole report, mutated anywhere', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...reports),
      mutations,
      fc.option(fc.constantFrom(...reports)),
      (report, list, earlier) => {
        const previous = earlier === null ? undefined : readReport(earlier);
        const text = `rootnote 1 epoch=1700000000${apply(report, list)
          .slice(0, 400_000)
          .replace(/^.{0,200}/, '')}`;
        const snapshot = readReport(text, { previous });
        expect(snapshot.samples.every(({ value }) => Number.isFinite(value))).toBe(true);
        expect(
          snapshot.events.every(
            ({ at: time, text: sentence }) => Number.isFinite(time) && sentence.length < 1500,
          ),
        ).toBe(true);
        expect(() => JSON.stringify(snapshot)).not.toThrow();
      },
    ),
    { numRuns: 60 * times },
  );
});

it('any text after a first line', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000, unit: 'binary' }), (text) => {
      expect(readReport(`rootnote 1 ${text}`).facts.agent).toBeDefined();
    }),
    { numRuns: 100 * times },
  );
});
