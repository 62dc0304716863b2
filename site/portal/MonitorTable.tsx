// Monitors of a server: how each is, why it exists, what it saw last.
import { formatValue } from '#core/format.ts';
import { Age } from './Age.tsx';
import type { Answers } from './client.ts';
import { Sparkline } from './Sparkline.tsx';
import { State } from './State.tsx';

export type MonitorRow = Answers['monitors']['list'][number];

const decisions: Record<string, string> = {
  muted: 'muted',
  pinned: 'pinned',
  forbidden: 'forbidden',
  edited: 'edited by hand',
};

export function MonitorTable({ monitors }: { monitors: MonitorRow[] }) {
  if (!monitors.length) {
    return (
      <p className="note">
        None yet. They appear by themselves, seconds after the first report, for what the server offers to
        others.
      </p>
    );
  }
  return (
    <ul className="monitors">
      {monitors.map((monitor) => (
        <li key={monitor.id} className="monitor" data-monitor={monitor.key} data-state={monitor.state}>
          <div className="monitor-state">
            <State is={monitor.state} />
            <small>
              <Age at={monitor.stateSince} short />
            </small>
          </div>
          <div className="monitor-what">
            <a href={`/portal/monitors/${monitor.id}/`}>{monitor.name}</a>
            <code>{monitor.target}</code>
            {monitor.decision && (
              <small className="tag">{decisions[monitor.decision] ?? monitor.decision}</small>
            )}
            <p>{monitor.summary ?? 'not looked at yet'}</p>
            <small className="why">because {monitor.reason}</small>
          </div>
          <Sparkline values={monitor.spark} label="Response time" />
          <div className="monitor-last">
            {monitor.lastMs === null ? '' : formatValue(Math.round(monitor.lastMs * 10) / 10, 'ms')}
            <small>{monitor.lastCheckedAt ? <Age at={monitor.lastCheckedAt} /> : 'never'}</small>
          </div>
        </li>
      ))}
    </ul>
  );
}
