// The rules: every problem that reports and probes can show, one literal table. What no script can see stands in core/uncollectable.ts.
import { boundRule } from './boundRule.ts';
import { bounds } from './bounds.ts';
import { outsideChecks, tlsExpiring, tlsRenewFailed } from './certificates.ts';
import { cpuIowait, cpuLoadHigh, cpuSaturated } from './cpu.ts';
import { memCgroupSqueezed } from './cgroupMemory.ts';
import {
  cpuContextSwitches,
  cpuOneCorePinned,
  cpuSystemHigh,
  cpuThermalThrottle,
  cpuThrottledOnce,
  forkStorm,
} from './cpuShape.ts';
import {
  mysqlDown,
  mysqlLocks,
  mysqlReplication,
  postgresBloat,
  postgresMemory,
  postgresSlot,
  redisBgsave,
  redisNoAuth,
  redisNoLimit,
} from './databases.ts';
import { btrfsAllocation, lvmThin, zfsCapacity, zfsDegraded } from './volumes.ts';
import { diskErrors } from './diskErrors.ts';
import { diskReadonly, filesystemErrors } from './filesystemErrors.ts';
import { mountMissing, nfsStall } from './mounts.ts';
import { diskDeletedOpen, diskFillForecast, diskFull, diskInodeForecast } from './diskSpace.ts';
import {
  diskCgroupThrottled,
  diskCloudThrottle,
  diskFsyncStall,
  diskLatency,
  diskSaturated,
} from './diskSpeed.ts';
import { memEccCorrected, memEccUncorrectedInLog } from './ecc.ts';
import { fanStopped, machineCheck, psu, tempHigh, upsBattery } from './hardware.ts';
import {
  backupRunning,
  backupSlow,
  backupShrunk,
  backupStale,
  changeConfig,
  changePackage,
  cronOverlap,
  heartbeatMissed,
} from './jobs.ts';
import { checkFailed, namesUnresolved, netUnreachable, portDown } from './layers.ts';
import { memBalloon, memCritical, memOvercommit } from './memory.ts';
import { memHugepages, memSlab, memThp } from './kernelMemory.ts';
import { memLeak, memTimeToExhaust } from './memoryGrowth.ts';
import { memNoSwap } from './swap.ts';
import { memTmpfs } from './tmpfs.ts';
import { mysqlBufferPool, mysqlWorstCase } from './mysqlMemory.ts';
import { mysqlLongQueries } from './mysqlSlow.ts';
import {
  netBond,
  netDrops,
  netErrors,
  netFlap,
  netLinkDown,
  netLinkSlow,
  netResets,
  netSoftnet,
} from './network.ts';
import { netDns, netGateway, netIpv6, netLatency } from './networkReach.ts';
import { netListenOverflow } from './listenQueue.ts';
import { dbExposed, portExposed } from './exposure.ts';
import { memCgroupOom, memOomKill } from './oom.ts';
import { httpDown, webrootLeak } from './outside.ts';
import { portConflict } from './portConflict.ts';
import { processesStuck, processRunaway, processSuspicious, processZombies } from './processes.ts';
import {
  raidBattery,
  raidDegraded,
  raidDiskFailed,
  raidMismatch,
  raidNoSpareRisk,
  raidPredictive,
  raidResync,
} from './raid.ts';
import type { Rule } from './rule.ts';
import {
  bruteForce,
  emptyPassword,
  firewallOff,
  loginAfterFailures,
  newAdmin,
  newSetuid,
  sshdPassword,
  sshdRoot,
  uidZero,
  worldReadable,
} from './security.ts';
import { processVanished, unitFailed } from './services.ts';
import { containerLoop, containerUnhealthy, restartLoop, timerMissed } from './serviceTrouble.ts';
import {
  nvmeCritical,
  nvmeMedia,
  nvmeSpare,
  selftestOld,
  smartCombo,
  smartCounters,
  smartFailed,
} from './smart.ts';
import { memSwapThrash } from './swap.ts';
import { timeSkew, timeUnsync, virtMigrated } from './clock.ts';
import { sysJournal, sysLogrotate } from './logs.ts';
import { agentPartial, agentSilent, sysCrash, sysRebooted } from './system.ts';
import {
  sysEol,
  sysKernelOld,
  sysOldLibraries,
  sysRebootRequired,
  sysUpdateBroken,
  sysUpdates,
} from './updates.ts';
import { http5xx, httpSlow, phpOvercommit, trafficDrop, trafficSurge, upstreamTimeout } from './web.ts';
import {
  apacheWorkers,
  complaintRules,
  nginxConnections,
  phpChildren,
  webConfigInvalid,
} from './webLimits.ts';

export const rules: Rule[] = [
  // Before the plain bound of the same problem, for it tells more.
  memCgroupSqueezed,
  ...bounds.map(boundRule),
  // CPU and processes
  cpuSaturated,
  cpuLoadHigh,
  cpuIowait,
  cpuSystemHigh,
  cpuOneCorePinned,
  cpuContextSwitches,
  cpuThermalThrottle,
  cpuThrottledOnce,
  forkStorm,
  processRunaway,
  processesStuck,
  processZombies,
  processSuspicious,
  processVanished,
  // Memory
  memCritical,
  memSwapThrash,
  memNoSwap,
  memLeak,
  memTimeToExhaust,
  memOomKill,
  memCgroupOom,
  memOvercommit,
  memSlab,
  memHugepages,
  memThp,
  memTmpfs,
  memEccCorrected,
  memEccUncorrectedInLog,
  memBalloon,
  // Disks
  diskFull,
  diskFillForecast,
  diskInodeForecast,
  diskDeletedOpen,
  diskReadonly,
  filesystemErrors,
  mountMissing,
  diskErrors,
  diskLatency,
  diskSaturated,
  diskCloudThrottle,
  diskFsyncStall,
  diskCgroupThrottled,
  nfsStall,
  lvmThin,
  zfsDegraded,
  zfsCapacity,
  btrfsAllocation,
  ...smartCounters,
  smartFailed,
  smartCombo,
  nvmeSpare,
  nvmeCritical,
  nvmeMedia,
  selftestOld,
  raidDegraded,
  raidDiskFailed,
  raidResync,
  raidMismatch,
  raidNoSpareRisk,
  raidBattery,
  raidPredictive,
  // Network
  netErrors,
  netDrops,
  netSoftnet,
  netListenOverflow,
  netResets,
  netLinkDown,
  netLinkSlow,
  netBond,
  netFlap,
  netGateway,
  netDns,
  netLatency,
  netIpv6,
  // Services and databases
  unitFailed,
  restartLoop,
  portConflict,
  timerMissed,
  heartbeatMissed,
  containerUnhealthy,
  containerLoop,
  netUnreachable,
  portDown,
  namesUnresolved,
  checkFailed,
  httpDown,
  httpSlow,
  http5xx,
  upstreamTimeout,
  nginxConnections,
  apacheWorkers,
  phpChildren,
  ...complaintRules,
  trafficSurge,
  trafficDrop,
  phpOvercommit,
  webConfigInvalid,
  mysqlBufferPool,
  mysqlWorstCase,
  mysqlDown,
  mysqlReplication,
  mysqlLocks,
  mysqlLongQueries,
  postgresMemory,
  postgresBloat,
  postgresSlot,
  redisNoLimit,
  redisBgsave,
  // System, hardware, clock
  tempHigh,
  fanStopped,
  psu,
  machineCheck,
  upsBattery,
  sysRebooted,
  sysCrash,
  sysRebootRequired,
  sysKernelOld,
  sysEol,
  sysUpdates,
  sysUpdateBroken,
  sysOldLibraries,
  sysJournal,
  sysLogrotate,
  timeSkew,
  timeUnsync,
  virtMigrated,
  agentSilent,
  agentPartial,
  // Security, certificates, names
  webrootLeak,
  dbExposed,
  portExposed,
  redisNoAuth,
  worldReadable,
  uidZero,
  emptyPassword,
  newAdmin,
  newSetuid,
  sshdRoot,
  sshdPassword,
  bruteForce,
  loginAfterFailures,
  firewallOff,
  tlsExpiring,
  tlsRenewFailed,
  ...outsideChecks,
  // Jobs and changes
  backupRunning,
  backupSlow,
  backupShrunk,
  backupStale,
  cronOverlap,
  changeConfig,
  changePackage,
];
