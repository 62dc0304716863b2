import { describe, expect, it } from 'vitest';
import { rawValue } from './smartRaw.ts';
import { complaints, read, value } from './sections.fixture.ts';

const json = (drive: object) =>
  JSON.stringify({ json_format_version: [1, 0], smartctl: { version: [7, 3], exit_status: 0 }, ...drive });
const attribute = (id: number, name: string, raw: number, at = 100, threshold = 0) => ({
  id,
  name,
  value: at,
  worst: at,
  thresh: threshold,
  raw: { value: raw, string: String(raw) },
});

describe('smartctl, JSON', () => {
  it('a SATA drive that is going', () => {
    const snapshot = read({
      'smartctl --json -n standby -a /dev/sda': json({
        device: { name: '/dev/sda', type: 'sat' },
        model_name: 'ST4000NM0033',
        serial_number: 'Z1Z0ABCD',
        smart_status: { passed: false },
        temperature: { current: 41 },
        power_on_time: { hours: 51_234 },
        ata_smart_attributes: {
          table: [
            attribute(5, 'Reallocated_Sector_Ct', 24, 95, 10),
            attribute(187, 'Reported_Uncorrect', 3),
            attribute(188, 'Command_Timeout', 8_590_065_666),
            attribute(194, 'Temperature_Celsius', 128_849_018_921),
            attribute(197, 'Current_Pending_Sector', 8),
            attribute(199, 'UDMA_CRC_Error_Count', 7),
          ],
        },
        ata_smart_self_test_log: {
          standard: {
            table: [
              {
                type: { value: 1, string: 'Short offline' },
                status: { passed: true },
                lifetime_hours: 51_200,
              },
              {
                type: { value: 2, string: 'Extended offline' },
                status: { passed: false },
                lifetime_hours: 51_000,
              },
              {
                type: { value: 2, string: 'Extended offline' },
                status: { passed: true },
                lifetime_hours: 50_000,
              },
            ],
          },
        },
      }),
    });
    expect(snapshot.facts.smart?.[0]).toMatchObject({
      device: 'sda',
      model: 'ST4000NM0033',
      serial: 'Z1Z0ABCD',
      passed: false,
      temperature: 41,
      powerOnHours: 51_234,
      lastLongTestHours: 50_000,
    });
    expect(value(snapshot, 'smart.reallocated', 'sda')).toBe(24);
    expect(value(snapshot, 'smart.pending', 'sda')).toBe(8);
    // 188 packs three counts of 16 bits: the first is the number of timeouts.
    expect(value(snapshot, 'smart.command_timeouts', 'sda')).toBe(2);
    expect(value(snapshot, 'smart.crc_errors', 'sda')).toBe(7);
  });

  it('an SSD with a wear indicator that counts down', () => {
    const snapshot = read({
      'smartctl --json -n standby -a /dev/sdb': json({
        smart_status: { passed: true },
        ata_smart_attributes: {
          table: [attribute(177, 'Wear_Leveling_Count', 812, 7), attribute(233, 'Total_LBAs_Read', 5, 100)],
        },
      }),
    });
    expect(value(snapshot, 'smart.wear_percent', 'sdb')).toBe(93);
  });

  it('an NVMe drive out of spare, whose exit code is not 0 because of that', () => {
    const snapshot = read({
      'smartctl --json -n standby -a /dev/nvme0n1': `${json({
        model_name: 'EXAMPLE SSD',
        smart_status: { passed: false },
        nvme_smart_health_information_log: {
          critical_warning: 1,
          temperature: 48,
          available_spare: 8,
          available_spare_threshold: 10,
          percentage_used: 101,
          media_errors: 12,
          power_on_hours: 9000,
          unsafe_shutdowns: 91,
        },
      })}\n=!= exit 8`,
    });
    expect(snapshot.facts.smart?.[0]?.nvme).toEqual({
      criticalWarning: 1,
      spare: 8,
      spareThreshold: 10,
      used: 101,
      mediaErrors: 12,
      unsafeShutdowns: 91,
    });
    expect(value(snapshot, 'smart.wear_percent', 'nvme0n1')).toBe(101);
    expect(value(snapshot, 'smart.temperature', 'nvme0n1')).toBe(48);
    expect(snapshot.partial).toEqual([]);
  });

  it('a drive in standby keeps what was known of it', () => {
    const name = 'smartctl --json -n standby -a /dev/sda';
    const before = read({
      [name]: json({
        model_name: 'X',
        smart_status: { passed: true },
        ata_smart_attributes: { table: [attribute(5, 'Reallocated_Sector_Ct', 2)] },
      }),
    });
    const asleep = json({
      smartctl: {
        exit_status: 2,
        messages: [{ string: 'Device is in STANDBY mode, exit(2)', severity: 'information' }],
      },
    });
    const snapshot = read({ [name]: `${asleep}\n=!= exit 2` }, before);
    expect(snapshot.facts.smart?.[0]).toMatchObject({
      standby: true,
      model: 'X',
      passed: true,
      attributes: { 5: { raw: 2 } },
    });
    expect(snapshot.samples.filter(({ metric }) => metric.startsWith('smart.'))).toEqual([]);
  });

  it('a virtual disk that has none, and output that is cut off', () => {
    const none = json({
      smartctl: {
        exit_status: 1,
        messages: [{ string: '/dev/vda: Unable to detect device type', severity: 'error' }],
      },
    });
    expect(read({ 'smartctl --json -n standby -a /dev/vda': `${none}\n=!= exit 1` }).partial).toEqual([]);
    expect(complaints(read({ 'smartctl --json -n standby -a /dev/sda': '{"json_format' }))).toEqual([
      'smartctl --json -n standby -a /dev/sda: Not understood. The JSON is cut off or damaged.',
    ]);
  });
});

describe('smartctl, text', () => {
  it('SATA', () => {
    const snapshot = read({
      'smartctl -n standby -a /dev/sda': `smartctl 6.5 2016-05-07 r4318 [x86_64-linux-3.10.0] (local build)
 === START OF INFORMATION SECTION ===
Model Family:     Western Digital Red
Device Model:     WDC WD40EFRX-68WT0N0
Serial Number:    WD-WCC4E0123456
SMART support is: Enabled
 === START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
Drive failure expected in less than 24 hours. SAVE ALL DATA.
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  5 Reallocated_Sector_Ct   0x0033   001   001   140    Pre-fail  Always   FAILING_NOW 1987
  9 Power_On_Hours          0x0032   042   042   000    Old_age   Always       -       42812
194 Temperature_Celsius     0x0022   118   104   000    Old_age   Always       -       32 (Min/Max 18/46)
197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       3
SMART Self-test log structure revision number 1
Num  Test_Description    Status                  Remaining  LifeTime(hours)  LBA_of_first_error
# 1  Extended offline    Completed without error       00%     42000         -
# 2  Short offline       Completed without error       00%     41999         -`,
    });
    expect(snapshot.facts.smart).toMatchObject([
      {
        device: 'sda',
        model: 'WDC WD40EFRX-68WT0N0',
        passed: false,
        temperature: 32,
        powerOnHours: 42_812,
        lastLongTestHours: 42_000,
      },
    ]);
    expect(value(snapshot, 'smart.reallocated', 'sda')).toBe(1987);
    expect(value(snapshot, 'smart.pending', 'sda')).toBe(3);
  });

  it('NVMe and SAS', () => {
    const snapshot = read({
      'smartctl -a /dev/nvme0':
        'Model Number: EXAMPLE\nSMART overall-health self-assessment test result: PASSED\nCritical Warning: 0x00\nTemperature: 35 Celsius\nAvailable Spare: 100%\nAvailable Spare Threshold: 10%\nPercentage Used: 3%\nMedia and Data Integrity Errors: 0\nPower On Hours: 1,234',
      'smartctl -a /dev/sdc':
        'Vendor: SEAGATE\nProduct: ST600MM0006\nSMART Health Status: OK\nCurrent Drive Temperature:     30 C\nElements in grown defect list: 5',
    });
    expect(snapshot.facts.smart).toMatchObject([
      {
        device: 'nvme0',
        passed: true,
        temperature: 35,
        powerOnHours: 1234,
        nvme: { criticalWarning: 0, spare: 100, used: 3 },
      },
      { device: 'sdc', passed: true, temperature: 30 },
    ]);
    expect(value(snapshot, 'smart.reallocated', 'sdc')).toBe(5);
  });
});

it('unpacks raw values', () => {
  expect(rawValue(5, 24, '24')).toBe(24);
  expect(rawValue(194, 128_849_018_921, '41 (0 30 0 0 0)')).toBe(41);
  expect(rawValue(188, 65_537, '1 1 0')).toBe(1);
});

it('knows a drive that sleeps by its power mode, and uncorrected errors of a SAS drive', () => {
  const json = (body: object) => JSON.stringify({ smartctl: { exit_status: 2 }, ...body });
  const found = read({
    'smartctl --json -n standby -a /dev/sda': json({ power_mode: { ata_value: 0, name: 'STANDBY' } }),
    'smartctl --json -n standby -a /dev/sdb': json({
      smart_status: { passed: true },
      power_mode: { name: 'ACTIVE or IDLE' },
      scsi_grown_defect_list: 12,
      scsi_error_counter_log: {
        read: { total_uncorrected_errors: 3 },
        write: { total_uncorrected_errors: 1 },
        verify: {},
      },
    }),
  });
  expect(found.facts.smart![0]).toEqual({ device: 'sda', attributes: {}, standby: true });
  expect(value(found, 'smart.reported_uncorrectable', 'sdb')).toBe(4);
  expect(value(found, 'smart.reallocated', 'sdb')).toBe(12);
});
