// A server of somebody else: one of many systems, with the programs, disks and tools that such a server has. It writes full reports as
// the agent would there: `--print` by hand, so that each report is a daily one and shows the kernel's log again from its beginning.
import { random } from '../scenarios/machine.ts';
import type { System } from './systems.ts';

export interface Task {
  name: string;
  /** Percent of one core, how much of it in the kernel (0..1), and whether at low priority. */
  cpu?: number;
  kernel?: number;
  niced?: boolean;
  rss?: number;
  swap?: number;
  threads?: number;
  state?: string;
  /** Where in the kernel it waits, while it is in state D. */
  wchan?: string;
  uid?: number;
  ppid?: number;
  cgroup?: string;
  exe?: string;
  /** Seconds before the first report; negative for one that starts later. */
  age?: number;
  fds?: number;
  /** Bytes a second. */
  read?: number;
  write?: number;
  /** Major faults a second. */
  faults?: number;
  /** Open files and their limit, where the agent tells them. */
  open?: [number, number];
}

interface Running extends Required<Omit<Task, 'open'>> {
  pid: number;
  born: number;
  user: number;
  sys: number;
  readBytes: number;
  writeBytes: number;
  majors: number;
  open?: [number, number];
}

export interface Disk {
  reads?: number;
  writes?: number;
  /** Bytes a second. */
  readBytes?: number;
  writeBytes?: number;
  /** Milliseconds. */
  await?: number;
  busy?: number;
  /** 512-byte sectors. */
  size?: number;
  rotates?: boolean;
  model?: string;
}

export interface Mount {
  device: string;
  type?: string;
  options?: string;
  /** kB. */
  size: number;
  used: number;
  inodes?: number;
  inodesUsed?: number;
}

export interface Nic {
  state?: string;
  speed?: number;
  duplex?: string;
  carrier?: number;
  /** A second. */
  rx?: number;
  tx?: number;
  errors?: number;
  drops?: number;
  fifo?: number;
}

const MiB = 1024;
export const GB = 1024 * 1024;

export class Host {
  readonly name: string;
  readonly system: System;
  readonly jitter: (spread?: number) => number;
  readonly start: number;
  now = 0;
  uptime = 4_000_000;
  boot = 1;
  /** Accounts beside root and admin, and who may become root. */
  people: string[] = [];
  admins = 'admin';
  /** Who the agent runs as. */
  euid = 0;
  /** Uptime at the last report: newer lines of the kernel's log are new. */
  logShown = 0;
  clockError = 0;
  cores = 4;
  /** kB. */
  ram = 16 * GB;
  swap = 2 * GB;
  swapUsed = 0;
  /** Device of the swap space, where it is no partition. */
  swapDevice = '';
  available = 11 * GB;
  cached = 8 * GB;
  shmem = 60 * MiB;
  slab = 500 * MiB;
  slabUnreclaimed = 180 * MiB;
  dirty = 3 * MiB;
  committed = 6 * GB;
  steal = 0;
  iowait = 0.5;
  softirq = 0.6;
  load = [0.4, 0.5, 0.5] as [number, number, number];
  blocked = 0;
  forks = 4;
  switches = 3500;
  swapIn = 0;
  swapOut = 0;
  majors = 1;
  oomKills = 0;
  psi = { cpu: 2, memory: 0, memoryFull: 0, io: 0.3, ioFull: 0.2 };
  tcp = {
    /** Connections opened from here, a second. */
    opened: 2,
    out: 900,
    in: 900,
    retransmits: 0.4,
    resets: 0.3,
    overflows: 0,
    cookies: 0,
    established: 40,
    orphans: 0,
    timeWait: 60,
  };
  softnetDrops = 0;
  conntrack?: [number, number];
  tasks: Running[] = [];
  disks = new Map<string, Disk>();
  mounts = new Map<string, Mount>();
  nics = new Map<string, Nic>();
  /** name, state line of systemctl, and properties that differ. */
  units = new Map<string, Record<string, string>>();
  listening: { port: number; address?: string; program: string; queue?: number; waiting?: number }[] = [];
  /** Lines of the kernel: seconds of uptime, level, text. */
  log: { uptime: number; level: number; text: string }[] = [];
  /** Other sections: header and text. */
  more = new Map<string, string>();
  /** Lines under /sys/fs/cgroup, path and value. */
  groups = new Map<string, string | number>();
  sys = new Map<string, string | number>();
  #sum = new Map<string, number>();
  #first = 100_000;
  #pid = 700;

  constructor(name: string, system: System, seed: number, start = 1_795_000_000) {
    this.name = name;
    this.system = system;
    const next = random(seed * 7919);
    this.jitter = (spread = 0.06) => 1 + (next() * 2 - 1) * spread;
    this.start = start + seed * 13;
    for (const [name_, rss, age] of system.daemons) this.run({ name: name_, rss, age: age ?? 3_999_000 });
  }

  run(task: Task): Running {
    const { name } = task;
    const unit = `/system.slice/${name}.service`;
    const running: Running = {
      cpu: 0.1,
      kernel: 0.3,
      niced: false,
      rss: 12 * MiB,
      swap: 0,
      threads: 1,
      state: 'S',
      wchan: '',
      uid: 0,
      ppid: 1,
      cgroup: this.system.systemd ? unit : '/',
      exe: `/usr/bin/${name}`,
      age: 3_999_000,
      fds: 64,
      read: 0,
      write: 0,
      faults: 0,
      ...task,
      pid: (this.#pid += 1 + ((this.#pid * 31) % 17)),
      born: 0,
      user: 0,
      sys: 0,
      readBytes: 2_000_000,
      writeBytes: 500_000,
      majors: 40,
    };
    running.born = this.now - Math.min(running.age, this.uptime - 30);
    const spent = (running.cpu / 100) * Math.min(running.age, 200_000);
    running.user = Math.max(0, spent * (1 - running.kernel));
    running.sys = Math.max(0, spent * running.kernel);
    this.tasks.push(running);
    return running;
  }

  /** Changes the load of a disk; what kind of disk it is stays. */
  disk(name: string, load: Disk): void {
    const { size, rotates, model } = this.disks.get(name) ?? {};
    this.disks.set(name, { size, rotates, model, ...load });
  }

  /** Changes a network port; the rest of it stays. */
  nic(name: string, change: Nic): void {
    this.nics.set(name, { ...this.nics.get(name), ...change });
  }

  named(name: string): Running[] {
    return this.tasks.filter((t) => t.name === name);
  }

  stop(name: string): void {
    this.tasks = this.tasks.filter((t) => t.name !== name);
    this.listening = this.listening.filter((l) => l.program !== name);
  }

  service(name: string, more: Record<string, string> = {}): void {
    this.units.set(name.endsWith('.service') ? name : `${name}.service`, more);
  }

  /** A program in the unit that runs it. */
  serve(unit: string, task: Task): Running {
    this.service(unit);
    return this.run({ cgroup: `/system.slice/${unit}.service`, ...task });
  }

  /** A line of the kernel's log, so many seconds before the report that comes next. */
  kernel(level: number, text: string, ago = 20): void {
    this.log.push({ uptime: this.uptime + 59 - ago, level, text });
  }

  get epoch(): number {
    return Math.round(this.start + this.now + this.clockError);
  }

  at(ago: number): Date {
    return new Date((this.epoch - ago) * 1000);
  }

  #add(key: string, value: number): void {
    this.#sum.set(key, (this.#sum.get(key) ?? this.#first * (1 + (key.length % 7))) + Math.max(0, value));
  }

  /** Counts on, so that a counter can be read. */
  count(key: string, value: number): number {
    this.#add(key, value);
    return this.n(key);
  }

  n(key: string): number {
    return Math.round(this.#sum.get(key) ?? 0);
  }

  reboot(): void {
    this.#sum.clear();
    this.#first = 0;
    this.uptime = 95;
    this.boot++;
    this.log = [];
    for (const t of this.tasks) {
      Object.assign(t, { user: 1, sys: 1, readBytes: 0, writeBytes: 0, majors: 5, born: this.now - 80 });
      t.pid = this.#pid += 3;
    }
  }

  pass(seconds: number): void {
    this.now += seconds;
    this.uptime += seconds;
    const hz = seconds * 100;
    let user = 0.8 * this.cores;
    let kernel = 0.5 * this.cores;
    let nice = 0;
    for (const t of this.tasks) {
      const used = (t.cpu / 100) * seconds * this.jitter();
      t.user += used * (1 - t.kernel);
      t.sys += used * t.kernel;
      t.readBytes += t.read * seconds;
      t.writeBytes += t.write * seconds;
      t.majors += t.faults * seconds;
      if (t.niced) nice += t.cpu * (1 - t.kernel);
      else user += t.cpu * (1 - t.kernel);
      kernel += t.cpu * t.kernel;
    }
    const all = this.cores * 100;
    const rest = { iowait: this.iowait, softirq: this.softirq, steal: this.steal, nice: nice / this.cores };
    const taken = Object.entries(rest).reduce((sum, [, share]) => sum + share, 0) * this.cores;
    const room = Math.max(0, all - taken);
    const scale = Math.min(1, room / (user + kernel));
    const add = (kind: string, percent: number) =>
      this.#add(`cpu ${kind}`, (percent / 100) * hz * this.jitter(0.02));
    add('user', user * scale);
    add('system', kernel * scale);
    for (const [kind, share] of Object.entries(rest)) add(kind, share * this.cores);
    add('idle', Math.max(0, room - (user + kernel) * scale));
    this.#add('ctxt', this.switches * seconds * this.jitter());
    this.#add('processes', this.forks * seconds);
    const swap = { pswpin: this.swapIn, pswpout: this.swapOut, pgmajfault: this.majors };
    for (const [key, rate] of Object.entries(swap)) this.#add(key, rate * seconds * this.jitter());
    for (const [name, d] of this.disks) {
      const j = this.jitter();
      const { reads = 2, writes = 8, await: wait = d.rotates ? 6 : 0.5 } = d;
      const { readBytes = reads * 16_000, writeBytes = writes * 12_000, busy = 1 } = d;
      this.#add(`${name} r`, reads * seconds * j);
      this.#add(`${name} w`, writes * seconds * j);
      this.#add(`${name} rs`, (readBytes / 512) * seconds * j);
      this.#add(`${name} ws`, (writeBytes / 512) * seconds * j);
      this.#add(`${name} rt`, reads * wait * seconds * j);
      this.#add(`${name} wt`, writes * wait * seconds * j);
      this.#add(`${name} busy`, busy * 10 * seconds);
      this.#add(`${name} queue`, (reads + writes) * wait * seconds * j);
    }
    for (const [name, { rx = 40_000, tx = 60_000, ...nic }] of this.nics) {
      const up = (nic.state ?? 'up') !== 'down' ? 1 : 0;
      this.#add(`${name} rx`, up * rx * seconds * this.jitter());
      this.#add(`${name} tx`, up * tx * seconds * this.jitter());
      for (const key of ['errors', 'drops', 'fifo'] as const)
        this.#sum.set(`${name} ${key}`, this.n(`${name} ${key}`) + (nic[key] ?? 0) * seconds);
    }
    for (const key of ['out', 'in', 'retransmits', 'resets', 'opened'] as const)
      this.#add(`tcp ${key}`, this.tcp[key] * seconds * this.jitter());
    for (const key of ['overflows', 'cookies'] as const)
      this.#sum.set(`tcp ${key}`, this.n(`tcp ${key}`) + this.tcp[key] * seconds);
    this.#sum.set('softnet', this.n('softnet') + this.softnetDrops * seconds);
  }
}
