// Tokens with which a Prometheus of one's own reads the newest values.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { Section } from './Section.tsx';
import { TokenForm } from './TokenForm.tsx';
import { Trouble } from './Trouble.tsx';

export function ExportTokens({ tokens: first }: { tokens: Answers['exportTokens']['list'] }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.exportTokens.list.queryOptions(undefined, { initialData: first }));
  const again = { onSettled: () => query.refetch() };
  const create = useMutation(trpc.exportTokens.create.mutationOptions(again));
  const revoke = useMutation(trpc.exportTokens.revoke.mutationOptions(again));
  return (
    <Section id="export" title="Metrics for others" aside="the newest values as OpenMetrics">
      <p className="note">
        A token reads <code>/api/metrics</code> and nothing else: for Prometheus, Grafana and their like.
      </p>
      <ul className="people">
        {query.data.map((token) => (
          <li key={token.id} data-token={token.name}>
            <span>
              <b>{token.name}</b> <small>{token.hint}…</small>
            </span>
            <span>
              made <Age at={token.createdAt} />
            </span>
            <ConfirmButton
              text="Revoke"
              question="Whoever reads with it gets nothing from now on."
              onConfirm={() => revoke.mutate({ id: token.id })}
            />
          </li>
        ))}
      </ul>
      <Trouble error={revoke.error} />
      <TokenForm
        label="Who reads with the new token"
        field={{ maxLength: 100, placeholder: 'Prometheus in the office' }}
        button="Make a token"
        shown="This shows the values. The token is shown only now:"
        making={create}
      />
    </Section>
  );
}
