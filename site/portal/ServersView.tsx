// The overview of servers.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '#core/format.ts';
import type { ServedAgent } from '../agentScript.ts';
import { AddServer } from './AddServer.tsx';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Heard, type HeardAnswer } from './Heard.tsx';
import { Meter } from './Meter.tsx';
import { Name } from './Name.tsx';
import { useClock } from './Now.tsx';
import { Root } from './Root.tsx';
import { State } from './State.tsx';

interface Props {
  now: number;
  role: string;
  /** Of the address: only servers with these words. */
  words: string;
  servers: Answers['servers']['list'];
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

function Servers({ servers: first, install, heard, role, agent, words }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const { data: servers } = useQuery(trpc.servers.list.queryOptions(undefined, { initialData: first }));
  const [adding, setAdding] = useState(false);
  const [filter, setFilter] = useState(words);
  const narrow = (next: string) => {
    setFilter(next);
    const url = new URL(location.href);
    if (next) url.searchParams.set('words', next);
    else url.searchParams.delete('words');
    history.replaceState(history.state, '', url);
  };
  if (!servers.length) {
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
  const shown = servers.filter((server) => matches(server, filter));
  return (
    <>
      <div className="head">
        <h1>Servers</h1>
        <ul className="counts" aria-label="Show only these">
          {countsOf(servers).map(({ count, state, words }) => (
            <li key={state}>
              <button
                type="button"
                className="link"
                aria-pressed={filter === state}
                onClick={() => narrow(filter === state ? '' : state)}
              >
                {count} {words}
              </button>
            </li>
          ))}
        </ul>
        <div className="head-tools">
          {(servers.length > 8 || filter) && (
            <label>
              <span className="sr-only">Show only servers whose name, system or state contains</span>
              <input
                type="search"
                placeholder="Filter"
                value={filter}
                maxLength={100}
                onChange={(event) => narrow(event.target.value)}
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
      {!shown.length && <p className="note">No server matches “{filter}”.</p>}
    </>
  );
}

type Server = Props['servers'][number];

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

/** More than this many seconds without a report is said, whatever else is wrong: what the row shows is old (serverSummary.ts). */
const oldSeconds = 300;

function LastReport({ at }: { at: number | null }) {
  const { now } = useClock();
  if (at === null) return <p className="server-age">no report yet</p>;
  const old = now - at > oldSeconds;
  return (
    <p className="server-age" data-old={old ? '' : undefined}>
      {old && 'silent for '}
      <Age at={at} short={old} />
    </p>
  );
}

function matches(server: Server, filter: string): boolean {
  const text =
    `${server.hostname} ${server.os ?? ''} ${stateOf(server)} ${server.problem ?? ''}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** How many servers are in which state; `state` as a filter shows just these. */
function countsOf(servers: Server[]): { count: number; state: string; words: string }[] {
  const words = {
    critical: 'critical',
    silent: 'silent',
    warning: 'with a warning',
    clone: 'maybe copied',
    healthy: 'healthy',
    waiting: 'waiting',
    revoked: 'revoked',
  };
  return Object.entries(words)
    .map(([state, text]) => ({
      count: servers.filter((server) => stateOf(server) === state).length,
      state,
      words: text,
    }))
    .filter(({ count }) => count > 0);
}

/** What is good to know is no trouble. */
const stateOf = ({ state }: Server) => (state === 'info' ? 'healthy' : state);

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
