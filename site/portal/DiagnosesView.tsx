// What was diagnosed of a server over time: each row is a judgement that said something else than the one before.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Moment } from './Age.tsx';
import { Cause, EvidenceTable, RuledOut, Why } from './Cause.tsx';
import { type Answers, useTRPC } from './client.ts';
import { Root } from './Root.tsx';
import { State } from './State.tsx';

type Page = Answers['judgements']['diagnoses'];

export function DiagnosesView({ now, page }: { now: number; page: Page }) {
  return (
    <Root now={now}>
      <List first={page} />
    </Root>
  );
}

function List({ first }: { first: Page }) {
  const trpc = useTRPC();
  const [before, setBefore] = useState<number>();
  const serverId = first.server.id;
  const { data: page = first } = useQuery(
    trpc.judgements.diagnoses.queryOptions(
      { serverId, ...(before === undefined ? {} : { before }) },
      before === undefined ? { initialData: first } : undefined,
    ),
  );
  return (
    <>
      <header className="head">
        <p className="crumb">
          <a href="/portal/">Servers</a>
          {' / '}
          <a href={`/portal/servers/${serverId}/`}>{first.server.hostname}</a>
        </p>
        <h1>What was diagnosed</h1>
      </header>
      {page.rows.length === 0 && <p className="note">Nothing was diagnosed yet.</p>}
      {page.rows.map((row) => (
        <details key={row.at} className="symptom" data-diagnosis={row.verdict}>
          <summary>
            <Moment at={row.at} /> <State is={worst(row)} /> {headline(row)}
          </summary>
          {row.rootCauses.map((cause) => (
            <Cause key={cause.key} cause={cause} problems={row.problems} ended />
          ))}
          <ul className="advice">
            {row.problems
              .filter(({ key }) => !row.rootCauses.some((c) => c.key === key || c.symptoms.includes(key)))
              .map((problem) => (
                <li key={problem.key}>
                  <State is={problem.severity} /> {problem.summary}
                  <Details finding={problem} />
                </li>
              ))}
          </ul>
          <RuledOut entries={row.ruledOut} titles={row.titles} />
        </details>
      ))}
      {page.more && (
        <button type="button" className="button" onClick={() => setBefore(page.rows.at(-1)!.at)}>
          Earlier
        </button>
      )}
    </>
  );
}

/** The evidence of a finding and by what it was found, as it was then. */
function Details({ finding }: { finding: Row['problems'][number] }) {
  return (
    <details>
      <summary>Evidence</summary>
      <EvidenceTable evidence={finding.evidence} />
      <Why finding={finding} />
    </details>
  );
}

type Row = Page['rows'][number];

function worst({ problems }: Row): 'critical' | 'warning' | 'info' | 'healthy' {
  const found = (['critical', 'warning', 'info'] as const).find((s) =>
    problems.some((p) => p.severity === s),
  );
  return found ?? 'healthy';
}

function headline({ rootCauses, problems, verdict, readable }: Row): string {
  if (!readable) return 'An older version of Rootnote wrote it in a way that this one does not read.';
  const names = rootCauses.map((c) => problems.find((p) => p.key === c.key)?.summary ?? c.problem);
  if (names.length) return names.join(' ');
  return verdict === 'healthy' ? 'Nothing is wrong.' : 'Something is wrong that no known cause explains.';
}
