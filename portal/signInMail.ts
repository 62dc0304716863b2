// The mail that carries a sign-in link: through SMTP, or into the outbox folder when no mail server is set up.
import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Environment } from '#core/environment.ts';
import { lightPalette as colour } from '#core/palette.ts';

/** Throws nodemailer's error when the mail server does not take it, or the file system's when the outbox cannot be written. */
export async function sendSignInMail(to: string, link: string, environment: Environment): Promise<void> {
  const host = new URL(link).host;
  const mail: SendMailOptions = {
    from: environment.MAIL_FROM,
    to,
    subject: `Sign in to Rootnote (${host})`,
    text: text(link, host),
    html: html(link, host),
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
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
  const name = `${stamp}-signin-${randomBytes(4).toString('hex')}`;
  await mkdir(outbox, { recursive: true, mode: 0o700 });
  // The name comes last, so that whoever watches the folder never reads half a mail.
  await writeFile(join(outbox, `.${name}.part`), message as Buffer, { mode: 0o600, flag: 'wx' });
  await rename(join(outbox, `.${name}.part`), join(outbox, `${name}.eml`));
}

const text = (link: string, host: string) => `Sign in to Rootnote on ${host}:

${link}

The link works once, within 24 hours. If you did not ask for it, ignore this mail: nobody gets in without the link.
`;

function html(link: string, host: string): string {
  const href = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:${colour.paper};color:${colour.ink};font:16px/1.5 sans-serif">
<p>Sign in to Rootnote on ${host}:</p>
<p><a href="${href}" style="display:inline-block;padding:10px 18px;border-radius:4px;background:${colour.accent};color:${colour.accentInk};text-decoration:none">Sign in</a></p>
<p style="color:${colour.inkMuted};font-size:14px">The link works once, within 24 hours. If you did not ask for it, ignore this mail: nobody gets in without the link.</p>
</body></html>`;
}
