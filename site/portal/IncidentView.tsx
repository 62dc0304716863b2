// One incident: cause, evidence, what was ruled out, what happened when, and who was told.
import { useQuery } from '@tanstack/react-query';
import { formatDuration } from '#core/format.ts';
import { Age, Moment } from './Age.tsx';
import { ArticleLink, Cause, EvidenceTable, RuledOut } from './Cause.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Judge } from './Judge.tsx';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
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
  const { body, state, server } = incident;
  const symptoms = body?.problems.filter(({ key }) => key !== body.root.key) ?? [];
  const own = state === 'open' ? body?.problems.find(({ key }) => key === body.root.key) : undefined;
  return (
    <div data-incident={incident.id} data-state={state}>
      <Head incident={incident} />
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
          {symptoms.length > 0 && <Symptoms symptoms={symptoms} />}
          <RuledOut entries={body.ruledOut} titles={incident.titles} />
        </>
      ) : (
        <p className="note">
          An older version of Rootnote wrote its evidence in a way that this one does not read.
        </p>
      )}
      <div className="two">
        <Section id="course" title="What happened">
          <ol className="changes">
            {incident.entries.map((entry) => (
              <li key={entry.id}>
                <Moment at={entry.at} />
                <span>{entry.text}</span>
              </li>
            ))}
          </ol>
        </Section>
        <Section id="told" title="Who was told">
          <Told notifications={incident.notifications} follows={incident.head !== null} />
        </Section>
      </div>
    </div>
  );
}

function Head({ incident }: { incident: Incident }) {
  const { title, state, severity, server, openedAt, resolvedAt } = incident;
  return (
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
      <h1>{title}</h1>
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
  );
}

function Symptoms({ symptoms }: { symptoms: NonNullable<Incident['body']>['problems'] }) {
  return (
    <Section id="symptoms" title="Symptoms" aside="they go away with the cause">
      {symptoms.map((symptom) => (
        <details key={symptom.key} className="symptom">
          <summary>
            <State is={symptom.severity} /> {symptom.summary}
          </summary>
          <EvidenceTable evidence={symptom.evidence} />
          <ArticleLink article={symptom.article} />
        </details>
      ))}
    </Section>
  );
}

interface ToldProps {
  notifications: Incident['notifications'];
  /** From an incident of another server. */
  follows: boolean;
}

function Told({ notifications, follows }: ToldProps) {
  if (!notifications.length) {
    return follows ? (
      <p className="note">Nobody apart: it is told with the incident that it follows from.</p>
    ) : (
      <p className="note">
        Nobody: when it opened, no channel was set up for it. <a href="/portal/channels/">Channels</a>
      </p>
    );
  }
  return (
    <ul className="changes">
      {notifications.map((message) => (
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
  );
}

/** One cause below several servers: where it is, and where else it is felt. */
function Elsewhere({ head, followers }: Pick<Incident, 'head' | 'followers'>) {
  if (!head && followers.length === 0) return null;
  return (
    <Section
      id="elsewhere"
      title={head ? 'It follows from another server' : 'Felt on other servers'}
      aside={head ? '' : 'they follow from this one'}
    >
      <ul className="changes">
        {[...(head ? [head] : []), ...followers].map((one) => (
          <li key={one.id}>
            <strong>{one.server}</strong>
            <State is={one.state === 'open' ? one.severity : 'resolved'} />
            <a href={`/portal/incidents/${one.id}/`}>{one.title}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
