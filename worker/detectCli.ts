// npm run -s detect -- SERIES.csv   Scores a series: timestamp,value in; timestamp,value,score,alarm out, line by line.
// Exit 0: scored; 2: bad input, with a sentence and the line's number on stderr.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { newDetector, observe } from './detector.ts';
import { cellsOf, linesOf, numberIn, TableError, timeOf } from './table.ts';

const usage = `Usage: npm run -s detect -- SERIES.csv
SERIES.csv (or - for standard input) has a header and lines of timestamp,value; times are ISO or epoch seconds.`;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const [path] = positionals;
  if (positionals.length !== 1 || path === undefined) throw new TableError(usage);
  const stream = path === '-' ? process.stdin : createReadStream(path);
  stream.setEncoding('utf8');
  const state = newDetector();
  let number = 0;
  let rows = 0;
  let last = Number.NEGATIVE_INFINITY;
  let columns: { time: number; value: number } | undefined;
  for await (const line of linesOf(stream as AsyncIterable<string>)) {
    number++;
    if (line.trim() === '') continue;
    const cells = cellsOf(number === 1 ? line.replace(/^\uFEFF/, '') : line, number);
    if (!columns) {
      columns = header(cells, number);
      await write('timestamp,value,score,alarm\n');
      continue;
    }
    const stamp = cells[columns.time];
    const at = stamp === undefined ? undefined : timeOf(stamp);
    if (at === undefined)
      throw new TableError(`Line ${number}: "${stamp ?? ''}" is not a time (ISO or epoch seconds).`);
    if (at < last)
      throw new TableError(
        `Line ${number}: the time ${stamp} is earlier than the line before; the series must be in order of time.`,
      );
    const text = cells[columns.value];
    if (text === undefined) throw new TableError(`Line ${number}: there is no value.`);
    const value = numberIn(text);
    if (value === undefined) throw new TableError(`Line ${number}: "${text}" is not a number.`);
    last = at;
    rows++;
    const { score, alarm } = observe(state, at, value);
    await write(`${stamp},${text},${score},${alarm ? 1 : 0}\n`);
  }
  if (!columns)
    throw new TableError('The file is empty: a header and lines of timestamp,value are expected.');
  if (rows === 0) throw new TableError('There is a header and no line with a value.');
}

function header(cells: string[], number: number): { time: number; value: number } {
  if (cells.length < 2) throw new TableError(`Line ${number}: a header with timestamp,value is expected.`);
  if (timeOf(cells[0]!) !== undefined && numberIn(cells[1]!) !== undefined && cells[1] !== '')
    throw new TableError(`Line ${number}: the header timestamp,value is missing.`);
  const names = cells.map((c) => c.toLowerCase());
  const time = Math.max(
    0,
    names.findIndex((n) => /^(timestamp|time|date|datetime|ts|epoch)$/.test(n)),
  );
  const named = names.indexOf('value');
  return { time, value: named >= 0 ? named : time === 0 ? 1 : 0 };
}

function write(text: string): Promise<void> | void {
  if (process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of the pipe has seen enough.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { code, message, path } = error as NodeJS.ErrnoException;
  const known =
    error instanceof TableError ||
    code?.startsWith('ERR_PARSE_ARGS') ||
    /^(ENOENT|EACCES|EISDIR|EPERM)$/.test(code ?? '');
  if (!known) throw error;
  process.stderr.write(
    `${path && !(error instanceof TableError) ? `${path} cannot be read: ${code}.` : message}\n`,
  );
  process.exitCode = 2;
}
