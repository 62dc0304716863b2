// Names that every object of JavaScript answers to: a user may call a process so, and a forged report may call anything so.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { own } from '#core/own.ts';
import { groupName } from './collectors/groupName.ts';
import { showSnapshot } from './commands/showSnapshot.ts';
import { explain } from './judge/explain.ts';
import { readReport } from './parse/read.ts';
import { decodeBody } from './probes/body.ts';

const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
const text = (system: string) =>
  readFileSync(new URL(`./parse/read.${system}.fixture.txt`, import.meta.url), 'utf8').replaceAll('\r', '');

/** Words of the lines of a report in places that change with `turn`, replaced; the frame of the report stays. */
function renamed(report: string, name: string, turn: number): string {
  const word = turn % 2 ? /[A-Za-z_][\w-]*/ : /(?<=[ =(/"':])[A-Za-z_][\w-]*/;
  return report
    .split('\n')
    .map((line, i) => (/^(rootnote|=)/.test(line) || (i + turn) % 5 > 0 ? line : line.replace(word, name)))
    .join('\n');
}

it('finds in a table what the table holds', () => {
  expect(own({ a: 1 }, 'a')).toBe(1);
  for (const name of names) expect(own({ a: 1 } as Record<string, number>, name)).toBeUndefined();
});

it.each(names)('takes %s for a name like any other', (name) => {
  expect(groupName(name, false)).toBe(name);
  const process = text('debian12').replace(/\tnginx$/gm, `\t${name}`);
  const groups = readReport(process).facts.processGroups ?? [];
  expect(groups.map((group) => group.name)).toContain(name);
  const answer = decodeBody(
    { headers: { 'content-encoding': name }, body: Buffer.from('x') } as unknown as Parameters<
      typeof decodeBody
    >[0],
    1000,
  );
  expect(answer).toMatchObject({ code: 'http-encoding' });
});

it.each(names)('reads and explains reports full of %s', (name) => {
  for (const system of ['debian12', 'centos7', 'alpine', 'sles15']) {
    for (let turn = 0; turn < 10; turn++) {
      const snapshot = readReport(renamed(text(system), name, turn));
      for (const { metric, subject, value } of snapshot.samples)
        expect([typeof metric, typeof subject, Number.isFinite(value)]).toEqual(['string', 'string', true]);
      const json = JSON.stringify(snapshot, (_, value: unknown) =>
        typeof value === 'function' ? 'a function' : value,
      );
      expect(json).not.toMatch(/a function|native code|\[object/);
      expect(showSnapshot(snapshot, false)).not.toMatch(/native code|\[object/);
      const failures: unknown[] = [];
      explain([snapshot], (what, error) => failures.push([what, error]));
      expect(failures).toEqual([]);
    }
  }
});
