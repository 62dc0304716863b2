// What the hardware measures of itself: sensors, IPMI, UPS, RAID controllers.
import { describe, expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

it('reads temperatures, fans and voltages with their labels, limits and alarms', () => {
  const snapshot = read({
    'grep -r . /sys/class/hwmon': `/sys/class/hwmon/hwmon0/name:coretemp
/sys/class/hwmon/hwmon0/temp1_input:91000
/sys/class/hwmon/hwmon0/temp1_label:Package id 0
/sys/class/hwmon/hwmon0/temp1_max:82000
/sys/class/hwmon/hwmon0/temp1_crit:100000
/sys/class/hwmon/hwmon0/temp1_crit_alarm:1
/sys/class/hwmon/hwmon1/name:nct6775
/sys/class/hwmon/hwmon1/fan2_input:0
/sys/class/hwmon/hwmon1/in0_input:1016`,
    'grep -r . /sys/class/thermal':
      '/sys/class/thermal/thermal_zone0/temp:71350\n/sys/class/thermal/thermal_zone1/temp:-274000',
  });
  expect(snapshot.facts.sensors).toEqual([
    {
      chip: 'coretemp',
      label: 'Package id 0',
      kind: 'temperature',
      value: 91,
      max: 82,
      critical: 100,
      alarm: true,
    },
    { chip: 'nct6775', label: 'fan2', kind: 'fan', value: 0 },
    { chip: 'nct6775', label: 'in0', kind: 'voltage', value: 1.016 },
    { chip: 'thermal', label: 'thermal_zone0', kind: 'temperature', value: 71.35 },
  ]);
  expect(value(snapshot, 'hw.temperature', 'coretemp Package id 0')).toBe(91);
  expect(value(snapshot, 'hw.fan', 'nct6775 fan2')).toBe(0);
});

it('reads ipmitool sdr, and leaves out sensors that are not there', () => {
  const snapshot = read({
    'ipmitool sdr': `Inlet Temp       | 23 degrees C      | ok
Fan1             | 0 RPM             | cr
PS2 Status       | 0x00              | ok
CPU2 Temp        | no reading        | ns`,
  });
  expect(snapshot.facts.ipmi).toEqual([
    { name: 'Inlet Temp', value: '23 degrees C', state: 'ok' },
    { name: 'Fan1', value: '0 RPM', state: 'cr' },
    { name: 'PS2 Status', value: '0x00', state: 'ok' },
  ]);
  expect(value(snapshot, 'hw.fan', 'ipmi Fan1')).toBe(0);
});

it('says by its place which part a sensor is of, where the board calls several alike', () => {
  const { facts } = read({
    'ipmitool sdr elist': `Temp             | 0Eh | ok  |  3.1 | 52 degrees C
Temp             | 0Fh | ok  |  3.2 | 54 degrees C
Inlet Temp       | 04h | ok  |  7.1 | 23 degrees C
Status           | 85h | ok  | 10.1 | Presence detected
Status           | 86h | ok  | 10.2 | Presence detected, Power Supply AC lost
Redundancy       | 77h | ok  |  7.1 | Fully Redundant
Redundancy       | 78h | ok  |  7.3 | Fully Redundant`,
  });
  expect(facts.ipmi?.map((s) => s.name)).toEqual([
    'Temp of CPU 1',
    'Temp of CPU 2',
    'Inlet Temp',
    'Status of power supply 1',
    'Status of power supply 2',
    'Redundancy (7.1)',
    'Redundancy (7.3)',
  ]);
});

it('reads a UPS on battery', () => {
  const snapshot = read({
    'upsc rack@localhost':
      'battery.charge: 38\nbattery.runtime: 512\nups.status: OB DISCHRG\nups.model: Smart-UPS',
  });
  expect(snapshot.facts.ups).toEqual([{ name: 'rack@localhost', status: 'OB DISCHRG', chargePercent: 38 }]);
  expect(value(snapshot, 'ups.charge', 'rack@localhost')).toBe(38);
  expect(complaints(read({ 'upsc x': 'Error: Data stale' }))).toEqual([
    'upsc x: Not understood. There is no ups.status.',
  ]);
});

describe('RAID controllers', () => {
  it('storcli: a degraded volume, a failed drive, one about to fail, a weak battery', () => {
    const snapshot = read({
      'storcli64 /call show all': `CLI Version = 007.1513.0000.0000 Apr 01, 2021
Controller = 0
Status = Success

Basics :
======
Controller = 0
Model = AVAGO MegaRAID SAS 9361-8i

Status :
======
Controller Status = Needs Attention

VD LIST :
=======
-------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC       Size Name
-------------------------------------------------------------
0/0   RAID1 Dgrd  RW     Yes     RWBD  -   ON  931.000 GB os
-------------------------------------------------------------

PD LIST :
=======
EID:Slt DID State DG       Size Intf Med SED PI SeSz Model            Sp Type
252:0    10 Onln   0 931.000 GB SATA HDD N   N  512B ST1000NX0313     U  -
252:1    11 Failed 0 931.000 GB SATA HDD N   N  512B ST1000NX0313     U  -

Cachevault_Info :
===============
------------------------------------
Model  State   Temp Mode MfgDate
------------------------------------
CVPM02 Failed  28C  -    2016/11/04
`,
      'storcli64 /call/eall/sall show all': `Controller = 0
Status = Success
Description = Show Drive Information Succeeded.

Drive /c0/e252/s0 - Detailed Information :
Drive /c0/e252/s0 State :
Shield Counter = 0
Media Error Count = 4
Predictive Failure Count = 3
S.M.A.R.T alert flagged by drive = Yes

Drive /c0/e252/s1 State :
Predictive Failure Count = 0
S.M.A.R.T alert flagged by drive = No
`,
    });
    expect(snapshot.facts.hardwareRaid).toMatchObject([
      { failedDrives: 1, predictive: 1, foreseen: ['252:0'], state: 'Degraded', battery: 'Failed' },
    ]);
  });

  it('ssacli: what keeps the cache of a controller alive', () => {
    const config =
      'Smart Array P410i in Slot 0 (Embedded)   (sn: 5001438009A185F0)\n\n   logicaldrive 1 (279.4 GB, RAID 1, OK)';
    const status = (battery: string) =>
      read({
        'ssacli ctrl all show config': config,
        'ssacli ctrl all show status': `\nSmart Array P410i in Slot 0 (Embedded)\n   Controller Status: OK\n   Cache Status: Temporarily Disabled\n   Battery/Capacitor Status: ${battery}\n`,
      }).facts.hardwareRaid;
    expect(status('Failed (Replace Batteries/Capacitors)')).toMatchObject([
      {
        controller: 'Smart Array P410i in Slot 0 (Embedded)',
        state: 'OK',
        battery: 'Failed (Replace Batteries/Capacitors)',
      },
    ]);
    expect(status('OK')).toMatchObject([{ battery: 'OK' }]);
  });

  it('ssacli: an array that runs on one disk', () => {
    const snapshot = read({
      'ssacli ctrl all show config': `Smart Array P440ar in Slot 0 (Embedded)   (sn: PDNLH0BRH7V1AB)

   Array A (SAS, Unused Space: 0  MB)

      logicaldrive 1 (279.37 GB, RAID 1, Interim Recovery Mode)

      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 300 GB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 300 GB, Failed)
      physicaldrive 1I:1:3 (port 1I:box 1:bay 3, SAS HDD, 300 GB, Predictive Failure)`,
    });
    expect(snapshot.facts.hardwareRaid).toEqual([
      {
        controller: 'Smart Array P440ar in Slot 0 (Embedded)',
        failed: ['1I:1:2'],
        foreseen: ['1I:1:3'],
        state: 'Interim Recovery Mode',
        failedDrives: 1,
        predictive: 1,
      },
    ]);
  });

  it('tools without a controller say nothing, and are understood', () => {
    const snapshot = read({
      'MegaCli64 -LDInfo -Lall -aALL -NoLog': '\n\nExit Code: 0x00',
      'MegaCli64 -PDList -aALL -NoLog': '\nExit Code: 0x00',
      'storcli64 /call show all':
        'CLI Version = 007.1017.0000.0000\nStatus Code = 0\nStatus = Success\nDescription = No Controller found',
    });
    expect(snapshot.facts.hardwareRaid).toBeUndefined();
    expect(snapshot.partial).toEqual([]);
    for (const body of ['\nExit Code: 0x01', 'Controller 0: fine\n\nExit Code: 0x00'])
      expect(read({ 'MegaCli64 -LDInfo -Lall -aALL -NoLog': body }).partial, body).toHaveLength(1);
  });

  it('MegaCli: a degraded volume, a drive that failed, one about to fail, a battery', () => {
    const snapshot = read({
      'MegaCli64 -LDInfo -Lall -aALL -NoLog': `

Adapter 0 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
Name                :
RAID Level          : Primary-5, Secondary-0, RAID Level Qualifier-3
Size                : 929.458 GB
State               : Degraded
Number Of Drives    : 3
Adapter 1 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
State               : Optimal

Exit Code: 0x00`,
      'MegaCli64 -PDList -aALL -NoLog': `
Adapter #0

Enclosure Device ID: 252
Slot Number: 0
Drive's position: DiskGroup: 0, Span: 0, Arm: 0
Media Error Count: 12
Predictive Failure Count: 1
Firmware state: Online, Spun Up
Foreign State: None
Drive has flagged a S.M.A.R.T alert : Yes

Enclosure Device ID: 252
Slot Number: 3
Predictive Failure Count: 0
Firmware state: Failed
Drive has flagged a S.M.A.R.T alert : No

Adapter #1

Enclosure Device ID: 32
Slot Number: 1
Firmware state: Hotspare, Spun down

Exit Code: 0x00`,
      'MegaCli64 -AdpBbuCmd -GetBbuStatus -aALL -NoLog': `
BBU status for Adapter: 0

BatteryType: iBBU
Voltage: 3842 mV
Battery State: Degraded(Need Attention)
BBU Firmware Status:

  Charging Status              : None
  Battery Replacement required            : No

Exit Code: 0x00`,
    });
    expect(snapshot.facts.hardwareRaid).toEqual([
      {
        controller: 'megacli 0',
        state: 'Degraded',
        failedDrives: 1,
        failed: ['252:3'],
        predictive: 1,
        battery: 'Degraded(Need Attention)',
      },
      { controller: 'megacli 1', state: 'Optimal', failedDrives: 0, predictive: 0 },
    ]);
    expect(snapshot.partial).toEqual([]);
    expect(complaints(read({ 'MegaCli64 -PDList -aALL -NoLog': 'ERROR:Could not detect' }))).toEqual([
      'MegaCli64 -PDList -aALL -NoLog: Not understood. No adapter is named.',
    ]);
  });

  it('arcconf: a degraded volume, and drives that are not well', () => {
    const snapshot = read({
      'arcconf getconfig 1 al nologs': `Controllers found: 1
----------------------------------------------------------------------
Controller information
----------------------------------------------------------------------
   Controller Status                        : Optimal
   Controller Model                         : Adaptec 5405
   --------------------------------------------------------
   Controller Battery Information
   --------------------------------------------------------
   Status                                   : Charging
----------------------------------------------------------------------
Logical device information
----------------------------------------------------------------------
Logical device number 0
   RAID level                               : 1
   Status of logical device                 : Degraded
   Segment 0                                : Present (0,0) 9QJ0
   Segment 1                                : Missing
----------------------------------------------------------------------
Physical Device information
----------------------------------------------------------------------
      Device #0
         Device is a Hard drive
         State                              : Online
         S.M.A.R.T.                         : Yes
         S.M.A.R.T. warnings                : 3
      Device #1
         Device is a Hard drive
         State                              : Failed
         S.M.A.R.T.                         : No
      Device #2
         Device is an Enclosure services device

Command completed successfully.`,
    });
    expect(snapshot.facts.hardwareRaid).toEqual([
      {
        controller: 'arcconf 1 (Adaptec 5405)',
        state: 'Degraded',
        failedDrives: 1,
        failed: ['1'],
        predictive: 1,
        battery: 'Charging',
      },
    ]);
    expect(read({ 'arcconf getconfig 1 al nologs': 'Controllers found: 0\n=!= exit 1' }).partial).toEqual([]);
  });

  it.each([
    ['ZMM Optimal', 'Optimal'],
    ['Ready', 'Ready'],
    ['Not Present', undefined],
  ])('arcconf: what keeps the cache alive is %s', (status, battery) => {
    const body = `Controllers found: 1
   Controller Status                        : Optimal
   Controller ZMM Information
   Status                                   : ${status}`;
    const snapshot = read({ 'arcconf getconfig 1 al nologs': body });
    expect(snapshot.facts.hardwareRaid?.[0]?.battery).toBe(battery);
  });

  it('two tools of one controller make one fact', () => {
    const body = 'Controller = 0\nStatus = Success\nModel = PERC H730\n';
    const snapshot = read({
      'storcli64 /call show all': body,
      'storcli /call show all': body,
      'MegaCli64 -LDInfo -Lall -aALL -NoLog': 'Adapter 0 -- Virtual Drive Information:\nState : Optimal',
    });
    expect(snapshot.facts.hardwareRaid?.map(({ controller }) => controller)).toEqual([
      'storcli 0 (PERC H730)',
    ]);
  });
});
