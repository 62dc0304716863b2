// A form drawn from the fields of a schema (portal/formFields.ts). Nothing here knows any kind of channel or probe.
import type { Answers } from './client.ts';
import { Labelled } from './Labelled.tsx';

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
  return (
    <Labelled label="Every (seconds)">
      {(id) => (
        <input
          id={id}
          type="number"
          min={10}
          max={86_400}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Labelled>
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
  const { label, kind, required } = field;
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
  const hint = hints[kind];
  return (
    <Labelled label={label} note={required ? undefined : 'optional'}>
      {(id) => (
        <>
          <Control id={id} field={field} value={value} kept={kept} onChange={onChange} />
          {hint && (
            <small id={`${id}-hint`} className="hint">
              {hint}
            </small>
          )}
        </>
      )}
    </Labelled>
  );
}

const severalLines = new Set<FieldOf['kind']>(['list', 'numbers', 'pairs', 'long', 'longSecret']);

function Control({ id, field, value, kept, onChange }: FieldProps & { id: string }) {
  const { kind, required, options, preset, least, most } = field;
  const isKept = kept && (kind === 'secret' || kind === 'longSecret');
  const common = {
    id,
    value,
    required: required && !isKept,
    'aria-describedby': hints[kind] ? `${id}-hint` : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (kind === 'choice') {
    return (
      <select {...common}>
        {!options?.includes(preset) && <option value="">–</option>}
        {options?.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  const placeholder = isKept ? 'unchanged' : undefined;
  if (severalLines.has(kind)) {
    const rows = Math.min(6, Math.max(2, value.split('\n').length));
    return <textarea {...common} placeholder={placeholder} rows={rows} spellCheck={false} />;
  }
  return (
    <input
      {...common}
      type={kind === 'secret' ? 'password' : kind === 'number' ? 'number' : 'text'}
      step="any"
      min={least}
      max={most}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

const hints: Partial<Record<FieldOf['kind'], string>> = {
  list: 'One a line.',
  numbers: 'One a line.',
  pairs: 'One a line, as name: value.',
};
