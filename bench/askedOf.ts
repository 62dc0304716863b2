// What stands behind the name of a bench. It runs for minutes: nobody should have to start one to learn what it does.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * The words on the command line, and the values of options, which have the defaults given here. Ends the process with 0 when they ask for
 * help, which is the comment that the bench begins with, and with 2 at an option that it does not know.
 */
export function askedOf<T extends Record<string, string>>(
  { filename }: ImportMeta,
  defaults: T = {} as T,
): { words: string[]; values: T } {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, { type: 'string' as const, default: value }]),
  );
  const help = { type: 'boolean' as const, short: 'h' };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { ...options, help } });
    if (!values['help']) return { words: positionals, values: values as T };
    process.stdout.write(usageOf(filename));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usageOf(filename)}`);
    process.exit(2);
  }
}

function usageOf(file: string): string {
  const [comment = ''] = /^(\/\/.*\n)+/.exec(readFileSync(file, 'utf8')) ?? [];
  return comment.replace(/^\/\/ ?/gm, '');
}
