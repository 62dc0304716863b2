// Is there a firewall: `nft list ruleset` and `iptables -S`, as their default policies and the number of rules.
import type { Facts } from '#core/facts.ts';
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';

export const firewall: Collector = {
  section: /^(nft list ruleset|iptables -S)$/,
  parse({ body }) {
    const policies: string[] = [];
    const counts: { tool: 'nft' | 'iptables'; rules: number }[] = [];
    // The count of nft takes in the lines with a policy, which are no rules.
    let withPolicy = 0;
    for (const line of lines(body)) {
      const hook = /\bhook (\w+)\b.{0,100}?(?:policy (\w+))?;?\s*$/.exec(line.slice(0, 300));
      const policy = /^-P (\w+) (\w+)/.exec(line);
      const count = /^(nft|iptables) (\d{1,9})$/.exec(line);
      if (hook?.[1] === 'input' && hook[2]) policies.push(hook[2]);
      if (hook && /accept|drop/.test(line)) withPolicy++;
      if (policy?.[1] === 'INPUT') policies.push(policy[2]!.toLowerCase());
      if (count)
        counts.push({
          tool: count[1] as 'nft' | 'iptables',
          rules: Number(count[2]) - (count[1] === 'nft' ? withPolicy : 0),
        });
    }
    const best = counts.reduce<{ tool: 'nft' | 'iptables'; rules: number } | undefined>(
      (a, b) => (a && a.rules >= b.rules ? a : b),
      undefined,
    );
    // A policy of drop is a rule by itself.
    const rules =
      (best?.rules ?? 0) + policies.filter((policy) => policy === 'drop' || policy === 'reject').length;
    const found: Facts['firewall'] = {
      tool: rules > 0 ? (best?.tool ?? 'nft') : 'none',
      rules: Math.max(0, rules),
    };
    return { facts: { firewall: found } };
  },
};
