// What happened on a server, newest first.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';

type Entry = Answers['servers']['timeline'][number];

const most = 200;

export function Timeline({ serverId, first }: { serverId: string; first: Entry[] }) {
  const trpc = useTRPC();
  const [limit, setLimit] = useState(30);
  const { data = first } = useQuery({
    ...trpc.servers.timeline.queryOptions(
      { id: serverId, limit },
      limit === 30 ? { initialData: first } : undefined,
    ),
    placeholderData: keepPreviousData,
  });
  if (!data.length) return <p className="note">Nothing has happened yet.</p>;
  return (
    <>
      <ol className="timeline">
        {data.map((entry, index) => (
          <li key={`${entry.at} ${entry.kind} ${index}`} data-source={entry.source} data-kind={entry.kind}>
            <Age at={entry.at} short />
            <span className="dot" data-tone={toneOf(entry)} aria-hidden="true" />
            <p>
              {entry.targetId ? <a href={linkOf(entry)}>{entry.text}</a> : entry.text}
              <small> {wordOf(entry)}</small>
            </p>
          </li>
        ))}
      </ol>
      {data.length >= limit && limit < most && (
        <button type="button" className="button" onClick={() => setLimit(most)}>
          Show more
        </button>
      )}
    </>
  );
}

function linkOf({ source, targetId }: Entry): string {
  return source === 'monitor' ? `/portal/monitors/${targetId}/` : `/portal/incidents/${targetId}/`;
}

function wordOf({ source, kind }: Entry): string {
  if (source === 'event') return kind;
  return source === 'monitor' ? `monitor ${kind}` : `incident: ${kind}`;
}

function toneOf({ source, kind }: Entry): string {
  if (kind === 'down' || kind === 'opened') return 'critical';
  if (kind === 'degraded' || kind === 'severity') return 'warning';
  if (kind === 'up' || kind === 'resolved') return 'ok';
  return source === 'event' ? 'info' : 'unknown';
}
