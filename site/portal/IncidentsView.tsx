// Incidents: one line for each root cause.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDuration } from '#core/format.ts';
import { Age } from './Age.tsx';
import { ArticleLink } from './Cause.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Heard, type HeardAnswer } from './Heard.tsx';
import { Root } from './Root.tsx';
import { State } from './State.tsx';

type List = Answers['incidents']['list'];

interface Props {
  now: number;
  role: string;
  list: List;
  heard: HeardAnswer;
}

export function IncidentsView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <Incidents {...props} />
    </Root>
  );
}

const states = [
  ['all', 'All'],
  ['open', 'Open'],
  ['resolved', 'Resolved'],
] as const;

function Incidents({ list: first, heard, role }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const [state, setState] = useState<'all' | 'open' | 'resolved'>('all');
  const [severity, setSeverity] = useState('');
  const [pages, setPages] = useState<number[]>([]);
  const before = pages.at(-1);
  const plain = state === 'all' && !severity && before === undefined;
  const { data: list = first } = useQuery({
    ...trpc.incidents.list.queryOptions(
      {
        state,
        ...(severity && { severity: severity as 'critical' | 'warning' | 'info' }),
        ...(before !== undefined && { before }),
      },
      plain ? { initialData: first } : undefined,
    ),
    placeholderData: keepPreviousData,
  });
  const choose = (change: () => void) => {
    setPages([]);
    change();
  };
  return (
    <>
      <div className="head">
        <h1>Incidents</h1>
        <p className="counts">{list.open === 0 ? 'none open' : `${list.open} open`}</p>
        <div className="head-tools">
          <div className="ranges" role="group" aria-label="State">
            {states.map(([name, word]) => (
              <button
                key={name}
                type="button"
                aria-pressed={state === name}
                onClick={() => choose(() => setState(name))}
              >
                {word}
              </button>
            ))}
          </div>
          <label className="inline">
            <span className="sr-only">Severity</span>
            <select value={severity} onChange={(event) => choose(() => setSeverity(event.target.value))}>
              <option value="">every severity</option>
              <option value="critical">critical</option>
              <option value="warning">warning</option>
            </select>
          </label>
        </div>
      </div>
      <Heard heard={heard} owner={role === 'owner'} />
      {list.incidents.length === 0 ? (
        <p className="note">
          {plain
            ? 'Nothing has gone wrong yet. One incident stands for one root cause; its symptoms are folded into it.'
            : 'None fits.'}
        </p>
      ) : (
        <ul className="incidents">
          {list.incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <div className="row pages">
        {pages.length > 0 && (
          <button type="button" className="button" onClick={() => setPages(pages.slice(0, -1))}>
            Newer
          </button>
        )}
        {list.more && (
          <button
            type="button"
            className="button"
            onClick={() => setPages([...pages, list.incidents.at(-1)!.openedAt])}
          >
            Older
          </button>
        )}
      </div>
    </>
  );
}

function IncidentRow({ incident }: { incident: List['incidents'][number] }) {
  const { id, title, severity, state, openedAt, resolvedAt, server, symptoms, article } = incident;
  return (
    <li className="incident" data-incident={id} data-state={state}>
      <div className="incident-state">
        {state === 'open' ? <State is={severity} /> : <State is="resolved" />}
      </div>
      <div className="incident-what">
        <a href={`/portal/incidents/${id}/`}>{title}</a>
        <p className="muted">
          {server && <a href={`/portal/servers/${server.id}/`}>{server.hostname}</a>}
          {symptoms > 0 && ` · ${symptoms === 1 ? 'one symptom' : `${symptoms} symptoms`} folded into it`}
          {state === 'resolved' && ` · was ${severity}`}
        </p>
      </div>
      <div className="incident-article">
        {article && state === 'open' && <ArticleLink article={article} />}
      </div>
      <p className="incident-age">
        <Age at={openedAt} />
        <small>{resolvedAt ? `lasted ${formatDuration(resolvedAt - openedAt)}` : 'still open'}</small>
      </p>
    </li>
  );
}
