import type { Message } from '#core/channels.ts';
import { emailHtml } from './emailHtml.ts';
import { emailText } from './emailText.ts';
import { mailView } from './mailView.ts';

/** Subject, HTML part and plain part of the mail about an incident. Pure; the plain part says all that the HTML part says. */
export function emailBody(message: Message): { subject: string; html: string; text: string } {
  const view = mailView(message);
  return { subject: view.subject, html: emailHtml(view), text: emailText(view) };
}
