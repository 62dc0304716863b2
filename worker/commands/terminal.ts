// What every command does at a terminal: the reader of a pipe may leave early, and what comes from a server steers nothing.
import { harmlessLine, withoutSteering } from '#core/steering.ts';
import { sentenceOf } from './inputError.ts';
import { standardInput } from './readBytes.ts';

/** What a command reads from and writes to; a test brings its own. */
export interface Terminal {
  /** All of standard input, bounded. Throws InputError. */
  stdin(most: number): Buffer;
  out(text: string): void;
  err(text: string): void;
  color: boolean;
  /** Columns; lines are broken there. */
  width?: number;
  ascii?: boolean;
}

/** The terminal that this process was started at. */
export function ownTerminal(): Terminal {
  endWithReader();
  return {
    stdin: standardInput,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    ...terminalOf(process.stdout, process.env),
  };
}

/** Says what is wrong with the arguments or the input, and returns the exit code for it; throws an error that is the program's own. */
export function refuse(error: unknown, err: (text: string) => void): 2 {
  const sentence = sentenceOf(error);
  if (sentence === undefined) throw error;
  err(`${harmless(sentence)}\n`);
  return 2;
}

/** Text of a server, a file or a probe for a terminal: what would steer it becomes question marks; ends of lines and tabs stay. */
export function harmless(text: string): string {
  return withoutSteering(text, (run) => run.replace(/[^\t\n]/gu, '?'));
}

/** A value with all its texts made harmless lines. */
export function harmlessValue<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? harmlessLine(part) : part)),
  ) as T;
}

/** JSON as it is written to a terminal or a file: what steers a terminal is written as \u and four digits, which reads the same. */
export function harmlessJson(value: unknown, indent?: number): string {
  const escaped = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return withoutSteering(JSON.stringify(value, null, indent), (run) => run.replace(/[^\n]/g, escaped));
}

/** How a command writes for people here: `--color` as it was given decides, then FORCE_COLOR, NO_COLOR, and whether it is a terminal. */
export function terminalOf(
  stream: { isTTY?: boolean; columns?: number },
  env: NodeJS.ProcessEnv,
): { color: boolean; width?: number; ascii: boolean } {
  const isTerminal = stream.isTTY === true;
  const { FORCE_COLOR: force, NO_COLOR: none } = env;
  const color = force ? !/^(0|false)$/.test(force) : !none && isTerminal && env['TERM'] !== 'dumb';
  // `watch` and its like are no terminal and say how wide theirs is.
  const columns = isTerminal ? (stream.columns ?? 80) : Number(env['COLUMNS']);
  const width = columns >= 20 ? Math.min(columns, widest) : undefined;
  return { color, ...(width === undefined ? {} : { width }), ascii: !hasUtf8(env) };
}

/** Columns beyond which lines are hard to read. */
const widest = 120;

/** What the locale says; where none is set, a terminal of today has UTF-8. */
function hasUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}

const plain: Record<string, string> = {
  '└': '`',
  '├': '|',
  '│': '|',
  '─': '-',
  '·': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '×': 'x',
  '→': '->',
  '≥': '>=',
  '≤': '<=',
  µ: 'u',
  '°': 'deg ',
};

/** Text for a terminal that has ASCII alone; letters of names that it lacks become question marks. */
export function inAscii(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (sign) => plain[sign] ?? '?');
}

/** `| head` has seen enough when it closes the pipe: the command ends as it would have. A full disk is named, and ends it with 2. */
export function endWithReader(): void {
  process.stderr.on('error', () => process.exit());
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit();
    const why = code === 'ENOSPC' ? 'no space is left on the device' : (code ?? message);
    process.stderr.write(`The answer cannot be written: ${why}.\n`);
    process.exit(2);
  });
}
