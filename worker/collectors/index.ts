// The collectors: each reads one kind of section of a report. This table is all of them.
import type { Collector } from './collector.ts';
import { accounts, groups, sudoers } from './accounts.ts';
import { blockDevices } from './blockDevices.ts';
import { bonds } from './bonds.ts';
import { cgroups } from './cgroups.ts';
import { chrony, ntpq, timedatectl } from './clock.ts';
import { dockerInspect, dockerPs } from './containers.ts';
import { cpuinfo } from './cpuinfo.ts';
import { cpuStat } from './cpuStat.ts';
import { diskstats } from './diskstats.ts';
import { fileNr } from './fileNr.ts';
import { filesystems } from './filesystems.ts';
import { fstab, swaps } from './fstab.ts';
import { identity } from './identity.ts';
import { interfaces } from './interfaces.ts';
import { keptSections } from './keptSections.ts';
import { kernel } from './kernel.ts';
import { conntrack, edac, entropy, frequency, throttle } from './kernelCounters.ts';
import { kernelLog } from './kernelLog.ts';
import { listeners } from './listeners.ts';
import { loadavg } from './loadavg.ts';
import { mdstat } from './mdstat.ts';
import { meminfo } from './meminfo.ts';
import { netDev } from './netDev.ts';
import { openFiles } from './openFiles.ts';
import { osRelease, redhatRelease } from './osRelease.ts';
import { pressure } from './pressure.ts';
import { processes } from './processes.ts';
import { hosts, resolver } from './resolver.ts';
import { neighbours, routes } from './routes.ts';
import { sensors } from './sensors.ts';
import { smart } from './smart.ts';
import { netstat, snmp } from './snmp.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { unitList, unitShow } from './units.ts';
import { ups } from './ups.ts';
import { vmstat } from './vmstat.ts';
import { wireguard } from './wireguard.ts';

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
  kernelLog,
  timedatectl,
  chrony,
  ntpq,
  frequency,
  throttle,
  entropy,
  conntrack,
  edac,
  sensors,
  cgroups,
  openFiles,
  fstab,
  swaps,
  blockDevices,
  smart,
  mdstat,
  bonds,
  routes,
  neighbours,
  resolver,
  hosts,
  wireguard,
  accounts,
  groups,
  sudoers,
  dockerPs,
  dockerInspect,
  ups,
  keptSections,
];
