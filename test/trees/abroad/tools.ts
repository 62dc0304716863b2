// What the tools of drives, controllers and pools print, in the versions of these machines.

/** smartctl 7.x --json of a SATA drive. */
export function sata(
  device: string,
  model: string,
  rows: readonly [id: number, name: string, value: number, thresh: number, raw: number, text?: string][],
  more: { passed?: boolean; hours?: number; celsius?: number; rotation?: number } = {},
): unknown {
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 3], platform_info: 'x86_64-linux', exit_status: more.passed === false ? 8 : 0 },
    device: { name: `/dev/${device}`, info_name: `/dev/${device} [SAT]`, type: 'sat', protocol: 'ATA' },
    model_name: model,
    serial_number: `ZL2${device.toUpperCase()}77`,
    rotation_rate: more.rotation ?? 7200,
    smart_status: { passed: more.passed ?? true },
    ata_smart_attributes: {
      revision: 10,
      table: rows.map(([id, name, value, thresh, raw, text]) => ({
        id,
        name,
        value,
        worst: value,
        thresh,
        when_failed: '',
        flags: { value: 51, string: 'PO--CK ', prefailure: true },
        raw: { value: raw, string: text ?? String(raw) },
      })),
    },
    power_on_time: { hours: more.hours ?? 31_204 },
    temperature: { current: more.celsius ?? 34 },
    ata_smart_self_test_log: {
      standard: {
        revision: 1,
        table: [
          {
            type: { value: 2, string: 'Extended offline' },
            status: { value: 0, string: 'Completed without error', passed: true },
            lifetime_hours: (more.hours ?? 31_204) - 90,
          },
        ],
        count: 1,
      },
    },
  };
}

/** smartctl 7.4 --json of an NVMe drive. */
export function nvme(
  device: string,
  log: { used?: number; spare?: number; media?: number; warning?: number; celsius?: number } = {},
): unknown {
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 4], platform_info: 'x86_64-linux', exit_status: 0 },
    device: { name: `/dev/${device}`, info_name: `/dev/${device}`, type: 'nvme', protocol: 'NVMe' },
    model_name: 'SAMSUNG MZQL21T9HCJR-00A07',
    serial_number: `S64G${device.toUpperCase()}`,
    smart_status: { passed: (log.warning ?? 0) === 0, nvme: { value: log.warning ?? 0 } },
    nvme_smart_health_information_log: {
      critical_warning: log.warning ?? 0,
      temperature: log.celsius ?? 41,
      available_spare: log.spare ?? 100,
      available_spare_threshold: 10,
      percentage_used: log.used ?? 7,
      data_units_read: 90_812_331,
      data_units_written: 61_002_114,
      power_cycles: 21,
      power_on_hours: 14_120,
      unsafe_shutdowns: 9,
      media_errors: log.media ?? 0,
      num_err_log_entries: 40 + (log.media ?? 0),
      warning_temp_time: 0,
      critical_comp_time: 0,
    },
    temperature: { current: log.celsius ?? 41 },
    power_on_time: { hours: 14_120 },
    nvme_self_test_log: {
      current_self_test_operation: { value: 0, string: 'No self-test in progress' },
      table: [
        {
          self_test_code: { value: 2, string: 'Extended' },
          self_test_result: { value: 0, string: 'Completed without error' },
          power_on_hours: 14_000,
        },
      ],
    },
  };
}

/** smartctl 7.2 --json of a SAS drive. */
export function sas(
  device: string,
  log: { uncorrected?: number; defects?: number; passed?: boolean } = {},
): unknown {
  const row = (errors: number) => ({
    errors_corrected_by_eccfast: 0,
    errors_corrected_by_eccdelayed: 31,
    errors_corrected_by_rereads_rewrites: 0,
    total_errors_corrected: 31,
    correction_algorithm_invocations: 9021,
    gigabytes_processed: '412204.551',
    total_uncorrected_errors: errors,
  });
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 2], platform_info: 'x86_64-linux', exit_status: 0 },
    device: { name: `/dev/${device}`, info_name: `/dev/${device}`, type: 'scsi', protocol: 'SCSI' },
    vendor: 'SEAGATE',
    product: 'ST12000NM004J',
    model_name: 'SEAGATE ST12000NM004J',
    serial_number: `ZR5${device.toUpperCase()}`,
    rotation_rate: 7200,
    smart_status: { passed: log.passed ?? true },
    temperature: { current: 33, drive_trip: 60 },
    power_on_time: { hours: 22_904, minutes: 11 },
    scsi_grown_defect_list: log.defects ?? 0,
    scsi_error_counter_log: { read: row(log.uncorrected ?? 0), write: row(0), verify: row(0) },
  };
}

/** zpool status and list -Hp of one pool. */
export function pool(
  name: string,
  state: string,
  vdevs: readonly [name: string, state: string, read: number, write: number, cksum: number | string][],
  words: { status?: string; errors?: string; scan?: string; full?: number } = {},
): [string, string][] {
  const size = 23_991_001_251_840;
  const alloc = Math.round((size * (words.full ?? 52)) / 100);
  return [
    [
      'status',
      `  pool: ${name}
 state: ${state}
${words.status ?? ''}  scan: ${words.scan ?? 'scrub repaired 0B in 05:11:44 with 0 errors on Sun Mar  8 05:35:46 2026'}
config:

\tNAME                                      STATE     READ WRITE CKSUM
\t${name.padEnd(40)}  ${state.padEnd(8)}     0     0     0
\t  raidz2-0                                ${state.padEnd(8)}     0     0     0
${vdevs
  .map(
    ([v, s, r, w, c]) =>
      `\t    ${v.padEnd(36)}  ${s.padEnd(8)} ${String(r).padStart(5)} ${String(w).padStart(5)} ${String(c).padStart(5)}`,
  )
  .join('\n')}

errors: ${words.errors ?? 'No known data errors'}

  pool: boot-pool
 state: ONLINE
config:

\tNAME        STATE     READ WRITE CKSUM
\tboot-pool   ONLINE       0     0     0
\t  sda3      ONLINE       0     0     0

errors: No known data errors
`,
    ],
    [
      'list -Hp',
      `boot-pool\t118111600640\t9663676416\t108447924224\t-\t-\t4\t8\t1.00\tONLINE\t-
${name}\t${size}\t${alloc}\t${size - alloc}\t-\t-\t11\t${words.full ?? 52}\t1.00\t${state}\t/mnt
`,
    ],
  ];
}

/** storcli64 7.x: /call show all and the drives. */
export function storcli(
  vd: string,
  drives: readonly [slot: string, state: string, group: string][],
): [string, string][] {
  const rows = drives
    .map(
      ([slot, state, group], i) =>
        `${slot.padEnd(8)} ${String(10 + i).padStart(3)} ${state.padEnd(5)} ${group.padStart(2)}   3.637 TB SAS  HDD N   N  512B ST4000NM0025     U  -    `,
    )
    .join('\n');
  const table = `-------------------------------------------------------------------------------
EID:Slt DID State DG       Size Intf Med SED PI SeSz Model            Sp Type 
-------------------------------------------------------------------------------
${rows}
-------------------------------------------------------------------------------
`;
  return [
    [
      '/call show all',
      `Generating detailed summary of the adapter, it may take a while to complete.

CLI Version = 007.2807.0000.0000 Dec 22, 2023
Operating system = Linux 5.14.0-570.42.2.el9_6.x86_64
Controller = 0
Status = Success
Description = None


Basics :
======
Controller = 0
Model = AVAGO MegaRAID SAS 9361-8i
Serial Number = SV62204117
Current Controller Date/Time = 03/11/2026, 14:31:20


Status :
======
Controller Status = ${vd === 'Optl' ? 'Optimal' : 'Needs Attention'}
Memory Correctable Errors = 0
Memory Uncorrectable Errors = 0
BBU Status = 0

Virtual Drives = 1

VD LIST :
=======

---------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC      Size Name  
---------------------------------------------------------------
0/0   RAID6 ${vd.padEnd(5)} RW     Yes     RWBD  -   ON  14.551 TB data  
---------------------------------------------------------------

Physical Drives = ${drives.length}

PD LIST :
=======

${table}
Cachevault_Info :
===============

------------------------------------
Model  State   Temp Mode MfgDate    
------------------------------------
CVPM02 Optimal 28C  -    2019/04/22 
------------------------------------

`,
    ],
    [
      '/call/eall/sall show all',
      `CLI Version = 007.2807.0000.0000 Dec 22, 2023
Controller = 0
Status = Success
Description = Show Drive Information Succeeded.


${drives
  .map(
    ([slot, state, group], i) => `Drive /c0/e${slot.replace(':', '/s')} :
================

-------------------------------------------------------------------------------
EID:Slt DID State DG       Size Intf Med SED PI SeSz Model            Sp Type 
-------------------------------------------------------------------------------
${slot.padEnd(8)} ${String(10 + i).padStart(3)} ${state.padEnd(5)} ${group.padStart(2)}   3.637 TB SAS  HDD N   N  512B ST4000NM0025     U  -    
-------------------------------------------------------------------------------

Drive /c0/e${slot.replace(':', '/s')} State :
======================
Shield Counter = 0
Media Error Count = ${/Optl|Onln|GHS/.test(state) ? 0 : 41}
Other Error Count = 0
Drive Temperature =  31C (87.80 F)
Predictive Failure Count = 0
S.M.A.R.T alert flagged by drive = No

`,
  )
  .join('\n')}`,
    ],
  ];
}

/** ipmitool sdr elist of a Supermicro board. */
export function supermicro(fan: number, cpu: number): string {
  return `CPU1 Temp        | 01h | ${cpu >= 95 ? 'cr' : 'ok'}  |  3.1 | ${cpu} degrees C
CPU2 Temp        | 02h | ok  |  3.2 | 51 degrees C
System Temp      | 11h | ok  |  7.11 | 31 degrees C
Peripheral Temp  | 12h | ok  |  7.12 | 39 degrees C
FAN1             | 41h | ${fan ? 'ok' : 'nr'}  | 29.1 | ${fan} RPM
FAN2             | 42h | ok  | 29.2 | 5200 RPM
FANA             | 45h | ns  | 29.5 | No Reading
12V              | 30h | ok  |  7.17 | 12.06 Volts
5VCC             | 31h | ok  |  7.33 | 5.03 Volts
VBAT             | 33h | ok  |  7.18 | 0x04
PS1 Status       | c8h | ok  | 10.1 | Presence detected
PS2 Status       | c9h | ok  | 10.2 | Presence detected
Chassis Intru    | aah | ok  | 23.1 | 
`;
}

/** /proc/mdstat of one or more arrays. */
export function mdstat(
  arrays: readonly [
    name: string,
    level: string,
    members: string,
    blocks: number,
    slots: string,
    more?: string,
  ][],
): string {
  return `Personalities : [linear] [raid0] [raid1] [raid10] [raid6] [raid5] [raid4] 
${arrays
  .map(
    ([name, level, members, blocks, slots, more]) =>
      `${name} : active ${level} ${members}
      ${blocks} blocks super 1.2 ${level === 'raid1' ? '' : 'level 5, 64k chunk, algorithm 2 '}${slots}
${more ? `      ${more}\n` : ''}      
`,
  )
  .join('')}unused devices: <none>
`;
}
