// Around every view: API client, the live stream, the clock. Says so when the page no longer moves.
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { makeClient, makeQueryClient, TRPCProvider, useTRPC } from './client.ts';
import { NowProvider } from './Now.tsx';
import { showStanding, shownStanding } from './standing.ts';
import { useLive, useVisible } from './useLive.ts';

export function Root({ now, children }: { now: number; children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <NowProvider now={now}>
          <LiveNotice />
          <StandingShown />
          {children}
        </NowProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function LiveNotice() {
  const state = useLive();
  return (
    <p className="live-notice" role="status" data-live={state}>
      {state === 'lost' && 'The connection to Rootnote is lost. Trying again; what you see may be old.'}
    </p>
  );
}

/** The title and the icon are there for who looks at another tab, where no stream runs: then it is asked for once a minute. */
function StandingShown() {
  const trpc = useTRPC();
  const visible = useVisible();
  const { data } = useQuery({
    ...trpc.incidents.standing.queryOptions(),
    initialData: () => (typeof document === 'undefined' ? undefined : shownStanding(document)) ?? undefined,
    refetchInterval: visible ? false : 60_000,
    refetchIntervalInBackground: true,
  });
  useEffect(() => {
    if (data) showStanding(document, data);
  }, [data]);
  return null;
}
