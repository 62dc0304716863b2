import type { Message } from '#core/channels.ts';
import { formatDuration, formatTime } from '#core/format.ts';
import { oneLine } from './oneLine.ts';

/** What a later message adds to the severity in its subject, so that nobody takes it for another incident. */
const additions: Partial<Record<Message['kind'], string>> = {
  explained: ', cause found',
  changed: ', now worse',
  reopened: ', back again',
};

/** '[critical] web1: nginx stopped; the website refuses connections': the subject of a mail, the headline elsewhere. */
export function subjectLine(message: Pick<Message, 'kind' | 'severity' | 'server' | 'title'>): string {
  const { kind } = message;
  const tag = kind === 'resolved' || kind === 'test' ? kind : `${message.severity}${additions[kind] ?? ''}`;
  return oneLine(`[${tag}] ${oneLine(message.server, 64)}: ${message.title}`, 200);
}

/** 'Since 2026-11-22 03:12:05 UTC', or how long it lasted once it is over. */
export function whenLine(message: Pick<Message, 'kind' | 'openedAt' | 'resolvedAt'>): string {
  const from = message.openedAt.getTime() / 1000;
  if (message.kind === 'test') return `Sent ${formatTime(from)}`;
  if (!message.resolvedAt) return `Since ${formatTime(from)}`;
  const to = message.resolvedAt.getTime() / 1000;
  return `It lasted ${formatDuration(to - from)}: from ${formatTime(from)} to ${formatTime(to)}`;
}
