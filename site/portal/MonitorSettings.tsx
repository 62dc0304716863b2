// The settings of a monitor, drawn from the schema of its kind.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Answers, useTRPC } from './client.ts';
import { Fields, IntervalField, type Typed } from './Fields.tsx';
import { Trouble } from './Trouble.tsx';

type Monitor = Answers['monitors']['get'];
type Row = NonNullable<Monitor['row']>;

export function MonitorSettings({ row, form }: { row: Row; form: NonNullable<Monitor['form']> }) {
  const trpc = useTRPC();
  const [name, setName] = useState(row.name);
  const [interval, setInterval] = useState(String(row.interval));
  const [typed, setTyped] = useState<Typed>(form.values);
  const edit = useMutation(trpc.monitors.edit.mutationOptions());
  return (
    <section aria-labelledby="edit">
      <details>
        <summary>
          <h2 id="edit">Settings</h2>
        </summary>
        <form
          className="fields"
          onSubmit={(event) => {
            event.preventDefault();
            edit.mutate({ id: row.id, name, interval: Number(interval), form: typed });
          }}
        >
          <div className="field">
            <label htmlFor="edit-name">Name</label>
            <input
              id="edit-name"
              value={name}
              required
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <IntervalField value={interval} onChange={setInterval} />
          <Fields fields={form.fields} values={typed} onChange={setTyped} kept />
          <Trouble error={edit.error} />
          <div className="row">
            <button type="submit" className="button main" disabled={edit.isPending}>
              Save
            </button>
            <span role="status">{edit.isSuccess && 'Saved. Discovery leaves it as it is from now on.'}</span>
          </div>
        </form>
      </details>
    </section>
  );
}
