// The words of alerting: channel kinds, their settings, and the message that each of them delivers.
import { z } from 'zod';
import type { Severity } from './severity.ts';

/** Settings of each channel kind. Forms of the portal are drawn from these schemas; `describe` is the label. */
export const channelSettings = {
  email: z.strictObject({ to: z.array(z.email()).min(1).max(20).describe('Recipients') }),
  slack: z.strictObject({
    webhookUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('Incoming webhook address'),
  }),
  sms: z.strictObject({
    to: z
      .array(z.string().regex(/^\+[1-9]\d{6,14}$/, 'A phone number looks like +4915112345678'))
      .min(1)
      .max(10)
      .describe('Phone numbers'),
    accountSid: z
      .string()
      .regex(/^AC[0-9a-zA-Z]{8,64}$/, 'An account SID starts with AC')
      .describe('Twilio account SID'),
    authToken: z.string().min(8).max(200).describe('Twilio auth token'),
    from: z.string().min(1).max(34).describe('Sender (number or messaging service SID)'),
  }),
  webhook: z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .describe('Address'),
    secret: z.string().max(200).optional().describe('Secret that signs the body (HMAC-SHA256)'),
  }),
} as const;

export type ChannelKind = keyof typeof channelSettings;
export const channelKinds = Object.keys(channelSettings) as ChannelKind[];
export type ChannelSettings<K extends ChannelKind> = z.infer<(typeof channelSettings)[K]>;

/**
 * What a message tells of an incident: that it began, that its cause is known now where a symptom was told before, that it became worse,
 * that it came back although it was said to be over, that it is over.
 */
export const incidentNews = ['opened', 'explained', 'changed', 'reopened', 'resolved'] as const;
export type IncidentNews = (typeof incidentNews)[number];

/** One message about one incident: everything a channel needs to word it. */
export interface Message {
  kind: IncidentNews | 'test';
  severity: Severity;
  server: string;
  /** What is wrong, in a line: 'nginx stopped: the website refuses connections'. */
  title: string;
  /** Cause first, one line a hop. */
  chain: string[];
  evidence: { what: string; value: string; normal?: string }[];
  ruledOut: string[];
  /** Symptoms that are folded below the root. */
  symptoms: string[];
  openedAt: Date;
  resolvedAt?: Date;
  /** Absolute addresses. */
  articleUrl?: string;
  articleTitle?: string;
  incidentUrl: string;
  settingsUrl: string;
  /** Stable per incident: threads mails, deduplicates webhooks. */
  incidentId: string;
}
