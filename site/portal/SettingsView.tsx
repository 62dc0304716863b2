// Settings: the people, the key that adds servers, the regions, the tokens that read metrics.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ServedAgent } from '../agentScript.ts';
import { AddServer } from './AddServer.tsx';
import { Age } from './Age.tsx';
import { type Answers, useTRPC } from './client.ts';
import { ConfirmButton } from './ConfirmButton.tsx';
import { ExportTokens } from './ExportTokens.tsx';
import { Regions } from './Regions.tsx';
import { Root } from './Root.tsx';
import { Section } from './Section.tsx';
import { Trouble } from './Trouble.tsx';

type Team = Answers['team']['list'];
type Role = Team['members'][number]['role'];

interface Props {
  now: number;
  role: Role;
  team: Team;
  install: Answers['servers']['install'];
  keys: Answers['servers']['keys'] | null;
  regions: Answers['regions']['list'];
  exportTokens: Answers['exportTokens']['list'] | null;
  agent: ServedAgent;
}

export function SettingsView({ now, ...props }: Props) {
  return (
    <Root now={now}>
      <div className="head">
        <h1>Settings</h1>
      </div>
      <People {...props} />
      <Keys {...props} />
      <Regions owner={props.role === 'owner'} regions={props.regions} />
      {props.exportTokens && <ExportTokens tokens={props.exportTokens} />}
      {props.role === 'owner' && (
        <Section id="readers" title="Knowledge base">
          <a href="/portal/feedback/">What readers say</a>
        </Section>
      )}
    </Root>
  );
}

const roles: Record<Role, string> = {
  owner: 'owner: everything',
  member: 'member: servers and monitors',
  viewer: 'viewer: look only',
};

function RoleSelect({
  value,
  label,
  onChange,
}: {
  value: Role;
  label: string;
  onChange: (role: Role) => void;
}) {
  return (
    <label className="inline">
      <span className="sr-only">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as Role)}>
        {Object.entries(roles).map(([role, words]) => (
          <option key={role} value={role}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function People({ role, team: first }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const query = useQuery(trpc.team.list.queryOptions(undefined, { initialData: first }));
  const team = query.data;
  const again = { onSettled: () => query.refetch() };
  const setRole = useMutation(trpc.team.setRole.mutationOptions(again));
  const remove = useMutation(trpc.team.remove.mutationOptions(again));
  const uninvite = useMutation(trpc.team.uninvite.mutationOptions(again));
  const owner = role === 'owner';
  return (
    <Section id="people" title="People" aside={team.organization}>
      <ul className="people">
        {team.members.map(({ userId, email, you, role: own }) => (
          <li key={userId}>
            <span>
              <b>{email}</b> {you && <small>you</small>}
            </span>
            {owner ? (
              <>
                <RoleSelect
                  value={own}
                  label={`Role of ${email}`}
                  onChange={(next) => setRole.mutate({ userId, role: next })}
                />
                <ConfirmButton
                  text="Remove"
                  question={you ? 'You lose your access at once.' : 'They are signed out at once.'}
                  onConfirm={() => remove.mutate({ userId })}
                />
              </>
            ) : (
              <span>{roles[own]}</span>
            )}
          </li>
        ))}
        {team.invitations.map(({ email, createdAt, role: invited }) => (
          <li key={email}>
            <span>
              {email}{' '}
              <small>
                invited <Age at={createdAt} />, has not signed in yet
              </small>
            </span>
            <span>{roles[invited]}</span>
            {owner && (
              <button type="button" className="button" onClick={() => uninvite.mutate({ email })}>
                Take back
              </button>
            )}
          </li>
        ))}
      </ul>
      <Trouble error={setRole.error ?? remove.error ?? uninvite.error} />
      {owner && <Invite onSettled={() => query.refetch()} />}
    </Section>
  );
}

function Invite({ onSettled }: { onSettled: () => unknown }) {
  const trpc = useTRPC();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const invite = useMutation(trpc.team.invite.mutationOptions({ onSettled, onSuccess: () => setEmail('') }));
  return (
    <>
      <form
        className="row invite"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ email, role });
        }}
      >
        <label className="inline">
          <span className="sr-only">Address to invite</span>
          <input
            type="email"
            required
            maxLength={254}
            placeholder="name@example.org"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <RoleSelect value={role} label="Role of whom you invite" onChange={setRole} />
        <button type="submit" className="button main" disabled={invite.isPending}>
          Invite
        </button>
        <span role="status">{invite.data && mailed[invite.data.mailed]}</span>
      </form>
      <Trouble error={invite.error} />
    </>
  );
}

const mailed = {
  sent: 'Invited; a mail is on its way.',
  outbox: 'Invited. No mail server is set up: the mail lies in data/outbox.',
  failed: 'Invited, but the mail could not be sent. Tell them to sign in with this address.',
};

function Keys({ role, agent, install: first, keys: firstKeys }: Omit<Props, 'now'>) {
  const trpc = useTRPC();
  const install = useQuery(trpc.servers.install.queryOptions(undefined, { initialData: first }));
  const keys = useQuery({
    ...trpc.servers.keys.queryOptions(undefined, firstKeys ? { initialData: firstKeys } : undefined),
    enabled: role === 'owner',
  });
  const rotate = useMutation(
    trpc.servers.rotateKey.mutationOptions({
      onSettled: () => Promise.all([install.refetch(), keys.refetch()]),
    }),
  );
  return (
    <Section id="keys" title="Adding servers">
      <AddServer install={install.data} agent={agent} first={false} />
      {role === 'owner' && (
        <div className="keys">
          <p className="note">
            The key in these lines lets new servers in, and nothing else. A new key shuts the old one out;
            servers that are in keep their own tokens.
          </p>
          <ul className="plain">
            {keys.data?.map((key) => (
              <li key={key.id}>
                <code>{key.hint}…</code>{' '}
                <small>
                  made <Age at={key.createdAt} />
                  {key.revokedAt && (
                    <>
                      , revoked <Age at={key.revokedAt} />
                    </>
                  )}
                </small>
              </li>
            ))}
          </ul>
          <ConfirmButton
            text="Make a new key"
            question="Lines with the old key stop working."
            onConfirm={() => rotate.mutate()}
          />
          <Trouble error={rotate.error} />
        </div>
      )}
    </Section>
  );
}
