// The report of such a server as text: the sections of the agent in its order, with the words of the system's own tools.
import type { Host, Mount } from './host.ts';

const properties =
  'Id,ActiveState,SubState,Result,NRestarts,ExecMainStatus,MainPID,ActiveEnterTimestamp,MemoryMax,TasksMax,InactiveEnterTimestamp,ExecMainCode';

type Put = (header: string, ...body: (string | number)[]) => void;

export function report(h: Host): string {
  const lines: string[] = [];
  const put: Put = (header, ...body) => {
    lines.push(`=== ${header}`);
    for (const text of body) if (text !== '') lines.push(String(text));
  };
  lines.push(
    `rootnote 1 agent=0.1.0 sha256=3f9a1c0de5b2 rhythm=daily euid=0 epoch=${h.epoch} zone=${h.system.zone[0]}`,
  );
  memory(h, put);
  network(h, put);
  limits(h, put);
  processes(h, put, '');
  space(h, put);
  services(h, put);
  slow(h, put);
  for (const [header, text] of h.more) put(header, text);
  counters(h, put, '');
  sockets(h, put);
  h.pass(1);
  counters(h, put, ' #2');
  processes(h, put, ' #2');
  lines.push('=== end', '');
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
      ? `/dev/${h.disks.has('sda') ? 'sda3' : 'dm-1'}                               partition\t${h.swap}\t\t${Math.round(h.swapUsed)}\t\t-2`
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

function processes(h: Host, put: Put, again: string): void {
  const rows = [
    again
      ? 'pid\tutime\tstime\tmajflt'
      : 'pid\tutime\tstime\tmajflt\tppid\tstate\tthreads\tstart\trss_kb\tuid\tswap_kb\tfdsize\tread_bytes\twrite_bytes\tcgroup\tname',
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
            t.uid,
            t.swap || '',
            t.fds,
            Math.round(t.readBytes) || '',
            Math.round(t.writeBytes) || '',
            t.cgroup,
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

function space(h: Host, put: Put): void {
  const remote = /^(nfs|cifs|fuse\.|ceph)/;
  const row = (path: string, m: Mount) => {
    const reserved = (m.type ?? 'ext4') === 'ext4' ? m.size * 0.05 : 0;
    const free = Math.max(0, Math.round(m.size - m.used - reserved));
    return `${m.device.padEnd(36)} ${m.type ?? 'ext4'}  ${m.size} ${Math.round(m.used)} ${free} ${Math.ceil((100 * m.used) / (m.used + free || 1))}% ${path}`;
  };
  const local = [...h.mounts].filter(([, m]) => !remote.test(m.type ?? ''));
  const head = h.system.busybox
    ? 'Filesystem           Type       1024-blocks    Used Available Capacity Mounted on'
    : 'Filesystem                           Type     1024-blocks     Used Available Capacity Mounted on';
  const run = `tmpfs                                tmpfs  ${Math.round(h.ram / 10)} 1840 ${Math.round(h.ram / 10) - 1840} 1% /run`;
  put('df -PTk', head, run, ...local.map(([path, m]) => row(path, m)));
  put(
    'df -Pi',
    'Filesystem                             Inodes  IUsed     IFree IUse% Mounted on',
    ...local.map(([path, m]) => {
      const all = m.inodes ?? (/btrfs|zfs|vfat/.test(m.type ?? '') ? 0 : Math.round(m.size / 16));
      const used = m.inodesUsed ?? Math.round(all * 0.06);
      return `${m.device.padEnd(36)} ${all} ${all ? used : 0} ${all ? all - used : 0} ${all ? `${Math.ceil((100 * used) / all)}%` : '-'} ${path}`;
    }),
  );
  for (const [path, m] of h.mounts)
    if (remote.test(m.type ?? '') && m.size > 0) put(`df -PTk ${path}`, head, row(path, m));
    else if (remote.test(m.type ?? '')) put(`df -PTk ${path}`, '=!= exit 124');
}

function services(h: Host, put: Put): void {
  if (h.system.ss) {
    put(
      'ss -Htn state listening',
      ...h.listening.map(
        (l) => `${l.waiting ?? 0}      ${l.queue ?? 128}    ${any(h, l.address)}:${l.port}      ${any(h)}:*`,
      ),
    );
    put('ss -Htan', `${h.tcp.established} ESTAB ${h.listening[0]?.port ?? 22}`);
  } else {
    const hex = (n: number, width: number) => n.toString(16).toUpperCase().padStart(width, '0');
    put(
      'cat /proc/net/tcp',
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      ...h.listening.map(
        (l, i) =>
          `   ${i}: ${l.address === '127.0.0.1' ? '0100007F' : '00000000'}:${hex(l.port, 4)} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${9000 + i} 1 0000000000000000 100 0 0 10 0`,
      ),
    );
  }
  if (h.system.dmesg) {
    const shown = h.log.filter((l) => l.level <= 4 || l.text.includes('oom-kill:'));
    put('dmesg -r', ...shown.map((l) => `<${l.level}>[${l.uptime.toFixed(6).padStart(12)}] ${l.text}`));
  } else put('dmesg -r', '=!= exit 1');
  if (!h.system.systemd) return;
  put(
    'systemctl list-units --type=service --state=running,failed,activating --no-legend --plain',
    ...[...h.units]
      .filter(([, u]) => !['inactive'].includes(u['ActiveState'] ?? ''))
      .map(
        ([name, u]) =>
          `${name.padEnd(28)} loaded ${u['ActiveState'] ?? 'active'} ${u['SubState'] ?? 'running'} ${u['Description'] ?? name.replace('.service', '')}`,
      ),
  );
}

function slow(h: Host, put: Put): void {
  const nic = [...h.nics.keys()][0]!;
  put('cat /etc/resolv.conf', 'nameserver 10.20.0.53\nsearch example.net');
  put('cat /etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${h.name}`);
  put('cat /etc/os-release', h.system.release);
  put('cat /proc/cmdline', 'BOOT_IMAGE=/boot/vmlinuz root=UUID=4a1f ro quiet');
  put('cat /proc/version', h.system.kernel);
  put('grep -r . /sys/kernel/mm', '/sys/kernel/mm/transparent_hugepage/enabled:always [madvise] never');
  put('grep -r . /proc/sys/vm', '/proc/sys/vm/overcommit_memory:0\n/proc/sys/vm/swappiness:60');
  put('grep -r . /proc/sys/net/core', '/proc/sys/net/core/somaxconn:4096');
  put(
    'grep -r . /sys/block',
    ...[...h.disks].flatMap(([d, { size = 1_953_525_168, rotates, model }], i) => [
      `/sys/block/${d}/size:${size}`,
      `/sys/block/${d}/ro:0`,
      `/sys/block/${d}/queue/scheduler:[${rotates ? 'mq-deadline' : 'none'}] ${rotates ? 'none' : 'mq-deadline'}`,
      `/sys/block/${d}/queue/rotational:${rotates ? 1 : 0}`,
      model ? `/sys/block/${d}/device/model:${model}` : '',
      model ? `/sys/block/${d}/device/serial:WX${i}1A00C` : '',
    ]),
  );
  const [offset, zone] = h.system.zone;
  const local = new Date(h.epoch * 1000 + Number(offset.slice(0, 3)) * 3_600_000);
  put('date +%FT%T%z_%Z', `${local.toISOString().slice(0, 19)}${offset}_${zone}`);
  if (h.system.systemd && !h.more.has('timedatectl show'))
    put(
      'timedatectl show',
      h.system.newUnits
        ? `Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=yes`
        : '=!= exit 1',
    );
  put(
    'ip -o addr',
    '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
    `2: ${nic}    inet 10.20.0.17/24 brd 10.20.0.255 scope global ${nic}\\       valid_lft forever preferred_lft forever`,
  );
  put(
    'ip route',
    `default via 10.20.0.1 dev ${nic} proto static \n10.20.0.0/24 dev ${nic} proto kernel scope link src 10.20.0.17 `,
  );
  put('ip -6 route', '');
  if (!h.more.has('ip neigh')) put('ip neigh', `10.20.0.1 dev ${nic} lladdr 00:1b:21:aa:bb:01 REACHABLE `);
  if (h.system.ss)
    put(
      'ss -tlnup',
      ...h.listening.map(
        (l) =>
          `tcp LISTEN 0 ${l.queue ?? 128} ${any(h, l.address)}:${l.port} ${any(h)}:* users:(("${l.program.slice(0, 15)}",pid=${h.named(l.program)[0]?.pid ?? 1},fd=6))`,
      ),
    );
  else put('ss -tlnup', '=!= missing ss');
  if (h.system.systemd)
    put(
      `systemctl show --no-pager -p ${properties} *.service`,
      [...h.units].map(([name, u]) => unit(h, name, u)).join('\n\n'),
    );
  put('sha256sum /etc/*', `2c18e8d099346c24f0486b617ae5250c6166405f7f3ad4efc9af2e5272ab0d33  /etc/fstab`);
  if (!h.more.has('cat /etc/fstab'))
    put(
      'cat /etc/fstab',
      ...[...h.mounts]
        .filter(([, m]) => m.device.startsWith('/dev/') && !/squashfs|overlay/.test(m.type ?? ''))
        .map(([path, m]) => `${m.device} ${path} ${m.type ?? 'ext4'} defaults 0 2`),
    );
  if (h.system.systemd)
    put('systemd-detect-virt', h.system.virt, h.system.virt === 'none' ? '=!= exit 1' : '');
  put('cat /etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash');
  put('cat /etc/group', `root:x:0:\n${h.system.release.includes('debian') ? 'sudo' : 'wheel'}:x:27:admin`);
  put('nft list ruleset', 'type filter hook input priority filter; policy drop;\nrules 23');
  put('sshd -T', 'port 22\npermitrootlogin no\npasswordauthentication no\npubkeyauthentication yes');
}

function any(h: Host, address?: string): string {
  return address ?? (h.system.stars ? '*' : '0.0.0.0');
}

function unit(h: Host, name: string, given: Record<string, string>): string {
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const [offset, zone] = h.system.zone;
  const stamp = (ago: number) => {
    const date = new Date(h.at(ago).getTime() + Number(offset.slice(0, 3)) * 3_600_000);
    const iso = date.toISOString();
    return `${days[date.getUTCDay()]} ${iso.slice(0, 10)} ${iso.slice(11, 19)} ${zone}`;
  };
  const { since = String(h.uptime - 60), Description, ...more } = given;
  void Description;
  const down = ['failed', 'inactive'].includes(given['ActiveState'] ?? '');
  const at = stamp(Number(since) < 0 ? 0 : Number(since));
  const pid = h.named(name.replace('.service', ''))[0]?.pid ?? 0;
  const all: Record<string, string> = {
    Id: name,
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    ...(h.system.newUnits ? { NRestarts: '0' } : {}),
    ExecMainStatus: '0',
    ExecMainCode: '0',
    MainPID: String(down ? 0 : pid),
    ActiveEnterTimestamp: down ? '' : at,
    InactiveEnterTimestamp: down ? at : '',
    ...(h.system.newUnits ? { MemoryMax: 'infinity', TasksMax: '18874' } : {}),
    ...more,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
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
    `Tcp: 1 200 120000 -1 88120 99102 1202 902 ${h.tcp.established} ${t('in')} ${t('out')} ${t('retransmits')} 0 ${t('resets')} 0`,
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
