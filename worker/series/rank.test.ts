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
  spawnSync(process.execPath, [`worker/commands/${program}`, ...args], { encoding: 'utf8' });

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

  it.each([
    ['two minutes late', 620],
    ['two minutes early', 380],
  ])('finds what moved when the moment is told %s', (_name, at) => {
    const seconds = Array.from({ length: 1000 }, (_, i) => 1_700_000_000 + i);
    const table = new Map([
      ['cause', seconds.map((_, i) => 10 + jitter(i, 1) + (i >= 500 ? 30 : 0))],
      ['effect', seconds.map((_, i) => 10 + jitter(i + 7, 1) + (i >= 500 ? 6 : 0))],
      ['bursts', seconds.map((_, i) => (i % 40 === 3 ? 500 + jitter(i, 200) : 1 + jitter(i, 0.5)))],
      ['wave', seconds.map((_, i) => 50 + 20 * Math.sin(i / 100))],
    ]);
    const ranked = rankColumns(seconds, table, seconds[at]!);
    expect(ranked.slice(0, 2).map((r) => r.metric)).toEqual(['cause', 'effect']);
  });

  it('finds what moved although a third of the time before was after it', () => {
    const seconds = Array.from({ length: 1200 }, (_, i) => 1_700_000_000 + i);
    const table = new Map([
      ['cause', seconds.map((_, i) => 10 + jitter(i, 1) + (i >= 600 ? 30 : 0))],
      ['echo', seconds.map((_, i) => 10 + jitter(i + 7, 1) + (i >= 900 ? 8 : 0))],
    ]);
    expect(rankColumns(seconds, table, seconds[900]!).map((r) => r.metric)).toEqual(['cause', 'echo']);
  });

  it('looks at how fast a counter grows, and forgives its reset', () => {
    let [steady, faster] = [0, 0];
    const table = new Map([
      ['steady_total', times.map((_, i) => (i === 550 ? (steady = 0) : (steady += 100 + jitter(i, 20))))],
      ['faster_total', times.map((_, i) => (faster += (i >= 500 ? 300 : 100) + jitter(i, 20)))],
      ['wave', times.map((_, i) => wave(i))],
    ]);
    const ranked = rankColumns(times, table, times[500]!);
    expect(ranked[0]!.metric).toBe('faster_total');
    expect(ranked.find((r) => r.metric === 'steady_total')!.score).toBeLessThan(0.2 * ranked[0]!.score);
  });

  it('takes errors for what people suffer from, and a fall for what follows', () => {
    const moved = times.map((_, i) => 10 + jitter(i, 1) + (i >= 500 ? 30 : 0));
    const table = new Map([
      ['web_errors', moved],
      ['web_requests', moved.map((v) => 100 - v)],
      ['web_cpu', moved.map((v) => v * 7)],
    ]);
    const ranked = rankColumns(times, table, times[500]!);
    expect(ranked[0]!.metric).toBe('web_cpu');
    for (const { score } of ranked.slice(1)) expect(score).toBeLessThan(0.8 * ranked[0]!.score);
  });

  it('leaves aside what moves at this hour on every day, and finds what moved less and only now', () => {
    const days = Array.from({ length: 3 * 1440 + 60 }, (_, i) => 1_700_006_400 + i * 60);
    const table = new Map([
      ['backup', days.map((_, i) => 5 + jitter(i, 1) + ((i + 2) % 1440 < 40 ? 200 : 0))],
      ['moved', days.map((_, i) => 10 + jitter(i, 1) + (i >= 3 * 1440 ? 8 : 0))],
      ['by day', days.map((_, i) => 50 + 20 * Math.sin((i / 720) * Math.PI) + jitter(i, 1))],
    ]);
    const ranked = rankColumns(days, table, days[3 * 1440]!);
    expect(ranked[0]!.metric).toBe('moved');
    expect(ranked.find((r) => r.metric === 'backup')!.score).toBeLessThan(0.1 * ranked[0]!.score);
  });

  it('puts what began before what followed it, although that went farther', () => {
    const table = new Map([
      ['effect', times.map((_, i) => 10 + jitter(i, 1) + (i >= 506 ? 20 : 0))],
      ['cause', times.map((_, i) => 10 + jitter(i + 7, 1) + (i >= 500 ? 14 : 0))],
    ]);
    for (const told of [500, 503])
      expect(rankColumns(times, table, times[told]!).map((r) => r.metric)).toEqual(['cause', 'effect']);
  });

  it('puts it first although what followed minutes later went thrice as far', () => {
    const table = new Map([
      ['effect', times.map((_, i) => 10 + jitter(i, 1) + (i >= 505 ? 42 : 0))],
      ['cause', times.map((_, i) => 10 + jitter(i + 7, 1) + (i >= 500 ? 14 : 0))],
    ]);
    expect(rankColumns(times, table, times[500]!).map((r) => r.metric)).toEqual(['cause', 'effect']);
  });

  it('does not take one value that was held for a beginning', () => {
    const seconds = Array.from({ length: 1500 }, (_, i) => 1_700_000_000 + i);
    // Looked at every 15 seconds: at 870 it is far off, once.
    const held = (i: number) => i - (i % 15);
    const table = new Map([
      [
        'effect',
        seconds.map((_, i) => 10 + jitter(held(i), 1) + (held(i) === 870 ? 20 : i >= 1035 ? 25 : 0)),
      ],
      ['cause', seconds.map((_, i) => 10 + jitter(i + 7, 1) + (i >= 900 ? 14 : 0))],
    ]);
    expect(rankColumns(seconds, table, seconds[900]!).map((r) => r.metric)).toEqual(['cause', 'effect']);
  });

  it('says nothing of a column that was not seen before, or not since', () => {
    const table = new Map([
      ['new', times.map((_, i) => (i < 497 ? Number.NaN : 1000 * i))],
      ['gone', times.map((_, i) => (i < 500 ? jitter(i, 1) : Number.NaN))],
      ['beyond all numbers', times.map((_, i) => (i % 2 ? 1.7e308 : -1.7e308))],
    ]);
    expect(rankColumns(times, table, times[500]!).map((r) => r.score)).toEqual([0, 0, 0]);
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
      ['worker/commands/rankCli.ts', path, '--at', new Date(times[500]! * 1000).toISOString()],
      { encoding: 'utf8' },
    );
    expect(out.split('\n')[0]).toMatch(/^moved,\d/);
    const bad = cli('rankCli.ts', file('bad.csv', 'timestamp,a\n1,2\n2,x\n'), '--at', '1');
    expect([bad.status, bad.stderr]).toEqual([2, 'Line 3: "x" in the column "a" is not a number.\n']);
    expect(cli('rankCli.ts', path).stderr).toMatch(/^--at TIME is missing/);
    const outside = cli('rankCli.ts', path, '--at', '5');
    expect([outside.status, outside.stderr]).toEqual([
      2,
      '--at "5" lies outside of the table, which goes from 2023-11-14 22:13:20 UTC (1700000000) to 2023-11-15 08:12:20 UTC (1700035940).\n',
    ]);
    const words = cli('rankCli.ts', file('words.csv', 'timestamp,host,a\n1,web1,2\n2,web1,3\n'), '--at', '2');
    expect([words.status, words.stdout, words.stderr]).toEqual([
      0,
      'a,0\n',
      'Left out, for there are words and no numbers in it: "host".\n',
    ]);
    const label = cli('rankCli.ts', file('label.csv', 'timestamp,a,is_anomaly\n1,2,0\n2,3,1\n'), '--at', '2');
    expect([label.status, label.stdout]).toEqual([0, 'a,0\n']);
    const mixed = cli('rankCli.ts', file('mixed.csv', 'timestamp,a\n1,off\n2,3\n'), '--at', '1');
    expect([mixed.status, mixed.stderr]).toEqual([2, 'Line 2: "off" in the column "a" is not a number.\n']);
    const missing = cli('rankCli.ts', file('bad.csv', '1,2\n2,3\n'), '--at', '1');
    expect([missing.status, missing.stderr]).toEqual([
      2,
      'Line 1: the header timestamp,metric1,… is missing.\n',
    ]);
  });

  it('reads semicolons, decimal commas, a time that is not the first column, two columns of one name, lines out of order', () => {
    const rows = times.map(
      (t, i) => `${columns.get('moved')![i]!.toFixed(3).replace('.', ',')};${t}000;4;${i % 3}`,
    );
    const path = file('odd.csv', `\uFEFFcpu;time;"a, b";a, b\r\n${rows.toReversed().join('\r\n')}\r\n`);
    const { stdout, stderr, status } = cli('rankCli.ts', path, '--at', `${times[500]}`);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^cpu,\d/);
    expect(
      lines
        .slice(1)
        .map((l) => l.replace(/,[\d.]+$/, ''))
        .sort(),
    ).toEqual(['"a, b"', '"a, b.1"']);
  });
});
