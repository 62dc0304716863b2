// A server whose files fit to each other by construction: programs want CPU, memory, and bytes of disks; what they get, and everything
// that the kernel says of it (waiting, queues, swapping, load, pressure), follows from what the machine has.
import { GB, Host, type Task } from '../host.ts';
import type { System } from '../systems.ts';

export const MB = 1024;

/** What all processes of a program want together. */
export interface Want {
  /** Percent of one core, and how much of it in the kernel (0..1). */
  cpu?: number;
  /** kB. */
  mem?: number;
  /** Bytes a second, on which drive, and bytes of one request. */
  read?: number;
  write?: number;
  drive?: string;
  request?: number;
  /** Requests that it keeps open at once, all of its processes together. */
  depth?: number;
  count?: number;
  /** kB of each process that it shares with another program: counted there. */
  shared?: number;
}

type Running = ReturnType<Host['run']>;

interface Program {
  name: string;
  task: Partial<Task>;
  want: Required<Want>;
  tasks: Running[];
}

/** What a drive can do. */
export interface Drive {
  iops: number;
  /** Bytes a second. */
  bytes: number;
  /** Milliseconds of one request on an idle drive. */
  base: number;
  /** Bytes a second that nobody on the server asked for: a rebuild, a check. */
  own?: number;
  /** The other half of a mirror: what is written here is written there too. */
  mirror?: string;
}

export const hdd: Drive = { iops: 170, bytes: 160e6, base: 7 };
export const ssd: Drive = { iops: 45_000, bytes: 480e6, base: 0.3 };
export const cloud: Drive = { iops: 3000, bytes: 125e6, base: 1.1 };
export const nvmeDrive: Drive = { iops: 300_000, bytes: 2.4e9, base: 0.1 };

export interface Parts {
  cores?: number;
  /** GiB. */
  ram?: number;
  swap?: number;
  drive?: Drive;
  disk?: string;
  nic?: string;
  speed?: number;
  start?: number;
}

export class Server extends Host {
  programs = new Map<string, Program>();
  drives = new Map<string, Drive>();
  swapDrive: string;
  rootDrive: string;
  /** kB that the kernel or the hypervisor took and no process shows. */
  taken = 0;
  #quietSwap = 0;

  constructor(name: string, system: System, parts: Parts = {}) {
    const seed = [...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 9973, 1);
    const { start = 1_795_000_000, cores = 4, ram = 8, swap = 2, drive = ssd, disk = 'sda' } = parts;
    super(name, system, seed, start - seed * 13);
    this.cores = cores;
    this.ram = ram * GB;
    this.swap = swap * GB;
    this.slab = this.ram * 0.03;
    this.slabUnreclaimed = this.ram * 0.012;
    this.rootDrive = this.swapDrive = disk;
    this.addDrive(disk, drive);
    const part = /\d$/.test(disk) ? `${disk}p2` : `${disk}2`;
    this.swapDevice = /\d$/.test(disk) ? `${disk}p3` : `${disk}3`;
    this.mounts.set('/', { device: `/dev/${part}`, size: 98_000_000, used: 31_000_000 });
    this.nic(parts.nic ?? 'eth0', { speed: parts.speed ?? 1000 });
    this.listening.push({ port: 22, program: 'sshd' });
    const ssh = system.release.includes('debian') ? 'ssh' : 'sshd';
    for (const unit of ['systemd-journald', 'systemd-logind', 'dbus', ssh]) this.service(unit);
  }

  addDrive(name: string, drive: Drive): void {
    this.drives.set(name, drive);
    this.disk(name, { rotates: drive.base > 4, size: 209_715_200 });
  }

  /** A program in the unit that runs it; without `unit`, outside of one. With `name`, what the kernel calls it. */
  program(name: string, want: Want = {}, task: Partial<Task> & { unit?: string } = {}): void {
    const { unit, ...rest } = task;
    if (unit) {
      this.service(unit);
      rest.cgroup ??= `/system.slice/${unit}.service`;
    }
    this.programs.set(name, {
      name,
      task: rest,
      want: {
        cpu: 0.2,
        mem: 12 * MB,
        read: 0,
        write: 0,
        drive: this.rootDrive,
        request: 65_536,
        depth: 1,
        count: 1,
        shared: 0,
        ...want,
      },
      tasks: [],
    });
  }

  want(name: string, change: Want): void {
    Object.assign(this.programs.get(name)!.want, change);
  }

  /** Ends a program, and all that it had. */
  end(name: string): void {
    const { tasks } = this.programs.get(name)!;
    this.programs.delete(name);
    this.tasks = this.tasks.filter((t) => !tasks.includes(t));
    this.listening = this.listening.filter(({ program }) => this.named(program).length > 0);
  }

  /** The process that is its oldest. */
  pid(name: string): number {
    return this.named(name)[0]?.pid ?? 1;
  }

  /** Shares out what there is among those who want it: to be called once before time passes. */
  settle(): void {
    for (const p of this.programs.values()) this.#staff(p);
    const swapRate = this.#memory();
    this.#processors();
    const waiting = this.#drives(swapRate);
    this.#network();
    const runnable = [...this.programs.values()].reduce((sum, p) => sum + p.want.cpu / 100, 0.05);
    this.load = this.load.map((load, i) => {
      const keep = Math.exp(-60 / [60, 300, 900][i]!);
      return load * keep + (runnable + waiting) * (1 - keep);
    }) as [number, number, number];
  }

  #staff(p: Program): void {
    while (p.tasks.length < p.want.count) {
      const age = this.now > 0 ? 20 : (p.task.age ?? 3_000_000);
      p.tasks.push(this.run({ name: p.name, ...p.task, age }));
    }
    for (const gone of p.tasks.splice(p.want.count)) this.tasks = this.tasks.filter((t) => t !== gone);
  }

  /** kB of anonymous pages, those that are shared counted once. */
  get anonymous(): number {
    const shared = [...this.programs.values()].reduce((sum, p) => sum + p.tasks.length * p.want.shared, 0);
    return 0.9 * (this.tasks.reduce((sum, t) => sum + t.rss, 0) - shared);
  }

  #memory(): number {
    const list = [...this.programs.values()];
    const wanted = list.reduce((sum, p) => sum + p.want.mem, 0);
    const mine = new Set(list.flatMap((p) => p.tasks));
    const others = this.tasks.reduce((sum, t) => sum + (mine.has(t) ? 0 : t.rss), 0);
    const fixed = this.shmem + this.slabUnreclaimed + this.taken + others + this.ram * 0.02;
    const over = Math.max(0, wanted + fixed - this.ram * 0.985);
    const out = Math.min(over, this.swap);
    this.#quietSwap = Math.max(out, Math.min(this.#quietSwap, wanted * 0.5));
    this.swapUsed = Math.max(out, this.#quietSwap);
    for (const p of list)
      for (const t of p.tasks) {
        t.swap = (this.swapUsed * p.want.mem) / wanted / p.want.count;
        t.rss = Math.max(2 * MB, p.want.mem / p.want.count - t.swap) + p.want.shared;
      }
    const resident = wanted - this.swapUsed;
    this.available = Math.max(this.ram * 0.013, this.ram - fixed - resident);
    this.cached = this.available * 0.82 + this.shmem;
    this.committed = wanted * 1.25 + this.ram * 0.05;
    const need = over / this.ram;
    const drive = this.drives.get(this.swapDrive)!;
    // The kernel reads and writes swap in clusters of eight pages.
    const able = Math.min(0.7 * drive.iops * 8, (0.7 * drive.bytes) / 4096);
    const pages = out > 0 ? Math.min(able, 300 + need * 90_000) : 0;
    this.swapIn = pages * 0.9;
    this.swapOut = pages;
    this.majors = 1 + pages / 7;
    this.psi.memory = out > 0 ? Math.min(75, 14 + need * 420) : 0;
    this.psi.memoryFull = this.psi.memory * 0.55;
    return pages;
  }

  #processors(): void {
    const list = [...this.programs.values()];
    const wanted = list.reduce((sum, p) => sum + p.want.cpu, 1.3 * this.cores);
    const room = this.cores * (100 - this.steal - this.softirq);
    const ratio = wanted / room;
    for (const p of list)
      for (const t of p.tasks) {
        t.cpu = (p.want.cpu / p.want.count) * Math.min(1, 1 / ratio);
        t.state = t.cpu > 60 ? 'R' : 'S';
      }
    this.psi.cpu = ratio < 0.5 ? ratio * 4 : ratio < 1 ? 2 + (ratio - 0.5) * 60 : 55 + 43 * (1 - 1 / ratio);
  }

  #drives(swapRate: number): number {
    let waiting = 0;
    for (const [name, drive] of this.drives) {
      const users = [...this.programs.values()].filter(
        (p) => p.want.drive === name && p.want.read + p.want.write > 0,
      );
      const sum = (of: (p: Program) => number) => users.reduce((all, p) => all + of(p), 0);
      const other = [...this.programs.values()].filter(({ want }) => want.drive === drive.mirror);
      const copied = other.reduce((all, { want }) => all + want.write, 0);
      const swapped = name === this.swapDrive ? swapRate * 4096 : 0;
      const own = drive.own ?? 0;
      const readBytes = 30_000 + sum((p) => p.want.read) + swapped * 0.9 + own;
      const writeBytes = 90_000 + sum((p) => p.want.write) + swapped + copied;
      const reads = 2 + sum((p) => p.want.read / p.want.request) + (swapped * 0.9) / 32_768 + own / 524_288;
      const writes = 7 + sum((p) => p.want.write / p.want.request) + (swapped + copied) / 32_768;
      const asked = (reads + writes) / drive.iops + (readBytes + writeBytes) / drive.bytes;
      const got = asked > 0.985 ? 0.985 / asked : 1;
      const depth = sum((p) => p.want.depth) + (swapped > 0 ? 6 : 0) + (own > 0 ? 2 : 0);
      const full = got < 1;
      const done = (reads + writes) * got;
      const wait = full
        ? Math.max(drive.base * 2, (1000 * Math.max(2, depth)) / done)
        : drive.base / (1 - asked);
      // Below its limit most writes wait for nobody, and many reads are read ahead.
      const stuck = full ? Math.max(1, depth) : 0.4 * Math.min(1, (done * wait) / 1000, asked);
      waiting += stuck;
      for (const p of users)
        for (const t of p.tasks) {
          t.read = (p.want.read * got) / p.want.count;
          t.write = (p.want.write * got) / p.want.count;
        }
      if (full)
        users
          .flatMap((p) => p.tasks.slice(0, p.want.depth))
          .forEach((t) => Object.assign(t, { state: 'D', wchan: 'io_schedule' }));
      this.disk(name, {
        reads: reads * got,
        writes: writes * got,
        readBytes: readBytes * got,
        writeBytes: writeBytes * got,
        await: wait,
        busy: Math.min(99.7, asked * 100),
      });
    }
    const busy = [...this.programs.values()].reduce((sum, p) => sum + p.want.cpu, 1.3 * this.cores);
    const idle = Math.max(0, 100 - this.steal - this.softirq - busy / this.cores);
    this.blocked = Math.round(waiting);
    this.iowait = Math.min(idle * 0.95, (waiting / this.cores) * 80);
    const some = 97 * (1 - Math.exp(-waiting));
    // Between 1 and 5 % the agent of this model would tell more than the real one does: such a value is told as none.
    this.psi.io = some < 5 ? Math.min(some, 0.8) : some;
    this.psi.ioFull = this.psi.io * Math.max(0.15, Math.min(0.85, idle / 100));
    return waiting;
  }

  #network(): void {
    for (const [name, nic] of this.nics) {
      const most = (nic.speed ?? 1000) * 125_000 * 0.975;
      this.nic(name, { rx: Math.min(nic.rx ?? 40_000, most), tx: Math.min(nic.tx ?? 60_000, most) });
    }
  }
}
