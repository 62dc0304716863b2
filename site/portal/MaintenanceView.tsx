// Maintenance: what is being worked on, what is planned, and the form that plans it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { MaintenanceForm, type Scope } from './MaintenanceForm.tsx';
import { windowWords } from './maintenanceWords.ts';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
import { State } from './State.tsx';
import { Trouble } from './Trouble.tsx';

type Window = Answers['maintenance']['list'][number];

interface Props {
  now: number;
  role: string;
  windows: Window[];
  scope: Scope;
}

export function MaintenanceView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <Windows {...props} />
    </Root>
  );
}

function Windows({ role, windows: first, scope }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const { data: windows } = useQuery(trpc.maintenance.list.queryOptions({}, { initialData: first }));
  const end = useMutation(trpc.maintenance.end.mutationOptions());
  const remove = useMutation(trpc.maintenance.remove.mutationOptions());
  const mayChange = role !== 'viewer';
  return (
    <>
      <div className="head">
        <h1>Maintenance</h1>
        <p className="counts">while something is worked on, its failures wake nobody</p>
      </div>
      {windows.length === 0 && (
        <p className="lead">
          Nothing is planned. {mayChange ? 'Plan a window below' : 'A member can plan a window here'} before
          work begins: what fails inside it is shown, but opens no incident; what is still broken at its end
          is told then.
        </p>
      )}
      <ul className="windows">
        {windows.map((window) => (
          <li key={window.id} data-window={window.state}>
            <State is={`maintenance-${window.state}`} />
            <div>
              <b>{window.title}</b>
              <p>
                <For window={window} /> · {windowWords(window)}
              </p>
              <small className="muted">
                <When window={window} />
                planned by {window.by}
              </small>
            </div>
            {mayChange && (
              <div className="row">
                {window.state === 'active' && (
                  <ConfirmButton
                    text="End now"
                    question="What is broken is told at once."
                    onConfirm={() => end.mutate({ id: window.id })}
                  />
                )}
                <ConfirmButton
                  text="Remove"
                  question={window.rule ? 'It does not come again.' : 'It goes from this list.'}
                  onConfirm={() => remove.mutate({ id: window.id })}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
      <Trouble error={end.error ?? remove.error} />
      {mayChange && (
        <Section id="plan" title="Plan maintenance">
          <MaintenanceForm scope={scope} />
        </Section>
      )}
    </>
  );
}

function For({ window: { server, monitor } }: { window: Window }) {
  if (server) return <a href={`/portal/servers/${server.id}/`}>{server.hostname}</a>;
  if (monitor) return <a href={`/portal/monitors/${monitor.id}/`}>{monitor.name}</a>;
  return <>everything</>;
}

function When({ window: { state, next } }: { window: Window }) {
  if (!next) return null;
  return state === 'active' ? (
    <>
      ends <Age at={next.to} />,{' '}
    </>
  ) : (
    <>
      begins <Age at={next.from} />,{' '}
    </>
  );
}

type Of = { serverId: string } | { monitorId: string };

/** Whether a window is for something else than the page shows. */
function isAnother({ server, monitor }: Window, of: Of): boolean {
  return 'serverId' in of ? server?.id !== of.serverId : monitor?.id !== of.monitorId;
}

/** On the page of a server or monitor: that it is being worked on, or will be within a day, and the way to plan it. */
export function MaintenanceNotice({ of, first, mayChange }: { of: Of; first: Window[]; mayChange: boolean }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.maintenance.list.queryOptions(of, { initialData: first }));
  const soon = data.filter(({ state }) => state !== 'over');
  const plan = 'serverId' in of ? `?server=${of.serverId}` : `?monitor=${of.monitorId}`;
  if (!soon.length && !mayChange) return null;
  return (
    <div className="maintenance" data-maintenance={soon[0]?.state ?? 'none'}>
      {soon.slice(0, 3).map((window) => (
        <p key={window.id}>
          <State is={`maintenance-${window.state}`} /> <b>{window.title}</b>
          {isAnother(window, of) && (
            <>
              {' '}
              (<For window={window} />)
            </>
          )}
          : <When window={window} />
          {windowWords(window)}
        </p>
      ))}
      {mayChange && (
        <p>
          <a href={`/portal/maintenance/${plan}`}>Plan maintenance</a>
          {soon.length > 3 && <span className="muted"> ({soon.length - 3} more are planned)</span>}
        </p>
      )}
    </div>
  );
}
