// Is there a firewall: `nft list ruleset` and `iptables -S`, as their default policies and the number of rules.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';

export const firewall: Collector = {
  section: /^(nft list ruleset|iptables -S)$/,
  parse({ body }) {
    const policies: string[] = [];
    let counted: number | undefined;
    let tool: 'nft' | 'iptables' = 'iptables';
    // The count takes in the lines with a policy, which are no rules.
    let withPolicy = 0;
    for (const line of lines(body)) {
      const hook = /\bhook (\w+)\b.{0,100}?(?:policy (\w+))?;?\s*$/.exec(line.slice(0, 300));
      const policy = /^-P (\w+) (\w+)/.exec(line);
      const count = /^rules (\d{1,9})$/.exec(line);
      if (hook) {
        tool = 'nft';
        if (hook[1] === 'input' && hook[2]) policies.push(hook[2]);
        if (/accept|drop|reject/.test(line)) withPolicy++;
      } else if (policy?.[1] === 'INPUT') policies.push(policy[2]!.toLowerCase());
      if (count) counted = Number(count[1]);
    }
    // The agent always counts: a section that says nothing was cut off, and does not mean that there is no rule.
    if (counted === undefined && policies.length === 0 && withPolicy === 0)
      throw new ParseError('There is no number of rules and no default policy.');
    // A policy of drop is a rule by itself.
    const drops = policies.filter((policy) => policy === 'drop' || policy === 'reject').length;
    const rules = Math.max(0, (counted ?? 0) - withPolicy) + drops;
    const found: Facts['firewall'] = { tool: rules > 0 ? tool : 'none', rules };
    return { facts: { firewall: found } };
  },
};
