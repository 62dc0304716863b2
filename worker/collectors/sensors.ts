// Temperatures, fans and voltages: /sys/class/hwmon and /sys/class/thermal. https://docs.kernel.org/hwmon/sysfs-interface.html
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { fileOf, filesOf } from './lookup.ts';

type Sensor = NonNullable<Facts['sensors']>[number];

const kinds = { temp: 'temperature', fan: 'fan', in: 'voltage' } as const;
/** hwmon counts in thousandths of a degree and of a volt; fans in turns a minute. */
const scale = { temp: 1000, fan: 1, in: 1000 } as const;

export const sensors: Collector = {
  section: /^cat \/sys\/class\/(hwmon|thermal)\//,
  with: [],
  parse(_section, report) {
    const found: Sensor[] = [];
    for (const [path, content] of filesOf(
      report,
      /^\/sys\/class\/hwmon\/hwmon\d+\/(temp|fan|in)\d+_input$/,
    )) {
      const [, folder, kind, number] = /^(.*)\/(temp|fan|in)(\d+)_input$/.exec(path) as unknown as [
        string,
        string,
        keyof typeof kinds,
        string,
      ];
      const value = thousandths(content, scale[kind]);
      if (value === undefined) continue;
      const base = `${folder}/${kind}${number}`;
      const other = (name: string) => thousandths(fileOf(report, `${base}_${name}`), scale[kind]);
      const max = other('max');
      const min = kind === 'fan' ? (other('min') ?? 0) : 0;
      const critical = other('crit');
      const alarm = ['alarm', 'crit_alarm', 'max_alarm', 'min_alarm', 'fault'].some(
        (name) => fileOf(report, `${base}_${name}`) === '1',
      );
      found.push({
        chip: fileOf(report, `${folder}/name`) || folder.slice(folder.lastIndexOf('/') + 1),
        label: fileOf(report, `${base}_label`) || `${kind}${number}`,
        kind: kinds[kind],
        value,
        ...(min > 0 ? { min } : {}),
        // 0 and absurd limits are what firmware writes when it has none.
        ...(max !== undefined && max > 0 && max < 1000 * 200 ? { max } : {}),
        ...(critical !== undefined && critical > 0 ? { critical } : {}),
        ...(alarm ? { alarm } : {}),
      });
    }
    for (const [path, content] of filesOf(report, /^\/sys\/class\/thermal\/thermal_zone\d+\/temp$/)) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const zone = folder.slice(folder.lastIndexOf('/') + 1);
      const value = thousandths(content, 1000);
      if (value !== undefined && value > -100 && value < 250) {
        found.push({
          chip: 'thermal',
          label: fileOf(report, `${folder}/type`) || zone,
          kind: 'temperature',
          value,
        });
      }
    }
    const samples = found.flatMap((sensor): Sample[] => {
      const subject = `${sensor.chip} ${sensor.label}`;
      if (sensor.kind === 'temperature') return [{ metric: 'hw.temperature', subject, value: sensor.value }];
      return sensor.kind === 'fan' ? [{ metric: 'hw.fan', subject, value: sensor.value }] : [];
    });
    return found.length > 0 ? { facts: { sensors: found }, samples } : {};
  },
};

function thousandths(content: string | undefined, by: number): number | undefined {
  return content !== undefined && /^-?\d{1,12}$/.test(content) ? Number(content) / by : undefined;
}
