// Which servers the overview shows; all of it stands in the address, so that a link shows the same.
import type { Answers } from './client.ts';

export type Server = Answers['servers']['list'][number];

/** States in the order of the counts, with the words behind a count. What is good to know is no trouble: it counts as healthy. */
const shownStates = {
  critical: 'critical',
  silent: 'silent',
  warning: 'with a warning',
  clone: 'maybe copied',
  healthy: 'healthy',
  waiting: 'waiting',
  revoked: 'revoked',
} as const;
export type ShownState = keyof typeof shownStates;

export interface ServerChoice {
  state?: ShownState | undefined;
  /** All of them in name, system, state or problem; in any case. */
  words: string;
}

/** What an address does not say, or says wrongly, is left out. */
export function choiceOf({ searchParams }: URL): ServerChoice {
  const state = searchParams.get('state') ?? '';
  return {
    ...(Object.hasOwn(shownStates, state) && { state: state as ShownState }),
    words: searchParams.get('words')?.slice(0, 100) ?? '',
  };
}

export function addressOf({ state, words }: ServerChoice): string {
  const query = new URLSearchParams({ ...(state && { state }), ...(words && { words }) });
  return `/portal/${query.size ? `?${query}` : ''}`;
}

export function chosen(servers: readonly Server[], { state, words }: ServerChoice): Server[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return servers.filter((server) => {
    if (state && shownState(server) !== state) return false;
    const text = `${server.hostname} ${server.os ?? ''} ${shownState(server)} ${server.problem ?? ''}`;
    return wanted.every((word) => text.toLowerCase().includes(word));
  });
}

/** How many servers are in which state; states without a server are left out, except the one that is shown. */
export function countsOf(
  servers: readonly Server[],
  shown?: ShownState,
): { count: number; state: ShownState; words: string }[] {
  return (Object.keys(shownStates) as ShownState[])
    .map((state) => ({
      count: servers.filter((server) => shownState(server) === state).length,
      state,
      words: shownStates[state],
    }))
    .filter(({ count, state }) => count > 0 || state === shown);
}

const shownState = ({ state }: Server): ShownState => (state === 'info' ? 'healthy' : state);
