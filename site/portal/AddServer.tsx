// How to add a server: the line to paste, and that we wait for its first report.
import type { ServedAgent } from '../agentScript.ts';
import type { Answers } from './client.ts';
import { CopyLine } from './CopyLine.tsx';

interface Props {
  install: Answers['servers']['install'];
  /** The script as this server hands it out. */
  agent: ServedAgent;
  first: boolean;
}

export function AddServer({ install, agent, first }: Props) {
  if (!install) {
    return (
      <p className="note">
        The line that adds a server cannot be shown to you. An owner finds it here, or makes a new key under{' '}
        <a href="/portal/settings/">Settings</a>.
      </p>
    );
  }
  return (
    <div className="add-server">
      <CopyLine
        install
        line={install.install}
        label={
          <>
            Paste this line on the server, as a user who may use <code>sudo</code>. It downloads the agent,
            one readable shell script, and lets it report every minute. As root, <code>sudo</code> can be left
            out.
          </>
        }
      />
      {install.localUrl && (
        <p className="note warns">
          Only the machine that Rootnote runs on reaches <code>{install.localUrl}</code>. To add others, start
          it with <code>HOST=0.0.0.0</code> and <code>PUBLIC_URL=http://…</code>, an address that they reach;
          this line then has it.
        </p>
      )}
      <p className="note">
        It shows what it will write, and asks. To look first, stop behind <code>-o rootnote.sh</code>:{' '}
        <code>sha256sum rootnote.sh</code> must say <code className="checksum">{agent.sha256}</code> (version{' '}
        {agent.version}), <code>sh rootnote.sh --print</code> shows every byte that would be sent, and{' '}
        <a href="/script/">the script is explained here</a>, line by line.
      </p>
      <CopyLine
        line={install.once}
        label={
          <>
            Or send one report only, from a checkout of Rootnote. With <code>--print</code> it shows what it
            would send, and sends nothing.
          </>
        }
      />
      <p className="waiting" role="status">
        <span className="pulse" aria-hidden="true" />
        {first ? 'Waiting for the first report…' : 'A new server appears in the list by itself.'}
      </p>
    </div>
  );
}
