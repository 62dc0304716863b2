// `wg show all dump` without private and preshared keys: when each peer was last heard.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood } from './lines.ts';
import { epochOf } from './reportTime.ts';

const key = /^[A-Za-z0-9+/]{43}=$/;

export const wireguard: Collector = {
  section: 'wg show all dump',
  parse({ body }, report) {
    const ports = new Map<string, number>();
    const peers: NonNullable<Facts['wireguard']> = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      // Interface: device, [private key,] public key, port, mark. Peer: device, public key, [preshared key,] endpoint,
      // allowed addresses, handshake, received, sent, keepalive. The agent takes the bracketed ones out.
      const fields = columns(line);
      const device = fields[0]!;
      if (fields.length <= 5 && integer(fields.at(-2)) !== undefined) {
        ports.set(device, Number(fields.at(-2)));
        continue;
      }
      const [endpoint, , handshake, , , keepalive] = fields.slice(-6);
      const at = integer(handshake);
      if (!key.test(fields[1] ?? '') || at === undefined || fields.length < 8) {
        left.push(line);
        continue;
      }
      const every = integer(keepalive);
      peers.push({
        device,
        publicKey: fields[1]!,
        ...(endpoint && endpoint !== '(none)' ? { endpoint } : {}),
        ...(at > 0 ? { handshakeAt: at } : {}),
        ...(every ? { keepaliveSeconds: every } : {}),
        ...(ports.has(device) ? { listenPort: ports.get(device) } : {}),
      });
    }
    if (peers.length === 0 && left.length > 0) throw new ParseError('No line looks like a peer.');
    const now = epochOf(report);
    const samples: Sample[] = peers.flatMap(({ device, publicKey, handshakeAt }) =>
      handshakeAt === undefined || now === 0
        ? []
        : [
            {
              metric: 'net.wireguard_age' as const,
              subject: `${device} ${publicKey}`,
              value: Math.max(0, now - handshakeAt),
            },
          ],
    );
    return {
      facts: { wireguard: peers },
      samples,
      partial: notUnderstood(left.map(() => 'a line of wg show all dump')),
    };
  },
};
