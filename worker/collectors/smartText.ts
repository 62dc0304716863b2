// The text that smartctl prints for people: the only output before smartmontools 7.0 (RHEL 7, Debian 9).
import type { Smart } from '#core/facts.ts';
import { columns, lines, pairs } from './lines.ts';
import { rawValue } from './smartRaw.ts';

export function readSmartText(body: string, device: string): Smart | undefined {
  if (/Device is in (STANDBY|SLEEP)/.test(body)) return { device, attributes: {}, standby: true };
  const values = pairs(body, ':');
  const number = (key: string) => {
    const digits = /^(?:0x[0-9a-f]+|[\d,.]{1,20})/i.exec(values.get(key) ?? '')?.[0].replaceAll(',', '');
    return digits === undefined ? undefined : Number(digits);
  };
  const health =
    values.get('SMART overall-health self-assessment test result') ?? values.get('SMART Health Status');
  const attributes: Smart['attributes'] = {};
  let longTest: number | undefined;
  for (const line of lines(body)) {
    // ID# NAME FLAG VALUE WORST THRESH TYPE UPDATED WHEN_FAILED RAW
    const row = columns(line, 10);
    if (row.length === 10 && /^\d{1,3}$/.test(row[0]!) && /^0x[0-9a-f]{4}$/.test(row[2]!)) {
      const id = Number(row[0]);
      const raw = Number(/^\d{1,15}/.exec(row[9]!)?.[0] ?? 0);
      attributes[id] = {
        name: row[1]!,
        value: Number(row[3]),
        threshold: Number(row[5]) || 0,
        raw: rawValue(id, raw, row[9]!),
      };
    }
    const test =
      /^# ?\d+ {1,3}(?:Extended|Long|Background long)\b.{0,60}Completed(?: without error)? .{0,40}? (\d{1,9})(?: |$)/.exec(
        line,
      );
    if (test && longTest === undefined) longTest = Number(test[1]);
  }
  const defects = number('Elements in grown defect list');
  if (defects !== undefined)
    attributes[5] ??= { name: 'Grown_Defects', value: 100, threshold: 0, raw: defects };
  const warning = number('Critical Warning');
  if (health === undefined && warning === undefined && Object.keys(attributes).length === 0) return undefined;
  const model = values.get('Device Model') ?? values.get('Model Number') ?? values.get('Product');
  const serial = values.get('Serial Number') ?? values.get('Serial number');
  const temperature =
    number('Temperature') ??
    number('Current Drive Temperature') ??
    attributes[194]?.raw ??
    attributes[190]?.raw;
  const hours = number('Power On Hours') ?? attributes[9]?.raw;
  return {
    device,
    standby: false,
    ...(model ? { model } : {}),
    ...(serial ? { serial } : {}),
    ...(health ? { passed: /^(PASSED|OK)/.test(health) } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(hours === undefined ? {} : { powerOnHours: hours }),
    attributes,
    ...(warning === undefined
      ? {}
      : {
          nvme: {
            criticalWarning: warning,
            spare: number('Available Spare') ?? 100,
            spareThreshold: number('Available Spare Threshold') ?? 0,
            used: number('Percentage Used') ?? 0,
            mediaErrors: number('Media and Data Integrity Errors') ?? 0,
            ...(number('Unsafe Shutdowns') === undefined
              ? {}
              : { unsafeShutdowns: number('Unsafe Shutdowns') }),
          },
        }),
    ...(longTest === undefined ? {} : { lastLongTestHours: longTest }),
  };
}
