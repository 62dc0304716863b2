// The collectors: each reads one kind of section of a report. This table is all of them.
import type { Collector } from './collector.ts';
import { cpuinfo } from './cpuinfo.ts';
import { cpuStat } from './cpuStat.ts';
import { diskstats } from './diskstats.ts';
import { fileNr } from './fileNr.ts';
import { filesystems } from './filesystems.ts';
import { identity } from './identity.ts';
import { interfaces } from './interfaces.ts';
import { kernel } from './kernel.ts';
import { listeners } from './listeners.ts';
import { loadavg } from './loadavg.ts';
import { meminfo } from './meminfo.ts';
import { netDev } from './netDev.ts';
import { osRelease, redhatRelease } from './osRelease.ts';
import { pressure } from './pressure.ts';
import { processes } from './processes.ts';
import { netstat, snmp } from './snmp.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { unitList, unitShow } from './units.ts';
import { vmstat } from './vmstat.ts';

export const collectors: readonly Collector[] = [
  identity,
  osRelease,
  redhatRelease,
  kernel,
  cpuinfo,
  cpuStat,
  loadavg,
  pressure,
  meminfo,
  vmstat,
  processes,
  fileNr,
  filesystems,
  diskstats,
  interfaces,
  netDev,
  snmp,
  netstat,
  sockstat,
  softnet,
  listeners,
  unitList,
  unitShow,
];
