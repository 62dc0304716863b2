// "Did this help?" below an article: stored without a cookie, an address or anything else of the reader.
import { z } from 'zod';
import type { Database } from '#prisma';
import { AttemptLimit } from './attemptLimit.ts';

const feedbackSchema = z.strictObject({
  page: z
    .string()
    .max(120)
    .regex(/^\/(problems|commands|files|concepts|apps|howto)\/[a-z0-9.-]+\/$/),
  helpful: z.boolean(),
  text: z
    .string()
    .trim()
    .max(2000, 'At most 2,000 characters.')
    .transform((text) => text.replaceAll('\0', ''))
    .optional(),
});

export interface FeedbackAnswer {
  status: 201 | 400 | 429 | 503;
  message: string;
}

/** A reader answers once or twice a page; an office shares one address. */
const perAddress = new AttemptLimit(20, 600);
/** However many addresses take part, a day adds no more than about 15 MB. */
const together = new AttemptLimit(300, 3600);

/** `said`: the parsed JSON of the request. `from`: the address of whoever asks, used for the limit and kept nowhere. */
export async function storeFeedback(db: Database, said: unknown, from: string): Promise<FeedbackAnswer> {
  const parsed = feedbackSchema.safeParse(said);
  if (!parsed.success)
    return { status: 400, message: 'That could not be read. A comment has at most 2,000 characters.' };
  if (!perAddress.take(from) || !together.take('all'))
    return { status: 429, message: 'That was a lot at once. Please try again later.' };
  const { page, helpful, text } = parsed.data;
  try {
    await db.feedback.create({ data: { page, helpful, text: text || null } });
    return { status: 201, message: 'Thank you.' };
  } catch (error) {
    console.error(`${new Date().toISOString()} feedback not stored: ${String(error)}`);
    return {
      status: 503,
      message: 'It could not be kept: the database does not answer. Please try again later.',
    };
  }
}

export interface PageFeedback {
  page: string;
  yes: number;
  no: number;
  /** The newest first. */
  comments: { at: Date; helpful: boolean; text: string }[];
}

/** What readers said since a day, the pages with the most "no" first. */
export async function readFeedback(db: Database, since: Date): Promise<PageFeedback[]> {
  const rows = await db.feedback.findMany({
    where: { at: { gte: since } },
    orderBy: { at: 'desc' },
    take: 50_000,
  });
  return [...Map.groupBy(rows, ({ page }) => page)]
    .map(([page, list]) => ({
      page,
      yes: list.filter(({ helpful }) => helpful).length,
      no: list.filter(({ helpful }) => !helpful).length,
      comments: list.flatMap(({ at, helpful, text }) => (text ? [{ at, helpful, text }] : [])),
    }))
    .sort((a, b) => b.no - a.no || b.yes - a.yes);
}
