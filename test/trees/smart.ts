// What smartctl tells of a drive: as text (version 6) and as JSON (version 7).
interface Ata {
  model: string;
  serial: string;
  name?: string;
  hours?: number;
  reallocated?: number;
  reported?: number;
  timeouts?: number;
  pending?: number;
  offline?: number;
  crc?: number;
  celsius?: number;
  passed?: boolean;
}

type Row = [
  id: number,
  name: string,
  flag: string,
  value: number,
  worst: number,
  threshold: number,
  raw: number,
];

function rows(d: Ata): Row[] {
  return [
    [1, 'Raw_Read_Error_Rate', '0x000f', 117, 99, 6, 147_112_040],
    [3, 'Spin_Up_Time', '0x0003', 96, 95, 0, 0],
    [5, 'Reallocated_Sector_Ct', '0x0033', 100, 100, 10, d.reallocated ?? 0],
    [9, 'Power_On_Hours', '0x0032', 40, 40, 0, d.hours ?? 21_000],
    [187, 'Reported_Uncorrect', '0x0032', 100, 100, 0, d.reported ?? 0],
    [188, 'Command_Timeout', '0x0032', 100, 99, 0, d.timeouts ?? 0],
    [194, 'Temperature_Celsius', '0x0022', 33, 47, 0, d.celsius ?? 33],
    [197, 'Current_Pending_Sector', '0x0012', 100, 100, 0, d.pending ?? 0],
    [198, 'Offline_Uncorrectable', '0x0010', 100, 100, 0, d.offline ?? 0],
    [199, 'UDMA_CRC_Error_Count', '0x003e', 200, 200, 0, d.crc ?? 0],
  ];
}

export function ataText(d: Ata): string {
  const table = rows(d).map(([id, name, flag, value, worst, threshold, raw]) =>
    [
      String(id).padStart(3),
      name.padEnd(23),
      `${flag}  `,
      `${String(value).padStart(3, '0')}  `,
      `${String(worst).padStart(3, '0')}  `,
      `${String(threshold).padStart(3, '0')}   `,
      threshold ? 'Pre-fail ' : 'Old_age  ',
      `Always       -       ${raw}`,
    ].join(' '),
  );
  return `smartctl 6.5 2016-05-07 r4318 [x86_64-linux-3.10.0-1160.119.1.el7.x86_64] (local build)
Copyright (C) 2002-16, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Device Model:     ${d.model}
Serial Number:    ${d.serial}
Firmware Version: CC27
User Capacity:    2,000,398,934,016 bytes [2.00 TB]
Sector Sizes:     512 bytes logical, 4096 bytes physical
Rotation Rate:    7200 rpm
SMART support is: Available - device has SMART capability.
SMART support is: Enabled
Power mode was:   ACTIVE or IDLE

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: ${d.passed === false ? 'FAILED!' : 'PASSED'}

SMART Attributes Data Structure revision number: 10
Vendor Specific SMART Attributes with Thresholds:
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
${table.join('\n')}

SMART Error Log Version: 1
${d.reported ? `ATA Error Count: ${d.reported} (device log contains only the most recent five errors)` : 'No Errors Logged'}

SMART Self-test log structure revision number 1
Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error
# 1  Extended offline    Completed without error       00%     ${(d.hours ?? 21_000) - 90}         -
`;
}

export function ataJson(d: Ata): unknown {
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 4], exit_status: 0 },
    device: {
      name: `/dev/${d.name ?? 'sda'}`,
      info_name: `/dev/${d.name ?? 'sda'} [SAT]`,
      type: 'sat',
      protocol: 'ATA',
    },
    model_name: d.model,
    serial_number: d.serial,
    smart_support: { available: true, enabled: true },
    smart_status: { passed: d.passed ?? true },
    ata_smart_attributes: {
      revision: 16,
      table: rows(d).map(([id, name, , value, worst, thresh, raw]) => ({
        id,
        name,
        value,
        worst,
        thresh,
        when_failed: '',
        raw: { value: raw, string: String(raw) },
      })),
    },
    power_on_time: { hours: d.hours ?? 21_000 },
    temperature: { current: d.celsius ?? 33 },
    ata_smart_self_test_log: {
      standard: {
        revision: 1,
        table: [
          {
            type: { value: 2, string: 'Extended offline' },
            status: { value: 0, string: 'Completed without error', passed: true },
            lifetime_hours: (d.hours ?? 21_000) - 90,
          },
        ],
        count: 1,
      },
    },
  };
}

export function nvmeJson(d: {
  name: string;
  model: string;
  serial: string;
  used: number;
  spare?: number;
  warning?: number;
  media?: number;
  celsius?: number;
}): unknown {
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 4], exit_status: d.warning ? 8 : 0 },
    device: { name: `/dev/${d.name}n1`, info_name: `/dev/${d.name}n1`, type: 'nvme', protocol: 'NVMe' },
    model_name: d.model,
    serial_number: d.serial,
    smart_status: { passed: !d.warning, nvme: { value: d.warning ?? 0 } },
    nvme_smart_health_information_log: {
      critical_warning: d.warning ?? 0,
      temperature: d.celsius ?? 38,
      available_spare: d.spare ?? 100,
      available_spare_threshold: 10,
      percentage_used: d.used,
      data_units_read: 410_000_000,
      data_units_written: 902_000_000,
      host_reads: 9e9,
      host_writes: 2e10,
      controller_busy_time: 90_000,
      power_cycles: 30,
      power_on_hours: 31_000,
      unsafe_shutdowns: 11,
      media_errors: d.media ?? 0,
      num_err_log_entries: 0,
    },
    power_on_time: { hours: 31_000 },
    temperature: { current: d.celsius ?? 38 },
  };
}
