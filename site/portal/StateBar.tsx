// How a monitor was over a range of time: a colour a state, and one of its own for planned maintenance.
import type { Answers } from './client.ts';

type Spans = Answers['monitors']['get']['spans'];

interface Props {
  spans: Spans;
  /** As uptime counts them. */
  outages: number;
  /** Where the range begins, as in the chart below: epoch seconds. A monitor that is younger has seen only its end. */
  from: number;
}

export function StateBar({ spans, outages, from: begin }: Props) {
  const born = spans[0]?.from ?? begin;
  const start = Math.min(begin, born);
  const length = (spans.at(-1)?.to ?? 0) - start || 1;
  const worked = spans.some(({ maintenance }) => maintenance !== undefined);
  return (
    <>
      <div className="state-bar" role="img" aria-label={wordsOf(spans, outages)}>
        {born > start && (
          <span
            data-is="unwatched"
            style={{ width: `${((born - start) / length) * 100}%` }}
            title="not watched yet"
          />
        )}
        {spans.map(({ from, to, state, maintenance }) => (
          <span
            key={from}
            data-is={maintenance === undefined ? state : 'maintenance'}
            data-down={maintenance !== undefined && state === 'down' ? '' : undefined}
            style={{ width: `${((to - from) / length) * 100}%` }}
            title={maintenance === undefined ? state : `${state}, maintenance: ${maintenance}`}
          />
        ))}
      </div>
      {worked && (
        <p className="state-legend muted">
          <i className="state-bar" aria-hidden="true">
            <span data-is="maintenance" />
          </i>{' '}
          Planned maintenance, which uptime leaves out.
        </p>
      )}
    </>
  );
}

function wordsOf(spans: Spans, outages: number): string {
  const worked = spans.filter(
    ({ maintenance }, index) => maintenance !== undefined && spans[index - 1]?.maintenance === undefined,
  ).length;
  return [
    outages ? `Down ${times(outages)} in this range` : 'Never down in this range',
    ...(worked ? [`in maintenance ${times(worked)}`] : []),
  ].join(', ');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
