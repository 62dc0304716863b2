// The programs of a machine as scripts that come first in PATH: each prints what was recorded or written for its arguments.
import type { Box, Mount, Unit } from './box.ts';

/** Pattern of arguments (`*` stands for any), what is printed, exit code. */
export type Answers = [pattern: string, output: string, code?: number][];

/** Programs that this computer may have of its own: where the other machine has none, they answer as if it had them not. */
const others = [
  'docker',
  'podman',
  'upsc',
  'timedatectl',
  'chronyc',
  'lsblk',
  'smartctl',
  'dmsetup',
  'ipmitool',
  'btrfs',
  'mysql',
  'mariadb',
  'redis-cli',
  'wg',
  'nft',
  'iptables',
  'systemd-detect-virt',
  'lscpu',
  'dpkg',
  'apt-get',
  'dnf',
  'last',
  'lastb',
  'journalctl',
  'sshd',
  'systemctl',
  'dmesg',
  'df',
  'ss',
  'ip',
];

export function programsOf(b: Box): Map<string, string> {
  const answers = new Map<string, Answers>(others.map((name) => [name, []]));
  const put = (name: string, rows: Answers) => answers.set(name, [...(answers.get(name) ?? []), ...rows]);
  for (const [name, rows] of Object.entries(b.programs)) put(name, rows);
  put('ss', sockets(b));
  put('df', space(b.mounts));
  put('dmesg', [
    ['-r', b.kernel.map((k) => `<${k.level}>[${k.at.toFixed(6).padStart(12)}] ${k.text}\n`).join('')],
  ]);
  put('ip', addresses(b));
  put('lsblk', [['*', tree(b)]]);
  put('lscpu', [
    [
      '',
      `Architecture:            x86_64
CPU(s):                  ${b.cores}
Model name:              Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
Thread(s) per core:      1
Core(s) per socket:      ${b.cores}
Socket(s):               1
`,
    ],
  ]);
  put('systemd-detect-virt', [['', 'kvm\n']]);
  if (b.system.systemd) put('systemctl', services(b));
  else put('busybox', [['adjtimex', adjtimex]]);
  if (b.system.systemd)
    put('timedatectl', [
      ['show', b.system.systemd < 239 ? '' : clock(b), b.system.systemd < 239 ? 1 : 0],
      ['status', clock219(b)],
    ]);
  put(
    'smartctl',
    b.disks.flatMap((d): Answers => [
      ...(d.smartJson
        ? [
            [
              `--json -n standby -a /dev/${d.name}`,
              `${JSON.stringify(d.smartJson, null, 2)}\n`,
            ] as Answers[number],
          ]
        : []),
      ...(d.smart && !d.smartJson
        ? [
            [
              `--json -n standby -a /dev/${d.name}`,
              `smartctl 6.5 2016-05-07 r4318 [x86_64-linux] (local build)
=======> UNRECOGNIZED OPTION: json

Use smartctl -h to get a usage summary
`,
              1,
            ] as Answers[number],
          ]
        : []),
      ...(d.smart ? [[`-n standby -a /dev/${d.name}`, d.smart] as Answers[number]] : []),
    ]),
  );
  const made = new Map([...answers].map(([name, rows]) => [name, script(rows)]));
  made.set('date', `#!/bin/sh\nexport TZ=${b.zone}\nexec /usr/bin/date -d @${Math.floor(b.now)} "$@"\n`);
  if (b.held.length)
    made.set(
      'stat',
      `#!/bin/sh
case "$3" in
${b.held.map((h) => `*/proc/${h.pid}/fd/${h.fd}) echo ${h.bytes} ${Math.ceil(h.bytes / 512)} ${h.device}:${h.inode}; exit ;;`).join('\n')}
esac
exec /usr/bin/stat "$@"
`,
    );
  made.set('setpriv', '#!/bin/sh\nwhile [ "$1" != psql ]; do shift; done\nexec "$@"\n');
  return made;
}

function script(rows: Answers): string {
  const cases = rows.map(([pattern, output, code = 0]) => {
    const words = pattern
      .split('*')
      .map((part) => (part ? `'${part.replace(/'/g, "'\\''")}'` : ''))
      .join('*');
    return `${words || "''"}) ${
      output
        ? `cat <<'=of the other machine='
${output.replace(/\n?$/, '\n')}=of the other machine=
`
        : ''
    }exit ${code} ;;`;
  });
  return `#!/bin/sh
echo "\${0##*/} $*" >>"$CALLS"
case "$*" in
${cases.join('\n')}
*) exit 127 ;;
esac
`;
}

function sockets(b: Box): Answers {
  const line = (state: string, waiting: number, backlog: number, local: string, peer: string) =>
    `${state.padEnd(10)} ${String(waiting).padEnd(6)} ${String(backlog).padEnd(6)} ${local.padStart(22)} ${peer.padStart(20)}`;
  const tcp = b.listeners.filter((l) => l.proto !== 'udp');
  const open = tcp.map((l) =>
    line('LISTEN', l.waiting ?? 0, l.backlog ?? 128, l.at, l.at.startsWith('[') ? '[::]:*' : '0.0.0.0:*'),
  );
  const used = Object.entries(b.sockets).flatMap(([key, count]) => {
    const [state, port = '443'] = key.split(' ');
    return Array.from({ length: count }, (_, i) =>
      line(state!, 0, 0, `192.0.2.10:${port}`, `198.51.100.${i % 250}:${40_000 + i}`),
    );
  });
  const head = 'State      Recv-Q Send-Q     Local Address:Port        Peer Address:Port';
  const listen = b.listeners.map((l) => {
    const of = l.process ? ` users:(("${l.process}",pid=${l.pid ?? 1},fd=6))` : '';
    const udp = l.proto === 'udp';
    return `${udp ? 'udp' : 'tcp'}   ${line(udp ? 'UNCONN' : 'LISTEN', l.waiting ?? 0, udp ? 0 : (l.backlog ?? 128), l.at, l.at.startsWith('[') ? '[::]:*' : '0.0.0.0:*')}${of}`;
  });
  return [
    ['-tn state listening*', `${[head, ...open, ...used].join('\n')}\n`],
    ['-tlnup', `${[`Netid ${head} Process`, ...listen].join('\n')}\n`],
  ];
}

function space(mounts: Mount[]): Answers {
  const real = mounts.filter((m) => m.mb !== undefined);
  const network = /^(nfs|cifs|fuse\.|9p|ceph)/;
  const bytes = (m: Mount) => {
    const total = m.mb! * 1024;
    const used = (m.used ?? m.mb! * 0.3) * 1024;
    const free = Math.max(0, total * (m.type.startsWith('ext') ? 0.95 : 1) - used);
    const share = Math.ceil((100 * used) / Math.max(1, used + free));
    return `${m.dev} ${m.type} ${Math.round(total)} ${Math.round(used)} ${Math.round(free)} ${share}% ${m.at}`;
  };
  const nodes = (m: Mount) => {
    const total = m.inodes ?? (m.type === 'btrfs' || m.type === 'vfat' ? 0 : Math.round(m.mb! * 64));
    const used = m.inodesUsed ?? Math.round(total * 0.05);
    return `${m.dev} ${total} ${used} ${total - used} ${total ? `${Math.ceil((100 * used) / total)}%` : '-'} ${m.at}`;
  };
  const local = real.filter((m) => !network.test(m.type));
  const kb = 'Filesystem     Type     1024-blocks     Used Available Capacity Mounted on';
  const inodes = 'Filesystem       Inodes  IUsed    IFree IUse% Mounted on';
  return [
    ['-PTk -l', `${[kb, ...local.map(bytes)].join('\n')}\n`],
    ['-Pi -l', `${[inodes, ...local.map(nodes)].join('\n')}\n`],
    ...real.map((m): Answers[number] => [`-PTk ${m.at}`, `${kb}\n${bytes(m)}\n`]),
  ];
}

function addresses(b: Box): Answers {
  const rows = b.nets.flatMap((n, i) =>
    (n.addresses ?? []).map(
      (a) =>
        `${i + 2}: ${n.name}    inet${a.includes(':') ? '6' : ''} ${a} scope global ${n.name}\\       valid_lft forever preferred_lft forever`,
    ),
  );
  const lo = '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever';
  const first = b.nets[0]?.name ?? 'eth0';
  return [
    ['-o addr', `${[lo, ...rows].join('\n')}\n`],
    [
      'route',
      b.routes ||
        `default via 192.0.2.1 dev ${first} proto static
192.0.2.0/24 dev ${first} proto kernel scope link src 192.0.2.10
`,
    ],
    ['-6 route', `fe80::/64 dev ${first} proto kernel metric 256 pref medium\n`],
    ['neigh', b.neighbours || `192.0.2.1 dev ${first} lladdr 52:54:00:aa:bb:01 REACHABLE\n`],
  ];
}

function tree(b: Box): string {
  return b.disks
    .flatMap((d) => {
      const at = (name: string) =>
        b.mounts.find(
          (m) => m.dev === `/dev/${name}` || (d.dm !== undefined && m.dev === `/dev/mapper/${d.dm}`),
        )?.at ?? '';
      const kind = d.dm ? 'lvm' : d.name.startsWith('md') ? 'raid1' : 'disk';
      return [
        `NAME="${d.dm ?? d.name}" KNAME="${d.name}" PKNAME="${d.on ?? ''}" TYPE="${kind}" SIZE="${d.gb}G" MOUNTPOINT="${at(d.name)}"\n`,
        ...(d.parts ?? []).map(
          ([name, gb]) =>
            `NAME="${name}" KNAME="${name}" PKNAME="${d.name}" TYPE="part" SIZE="${gb}G" MOUNTPOINT="${at(name)}"\n`,
        ),
      ];
    })
    .join('');
}

function stamp(b: Box, at: number | undefined): string {
  if (!at) return '';
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(at * 1000).getUTCDay()]!;
  return `${day} ${new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')} ${b.zone}`;
}

function services(b: Box): Answers {
  const told = b.units.filter((u) => u.active !== 'inactive' && u.name.endsWith('.service'));
  const list = told.map(
    (u) =>
      `${u.name} loaded ${u.active ?? 'active'} ${u.sub ?? 'running'} ${u.text ?? u.name.replace('.service', '')}`,
  );
  const show = (u: Unit) => {
    const rows: [string, string | number][] = [
      ['Id', u.name],
      ['ActiveState', u.active ?? 'active'],
      ['SubState', u.sub ?? 'running'],
      ['Result', u.result ?? 'success'],
      ['ExecMainStatus', u.status ?? 0],
      ['ExecMainCode', u.code ?? 0],
      ['MainPID', u.pid ?? 0],
      [
        'MemoryMax',
        u.memoryMax
          ? Math.round(u.memoryMax * 1048576)
          : b.system.systemd < 239
            ? 18446744073709551615n.toString()
            : 'infinity',
      ],
      ['TasksMax', u.tasksMax ?? 4915],
      ['ActiveEnterTimestamp', stamp(b, u.since ?? b.now - b.uptime + 20)],
      ['InactiveEnterTimestamp', stamp(b, u.stopped)],
    ];
    if (b.system.systemd >= 235) rows.push(['NRestarts', u.restarts ?? 0]);
    return rows.map(([k, v]) => `${k}=${v}\n`).join('');
  };
  return [
    ['list-units*', list.length ? `${list.join('\n')}\n` : ''],
    [
      'show*',
      b.units
        .filter((u) => u.name.endsWith('.service'))
        .map(show)
        .join('\n'),
    ],
    ['list-timers*', b.timers.length ? `${b.timers.join('\n')}\n` : ''],
  ];
}

function clock(b: Box): string {
  return `Timezone=${b.zone}
LocalRTC=no
CanNTP=yes
NTP=yes
NTPSynchronized=yes
TimeUSec=${stamp(b, b.now)}
RTCTimeUSec=${stamp(b, b.now)}
`;
}

/** Of a clock that is set by a time server. */
const adjtimex = `    mode:         0
-o  offset:       0 us
-f  freq.adjust:  -1203423 (65536 = 1ppm)
    maxerror:     18500
    esterror:     120
    status:       8193 (PLL)
-p  timeconstant: 7
    precision:    1 us
    tolerance:    32768000
-t  tick:         10000
    return value: 0 (clock synchronized)
`;

function clock219(b: Box): string {
  return `      Local time: ${stamp(b, b.now)}
  Universal time: ${stamp(b, b.now)}
        RTC time: ${stamp(b, b.now)}
       Time zone: ${b.zone} (UTC, +0000)
     NTP enabled: yes
NTP synchronized: yes
 RTC in local TZ: no
      DST active: n/a
`;
}
