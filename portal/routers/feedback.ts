// What readers said about the articles of this installation, for owners.
import { z } from 'zod';
import { readFeedback } from '#portal/feedback.ts';
import { epoch } from '#portal/epoch.ts';
import { ownerProcedure, router } from '#portal/trpc.ts';

export const feedback = router({
  list: ownerProcedure
    .input(z.strictObject({ days: z.int().min(1).max(400).default(90) }))
    .query(async ({ ctx, input }) => {
      const pages = await readFeedback(ctx.db, new Date(Date.now() - input.days * 86_400_000));
      return pages.map(({ comments, ...page }) => ({
        ...page,
        comments: comments.slice(0, 20).map((comment) => ({ ...comment, at: epoch(comment.at) })),
      }));
    }),
});
