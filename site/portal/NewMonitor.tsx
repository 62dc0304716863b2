// A monitor of a person's own, for what discovery cannot know.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from './client.ts';
import { Fields, IntervalField, presets, type Typed } from './Fields.tsx';
import { Labelled } from './Labelled.tsx';
import { Trouble } from './Trouble.tsx';

export function NewMonitor({ serverId }: { serverId: string }) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<string>('http');
  const [name, setName] = useState('');
  const [interval, setInterval] = useState('60');
  const [typed, setTyped] = useState<Typed>({});
  const kinds = useQuery(trpc.monitors.kinds.queryOptions(undefined, { enabled: open }));
  const chosen = kinds.data?.find((each) => each.kind === kind);
  const create = useMutation(
    trpc.monitors.create.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        setTyped({});
        setName('');
      },
    }),
  );
  return (
    <details className="new-monitor" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="button">Add a monitor of your own</summary>
      {chosen && (
        <form
          className="panel fields"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({
              serverId,
              kind: chosen.kind,
              name,
              interval: Number(interval),
              form: { ...presets(chosen.fields), ...typed },
            });
          }}
        >
          <Labelled label="Look at">
            {(id) => (
              <select
                id={id}
                value={kind}
                onChange={(event) => {
                  setKind(event.target.value);
                  setTyped({});
                }}
              >
                {kinds.data?.map((each) => (
                  <option key={each.kind} value={each.kind}>
                    {each.name}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Fields
            fields={chosen.fields}
            values={{ ...presets(chosen.fields), ...typed }}
            onChange={setTyped}
          />
          <Labelled label="Name" note="optional">
            {(id) => (
              <input id={id} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
            )}
          </Labelled>
          <IntervalField value={interval} onChange={setInterval} />
          <Trouble error={create.error} />
          <div>
            <button type="submit" className="button main" disabled={create.isPending}>
              Add
            </button>
          </div>
        </form>
      )}
    </details>
  );
}
