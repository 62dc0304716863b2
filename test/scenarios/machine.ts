// A simulated server that writes reports as the agent does: a state that a scenario changes from minute to minute, counters that
// follow from it. What the product reads is text, so a scenario goes the whole way: collectors, rates, rules, causes.

const MiB = 1024 ** 2;
export const GiB = 1024 ** 3;

export interface Program {
  /** Percent of one core that it wants, all of its processes together. */
  cpu: number;
  /** Bytes, all of its processes together. */
  rss: number;
  swap: number;
  count: number;
  threads: number;
  state: 'S' | 'R' | 'D' | 'Z';
  /** Bytes a second. */
  read: number;
  write: number;
  uid: number;
  cgroup: string;
  exe: string;
  /** Seconds of simulated time at which it started, negative for before the first report. */
  started: number;
  ports: number[];
  /** Address that the ports are bound to. */
  bind: string;
}

interface Running extends Program {
  pids: { pid: number; cpuSeconds: number; readBytes: number; writeBytes: number }[];
}

export interface Disk {
  reads: number;
  writes: number;
  readBytes: number;
  writeBytes: number;
  readAwait: number;
  writeAwait: number;
  busy: number;
  queue: number;
}

export interface Mount {
  source: string;
  type: string;
  size: number;
  used: number;
  inodes: number;
  inodesUsed: number;
  options: string;
}

export interface Unit {
  active: string;
  sub: string;
  result: string;
  restarts: number;
  exitStatus: number;
  /** Simulated seconds. */
  changed: number;
}

/** A fixed sequence in 0..1, so that every run is the same. */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

export const epochOfStart = 1_760_000_000;

export class Machine {
  name = 'web1';
  cores = 2;
  ram = 8 * GiB;
  swap = 2 * GiB;
  /** Simulated seconds since the first report. */
  now = 0;
  uptime = 20 * 86_400;
  boot = 1;
  programs = new Map<string, Running>();
  disks = new Map<string, Disk>();
  mounts = new Map<string, Mount>();
  units = new Map<string, Unit>();
  /** Percent of all cores: what does not belong to a program. */
  system = 2;
  iowait = 0.5;
  steal = 0;
  softirq = 0.5;
  /** All interrupt work on the first core, as with a card that has one queue. */
  oneQueue = false;
  blocked = 0;
  forks = 3;
  switches = 3000;
  swapIn = 0;
  swapOut = 0;
  swapUsed = 0;
  majorFaults = 1;
  shmem = 50 * MiB;
  slab = 120 * MiB;
  hugeFree = 0;
  /** What the kernel holds and no line of /proc/meminfo names: the cache of ZFS. */
  unnamed = 0;
  dirty = 4 * MiB;
  oomKills = 0;
  psi = { cpu: 0, memory: 0, memoryFull: 0, io: 1, ioFull: 0.5 };
  net = {
    rx: 40_000,
    tx: 90_000,
    rxPackets: 120,
    txPackets: 110,
    errors: 0,
    drops: 0,
    speed: 1000,
    duplex: 'full',
    state: 'up',
  };
  tcp = {
    out: 150,
    retransmits: 0.3,
    resets: 0.5,
    overflows: 0,
    cookies: 0,
    established: 40,
    timeWait: 60,
    synRecv: 0,
  };
  softnetDropped = 0;
  conntrack: { count: number; max: number } | undefined;
  zombies = 0;
  threadsMax = 60_000;
  md = '';
  log: { at: number; text: string }[] = [];
  /** Further sections: header → body, kept until changed. */
  sections = new Map<string, string>();
  kernel = '6.1.0-25-amd64';
  psiKernel = true;
  #next = 1000;
  #sum = new Map<string, number>();
  #load = [0.2, 0.2, 0.2];
  #random: () => number;

  constructor(seed = 1) {
    this.#random = random(seed);
    this.run('systemd', { rss: 12 * MiB, exe: '/usr/lib/systemd/systemd' });
    this.run('systemd-journald', { rss: 30 * MiB });
    this.run('sshd', { rss: 9 * MiB, ports: [22], cgroup: '/system.slice/ssh.service' });
    this.run('cron', { rss: 3 * MiB });
    this.disk('sda');
    this.mount('/', { source: '/dev/sda1', size: 40 * GiB, used: 14 * GiB });
  }

  /** 1 ± `part`, for values that are never quite the same. */
  jitter(part = 0.05): number {
    return 1 + part * (2 * this.#random() - 1);
  }

  run(name: string, program: Partial<Program> = {}): Program {
    const known = this.programs.get(name);
    if (known) return Object.assign(known, program);
    const running: Running = {
      cpu: 0.2,
      rss: 10 * MiB,
      swap: 0,
      count: 1,
      threads: 1,
      state: 'S',
      read: 0,
      write: 0,
      uid: 0,
      cgroup: `/system.slice/${name}.service`,
      exe: `/usr/sbin/${name}`,
      started: this.now > 0 ? this.now : -86_400,
      ports: [],
      bind: '0.0.0.0',
      pids: [],
      ...program,
    };
    this.programs.set(name, running);
    return running;
  }

  stop(name: string): void {
    this.programs.delete(name);
  }

  disk(name: string, disk: Partial<Disk> = {}): Disk {
    const known = this.disks.get(name);
    if (known) return Object.assign(known, disk);
    const made = {
      reads: 3,
      writes: 8,
      readBytes: 60_000,
      writeBytes: 120_000,
      readAwait: 1.2,
      writeAwait: 1.6,
      busy: 2,
      queue: 0.02,
      ...disk,
    };
    this.disks.set(name, made);
    return made;
  }

  mount(path: string, mount: Partial<Mount> = {}): Mount {
    const known = this.mounts.get(path);
    if (known) return Object.assign(known, mount);
    const made = {
      source: '/dev/sdb1',
      type: 'ext4',
      size: 100 * GiB,
      used: 30 * GiB,
      inodes: 2_600_000,
      inodesUsed: 180_000,
      options: 'rw,relatime',
      ...mount,
    };
    this.mounts.set(path, made);
    return made;
  }

  unit(name: string, unit: Partial<Unit> = {}): Unit {
    const known = this.units.get(name);
    const changed =
      unit.active !== undefined && known?.active !== unit.active ? this.now : (known?.changed ?? -86_400);
    const made = {
      active: 'active',
      sub: 'running',
      result: 'success',
      restarts: 0,
      exitStatus: 0,
      ...known,
      changed,
      ...unit,
    };
    this.units.set(name, made);
    return made;
  }

  say(text: string, ago = 5): void {
    this.log.push({ at: this.now - ago, text });
  }

  kill(name: string, cgroup?: string): void {
    const pid = this.programs.get(name)?.pids[0]?.pid ?? 4321;
    const rss = Math.round((this.programs.get(name)?.rss ?? 100 * MiB) / 1024);
    this.say(
      `oom-kill:constraint=${cgroup ? 'CONSTRAINT_MEMCG' : 'CONSTRAINT_NONE'},nodemask=(null),cpuset=/,mems_allowed=0,${cgroup ? `oom_memcg=${cgroup},task_memcg=${cgroup}` : 'global_oom,task_memcg=/'},task=${name},pid=${pid},uid=0`,
    );
    this.say(
      `${cgroup ? 'Memory cgroup out of memory' : 'Out of memory'}: Killed process ${pid} (${name}) total-vm:${rss * 2}kB, anon-rss:${rss}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:0`,
    );
    this.oomKills++;
  }

  /** Counters, processes and the kernel's log begin anew; what the server is stays. */
  reboot(): void {
    this.boot++;
    this.uptime = 40;
    this.#sum.clear();
    this.log = [];
    for (const program of this.programs.values())
      Object.assign(program, { pids: [], started: this.now - 30 });
    for (const unit of this.units.values()) unit.changed = this.now - 25;
  }

  get used(): number {
    return (
      [...this.programs.values()].reduce((sum, p) => sum + p.rss, 0) +
      300 * MiB +
      this.shmem +
      this.slab +
      this.hugeFree +
      this.unnamed
    );
  }

  get available(): number {
    return Math.max(20 * MiB, this.ram - this.used);
  }

  /** Lets time pass: counters and load averages follow the state. */
  pass(seconds: number): void {
    this.now += seconds;
    this.uptime += seconds;
    const wanted = [...this.programs.values()].reduce((sum, p) => sum + p.cpu * this.jitter(), 0);
    const room = 100 * this.cores * (1 - (this.system + this.softirq + this.steal) / 100);
    const given = wanted > room ? room / wanted : 1;
    let user = 0;
    for (const p of this.programs.values()) {
      while (p.pids.length < p.count) {
        p.pids.push({ pid: this.#next++, cpuSeconds: p.started < 0 ? 3 : 0, readBytes: 0, writeBytes: 0 });
      }
      p.pids.length = p.count;
      for (const one of p.pids) {
        const cpu = (p.cpu / p.count / 100) * given * this.jitter() * seconds;
        one.cpuSeconds += cpu;
        one.readBytes += (p.read / p.count) * seconds;
        one.writeBytes += (p.write / p.count) * seconds;
        user += cpu;
      }
    }
    const ticks = 100 * this.cores * seconds;
    const part = (percent: number) => (percent / 100) * ticks * this.jitter(0.02);
    const busy = Math.min(ticks, 100 * user + part(this.system) + part(this.softirq) + part(this.steal));
    const waiting = Math.min(part(this.iowait), ticks - busy);
    this.#add('cpu.user', 100 * user);
    this.#add('cpu.system', part(this.system));
    this.#add('cpu.softirq', part(this.softirq));
    this.#add('cpu.steal', part(this.steal));
    this.#add('cpu.iowait', waiting);
    this.#add('cpu.idle', Math.max(0, ticks - busy - waiting));
    this.#add('ctxt', this.switches * seconds * this.jitter());
    this.#add('forks', this.forks * seconds * this.jitter());
    this.#add('pswpin', this.swapIn * seconds * this.jitter());
    this.#add('pswpout', this.swapOut * seconds * this.jitter());
    this.#add('pgmajfault', this.majorFaults * seconds * this.jitter());
    for (const [name, d] of this.disks) {
      const j = this.jitter();
      this.#add(`${name} reads`, d.reads * seconds * j);
      this.#add(`${name} writes`, d.writes * seconds * j);
      this.#add(`${name} rbytes`, d.readBytes * seconds * j);
      this.#add(`${name} wbytes`, d.writeBytes * seconds * j);
      this.#add(`${name} rms`, d.reads * d.readAwait * seconds * j);
      this.#add(`${name} wms`, d.writes * d.writeAwait * seconds * j);
      this.#add(`${name} busy`, d.busy * 10 * seconds);
      this.#add(`${name} queue`, d.queue * 1000 * seconds);
    }
    for (const key of ['rx', 'tx', 'rxPackets', 'txPackets', 'errors', 'drops'] as const)
      this.#add(key, this.net[key] * seconds * this.jitter());
    for (const key of ['out', 'retransmits', 'resets', 'overflows', 'cookies'] as const)
      this.#add(`tcp ${key}`, this.tcp[key] * seconds * this.jitter());
    this.#add('softnet', this.softnetDropped * seconds);
    const stuck = [...this.programs.values()].reduce((sum, p) => sum + (p.state === 'D' ? p.count : 0), 0);
    const queue = Math.min(wanted / 100, wanted / 100) + Math.max(stuck, this.blocked);
    [60, 300, 900].forEach((span, i) => {
      const keep = Math.exp(-seconds / span);
      this.#load[i] = this.#load[i]! * keep + queue * (1 - keep);
    });
  }

  #add(key: string, value: number): void {
    this.#sum.set(key, (this.#sum.get(key) ?? 0) + Math.max(0, value));
  }
  #n(key: string): number {
    return Math.round(this.#sum.get(key) ?? 0);
  }

  /** The text of a report now; takes a second of simulated time between the two readings. */
  report(): string {
    const lines: string[] = [];
    const epoch = epochOfStart + Math.round(this.now);
    lines.push(`rootnote 1 agent=0.1.0 sha256=0123456789ab rhythm=daily euid=0 epoch=${epoch}`);
    this.#counters(lines, '');
    this.#minute(lines);
    this.#hourly(lines, epoch);
    for (const [header, body] of this.sections) lines.push(`=== ${header}`, body);
    this.pass(1);
    this.#counters(lines, ' #2');
    lines.push('=== end', '');
    this.log = [];
    return lines.join('\n');
  }

  #counters(lines: string[], again: string): void {
    const put = (header: string, ...body: string[]) => lines.push(`=== ${header}${again}`, ...body);
    put('cat /proc/uptime', `${this.uptime.toFixed(2)} ${(this.uptime * this.cores * 0.9).toFixed(2)}`);
    const kinds = ['user', '', 'system', 'idle', 'iowait', '', 'softirq', 'steal'];
    const fields = (core?: number) =>
      kinds
        .map((k) => {
          const all = k ? this.#n(`cpu.${k}`) : 0;
          if (core === undefined) return all;
          if (!this.oneQueue || (k !== 'softirq' && k !== 'idle')) return Math.round(all / this.cores);
          const moved = this.#n('cpu.softirq');
          if (k === 'softirq') return core === 0 ? moved : 0;
          const share = all / this.cores;
          const each = moved / this.cores;
          return Math.max(0, Math.round(core === 0 ? share - moved + each : share + each));
        })
        .join(' ');
    const wanted = [...this.programs.values()].reduce((sum, p) => sum + p.cpu, 0);
    put(
      'cat /proc/stat',
      `cpu  ${fields()} 0 0`,
      ...Array.from({ length: this.cores }, (_, i) => `cpu${i} ${fields(i)} 0 0`),
      `ctxt ${this.#n('ctxt')}`,
      `btime ${epochOfStart + Math.round(this.now - this.uptime)}`,
      `processes ${this.#n('forks')}`,
      `procs_running ${Math.max(1, Math.round(wanted / 100))}`,
      `procs_blocked ${this.blocked}`,
    );
    put(
      'cat /proc/vmstat',
      `pswpin ${this.#n('pswpin')}`,
      `pswpout ${this.#n('pswpout')}`,
      `pgmajfault ${this.#n('pgmajfault')}`,
      `oom_kill ${this.oomKills}`,
    );
    put(
      'cat /proc/diskstats',
      ...[...this.disks.keys()].map((d, i) => {
        const n = (k: string) => this.#n(`${d} ${k}`);
        return `   8 ${i * 16} ${d} ${n('reads')} 0 ${Math.round(n('rbytes') / 512)} ${n('rms')} ${n('writes')} 0 ${Math.round(n('wbytes') / 512)} ${n('wms')} 0 ${n('busy')} ${n('queue')}`;
      }),
    );
    const n = (k: string) => this.#n(k);
    put(
      'cat /proc/net/dev',
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      `  eth0: ${n('rx')} ${n('rxPackets')} ${n('errors')} ${n('drops')} 0 0 0 0 ${n('tx')} ${n('txPackets')} 0 0 0 0 0 0`,
    );
    put(
      'cat /proc/net/snmp',
      'Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
      `Tcp: 1 200 120000 -1 10 10 0 0 ${this.tcp.established} ${n('tcp out')} ${n('tcp out')} ${n('tcp retransmits')} 0 ${n('tcp resets')} 0`,
    );
    put(
      'cat /proc/net/netstat',
      'TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPReqQFullDoCookies',
      `TcpExt: ${n('tcp cookies')} ${n('tcp overflows')} ${n('tcp overflows')} ${n('tcp cookies')}`,
    );
    const rows: string[] = [
      again
        ? 'pid\tutime\tstime\tmajflt'
        : 'pid\tutime\tstime\tmajflt\tppid\tstate\tthreads\tstart\tuid\trss_kb\tswap_kb\tfdsize\tread_bytes\twrite_bytes\tcgroup\tname',
    ];
    for (const [name, p] of this.programs) {
      for (const one of p.pids) {
        const head = `${one.pid}\t${Math.round(one.cpuSeconds * 90)}\t${Math.round(one.cpuSeconds * 10)}\t0`;
        const start = Math.max(0, Math.round((this.uptime - this.now + p.started) * 100));
        rows.push(
          again
            ? head
            : `${head}\t1\t${p.cpu / p.count > 60 ? 'R' : p.state}\t${Math.ceil(p.threads / p.count)}\t${start}\t${p.uid}\t${Math.round(p.rss / p.count / 1024)}\t${Math.round(p.swap / p.count / 1024)}\t64\t${Math.round(one.readBytes)}\t${Math.round(one.writeBytes)}\t${p.cgroup}\t${name.slice(0, 15)}`,
        );
      }
    }
    if (!again)
      for (let i = 0; i < this.zombies; i++)
        rows.push(`${60_000 + i}\t0\t0\t0\t1\tZ\t1\t100\t0\t0\t0\t0\t0\t0\t/\tworker`);
    put('cat /proc/[0-9]*/stat', ...rows);
  }

  #minute(lines: string[]): void {
    const put = (header: string, ...body: string[]) => lines.push(`=== ${header}`, ...body);
    put('cat /proc/sys/kernel/hostname', this.name);
    put('cat /etc/machine-id', '0123456789abcdef0123456789abcdef');
    put(
      'cat /proc/sys/kernel/random/boot_id',
      `00000000-0000-4000-8000-${String(this.boot).padStart(12, '0')}`,
    );
    put('cat /proc/version', `Linux version ${this.kernel} (debian-kernel@lists.debian.org) #1 SMP`);
    const threads =
      [...this.programs.values()].reduce((sum, p) => sum + Math.max(p.count, p.threads), 0) + this.zombies;
    const running = Math.max(
      1,
      Math.round([...this.programs.values()].reduce((sum, p) => sum + p.cpu, 0) / 100),
    );
    put(
      'cat /proc/loadavg',
      `${this.#load.map((l) => l.toFixed(2)).join(' ')} ${running}/${threads} ${this.#next}`,
    );
    put('cat /proc/sys/kernel/pid_max', '4194304');
    put('cat /proc/sys/kernel/threads-max', String(this.threadsMax));
    const kB = (bytes: number) => `${Math.round(bytes / 1024)} kB`;
    const anon = [...this.programs.values()].reduce((sum, p) => sum + p.rss, 0);
    put(
      'cat /proc/meminfo',
      `MemTotal:       ${kB(this.ram)}`,
      `MemFree:        ${kB(this.available * 0.3)}`,
      `MemAvailable:   ${kB(this.available * this.jitter(0.005))}`,
      `Buffers:        ${kB(this.available * 0.05)}`,
      `Cached:         ${kB(this.available * 0.6)}`,
      `SwapCached:     0 kB`,
      `SwapTotal:      ${kB(this.swap)}`,
      `SwapFree:       ${kB(this.swap - this.swapUsed)}`,
      `Dirty:          ${kB(this.dirty)}`,
      `Writeback:      0 kB`,
      `AnonPages:      ${kB(anon)}`,
      `Shmem:          ${kB(this.shmem)}`,
      `Slab:           ${kB(this.slab * 2)}`,
      `SReclaimable:   ${kB(this.slab)}`,
      `SUnreclaim:     ${kB(this.slab)}`,
      `CommitLimit:    ${kB(this.ram / 2 + this.swap)}`,
      `Committed_AS:   ${kB(anon * 1.3)}`,
      `HugePages_Total: ${Math.round(this.hugeFree / (2 * MiB))}`,
      `HugePages_Free:  ${Math.round(this.hugeFree / (2 * MiB))}`,
      `Hugepagesize:   2048 kB`,
    );
    put('cat /proc/sys/fs/file-nr', '2100\t0\t9223372036854775807');
    put(
      'cat /proc/net/sockstat',
      `sockets: used 200`,
      `TCP: inuse ${this.tcp.established} orphan 0 tw ${this.tcp.timeWait} alloc 60 mem 20`,
    );
    put(
      'cat /proc/net/softnet_stat',
      `00010000 ${this.#n('softnet').toString(16).padStart(8, '0')} 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000`,
    );
    put(
      'cat /proc/swaps',
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority',
      ...(this.swap
        ? [`/dev/sda2 partition ${Math.round(this.swap / 1024)} ${Math.round(this.swapUsed / 1024)} -2`]
        : []),
    );
    if (this.md)
      put(
        'cat /proc/mdstat',
        'Personalities : [raid1] [raid6] [raid5] [raid4]',
        this.md,
        'unused devices: <none>',
      );
    put(
      'cat /proc/mounts',
      ...[...this.mounts].map(([path, m]) => `${m.source} ${path} ${m.type} ${m.options} 0 0`),
    );
    if (this.psiKernel) {
      const line = (kind: string, some: string, value: number) =>
        `/proc/pressure/${kind}:${some} avg10=${value.toFixed(2)} avg60=${value.toFixed(2)} avg300=${(value * 0.8).toFixed(2)} total=0`;
      const wanted = [...this.programs.values()].reduce((sum, p) => sum + p.cpu, 0) / 100;
      const cpu = Math.max(
        this.psi.cpu,
        wanted > this.cores
          ? Math.min(98, 100 * (1 - this.cores / (wanted + 0.5)) + 20)
          : Math.min(5 * wanted, (20 * wanted) / this.cores),
      );
      put(
        'grep -r . /proc/pressure',
        line('cpu', 'some', cpu),
        line('io', 'some', this.psi.io),
        line('io', 'full', this.psi.ioFull),
        line('memory', 'some', this.psi.memory),
        line('memory', 'full', this.psi.memoryFull),
      );
    }
    put(
      'grep -r . /sys/class/net',
      `/sys/class/net/eth0/operstate:${this.net.state}`,
      `/sys/class/net/eth0/carrier_changes:2`,
      `/sys/class/net/eth0/speed:${this.net.speed}`,
      `/sys/class/net/eth0/duplex:${this.net.duplex}`,
      `/sys/class/net/eth0/mtu:1500`,
      `/sys/class/net/eth0/address:02:00:00:00:00:01`,
    );
    if (this.conntrack)
      put(
        'grep -r . /proc/sys/net/netfilter',
        `/proc/sys/net/netfilter/nf_conntrack_count:${this.conntrack.count}`,
        `/proc/sys/net/netfilter/nf_conntrack_max:${this.conntrack.max}`,
      );
    put('ss -Htan', `${this.tcp.established} ESTAB`, `${this.tcp.synRecv} SYN-RECV`);
    put(
      'df -PTk',
      'Filesystem Type 1024-blocks Used Available Capacity Mounted on',
      ...[...this.mounts].map(
        ([path, m]) =>
          `${m.source} ${m.type} ${Math.round(m.size / 1024)} ${Math.round(m.used / 1024)} ${Math.round(Math.max(0, m.size * 0.95 - m.used) / 1024)} ${Math.ceil((100 * m.used) / m.size)}% ${path}`,
      ),
    );
    put(
      'df -Pi',
      'Filesystem Inodes IUsed IFree IUse% Mounted on',
      ...[...this.mounts].map(
        ([path, m]) =>
          `${m.source} ${m.inodes} ${m.inodesUsed} ${m.inodes - m.inodesUsed} ${Math.ceil((100 * m.inodesUsed) / m.inodes)}% ${path}`,
      ),
    );
    put(
      'ss -tlnup',
      ...[...this.programs].flatMap(([name, p]) =>
        p.ports.map(
          (port) =>
            `tcp LISTEN 0 511 ${p.bind}:${port} 0.0.0.0:* users:(("${name}",pid=${p.pids[0]?.pid ?? 1},fd=6))`,
        ),
      ),
    );
    put(
      'dmesg -r',
      ...this.log.map(({ at, text }) => `<4>[${(this.uptime - (this.now - at)).toFixed(6)}] ${text}`),
    );
    if (this.units.size > 0) {
      put(
        'systemctl show --no-pager -p Id,ActiveState,SubState,Result,NRestarts,ExecMainStatus,MainPID,ActiveEnterTimestamp,MemoryMax,TasksMax,InactiveEnterTimestamp,ExecMainCode *.service',
        [...this.units]
          .map(([name, u]) =>
            [
              `Id=${name}`,
              `ActiveState=${u.active}`,
              `SubState=${u.sub}`,
              `Result=${u.result}`,
              `NRestarts=${u.restarts}`,
              `ExecMainStatus=${u.exitStatus}`,
              `ExecMainCode=1`,
              `MainPID=0`,
              `StateChangeTimestamp=${stamp(u.changed)}`,
              ...(u.active === 'active' ? [`ActiveEnterTimestamp=${stamp(u.changed)}`] : []),
            ].join('\n'),
          )
          .join('\n\n'),
      );
    }
  }

  #hourly(lines: string[], epoch: number): void {
    const put = (header: string, ...body: string[]) => lines.push(`=== ${header}`, ...body);
    put('date +%FT%T%z_%Z', `${new Date(epoch * 1000).toISOString().slice(0, 19)}+0000_UTC`);
    put(
      'cat /etc/os-release',
      'ID=debian',
      'VERSION_ID="12"',
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
    );
    put(
      'ip -o addr',
      '2: eth0    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever',
    );
    put(
      'ip route',
      'default via 192.0.2.1 dev eth0 ',
      '192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10 ',
    );
    if (!this.sections.has('ip neigh'))
      put('ip neigh', '192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 REACHABLE ');
    if (!this.sections.has('lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT')) {
      put(
        'lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT',
        ...[...this.disks.keys()].flatMap((d) => [
          `NAME="${d}" PKNAME="" TYPE="disk" SIZE="100G" MOUNTPOINT=""`,
          ...[...this.mounts]
            .filter(([, m]) => m.source.startsWith(`/dev/${d}`) && m.source !== `/dev/${d}`)
            .map(
              ([path, m]) =>
                `NAME="${m.source.slice(5)}" PKNAME="${d}" TYPE="part" SIZE="50G" MOUNTPOINT="${path}"`,
            ),
          ...(d === 'sda' && this.swap
            ? ['NAME="sda2" PKNAME="sda" TYPE="part" SIZE="2G" MOUNTPOINT="[SWAP]"']
            : []),
        ]),
      );
    }
    put(
      'ls -l /proc/[0-9]*/exe',
      ...[...this.programs.values()].flatMap((p) => p.pids.map(({ pid }) => `/proc/${pid} ${p.exe}`)),
    );
  }
}

function stamp(seconds: number): string {
  const date = new Date((epochOfStart + Math.round(seconds)) * 1000);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()];
  return `${day} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}
