// What was learned of a server, as its page shows it.
import { insightSchema, type InsightBody, type Outlook, outlookSchema } from '#core/learning.ts';
import type { Database } from '#prisma';
import { epoch } from './epoch.ts';

const mostInsights = 5;

export interface Learning {
  outlook: Outlook[];
  /** The newest first. */
  insights: (InsightBody & { at: number; title: string })[];
}

/** What an older version wrote in another way is left out. */
export async function readLearning(db: Database, serverId: string): Promise<Learning> {
  const [row, insights] = await Promise.all([
    db.learned.findUnique({ where: { serverId }, select: { forecasts: true } }),
    db.insight.findMany({ where: { serverId }, orderBy: { at: 'desc' }, take: mostInsights }),
  ]);
  return {
    outlook: outlookSchema.array().safeParse(row?.forecasts).data ?? [],
    insights: insights.flatMap(({ at, title, body }) => {
      const parsed = insightSchema.safeParse(body);
      return parsed.success ? [{ at: epoch(at), title, ...parsed.data }] : [];
    }),
  };
}
