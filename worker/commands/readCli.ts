// npm run -s read -- [--json] REPORT: prints what the product understood of a report. `-` is standard input.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { reportLimits, ReportError } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { readReport } from '#worker/parse/read.ts';
import { isGzip, packerOf, textOfBytes } from './readBytes.ts';
import { showSnapshot } from './showSnapshot.ts';
import { endWithReader, harmless, harmlessJson, inAscii, terminalOf } from './terminal.ts';

const usage = `Usage: npm run -s read -- [--json] [--[no-]color] REPORT
REPORT is a file (plain or gzip'd) or - for standard input.
--json     facts, samples and events as the product stores them
--color    also where the output is no terminal; --no-color never (else FORCE_COLOR, NO_COLOR)
Exit code: 0 read, 2 bad use or bad input.`;

/** A wrong use or a wrong file: the message is for the person who typed. */
class InputError extends Error {
  override name = 'InputError';
}

/** What the command reads from and writes to; a test brings its own. */
export interface Terminal {
  input: AsyncIterable<Buffer | string>;
  out(text: string): void;
  err(text: string): void;
  colour: boolean;
  ascii?: boolean;
}

/** The text of a report from a file or standard input, gunzip'd where needed. Throws InputError. */
async function reportText(path: string, input: Terminal['input']): Promise<string> {
  const source = path === '-' ? input : createReadStream(path);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      size += bytes.length;
      if (size > reportLimits.bytes)
        throw new InputError(`${path} is larger than a report may be (${limit}).`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EACCES: 'it may not be read', EISDIR: 'it is a folder' }[
      code ?? ''
    ];
    throw new InputError(`${path} could not be read: ${why ?? code ?? (error as Error).message}.`);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) throw new InputError(`${path === '-' ? 'Standard input' : path} is empty.`);
  const packer = packerOf(bytes);
  if (packer)
    throw new InputError(`${path} is packed with ${packer}: unpack it first; only gzip is read as it is.`);
  if (!isGzip(bytes)) return textOfBytes(bytes);
  try {
    return textOfBytes(gunzipSync(bytes, { maxOutputLength: reportLimits.bytes }));
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new InputError(
      tooLarge
        ? `${path} is larger than a report may be (${limit}).`
        : `${path} is damaged: gunzip could not read it.`,
    );
  }
}

const limit = `${reportLimits.bytes / 2 ** 20} MiB`;

/** `npm run -s read`. Exit code: 0 when read, 2 for bad use or bad input. */
export async function readCommand(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await answer(args, terminal);
  } catch (error) {
    const known =
      error instanceof InputError ||
      error instanceof ReportError ||
      (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (!known) throw error;
    terminal.err(`${harmless((error as Error).message)}\n`);
    return 2;
  }
}

async function answer(args: string[], terminal: Terminal): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    color: { type: 'boolean' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, allowNegative: true });
  if (values.help) {
    terminal.out(`${usage}\n`);
    return 0;
  }
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new InputError(usage);
  const snapshot: Snapshot = readReport(await reportText(path, terminal.input));
  const shown = values.json
    ? `${harmlessJson(snapshot)}\n`
    : showSnapshot(snapshot, values.color ?? terminal.colour);
  terminal.out(terminal.ascii && !values.json ? inAscii(shown) : shown);
  return 0;
}

if (import.meta.main) {
  endWithReader();
  const { color: colour, ascii } = terminalOf(process.stdout, process.env);
  process.exitCode = await readCommand(process.argv.slice(2), {
    input: process.stdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colour,
    ascii,
  });
}
