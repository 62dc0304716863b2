// Incidents: one line for each root cause.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { formatDuration } from '#core/format.ts';
import type { Severity } from '#core/severity.ts';
import { Age } from './Age.tsx';
import { ArticleLink } from './Cause.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Heard, type HeardAnswer } from './Heard.tsx';
import { addressOf, type IncidentChoice, incidentStates } from './incidentChoice.ts';
import { Name } from './Name.tsx';
import { Root } from './Root.tsx';
import { State } from './State.tsx';

type List = Answers['incidents']['list'];

interface Props {
  now: number;
  role: string;
  choice: IncidentChoice;
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

const stateWords: Record<IncidentChoice['state'], string> = {
  open: 'Open',
  resolved: 'Resolved',
  all: 'All',
};

function Incidents({ choice: firstChoice, list: first, heard, role }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const [choice, setChoice] = useState(firstChoice);
  const asked = useDeferredValue(choice);
  const { data: list = first } = useQuery({
    ...trpc.incidents.list.queryOptions(asked, asked === firstChoice ? { initialData: first } : undefined),
    placeholderData: keepPreviousData,
  });
  const choose = (change: Partial<IncidentChoice>) => {
    const { after: _, ...same } = choice;
    const next = { ...same, ...change };
    setChoice(next);
    history.replaceState(history.state, '', addressOf(next));
  };
  const { after } = choice;
  return (
    <>
      <div className="head">
        <h1>Incidents</h1>
        <p className="counts">{list.open === 0 ? 'none open' : `${list.open} open`}</p>
        <Narrow choice={choice} onChange={choose} />
      </div>
      <Heard heard={heard} owner={role === 'owner'} />
      {list.incidents.length === 0 ? (
        <div className="note">
          <WhyNone choice={choice} />
        </div>
      ) : (
        <ul className="incidents">
          {list.incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <p className="row pages">
        {after && <a href={addressOf({ ...choice, after: undefined })}>First page</a>}
        {list.more && <a href={addressOf({ ...choice, after: list.incidents.at(-1)!.id })}>Next page</a>}
      </p>
    </>
  );
}

interface NarrowProps {
  choice: IncidentChoice;
  onChange: (change: Partial<IncidentChoice>) => void;
}

function Narrow({ choice: { state, severity, words }, onChange }: NarrowProps) {
  return (
    <div className="head-tools">
      <div className="ranges" role="group" aria-label="State">
        {incidentStates.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={state === name}
            onClick={() => onChange({ state: name })}
          >
            {stateWords[name]}
          </button>
        ))}
      </div>
      <label className="inline">
        <span className="sr-only">Severity</span>
        <select
          value={severity ?? ''}
          onChange={({ target }) =>
            onChange({ severity: (target.value || undefined) as Severity | undefined })
          }
        >
          <option value="">every severity</option>
          <option value="critical">critical</option>
          <option value="warning">warning</option>
        </select>
      </label>
      <label className="inline">
        <span className="sr-only">Show only incidents whose title or server contains</span>
        <input
          type="search"
          placeholder="Filter"
          maxLength={100}
          value={words ?? ''}
          onChange={({ target }) => onChange({ words: target.value || undefined })}
        />
      </label>
    </div>
  );
}

function WhyNone({ choice: { state, severity, words, after } }: Pick<NarrowProps, 'choice'>) {
  if ((severity ?? words ?? after) || state === 'resolved') return 'None fits.';
  const what = 'One incident stands for one root cause; its symptoms are folded into it.';
  if (state === 'all') return `Nothing has gone wrong yet. ${what}`;
  return (
    <>
      <State is="healthy" word="Nothing is wrong now." /> {what}
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
          {server && (
            <a href={`/portal/servers/${server.id}/`}>
              <Name text={server.hostname} />
            </a>
          )}
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
