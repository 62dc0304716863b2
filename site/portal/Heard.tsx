// Whether anybody hears of incidents: said where they are shown, as long as nobody does or a channel cannot deliver.
import { useQuery } from '@tanstack/react-query';
import { type Answers, useTRPC } from './client.ts';

export type HeardAnswer = Answers['channels']['heard'];

export function Heard({ heard: first, owner }: { heard: HeardAnswer; owner: boolean }) {
  const trpc = useTRPC();
  const { data: heard } = useQuery(trpc.channels.heard.queryOptions(undefined, { initialData: first }));
  const trouble = troubleOf(heard);
  if (!trouble) return null;
  return (
    <p className="note warns" role="status">
      {trouble}{' '}
      {owner ? (
        <a href="/portal/channels/">{heard.channels ? 'See why' : 'Choose how to hear of them'}</a>
      ) : (
        'An owner sees to it under Channels.'
      )}
    </p>
  );
}

function troubleOf({ channels, failing, unsent }: HeardAnswer): string | undefined {
  if (!channels) return 'Nobody is told of incidents: no channel is set up.';
  if (failing.length) return `The last message could not be delivered through ${failing.join(', ')}.`;
  if (unsent.length) return `Nobody gets the mail of ${unsent.join(', ')}: no mail server is set up.`;
  return undefined;
}
