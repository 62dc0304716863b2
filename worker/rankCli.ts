// npm run -s rank -- TABLE.csv --at TIME   Ranks the columns of a wide table by how strongly they departed around a moment.
// Exit 0: ranked; 2: bad input, with a sentence and the line's number on stderr.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { rankColumns } from './rank.ts';
import { cellsOf, linesOf, numberIn, TableError, timeOf } from './table.ts';

const usage = `Usage: npm run -s rank -- TABLE.csv --at TIME
TABLE.csv (or - for standard input) has a header timestamp,metric1,metric2,… and a line for each moment; TIME is ISO or epoch seconds.`;

/** Cells of a table at most; more do not fit into memory. */
const most = 50_000_000;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { at: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const [path] = positionals;
  if (positionals.length !== 1 || path === undefined) throw new TableError(usage);
  if (values.at === undefined) throw new TableError(`--at TIME is missing.\n${usage}`);
  const at = timeOf(values.at);
  if (at === undefined) throw new TableError(`--at "${values.at}" is not a time (ISO or epoch seconds).`);
  const { times, columns } = await readTable(path);
  if (at < times[0]! || at > times.at(-1)!) {
    throw new TableError(
      `--at ${values.at} lies outside of the table, which goes from ${times[0]} to ${times.at(-1)} (epoch seconds).`,
    );
  }
  const lines = rankColumns(times, columns, at).map(({ metric, score }) => `${quoted(metric)},${score}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function readTable(path: string): Promise<{ times: number[]; columns: Map<string, number[]> }> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  stream.setEncoding('utf8');
  const times: number[] = [];
  let names: string[] | undefined;
  let columns: number[][] = [];
  let number = 0;
  for await (const line of linesOf(stream as AsyncIterable<string>)) {
    number++;
    if (line.trim() === '') continue;
    const cells = cellsOf(number === 1 ? line.replace(/^\uFEFF/, '') : line, number);
    if (!names) {
      if (cells.length < 2) throw new TableError(`Line ${number}: a header timestamp,metric1,… is expected.`);
      names = cells.slice(1);
      if (new Set(names).size !== names.length)
        throw new TableError(`Line ${number}: a column has the name of another.`);
      columns = names.map(() => []);
      continue;
    }
    const at = timeOf(cells[0] ?? '');
    if (at === undefined)
      throw new TableError(`Line ${number}: "${cells[0] ?? ''}" is not a time (ISO or epoch seconds).`);
    if (times.length > 0 && at < times.at(-1)!)
      throw new TableError(
        `Line ${number}: the time is earlier than the line before; the table must be in order of time.`,
      );
    if (cells.length > names.length + 1)
      throw new TableError(
        `Line ${number}: there are ${cells.length} cells, and the header has ${names.length + 1}.`,
      );
    if (times.length * names.length > most) throw new TableError('The table has more than 50 million cells.');
    times.push(at);
    names.forEach((name, i) => {
      const value = numberIn(cells[i + 1] ?? '');
      if (value === undefined)
        throw new TableError(`Line ${number}: "${cells[i + 1]}" in the column ${name} is not a number.`);
      columns[i]!.push(value);
    });
  }
  if (!names) throw new TableError('The file is empty: a header timestamp,metric1,… is expected.');
  if (times.length === 0) throw new TableError('There is a header and no line below it.');
  return { times, columns: new Map(names.map((name, i) => [name, columns[i]!])) };
}

function quoted(name: string): string {
  return /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

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
