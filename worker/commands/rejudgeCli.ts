// npm run -s rejudge -- [--json] [--from TIME] [--to TIME] SERVER   What today's rules say of a server's stored reports, beside what was said then.
// SERVER is a host name or an id. Exit 0: the same; 1: something differs; 2: bad input, with a sentence on stderr.
import { parseArgs } from 'node:util';
import { readEnvironment } from '#core/environment.ts';
import { formatTime } from '#core/format.ts';
import { openDatabase } from '#prisma';
import { besideRunning } from '#prisma/running.ts';
import { rejudge } from '#worker/judge/rejudge.ts';
import { InputError } from './inputError.ts';
import { quoted, timeOf } from './table.ts';
import { endWithReader, harmless, harmlessJson, refuse } from './terminal.ts';

const usage = `Usage: npm run -s rejudge -- [--json] [--from TIME] [--to TIME] SERVER
SERVER is a host name or an id; TIME is ISO (2026-11-27T08:00Z) or epoch seconds. Without times: the last 24 hours. Beside a running
\`npm start\` it finds the database by itself; else DATABASE_URL says where.
Exit code: 0 the same would be said, 1 something differs, 2 bad use or bad input.`;

/** Epoch milliseconds. */
function momentOf(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const at = timeOf(text);
  if (at === undefined || Math.abs(at) > 8.64e12)
    throw new InputError(`${option} ${quoted(text)} is not a time. Write it like 2026-11-27T08:00Z.`);
  return at * 1000;
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
  const to = new Date(momentOf('--to', values.to, Date.now()));
  const from = new Date(momentOf('--from', values.from, to.getTime() - 86_400_000));
  if (from >= to) throw new InputError('--from must be earlier than --to.');
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
  process.exitCode = refuse(error, (text) => process.stderr.write(text));
}
