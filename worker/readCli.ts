// npm run -s read -- [--json] REPORT: prints what the product understood of a report. `-` is standard input.
import { createReadStream } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { reportLimits, ReportError } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { readReport } from './read.ts';
import { isGzip, packerOf, textOfBytes } from './readBytes.ts';
import { showSnapshot } from './showSnapshot.ts';
import { endWithReader, harmless, harmlessJson } from './terminal.ts';

const usage =
  'Use: npm run -s read -- [--json] REPORT      REPORT is a file, gzip or plain, or - for standard input.';

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
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(`${usage}\n`);
    return 0;
  }
  const paths = args.filter((arg) => arg !== '--json');
  const [path] = paths;
  if (path === undefined || paths.length > 1 || (path.startsWith('-') && path !== '-')) {
    terminal.err(`${usage}\n`);
    return 2;
  }
  let snapshot: Snapshot;
  try {
    snapshot = readReport(await reportText(path, terminal.input));
  } catch (error) {
    if (!(error instanceof InputError || error instanceof ReportError)) throw error;
    terminal.err(`${harmless(error.message)}\n`);
    return 2;
  }
  terminal.out(
    args.includes('--json') ? `${harmlessJson(snapshot)}\n` : showSnapshot(snapshot, terminal.colour),
  );
  return 0;
}

if (import.meta.main) {
  endWithReader();
  process.exitCode = await readCommand(process.argv.slice(2), {
    input: process.stdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  });
}
