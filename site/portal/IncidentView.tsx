// One incident: cause, evidence, what was ruled out, what happened when, and who was told.
import { useQuery } from '@tanstack/react-query';
import { formatDuration } from '#core/format.ts';
import { Age, Moment } from './Age.tsx';
import { ArticleLink, Cause, EvidenceTable, RuledOut } from './Cause.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Judge } from './Judge.tsx';
import { Root } from './Root.tsx';
import { State } from './State.tsx';

type Incident = Answers['incidents']['get'];

export function IncidentView({ now, role, incident }: { now: number; role: string; incident: Incident }) {
  return (
    <Root now={now}>
      <OneIncident incident={incident} role={role} />
    </Root>
  );
}

function OneIncident({ incident: first, role }: { incident: Incident; role: string }) {
  const trpc = useTRPC();
  const { data: incident } = useQuery(
    trpc.incidents.get.queryOptions({ id: first.id }, { initialData: first }),
  );
  const { body, state, severity, server, openedAt, resolvedAt } = incident;
  const symptoms = body?.problems.filter(({ key }) => key !== body.root.key) ?? [];
  const own = state === 'open' ? body?.problems.find(({ key }) => key === body.root.key) : undefined;
  return (
    <div data-incident={incident.id} data-state={state}>
      <header className="head">
        <p className="crumb">
          <a href="/portal/incidents/">Incidents</a>
          {server && (
            <>
              {' / '}
              <a href={`/portal/servers/${server.id}/`}>{server.hostname}</a>
            </>
          )}
        </p>
        <h1>{incident.title}</h1>
        {state === 'open' ? <State is={severity} /> : <State is="resolved" />}
        <p className="muted">
          opened <Age at={openedAt} />
          {resolvedAt && (
            <>
              , resolved <Age at={resolvedAt} />, lasted {formatDuration(resolvedAt - openedAt)}
            </>
          )}
        </p>
      </header>
      <Elsewhere head={incident.head} followers={incident.followers} />
      {body ? (
        <>
          <Cause
            cause={body.root}
            problems={body.problems}
            ended={state === 'resolved'}
            token={incident.token}
          />
          {own && server && role !== 'viewer' && <Judge serverId={server.id} finding={own} />}
          {symptoms.length > 0 && (
            <section aria-labelledby="symptoms">
              <div className="head">
                <h2 id="symptoms">Symptoms</h2>
                <p className="counts">they go away with the cause</p>
              </div>
              {symptoms.map((symptom) => (
                <details key={symptom.key} className="symptom">
                  <summary>
                    <State is={symptom.severity} /> {symptom.summary}
                  </summary>
                  <EvidenceTable evidence={symptom.evidence} />
                  <ArticleLink article={symptom.article} />
                </details>
              ))}
            </section>
          )}
          <RuledOut entries={body.ruledOut} titles={incident.titles} />
        </>
      ) : (
        <p className="note">
          An older version of Rootnote wrote its evidence in a way that this one does not read.
        </p>
      )}
      <div className="two">
        <section aria-labelledby="course">
          <div className="head">
            <h2 id="course">What happened</h2>
          </div>
          <ol className="changes">
            {incident.entries.map((entry) => (
              <li key={entry.id}>
                <Moment at={entry.at} />
                <span>{entry.text}</span>
              </li>
            ))}
          </ol>
        </section>
        <section aria-labelledby="told">
          <div className="head">
            <h2 id="told">Who was told</h2>
          </div>
          {incident.notifications.length === 0 &&
            (incident.head ? (
              <p className="note">Nobody apart: it is told with the incident that it follows from.</p>
            ) : (
              <p className="note">
                Nobody: when it opened, no channel was set up for it. <a href="/portal/channels/">Channels</a>
              </p>
            ))}
          <ul className="changes">
            {incident.notifications.map((message) => (
              <li key={message.id}>
                <Moment at={message.sentAt ?? message.createdAt} />
                <State is={message.state} />
                <span>
                  {message.channel} <small>{message.kind}</small>
                  {message.error && <span className="trouble"> {message.error}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}

/** One cause below several servers: where it is, and where else it is felt. */
function Elsewhere({ head, followers }: Pick<Incident, 'head' | 'followers'>) {
  if (!head && followers.length === 0) return null;
  return (
    <section aria-labelledby="elsewhere">
      <div className="head">
        <h2 id="elsewhere">{head ? 'It follows from another server' : 'Felt on other servers'}</h2>
        {!head && <p className="counts">told with this incident, without messages of their own</p>}
      </div>
      <ul className="changes">
        {[...(head ? [head] : []), ...followers].map((one) => (
          <li key={one.id}>
            <strong>{one.server}</strong>
            <State is={one.state === 'open' ? one.severity : 'resolved'} />
            <a href={`/portal/incidents/${one.id}/`}>{one.title}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
