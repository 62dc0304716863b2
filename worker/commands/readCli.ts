// npm run -s read -- [--json] REPORT: prints what the product understood of a report. `-` is standard input.
import { parseArgs } from 'node:util';
import { reportLimits } from '#core/report.ts';
import type { Snapshot } from '#core/snapshot.ts';
import { readReport } from '#worker/parse/read.ts';
import { InputError } from './inputError.ts';
import { bytesOf, unpacked } from './readBytes.ts';
import { showSnapshot } from './showSnapshot.ts';
import { harmlessJson, inAscii, ownTerminal, refuse, type Terminal } from './terminal.ts';

const usage = `Usage: npm run -s read -- [--json] [--[no-]color] REPORT
REPORT is a file (plain or gzip'd) or - for standard input.
--json     facts, samples and events as the product stores them
--color    also where the output is no terminal; --no-color never (else FORCE_COLOR, NO_COLOR)
Exit code: 0 read, 2 bad use or bad input.`;

/** The text of a report from a file or standard input. Throws InputError. */
function reportText(path: string, { stdin }: Terminal): string {
  const { bytes: most } = reportLimits;
  const from = path === '-' ? 'Standard input' : path;
  const bytes = path === '-' ? stdin(most) : bytesOf(path, most);
  if (bytes.length === 0) throw new InputError(`${from} is empty.`);
  return unpacked(bytes, from, most);
}

/** `npm run -s read`. Exit code: 0 when read, 2 for bad use or bad input. */
export function readCommand(args: string[], terminal: Terminal): number {
  try {
    return answer(args, terminal);
  } catch (error) {
    return refuse(error, terminal.err);
  }
}

function answer(args: string[], terminal: Terminal): number {
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
  const snapshot: Snapshot = readReport(reportText(path, terminal));
  const shown = values.json
    ? `${harmlessJson(snapshot)}\n`
    : showSnapshot(snapshot, values.color ?? terminal.color);
  terminal.out(terminal.ascii && !values.json ? inAscii(shown) : shown);
  return 0;
}

if (import.meta.main) process.exitCode = readCommand(process.argv.slice(2), ownTerminal());
