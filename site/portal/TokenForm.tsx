// A name for a new token, and the line with the token itself, which is shown once.
import { type InputHTMLAttributes, useState } from 'react';
import { CopyLine } from './CopyLine.tsx';
import { Trouble } from './Trouble.tsx';

interface Props {
  /** What the name is of, for who does not see the placeholder. */
  label: string;
  /** Of the field: what may be written into it. */
  field: InputHTMLAttributes<HTMLInputElement>;
  button: string;
  /** Above the line with the token. */
  shown: string;
  /** False: only what was made before is shown. */
  open?: boolean;
  making: {
    mutate(input: { name: string }, options: { onSuccess(): void }): void;
    isPending: boolean;
    error: Parameters<typeof Trouble>[0]['error'];
    data: { line: string } | undefined;
  };
}

export function TokenForm({ label, field, button, shown, open = true, making }: Props) {
  const [name, setName] = useState('');
  return (
    <>
      {open && (
        <form
          className="row invite"
          onSubmit={(event) => {
            event.preventDefault();
            making.mutate({ name }, { onSuccess: () => setName('') });
          }}
        >
          <label className="inline">
            <span className="sr-only">{label}</span>
            <input required {...field} value={name} onChange={(event) => setName(event.target.value)} />
          </label>
          <button type="submit" className="button main" disabled={making.isPending}>
            {button}
          </button>
        </form>
      )}
      <Trouble error={making.error} />
      {making.data && <CopyLine line={making.data.line} label={shown} />}
    </>
  );
}
