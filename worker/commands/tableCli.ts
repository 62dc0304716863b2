// What the commands that read a table have in common: where it comes from, where the answer goes, and how an error is told.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError, unreadable } from './inputError.ts';
import { encodingOf, isGzip, packerOf } from './readBytes.ts';
import { endWithReader, refuse } from './terminal.ts';

/** The text of a file, or of standard input for '-', piece by piece; UTF-16 where its mark stands in front. Throws InputError. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
  let decoder: TextDecoder | undefined;
  for await (const bytes of readable(stream, path === '-' ? 'The table' : path)) {
    decoder ??= decoderOf(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

async function* readable(stream: AsyncIterable<Buffer>, from: string): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw unreadable(from, error);
  }
}

function decoderOf(bytes: Buffer): TextDecoder {
  const packer = isGzip(bytes) ? 'gzip' : packerOf(bytes);
  if (packer) throw new InputError(`The table is packed with ${packer}: unpack it first.`);
  return new TextDecoder(encodingOf(bytes));
}

/** Writes, and waits while the reader is slower. */
export function write(text: string): Promise<void> | void {
  if (text === '' || process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()));
}

/** Runs a command on the one table that its arguments name; `options` are those that take a text. */
export async function runTableCli(
  usage: string,
  options: readonly string[],
  run: (path: string, values: Record<string, string | undefined>) => Promise<void>,
): Promise<void> {
  endWithReader();
  try {
    const { help, values, positionals } = argumentsOf(options);
    if (help) return void process.stdout.write(`${usage}\n`);
    const [path] = positionals;
    if (positionals.length !== 1 || path === undefined) throw new InputError(usage);
    await run(path, values);
  } catch (error) {
    process.exitCode = refuse(error, (text) => process.stderr.write(text));
  }
}

function argumentsOf(options: readonly string[]) {
  const texts = Object.fromEntries(options.map((name) => [name, { type: 'string' as const }]));
  const { values, positionals } = parseArgs({
    options: { ...texts, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const { help, ...rest } = values as { help?: boolean } & Record<string, string | undefined>;
  return { help, values: rest, positionals };
}
