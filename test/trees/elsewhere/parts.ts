// What several of these machines have: noise, drives, arrays, engines of containers, databases as their tools print them.
import type { Box, Disk } from '../box.ts';

/** Lines that kernels print on machines that are well. */
export function mutter(b: Box): void {
  const ago = 70;
  b.say(
    4,
    'systemd-journald[412]: File /var/log/journal/9f1c/system.journal corrupted or uncleanly shut down, renaming and replacing.',
    b.uptime - 20,
  );
  b.say(4, 'ACPI: \\_SB_.PCI0.LPC0: _OSC evaluation failed (AE_NOT_FOUND)', b.uptime - 2);
  b.say(
    3,
    'ACPI Error: No handler for Region [SYSI] (00000000e5e5a1b2) [IPMI] (20200925/evregion-130)',
    b.uptime - 3,
  );
  b.say(
    4,
    'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:5060. Sending cookies.',
    b.uptime - 90_000,
  );
  b.say(
    4,
    'perf: interrupt took too long (2514 > 2500), lowering kernel.perf_event_max_sample_rate to 79500',
    ago * 900,
  );
  b.say(3, 'usb 1-1.4: device descriptor read/64, error -32', ago * 1300);
  b.say(4, 'hrtimer: interrupt took 21402 ns', ago * 2000);
  b.say(3, 'EDAC sbridge: ECC is disabled. Aborting', b.uptime - 6);
}

export function drives(b: Box, names: readonly string[], like: Partial<Disk> & { gb: number }): void {
  for (const name of names) b.disks.push({ ...like, name });
}

export interface Array {
  name: string;
  level: string;
  members: string;
  slots: string;
  blocks?: number;
  degraded?: number;
  action?: string;
  progress?: string;
  mismatch?: number;
  states?: Record<string, string>;
}

/** Software RAID in /proc/mdstat and /sys. */
export function md(b: Box, arrays: readonly Array[]): void {
  b.files['proc/mdstat'] = `Personalities : [raid1] [raid6] [raid5] [raid4] [raid10] [linear]
${arrays
  .map(
    (a) => `${a.name} : active ${a.level} ${a.members}
      ${a.blocks ?? 976_630_464} blocks super 1.2 ${a.level === 'raid1' ? '' : 'level 5, 512k chunk, algorithm 2 '}${a.slots}
${a.progress ? `      ${a.progress}\n` : ''}      bitmap: 1/8 pages [4KB], 65536KB chunk

`,
  )
  .join('')}unused devices: <none>
`;
  for (const a of arrays) {
    const at = `sys/block/${a.name}`;
    b.files[`${at}/md/degraded`] = `${a.degraded ?? 0}\n`;
    b.files[`${at}/md/sync_action`] = `${a.action ?? 'idle'}\n`;
    b.files[`${at}/md/mismatch_cnt`] = `${a.mismatch ?? 0}\n`;
    for (const [member, state] of Object.entries(a.states ?? {}))
      b.files[`${at}/md/dev-${member}/state`] = `${state}\n`;
  }
}

export function noPsi(b: Box): void {
  for (const kind of ['cpu', 'memory', 'io']) b.files[`proc/pressure/${kind}`] = undefined;
}

/** A firewall that lets in what is named and nothing else. */
export function fence(b: Box, ports: string): void {
  b.files['sys/module/nf_tables/initstate'] = 'live\n';
  b.programs['nft'] = [
    [
      'list ruleset',
      `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
		ct state established,related accept
		tcp dport { ${ports} } accept
		icmp type echo-request accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
`,
    ],
  ];
}

/** What the client of MySQL prints of its status and its settings. */
export function mysqlSays(
  b: Box,
  status: Record<string, number>,
  settings: Record<string, string | number>,
  before = '',
  after = '',
): void {
  const table = (rows: object) =>
    `Variable_name\tValue\n${Object.entries(rows)
      .map(([k, v]) => `${k}\t${v}\n`)
      .join('')}`;
  const all = {
    Innodb_buffer_pool_read_requests: 91_022_113_000,
    Innodb_buffer_pool_reads: 4_120_113,
    Innodb_row_lock_current_waits: 0,
    Innodb_row_lock_time: 90_112,
    Innodb_row_lock_waits: 212,
    Max_used_connections: 88,
    Questions: 412_000_000,
    Slow_queries: 912,
    Threads_cached: 8,
    Threads_connected: 24,
    Threads_created: 190,
    Threads_running: 2,
    Uptime: 1_900_000,
    ...status,
  };
  b.programs['mysql'] = [
    [
      '-fBe*',
      before + table(all) + table({ max_connections: 151, datadir: '/var/lib/mysql/', ...settings }) + after,
    ],
  ];
}

/** What psql prints for each of the questions of the agent, one after the other. */
export function postgresSays(
  b: Box,
  of: {
    databases?: string;
    states?: string;
    settings?: string;
    running?: string;
    slots?: string;
  },
): void {
  b.programs['psql'] = [
    [
      '-XAtw -c*',
      (of.databases ?? 'postgres|90112344|12|9011|9000|0|0\napp|90112344|4012|901112334|80012233|0|1\n') +
        (of.states ?? 'active|3|00:00:00.1\nidle|14|\n') +
        (of.settings ??
          'data_directory|/var/lib/postgresql/16/main|\nmax_connections|100|\nshared_buffers|65536|8kB\nwork_mem|4096|kB\n') +
        (of.running ?? '') +
        (of.slots ?? ''),
    ],
    ['-XAtw -d*', 'rows|app|orders|901122|4100\n'],
  ];
  b.files['run/postgresql/.s.PGSQL.5432'] = '';
}

export const smartText = (
  model: string,
  serial: string,
  health: string,
  rows: readonly [
    id: number,
    name: string,
    value: number,
    worst: number,
    thresh: number,
    raw: string | number,
  ][],
): string => `smartctl 6.6 2017-11-05 r4594 [x86_64-linux] (local build)
Copyright (C) 2002-17, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Device Model:     ${model}
Serial Number:    ${serial}
LU WWN Device Id: 5 000c50 0a1b2c3d4
User Capacity:    4,000,787,030,016 bytes [4.00 TB]
Sector Sizes:     512 bytes logical, 4096 bytes physical
Rotation Rate:    5400 rpm
Device is:        In smartctl database [for details use: -P show]
SMART support is: Available - device has SMART capability.
SMART support is: Enabled
Power mode is:    ACTIVE or IDLE

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: ${health}

General SMART Values:
Offline data collection status:  (0x00)	Offline data collection activity
					was never started.

SMART Attributes Data Structure revision number: 16
Vendor Specific SMART Attributes with Thresholds:
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
${rows
  .map(
    ([id, name, value, worst, thresh, raw]) =>
      `${String(id).padStart(3)} ${name.padEnd(23)} 0x0033   ${String(value).padStart(3, '0')}   ${String(worst).padStart(3, '0')}   ${String(thresh).padStart(3, '0')}    Pre-fail  Always   ${value <= thresh && thresh ? 'FAILING_NOW' : '    -      '} ${raw}`,
  )
  .join('\n')}

SMART Error Log Version: 1
No Errors Logged

SMART Self-test log structure revision number 1
Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error
# 1  Extended offline    Completed without error       00%     30940         -
# 2  Short offline       Completed without error       00%     30912         -
`;

export const wellRows: [number, string, number, number, number, number | string][] = [
  [1, 'Raw_Read_Error_Rate', 200, 200, 51, 0],
  [3, 'Spin_Up_Time', 183, 181, 21, 5816],
  [4, 'Start_Stop_Count', 100, 100, 0, 61],
  [5, 'Reallocated_Sector_Ct', 200, 200, 140, 0],
  [9, 'Power_On_Hours', 58, 58, 0, 31_011],
  [194, 'Temperature_Celsius', 118, 107, 0, 32],
  [196, 'Reallocated_Event_Count', 200, 200, 0, 0],
  [197, 'Current_Pending_Sector', 200, 200, 0, 0],
  [198, 'Offline_Uncorrectable', 100, 253, 0, 0],
  [199, 'UDMA_CRC_Error_Count', 200, 200, 0, 0],
];

/** The healthy rows with some of them otherwise. */
export const rowsWith = (raw: Record<number, [value: number, raw: number | string]>) =>
  wellRows.map(([id, name, value, worst, thresh, r]): (typeof wellRows)[number] => {
    const other = raw[id];
    return other
      ? [id, name, other[0], Math.min(worst, other[0]), thresh, other[1]]
      : [id, name, value, worst, thresh, r];
  });
