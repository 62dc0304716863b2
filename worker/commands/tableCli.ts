// What the commands that read a table have in common: where it comes from, where the answer goes, and how an error is told.
import { createReadStream } from 'node:fs';
import { encodingOf, isGzip, packerOf } from './readBytes.ts';
import { TableError } from './table.ts';
import { endWithReader, harmless } from './terminal.ts';

/** The text of a file, or of standard input for '-', piece by piece; UTF-16 where its mark stands in front. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
  let decoder: TextDecoder | undefined;
  for await (const bytes of stream) {
    decoder ??= decoderOf(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

function decoderOf(bytes: Buffer): TextDecoder {
  const packer = isGzip(bytes) ? 'gzip' : packerOf(bytes);
  if (packer) throw new TableError(`The table is packed with ${packer}: unpack it first.`);
  return new TextDecoder(encodingOf(bytes));
}

/** Writes, and waits while the reader is slower. */
export function write(text: string): Promise<void> | void {
  if (text === '' || process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

/** Runs a command. What is wrong with its arguments or its table is a sentence on stderr and exit code 2. */
export async function runTableCli(main: (args: string[]) => Promise<void>): Promise<void> {
  endWithReader();
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException;
    const file = /^E(NOENT|ACCES|ISDIR|PERM|NOTDIR|LOOP|NAMETOOLONG|IO|INVAL|NXIO)$/.test(code ?? '');
    if (!file && !(error instanceof TableError) && !code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const reads =
      code === 'EISDIR' ? 'The table is a folder.' : `${path ?? 'The table'} cannot be read: ${code}.`;
    process.stderr.write(`${harmless(file ? reads : message)}\n`);
    process.exitCode = 2;
  }
}
