import { describe, expect, it } from 'vitest';
import { splitReport } from './report.ts';
import { asWritten } from './reportText.ts';

const table = [
  ['pid', 'ppid', 'uid', 'state', 'utime', 'rss_kb', 'swap_kb', 'cgroup', 'name'],
  ['1', '0', '0', 'S', '12', '13004', '0', '/init.scope', 'systemd'],
  ['2', '0', '0', 'S', '0', '', '', '/', 'kthreadd'],
  ['90210', '1', '1000', 'R', '1234567', '88888888', '0', '/user.slice/user-1000.slice', 'Web Content'],
];
const report = [
  'rootnote 1 agent=1 epoch=1700000000',
  '=== cat /proc/uptime',
  '12.5 20.0',
  '',
  '=== cat /proc/[0-9]*/stat',
  ...table.map((cells) => cells.join('\t')),
  '=== mysql',
  'Threads_running\t3',
  '        Seconds_Behind_Source: 310',
  'now\t12\tWaiting\tselect\tcart',
  '=== ss -tlnup',
  '=!= missing ss',
  '=== end',
  '',
].join('\n');
const lines = report.trimEnd().split('\n');

/** As a terminal shows them. */
function expanded(text: string): string {
  const shown = (line: string) =>
    line.split('\t').reduce((row, cell) => `${row.padEnd(8 * (Math.floor(row.length / 8) + 1))}${cell}`);
  return text.split('\n').map(shown).join('\n');
}

describe('the text of a report that was changed on its way', () => {
  it('is left as it is when nothing was', () => {
    expect(asWritten(report)).toBe(report);
    expect(asWritten('')).toBe('');
    expect(asWritten('rootnote 1')).toBe('rootnote 1');
  });

  it.each([
    ['ends of lines of Windows', report.replaceAll('\n', '\r\n')],
    ['ends of lines that were changed twice', report.replaceAll('\n', '\r\r\n')],
    ['ends of lines of an old Macintosh', report.replaceAll('\n', '\r')],
    ['blanks at the ends of lines', report.replaceAll('\n', '   \n')],
    ['blanks that no line may break at', report.replaceAll(' ', '\u00a0')],
    ['NULs', report.replaceAll('=', '=\0')],
    ['tabs as a terminal shows them', expanded(report)],
  ])('reads %s', (_what, text) => {
    expect(text).not.toBe(report);
    expect(asWritten(text)).toBe(report);
  });

  it('takes each line once where all are there twice, or an empty one follows each', () => {
    for (const text of [
      lines.flatMap((line) => [line, line]).join('\n'),
      lines.flatMap((line) => [line, '']).join('\n'),
      lines.flatMap((line) => [line, line]).join('\r\n'),
    ])
      expect(splitReport(text)).toEqual(splitReport(report));
  });

  it('knows a doubled report by what came of it when it was cut off', () => {
    const doubled = lines.flatMap((line) => [line, line]).join('\n');
    const cut = splitReport(doubled.slice(0, doubled.indexOf('Threads_running') + 5));
    expect(cut.doubled).toBeUndefined();
    expect(cut).toMatchObject({ complete: false, cutIn: 'mysql' });
    expect(cut.sections).toEqual(splitReport(report).sections.slice(0, 2));
  });

  it('says so where some lines are there twice, and reads no section as empty for a mark that is', () => {
    const some = lines.flatMap((line, i) => (i === 5 ? [line] : [line, line])).join('\n');
    const read = splitReport(some);
    expect(read.doubled).toBe(true);
    expect(read.sections.find(({ name }) => name === 'cat /proc/uptime')!.body).toContain('12.5 20.0');
    expect(splitReport(report).doubled).toBeUndefined();
  });

  it('costs no more than its length, whatever it holds', () => {
    const begin = process.cpuUsage();
    for (const piece of ['\r', ' ', '\n', '\r\n', '\r\r\n', ' \n', '\t', '=== \n', '=== a\n=== a\n'])
      splitReport(`rootnote 1 epoch=1\n=== cat /proc/[0-9]*/stat\npid  ppid\n${piece.repeat(500_000)}`);
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(20);
  });
});
