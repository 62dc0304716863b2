// A form drawn from the fields of a schema (portal/formFields.ts). Nothing here knows any kind of channel or probe.
import { useId } from 'react';
import type { Answers } from './client.ts';

export type FieldOf = Answers['channels']['kinds'][number]['fields'][number];
export type Typed = Record<string, string>;

interface Props {
  fields: FieldOf[];
  values: Typed;
  onChange: (values: Typed) => void;
  /** Settings exist already: an empty secret keeps the old one. */
  kept?: boolean;
}

export function presets(fields: FieldOf[]): Typed {
  return Object.fromEntries(fields.map(({ name, preset }) => [name, preset]));
}

/** How often a monitor is looked at. */
export function IntervalField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Every (seconds)</label>
      <input
        id={id}
        type="number"
        min={10}
        max={86_400}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** Those that must be filled in come first; the rest is folded away. */
export function Fields({ fields, values, onChange, kept = false }: Props) {
  const first = fields.filter(({ required }) => required);
  const rest = fields.filter(({ required }) => !required);
  const draw = (field: FieldOf) => (
    <Field
      key={field.name}
      field={field}
      kept={kept}
      value={values[field.name] ?? ''}
      onChange={(value) => onChange({ ...values, [field.name]: value })}
    />
  );
  return (
    <>
      {first.map(draw)}
      {rest.length > 2 ? (
        <details>
          <summary>More settings</summary>
          <div className="fields">{rest.map(draw)}</div>
        </details>
      ) : (
        rest.map(draw)
      )}
    </>
  );
}

interface FieldProps {
  field: FieldOf;
  value: string;
  kept: boolean;
  onChange: (value: string) => void;
}

function Field({ field, value, kept, onChange }: FieldProps) {
  const id = useId();
  const { label, kind, required, options, least, most } = field;
  const hint = hints[kind];
  const isSecret = kind === 'secret' || kind === 'longSecret';
  const common = {
    id,
    value,
    required: required && !(isSecret && kept),
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (kind === 'flag') {
    return (
      <label className="field flag">
        <input
          type="checkbox"
          checked={value === 'true'}
          onChange={(event) => onChange(String(event.target.checked))}
        />
        {label}
      </label>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {!required && <small> optional</small>}
      </label>
      {kind === 'choice' ? (
        <select {...common}>
          {!options?.includes(field.preset) && <option value="">–</option>}
          {options?.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : kind === 'list' ||
        kind === 'numbers' ||
        kind === 'pairs' ||
        kind === 'long' ||
        kind === 'longSecret' ? (
        <textarea
          {...common}
          placeholder={isSecret && kept ? 'unchanged' : undefined}
          rows={Math.min(6, Math.max(2, value.split('\n').length))}
          spellCheck={false}
        />
      ) : (
        <input
          {...common}
          type={kind === 'secret' ? 'password' : kind === 'number' ? 'number' : 'text'}
          step="any"
          min={least}
          max={most}
          placeholder={isSecret && kept ? 'unchanged' : undefined}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {hint && (
        <small id={`${id}-hint`} className="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

const hints: Partial<Record<FieldOf['kind'], string>> = {
  list: 'One a line.',
  numbers: 'One a line.',
  pairs: 'One a line, as name: value.',
};
