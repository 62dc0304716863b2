import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rankColumns } from './rank.ts';

const folder = mkdtempSync(join(tmpdir(), 'rootnote-rank-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const cli = (program: string, ...args: string[]) =>
  spawnSync(process.execPath, [`worker/${program}`, ...args], { encoding: 'utf8' });

const wave = (i: number) => 50 + 20 * Math.sin(i / 30);
const jitter = (i: number, size: number) => size * Math.sin(i * 12.9898);
const times = Array.from({ length: 600 }, (_, i) => 1_700_000_000 + i * 60);
const columns = new Map([
  ['steady', times.map((_, i) => 10 + jitter(i, 1))],
  ['wave', times.map((_, i) => wave(i) + jitter(i, 2))],
  ['moved', times.map((_, i) => 10 + jitter(i, 1) + (i >= 500 ? 30 : 0))],
  ['moved a little', times.map((_, i) => 10 + jitter(i, 1) + (i >= 500 ? 5 : 0))],
  ['flat', times.map(() => 7)],
  ['empty', times.map(() => Number.NaN)],
]);

describe('rank', () => {
  it('puts what departed most first, and what did not move last', () => {
    const ranked = rankColumns(times, columns, times[500]!);
    expect(ranked.slice(0, 2).map((r) => r.metric)).toEqual(['moved', 'moved a little']);
    expect(ranked.find((r) => r.metric === 'flat')!.score).toBe(0);
    expect(ranked.find((r) => r.metric === 'empty')!.score).toBe(0);
    expect(ranked[0]!.score).toBeGreaterThan(3 * ranked.find((r) => r.metric === 'wave')!.score);
  });

  it('works from the command line, with ISO times, and names the line of an error', () => {
    const rows = times.map((t, i) =>
      [
        new Date(t * 1000).toISOString(),
        ...[...columns.values()].map((c) => (Number.isNaN(c[i]) ? '' : c[i])),
      ].join(','),
    );
    const path = file('table.csv', `timestamp,${[...columns.keys()].join(',')}\n${rows.join('\n')}\n`);
    const out = execFileSync(
      process.execPath,
      ['worker/rankCli.ts', path, '--at', new Date(times[500]! * 1000).toISOString()],
      { encoding: 'utf8' },
    );
    expect(out.split('\n')[0]).toMatch(/^moved,\d/);
    const bad = cli('rankCli.ts', file('bad.csv', 'timestamp,a\n1,2\n2,x\n'), '--at', '1');
    expect([bad.status, bad.stderr]).toEqual([2, 'Line 3: "x" in the column a is not a number.\n']);
    expect(cli('rankCli.ts', path).stderr).toMatch(/^--at TIME is missing/);
    expect(cli('rankCli.ts', path, '--at', '5').status).toBe(2);
  });
});
