// Channels: how people hear of incidents, each with a button that tries it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { Fields, presets, type Typed } from './Fields.tsx';
import { useClock } from './Now.tsx';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
import { State } from './State.tsx';
import { Trouble } from './Trouble.tsx';

type Kinds = Answers['channels']['kinds'];
type Channel = Answers['channels']['list'][number];
type Severity = Channel['minSeverity'];

interface Props {
  now: number;
  kinds: Kinds;
  channels: Channel[];
}

export function ChannelsView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <Channels {...props} />
    </Root>
  );
}

function Channels({ kinds, channels: first }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const { data: channels } = useQuery(trpc.channels.list.queryOptions(undefined, { initialData: first }));
  const [adding, setAdding] = useState<Kinds[number] | null>(null);
  return (
    <>
      <div className="head">
        <h1>Channels</h1>
        <p className="counts">one message for one root cause, to each of them</p>
      </div>
      {channels.length === 0 && !adding && (
        <p className="lead">Nobody is told yet. Choose how you want to hear of an incident.</p>
      )}
      <ul className="channels">
        {channels.map((channel) => (
          <ChannelCard
            key={channel.id}
            channel={channel}
            kind={kinds.find(({ kind }) => kind === channel.kind)!}
          />
        ))}
      </ul>
      <Section id="add" title="Add a channel">
        <div className="row">
          {kinds.map((kind) => (
            <button
              key={kind.kind}
              type="button"
              className="button"
              aria-pressed={adding?.kind === kind.kind}
              onClick={() => setAdding(adding?.kind === kind.kind ? null : kind)}
            >
              {kind.name}
            </button>
          ))}
        </div>
        {adding && <NewChannel key={adding.kind} kind={adding} onDone={() => setAdding(null)} />}
      </Section>
    </>
  );
}

function NewChannel({ kind, onDone }: { kind: Kinds[number]; onDone: () => void }) {
  const trpc = useTRPC();
  const create = useMutation(trpc.channels.create.mutationOptions({ onSuccess: onDone }));
  return (
    <ChannelForm
      kind={kind}
      first={{ name: kind.name, minSeverity: 'warning', enabled: true, form: presets(kind.fields) }}
      error={create.error}
      pending={create.isPending}
      submit="Add"
      onSubmit={(typed) => create.mutate({ kind: kind.kind, ...typed })}
    />
  );
}

function ChannelCard({ channel, kind }: { channel: Channel; kind: Kinds[number] }) {
  const trpc = useTRPC();
  const [editing, setEditing] = useState(false);
  const update = useMutation(trpc.channels.update.mutationOptions({ onSuccess: () => setEditing(false) }));
  const remove = useMutation(trpc.channels.remove.mutationOptions());
  const { id } = channel;
  return (
    <li className="panel channel" data-channel={channel.kind}>
      <div className="head">
        <h2>{channel.name}</h2>
        <span className="tag">{kind.name}</span>
        <span className="muted">{channel.enabled ? `from ${channel.minSeverity} up` : 'switched off'}</span>
        <div className="head-tools">
          <button
            type="button"
            className="button"
            aria-expanded={editing}
            onClick={() => setEditing(!editing)}
          >
            Change
          </button>
          <ConfirmButton
            text="Remove"
            question="Nobody is told this way any more."
            onConfirm={() => remove.mutate({ id })}
          />
        </div>
      </div>
      <dl className="channel-settings">
        {kind.fields
          .filter(
            (field) => field.kind !== 'secret' && field.kind !== 'longSecret' && channel.form[field.name],
          )
          .map((field) => (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd>{channel.form[field.name]!.split('\n').join(', ')}</dd>
            </div>
          ))}
      </dl>
      <Test channel={channel} />
      {kind.note && <p className="note warns">{kind.note}</p>}
      <Trouble error={remove.error} />
      {editing && (
        <ChannelForm
          kind={kind}
          kept
          first={channel}
          error={update.error}
          pending={update.isPending}
          submit="Save"
          onSubmit={(typed) => update.mutate({ id, ...typed })}
        />
      )}
    </li>
  );
}

/** The worker sends the message; what came of it is announced as a change of the channel. */
function Test({ channel }: { channel: Channel }) {
  const trpc = useTRPC();
  const { now } = useClock();
  const [asked, setAsked] = useState<{ at: number; sentAt: number | null; error: string | null } | null>(
    null,
  );
  const test = useMutation(trpc.channels.test.mutationOptions());
  const { lastSentAt, lastError } = channel;
  const answered = asked !== null && (lastSentAt !== asked.sentAt || lastError !== asked.error);
  const waiting = asked !== null && !answered;
  useEffect(() => {
    if (answered) setAsked(null);
  }, [answered]);
  return (
    <div className="row channel-test">
      <button
        type="button"
        className="button"
        disabled={test.isPending || (waiting && now - asked.at < 30)}
        onClick={() => {
          setAsked({ at: now, sentAt: lastSentAt, error: lastError });
          test.mutate({ id: channel.id });
        }}
      >
        Send a test message
      </button>
      <span role="status" className="channel-result">
        {test.error ? (
          <span className="trouble">{test.error.message}</span>
        ) : waiting ? (
          now - asked.at < 30 ? (
            <State is="queued" />
          ) : (
            'No answer yet. Is a worker running?'
          )
        ) : lastError ? (
          <>
            <State is="failed" /> {lastError}
          </>
        ) : lastSentAt ? (
          <>
            <State is="sent" /> <Age at={lastSentAt} />
          </>
        ) : (
          <span className="muted">never used</span>
        )}
      </span>
    </div>
  );
}

interface TypedChannel {
  name: string;
  minSeverity: Severity;
  enabled: boolean;
  form: Typed;
}

interface FormProps {
  kind: Kinds[number];
  first: TypedChannel;
  kept?: boolean;
  error: { message: string } | null;
  pending: boolean;
  submit: string;
  onSubmit: (typed: TypedChannel) => void;
}

function ChannelForm({ kind, first, kept, error, pending, submit, onSubmit }: FormProps) {
  const [name, setName] = useState(first.name);
  const [minSeverity, setMinSeverity] = useState<Severity>(first.minSeverity);
  const [enabled, setEnabled] = useState(first.enabled);
  const [form, setForm] = useState<Typed>(first.form);
  const id = `channel-${kept ? 'edit' : 'new'}-${kind.kind}`;
  return (
    <form
      className="fields channel-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ name, minSeverity, enabled, form });
      }}
    >
      {kind.note && !kept && <p className="note warns">{kind.note}</p>}
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          value={name}
          required
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <Fields fields={kind.fields} values={form} onChange={setForm} kept={kept ?? false} />
      <div className="field">
        <label htmlFor={`${id}-severity`}>Tell from</label>
        <select
          id={`${id}-severity`}
          value={minSeverity}
          onChange={(event) => setMinSeverity(event.target.value as Severity)}
        >
          <option value="critical">critical only</option>
          <option value="warning">warning up</option>
        </select>
      </div>
      <label className="field flag">
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        Switched on
      </label>
      <Trouble error={error} />
      <div>
        <button type="submit" className="button main" disabled={pending}>
          {submit}
        </button>
      </div>
    </form>
  );
}
