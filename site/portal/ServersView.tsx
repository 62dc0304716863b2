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
import { Root } from './Root.tsx';
import { State } from './State.tsx';

interface Props {
  now: number;
  role: string;
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

function Servers({ servers: first, install, heard, role, agent }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const { data: servers } = useQuery(trpc.servers.list.queryOptions(undefined, { initialData: first }));
  const [adding, setAdding] = useState(false);
  const [filter, setFilter] = useState('');
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
        <p className="counts">{countsText(servers)}</p>
        <div className="head-tools">
          {servers.length > 8 && (
            <label>
              <span className="sr-only">Show only servers whose name, system or state contains</span>
              <input
                type="search"
                placeholder="Filter"
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
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
        <a href={`/portal/servers/${server.id}/`}>{server.hostname}</a>
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
      <p className="server-age">{server.lastReportAt ? <Age at={server.lastReportAt} /> : 'no report yet'}</p>
    </li>
  );
}

function matches(server: Server, filter: string): boolean {
  const text = `${server.hostname} ${server.os ?? ''} ${server.state} ${server.problem ?? ''}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function countsText(servers: Server[]): string {
  const of = (...states: Server['state'][]) => servers.filter(({ state }) => states.includes(state)).length;
  const parts = [
    [of('critical'), 'critical'],
    [of('silent'), 'silent'],
    [of('warning', 'clone'), 'with a warning'],
    [of('healthy', 'info'), 'healthy'],
    [of('waiting'), 'waiting'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(' · ');
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
