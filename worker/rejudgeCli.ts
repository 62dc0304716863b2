// npm run -s rejudge -- [--json] [--from TIME] [--to TIME] SERVER   What today's rules say of a server's stored reports, beside what was said then.
// SERVER is a host name or an id. Exit 0: the same; 1: something differs; 2: bad input, with a sentence on stderr.
import { parseArgs } from 'node:util';
import { EnvironmentError, readEnvironment } from '#core/environment.ts';
import { formatTime } from '#core/format.ts';
import { openDatabase } from '#prisma';
import { besideRunning } from '#prisma/running.ts';
import { rejudge } from './rejudge.ts';
import { endWithReader, harmless, harmlessJson } from './terminal.ts';

const usage = `Usage: npm run -s rejudge -- [--json] [--from TIME] [--to TIME] SERVER
SERVER is a host name or an id; TIME is like 2026-11-27T08:00Z. Without times: the last 24 hours. Beside a running
\`npm start\` it finds the database by itself; else DATABASE_URL says where.`;

class InputError extends Error {
  override name = 'InputError';
}

function timeOf(text: string | undefined, otherwise: number): Date {
  const time = new Date(text ?? otherwise);
  if (Number.isNaN(time.getTime()))
    throw new InputError(`${text} is no time. Write it like 2026-11-27T08:00Z.`);
  return time;
}

async function main(args: string[]): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    from: { type: 'string' },
    to: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const [name] = positionals;
  if (!name || positionals.length > 1) throw new InputError(usage);
  const to = timeOf(values.to, Date.now());
  const from = timeOf(values.from, to.getTime() - 86_400_000);
  const { DATABASE_URL: url } = readEnvironment(besideRunning(process.env));
  if (!url)
    throw new InputError(
      'No database: `npm start` does not run on this data folder, and DATABASE_URL, which says which database holds the reports, is not set.',
    );
  const db = openDatabase(url, 2);
  try {
    const servers = await db.server.findMany({ where: { OR: [{ id: name }, { hostname: name }] } });
    if (servers.length !== 1)
      throw new InputError(
        servers.length
          ? `${servers.length} servers are called ${name}; say the id of one.`
          : `There is no server ${name}.`,
      );
    const rows = await rejudge(db, servers[0]!.id, { from, to });
    const differs = rows.filter(({ then, now }) => JSON.stringify(then) !== JSON.stringify(now));
    if (values.json) process.stdout.write(`${harmlessJson(rows, 2)}\n`);
    else {
      const span = `${formatTime(from.getTime() / 1000)} to ${formatTime(to.getTime() / 1000)}`;
      const lines = [
        `${servers[0]!.hostname}, ${span}: ${rows.length} stored diagnoses, ${differs.length} would differ today.`,
      ];
      for (const { at, then, words } of differs) {
        const said = then === undefined ? ['(written by a version that is not read any more)'] : words.then;
        lines.push('', formatTime(at));
        for (const text of said.length ? said : ['nothing']) lines.push(`  then  ${text}`);
        for (const text of words.now.length ? words.now : ['nothing']) lines.push(`  now   ${text}`);
      }
      process.stdout.write(`${harmless(lines.join('\n'))}\n`);
    }
    return differs.length ? 1 : 0;
  } finally {
    await db.$disconnect();
  }
}

endWithReader();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known =
    error instanceof InputError ||
    error instanceof EnvironmentError ||
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!known) throw error;
  process.stderr.write(`${harmless((error as Error).message)}\n`);
  process.exitCode = 2;
}
