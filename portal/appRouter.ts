// The API of the portal: one router a thing. Only its type may reach a browser.
import { channels } from './routers/channels.ts';
import { exportTokens } from './routers/exportTokens.ts';
import { feedback } from './routers/feedback.ts';
import { incidents } from './routers/incidents.ts';
import { judgements } from './routers/judgements.ts';
import { live } from './routers/live.ts';
import { maintenance } from './routers/maintenance.ts';
import { monitors } from './routers/monitors.ts';
import { regions } from './routers/regions.ts';
import { series } from './routers/series.ts';
import { servers } from './routers/servers.ts';
import { team } from './routers/team.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({
  servers,
  series,
  monitors,
  incidents,
  judgements,
  maintenance,
  channels,
  team,
  feedback,
  regions,
  exportTokens,
  live,
});

export type AppRouter = typeof appRouter;

/** Calls procedures directly: `createCaller({ services, member })`. */
export const createCaller = createCallerFactory(appRouter);
