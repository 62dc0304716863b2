// What a person may say about a finding: "accept this value, tell me when it changes", or another bound for this server alone.
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { thresholdOf } from '#core/conditions/places.ts';
import { useTRPC } from './client.ts';
import type { KeyedFinding } from './causeTree.ts';
import { Trouble } from './Trouble.tsx';

interface Props {
  serverId: string;
  finding: KeyedFinding;
}

export function Judge({ serverId, finding }: Props) {
  return (
    <div className="judge" data-judge={finding.key}>
      {!finding.accepted && (
        <details>
          <summary>Accept it as it is</summary>
          <Accept serverId={serverId} finding={finding} />
        </details>
      )}
      {finding.bound && (
        <details>
          <summary>Set another bound</summary>
          <Bound serverId={serverId} finding={finding} bound={finding.bound} />
        </details>
      )}
    </div>
  );
}

const terms = [
  ['7', 'a week'],
  ['30', 'a month'],
  ['90', 'three months'],
  ['', 'until I take it back'],
] as const;

function Accept({ serverId, finding }: Props) {
  const trpc = useTRPC();
  const id = useId();
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('30');
  const accept = useMutation(trpc.judgements.accept.mutationOptions());
  if (accept.isSuccess)
    return <p className="note">Accepted. It is told again when it changes or the time is over.</p>;
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate({ serverId, key: finding.key, reason, days: days ? Number(days) : null });
      }}
    >
      <Text id={`${id}-why`} label="Why" value={reason} onChange={setReason} />
      <div className="field">
        <label htmlFor={`${id}-days`}>For</label>
        <select id={`${id}-days`} value={days} onChange={(event) => setDays(event.target.value)}>
          {terms.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" className="button" disabled={accept.isPending}>
        Accept
      </button>
      <Trouble error={accept.error} />
    </form>
  );
}

function Bound({ serverId, finding, bound }: Props & { bound: NonNullable<KeyedFinding['bound']> }) {
  const trpc = useTRPC();
  const id = useId();
  const [reason, setReason] = useState('');
  const [numbers, setNumbers] = useState({
    raise: String(bound.raise),
    clear: String(bound.clear),
    critical: bound.critical === undefined ? '' : String(bound.critical),
    samples: String(bound.samples),
  });
  const set = useMutation(trpc.judgements.setBound.mutationOptions());
  if (set.isSuccess) return <p className="note">Set. The server is judged by it from now on.</p>;
  const unit = bound.unit && bound.unit !== 'count' ? ` (${bound.unit})` : '';
  const fields = [
    ['raise', `It begins ${bound.side}${unit}`],
    ['clear', `It ends when no longer ${bound.side}${unit}`],
    ...(bound.critical === undefined ? [] : [['critical', `It is critical ${bound.side}${unit}`] as const]),
    ['samples', 'Reports in a row'],
  ] as const;
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        const { critical } = numbers;
        set.mutate({
          serverId,
          ruleId: finding.id,
          reason,
          bound: {
            metric: bound.metric,
            raise: Number(numbers.raise),
            clear: Number(numbers.clear),
            samples: Number(numbers.samples),
            ...(critical === '' ? {} : { critical: Number(critical) }),
          },
        });
      }}
    >
      {finding.condition && (
        <p className="note">
          {finding.condition.text} Source: {finding.condition.source}.{' '}
          <a href={thresholdOf(finding.id)}>All thresholds</a>
        </p>
      )}
      {fields.map(([name, label]) => (
        <div key={name} className="field">
          <label htmlFor={`${id}-${name}`}>{label}</label>
          <input
            id={`${id}-${name}`}
            type="number"
            step="any"
            required={name !== 'critical'}
            value={numbers[name]}
            onChange={(event) => setNumbers({ ...numbers, [name]: event.target.value })}
          />
        </div>
      ))}
      <Text id={`${id}-why`} label="Why" value={reason} onChange={setReason} />
      <button type="submit" className="button" disabled={set.isPending}>
        Set for this server
      </button>
      <Trouble error={set.error} />
    </form>
  );
}

function Text(props: { id: string; label: string; value: string; onChange: (text: string) => void }) {
  return (
    <div className="field">
      <label htmlFor={props.id}>{props.label}</label>
      <input
        id={props.id}
        value={props.value}
        required
        minLength={3}
        maxLength={500}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
