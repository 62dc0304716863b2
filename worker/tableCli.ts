// What the commands that read a table have in common: where it comes from, where the answer goes, and how an error is told.
import { createReadStream } from 'node:fs';
import { TableError } from './table.ts';

/** The text of a file, or of standard input for '-', piece by piece. */
export function textOf(path: string): AsyncIterable<string> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  stream.setEncoding('utf8');
  return stream as AsyncIterable<string>;
}

/** Writes, and waits while the reader is slower. */
export function write(text: string): Promise<void> | void {
  if (text === '' || process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

/** Runs a command. What is wrong with its arguments or its table is a sentence on stderr and exit code 2. */
export async function runTableCli(main: (args: string[]) => Promise<void>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the pipe has seen enough.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException;
    const file = /^(ENOENT|EACCES|EISDIR|EPERM)$/.test(code ?? '');
    if (!file && !(error instanceof TableError) && !code?.startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`${file ? `${path ?? 'The table'} cannot be read: ${code}.` : message}\n`);
    process.exitCode = 2;
  }
}
