// What the kernel says when something is wrong, in the wording of kernels 3.10 to 6.x: one row a message.
// Each pattern starts with a literal and has no nested repetition: a log line may hold anything.

import { groupName } from './groupName.ts';

export interface KernelPattern {
  kind: string;
  match: RegExp;
  /** Of the event: a device, process, interface … */
  subject?: (found: RegExpExecArray) => string;
  text: (found: RegExpExecArray) => string;
}

/** The program as the process table calls it. */
const program = (found: RegExpExecArray) => groupName(found[1] ?? '', false);
const first = (found: RegExpExecArray) => found[1] ?? '';

/** Words of which each pattern below has at least one: most lines of a log have none, and need no further look. */
export const kernelHint =
  /rror|Sense Key|mmcblk|megaraid|mpt\dsas|smartpqi|aacraid|hpsa|nvme|ata\d|sd \d|scsi host|Attached SCSI|thin:|md[:/]|read-only|readonly|journal|XFS|EXT[234]|BTRFS|Pool '|respond|nfs: server|blocked|lockup|LOCKUP|rcu|panic|BUG|general protection|Oops|[Uu]nable to handle|WARNING: CPU|page allocation|segfault|traps:|temperature|EDAC|achine|mce|Memory failure|memory corruption|voltage detected|pcieport|AER|[Ll]ink|conntrack|SYN flooding|TCP:|overflow|promiscuous|file-max|fork rejected|nstable|DENIED|denied/;

export const kernelPatterns: KernelPattern[] = [
  // Disks. `end_request` is the old name of blk_update_request; since 5.18 the function is no longer named.
  {
    kind: 'kernel.io_error',
    match:
      /(I\/O|critical medium|critical target|critical nexus|medium|protection|device offline|device resource|timeout|critical space allocation) error, dev ([\w!.-]+), sector (\d+)/,
    subject: (found) => found[2]!,
    text: (found) => `${found[2]}: ${found[1]} error at sector ${found[3]}`,
  },
  {
    kind: 'kernel.io_error',
    match: /Buffer I\/O error on dev(?:ice)? ([\w!.-]+), logical block (\d+)(, lost \w+ page write)?/,
    subject: first,
    text: (found) => `${found[1]}: I/O error at block ${found[2]}${found[3] ?? ''}`,
  },
  {
    kind: 'kernel.io_error',
    match: /lost page write due to I\/O error on ([\w!.-]+)/,
    subject: first,
    text: (f) => `${f[1]}: a write was lost`,
  },
  {
    kind: 'kernel.io_error',
    match: /(nvme\d+n\d+): I\/O Cmd\(0x\w+\).{0,100}I\/O Error/,
    subject: first,
    text: (f) => `${f[1]}: a command failed`,
  },
  {
    kind: 'kernel.io_error',
    match: /\[(sd[a-z]+)\] .{0,40}Sense Key : (Medium Error|Hardware Error)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.io_error',
    match:
      /(mmcblk\d+): (error -\d+ (?:transferring data|sending \S+ command|requesting status)|recovery failed)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.io_error',
    match: /JBD2: Detected IO errors while flushing file data on ([\w!.-]{1,64})-\d+$/,
    subject: first,
    text: (f) => `${f[1]}: file data could not be written`,
  },
  {
    kind: 'kernel.disk_reset',
    match:
      /(megaraid_sas|mpt[23]sas_cm\d+|mpt3sas|smartpqi|aacraid|hpsa)\b.{0,60}(FW in FAULT state|fatal error and was reset|host is non-operational|Controller lockup detected|Host adapter dead)/,
    subject: first,
    text: (f) => `${f[1]}: the controller of the disks went offline (${f[2]})`,
  },
  {
    kind: 'kernel.disk_reset',
    match:
      /nvme (nvme\d+): (?:I\/O (?:tag )?\d+ .{0,60}timeout|controller is down; will reset|Abort status|Device not ready; aborting)/,
    subject: first,
    text: (f) => `${f[1]}: a command timed out`,
  },
  {
    kind: 'kernel.disk_reset',
    match:
      /^(ata\d+)(?:\.\d+)?: (exception Emask|hard resetting link|soft resetting link|SATA link down|failed command|disabled|link is slow to respond|limiting SATA link speed)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.disk_reset',
    match:
      /^(sd \d+:\d+:\d+:\d+|scsi host\d+): .{0,40}(rejecting I\/O to offline device|Device offlined|timing out command|task abort|reset)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.disk_attached',
    match: /\[(sd[a-z]+)\] Attached SCSI (?:removable )?disk/,
    subject: first,
    text: (f) => `${f[1]} was attached`,
  },
  {
    kind: 'kernel.thin_pool_full',
    match:
      /device-mapper: thin: (\S+): (?:reached low water mark|switching pool to out-of-data-space|unable to service pool target messages|No free)/,
    subject: first,
    text: (f) => `Thin pool ${f[1]} is full, or nearly so`,
  },
  {
    kind: 'kernel.raid',
    match:
      /md\/raid\w*:(md\w+): (Disk failure on (\S+), disabling device|not enough operational devices|.{0,20}cannot continue operation)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.raid',
    match: /md: kicking non-fresh (\S+) from array/,
    subject: first,
    text: (f) => `${f[1]} was left out of its array because its data is old`,
  },
  {
    kind: 'kernel.raid_sync',
    match:
      /md: ((?:data-check|requested-resync|resync|recovery|reshape) of RAID array|delaying \w+ of) (md\w+)/,
    subject: (f) => f[2]!,
    text: (f) => `${f[2]}: ${f[1]}`,
  },
  // Filesystems.
  {
    kind: 'kernel.readonly',
    match: /(?:EXT[234]-fs|F2FS-fs) \(([\w!.-]+)\): Remounting filesystem read-only/,
    subject: first,
    text: (f) => `The filesystem on ${f[1]} was made read-only after an error`,
  },
  {
    kind: 'kernel.readonly',
    match: /BTRFS(?::)? (?:info|error|warning) ?\(device ([\w!.-]+)[^)]{0,40}\).{0,80}forced readonly/,
    subject: first,
    text: (f) => `The filesystem on ${f[1]} was made read-only after an error`,
  },
  {
    kind: 'kernel.readonly',
    match:
      /XFS \(([\w!.-]+)\): .{0,200}(?:shutting down filesystem|Shutting down filesystem|Filesystem has been shut down|xfs_do_force_shutdown)/,
    subject: first,
    text: (f) => `XFS shut down the filesystem on ${f[1]} after an error`,
  },
  {
    kind: 'kernel.readonly',
    match: /Aborting journal on device ([\w!.]+)(?:-\d+)?\./,
    subject: first,
    text: (f) => `The journal of ${f[1]} was aborted`,
  },
  {
    kind: 'kernel.readonly',
    match: /EXT4-fs \(([\w!.-]+)\): shut down requested/,
    subject: first,
    text: (f) => `The filesystem on ${f[1]} was shut down`,
  },
  {
    kind: 'kernel.mounted',
    match:
      /(?:EXT[234]-fs|XFS|F2FS-fs) \(([\w!.-]+)\): (?:mounted filesystem|Mounting V\d|Ending clean mount)/,
    subject: first,
    text: (f) => `The filesystem on ${f[1]} was mounted`,
  },
  {
    kind: 'kernel.fs_error',
    // Most warnings are advice (a check is due, an index is full).
    match:
      /EXT[234]-fs (?:error \(device ([\w!.-]+)\)(?:: | in )|warning \(device ([\w!.-]+)\)(?:: | in )(?=.{0,150}(?:with errors|I\/O error|checksum|corrupt|[Ee]rror -?\d)))(.{1,200})/,
    subject: (f) => f[1] ?? f[2]!,
    text: (f) => `${f[1] ?? f[2]}: ${f[3]}`,
  },
  {
    kind: 'kernel.fs_error',
    match:
      /BTRFS(?::)? warning ?\(device ([\w!.-]+)[^)]{0,40}\):? (?=.{0,150}(?:csum|checksum|corrupt|I\/O|bad |error|fail))(.{1,200})/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.fs_error',
    match:
      /EXT4-fs \(([\w!.-]+)\): (error count since last fsck: \d+|Delayed block allocation failed|failed to convert unwritten extents)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.fs_error',
    match:
      /XFS \(([\w!.-]+)\): (metadata I\/O error|Metadata corruption detected|Metadata CRC error|Corruption (?:detected|warning)|Corruption of in-memory data|Internal error|log I\/O error|writeback error|Unmount and run xfs_repair)/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.fs_error',
    match: /BTRFS(?::)? (?:error|critical) ?\(device ([\w!.-]+)[^)]{0,40}\):? (.{1,200})/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]}`,
  },
  {
    kind: 'kernel.fs_error',
    match: /Pool '([\w.-]+)' has encountered an uncorrectable I\/O failure/,
    subject: first,
    text: (f) => `ZFS pool ${f[1]} is suspended after an I/O failure`,
  },
  {
    kind: 'kernel.nfs_stall',
    match: /nfs: server (\S+) not responding/,
    subject: first,
    text: (f) => `The NFS server ${f[1]} does not answer`,
  },
  {
    kind: 'kernel.nfs_stall',
    match: /CIFS(?:: )?\s?VFS: (?:\\\\|Server )(\S+?) has not responded in/,
    subject: first,
    text: (f) => `The file server ${f[1]} does not answer`,
  },
  {
    kind: 'kernel.nfs_ok',
    match: /nfs: server (\S+) OK/,
    subject: first,
    text: (f) => `The NFS server ${f[1]} answers again`,
  },
  // Stalls and crashes.
  {
    kind: 'kernel.hung_task',
    match: /INFO: task (.{1,40}):(\d+) blocked (?:in I\/O wait )?for more than (\d+) seconds/,
    subject: program,
    text: (f) => `${f[1]} (process ${f[2]}) has been stuck for more than ${f[3]} s`,
  },
  {
    kind: 'kernel.lockup',
    match: /(soft lockup|hard LOCKUP).{0,40}CPU#?\s?(\d+)(?: stuck for (\d+)s)?/i,
    subject: (f) => `CPU ${f[2]}`,
    text: (f) => `${f[1]} on CPU ${f[2]}${f[3] ? ` for ${f[3]} s` : ''}`,
  },
  {
    kind: 'kernel.lockup',
    match:
      /(rcu_\w+|rcu): ?(?:INFO: )?.{0,30}(self-detected stall|detected (?:expedited )?stalls?|kthread starved)/,
    subject: first,
    text: (f) => `${f[1]} ${f[2]}: a CPU did not respond`,
  },
  {
    kind: 'kernel.panic',
    match: /Kernel panic - not syncing: (.{1,200})/,
    text: (f) => `Kernel panic: ${f[1]}`,
  },
  {
    kind: 'kernel.oops',
    match:
      /^(?:BUG: (?!soft lockup|workqueue lockup)(.{1,120})|general protection fault.{0,80}|Oops: .{0,80}|kernel BUG at (.{1,120})|Internal error: Oops.{0,80}|unable to handle .{0,80})/i,
    text: (f) => `Kernel error: ${f[0].slice(0, 160)}`,
  },
  {
    kind: 'kernel.warning',
    match: /^WARNING: CPU: \d+ PID: \d+ at (\S+)/,
    subject: first,
    text: (f) => `Kernel warning at ${f[1]}`,
  },
  {
    kind: 'kernel.allocation_failure',
    match: /^(.{1,40}): page allocation (?:failure|stalls).{0,20}order:(\d+)/,
    subject: first,
    text: (f) => `${f[1]}: the kernel found no ${2 ** Math.min(20, Number(f[2]))} pages in a row`,
  },
  {
    kind: 'kernel.segfault',
    match:
      /^(?:traps: )?(.{1,40})\[(\d+)\](?:: | )(segfault|general protection(?: fault)?|trap (?:invalid opcode|divide error|int3|stack segment))(?: at \w+)? ip/,
    subject: program,
    text: (f) => `${f[1]} (process ${f[2]}) crashed: ${f[3]}`,
  },
  // Hardware. Heat first: its message starts with `mce:` on many kernels.
  {
    kind: 'kernel.thermal',
    match:
      /(CPU ?\d+): (Core|Package) temperature(?:\/speed normal| above threshold, cpu clock throttled| is above threshold, cpu clock is throttled)/i,
    subject: first,
    text: (f) => (/normal/.test(f[0]) ? `${f[1]} is cool enough again` : `${f[1]} is too hot and was slowed`),
  },
  {
    kind: 'kernel.thermal',
    match: /(thermal_zone\d+|ACPI).{0,20}critical temperature reached/i,
    subject: first,
    text: (f) => `${f[1]}: critical temperature`,
  },
  {
    kind: 'kernel.edac',
    match: /EDAC (?:\w{1,20}[:\s]\s?)?(MC\d+): (\d+) (CE|UE) (.{1,120})/,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]} ${f[3] === 'CE' ? 'corrected' : 'uncorrected'} memory errors, ${f[4]}`,
  },
  {
    kind: 'kernel.mce',
    match:
      /(?:\[Hardware Error\]: |mce: )(.{0,60}(?:Machine [Cc]heck|MCE|MC\d{1,3}_STATUS|hardware error|event severity|Corrected error|Uncorrected|Deferred error|Fatal).{0,120})/,
    text: (f) => `Hardware error: ${f[1]!.trim()}`,
  },
  // Of a Raspberry Pi, which measures what its supply gives: rpi-hwmon, before 4.20 the firmware driver ("Under-voltage detected! (0x00050005)").
  {
    kind: 'kernel.undervoltage',
    match: /Under-?voltage detected!/i,
    text: () => 'The voltage of the power supply fell too low',
  },
  {
    kind: 'kernel.memory_failure',
    match: /(?:Memory failure:|MCE) (0x\w+): (.{1,120})/,
    text: (f) => `A page of memory failed: ${f[2]}`,
  },
  {
    kind: 'kernel.pcie_error',
    match:
      /(?:pcieport|AER).{0,40}?([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d).{0,20}(?:PCIe Bus Error|AER): (?:.{0,20}severity=)?(Corrected|Uncorrected|Uncorrectable|Fatal)/i,
    subject: first,
    text: (f) => `${f[1]}: ${f[2]} PCIe error`,
  },
  // Network.
  {
    kind: 'kernel.link_down',
    match: /(?:^|[ :])([a-z][\w-]{1,14}):? (?:NIC )?(?:Copper |Fibre )?[Ll]ink (?:is )?[Dd]own\b/,
    subject: first,
    text: (f) => `${f[1]}: the link went down`,
  },
  {
    kind: 'kernel.link_up',
    match: /(?:^|[ :])([a-z][\w-]{1,14}):? (?:NIC )?(?:Copper |Fibre )?[Ll]ink (?:is )?[Uu]p\b(.{0,60})/,
    subject: first,
    text: (f) => `${f[1]}: the link came up${f[2] ?? ''}`,
  },
  {
    kind: 'kernel.bond',
    match:
      /(bond\w*): (?:\(slave (\S+)\): )?link status (?:definitely )?(down|up)(?: for (?:active )?interface (\S+?),)?/,
    subject: first,
    text: (f) => `${f[1]}: slave ${f[2] ?? f[4] ?? ''} went ${f[3]}`,
  },
  {
    kind: 'kernel.conntrack_full',
    match: /nf_conntrack: (?:nf_conntrack: )?table full, dropping packet/,
    text: () => 'The connection tracking table is full: packets are dropped',
  },
  {
    kind: 'kernel.syn_flood',
    match: /[Pp]ossible SYN flooding on port (\S+?)\.? /,
    subject: (f) => `port ${f[1]}`,
    text: (f) => `More new connections on port ${f[1]} than the program accepts`,
  },
  {
    kind: 'kernel.tcp_memory',
    match: /TCP: (out of memory|too many orphaned sockets|too many of orphaned sockets)/,
    text: (f) => `TCP: ${f[1]}`,
  },
  {
    kind: 'kernel.neighbour_overflow',
    match: /[Nn]eighbou?r table overflow/,
    text: () => 'The neighbour table is full: addresses cannot be resolved',
  },
  {
    kind: 'kernel.promiscuous',
    match: /(?:^|[ :])([\w.-]{1,15}):? entered promiscuous mode/,
    subject: first,
    text: (f) => `${f[1]} now takes in all packets of its segment`,
  },
  // Limits.
  {
    kind: 'kernel.file_limit',
    match: /VFS: file-max limit (\d+) reached/,
    text: (f) => `The limit of ${f[1]} open files is reached`,
  },
  {
    kind: 'kernel.fork_rejected',
    match: /cgroup: fork rejected by pids controller in (\S+)/,
    subject: first,
    text: (f) => `${f[1]} may not start more tasks`,
  },
  {
    kind: 'kernel.clock',
    match:
      /(?:clocksource|timekeeping).{0,60}(?:Marking clocksource|Clocksource) '?(\w+)'? (?:as )?unstable/i,
    subject: first,
    text: (f) => `The clock source ${f[1]} is unstable`,
  },
  {
    kind: 'kernel.denied',
    match: /apparmor="DENIED" operation="(\w+)".{0,60}profile="([^"]{1,100})"(?: name="([^"]{1,200})")?/,
    subject: (f) => f[2]!,
    text: (f) => `AppArmor denied ${f[2]} to ${f[1]}${f[3] ? ` ${f[3]}` : ''}`,
  },
  {
    kind: 'kernel.denied',
    match: /avc: {1,2}denied {1,2}\{ ([\w ]{1,60}) \} for .{0,40}comm="([^"]{1,40})"/,
    subject: (f) => f[2]!,
    text: (f) => `SELinux denied ${f[2]} to ${f[1]}`,
  },
];
