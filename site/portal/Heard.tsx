// Whether anybody hears of incidents: said where they are shown, as long as nobody does or a channel cannot deliver.
import { useQuery } from '@tanstack/react-query';
import { type Answers, useTRPC } from './client.ts';

export type HeardAnswer = Answers['channels']['heard'];

export function Heard({ heard: first, owner }: { heard: HeardAnswer; owner: boolean }) {
  const trpc = useTRPC();
  const { data: heard } = useQuery(trpc.channels.heard.queryOptions(undefined, { initialData: first }));
  if (heard.channels && !heard.failing.length) return null;
  return (
    <p className="note warns" role="status">
      {heard.channels
        ? `The last message could not be delivered through ${heard.failing.join(', ')}. `
        : 'Nobody is told of incidents: no channel is set up. '}
      {owner ? (
        <a href="/portal/channels/">{heard.channels ? 'See why' : 'Choose how to hear of them'}</a>
      ) : (
        'An owner sees to it under Channels.'
      )}
    </p>
  );
}
