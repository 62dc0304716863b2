// Which incidents a page of the list shows; all of it stands in the address, so that a link shows the same.
import { type Severity, severitySchema } from '#core/severity.ts';

export const incidentStates = ['open', 'resolved', 'all'] as const;

export interface IncidentChoice {
  state: (typeof incidentStates)[number];
  severity?: Severity | undefined;
  words?: string | undefined;
  /** The id of the last one of the page before. */
  after?: string | undefined;
}

/** What an address does not say, or says wrongly, is left out; without a state, what is wrong now. */
export function choiceOf({ searchParams }: URL): IncidentChoice {
  const text = (name: string, most: number) => searchParams.get(name)?.slice(0, most) || undefined;
  return {
    state: incidentStates.find((state) => state === searchParams.get('state')) ?? 'open',
    severity: severitySchema.safeParse(searchParams.get('severity')).data,
    words: text('words', 100),
    after: text('after', 64),
  };
}

export function addressOf({ state, ...rest }: IncidentChoice): string {
  const query = new URLSearchParams(state === 'open' ? {} : { state });
  for (const [name, value] of Object.entries(rest)) if (value) query.set(name, value);
  return `/portal/incidents/${query.size ? `?${query}` : ''}`;
}
