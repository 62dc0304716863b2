// The rules: every problem that reports and probes can show, one literal table. What no script can see stands in uncollectable.ts.
import { boundRule } from './boundRule.ts';
import { bounds } from './bounds.ts';
import { cpuIowait, cpuLoadHigh, cpuSaturated } from './cpu.ts';
import { diskFull } from './diskSpace.ts';
import { mysqlBufferPool } from './mysqlMemory.ts';
import { memCgroupOom, memOomKill } from './oom.ts';
import { httpDown, webrootLeak } from './outside.ts';
import type { Rule } from './rule.ts';
import { processVanished, unitFailed } from './services.ts';
import { memSwapThrash } from './swap.ts';

export const rules: Rule[] = [
  ...bounds.map(boundRule),
  cpuSaturated,
  cpuLoadHigh,
  cpuIowait,
  memSwapThrash,
  memOomKill,
  memCgroupOom,
  diskFull,
  unitFailed,
  processVanished,
  httpDown,
  webrootLeak,
  mysqlBufferPool,
];
