// `smartctl`: what a drive says about itself. JSON since smartmontools 7.0; text before (smartText.ts).
import { z } from 'zod';
import type { Smart } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { rawValue } from './smartRaw.ts';
import { readSmartText } from './smartText.ts';

const count = z.number().optional().catch(undefined);

const word = z.string().optional().catch(undefined);

const attribute = z.object({
  id: z.number(),
  name: z.string(),
  value: z.number().catch(0),
  thresh: z.number().catch(0),
  raw: z.object({ value: z.number(), string: z.string().catch('') }),
});

const selfTest = z.object({
  type: z.object({ string: z.string().catch('') }).optional(),
  self_test_code: z.object({ string: z.string().catch('') }).optional(),
  status: z.object({ passed: z.boolean().optional() }).optional(),
  self_test_result: z.object({ value: z.number() }).optional(),
  lifetime_hours: count,
  power_on_hours: count,
});

const tests = z
  .object({ table: z.array(selfTest).catch([]) })
  .optional()
  .catch(undefined);

/** The parts of the JSON that are read. https://www.smartmontools.org/wiki/smartctl-JSON */
const schema = z.object({
  smartctl: z.object({
    exit_status: count,
    messages: z
      .array(z.object({ string: z.string() }))
      .optional()
      .catch(undefined),
  }),
  device: z.object({ name: z.string() }).optional().catch(undefined),
  model_name: word,
  scsi_model_name: word,
  serial_number: word,
  smart_status: z.object({ passed: z.boolean() }).optional().catch(undefined),
  temperature: z.object({ current: z.number() }).optional().catch(undefined),
  power_on_time: z.object({ hours: z.number() }).optional().catch(undefined),
  ata_smart_attributes: z
    .object({ table: z.array(attribute).catch([]) })
    .optional()
    .catch(undefined),
  ata_smart_self_test_log: z.object({ standard: tests, extended: tests }).optional().catch(undefined),
  nvme_self_test_log: tests,
  scsi_grown_defect_list: count,
  /** read, write and verify. */
  scsi_error_counter_log: z
    .record(z.string(), z.object({ total_uncorrected_errors: count }))
    .optional()
    .catch(undefined),
  /** smartctl 7.4 and newer. */
  power_mode: z.object({ name: z.string() }).optional().catch(undefined),
  nvme_smart_health_information_log: z
    .object({
      critical_warning: z.number(),
      available_spare: z.number(),
      available_spare_threshold: z.number(),
      percentage_used: z.number(),
      media_errors: z.number(),
      unsafe_shutdowns: count,
      temperature: count,
      power_on_hours: count,
    })
    .optional()
    .catch(undefined),
});

export const smart: Collector = {
  section: /^smartctl\b.*\/dev\/\S+$/,
  // Its exit code is a set of bits, most of which say that the drive is ill, not that smartctl failed (smartctl(8)).
  anyExit: true,
  parse({ name, body }) {
    const device =
      name.slice(name.lastIndexOf('/dev/') + 5) +
      (/-d (\S+,\d+)/.exec(name)?.[1] ? ` ${/-d (\S+)/.exec(name)![1]}` : '');
    // smartctl before version 7; the text that it is asked for next follows in a section of its own.
    if (body.includes('UNRECOGNIZED OPTION: json')) return {};
    const found = body.trimStart().startsWith('{') ? fromJson(body, device) : readSmartText(body, device);
    if (!found) throw new ParseError('It holds no health of a drive.');
    return { facts: { smart: [found] }, samples: samplesOf(found) };
  },
};

function fromJson(body: string, device: string): Smart | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ParseError('The JSON is cut off or damaged.');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ParseError('The JSON is not that of smartctl.');
  const drive = parsed.data;
  const messages = drive.smartctl.messages?.map((message) => message.string).join(' ') ?? '';
  const isAsleep = /STANDBY|SLEEP/.test(`${messages} ${drive.power_mode?.name ?? ''}`);
  if (isAsleep && !drive.smart_status) return { device, attributes: {}, standby: true };
  const nvme = drive.nvme_smart_health_information_log;
  const attributes: Smart['attributes'] = {};
  for (const { id, name, value, thresh, raw } of drive.ata_smart_attributes?.table ?? []) {
    attributes[id] = { name, value, threshold: thresh, raw: rawValue(id, raw.value, raw.string) };
  }
  // A SAS drive has no attributes; its list of grown defects means what attribute 5 means.
  if (drive.scsi_grown_defect_list !== undefined) {
    attributes[5] ??= { name: 'Grown_Defects', value: 100, threshold: 0, raw: drive.scsi_grown_defect_list };
  }
  // And its errors that no correction helped mean what attribute 187 means.
  if (drive.scsi_error_counter_log) {
    const raw = Object.values(drive.scsi_error_counter_log).reduce(
      (sum, { total_uncorrected_errors: errors }) => sum + (errors ?? 0),
      0,
    );
    attributes[187] ??= { name: 'Uncorrected_Errors', value: 100, threshold: 0, raw };
  }
  if (drive.smart_status === undefined && !nvme && Object.keys(attributes).length === 0) {
    if (
      /Unable to detect|Unknown USB|lacks SMART|Unavailable|not supported|mandatory SMART command failed/i.test(
        messages,
      ) ||
      messages !== ''
    )
      return { device, attributes: {} };
    return undefined;
  }
  return {
    device,
    standby: false,
    ...defined({
      model: drive.model_name ?? drive.scsi_model_name,
      serial: drive.serial_number,
      passed: drive.smart_status?.passed,
    }),
    ...defined({ temperature: drive.temperature?.current ?? nvme?.temperature }),
    ...defined({ powerOnHours: drive.power_on_time?.hours ?? nvme?.power_on_hours }),
    attributes,
    ...(nvme
      ? {
          nvme: {
            criticalWarning: nvme.critical_warning,
            spare: nvme.available_spare,
            spareThreshold: nvme.available_spare_threshold,
            used: nvme.percentage_used,
            mediaErrors: nvme.media_errors,
            ...defined({ unsafeShutdowns: nvme.unsafe_shutdowns }),
          },
        }
      : {}),
    ...defined({ lastLongTestHours: lastLongTest(drive) }),
  };
}

function lastLongTest(drive: z.infer<typeof schema>): number | undefined {
  const log = drive.ata_smart_self_test_log;
  const rows = [
    ...(log?.standard?.table ?? []),
    ...(log?.extended?.table ?? []),
    ...(drive.nvme_self_test_log?.table ?? []),
  ];
  const hours = rows
    .filter((row) => /extended|long/i.test(row.type?.string ?? row.self_test_code?.string ?? ''))
    .filter((row) => row.status?.passed === true || row.self_test_result?.value === 0)
    .map((row) => row.lifetime_hours ?? row.power_on_hours ?? 0);
  return hours.length > 0 ? Math.max(...hours) : undefined;
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const raws: [number, MetricName][] = [
  [5, 'smart.reallocated'],
  [197, 'smart.pending'],
  [198, 'smart.offline_uncorrectable'],
  [187, 'smart.reported_uncorrectable'],
  [188, 'smart.command_timeouts'],
  [199, 'smart.crc_errors'],
];

/** Normalised from 100 down to 0: SSD_Life_Left, Media_Wearout_Indicator, Wear_Leveling_Count, Percent_Lifetime_Remain. */
const wear = [231, 233, 177, 202, 169, 173];

export function samplesOf({ device: subject, attributes, nvme, temperature }: Smart): Sample[] {
  const samples: Sample[] = [];
  const add = (metric: MetricName, value: number | undefined) => {
    if (value !== undefined) samples.push({ metric, subject, value });
  };
  add('smart.temperature', temperature);
  for (const [id, metric] of raws) add(metric, attributes[id]?.raw);
  const left = wear
    .map((id) => attributes[id])
    .find((one) => one && /wear|life|media_wearout|percent_lifetime/i.test(one.name));
  add('smart.wear_percent', nvme?.used ?? (left ? Math.max(0, 100 - left.value) : undefined));
  add('smart.media_errors', nvme?.mediaErrors);
  return samples;
}
