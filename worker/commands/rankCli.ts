// npm run -s rank -- TABLE.csv --at TIME   Ranks the columns of a wide table by how strongly they departed around a moment.
// Exit 0: ranked; 2: bad use or bad input, with a sentence and the line's number on stderr.
import { formatTime } from '#core/format.ts';
import { harmlessLine } from '#core/steering.ts';
import { rankColumns } from '#worker/series/rank.ts';
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
import { runTableCli, textOf } from './tableCli.ts';
import { harmless } from './terminal.ts';

const usage = `Usage: npm run -s rank -- TABLE.csv --at TIME
TABLE.csv (or - for standard input) has a header timestamp,metric1,metric2,… and a line for each moment; TIME is ISO or epoch seconds
and lies within. For each metric comes metric,score, best first: the score is how many times farther than usual it went.
Exit code: 0 ranked, 2 bad use or bad input.`;

/** Cells of a table at most; more do not fit into memory. */
const most = 50_000_000;

async function rank(path: string, wanted?: string): Promise<void> {
  if (wanted === undefined) throw new InputError(`--at TIME is missing.\n${usage}`);
  const at = timeOf(wanted);
  if (at === undefined) throw new InputError(`--at ${quoted(wanted)} is not a time (ISO or epoch seconds).`);
  const { times, columns } = await readTable(path);
  if (at < times[0]! || at > times.at(-1)!) {
    throw new InputError(
      `--at ${quoted(wanted)} lies outside of the table, which goes from ${moment(times[0]!)} to ${moment(times.at(-1)!)}.`,
    );
  }
  const lines = rankColumns(times, columns, at).map(
    ({ metric, score }) => `${cellOut(process.stdout.isTTY ? harmlessLine(metric) : metric)},${score}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** As numbers where rows are only numbered, and with the day where they tell it. */
const moment = (at: number) => (at < 1e8 ? String(at) : `${formatTime(at)} (${at})`);

async function readTable(path: string): Promise<{ times: number[]; columns: Map<string, number[]> }> {
  const times: number[] = [];
  let separator: Separator = ',';
  let names: string[] | undefined;
  let clock = 0;
  let columns: number[][] = [];
  /** Columns that have held nothing but words so far, with the error that the first of them is when a number comes. */
  const words = new Map<number, InputError>();
  const hasNumber = new Set<number>();
  const isMeasured = (name: string, i: number) => i !== clock && !isTimeName(name) && !isLabelName(name);
  for await (const lines of linesOf(textOf(path))) {
    for (const line of lines) {
      const { number } = line;
      if (!names) {
        separator = separatorOf(line.text);
        names = namesOf(cellsOf(line, separator), number);
        clock = Math.max(0, names.findIndex(isTimeName));
        columns = names.map(() => []);
        continue;
      }
      const cells = cellsOf(line, separator);
      const at = timeOf(cells[clock] ?? '');
      if (at === undefined)
        throw new InputError(
          `Line ${number}: ${quoted(cells[clock] ?? '')} is not a time (ISO or epoch seconds).`,
        );
      if (cells.length > names.length)
        throw new InputError(
          `Line ${number}: there are ${cells.length} cells, and the header has ${names.length}.`,
        );
      if (times.length * names.length > most)
        throw new InputError('The table has more than 50 million cells.');
      times.push(at);
      names.forEach((name, i) => {
        if (!isMeasured(name, i)) return;
        const value = numberIn(cells[i] ?? '', separator);
        if (value === undefined && !words.has(i))
          words.set(
            i,
            new InputError(
              `Line ${number}: ${quoted(cells[i] ?? '')} in the column ${quoted(name)} is not a number.`,
            ),
          );
        else if (value !== undefined && !Number.isNaN(value)) hasNumber.add(i);
        if (words.has(i) && hasNumber.has(i)) throw words.get(i)!;
        columns[i]!.push(value ?? Number.NaN);
      });
    }
  }
  if (names && !names.some(isMeasured)) throw new InputError('Line 1: no column beside the time is named.');
  if (!names) throw new InputError('The file is empty: a header timestamp,metric1,… is expected.');
  if (times.length === 0) throw new InputError('There is a header and no line below it.');
  if (words.size > 0) {
    if (hasNumber.size === 0) throw [...words.values()][0]!;
    const left = [...words.keys()].map((i) => quoted(names[i]!)).join(', ');
    process.stderr.write(`${harmless(`Left out, for there are words and no numbers in it: ${left}.`)}\n`);
    for (const i of words.keys()) columns[i] = [];
  }
  return inOrder(times, names, columns);
}

/** Names of the columns; one that has the name of another is told from it by its number. */
function namesOf(cells: string[], number: number): string[] {
  if (cells.length < 2) throw new InputError(`Line ${number}: a header timestamp,metric1,… is expected.`);
  if (timeOf(cells[0]!) !== undefined)
    throw new InputError(`Line ${number}: the header timestamp,metric1,… is missing.`);
  refuseSplitTime(cells, number);
  const seen = new Map<string, number>();
  return cells.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}.${times - 1}`;
  });
}

/** The table in order of time, whatever the order of its lines; lines of the same time stay as they were. */
function inOrder(
  times: number[],
  names: string[],
  columns: number[][],
): { times: number[]; columns: Map<string, number[]> } {
  const sorted = times.every((at, i) => i === 0 || at >= times[i - 1]!);
  const order = sorted ? undefined : times.map((_, i) => i).sort((a, b) => times[a]! - times[b]!);
  const put = (values: number[]) => (order ? order.map((i) => values[i]!) : values);
  const measured = names.map((name, i) => [name, columns[i]!] as const).filter(([, v]) => v.length > 0);
  return { times: put(times), columns: new Map(measured.map(([name, values]) => [name, put(values)])) };
}

await runTableCli(usage, ['at'], (path, { at }) => rank(path, at));
