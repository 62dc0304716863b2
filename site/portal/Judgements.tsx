// What people said about the judgements of a server: what is accepted, and which bounds are its own.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Trouble } from './Trouble.tsx';

interface Props {
  serverId: string;
  mayChange: boolean;
  first: Answers['judgements']['list'];
}

export function Judgements({ serverId, mayChange, first }: Props) {
  const trpc = useTRPC();
  const { data = first } = useQuery(trpc.judgements.list.queryOptions({ serverId }, { initialData: first }));
  const takeBack = useMutation(trpc.judgements.takeBack.mutationOptions());
  const resetBound = useMutation(trpc.judgements.resetBound.mutationOptions());
  if (!data.accepted.length && !data.bounds.length) return null;
  return (
    <section aria-labelledby="judgements">
      <div className="head">
        <h2 id="judgements">Accepted and set by you</h2>
        <p className="counts">told again when it changes</p>
      </div>
      <ul className="advice">
        {data.accepted.map((one) => (
          <li key={one.key} data-accepted={one.key}>
            <span>{one.summary}</span>{' '}
            <span className="muted">
              accepted by {one.by} <Age at={one.at} />
              {one.until !== null && (
                <>
                  , until <Age at={one.until} />
                </>
              )}
              : {one.reason}
            </span>{' '}
            {mayChange && (
              <button
                type="button"
                className="button"
                onClick={() => takeBack.mutate({ serverId, key: one.key })}
              >
                Take back
              </button>
            )}
          </li>
        ))}
        {data.bounds.map((one) => (
          <li key={one.ruleId} data-bound={one.ruleId}>
            <span>
              {one.title}. {one.text ?? 'This version knows no such bound: it holds no longer.'}
            </span>{' '}
            {one.usual && <span className="muted">Without it: {one.usual} </span>}
            <span className="muted">
              set by {one.by} <Age at={one.at} />: {one.reason}
            </span>{' '}
            {mayChange && (
              <button
                type="button"
                className="button"
                onClick={() => resetBound.mutate({ serverId, ruleId: one.ruleId })}
              >
                Back to the default
              </button>
            )}
          </li>
        ))}
      </ul>
      <Trouble error={takeBack.error ?? resetBound.error} />
    </section>
  );
}
