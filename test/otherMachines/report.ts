// The report of such a server as text: the sections of the agent in its order, with the words of the system's own tools.
import type { Host } from './host.ts';
import { remoteSpace, services, slow, space } from './reportTools.ts';

export type Put = (header: string, ...body: (string | number)[]) => void;

/** Sections of `more` that a run of every minute has as well. */
const everyMinute =
  /^(cat \/proc\/(mdstat|net)|grep -r \. \/proc\/net|tail -n 300|docker|mysql|psql|redis-cli|upsc|wg |stat \/var\/log)/;

/** A full report as `--print` makes it, or one of every minute: without what comes hourly, and with the new lines of the kernel's log. */
export function report(h: Host, rhythm: 'daily' | 'minute' = 'daily'): string {
  const lines: string[] = [];
  const put: Put = (header, ...body) => {
    lines.push(`=== ${header}`);
    for (const text of body) if (text !== '') lines.push(String(text));
  };
  lines.push(
    `rootnote 1 agent=0.1.0 sha256=3f9a1c0de5b2 rhythm=${rhythm} euid=${h.euid} epoch=${h.epoch} zone=${h.system.zone[0]}`,
  );
  memory(h, put);
  network(h, put);
  limits(h, put);
  // Who a process belongs to, and what it reads and writes, is told each minute only while tasks wait, or where nobody knows.
  const detailed = rhythm === 'daily' || !h.system.psi || h.psi.memory >= 1 || h.psi.io >= 1;
  processes(h, put, '', detailed);
  space(h, put);
  services(h, put, rhythm === 'minute');
  if (rhythm === 'daily') {
    remoteSpace(h, put);
    slow(h, put);
  }
  for (const [header, text] of h.more) if (rhythm === 'daily' || everyMinute.test(header)) put(header, text);
  counters(h, put, '');
  sockets(h, put);
  h.pass(1);
  counters(h, put, ' #2');
  processes(h, put, ' #2', detailed);
  lines.push('=== end', '');
  h.logShown = h.uptime;
  return lines.join('\n');
}

function memory(h: Host, put: Put): void {
  const running = Math.max(1, Math.round(h.tasks.reduce((sum, t) => sum + t.cpu, 0) / 100));
  const threads = h.tasks.reduce((sum, t) => sum + t.threads, 0) + 90;
  put('cat /proc/loadavg', `${h.load.map((l) => l.toFixed(2)).join(' ')} ${running}/${threads} 31877`);
  const kB = (name: string, value: number) =>
    `${`${name}:`.padEnd(16)}${String(Math.max(0, Math.round(value))).padStart(8)} kB`;
  const anon = h.tasks.reduce((sum, t) => sum + t.rss * 0.9, 0);
  put(
    'cat /proc/meminfo',
    kB('MemTotal', h.ram),
    kB('MemFree', Math.min(h.available * 0.4, Math.max(h.ram * 0.012, h.available - h.cached))),
    kB('MemAvailable', h.available * h.jitter(0.004)),
    kB('Buffers', h.system.busybox ? 40_000 : 210_000),
    kB('Cached', h.cached),
    kB('SwapCached', h.swapUsed * 0.02),
    kB('Active', h.cached * 0.6 + anon * 0.4),
    kB('Inactive', h.cached * 0.4 + anon * 0.6),
    kB('SwapTotal', h.swap),
    kB('SwapFree', h.swap - h.swapUsed),
    kB('Dirty', h.dirty),
    kB('Writeback', 0),
    kB('AnonPages', anon),
    kB('Mapped', 180_000),
    kB('Shmem', h.shmem),
    kB('Slab', h.slab),
    kB('SReclaimable', h.slab - h.slabUnreclaimed),
    kB('SUnreclaim', h.slabUnreclaimed),
    kB('KernelStack', threads * 16),
    kB('PageTables', anon / 300),
    kB('CommitLimit', h.ram / 2 + h.swap),
    kB('Committed_AS', h.committed),
    kB('VmallocTotal', 34_359_738_367),
    kB('VmallocUsed', 60_000),
    kB('HardwareCorrupted', 0),
    kB('AnonHugePages', 0),
    'HugePages_Total:       0',
    'HugePages_Free:        0',
    'HugePages_Rsvd:        0',
    'HugePages_Surp:        0',
    'Hugepagesize:       2048 kB',
    kB('DirectMap4k', 300_000),
    kB('DirectMap2M', h.ram),
  );
  put(
    'cat /proc/swaps',
    'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority',
    h.swap
      ? `/dev/${h.swapDevice || (h.disks.has('sda') ? 'sda3' : 'dm-1')}                               partition\t${h.swap}\t\t${Math.round(h.swapUsed)}\t\t-2`
      : '',
  );
  put(
    'cat /proc/mounts',
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0',
    `tmpfs /run tmpfs rw,nosuid,nodev,size=${Math.round(h.ram / 10)}k,mode=755 0 0`,
    ...[...h.mounts].map(
      ([path, m]) => `${m.device} ${path} ${m.type ?? 'ext4'} ${m.options ?? 'rw,relatime'} 0 0`,
    ),
  );
  if (h.system.psi) {
    const some = (kind: string, word: string, value: number) =>
      `/proc/pressure/${kind}:${word} avg10=${value.toFixed(2)} avg60=${(value * 0.97).toFixed(2)} avg300=${(value * 0.8).toFixed(2)} total=${h.count(`psi ${kind} ${word}`, value * 600_000)}`;
    put(
      'grep -r . /proc/pressure',
      some('cpu', 'some', h.psi.cpu),
      some('cpu', 'full', 0),
      some('io', 'some', h.psi.io),
      some('io', 'full', h.psi.ioFull),
      some('memory', 'some', h.psi.memory),
      some('memory', 'full', h.psi.memoryFull),
    );
  }
}

function network(h: Host, put: Put): void {
  put(
    'cat /proc/net/arp',
    'IP address       HW type     Flags       HW address            Mask     Device',
    `10.20.0.1        0x1         0x2         00:1b:21:aa:bb:01     *        ${[...h.nics.keys()][0]}`,
  );
  put(
    'grep -r . /sys/class/net',
    '/sys/class/net/lo/operstate:unknown\n/sys/class/net/lo/carrier_changes:0\n/sys/class/net/lo/mtu:65536\n/sys/class/net/lo/address:00:00:00:00:00:00',
    ...[...h.nics].flatMap(([name, n], i) => [
      `/sys/class/net/${name}/operstate:${n.state ?? 'up'}`,
      h.system.diskFields === 14 ? '' : `/sys/class/net/${name}/carrier_changes:${n.carrier ?? 2}`,
      n.state === 'down' && !n.speed ? '' : `/sys/class/net/${name}/speed:${n.speed ?? 1000}`,
      n.state === 'down' && !n.speed ? '' : `/sys/class/net/${name}/duplex:${n.duplex ?? 'full'}`,
      `/sys/class/net/${name}/mtu:1500`,
      `/sys/class/net/${name}/address:52:54:00:1c:${i.toString(16).padStart(2, '0')}:7e`,
    ]),
  );
  if (h.conntrack)
    put(
      'grep -r . /proc/sys/net/netfilter',
      `/proc/sys/net/netfilter/nf_conntrack_count:${h.conntrack[0]}`,
      `/proc/sys/net/netfilter/nf_conntrack_max:${h.conntrack[1]}`,
    );
}

function limits(h: Host, put: Put): void {
  put('cat /proc/sys/kernel/hostname', h.name);
  const id = h.name.split('').reduce((sum, c) => (sum * 33 + c.charCodeAt(0)) % 0xffffff, 7);
  put(
    'cat /proc/sys/kernel/random/boot_id',
    `5b1c${String(h.boot).padStart(4, '0')}-7d2e-4f6a-9b01-${id.toString(16).padStart(12, '0')}`,
  );
  put('cat /proc/sys/kernel/random/entropy_avail', h.system.diskFields === 14 ? 3120 : 256);
  put('cat /proc/sys/fs/file-nr', `${3000 + h.tasks.length * 20}\t0\t${Math.round(h.ram / 10)}`);
  put('cat /proc/sys/kernel/pid_max', h.system.diskFields === 14 ? 32768 : 4194304);
  put('cat /proc/sys/kernel/threads-max', Math.round(h.ram / 130));
  put(
    'grep -r . /proc/sys/net/ipv4',
    `/proc/sys/net/ipv4/tcp_mem:${Math.round(h.ram / 90)}\t${Math.round(h.ram / 67)}\t${Math.round(h.ram / 45)}`,
    '/proc/sys/net/ipv4/tcp_max_orphans:65536',
  );
  put('cat /etc/machine-id', `${id.toString(16).padStart(8, '0')}`.repeat(4));
  const lists: [string, RegExp][] = [
    ['grep -r . /sys/class/hwmon', /^\/sys\/class\/hwmon/],
    ['grep -r . /sys/class/thermal', /^\/sys\/class\/thermal/],
    ['grep -r . /sys/devices/system', /^\/sys\/devices\/system/],
    ['grep -r . /sys/fs/ext4', /^\/sys\/fs\/ext4/],
  ];
  for (const [header, path] of lists) {
    const found = [...h.sys].filter(([p]) => path.test(p)).map(([p, v]) => `${p}:${v}`);
    if (found.length > 0) put(header, ...found);
  }
  const md = [...h.sys].filter(([p]) => /^\/sys\/block\/md/.test(p));
  for (const array of new Set(md.map(([p]) => p.split('/')[3]!)))
    put(
      `grep -r . /sys/block/${array}/md`,
      ...md.filter(([p]) => p.startsWith(`/sys/block/${array}/`)).map(([p, v]) => `${p}:${v}`),
    );
  const groups = [...h.groups].map(([p, v]) => `/sys/fs/cgroup${p}:${v}`);
  if (groups.length > 0) put('grep -r . /sys/fs/cgroup', ...groups);
}

function processes(h: Host, put: Put, again: string, detailed: boolean): void {
  const rows = [
    again
      ? 'pid\tutime\tstime\tmajflt'
      : 'pid\tutime\tstime\tmajflt\tppid\tstate\tthreads\tstart\trss_kb\tuid\tswap_kb\tfdsize\tread_bytes\twrite_bytes\tcgroup\twchan\tname',
  ];
  for (const t of h.tasks) {
    const head = [t.pid, Math.round(t.user * 100), Math.round(t.sys * 100), Math.round(t.majors)];
    const start = Math.max(1, Math.round((h.uptime - (h.now - t.born)) * 100));
    if (again && t.cpu < 1) continue;
    rows.push(
      (again
        ? head
        : [
            ...head,
            t.ppid,
            t.state,
            t.threads,
            start,
            Math.round(t.rss),
            ...(detailed
              ? [
                  t.uid,
                  t.swap || '',
                  t.fds,
                  Math.round(t.readBytes) || '',
                  Math.round(t.writeBytes) || '',
                  t.cgroup,
                ]
              : ['', '', '', '', '', '']),
            detailed && t.state === 'D' ? t.wchan : '',
            t.name.slice(0, 15),
          ]
      ).join('\t'),
    );
  }
  put(`cat /proc/[0-9]*/stat${again}`, ...rows);
  if (again) return;
  const open = h.tasks.filter((t) => t.open).map((t) => `${t.pid} ${t.open!.join(' ')}`);
  put('ls /proc/[0-9]*/fd | wc -l', ...open);
}

function counters(h: Host, put: Put, again: string): void {
  put(`cat /proc/uptime${again}`, `${h.uptime.toFixed(2)} ${(h.n('cpu idle') / 100).toFixed(2)}`);
  const kinds = [
    'user',
    'nice',
    'system',
    'idle',
    'iowait',
    'irq',
    'softirq',
    'steal',
    'guest',
    'guest_nice',
  ];
  const row = (share: number) => kinds.map((k) => Math.round(h.n(`cpu ${k}`) * share)).join(' ');
  put(
    `cat /proc/stat${again}`,
    `cpu  ${row(1)}`,
    ...Array.from({ length: h.cores }, (_, i) => `cpu${i} ${row(1 / h.cores)}`),
    `intr ${h.count('intr', 900)} 0 0 0`,
    `ctxt ${h.n('ctxt')}`,
    `btime ${Math.round(h.epoch - h.uptime)}`,
    `processes ${h.n('processes')}`,
    `procs_running ${Math.max(1, Math.round(h.tasks.reduce((sum, t) => sum + t.cpu, 0) / 100))}`,
    `procs_blocked ${h.blocked}`,
  );
  put(
    `cat /proc/vmstat${again}`,
    `nr_free_pages ${Math.round(h.available / 9)}`,
    `nr_dirty ${Math.round(h.dirty / 4)}`,
    'nr_writeback 0',
    `pgpgin ${h.count('pgpgin', 500)}`,
    `pgpgout ${h.count('pgpgout', 900)}`,
    `pswpin ${h.n('pswpin')}`,
    `pswpout ${h.n('pswpout')}`,
    `pgfault ${h.count('pgfault', 4000)}`,
    `pgmajfault ${h.n('pgmajfault')}`,
    'compact_stall 12',
    h.system.diskFields === 14 ? '' : `oom_kill ${h.oomKills}`,
  );
  put(
    `cat /proc/diskstats${again}`,
    ...[...h.disks.keys()].map((d, i) => {
      const n = (key: string) => h.n(`${d} ${key}`);
      const [major, minor] = d.startsWith('nvme') ? [259, i] : d.startsWith('dm') ? [253, i] : [8, i * 16];
      const more = { 14: '', 18: ' 0 0 0 0', 20: ' 0 0 0 0 9120 2210' }[h.system.diskFields];
      return `${String(major).padStart(4)} ${String(minor).padStart(7)} ${d} ${n('r')} 12 ${n('rs')} ${n('rt')} ${n('w')} 40 ${n('ws')} ${n('wt')} 0 ${n('busy')} ${n('queue')}${more}`;
    }),
  );
  put(
    `cat /proc/net/dev${again}`,
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 882201921 1091822    0    0    0     0          0         0 882201921 1091822    0    0    0     0       0          0',
    ...[...h.nics.keys()].map((name) => {
      const n = (key: string) => h.n(`${name} ${key}`);
      return `${name.padStart(6)}: ${n('rx')} ${Math.round(n('rx') / 600)} ${n('errors')} ${n('drops')} ${n('fifo')} ${n('errors')} 0 0 ${n('tx')} ${Math.round(n('tx') / 700)} 0 0 0 0 0 0`;
    }),
  );
  const t = (key: string) => h.n(`tcp ${key}`);
  put(
    `cat /proc/net/snmp${again}`,
    'Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
    `Tcp: 1 200 120000 -1 ${t('opened')} 99102 1202 902 ${h.tcp.established} ${t('in')} ${t('out')} ${t('retransmits')} 0 ${t('resets')} 0`,
    'Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti',
    `Udp: ${h.count('udp', 30)} 12 0 ${h.count('udp out', 30)} 0 0 0 0`,
  );
  put(
    `cat /proc/net/netstat${again}`,
    'TcpExt: SyncookiesSent SyncookiesRecv SyncookiesFailed ListenOverflows ListenDrops TCPTimeouts TCPAbortOnMemory TCPReqQFullDoCookies TCPReqQFullDrop',
    `TcpExt: ${t('cookies')} 0 0 ${t('overflows')} ${t('overflows')} 44 0 ${t('cookies')} 0`,
  );
}

function sockets(h: Host, put: Put): void {
  put(
    'cat /proc/net/sockstat',
    `sockets: used ${200 + h.tcp.established}`,
    `TCP: inuse ${h.tcp.established} orphan ${h.tcp.orphans} tw ${h.tcp.timeWait} alloc ${h.tcp.established + 30} mem ${40 + h.tcp.established}`,
    'UDP: inuse 6 mem 4',
  );
  put(
    'cat /proc/net/softnet_stat',
    ...Array.from(
      { length: h.cores },
      (_, i) =>
        `0003${(40000 + i * 977).toString(16).padStart(4, '0')} ${(i === 0 ? h.n('softnet') : 0).toString(16).padStart(8, '0')} 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 ${i.toString(16).padStart(8, '0')}`,
    ),
  );
}
