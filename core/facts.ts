// Facts: what a server is. One key is one row in the database, its value JSON; a key that a report lacks stays as it was.
// Sizes are bytes, times are epoch seconds, durations seconds, unless the name says otherwise.

import type { PartialSection } from './snapshot.ts';

export interface Facts {
  host?: {
    /** Left out where the report that tells of the rest does not say it. */
    hostname?: string;
    machineId?: string;
    productUuid?: string;
    vendor?: string;
    product?: string;
    serial?: string;
    /** none, kvm, vmware, docker, lxc … */
    virtualization?: string;
    timezone?: string;
  };
  os?: { id: string; idLike?: string[]; name: string; version?: string };
  kernel?: {
    release: string;
    architecture?: string;
    commandLine?: string;
    tainted?: number;
    installed?: string[];
  };
  boot?: { bootId?: string; at: number };
  cpu?: { model: string; count: number; sockets?: number; mhz?: number; hypervisor?: boolean };
  memory?: {
    total: number;
    swapTotal: number;
    overcommit?: number;
    swappiness?: number;
    thp?: string;
    hugepageSize?: number;
  };
  clock?: {
    synchronized?: boolean;
    service?: string;
    offsetSeconds?: number;
    maxErrorSeconds?: number;
    source?: string;
  };
  filesystems?: Filesystem[];
  fstab?: { source: string; mount: string; type: string; options: string[] }[];
  swaps?: { device: string; type: string; size: number; used: number; priority: number }[];
  blockDevices?: BlockDevice[];
  smart?: Smart[];
  md?: MdArray[];
  lvm?: {
    name: string;
    group: string;
    size: number;
    dataPercent?: number;
    metadataPercent?: number;
    pool?: string;
    attributes: string;
  }[];
  zfs?: {
    name: string;
    state: string;
    capacityPercent?: number;
    errors?: string;
    /** Disks of it that are not ONLINE or had errors, as the pool names them: a device, an id with the serial number, a number. */
    ill?: { name: string; state: string; errors: number }[];
  }[];
  btrfs?: {
    mount: string;
    errors: number;
    /** When a report first showed as many. */
    errorsAt?: number;
    size?: number;
    unallocated?: number;
    dataPercent?: number;
    metadataPercent?: number;
  }[];
  hardwareRaid?: {
    controller: string;
    state: string;
    battery?: string;
    failedDrives: number;
    /** Where they sit, as the controller names them: `1I:1:2`, `252:4`. */
    failed?: string[];
    predictive: number;
    /** Drives that are foreseen to fail, where the controller names them. */
    foreseen?: string[];
  }[];
  deletedFiles?: { process: string; pid: number; path: string; size: number; mount?: string }[];
  interfaces?: NetInterface[];
  routes?: { destination: string; gateway?: string; device: string; family: 4 | 6 }[];
  /** The newest default route over IPv4 that was seen, in each report; `lostAt`: since when it is not there. */
  defaultRoute?: { gateway?: string; device: string; lostAt?: number };
  neighbours?: {
    address: string;
    device: string;
    state: string;
    lladdr?: string;
    /** The first report in a row that showed it failed. */
    failingSince?: number;
  }[];
  resolver?: { nameservers: string[]; search: string[] };
  /** Questions for names that were on their way when the report was made. */
  lookups?: {
    /** Sockets that wait for an answer, by name server. */
    waiting: { address: string; count: number }[];
    /** Datagrams that came in since the start. */
    received?: number;
    /** More wait than come in within a second, report after report. */
    unanswered?: { since: number; reports: number };
  };
  /** /etc/hosts. */
  hosts?: { address: string; names: string[] }[];
  listeners?: Listener[];
  firewall?: { tool: 'nft' | 'iptables' | 'ufw' | 'firewalld' | 'none'; rules: number };
  wireguard?: {
    device: string;
    publicKey: string;
    endpoint?: string;
    handshakeAt?: number;
    keepaliveSeconds?: number;
    listenPort?: number;
  }[];
  bonds?: { name: string; mode: string; slaves: { name: string; up: boolean }[] }[];
  users?: { name: string; uid: number; gid: number; home: string; shell: string; emptyPassword?: boolean }[];
  admins?: { name: string; via: string }[];
  sudoers?: string[];
  authorizedKeys?: { user: string; hash: string; type?: string }[];
  logins?: { user: string; from: string; at: number }[];
  failedLogins?: { from: string; count: number; users?: string[] }[];
  setuid?: { count: number; hash: string; files?: string[] };
  secrets?: { path: string; mode: string; owner: string }[];
  systemd?: { version?: string; state?: string };
  units?: Unit[];
  timers?: { name: string; unit: string; lastAt?: number; nextAt?: number }[];
  cronJobs?: { user: string; schedule: string; command: string; source: string }[];
  processGroups?: ProcessGroup[];
  cgroups?: Cgroup[];
  containers?: {
    id: string;
    name: string;
    image: string;
    state: string;
    health?: string;
    restarts: number;
    exitCode?: number;
    oomKilled?: boolean;
    /** Of one that has exited: four weeks ago or more. */
    longGone?: boolean;
    /** Of one that has exited: less than three minutes ago. */
    justEnded?: boolean;
    ports?: string[];
    startedAt?: number;
  }[];
  packages?: {
    /** These three are absent until somebody could ask for updates. */
    manager?: string;
    pending?: number;
    security?: number;
    /** Since when the oldest of them waits, and each: package and new version → epoch seconds of the report that first named it. */
    securitySince?: number;
    securityWaiting?: Record<string, number>;
    broken?: string;
    rebootRequired?: boolean;
    rebootPackages?: string[];
  };
  /** Programs that run with libraries that were replaced on disk. */
  oldLibraries?: string[];
  configHashes?: Record<string, string>;
  certificates?: {
    path: string;
    subject: string;
    issuer: string;
    names: string[];
    notBefore: number;
    notAfter: number;
    fingerprint?: string;
    serial?: string;
    keyBits?: number;
    /** sha256WithRSAEncryption … */
    signature?: string;
    usedBy: string[];
  }[];
  virtualHosts?: VirtualHost[];
  webConfig?: {
    server: 'nginx' | 'apache';
    workerConnections?: number;
    workerProcesses?: number;
    maxRequestWorkers?: number;
  }[];
  mysql?: Record<string, string | number>;
  postgresql?: Record<string, string | number>;
  redis?: Record<string, string | number>;
  phpFpm?: { pool: string; maxChildren: number; manager: string; listen?: string }[];
  sshd?: Record<string, string>;
  docker?: Record<string, string | number>;
  /** `domains`: those that it takes mail for, by its configuration; `relay`: who delivers its mail, where it does not do so itself. */
  mail?: {
    queue: number;
    deferred?: number;
    oldestAt?: number;
    hostname?: string;
    domains?: string[];
    relay?: string;
  };
  /** Zones that a DNS server answers for itself, and where that is written. */
  dnsZones?: { name: string; source: string }[];
  backups?: {
    tool: string;
    name: string;
    lastSuccessAt?: number;
    lastSize?: number;
    path?: string;
    /** Seconds between those that are there, when they were made at even steps. */
    period?: number;
    /** Bytes of the newest that is complete, and the lower quartile of up to seven before it. */
    sizes?: { at: number; path: string; last: number; usual: number };
  }[];
  sensors?: {
    chip: string;
    label: string;
    kind: 'temperature' | 'fan' | 'voltage';
    value: number;
    /** Of a fan: the turns that somebody, or the board, wants at least. */
    min?: number;
    max?: number;
    critical?: number;
    alarm?: boolean;
  }[];
  ipmi?: { name: string; value: string; state: string }[];
  ups?: { name: string; status: string; chargePercent?: number }[];
  edac?: { controller: string; corrected: number; uncorrected: number; label?: string }[];
  logs?: { journalBytes?: number; varLogBytes?: number; largest?: { path: string; size: number }[] };
  /** `missing`: what the newest run that asked for it could not read. */
  agent?: {
    version: string;
    sha256?: string;
    euid?: number;
    missing: { section: string; reason: string; kind?: PartialSection['kind'] }[];
    /** Tables of a crowd that the newest report left out, and when they were read last: epoch seconds, seconds since the boot. */
    later?: { section: string; at?: number; uptime?: number }[];
  };
}

export type FactName = keyof Facts;

export interface Filesystem {
  source: string;
  mount: string;
  type: string;
  options: string[];
  readOnly: boolean;
  size: number;
  used: number;
  /** For an unprivileged user, that is: without the reserved blocks. */
  available: number;
  inodes?: number;
  inodesFree?: number;
  /** ext4 errors_count, where known, and when the last of them was (epoch seconds). */
  errors?: number;
  errorsAt?: number;
  /** Of one that could be written in an earlier report. */
  readOnlySince?: number;
}

export interface BlockDevice {
  name: string;
  type: string;
  size: number;
  rotational?: boolean;
  model?: string;
  serial?: string;
  scheduler?: string;
  /** Names of the devices below this one (a partition's disk, an array's members). */
  parents: string[];
  mounts: string[];
  ioErrors?: number;
  /** Name that the device mapper gives: `vg0-data` of dm-0. */
  label?: string;
  readOnly?: boolean;
}

export interface Smart {
  device: string;
  model?: string;
  serial?: string;
  passed?: boolean;
  temperature?: number;
  powerOnHours?: number;
  /** SATA attributes by number: raw and normalised value. */
  attributes: Record<number, { name: string; raw: number; value: number; threshold: number }>;
  nvme?: {
    criticalWarning: number;
    spare: number;
    spareThreshold: number;
    used: number;
    mediaErrors: number;
    unsafeShutdowns?: number;
  };
  /** Power-on hours at which the last extended self-test ended well; powerOnHours minus this is its age. */
  lastLongTestHours?: number;
  standby?: boolean;
}

export interface MdArray {
  name: string;
  level: string;
  state: string;
  /** Slots and how many of them work: [3/2] is 3 and 2. */
  slots: number;
  active: number;
  failed: string[];
  members: string[];
  action?: string;
  actionPercent?: number;
  /** Bytes a second. */
  speed?: number;
  mismatches?: number;
}

export interface NetInterface {
  name: string;
  kind: 'physical' | 'virtual' | 'loopback' | 'bridge' | 'bond' | 'wireguard' | 'vlan' | 'tunnel';
  up: boolean;
  operstate?: string;
  mac?: string;
  mtu?: number;
  /** Mbit/s. */
  speed?: number;
  /** The highest speed of any report. */
  fastest?: number;
  duplex?: string;
  carrierChanges?: number;
  /** With prefix length: 192.0.2.10/24. */
  addresses: { address: string; prefix: number; family: 4 | 6; scope?: string }[];
}

export interface Listener {
  protocol: 'tcp' | 'udp';
  /** '0.0.0.0', '::', '127.0.0.1' … */
  address: string;
  port: number;
  process?: string;
  pid?: number;
  /** Accept queue now and its limit (TCP). */
  queue?: number;
  backlog?: number;
}

export interface Unit {
  name: string;
  active: string;
  sub: string;
  enabled?: string;
  result?: string;
  restarts?: number;
  exitStatus?: number;
  exitCode?: string;
  mainPid?: number;
  changedAt?: number;
  startedAt?: number;
  memoryMax?: number;
  tasksMax?: number;
  description?: string;
}

/** Processes with one name, as users think of them: all php-fpm workers are one entity. */
export interface ProcessGroup {
  name: string;
  count: number;
  rss: number;
  swap?: number;
  threads: number;
  /** Cumulative CPU seconds of those that run now. */
  cpuSeconds: number;
  /** Percent of one core between the two readings. */
  cpuPercent?: number;
  /** Bytes a second, since the report before. */
  readBytes?: number;
  writeBytes?: number;
  /** Oldest start time. */
  startedAt?: number;
  users: string[];
  pids: number[];
  states: Record<string, number>;
  /** Ended children that a process of the group has not collected. */
  zombieChildren?: number;
  waitChannels?: Record<string, number>;
  executable?: string;
  deleted?: boolean;
  cgroup?: string;
  /** Of the process that is nearest to its limit. */
  openFiles?: number;
  openFilesLimit?: number;
}

export interface Cgroup {
  path: string;
  unit?: string;
  container?: string;
  memory?: number;
  anon?: number;
  /** Bytes of it that lie in swap. */
  swap?: number;
  memoryLimit?: number;
  oomKills?: number;
  pids?: number;
  pidsLimit?: number;
  cpuQuotaCores?: number;
  throttledPeriods?: number;
  periods?: number;
  ioLimit?: string;
}

export interface VirtualHost {
  server: 'nginx' | 'apache' | 'caddy' | 'haproxy';
  names: string[];
  listen: { address: string; port: number; tls: boolean }[];
  root?: string;
  proxy?: string;
  certificate?: string;
  source?: string;
}
