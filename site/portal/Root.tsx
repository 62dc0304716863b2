// Around every view: API client, the live stream, the clock. Says so when the page no longer moves.
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { makeClient, makeQueryClient, TRPCProvider, useTRPC } from './client.ts';
import { NowProvider } from './Now.tsx';
import { showStanding, shownStanding } from './standing.ts';
import { type LiveState, useLive } from './useLive.ts';

export function Root({ now, children }: { now: number; children: ReactNode }) {
  const [signedOut, setSignedOut] = useState(false);
  const [queryClient] = useState(() => makeQueryClient(() => setSignedOut(true)));
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <NowProvider now={now}>
          <Live signedOut={signedOut} />
          {children}
        </NowProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** How often it is asked how things stand while no stream tells it (ms). */
const pollMs: Record<LiveState, number | false> = {
  starting: false,
  live: false,
  // The stream does not say why it ended; this question does, when it was the end of the session.
  lost: 15_000,
  // Title and icon are there for who looks at another tab.
  resting: 60_000,
};

function Live({ signedOut }: { signedOut: boolean }) {
  const trpc = useTRPC();
  const state = useLive();
  const { data: standing } = useQuery({
    ...trpc.incidents.standing.queryOptions(),
    initialData: () => (typeof document === 'undefined' ? undefined : shownStanding(document)) ?? undefined,
    refetchInterval: signedOut ? false : pollMs[state],
    refetchIntervalInBackground: true,
  });
  useEffect(() => {
    if (standing) showStanding(document, standing);
  }, [standing]);
  return (
    <p className="live-notice" role="status" data-live={signedOut ? 'signed-out' : state}>
      {signedOut ? (
        <>
          You are signed out, and this page no longer moves.{' '}
          <a href={`/signin/?next=${encodeURIComponent(location.pathname + location.search)}`}>
            Sign in again
          </a>
        </>
      ) : (
        state === 'lost' && 'The connection to Rootnote is lost. Trying again; what you see may be old.'
      )}
    </p>
  );
}
