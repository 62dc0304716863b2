// The parts of a report that tools of the system print: df, ss, systemctl, ip, files of /etc.
import type { Host, Mount } from './host.ts';
import type { Put } from './report.ts';

const properties =
  'Id,ActiveState,SubState,Result,NRestarts,ExecMainStatus,MainPID,ActiveEnterTimestamp,MemoryMax,TasksMax,InactiveEnterTimestamp,ExecMainCode';

const remote = /^(nfs|cifs|fuse\.|ceph)/;

const headOf = (h: Host) =>
  h.system.busybox
    ? 'Filesystem           Type       1024-blocks    Used Available Capacity Mounted on'
    : 'Filesystem                           Type     1024-blocks     Used Available Capacity Mounted on';

function row(path: string, m: Mount): string {
  const reserved = (m.type ?? 'ext4') === 'ext4' ? m.size * 0.05 : 0;
  const free = Math.max(0, Math.round(m.size - m.used - reserved));
  return `${m.device.padEnd(36)} ${m.type ?? 'ext4'}  ${m.size} ${Math.round(m.used)} ${free} ${Math.ceil((100 * m.used) / (m.used + free || 1))}% ${path}`;
}

export function space(h: Host, put: Put): void {
  const local = [...h.mounts].filter(([, m]) => !remote.test(m.type ?? ''));
  const head = headOf(h);
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
}

export function remoteSpace(h: Host, put: Put): void {
  const head = headOf(h);
  for (const [path, m] of h.mounts)
    if (remote.test(m.type ?? '') && m.size > 0) put(`df -PTk ${path}`, head, row(path, m));
    else if (remote.test(m.type ?? '')) put(`df -PTk ${path}`, '=!= exit 124');
}

export function services(h: Host, put: Put, newOnly: boolean): void {
  if (h.system.ss) {
    put(
      'ss -tn state listening',
      'State  Recv-Q Send-Q Local Address:Port Peer Address:Port',
      ...h.listening.map(
        (l) =>
          `LISTEN ${l.waiting ?? 0}      ${l.queue ?? 128}    ${any(h, l.address)}:${l.port}      ${any(h)}:*`,
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
  if (h.euid !== 0) put('dmesg -r', '=!= needs root');
  else if (h.system.dmesg) {
    const shown = h.log.filter((l) =>
      newOnly ? l.uptime >= h.logShown : l.level <= 4 || l.text.includes('oom-kill:'),
    );
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

export function slow(h: Host, put: Put): void {
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
  if (h.system.systemd && !h.more.has('timedatectl'))
    put(
      'timedatectl',
      h.system.newUnits
        ? 'Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=yes'
        : '       Time zone: UTC (UTC, +0000)\n     NTP enabled: yes\nNTP synchronized: yes\n RTC in local TZ: no',
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
          `tcp LISTEN ${l.waiting ?? 0} ${l.queue ?? 128} ${any(h, l.address)}:${l.port} ${any(h)}:* users:(("${l.program.slice(0, 15)}",pid=${h.named(l.program)[0]?.pid ?? 1},fd=6))`,
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
  put(
    'cat /etc/passwd',
    'root:x:0:0:root:/root:/bin/bash',
    ...['admin', ...h.people].map((name, n) => `${name}:x:${1000 + n}:${1000 + n}::/home/${name}:/bin/bash`),
  );
  put(
    'cat /etc/group',
    `root:x:0:\n${h.system.release.includes('debian') ? 'sudo' : 'wheel'}:x:27:${h.admins}`,
  );
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
