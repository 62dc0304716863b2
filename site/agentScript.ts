// The agent as it is served here: the script to the byte, its version, and the checksum to compare before it is run.
import { createHash } from 'node:crypto';
import text from '../agent/rootnote.sh?raw';

export const agentScript = {
  text,
  version: /\bversion=([\d.]+)/.exec(text)?.[1] ?? 'unknown',
  sha256: createHash('sha256').update(text).digest('hex'),
};

/** What a page tells of it. */
export interface ServedAgent {
  version: string;
  sha256: string;
}

export const servedAgent: ServedAgent = { version: agentScript.version, sha256: agentScript.sha256 };
