// SSH: the way in when all else fails. Its port is open and speaks SSH.
import { openPort, reachableListeners } from './listening.ts';
import type { Recipe } from './recipe.ts';

export const ssh: Recipe = {
  id: 'ssh',
  propose(facts, context) {
    return reachableListeners(facts, context)
      .filter(({ listener: { process, port } }) => {
        // systemd holds the socket where ssh.socket starts sshd on demand.
        const held = process === undefined || process === 'systemd';
        return /^(sshd|dropbear)/.test(process ?? '') || (held && port === 22);
      })
      .flatMap(({ listener, addresses }) =>
        addresses.map((address) => openPort(listener, address, facts, 'SSH-2.0')),
      );
  },
};
