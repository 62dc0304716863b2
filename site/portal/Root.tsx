// Around every view: API client, the live stream, the clock. Says so when the page no longer moves.
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { makeClient, makeQueryClient, TRPCProvider } from './client.ts';
import { NowProvider } from './Now.tsx';
import { useLive } from './useLive.ts';

export function Root({ now, children }: { now: number; children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <NowProvider now={now}>
          <LiveNotice />
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
