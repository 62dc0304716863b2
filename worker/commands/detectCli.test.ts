import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const detect = (input: string, ...args: string[]) =>
  spawnSync(process.execPath, ['worker/commands/detectCli.ts', ...(args.length > 0 ? args : ['-'])], {
    encoding: 'utf8',
    input,
  });
const jitter = (i: number) => Math.sin(i * 12.9898);
/** 600 minutes around 20, and 60 from the 501st on. */
const rows = Array.from({ length: 600 }, (_, i) => ({
  at: 1_700_000_000 + i * 60 + (i % 7),
  value: (20 + jitter(i) + (i >= 500 ? 40 : 0)).toFixed(2),
}));
const table = (
  cells: (row: { at: number; value: string }, i: number) => string,
  header = 'timestamp,value\n',
  end = '\n',
) => header + rows.map(cells).join(end) + end;
/** Numbers of the rows with an alarm. */
const alarms = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .slice(1)
    .flatMap((line, i) => (line.endsWith(',1') ? [i] : []));

describe('detect', () => {
  it('prints a line for each line, keeps times and values as they were, and alarms once at a jump', () => {
    const input = table((r, i) => `${r.at},${i === 100 ? '' : r.value}`);
    const { stdout, status, stderr } = detect(input);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('timestamp,value,score,alarm');
    const cells = lines.map((l) => l.split(','));
    expect(cells.map((c) => `${c[0]},${c[1]}`).join('\n')).toBe(input.trimEnd());
    expect(cells.slice(1).every((c) => Number(c[2]) >= 0 && Number(c[2]) <= 1)).toBe(true);
    expect(alarms(stdout)).toEqual([500]);
    expect(cells[101]!.slice(2)).toEqual(['0', '0']);
  });

  const iso = (at: number) => new Date(at * 1000).toISOString();
  it.each<[string, string]>([
    ['no header', table((r) => `${r.at},${r.value}`, '')],
    ['ISO times without a zone', table((r) => `${iso(r.at).slice(0, 19).replace('T', ' ')},${r.value}`)],
    ['ISO times with a zone', table((r) => `${iso(r.at).slice(0, 19)}+02:00,${r.value}`)],
    ['milliseconds', table((r) => `${r.at}000,${r.value}`)],
    ['carriage returns', table((r) => `${r.at},${r.value}`, 'timestamp,value\r\n', '\r\n')],
    ['a byte order mark', table((r) => `${r.at},${r.value}`, '\uFEFFtimestamp,value\n')],
    ['quotes', table((r) => `"${r.at}","${r.value}"`, '"timestamp","value"\n')],
    ['semicolons and decimal commas', table((r) => `${r.at};${r.value.replace('.', ',')}`, '')],
    ['tabs', table((r) => `${r.at}\t${r.value}`, 'time\tvalue\n')],
    ['other columns', table((r) => `web1,${r.value},${r.at}`, 'host,value,time\n')],
    ['a name in front', table((r) => `web1,${r.at},${r.value}`, 'host,time,load\n')],
    [
      'ISO times without signs between',
      table((r) => `${iso(r.at).slice(0, 19).replace(/[-:]/g, '')}Z,${r.value}`),
    ],
    ['words for nothing', table((r, i) => `${r.at},${i % 50 === 7 ? ['NaN', 'null', '-'][i % 3] : r.value}`)],
    ['numbered rows', table((r, i) => `${i},${r.value}`)],
    ['days and hours as digits', table((r) => `${iso(r.at).slice(0, 19).replace(/\D/g, '')},${r.value}`)],
    ['microseconds', table((r) => `${r.at}000000,${r.value}`)],
    [
      'other names, and a label behind',
      table((r, i) => `${r.at}000,${i === 0 ? '' : r.value},0`, 'ts_ms,v,label\n'),
    ],
    ['a column of numbers without a name', table((r, i) => `${i},${r.at},${r.value}`, ',@timestamp,value\n')],
    [
      'what a spreadsheet says first',
      table((r) => `${r.at};${r.value.replace('.', ',')}`, 'sep=;\r\ntime;value\r\n'),
    ],
    [
      'infinite values',
      table((r, i) => `${r.at},${i % 50 === 7 ? ['inf', '-Infinity', '+Inf'][i % 3] : r.value}`),
    ],
    ['a label in front', table((r) => `${r.at},0,${r.value}`, 'timestamp,is_anomaly,cpu\n')],
    ['a unit in the name of the time', table((r) => `${r.value},${r.at}`, 'load,Timestamp (UTC)\n')],
    ['nanoseconds', table((r) => `${r.at}000000000,${r.value}`)],
    ['ISO times to the nanosecond', table((r) => `${iso(r.at).slice(0, 19)}.123456789Z,${r.value}`)],
    ['empty lines', table((r) => `${r.at},${r.value}\n`)],
  ])('reads %s', (_name, input) => {
    const { stdout, stderr, status } = detect(input);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(601);
    expect(alarms(stdout)).toEqual([500]);
  });

  it('scores one line, and has nothing to say of it', () => {
    const { stdout, status } = detect('time,value\n2025-03-01T04:12:05+01:00,7\n');
    expect([status, stdout]).toEqual([0, 'timestamp,value,score,alarm\n2025-03-01T04:12:05+01:00,7,0,0\n']);
  });

  it('scores lines of the same time and lines that go back in the order in which they stand, and says so', () => {
    const back = table(
      (r, i) => `${i % 100 === 3 ? r.at - 3600 : i % 100 === 4 ? rows[i - 1]!.at : r.at},${r.value}`,
    );
    const { stdout, stderr, status } = detect(back);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^6 lines are earlier than the line before/)]);
    expect(alarms(stdout)).toEqual([500]);
  });

  it('streams: what came before a bad line was scored, and its number is told', () => {
    const { stdout, stderr, status } = detect(`${table((r) => `${r.at},${r.value}`)}1800000000,abc\n`);
    expect([status, stderr]).toEqual([2, 'Line 602: "abc" is not a number.\n']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(601);
  });

  it.each([
    ['an empty file', '', /is empty/],
    ['a word', 'timestamp,value\n1,2\n2,abc\n', /^Line 3: "abc" is not a number/],
    ['no time', 'timestamp,value\nsoon,2\n', /^Line 2: "soon" is not a time/],
    ['a day that is none', 'timestamp,value\n2025-02-30,2\n', /^Line 2: "2025-02-30" is not a time/],
    ['one column', 'value\n1\n2\n', /^Line 1: timestamp,value is expected/],
    ['another separator', 'time|value\n1|2\n', /with a comma, a semicolon or a tab between/],
    ['no value', 'timestamp,value\n1\n', /^Line 2: there is no value/],
    [
      'two columns of time',
      'date,time,value\n2025-01-01,00:00,2\n',
      /^Line 1: the time stands in two columns/,
    ],
    ['only a header', 'timestamp,value\n', /no line with a value/],
    ['a quote without end', 'timestamp,value\n"1,2\n', /^Line 2: a quote is not closed/],
  ])('says in a sentence what is wrong with %s', (_name, input, message) => {
    const { status, stderr } = detect(input);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('names a file that is not there, and an option that is none', () => {
    expect(detect('', '/nowhere.csv').stderr).toBe('/nowhere.csv cannot be read: there is no such file.\n');
    expect(detect('', '--loud').status).toBe(2);
    expect(detect('', '--help').stdout).toMatch(/^Usage: npm run -s detect/);
  });
});
