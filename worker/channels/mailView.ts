import type { Message } from '#core/channels.ts';
import { oneLine, webLink } from './oneLine.ts';
import { subjectLine, whenLine } from './subjectLine.ts';

/** What a mail says, with every text harmless and bounded: the HTML and the plain part are two drawings of this. */
export interface MailView {
  kind: Message['kind'];
  /** 'critical', 'resolved' …: the word in the badge. */
  badge: Message['severity'] | 'resolved' | 'test';
  subject: string;
  server: string;
  title: string;
  when: string;
  /** Said before everything else, when the message is not the first one. */
  note?: string;
  /** Above the chain. */
  why: string;
  chain: { label: string; text: string }[];
  evidence: { what: string; value: string; normal: string }[];
  ruledOut: string[];
  symptoms: string[];
  button?: { label: string; url: string };
  links: { label: string; url: string }[];
  footer: { text: string; url?: string };
  /** Empty for a test. */
  incidentId: string;
}

const most = { chain: 10, evidence: 14, ruledOut: 8, symptoms: 15 };

/** Pure. Long lists are cut, and the last line says how many more the incident has. */
export function mailView(message: Message): MailView {
  const { kind } = message;
  const article = webLink(message.articleUrl);
  const incident = webLink(message.incidentUrl);
  const settings = webLink(message.settingsUrl);
  const articleTitle = oneLine(message.articleTitle ?? message.title, 120);
  const over = kind === 'resolved';
  const toArticle = article
    ? { label: `${over ? 'About this problem' : 'What to do'}: ${articleTitle}`, url: article }
    : undefined;
  const toIncident = incident
    ? { label: kind === 'test' ? 'Open Rootnote' : 'Open the incident', url: incident }
    : undefined;
  const button = over ? (toIncident ?? toArticle) : (toArticle ?? toIncident);
  return {
    kind,
    badge: over || kind === 'test' ? kind : message.severity,
    subject: subjectLine(message),
    server: oneLine(message.server, 64),
    title: oneLine(message.title, 200),
    when: whenLine(message),
    note: notes[kind],
    why: over ? 'What it was, cause first' : 'Why, cause first',
    chain: hops(message.chain),
    evidence: (over ? [] : message.evidence).slice(0, most.evidence).map(({ what, value, normal }) => ({
      what: oneLine(what, 120),
      value: oneLine(value, 160),
      normal: oneLine(normal ?? '', 120),
    })),
    // What is over needs no proof any more: it stands in the incident.
    ruledOut: over ? [] : bounded(message.ruledOut, most.ruledOut),
    symptoms: over ? [] : bounded(message.symptoms, most.symptoms),
    button,
    links: [toIncident, toArticle].flatMap((link) => (link && link !== button ? [link] : [])),
    footer: { text: 'Change who gets these messages, or stop them:', url: settings },
    incidentId: kind === 'test' ? '' : oneLine(message.incidentId, 80),
  };
}

const notes: Partial<Record<Message['kind'], string>> = {
  explained:
    'Its cause is known now, or another one than before: what follows replaces the message before, and is no second incident.',
  changed: 'It is worse, or reaches further, than the message before said: what follows replaces it.',
  reopened: 'It was said to be over and is back: this is the same incident.',
  test: 'This is a test. Nothing is wrong: this channel works.',
};

function hops(chain: string[]): MailView['chain'] {
  const shown = chain.slice(0, most.chain);
  return shown.map((line, index) => {
    const last = shown.length > 1 && index === shown.length - 1;
    return { label: index === 0 ? 'Cause' : last ? 'What you notice' : 'Leads to', text: oneLine(line, 400) };
  });
}

function bounded(lines: string[], limit: number): string[] {
  const shown = lines.slice(0, limit).map((line) => oneLine(line, 300));
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, `${rest} more: see the incident`] : shown;
}
