// The islands of the portal: React components that are drawn on the server first and then kept up to date. This file is their API.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
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

/** `onSignedOut`: an answer said that nobody is signed in (any more). */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
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

function isSignedOut(error: unknown): boolean {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'code' in data && data.code === 'UNAUTHORIZED';
}
