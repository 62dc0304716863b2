// npm run -s signin [-- EMAIL]: prints a one-time sign-in link, for whoever sits at the server and waits for no mail.
import { parseArgs } from 'node:util';
import { readEnvironment } from '#core/environment.ts';
import { besideRunning } from '#prisma/running.ts';
import { mayEnter } from './access.ts';
import { openServices } from './context.ts';
import { createSignInLink, ensureFirstOwner, normalizeEmail } from './signInLink.ts';

const { positionals } = parseArgs({ allowPositionals: true, options: {} });
const variables = besideRunning(process.env);
if (variables.DATABASE_URL) {
  await printLink(positionals[0]);
} else {
  console.error(
    'Rootnote does not run on this data folder (ROOTNOTE_DATA), and DATABASE_URL is not set. Start it with `npm start`, then ask for the link in a second terminal.',
  );
  process.exitCode = 1;
}

async function printLink(address?: string): Promise<void> {
  const { db, environment, secret, baseUrl, close } = openServices(readEnvironment(variables));
  try {
    const owner = await ensureFirstOwner(db, environment.OWNER_EMAIL, secret);
    const email = normalizeEmail(address ?? owner.email);
    if (await mayEnter(db, email)) {
      console.log(await createSignInLink(db, { email, secret, baseUrl }));
    } else {
      console.error(
        `${email} is neither a member nor invited. An owner invites people in the portal under Settings.`,
      );
      process.exitCode = 1;
    }
  } finally {
    await close();
  }
}
