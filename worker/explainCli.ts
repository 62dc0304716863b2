// npm run -s explain -- [--json] [--base URL] REPORT...   What is wrong with a server and why, from its reports alone.
// Exit 0: healthy or only info; 1: a problem; 2: bad input, with a sentence on stderr.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ReportError, reportLimits } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { explain } from './explain.ts';
import { explainText } from './explainText.ts';
import { readReport } from './read.ts';

const usage = `Usage: npm run -s explain -- [--json] [--base URL] REPORT...
REPORT is a file (plain or gzip'd), a directory of such files, or - for standard input.
Several reports must be of one machine; they are put in order of time.`;

class InputError extends Error {
  override name = 'InputError';
}

/** A report that waits for its turn: only its time is known; the text is read again when it is needed. */
interface Waiting {
  at: number;
  from: string;
  text(): string;
}

function main(args: string[]): number {
  const options = {
    json: { type: 'boolean', default: false },
    base: { type: 'string' },
    color: { type: 'boolean' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, allowNegative: true });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (positionals.length === 0) throw new InputError(usage);
  const waiting = positionals.flatMap(find).sort((a, b) => a.at - b.at);
  if (waiting.length === 0) throw new InputError(`There is no report in ${positionals.join(', ')}.`);
  const answer = explain(snapshots(waiting));
  if (values.json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else {
    const color = values.color ?? (process.stdout.isTTY === true && !process.env['NO_COLOR']);
    process.stdout.write(explainText(answer, { color, base: values.base }));
  }
  return answer.problems.some((p) => p.severity !== 'info') ? 1 : 0;
}

/** Reads the reports one after the other, so that a year of them needs no memory for their texts. */
function* snapshots(waiting: readonly Waiting[]): Generator<Snapshot> {
  let previous: Snapshot | undefined;
  let machine: (Identity & { from: string }) | undefined;
  for (const { text, from } of waiting) {
    const content = text();
    // Read from the text itself: facts of a report are completed from the one before, whose machine that is.
    const own = identityOf(content);
    if (machine && differs(machine, own)) {
      throw new InputError(
        `The reports are of different machines: ${machine.from} is of ${nameOf(machine)}, ${from} is of ${nameOf(own)}. Explain one machine at a time.`,
      );
    }
    machine ??= { ...own, from };
    const snapshot = readReport(content, { previous });
    if (previous && snapshot.at === previous.at) continue;
    yield snapshot;
    previous = snapshot;
  }
}

interface Identity {
  machineId?: string;
  hostname?: string;
}

function identityOf(text: string): Identity {
  const section = (name: string) => new RegExp(`^=== cat ${name}\\r?\\n(?!=)(\\S+)`, 'm').exec(text)?.[1];
  return { machineId: section('/etc/machine-id'), hostname: section('/proc/sys/kernel/hostname') };
}

/** The machine-id decides where both have one (a host may be renamed), the hostname otherwise. */
function differs(a: Identity, b: Identity): boolean {
  if (a.machineId && b.machineId) return a.machineId !== b.machineId;
  return a.hostname !== undefined && b.hostname !== undefined && a.hostname !== b.hostname;
}

function nameOf({ hostname, machineId }: Identity): string {
  return hostname ?? machineId ?? 'an unnamed machine';
}

function find(path: string): Waiting[] {
  if (path === '-') return split('standard input', () => decode(readFileSync(0), 'standard input'));
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    throw new InputError(
      `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  }
  if (!isDirectory) return split(path, () => decode(readFileSync(path), path));
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file) => {
      try {
        return split(file, () => decode(readFileSync(file), file));
      } catch (error) {
        // A directory may hold other files; a report among them that is broken is still named.
        if (error instanceof ReportError || error instanceof InputError) {
          process.stderr.write(`Left out: ${file}. ${error.message}\n`);
          return [];
        }
        throw error;
      }
    });
}

/** A file may hold several reports one after the other, as `cat` makes it. */
function split(from: string, read: () => string): Waiting[] {
  const texts = cut(read());
  return texts.map((text, i) => {
    const first = /^rootnote 1( .*)?$/m.exec(text.slice(0, 500));
    if (!first || first.index !== 0)
      throw new ReportError(
        `${from} is not a report of the agent: its first line does not start with "rootnote 1".`,
      );
    const at = Number(/ epoch=(\d{1,12})\b/.exec(first[0])?.[1] ?? Number.NaN);
    const kept = from === 'standard input' ? text : undefined;
    return {
      at: Number.isFinite(at) ? at : readReport(text).at,
      from,
      text: () => kept ?? cut(read())[i]!,
    };
  });
}

function cut(text: string): string[] {
  return text.split(/(?<=^=== end\r?\n)(?=rootnote 1 )/m);
}

function decode(bytes: Buffer, from: string): string {
  if (bytes.length > reportLimits.bytes * 64) throw new InputError(`${from} is too large to be a report.`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: reportLimits.bytes * 16 }).toString('utf8');
  } catch {
    throw new InputError(`${from} is not valid gzip data, or too large.`);
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const known =
    error instanceof InputError ||
    error instanceof ReportError ||
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!known) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
