// What a person decides about a monitor: look now, pause, mute, pin, forbid, remove.
import { useMutation } from '@tanstack/react-query';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { Trouble } from './Trouble.tsx';

type Row = NonNullable<Answers['monitors']['get']['row']>;

export function MonitorDecisions({ row }: { row: Row }) {
  const trpc = useTRPC();
  const { id, decision, state } = row;
  const checkNow = useMutation(trpc.monitors.checkNow.mutationOptions());
  const acceptNow = useMutation(trpc.monitors.acceptNow.mutationOptions());
  const pause = useMutation(trpc.monitors.pause.mutationOptions());
  const resume = useMutation(trpc.monitors.resume.mutationOptions());
  const decide = useMutation(trpc.monitors.decide.mutationOptions());
  const remove = useMutation(
    trpc.monitors.remove.mutationOptions({
      onSuccess: () => location.assign(row.serverId ? `/portal/servers/${row.serverId}/` : '/portal/'),
    }),
  );
  const error = [checkNow, acceptNow, pause, resume, decide, remove].find((one) => one.error)?.error ?? null;
  const forbidden = decision === 'forbidden';
  return (
    <div className="decisions">
      <div className="row">
        {state !== 'paused' && (
          <button
            type="button"
            className="button main"
            disabled={checkNow.isPending}
            onClick={() => checkNow.mutate({ id })}
          >
            Look now
          </button>
        )}
        {!forbidden &&
          (state === 'paused' ? (
            <button type="button" className="button" onClick={() => resume.mutate({ id })}>
              Resume
            </button>
          ) : (
            <button type="button" className="button" onClick={() => pause.mutate({ id })}>
              Pause
            </button>
          ))}
        {(['muted', 'pinned', 'forbidden'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={decision === each}
            title={explained[each]}
            onClick={() => decide.mutate({ id, decision: decision === each ? null : each })}
          >
            {verbs[each][decision === each ? 1 : 0]}
          </button>
        ))}
        {row.kind === 'dns' && (
          <button
            type="button"
            className="button"
            disabled={acceptNow.isPending}
            title="The next answer is what is expected from then on."
            onClick={() => acceptNow.mutate({ id })}
          >
            Accept what is there now
          </button>
        )}
        {row.origin === 'person' && (
          <ConfirmButton
            text="Remove"
            question="It goes with its history."
            onConfirm={() => remove.mutate({ id })}
          />
        )}
      </div>
      {decision && decision in explained ? (
        <p className="note">{explained[decision as keyof typeof explained]}</p>
      ) : (
        <details className="muted">
          <summary>What these do</summary>
          <ul className="plain">
            <li>Paused: it is not looked at until you resume it.</li>
            {Object.values(explained).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      <Trouble error={error} />
    </div>
  );
}

const verbs = {
  muted: ['Mute', 'Unmute'],
  pinned: ['Pin', 'Unpin'],
  forbidden: ['Forbid', 'Allow'],
} as const;

const explained = {
  muted:
    'Muted: it is looked at, but its failures open no incident. When what it looks at goes away, it is retired.',
  pinned: 'Pinned: it stays, even when discovery no longer finds its reason.',
  forbidden: 'Forbidden: it is never looked at, and discovery does not bring it back.',
};
