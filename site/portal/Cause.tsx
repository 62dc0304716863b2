// A root cause: the picture from the cause to its symptoms, the evidence, and the article that tells what to do.
import { thresholdOf } from '#core/conditions/places.ts';
import { type Evidence, type RootCause, withoutOnset } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { withIncidentToken } from '#core/incidentLink.ts';
import { Age } from './Age.tsx';
import { articleName, type CauseNode, causeTree, type KeyedFinding } from './causeTree.ts';
import { State } from './State.tsx';

interface Props {
  cause: RootCause;
  problems: readonly KeyedFinding[];
  /** Of its incident, when there is one. */
  incidentId?: string;
  ended?: boolean;
  /** Of the incident's link: its article shows the values of this incident. */
  token?: string;
}

export function Cause({ cause, problems, incidentId, ended, token }: Props) {
  const tree = causeTree(cause, problems);
  if (!tree) return null;
  const { finding } = tree.root;
  // The tree tells the hops already; what it does not tell is who is behind the cause.
  const more = tree.root.effects.length
    ? [cause.attribution, cause.query?.because].filter(Boolean).join(' ')
    : beyond(finding.summary, cause.explanation);
  return (
    <article
      className="cause"
      data-tone={finding.severity}
      data-incident={incidentId}
      data-problem={finding.id}
    >
      <ul className="cause-tree" aria-label="From the cause to what follows from it">
        <Node node={tree.root} root ended={ended ?? false} />
      </ul>
      {more && <p className="explanation">{more}</p>}
      {cause.counterfactual && <p className="muted">{cause.counterfactual}</p>}
      {cause.before && (
        <p className="muted">Changed before it, not proven to matter: {cause.before.join(' ')}</p>
      )}
      {tree.also.length > 0 && (
        <p className="muted">Also follows: {tree.also.map(({ summary }) => summary).join('; ')}.</p>
      )}
      <EvidenceTable evidence={finding.evidence} />
      <Why finding={finding} />
      <p className="cause-links">
        <ArticleLink article={finding.article} token={token} main />
        {cause.query && cause.query.article !== finding.article && (
          <ArticleLink article={cause.query.article} token={token} about={cause.query.class} />
        )}
        {incidentId && <a href={`/portal/incidents/${incidentId}/`}>Incident</a>}
      </p>
    </article>
  );
}

/** By what it was found, and where the numbers come from: as stored with it. */
export function Why({ finding: { id, condition } }: { finding: KeyedFinding }) {
  if (!condition) return null;
  return (
    <details className="why" data-why={id}>
      <summary>Why it is told at this value</summary>
      <p className="muted">{condition.text}</p>
      <p className="muted">
        Source: {condition.source}. <a href={thresholdOf(id)}>All thresholds</a>
      </p>
    </details>
  );
}

/** What an explanation says beyond the sentence and the time that stand above it. */
function beyond(said: string, full: string): string {
  const explanation = withoutOnset(full).trim();
  const sentence = said.replace(/\.$/, '');
  if (explanation === sentence) return '';
  return explanation.startsWith(`${sentence}.`) ? explanation.slice(sentence.length + 1).trim() : explanation;
}

function Node({ node, root = false, ended }: { node: CauseNode; root?: boolean; ended: boolean }) {
  const { finding, because, effects } = node;
  return (
    <li data-tone={finding.severity} className={root ? 'root' : undefined}>
      {because && <p className="because">{because}</p>}
      <p className="finding">
        {!root && <span className="branch" aria-hidden="true" />}
        <State is={finding.severity} word={root && effects.length ? 'Root cause' : undefined} />
        <span className="finding-summary">{finding.summary}</span>
        {!ended && (
          <span className="muted since">
            since <Age at={finding.since} short />
          </span>
        )}
      </p>
      {effects.length > 0 && (
        <ul>
          {effects.map((effect) => (
            <Node key={effect.finding.key} node={effect} ended={ended} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function ArticleLink({
  article,
  main = false,
  about,
  token,
}: {
  article: string;
  main?: boolean;
  /** What it is about, where two stand beside each other. */
  about?: string;
  token?: string | undefined;
}) {
  return (
    <a
      href={token ? withIncidentToken(article, token) : article}
      data-article={article}
      className={main ? 'button main' : undefined}
    >
      {about ? `About ${about}` : 'What to do'}
      <span className="sr-only">: {articleName(article)}</span>
    </a>
  );
}

export function EvidenceTable({ evidence }: { evidence: readonly Evidence[] }) {
  if (!evidence.length) return null;
  return (
    <table className="evidence">
      <caption className="sr-only">Evidence</caption>
      <thead>
        <tr>
          <th scope="col">What was seen</th>
          <th scope="col">Value</th>
          <th scope="col">Normal</th>
          <th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map(({ what, value, unit, normal, source }) => (
          <tr key={`${what} ${source}`}>
            <th scope="row">{what}</th>
            <td className="value">{formatValue(value, unit)}</td>
            <td>{normal ?? ''}</td>
            <td>
              <code>{source}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RuledOut({
  entries,
  titles,
}: {
  entries: readonly { problem: string; effect: string; because: string }[];
  titles: Record<string, string>;
}) {
  if (!entries.length) return null;
  return (
    <details className="ruled-out">
      <summary>What it is not ({entries.length})</summary>
      <ul>
        {entries.map(({ problem, effect, because }) => (
          <li key={`${problem} ${effect}`}>
            <b>{titles[problem] ?? problem}</b> does not explain “{titles[effect] ?? effect}”: {because}
          </li>
        ))}
      </ul>
    </details>
  );
}
