// One server: what is wrong, how it was over time, what is watched and why, what it is, what happened.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { severityRank } from '#core/severity.ts';
import type { ServedAgent } from '../agentScript.ts';
import { Age } from './Age.tsx';
import { ArticleLink, Cause, RuledOut } from './Cause.tsx';
import type { KeyedFinding } from './causeTree.ts';
import { type Answers, useTRPC } from './client.ts';
import { Copies } from './Copies.tsx';
import { Judge } from './Judge.tsx';
import { Judgements } from './Judgements.tsx';
import { Learned } from './Learned.tsx';
import { MaintenanceNotice } from './MaintenanceView.tsx';
import { MonitorTable } from './MonitorTable.tsx';
import { Name } from './Name.tsx';
import { NewMonitor } from './NewMonitor.tsx';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
import { ServerActions } from './ServerActions.tsx';
import { Disks, Identity, Interfaces, People, Ports, Processes, Services, Unread } from './ServerFacts.tsx';
import { ServerHistory } from './ServerHistory.tsx';
import { State } from './State.tsx';
import { Timeline } from './Timeline.tsx';

type Server = Answers['servers']['get'];

interface Props {
  now: number;
  role: string;
  server: Server;
  timeline: Answers['servers']['timeline'];
  judgements: Answers['judgements']['list'];
  maintenance: Answers['maintenance']['list'];
  /** As JSON: as an island's property it would take twice the room. */
  history: string;
  seconds: number;
  agent: ServedAgent;
}

export function ServerView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <OneServer {...props} />
    </Root>
  );
}

function OneServer({ role, server: first, ...props }: Omit<Props, 'now'>) {
  const { timeline, judgements, maintenance, history, seconds, agent } = props;
  const trpc = useTRPC();
  const { data: server, error } = useQuery(
    trpc.servers.get.queryOptions({ id: first.id }, { initialData: first }),
  );
  const firstHistory = useMemo(
    () => ({ seconds, history: JSON.parse(history) as Answers['series']['history'] }),
    [history, seconds],
  );
  if (error?.data?.code === 'NOT_FOUND') return <Gone />;
  const marks = server.incidents.map(({ openedAt, title }) => ({ at: openedAt, label: title }));
  const mayChange = role !== 'viewer';
  return (
    <>
      <Head server={server} role={role} agent={agent} />
      <MaintenanceNotice of={{ serverId: server.id }} first={maintenance} mayChange={mayChange} />
      <Copies server={server} mayDecide={role === 'owner'} />
      <Wrong server={server} mayChange={mayChange} />
      <Judgements serverId={server.id} mayChange={mayChange} first={judgements} />
      <Learned learning={server.learning} />
      <ServerHistory
        serverId={server.id}
        cores={server.facts.cpu?.count}
        first={firstHistory}
        marks={marks}
      />
      <Section id="monitors" title="Monitors" aside="looked at from outside; each says why it exists">
        <MonitorTable monitors={server.monitors} />
        {mayChange && <NewMonitor serverId={server.id} />}
      </Section>
      <WhatItIs server={server} />
      <Section id="timeline" title="What happened">
        <Timeline serverId={server.id} first={timeline} />
      </Section>
    </>
  );
}

function Head({ server, role, agent }: Pick<Props, 'server' | 'role' | 'agent'>) {
  return (
    <header className="head">
      <p className="crumb">
        <a href="/portal/">Servers</a>
      </p>
      <h1>
        <Name text={server.hostname} />
      </h1>
      <State is={server.state} />
      <p className="muted">
        {server.lastReportAt ? (
          <>
            last report <Age at={server.lastReportAt} />
          </>
        ) : (
          'no report yet'
        )}
        <AgentThere runs={server.agent} served={agent} />
      </p>
      <div className="head-tools">
        <ServerActions server={server} role={role} />
      </div>
    </header>
  );
}

/** Which script runs on the server, and whether it is the one that is served here. */
function AgentThere({ runs, served }: { runs: Server['agent']; served: ServedAgent }) {
  if (!runs.version) return null;
  const digest = runs.sha256?.slice(0, 12);
  return (
    <>
      {' '}
      · agent {runs.version}
      {digest && (
        <>
          <code title="The start of the SHA-256 of the script that runs there"> {digest}</code>
          {served.sha256.startsWith(digest)
            ? ', the one that is served here'
            : `, not the one that is served here (${served.version} ${served.sha256.slice(0, 12)})`}
        </>
      )}
    </>
  );
}

const factParts = [
  ['disks', 'Disks', Disks],
  ['ports', 'Listening ports', Ports],
  ['interfaces', 'Interfaces', Interfaces],
  ['services', 'Services', Services],
  ['processes', 'Busiest processes', Processes],
  ['users', 'People with a shell', People],
] as const;

function WhatItIs({ server: { hostname, facts, samples } }: { server: Server }) {
  return (
    <div className="facts">
      <section aria-labelledby="identity">
        <h2 id="identity">What it is</h2>
        <Identity hostname={hostname} facts={facts} samples={samples} />
        <Unread facts={facts} />
      </section>
      {factParts.map(([id, title, Part]) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id}>{title}</h2>
          <Part facts={facts} />
        </section>
      ))}
    </div>
  );
}

const verdicts = {
  healthy: 'Nothing is wrong.',
  explained: '',
  ambiguous: 'More than one cause fits what is seen. The likeliest comes first.',
  unknown: 'Something is wrong that no known cause explains.',
};

function Wrong({ server, mayChange }: { server: Server; mayChange: boolean }) {
  const { diagnosis, incidents } = server;
  if (server.state === 'waiting') return <p className="note">Waiting for its first report…</p>;
  const incidentOf = (key: string) => incidents.find(({ rootKey }) => rootKey === key)?.id;
  const told = new Set(diagnosis?.rootCauses.flatMap(({ key, symptoms }) => [key, ...symptoms]));
  const known = new Set(diagnosis?.rootCauses.map(({ key }) => key));
  const other = incidents.filter(({ rootKey }) => !known.has(rootKey));
  const advice = diagnosis?.problems.filter((problem) => !told.has(problem.key)) ?? [];
  // A note (a backup that keeps a disk busy) is nothing wrong.
  const fine = (!diagnosis?.rootCauses.length || diagnosis.verdict === 'healthy') && !other.length;
  return (
    <section aria-labelledby="wrong" className="wrong">
      <h2 id="wrong" className={fine ? 'sr-only' : undefined}>
        What is wrong
      </h2>
      {fine ? (
        <p className="fine">
          {server.state === 'silent' ? (
            <>Its reports stopped. What you see below is what it said last.</>
          ) : diagnosis ? (
            verdicts.healthy
          ) : (
            'Not judged yet.'
          )}
        </p>
      ) : (
        diagnosis &&
        verdicts[diagnosis.verdict] &&
        diagnosis.verdict !== 'healthy' && <p>{verdicts[diagnosis.verdict]}</p>
      )}
      {diagnosis && (
        <Causes diagnosis={diagnosis} incidentOf={incidentOf} serverId={server.id} mayChange={mayChange} />
      )}
      {other.map(({ id, title, severity }) => (
        <p key={id} data-incident={id}>
          <State is={severity} /> <a href={`/portal/incidents/${id}/`}>{title}</a>
        </p>
      ))}
      {[...Map.groupBy(advice, ({ id }) => id).values()].map((kind) => (
        <Advice key={kind[0]!.id} kind={kind} serverId={server.id} mayChange={mayChange} />
      ))}
      {diagnosis && <RuledOut entries={diagnosis.ruledOut} titles={diagnosis.titles} />}
      {diagnosis && (
        <p className="muted">
          <a href={`/portal/diagnoses/${server.id}/`}>What was diagnosed before</a>
        </p>
      )}
    </section>
  );
}

/** More causes than this are shown as lines behind the first ones: what is wrong must fit on a screen. */
const mostWhole = 5;

interface CausesProps {
  diagnosis: NonNullable<Server['diagnosis']>;
  incidentOf: (key: string) => string | undefined;
  serverId: string;
  mayChange: boolean;
}

function Causes({ diagnosis, incidentOf, serverId, mayChange }: CausesProps) {
  const { rootCauses, problems, verdict } = diagnosis;
  const all = rootCauses.map((cause) => ({ cause, own: problems.find(({ key }) => key === cause.key) }));
  // Of those that fit the same symptoms, the likeliest stays first.
  if (verdict !== 'ambiguous') all.sort((a, b) => rankOf(a.own) - rankOf(b.own));
  const whole = all.length > mostWhole ? 3 : mostWhole;
  return all.map(({ cause, own }, index) => {
    const shown = (
      <>
        <Cause cause={cause} problems={problems} incidentId={incidentOf(cause.key)} />
        {own && mayChange && <Judge serverId={serverId} finding={own} />}
      </>
    );
    if (index < whole || !own) return <div key={cause.key}>{shown}</div>;
    return (
      <details key={cause.key} className="folded-cause">
        <summary>
          <State is={own.severity} /> <span>{own.summary}</span>
        </summary>
        {shown}
      </details>
    );
  });
}

const rankOf = (finding: KeyedFinding | undefined) => (finding ? severityRank[finding.severity] : 0);

interface AdviceProps {
  /** Problems of one rule. */
  kind: NonNullable<Server['diagnosis']>['problems'];
  serverId: string;
  mayChange: boolean;
}

/** So many of one kind are shown at once: an update of forty packages must not hide what stands beside it. */
const shownAtOnce = 3;

function Advice({ kind, serverId, mayChange }: AdviceProps) {
  const rows = kind.map((problem) => (
    <li key={problem.key} data-problem={problem.id}>
      <State is={problem.severity} /> <span>{problem.summary}</span>{' '}
      {problem.accepted && (
        <span className="muted">
          accepted by {problem.accepted.by}: {problem.accepted.reason}{' '}
        </span>
      )}
      <ArticleLink article={problem.article} />
      {mayChange && <Judge serverId={serverId} finding={problem} />}
    </li>
  ));
  const more = rows.slice(shownAtOnce);
  return (
    <>
      <ul className="advice">{rows.slice(0, shownAtOnce)}</ul>
      {more.length > 0 && (
        <details className="more-advice">
          <summary>and {more.length} more of this kind</summary>
          <ul className="advice">{more}</ul>
        </details>
      )}
    </>
  );
}

function Gone() {
  return (
    <div className="empty">
      <h1>This server was removed</h1>
      <p className="lead">
        <a href="/portal/">Your servers</a>
      </p>
    </div>
  );
}
