// What was learned of a server: where slow quantities are heading, and what was unusual lately. No message comes from here.
import { formatDuration } from '#core/format.ts';
import { Age, Moment } from './Age.tsx';
import type { Answers } from './client.ts';
import { useClock } from './Now.tsx';

type Learning = Answers['servers']['get']['learning'];

export function Learned({ learning }: { learning: Learning }) {
  const { outlook, insights } = learning;
  if (!outlook.length && !insights.length) return null;
  return (
    <div className="two">
      {outlook.length > 0 && (
        <section aria-labelledby="outlook">
          <div className="head">
            <h2 id="outlook">Outlook</h2>
            <p className="counts">if it goes on like this</p>
          </div>
          <ul className="advice">
            {outlook.map((one) => (
              <Heading key={one.what} {...one} />
            ))}
          </ul>
        </section>
      )}
      {insights.length > 0 && (
        <section aria-labelledby="unusual">
          <div className="head">
            <h2 id="unusual">Unusual lately</h2>
            <p className="counts">moved at the same time, not proven</p>
          </div>
          {insights.map((insight) => (
            <details key={insight.at} className="symptom" data-insight={insight.at}>
              <summary>
                <Moment at={insight.at} /> {insight.title}
              </summary>
              <ul>
                {[...insight.before, ...insight.moved.slice(1)].map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </details>
          ))}
        </section>
      )}
    </div>
  );
}

function Heading({ what, end, expected, earliest, latest, span }: Learning['outlook'][number]) {
  const { now } = useClock();
  const left = (at: number) => formatDuration(Math.max(0, at - now));
  return (
    <li data-outlook={what}>
      {expected <= now ? (
        <>
          {what}: {end} since <Age at={expected} />
        </>
      ) : (
        `${what}: ${end} in ${left(expected)}`
      )}
      {span > 0 && (
        <span className="muted">
          {' '}
          ({left(earliest)} to {left(latest)}; seen over {formatDuration(span)})
        </span>
      )}
    </li>
  );
}
