// npm run -s detect -- SERIES.csv   Scores a series: timestamp,value in; timestamp,value,score,alarm out, line by line.
// Exit 0: scored; 2: bad input, with a sentence and the line's number on stderr.
import { newAnySeries, observeAny } from '#worker/series/detectSeries.ts';
import { InputError } from './inputError.ts';
import {
  cellOut,
  cellsOf,
  isLabelName,
  isTimeName,
  linesOf,
  numberIn,
  quoted,
  refuseSplitTime,
  separatorOf,
  timeOf,
  type Separator,
} from './table.ts';
import { runTableCli, textOf, write } from './tableCli.ts';

const usage = `Usage: npm run -s detect -- SERIES.csv
SERIES.csv (or - for standard input) has lines of timestamp,value, with a header or without; times are ISO or epoch seconds.
For each line comes timestamp,value,score,alarm: the score goes from 0 (as ever) to 1 (never seen), alarm is 1 where a person should look.
Exit code: 0 scored, 2 bad use or bad input.`;

interface Layout {
  separator: Separator;
  time: number;
  value: number;
  /** The header names it: then it is that one, whatever stands in it. */
  named: boolean;
}

async function detect(path: string): Promise<void> {
  const state = newAnySeries();
  let rows = 0;
  let back = 0;
  let last = Number.NEGATIVE_INFINITY;
  let layout: Layout | undefined;
  for await (const lines of linesOf(textOf(path))) {
    let out = '';
    for (const line of lines) {
      if (!layout) {
        const found = layoutOf(line.text);
        layout = found.layout;
        out += 'timestamp,value,score,alarm\n';
        if (found.header) continue;
      }
      const cells = cellsOf(line, layout.separator);
      if (rows === 0) layout.value = valueIn(cells, layout);
      const stamp = cells[layout.time] ?? '';
      const at = timeOf(stamp);
      if (at === undefined)
        throw await withLines(
          out,
          `Line ${line.number}: ${quoted(stamp)} is not a time (ISO or epoch seconds).`,
        );
      const text = cells[layout.value];
      if (text === undefined) throw await withLines(out, `Line ${line.number}: there is no value.`);
      const value = numberIn(text, layout.separator);
      if (value === undefined)
        throw await withLines(out, `Line ${line.number}: ${quoted(text)} is not a number.`);
      if (at < last) back++;
      last = at;
      rows++;
      const { score, alarm } = observeAny(state, at, value);
      out += `${cellOut(stamp)},${cellOut(text)},${score},${alarm ? 1 : 0}\n`;
    }
    await write(out);
  }
  if (!layout) throw new InputError('The file is empty: lines of timestamp,value are expected.');
  if (rows === 0) throw new InputError('There is a header and no line with a value.');
  if (back > 0)
    process.stderr.write(
      `${back === 1 ? 'One line is' : `${back} lines are`} earlier than the line before; all were scored in the order in which they stand.\n`,
    );
}

/** An error after what was scored before it has been written. */
async function withLines(out: string, message: string): Promise<InputError> {
  await write(out);
  return new InputError(message);
}

/** Which columns are read, by the first line: a header when its first cell, or the one that is named so, is no time. */
function layoutOf(text: string): { layout: Layout; header: boolean } {
  const separator = separatorOf(text);
  const cells = cellsOf({ number: 1, text }, separator);
  if (cells.length < 2)
    throw new InputError('Line 1: timestamp,value is expected, with a comma, a semicolon or a tab between.');
  if (timeOf(cells[0]!) !== undefined)
    return { layout: { separator, time: 0, value: 1, named: true }, header: false };
  const names = cells.map((c) => c.toLowerCase());
  refuseSplitTime(names, 1);
  const time = Math.max(0, names.findIndex(isTimeName));
  const named = names.indexOf('value');
  const measured = names.findIndex((name, i) => i !== time && !isLabelName(name));
  const value = named >= 0 ? named : measured >= 0 ? measured : time === 0 ? 1 : 0;
  return { layout: { separator, time, value, named: named >= 0 }, header: true };
}

/** Where the header does not say which column is meant, and there is a word in it: the first beside the time that has a number in the first line. */
function valueIn(cells: readonly string[], { separator, time, value, named }: Layout): number {
  if (named || numberIn(cells[value] ?? '', separator) !== undefined) return value;
  const isNumber = (cell: string) => cell !== '' && numberIn(cell, separator) !== undefined;
  const other = cells.findIndex((cell, i) => i !== time && isNumber(cell));
  return other >= 0 ? other : value;
}

await runTableCli(usage, [], detect);
