// The live stream: what changed on the server is asked for again. A page in the background holds no stream, so that many tabs
// do not use up the browser's connections; it catches up when it is looked at.
import { type QueryKey, skipToken, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useTRPC } from './client.ts';
import { affectedBy } from './affectedBy.ts';

/** Least and most time between two rounds of questions (ms): however long a busy server takes, nobody looks at old news for long. */
const pauseMs = 1500;
const longestPauseMs = 10_000;

export type LiveState = 'starting' | 'live' | 'lost' | 'resting';

export function useLive(): LiveState {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const visible = useVisible();
  const [refresh] = useState(() =>
    throttled((kinds) => {
      const matches = affectedBy(kinds);
      return queryClient.invalidateQueries({ predicate: ({ queryKey }) => matches(procedureOf(queryKey)) });
    }),
  );
  const subscription = useSubscription(
    trpc.live.changes.subscriptionOptions(visible ? undefined : skipToken, {
      onData: (message) => refresh(message.kind),
    }),
  );
  const [lost, setLost] = useState(false);
  const broken = visible && (subscription.status === 'error' || subscription.status === 'connecting');
  useEffect(() => {
    if (!broken) {
      setLost(false);
      return;
    }
    // A stream that ends and starts again at once is nothing to bother anyone with.
    const timer = setTimeout(() => setLost(true), 5000);
    return () => clearTimeout(timer);
  }, [broken]);
  if (!visible) return 'resting';
  if (lost) return 'lost';
  return subscription.status === 'pending' ? 'live' : 'starting';
}

/** tRPC's query keys start with the path: [['servers', 'list'], …]. */
function procedureOf(key: QueryKey): string {
  return Array.isArray(key[0]) ? key[0].join('.') : '';
}

/**
 * Runs at once, and then with everything that came meanwhile: after a pause, which is four times as long as the answers took, so
 * that a page that is dear to fill (a thousand servers) asks less often.
 */
function throttled(run: (kinds: Set<string>) => Promise<unknown>): (kind: string) => void {
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async () => {
    const kinds = waiting;
    waiting = new Set();
    const started = performance.now();
    await run(kinds).catch(() => undefined);
    const pause = Math.min(longestPauseMs, Math.max(pauseMs, 4 * (performance.now() - started)));
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting.size) void flush();
    }, pause);
  };
  return (kind) => {
    waiting.add(kind);
    // Changes come in bursts: those of one transaction are one round.
    timer ??= setTimeout(() => void flush(), 50);
  };
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    const update = () => setVisible(document.visibilityState === 'visible');
    update();
    document.addEventListener('visibilitychange', update);
    return () => document.removeEventListener('visibilitychange', update);
  }, []);
  return visible;
}
