// What was learned of a server: where slow quantities are heading, and what was unusual lately. No message comes from here.
import { formatDuration } from '#core/format.ts';
import { Age, Moment } from './Age.tsx';
import type { Answers } from './client.ts';
import { useClock } from './Now.tsx';
import { Section } from './Section.tsx';

type Learning = Answers['servers']['get']['learning'];

export function Learned({ learning }: { learning: Learning }) {
  const { outlook, insights } = learning;
  if (!outlook.length && !insights.length) return null;
  return (
    <div className="two">
      {outlook.length > 0 && (
        <Section id="outlook" title="Outlook" aside="if it goes on like this">
          <ul className="advice">
            {outlook.map((one) => (
              <Heading key={one.what} {...one} />
            ))}
          </ul>
        </Section>
      )}
      {insights.length > 0 && (
        <Section id="unusual" title="Unusual lately" aside="moved at the same time, not proven">
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
        </Section>
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
