// The islands of the portal: React components that are drawn on the server first and then kept up to date. This file is their API.
import { QueryClient } from '@tanstack/react-query';
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '#portal/appRouter.ts';

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
export type Answers = inferRouterOutputs<AppRouter>;

const url = '/api/trpc';

export function makeClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url }),
        false: httpBatchLink({ url, maxURLLength: 4000 }),
      }),
    ],
  });
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Changes are announced; asking on a timer or on focus would only be load.
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 3 && !isOurs(error),
      },
    },
  });
}

/** An answer of our own server, as opposed to a network that is away: trying again does not help. */
function isOurs(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data !== undefined;
}
