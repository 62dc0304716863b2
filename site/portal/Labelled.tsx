// One control with its label above it.
import { type ReactNode, useId } from 'react';

interface Props {
  label: string;
  /** In small letters behind the label. */
  note?: string | undefined;
  /** Draws the control, with the id that the label names. */
  children: (id: string) => ReactNode;
}

export function Labelled({ label, note, children }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {note && <small> {note}</small>}
      </label>
      {children(id)}
    </div>
  );
}
