// `npm run -s probe`: one probe, once, from here. The command line is the operator's own, so every address is allowed.
import { probeKinds, probeSettings, type ProbeKind, type ProbeResult } from '#core/probes.ts';
import { runProbe } from '#worker/probes/index.ts';
import { InputError } from './inputError.ts';
import { optionLines, parseCommandLine, targets } from './probeOptions.ts';
import { reportText } from './probeReport.ts';
import { harmless, harmlessJson, ownTerminal, type Terminal } from './terminal.ts';

const blurb: Record<ProbeKind, string> = {
  ping: 'Echo requests: loss, times, jitter',
  port: 'A port, open or closed as expected',
  ports: 'Which TCP ports are open, against which should be',
  http: 'A page: status, headers, body, phases',
  exposed: 'Files that nobody may read over HTTP',
  tls: 'A certificate, its chain, old versions, weak ciphers',
  dns: 'What DNS says about a name',
  domain: "A domain's registration",
  heartbeat: 'Whether a job reported in: evaluates --last, probes nothing',
};

type Output = Pick<Terminal, 'out' | 'err'>;

/** Runs one command line. Returns the exit status: 0 as expected, 1 not as expected, 2 a command line that cannot be used. */
export async function runCli(args: string[], output: Output, signal: AbortSignal): Promise<0 | 1 | 2> {
  const [kind = '', ...rest] = args;
  const known = probeKinds.find((candidate) => candidate === kind);
  if (known === undefined) {
    const asked = kind === '--help' || kind === '-h' || kind === 'help';
    if (asked) output.out(usage(probeKinds));
    else
      output.err(
        `${kind === '' ? '' : `'${harmless(kind)}' is not a kind of probe.\n\n`}${usage(probeKinds)}`,
      );
    return asked ? 0 : 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    output.out(usage([known]));
    return 0;
  }
  try {
    const line = parseCommandLine(known, rest);
    if (known === 'heartbeat' && line.last === undefined) {
      throw new InputError(
        "'heartbeat' probes nothing: tell with --last when the job reported in (epoch seconds)",
      );
    }
    checkSettings(known, line.settings);
    const context = {
      signal,
      allow: () => true,
      ...(line.last === undefined ? {} : { lastBeat: line.last }),
    };
    const result = await runProbe(known, line.settings, context);
    output.out(line.json ? jsonText(result) : harmless(reportText(result)));
    return result.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    output.err(`${harmless(error.message)}\n\n${usage([known])}`);
    return 2;
  }
}

/** What zod says about a setting, said about the option. */
function checkSettings(kind: ProbeKind, settings: Record<string, unknown>): void {
  const parsed = probeSettings[kind].safeParse(settings);
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => {
    const name = path
      .join('-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .replace(/\bheaders\b.*/, 'header');
    const isTarget = targets[kind].settings.includes(String(path[0]));
    return `${isTarget ? `${targets[kind].written} (${name})` : `--${name}`}: ${message}`;
  });
  throw new InputError(issues.join('\n'));
}

function jsonText(result: ProbeResult): string {
  return `${harmlessJson(result, 2)}\n`;
}

function usage(kinds: readonly ProbeKind[]): string {
  const parts = kinds.map((kind) => {
    const line = `  ${`${kind} ${targets[kind].written}`.padEnd(38)}${blurb[kind]}`;
    const last =
      kind === 'heartbeat'
        ? ['    --last NUMBER                       When the job reported in (epoch seconds)']
        : [];
    return [line, ...last, ...optionLines(kind)].join('\n');
  });
  return `Usage: npm run -s probe -- KIND TARGET [--option value]… [--json]

${parts.join('\n\n')}

  A value that starts with @ is read from that file: --ca @root.pem
  Exit code: 0 as expected, 1 not as expected, 2 bad use.
`;
}

if (import.meta.main) {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.exitCode = await runCli(process.argv.slice(2), ownTerminal(), controller.signal);
}
