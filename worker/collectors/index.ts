// The collectors: each reads one kind of section of a report. This table is all of them.
import type { Collector } from './collector.ts';
import { accounts, sudoers } from './accounts.ts';
import { accessLogs } from './accessLogs.ts';
import { arcconf } from './arcconf.ts';
import { backups } from './backups.ts';
import { blockDevices } from './blockDevices.ts';
import { bonds } from './bonds.ts';
import { certificates } from './certificates.ts';
import { cgroups } from './cgroups.ts';
import { adjtimex, chrony, ntpq, timedatectl } from './clock.ts';
import { complaints } from './complaints.ts';
import { configHashes } from './configHashes.ts';
import { dockerInspect, dockerPs } from './containers.ts';
import { cpuinfo, lscpu } from './cpuinfo.ts';
import { cpuStat } from './cpuStat.ts';
import { cron, timers } from './cron.ts';
import { deletedFiles } from './deletedFiles.ts';
import { diskstats } from './diskstats.ts';
import { fileNr } from './fileNr.ts';
import { filesystems } from './filesystems.ts';
import { firewall } from './firewall.ts';
import { fstab, swaps } from './fstab.ts';
import { ssacli, storcli } from './hardwareRaid.ts';
import { identity } from './identity.ts';
import { interfaces } from './interfaces.ts';
import { ipmi } from './ipmi.ts';
import { keptSections } from './keptSections.ts';
import { kernel } from './kernel.ts';
import { conntrack, edac, entropy, frequency, throttle } from './kernelCounters.ts';
import { kernelLog } from './kernelLog.ts';
import { authorizedKeys } from './authorizedKeys.ts';
import { listeners } from './listeners.ts';
import { loadavg } from './loadavg.ts';
import { failedLogins, logins } from './logins.ts';
import { logs } from './logs.ts';
import { mailQueue } from './mailQueue.ts';
import { mdstat } from './mdstat.ts';
import { megacli } from './megacli.ts';
import { meminfo } from './meminfo.ts';
import { mysql } from './mysql.ts';
import { netDev } from './netDev.ts';
import { nfs } from './nfs.ts';
import { oldLibraries } from './oldLibraries.ts';
import { osRelease, redhatRelease } from './osRelease.ts';
import { packageLog } from './packageLog.ts';
import { packages } from './packages.ts';
import { postgresql } from './postgresql.ts';
import { pressure } from './pressure.ts';
import { processes } from './processes.ts';
import { redis } from './redis.ts';
import { hosts, resolver } from './resolver.ts';
import { riskyFiles } from './riskyFiles.ts';
import { neighbours, routes } from './routes.ts';
import { sensors } from './sensors.ts';
import { serviceSettings } from './serviceSettings.ts';
import { smart } from './smart.ts';
import { netstat, snmp } from './snmp.ts';
import { socketStates } from './socketStates.ts';
import { sockstat } from './sockstat.ts';
import { softnet } from './softnet.ts';
import { sshd } from './sshd.ts';
import { unitList, unitShow } from './units.ts';
import { ups } from './ups.ts';
import { vmstat } from './vmstat.ts';
import { btrfs, dmsetup, lvs, zfs } from './volumes.ts';
import { webServers } from './webServers.ts';
import { wireguard } from './wireguard.ts';

export const collectors: readonly Collector[] = [
  identity,
  osRelease,
  redhatRelease,
  kernel,
  cpuinfo,
  lscpu,
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
  adjtimex,
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
  sudoers,
  dockerPs,
  dockerInspect,
  ups,
  cron,
  timers,
  deletedFiles,
  lvs,
  dmsetup,
  zfs,
  btrfs,
  storcli,
  ssacli,
  megacli,
  arcconf,
  ipmi,
  nfs,
  socketStates,
  firewall,
  sshd,
  authorizedKeys,
  logins,
  failedLogins,
  riskyFiles,
  packages,
  packageLog,
  configHashes,
  certificates,
  webServers,
  serviceSettings,
  mysql,
  postgresql,
  redis,
  mailQueue,
  backups,
  logs,
  complaints,
  accessLogs,
  oldLibraries,
  keptSections,
];
