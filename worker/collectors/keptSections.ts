// Sections that a person reads in the raw report, and from which nothing is taken: known, so not "not understood".
import { type Collector } from './collector.ts';

export const keptSections: Collector = {
  section:
    /^cat \/proc\/(softirqs|interrupts|partitions|net\/sockstat6|sys\/(net\/core\/somaxconn|vm\/overcommit_ratio))$|^cat \/sys\/block\/md[^/]*\/md\/dev-|^ps -eo pid,args$|^ss -s$/,
  parse: () => ({}),
};
