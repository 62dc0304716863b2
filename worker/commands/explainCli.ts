// npm run -s explain -- [--json] [--base URL] REPORT...   What is wrong with a server and why, from its reports alone.
// Exit 0: healthy or only info; 1: a problem; 2: bad input, with a sentence on stderr.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Snapshot } from '#core/snapshot.ts';
import { explain, explanationSchema } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { sayOnce } from '#worker/rules/failure.ts';
import { describeRules, rulesText } from './explainRules.ts';
import { explainText } from './explainText.ts';
import { InputError } from './inputError.ts';
import { findReports, mostBytes, type Waiting } from './reportFiles.ts';
import { harmless, harmlessJson, ownTerminal, refuse, type Terminal } from './terminal.ts';

const usage = `Usage: npm run -s explain -- [--json] [--base URL] [--[no-]color] REPORT...
       npm run -s explain -- --schema
       npm run -s explain -- --rules [--json]
REPORT is a file (plain or gzip'd), a directory of such files, or - for standard input.
Several reports must be of one machine; they are put in order of time.
--json     the whole answer; --schema prints its JSON schema
--rules    every rule: when it is told, its bounds, where its numbers come from, what it looks at
--base     put before the path of an article: https://rootnote.example.org (else PUBLIC_URL)
--color    also where the output is no terminal; --no-color never (else FORCE_COLOR, NO_COLOR)
Exit code: 0 nothing above info, 1 a problem, 2 bad use or bad input.`;

/** `base`: where articles are, when no --base is given. */
type ArticleTerminal = Terminal & { base?: string };

function answer(args: string[], terminal: ArticleTerminal): number {
  const options = {
    json: { type: 'boolean', default: false },
    base: { type: 'string' },
    color: { type: 'boolean' },
    schema: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, allowNegative: true });
  if (values.help) {
    terminal.out(`${usage}\n`);
    return 0;
  }
  if (values.schema) {
    terminal.out(`${JSON.stringify(z.toJSONSchema(explanationSchema), null, 2)}\n`);
    return 0;
  }
  const look = {
    color: values.color ?? terminal.color,
    base: (values.base ?? terminal.base)?.replace(/\/+$/, ''),
    width: terminal.width,
    ascii: terminal.ascii,
  };
  if (values.rules) {
    terminal.out(values.json ? `${JSON.stringify(describeRules(), null, 2)}\n` : rulesText(look));
    return 0;
  }
  if (positionals.length === 0) throw new InputError(usage);
  const explanation = explain(
    snapshots(
      findReports(positionals, {
        stdin: () => terminal.stdin(mostBytes),
        leftOut: (message) => terminal.err(`${harmless(message)}\n`),
      }),
    ),
    sayOnce((message) => terminal.err(`${harmless(message)}\n`)),
  );
  if (values.json) terminal.out(`${harmlessJson(explanation, 2)}\n`);
  else terminal.out(explainText(explanation, look));
  return explanation.problems.some((p) => p.severity !== 'info') ? 1 : 0;
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
    if (own.machineId ?? own.hostname) machine = { ...machine, ...own, from };
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
  const section = (name: string) => new RegExp(`^=== cat ${name}\\n(?!=)(\\S+)`, 'm').exec(text)?.[1];
  const machineId = section('/etc/machine-id');
  const hostname = section('/proc/sys/kernel/hostname');
  // An image that was never started has the word `uninitialized` there.
  return {
    ...(machineId && /^[0-9a-f]{32}$/.test(machineId) ? { machineId } : {}),
    ...(hostname ? { hostname } : {}),
  };
}

/** The machine-id decides where both have one (a host may be renamed), the hostname otherwise. */
function differs(a: Identity, b: Identity): boolean {
  if (a.machineId && b.machineId) return a.machineId !== b.machineId;
  return a.hostname !== undefined && b.hostname !== undefined && a.hostname !== b.hostname;
}

function nameOf({ hostname, machineId }: Identity): string {
  return hostname ?? machineId ?? 'an unnamed machine';
}

/** `npm run -s explain`. */
export function explainCommand(args: string[], terminal: ArticleTerminal): number {
  try {
    return answer(args, terminal);
  } catch (error) {
    return refuse(error, terminal.err);
  }
}

if (import.meta.main) {
  const { PUBLIC_URL: base } = process.env;
  process.exitCode = explainCommand(process.argv.slice(2), { ...ownTerminal(), ...(base ? { base } : {}) });
}
