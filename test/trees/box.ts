// A machine of somebody else as a state with rates: what a tree under ROOT= and the programs in PATH are drawn from.
import type { AtFirst } from '../otherMachines/case.ts';
import type { ExpectedRoot } from '../scenarios/scenario.ts';

export interface Proc {
  pid: number;
  name: string;
  /** Where its program lies; none for kernel threads. */
  exe?: string;
  uid?: number;
  ppid?: number;
  /** MiB */
  rss?: number;
  swap?: number;
  /** Cores that it uses. */
  cpu?: number;
  threads?: number;
  state?: string;
  wchan?: string;
  /** Open files and the soft limit of them. */
  fds?: number;
  limit?: number;
  unit?: string;
  /** Seconds after the start of the system. */
  started?: number;
  /** Bytes a second. */
  read?: number;
  write?: number;
  /** Link targets of some of its open files. */
  files?: string[];
  ticks?: number;
  readTotal?: number;
  writeTotal?: number;
}

export interface Disk {
  name: string;
  gb: number;
  model?: string;
  serial?: string;
  rotational?: boolean;
  scheduler?: string;
  /** Requests a second, kB of each, milliseconds of each, share of the time busy, queue. */
  reads?: number;
  writes?: number;
  readKb?: number;
  writeKb?: number;
  readMs?: number;
  writeMs?: number;
  busy?: number;
  queue?: number;
  parts?: [name: string, gb: number][];
  /** Name that the device mapper gave it, and what it lies on. */
  dm?: string;
  on?: string;
  ioerr?: number;
  readOnly?: boolean;
  /** What smartctl says: of -a, or of --json -a. */
  smart?: string;
  smartJson?: unknown;
  c?: number[];
}

export interface Mount {
  dev: string;
  at: string;
  type: string;
  options?: string;
  /** MB, and how many of them are used. */
  mb?: number;
  used?: number;
  inodes?: number;
  inodesUsed?: number;
}

export interface Net {
  name: string;
  mac?: string;
  /** Addresses with their prefix length. */
  addresses?: string[];
  speed?: number;
  duplex?: string;
  state?: string;
  carrierChanges?: number;
  mtu?: number;
  /** Bytes and packets a second, then errors of each kind a second. */
  rx?: number;
  tx?: number;
  rxPackets?: number;
  txPackets?: number;
  rxErrors?: number;
  rxDrops?: number;
  rxFifo?: number;
  txErrors?: number;
  c?: number[];
}

export interface Unit {
  name: string;
  active?: string;
  sub?: string;
  result?: string;
  restarts?: number;
  /** Status and code (1 exited, 2 killed) of the main process. */
  status?: number;
  code?: number;
  pid?: number;
  text?: string;
  /** Epoch seconds. */
  since?: number;
  stopped?: number;
  tasksMax?: number;
  /** MiB */
  memoryMax?: number;
  memory?: number;
  oomKills?: number;
  tasks?: number;
  /** Microseconds of each 100 ms, and the share of the periods that were cut. */
  quota?: number;
  throttled?: number;
  ioMax?: string;
  c?: number[];
}

export interface Listener {
  proto?: 'tcp' | 'udp';
  at: string;
  process?: string;
  pid?: number;
  waiting?: number;
  backlog?: number;
}

export type Shell = 'dash' | 'bash' | 'busybox ash';

export interface System {
  id: string;
  release: string;
  kernel: string;
  version: string;
  /** Of /sys/fs/cgroup; none in most containers. */
  cgroups: 1 | 2 | 0;
  systemd: number;
}

export class Box {
  system: System;
  hostname: string;
  /** Epoch seconds, and those since the start of the system. */
  now = 0;
  uptime: number;
  /** Seconds until the next report. */
  ahead = 0;
  zone = 'UTC';
  cores = 4;
  memory = 8192;
  available?: number;
  free?: number;
  cached?: number;
  dirty = 2;
  shmem = 20;
  reclaimable = 120;
  unreclaimable = 60;
  swap = 0;
  swapUsed = 0;
  committed?: number;
  hugePages: [total: number, free: number] = [0, 0];
  corrupted = 0;
  /** Shares of all cores: what its processes use comes on top of user. */
  user = 0.02;
  systemShare = 0.01;
  iowait = 0.002;
  steal = 0;
  softirq = 0.001;
  /** Share of the first core that soft interrupts take. */
  softirqOfFirst = 0;
  contextSwitches = 900;
  forks = 2;
  running = 1;
  blocked = 0;
  load: [number, number, number] = [0.2, 0.2, 0.18];
  psi = { cpu: 0.5, memory: 0, memoryFull: 0, io: 0.3, ioFull: 0.2 };
  swapIn = 0;
  swapOut = 0;
  majorFaults = 0.2;
  directScan = 0;
  oomKills = 0;
  /** A second, of /proc/net/snmp and netstat, by name. */
  tcp: Record<string, number> = { InSegs: 200, OutSegs: 210, RetransSegs: 0.2, OutRsts: 0.1 };
  tcpExt: Record<string, number> = {};
  udp: Record<string, number> = { InDatagrams: 3, OutDatagrams: 3 };
  softnet: [dropped: number, squeezed: number] = [0, 0];
  sockets: Record<string, number> = { ESTAB: 12 };
  orphans = 0;
  timeWait = 10;
  tcpMemory = 60;
  conntrack: [count: number, max: number] | undefined = undefined;
  processes: Proc[] = [];
  disks: Disk[] = [];
  mounts: Mount[] = [];
  nets: Net[] = [];
  units: Unit[] = [];
  listeners: Listener[] = [];
  timers: string[] = [];
  routes = '';
  neighbours = '';
  kernel: { at: number; level: number; text: string }[] = [];
  fstab: string | undefined;
  /** More files by path, and programs by name: the argument pattern and what it prints. */
  files: Record<string, string | undefined> = {};
  links: Record<string, string> = {};
  programs: Record<string, [pattern: string, output: string, code?: number][]> = {};
  /** Seconds that a file was last changed before now. */
  ages: Record<string, number> = {};
  second: Record<string, number> = {};
  /** Files without a name that a process holds: number of the descriptor, size, device number as stat tells it. */
  held: { pid: number; fd: number; bytes: number; device: number; inode: number }[] = [];

  constructor(system: System, hostname: string, now: string, days = 40) {
    this.system = system;
    this.hostname = hostname;
    this.now = Date.parse(now) / 1000;
    this.uptime = days * 86_400 + 1234.56;
  }

  /** Seconds go by: every counter moves by its rate. */
  pass(seconds: number): void {
    this.now += seconds;
    this.uptime += seconds;
    const add = (name: string, rate: number) => {
      this.second[name] = (this.second[name] ?? rate * 86_400) + rate * seconds;
    };
    for (const p of this.processes) {
      // Of what it did before, at most an hour, and no more than it has lived.
      const lived = Math.max(0, Math.min(3600, this.uptime - seconds - (p.started ?? 30)));
      p.ticks = (p.ticks ?? (p.cpu ?? 0) * 100 * lived + 40) + (p.cpu ?? 0) * 100 * seconds;
      p.readTotal = (p.readTotal ?? 4096_000) + (p.read ?? 0) * seconds;
      p.writeTotal = (p.writeTotal ?? 819_200) + (p.write ?? 0) * seconds;
    }
    for (const d of this.disks) {
      const { reads = 1, writes = 4, readKb = 16, writeKb = 12, readMs = 0.6, writeMs = 1.1 } = d;
      const { busy = 0.01, queue = 0 } = d;
      const each = [
        reads,
        0,
        reads * readKb * 2,
        reads * readMs,
        writes,
        0,
        writes * writeKb * 2,
        writes * writeMs,
        0,
        busy * 1000,
        (queue || busy) * 1000,
      ];
      d.c = each.map((rate, i) => (d.c?.[i] ?? rate * 90_000) + rate * seconds);
      d.c[8] = Math.round(queue);
    }
    for (const n of this.nets) {
      const { rx = 20_000, tx = 30_000 } = n;
      const { rxPackets = rx / 600, txPackets = tx / 600 } = n;
      const each = [
        rx,
        rxPackets,
        n.rxErrors ?? 0,
        n.rxDrops ?? 0,
        n.rxFifo ?? 0,
        0,
        0,
        0,
        tx,
        txPackets,
        n.txErrors ?? 0,
        0,
        0,
        0,
        0,
        0,
      ];
      n.c = each.map((rate, i) => (n.c?.[i] ?? (i % 8 < 2 ? rate * 90_000 : 0)) + rate * seconds);
    }
    for (const u of this.units) {
      const cpu = this.processes.filter((p) => p.unit === u.name).reduce((sum, p) => sum + (p.cpu ?? 0), 0);
      const cut = u.throttled ?? 0;
      const each = [cpu * 1e6, u.quota ? 10 : 0, 10 * cut, cut * 6e5];
      u.c = each.map((rate, i) => (u.c?.[i] ?? rate * 3600) + rate * seconds);
    }
    for (const [name, rate] of [...Object.entries(this.tcp), ...Object.entries(this.tcpExt)]) add(name, rate);
    for (const [name, rate] of Object.entries(this.udp)) add(`udp ${name}`, rate);
    add('ctxt', this.contextSwitches);
    add('forks', this.forks);
    add('pswpin', this.swapIn);
    add('pswpout', this.swapOut);
    add('pgmajfault', this.majorFaults);
    add('direct', this.directScan);
    add('softnet dropped', this.softnet[0]);
    add('softnet squeezed', this.softnet[1]);
    const tasks = this.processes.reduce((sum, p) => sum + (p.cpu ?? 0), 0);
    for (let i = 0; i < this.cores; i++) {
      const soft = i === 0 ? this.softirqOfFirst || this.softirq : this.softirq;
      const user = Math.min(1, this.user + tasks / this.cores);
      const busy = user + this.systemShare + this.iowait + this.steal + soft;
      const idle = Math.max(0, 1 - busy);
      const all = idle + busy;
      const shares = [user, 0, this.systemShare, idle, this.iowait, 0, soft, this.steal, 0, 0];
      for (const [j, share] of shares.entries()) {
        const name = `cpu${i} ${j}`;
        this.second[name] = (this.second[name] ?? share * 80_000_00) + (share / all) * 100 * seconds;
      }
    }
    for (const [kind, share] of Object.entries({
      cpu: this.psi.cpu,
      memory: this.psi.memory,
      memoryFull: this.psi.memoryFull,
      io: this.psi.io,
      ioFull: this.psi.ioFull,
    }))
      add(`psi ${kind}`, share * 10_000);
  }

  /** A line of the kernel, some seconds before the next report. */
  say(level: number, text: string, ago = 5): void {
    this.kernel.push({ at: this.uptime + this.ahead - ago, level, text });
  }

  run(p: Partial<Proc> & Pick<Proc, 'name'>): Proc {
    const made: Proc = { pid: 600 + this.processes.length * 37, rss: 20, started: 30, ...p };
    this.processes.push(made);
    return made;
  }

  /** A service with its main process. */
  serve(unit: string, p: Partial<Proc> & Pick<Proc, 'name'>, u: Partial<Unit> = {}): Proc {
    const made = this.run({ exe: `/usr/sbin/${p.name}`, ...p, unit });
    this.units.push({ name: unit, pid: made.pid, ...u });
    return made;
  }

  process(name: string): Proc {
    return this.processes.find((p) => p.name === name)!;
  }

  unit(name: string): Unit {
    return this.units.find((u) => u.name === name)!;
  }

  disk(name: string): Disk {
    return this.disks.find((d) => d.name === name)!;
  }

  net(name: string): Net {
    return this.nets.find((n) => n.name === name)!;
  }

  mount(at: string): Mount {
    return this.mounts.find((m) => m.at === at)!;
  }

  /** A service that has died: its processes are gone. */
  fail(unit: string, result: string, status = 1, code = 1, ago = 40): void {
    Object.assign(this.unit(unit), {
      active: 'failed',
      sub: 'failed',
      result,
      status,
      code,
      pid: 0,
      stopped: this.now + this.ahead - ago,
    });
    this.processes = this.processes.filter((p) => p.unit !== unit);
    const names = new Set(this.processes.map((p) => p.pid));
    this.listeners = this.listeners.filter((l) => l.pid === undefined || names.has(l.pid));
  }
}

/** A machine and what an admin who knows it would name, written before the product saw it. */
export interface Tree {
  name: string;
  kind: 'fault' | 'control' | 'confounded' | 'double';
  box(): Box;
  runs?: number;
  /** Seconds from one run to the next. */
  every?: number;
  /** The run at which the fault begins. */
  onset?: number;
  each?(b: Box, run: number): void;
  shell?: Shell;
  /** As a user without rights. */
  nobody?: true;
  rhythm?(run: number): 'minute' | 'hourly' | 'daily';
  /** The counters stand still within a run, as on a plain copy of files. */
  still?: true;
  roots: readonly ExpectedRoot[];
  notes?: readonly ExpectedRoot[];
  chain?: readonly string[];
  /** What went wrong the first time that the product saw it; left out where nothing did. */
  atFirst?: AtFirst;
}

/** As it runs where it is installed: full the first time, then each minute what is cheap. */
export const installed = (run: number): 'minute' | 'daily' => (run ? 'minute' : 'daily');
