// The files of a machine as they would lie under ROOT=: /proc, /sys and the few of /etc that every system has.
import type { Box, Disk, Mount, Proc } from './box.ts';

const round = (value: number) => Math.round(value);
const kb = (mb: number) => round(mb * 1024);

export interface Drawn {
  files: Map<string, string>;
  links: Map<string, string>;
}

/** Everything. `counters` are those that the agent reads twice. */
export function filesOf(b: Box): Drawn {
  const files = new Map<string, string>([...counters(b), ...standing(b), ...network(b), ...blocks(b)]);
  const links = new Map<string, string>(Object.entries(b.links));
  for (const p of b.processes) {
    for (const [name, text] of processFiles(b, p)) files.set(`proc/${p.pid}/${name}`, text);
    if (p.exe) links.set(`proc/${p.pid}/exe`, p.exe);
    const open = p.files ?? [];
    const fds = Math.max(open.length, p.fds ?? Math.min(12, 4 + (p.threads ?? 1)));
    for (let i = 0; i < fds && p.exe; i++)
      links.set(`proc/${p.pid}/fd/${i}`, open[i] ?? (i < 3 ? '/dev/null' : `socket:[${p.pid * 100 + i}]`));
  }
  for (const [name, text] of groups(b)) files.set(name, text);
  for (const [name, text] of Object.entries(b.files))
    if (text === undefined) files.delete(name);
    else files.set(name, text);
  return { files, links };
}

export function counters(b: Box): Map<string, string> {
  const s = (name: string) => round(b.second[name] ?? 0);
  const cpus = Array.from({ length: b.cores }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => s(`cpu${i} ${j}`)),
  );
  const all = cpus[0]!.map((_, j) => cpus.reduce((sum, c) => sum + c[j]!, 0));
  const tcp = {
    RtoAlgorithm: 1,
    RtoMin: 200,
    RtoMax: 120_000,
    MaxConn: -1,
    ActiveOpens: 4000,
    PassiveOpens: 9000,
    AttemptFails: 12,
    EstabResets: 40,
    CurrEstab: b.sockets['ESTAB'] ?? 0,
    InSegs: 0,
    OutSegs: 0,
    RetransSegs: 0,
    InErrs: 0,
    OutRsts: 0,
    InCsumErrors: 0,
  } as Record<string, number>;
  const udp = { InDatagrams: 0, NoPorts: 3, InErrors: 0, OutDatagrams: 0, RcvbufErrors: 0, SndbufErrors: 0 };
  const ext = {
    SyncookiesSent: 0,
    SyncookiesRecv: 0,
    SyncookiesFailed: 0,
    EmbryonicRsts: 0,
    PruneCalled: 0,
    TW: 900,
    DelayedACKs: 4000,
    ListenOverflows: 0,
    ListenDrops: 0,
    TCPHPHits: 90_000,
    TCPLostRetransmit: 4,
    TCPTimeouts: 20,
    TCPAbortOnMemory: 0,
    TCPBacklogDrop: 0,
    TCPReqQFullDoCookies: 0,
    TCPReqQFullDrop: 0,
    TCPMemoryPressures: 0,
  } as Record<string, number>;
  const table = (head: string, row: Record<string, number>, from: string, moved: readonly string[]) =>
    `${head}: ${Object.keys(row).join(' ')}\n${head}: ${Object.entries(row)
      .map(([k, v]) => (moved.includes(k) || v === 0 ? s(`${from}${k}`) : v))
      .join(' ')}\n`;
  const net = b.nets.map((n) => `${n.name.padStart(6)}: ${(n.c ?? Array(16).fill(0)).map(round).join(' ')}`);
  const kernel = Number(b.system.kernel.split('.')[0]);
  const files = new Map<string, string>([
    ['proc/uptime', `${b.uptime.toFixed(2)} ${(b.uptime * b.cores * 0.95).toFixed(2)}\n`],
    [
      'proc/stat',
      `cpu  ${all.join(' ')}\n${cpus.map((c, i) => `cpu${i} ${c.join(' ')}\n`).join('')}` +
        `intr ${s('ctxt')} 33 9 0 0 0 0 0 0 1 0 0 0 0 0 0 0
ctxt ${s('ctxt')}
btime ${round(b.now - b.uptime)}
` +
        `processes ${s('forks') + 900}\nprocs_running ${b.running}\nprocs_blocked ${b.blocked}\n` +
        `softirq 9000 0 3000 1 2000 500 0 0 1500 0 1999\n`,
    ],
    [
      'proc/vmstat',
      Object.entries({
        nr_free_pages: 90_000,
        nr_dirty: kb(b.dirty) / 4,
        nr_writeback: 0,
        nr_slab_unreclaimable: kb(b.unreclaimable) / 4,
        pgpgin: 9_000_000,
        pgpgout: 22_000_000,
        pswpin: s('pswpin'),
        pswpout: s('pswpout'),
        pgfault: 99_000_000 + (b.now % 9e6),
        pgmajfault: s('pgmajfault'),
        pgscan_kswapd: s('direct'),
        pgscan_direct: s('direct'),
        allocstall_normal: 0,
        compact_stall: 3,
        workingset_refault_file: 100,
        ...(kernel >= 4 && { oom_kill: b.oomKills }),
      })
        .map(([k, v]) => `${k} ${round(v)}\n`)
        .join(''),
    ],
    [
      'proc/diskstats',
      blocksOf(b)
        .map((d) => diskLine(d, kernel))
        .join(''),
    ],
    [
      'proc/net/dev',
      `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 90000 900 0 0 0 0 0 0 90000 900 0 0 0 0 0 0
${net.join('\n')}
`,
    ],
    [
      'proc/net/snmp',
      `Ip: Forwarding DefaultTTL InReceives InDelivers OutRequests
Ip: 2 64 ${s('InSegs')} ${s('InSegs')} ${s('OutSegs')}
` +
        table('Tcp', tcp, '', Object.keys(b.tcp)) +
        table('Udp', udp, 'udp ', Object.keys(b.udp)),
    ],
    ['proc/net/netstat', table('TcpExt', ext, '', Object.keys(b.tcpExt))],
  ]);
  for (const p of b.processes) files.set(`proc/${p.pid}/stat`, statLine(p));
  return files;
}

interface Block {
  major: number;
  minor: number;
  name: string;
  c: number[];
  gb: number;
}

function blocksOf(b: Box): Block[] {
  return b.disks.flatMap((d, i) => {
    const major = d.name.startsWith('nvme')
      ? 259
      : d.name.startsWith('dm')
        ? 253
        : d.name.startsWith('md')
          ? 9
          : d.name.startsWith('vd')
            ? 254
            : d.name.startsWith('mmc')
              ? 179
              : 8;
    const minor =
      major === 8 || major === 254 ? i * 16 : major === 259 ? i * 8 : Number(/\d+$/.exec(d.name)?.[0] ?? 0);
    const c = d.c ?? Array<number>(11).fill(0);
    const parts = (d.parts ?? []).map(([name, gb], j) => ({
      major,
      minor: minor + j + 1,
      name,
      gb,
      c: j === 0 ? c : c.map((v) => v / 50),
    }));
    return [{ major, minor, name: d.name, gb: d.gb, c }, ...parts];
  });
}

function diskLine({ major, minor, name, c }: Block, kernel: number): string {
  const more = kernel >= 5 ? ' 120 0 90000 30 44 12' : '';
  return `${String(major).padStart(4)} ${String(minor).padStart(7)} ${name} ${c.map(round).join(' ')}${more}\n`;
}

function statLine(p: Proc): string {
  const start = round((p.started ?? 30) * 100);
  const ticks = p.ticks ?? 40;
  const { ppid = p.exe ? 1 : 2 } = p;
  return (
    `${p.pid} (${p.name.slice(0, 15)}) ${p.state ?? 'S'} ${ppid} ${p.pid} ${p.pid} 0 -1 ${p.exe ? 4194560 : 2129984} 900 0 2 0 ` +
    `${round(ticks * 0.8)} ${round(ticks * 0.2)} 0 0 20 0 ${p.threads ?? 1} 0 ${start} ${p.exe ? kb(p.rss ?? 20) * 3000 : 0} ` +
    `${p.exe ? kb(p.rss ?? 20) / 4 : 0} 18446744073709551615 1 1 0 0 0 0 0 4096 17163 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n`
  );
}

function* processFiles(b: Box, p: Proc): Generator<[string, string]> {
  yield ['stat', statLine(p)];
  const uid = p.uid ?? 0;
  const rss = kb(p.rss ?? 20);
  const fds = p.fds ?? 12;
  yield [
    'status',
    `Name:\t${p.name.slice(0, 15)}
Umask:\t0022
State:\t${p.state ?? 'S'} (sleeping)
Tgid:\t${p.pid}
Pid:\t${p.pid}
PPid:\t${p.ppid ?? 1}
Uid:\t${uid}\t${uid}\t${uid}\t${uid}
Gid:\t${uid}\t${uid}\t${uid}\t${uid}
FDSize:\t${Math.max(64, 2 ** Math.ceil(Math.log2(fds)))}
` +
      (p.exe
        ? `VmPeak:\t ${rss * 3} kB
VmSize:\t ${rss * 3} kB
VmHWM:\t ${rss} kB
VmRSS:\t ${rss} kB
VmSwap:\t ${kb(p.swap ?? 0)} kB
`
        : '') +
      `Threads:\t${p.threads ?? 1}\n`,
  ];
  yield [
    'io',
    `rchar: ${round(p.readTotal ?? 0)}
wchar: ${round(p.writeTotal ?? 0)}
syscr: 900
syscw: 400
read_bytes: ${round(p.readTotal ?? 0)}
write_bytes: ${round(p.writeTotal ?? 0)}
cancelled_write_bytes: 0
`,
  ];
  const group = p.unit
    ? `/system.slice/${p.unit}`
    : p.exe && b.system.systemd
      ? p.pid === 1
        ? '/init.scope'
        : '/user.slice/user-0.slice/session-3.scope'
      : '/';
  yield [
    'cgroup',
    b.system.cgroups === 2
      ? `0::${group}\n`
      : b.system.cgroups === 1
        ? `11:memory:${group}\n4:cpuacct,cpu:${group}\n1:name=systemd:${group}\n`
        : '0::/\n',
  ];
  yield ['wchan', p.wchan ?? '0'];
  yield [
    'limits',
    `Limit                     Soft Limit           Hard Limit           Units     \n\
Max processes             31000                31000                processes \n\
Max open files            ${String(p.limit ?? 1024).padEnd(20)} 524288               files     \n\
`,
  ];
  if (p.exe)
    yield [
      'maps',
      `55d0c0a00000-55d0c0a01000 r-xp 00000000 08:01 1311 ${p.exe}
7f12a0000000-7f12a0001000 r-xp 00000000 08:01 901 /usr/lib/x86_64-linux-gnu/libc.so.6
`,
    ];
}

function standing(b: Box): Map<string, string> {
  const kernel = Number(b.system.kernel.split('.')[0]);
  const rss = b.processes.reduce((sum, p) => sum + (p.rss ?? 20), 0);
  const available = b.available ?? Math.max(40, b.memory * 0.96 - rss - 100);
  const free = b.free ?? available * 0.45;
  const cached = b.cached ?? available - free + b.shmem;
  const swapUsed = b.swapUsed;
  const psi = (name: string, some: number, full: number, key: string) =>
    `some avg10=${some.toFixed(2)} avg60=${some.toFixed(2)} avg300=${(some * 0.9).toFixed(2)} total=${round(b.second[`psi ${key}`] ?? 0)}\n` +
    `full avg10=${full.toFixed(2)} avg60=${full.toFixed(2)} avg300=${(full * 0.9).toFixed(2)} total=${round(b.second[`psi ${name === 'cpu' ? 'none' : `${key}Full`}`] ?? 0)}\n`;
  const files = new Map<string, string>([
    [
      'proc/loadavg',
      `${b.load.map((l) => l.toFixed(2)).join(' ')} ${b.running}/${b.processes.reduce((s, p) => s + (p.threads ?? 1), 0) + 100} 9911\n`,
    ],
    [
      'proc/meminfo',
      Object.entries({
        MemTotal: b.memory,
        MemFree: free,
        ...(kernel >= 3 && { MemAvailable: available }),
        Buffers: 40,
        Cached: cached,
        SwapCached: 0,
        Active: rss,
        Inactive: cached * 0.6,
        SwapTotal: b.swap,
        SwapFree: b.swap - swapUsed,
        Dirty: b.dirty,
        Writeback: 0,
        AnonPages: rss,
        Mapped: 90,
        Shmem: b.shmem,
        Slab: b.reclaimable + b.unreclaimable,
        SReclaimable: b.reclaimable,
        SUnreclaim: b.unreclaimable,
        KernelStack: 6,
        PageTables: 14,
        CommitLimit: b.swap + b.memory / 2,
        Committed_AS: b.committed ?? rss * 1.6,
        HardwareCorrupted: b.corrupted / 1024,
      })
        .map(([k, v]) => `${`${k}:`.padEnd(16)}${String(kb(v)).padStart(8)} kB\n`)
        .join('') +
        `HugePages_Total: ${b.hugePages[0]}
HugePages_Free:  ${b.hugePages[1]}
HugePages_Rsvd:  0
Hugepagesize:       2048 kB
`,
    ],
    [
      'proc/swaps',
      `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
${b.swap ? `/swapfile                               file\t\t${kb(b.swap)}\t\t${kb(swapUsed)}\t\t-2\n` : ''}`,
    ],
    [
      'proc/1/mounts',
      b.mounts
        .map((m) => `${m.dev} ${m.at.replace(/ /g, '\\040')} ${m.type} ${m.options ?? 'rw,relatime'} 0 0\n`)
        .join(''),
    ],
    [
      'proc/version',
      `Linux version ${b.system.kernel} (build@host) (gcc version 12.2.0) ${b.system.version}\n`,
    ],
    ['proc/cmdline', `BOOT_IMAGE=/vmlinuz-${b.system.kernel} root=UUID=2f1c ro quiet\n`],
    ['proc/sys/kernel/hostname', `${b.hostname}\n`],
    ['proc/sys/kernel/random/boot_id', '5d2d1e4c-0001-4c1e-9a55-0c0ffee00001\n'],
    ['proc/sys/kernel/random/entropy_avail', '256\n'],
    ['proc/sys/kernel/pid_max', '4194304\n'],
    ['proc/sys/kernel/threads-max', '62000\n'],
    ['proc/sys/fs/file-nr', '2900\t0\t800000\n'],
    ['proc/sys/vm/overcommit_memory', '0\n'],
    ['proc/sys/vm/swappiness', '60\n'],
    ['proc/sys/net/core/somaxconn', kernel >= 5 ? '4096\n' : '128\n'],
    ['proc/sys/net/ipv4/tcp_mem', '91000\t121000\t182000\n'],
    ['proc/sys/net/ipv4/tcp_max_orphans', '32768\n'],
    ['sys/kernel/mm/transparent_hugepage/enabled', 'always [madvise] never\n'],
    ['etc/machine-id', `${Buffer.from(b.hostname.padEnd(16, '.')).toString('hex').slice(0, 32)}\n`],
    ['etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${b.hostname}\n`],
    ['etc/resolv.conf', 'nameserver 192.0.2.53\n'],
    ['etc/os-release', b.system.release],
    [
      'etc/passwd',
      `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
admin:x:1000:1000::/home/admin:/bin/bash
`,
    ],
    ['etc/group', 'root:x:0:\nsudo:x:27:admin\nadmin:x:1000:\n'],
    ['etc/shadow', 'root:*:19000:0:99999:7:::\nadmin:$y$j9T$abc:19000:0:99999:7:::\n'],
    ['etc/fstab', b.fstab ?? fstabOf(b.mounts)],
    ['sys/class/dmi/id/sys_vendor', 'QEMU\n'],
    ['sys/class/dmi/id/product_name', 'Standard PC (Q35 + ICH9, 2009)\n'],
    [
      'sys/class/dmi/id/product_uuid',
      `4c4c4544-0042-3510-8052-${Buffer.from(b.hostname.padEnd(6, '0')).toString('hex').slice(0, 12)}\n`,
    ],
  ]);
  if (kernel >= 5) {
    files.set('proc/pressure/cpu', psi('cpu', b.psi.cpu, 0, 'cpu'));
    files.set('proc/pressure/memory', psi('memory', b.psi.memory, b.psi.memoryFull, 'memory'));
    files.set('proc/pressure/io', psi('io', b.psi.io, b.psi.ioFull, 'io'));
  }
  if (b.system.systemd) files.set('run/systemd/system/.keep', '');
  files.set(`lib/modules/${b.system.kernel}/modules.dep`, '');
  return files;
}

const pseudo =
  /^(proc|sysfs|tmpfs|devtmpfs|cgroup2?|overlay|squashfs|devpts|mqueue|securityfs|autofs|nsfs|rootfs|ubifs|9p|fuse\..+)$/;

function fstabOf(mounts: Mount[]): string {
  return mounts
    .filter((m) => !pseudo.test(m.type))
    .map((m) => `${m.dev} ${m.at} ${m.type} defaults 0 ${m.at === '/' ? 1 : 2}\n`)
    .join('');
}

function network(b: Box): Map<string, string> {
  const softnet = Array.from({ length: b.cores }, (_, i) => {
    const hex = (name: string) =>
      Math.round(i === 0 ? (b.second[name] ?? 0) : 0)
        .toString(16)
        .padStart(8, '0');
    return `00f1e2d3 ${hex('softnet dropped')} ${hex('softnet squeezed')} ${'00000000 '.repeat(7).trim()}\n`;
  });
  const estab = b.sockets['ESTAB'] ?? 0;
  const files = new Map<string, string>([
    [
      'proc/net/sockstat',
      `sockets: used ${estab + 180}
TCP: inuse ${estab + 8} orphan ${b.orphans} tw ${b.timeWait} alloc ${estab + 12} mem ${b.tcpMemory}
UDP: inuse 4 mem 2
UDPLITE: inuse 0
RAW: inuse 0
FRAG: inuse 0 memory 0
`,
    ],
    ['proc/net/softnet_stat', softnet.join('')],
    [
      'proc/net/arp',
      `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x2         52:54:00:aa:bb:01     *        ${b.nets[0]?.name ?? 'eth0'}
`,
    ],
  ]);
  for (const n of b.nets) {
    const set = (name: string, value: string | number) =>
      files.set(`sys/class/net/${n.name}/${name}`, `${value}\n`);
    const state = n.state ?? 'up';
    set('operstate', state);
    set('carrier_changes', n.carrierChanges ?? 2);
    set('speed', state === 'up' ? (n.speed ?? 1000) : -1);
    set('duplex', state === 'up' ? (n.duplex ?? 'full') : 'unknown');
    set('mtu', n.mtu ?? 1500);
    set('address', n.mac ?? '52:54:00:12:34:56');
  }
  if (b.conntrack) {
    files.set('proc/sys/net/netfilter/nf_conntrack_count', `${b.conntrack[0]}\n`);
    files.set('proc/sys/net/netfilter/nf_conntrack_max', `${b.conntrack[1]}\n`);
  }
  return files;
}

function blocks(b: Box): Map<string, string> {
  const list = blocksOf(b);
  const files = new Map<string, string>([
    [
      'proc/partitions',
      `major minor  #blocks  name

${list.map((p) => `${p.major} ${p.minor} ${round((p.gb * 1e9) / 1024)} ${p.name}\n`).join('')}`,
    ],
  ]);
  for (const d of b.disks)
    for (const [name, text] of sysBlock(d)) files.set(`sys/block/${d.name}/${name}`, `${text}\n`);
  return files;
}

function* sysBlock(d: Disk): Generator<[string, string]> {
  yield ['size', String(round((d.gb * 1e9) / 512))];
  yield ['ro', d.readOnly ? '1' : '0'];
  yield ['queue/scheduler', d.scheduler ?? '[mq-deadline] none'];
  yield ['queue/rotational', d.rotational ? '1' : '0'];
  if (d.model) yield ['device/model', d.model.padEnd(16)];
  if (d.serial) yield ['device/serial', d.serial];
  if (/^sd/.test(d.name)) yield ['device/ioerr_cnt', `0x${(d.ioerr ?? 3).toString(16)}`];
  if (d.dm) yield ['dm/name', d.dm];
}

/** What each service has used and may use, in the words of cgroups version 2 or 1. */
function* groups(b: Box): Generator<[string, string]> {
  if (!b.system.cgroups) return;
  const two = b.system.cgroups === 2;
  if (two) yield ['sys/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory hugetlb pids rdma misc\n'];
  for (const u of b.units) {
    if (u.active && u.active !== 'active') continue;
    const own = b.processes.filter((p) => p.unit === u.name);
    const bytes = round((u.memory ?? own.reduce((sum, p) => sum + (p.rss ?? 20), 0)) * 1048576);
    const tasks = u.tasks ?? own.reduce((sum, p) => sum + (p.threads ?? 1), 0);
    const [usage = 0, periods = 0, cut = 0, time = 0] = (u.c ?? []).map(round);
    const limit = u.memoryMax === undefined ? undefined : round(u.memoryMax * 1048576);
    if (two) {
      const at = `sys/fs/cgroup/system.slice/${u.name}`;
      yield [
        `${at}/cpu.stat`,
        `usage_usec ${usage}
user_usec ${round(usage * 0.8)}
system_usec ${round(usage * 0.2)}
nr_periods ${periods}
nr_throttled ${cut}
throttled_usec ${time}
`,
      ];
      yield [`${at}/memory.current`, `${bytes}\n`];
      yield [`${at}/memory.max`, `${limit ?? 'max'}\n`];
      yield [
        `${at}/memory.stat`,
        `anon ${round(bytes * 0.93)}\nfile ${round(bytes * 0.05)}\nkernel 90000\nshmem 0\n`,
      ];
      yield [
        `${at}/memory.events`,
        `low 0
high 0
max ${(u.oomKills ?? 0) * 900}
oom ${u.oomKills ?? 0}
oom_kill ${u.oomKills ?? 0}
oom_group_kill 0
`,
      ];
      yield [`${at}/memory.swap.current`, '0\n'];
      yield [`${at}/pids.current`, `${tasks}\n`];
      yield [`${at}/pids.max`, `${u.tasksMax ?? 4915}\n`];
      yield [`${at}/cpu.max`, `${u.quota ?? 'max'} 100000\n`];
      yield [`${at}/io.max`, u.ioMax ? `${u.ioMax}\n` : ''];
    } else {
      const at = `system.slice/${u.name}`;
      yield [`sys/fs/cgroup/memory/${at}/memory.usage_in_bytes`, `${bytes}\n`];
      yield [`sys/fs/cgroup/memory/${at}/memory.limit_in_bytes`, `${limit ?? '9223372036854771712'}\n`];
      yield [
        `sys/fs/cgroup/memory/${at}/memory.stat`,
        `cache ${round(bytes * 0.05)}
rss ${round(bytes * 0.93)}
total_cache 1
total_rss ${round(bytes * 0.93)}
`,
      ];
      yield [
        `sys/fs/cgroup/memory/${at}/memory.oom_control`,
        `oom_kill_disable 0\nunder_oom 0\noom_kill ${u.oomKills ?? 0}\n`,
      ];
      yield [`sys/fs/cgroup/pids/${at}/pids.current`, `${tasks}\n`];
      yield [`sys/fs/cgroup/pids/${at}/pids.max`, `${u.tasksMax ?? 'max'}\n`];
      yield [
        `sys/fs/cgroup/cpu/${at}/cpu.stat`,
        `nr_periods ${periods}\nnr_throttled ${cut}\nthrottled_time ${time * 1000}\n`,
      ];
      yield [`sys/fs/cgroup/cpuacct/${at}/cpuacct.usage`, `${usage * 1000}\n`];
    }
  }
}
