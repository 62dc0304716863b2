// /etc/resolv.conf and /etc/hosts: how names are resolved here.
import { type Collector } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';

export const resolver: Collector = {
  section: 'cat /etc/resolv.conf',
  parse({ body }) {
    const nameservers: string[] = [];
    let search: string[] = [];
    for (const line of lines(body)) {
      const [word, ...values] = columns(line);
      if (word === 'nameserver' && values[0]) nameservers.push(values[0]);
      // The last of several `search` and `domain` lines counts (resolv.conf(5)).
      else if (word === 'search' || word === 'domain') search = values;
    }
    return { facts: { resolver: { nameservers, search } } };
  },
};

export const hosts: Collector = {
  section: 'cat /etc/hosts',
  parse({ body }) {
    const rows = lines(body.replace(/#.*/g, '')).map((line) => columns(line));
    return {
      facts: {
        hosts: rows
          .filter((row) => row.length > 1)
          .slice(0, 500)
          .map(([address, ...names]) => ({ address: address!, names })),
      },
      partial: notUnderstood(rows.filter((row) => row.length === 1).map(([word]) => word!)),
    };
  },
};
