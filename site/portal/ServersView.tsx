// The overview of servers.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '#core/format.ts';
import { silentAfterSeconds } from '#core/silence.ts';
import type { ServedAgent } from '../agentScript.ts';
import { AddServer } from './AddServer.tsx';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Heard, type HeardAnswer } from './Heard.tsx';
import { Meter } from './Meter.tsx';
import { Name } from './Name.tsx';
import { useClock } from './Now.tsx';
import { Root } from './Root.tsx';
import { addressOf, chosen, countsOf, type Server, type ServerChoice } from './serverChoice.ts';
import { State } from './State.tsx';

interface Props {
  now: number;
  role: string;
  /** Of the address. */
  choice: ServerChoice;
  servers: Server[];
  install: Answers['servers']['install'];
  heard: HeardAnswer;
  agent: ServedAgent;
}

export function ServersView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <Servers {...props} />
    </Root>
  );
}

function Servers({ servers: first, install, heard, role, agent, choice: asked }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const { data: servers } = useQuery(trpc.servers.list.queryOptions(undefined, { initialData: first }));
  const [adding, setAdding] = useState(false);
  const [choice, setChoice] = useState(asked);
  const narrow = (next: ServerChoice) => {
    setChoice(next);
    history.replaceState(history.state, '', addressOf(next));
  };
  if (!servers.length) return <NoServer install={install} agent={agent} />;
  const shown = chosen(servers, choice);
  return (
    <>
      <div className="head">
        <h1>Servers</h1>
        <Counts servers={servers} choice={choice} onChange={narrow} />
        <div className="head-tools">
          {(servers.length > 8 || choice.words) && (
            <label>
              <span className="sr-only">Show only servers whose name, system or state contains</span>
              <input
                type="search"
                placeholder="Filter"
                value={choice.words}
                maxLength={100}
                onChange={(event) => narrow({ ...choice, words: event.target.value })}
              />
            </label>
          )}
          <button
            type="button"
            className="button"
            aria-expanded={adding}
            aria-controls="add-server"
            onClick={() => setAdding(!adding)}
          >
            Add a server
          </button>
        </div>
      </div>
      <div id="add-server" hidden={!adding} className="panel">
        <AddServer install={install} agent={agent} first={false} />
      </div>
      <Heard heard={heard} owner={role === 'owner'} />
      <ul className="servers" aria-label="Servers, the worst first">
        {shown.map((server) => (
          <ServerRow key={server.id} server={server} />
        ))}
      </ul>
      {!shown.length && (
        <p className="note">
          {choice.words ? `No server matches “${choice.words}”.` : 'No server is in this state any more.'}
        </p>
      )}
    </>
  );
}

function NoServer({ install, agent }: Pick<Props, 'install' | 'agent'>) {
  return (
    <div className="empty">
      <h1>Add your first server</h1>
      <p className="lead">
        There is nothing to set up. A server tells what it is and what runs on it; Rootnote then looks at it
        from outside by itself, and says what is wrong and why.
      </p>
      <AddServer install={install} agent={agent} first />
    </div>
  );
}

interface CountsProps {
  servers: Server[];
  choice: ServerChoice;
  onChange: (choice: ServerChoice) => void;
}

/** How many servers are in which state, as buttons that show just these; the chosen one stays, also when its last server has left. */
function Counts({ servers, choice, onChange }: CountsProps) {
  return (
    <ul className="counts" aria-label="Show only these">
      {countsOf(servers, choice.state).map(({ count, state, words }) => (
        <li key={state}>
          <button
            type="button"
            className="link"
            aria-pressed={choice.state === state}
            onClick={() => onChange({ ...choice, state: choice.state === state ? undefined : state })}
          >
            {count} {words}
          </button>
        </li>
      ))}
    </ul>
  );
}

function ServerRow({ server }: { server: Server }) {
  const { gauges, monitors } = server;
  const quiet = server.state === 'waiting' || server.state === 'revoked';
  return (
    <li className="server" data-server={server.id} data-state={server.state}>
      <div className="server-name">
        <State is={server.state} />
        <a href={`/portal/servers/${server.id}/`}>
          <Name text={server.hostname} />
        </a>
        <span className="muted">{server.os ?? 'reading its first report…'}</span>
      </div>
      <p className="server-problem">{server.problem && server.state !== 'healthy' ? server.problem : ''}</p>
      {!quiet && (
        <div className="server-gauges">
          <Meter label="CPU" percent={gauges.cpu} />
          <Meter label="Memory" percent={gauges.memory} />
          <Meter label="Disk" percent={gauges.disk} detail={gauges.diskMount ?? undefined} />
          <span className="load">
            <span className="meter-label">Load</span>{' '}
            {gauges.load1 === null ? 'unknown' : formatCount(Math.round(gauges.load1 * 100) / 100)}
            {server.cores ? <small> on {server.cores} cores</small> : null}
          </span>
        </div>
      )}
      <p className="server-monitors">{monitorsText(monitors)}</p>
      <LastReport at={server.lastReportAt} />
    </li>
  );
}

/** A long silence is said, whatever else is wrong: what the row shows is old. */
function LastReport({ at }: { at: number | null }) {
  const { now } = useClock();
  if (at === null) return <p className="server-age">no report yet</p>;
  const old = now - at > silentAfterSeconds;
  return (
    <p className="server-age" data-old={old ? '' : undefined}>
      {old && 'silent for '}
      <Age at={at} short={old} />
    </p>
  );
}

function monitorsText(monitors: Server['monitors']): string {
  const total = Object.values(monitors).reduce((a, b) => a + b, 0);
  if (!total) return 'no monitors yet';
  const bad = [
    monitors.down && `${monitors.down} down`,
    monitors.degraded && `${monitors.degraded} degraded`,
    monitors.pending && `${monitors.pending} pending`,
  ].filter(Boolean);
  return [...bad, `${monitors.up} up`].join(' · ');
}
