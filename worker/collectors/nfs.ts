// /proc/net/rpc/nfs: calls of the NFS client, and those that had to be sent again.
import { type Collector, ParseError } from './collector.ts';

export const nfs: Collector = {
  section: 'cat /proc/net/rpc/nfs',
  parse({ body }) {
    const rpc = /^rpc (\d{1,18}) (\d{1,18})/m.exec(body);
    if (!rpc) throw new ParseError('The line that starts with "rpc" is missing.');
    // Calls, retransmissions, authentication refreshes.
    return {
      counters: [
        {
          metric: 'net.nfs_retransmit_percent',
          subject: '',
          value: 100 * Number(rpc[2]),
          per: Number(rpc[1]),
        },
      ],
    };
  },
};
