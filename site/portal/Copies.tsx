// Another machine reports with this server's token: a copy of its disk. What it is, only a person knows.
import { useMutation } from '@tanstack/react-query';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { CopyLine } from './CopyLine.tsx';
import { Trouble } from './Trouble.tsx';

type Server = Answers['servers']['get'];

export function Copies({ server, mayDecide }: { server: Server; mayDecide: boolean }) {
  const trpc = useTRPC();
  const decide = useMutation(trpc.servers.decideCopy.mutationOptions());
  if (server.copies.length === 0 && !decide.data?.line) return null;
  return (
    <section className="copies" aria-labelledby="copies">
      <h2 id="copies">A copy of this server?</h2>
      {server.copies.map(({ bootId, hostname, firstAt, lastAt }) => (
        <div key={bootId}>
          <p>
            Another machine{hostname && <> that calls itself {hostname}</>} reports with the token of this
            server: since <Age at={firstAt} />, last <Age at={lastAt} />. A disk that was copied holds the
            same token. Its reports are kept, and nothing is read from them until{' '}
            {mayDecide ? 'you decide.' : 'an owner decides.'}
          </p>
          {mayDecide && (
            <div className="row">
              <button
                type="button"
                className="button"
                disabled={decide.isPending}
                onClick={() => decide.mutate({ id: server.id, bootId, decision: 'own' })}
              >
                It is a machine of its own
              </button>
              <ConfirmButton
                text="It is this server"
                question="What it reports is taken for this server, as after a move to another host."
                onConfirm={() => decide.mutate({ id: server.id, bootId, decision: 'same' })}
              />
              <ConfirmButton
                text="Refuse it"
                question="Its reports stay unread. If it is not yours, also make a new token for this server."
                onConfirm={() => decide.mutate({ id: server.id, bootId, decision: 'refused' })}
              />
            </div>
          )}
        </div>
      ))}
      {decide.data?.line && (
        <>
          <p>
            It is <a href={`/portal/servers/${decide.data.id}/`}>a server of its own</a> now. Until it
            restarts it is known by its boot; give it its own token before that.
          </p>
          <CopyLine line={decide.data.line} label="Run this on the copy. The token is shown this once." />
        </>
      )}
      <Trouble error={decide.error} />
    </section>
  );
}
