// npm run -s signin [-- EMAIL]: prints a one-time sign-in link, for whoever sits at the server and waits for no mail.
import { parseArgs } from 'node:util';
import { mayEnter } from './access.ts';
import { services } from './context.ts';
import { createSignInLink, ensureFirstOwner, normalizeEmail } from './signInLink.ts';

const { positionals } = parseArgs({ allowPositionals: true, options: {} });
const { db, environment, secret, baseUrl, close } = services();
try {
  const owner = await ensureFirstOwner(db, environment.OWNER_EMAIL, secret);
  const email = normalizeEmail(positionals[0] ?? owner.email);
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
