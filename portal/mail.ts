// Mails of the portal itself, sign-in links and invitations: through SMTP, or into the outbox folder when no mail server is set up.
import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Environment } from '#core/environment.ts';
import { lightPalette as colour } from '#core/palette.ts';

/** Throws nodemailer's error when the mail server does not take it, or the file system's when the outbox cannot be written. */
export async function sendSignInMail(to: string, link: string, environment: Environment): Promise<void> {
  const { host } = new URL(link);
  const letter: Letter = {
    subject: `Sign in to Rootnote (${host})`,
    opening: `Sign in to Rootnote on ${host}:`,
    link,
    button: 'Sign in',
    closing:
      'The link works once, within 24 hours. If you did not ask for it, ignore this mail: nobody gets in without the link.',
  };
  await deliver(mailOf(to, letter, environment), 'signin', environment);
}

/** `link` leads to the sign-in page. Errors as above. */
export async function sendInvitation(
  to: string,
  from: string,
  link: string,
  environment: Environment,
): Promise<void> {
  const letter: Letter = {
    subject: `${from} invites you to Rootnote`,
    opening: `${from} invites you to look after servers together, with Rootnote on ${new URL(link).host}.`,
    link,
    button: 'Sign in',
    closing: `Sign in with this address, ${to}. If you do not know ${from}, ignore this mail.`,
  };
  await deliver(mailOf(to, letter, environment), 'invitation', environment);
}

interface Letter {
  subject: string;
  opening: string;
  link: string;
  button: string;
  closing: string;
}

function mailOf(to: string, letter: Letter, environment: Environment): SendMailOptions {
  const { subject, opening, link, button, closing } = letter;
  return {
    from: environment.MAIL_FROM,
    to,
    subject,
    text: `${opening}\n\n${link}\n\n${closing}\n`,
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:${colour.paper};color:${colour.ink};font:16px/1.5 sans-serif">
<p>${escape(opening)}</p>
<p><a href="${escape(link)}" style="display:inline-block;padding:10px 18px;border-radius:4px;background:${colour.accent};color:${colour.accentInk};text-decoration:none">${button}</a></p>
<p style="color:${colour.inkMuted};font-size:14px">${escape(closing)}</p>
</body></html>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function deliver(mail: SendMailOptions, what: string, environment: Environment): Promise<void> {
  if (environment.SMTP_URL) {
    const transport = createTransport({
      url: environment.SMTP_URL,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    });
    try {
      await transport.sendMail(mail);
    } finally {
      transport.close();
    }
    return;
  }
  const outbox = join(environment.ROOTNOTE_DATA, 'outbox');
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail(mail);
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('.', '');
  const name = `${stamp}-${what}-${randomBytes(4).toString('hex')}`;
  await mkdir(outbox, { recursive: true, mode: 0o700 });
  // The name comes last, so that whoever watches the folder never reads half a mail.
  await writeFile(join(outbox, `.${name}.part`), message as Buffer, { mode: 0o600, flag: 'wx' });
  await rename(join(outbox, `.${name}.part`), join(outbox, `${name}.eml`));
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
