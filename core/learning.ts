// What was learned of a server beyond its rules: where slow quantities are heading, and what was unusual. Shown, never sent.
import { z } from 'zod';

export const outlookSchema = z.object({
  /** 'space on /srv', 'inodes of /', 'memory', 'certificate /etc/…', 'wear of sda'. */
  what: z.string(),
  /** What happens then: 'full', 'used up', 'expired', 'worn out'. */
  end: z.string(),
  /** Epoch seconds: expected, and the 10 to 90 % band. */
  expected: z.number(),
  earliest: z.number(),
  latest: z.number(),
  /** Seconds of history that it rests on; 0 for a date that is written down. */
  span: z.number(),
});
export type Outlook = z.infer<typeof outlookSchema>;

export const insightSchema = z.object({
  /** What departed most, each in a sentence with numbers; the first is the title's. */
  moved: z.array(z.string()),
  /** What was changed in the two hours before. */
  before: z.array(z.string()),
});
export type InsightBody = z.infer<typeof insightSchema>;
