// One monitor: how it is, what it saw, how fast the answer came, and what a person may decide about it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDuration, formatValue } from '#core/format.ts';
import { Age, Moment } from './Age.tsx';
import { Chart } from './Chart.tsx';
import { type Answers, useTRPC } from './client.ts';
import { CopyLine } from './CopyLine.tsx';
import { MaintenanceNotice } from './MaintenanceView.tsx';
import { MonitorDecisions } from './MonitorDecisions.tsx';
import { MonitorSettings } from './MonitorSettings.tsx';
import { RangeSwitch, useRange } from './RangeSwitch.tsx';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
import { State } from './State.tsx';
import { StateBar } from './StateBar.tsx';

type Monitor = Answers['monitors']['get'];
type Failure = Monitor['failures'][number];

interface Props {
  now: number;
  role: string;
  id: string;
  monitor: Monitor;
  maintenance: Answers['maintenance']['list'];
  seconds: number;
}

export function MonitorView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <OneMonitor {...props} />
    </Root>
  );
}

function OneMonitor({ role, id, monitor: first, maintenance, seconds: firstSeconds }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const [seconds, setSeconds] = useRange(firstSeconds);
  const { data: monitor = first } = useQuery({
    ...trpc.monitors.get.queryOptions(
      { id, range: seconds },
      seconds === firstSeconds ? { initialData: first } : undefined,
    ),
    placeholderData: keepPreviousData,
  });
  const { row, times } = monitor;
  const mayChange = role !== 'viewer';
  return (
    <>
      <Head monitor={monitor} />
      {row ? (
        <>
          <Summary monitor={monitor} row={row} />
          {monitor.beatUrl && (
            <CopyLine
              line={`curl -fsS ${monitor.beatUrl}`}
              label="Let the job call this when it has ended well:"
            />
          )}
          <MaintenanceNotice of={{ monitorId: id }} first={maintenance} mayChange={mayChange} />
          {mayChange && <MonitorDecisions row={row} />}
        </>
      ) : (
        <p className="note">Discovery retired it: what it looked at is no longer there.</p>
      )}
      <Section id="uptime" title="Uptime">
        <ul className="uptimes">
          <UptimeOf name="24 hours" days={1} uptime={monitor.uptime.day} />
          <UptimeOf name="7 days" days={7} uptime={monitor.uptime.week} />
          <UptimeOf name="30 days" days={30} uptime={monitor.uptime.month} />
          <UptimeOf name="a year" days={365} uptime={monitor.uptime.year} />
        </ul>
      </Section>
      <Section id="times" title="Over time" tools={<RangeSwitch seconds={seconds} onChange={setSeconds} />}>
        <StateBar spans={monitor.spans} outages={monitor.outages} from={times.start} />
        {row?.kind !== 'heartbeat' && <ResponseTimes times={times} />}
      </Section>
      <Section id="failures" title="Failed looks">
        <Failures failures={monitor.failures} />
      </Section>
      <Section id="changes" title="Changes">
        <Transitions transitions={monitor.transitions} />
      </Section>
      {row && monitor.form && mayChange && <MonitorSettings key={row.id} row={row} form={monitor.form} />}
    </>
  );
}

function Head({ monitor: { server, name, row } }: { monitor: Monitor }) {
  return (
    <header className="head">
      <p className="crumb">
        <a href="/portal/">Servers</a>
        {server && (
          <>
            {' / '}
            <a href={`/portal/servers/${server.id}/`}>{server.hostname}</a>
          </>
        )}
      </p>
      <h1>{name}</h1>
      {row ? <State is={row.state} /> : <span className="muted">retired</span>}
      {row && (
        <p className="muted">
          since <Age at={row.stateSince} short />
        </p>
      )}
    </header>
  );
}

function Summary({ monitor, row }: { monitor: Monitor; row: NonNullable<Monitor['row']> }) {
  return (
    <dl className="summary" data-monitor={row.key} data-state={row.state}>
      <div>
        <dt>Looks at</dt>
        <dd>
          {monitor.kindName}: <code>{row.target}</code>
        </dd>
      </div>
      <div>
        <dt>Why</dt>
        <dd>
          {row.reason}{' '}
          <small>
            {row.origin === 'discovered' && 'since '}
            <Moment at={monitor.createdAt} />
          </small>
        </dd>
      </div>
      <div>
        <dt>Saw last</dt>
        <dd>
          {row.summary ?? 'nothing yet'}
          {row.lastCheckedAt && (
            <small>
              {' '}
              <Age at={row.lastCheckedAt} />
            </small>
          )}
        </dd>
      </div>
      <div>
        <dt>Every</dt>
        <dd>{formatDuration(row.interval)}</dd>
      </div>
    </dl>
  );
}

function ResponseTimes({ times }: { times: Monitor['times'] }) {
  const [cursor, setCursor] = useState<number | null>(null);
  return (
    <Chart
      title="Response time"
      lines={times.regions.map((region, index) => ({
        label: region.region,
        tone: (index % 6) + 1,
        values: region.average,
      }))}
      start={times.start}
      step={times.step}
      points={times.points}
      format={(value) => formatValue(value, 'ms')}
      cursor={cursor}
      onCursor={setCursor}
    />
  );
}

function Transitions({ transitions }: { transitions: Monitor['transitions'] }) {
  if (!transitions.length) return <p className="note">None yet.</p>;
  return (
    <ol className="changes">
      {transitions.map((change) => (
        <li key={change.id}>
          <Moment at={change.at} />
          <State is={change.to} />
          <span>{change.summary}</span>
        </li>
      ))}
    </ol>
  );
}

interface UptimeProps {
  name: string;
  days: number;
  uptime: Monitor['uptime']['day'];
}

function UptimeOf({ name, days, uptime }: UptimeProps) {
  const { percent, downSeconds, outages, maintenanceSeconds, watchedSeconds } = uptime;
  // A young monitor cannot vouch for a year.
  const isYoung = watchedSeconds > 0 && watchedSeconds + maintenanceSeconds < 0.9 * days * 86_400;
  const within = isYoung ? ` in ${formatDuration(watchedSeconds)}` : '';
  const without =
    maintenanceSeconds >= 1 ? `, without ${formatDuration(maintenanceSeconds)} of maintenance` : '';
  return (
    <li>
      <small>{name}</small>
      <b>
        {percent !== null
          ? `${Math.floor(percent * 1000) / 1000} %`
          : maintenanceSeconds
            ? 'in maintenance'
            : 'not watched'}
      </b>
      <small>
        {outages
          ? `down ${outages === 1 ? 'once' : `${outages} times`}, ${formatDuration(downSeconds)}`
          : 'never down'}
        {within}
        {without}
      </small>
    </li>
  );
}

function Failures({ failures }: { failures: Failure[] }) {
  if (!failures.length) return <p className="note">None in the last 30 days.</p>;
  return (
    <ul className="failures">
      {failures.map((failure) => (
        <li key={`${failure.at} ${failure.region}`}>
          <details>
            <summary>
              <Moment at={failure.at} /> <small className="tag">{failure.region}</small> {failure.summary}
            </summary>
            <WhatWasSeen failure={failure} />
          </details>
        </li>
      ))}
    </ul>
  );
}

function WhatWasSeen({ failure }: { failure: Failure }) {
  const phases = failure.phases.map(({ name, ms }) => `${name} ${formatValue(ms, 'ms')}`).join(', ');
  return (
    <>
      <p>
        <code>{failure.code}</code> {failure.meaning}
        {phases && `. ${phases}`}
      </p>
      <p>
        {failure.addresses.length > 0 && `Resolved to ${failure.addresses.join(', ')}. `}
        {failure.article && <a href={failure.article}>What it means and what to do</a>}
      </p>
      {failure.certificates.length > 0 && (
        <ol className="certificates">
          {failure.certificates.map(({ subject, issuer, until }, place) => (
            <li key={place}>
              {subject}{' '}
              <small>
                issued by {issuer}, until <Moment at={until} />
              </small>
            </li>
          ))}
        </ol>
      )}
      {failure.transcript.length > 0 && (
        <pre className="transcript" tabIndex={0} aria-label="What was sent and received">
          {failure.transcript.join('\n')}
        </pre>
      )}
      {failure.body && (
        <>
          <p>The page begins with:</p>
          <pre className="transcript" tabIndex={0} aria-label="What the page begins with">
            {failure.body}
          </pre>
        </>
      )}
    </>
  );
}
