// The places that probe: which there are, whether they are heard and online, and the token that lets one stand anywhere.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { useClock } from './Now.tsx';
import { Section } from './Section.tsx';
import { TokenForm } from './TokenForm.tsx';
import { Trouble } from './Trouble.tsx';

type Region = Answers['regions']['list'][number];
/** The engine takes a region for gone after so many seconds of silence. */
const silentSeconds = 90;

export function Regions({ owner, regions: first }: { owner: boolean; regions: Region[] }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.regions.list.queryOptions(undefined, { initialData: first }));
  const again = { onSettled: () => query.refetch() };
  const create = useMutation(trpc.regions.create.mutationOptions(again));
  const revoke = useMutation(trpc.regions.revoke.mutationOptions(again));
  return (
    <Section id="regions" title="Regions" aside="places that look from outside">
      <p className="note">
        With two regions or more, something counts as down when two of them see it fail. A region that is
        itself offline has no say.
      </p>
      <ul className="people">
        {query.data.map((region) => (
          <li key={region.name} data-region={region.name}>
            <span>
              <b>{region.name}</b>{' '}
              <small>
                {region.outside ? `with a token (${region.hint ?? 'hidden'}…)` : 'a worker with the database'}
              </small>
            </span>
            <Heard region={region} />
            {owner && region.outside && (
              <ConfirmButton
                text="Revoke"
                question="Its token ends at once."
                onConfirm={() => revoke.mutate({ name: region.name })}
              />
            )}
          </li>
        ))}
      </ul>
      {query.data.length === 0 && <p className="note">No worker has started yet, so nothing is looked at.</p>}
      <Trouble error={revoke.error} />
      <TokenForm
        label="Name of the new region"
        field={{
          pattern: '[a-z0-9\\-]{1,20}',
          title: '1 to 20 of a-z, 0-9 and -',
          placeholder: 'frankfurt',
        }}
        button="Add a region"
        shown="Run this in a checkout on the other machine. The token is shown only now:"
        open={owner}
        making={create}
      />
    </Section>
  );
}

function Heard({ region: { lastSeenAt, online, onlineSince } }: { region: Region }) {
  const { now } = useClock();
  if (lastSeenAt === null) return <span className="muted">not heard of yet</span>;
  if (now - lastSeenAt > silentSeconds)
    return (
      <span>
        silent: heard <Age at={lastSeenAt} />
      </span>
    );
  if (online) return <span>online</span>;
  return (
    <span>
      offline itself since <Age at={onlineSince} />
    </span>
  );
}
