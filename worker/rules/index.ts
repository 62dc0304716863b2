// The rules: every problem that reports and probes can show, one literal table. What no script can see stands in core/uncollectable.ts.
import { backupRunning, backupSlow, backupShrunk, backupStale } from './backups.ts';
import { boundRule } from './boundRule.ts';
import { bounds } from './bounds.ts';
import { outsideChecks, tlsExpiring, tlsRenewFailed } from './certificates.ts';
import { memCgroupSqueezed } from './cgroupMemory.ts';
import { timeSkew, timeUnsync, virtMigrated } from './clock.ts';
import { cpuIowait, cpuLoadHigh, cpuSaturated } from './cpu.ts';
import {
  cpuContextSwitches,
  cpuOneCorePinned,
  cpuSystemHigh,
  cpuThermalThrottle,
  cpuThrottledOnce,
  forkStorm,
} from './cpuShape.ts';
import { diskErrors } from './diskErrors.ts';
import { diskCgroupThrottled, diskCloudThrottle } from './diskLimits.ts';
import { diskDeletedOpen, diskFillForecast, diskFull, diskInodeForecast } from './diskSpace.ts';
import { diskFsyncStall, diskLatency, diskSaturated } from './diskSpeed.ts';
import { memEccCorrected, memEccUncorrectedInLog } from './ecc.ts';
import { dbExposed, portExposed } from './exposure.ts';
import { failedAnswers } from './failedAnswers.ts';
import { diskReadonly, filesystemErrors } from './filesystemErrors.ts';
import { fanStopped, machineCheck, psu, tempHigh, upsBattery } from './hardware.ts';
import { changeConfig, changePackage, cronOverlap, heartbeatMissed } from './jobs.ts';
import { memHugepages, memSlab, memThp } from './kernelMemory.ts';
import { checkFailed, namesUnresolved, netUnreachable, portDown } from './layers.ts';
import { netBond, netFlap, netLinkDown, netLinkSlow } from './links.ts';
import { netListenOverflow } from './listenQueue.ts';
import { sysJournal, sysLogrotate } from './logs.ts';
import { memBalloon, memCritical, memOvercommit } from './memory.ts';
import { memLeak, memTimeToExhaust } from './memoryGrowth.ts';
import { mountMissing, nfsStall } from './mounts.ts';
import { mysqlDown, mysqlLocks, mysqlReplication } from './mysql.ts';
import { mysqlBufferPool, mysqlWorstCase } from './mysqlMemory.ts';
import { mysqlLongQueries } from './mysqlSlow.ts';
import { netDrops, netErrors, netResets, netSoftnet } from './network.ts';
import { netDns, netGateway, netIpv6, netLatency } from './networkReach.ts';
import { memCgroupOom, memOomKill } from './oom.ts';
import { httpDown, webrootLeak } from './outside.ts';
import { portConflict } from './portConflict.ts';
import { postgresBloat, postgresMemory, postgresSlot } from './postgres.ts';
import { postgresHeldOpen } from './postgresHeldOpen.ts';
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
import { redisBgsave, redisNoAuth, redisNoLimit } from './redis.ts';
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
import { containerLoop, containerUnhealthy, restartLoop, timerMissed } from './serviceTrouble.ts';
import { processVanished, unitFailed } from './services.ts';
import {
  nvmeCritical,
  nvmeMedia,
  nvmeSpare,
  selftestOld,
  smartCombo,
  smartCounters,
  smartFailed,
} from './smart.ts';
import { memNoSwap, memSwapThrash } from './swap.ts';
import { agentPartial, agentSilent, sysCrash, sysRebooted } from './system.ts';
import { memTmpfs } from './tmpfs.ts';
import {
  sysEol,
  sysKernelOld,
  sysOldLibraries,
  sysRebootRequired,
  sysUpdateBroken,
  sysUpdates,
} from './updates.ts';
import { btrfsAllocation, lvmThin, zfsCapacity, zfsDegraded } from './volumes.ts';
import { http5xx, httpSlow, phpOvercommit, trafficDrop, trafficSurge, upstreamTimeout } from './web.ts';
import {
  apacheWorkers,
  complaintRules,
  nginxConnections,
  phpChildren,
  webConfigInvalid,
} from './webLimits.ts';

export const rules: Rule[] = [
  // Before the plain bound of the same problem, for it tells more. A problem may have two rules, where two witnesses can tell of it
  // (rules.test.ts names them and why); of findings about the same subject findProblems keeps the gravest, else the first of this table.
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
  failedAnswers,
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
  postgresHeldOpen,
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
