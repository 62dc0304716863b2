// Live changes over SSE: what was written somewhere, so that the page that shows it asks again.
import type { Change } from '#core/jobs.ts';
import { memberProcedure, router } from '#portal/trpc.ts';

/** `everything`: sent first, and after a gap; what the page shows may be old. */
export type LiveMessage = Omit<Change, 'organizationId'> | { kind: 'everything' };

export const live = router({
  changes: memberProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<LiveMessage> {
    const changes = await ctx.services.changes.subscribe(signal ?? new AbortController().signal);
    yield { kind: 'everything' };
    for await (const change of changes) {
      if (change === 'gap') yield { kind: 'everything' };
      else if (change.organizationId === ctx.organizationId) {
        const { organizationId: _, ...message } = change;
        yield message;
      }
    }
  }),
});
