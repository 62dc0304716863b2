// The API of the portal: one router a thing. Only its type may reach a browser.
import { live } from './routers/live.ts';
import { series } from './routers/series.ts';
import { servers } from './routers/servers.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({ servers, series, live });

export type AppRouter = typeof appRouter;

/** Calls procedures directly: `createCaller({ services, member })`. */
export const createCaller = createCallerFactory(appRouter);
