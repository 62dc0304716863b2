// What a person may do with a server.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { CopyLine } from './CopyLine.tsx';
import { Trouble } from './Trouble.tsx';

type Server = Answers['servers']['get'];

export function ServerActions({ server, role }: { server: Server; role: string }) {
  const trpc = useTRPC();
  const [name, setName] = useState(server.hostname);
  const { id } = server;
  const rename = useMutation(trpc.servers.rename.mutationOptions());
  const rekey = useMutation(trpc.servers.rekey.mutationOptions());
  const revoke = useMutation(trpc.servers.revoke.mutationOptions());
  const keepClone = useMutation(trpc.servers.keepClone.mutationOptions());
  const joinOriginal = useMutation(
    trpc.servers.joinOriginal.mutationOptions({
      onSuccess: (original) => location.assign(`/portal/servers/${original.id}/`),
    }),
  );
  const remove = useMutation(
    trpc.servers.remove.mutationOptions({ onSuccess: () => location.assign('/portal/') }),
  );
  if (role === 'viewer') return null;
  const error =
    [rename, rekey, revoke, keepClone, joinOriginal, remove].find((one) => one.error)?.error ?? null;
  return (
    <details className="menu">
      <summary className="button">Change</summary>
      <div className="panel actions">
        {server.cloneOf && role === 'owner' && (
          <div>
            <p>
              It has the machine id of{' '}
              <a href={`/portal/servers/${server.cloneOf.id}/`}>{server.cloneOf.hostname}</a>: a copied disk,
              or the same machine set up again. Until you decide, it is not judged.
            </p>
            <button type="button" className="button" onClick={() => keepClone.mutate({ id })}>
              It is a machine of its own
            </button>
            <ConfirmButton
              text="It is that machine, set up again"
              question="The old token ends; the history of the old one goes on, that of this one is removed."
              onConfirm={() => joinOriginal.mutate({ id })}
            />
          </div>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate({ id, hostname: name });
          }}
        >
          <div className="field">
            <label htmlFor="server-name">Name</label>
            <input
              id="server-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              required
              maxLength={253}
            />
          </div>
          <button type="submit" className="button" disabled={rename.isPending || name === server.hostname}>
            Rename
          </button>
        </form>
        {role === 'owner' && (
          <div className="row">
            <ConfirmButton
              text="New token"
              question="The token it has stops working at once."
              onConfirm={() => rekey.mutate({ id })}
            />
            {!server.revokedAt && (
              <ConfirmButton
                text="Revoke token"
                question="Its reports will be refused."
                onConfirm={() => revoke.mutate({ id })}
              />
            )}
            <ConfirmButton
              text="Remove server"
              question="It goes with all its history."
              onConfirm={() => remove.mutate({ id })}
            />
          </div>
        )}
        {rekey.data && (
          <CopyLine line={rekey.data.line} label="Run this on the server. The token is shown this once." />
        )}
        <Trouble error={error} />
      </div>
    </details>
  );
}
