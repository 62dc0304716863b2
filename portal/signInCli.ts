// npm run -s signin [-- EMAIL]: prints a one-time sign-in link, for whoever sits at the server and waits for no mail.
import { parseArgs } from 'node:util';
import { EnvironmentError, readEnvironment } from '#core/environment.ts';
import { besideRunning } from '#prisma/running.ts';
import { mayEnter } from './access.ts';
import { openServices } from './context.ts';
import { createSignInLink, ensureFirstOwner, normalizeEmail } from './signInLink.ts';

const usage = `Usage: npm run -s signin [-- EMAIL]
Prints a one-time sign-in link for EMAIL, else for the first owner. Beside a running \`npm start\`, or with DATABASE_URL and AUTH_SECRET.
Exit code: 0 printed, 1 nobody may sign in with that address or nothing runs here, 2 bad use.`;

async function main(): Promise<void> {
  const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  if (positionals.length > 1) return refuse(usage, 2);
  const variables = besideRunning(process.env);
  if (variables.DATABASE_URL) return printLink(variables, positionals[0]);
  refuse(
    'Rootnote does not run on this data folder (ROOTNOTE_DATA), and DATABASE_URL is not set. Start it with `npm start`, then ask for the link in a second terminal.',
    1,
  );
}

function refuse(message: string, code: number): void {
  console.error(message);
  process.exitCode = code;
}

async function printLink(variables: NodeJS.ProcessEnv, address?: string): Promise<void> {
  const { db, environment, secret, baseUrl, close } = openServices(readEnvironment(variables));
  try {
    const owner = await ensureFirstOwner(db, environment.OWNER_EMAIL, secret);
    const email = normalizeEmail(address ?? owner.email);
    if (await mayEnter(db, email)) {
      console.log(await createSignInLink(db, { email, secret, baseUrl }));
    } else {
      refuse(
        `${JSON.stringify(email)} is neither a member nor invited. An owner invites people in the portal under Settings.`,
        1,
      );
    }
  } finally {
    await close();
  }
}

try {
  await main();
} catch (error) {
  const known =
    error instanceof EnvironmentError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!known) throw error;
  refuse((error as Error).message, 2);
}
